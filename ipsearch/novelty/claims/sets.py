"""Here is a text that holds claims, give me their numbers and the text of each.

A number is that of a claim by where it stands and by how the words behind it begin; from the first
one on, the numbers that go up make a chain.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ipsearch.novelty.claims.plain import CLAIM_WORD, DASH, says_something, to_plain
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
    r"(?:\s{0,3}(?P<delimiter>[.、:),])(?!\d)|\s|(?=一种|根据权|如权))))\s{0,8}"
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
    The ... of claim 1).
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
    chain = _first_chain(plain, start)
    if chain:
        ends = [mark.begin for mark in chain[1:]] + [len(text)]
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


def _first_chain(plain: str, start: int) -> list[_Mark]:
    """Give the numbers of claims: from the text's first word on, or behind a preface."""
    marks = list(_marks(plain, start))
    if marks and not plain[start : marks[0].begin].strip():
        return _chain(marks, 0)
    if marks and _CANCELLED.fullmatch(plain[start : marks[0].begin].strip()):
        return _chain(marks, 0)
    first = next((i for i, mark in enumerate(marks) if mark.number == 1 and mark.rank), None)
    if first is None:
        return []
    chain = _chain(marks, first)
    before = plain[max(chain[0].begin - 20, start) : chain[0].begin]
    is_named = _PREFACE.search(before) is not None
    return chain if is_named or any(_refers(plain, mark.end) for mark in chain[1:]) else []


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
        number = match["framed"] or match["square"] or match["plain"]
        yield _Mark(int(number), begin, end, rank)


def _refers(plain: str, begin: int) -> bool:
    """Whether the clause that begins here refers to a claim."""
    clause = re.split(r"[;。\n]", plain[begin : begin + 100], maxsplit=1)[0]
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
