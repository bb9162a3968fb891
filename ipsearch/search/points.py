"""Points in time and counts, as a searcher writes them, into the integers of the index."""

from __future__ import annotations

import calendar
import re
import unicodedata

_APART = re.compile(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2}))?)?[年月日]?")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})?")


def time_span(text: str) -> tuple[int, int]:
    """Read a day, a month or a year; returns its first and last day.

    >>> time_span("2021-03")
    (20210301, 20210331)
    >>> time_span("2021年3月5日")
    (20210305, 20210305)

    Raises `ValueError` for anything else.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    match = _TOGETHER.fullmatch(folded) or _APART.fullmatch(folded)
    if match is None:
        raise ValueError(f"{text!r} is not a date: 2021, 2021-03, 2021-03-05 or 20210305")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return year * 10_000 + 101, year * 10_000 + 1231
    if not 1 <= month <= 12:
        raise ValueError(f"{text!r}: there is no month {month}")
    last = calendar.monthrange(max(year, 1), month)[1]
    if day is None:
        return year * 10_000 + month * 100 + 1, year * 10_000 + month * 100 + last
    if not 1 <= day <= last:
        raise ValueError(f"{text!r}: there is no day {day} in that month")
    point = year * 10_000 + month * 100 + day
    return point, point


def integer_span(text: str) -> tuple[int, int]:
    """Read a whole number; returns it twice. Raises `ValueError` for anything else."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"\d{1,9}", folded):
        raise ValueError(f"{text!r} is not a whole number")
    return int(folded), int(folded)
