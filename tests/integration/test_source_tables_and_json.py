"""The samples and, where they are there, real files: every row is a record or a reject."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest

from ipsearch.records import to_batch
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.registry import detect

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="no real data here")


def _read(path: Path) -> tuple[Source, list[Record | Reject], Notes]:
    notes = Notes()
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as stream:
        source = detect(stream.read(65536), path.name)
        stream.seek(0)
        items = list(source.read(Input(path.name, stream, None, True, notes)))  # type: ignore[arg-type]
    for kind in source.kinds:
        rows = [item.row for item in items if isinstance(item, Record) and item.kind == kind]
        to_batch(rows, kind)
        assert {key for row in rows for key in row} <= source.fields[kind]
    return source, items, notes


@pytest.mark.parametrize(
    ("name", "source", "records", "rejects", "first", "last"),
    [
        ("patsnap_export.xlsx", "table", 7, 0, "CN108900011A", "CN306900077S"),
        ("incopat_export.csv", "table", 6, 0, "CN107900007A", "EP3900012A1"),
        ("cnipa_table.csv", "table", 7, 0, "CN108900011A", "CN113900066A"),
        ("trademarks_zh.csv", "table", 7, 0, "CN90000001", "CNG1900007"),
        ("google_patents.jsonl", "google_patents", 7, 0, "CN108900011A", "US20210900012A1"),
        ("google_flat.jsonl", "google_patents", 6, 0, "CN108900011A", "US20210900012A1"),
        ("records.jsonl", "ipsearch_records", 9, 0, "CN108900011B", "US90000011"),
    ],
)
def test_samples(name: str, source: str, records: int, rejects: int, first: str, last: str) -> None:
    """Each sample is recognised, and has so many records with these first and last."""
    found, items, _ = _read(ROOT / "samples" / name)
    ids = [item.row["id"] for item in items if isinstance(item, Record)]
    assert found.name == source
    assert (len(ids), len(items) - len(ids)) == (records, rejects)
    assert (ids[0], ids[-1]) == (first, last)


def test_records_survive_the_way_through_json() -> None:
    """What any of the samples gives, written as JSON Lines, is read as the same records."""
    for name in ("patsnap_export.xlsx", "trademarks_zh.csv", "google_patents.jsonl"):
        _, items, _ = _read(ROOT / "samples" / name)
        records = [item for item in items if isinstance(item, Record)]
        lines = [json.dumps({"kind": r.kind, **r.row}, default=str) + "\n" for r in records]
        path = ROOT / "samples" / name
        again = _read_text("".join(lines), path.name + ".jsonl")
        kind = records[0].kind
        assert to_batch([r.row for r in again], kind).equals(
            to_batch([r.row for r in records], kind)
        )


def _read_text(text: str, name: str) -> list[Record]:
    import io

    data = text.encode()
    source = detect(data[:65536], name)
    assert source.name == "ipsearch_records"
    items = list(source.read(Input(name, io.BytesIO(data), len(data), True, Notes())))
    assert all(isinstance(item, Record) for item in items)
    return [item for item in items if isinstance(item, Record)]


@needs_data
def test_a_real_workbook_is_read_whole_and_quickly() -> None:
    """All 7,384 rows, designs with Locarno classes among them, in about half a second."""
    begin = time.process_time()
    source, items, notes = _read(DATA / "cn_patents_7384" / "patents.xlsx")
    elapsed_s = time.process_time() - begin
    rows = [item.row for item in items if isinstance(item, Record)]
    assert source.name == "table"
    assert len(items) == 7384
    assert len(rows) == 7384
    assert items[-1].position == "row 7385"
    assert sum("locarno" in row for row in rows) == sum(
        row.get("patent_type") == "design" for row in rows
    )
    assert all(row.get("filing_date") and row.get("titles") for row in rows)
    assert notes.unmapped == set()
    assert elapsed_s < 3  # about 0.5 by itself; the making of batches is in it


@needs_data
def test_a_real_csv_of_titles() -> None:
    """9,740 publications with all their subclasses; columns of another use are named."""
    _, items, notes = _read(DATA / "cn_titles_ipc" / "titles_ipc_9740.csv")
    rows = [item.row for item in items if isinstance(item, Record)]
    assert len(rows) == len(items) == 9740
    assert rows[0]["ipc"] == ["A01M", "G06F", "H02G"]
    assert {row["kind_code"] for row in rows} == {"A", "B", "U"}
    assert "predicted_subclasses" in notes.unmapped


@needs_data
@pytest.mark.parametrize(
    ("name", "count", "product", "unmapped"),
    [
        ("publications_10000.jsonl.gz", 10000, "flat", set()),
        ("results_array.json", 10, "flat", {"tokens", "tokenizedcitations", "word2vec", "tf-idf"}),
        ("ten_full_texts.csv", 10, "flat_text", set()),
    ],
)
def test_real_excerpts_of_google(name: str, count: int, product: str, unmapped: set[str]) -> None:
    """The three flat forms are read whole."""
    source, items, notes = _read(DATA / "google_patents" / name)
    rows = [item.row for item in items if isinstance(item, Record)]
    assert source.name == "google_patents"
    assert len(rows) == len(items) == count
    assert {row["product"] for row in rows} == {product}
    assert notes.unmapped == unmapped
    if count == 10000:  # as the description of the set says
        ids = {row["id"] for row in rows}
        cited = [
            {
                c if isinstance(c, str) else c.get("publication_number")
                for c in row.get("citations", [])
            }
            for row in rows
        ]
        assert sum(not ids.isdisjoint(numbers) for numbers in cited) == 141
