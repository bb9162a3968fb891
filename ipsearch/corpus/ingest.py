"""Files in, a corpus that holds them: the two stages, and the one step that shows them.

Order of writes, so that a kill at any moment loses nothing and shows nothing half: parts are
synced, then named in the catalog as not yet counting; generations are synced; one transaction then
makes the ingestion's parts and generations count. An ingestion that did not come so far is taken
up by the next: its finished tasks are in the catalog, the generations that it had built in a list
beside it. What neither of them names is swept.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from ipsearch.analysis import Analyzer
from ipsearch.corpus.adopt import adopt
from ipsearch.corpus.build import BuildResult, BuildTask, build
from ipsearch.corpus.catalog import Catalog, Generation, Part
from ipsearch.corpus.convert import MOST_SAMPLES, ConvertTask, Range, convert
from ipsearch.corpus.layout import GONE, Layout
from ipsearch.corpus.lock import writing
from ipsearch.corpus.parts import load_addresses
from ipsearch.corpus.plan import Found, find_inputs, handfuls, shards_for, task_key, total_bytes
from ipsearch.corpus.pool import Pool
from ipsearch.corpus.summary import Stage, Summary
from ipsearch.corpus.sweep import sweep
from ipsearch.corpus.unfinished import Unfinished
from ipsearch.corpus.upkeep import (
    Progress,
    as_generation,
    compact_shards,
    due,
    merged_part,
    now,
)
from ipsearch.corpus.windows import WINDOW_BYTES, windows
from ipsearch.errors import SourceError
from ipsearch.records import KINDS, Kind
from ipsearch.sources.mapping import Mapping
from ipsearch.sources.registry import all_sources
from ipsearch.sources.walk import Fault, Item, Limits

_BYTES_A_PART = 4_000_000  # a packed file of which is hardly more than one part
SMALL_INPUT_BYTES = 2 << 20
"""Below it, starting processes costs more than they save."""
MUCH_INPUT_BYTES = 32 << 20
"""From it on, processes load all they may need at once, while the files are being hashed."""


@dataclass(frozen=True, slots=True)
class Options:
    """How an ingestion runs."""

    workers: int = 1
    limits: Limits = field(default_factory=Limits)
    mapping: Mapping | None = None  # a user's own headers for tables
    progress: Progress = lambda stage, done, total: None
    """Stage, how much is done, how much there is to do: bytes read, then records indexed."""


def ingest(layout: Layout, paths: Iterable[Path], analyzer: Analyzer, options: Options) -> Summary:
    """Bring the records of `paths` into the corpus; returns what was done.

    Raises `CorpusLockedError` if another process writes. Interrupted, it can be called again with
    the same or other paths and goes on.
    """
    with writing(layout):
        catalog = Catalog(layout.catalog)
        try:
            return _Ingestion(layout, catalog, analyzer, options).run(paths)
        finally:
            catalog.close()


class _Ingestion:
    def __init__(
        self, layout: Layout, catalog: Catalog, analyzer: Analyzer, options: Options
    ) -> None:
        self._layout, self._catalog, self._analyzer = layout, catalog, analyzer
        self._options = options
        self._shards: int = catalog.settings()["shards"] or 0
        self._summary = Summary()
        self._begin = time.perf_counter()

    def run(self, paths: Iterable[Path]) -> Summary:
        unfinished = Unfinished(self._layout, self._catalog, "ingest")
        sweep(self._layout, self._catalog, unfinished.places)
        number = self._catalog.open_ingestion(now())
        self._summary.ingestion = number
        paths = list(paths)
        if not self._shards:
            self._shards = shards_for(paths)
            self._catalog.set_setting("shards", self._shards)
        workers = self._options.workers
        if total_bytes(paths) < SMALL_INPUT_BYTES and not self._catalog.parts(live=False):
            workers = 1
        is_much = total_bytes(paths) >= MUCH_INPUT_BYTES
        with Pool(workers, partial(_prepare, self._analyzer) if is_much else None) as pool:
            self._convert(number, paths, pool)
            self._build(number, pool, unfinished)
            self._compact(pool)
        sweep(self._layout, self._catalog)
        return self._summary

    # stage one

    def _convert(self, number: int, paths: list[Path], pool: Pool) -> None:
        begin = time.perf_counter()
        mapping = self._options.mapping
        found = find_inputs(
            paths,
            self._options.limits,
            self._catalog.is_known,
            pool.workers,
            salt=mapping.fingerprint if mapping else "",
        )
        results = self._catalog.task_results(number)
        tasks = chain(self._tasks(number, found, pool.workers), self._windows(number, found))
        packed = sum(item.size or 0 for item, _ in found.packed)
        total = sum(size for _, size in found.pieces) + packed or 1
        self._options.progress("convert", 0, total)
        read = 0
        sizes = dict(found.pieces)
        for task, result in pool.run(convert, tasks):
            parts = [Part(k, shard, n, rows, False, f) for k, shard, n, rows, f in result.parts]
            plain = asdict(result)
            self._catalog.add_task(number, task_key(task.ranges), plain, parts)
            results.append(plain)
            read += sum(sizes.get(piece, 0) for piece in task.ranges)
            read += sum(_finish(piece) for piece in task.ranges)
            self._options.progress("convert", read, total)
        self._keep_faults(number, found)
        self._account(number, found, results)
        cpu_s = sum(result["cpu_s"] for result in results)
        self._summary.stages.append(Stage("convert", time.perf_counter() - begin, cpu_s))

    def _tasks(self, number: int, found: Found, workers: int) -> Iterator[ConvertTask]:
        sizes = dict(found.pieces)
        for pieces in handfuls(found.pieces, workers):
            if self._catalog.task_result(number, task_key(pieces)) is not None:
                continue
            part_count = 1 + sum(sizes[piece] for piece in pieces) // _BYTES_A_PART
            yield self._task(number, pieces, part_count)

    def _windows(self, number: int, found: Found) -> Iterator[ConvertTask]:
        """Unpack large packed files, one after the other, as fast as they are asked for."""
        for count, (item, hashed) in enumerate(found.packed):

            def is_done(start: int, end: int | None, item: Item = item, by: str = hashed) -> bool:
                key = task_key((Range(item, by, start, end),))
                return self._catalog.task_result(number, key) is not None

            folder = self._layout.unpacking / str(count)
            try:
                for start, end, window in windows(item, self._options.limits, folder, is_done):
                    pieces = (Range(item, hashed, start, end, window),)
                    yield self._task(number, pieces, 1 + WINDOW_BYTES // _BYTES_A_PART)
            except SourceError as error:
                found.faults.append(Fault(item.name, error.position, error.reason))

    def _task(self, number: int, pieces: tuple[Range, ...], part_count: int) -> ConvertTask:
        return ConvertTask(
            self._layout.root,
            number,
            self._catalog.next_number("part", part_count),
            part_count,
            self._shards,
            pieces,
            self._options.limits,
            self._options.mapping,
        )

    def _keep_faults(self, number: int, found: Found) -> None:
        """Keep what could not be opened beside what could not be read."""
        if not found.faults:
            return
        path = self._layout.reject_file(number, 0)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            for fault in found.faults:
                entry = {"file": fault.name, "position": fault.position, "reason": fault.reason}
                file.write(json.dumps({**entry, "head": ""}, ensure_ascii=False) + "\n")

    def _account(self, number: int, found: Found, results: list[dict[str, Any]]) -> None:
        summary = self._summary
        summary.files = len(found.inputs)
        summary.known_files = found.known
        summary.skipped_files = found.skipped
        for fault in found.faults:
            summary.rejected += 1
            summary.rejects_by_file[fault.name] = summary.rejects_by_file.get(fault.name, 0) + 1
            summary.rejects.append(
                {"file": fault.name, "position": fault.position, "reason": fault.reason, "head": ""}
            )
        cut_short = {hashed for result in results for hashed in result["cut_short"]}
        for result in results:
            _add(summary.delivered, result["records"])
            _add(summary.rejects_by_file, result["rejects"])
            _add(summary.warnings, result["warnings"])
            summary.unmapped.update(result["unmapped"])
            summary.rejected += sum(result["rejects"].values())
            room = MOST_SAMPLES - len(summary.rejects)
            summary.rejects.extend(result["reject_samples"][: max(room, 0)])
        read = dict.fromkeys(hashed for result in results for hashed in result["readable"])
        with self._catalog.transaction():
            for input_hash in read:
                if input_hash in found.inputs and input_hash not in cut_short:
                    self._catalog.add_input(input_hash, *found.inputs[input_hash], number)

    def _compact(self, pool: Pool) -> None:
        """Leave behind what counts no more, where it has become much."""
        chosen = due(self._catalog)
        if chosen:
            layout, catalog, analyzer = self._layout, self._catalog, self._analyzer
            report = self._options.progress
            upkeep = compact_shards(layout, catalog, analyzer, pool, chosen, report)
            self._summary.compacted = upkeep

    # stage two

    def _build(self, number: int, pool: Pool, unfinished: Unfinished) -> None:
        begin = time.perf_counter()
        generations = {(g.kind, g.shard): g for g in self._catalog.generations()}
        before = sum(generation.records for generation in generations.values())
        self._catalog.forget_merged(number)
        moved = self._adopt(number, generations)
        tasks = self._build_tasks(generations, moved)
        total = sum(part.rows for part in self._catalog.parts(live=False)) or 1
        self._options.progress("index", 0, total)
        done = 0
        rows = {(p.kind, p.shard, p.number): p.rows for p in self._catalog.parts(live=False)}
        results: list[BuildResult] = []
        for task, result in unfinished.run(pool, build, tasks, BuildResult.of):
            results.append(result)
            done += sum(rows[task.kind, task.shard, part] for part in task.new_parts)
            self._options.progress("index", done, total)
        cpu_s = sum(result.cpu_s for result in results)
        self._summary.stages.append(Stage("index", time.perf_counter() - begin, cpu_s))
        self._publish(number, results, generations, before)

    def _adopt(
        self, number: int, generations: dict[tuple[Kind, int], Generation]
    ) -> dict[tuple[Kind, int], list[int]]:
        result: dict[tuple[Kind, int], list[int]] = {}
        for kind in KINDS:
            new = [p for p in self._catalog.parts(live=False) if p.kind == kind]
            old = [p for p in self._catalog.parts() if p.kind == kind and not p.is_merged]
            if not new:
                continue
            gone = {
                shard: load_addresses(self._layout.generation(kind, shard, g.number) / GONE)
                for (k, shard), g in generations.items()
                if k == kind
            }
            adoption = adopt(
                self._layout,
                kind,
                old,
                new,
                gone,
                shards=self._shards,
                number=self._catalog.next_number("part"),
            )
            with self._catalog.transaction():
                self._catalog.add_parts(adoption.parts, number)
            result |= {(kind, shard): rows for shard, rows in adoption.moved.items()}
        return result

    def _build_tasks(
        self,
        generations: dict[tuple[Kind, int], Generation],
        moved: dict[tuple[Kind, int], list[int]],
    ) -> list[BuildTask]:
        new: dict[tuple[Kind, int], list[Part]] = defaultdict(list)
        for part in self._catalog.parts(live=False):
            new[part.kind, part.shard].append(part)
        old = self._catalog.parts()
        tasks = []
        for kind, shard in sorted({*new, *moved}):
            base = generations.get((kind, shard))
            here = [part for part in old if (part.kind, part.shard) == (kind, shard)]
            tasks.append(
                BuildTask(
                    root=self._layout.root,
                    kind=kind,
                    shard=shard,
                    analyzer=self._analyzer,
                    generation=self._catalog.next_number("generation"),
                    base=base.number if base else None,
                    base_files=base.files if base else (),
                    old_parts=tuple(p.number for p in here if not p.is_merged),
                    merged_parts=tuple(p.number for p in here if p.is_merged),
                    new_parts=tuple(p.number for p in new[kind, shard]),
                    merged_part=self._catalog.next_number("part"),
                    now_gone=np.array(moved.get((kind, shard), ()), np.uint64),
                )
            )
        return tasks

    def _publish(
        self,
        number: int,
        results: Sequence[BuildResult],
        generations: dict[tuple[Kind, int], Generation],
        before: int,
    ) -> None:
        summary = self._summary
        merged = []
        for result in results:
            summary.merged += result.merged
            summary.replaced += result.replaced
            generations[result.kind, result.shard] = as_generation(result)
            merged += merged_part(result)
        for generation in generations.values():
            _add(summary.records, {generation.kind: generation.records})
        summary.added = sum(summary.records.values()) - before
        summary.elapsed_s = time.perf_counter() - self._begin
        summary.records_per_s = sum(summary.delivered.values()) / max(summary.elapsed_s, 1e-9)
        with self._catalog.transaction():
            if not results:
                self._catalog.drop_ingestion(number)
                return
            self._catalog.add_parts(merged, number)
            new_ones = [as_generation(result) for result in results]
            self._catalog.publish(number, new_ones, now(), summary.to_dict())


def _prepare(analyzer: Analyzer) -> None:
    """Load what reading any files and indexing many records take."""
    all_sources()
    analyzer.load()


def _finish(piece: Range) -> int:
    """Remove the window that a range was read from; returns the bytes read with its last."""
    if piece.window is None:
        return 0
    piece.window.path.unlink(missing_ok=True)
    return piece.item.size or 0 if piece.window.is_last else 0


def _add(into: dict[str, int], more: dict[str, int]) -> None:
    for key, count in more.items():
        into[key] = into.get(key, 0) + count
