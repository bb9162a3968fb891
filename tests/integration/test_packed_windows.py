"""A large packed file handed out in windows is read as if it were not packed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import ipsearch
from ipsearch.corpus import plan
from ipsearch.corpus import windows as module
from ipsearch.corpus.windows import windows
from ipsearch.sources.base import Notes, Record
from ipsearch.sources.registry import get_source
from ipsearch.sources.walk import Item, Limits, open_item

SAMPLES = Path(__file__).parents[2] / "samples"


def read_whole(path: Path, source: str) -> list[str]:
    """Read a plain file in one go: the ids, or the reasons for rejecting."""
    with open_item(Item(path), Limits(), Notes()) as opened:
        found = get_source(source).read(opened)
        return [f.row["id"] if isinstance(f, Record) else f.reason for f in found]


def read_windows(path: Path, folder: Path, size: int) -> list[str]:
    """Read a packed file window by window."""
    found = []
    for start, end, window in windows(Item(path), Limits(), folder, lambda *_: False, size):
        opened = window.open(path.name, Notes(), start, end)
        with opened.stream:
            for record in get_source(window.source).read(opened):
                found.append(record.row["id"] if isinstance(record, Record) else record.reason)
        window.path.unlink()
    return found


@pytest.mark.parametrize("size", [20_000, 50_001, 10_000_000])
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("uspto_grants.xml", "uspto_patent"),
        ("records.jsonl", "ipsearch_records"),
        ("google_patents.jsonl", "google_patents"),
        ("docdb.xml", "docdb"),
    ],
)
def test_windows_give_every_document_once(
    tmp_path: Path, name: str, source: str, size: int
) -> None:
    """The documents of all windows are those of the plain file, in its order."""
    content = (SAMPLES / name).read_bytes()
    if name != "docdb.xml":  # one document; the others may be repeated
        content *= 40
    plain, packed = tmp_path / name, tmp_path / f"{name}.gz"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content))
    expected = read_whole(plain, source)
    assert expected
    assert read_windows(packed, tmp_path / "windows", size) == expected


def test_what_ends_a_packed_file_early_is_said(tmp_path: Path) -> None:
    """Of a packed file that was cut, what can be unpacked is read, and the fault is in the last
    window."""
    lines = [
        json.dumps({"record": "patent", "id": f"CN{n}A", "office": "CN"}) for n in range(9_000)
    ]
    packed = tmp_path / "cut.jsonl.gz"
    packed.write_bytes(gzip.compress("\n".join(lines).encode())[:-3_000])
    given = list(windows(Item(packed), Limits(), tmp_path / "w", lambda *_: False, 100_000))
    assert [window.fault is not None for _, _, window in given] == [False] * (len(given) - 1) + [
        True
    ]


def test_ingestion_hands_out_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed file above the size is ingested in windows, with the same records, and nothing of
    it is left behind."""
    monkeypatch.setattr(plan, "SMALLEST_RANGE_BYTES", 1_000)
    monkeypatch.setattr(module, "WINDOW_BYTES", 100_000)
    rows = [
        {
            "record": "patent",
            "id": f"CN{100_000_000 + n}A",
            "publication_number": f"CN{100_000_000 + n}A",
            "office": "CN",
            "source": "cnipa_patent",
            "titles": [{"language": "zh", "text": f"第{n}号装置"}],
        }
        for n in range(3_000)
    ]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    plain, packed = tmp_path / "plain.jsonl", tmp_path / "packed.jsonl.gz"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text.encode()))
    shown = []
    for path in (plain, packed):
        corpus = ipsearch.create(tmp_path / path.stem, shards=2)
        summary = corpus.ingest(path, workers=2)
        assert (summary.rejected, corpus.count("patent")) == (0, 3_000)
        found = [row for batch in corpus.batches("patent") for row in batch.to_pylist()]
        shown.append(sorted((row["id"], row["titles"][0]["text"]) for row in found))
        assert not (corpus.path / "unpacking").exists()
    assert shown[0] == shown[1]
