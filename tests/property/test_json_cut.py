"""Values cut out of any JSON file are those that a parser of the whole file finds."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipsearch.sources import json_cut
from ipsearch.sources.base import Input, Notes, Reject
from ipsearch.sources.json_objects import Found, read_array, read_values

TEXTS = st.text(st.sampled_from('ab"\\\\{}[],: 电\n\u2028'), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


def _read(data: bytes, is_array: bool = True) -> list[Found]:
    opened = Input("a", io.BytesIO(data), len(data), True, Notes())
    return list(read_array(opened) if is_array else read_values(opened))


@given(
    values=st.lists(VALUES, max_size=5),
    block=st.sampled_from([1, 2, 5, 64, 1 << 18]),
    is_ascii=st.booleans(),
    indent=st.sampled_from([None, 1]),
)
def test_an_array_has_its_elements(
    values: list[Any], block: int, is_ascii: bool, indent: int | None
) -> None:
    """Objects are found as they are, and anything else is a reject, wherever blocks end."""
    data = json.dumps(values, ensure_ascii=is_ascii, indent=indent).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_cut, "_BLOCK_BYTES", block)
        found = _read(b"\xef\xbb\xbf " + data)
    assert len(found) == len(values)
    for number, (item, value) in enumerate(zip(found, values, strict=True), start=1):
        if isinstance(value, dict):
            assert item == (f"document {number}", value)
        else:
            assert isinstance(item, Reject) and item.position == f"document {number}"


@given(values=st.lists(VALUES.filter(lambda value: isinstance(value, dict)), max_size=5))
def test_objects_one_after_another(values: list[Any]) -> None:
    """Indented objects need nothing between them."""
    data = "".join(json.dumps(value, indent=2) for value in values).encode()
    assert [item[1] for item in _read(data, is_array=False) if isinstance(item, tuple)] == values
