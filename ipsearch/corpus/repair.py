"""A damaged corpus mended: what is made of something else is made again, the rest is named as lost.

The catalog comes back from its copy, indexes and what lies beside records from the records, records
as far as their row groups can be read; the files that brought the others are taken out of the
ledger, so that they can be ingested again. Each shard counts as soon as it is mended: killed, a
repair is simply run again.

A corpus whose index or analyzer is of another version is mended in the same way: every index of it
is built anew, and all of them count at once (`migrate`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ipsearch.corpus import sides
from ipsearch.corpus.catalog import Catalog, Generation, Part
from ipsearch.corpus.check import Named, catalog_faults, examine, notes_faults
from ipsearch.corpus.checksums import content_fault, part_sums
from ipsearch.corpus.durable import replaced, sync
from ipsearch.corpus.faults import Check, Fault
from ipsearch.corpus.index_check import gone_sum
from ipsearch.corpus.layout import GONE, Layout, side_files
from ipsearch.corpus.lock import writing
from ipsearch.corpus.parts import (
    ROW_GROUP_ROWS,
    Addresses,
    PartReader,
    load_addresses,
    save_addresses,
)
from ipsearch.corpus.pool import Pool
from ipsearch.corpus.rebuild import Anew, Rebuilt, rebuild
from ipsearch.corpus.salvage import Lost, SalvageResult, SalvageTask, salvage
from ipsearch.corpus.sweep import leftovers, sweep
from ipsearch.corpus.unfinished import Unfinished
from ipsearch.corpus.upkeep import Progress, now
from ipsearch.corpus.versions import check_schema, current_settings, make_analyzer
from ipsearch.errors import CorpusError, CorpusNotFoundError, DamagedError
from ipsearch.records import KINDS, Kind

Place = tuple[Kind, int]

_ASIDE = ".damaged"
"""Ends the name of a file that was moved out of the way."""


@dataclass(slots=True)
class Repair:
    """What was done: plain values."""

    action: str = "repair"
    mended: list[str] = field(default_factory=list)  # files, and folders of indexes, made again
    moved: list[str] = field(default_factory=list)  # damaged files that are kept under another name
    shards: int = 0  # indexed anew
    lost: list[Lost] = field(default_factory=list)
    lost_notes: list[str] = field(default_factory=list)  # files that are not there any more
    files_to_ingest: list[str] = field(default_factory=list)  # names of files that brought the lost
    removed_may_be_back: list[str] = field(default_factory=list)  # shards whose list was lost twice
    restored_to: str = ""  # when what a restored catalog knows last had been ingested
    forgot_unfinished: bool = False
    """What an interrupted ingestion had done was damaged: it reads its files from the beginning."""
    records: dict[str, int] = field(default_factory=dict)  # kind -> records in the corpus now
    elapsed_s: float = 0.0

    @property
    def lost_rows(self) -> int:
        """How many rows that were delivered are lost."""
        return sum(lost.row_count for lost in self.lost)

    @property
    def changed_anything(self) -> bool:
        """Whether anything was found that had to be mended."""
        return bool(
            self.mended or self.moved or self.lost or self.lost_notes or self.forgot_unfinished
        )

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)


def repair(layout: Layout, workers: int, progress: Progress) -> Repair:
    """Look at every file of a corpus and mend what can be.

    Raises `CorpusNotFoundError` if there is none, `CorpusLockedError` if another process writes,
    `CorpusError` if catalog and copy are both damaged or the records are of another version.
    """
    return _mend(layout, workers, progress, Repair(), look=True)


def migrate(layout: Layout, workers: int, progress: Progress) -> Repair:
    """Build the indexes anew if they, or the analyzer, are of another version; records stay.

    Raises as `repair` does, and `DamagedError` if a record cannot be read.
    """
    return _mend(layout, workers, progress, Repair("migrate"), look=False)


def _mend(
    layout: Layout, workers: int, progress: Progress, result: Repair, *, look: bool
) -> Repair:
    begin = time.perf_counter()
    if not layout.catalog.exists() and not layout.catalog_copy.exists():
        raise CorpusNotFoundError(f"{layout.root}: there is no corpus in this folder")
    with writing(layout):
        _mend_catalog(layout, result)
        catalog = Catalog(layout.catalog)
        try:
            check_schema(layout.root, catalog.settings())
            found = Check()
            if look:
                _move_notes(layout, catalog, result)
                examine(layout, Named.by(catalog), workers, progress, found)
            with Pool(workers if len(catalog.generations()) > 1 else 1) as pool:
                _Mending(layout, catalog, pool, progress, result).mend(found.faults)
            for generation in catalog.generations():
                held = result.records.get(generation.kind, 0)
                result.records[generation.kind] = held + generation.records
            result.elapsed_s = time.perf_counter() - begin
            if result.changed_anything:
                catalog.add_finished(now(), result.to_dict())
            sweep(layout, catalog)
            return result
        finally:
            catalog.close()


# what is not of a shard


def _mend_catalog(layout: Layout, result: Repair) -> None:
    """Put the catalog's copy in its place if it is damaged."""
    faults = {fault.role: fault for fault in catalog_faults(layout)}
    copy = layout.catalog_copy
    if "catalog" not in faults:
        if "catalog_copy" in faults:
            copy.unlink(missing_ok=True)  # the sweep makes another
            result.mended.append(copy.name)
        return
    if "catalog_copy" in faults:
        raise CorpusError(
            f"{layout.catalog}: {faults['catalog'].reason}; and its copy {copy.name}:"
            f" {faults['catalog_copy'].reason}: nothing says what the other files are; put one of"
            " the two back from a backup, or ingest the files into a new corpus"
        )
    # A journal that SQLite left beside the damaged file must not be played into the copy.
    journal = layout.catalog.with_name(layout.catalog.name + "-journal")
    for path in (layout.catalog, journal):
        if path.exists():
            result.moved.append(_move_aside(path))
    with replaced(layout.catalog) as file:
        file.write(copy.read_bytes())
    result.mended.append(layout.catalog.name)
    catalog = Catalog(layout.catalog)
    try:
        finished = [entry["finished"] for entry in catalog.ingestions() if entry["finished"]]
        result.restored_to = max(finished, default="")
        _skip_used_numbers(layout, catalog)
    finally:
        catalog.close()


def _skip_used_numbers(layout: Layout, catalog: Catalog) -> None:
    """Let no number be handed out again that the lost catalog may have handed out."""
    for kind in KINDS:
        for name, pattern in (("part", "records/*/part-*"), ("generation", "index/*/gen-*")):
            paths = (layout.root / kind).glob(pattern)
            used = [int(path.name.partition("-")[2].partition(".")[0]) for path in paths]
            catalog.skip_numbers(name, 1 + max(used, default=0))
    latest = 0
    for _, files in leftovers(layout, catalog):
        for path in files:
            if path.suffix == ".parquet":
                with suppress(DamagedError):
                    for batch in PartReader(path).batches(100_000, ["ingestion"]):
                        latest = max([latest, *batch.column("ingestion").to_pylist()])
    catalog.skip_ingestions(latest + 1)


def _move_notes(layout: Layout, catalog: Catalog, result: Repair) -> None:
    """Move damaged notes aside: what comes next begins an empty file."""
    for fault in notes_faults(layout, catalog):
        path = layout.root / fault.file
        if path.exists():
            result.moved.append(_move_aside(path))
        else:
            result.lost_notes.append(fault.file)


def _move_aside(path: Path) -> str:
    """Give a file another name; returns it."""
    for number in range(1, 1_000):
        aside = path.with_name(f"{path.name}{_ASIDE}-{number}")
        if not aside.exists():
            path.rename(aside)
            sync(aside)
            return aside.name
    raise CorpusError(f"{path}: there are too many damaged ones beside it")


# shards


class _Mending:
    """One repair, shard by shard; of another version, all shards at once."""

    def __init__(
        self, layout: Layout, catalog: Catalog, pool: Pool, progress: Progress, result: Repair
    ) -> None:
        self._layout, self._catalog, self._pool = layout, catalog, pool
        self._progress, self._result = progress, result
        self._analyzer = make_analyzer(catalog.dictionary())
        self._settings = current_settings(self._analyzer)
        held = catalog.settings()
        self._is_current = all(held.get(name) == ours for name, ours in self._settings.items())
        self._generations = {(g.kind, g.shard): g for g in catalog.generations()}
        self._parts: dict[Place, list[Part]] = defaultdict(list)
        for part in catalog.parts():
            self._parts[part.kind, part.shard].append(part)

    def mend(self, faults: Sequence[Fault]) -> None:
        """Mend what these faults say is damaged."""
        if any(fault.role == "unfinished" for fault in faults):
            self._catalog.forget_unfinished()
            self._result.forgot_unfinished = True
        by_place: dict[Place, list[Fault]] = defaultdict(list)
        for fault in faults:
            if fault.kind is not None and fault.shard is not None and fault.role != "unfinished":
                by_place[fault.kind, fault.shard].append(fault)
        shards = []
        for place in sorted(by_place if self._is_current else self._generations):
            self._result.mended += [f.file for f in by_place[place] if f.role != "records"]
            if (anew := self._prepare(place, by_place[place])) is not None:
                shards.append(anew)
        built: list[Rebuilt] = []
        done_with = self._publish if self._is_current else built.append
        layout, catalog, analyzer = self._layout, self._catalog, self._analyzer
        unfinished = None
        if not self._is_current:  # all of it counts at the end: interrupted, it is gone on with
            purpose = f"migrate {sorted(self._settings.items())}"
            unfinished = Unfinished(layout, catalog, purpose)
        rebuild(
            layout, catalog, analyzer, self._pool, shards, self._progress, done_with, unfinished
        )
        if not self._is_current:
            with catalog.transaction():
                for one in built:
                    self._let_count(one)
                for name, value in self._settings.items():
                    catalog.set_setting(name, value)

    def _prepare(self, place: Place, faults: list[Fault]) -> Anew | None:
        """Mend the records of a shard; says whether and of what its index is to be built anew."""
        damaged = {fault.part for fault in faults if fault.role == "records"}
        without_sides = {fault.part for fault in faults if fault.role in ("keys", "beside")}
        gone = self._gone(place)
        for part in list(self._parts[place]):
            is_old = not self._is_current and not part.is_merged
            if part.number not in damaged and (part.number in without_sides or is_old):
                self._make_sides(part)
        delivered = [part for part in self._parts[place] if not part.is_merged]
        roles = {fault.role for fault in faults}
        if self._is_current and not roles & {"records", "keys", "merged", "index"}:
            if "gone_copy" in roles:
                self._copy_gone(place, gone)
            return None
        whole = "index" not in roles and self._is_current and place in self._generations
        kept = [part for part in delivered if part.number not in damaged]
        tasks = [
            SalvageTask(
                self._layout.root,
                part,
                _of_part(gone, part),
                self._generations[place] if whole else None,
                self._catalog.next_number("part"),
            )
            for part in delivered
            if part.number in damaged
        ]
        for task, salvaged in self._pool.run(salvage, tasks):
            self._account(task.part, salvaged)
            gone = np.setdiff1d(gone, _of_part(gone, task.part))
            if salvaged.part is not None:
                kept.append(salvaged.part)
        return Anew(*place, tuple(sorted(kept, key=lambda part: part.number)), gone)

    def _account(self, part: Part, salvaged: SalvageResult) -> None:
        """Note what was lost, and which files can bring it again."""
        lost = salvaged.lost
        self._result.mended.append(lost.file)
        if not lost.rows:
            return
        if lost.inputs is None:
            lost.inputs = self._catalog.inputs_of(part)
        self._result.lost.append(lost)

    def _publish(self, built: Rebuilt) -> None:
        with self._catalog.transaction():
            self._let_count(built)

    def _let_count(self, built: Rebuilt) -> None:
        """Let a shard count as it is now; files that brought what was lost can be given again."""
        anew, new = built.anew, [*built.anew.parts, *built.merged]
        old = self._parts[anew.kind, anew.shard]
        folder = self._layout.records(anew.kind, anew.shard).relative_to(self._layout.root)
        here = [lost for lost in self._result.lost if Path(lost.file).parent == folder]
        forgotten = {hashed for lost in here for hashed in lost.inputs or ()}
        names = dict(self._catalog.inputs())
        self._catalog.replace_parts(
            [part for part in old if part not in new], [part for part in new if part not in old]
        )
        self._catalog.set_generations([built.generation])
        self._catalog.forget_inputs(forgotten)
        self._result.shards += 1
        again = {names[hashed] for hashed in forgotten & set(names)}
        self._result.files_to_ingest = sorted(again | set(self._result.files_to_ingest))

    def _gone(self, place: Place) -> Addresses:
        """Read which rows of a shard do not count: of two lists, one that is whole."""
        generation = self._generations.get(place)
        if generation is None:
            return np.empty(0, np.uint64)
        for path in self._gone_files(generation):
            if content_fault(path, gone_sum(generation)) is None:
                return load_addresses(path)
        self._result.removed_may_be_back.append(f"{place[0]} {place[1]}")
        return np.empty(0, np.uint64)

    def _gone_files(self, generation: Generation) -> Iterable[Path]:
        place = (generation.kind, generation.shard, generation.number)
        return self._layout.generation(*place) / GONE, self._layout.gone_copy(*place)

    def _copy_gone(self, place: Place, gone: Addresses) -> None:
        path = self._layout.gone_copy(*place, self._generations[place].number)
        path.unlink(missing_ok=True)
        save_addresses(path, gone)
        sync(path)

    def _make_sides(self, part: Part) -> None:
        """Make what lies beside a part again: other files, since a reader may have these mapped."""
        path = self._layout.part(part.kind, part.shard, part.number)
        for file in side_files(path):
            file.unlink(missing_ok=True)
        reader = PartReader(path)
        columns = sides.side_columns(part.kind)
        made = sides.of_batches(part.kind, reader.batches(ROW_GROUP_ROWS, columns))
        made.write(path, reader.metadata)
        sync(path)
        files = part_sums(path)
        self._catalog.set_part_files(part, files)
        place = self._parts[part.kind, part.shard]
        place[place.index(part)] = Part(
            part.kind, part.shard, part.number, part.rows, part.is_merged, files
        )


def _of_part(addresses: Addresses, part: Part) -> Addresses:
    first = part.number << 32
    return addresses[(addresses >= first) & (addresses < first + (1 << 32))]
