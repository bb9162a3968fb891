"""The number of a published patent document: office, number, kind code (WIPO ST.1 and ST.6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import japanese
from ipsearch.identifiers.spelling import compact, fold, split_office, without_labels

# The canonical form, and Google's of the same number, which may lack a zero in a US application.
_CANONICAL = re.compile(
    r"(CN(?=-?[1-9][0-9]{6}(?:[0-9]{2})?-?[ABCDSUY])"
    r"|US(?=-?(?:[1-9][0-9]{6,7}|20[0-9]{8,9})-?[A-Z])"
    r"|EP(?=-?[0-9]{7}-?[A-Z])|WO(?=-?(?:19(?:7[89]|[89][0-9])|20[0-9]{2})[0-9]{6}-?[A-Z]))"
    r"-?([0-9]+)-?([A-Z][0-9]?)"
)
_NUMBER_AND_KIND = re.compile(
    r"([A-Z]{0,3}[0-9]{1,15}(?:[A-Z]{2,5}[0-9]{4}|[A-Z](?=[A-Z][0-9]))?)([A-Z][0-9]{0,2})?"
)
_KOREAN = re.compile(r"[1-4]0(?:19|20)[0-9]{9}")
_CHINESE_CHECK_DIGIT = re.compile(r".*[0-9]\. ?[0-9X][A-Z]?")


@dataclass(frozen=True, slots=True)
class PublicationNumber:
    """The name of one published patent document, such as ``CN101234567B``."""

    office: str  # two letters, WIPO ST.3
    number: str  # canonical for its office: 10172347, D435854, 20040137729, H05123456
    kind_code: str = ""  # WIPO ST.16; "" when the text gives none

    @classmethod
    def parse(cls, text: str, office: str | None = None) -> Self:
        """Read `text` in any spelling; raise `IdentifierError`.

        `office` is assumed if the text names none. Canonical numbers: US applications have 11
        digits (the zero that DOCDB leaves out is put back), US designs, reissues and plants no
        zeros after their letters; EP has 7 digits, WO the year of 4 and 6 digits, JP as in DOCDB,
        KR no type digits before the year. Other offices' numbers stay as they are.

        >>> str(PublicationNumber.parse("US-2004137729-A1"))
        'US20040137729A1'
        """
        return cls(*read_publication(text, office))

    def __str__(self) -> str:
        return f"{self.office}{self.number}{self.kind_code}"


def read_publication(text: str, office: str | None = None) -> tuple[str, str, str]:
    """Read office, number and kind code ("" for none) as `PublicationNumber.parse` does."""
    quick = _CANONICAL.fullmatch(text)
    if quick is not None and (office is None or "-" not in text):
        where, number, kind = quick.groups()
        if where == "US" and len(number) == 10:
            number = f"{number[:4]}0{number[4:]}"
        return where, number, kind
    folded = fold(text)
    worded = None if folded.isascii() else japanese.read_words(folded)
    if worded is not None:
        which, number, kind = worded
        if which != "publication":
            raise IdentifierError(f"an application number, not a publication number: {text!r}")
        return "JP", number, kind
    spaced = without_labels(folded)
    where, rest = split_office(compact(spaced), office)
    match = _NUMBER_AND_KIND.fullmatch(rest)
    if match is None or where is None or not (where.isalpha() and where.isascii()):
        raise IdentifierError(f"not a publication number: {text!r}")
    number, kind = match[1], match[2] or ""
    if where == "JP":
        yeared = japanese.read_year(spaced.removeprefix("JP").lstrip(" -"))
        number, kind = yeared or (number, kind)
    elif where == "CN" and _CHINESE_CHECK_DIGIT.fullmatch(spaced):
        raise IdentifierError(f"an application number, not a publication number: {text!r}")
    canonical = _CANONICAL_NUMBER.get(where, _unchanged)(number, kind)
    if canonical is None:
        raise IdentifierError(f"not a publication number of {where}: {text!r}")
    return where, canonical, kind


def _unchanged(number: str, kind: str) -> str | None:
    return number


def _chinese(number: str, kind: str) -> str | None:
    if kind and (kind[0] not in "ABCDSUY" or len(kind) > 2):
        return None
    is_of_1985_to_1988 = len(number) == 8 and "85" <= number[:2] <= "88"  # an application's number
    return number if number.isdigit() and (len(number) in (7, 9) or is_of_1985_to_1988) else None


def _american(number: str, kind: str) -> str | None:
    if not number.isdigit():
        letters = number.rstrip("0123456789")
        return letters + (number[len(letters) :].lstrip("0") or "0")
    if len(number) == 10 and number.startswith("20"):
        return f"{number[:4]}0{number[4:]}"
    if len(number) == 11 and number.startswith("20"):
        return number
    return number.lstrip("0") or None if len(number) <= 8 else None


def _european(number: str, kind: str) -> str | None:
    return number.zfill(7) if number.isdigit() and len(number) <= 7 else None


def international_number(number: str, kind: str = "") -> str | None:
    """Write year and serial of a WO publication with 4 and 6 digits; None if they are neither.

    >>> international_number("9912345")
    '1999012345'
    """
    if not number.isdigit():
        return None
    if len(number) in (9, 10) and "1978" <= number[:4] <= "2099":
        return number[:4] + number[4:].zfill(6)
    if len(number) in (7, 8):  # 1978 to June 2002: year of 2 and 5 digits; then 6 until 2003
        century = "19" if number[:2] >= "78" else "20"
        return century + number[:2] + number[2:].zfill(6)
    return None


def korean_with_type(number: str) -> bool:
    """Whether a Korean number has 13 digits: type (10 invention, 20 model ...), year, 7 digits."""
    return bool(_KOREAN.fullmatch(number))


def _japanese(number: str, kind: str) -> str | None:
    return japanese.tidy_era(number)


def _korean(number: str, kind: str) -> str | None:
    return number[2:] if korean_with_type(number) else number


_CANONICAL_NUMBER: dict[str, Callable[[str, str], str | None]] = {
    "CN": _chinese,
    "EP": _european,
    "JP": _japanese,
    "KR": _korean,
    "US": _american,
    "WO": international_number,
}
