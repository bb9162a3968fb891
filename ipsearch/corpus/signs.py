"""What marks are compared and listed by, kept beside a part so that hundreds are read at once.

One Arrow file, mapped: a row for each row of the part, in its order, with some of its columns under
their own names; goods in words have given their similar groups. Of the Parquet file a row group
would have to be unpacked for almost every mark. All of it can be made of the part again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.corpus.checksums import reading
from ipsearch.corpus.durable import written
from ipsearch.corpus.indices import as_indices
from ipsearch.corpus.layout import signs_path
from ipsearch.marks.goods import groups_of_goods
from ipsearch.records import TRADEMARK

_NESTED = {
    "owners": ("name",),
    "classes": ("nice_class", "edition", "similar_groups", "status", "status_date"),
}
"""What is kept of columns that are lists of structs."""
_PLAIN = (
    *("id", "office", "mark_text", "transliteration", "legal_status", "status_date"),
    *("transaction_date", "filing_date", "preliminary_publication_date", "registration_date"),
    "expiry_date",
)
SIGN_COLUMNS = (*_PLAIN, *_NESTED)
"""The columns of a part that are kept, whole or in part."""


def _schema() -> pa.Schema:
    fields = [pa.field(name, TRADEMARK.field(name).type) for name in _PLAIN]
    for name, inner in _NESTED.items():
        struct = TRADEMARK.field(name).type.value_type
        fields.append(pa.field(name, pa.list_(pa.struct([struct.field(one) for one in inner]))))
    return pa.schema(fields)


SIGNS = _schema()


class SignsWriter:
    """Collects the signs of one part's rows."""

    def __init__(self) -> None:
        self._batches: list[pa.RecordBatch] = []

    def add(self, rows: pa.Table) -> None:
        """Take in rows with `SIGN_COLUMNS`, in their order."""
        for batch in rows.select(list(SIGN_COLUMNS)).to_batches():
            columns = [batch.column(name) for name in _PLAIN]
            columns.append(_project(batch.column("owners"), _NESTED["owners"]))
            columns.append(_with_groups(batch.column("classes")))
            self._batches.append(pa.RecordBatch.from_arrays(columns, schema=SIGNS))

    def write(self, path: Path) -> None:
        """Write them, all on disk when this returns."""
        whole = pa.Table.from_batches(self._batches, SIGNS).combine_chunks()
        with written(path) as file, pa.ipc.new_file(file, SIGNS) as writer:
            writer.write_table(whole)


def _with_groups(classes: pa.ListArray) -> pa.ListArray:
    """Keep of each class what is compared, with the groups of its goods where none are named."""
    names = _NESTED["classes"]
    kept = _project(classes, names)
    goods = pc.list_value_length(classes.values.field("goods"))
    groups = pc.list_value_length(classes.values.field("similar_groups"))
    without = pc.and_(pc.greater(pc.fill_null(goods, 0), 0), pc.equal(pc.fill_null(groups, 0), 0))
    if not pc.any(without).as_py():
        return kept
    rows = classes.to_pylist()
    for item in chain.from_iterable(row or () for row in rows):
        if item["goods"] and not item["similar_groups"] and item["nice_class"]:
            item["similar_groups"] = groups_of_goods(item["goods"], item["nice_class"])
    plain = [row and [{name: item[name] for name in names} for item in row] for row in rows]
    return pa.array(plain, kept.type)


def _project(lists: pa.ListArray, names: Sequence[str]) -> pa.ListArray:
    """Keep some fields of the structs in lists."""
    structs = lists.values
    kept = pa.StructArray.from_arrays(
        [structs.field(name) for name in names], fields=[structs.type.field(n) for n in names]
    )
    mask = lists.is_null() if lists.null_count else None
    return pa.ListArray.from_arrays(lists.offsets, kept, mask=mask)


class SignReader:
    """Reads signs by address from the parts of one shard; their files stay mapped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[int, pa.Table] = {}
        self._guard = threading.Lock()

    def rows(self, addresses: Sequence[int], columns: Sequence[str]) -> list[dict[str, Any]]:
        """Give columns of the marks at `addresses`, in this order, as dicts."""
        by_part: dict[int, list[int]] = {}
        for place, address in enumerate(addresses):
            by_part.setdefault(address >> 32, []).append(place)
        result: list[dict[str, Any]] = [{}] * len(addresses)
        for part, places in by_part.items():
            table = self._table(part).select(list(columns))
            numbers = np.array([addresses[place] & 0xFFFFFFFF for place in places], np.int64)
            rows = table.take(as_indices(numbers)).to_pylist()
            for place, row in zip(places, rows, strict=True):
                result[place] = row
        return result

    def _table(self, part: int) -> pa.Table:
        with self._guard:
            if part not in self._tables:
                path = signs_path(self._folder / f"part-{part:06d}.parquet")
                with reading(path), pa.memory_map(str(path)) as source:
                    self._tables[part] = pa.ipc.open_file(source).read_all()
            return self._tables[part]
