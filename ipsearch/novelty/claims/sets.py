"""Here is a text that holds claims, give me their numbers and the text of each.

A number is that of a claim by where it stands and by how the words behind it begin; from the first
one on, the numbers that go up make a chain.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ipsearch.novelty.claims.plain import (
    CLAIM_WORD,
    DASH,
    NUMERAL,
    numeral_value,
    says_something,
    to_plain,
)
from ipsearch.novelty.claims.references import REFERENCE

_LARGEST_GAP = 100  # between numbers of neighbouring claims: claims are cancelled by the dozen

_HEADING = re.compile(
    r"\s{0,8}(?:(?i:what\s{1,3}(?:is|we)\s{1,3}claim(?:ed)?(?:\s{1,3}is)?|(?:the\s{1,3})?invention\s{1,3}"
    r"claimed\s{1,3}is|(?:we|i)\s{1,3}claim|claims)\s{0,3}(?:[:.]|\n)"
    rf"|(?:{CLAIM_WORD}\s{{0,3}}书?)\s{{0,3}}(?:[:.]|\n))\s{{0,8}}"
)
_CLAIM_MARK = re.compile(
    rf"(?:【\s?(?:{CLAIM_WORD}\s{{0,3}})?(?P<framed>\d{{1,4}})\s?】|(?<![\w,%/-])(?<!\d\.)"
    rf"(?:(?P<word>{CLAIM_WORD}|(?i:claim))\s{{0,3}})?(?:\[\s?(?P<square>\d{{1,4}})\s?\]|(?P<plain>\d{{1,4}})"
    r"(?:\s{0,3}(?P<delimiter>[.、:),])(?!\d)|\s|(?=一种|根据权|如权))"
    rf"|(?P<numeral>{NUMERAL})\s{{0,3}}[.、:)]))\s{{0,8}}"
)
_OPENING = re.compile(
    rf"一\s{{0,3}}[种类]|(?:如|根\s{{0,3}}据|按\s{{0,3}}照?|依\s{{0,3}}[据照]?)?\s{{0,3}}{CLAIM_WORD}"
)
_OPENING_EN = re.compile(r"(?:An?|The|In\san?|One\sor\smore|At\sleast\sone)\s")
_MAY_REFER = re.compile(r"(?i)[权请申]|claim")
_CANCELLED = re.compile(
    rf"(?i)(?:[\d\s,{DASH}]{{0,40}}\.?\s?[(\[]?(?:cancell?ed|deleted|withdrawn|删除|取消)[)\]]?\s?[.。]?"
    r"\s{0,4}){1,20}"
)
_UNNUMBERED = re.compile(
    rf"(?<=[。.])\s{{0,3}}\n\s{{0,8}}(?=(?:如|根据|按照){CLAIM_WORD}|(?:The|An?)\s[^\n,]{{1,80}}\bclaims?\s\d)"
)
_PREFACE = re.compile(rf"(?i)(?:{CLAIM_WORD}|claim(?:s|ed)?(?:\sis)?)[^\w]*$")


def split_claims(text: str) -> list[tuple[int, str]]:
    """Divide one text into claims: numbers, as printed or counted, and texts without them.

    A text without numbers of claims is one claim, 1; one without a letter or a digit has none.
    Numbers count as those of claims where they go up and stand at the beginning of a line or of a
    sentence; the steps of a method are told from claims by how these begin (一种, 根据权利要求,
    The ... of claim 1). Of several sets one after another, a translation or an amended one behind
    the first, the first counts.
    """
    return list(numbered_claims([text]))


def numbered_claims(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Divide texts that follow each other, each one claim or several, and number them on.

    Numbers are the printed ones where they go up, else counted from the claim before; cancelled
    claims are counted and left out.
    """
    previous = 0
    for printed, claim in (entry for text in texts for entry in _split(text)):
        is_plausible = printed is not None and previous < printed
        if is_plausible and previous:
            is_plausible = printed is not None and printed <= previous + _LARGEST_GAP
        previous = printed if is_plausible and printed is not None else previous + 1
        if claim:
            yield previous, claim


def _split(text: str) -> list[tuple[int | None, str]]:
    """Give the printed numbers (None: not printed) and texts of claims; "" is a cancelled one."""
    plain = to_plain(text)
    heading = _HEADING.match(plain)
    start = heading.end() if heading else 0
    chain, stop = _first_chain(plain, start)
    if chain:
        ends = [mark.begin for mark in chain[1:]] + [stop]
        found: list[tuple[int | None, str]] = [
            (mark.number, text[mark.end : end].strip().rstrip(";；").rstrip())
            for mark, end in zip(chain, ends, strict=True)
        ]
    else:
        cuts = [match.end() for match in _UNNUMBERED.finditer(plain, start)]
        bounds = zip([start, *cuts], [*cuts, len(text)], strict=True)
        found = [(None, text[begin:end].strip()) for begin, end in bounds]
    return [_without_cancelled(*entry) for entry in found if says_something(entry[1])]


def _without_cancelled(number: int | None, text: str) -> tuple[int | None, str]:
    if len(text) > 400 or not _CANCELLED.fullmatch(to_plain(text)):
        return number, text
    printed = re.findall(r"\d{1,4}", text)
    return (int(printed[-1]) if printed else number), ""


class _Mark(NamedTuple):
    number: int
    begin: int
    end: int
    rank: int  # 2 if what follows begins as claims alone do, 1 as claims and sentences do, else 0


def _first_chain(plain: str, start: int) -> tuple[list[_Mark], int]:
    """Give the numbers of claims, and where the set of them ends.

    They begin with the text's first word, or behind a preface.
    """
    marks = list(_marks(plain, start))
    before = plain[start : marks[0].begin].strip() if marks else ""
    begins_text = not before or _CANCELLED.fullmatch(before) is not None
    first = next(
        (i for i, m in enumerate(marks) if begins_text or (m.number == 1 and m.rank)), None
    )
    if first is None:
        return [], len(plain)
    again = _beginning_of_another(plain, marks, first)
    stop = marks[again].begin if again is not None else len(plain)
    chain = _chain(marks[:again], first)
    if begins_text or _PREFACE.search(plain[max(chain[0].begin - 20, start) : chain[0].begin]):
        return chain, stop
    return (chain if any(_refers(plain, mark.end) for mark in chain[1:]) else []), stop


def _beginning_of_another(plain: str, marks: Sequence[_Mark], first: int) -> int | None:
    """Say which mark begins a second set: 1 again, an independent claim, and 2 refers to claims."""
    for at in range(first + 1, len(marks) - 1):
        mark = marks[at]
        is_first = (
            mark.number == 1 and mark.rank and not _refers(plain, mark.end, marks[at + 1].begin)
        )
        if not is_first or not (
            _OPENING.match(plain, mark.end) or _OPENING_EN.match(plain, mark.end)
        ):
            continue
        second = next((other for other in marks[at + 1 :] if other.number in (1, 2)), None)
        if second is not None and second.number == 2 and _refers(plain, second.end):
            return at
    return None


def _marks(plain: str, start: int) -> Iterator[_Mark]:
    """Give whatever may be the number of a claim."""
    for match in _CLAIM_MARK.finditer(plain, start):
        begin, end = match.span()
        before = plain[max(begin - 16, start) : begin]
        last, solid = before.rstrip(" \t\r")[-1:], before.rstrip()[-1:]
        is_line = last in ("", "\n")
        is_apart = is_line or last in ";:。.!?…"
        is_ended = solid in ("", "。", ".", "!", "?", "…")
        is_bare = match["plain"] is not None and match["delimiter"] in (None, ",")
        is_spelled = (match["word"] is not None or match["plain"] is None) and not is_bare
        if match["framed"]:
            rank = 2
        elif match["numeral"]:  # sections of a description are counted so too: 一、技术领域
            if not (is_apart and (match["word"] or _OPENING.match(plain, end))):
                continue
            rank = 2
        elif (is_bare and not is_line) or not (is_apart or before[-1:].isspace()):
            continue
        elif (
            (is_spelled and is_apart and (is_ended or solid in ";:"))
            or _OPENING.match(plain, end)
            or ((is_apart or _OPENING_EN.match(plain, end)) and _refers(plain, end))
        ):
            rank = 2
        elif _OPENING_EN.match(plain, end) and (is_ended or (is_line and solid not in ";:,")):
            rank = 1
        elif is_ended and is_apart and not is_bare:
            rank = 0
        else:
            continue
        number = match["framed"] or match["square"] or match["plain"] or match["numeral"]
        yield _Mark(numeral_value(number), begin, end, rank)


def _refers(plain: str, begin: int, end: int | None = None) -> bool:
    """Whether the clause that begins here, and ends before `end`, refers to a claim."""
    stop = begin + 100 if end is None else min(begin + 100, end)
    clause = re.split(r"[;。\n]", plain[begin:stop], maxsplit=1)[0]
    return _MAY_REFER.search(clause) is not None and REFERENCE.search(clause) is not None


def _chain(marks: Sequence[_Mark], first: int) -> list[_Mark]:
    """Follow the numbers upwards from one mark; a step's number is not taken for a claim's."""
    places: dict[tuple[int, int], list[int]] = {}
    for index, mark in enumerate(marks):
        places.setdefault((mark.number, mark.rank), []).append(index)
    chain, at = [marks[first]], first
    while True:
        number = marks[at].number
        sure, likely, possible = (
            _next(places.get((number + 1, rank), ()), at) for rank in (2, 1, 0)
        )
        following = likely if sure is None else sure
        if likely is not None and sure is not None and likely < sure:
            after = _next(places.get((number + 2, 2), ()), likely)
            following = likely if after is not None and after < sure else sure
        if following is None:
            later = (index for index in range(at + 1, min(at + 50, len(marks))))
            gap = range(number + 2, number + 1 + _LARGEST_GAP)
            jump = next((i for i in later if marks[i].rank and marks[i].number in gap), None)
            following = min((i for i in (possible, jump) if i is not None), default=None)
        if following is None:
            return chain
        at = following
        chain.append(marks[at])


def _next(indices: Sequence[int], at: int) -> int | None:
    place = bisect_right(indices, at)
    return indices[place] if place < len(indices) else None
