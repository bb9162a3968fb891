"""Stage two of ingestion: a shard's new parts into a new generation of its index. One task, pure.

Most records are alone: the only row of their application. They go to the index as they are. Rows
that share an application, with each other or with rows indexed before, are joined: what is shown of
them is a row as delivered, or one merged of several, which is written to a part of its own.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.analysis import Analyzer
from ipsearch.corpus.checksums import Files, as_files, generation_sums
from ipsearch.corpus.durable import make_folder, sync, sync_tree
from ipsearch.corpus.joining import (
    NO_ADDRESSES,
    Plan,
    ShardParts,
    by_part,
    find_sharing,
    in_buckets,
    plan_shown,
    to_addresses,
)
from ipsearch.corpus.layout import GONE, HIDDEN, SUPERSEDED, Layout, side_files
from ipsearch.corpus.merge import merged_row
from ipsearch.corpus.parts import (
    Addresses,
    PartReader,
    PartWriter,
    Pending,
    leaves,
    load_addresses,
    save_addresses,
    with_keys,
)
from ipsearch.corpus.routing import key_hash
from ipsearch.index.writer import BATCH_ROWS, ShardWriter, indexed_columns
from ipsearch.records import SCHEMAS, Kind, Row, to_batch

_CHUNK_ROWS = 2_000
_BUCKET_ROWS = 5_000
"""Whole rows to be merged that are held in memory at once."""


@dataclass(frozen=True, slots=True)
class BuildTask:
    """Everything that building a generation needs to know."""

    root: Path
    kind: Kind
    shard: int
    analyzer: Analyzer
    generation: int
    base: int | None  # the generation that it begins from; None is an empty one
    base_files: Files  # its files, as they were written
    old_parts: tuple[int, ...]  # deliveries indexed in `base`
    merged_parts: tuple[int, ...]  # merged parts of `base`
    new_parts: tuple[int, ...]  # deliveries to be indexed
    merged_part: int  # the number of the part that takes what is merged
    now_gone: Addresses = field(default_factory=lambda: NO_ADDRESSES)
    """Rows of `base` that count no more from here on: removed, or moved to another shard."""

    @property
    def key(self) -> str:
        """What it builds a generation of."""
        parts = (self.base, self.old_parts, self.merged_parts, self.new_parts)
        gone = hashlib.blake2b(self.now_gone.tobytes(), digest_size=16).hexdigest()
        return f"build {self.kind} {self.shard} {parts} {gone}"


@dataclass(slots=True)
class BuildResult:
    """What building did; plain values."""

    kind: Kind
    shard: int
    generation: int
    records: int = 0  # in the whole shard
    merged: int = 0  # records shown that come from several deliveries
    replaced: int = 0  # deliveries met that a later one of the same source stands for
    dead: int = 0  # rows in the shard's parts that count no more: superseded or gone
    merged_part: int = 0
    part: tuple[int, Files] | None = None  # rows and files of the merged part, if there is one
    files: Files = ()  # of the generation
    cpu_s: float = 0.0

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """Make it again of its plain values."""
        result = cls(**values)
        result.files = as_files(result.files)
        if result.part is not None:
            result.part = (result.part[0], as_files(result.part[1]))
        return result

    def places(self, layout: Layout) -> Iterator[Path]:
        """Give the files and folders that were written."""
        yield layout.generation(self.kind, self.shard, self.generation)
        yield layout.gone_copy(self.kind, self.shard, self.generation)
        if self.part is not None:
            path = layout.part(self.kind, self.shard, self.merged_part)
            yield from (path, *side_files(path))


def build(task: BuildTask) -> BuildResult:
    """Build a generation; nothing of it counts until the catalog names it.

    Raises `DamagedError` if what it is made of is not as it was written.
    """
    begin = time.process_time()
    layout = Layout(task.root)
    folder = layout.generation(task.kind, task.shard, task.generation)
    base = layout.generation(task.kind, task.shard, task.base) if task.base is not None else None
    parts = ShardParts(
        layout, task.kind, task.shard, task.old_parts, task.merged_parts, task.new_parts
    )
    result = BuildResult(task.kind, task.shard, task.generation, merged_part=task.merged_part)
    now_gone = np.sort(task.now_gone)
    gone = np.union1d(_addresses_of(base, GONE), now_gone)
    sharing = find_sharing(parts, gone, now_gone)
    records = sum(len(parts.keys(part)) for part in task.new_parts)
    make_folder(folder.parent)
    writer = ShardWriter(folder, task.kind, task.analyzer, base=base, records=records)
    writer.remove_applications(parts.applications(now_gone))
    plan = plan_shown(
        parts, sharing.deliveries, lambda key: writer.remove_applications([key]), folder
    )
    not_shown = np.setdiff1d(sharing.deliveries, plan.as_delivered)
    lone_news = _index_new(writer, parts, not_shown, gone)
    _index_again(writer, parts, plan)
    _index_merged(writer, parts, plan, result, folder)
    result.records = writer.commit()
    was_hidden = np.setdiff1d(_addresses_of(base, HIDDEN), sharing.deliveries)
    hidden = np.concatenate([was_hidden, sharing.merged, not_shown, lone_news])
    was_superseded = np.setdiff1d(_addresses_of(base, SUPERSEDED), sharing.deliveries)
    superseded = np.setdiff1d(np.concatenate([was_superseded, plan.superseded]), gone)
    save_addresses(folder / HIDDEN, hidden)
    save_addresses(folder / SUPERSEDED, superseded)
    save_addresses(folder / GONE, gone)
    gone_copy = layout.gone_copy(task.kind, task.shard, task.generation)
    make_folder(gone_copy.parent)
    save_addresses(gone_copy, gone)
    sync(gone_copy)
    sync_tree(folder)
    result.files = generation_sums(folder, base, task.base_files)
    result.replaced = len(plan.superseded)
    result.dead = len(superseded) + len(gone)
    result.cpu_s = time.process_time() - begin
    return result


def _addresses_of(base: Path | None, name: str) -> Addresses:
    return load_addresses(base / name) if base else NO_ADDRESSES


def _index_new(
    writer: ShardWriter, parts: ShardParts, not_shown: Addresses, gone: Addresses
) -> Addresses:
    """Index the new rows that are shown as they are; returns the news that wait alone."""
    lone_news = [NO_ADDRESSES]
    left_out = np.union1d(not_shown, gone)
    columns = leaves(parts.kind, (*indexed_columns(parts.kind), "is_event", "is_removal"))
    for part in parts.new:
        first = 0
        here = left_out[(left_out >= part << 32) & (left_out < (part + 1) << 32)]
        for batch in PartReader(parts.path(part)).batches(BATCH_ROWS, columns):
            addresses = to_addresses(part, np.arange(first, first + len(batch)))
            first += len(batch)
            keep = ~np.isin(addresses, here, assume_unique=True) if len(here) else None
            waits = pc.or_(batch.column("is_event"), batch.column("is_removal"))
            if pc.any(waits).as_py():
                is_news = waits.to_numpy(zero_copy_only=False)
                keep = np.ones(len(batch), bool) if keep is None else keep
                lone_news.append(addresses[keep & is_news])
                keep &= ~is_news
            if keep is not None and not keep.all():
                batch, addresses = pc.filter(batch, pa.array(keep)), addresses[keep]
            if len(batch):
                writer.add(batch, addresses.tolist())
    return np.concatenate(lone_news)


def _index_again(writer: ShardWriter, parts: ShardParts, plan: Plan) -> None:
    """Index rows of earlier parts that are shown as they are, now or still."""
    new = frozenset(parts.new)
    for part, rows in by_part(plan.as_delivered):
        if part in new:
            continue  # done with the others of its part
        reader = PartReader(parts.path(part))
        for begin in range(0, len(rows), _CHUNK_ROWS):
            some = rows[begin : begin + _CHUNK_ROWS]
            addresses = to_addresses(part, some).tolist()
            for batch in reader.rows(some.tolist()).to_batches(BATCH_ROWS):
                writer.add(batch, addresses[: len(batch)])
                del addresses[: len(batch)]


def _index_merged(
    writer: ShardWriter, parts: ShardParts, plan: Plan, result: BuildResult, folder: Path
) -> None:
    """Merge the groups of the plan, write them to the merged part, and index them."""
    if not len(plan.ends):
        return
    part = PartWriter(parts.path(result.merged_part), parts.kind)
    ready: list[Row] = []
    for group, rows in _groups(parts, plan, folder):
        ready.append(merged_row(rows, parts.kind, plan.families.get(group)))
        if len(ready) >= BATCH_ROWS:
            _index_rows(writer, part, parts.kind, result.merged_part, ready)
            ready.clear()
    _index_rows(writer, part, parts.kind, result.merged_part, ready)
    part.close()
    result.merged = part.row_count
    result.part = (part.row_count, part.files)


def _index_rows(
    writer: ShardWriter, part: PartWriter, kind: Kind, number: int, rows: list[Row]
) -> None:
    if not rows:
        return
    first = part.row_count
    applications = [row["application_key"] for row in rows]
    deliveries = [row["delivery"] for row in rows]
    ingestions = [row["ingestion"] for row in rows]
    for row, *keys in zip(rows, applications, deliveries, ingestions, strict=True):
        application, delivery, ingestion = keys
        part.add(Pending(row, application, key_hash(application), delivery, ingestion, ("", "")))
    part.flush()
    plain = [{name: row.get(name) for name in SCHEMAS[kind].names} for row in rows]
    removals = [False] * len(rows)
    batch = with_keys(to_batch(plain, kind), kind, applications, deliveries, removals, ingestions)
    writer.add(batch, to_addresses(number, np.arange(first, first + len(rows))).tolist())


def _groups(parts: ShardParts, plan: Plan, folder: Path) -> Iterator[tuple[int, list[Row]]]:
    """Give each group of the plan with its whole rows, in bounded memory."""
    group_of = np.searchsorted(plan.ends, np.arange(len(plan.members)), "right")
    order = np.argsort(plan.members, kind="stable")
    tables = _member_tables(parts, plan.members[order], group_of[order], order)
    count = len(plan.ends)

    def bucket_of(table: pa.Table, buckets: int) -> npt.NDArray[np.int64]:
        numbers: npt.NDArray[np.int64] = table["group"].to_numpy() * buckets // count
        return numbers

    for rows in in_buckets(tables, bucket_of, len(plan.members), _BUCKET_ROWS, folder):
        groups: dict[int, list[Row]] = {}
        for row in sorted(rows, key=lambda row: row["place"]):
            del row["place"]
            groups.setdefault(row.pop("group"), []).append(row)
        yield from groups.items()


def _member_tables(
    parts: ShardParts,
    members: Addresses,
    groups: npt.NDArray[np.int64],
    places: npt.NDArray[np.int64],
) -> Iterator[pa.Table]:
    """Read the rows at sorted `members`, each as often as it stands there."""
    for begin in range(0, len(members), _CHUNK_ROWS):
        end = begin + _CHUNK_ROWS
        read = begin
        for part, rows in by_part(members[begin:end]):
            table = PartReader(parts.path(part)).rows(rows.tolist())
            here = slice(read, read + len(rows))
            table = table.append_column("group", pa.array(groups[here]))
            yield table.append_column("place", pa.array(places[here]))
            read += len(rows)
