"""Here is a damaged part, give me what of it can still be read.

A part is read row group by row group; the checksums of its pages say which are whole. If its own
footer is gone, the one beside it is used. What is whole goes into a new part; of the rest it is
said which rows, which records and which files they came in, as far as anything tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ipsearch.corpus.catalog import Generation, Part
from ipsearch.corpus.checksums import content_fault, part_file
from ipsearch.corpus.footers import is_footer
from ipsearch.corpus.joining import to_addresses
from ipsearch.corpus.layout import Layout, footer_path
from ipsearch.corpus.parts import Addresses, PartWriter
from ipsearch.corpus.sides import inputs_of
from ipsearch.errors import CorpusError
from ipsearch.index import Shard, id_of
from ipsearch.records import Kind

_READ_FAULTS = (OSError, ValueError)  # Arrow's are among them


@dataclass(frozen=True, slots=True)
class SalvageTask:
    """A damaged part, and where what is whole of it goes."""

    root: Path
    part: Part
    gone: Addresses  # rows of the shard that do not count: they are left behind
    generation: Generation | None  # the index of the shard, if that is whole: it knows ids
    number: int  # of the new part


@dataclass(slots=True)
class Lost:
    """What of a part could not be read."""

    file: str
    rows: list[tuple[int, int]] = field(default_factory=list)  # the first and the last of a span
    ids: list[str] = field(default_factory=list)  # of records among them, as far as known
    inputs: list[str] | None = field(default_factory=list)
    """Content hashes of the files that brought them; None if nothing tells."""

    @property
    def row_count(self) -> int:
        """How many rows."""
        return sum(last - first + 1 for first, last in self.rows)


@dataclass(slots=True)
class SalvageResult:
    """The part that was written, if any row could be kept, and what could not."""

    kind: Kind
    shard: int
    part: Part | None
    lost: Lost


def salvage(task: SalvageTask) -> SalvageResult:
    """Write the rows that can be read to a new part; that counts once the catalog names it."""
    layout, part = Layout(task.root), task.part
    path = layout.part(part.kind, part.shard, part.number)
    lost = Lost(path.relative_to(task.root).as_posix())
    metadata = _footer(path, part)
    new_path = layout.part(part.kind, part.shard, task.number)
    writer: PartWriter | None = None
    deliveries: set[str] = set()
    knows_all = True
    for group, first, rows, batch in _groups(path, part, metadata):
        addresses = to_addresses(part.number, np.arange(first, first + rows))
        counts = ~np.isin(addresses, task.gone)
        if batch is not None:
            writer = writer or PartWriter(new_path, part.kind)
            writer.copy(batch.filter(pa.array(counts)))
            continue
        if not counts.any():
            continue
        lost.rows.append((first, first + rows - 1))
        names = _read_group(path, metadata, group, ["id", "delivery"])
        if names is None:
            knows_all = False
            lost.ids += _indexed_ids(layout, task, first, rows)
        else:
            names = names.filter(pa.array(counts))
            lost.ids += names["id"].to_pylist()
            deliveries.update(name.partition("+")[0] for name in names["delivery"].to_pylist())
    lost.ids = sorted(set(lost.ids))
    lost.inputs = sorted(deliveries)
    if not knows_all:
        lost.inputs = inputs_of(metadata) if metadata is not None else None
    return SalvageResult(part.kind, part.shard, _closed(writer, part, task.number), lost)


def _closed(writer: PartWriter | None, old: Part, number: int) -> Part | None:
    if writer is None:
        return None
    writer.flush()
    if not writer.row_count:
        writer.abandon()
        return None
    writer.close()
    return Part(old.kind, old.shard, number, writer.row_count, False, writer.files)


def _footer(path: Path, part: Part) -> pq.FileMetaData | None:
    """Read the footer of a part, whichever is whole: the one beside it, or its own."""
    beside = footer_path(path)
    for entry in part.files:
        if part_file(path, entry.name) == beside:
            if content_fault(beside, entry) is None:
                return pq.read_metadata(beside)
            if is_footer(path, entry.sha256):
                return pq.read_metadata(path)
    return None


def _groups(
    path: Path, part: Part, metadata: pq.FileMetaData | None
) -> Iterator[tuple[int, int, int, pa.RecordBatch | None]]:
    """Give each row group: number, first row, how many it has, the rows if they can be read."""
    if metadata is None:
        yield 0, 0, part.rows, None
        return
    first = 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        yield group, first, rows, _read_group(path, metadata, group)
        first += rows


def _read_group(
    path: Path, metadata: pq.FileMetaData | None, group: int, columns: list[str] | None = None
) -> pa.RecordBatch | None:
    if metadata is None:
        return None
    try:
        with pq.ParquetFile(path, metadata=metadata, page_checksum_verification=True) as file:
            table = file.read_row_group(group, columns=columns, use_threads=False)
        table.validate(full=True)
        (batch,) = table.combine_chunks().to_batches()
    except _READ_FAULTS:
        return None
    return batch


def _indexed_ids(layout: Layout, task: SalvageTask, first: int, rows: int) -> list[str]:
    """Ask the index which records it shows of some rows."""
    if task.generation is None:
        return []
    kind, number = task.part.kind, task.part.shard
    begin = task.part.number << 32 | first
    try:
        shard = Shard(number, layout.generation(kind, number, task.generation.number))
        within = shard.between(begin, begin + rows - 1)
        counted = [*shard.term_counts(within, "id:"), *shard.term_counts(within, "num:")]
    except CorpusError:
        return []
    return [name for term, count in counted if count and (name := id_of(term))]
