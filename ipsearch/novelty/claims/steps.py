"""Here is a part of a claim, give me where the marks of its steps stand: S1, (a), 步骤一.

Parts are offsets in the plain copy of a claim's text (`plain`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ipsearch.novelty.claims.plain import DASH, HAN

_COUNT = "一二三四五六七八九十"
BARE_MARK = re.compile(
    rf"(?i)\(?(?:\d{{1,3}}|[a-z]|[ivx]{{1,4}}|s\d{{1,4}}|(?:步骤|step)\s?[\da-z{_COUNT}]{{1,3}})[).、:]?"
)
"""The mark of a step that stands by itself: what it marks comes behind the next separator."""

_BEGINS_STEP = rf"(?=[\s:、.,)]|(?![和或与至到中所的得之还具])[{HAN}])"  # not 步骤1中的
_STEP = re.compile(
    r"(?:(?:^|[\n,;:。\]]|\.\s|\band\b|\b(?i:comprising|including)\b|包括|及)\s{0,8}|(?=[①-⑳]))(?P<mark>"
    rf"\((?P<round>\d{{1,2}}|[a-z]|[ivx]{{1,5}}|[{_COUNT}]{{1,3}})\)"
    rf"|(?P<half>\d{{1,2}}|[a-z])(?:\)|、(?!\d)|\.(?=\s|[{HAN}]))"
    r"|(?:步\s{0,3}骤\s{0,3}|[Ss]teps?\s{1,3})"
    rf"\(?(?P<step>[Ss]?\d{{1,4}}|[A-Za-z]|[{_COUNT}]{{1,3}})\)?{_BEGINS_STEP}"
    rf"|(?P<s>[Ss]\d{{1,4}}){_BEGINS_STEP}"
    rf"|第\s{{0,3}}(?P<ordinal>[{_COUNT}]{{1,3}}|\d{{1,2}})\s{{0,3}}步|(?P<circled>[①-⑳]))"
    rf"(?!\s{{0,3}}(?:,?\s?(?:and|or|to)\b|[,、]\s?(?:步骤)?[Ss]?\d|[和或{DASH}]))"
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def step_marks(plain: str, begin: int, end: int) -> Iterator[int]:
    """Give where the marks of steps stand: those that count up from the first of their kind."""
    last: dict[str, int] = {}
    for match in _STEP.finditer(plain[begin:end]):
        name, mark = next((n, t) for n, t in match.groupdict().items() if t and n != "mark")
        known = last.get(name, 0)
        has_gaps = name in ("step", "s")  # S100, S110; S101, S103
        for value in sorted(_values(name, mark)):
            is_first = value == 1 or (has_gaps and value % 10 in (0, 1))
            is_next = known < value <= known + (100 if has_gaps else 1) and known > 0
            if is_first or is_next:
                last[name] = value
                yield begin + match.start("mark")
                break


def _values(name: str, mark: str) -> set[int]:
    """Give what the mark of a step may count: (i) is the first or the ninth."""
    if name == "circled":
        return {ord(mark) - ord("①") + 1}
    if mark.isdigit():
        return {int(mark)}
    if mark[0] in _COUNT:
        tens, has_ten, ones = mark.rpartition("十")
        count = (_COUNT.find(tens) + 1 or 1) * 10 if has_ten else 0
        return {count + _COUNT.find(ones) + 1 if ones else count}
    mark = mark.lower()
    if mark[0] == "s" and mark[1:].isdigit():
        return {int(mark[1:])}
    values = {ord(mark) - ord("a") + 1} if len(mark) == 1 else set()
    return values | ({_ROMAN.index(mark) + 1} if mark in _ROMAN else set())
