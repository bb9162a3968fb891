"""Google's flat lines give the same records in columns at once as one by one."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipsearch.records import PATENT, to_batch
from ipsearch.sources import arrow_lines, json_objects
from ipsearch.sources.base import Batch, Input, Notes, Record
from ipsearch.sources.google_patents import read, read_batches

CITED = st.sampled_from(
    [
        *("US-3792375-A", "US-2004137729-A1", "US-20040137729-A1", "US-2004137-A", "US-D435854-S"),
        *("EP-1234567-B1", "WO-9912345-A1", "WO-2019123456-A1", "JP-H05123456-A", "JP-H0512-A"),
        *("CN-109900018-B", "KR-20100123456-A", "DE-102010012345-A1", "", " US-7-B1", "?", "a b"),
        *("no number", "US-7-B1"),
    ]
)
NUMBERS = st.sampled_from(
    ["US-4058776-A", "US-2004137729-A1", "US-PP12345-P2", "US-D435854-S", "CN-212900022-U", "JP1A"]
)
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", 0, [], {"a": 1}, "no number", "电池 &amp; &x;", ",,", "a\nb"]
)
LINES = st.fixed_dictionaries(
    {
        "publication_number": NUMBERS,
        "abstract_en": st.text(max_size=8) | st.none(),
        "Citations": st.lists(CITED, max_size=6).map(",".join),
    },
    optional={"title": st.text(max_size=5)},
)


def _read(lines: list[Any], *, in_columns: bool) -> tuple[list[Any], int, Notes]:
    """The records as plain values, how many came in columns, and the notes."""
    data = "\n".join(json.dumps(line) for line in lines).encode()
    notes = Notes()
    opened = Input("a", io.BytesIO(data), len(data), True, notes)
    rows: list[Any] = []
    count = 0
    for found in (read_batches if in_columns else read)(opened):
        if isinstance(found, Batch):
            found.rows.validate(full=True)
            assert found.rows.schema.equals(PATENT)
            rows += found.rows.to_pylist()
            count += len(found.rows)
        elif isinstance(found, Record):
            rows += to_batch([found.row], "patent").to_pylist()
        else:
            rows.append((found.position, found.reason))
    return rows, count, notes


@given(lines=st.lists(LINES, max_size=12), joined=st.sampled_from([1, 300, 1 << 20]))
def test_columns_are_the_rows(lines: list[dict[str, Any]], joined: int) -> None:
    """Numbers, types, texts, citations and all that is noted are the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow_lines, "_JOINED_BYTES", joined)
        patch.setattr(json_objects, "_BLOCK_BYTES", joined)
        in_columns, _, notes = _read(lines, in_columns=True)
    one_by_one, _, expected = _read(lines, in_columns=False)
    assert in_columns == one_by_one
    assert (notes.unmapped, notes.warnings) == (expected.unmapped, expected.warnings)


@given(
    lines=st.lists(LINES, min_size=1, max_size=6),
    key=st.sampled_from(["publication_number", "abstract_en", "Citations", "x", "claims"]),
    value=ODD,
    other=st.sampled_from([{}, [], 3, ["publication_number", "abstract_en", "Citations"]]),
)
def test_odd_values_are_read_as_ever(
    lines: list[dict[str, Any]], key: str, value: Any, other: Any
) -> None:
    """A line with another key or type is the same record or reject, and so are its neighbours."""
    for odd in ([{**lines[0], key: value}, *lines], [*lines, {**lines[0], key: value}, other]):
        assert _read(odd, in_columns=True)[0] == _read(odd, in_columns=False)[0]


def test_usual_lines_come_in_columns() -> None:
    """Lines as Google has them, an unreadable citation among them, are not read one by one."""
    line = {"publication_number": "US-7-B1", "abstract_en": "A.", "Citations": "US-8-B1,?,US-8-B1"}
    (row, _), count, _ = _read([line, {**line, "Citations": None}], in_columns=True)
    assert count == 2
    assert [cited["publication_number"] for cited in row["citations"]] == ["US8B1", None]
    assert row["citations"][1]["text"] == "?"
