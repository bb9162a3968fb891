"""The XML sources on real records: facts that were checked by eye against the XML."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from ipsearch.records import to_batch
from ipsearch.sources import cnipa_patent, uspto_patent, uspto_trademark
from ipsearch.sources.base import Input, Notes, Record, Source

DATA = Path(__file__).parents[2].parent / "shared" / "data"
CNIPA = DATA / "cnipa_xml" / "citation"
USPTO = DATA / "uspto_patent"
MARKS = DATA / "uspto_trademark"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no real records here")

CNIPA_FILES = {
    "CN85100312A": "CN101985000000312CN00000851003120AFULZH19870204CN00Z.XML",
    "CN102025678A": "CN102009000190429CN00001020256780AFULZH20110420CN00R.XML",
    "CN101945314B": "CN102010000298420CN00001019453140BFULZH20190802CN00D.XML",
    "CN110083831A": "CN102019000302430CN00001100838310AFULZH20190802CN00G.XML",
}
USPTO_FILES = {
    "US6859910B2": "US06859910.xml",
    "US6970935B1": "US06970935.xml",
    "US7272630B2": "US07272630B2.xml",
    "US8926509B2": "US08926509.xml",
    "US8927118B2": "US08927118.xml",
    "US8930553B2": "US08930553.xml",
    "US20050004437A1": "US20050004437A1.xml",
    "US20050004974A1": "US20050004974A1.xml",
    "US20250301933A1": "ipa251002_two_documents.xml",
    "US20250301934A1": "ipa251002_two_documents.xml",
}


def read(source: Source, path: Path, id: str) -> dict[str, Any]:
    """The row of one record, after it was found to fit its schema; no file has a reject."""
    notes = Notes()
    with path.open("rb") as stream:
        results = list(source.read(Input(path.name, stream, None, True, notes)))
    records = [result for result in results if isinstance(result, Record)]
    assert len(records) == len(results)
    assert notes.warnings == {}
    to_batch([record.row for record in records], records[0].kind)
    (row,) = [record.row for record in records if record.row["id"] == id]
    return row


def names(row: dict[str, Any], column: str) -> list[str | None]:
    return [party["name"] for party in row[column]]


def sizes(row: dict[str, Any], *columns: str) -> tuple[int, ...]:
    return tuple(len(row[column]) for column in columns)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# CNIPA


@pytest.mark.parametrize(
    ("id", "application", "filed", "published", "title", "counts"),
    [  # counts: claims, paragraphs with text, ipc, inventors, agents, citations
        (
            "CN85100312A",
            "CN85100312.5",
            date(1985, 4, 1),
            date(1987, 2, 4),
            "一种静电热管热交换式除尘器",
            (5, 18, 3, 1, 1, 0),
        ),
        (
            "CN102025678A",
            "CN200910190429.0",
            date(2009, 9, 11),
            date(2011, 4, 20),
            "信道估计方法、装置及相干检测系统",
            (14, 135, 3, 5, 0, 0),
        ),
        (
            "CN101945314B",
            "CN201010298420.4",
            date(2010, 10, 2),
            date(2019, 8, 2),
            "一种耳机、相应的音源设备以及控制方法",
            (7, 85, 1, 1, 0, 1),
        ),
        (
            "CN110083831A",
            "CN201910302430.1",
            date(2019, 4, 16),
            date(2019, 8, 2),
            "一种基于BERT-BiGRU-CRF的中文命名实体识别方法",
            (4, 92, 1, 2, 1, 0),
        ),
    ],
)
def test_cnipa_front_page(
    id: str, application: str, filed: date, published: date, title: str, counts: tuple[int, ...]
) -> None:
    """Numbers, dates, title and counts are those of the document."""
    row = read(cnipa_patent.SOURCE, CNIPA / CNIPA_FILES[id], id)
    assert (row["application_number"], row["filing_date"]) == (application, filed)
    assert (row["publication_number"], row["publication_date"]) == (id, published)
    assert row["titles"] == [{"language": "zh", "text": title}]
    columns = ("claims", "description", "ipc", "inventors", "agents", "citations")
    assert sizes(row, *columns) == counts
    assert row["patent_type"] == "invention"
    assert row["claim_count"] == counts[0]


def test_cnipa_old_application() -> None:
    """The 1987 document: an older IPC element, an agent with its agency, no filler zeros."""
    row = read(cnipa_patent.SOURCE, CNIPA / CNIPA_FILES["CN85100312A"], "CN85100312A")
    assert row["ipc"] == ["B03C3/09", "F28F1/38", "F28G1/02"]
    (applicant,) = row["applicants"]
    assert applicant == {
        "name": "东北工学院",
        "organization": None,
        "country": "CN",
        "province": "辽宁省",
        "city": "沈阳市",
        "county": "和平区",
        "address": "辽宁省沈阳市和平区文化路一段一号",
    }
    assert row["agents"][0]["organization"] == "东北工学院专利事务所"
    assert len(row["abstracts"][0]["text"].split("\n")) == 2
    assert row["claims"][4]["label"] == "5"
    assert "通过“”字型散热片〔16〕相连接" in row["claims"][1]["text"]  # a picture stood there
    assert row["transaction_date"] == date(2017, 12, 19)


def test_cnipa_grant() -> None:
    """The grant: owner, examiner, citation, and the earlier publication as another number."""
    row = read(cnipa_patent.SOURCE, CNIPA / CNIPA_FILES["CN101945314B"], "CN101945314B")
    assert row["grant_date"] == date(2019, 8, 2)
    assert names(row, "owners") == names(row, "applicants") == ["广州市智专信息科技有限公司"]
    assert row["examiners"] == ["王欣"]
    assert row["other_numbers"] == ["CN101945314A"]
    (citation,) = row["citations"]
    assert citation["publication_number"] == "CN1719946A"
    assert citation["cited_by"] == "examiner"
    assert row["claims"][0]["text"].startswith("一种耳机，其特征在于，所述耳机包括，\n非易失性的")
    assert row["claims"][0]["text"].count("\n") == 4


def test_cnipa_formulas() -> None:
    """MathML in CDATA is readable, with its Greek letters; headings are paragraphs."""
    row = read(cnipa_patent.SOURCE, CNIPA / CNIPA_FILES["CN102025678A"], "CN102025678A")
    claim = row["claims"][3]["text"]
    assert "cos(πkl)/(N_b-1)" in claim and "<m" not in claim and "&" not in claim
    assert [row["description"][n]["text"] for n in (0, 2)] == ["技术领域", "背景技术"]
    assert row["ipc"] == ["H04L27/26", "H04L25/03", "H04L25/02"]


def test_cnipa_agency_without_its_code() -> None:
    """The agency's code after its name is no part of the name."""
    row = read(cnipa_patent.SOURCE, CNIPA / CNIPA_FILES["CN110083831A"], "CN110083831A")
    (agent,) = row["agents"]
    assert agent["organization"] == "武汉科皓知识产权代理事务所(特殊普通合伙)"
    assert [claim["text"].count("\n") + 1 for claim in row["claims"]] == [14, 1, 1, 2]


@pytest.mark.parametrize("id", ["CN85100312A", "CN101945314B", "CN110083831A"])
def test_cnipa_text_is_complete(id: str) -> None:
    """Not one character of claims and description is lost, but for the claims' numbers."""
    path = CNIPA / CNIPA_FILES[id]
    row = read(cnipa_patent.SOURCE, path, id)
    root = etree.parse(str(path), etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    paragraphs = root.xpath("//*[local-name()='Description']//*[local-name()='Paragraphs']//text()")
    ours = "".join(passage["text"] for passage in row["description"])
    assert squeezed(ours) == squeezed("".join(paragraphs))
    claims = root.xpath("//*[local-name()='Claim']//text()")
    ours = "".join(claim["text"] for claim in row["claims"])
    assert re.sub(r"[\s\d.、]", "", ours) == re.sub(r"[\s\d.、]", "", "".join(claims))


# USPTO patents


@pytest.mark.parametrize(
    ("id", "application", "filed", "published", "counts"),
    [  # counts: claims, description, ipc, cpc, applicants, inventors, owners, agents, citations
        (
            "US6859910B2",
            "US09832323",
            date(2001, 4, 10),
            date(2005, 2, 22),
            (2, 68, 4, 0, 1, 1, 1, 2, 8),
        ),
        (
            "US6970935B1",
            "US09703574",
            date(2000, 11, 1),
            date(2005, 11, 29),
            (30, 156, 1, 0, 1, 1, 1, 2, 11),
        ),
        (
            "US7272630B2",
            "US10991571",
            date(2004, 11, 18),
            date(2007, 9, 18),
            (17, 177, 1, 0, 4, 4, 1, 1, 116),
        ),
        (
            "US8926509B2",
            "US12134151",
            date(2008, 6, 5),
            date(2015, 1, 6),
            (31, 312, 14, 19, 5, 5, 1, 1, 160),
        ),
        (
            "US8927118B2",
            "US13349377",
            date(2012, 1, 12),
            date(2015, 1, 6),
            (45, 632, 9, 14, 5, 5, 1, 1, 104),
        ),
        (
            "US8930553B2",
            "US13648029",
            date(2012, 10, 9),
            date(2015, 1, 6),
            (8, 42, 1, 0, 1, 3, 1, 1, 21),
        ),
        (
            "US20050004437A1",
            "US10830857",
            date(2004, 4, 23),
            date(2005, 1, 6),
            (10, 35, 1, 0, 2, 2, 0, 0, 0),
        ),
        (
            "US20050004974A1",
            "US10687244",
            date(2003, 10, 16),
            date(2005, 1, 6),
            (21, 197, 1, 0, 12, 12, 1, 0, 0),
        ),
        (
            "US20250301933A1",
            "US18616324",
            date(2024, 3, 26),
            date(2025, 10, 2),
            (20, 69, 2, 2, 1, 1, 0, 0, 0),
        ),
        (
            "US20250301934A1",
            "US19234908",
            date(2025, 6, 11),
            date(2025, 10, 2),
            (20, 225, 5, 6, 1, 5, 0, 0, 0),
        ),
    ],
)
def test_uspto_front_page(
    id: str, application: str, filed: date, published: date, counts: tuple[int, ...]
) -> None:
    """Numbers, dates and counts are those of the document; only a grant has a grant date."""
    row = read(uspto_patent.SOURCE, USPTO / USPTO_FILES[id], id)
    assert (row["application_number"], row["filing_date"]) == (application, filed)
    assert (row["publication_number"], row["publication_date"]) == (id, published)
    assert row.get("grant_date") == (None if id.endswith("A1") else published)
    columns = ("claims", "description", "ipc", "cpc", "applicants", "inventors", "owners", "agents")
    assert sizes(row, *columns, "citations") == counts
    assert row["claim_count"] == counts[0]
    assert [claim["label"] for claim in row["claims"]] == [str(n + 1) for n in range(counts[0])]
    assert all(citation["publication_number"] or citation["text"] for citation in row["citations"])


@pytest.mark.parametrize(
    ("id", "title", "priority", "examiners", "owner", "main_ipc"),
    [
        (
            "US6859910B2",
            "Methods and systems for transactional tunneling",
            date(2000, 4, 10),
            ["Anthony Knight", "Crystal J Barnes"],
            "Bluestreak.com",
            "G06F15/00",
        ),
        (
            "US6970935B1",
            "Conversational networking via transport, coding and control conversational protocols",
            None,
            ["Wen-Tai Lin"],
            "International Business Machines Corporation",
            "G06F15/16",
        ),
        (
            "US7272630B2",
            "Locating potentially identical objects across multiple computers based on stochastic"
            " partitioning of workload",
            None,
            ["Jinsong Hu"],
            "Microsoft Corporation",
            "G06F15/13",
        ),
        (
            "US8926509B2",
            "Wireless physiological sensor patches and systems",
            date(2007, 8, 24),
            ["William Thomson", "Marie Archer"],
            "Hmicro, Inc.",
            "A61B5/00",
        ),
        (
            "US8927118B2",
            "Material for organic electroluminescence device and organic electroluminescence"
            " device using the same",
            date(2008, 6, 5),
            ["J. L. Yang"],
            "Idemitsu Kosan Co., Ltd.",
            None,
        ),
        (
            "US8930553B2",
            "Managing mid-dialog session initiation protocol (SIP) messages",
            None,
            ["Moustafa M Meky", "Clayton R Williams"],
            "International Business Machines Corporation",
            "G06F15/16",
        ),
        (
            "US20050004437A1",
            "Simulation device for playful evaluation and display of blood sugar levels",
            date(2001, 10, 26),
            [],
            None,
            "A61B5/00",
        ),
        (
            "US20050004974A1",
            "Device model agent",
            date(2002, 10, 16),
            [],
            "Xerox Corporation",
            "G06F15/16",
        ),
        ("US20250301933A1", "SPRING ACTION SHOVEL", None, [], None, "A01B1/02"),
        (
            "US20250301934A1",
            "AGRICULTURAL IMPLEMENT WITH VISION SENSORS",
            date(2019, 5, 10),
            [],
            None,
            "A01B63/00",
        ),
    ],
)
def test_uspto_people_and_classes(
    id: str,
    title: str,
    priority: date | None,
    examiners: list[str],
    owner: str | None,
    main_ipc: str | None,
) -> None:
    """Title, earliest priority, examiners, owner and main class are those of the document."""
    row = read(uspto_patent.SOURCE, USPTO / USPTO_FILES[id], id)
    assert [text["text"] for text in row["titles"]] == [title]
    assert row["priority_date"] == priority
    assert row["examiners"] == examiners
    assert names(row, "owners") == ([owner] if owner else [])
    if main_ipc:
        assert row["ipc"][0] == main_ipc


def test_uspto_old_generation() -> None:
    """Inventors listed as applicants are both; US classes in columns; who cited what."""
    row = read(uspto_patent.SOURCE, USPTO / USPTO_FILES["US6859910B2"], "US6859910B2")
    assert names(row, "inventors") == names(row, "applicants") == ["John Charles Croy"]
    assert row["inventors"][0]["province"] == "RI"
    assert [row["other_classes"][n]["symbol"] for n in (0, 4, 7)] == [
        "715/513",
        "705/26",
        "707/7",
    ]
    assert names(row, "agents") == ["Joseph H. Born", None]
    assert row["agents"][1]["organization"] == "Foley Hoag LLP"
    assert row["other_numbers"] == ["US20010037361A1"]
    assert row["citations"][2] == {
        "publication_number": "US20020055909A1",
        "text": None,
        "category": None,
        "cited_by": "examiner",
    }


def test_uspto_new_generation() -> None:
    """A company as applicant, inventors apart, and citations of both kinds by both sides."""
    row = read(uspto_patent.SOURCE, USPTO / USPTO_FILES["US8930553B2"], "US8930553B2")
    assert names(row, "applicants") == ["International Business Machines Corporation"]
    assert names(row, "inventors") == ["Nitzan Nissim", "Brian Pulito", "Asaf Zinger"]
    assert [inventor["country"] for inventor in row["inventors"]] == ["IL", "US", "IL"]
    assert row["citations"][3]["publication_number"] == "US20070140112A1"
    assert sum(c["publication_number"] is None for c in row["citations"]) == 5
    assert sum(c["cited_by"] == "examiner" for c in row["citations"]) == 6
    assert row["citations"][20]["text"] == (
        "U.S. Appl. No. 14/026,198, Notice of Allowance, Sep. 5, 2014, 11 pg."
    )
    assert row["agents"][0]["organization"] == "Cuenot, Forsythe & Kim, LLC"


@pytest.mark.parametrize("id", sorted(set(USPTO_FILES) - {"US8927118B2", "US20250301934A1"}))
def test_uspto_text_is_complete(id: str) -> None:
    """Not one character of claims and description is lost, but for the claims' numbers."""
    path = USPTO / USPTO_FILES[id]
    row = read(uspto_patent.SOURCE, path, id)
    one = path.read_bytes().split(b"<?xml version")[1]
    root = etree.fromstring(
        b"<?xml version" + one, etree.XMLParser(load_dtd=False, no_network=True)
    )
    for element in root.xpath("//maths"):
        element.clear(keep_tail=True)
    path_to = "//description//*[self::p or self::heading]//text()[not(ancestor::maths)]"
    theirs = squeezed("".join(root.xpath(path_to)))
    ours = squeezed("".join(passage["text"] for passage in row["description"]))
    if not root.xpath("//description//maths"):
        assert ours == theirs
    assert len(ours) >= len(theirs)
    theirs = "".join(root.xpath("//claim//text()"))
    ours = "".join(claim["text"] for claim in row["claims"])
    assert re.sub(r"[\s\d.]", "", ours) == re.sub(r"[\s\d.]", "", theirs)


@pytest.mark.parametrize("id", ["US6859910B2", "US8926509B2", "US20250301933A1"])
def test_uspto_nested_claims_have_lines(id: str) -> None:
    """No two steps of a claim run together."""
    row = read(uspto_patent.SOURCE, USPTO / USPTO_FILES[id], id)
    assert "\n" in row["claims"][0]["text"]
    assert not re.search(r"[;:,][a-z]", row["claims"][0]["text"])


# USPTO trademarks


def test_registered_mark() -> None:
    """A mark of 1967: the current of seven owners, a US class, a date without month and day."""
    row = read(uspto_trademark.SOURCE, MARKS / "daily-ib-72269147.xml", "US72269147")
    assert row["registration_number"] == "US835284"
    assert row["mark_text"] == "MADISON SQUARE GARDEN"
    assert (row["mark_kind"], row["mark_category"]) == ("word", "service")
    assert (row["legal_status"], row["status_date"]) == ("registered", date(2017, 8, 28))
    assert row["filing_date"] == date(1967, 4, 14)
    assert row["preliminary_publication_date"] == date(1967, 6, 27)
    assert row["registration_date"] == date(1967, 9, 12)
    assert row["expiry_date"] == date(2027, 9, 12)  # renewed in 2017, for ten years
    (entry,) = row["classes"]
    assert (entry["nice_class"], entry["status"]) == (41, "registered")
    assert len(entry["goods"]) == 1 and entry["goods"][0].startswith("OPERATION OF A SPORTS")
    assert names(row, "owners") == ["MSG ENTERTAINMENT HOLDINGS, LLC"]
    assert (row["owners"][0]["country"], row["owners"][0]["province"]) == ("US", "NY")
    assert names(row, "agents") == ["Candisse Williamson"]
    assert sum(event["code"] is not None for event in row["legal_events"]) == 23
    assert row["legal_events"][-1]["name"] == "AUTOMATIC UPDATE OF ASSIGNMENT OF OWNERSHIP"
    assert row["transaction_date"] == date(2024, 9, 25)


def test_new_application() -> None:
    """A new application: no registration number for zeros, items of goods, a foreign owner."""
    row = read(uspto_trademark.SOURCE, MARKS / "daily-na-98763166.xml", "US98763166")
    assert row["registration_number"] is None
    assert (row["mark_text"], row["mark_kind"]) == ("SUVENEER", "word")
    assert (row["legal_status"], row["status_date"]) == ("pending", date(2024, 9, 25))
    (entry,) = row["classes"]
    assert entry["nice_class"] == 16
    assert entry["goods"] == ["Stickers", "Stick markers", "Sticker albums", "Sticker books"]
    assert [owner["country"] for owner in row["owners"]] == ["VN"]
    assert row["mark_description"].startswith("The mark consists of letters")
    assert row["mark_category"] == "trademark"
