"""Every source against committed records: all samples, read to the last column.

A new source is tested by being in the registry and by having a sample; `--update-golden` writes
its records.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ipsearch.errors import UnknownFormatError
from ipsearch.records import LEGAL_STATUSES, MARK_KINDS, PATENT_TYPES, SCHEMAS, Kind, to_batch
from ipsearch.sources.base import Notes, Record, Reject, Source
from ipsearch.sources.registry import SOURCES, all_sources, detect
from ipsearch.sources.walk import Item, Opener, peek, walk

SAMPLES = Path(__file__).parents[2] / "samples"
GOLDEN = Path(__file__).parent / "data"
CATEGORIES = ("trademark", "service", "collective", "certification", "geographical_indication")
EVERY_SOURCE = pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.name)


@cache
def _read_samples() -> dict[str, list[tuple[Path, list[Record | Reject]]]]:
    """By source, what each of the files is read as that detection gives to it."""
    found: dict[str, list[tuple[Path, list[Record | Reject]]]] = {name: [] for name in SOURCES}
    with Opener() as opener:
        for item in walk([SAMPLES]):
            if not isinstance(item, Item):
                continue
            notes = Notes()
            with opener.open(item, notes) as opened:
                head, opened = peek(opened)
                try:
                    source = detect(head, opened.name)
                except UnknownFormatError:
                    found.setdefault("", []).append((item.path, []))
                    continue
                found[source.name].append((item.path, list(source.read(opened))))
    return found


def _records(source: Source) -> Iterator[Record]:
    for _, items in _read_samples()[source.name]:
        yield from (item for item in items if isinstance(item, Record))


def _kind(row: dict[str, Any]) -> Kind:
    return "trademark" if "mark_text" in row else "patent"


@EVERY_SOURCE
def test_samples_match_golden(source: Source, update_golden: bool) -> None:
    """Each source turns its samples into exactly the records that we committed."""
    lines = ""
    for record in _records(source):
        (row,) = to_batch([record.row], record.kind).to_pylist()
        lines += json.dumps(row, ensure_ascii=False, default=str) + "\n"
    golden = GOLDEN / f"{source.name}.jsonl"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(lines, encoding="utf-8")
    assert golden.is_file(), "no golden records: run pytest --update-golden and look at them"
    assert lines == golden.read_text(encoding="utf-8")
    assert lines, "no record in any sample"


@EVERY_SOURCE
def test_sample_is_its_own(source: Source) -> None:
    """The sample that a source names is there, is detected as its own, and is read whole."""
    sample = SAMPLES / source.sample
    assert sample.exists()
    read = dict(_read_samples()[source.name])
    own = [path for path in read if path == sample or sample in path.parents]
    assert own, f"nothing in {source.sample} is detected as {source.name}"
    if sample.is_dir():
        assert own == sorted(path for path in sample.rglob("*") if path.is_file())
    rejects = [item for path in own for item in read[path] if isinstance(item, Reject)]
    assert rejects == []


@EVERY_SOURCE
def test_source_says_what_it_fills(source: Source) -> None:
    """A source fills no column that it does not name, and names none that is not a column."""
    assert SOURCES[source.name]
    assert set(source.fields) == set(source.kinds)
    for kind, columns in source.fields.items():
        assert columns <= set(SCHEMAS[kind].names)
    for record in _records(source):
        assert set(record.row) - source.fields[record.kind] == set()
        assert {"id", "office", "source"} <= set(record.row)


@EVERY_SOURCE
def test_golden_records_fit(source: Source) -> None:
    """Committed records have all columns, the source's name, and values from our lists."""
    for line in (GOLDEN / f"{source.name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = _kind(row)
        filled = {column for column, value in row.items() if value not in (None, [], "")}
        assert list(row) == SCHEMAS[kind].names
        assert filled - source.fields[kind] == set()
        assert row["id"] and len(row["office"]) == 2
        assert row["legal_status"] in (None, *LEGAL_STATUSES)
        if kind == "patent":
            assert row["patent_type"] in (None, *PATENT_TYPES)
            assert row["is_event"] or row["id"] in (
                row["publication_number"],
                row["application_number"],
            )
        else:
            assert row["mark_kind"] in (None, *MARK_KINDS)
            assert row["mark_category"] in (None, *CATEGORIES)


def test_every_sample_is_read() -> None:
    """No file among the samples is unknown to every source."""
    assert _read_samples().get("", []) == []


def test_no_golden_is_left_over() -> None:
    """Every golden file belongs to a source."""
    assert {path.stem for path in GOLDEN.glob("*.jsonl")} <= set(SOURCES)
