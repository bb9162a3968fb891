"""A corpus kept in good order: what counts no more is left behind, or the shards are divided anew.

A shard that is compacted is written and indexed anew from its records; the catalog then names the
new files in the place of the old, shard by shard. Readers go on with the old ones until they let
go of them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from ipsearch.analysis import Analyzer
from ipsearch.corpus.build import BuildResult, BuildTask, build
from ipsearch.corpus.catalog import Catalog, Generation, Part
from ipsearch.corpus.convert import PART_ROWS
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.lock import writing
from ipsearch.corpus.pool import Pool
from ipsearch.corpus.rewrite import (
    CompactTask,
    RewriteResult,
    RewriteTask,
    compact_shard,
    part_count,
    rewrite,
)
from ipsearch.corpus.sweep import sweep
from ipsearch.corpus.unfinished import Unfinished
from ipsearch.errors import CorpusError
from ipsearch.records import Kind

MOST_DEAD = 0.05
"""The share of a shard's rows that may be superseded or gone before it is compacted by itself."""
MOST_SMALL_PARTS = 256
"""Parts that a shard may have beyond those that its rows would fill, four times over."""

Progress = Callable[[str, int, int], None]
"""Stage, how much is done, how much there is to do, in records."""


@dataclass(slots=True)
class Upkeep:
    """What was done: plain values."""

    action: str
    shards: int = 0  # written anew
    rows: int = 0  # that count, in them
    dropped: int = 0  # rows that did not
    bytes_before: int = 0  # of records
    bytes_after: int = 0
    elapsed_s: float = 0.0
    records: dict[str, int] = field(default_factory=dict)  # kind -> records in the corpus

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)


def due(catalog: Catalog) -> list[Generation]:
    """Say which shards have so much in them that counts no more that compacting them pays."""
    result = []
    for generation, own in _with_parts(catalog):
        rows = sum(part.rows for part in own)
        most_parts = MOST_SMALL_PARTS + 4 * math.ceil(rows / PART_ROWS)
        if generation.dead > MOST_DEAD * rows or len(own) > most_parts:
            result.append(generation)
    return result


def worn(catalog: Catalog) -> list[Generation]:
    """Say which shards have rows that count no more, or more parts than their rows would fill."""
    return [
        generation
        for generation, own in _with_parts(catalog)
        if generation.dead or len(own) > part_count(sum(part.rows for part in own))
    ]


def _with_parts(catalog: Catalog) -> Iterator[tuple[Generation, list[Part]]]:
    """Give each generation with its shard's deliveries."""
    parts = [part for part in catalog.parts() if not part.is_merged]
    for generation in catalog.generations():
        place = (generation.kind, generation.shard)
        yield generation, [part for part in parts if (part.kind, part.shard) == place]


def compact(
    layout: Layout, analyzer: Analyzer, workers: int, progress: Progress, *, only_due: bool
) -> Upkeep:
    """Compact every shard that has anything to leave behind, or only those where it is due."""
    with writing(layout):
        catalog = Catalog(layout.catalog)
        try:
            sweep(layout, catalog)
            chosen = due(catalog) if only_due else worn(catalog)
            with Pool(workers if len(chosen) > 1 else 1) as pool:
                upkeep = compact_shards(layout, catalog, analyzer, pool, chosen, progress)
            sweep(layout, catalog)
            return upkeep
        finally:
            catalog.close()


def compact_shards(
    layout: Layout,
    catalog: Catalog,
    analyzer: Analyzer,
    pool: Pool,
    chosen: Iterable[Generation],
    progress: Progress,
) -> Upkeep:
    """Compact these shards; each counts as soon as it is done. The lock is the caller's."""
    begin = time.perf_counter()
    upkeep = Upkeep("compact")
    old_parts = catalog.parts()
    shards = catalog.settings()["shards"]
    tasks, total = [], 0
    for generation in chosen:
        own = [p for p in old_parts if (p.kind, p.shard) == (generation.kind, generation.shard)]
        total += sum(part.rows for part in own if not part.is_merged)
        tasks.append(_compact_task(layout, catalog, analyzer, generation, own, shards))
    done = 0
    if tasks:
        progress("compact", 0, total or 1)
    for task, (rewritten, built) in pool.run(compact_shard, tasks):
        kind, shard = built.kind, built.shard
        own = [p for p in old_parts if (p.kind, p.shard) == (kind, shard)]
        new = _parts(rewritten)
        upkeep.shards += 1
        upkeep.rows += sum(part.rows for part in new)
        upkeep.dropped += sum(p.rows for p in own if not p.is_merged) - sum(p.rows for p in new)
        new += merged_part(built)
        upkeep.bytes_before += sum(part.bytes for part in own)
        upkeep.bytes_after += sum(part.bytes for part in new)
        with catalog.transaction():
            catalog.replace_parts(own, new)
            catalog.set_generations([as_generation(built)])
        done += sum(p.rows for p in own if not p.is_merged)
        progress("compact", done, total or 1)
        del task
    upkeep.elapsed_s = time.perf_counter() - begin
    _count(catalog, upkeep)
    return upkeep


def _compact_task(
    layout: Layout,
    catalog: Catalog,
    analyzer: Analyzer,
    generation: Generation,
    parts: list[Part],
    shards: int,
) -> CompactTask:
    delivered = [part for part in parts if not part.is_merged]
    rows = sum(part.rows for part in delivered)
    kind, shard = generation.kind, generation.shard
    rewriting = RewriteTask(
        layout.root,
        kind,
        shard,
        generation.number,
        tuple(part.number for part in delivered),
        shards,
        catalog.next_number("part", part_count(rows)),
    )
    return CompactTask(rewriting, _build_task(layout, catalog, analyzer, kind, shard, ()))


def _build_task(
    layout: Layout,
    catalog: Catalog,
    analyzer: Analyzer,
    kind: Kind,
    shard: int,
    new_parts: tuple[int, ...],
) -> BuildTask:
    return BuildTask(
        root=layout.root,
        kind=kind,
        shard=shard,
        analyzer=analyzer,
        generation=catalog.next_number("generation"),
        base=None,
        base_files=(),
        old_parts=(),
        merged_parts=(),
        new_parts=new_parts,
        merged_part=catalog.next_number("part"),
    )


def reshard(
    layout: Layout, analyzer: Analyzer, shards: int, workers: int, progress: Progress
) -> Upkeep:
    """Divide the corpus into `shards` shards, written and indexed anew; all of it counts at once.

    Interrupted, the same call goes on with what was finished; done, it does nothing. Raises
    `CorpusError` while an ingestion is unfinished: its parts are of the old shards.
    """
    begin = time.perf_counter()
    upkeep = Upkeep("reshard", shards=shards)
    with writing(layout):
        catalog = Catalog(layout.catalog)
        try:
            unfinished = Unfinished(layout, catalog, f"reshard {shards}")
            sweep(layout, catalog, unfinished.places)
            if catalog.is_unfinished():
                raise CorpusError(
                    f"{layout.root}: an ingestion was interrupted; run it again to its end first"
                )
            if shards == catalog.settings()["shards"]:
                upkeep.shards = 0
                _count(catalog, upkeep)
                return upkeep
            with Pool(workers) as pool:
                _reshard(layout, catalog, analyzer, pool, unfinished, upkeep, progress)
            upkeep.elapsed_s = time.perf_counter() - begin
            sweep(layout, catalog)
            return upkeep
        finally:
            catalog.close()


def _reshard(
    layout: Layout,
    catalog: Catalog,
    analyzer: Analyzer,
    pool: Pool,
    unfinished: Unfinished,
    upkeep: Upkeep,
    progress: Progress,
) -> None:
    old_parts = catalog.parts()
    tasks = []
    for generation in catalog.generations():
        kind, shard = generation.kind, generation.shard
        own = [p for p in old_parts if (p.kind, p.shard) == (kind, shard) and not p.is_merged]
        numbers = tuple(part.number for part in own)
        first = catalog.next_number("part", part_count(sum(part.rows for part in own)))
        tasks.append(
            RewriteTask(layout.root, kind, shard, generation.number, numbers, upkeep.shards, first)
        )
    total = sum(part.rows for part in old_parts if not part.is_merged) or 1
    new: list[Part] = []
    for _, rewritten in unfinished.run(pool, rewrite, tasks, RewriteResult.of):
        new += _parts(rewritten)
        progress("rewrite", sum(part.rows for part in new), total)
    by_shard: dict[tuple[Kind, int], list[Part]] = {}
    for part in new:
        by_shard.setdefault((part.kind, part.shard), []).append(part)
    builds = [
        _build_task(layout, catalog, analyzer, *place, tuple(sorted(p.number for p in own)))
        for place, own in sorted(by_shard.items())
    ]
    upkeep.rows = sum(part.rows for part in new)
    upkeep.dropped = sum(p.rows for p in old_parts if not p.is_merged) - upkeep.rows
    results, done = [], 0
    for _, built in unfinished.run(pool, build, builds, BuildResult.of):
        results.append(built)
        done += sum(part.rows for part in by_shard[built.kind, built.shard])
        progress("index", done, upkeep.rows or 1)
    merged = [part for result in results for part in merged_part(result)]
    upkeep.bytes_before = sum(part.bytes for part in old_parts)
    upkeep.bytes_after = sum(part.bytes for part in [*new, *merged])
    with catalog.transaction():
        for kind in {part.kind for part in old_parts}:
            catalog.drop_generations(kind)
        catalog.replace_parts(old_parts, [*new, *merged])
        catalog.set_generations([as_generation(result) for result in results])
        catalog.set_setting("shards", upkeep.shards)
        _count(catalog, upkeep)
        catalog.add_finished(now(), upkeep.to_dict())


def as_generation(result: BuildResult) -> Generation:
    """Give what the catalog keeps of a built generation."""
    kind, shard = result.kind, result.shard
    return Generation(kind, shard, result.generation, result.records, result.dead, result.files)


def merged_part(result: BuildResult) -> list[Part]:
    """Give the part of what was merged when a generation was built, if there is one."""
    if result.part is None:
        return []
    rows, files = result.part
    return [Part(result.kind, result.shard, result.merged_part, rows, True, files)]


def _parts(rewritten: RewriteResult) -> list[Part]:
    return [
        Part(rewritten.kind, shard, number, rows, False, files)
        for shard, number, rows, files in rewritten.parts
    ]


def _count(catalog: Catalog, upkeep: Upkeep) -> None:
    for generation in catalog.generations():
        held = upkeep.records.get(generation.kind, 0)
        upkeep.records[generation.kind] = held + generation.records


def now() -> str:
    """Give the time, as the catalog keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
