"""Here is a corpus, is all of it as it was written, and does it agree with itself?

Every file is read and its sum compared; every record is read as a record; what lies beside records
is made again and compared; each index must hold exactly the records that are shown. After a clean
check no answer is wrong for anything that happened to the files.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ipsearch.corpus import seal, sides
from ipsearch.corpus.catalog import FORMAT_VERSION, Catalog, Generation, Part, check_version
from ipsearch.corpus.checksums import FileSum, content_fault, generation_files, part_file
from ipsearch.corpus.faults import Check, Fault, Role
from ipsearch.corpus.layout import (
    GONE,
    HIDDEN,
    Layout,
    footer_path,
    keys_path,
    links_path,
    notes_files,
    signs_path,
)
from ipsearch.corpus.lock import is_held
from ipsearch.corpus.parts import (
    PART_SCHEMAS,
    ROW_GROUP_ROWS,
    Addresses,
    PartReader,
    load_addresses,
)
from ipsearch.corpus.pool import Pool
from ipsearch.corpus.state import Hold
from ipsearch.corpus.sweep import leftovers
from ipsearch.errors import CorpusError, CorpusNotFoundError, DamagedError
from ipsearch.index import Shard, fact_query

Progress = Callable[[str, int, int], None]
"""Stage, how much is done, how much there is to do: bytes."""

SAMPLE = 1_000
"""Records of each shard that are looked up by their id."""
SMALL_BYTES = 64 << 20
"""Below it, starting processes costs more than they save."""


def check(layout: Layout, workers: int, progress: Progress) -> Check:
    """Look at every file of a corpus; changes nothing, and holds up nobody.

    Raises `CorpusNotFoundError` if there is none, `CorpusError` if it is of another version.
    """
    begin = time.perf_counter()
    if not layout.catalog.exists() and not layout.catalog_copy.exists():
        raise CorpusNotFoundError(f"{layout.root}: there is no corpus in this folder")
    result = Check()
    faults = catalog_faults(layout)
    result.faults += faults
    damaged = {fault.role for fault in faults}
    if {"catalog", "catalog_copy"} <= damaged:
        return result  # nothing says what the other files are
    catalog = Catalog(
        layout.catalog_copy if "catalog" in damaged else layout.catalog, read_only=True
    )
    try:
        catalog.check_version()
        result.faults += notes_faults(layout, catalog)
        _check_files(layout, catalog, workers, progress, result)
    finally:
        catalog.close()
    result.elapsed_s = time.perf_counter() - begin
    return result


def _check_files(
    layout: Layout, catalog: Catalog, workers: int, progress: Progress, result: Check
) -> None:
    """Look at what the catalog names; again, if that has changed meanwhile."""
    while True:
        with catalog.snapshot():
            named = catalog.generations(), catalog.parts(live=None)
        folders = [layout.generation(g.kind, g.shard, g.number) for g in named[0]]
        holds = []
        for folder in folders:
            with suppress(FileNotFoundError):
                holds.append(Hold(folder))
        with catalog.snapshot():
            is_steady = (catalog.generations(), catalog.parts(live=None)) == named
        result.is_written_to = is_held(layout)
        if is_steady or not result.is_written_to:
            examine(layout, catalog, workers, progress, result)
            return


def examine(
    layout: Layout, catalog: Catalog, workers: int, progress: Progress, result: Check
) -> None:
    """Look at all files that the catalog names, and for those that it does not."""
    generations = catalog.generations()
    live, waiting = catalog.parts(), catalog.parts(live=False)
    files = [entry for part in (*live, *waiting) for entry in part.files]
    files += [entry for generation in generations for entry in generation.files]
    result.files, result.bytes = len(files), sum(entry.bytes for entry in files)
    done, damaged = 0, set()
    progress("check", 0, result.bytes or 1)
    with Pool(workers if result.bytes > SMALL_BYTES else 1) as pool:
        tasks = [PartCheck(layout.root, part, is_live=True) for part in live]
        tasks += [PartCheck(layout.root, part, is_live=False) for part in waiting]
        for task, faults in pool.run(check_part, tasks):
            result.faults += faults
            if faults:
                damaged.add((task.part.kind, task.part.shard))
            done += sum(entry.bytes for entry in task.part.files)
            progress("check", done, result.bytes or 1)
        builds = []
        for generation in generations:
            place = (generation.kind, generation.shard)
            own = tuple(part for part in live if (part.kind, part.shard) == place)
            builds.append(GenerationCheck(layout.root, generation, own, place not in damaged))
        for build, faults in pool.run(check_generation, builds):
            result.faults += faults
            kind = build.generation.kind
            result.records[kind] = result.records.get(kind, 0) + build.generation.records
            done += sum(entry.bytes for entry in build.generation.files)
            progress("check", done, result.bytes or 1)
    if not result.is_written_to:
        for folders, paths in leftovers(layout, catalog):
            for path in (*folders, *paths):
                result.faults.append(_fault(layout, path, "leftover", "named nowhere"))
    result.faults.sort(key=lambda fault: (not fault.is_damage, fault.file))


def _fault(
    layout: Layout, path: Path, role: Role, reason: str, of: Part | Generation | None = None
) -> Fault:
    name = path.relative_to(layout.root).as_posix()
    if of is None:
        return Fault(name, role, reason)
    number = of.number if isinstance(of, Part) else None
    return Fault(name, role, reason, of.kind, of.shard, number)


# the files of SQLite


def catalog_faults(layout: Layout) -> list[Fault]:
    """Look at the catalog and at its copy; raise `CorpusError` if they are of another version.

    Of one version there must be one of them: a number that only one of them has is damage.
    """
    roles: dict[Path, Role] = {layout.catalog: "catalog", layout.catalog_copy: "catalog_copy"}
    versions = [_version(path) for path in roles]
    if FORMAT_VERSION not in versions:
        for path, version in zip(roles, versions, strict=True):
            if version:
                check_version(path, version)
    found = []
    for path, role in roles.items():
        if reason := _catalog_fault(path):
            found.append(_fault(layout, path, role, reason))
    return found


def _version(path: Path) -> int | None:
    if not path.exists():
        return None
    try:
        catalog = Catalog(path, read_only=True)
        try:
            return catalog.version()
        finally:
            catalog.close()
    except CorpusError:
        return None


def _catalog_fault(path: Path) -> str | None:
    if not path.exists():
        return "missing"
    if not path.stat().st_size:
        return "empty"
    try:
        catalog = Catalog(path, read_only=True)
        try:
            catalog.check_version()
            return catalog.fault()
        finally:
            catalog.close()
    except DamagedError as error:
        return error.reason
    except CorpusError as error:
        return str(error)


def notes_faults(layout: Layout, catalog: Catalog) -> list[Fault]:
    """Look at what people noted: SQLite files beside the catalog."""
    found = []
    for path in notes_files(layout):
        if reason := _notes_fault(path):
            found.append(_fault(layout, path, "notes", reason))
    for name in catalog.notes():
        if not (layout.root / name).exists():
            found.append(Fault(name, "notes", "missing"))
    return found


def _notes_fault(path: Path) -> str | None:
    if not path.stat().st_size:
        return "empty"
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=60)
        try:
            return seal.fault(db)
        finally:
            db.close()
    except sqlite3.Error as error:
        return str(error)


# parts


@dataclass(frozen=True, slots=True)
class PartCheck:
    """A part to be looked at, and what lies beside it."""

    root: Path
    part: Part
    is_live: bool


def check_part(task: PartCheck) -> list[Fault]:
    """Compare the sums of a part's files, read all of its rows, and make again what is beside."""
    layout, part = Layout(task.root), task.part
    path = layout.part(part.kind, part.shard, part.number)
    found: list[Fault] = []
    whole: set[Path] = set()
    for entry in part.files:
        file = part_file(path, entry.name)
        if reason := content_fault(file, entry):
            found.append(_fault(layout, file, _role(task, path, file), reason, part))
        else:
            whole.add(file)
    if path in whole:
        for file, reason in _disagreements(part, path, whole):
            found.append(_fault(layout, file, _role(task, path, file), reason, part))
    return found


def _role(task: PartCheck, path: Path, file: Path) -> Role:
    if not task.is_live:
        return "unfinished"
    if task.part.is_merged:
        return "merged"
    if file == path:
        return "records"
    return "keys" if file in (keys_path(path), links_path(path)) else "beside"


def _disagreements(part: Part, path: Path, whole: set[Path]) -> Iterator[tuple[Path, str]]:
    """Read a part to its end, and say which of the files beside it are not made of it."""
    try:
        reader = PartReader(path)
        if not reader.schema.equals(PART_SCHEMAS[part.kind]):
            yield path, "its columns are not those of this version"
            return
        made = sides.of_batches(part.kind, reader.batches(ROW_GROUP_ROWS))
    except DamagedError as error:
        yield path, error.reason
        return
    if made.row_count != part.rows:
        yield path, f"{made.row_count:,} rows, the catalog says {part.rows:,}"
    for file, keys in ((keys_path(path), made.applications), (links_path(path), made.documents)):
        if file in whole and not np.array_equal(sides.load_keys(file), keys):
            yield file, "its keys are not those of the records"
    if (file := signs_path(path)) in whole:
        with pa.memory_map(str(file)) as source:
            rows = pa.ipc.open_file(source).read_all().num_rows
        if rows != made.row_count:
            yield file, f"{rows:,} rows, the part has {made.row_count:,}"
    if (file := footer_path(path)) in whole and not pq.read_metadata(file).equals(
        pq.read_metadata(path)
    ):
        yield file, "it is not the footer of the part"


# generations


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
        _fault(layout, folder / entry.name, "index", reason, generation)
        for entry in generation.files
        if (reason := content_fault(folder / entry.name, entry))
    ]
    names = {entry.name for entry in generation.files}
    for path in generation_files(folder):
        if path.relative_to(folder).as_posix() not in names:
            found.append(_fault(layout, path, "index", "it was not written with it", generation))
    copy = layout.gone_copy(generation.kind, generation.shard, generation.number)
    if reason := content_fault(copy, gone_sum(generation)):
        found.append(_fault(layout, copy, "gone_copy", reason, generation))
    if task.are_parts_whole and not any(fault.role == "index" for fault in found):
        for reason in _index_faults(layout, generation, task.parts):
            found.append(_fault(layout, folder, "index", reason, generation))
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
