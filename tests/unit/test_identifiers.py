"""Numbers: every usual spelling reads the same, and finds its record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import (
    ApplicationNumber,
    PublicationNumber,
    chinese,
    explain,
    filing_keys,
    lookup_keys,
    mark_number,
)

DATA = Path(__file__).parents[2].parent / "shared" / "data"

# canonical -> spellings; a pair of text and office where the text names none
PUBLICATIONS: dict[str, list[str | tuple[str, str]]] = {
    "CN101234567B": [
        "CN101234567B",
        "CN 101234567 B",
        "CN-101234567-B",
        "cn101234567b",
        "ＣＮ１０１２３４５６７Ｂ",
        "CN 101 234 567 B",
        "CN101234567 (B)",
        "公开（公告）号：CN101234567B",
        "授权公告号 CN 101234567 B",
        ("101234567B", "CN"),
    ],
    "CN1636837A": ["CN1636837A", "CN-1636837-A"],
    "CN85100312A": ["CN85100312A", ("85100312 A", "CN")],
    "CN201234567U": ["CN201234567U", "CN 201234567 U"],
    "CN301234567S": ["CN301234567S"],
    "CN101234567": ["CN101234567", ("101234567", "CN")],
    "US10172347B2": ["US10172347B2", "US 10,172,347 B2", "US-10172347-B2", ("10172347B2", "US")],
    "US6854070": ["U.S. Pat. No. 6,854,070", "US Patent 6,854,070", ("06854070", "US")],
    "US4058776A": ["US-4058776-A", "US04058776A"],
    "US20040137729A1": [
        "US20040137729A1",
        "US-2004137729-A1",
        "US2004137729A1",
        "US 2004/0137729 A1",
        ("20040137729A1", "US"),
    ],
    "USD435854S1": ["USD435854S1", "USD0435854S1", "US D435,854 S1", "US Des. 435,854 S1"],
    "USRE29871E": ["US-RE29871-E", "USRE029871E", "US Re. 29,871 E", ("RE029871E", "US")],
    "USPP30274P2": ["US-PP30274-P2", "US PP30,274 P2", ("PP030274P2", "US")],
    "USH1234H": ["USH0001234H", "US H1234 H"],
    "EP0123456B1": ["EP0123456B1", "EP 0 123 456 B1", "EP123456B1", ("0 123 456 B1", "EP")],
    "EP1234567A1": ["EP1234567A1", "EP-1234567-A1", "EP 1 234 567 A1"],
    "WO2019123456A1": ["WO2019123456A1", "WO2019/123456A1", "WO 2019/123456 A1"],
    "WO1999012345A1": ["WO9912345A1", "WO-9912345-A1", "WO 99/12345 A1", "WO1999012345A1"],
    "WO2003085440A1": ["WO-03085440-A1", "WO 03/085440 A1"],
    "JP2010123456A": ["JP2010123456A", "JP 2010-123456 A", "特開2010-123456", "JP-2010123456-A"],
    "JP2010001234A": ["特開2010-1234", "特開2010-001234号公報", ("2010-1234A", "JP")],
    "JPH05123456A": ["JPH05123456A", "JP-H05123456-A", "特開平5-123456", "特開平05-123456号公報"],
    "JPH042739A": ["JP-H042739-A", "JPH04002739A", "特開平4-2739", "JP H04-002739 A"],
    "JPS601234A": ["特開昭60-1234", "JPS601234A"],
    "JPH11167215": [("11-167215", "JP")],
    "JPS60123456": [("60-123456", "JP")],
    "JP5123456": ["特許第5123456号", "JP5123456", "特許第5,123,456号"],
    "JP5123456B2": ["JP 5123456 B2", "特許第5123456号(B2)"],
    "JPWO2010123456A1": ["再表2010/123456", "JPWO2010123456A1"],
    "KR20100123456A": ["KR20100123456A", "KR 10-2010-0123456 A", "KR1020100123456A"],
    "KR101234567B1": ["KR101234567B1", "KR 10-1234567 B1"],
    "TWI123456B": ["TWI123456B", "TW I123456 B"],
    "DE102010012345A1": ["DE102010012345A1", "DE 10 2010 012 345 A1"],
    "GB191113512A": ["GB-191113512-A"],
    "ITMI20101234A1": ["ITMI20101234A1", "IT MI2010 1234 A1", ("MI20101234A1", "IT")],
    "BRPI0123456A2": ["BR PI 0123456 A2", ("PI0123456A2", "BR")],
    "IN1234CHENP2010A": ["IN 1234/CHENP/2010 A"],
    "DK3740998T3": ["DK 3740998 T3", "DK3740998T3"],
    "NO123456B1": ["NO 123456 B1", "NO123456B1"],
}

APPLICATIONS: dict[str, list[str | tuple[str, str]]] = {
    "CN200910190429.0": [
        "CN200910190429.0",
        "CN200910190429",
        "CN2009101904290",
        "CN 200910190429.0",
        "ZL200910190429.0",
        "ZL 2009 1 0190429.0",
        "ZL200910190429．0",
        "ZL200910190429·0",
        "专利号：ZL200910190429.0",
        "申请号：CN200910190429.0",
        "CN-200910190429-A",
        "CN200910190429.0A",
        "CN200910190429A",
        "CN102009000190429",
        "CN20091190429",
        ("200910190429.0", "CN"),
        ("200910190429", "CN"),
        ("2009101904290", "CN"),
        ("102009000190429", "CN"),
        ("200910190429.7", "CN"),
    ],
    "CN85100312.5": ["CN85100312", "CN85100312.5", ("85100312", "CN"), ("101985000000312", "CN")],
    "CN200780012345.7": ["CN200780012345", ("102007080012345", "CN")],
    "CN201320854096.9": [("202013000854096", "CN"), "ZL201320854096.9"],
    "PCT/CN2019/123456": [
        "PCT/CN2019/123456",
        "PCTCN2019123456",
        "PCT-CN2019-123456",
        "WO2019CN123456",
        "国际申请号 PCT/CN2019/123456",
        ("CN2019123456", "WO"),
    ],
    "PCT/JP1999/001234": ["PCT/JP99/01234", "PCT/JP99/001234", "PCT/JP1999/1234"],
    "PCT/EP2024/063512": ["WO2024EP63512", "EP2024/063512"],
    "US12248643": [
        ("12248643", "US"),
        "US12248643",
        "US 12/248,643",
        "US-201112248643-A",
        "U.S. Appl. No. 12/248,643",
    ],
    "US09727764": ["US09727764", "US 9/727,764", ("09/727,764", "US")],
    "EP19123456": ["EP19123456.7", "EP 19 123 456.7", "EP19123456.7A", ("19123456.7", "EP")],
    "EP10167109": ["EP10167109", "EP20100167109", "EP10167109A", "EP-10167109-A"],
    "JP2010123456": ["特願2010-123456", "JP2010-123456", "JP2010123456A", ("2010-123456", "JP")],
    "JPH05123456": ["特願平5-123456", "特願平05-123456号", ("H05-123456", "JP")],
    "KR1020100123456": ["KR 10-2010-0123456", ("10-2010-0123456", "KR")],
    "DE102010012345.6": ["DE102010012345.6", "DE 10 2010 012 345.6"],
    "IN1234CHENP2010": ["IN 1234/CHENP/2010", ("1234/CHENP/2010", "IN")],
    "CN12345678": ["CN12345678"],  # a mark's: no year of the old system begins like that
}


def _pairs(
    table: dict[str, list[str | tuple[str, str]]],
) -> list[tuple[str, str, str | None]]:
    return [
        (canonical, *((spelling, None) if isinstance(spelling, str) else spelling))
        for canonical, spellings in table.items()
        for spelling in spellings
    ]


@pytest.mark.parametrize(("canonical", "text", "office"), _pairs(PUBLICATIONS))
def test_publication_numbers_read_in_every_spelling(
    canonical: str, text: str, office: str | None
) -> None:
    """All spellings of a publication number print as one, which reads as itself."""
    number = PublicationNumber.parse(text, office)
    assert str(number) == canonical
    assert PublicationNumber.parse(canonical) == number


def test_a_number_may_end_in_a_letter_before_its_kind() -> None:
    """Swiss numbers of watches do: the G is the number's, the A3 is the kind code."""
    number = PublicationNumber.parse("CH-661404G-A3")
    assert (number.number, number.kind_code) == ("661404G", "A3")


@pytest.mark.parametrize(("canonical", "text", "office"), _pairs(APPLICATIONS))
def test_application_numbers_read_in_every_spelling(
    canonical: str, text: str, office: str | None
) -> None:
    """All spellings of an application number have one key, and print as one.

    A check digit of another office than the Chinese is printed only where it was given.
    """
    number = ApplicationNumber.parse(text, office)
    assert str(number) == canonical
    assert ApplicationNumber.parse(canonical).key == number.key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CN",
        "锂电池",
        "CN锂电池1234567",
        "H01M10/0525",
        "CN200910190429.0",
        "CN2009101904290",
        "CN101234567X",
        "CN12345678A",
        "EP12345678A1",
        "WO12A1",
        "PCT/CN2019/123456",
        "101234567B",
        "特願2010-123456",
        "US" + "1" * 40,
        "C" * 101,
        "CN101234567B@",
    ],
)
def test_publication_numbers_refuse_what_is_none(text: str) -> None:
    """What is no publication number of its office raises."""
    with pytest.raises(IdentifierError):
        PublicationNumber.parse(text)


@pytest.mark.parametrize(
    "text", ["", "CN", "锂电池", "200910190429.0", "特開2010-123456", "C" * 101]
)
def test_application_numbers_refuse_what_is_none(text: str) -> None:
    """What is no application number, or names no office, raises."""
    with pytest.raises(IdentifierError):
        ApplicationNumber.parse(text)


def test_the_check_digit_is_no_part_of_the_identity() -> None:
    """A wrong check digit is noticed, printed right, and does not make another application."""
    right, wrong, none = (
        ApplicationNumber.parse(f"CN200910190429{end}") for end in (".0", ".X", "")
    )
    assert {right.key, wrong.key, none.key} == {"CN200910190429"}
    assert {str(right), str(wrong), str(none)} == {"CN200910190429.0"}
    assert (right.check_digit, wrong.check_digit, none.check_digit) == ("0", "X", "")
    assert wrong.check_digit_is_wrong
    assert not right.check_digit_is_wrong
    assert not none.check_digit_is_wrong
    assert wrong.expected_check_digit == "0"


def test_other_offices_check_digits_are_kept_as_given() -> None:
    """We know no rule for other offices' check digits: they are neither judged nor made up."""
    number = ApplicationNumber.parse("EP19123456.7")
    assert (number.expected_check_digit, number.check_digit_is_wrong) == ("", False)
    assert ApplicationNumber.parse("CN12345678").expected_check_digit == ""  # a mark's number


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("200910190429.X", "check digit of 200910190429.X is wrong, 0 expected"),
        ("ZL 200910190429.5", "check digit of 200910190429.5 is wrong, 0 expected"),
        ("CN2009101904295", "check digit of 200910190429.5 is wrong, 0 expected"),
        ("85100312.X", "check digit of 85100312.X is wrong, 5 expected"),
        ("200910190429.0", None),
        ("200910190429", None),
        ("CN101234567B", None),
        ("EP19123456.7", None),
        ("003123456", None),  # an EU mark, not an old number with a wrong check digit
        ("2020100123456", None),  # a Korean utility model's
        ("锂电池", None),
        ("", None),
    ],
)
def test_explain_tells_a_wrong_check_digit_only(text: str, message: str | None) -> None:
    """A person hears of a wrong Chinese check digit, and of nothing else."""
    assert explain(text) == message


@pytest.mark.parametrize(
    ("text", "office", "canonical"),
    [
        ("12345678", "CN", "CN12345678"),
        ("第12345678号", "CN", "CN12345678"),
        ("No. 12345678", "CN", "CN12345678"),
        ("注册号：12345678", "CN", "CN12345678"),
        ("CN12345678", "CN", "CN12345678"),
        ("１２３４５６７８", "CN", "CN12345678"),
        ("12345678.0", "CN", "CN12345678"),
        ("12345678A", "CN", "CN12345678A"),
        ("G1234567", "CN", "CNG1234567"),
        ("G 1234567", "CN", "CNG1234567"),
        ("98763166", "US", "US98763166"),
        ("98/763,166", "US", "US98763166"),
        ("Serial No. 98/763,166", "US", "US98763166"),
        ("0123456", "US", "US123456"),
        ("Reg. No. 2,178,784", "US", "US2178784"),
        ("018123456", "EM", "EM018123456"),
        ("EU018123456", "EM", "EM018123456"),
        ("EUTM 18123456", "EM", "EM018123456"),
        ("000274084", "EM", "EM000274084"),
        ("W01234567", "EM", "EMW01234567"),
        ("1234567", "WO", "WO1234567"),
        ("1234567A", "WO", "WO1234567A"),
        ("IR 1234567", "WO", "WO1234567"),
        ("G1234567", "WO", "WO1234567"),
        ("UK00003123456", "GB", "GB3123456"),
        ("TMA123,456", "CA", "CATMA123456"),
        ("40-2010-0012345", "KR", "KR4020100012345"),
        ("2010-012345", "JP", "JP2010012345"),
    ],
)
def test_mark_numbers_read_in_every_spelling(text: str, office: str, canonical: str) -> None:
    """All spellings of a mark's number print as one, which reads as itself."""
    assert mark_number(text, office) == canonical
    assert mark_number(canonical, office) == canonical


@pytest.mark.parametrize("text", ["", "第号", "某某", "12345678某", "1" * 15, "H01M10/0525"])
def test_mark_numbers_refuse_what_is_none(text: str) -> None:
    """What is no number of a mark raises."""
    with pytest.raises(IdentifierError):
        mark_number(text, "CN")


def _meets(text: str, filed: tuple[str, ...]) -> bool:
    return not set(lookup_keys(text)).isdisjoint(filed)


@pytest.mark.parametrize(("canonical", "text", "office"), _pairs(PUBLICATIONS))
def test_every_spelling_of_a_publication_meets_its_record(
    canonical: str, text: str, office: str | None
) -> None:
    """A record is found by each spelling, with and without kind code, in it and in the query."""
    number = PublicationNumber.parse(canonical)
    without_kind = number.office + number.number
    filed = filing_keys(publication_number=canonical, application_number=None)
    filed_without_kind = filing_keys(publication_number=without_kind, application_number=None)
    if office == "IT":
        text = office + text  # by itself MI would be an office
    assert _meets(text, filed)
    assert _meets(text, filed_without_kind)
    assert _meets(without_kind, filed)
    assert _meets(number.number, filed)
    assert _meets(
        text, filing_keys(publication_number=None, application_number=None, others=[text])
    )


@pytest.mark.parametrize(("canonical", "text", "office"), _pairs(APPLICATIONS))
def test_every_spelling_of_an_application_meets_its_record(
    canonical: str, text: str, office: str | None
) -> None:
    """A record is found by each spelling of its application number, office named or not."""
    filed = filing_keys(publication_number=None, application_number=canonical)
    if text != "JP2010123456A":  # rather the publication of another application
        assert _meets(text, filed)
    assert _meets(canonical, filed)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("12345678", "CN12345678"),
        ("第12345678号", "CN12345678"),
        ("注册号 12345678", "CN12345678"),
        ("12345678A", "CN12345678A"),
        ("G1234567", "CNG1234567"),
        ("1234567", "CNG1234567"),
        ("IR 1234567", "CNG1234567"),
        ("WO1234567", "CNG1234567"),
        ("WO1234567", "WO1234567"),
        ("G1234567", "WO1234567"),
        ("1234567A", "WO1234567A"),
        ("G1234567", "EMW01234567"),
        ("W01234567", "EMW01234567"),
        ("W1234567", "EMW01234567"),
        ("98/763,166", "US98763166"),
        ("98763166", "US98763166"),
        ("Serial No. 98/763,166", "US98763166"),
        ("US 98/763,166", "US98763166"),
        ("2,178,784", "US2178784"),
        ("Reg. No. 2,178,784", "US2178784"),
        ("EM018123456", "EM018123456"),
        ("EM18123456", "EM018123456"),
        ("EUTM 018123456", "EM018123456"),
        ("018123456", "EM018123456"),
        ("18123456", "EM018123456"),
        ("UK00003123456", "GB3123456"),
        ("40-2010-0012345", "KR4020100012345"),
    ],
)
def test_every_spelling_of_a_mark_meets_its_record(text: str, canonical: str) -> None:
    """A mark is found by its number, whether that is its application's or its registration's."""
    assert _meets(text, filing_keys(publication_number=None, application_number=canonical))
    assert _meets(
        text, filing_keys(publication_number=None, application_number=None, others=[canonical])
    )


@pytest.mark.parametrize(
    "text", ["CN85100312A", "CN85100312", "85100312", "85100312.5", "85100312.X", "CN85100312.X"]
)
def test_in_1985_to_1988_one_number_is_both(text: str) -> None:
    """Application and publication share a number: each look-up meets a record filed by either."""
    both = filing_keys(publication_number="CN85100312A", application_number="CN85100312.5")
    assert _meets(text, both)
    assert _meets(text, filing_keys(publication_number=None, application_number="CN85100312.5"))


def test_a_kind_code_separates_publications() -> None:
    """A look-up with kind code meets that publication and one of unknown kind, no other."""
    keys = set(lookup_keys("CN101234567B"))
    assert keys & set(filing_keys(publication_number="CN101234567B", application_number=None))
    assert keys & set(filing_keys(publication_number="CN101234567", application_number=None))
    assert not keys & set(filing_keys(publication_number="CN101234567A", application_number=None))
    assert not keys & set(filing_keys(publication_number="EP1012345B1", application_number=None))


def test_digits_alone_are_looked_for_in_all_offices() -> None:
    """A number that names no office meets every office's records, even an unlikely one's."""
    for publication in ("CN10172347A", "US10172347B2", "DE10172347A1"):
        assert _meets(
            "10172347", filing_keys(publication_number=publication, application_number=None)
        )


@pytest.mark.parametrize(
    "text",
    ["", "锂电池", "H01M10/0525", "G06F17/30", "A61K", "5G", "第9类", "CN", "。", "1" * 101, "abc"],
)
def test_lookup_keys_refuse_what_is_no_number(text: str) -> None:
    """A word or a class symbol is not looked up as a number."""
    with pytest.raises(IdentifierError):
        lookup_keys(text)


def test_filing_never_raises_and_loses_no_number() -> None:
    """A number that cannot be read is filed all the same, under its letters and digits."""
    for text in ("CN200910190429.0", "X/77-12", "200910190429.0"):
        filed = filing_keys(publication_number=text, application_number=None)
        assert re.sub("[^0-9A-Z]", "", text) in filed
    assert _meets(
        "CN200910190429.0",
        filing_keys(publication_number=None, application_number="200910190429.0"),
    )
    assert filing_keys(publication_number="", application_number="锂" * 200, others=["", "@"]) == ()


def test_filing_keys_are_few_and_different() -> None:
    """A record with both numbers has five keys."""
    filed = filing_keys(publication_number="CN102025678A", application_number="CN200910190429.0")
    assert filed == (
        "CN102025678A",
        "CN102025678",
        "102025678",
        "CN200910190429",
        "200910190429",
    )


@pytest.mark.skipif(not (DATA / "cn_patents_7384").exists(), reason="no shared data")
def test_real_chinese_check_digits_verify() -> None:
    """The rule gives the check digit of all 7,375 real numbers that have one, old and new."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(DATA / "cn_patents_7384" / "patents.xlsx")
    header, *rows = book.get_sheet_by_index(0).to_python()
    texts = [str(row[header.index("申请号")]) for row in rows]
    numbers = [ApplicationNumber.parse(text) for text in texts]
    checked = [number for number in numbers if number.check_digit]
    assert (len(numbers), len(checked)) == (7_384, 7_375)
    assert sum(len(number.number) == 8 for number in checked) == 746
    assert not [str(number) for number in checked if number.check_digit_is_wrong]
    assert [str(n) for n, text in zip(numbers, texts, strict=True) if "." in text] == [
        text for text in texts if "." in text
    ]


@pytest.mark.skipif(not (DATA / "cnipa_xml").exists(), reason="no shared data")
def test_the_standard_form_is_the_original_one() -> None:
    """Where the office's XML gives an application number in both forms, they read the same."""
    paths = sorted((DATA / "cnipa_xml" / "citation").glob("*.XML"))
    assert len(paths) == 4
    for path in paths:
        found = re.findall(
            r'<business:ApplicationReference applType="10" dataFormat="(\w+)".*?DocNumber>([^<]+)<',
            path.read_text(encoding="utf-8"),
            re.DOTALL,
        )
        forms = dict(found)
        original = ApplicationNumber.parse(forms["original"], "CN")
        assert ApplicationNumber.parse(forms["standard"], "CN").key == original.key
        assert not original.check_digit_is_wrong


@pytest.mark.parametrize("digits", ["200710123456", "201830000001", "202099999999"])
def test_a_canonical_application_is_filed_as_any_spelling_of_it(digits: str) -> None:
    """The short way of filing the commonest form gives what reading the number gives."""
    canonical = f"CN{digits}.{chinese.check_digit(digits)}"
    filed = filing_keys(publication_number=None, application_number=canonical)
    assert filed == filing_keys(publication_number=None, application_number=f"CN{digits}")
    assert filed == (f"CN{digits}", digits)
