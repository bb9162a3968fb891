"""A shard's delivered rows into parts of their own again, without those that count no more.

Rows keep their order. The new parts may be of other shards: so a corpus is divided anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.corpus.build import BuildResult, BuildTask, build
from ipsearch.corpus.checksums import Files, as_files
from ipsearch.corpus.convert import PART_ROWS
from ipsearch.corpus.joining import to_addresses
from ipsearch.corpus.layout import GONE, SUPERSEDED, Layout, side_files
from ipsearch.corpus.parts import ROW_GROUP_ROWS, PartReader, PartWriter, load_addresses
from ipsearch.corpus.routing import key_hash, shard_of
from ipsearch.records import Kind


@dataclass(frozen=True, slots=True)
class RewriteTask:
    """Which rows to write anew, and where to."""

    root: Path
    kind: Kind
    shard: int
    generation: int  # says which rows count no more
    parts: tuple[int, ...]  # the shard's deliveries
    shards: int  # how many there will be
    number: int  # of the first part written in each shard

    @property
    def key(self) -> str:
        """What it reads, and for how many shards."""
        read = (self.generation, self.parts)
        return f"rewrite {self.kind} {self.shard} {read} {self.shards}"


@dataclass(slots=True)
class RewriteResult:
    """What was written: shard, number, rows and files of each part."""

    kind: Kind
    parts: list[tuple[int, int, int, Files]] = field(default_factory=list)
    cpu_s: float = 0.0

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """Make it again of its plain values."""
        result = cls(**values)
        result.parts = [(shard, n, rows, as_files(f)) for shard, n, rows, f in result.parts]
        return result

    def places(self, layout: Layout) -> Iterator[Path]:
        """Give the files that were written."""
        for shard, number, _, _ in self.parts:
            path = layout.part(self.kind, shard, number)
            yield from (path, *side_files(path))


def part_count(rows: int) -> int:
    """Say how many parts of a shard a rewriting of so many rows may take."""
    return 1 + rows // PART_ROWS


def rewrite(task: RewriteTask) -> RewriteResult:
    """Write the rows that count to new parts; nothing of them counts until the catalog names it."""
    begin = time.process_time()
    layout = Layout(task.root)
    result = RewriteResult(task.kind)
    outlets: dict[int, _Outlet] = {}
    for batch in _counting(layout, task):
        for shard, rows in _by_shard(batch, task.shards):
            if shard not in outlets:
                outlets[shard] = _Outlet(layout, task, shard, result)
            outlets[shard].add(rows)
    for _, outlet in sorted(outlets.items()):
        outlet.close()
    result.cpu_s = time.process_time() - begin
    return result


class _Outlet:
    """Writes the parts of one shard."""

    def __init__(
        self, layout: Layout, task: RewriteTask, shard: int, result: RewriteResult
    ) -> None:
        self._layout, self._kind, self._shard, self._result = layout, task.kind, shard, result
        self._next_number = task.number
        self._writer: PartWriter | None = None

    def add(self, rows: pa.RecordBatch) -> None:
        """Take in some rows."""
        if self._writer is not None and self._writer.row_count >= PART_ROWS:
            self._finish()
        if self._writer is None:
            path = self._layout.part(self._kind, self._shard, self._next_number)
            self._next_number += 1
            self._writer = PartWriter(path, self._kind)
        self._writer.copy(rows)

    def _finish(self) -> None:
        assert self._writer is not None
        writer = self._writer
        writer.close()
        place = (self._shard, self._next_number - 1)
        self._result.parts.append((*place, writer.row_count, writer.files))
        self._writer = None

    def close(self) -> None:
        """Finish the last part."""
        if self._writer is not None:
            self._finish()


def _counting(layout: Layout, task: RewriteTask) -> Iterator[pa.RecordBatch]:
    folder = layout.generation(task.kind, task.shard, task.generation)
    dead = np.union1d(load_addresses(folder / GONE), load_addresses(folder / SUPERSEDED))
    for part in task.parts:
        first = 0
        here = dead[(dead >= part << 32) & (dead < (part + 1) << 32)]
        reader = PartReader(layout.part(task.kind, task.shard, part))
        for batch in reader.batches(ROW_GROUP_ROWS):
            if len(here):
                addresses = to_addresses(part, np.arange(first, first + len(batch)))
                keep = ~np.isin(addresses, here, assume_unique=True)
                first += len(batch)
                batch = pc.filter(batch, pa.array(keep))
            if len(batch):
                yield batch


def _by_shard(batch: pa.RecordBatch, shards: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    keys = batch.column("application_key").to_pylist()
    numbers = np.array([shard_of(key_hash(key), shards) for key in keys])
    for shard in np.unique(numbers).tolist():
        here = numbers == shard
        yield shard, batch if here.all() else pc.filter(batch, pa.array(here))


@dataclass(frozen=True, slots=True)
class CompactTask:
    """A shard to be written and indexed anew, by itself."""

    rewriting: RewriteTask
    building: BuildTask  # without its parts: they are what was written


def compact_shard(task: CompactTask) -> tuple[RewriteResult, BuildResult]:
    """Write a shard's parts anew and build an index of them from nothing."""
    rewritten = rewrite(task.rewriting)
    numbers = tuple(number for _, number, _, _ in rewritten.parts)
    return rewritten, build(replace(task.building, new_parts=numbers))
