"""What the catalog does not name does not count, and is removed: leavings of runs that were killed,
generations and parts that newer ones stand for.

Before anything is removed, the catalog's copy is brought up to date: what it names, should it have
to take the catalog's place, is there. A damaged catalog removes nothing.

A reader holds its generation's folder. As long as one is held that does not count any more, its
shard's parts stay too: a reader opens them only when it shows what it found.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout, notes_files, side_files
from ipsearch.corpus.unfinished import forget
from ipsearch.index.folder import remove_folder
from ipsearch.records import KINDS


def sweep(layout: Layout, catalog: Catalog, spared: Collection[Path] = ()) -> None:
    """Remove generations and parts that the catalog does not name and no reader needs.

    What is `spared` stays: results of a command that was broken off and is gone on with. Raises
    `DamagedError` if the catalog is damaged; nothing is removed then.
    """
    notes = [path.name for path in notes_files(layout)]
    if notes != catalog.notes():
        catalog.set_notes(notes)
    catalog.keep_copy(layout.catalog_copy)
    shutil.rmtree(layout.unpacking, ignore_errors=True)
    if not spared:
        forget(layout)
    for generations, files in leftovers(layout, catalog):
        old = [folder for folder in generations if folder not in spared]
        held = [folder for folder in old if not _remove_generation(folder)]
        if not held:  # otherwise the next sweep comes by again
            for file in files:
                if file not in spared:
                    file.unlink(missing_ok=True)


def leftovers(layout: Layout, catalog: Catalog) -> Iterator[tuple[list[Path], list[Path]]]:
    """Give, shard by shard, what is not named: folders of generations, and files of records."""
    with catalog.snapshot():
        generations, parts = catalog.generations(), catalog.parts(live=None)
    counting = {layout.generation(g.kind, g.shard, g.number) for g in generations}
    named = {layout.gone_copy(g.kind, g.shard, g.number) for g in generations}
    for part in parts:
        path = layout.part(part.kind, part.shard, part.number)
        named.update((path, *side_files(path)))
    for kind in KINDS:
        for shard in _shards(layout.root / kind):
            folders = sorted(layout.index(kind, shard).glob("gen-*"))
            files = sorted(layout.records(kind, shard).glob("*"))
            yield [p for p in folders if p not in counting], [p for p in files if p not in named]


def _shards(folder: Path) -> Iterator[int]:
    names = {
        path.name for inner in ("records", "index") for path in folder.glob(f"{inner}/shard-*")
    }
    for name in sorted(names):
        yield int(name.removeprefix("shard-"))


def _remove_generation(folder: Path) -> bool:
    """Remove a generation unless a reader holds it; says whether it is gone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove_folder(folder)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.ENOENT):
            raise
        return False  # somebody still writes there: a worker that has yet to miss its parent
    finally:
        os.close(descriptor)
    return True
