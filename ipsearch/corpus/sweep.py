"""What the catalog does not name does not count, and is removed: leavings of runs that were killed,
generations and parts that newer ones stand for.

A reader holds its generation's folder. As long as one is held that does not count any more, its
shard's parts stay too: a reader opens them only when it shows what it found.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout, side_files
from ipsearch.records import KINDS


def sweep(layout: Layout, catalog: Catalog) -> None:
    """Remove generations and parts that the catalog does not name and no reader needs."""
    shutil.rmtree(layout.unpacking, ignore_errors=True)
    with catalog.snapshot():
        generations, parts = catalog.generations(), catalog.parts(live=None)
    counting = {layout.generation(g.kind, g.shard, g.number) for g in generations}
    named = {layout.part(p.kind, p.shard, p.number) for p in parts}
    for kind in KINDS:
        for shard in _shards(layout.root / kind):
            old = [p for p in layout.index(kind, shard).glob("gen-*") if p not in counting]
            held = [folder for folder in sorted(old) if not _remove_generation(folder)]
            if held:
                continue  # the next sweep comes by again
            for path in layout.records(kind, shard).glob("part-*.parquet"):
                if path not in named:
                    for file in (path, *side_files(path)):
                        file.unlink(missing_ok=True)


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
        shutil.rmtree(folder)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.ENOENT):
            raise
        return (
            False  # a worker still writes there that has yet to notice that its parent was killed
        )
    finally:
        os.close(descriptor)
    return True
