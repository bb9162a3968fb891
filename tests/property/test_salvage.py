"""Whatever happens to a part: what is kept of it is exactly what was written, the rest is named."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.corpus import parts
from ipsearch.corpus.catalog import Part
from ipsearch.corpus.layout import Layout, footer_path
from ipsearch.corpus.parts import PartReader, PartWriter, Pending
from ipsearch.corpus.routing import application_key, key_hash
from ipsearch.corpus.salvage import SalvageTask, salvage
from ipsearch.errors import DamagedError
from ipsearch.records import Row

ROWS, GROUP = 50, 10
WORDS = ("石墨", "电池", "装置", "传感器", "薄膜", "方法", "涂层")


def row(number: int) -> Row:
    pick = random.Random(number)
    return {
        "id": f"CN{100_000_000 + number}A",
        "publication_number": f"CN{100_000_000 + number}A",
        "application_number": f"CN2020{10_000_000 + number}",
        "office": "CN",
        "source": "test",
        "source_file": "test",
        "titles": [{"language": "zh", "text": "".join(pick.choices(WORDS, k=6))}],
        "claims": [{"language": "zh", "label": "1", "text": "".join(pick.choices(WORDS, k=40))}],
    }


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layout, Part, bytes, list[Row]]:
    """A part of several row groups, brought by a file for every 15 rows."""
    layout = Layout(tmp_path_factory.mktemp("corpus"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "ROW_GROUP_ROWS", GROUP)
        writer = PartWriter(layout.part("patent", 0, 1), "patent")
        for number in range(ROWS):
            key = application_key(row(number), "patent")
            delivery = f"{number // 15:032x}"
            writer.add(Pending(row(number), key, key_hash(key), delivery, 1, ("", "")))
        writer.close()
    made = Part("patent", 0, 1, ROWS, False, writer.files)
    written = [r for b in PartReader(writer.path).batches(1_000) for r in b.to_pylist()]
    return layout, made, writer.path.read_bytes(), written


damages = st.one_of(
    st.tuples(st.just("flip"), st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=3)),
    st.tuples(st.just("cut"), st.floats(0, 1)),
    st.tuples(st.just("zero"), st.floats(0, 1), st.integers(1, 2_000)),
)


@settings(max_examples=150, deadline=None)
@given(damages, st.sets(st.integers(0, ROWS - 1), max_size=10), st.booleans())
def test_kept_rows_are_those_written(
    part: tuple[Layout, Part, bytes, list[Row]],
    damage: tuple[object, ...],
    gone: set[int],
    has_footer: bool,
) -> None:
    """Flipped bits, a cut, a run of zeros, with the footer beside or without: every row that counts
    is kept as it was written, or named as lost; no damage is read without a word."""
    layout, made, data, written = part
    path = layout.part("patent", 0, 1)
    path.write_bytes(damaged(data, damage))
    beside = footer_path(path)
    footer = beside.read_bytes()
    try:
        if not has_footer:
            beside.write_bytes(b"")
        task = SalvageTask(layout.root, made, addresses(gone), None, 2)
        found = salvage(task)
    finally:
        beside.write_bytes(footer)
    lost = {n for first, last in found.lost.rows for n in range(first, last + 1)} - gone
    kept: list[Row] = []
    if found.part is not None:
        reader = PartReader(layout.part("patent", 0, 2))
        kept = [r for batch in reader.batches(1_000) for r in batch.to_pylist()]
    assert kept == [r for n, r in enumerate(written) if n not in lost | gone]
    assert set(found.lost.ids) <= {written[n]["id"] for n in lost}
    if lost and found.lost.inputs is not None:
        assert {written[n]["delivery"] for n in lost} <= set(found.lost.inputs)
    assert has_footer is False or found.lost.inputs is not None
    try:
        read = [r for batch in PartReader(path).batches(1_000) for r in batch.to_pylist()]
    except DamagedError:
        read = written
    assert read == written


def damaged(data: bytes, damage: tuple[object, ...]) -> bytes:
    result, (kind, where, *more) = bytearray(data), damage
    if kind == "cut":
        assert isinstance(where, float)
        return data[: int(where * len(data))]
    if kind == "zero":
        assert isinstance(where, float) and isinstance(more[0], int)
        begin = int(where * len(data))
        result[begin : begin + more[0]] = bytes(len(result[begin : begin + more[0]]))
        return bytes(result)
    assert isinstance(where, list)
    for place in where:
        result[int(place * len(data))] ^= 1 << (int(place * 1e6) % 8)
    return bytes(result)


def addresses(rows: set[int]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(sorted(1 << 32 | n for n in rows), np.uint64)
