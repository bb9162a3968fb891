"""Here is the index of a shard, is it as it was written, and does it hold what is shown?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ipsearch.corpus.catalog import Generation, Part
from ipsearch.corpus.checksums import FileSum, content_fault, generation_files
from ipsearch.corpus.faults import Fault, fault_at
from ipsearch.corpus.layout import GONE, HIDDEN, Layout
from ipsearch.corpus.parts import Addresses, PartReader, load_addresses
from ipsearch.errors import CorpusError
from ipsearch.index import Shard, fact_query

SAMPLE = 1_000
"""Records of each shard that are looked up by their id."""


@dataclass(frozen=True, slots=True)
class GenerationCheck:
    """An index to be looked at."""

    root: Path
    generation: Generation
    parts: tuple[Part, ...]  # of the shard, those that count
    are_parts_whole: bool


def check_generation(task: GenerationCheck) -> list[Fault]:
    """Compare the sums of a generation's files, then what it holds with the records."""
    layout, generation = Layout(task.root), task.generation
    folder = layout.generation(generation.kind, generation.shard, generation.number)
    found = [
        fault_at(layout.root, folder / entry.name, "index", reason, generation)
        for entry in generation.files
        if (reason := content_fault(folder / entry.name, entry))
    ]
    names = {entry.name for entry in generation.files}
    for path in generation_files(folder):
        if path.relative_to(folder).as_posix() not in names:
            found.append(
                fault_at(layout.root, path, "index", "it was not written with it", generation)
            )
    copy = layout.gone_copy(generation.kind, generation.shard, generation.number)
    if reason := content_fault(copy, gone_sum(generation)):
        found.append(fault_at(layout.root, copy, "gone_copy", reason, generation))
    if task.are_parts_whole and not any(fault.role == "index" for fault in found):
        for reason in _index_faults(layout, generation, task.parts):
            found.append(fault_at(layout.root, folder, "index", reason, generation))
    return found


def gone_sum(generation: Generation) -> FileSum:
    """Say what the list of a generation's rows that do not count is to be like."""
    return next(entry for entry in generation.files if entry.name == GONE)


def _index_faults(layout: Layout, generation: Generation, parts: Sequence[Part]) -> Iterator[str]:
    """Say where an index does not hold exactly the records that are shown."""
    kind, number = generation.kind, generation.shard
    folder = layout.generation(kind, number, generation.number)
    not_shown = np.union1d(load_addresses(folder / HIDDEN), load_addresses(folder / GONE))
    try:
        shard = Shard(number, folder)
        shown_count = 0
        every = max(1, generation.records // SAMPLE)
        for part in parts:
            first = part.number << 32
            rows = np.arange(first, first + part.rows, dtype=np.uint64)
            shown = np.setdiff1d(rows, not_shown, assume_unique=True)
            shown_count += len(shown)
            here = shard.between(first, first | 0xFFFFFFFF)
            held = shard.addresses(here, 0, part.rows + 1)
            if not np.array_equal(held, shown):
                missing, over = len(np.setdiff1d(shown, held)), len(np.setdiff1d(held, shown))
                name = layout.part(kind, number, part.number).name
                yield f"of {name} it lacks {missing:,} records and has {over:,} that do not count"
                continue
            yield from _id_faults(layout, part, shard, shown[::every] - np.uint64(first))
        if shard.record_count != shown_count:
            yield f"it has {shard.record_count:,} records, {shown_count:,} are shown"
    except CorpusError as error:
        yield str(error)


def _id_faults(layout: Layout, part: Part, shard: Shard, rows: Addresses) -> Iterator[str]:
    """Look some records of a part up by their id."""
    numbers = rows.astype(np.int64).tolist()
    if not numbers:
        return
    path = layout.part(part.kind, part.shard, part.number)
    ids = PartReader(path).rows(numbers, ["id"])["id"].to_pylist()
    for row, record_id in zip(numbers, ids, strict=True):
        found = shard.addresses(fact_query(part.kind, "id", record_id), 0, 100)
        if (part.number << 32 | row) not in found:
            yield f"record {record_id} of {path.name} is not found by its id"
            return
