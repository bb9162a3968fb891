"""Chinese application numbers: their forms and their check digit.

Until September 2003 a number has 8 digits: year (85-99, 00-03), type, serial of 5. From October
2003 it has 12: year of 4, type, serial of 7 (the office's standard ZC 0006-2003). The type is 1
invention, 2 utility model, 3 design, 8 and 9 the first two as national phase of an international
application; others are left to the office. A check digit follows, mostly after a dot; it is no
part of the number.

The office's own XML also has a "standard" form of 15 digits: `10`, `20` or `30` (invention, utility
model, design), the year of 4 and a serial of 9, without check digit. EPO's epodoc form has 11: the
year of 4, the type, a serial of 6.
"""

from __future__ import annotations

import re

_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)

_OLD = r"(?:8[5-9]|9[0-9]|0[0-3])[1-9][0-9]{5}"
_NEW = r"20[0-9]{2}[1-9][0-9]{7}"
_NUMBER = re.compile(rf"({_OLD}|{_NEW})([0-9X])?")
_STANDARD = re.compile(r"([1-3])0((?:19|20)[0-9]{2})0([0-9])([0-9]{7})")
_EPODOC = re.compile(r"((?:19|20)[0-9]{2})([1-9])([0-9]{6})")


def check_digit(digits: str) -> str:
    """Compute the check digit, `0`-`9` or `X`, of a number of 8 or 12 digits.

    Each digit is multiplied by its weight, 2 to 9 and again from 2; the sum modulo 11 is the check
    digit, `X` for ten.

    >>> check_digit("200910190429")
    '0'
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "0123456789X"[total % 11]


def read_application(digits: str) -> tuple[str, str] | None:
    """Read a number without office and joints: its 8 or 12 digits, its check digit.

    The check digit is "" if there is none. None if this is no Chinese application number. A check
    digit that stands there is not compared with the right one.
    """
    match = _NUMBER.fullmatch(digits)
    if match is not None:
        return match[1], match[2] or ""
    match = _STANDARD.fullmatch(digits)
    if match is not None:
        patent_type, year, phase, serial = match.groups()
        return _join(year, patent_type if phase == "0" else phase, serial), ""
    match = _EPODOC.fullmatch(digits)
    if match is not None:
        year, patent_type, serial = match.groups()
        return _join(year, patent_type, "0" + serial), ""
    return None


def _join(year: str, patent_type: str, serial: str) -> str:
    """Write a number as the office prints it; `serial` has 7 digits."""
    # 2003 knows both forms: the old one's serials end at 99999, the new one's begin at 100001.
    if year < "2003" or (year == "2003" and serial < "0100000"):
        return year[2:] + patent_type + serial[2:]
    return year + patent_type + serial
