"""An index built anew of all that was delivered, from nothing: the records say everything.

Records that several deliveries make are merged anew as well. What the records alone do not tell is
which of them were removed: that list is handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ipsearch.analysis import Analyzer
from ipsearch.corpus.build import BuildResult, BuildTask, build
from ipsearch.corpus.catalog import Catalog, Generation, Part
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.parts import Addresses
from ipsearch.corpus.pool import Pool
from ipsearch.corpus.unfinished import Unfinished
from ipsearch.corpus.upkeep import Progress, as_generation, merged_part
from ipsearch.records import Kind


class Anew(NamedTuple):
    """A shard whose index is to be built anew."""

    kind: Kind
    shard: int
    parts: tuple[Part, ...]  # deliveries
    gone: Addresses  # rows of them that do not count


class Rebuilt(NamedTuple):
    """What became of it."""

    anew: Anew
    generation: Generation
    merged: list[Part]


def rebuild(
    layout: Layout,
    catalog: Catalog,
    analyzer: Analyzer,
    pool: Pool,
    shards: Sequence[Anew],
    progress: Progress,
    done_with: Callable[[Rebuilt], None],
    unfinished: Unfinished | None = None,
) -> None:
    """Build the index of some shards anew; hands over each that is built, to be named.

    Nothing of it counts until then. With `unfinished` what an interrupted call had built is taken
    up. Raises `DamagedError` if a part cannot be read.
    """
    total = sum(part.rows for anew in shards for part in anew.parts) or 1
    done = 0
    progress("index", 0, total)
    tasks = {}
    for anew in shards:
        task = BuildTask(
            root=layout.root,
            kind=anew.kind,
            shard=anew.shard,
            analyzer=analyzer,
            generation=catalog.next_number("generation"),
            base=None,
            base_files=(),
            old_parts=(),
            merged_parts=(),
            new_parts=tuple(part.number for part in anew.parts),
            merged_part=catalog.next_number("part"),
            now_gone=anew.gone,
        )
        tasks[anew.kind, anew.shard] = (task, anew)
    builds = [task for task, _ in tasks.values()]
    run = unfinished.run(pool, build, builds, BuildResult.of) if unfinished else None
    for task, result in run or pool.run(build, builds):
        anew = tasks[task.kind, task.shard][1]
        done_with(Rebuilt(anew, as_generation(result), merged_part(result)))
        done += sum(part.rows for part in anew.parts)
        progress("index", done, total)
