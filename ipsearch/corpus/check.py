"""Here is a corpus, is all of it as it was written, and does it agree with itself?

Every file is read and its sum compared; every record is read as a record; what lies beside records
is made again and compared; each index must hold exactly the records that are shown. After a clean
check no answer is wrong for anything that happened to the files.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from ipsearch.corpus import seal
from ipsearch.corpus.catalog import FORMAT_VERSION, Catalog, Generation, Part, check_version
from ipsearch.corpus.faults import Check, Fault, Role, fault_at
from ipsearch.corpus.index_check import GenerationCheck, check_generation
from ipsearch.corpus.layout import Layout, notes_files
from ipsearch.corpus.lock import is_held
from ipsearch.corpus.part_check import PartCheck, check_part
from ipsearch.corpus.pool import Pool
from ipsearch.corpus.state import Hold
from ipsearch.corpus.sweep import leftovers
from ipsearch.errors import CorpusError, CorpusNotFoundError, DamagedError

Progress = Callable[[str, int, int], None]
"""Stage, how much is done, how much there is to do: bytes."""

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
        named = Named.by(catalog)
        holds = []  # for as long as this function works
        for generation in named.generations:
            with suppress(FileNotFoundError):
                place = (generation.kind, generation.shard, generation.number)
                holds.append(Hold(layout.generation(*place)))
        result.is_written_to = is_held(layout)
        if Named.by(catalog) == named or not result.is_written_to:
            break
    examine(layout, named, workers, progress, result)
    if not result.is_written_to:
        result.faults += leftover_faults(layout, catalog)
    elif result.faults:  # what is not named any more may well be gone
        now = Named.by(catalog)
        parts = {(part.kind, part.shard, part.number) for part in (*now.live, *now.waiting)}
        result.faults = [
            fault
            for fault in result.faults
            if fault.part is None or (fault.kind, fault.shard, fault.part) in parts
        ]
    result.faults.sort(key=lambda fault: (not fault.is_damage, fault.file))


class Named(NamedTuple):
    """What the catalog names at one moment."""

    generations: list[Generation]
    live: list[Part]
    waiting: list[Part]  # of an ingestion that has not come to its end

    @classmethod
    def by(cls, catalog: Catalog) -> Self:
        """Ask the catalog."""
        with catalog.snapshot():
            return cls(catalog.generations(), catalog.parts(), catalog.parts(live=False))


def examine(layout: Layout, named: Named, workers: int, progress: Progress, result: Check) -> None:
    """Look at all files that the catalog names."""
    generations, live, waiting = named
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


def leftover_faults(layout: Layout, catalog: Catalog) -> list[Fault]:
    """Look for what the catalog does not name."""
    return [
        fault_at(layout.root, path, "leftover", "named nowhere")
        for folders, files in leftovers(layout, catalog)
        for path in (*folders, *files)
    ]


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
            found.append(fault_at(layout.root, path, role, reason))
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
            found.append(fault_at(layout.root, path, "notes", reason))
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
