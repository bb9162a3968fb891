"""Japanese numbers: words before them (特開, 特願), and years of an emperor's era.

Since 2000 a number begins with the year of four digits; before, with the year of the era. As in
DOCDB, an era is written as a letter and the year as two digits, the serial without zeros before
it: 特開平4-2739 is JPH042739A. Publications granted since 1996 have a number without year.
"""

from __future__ import annotations

import re
from typing import Literal

# word -> is it a publication or an application, and the kind code where the word makes it certain
_WORDS: dict[str, tuple[Literal["publication", "application"], str]] = {
    "特開": ("publication", "A"),
    "特表": ("publication", "A"),
    "実開": ("publication", "U"),
    "再表": ("publication", "A1"),
    "特公": ("publication", ""),
    "実公": ("publication", ""),
    "特許": ("publication", ""),
    "実用新案登録": ("publication", ""),
    "意匠登録": ("publication", ""),
    "特願": ("application", ""),
    "実願": ("application", ""),
    "意願": ("application", ""),
    "商願": ("application", ""),
}
_ERAS = {"明": "M", "大": "T", "昭": "S", "平": "H", "令": "R"}

_WORDED = re.compile(
    rf"(?:JP ?)?({'|'.join(_WORDS)})(?:出願|公報)?(?:番号)? ?:? ?第? ?(.*?)"
    r"号?(?:公報|明細書)? ?\(?([ABCUSY][0-9]?)?\)?"
)
_YEARED = re.compile(
    r"P?([明大昭平令]|[MTSHR])?[治正和成]? ?([0-9]{1,4})年? ?[-/ ] ?([0-9]{1,7})"
    r"(?: ?-?([A-Z][0-9]?))?"
)
_DOCDB_ERA = re.compile(r"([MTSHR])([0-9]{2})([0-9]{1,6})")


def read_words(folded: str) -> tuple[Literal["publication", "application"], str, str] | None:
    """Read a number with a Japanese word before it: which of the two it is, number, kind code."""
    worded = _WORDED.fullmatch(folded)
    if worded is None:
        return None
    which, implied = _WORDS[worded[1]]
    body, kind = worded[2].strip(), worded[3] or implied
    if worded[1] == "再表":  # the translation of an international publication keeps its number
        digits = re.sub("[^0-9]", "", body)
        return (which, "WO" + digits, kind) if len(digits) == 10 else None
    if body.replace(",", "").isdigit() and body.isascii():
        return which, body.replace(",", ""), kind
    yeared = read_year(body)
    return None if yeared is None else (which, yeared[0], kind)


def read_year(spaced: str) -> tuple[str, str] | None:
    """Read `2010-123456`, `平5-123456`, `H05-123456`, `11-167215`: number, kind code or "".

    A year without era is Heisei up to 31, Showa up to 64.
    """
    match = _YEARED.fullmatch(spaced)
    if match is None:
        return None
    era, year, serial, kind = match.groups()
    if era is None and len(year) == 4:
        return year + serial.zfill(6), kind or ""
    if len(year) > 2 or (era is None and int(year) > 64):
        return None
    letter = _ERAS.get(era, era) if era else ("H" if int(year) <= 31 else "S")
    return f"{letter}{year.zfill(2)}{serial.lstrip('0') or '0'}", kind or ""


def tidy_era(number: str) -> str:
    """Take the zeros out of a compact number's serial: H04002739 is H042739."""
    match = _DOCDB_ERA.fullmatch(number)
    return number if match is None else match[1] + match[2] + (match[3].lstrip("0") or "0")
