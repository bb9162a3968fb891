"""Whatever happens to a file on its way, the XML sources give records and rejects, no exception."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipsearch.records import to_batch
from ipsearch.sources import cnipa_patent, uspto_patent, uspto_trademark
from ipsearch.sources.base import Input, Notes, Record, Reject, Source

SAMPLES = Path(__file__).parents[2] / "samples"
CASES: list[tuple[Source, bytes]] = [
    (
        cnipa_patent.SOURCE,
        b"".join(path.read_bytes() for path in sorted(SAMPLES.glob("cnipa/*.xml"))[:3]),
    ),
    (uspto_patent.SOURCE, (SAMPLES / "uspto_grants.xml").read_bytes()),
    (uspto_trademark.SOURCE, (SAMPLES / "uspto_trademarks.xml").read_bytes()),
]
PIECES = st.sampled_from(
    [b"", b"<", b">", b"&", b"&deg;", b"0", b"\xff", b"<?xml ", b"]]>", b"<!--", b"99999999999"]
) | st.binary(max_size=8)
CUTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), PIECES), min_size=1, max_size=6)


def _read(source: Source, content: bytes) -> list[Record | Reject]:
    return list(source.read(Input("a.xml", io.BytesIO(content), None, True, Notes())))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cuts=CUTS)
def test_mutated_file(case: tuple[Source, bytes], cuts: list[tuple[float, int, bytes]]) -> None:
    """A file with pieces replaced gives rows that fit the schema, and rejects that say why."""
    source, content = case
    for where, size, piece in cuts:
        at = int(where * len(content))
        content = content[:at] + piece + content[at + size :]
    results = _read(source, content)
    for result in results:
        if isinstance(result, Record):
            to_batch([result.row], result.kind)
            assert result.row["id"] and result.row["office"] and result.row["source"]
        else:
            assert result.reason and result.position and len(result.head) <= 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].name)
@settings(max_examples=40, deadline=None)
@given(where=st.floats(0.01, 0.99))
def test_truncated_file(case: tuple[Source, bytes], where: float) -> None:
    """A file that ends early gives its whole documents as they were, and a reject for the rest."""
    source, content = case
    whole = [result.row for result in _read(source, content) if isinstance(result, Record)]
    results = _read(source, content[: int(where * len(content))])
    rows = [result.row for result in results if isinstance(result, Record)]
    assert rows == whole[: len(rows)]
    assert len(results) - len(rows) <= 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].name)
@settings(max_examples=25, deadline=None)
@given(places=st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_ranges(case: tuple[Source, bytes], places: list[float]) -> None:
    """Read in ranges, a file gives the same rows in the same order as in one piece."""
    source, content = case
    assert source.can_split
    edges = [0, *sorted(int(place * len(content)) for place in places), None]
    rows = []
    for start, end in itertools.pairwise(edges):
        stream = io.BytesIO(content)
        input = Input("a", stream, len(content), True, Notes(), start or 0, end)
        rows += [result.row for result in source.read(input) if isinstance(result, Record)]
    assert rows == [result.row for result in _read(source, content) if isinstance(result, Record)]
