"""Stage two of ingestion: a shard's new parts into a new generation of its index. One task, pure.

Most records are alone: the only row of their application. They go to the index as they are. Rows
that share an application, with each other or with rows indexed before, are gathered, merged, and
indexed as the records to be shown; merged ones are written to a part of their own.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.analysis import Analyzer
from ipsearch.corpus.layout import HIDDEN, MOVED, Layout, keys_path
from ipsearch.corpus.merge import Delivery, shown_records
from ipsearch.corpus.parts import (
    PART_SCHEMAS,
    Addresses,
    PartReader,
    PartWriter,
    Pending,
    load_addresses,
    load_keys,
    rows_with,
    save_addresses,
    sync,
    with_keys,
)
from ipsearch.corpus.routing import key_hash
from ipsearch.index.writer import BATCH_ROWS, ShardWriter
from ipsearch.records import Kind, to_batch

_BUCKET_ROWS = 20_000
"""Rows to be merged that are held in memory at once; beyond it they are sorted out on disk."""


@dataclass(frozen=True, slots=True)
class BuildTask:
    """Everything that building a generation needs to know."""

    root: Path
    kind: Kind
    shard: int
    analyzer: Analyzer
    generation: int
    base: int | None  # the generation that it begins from; None is an empty one
    old_parts: tuple[int, ...]  # deliveries indexed in `base`
    merged_parts: tuple[int, ...]  # merged parts of `base`
    new_parts: tuple[int, ...]  # deliveries to be indexed
    moved: tuple[int, ...]  # addresses of rows that left the shard in this ingestion
    merged_part: int  # the number of the part that takes what is merged


@dataclass(slots=True)
class BuildResult:
    """What building did; plain values."""

    kind: Kind
    shard: int
    generation: int
    records: int = 0  # in the whole shard
    merged: int = 0  # records shown that come from several deliveries
    replaced: int = 0  # deliveries that a later one of the same source stands for
    merged_part: int = 0
    part: tuple[int, int] | None = None  # rows and bytes of the merged part, if there is one
    cpu_s: float = 0.0


class _Rows(NamedTuple):
    """Rows of some parts, by part number."""

    by_part: dict[int, npt.NDArray[np.int64]]

    def __len__(self) -> int:
        return sum(map(len, self.by_part.values()))

    def addresses(self) -> Addresses:
        """Give the rows as addresses."""
        pieces = [
            (np.uint64(part) << np.uint64(32)) | rows.astype(np.uint64)
            for part, rows in self.by_part.items()
        ]
        return np.concatenate(pieces) if pieces else np.empty(0, np.uint64)


def build(task: BuildTask) -> BuildResult:
    """Build a generation; nothing of it counts until the catalog names it."""
    begin = time.process_time()
    layout = Layout(task.root)
    folder = layout.generation(task.kind, task.shard, task.generation)
    base = layout.generation(task.kind, task.shard, task.base) if task.base is not None else None
    result = BuildResult(task.kind, task.shard, task.generation, merged_part=task.merged_part)
    moved = np.union1d(
        load_addresses(base / MOVED) if base else np.empty(0, np.uint64),
        np.array(task.moved, np.uint64),
    )
    shared, merged_before = _rows_to_merge(layout, task, moved)
    writer = ShardWriter(folder, task.kind, task.analyzer, base=base)
    hidden = set(load_addresses(base / HIDDEN).tolist()) if base else set()
    hidden.difference_update(shared.addresses().tolist())
    hidden.update(merged_before.addresses().tolist())
    for batch, addresses in _alone(layout, task, shared, hidden):
        writer.add(batch, addresses)
    if len(shared) or len(merged_before) or task.moved:
        _merge_into(writer, layout, task, shared, merged_before, hidden, result)
    result.records = writer.commit()
    save_addresses(folder / HIDDEN, hidden)
    save_addresses(folder / MOVED, moved)
    sync(folder)
    result.cpu_s = time.process_time() - begin
    return result


def _rows_to_merge(layout: Layout, task: BuildTask, moved: Addresses) -> tuple[_Rows, _Rows]:
    """Find the rows that share an application with a new or a moved row, and merged rows of it."""

    def keys_of(part: int) -> npt.NDArray[np.void]:
        return load_keys(keys_path(layout.part(task.kind, task.shard, part)))

    new = {part: keys_of(part) for part in task.new_parts}
    arrays = [keys["key"] for keys in new.values()]
    spoken_of, counts = np.unique(
        np.concatenate(arrays) if arrays else np.empty(0, np.uint64), return_counts=True
    )
    touched = np.union1d(spoken_of, _keys_of_moved(layout, task))
    old = {part: rows_with(keys_of(part), touched) for part in task.old_parts}
    several = [spoken_of[counts > 1], *(keys["key"] for keys in old.values())]
    several.append(_keys_of_moved(layout, task))
    wanted = np.unique(np.concatenate(several).astype(np.uint64))
    found: dict[int, npt.NDArray[np.int64]] = {}
    for part in (*task.old_parts, *task.new_parts):
        keys = rows_with(new[part], wanted) if part in new else old[part]
        rows = np.sort(keys["row"].astype(np.int64))
        gone = moved[(moved >> np.uint64(32)) == part] & np.uint64(0xFFFFFFFF)
        rows = rows[~np.isin(rows, gone.astype(np.int64))]
        if len(rows):
            found[part] = rows
    merged = {
        part: np.sort(rows_with(keys_of(part), wanted)["row"].astype(np.int64))
        for part in task.merged_parts
    }
    return _Rows(found), _Rows({part: rows for part, rows in merged.items() if len(rows)})


def _keys_of_moved(layout: Layout, task: BuildTask) -> npt.NDArray[np.uint64]:
    return np.unique(np.array([key_hash(k) for k in _moved_applications(layout, task)], np.uint64))


def _moved_applications(layout: Layout, task: BuildTask) -> list[str]:
    by_part: dict[int, list[int]] = defaultdict(list)
    for address in task.moved:
        by_part[address >> 32].append(address & 0xFFFFFFFF)
    keys: list[str] = []
    for part, rows in by_part.items():
        reader = PartReader(layout.part(task.kind, task.shard, part))
        keys.extend(reader.rows(rows, ["application_key"])["application_key"].to_pylist())
    return keys


def _alone(
    layout: Layout, task: BuildTask, shared: _Rows, hidden: set[int]
) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
    """Give the new rows that are alone in their application; events alone stay hidden."""
    moved_here = set(task.moved)
    for part in task.new_parts:
        first = 0
        others = shared.by_part.get(part)
        gone = np.array([a & 0xFFFFFFFF for a in moved_here if a >> 32 == part], np.int64)
        for batch in PartReader(layout.part(task.kind, task.shard, part)).batches(BATCH_ROWS):
            rows = np.arange(first, first + len(batch))
            first += len(batch)
            keep = np.ones(len(batch), bool)
            if others is not None:
                keep &= ~np.isin(rows, others)
            if len(gone):
                keep &= ~np.isin(rows, gone)
            is_event = batch.column("is_event").to_numpy(zero_copy_only=False)
            hidden.update((part << 32) | int(row) for row in rows[keep & is_event])
            keep &= ~is_event
            if not keep.all():
                batch = pc.filter(batch, pa.array(keep))
            if len(batch):
                yield batch, [(part << 32) | int(row) for row in rows[keep]]


def _merge_into(
    writer: ShardWriter,
    layout: Layout,
    task: BuildTask,
    shared: _Rows,
    merged_before: _Rows,
    hidden: set[int],
    result: BuildResult,
) -> None:
    known = set(task.old_parts)
    part = PartWriter(layout.part(task.kind, task.shard, task.merged_part), task.kind)
    writer.remove_applications(_moved_applications(layout, task))
    ready: list[tuple[Pending, int | None]] = []
    for application, deliveries in _applications(layout, task, shared):
        shown, superseded = shown_records(deliveries, task.kind)
        result.replaced += superseded
        if any(d.address >> 32 in known for d in deliveries):
            writer.remove_applications([application])
        hidden.update(d.address for d in deliveries)
        for record in shown:
            if record.address is not None:
                hidden.discard(record.address)
            else:
                result.merged += 1
            pending = Pending(
                record.row, application, key_hash(application), record.row["delivery"], ("", "")
            )
            ready.append((pending, record.address))
        if len(ready) >= BATCH_ROWS:
            _index(writer, part, task, ready)
            ready.clear()
    _index(writer, part, task, ready)
    part.flush()
    if not part.row_count:
        part.abandon()
        return
    part.close()
    result.part = (part.row_count, part.path.stat().st_size)


def _index(
    writer: ShardWriter,
    part: PartWriter,
    task: BuildTask,
    ready: list[tuple[Pending, int | None]],
) -> None:
    if not ready:
        return
    part.flush()
    next_row = part.row_count
    addresses = []
    for pending, address in ready:
        if address is None:
            address = (task.merged_part << 32) | next_row
            next_row += 1
            part.add(pending)
        addresses.append(address)
    part.flush()
    names = set(PART_SCHEMAS[task.kind].names) - {"application_key", "delivery"}
    rows = [{name: p.row.get(name) for name in names} for p, _ in ready]
    batch = with_keys(
        to_batch(rows, task.kind),
        task.kind,
        [pending.application_key for pending, _ in ready],
        [pending.delivery for pending, _ in ready],
    )
    writer.add(batch, addresses)


def _applications(
    layout: Layout, task: BuildTask, shared: _Rows
) -> Iterator[tuple[str, list[Delivery]]]:
    """Gather the rows to be merged by application, in bounded memory."""
    buckets = 1 + len(shared) // _BUCKET_ROWS
    with tempfile.TemporaryDirectory(prefix="ipsearch-merge-") as folder:
        paths = [Path(folder) / f"{i}.arrow" for i in range(buckets)]
        schema = PART_SCHEMAS[task.kind].append(pa.field("address", pa.uint64()))
        writers = [pa.ipc.new_stream(path, schema) for path in paths]
        for table in _shared_tables(layout, task, shared):
            keys = table["application_key"].to_pylist()
            bucket = np.array([key_hash(key) // 64 % buckets for key in keys])
            for number in np.unique(bucket):
                writers[number].write_table(table.filter(pa.array(bucket == number)))
        for stream in writers:
            stream.close()
        for path in paths:
            by_application: dict[str, list[Delivery]] = defaultdict(list)
            with pa.ipc.open_stream(path) as reader:
                for batch in reader:
                    for row in batch.to_pylist():
                        address = row.pop("address")
                        by_application[row["application_key"]].append(Delivery(row, address))
            path.unlink()
            yield from by_application.items()


def _shared_tables(layout: Layout, task: BuildTask, shared: _Rows) -> Iterator[pa.Table]:
    for part, rows in shared.by_part.items():
        reader = PartReader(layout.part(task.kind, task.shard, part))
        for begin in range(0, len(rows), 2_000):
            some = rows[begin : begin + 2_000]
            addresses = (np.uint64(part) << np.uint64(32)) | some.astype(np.uint64)
            yield reader.rows(some.tolist()).append_column("address", pa.array(addresses))
