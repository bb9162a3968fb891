"""Single values of the XML sources: odd dates, numbers, parties, goods, texts."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from lxml import etree

from ipsearch.records import LEGAL_STATUSES
from ipsearch.sources import cnipa_patent, uspto_patent, uspto_trademark
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.math_rows import math_row
from ipsearch.sources.uspto_patent import us_class
from ipsearch.sources.uspto_trademark import split_goods
from ipsearch.sources.uspto_trademark_status import CLASS_STATUS, STATUS
from ipsearch.sources.xml_text import read_date, strip_number, text_of


def read(source: Source, content: str) -> tuple[list[Any], Notes]:
    notes = Notes()
    stream = io.BytesIO(content.encode())
    results = list(source.read(Input("a.xml", stream, None, True, notes)))
    return [one.row if isinstance(one, Record) else one for one in results], notes


def case_file(header: str = "", rest: str = "", number: str = "98000001") -> dict[str, Any]:
    content = (
        f"<case-file><serial-number>{number}</serial-number>"
        f"<case-file-header>{header}</case-file-header>{rest}</case-file>"
    )
    (row,), _ = read(uspto_trademark.SOURCE, content)
    assert isinstance(row, dict)
    return row


def cnipa(body: str, attributes: str = 'docNumber="199900001" kind="B"') -> dict[str, Any]:
    content = (
        '<b:PatentDocumentAndRelated xmlns:b="u" xmlns:base="v" '
        f'datePublication="20200102" {attributes}>{body}</b:PatentDocumentAndRelated>'
    )
    (row,), _ = read(cnipa_patent.SOURCE, content)
    assert isinstance(row, dict)
    return row


@pytest.mark.parametrize(
    ("text", "expected", "is_noted"),
    [
        ("20200229", date(2020, 2, 29), False),
        ("2020-02-29", date(2020, 2, 29), False),
        ("20210229", None, True),
        ("19870000", None, True),
        ("19870400", None, True),
        ("00000000", None, False),
        ("0", None, False),
        (None, None, False),
        ("soon", None, True),
        ("99999999", None, True),
    ],
)
def test_dates(text: str | None, expected: date | None, is_noted: bool) -> None:
    """A whole date is read; zeros are nothing; anything else is null and noted."""
    notes = Notes()
    assert read_date(text, notes, "filing_date") == expected
    assert bool(notes.warnings) == is_noted


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("1. A battery.", "1", "A battery."),
        ("1.一种电池。", "1", "一种电池。"),
        ("12、如权利要求1所述", "12", "如权利要求1所述"),
        ("1.5 mm of wire", "1", "1.5 mm of wire"),
        ("A battery.", "1", "A battery."),
        ("2. A battery.", "1", "2. A battery."),
        ("1. A battery.", None, "1. A battery."),
    ],
)
def test_claim_numbers(text: str, label: str | None, expected: str) -> None:
    """Only the claim's own printed number is taken off."""
    assert strip_number(text, label) == expected


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<p>a\n  b</p>", "a b"),
        ("<p>锂\n   电池</p>", "锂电池"),
        ("<p>用 Li<sub>2</sub>O 制成</p>", "用 Li2O 制成"),
        ("<p>x<br/>y<ul><li>1</li><li>2</li></ul>z</p>", "x\ny\n1\n2\nz"),
        ("<p>a<!-- no --><?no?>b</p>", "ab"),
        ("<t><row><entry>a</entry><entry>b</entry></row><row><entry>c</entry></row></t>", "a b\nc"),
        ("<p>x<img/>y</p>", "xy"),
        ("<p/>", ""),
    ],
)
def test_text(xml: str, expected: str) -> None:
    """Blocks are lines, line breaks of the source are spaces but between Chinese characters."""
    assert text_of(etree.fromstring(xml)) == expected


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<mfrac><mi>a</mi><mi>b</mi></mfrac>", "(a)/(b)"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i^2"),
        ("<msqrt><mi>n</mi><mo>+</mo><mn>1</mn></msqrt>", "√(n+1)"),
        ("<mroot><mi>n</mi><mn>3</mn></mroot>", "3√(n)"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a,b)"),
        ("<mfenced open='[' close=']' separators=''><mi>a</mi></mfenced>", "[a]"),
        ("<mfrac><mi>a</mi></mfrac>", "a"),
        ("<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr></mtable>", "a b"),
    ],
)
def test_formulas(xml: str, expected: str) -> None:
    """A formula is one row that keeps what is above, below, and under the root."""
    assert math_row(f"<math>{xml}</math>") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("705 26", "705/26"),
        ("715513", "715/513"),
        ("600300000", "600/300"),
        ("70920333", "709/203.33"),
        ("D14374", "D14/374"),
        ("D 6300", "D6/300"),
        ("PLT215", "PLT/215"),
        (" 99516", "99/516"),
        ("002001000", "2/1"),
        ("704E17", "704/E17"),
        ("None", None),
        ("", None),
    ],
)
def test_us_classes(text: str, expected: str | None) -> None:
    """Columns of class and subclass are written with a slash, without what fills them up."""
    assert us_class(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a; b ;c.", ["a", "b", "c"]),
        ("a (b; c); d", ["a (b; c)", "d"]),
        ("a [ b; c ]; d", ["a", "d"]),
        ("a ((b; c)); *d*", ["a", "d"]),
        ("a) ; b", ["a)", "b"]),
        ("(a; b", ["(a; b"]),
        ("[ a ]", []),
    ],
)
def test_goods(text: str, expected: list[str]) -> None:
    """Items end at semicolons outside parentheses; what was deleted is left out."""
    assert split_goods(text) == expected


def test_status_codes_are_ours() -> None:
    """Every status is one of the schema's, and the codes' meanings hold at known points."""
    statuses = set(STATUS.values()) | {status for status in CLASS_STATUS.values() if status}
    assert statuses <= set(LEGAL_STATUSES)
    assert len(STATUS) == 165
    known = {"630": "pending", "700": "registered", "710": "lapsed", "900": "expired"}
    assert {code: STATUS[code] for code in known} == known


def test_unknown_status_is_an_event() -> None:
    """A status code that nobody knows is kept as an event."""
    row = case_file("<status-code>999</status-code><status-date>20240101</status-date>")
    assert row["legal_status"] is None
    (event,) = row["legal_events"]
    assert (event["code"], event["date"]) == ("999", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("<mark-drawing-code>4</mark-drawing-code>", "word"),
        ("<mark-drawing-code>2000</mark-drawing-code>", "figurative"),
        ("<mark-drawing-code>3</mark-drawing-code>", "combined"),
        ("<mark-drawing-code>6</mark-drawing-code>", "sound"),
        ("<mark-drawing-code>0</mark-drawing-code>", None),
        ("<standard-characters-claimed-in>T</standard-characters-claimed-in>", "word"),
        ("<drawing-3d-current-in>T</drawing-3d-current-in>", "3d"),
        ("<mark-drawing-code>x</mark-drawing-code>", None),
    ],
)
def test_mark_kinds(header: str, expected: str | None) -> None:
    """The drawing code and its flags give the kind of mark."""
    assert case_file(header)["mark_kind"] == expected


@pytest.mark.parametrize(
    ("renewed", "expected"), [("19871212", date(2007, 12, 12)), ("20240229", date(2034, 3, 1))]
)
def test_renewals(renewed: str, expected: date) -> None:
    """A renewal before 16 November 1989 was for twenty years, later ones are for ten."""
    row = case_file(f"<status-code>800</status-code><renewal-date>{renewed}</renewal-date>")
    assert row["expiry_date"] == expected


def test_us_class_of_several_nice_classes() -> None:
    """Goods of one US class that stands for two Nice classes are in both."""
    row = case_file(
        rest="<case-file-statements><case-file-statement><type-code>GS0021</type-code>"
        "<text>Boxes</text></case-file-statement></case-file-statements>"
        "<classifications><classification><international-code>006</international-code>"
        "<international-code>020</international-code><primary-code>002</primary-code>"
        "</classification></classifications>"
    )
    assert [entry["nice_class"] for entry in row["classes"]] == [6, 20]
    assert [entry["goods"] for entry in row["classes"]] == [["Boxes"], ["Boxes"]]


def test_mark_without_any_number() -> None:
    """A case file without numbers is a reject."""
    (result,), _ = read(uspto_trademark.SOURCE, "<case-file><serial-number/></case-file>")
    assert isinstance(result, Reject) and "no number" in result.reason


def test_cnipa_without_any_number() -> None:
    """A document without a number of its own, or of its application, is a reject."""
    content = "<PatentDocumentAndRelated docNumber='x'/>"
    (result,), _ = read(cnipa_patent.SOURCE, content)
    assert isinstance(result, Reject) and "'x'" in result.reason


def test_cnipa_filler_party() -> None:
    """A party whose name is a filler is none; filler parts of an address are null."""
    book = "<base:AddressBook><base:Name>{}</base:Name><base:Address><base:City>0</base:City>"
    book += "<base:Province>湖北省</base:Province></base:Address></base:AddressBook>"
    applicants = "".join(f"<b:Applicant>{book.format(name)}</b:Applicant>" for name in ("0", "甲"))
    row = cnipa(
        f"<b:BibliographicData><b:ApplicantDetails>{applicants}</b:ApplicantDetails>"
        "</b:BibliographicData>"
    )
    (party,) = row["applicants"]
    assert (party["name"], party["province"], party["city"]) == ("甲", "湖北省", None)


def test_cnipa_translated_party_is_the_same_one() -> None:
    """Of one party in two languages the Chinese one is taken."""
    parties = "".join(
        f'<b:Inventor sequence="{n}" lang="{lang}"><base:Name>{name}</base:Name></b:Inventor>'
        for n, lang, name in ((1, "en", "Inventor A"), (1, "zh", "发明人甲"), (2, "en", "B"))
    )
    row = cnipa(
        f"<b:BibliographicData><b:InventorDetails>{parties}</b:InventorDetails>"
        "</b:BibliographicData>"
    )
    assert [party["name"] for party in row["inventors"]] == ["发明人甲", "B"]


@pytest.mark.parametrize(
    ("kind", "expected", "is_grant"),
    [
        ("A", "invention", False),
        ("B", "invention", True),
        ("C", "invention", True),
        ("U", "utility_model", True),
        ("Y", "utility_model", True),
        ("S", "design", True),
    ],
)
def test_cnipa_kinds(kind: str, expected: str, is_grant: bool) -> None:
    """The kind code gives the type, and everything but A is a grant."""
    row = cnipa("", f'docNumber="199900001" kind="{kind}"')
    assert row["patent_type"] == expected
    assert row.get("grant_date") == (date(2020, 1, 2) if is_grant else None)


def test_cnipa_wrong_check_digit_is_noted() -> None:
    """A wrong check digit is no reject but a note."""
    content = (
        '<PatentDocumentAndRelated docNumber="199900001" kind="A"><BibliographicData>'
        '<ApplicationReference dataFormat="original"><DocumentID><WIPOST3Code>CN</WIPOST3Code>'
        "<DocNumber>200910190429.1</DocNumber></DocumentID></ApplicationReference>"
        "</BibliographicData></PatentDocumentAndRelated>"
    )
    (row,), notes = read(cnipa_patent.SOURCE, content)
    assert row["application_number"] == "CN200910190429.0"
    assert notes.warnings == {"application_number: its check digit is wrong": 1}


def test_cnipa_standard_number_alone() -> None:
    """Where only the standard form is given, it is written as the original one."""
    row = cnipa(
        '<b:BibliographicData><b:ApplicationReference applType="10" dataFormat="standard">'
        "<base:DocumentID><base:DocNumber>102019000302430</base:DocNumber></base:DocumentID>"
        "</b:ApplicationReference></b:BibliographicData>"
    )
    assert row["application_number"] == "CN201910302430.1"


def test_uspto_plant_and_reissue() -> None:
    """Plants and reissues keep the letters of their numbers."""
    grant = (
        "<us-patent-grant><us-bibliographic-data-grant><publication-reference><document-id>"
        "<country>US</country><doc-number>{}</doc-number><kind>{}</kind></document-id>"
        '</publication-reference><application-reference appl-type="{}"/>'
        "</us-bibliographic-data-grant></us-patent-grant>"
    )
    content = grant.format("PP029999", "P2", "plant") + grant.format("RE049999", "E1", "reissue")
    (plant, reissue), _ = read(uspto_patent.SOURCE, content)
    assert (plant["id"], plant["patent_type"]) == ("USPP29999P2", "plant")
    assert (reissue["id"], reissue["patent_type"]) == ("USRE49999E1", "invention")


def test_uspto_sequence_listings_are_counted() -> None:
    """Documents of other roots in a weekly file are passed over with a note."""
    content = '<?xml version="1.0"?><sequence-cwu><p>x</p></sequence-cwu>' * 2
    rows, notes = read(uspto_patent.SOURCE, content)
    assert rows == []
    assert notes.warnings == {"passed over a document of another kind: <sequence-cwu>": 2}


@pytest.mark.parametrize(
    "wrapper",
    [
        '<b:PatentDocuments xmlns:b="u" xmlns:base="v"><item>{}</item></b:PatentDocuments>',
        "<l>{}</l>",
    ],
)
def test_cnipa_documents_in_a_wrapper(wrapper: str) -> None:
    """Documents inside another element are read, whether it or they declare the prefixes."""
    declared = "" if "xmlns" in wrapper else ' xmlns:b="u" xmlns:base="v"'
    documents = "".join(
        f'<b:PatentDocumentAndRelated{declared} docNumber="19990000{n}" kind="B"><b:Abstract>'
        f"<base:Paragraphs>摘要{n}</base:Paragraphs></b:Abstract></b:PatentDocumentAndRelated>"
        for n in (1, 2)
    )
    rows, notes = read(cnipa_patent.SOURCE, '<?xml version="1.0"?>' + wrapper.format(documents))
    found = [(row["id"], row["abstracts"][0]["text"]) for row in rows]
    assert found == [("CN199900001B", "摘要1"), ("CN199900002B", "摘要2")]
    assert not notes.warnings


def test_cnipa_broken_document_in_a_wrapper() -> None:
    """A broken document is a reject that says where it broke; the next one is read."""
    document = (
        '<b:PatentDocumentAndRelated docNumber="199900001" kind="B">{}</b:PatentDocumentAndRelated>'
    )
    content = f'<l xmlns:b="u">\n{document.format("<b:A></b:B>")}\n{document.format("")}</l>'
    (reject, row), _ = read(cnipa_patent.SOURCE, content)
    assert isinstance(reject, Reject) and reject.reason.startswith("line 1, column 7")
    assert row["id"] == "CN199900001B"
