"""The XML sources against committed records: our samples, read to the last column."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ipsearch.records import SCHEMAS, to_batch
from ipsearch.sources import cnipa_patent, uspto_patent, uspto_trademark
from ipsearch.sources.base import Input, Notes, Record, Source

SAMPLES = Path(__file__).parents[2] / "samples"
GOLDEN = Path(__file__).parent / "data"
CASES: dict[str, tuple[Source, str]] = {
    "cnipa_patent": (cnipa_patent.SOURCE, "cnipa/*.xml"),
    "uspto_patent": (uspto_patent.SOURCE, "uspto_grants.xml"),
    "uspto_trademark": (uspto_trademark.SOURCE, "uspto_trademarks.xml"),
}


def _read(source: Source, paths: list[Path]) -> list[Record]:
    results = []
    for path in paths:
        with path.open("rb") as stream:
            results += list(source.read(Input(path.name, stream, None, True, Notes())))
    records = [result for result in results if isinstance(result, Record)]
    assert len(records) == len(results), "a sample has a reject"
    return records


@pytest.mark.parametrize("name", CASES)
def test_sample_matches_golden(name: str, update_golden: bool) -> None:
    """Each source turns its samples into exactly the records that we committed."""
    source, pattern = CASES[name]
    rows = []
    for record in _read(source, sorted(SAMPLES.glob(pattern))):
        rows += to_batch([record.row], record.kind).to_pylist()
    lines = "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    golden = GOLDEN / f"{name}.jsonl"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(lines, encoding="utf-8")
    assert lines == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_source_says_what_it_fills(name: str) -> None:
    """A source fills no column that it does not name, and names none that is not a column."""
    source, pattern = CASES[name]
    assert source.name == name
    for record in _read(source, sorted(SAMPLES.glob(pattern))):
        assert set(record.row) <= source.fields[record.kind]
    for kind, columns in source.fields.items():
        assert columns <= set(SCHEMAS[kind].names)


@pytest.mark.parametrize("name", CASES)
def test_source_knows_its_own(name: str) -> None:
    """Each source recognises its sample and no other source's."""
    for other, (_, pattern) in CASES.items():
        for path in SAMPLES.glob(pattern):
            assert CASES[name][0].recognises(path.read_bytes()[:65536], path.name) == (
                other == name
            )


@pytest.mark.parametrize("name", CASES)
def test_sample_is_there(name: str) -> None:
    """The sample that a source names exists."""
    assert (SAMPLES / CASES[name][0].sample).is_file()
