"""Arrow arrays put together from their buffers: for many values at once, without `pa.array`.

`pa.array` looks at each value by itself, and imports pandas where there is one, which takes 0.2 s.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


def strings(values: Sequence[str | None]) -> pa.Array:
    """Make an array of texts; None is null."""
    texts = [value or "" for value in values]
    joined = "".join(texts)
    data = joined.encode()
    if len(data) == len(joined):
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    else:
        lengths = np.fromiter((len(text.encode()) for text in texts), np.int64, len(texts))
    array = from_bytes(data, lengths)
    return (
        with_nulls(array, np.array([value is None for value in values]))
        if None in values
        else array
    )


def from_bytes(data: bytes, lengths: Integers) -> pa.Array:
    """Make an array of the texts that stand in `data` (UTF-8) one after another."""
    return pa.StringArray.from_buffers(len(lengths), _offsets(lengths), pa.py_buffer(data))


def with_nulls(texts: pa.Array, is_null: Booleans) -> pa.Array:
    """Give an array of texts without nulls that has null where `is_null`."""
    _, offsets, data = texts.buffers()
    valid = _bits(~is_null)
    return pa.StringArray.from_buffers(len(texts), offsets, data, valid, int(is_null.sum()))


def lists(values: pa.Array, lengths: Integers, is_null: Booleans) -> pa.Array:
    """Divide `values` into lists; where `is_null`, the length is 0 and there is none."""
    offsets = pa.Array.from_buffers(pa.int32(), len(lengths) + 1, [None, _offsets(lengths)])
    return pa.ListArray.from_arrays(offsets, values, mask=booleans(is_null))


def booleans(values: Booleans) -> pa.Array:
    """Make an array of truth values."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def integers(values: Integers) -> pa.Array:
    """Make an array of integers of 64 bits."""
    plain = np.ascontiguousarray(values, np.int64)
    return pa.Array.from_buffers(pa.int64(), len(plain), [None, pa.py_buffer(plain)])


def _offsets(lengths: Integers) -> pa.Buffer:
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.py_buffer(offsets)


def _bits(values: Booleans) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))
