"""Real files: CNIPA's older generation and parts of applications, PatSnap's flat XML."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ipsearch.records import to_batch
from ipsearch.sources.base import Notes, Record
from ipsearch.sources.registry import detect
from ipsearch.sources.walk import Item, Opener, peek, walk

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="no real data here")


def _read(folder: str, source: str) -> tuple[list[Record], Notes]:
    """Read a folder as ingestion does; nothing in it may be refused."""
    records, notes = [], Notes()
    with Opener() as opener:
        for found in walk([DATA / folder]):
            assert isinstance(found, Item), found
            with opener.open(found, notes) as opened:
                head, opened = peek(opened)
                assert detect(head, opened.name).name == source
                items = list(detect(head, opened.name).read(opened))
            assert len(items) == 1
            assert isinstance(items[0], Record), items
            records.append(items[0])
    for record in records:
        to_batch([record.row], "patent")
    return records, notes


def _text(path: Path) -> str:
    """All text of a file without its markup and white space: an independent reading."""
    body = re.sub(r"(?s)<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>", "", path.read_text("utf-8-sig"))
    return "".join(re.sub(r"<[^>]*>", "", body).split())


def test_older_document() -> None:
    """The older document is read to its last paragraph, without a warning."""
    (record,), notes = _read("cnipa_xml/old_st36", "cnipa_st36")
    row = record.row
    assert (row["id"], row["application_number"]) == ("CN104223590A", "CN201410513187.5")
    assert (row["publication_date"], row["filing_date"]) == (date(2014, 12, 24), date(2014, 9, 29))
    assert (len(row["claims"]), len(row["description"]), row["ipc"]) == (10, 35, ["A43D1/02"])
    (priority,) = row["priorities"]
    assert priority == {"office": "CN", "number": "CN201320854096.9", "date": date(2013, 12, 24)}
    assert row["applicants"][0]["city"] == "温州市"
    assert re.search(r"\d{5}$", row["agents"][0]["organization"]) is None
    assert notes.unmapped == set() and notes.warnings == {}
    # In the claims no line is torn: each break of the file stands in the middle of a sentence.
    assert all("\n" not in claim["text"] for claim in row["claims"])
    found = "".join(f"{claim['label']}.{claim['text']}" for claim in row["claims"])
    (path,) = (DATA / "cnipa_xml/old_st36").iterdir()
    assert "".join(found.split()) in _text(path)


def test_parts_of_applications() -> None:
    """Nine parts name two applications, and all their text is there."""
    records, notes = _read("cnipa_xml/application", "cnipa_application")
    assert notes.unmapped == set() and notes.warnings == {}
    assert len(records) == 9
    products: dict[str, list[str]] = {}
    for record in records:
        products.setdefault(record.row["id"], []).append(record.row["product"])
    assert products == {
        "CN201010241222.4": ["claims", "description", "drawings", "abstract", "abstract_drawing"],
        "CN201810393213.3": ["claims", "description", "drawings", "abstract"],
    }
    paths = sorted((DATA / "cnipa_xml/application").rglob("*.xml"))
    for path, record in zip(paths, records, strict=True):
        row = record.row
        texts = [*row.get("titles", []), *row.get("claims", []), *row.get("description", [])]
        found = "".join(text["text"] for text in [*texts, *row.get("abstracts", [])])
        assert "".join(found.split()) == _text(path)


def test_parts_become_one_record(tmp_path: Path) -> None:
    """Ingested, the parts of an application are one record with claims, description, abstract."""
    import ipsearch

    with ipsearch.create(tmp_path / "corpus") as library:
        library.ingest([DATA / "cnipa_xml/application"])
        (row,) = library.get("CN201810393213.3")
        assert len(row["claims"]) == 10 and row["abstracts"] and row["titles"]
        assert len(row["description"]) > 20


def test_flat_export() -> None:
    """PatSnap's three records have their kind codes, people, classes and citations."""
    records, notes = _read("patsnap_flat_xml", "patsnap_xml")
    assert [record.row["id"] for record in records] == [
        "US20010031103A1",
        "US7494589B2",
        "US7879236B2",
    ]
    first, second, third = (record.row for record in records)
    assert [len(row["inventors"]) for row in (first, second, third)] == [6, 3, 1]
    assert [len(row.get("citations", [])) for row in (first, second, third)] == [0, 31, 13]
    assert first["priority_date"] == date(1999, 12, 3)
    assert second["inventors"][0]["name"] == "VOLPATO, IVO"
    assert third["ipc"] == ["C02F3/34", "C02F3/30", "C02F11/02"]
    assert notes.warnings == {}
    assert {"Family Members", "Cited By"} <= notes.unmapped
