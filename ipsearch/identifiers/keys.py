"""Finding a record by a number: what a person may type. What a record is filed under: `filing`.

A key is a number without joints and check digit. A record is filed under each of its numbers
three times: with kind code, without it, and without office either. A publication of unknown kind
has a key with a dash for the kind, so that a look-up with a kind meets it and yet no other kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import chinese, japanese
from ipsearch.identifiers.application import ApplicationNumber
from ipsearch.identifiers.mark import OFFICE_OF_PREFIX, mark_number
from ipsearch.identifiers.publication import PublicationNumber, korean_with_type
from ipsearch.identifiers.spelling import compact, fold, split_office, without_labels

# Letters that often begin a number which names no office: US designs, reissues, plants, statutory
# inventions and defensive publications; Taiwanese I and M; Brazilian PI; years of Japanese eras;
# international registrations of marks (G in China, W in the EU).
_LETTERS = ("", "D", "RE", "PP", "H", "T", "S", "I", "M", "PI", "G", "W", "WO")
_BARE = re.compile(r"([A-Z]{0,2})([0-9]{1,20})([A-Z][0-9]?)?")
_BARE_LETTERED = re.compile(r"[0-9]{1,8}[A-Z]{2,5}[0-9]{4}")  # India: 1234/CHENP/2010
_YEAR_AND_SERIAL = re.compile(
    r"P?([0-9]{1,2}|(?:19|20)[0-9]{2})[-/]([0-9]{1,7})(?:-?([A-Z][0-9]?))?"
)
_CHECK_DIGIT = re.compile(r"([^.]*[0-9])\. ?[0-9X][A-Z]?")

# Offices whose canonical numbers have zeros of their own at the beginning, or none.
_FIXED_ZEROS = frozenset(("CN", "EM", "EP", "JP", "US", "WO"))


def lookup_keys(text: str) -> tuple[str, ...]:
    """Give the search keys of every reading of `text`, the likeliest first.

    `text` is one number of a patent or a mark in any spelling. Digits that name no office are
    looked for in all offices; a kind code counts only where an office is named. Raises
    `IdentifierError` if `text` can be read as no number.

    >>> lookup_keys("CN 101234567 B")
    ('CN101234567B', 'CN101234567-')
    >>> lookup_keys("200910190429.0")
    ('CN200910190429', '200910190429')
    """
    folded = fold(text)
    keys = dict.fromkeys(_named_readings(text, folded))
    spaced = without_labels(folded)
    names_no_office = split_office(compact(spaced), None)[0] is None and not spaced.startswith("ZL")
    if not keys or names_no_office:
        keys.update(dict.fromkeys(bare_readings(spaced)))
    elif spaced.startswith("NO "):  # Norway, or the word
        keys.update(dict.fromkeys(bare_readings(spaced[3:])))
    if not keys:
        raise IdentifierError(f"not a number: {text!r}")
    return tuple(keys)


def explain(text: str) -> str | None:
    """Say what is wrong with a number that can be read all the same; None if nothing is.

    >>> explain("ZL200910190429.5")
    'check digit of 200910190429.5 is wrong, 0 expected'
    """
    try:
        spaced = without_labels(fold(text))
        application = ApplicationNumber.parse(text, office="CN")
    except IdentifierError:
        return None
    # Nine digits alone are rather a publication or a mark than a number with its check digit.
    says_so = _CHECK_DIGIT.fullmatch(spaced) or spaced.startswith(("CN", "ZL"))
    if not application.check_digit_is_wrong or not (says_so or spaced.endswith("X")):
        return None
    given = f"{application.number}.{application.check_digit}"
    return f"check digit of {given} is wrong, {application.expected_check_digit} expected"


def _named_readings(text: str, folded: str) -> Iterator[str]:
    """The readings of a text that names its office."""
    compacted = compact(without_labels(folded))
    has_kind = False
    try:
        publication = PublicationNumber.parse(text)
    except IdentifierError:
        pass
    else:
        base = key_of(publication.office, publication.number)
        has_kind = bool(publication.kind_code) and not may_be_a_mark(publication)
        if publication.kind_code:
            yield base + publication.kind_code
            yield base + "-"
        if not publication.kind_code or (
            publication.office == "CN" and len(publication.number) == 8
        ):
            yield base  # in 1985-88 it is the application's number as well
    try:
        application = ApplicationNumber.parse(text)
    except IdentifierError:
        pass
    else:
        if not has_kind:
            yield key_of(application.office, application.number)
            if application.office not in _FIXED_ZEROS:
                yield compacted  # NL06000030 may be a Mexican number without its office
            yield from korean_short_form(application)
    letters = compacted[: len(compacted) - len(compacted.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
    office = OFFICE_OF_PREFIX.get(letters)
    if office is not None:
        try:
            yield mark_number(text, office)
        except IdentifierError:
            return


def bare_readings(spaced: str) -> Iterator[str]:
    """The readings of a text that names no office, as keys without office."""
    compacted = compact(spaced).removeprefix("ZL")
    checked = _CHECK_DIGIT.fullmatch(spaced)
    if checked is not None:
        digits = compact(checked[1]).removeprefix("ZL")
        found = chinese.read_application(digits)
        if found is not None:
            yield "CN" + found[0]
        yield bare(digits)
        return
    chinese_number = None if "/" in spaced else chinese.read_application(compacted)
    if chinese_number is not None:
        number, given = chinese_number
        # Nine digits are seldom an old number with its check digit: it should be the right one.
        if len(compacted) != 9 or given == chinese.check_digit(number):
            yield "CN" + number
            yield bare(number)
    if "-" in spaced or not spaced.isascii():
        japanese_number = japanese.read_year(spaced)
        if japanese_number is not None:
            yield "JP" + japanese_number[0]
    yeared = _YEAR_AND_SERIAL.fullmatch(spaced)
    if yeared is not None:
        year, serial = yeared[1], yeared[2]
        if len(year) == 4:
            yield year + serial.zfill(6)
            yield year + serial.zfill(7)
        elif len(year) == 1:
            yield year + serial.zfill(6)
        else:  # 99/12345 is an international publication, 9/727,764 a US series and serial
            yield ("19" if year >= "78" else "20") + year + serial.zfill(6)
            yield bare(year + serial.zfill(6))
    match = _BARE.fullmatch(compacted)
    if match is None:
        if _BARE_LETTERED.fullmatch(compacted):
            yield compacted
        return
    letters, digits, kind = match.groups()
    letters = "" if letters == "P" else letters  # the Japanese office's P2010-123456A
    # H01M is a class and 5G a word; few numbers with letters are as short.
    fewest = (4 if kind else 1) if not letters else 3 if letters in _LETTERS else 5
    if len(digits) < fewest:
        return
    if kind:
        yield letters + digits.lstrip("0") + kind  # a mark's number may end in a letter
    yield letters + (digits.lstrip("0") or digits)
    if letters:
        yield letters + digits  # the year of a Japanese era keeps its zero
    if not letters and len(digits) == 10 and digits.startswith("20"):
        yield f"{digits[:4]}0{digits[4:]}"  # DOCDB leaves out a zero of US applications
    if not letters and korean_with_type(digits):
        yield digits[2:]  # Korean publications


def may_be_a_mark(publication: PublicationNumber) -> bool:
    """International marks may end in a letter; kinds of WO publications have a digit as well."""
    return publication.office == "WO" and len(publication.kind_code) == 1


def korean_short_form(application: ApplicationNumber) -> tuple[str, ...]:
    """DOCDB leaves out the two digits of the type: KR20100123456."""
    is_korean = application.office == "KR" and korean_with_type(application.number)
    return ("KR" + application.number[2:],) if is_korean else ()


def key_of(office: str, number: str) -> str:
    return office + (number if office in _FIXED_ZEROS else bare(number))


def bare(number: str) -> str:
    return number.lstrip("0") or number
