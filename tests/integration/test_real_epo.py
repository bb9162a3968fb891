"""The EPO's and JPO's formats on real files: facts that were checked by eye against the XML."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from ipsearch.errors import UnknownFormatError
from ipsearch.records import to_batch
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.registry import detect

DATA = Path(__file__).parents[2].parent / "shared" / "data"
OPS = DATA / "epo_docdb"
EP = DATA / "ep_fulltext" / "st36a_DOC00001.xml"
JP = DATA / "jpo_xml" / "jp_example4.xml"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no real records here")

REFUSED = {  # file -> words of the reason; a register answer gives a reject for each entry
    "convert_patent_number_epodoc": "a conversion of numbers",
    "convert_patent_number_multiple": "a conversion of numbers",
    "convert_patent_number_original": "a conversion of numbers",
    "get_classification_mapping": "a concordance of class symbols",
    "get_classification_schema": "a part of a classification",
    "get_classification_schema_subclass": "a part of a classification",
    "get_classification_statistics": "statistics of class symbols",
    "get_fulltext": "an answer on which full texts there are",
    "get_fulltext_multiple": "an answer on which full texts there are",
    "get_published_equivalents": "a list of equivalents without bibliographic data",
    "get_published_equivalents_multiple": "a list of equivalents without bibliographic data",
    "get_register_biblio": "European Patent Register",
    "get_register_biblio_multiple": "European Patent Register",
    "get_register_events": "European Patent Register",
    "get_register_events_multiple": "European Patent Register",
    "get_register_procedural_steps": "European Patent Register",
    "get_register_procedural_steps_multiple": "European Patent Register",
    "get_register_unip": "European Patent Register",
    "get_register_unip_multiple": "European Patent Register",
    "search": "a list of hits without bibliographic data",
    "search_register": "European Patent Register",
    "search_register_with_constituent": "European Patent Register",
    "testdata__error_404": "404 Document not found",
    "testdata__error_429": "429 Fair use limit exceeded",
    "testdata__image-inquiry": "an answer on which images there are",
}
DOCUMENTS = {  # file -> exchange documents, family members or full texts in it
    "get_abstract": 1,
    "get_abstract_multiple": 3,
    "get_biblio": 1,
    "get_biblio_multiple": 3,
    "get_claims": 1,
    "get_claims_multiple": 1,
    "get_description": 1,
    "get_description_multiple": 1,
    "get_family": 5,
    "get_family_with_biblio": 5,
    "get_family_with_biblio_multiple": 5,
    "get_family_with_legal": 5,
    "get_family_with_legal_multiple": 5,
    "get_full_cycle_multiple": 4,
    "get_legal": 1,
    "get_legal_multiple": 1,
    "search_with_constituent": 3,
    "testdata__abstract": 1,
    "testdata__biblio": 1,
    "testdata__claims": 1,
    "testdata__description": 1,
    "testdata__family": 3,
    "testdata__legal": 1,
    "testdata__search": 2,
}
NEITHER = {"get_classification_schema_multiple", "resources__exchange-documents"}


def results(path: Path, notes: Notes | None = None) -> list[Record | Reject]:
    content = path.read_bytes()
    source = detect(content[:65536], path.name)
    stream = io.BytesIO(content)
    found = list(source.read(Input(path.name, stream, None, True, notes or Notes())))
    rows = [result.row for result in found if isinstance(result, Record)]
    assert all(set(row) <= source.fields["patent"] for row in rows)
    to_batch(rows, "patent")
    return found


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file; none of its documents is a reject, nothing is unmapped."""
    notes = Notes()
    found = results(path, notes)
    assert not notes.unmapped and not notes.warnings
    assert all(isinstance(result, Record) for result in found)
    return [result.row for result in found if isinstance(result, Record)]


def names(row: dict[str, Any], column: str) -> list[tuple[str | None, str | None]]:
    return [(party["name"], party["country"]) for party in row[column]]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# Answers of the Open Patent Services


def test_every_answer_is_known() -> None:
    """Each file is among those that are read, refused, or no answer at all."""
    stems = {path.stem for path in OPS.iterdir()}
    assert stems == REFUSED.keys() | DOCUMENTS.keys() | NEITHER


@pytest.mark.parametrize("stem", sorted(REFUSED))
def test_answer_without_document(stem: str) -> None:
    """An answer that holds no document is refused, and the reason says what it is."""
    found = results(OPS / f"{stem}.xml")
    assert found
    for result in found:
        assert isinstance(result, Reject)
        assert REFUSED[stem] in result.reason


@pytest.mark.parametrize("stem", sorted(DOCUMENTS))
def test_answer_is_read(stem: str) -> None:
    """Every document of an answer is one record that is no event."""
    rows = rows_of(OPS / f"{stem}.xml")
    assert sum(not row["is_event"] for row in rows) == DOCUMENTS[stem]
    assert all(row["publication_number"] for row in rows if not row["is_event"])


@pytest.mark.parametrize("stem", sorted(NEITHER))
def test_no_answer(stem: str) -> None:
    """A schema and an empty answer are no format that is known."""
    (path,) = OPS.glob(f"{stem}.*")
    with pytest.raises(UnknownFormatError):
        detect(path.read_bytes()[:65536], path.name)


def test_register_entries() -> None:
    """Each entry of the register is a reject of its own, named by its number."""
    found = results(OPS / "search_register.xml")
    assert len(found) == 5
    assert isinstance(found[0], Reject) and found[0].reason.endswith(": EP4636834")


def test_bibliographic_data() -> None:
    """EP 2400812 A1: numbers without dummies, printed names with their country, both categories."""
    (row,) = rows_of(OPS / "get_biblio.xml")
    assert (row["publication_number"], row["application_number"]) == ("EP2400812A1", "EP10167109")
    assert (row["publication_date"], row["filing_date"]) == (date(2011, 12, 28), date(2010, 6, 24))
    assert (row["family_id"], row.get("extended_family_id")) == ("43088294", None)
    assert row["ipc"] == ["H04W84/20"]
    assert row["cpc"] == ["H04W84/20", "H04W88/04"]
    assert row["other_classes"] == []
    assert names(row, "applicants") == [("9Solutions Oy", "FI")]
    assert names(row, "inventors") == [
        ("Herrala, Sami", "FI"),
        ("Kylmänen, Jari", "FI"),
        ("Niemi, Jaakko", "FI"),
    ]
    titles = {text["language"]: text["text"] for text in row["titles"]}
    assert titles == {
        "de": "BLUETOOTH-VERNETZUNG",
        "fr": "MISE EN RÉSEAU BLUETOOTH",
        "en": "BLUETOOTH NETWORKING",
    }
    assert [citation["publication_number"] for citation in row["citations"]] == [
        *("WO2002054790A2", "US20030060222A1", "WO2003067954A2", "US20040097263A1"),
        *("US20040136338A1", "EP1542377A2"),
    ]
    assert [citation["category"] for citation in row["citations"]] == ["A"] * 4 + ["YA"] * 2
    assert {citation["cited_by"] for citation in row["citations"]} == {"examiner"}
    assert row["abstracts"][0]["language"] == "en"
    assert row["abstracts"][0]["text"].endswith("connected to multiple Bluetooth piconets.")
    assert row["patent_type"] == "invention" and "grant_date" not in row


def test_literature_cited() -> None:
    """Other literature keeps its text; X and I are two categories, however they are written."""
    for stem, position in (("get_biblio_multiple", 1), ("get_full_cycle_multiple", 2)):
        row = rows_of(OPS / f"{stem}.xml")[position]
        assert row["publication_number"] == "EP2533477A1"
        (citation,) = row["citations"]
        assert citation["publication_number"] is None
        assert "WCNC.2006.1683515" in citation["text"]
        assert citation["category"] == "XI"


def test_family_with_bibliographic_data() -> None:
    """Five members of one family; the US application has its national class and 29 citations."""
    rows = rows_of(OPS / "get_family_with_biblio.xml")
    assert {row["family_id"] for row in rows} == {"43088294"}
    assert [row["id"] for row in rows] == [
        *("EP2400812A1", "EP2400812B1", "CA2744162A1", "US20120057518A1", "US9648662B2"),
    ]
    assert [row["application_number"] for row in rows] == [
        *("EP10167109", "EP10167109", "CA2744162", "US13167395", "US13167395"),
    ]
    assert [row.get("grant_date") for row in rows] == [
        *(None, date(2019, 11, 27), None, None, date(2017, 5, 9)),
    ]
    american = rows[3]
    assert american["other_classes"] == [{"scheme": "USPC", "symbol": "370/315"}]
    assert len(american["citations"]) == 29
    assert [name for name, _ in names(american, "applicants")] == [
        *("Herrala Sami", "Kylmänen Jari", "Niemi Jaakko", "9Solutions Oy"),
    ]
    assert all(row["priority_date"] == date(2010, 6, 24) for row in rows)
    assert {row["priorities"][0]["number"] for row in rows} == {"EP10167109"}


def test_translation_of_a_grant() -> None:
    """A Danish T3: its number is that of the European application, its priorities are two."""
    row = rows_of(OPS / "search_with_constituent.xml")[2]
    assert (row["id"], row["application_number"]) == ("DK3740998T3", "DK19702186")
    assert [claim["number"] for claim in row["priorities"]] == ["GB201800758", "PCT/EP2019/050740"]
    assert names(row, "applicants") == [("Siemens Energy AS", "NO")]
    assert row["titles"] == [{"language": None, "text": "ENERGILAGRINGSSYSTEM"}]


def test_abstract_alone_does_not_stand_for_more() -> None:
    """An answer with the abstract alone leaves all else unknown, and is a product of its own."""
    (row,) = rows_of(OPS / "get_abstract.xml")
    assert row["product"] == "abstract" and row["abstracts"]
    assert {"applicants", "ipc", "priorities", "application_number"}.isdisjoint(row)


def test_claims_of_an_answer() -> None:
    """Fifteen claims come out of one element, numbered, without the numbers in their texts."""
    (row,) = rows_of(OPS / "get_claims.xml")
    assert (row["id"], row["product"], row["claim_count"]) == ("EP2400812A1", "claims", 15)
    assert [claim["label"] for claim in row["claims"]] == [str(n) for n in range(1, 16)]
    assert {claim["language"] for claim in row["claims"]} == {"en"}
    assert row["claims"][0]["text"].startswith("A communication device (100) comprising:")
    root = etree.parse(str(OPS / "get_claims.xml")).getroot()
    texts = root.xpath("//*[local-name()='claim-text']//text()")
    numbered = "".join(f"{claim['label']}.{claim['text']}" for claim in row["claims"])
    assert squeezed(numbered) == squeezed("".join(texts))


def test_description_of_an_answer() -> None:
    """Not one character of a description is lost; numbers in brackets become labels."""
    (row,) = rows_of(OPS / "get_description.xml")
    root = etree.parse(str(OPS / "get_description.xml")).getroot()
    texts = root.xpath("//*[local-name()='description']//text()")
    labels = [passage["label"] for passage in row["description"] if passage["label"]]
    ours = "".join(passage["text"] for passage in row["description"])
    theirs = re.sub(r"\[\d{4}\]", "", squeezed("".join(texts)))
    assert squeezed(ours) == theirs
    assert labels == sorted(labels)


# Legal events


def test_legal_events() -> None:
    """EP 2400812: 69 events are news of the application; lapses in states do not end the right."""
    member, news = rows_of(OPS / "get_legal.xml")
    assert (member["id"], member["is_event"], member["product"]) == ("EP2400812A1", False, "family")
    assert (news["id"], news["is_event"]) == ("EP10167109", True)
    assert (news["application_number"], news["publication_number"]) == ("EP10167109", None)
    events = news["legal_events"]
    assert len(events) == 69
    assert [event["date"] for event in events] == sorted(event["date"] for event in events)
    assert sum(event["code"] == "PG25" for event in events) == 32
    assert (news["legal_status"], news["status_date"]) == ("granted", date(2020, 11, 4))
    first = events[0]
    assert (first["date"], first["code"]) == (date(2011, 12, 28), "AK")
    assert first["name"] == "DESIGNATED CONTRACTING STATES"
    assert first["text"].startswith("Kind Code of Ref Document: A1; Designated State(s): AL AT BE")
    assert any(
        event["text"]
        == "Ref Country Code: GB; Ref Legal Event Code: FG4D (EUROPEAN PATENT GRANTED)"
        for event in events
    )
    assert news["transaction_date"] == date(2025, 8, 2)


def test_legal_events_of_a_family() -> None:
    """Events reach their own applications: EP, CA and US; members without events have none."""
    rows = rows_of(OPS / "get_family_with_legal.xml")
    news = {row["id"]: row for row in rows if row["is_event"]}
    assert {id: len(row["legal_events"]) for id, row in news.items()} == {
        "EP10167109": 69,
        "CA2744162": 1,
        "US13167395": 5,
    }
    assert news["CA2744162"]["legal_status"] == "withdrawn"
    assert news["US13167395"]["legal_status"] == "granted"
    assert [row["id"] for row in rows if not row["is_event"]][1:3] == ["EP2400812B1", "CA2744162A1"]


# Full text


def test_european_document() -> None:
    """EP 1667425 A1: front page, titles by language, the employer apart from the inventor."""
    (row,) = rows_of(EP)
    assert (row["id"], row["application_number"]) == ("EP1667425A1", "EP05255002")
    assert (row["publication_date"], row["filing_date"]) == (date(2006, 6, 7), date(2005, 8, 11))
    assert row["priorities"] == [
        {"office": "JP", "number": "JP2004351438", "date": date(2004, 12, 3)},
    ]
    assert row["ipc"] == ["H04N1/40"]
    assert [text["language"] for text in row["titles"]] == ["en", "de", "fr"]
    assert row["titles"][2]["text"] == "Méthode et appareil de formation d'image"
    assert names(row, "applicants") == [("Wedg Co. Ltd", "JP")]
    assert row["applicants"][0]["city"] == "Tokyo"
    assert names(row, "inventors") == [("Yoshida, Naoki", "JP"), ("Kasahara, Hiroyuki", "JP")]
    assert row["inventors"][0]["organization"] == "Wedg Co., Ltd."
    assert row["agents"][0]["name"] == "Denmark, James Christopher et al"
    assert (len(row["claims"]), row["claim_count"]) == (9, 9)
    assert row["claims"][8]["label"] == "9"
    assert len(row["description"]) == 70  # 61 paragraphs, 9 headings
    assert row["description"][-1]["label"] == "0061"


def test_japanese_document() -> None:
    """JP 2021-509175 A: a translation, with the numbers of the international application."""
    (row,) = rows_of(JP)
    assert (row["id"], row["application_number"]) == ("JP2021509175A", "JP2020536678")
    assert (row["publication_date"], row["filing_date"]) == (date(2021, 3, 18), date(2018, 12, 27))
    assert row["other_numbers"] == ["PCT/KR2018/016728", "WO2019135546"]
    assert row["ipc"] == ["G01F17/00", "G01F1/44", "A61B5/107"]
    assert "cpc" not in row
    assert [found["scheme"] for found in row["other_classes"]] == ["FI"] * 3 + ["F-term"] * 5
    assert row["other_classes"][0]["symbol"] == "G01F17/00 C"
    assert names(row, "applicants") == [("シージー バイオ カンパニー，リミテッド", None)]
    assert [party["name"] for party in row["inventors"]] == [
        *("キム インホ", "ユ ボヨン", "ホン スンギ", "チョ ヨンユン"),
    ]
    assert [party["name"] for party in row["agents"]] == ["高石 橘馬", "高石 健二"]
    assert [claim["number"] for claim in row["priorities"]] == [
        *("KR1020180000830", "KR1020180000831"),
    ]
    assert row["priority_date"] == date(2018, 1, 3)
    assert len(row["claims"]) == 20
    assert row["description"][-1]["label"] == "0190"


@pytest.mark.parametrize("path", [EP, JP], ids=["ep", "jp"])
def test_text_is_complete(path: Path) -> None:
    """Not one character of claims and description is lost."""
    (row,) = rows_of(path)
    root = etree.parse(str(path), etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    for name, column in (("description", "description"), ("claims", "claims")):
        etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, with_tail=False)
        theirs = "".join(root.xpath(f"/*/*[local-name()='{name}']//text()"))
        assert squeezed("".join(part["text"] for part in row[column])) == squeezed(theirs)
