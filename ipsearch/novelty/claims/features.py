"""Here are the parts of a claim, give me where its features begin and end.

A part is cut at semicolons, full stops, line breaks and the marks of steps; what is still long also
at commas. Nothing is cut within brackets.
Parts are offsets in the plain copy of a claim's text (`plain`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ipsearch.novelty.claims.plain import HAN, says_something, trim
from ipsearch.novelty.claims.steps import BARE_MARK, step_marks

LONG_HAN, LONG_WORDS = 80, 40
"""A piece with more Han characters or English words than this is cut at commas too."""

SHORT_HAN, SHORT_WORDS = 8, 4
"""No cut at a comma leaves less than this on either side."""

MOST_FEATURES = 1_000
"""Of one claim; whatever follows belongs to the last."""

_SEPARATOR = re.compile(
    r"&#?\w{1,8};|[;。\n]|(?<=[a-z]{2})(?<!\bvs)(?<!\bal)(?<!\beq)(?<!\bno)\.(?=\s{1,4}[A-Z])"
)
_COMMA = re.compile(
    r":(?!\s?\d)|,\s{0,8}(?=(?:[在将对由与于向通过根据]{0,2}所[述说])|该|上述|前述|其中|且|并|以及|还|同时|然后"
    r"|再|当|若|如果|每|(?i:wherein|whereby|where|further|and\s{1,3}(?:wherein|further))\b"
    r"|(?P<noun>(?i:(?:and\s{1,3})?(?:said|the|each|an?|at\sleast)\b)))"
)
_CONDITION = re.compile(r"[\s,;:。]{0,8}(?:当|若|如果|(?i:when|if)\b)")
_CHOICE = re.compile(
    r"(?i)selected|represents|consisting\sof|of\sthe\sfollowing|\b(?:one|any|some)\sof\b|选自"
)
_BRACKET = re.compile(r"[()\[\]{}〔〕【】]")
_CLOSES = {")": "(", "]": "[", "}": "{", "〕": "〔", "】": "【"}
_MOST_BRACKETED = 300  # characters: brackets further apart are no pair, one was forgotten
_ONE_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(rf"[^\W_{HAN}]+")
_TEXT_IN_LINE = re.compile(rf"[{HAN}]{{2}}|[a-z]{{4}}")
_OPEN_LINE = re.compile(
    r"(?i)(?:\b(?:wherein|whereby|the|an?|of|to|with|for|by|in|or)|[的为是与])$"
)
_CONTINUATION = re.compile(r"(?i)\s*(?:comprising|including|having|which|that|of|to|or)\b|的")
_SHORT = min(SHORT_HAN / LONG_HAN, SHORT_WORDS / LONG_WORDS)


def feature_spans(plain: str, parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give where the features of a claim begin and end: in order, apart, `MOST_FEATURES` at most.

    Of a text with a letter or a digit there is at least one.
    """
    brackets = _Brackets(plain)
    found = (span for begin, end in parts for span in _pieces(plain, begin, end, brackets))
    spans = list(islice(found, MOST_FEATURES))
    if not spans and says_something(plain):
        begin, end = trim(plain, 0, len(plain))
        spans = [(begin, end) if begin < end else (0, len(plain))]
    if next(found, None):
        spans[-1] = (spans[-1][0], trim(plain, spans[-1][0], len(plain))[1])
    return spans


class _Brackets:
    """The pairs of brackets in a text; one without its twin does not count."""

    def __init__(self, plain: str) -> None:
        pairs: list[tuple[int, int]] = []
        opened: list[tuple[str, int]] = []
        for match in _BRACKET.finditer(plain):
            char, at = match.group(), match.start()
            if char not in _CLOSES:
                opened.append((char, at))
                continue
            for depth in range(len(opened) - 1, max(len(opened) - 8, -1), -1):
                begin = opened[depth][1]
                if opened[depth][0] == _CLOSES[char]:
                    if at - begin <= _MOST_BRACKETED:
                        pairs.append((begin, at))
                    del opened[depth:]
                    break
        self._begins: list[int] = []
        self._ends: list[int] = []
        for begin, end in sorted(pairs):
            if not self._ends or begin > self._ends[-1]:  # an inner pair says nothing more
                self._begins.append(begin)
                self._ends.append(end)

    def hold(self, at: int) -> bool:
        """Whether the character at an offset stands within a pair."""
        index = bisect_right(self._begins, at) - 1
        return index >= 0 and self._begins[index] < at <= self._ends[index]


def _pieces(plain: str, begin: int, end: int, brackets: _Brackets) -> Iterator[tuple[int, int]]:
    """Cut a part into pieces, trimmed; what introduces the next piece is part of it."""
    start = begin
    for cut in [*_cuts(plain, begin, end, brackets), end]:
        piece = plain[start:cut].strip(" \t\r\n,;")
        is_introduction = piece.endswith(":") and len(piece) < 200 and _size(piece) < 2 * _SHORT
        if cut < end and (is_introduction or BARE_MARK.fullmatch(piece)):
            continue
        for part in _shorter(plain, start, cut, brackets):
            first, last = trim(plain, *part)
            if says_something(plain[first:last]):
                yield first, last
        start = cut


def _shorter(plain: str, begin: int, end: int, brackets: _Brackets) -> Iterator[tuple[int, int]]:
    """Cut a piece at commas if it is long; no part becomes short."""
    rest = _size(plain[begin:end])
    if rest > 1:
        seen, size, is_choice, first = begin, 0.0, False, _end_of_condition(plain, begin)
        for match in _COMMA.finditer(plain, begin, end):
            at = match.start()
            if at <= first or brackets.hold(at):
                continue
            is_choice = is_choice or _CHOICE.search(plain, max(seen - 20, begin), at) is not None
            size += _size(plain[seen:at])
            seen = at
            if is_choice and (match["noun"] or match.group() == ":"):
                continue  # one of several to choose from
            if size >= _SHORT and rest - size >= _SHORT:
                yield begin, at
                rest -= size
                begin, size, is_choice, first = at, 0.0, False, _end_of_condition(plain, at)
    yield begin, end


def _end_of_condition(plain: str, begin: int) -> int:
    """Give the comma at which a condition ends that begins here; -1 if none does."""
    return plain.find(",", begin + 1) if _CONDITION.match(plain, begin) else -1


def _size(plain: str) -> float:
    """Give the length of a text; more than 1 is long, less than 0.1 short."""
    return len(_ONE_HAN.findall(plain)) / LONG_HAN + len(_WORD.findall(plain)) / LONG_WORDS


def _cuts(plain: str, begin: int, end: int, brackets: _Brackets) -> list[int]:
    """Give where pieces begin behind the first, sorted."""
    is_wrapped = _is_wrapped(plain[begin:end].split("\n"))
    found = set(step_marks(plain, begin, end))
    for match in _SEPARATOR.finditer(plain, begin, end):
        if len(match.group()) > 1 or brackets.hold(match.start()):
            continue  # "&amp;" is one character
        if match.group() != "\n" or _ends_piece(plain, match.start(), begin, is_wrapped):
            found.add(match.end())
    return sorted(found)


def _ends_piece(plain: str, at: int, begin: int, is_wrapped: bool) -> bool:
    """Whether a line break at `at` divides what stands before from what comes."""
    before = plain[max(at - 40, begin) : at].rstrip()
    if not before or before[-1] in ";:。.":
        return True
    if is_wrapped:
        return False
    if before[-1] == ",":
        return True
    following = plain[at + 1 : at + 200].partition("\n")[0]
    is_continued = _OPEN_LINE.search(before) or _CONTINUATION.match(following)
    return not is_continued and _TEXT_IN_LINE.search(following) is not None


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines were broken for their length: most that end in no sign are about as long."""
    widths = [len(line) + len(_ONE_HAN.findall(line)) for line in lines]
    longest = max(widths)
    full = sum(
        width >= 0.85 * longest and line.rstrip()[-1:] not in ";:。.,"
        for line, width in zip(lines[:-1], widths, strict=False)
    )
    return longest >= 50 and full >= 2 and 3 * full >= len(lines)
