"""A date as tables and exports write it -> `datetime.date`."""

from __future__ import annotations

import datetime
import re
import unicodedata
from functools import lru_cache

_NOTHING = frozenset({"", "0", "00000000", "-", "--", "/", "null", "none", "nan", "n/a", "无"})
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[t\s][\d:.+z\s-]*)?"
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+(\d{4})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]+)月([一二三四五六七八九十]+)[日号]?"
)
_EXCEL_EPOCH = datetime.date(1899, 12, 30)  # so that serial 60, a day that never was, is skipped
_SERIALS = range(10_000, 80_000)  # 1927 to 2119: any other five digits are no date


def parse_date(value: object) -> datetime.date | None:
    """Read a date object, an integer or a text; None if there is none; raise `ValueError`.

    Texts: `2021年3月5日`, `20210305`, `2021.03.05`, `2021-3-5`, `2021/3/5 08:00`, `5 Mar 2021`,
    `March 5, 2021`, `二〇二一年三月五日`, and a day number of Excel (1900 system: `44260`).
    `05/03/2021` is refused, since nobody can say which is the month, and so is `2021-03`.

    >>> parse_date("2021年3月5日")
    datetime.date(2021, 3, 5)
    """
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if value is None or value == 0:
        return None
    if isinstance(value, int | float):
        return _parse_text(str(int(value)))
    raise ValueError(f"not a date: {value!r}")


@lru_cache(maxsize=1 << 16)
def _parse_text(text: str) -> datetime.date | None:
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in _NOTHING:
        return None
    try:
        numbers = _year_month_day(plain)
        if numbers is not None:
            return datetime.date(*numbers)
    except ValueError as error:
        raise ValueError(f"not a date: {text!r}: {error}") from None
    serial = _SERIAL.fullmatch(plain)
    if serial is not None and int(serial[1]) in _SERIALS:
        return _EXCEL_EPOCH + datetime.timedelta(days=int(serial[1]))
    raise ValueError(f"not a date: {text!r}")


def _year_month_day(text: str) -> tuple[int, int, int] | None:
    match = _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text)
    if match is not None:
        return int(match[1]), int(match[2]), int(match[3])
    match = _MONTH_FIRST.fullmatch(text)
    if match is not None:
        return int(match[3]), _month(match[1]), int(match[2])
    match = _DAY_FIRST.fullmatch(text)
    if match is not None:
        return int(match[3]), _month(match[2]), int(match[1])
    match = _CHINESE.fullmatch(text)
    if match is not None:
        return int(match[1].translate(_NUMERALS)), _tens(match[2]), _tens(match[3])
    return None


def _month(name: str) -> int:
    if name not in _MONTHS:
        raise ValueError(f"no month {name!r}")
    return _MONTHS.index(name) + 1


def _tens(numeral: str) -> int:
    """Read a numeral below one hundred: 三, 十, 十二, 二十, 三十一."""
    tens, ten, ones = numeral.rpartition("十")
    value = int((tens or "1").translate(_NUMERALS)) * 10 if ten else 0
    return value + int((ones or "0").translate(_NUMERALS))
