from __future__ import annotations

import datetime
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ipsearch.records import PATENT, to_batch
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.canonical import is_canonical_application
from ipsearch.sources.ipsearch_records import SOURCE


def _read(data: bytes, start: int = 0, end: int | None = None) -> list[Record | Reject]:
    return list(SOURCE.read(Input("r", io.BytesIO(data), len(data), True, Notes(), start, end)))


def _one(**found: Any) -> Record:
    (item,) = _read(json.dumps(found).encode())
    assert isinstance(item, Record), item
    return item


def test_loose_forms_become_the_schema_s() -> None:
    """Strings stand for texts, claims, parties, citations and classes."""
    row = _one(
        publication_number="CN 108900011 A",
        title="石墨烯电池",
        abstract="A battery",
        claims=["1. 一种电池。", "如权利要求1所述的电池。"],
        applicants=["某某公司"],
        citations=["CN-107900007-A", "示例学报"],
    ).row
    assert row["id"] == "CN108900011A"
    assert row["kind_code"] == "A"
    assert row["titles"] == [{"language": "zh", "text": "石墨烯电池"}]
    assert row["abstracts"][0]["language"] == "en"
    assert [(claim["label"], claim["text"]) for claim in row["claims"]] == [
        ("1", "一种电池。"),
        ("2", "如权利要求1所述的电池。"),
    ]
    assert row["applicants"] == [{"name": "某某公司"}]
    assert row["citations"] == [{"publication_number": "CN107900007A"}, {"text": "示例学报"}]
    assert to_batch([row], "patent").num_rows == 1


def test_source_and_product_are_kept_when_given() -> None:
    """A record that came from an office still says so; otherwise it came from here."""
    kept = _one(id="CN108900011A", source="cnipa_patent", product="10-A", title="甲").row
    assert (kept["source"], kept["product"]) == ("cnipa_patent", "10-A")
    own = _one(id="CN108900011A", title="甲").row
    assert (own["source"], own["product"]) == ("ipsearch_records", "")


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ({"kind": "trademark", "application_number": "CN1"}, "trademark"),
        ({"record": "patent", "application_number": "201810900011.3", "office": "CN"}, "patent"),
        ({"application_number": "CN1", "mark_text": "甲"}, "trademark"),
        ({"id": "CN108900011A", "titles": ["甲"]}, "patent"),
        ({"id": "CN108900011A", "kind": "A"}, "patent"),
    ],
)
def test_the_kind_is_told_or_seen(found: dict[str, Any], kind: str) -> None:
    """An explicit kind wins; without it the columns tell."""
    assert _one(**found).kind == kind


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"titles": ["甲"]}, "no publication or application number"),
        ({"id": "CN108900011A", "titles": [5]}, "column 'titles': neither a text nor an object: 5"),
        ({"id": "CN108900011A", "claim_count": -1}, "column 'claim_count'"),
        ({"id": "CN108900011A", "is_event": "no"}, "neither true nor false"),
        ({"kind": "trademark", "id": "CN1", "classes": [46]}, "not a Nice class"),
        ({"kind": "trademark", "id": "CN1", "classes": [{"nice_class": 99}]}, "Nice class (1-45)"),
        ({"kind": "other", "record": "song", "id": "CN108900011A"}, "song"),
    ],
)
def test_what_does_not_fit_the_schema_is_a_reject(found: dict[str, Any], reason: str) -> None:
    """The reason names the column and the value."""
    (item,) = _read(json.dumps(found).encode())
    assert isinstance(item, Reject)
    assert reason in item.reason


def test_a_bad_date_is_warned_of() -> None:
    """A date that is none costs the date, not the record."""
    notes = Notes()
    data = b'{"id": "CN108900011A", "title": "T", "filing_date": "2021-02-30"}'
    (item,) = SOURCE.read(Input("r", io.BytesIO(data), None, True, notes))
    assert isinstance(item, Record)
    assert item.row["filing_date"] is None
    assert len(notes.warnings) == 1


def test_unknown_keys_are_named() -> None:
    """A key that is no column is in the notes."""
    notes = Notes()
    data = b'{"id": "CN108900011A", "title": "T", "colour": 1, "applicants": [{"nam": "x"}]}'
    list(SOURCE.read(Input("r", io.BytesIO(data), None, True, notes)))
    assert notes.unmapped == {"colour", "nam"}


def test_statuses_in_an_office_s_words() -> None:
    """授权 is granted; a word that nobody knows becomes an event."""
    assert _one(id="CN108900011A", legal_status="授权").row["legal_status"] == "granted"
    row = _one(id="CN108900011A", legal_status="前所未闻").row
    assert row["legal_status"] is None
    assert row["legal_events"][0]["name"] == "前所未闻"


def test_parquet_survives_the_way_out_and_back() -> None:
    """A table of records that is written and read again is the same, whatever the row groups."""
    rows = [
        {
            "id": f"CN10890{number:04d}A",
            "publication_number": f"CN10890{number:04d}A",
            "office": "CN",
            "kind_code": "A",
            "filing_date": datetime.date(2018, 5, 8),
            "titles": [{"language": "zh", "text": "电池"}],
            "citations": [],
            "is_event": False,
            "source": "cnipa_patent",
            "product": "",
        }
        for number in range(25)
    ]
    batch = to_batch(rows, "patent")
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_batches([batch]), buffer, row_group_size=10)
    data = buffer.getvalue()
    assert SOURCE.recognises(data[:65536], "r.parquet")
    found = [item.row for item in _read(data) if isinstance(item, Record)]
    assert to_batch(found, "patent").equals(batch)
    size = len(data) // 3 + 1
    parts = [
        item for start in range(0, len(data), size) for item in _read(data, start, start + size)
    ]
    assert [item.position for item in parts] == [f"row {number}" for number in range(1, 26)]


def test_a_damaged_parquet_file_is_a_reject() -> None:
    """What begins like Parquet and is none is told, not raised."""
    (item,) = _read(b"PAR1 and nothing more")
    assert isinstance(item, Reject)


def test_the_quick_check_agrees_with_the_slow_one() -> None:
    """A number passes as canonical only with the right check digit."""
    assert is_canonical_application("CN201810900011.3")
    assert not is_canonical_application("CN201810900011.4")
    assert not is_canonical_application("CN201810900011")
    assert _one(application_number="CN201810900011.4", title="甲").row["id"] == "CN201810900011.3"


def test_google_s_objects_are_not_ours() -> None:
    """The nested export shares many keys with us and is left to its own source."""
    google = dict.fromkeys(PATENT.names[:10], 0) | {"title_localized": []}
    assert not SOURCE.recognises(json.dumps(google).encode(), "x.jsonl")
    assert SOURCE.recognises(b'{"id": "CN1", "titles": []}', "x.jsonl")
