"""The class symbols of patents, designs and marks: read any usual spelling, print one.

Patents: IPC and CPC (WIPO ST.8 has a form of 14 characters). Designs: Locarno. Marks: Nice, the
similar groups (类似群) of the Chinese office, Vienna for figurative elements.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from ipsearch.errors import ClassificationError

LONGEST = 100
"""No spelling of a symbol has more characters; what is longer is not looked at."""

_LABEL = re.compile(
    r"(?:(?:INT(?:ERNATIONAL|\.)? ?CL(?:ASS)?\.?|IPCR?|CPC|LOC(?:ARNO)?(?: ?\([0-9]{1,2}\))?"
    r"(?: ?CL\.?)?) ?(?:\([0-9.]{1,7}\)|[0-9]{1,2}(?=[ :A-HY]))?"
    r"|[主副]?(?:国际)?(?:专利)?分类号?)[ :]*"
)
_ST8 = re.compile(r"([A-HY][0-9]{2}[A-Z])([0-9]{4})([0-9]{6})(?: .{0,50}|[0-9]{8}.{0,50})?")
_SYMBOL = re.compile(
    r"([A-HY])(?: ?([0-9]{2})(?: ?([A-Z])(?:[ _-]?0{0,3}([1-9][0-9]{0,3})"
    r"(?: ?[/:](?: ?([0-9]{2,6})"
    # after a whole symbol: edition, then level, position, kind, or ST.8's dates and offices
    r"(?: ?\((?:19|20)[0-9]{2}(?:[.-][0-9]{2})?\))?"
    r"(?:(?: ?[ACSFLIN]){0,4}| [A-Z]| [0-9]{8}[A-Z]{1,3}(?:[0-9]{8}[A-Z]{1,4})?))?)?)?)?)?"
)
_LOCARNO = re.compile(r"(?:([0-9]{1,2})[-./ ]|([0-9]{2}))([0-9]{2})(?:[- ]?[A-Z] ?[0-9]{1,6})?")

_NUMERALS = "一二三四五六七八九"
_NUMERAL = r"[一二三四五六七八九十]{1,3}"
_NICE = re.compile(
    r"(?:国际分类号?:?|NICE|NCL|IC|INT\.? ?CL(?:ASS)?\.?|CLASS|CL\.?)? ?第? ?"
    rf"(?:0{{0,2}}([1-9][0-9]?)(?:\.0)?|({_NUMERAL})) ?[类類]?"
)
_SIMILAR_GROUP = re.compile(
    rf"([0-9]{{2}})([0-9]{{2}})(?:[ -]?第?(?:\((?:({_NUMERAL})|([1-9][0-9]?))\)|({_NUMERAL}))"
    r"(?:部分|组)?)?"
)
_ITEM_CODE = re.compile(r"C?[0-9]{6}")
_VIENNA = re.compile(r"(?:A ?)?([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{1,2}))?")
_VIENNA_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})")


def _fold(text: str) -> str:
    """Make `text` half-width and upper case, with single spaces."""
    if len(text) > LONGEST:
        raise ClassificationError(f"too long for a class symbol: {text[:40]!r}...")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[: 2 * LONGEST]
    return " ".join(text.upper().split())


def _without_label(folded: str) -> str:
    label = _LABEL.match(folded)
    return folded if label is None else folded[label.end() :]


@lru_cache(maxsize=1 << 16)
def parse_symbol(text: str) -> str:
    """Read an IPC or CPC symbol of any level, section to subgroup; raise `ClassificationError`.

    ST.8's 14 characters do not tell a subgroup's last zeros from its padding: they are taken for
    padding, as no subgroup of three and more digits of the IPC ends in zero.

    >>> parse_symbol("Int. Cl.7 H01M 10/0525"), parse_symbol("H01M0010052500")
    ('H01M10/0525', 'H01M10/0525')
    """
    folded = _without_label(_fold(text).strip(" []")).rstrip(" ,;.")
    match = _ST8.fullmatch(folded)
    if match is not None:
        subclass, main_group, subgroup = match[1], match[2].lstrip("0"), match[3].rstrip("0")
        if main_group:
            return f"{subclass}{main_group}/{subgroup.ljust(2, '0')}"
        if not subgroup:
            return subclass
    match = None if match is not None else _SYMBOL.fullmatch(folded)
    if match is None:
        raise ClassificationError(f"not an IPC or CPC symbol: {text!r}")
    section, class_, subclass, main_group, subgroup = match.groups(default="")
    symbol = section + class_ + subclass + main_group
    return f"{symbol}/{subgroup}" if subgroup else symbol


@lru_cache(maxsize=1 << 16)
def ancestors(symbol: str) -> tuple[str, ...]:
    """Give the levels of a canonical `symbol`, from its section down to itself.

    The dots of the hierarchy below a main group are not in the symbols, and not looked up.

    >>> ancestors("H01M10/0525")
    ('H', 'H01', 'H01M', 'H01M10', 'H01M10/0525')
    """
    levels = (symbol[:1], symbol[:3], symbol[:4], symbol.partition("/")[0], symbol)
    return tuple(dict.fromkeys(level for level in levels if level))


def parse_locarno(text: str) -> str:
    """Read a Locarno class and subclass of designs; raise `ClassificationError`.

    Classes go from 1 to 32. The number of a product in the list (`08-05-B0123`) is left out.

    >>> parse_locarno("LOC(9) Cl. 08-05-B0123")
    '08-05'
    """
    match = _LOCARNO.fullmatch(_without_label(_fold(text)).rstrip(" ,;."))
    if match is None or not 1 <= int(match[1] or match[2]) <= 32:
        raise ClassificationError(f"not a Locarno class: {text!r}")
    return f"{(match[1] or match[2]).zfill(2)}-{match[3]}"


def parse_main_class(text: str) -> tuple[Literal["ipc", "locarno"], str]:
    """Read a class of which the column says no scheme (主分类号); raise `ClassificationError`.

    The Chinese office writes Locarno for designs and IPC for all else in the same place.
    """
    try:
        return "ipc", parse_symbol(text)
    except ClassificationError:
        pass
    try:
        return "locarno", parse_locarno(text)
    except ClassificationError:
        raise ClassificationError(f"neither an IPC symbol nor a Locarno class: {text!r}") from None


def parse_nice(text: str) -> int:
    """Read a class of the Nice classification, 1 to 45; raise `ClassificationError`.

    >>> parse_nice("第9类"), parse_nice("IC 009"), parse_nice("第三十五类")
    (9, 9, 35)
    """
    match = _NICE.fullmatch(_fold(text))
    number = 0 if match is None else int(match[1]) if match[1] else _from_numeral(match[2])
    if not 1 <= number <= 45:
        raise ClassificationError(f"not a Nice class (1-45): {text!r}")
    return number


def parse_similar_group(text: str) -> tuple[str, str | None]:
    """Read a Chinese similar group and the part of it; raise `ClassificationError`.

    The first two of the four digits are the Nice class. The part is a Chinese numeral, None if the
    text names none. An item's code (`C090001`, `090001`) does not tell the group and is refused.

    >>> parse_similar_group("0901（1）"), parse_similar_group("0901")
    (('0901', '一'), ('0901', None))
    """
    folded = _fold(text)
    match = _SIMILAR_GROUP.fullmatch(folded)
    if match is None or not 1 <= int(match[1]) <= 45 or match[2] == "00":
        what = "an item's code" if _ITEM_CODE.fullmatch(folded) else "not a similar group"
        hint = ", which does not tell its group" if what == "an item's code" else ""
        raise ClassificationError(f"{what}{hint}: {text!r}")
    group = match[1] + match[2]
    if match[4]:
        return group, _to_numeral(int(match[4]))
    numeral = match[3] or match[5]
    if not numeral:
        return group, None
    number = _from_numeral(numeral)
    if not number:
        raise ClassificationError(f"not a part of a similar group: {text!r}")
    return group, _to_numeral(number)


def parse_vienna(text: str) -> str:
    """Read a Vienna code of figurative elements; raise `ClassificationError`.

    Category (1 to 29), division, section; a code without section is a whole division. The A before
    an auxiliary section goes.

    >>> parse_vienna("3.1.8"), parse_vienna("030108"), parse_vienna("3.1")
    ('03.01.08', '03.01.08', '03.01')
    """
    folded = _fold(text).rstrip(" ,;.")
    match = _VIENNA.fullmatch(folded) or _VIENNA_COMPACT.fullmatch(folded)
    if match is None or not 1 <= int(match[1]) <= 29 or int(match[2]) == 0:
        raise ClassificationError(f"not a Vienna code: {text!r}")
    return ".".join(part.zfill(2) for part in match.groups() if part)


def _from_numeral(numeral: str) -> int:
    """Read a Chinese numeral from 1 to 99; 0 if it is none."""
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    tens_digit = (_NUMERALS.index(tens) + 1 if tens else 1) if ten else 0
    return 10 * tens_digit + (_NUMERALS.index(ones) + 1 if ones else 0)


def _to_numeral(number: int) -> str:
    """Write 1 to 99 as a Chinese numeral: 一, 十, 二十一."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return ten + (_NUMERALS[ones - 1] if ones else "")
