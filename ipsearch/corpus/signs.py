"""What marks are compared by, kept beside a part so that hundreds are read at once by address.

One Arrow file, mapped: a row for each row of the part, in its order. A Parquet file would have to
unpack a row group for almost every one of them. All of it can be made of the part again.
"""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa

SIGN_COLUMNS = ["mark_text", "classes"]
"""The columns of a part that it is made of."""

SIGNS = pa.schema(
    [
        pa.field("text", pa.string()),  # null: a mark without words
        pa.field("classes", pa.list_(pa.int16()), nullable=False),  # Nice
        pa.field("groups", pa.list_(pa.string()), nullable=False),  # 0901, or with its part 0901-一
    ]
)


class SignsWriter:
    """Collects the signs of one part's rows."""

    def __init__(self) -> None:
        self._batches: list[pa.RecordBatch] = []

    def add(self, rows: pa.Table) -> None:
        """Take in rows with `SIGN_COLUMNS`, in their order."""
        for batch in rows.select(SIGN_COLUMNS).to_batches():
            self._batches.append(_signs(batch))

    def write(self, path: Path) -> None:
        """Write them, all on disk when this returns."""
        whole = pa.Table.from_batches(self._batches, SIGNS).combine_chunks()
        with path.open("wb") as file:
            with pa.ipc.new_file(file, SIGNS) as writer:
                writer.write_table(whole)
            file.flush()
            os.fsync(file.fileno())


def _signs(batch: pa.RecordBatch) -> pa.RecordBatch:
    classes, groups = [], []
    for held in batch.column("classes").to_pylist():
        distinct = dict.fromkeys(item["nice_class"] for item in held or () if item["nice_class"])
        classes.append(list(distinct))
        groups.append(
            list(
                dict.fromkeys(
                    f"{group['group']}-{group['part']}" if group["part"] else group["group"]
                    for item in held or ()
                    for group in item["similar_groups"] or ()
                    if group["group"]
                )
            )
        )
    columns = [batch.column("mark_text"), pa.array(classes, SIGNS.field("classes").type)]
    return pa.RecordBatch.from_arrays(
        [*columns, pa.array(groups, SIGNS.field("groups").type)], schema=SIGNS
    )


def open_signs(path: Path) -> pa.Table:
    """Map the signs of a part."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
