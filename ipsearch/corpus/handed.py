"""What a caller hands to `Corpus.ingest`, as paths: files stay files, Arrow becomes one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ipsearch.errors import RecordError


@contextmanager
def as_paths(what: Any) -> Iterator[list[Path]]:
    """Give paths for what was handed over; a temporary file is gone afterwards.

    Arrow tables and batches take the same way as a Parquet file of our records: the same checks,
    the same hash of their content, the same rejects.
    """
    if isinstance(what, str | os.PathLike):
        yield [Path(what)]
        return
    if isinstance(what, pa.Table | pa.RecordBatch):
        what = [what]
    items = iter(what)
    first = next(items, None)
    if first is None:
        yield []
    elif isinstance(first, pa.Table | pa.RecordBatch):
        with tempfile.TemporaryDirectory(prefix="ipsearch-handed-") as folder:
            path = Path(folder) / "handed-over.parquet"
            _write(path, first, items)
            yield [path]
    else:
        yield [Path(path) for path in chain([first], items)]


def _write(path: Path, first: Any, rest: Iterable[Any]) -> None:
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        for batch in chain([first], rest):
            table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
            if not table.schema.equals(first.schema):
                raise RecordError("the batches handed over have different schemas")
            writer.write_table(table, row_group_size=10_000)
