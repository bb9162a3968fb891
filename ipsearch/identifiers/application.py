"""The number of an application (WIPO ST.13), Chinese check digits included.

Only the Chinese office has the check digit in its own data. The EPO prints one (`10167109.5`), but
neither its bulk data nor DOCDB has it: a European number is written without, as others meet it so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import chinese, japanese
from ipsearch.identifiers.spelling import compact, fold, split_office, without_labels

_CANONICAL = re.compile(
    r"(CN(?=(?:20[0-9]{2}|8[5-9]|9[0-9]|0[0-3])[1-9](?:[0-9]{5}|[0-9]{7})\.)|EP(?=[0-9]{8}\.[0-9]$))"
    r"([0-9]{8,12})\.([0-9X])"
)
_CHECK_DIGIT = re.compile(r"([^.]*[0-9])\. ?([0-9X])[A-Z]?")
_DOCDB = re.compile(r"([A-Z]{2})[- ]([0-9A-Z]+)[- ]([A-Z][0-9]?)")
_NUMBER = re.compile(r"[A-Z]{0,5}[0-9]{1,20}(?:[A-Z]{1,5}[0-9]{1,12}){0,3}[A-Z]{0,2}")
# Google writes a kind code after an application number as well: CN201910302430A. Elsewhere a last
# letter may belong to the number (a mark's: CN1234567A).
_KINDS = ("A", "U", "S")
_DIGIT_AND_KIND = re.compile(r"[0-9][A-Z]$")
_KINDS_AFTER_NUMBER = ("DK", "EP", "JP", "KR")

_YEAR = r"((?:19|20)[0-9]{2}|[0-9]{2})"
_PCT = re.compile(rf"PCT[/ -]*([A-Z]{{2}})[/ -]*{_YEAR}[/ -]*([0-9]{{5,6}})")
_PCT_SHORT_SERIAL = re.compile(rf"PCT[/ -]?([A-Z]{{2}})[/ -]?{_YEAR}/([0-9]{{1,6}})")
_PCT_UNNAMED = re.compile(r"([A-Z]{2}) ?((?:19|20)[0-9]{2})/([0-9]{6})")  # EP2024/063512
_PCT_EPODOC = re.compile(r"WO *-?((?:19|20)[0-9]{2})([A-Z]{2})([0-9]{5,6})")  # WO2024EP63512
_PCT_BARE = re.compile(r"(?:WO ?)?(?!WO)([A-Z]{2}) ?((?:19|20)[0-9]{2})/?([0-9]{5,6})")

_US_SERIES = re.compile(r"(?:US)? ?([0-9]{1,2}) ?/ ?([0-9]{3}),?([0-9]{3})")


@dataclass(frozen=True, slots=True)
class ApplicationNumber:
    """The number of one application, such as ``CN200710123456.7``.

    An international application belongs to the office `WO`; its `number` is the receiving office,
    the year and 6 digits: `PCT/CN2019/123456` has the key `WOCN2019123456`.
    """

    office: str  # two letters, WIPO ST.3
    number: str  # letters and digits, without check digit
    check_digit: str = ""  # as given, even if it is wrong; "" if the text gives none

    @classmethod
    def parse(cls, text: str, office: str | None = None) -> Self:
        """Read `text` in any spelling; raise `IdentifierError`.

        `office` is assumed if the text names none. A digit after the last dot is a check digit.
        US numbers are series and serial (`12/248,643` is `US12248643`), EP numbers year of 2 and 6
        digits, written without the check digit, JP year and 6 digits (before 2000 the era,
        `JPH05123456`). Other numbers keep their letters and digits.

        >>> str(ApplicationNumber.parse("ZL200910190429"))
        'CN200910190429.0'
        """
        quick = _CANONICAL.fullmatch(text)
        if quick is not None:
            return cls(*quick.groups())
        folded = fold(text)
        worded = None if folded.isascii() else japanese.read_words(folded)
        if worded is not None:
            which, number, _ = worded
            if which != "application":
                raise IdentifierError(f"a publication number, not an application number: {text!r}")
            return cls("JP", number)
        spaced = without_labels(folded)
        international = _read_international(spaced, office)
        if international is not None:
            return cls("WO", international)
        docdb = _DOCDB.fullmatch(spaced)
        if docdb is not None:
            spaced = docdb[1] + docdb[2]
        checked = _CHECK_DIGIT.fullmatch(spaced)
        body, given = (checked[1], checked[2]) if checked is not None else (spaced, "")
        where, number = split_office(compact(body), office)
        if number.startswith("ZL"):
            where, number = "CN", number[2:]
        if where is None or not (where.isalpha() and where.isascii()):
            raise IdentifierError(f"an application number without its office: {text!r}")
        if where == "CN":
            found = chinese.read_application(number + given)
            if found is None and not given and number[-1:] in _KINDS:
                found = chinese.read_application(number[:-1])
            if found is not None:
                return cls("CN", *found)
        elif where in _KINDS_AFTER_NUMBER and _DIGIT_AND_KIND.search(number):
            number = number[:-1]
        if _NUMBER.fullmatch(number) is None:
            raise IdentifierError(f"not an application number: {text!r}")
        return cls(where, _canonical_number(where, number, body), given)

    @property
    def key(self) -> str:
        """What makes two spellings the same application: office and number, no check digit."""
        return self.office + self.number

    @property
    def expected_check_digit(self) -> str:
        """The right check digit of a Chinese number; "" for any other number."""
        if self.office != "CN" or chinese.read_application(self.number) != (self.number, ""):
            return ""
        return chinese.check_digit(self.number)

    @property
    def check_digit_is_wrong(self) -> bool:
        """Whether a Chinese check digit was given that is not the right one."""
        expected = self.expected_check_digit
        return bool(self.check_digit and expected) and self.check_digit != expected

    def __str__(self) -> str:
        if self.office == "WO" and self.number[:2].isalpha():
            return f"PCT/{self.number[:6]}/{self.number[6:]}"
        digit = self.expected_check_digit or ("" if self.office == "EP" else self.check_digit)
        return f"{self.key}.{digit}" if digit else self.key


def _read_international(spaced: str, office: str | None) -> str | None:
    """Read an international application: receiving office, year of 4, 6 digits."""
    match = _PCT.fullmatch(spaced) or _PCT_SHORT_SERIAL.fullmatch(spaced)
    if match is None:
        match = _PCT_UNNAMED.fullmatch(spaced)
        if match is not None and match[1] in ("JP", "WO"):  # JP 2010/123456 is a national number
            match = None
    if match is None and (office == "WO" or spaced.startswith("WO")):
        match = _PCT_BARE.fullmatch(spaced)
    if match is not None:
        where, year, serial = match.groups()
    else:
        epodoc = _PCT_EPODOC.fullmatch(spaced)
        if epodoc is None:
            return None
        year, where, serial = epodoc.groups()
    if len(year) == 2:
        year = ("19" if year >= "78" else "20") + year
    return where + year + serial.zfill(6)


def _canonical_number(office: str, number: str, body: str) -> str:
    """Write an office's several spellings in one way; `body` has the joints that `number` lost."""
    if office == "US":
        series = _US_SERIES.fullmatch(body)
        if series is not None:
            return series[1].zfill(2) + series[2] + series[3]
        if len(number) == 12 and number.isdigit():  # DOCDB puts the year before the series
            return number[4:]
    if office == "EP" and len(number) == 11 and number.isdigit() and number[4] == "0":
        return number[2:4] + number[5:]  # epodoc: EP20100167109
    if office == "JP":
        yeared = japanese.read_year(body.removeprefix("JP").lstrip(" -"))
        return japanese.tidy_era(number) if yeared is None else yeared[0]
    return number
