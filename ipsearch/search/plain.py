"""Here is a batch of records, give me them as plain values: column by column, which is quick."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

import pyarrow as pa


def as_rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Give each record as a dict: what `to_pylist` gives, which makes an object a scalar."""
    names = batch.schema.names
    columns = [_values(column) for column in batch.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: pa.Array) -> list[Any]:
    if column.null_count == len(column):
        return [None] * len(column)
    if pa.types.is_list(column.type):
        values = _values(column.flatten())  # those of null lists are left out
        lengths = column.value_lengths().fill_null(0).to_pylist()
        spans = pairwise(accumulate(lengths, initial=0))
        lists: list[Any] = [values[begin:end] for begin, end in spans]
        return _with_nulls(column, lists)
    if pa.types.is_struct(column.type):
        names = column.type.names
        members = [_values(member) for member in column.flatten()]
        structs = [dict(zip(names, row, strict=True)) for row in zip(*members, strict=True)]
        return _with_nulls(column, structs)
    return column.to_pylist()  # type: ignore[no-any-return]


def _with_nulls(column: pa.Array, values: list[Any]) -> list[Any]:
    if column.null_count:
        is_there = column.is_valid().to_pylist()
        return [value if known else None for value, known in zip(values, is_there, strict=True)]
    return values
