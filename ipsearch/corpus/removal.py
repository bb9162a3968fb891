"""Records taken out of a corpus: by id, by source, or by the file that brought them.

What is removed stops counting at once, in one step; its bytes go when its shard is compacted. What
other sources said of the same record is shown again, unless the record itself was removed.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.analysis import Analyzer
from ipsearch.corpus.build import BuildResult, BuildTask, build
from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.joining import ShardParts, to_addresses
from ipsearch.corpus.layout import GONE, Layout
from ipsearch.corpus.lock import writing
from ipsearch.corpus.parts import Addresses, PartReader, load_addresses
from ipsearch.corpus.plan import content_hash
from ipsearch.corpus.pool import Pool
from ipsearch.corpus.routing import key_hash, without_kind
from ipsearch.corpus.sides import rows_with
from ipsearch.corpus.sweep import sweep
from ipsearch.corpus.upkeep import (
    Progress,
    Upkeep,
    as_generation,
    compact_shards,
    due,
    merged_part,
    now,
)
from ipsearch.errors import CorpusError
from ipsearch.records import Kind
from ipsearch.sources.opening import file_name

Places = dict[tuple[Kind, int], Addresses]
"""Rows by kind and shard."""


class Target(NamedTuple):
    """One record to be removed."""

    kind: Kind
    shard: int
    application_key: str
    publication: str | None  # None: the application itself, or a mark


@dataclass(slots=True)
class Removal:
    """What was removed: plain values."""

    action: str = "remove"
    what: str = ""
    rows: int = 0  # deliveries that count no more
    removed: int = 0  # records in the corpus before less those now
    records: dict[str, int] = field(default_factory=dict)  # kind -> records in the corpus now
    forgotten_files: int = 0  # given again, they are read again
    elapsed_s: float = 0.0
    compacted: Upkeep | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)


Choose = Callable[[Layout, Catalog], tuple[Places, set[str]]]
"""Says which rows are to go, and which files the ledger forgets (by content hash)."""


def remove(
    layout: Layout, analyzer: Analyzer, choose: Choose, what: str, workers: int, progress: Progress
) -> Removal:
    """Take what `choose` chooses out of the corpus; `what` says in the record what that was."""
    begin = time.perf_counter()
    removal = Removal(what=what)
    with writing(layout):
        catalog = Catalog(layout.catalog)
        try:
            sweep(layout, catalog)
            places, forgotten = choose(layout, catalog)
            removal.forgotten_files = len(forgotten)
            with Pool(workers if len(places) > 1 else 1) as pool:
                results = _build(layout, catalog, analyzer, pool, places, removal, progress)
                removal.elapsed_s = time.perf_counter() - begin
                merged = [part for result in results for part in merged_part(result)]
                with catalog.transaction():
                    catalog.replace_parts((), merged)
                    catalog.set_generations([as_generation(result) for result in results])
                    catalog.forget_inputs(forgotten)
                    catalog.add_finished(now(), removal.to_dict())
                if chosen := due(catalog):
                    removal.compacted = compact_shards(
                        layout, catalog, analyzer, pool, chosen, progress
                    )
            sweep(layout, catalog)
            return removal
        finally:
            catalog.close()


def _build(
    layout: Layout,
    catalog: Catalog,
    analyzer: Analyzer,
    pool: Pool,
    places: Places,
    removal: Removal,
    progress: Progress,
) -> list[BuildResult]:
    """Build the generations without these rows; none of them counts yet."""
    generations = {(g.kind, g.shard): g for g in catalog.generations()}
    before = sum(generation.records for generation in generations.values())
    parts = catalog.parts()
    tasks = []
    for place, addresses in sorted(places.items()):
        if not len(addresses):
            continue
        own = [part for part in parts if (part.kind, part.shard) == place]
        tasks.append(
            BuildTask(
                root=layout.root,
                kind=place[0],
                shard=place[1],
                analyzer=analyzer,
                generation=catalog.next_number("generation"),
                base=generations[place].number,
                base_files=generations[place].files,
                old_parts=tuple(p.number for p in own if not p.is_merged),
                merged_parts=tuple(p.number for p in own if p.is_merged),
                new_parts=(),
                merged_part=catalog.next_number("part"),
                now_gone=addresses,
            )
        )
        removal.rows += len(addresses)
    results = []
    for _, result in pool.run(build, tasks):
        results.append(result)
        progress("remove", len(results), len(tasks))
        generations[result.kind, result.shard] = as_generation(result)
    for generation in generations.values():
        held = removal.records.get(generation.kind, 0)
        removal.records[generation.kind] = held + generation.records
    removal.removed = before - sum(removal.records.values())
    return results


# what to remove


def by_targets(targets: Sequence[Target]) -> Choose:
    """Choose the rows of some records."""

    def choose(layout: Layout, catalog: Catalog) -> tuple[Places, set[str]]:
        by_shard: dict[tuple[Kind, int], dict[str, set[str | None]]] = defaultdict(dict)
        for target in targets:
            wanted = by_shard[target.kind, target.shard]
            wanted.setdefault(target.application_key, set()).add(target.publication)
        places: Places = {}
        for parts, gone in _shards(layout, catalog):
            wanted = by_shard.get((parts.kind, parts.shard), {})
            if wanted:
                found = list(_rows_of(parts, wanted))
                places[parts.kind, parts.shard] = np.setdiff1d(np.array(found, np.uint64), gone)
        return places, set()

    return choose


def _rows_of(parts: ShardParts, wanted: dict[str, set[str | None]]) -> Iterator[int]:
    """Give the addresses of what was delivered on some publications of some applications.

    With the last publication of an application goes what was said of the application itself, which
    would be shown in its place otherwise.
    """
    name = "publication_number" if parts.kind == "patent" else "registration_number"
    hashes = np.unique(np.array([key_hash(key) for key in wanted], np.uint64))
    rows: dict[str, list[tuple[str | None, int]]] = defaultdict(list)
    for part in parts.old:
        numbers = np.sort(rows_with(parts.keys(part), hashes)["row"].astype(np.int64))
        if not len(numbers):
            continue
        table = PartReader(parts.path(part)).rows(numbers.tolist(), ["application_key", name])
        for row, address in zip(table.to_pylist(), to_addresses(part, numbers), strict=True):
            document = row[name] if parts.kind == "patent" else None
            rows[row["application_key"]].append((document, int(address)))
    for application, publications in wanted.items():
        documents = {document for document, _ in rows[application] if document is not None}
        left = documents - publications
        for publication in publications - {None}:
            base = without_kind(publication or "")
            if not any(without_kind(other) == base and other != base for other in left):
                left.discard(base)  # what was said of the number alone was shown with it
        for document, address in rows[application]:
            if document not in left and (document is not None or not left):
                yield address


def by_source(name: str) -> Choose:
    """Choose every row that a source delivered."""

    def choose(layout: Layout, catalog: Catalog) -> tuple[Places, set[str]]:
        places, inputs = _by_column(layout, catalog, "source", {name})
        if not places:
            raise CorpusError(f"{layout.root}: nothing in it is from a source {name!r}")
        return places, inputs

    return choose


def by_file(name: str) -> Choose:
    """Choose every row that a file delivered: the file itself, or its name in the ledger."""

    def choose(layout: Layout, catalog: Catalog) -> tuple[Places, set[str]]:
        known = catalog.inputs()
        path = Path(name)
        own = content_hash(path) if path.is_file() else ""
        hashes = {h for h, _ in known if h == own} or {h for h, n in known if n == file_name(path)}
        if not hashes:
            raise CorpusError(f"{layout.root}: no file {name!r} was brought into it")
        places, _ = _by_column(layout, catalog, "delivery", hashes)
        return places, hashes

    return choose


def _by_column(
    layout: Layout, catalog: Catalog, column: str, values: set[str]
) -> tuple[Places, set[str]]:
    """Choose rows by the value of a column, up to a `+` in it; says which inputs brought them."""
    wanted = pa.array(sorted(values))
    places: Places = {}
    inputs: set[str] = set()
    for parts, gone in _shards(layout, catalog):
        found = []
        for part in parts.old:
            first = 0
            for batch in PartReader(parts.path(part)).batches(100_000, [column, "delivery"]):
                plain = pc.list_element(pc.split_pattern(batch.column(column), "+"), 0)
                rows = np.flatnonzero(pc.is_in(plain, wanted).to_numpy(zero_copy_only=False))
                found.append(to_addresses(part, rows + first))
                deliveries = batch.column("delivery").take(pa.array(rows)).unique().to_pylist()
                inputs.update(delivery.partition("+")[0] for delivery in deliveries)
                first += len(batch)
        if found:
            addresses = np.setdiff1d(np.concatenate(found), gone)
            if len(addresses):
                places[parts.kind, parts.shard] = addresses
    return places, inputs


def _shards(layout: Layout, catalog: Catalog) -> Iterator[tuple[ShardParts, Addresses]]:
    """Give the deliveries of each shard that count, and the rows of them that do not any more."""
    parts = [part for part in catalog.parts() if not part.is_merged]
    for generation in catalog.generations():
        kind, shard = generation.kind, generation.shard
        own = tuple(p.number for p in parts if (p.kind, p.shard) == (kind, shard))
        gone = load_addresses(layout.generation(kind, shard, generation.number) / GONE)
        yield ShardParts(layout, kind, shard, own, (), ()), gone
