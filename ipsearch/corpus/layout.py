"""Where things lie in a corpus folder.

catalog.sqlite                                settings, ledger, what counts
catalog.sqlite.new                            while a corpus is made: it is none before
catalog-copy.sqlite                           the same as it was before the last sweep
notebook.sqlite                               what people note: sessions of queries, topics
watchbook.sqlite                              watches, their runs and alerts
watchbook.lock                                held by the one process that runs watches
lock                                          held by the one process that writes
patent/records/shard-00/part-000001.parquet   the truth: records as delivered, or merged
patent/records/shard-00/part-000001.*.npy     which applications and documents it speaks of
patent/records/shard-00/part-000001.footer    its Parquet footer once more
trademark/records/.../part-000001.signs.arrow what its marks are compared by
patent/records/shard-00/gone-000007.npy       a second copy of what generation 7 has as `gone.npy`
patent/index/shard-00/gen-000007/             derived: can be rebuilt from the records
trademark/...
unfinished.jsonl                              what a command that was broken off has finished
unpacking/                                    while a large packed file is read: pieces of it
rejects/000001-000004.jsonl                   what could not be read, by ingestion and task
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ipsearch.errors import CorpusError
from ipsearch.records import Kind

HIDDEN, SUPERSEDED, GONE = "hidden.npy", "superseded.npy", "gone.npy"
"""In a generation's folder, sorted addresses: of rows that are not shown as they are (merged,
superseded, or news only); of those among them that a later delivery stands for; and of rows that do
not count here at all: they were removed, or stand in another shard now. The last is the only thing
in a generation that the records do not tell: it is kept beside them as well."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one corpus.

    Raises `CorpusError` for a path that is not UTF-8: neither Arrow nor the engine take another.
    """

    root: Path

    def __post_init__(self) -> None:
        raw = os.fsencode(self.root)
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            shown = raw.decode(errors="backslashreplace")
            reason = f"byte {error.start} is not UTF-8, which the path of a corpus must be"
            raise CorpusError(f"{shown}: {reason}") from None

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.sqlite"

    @property
    def catalog_begun(self) -> Path:
        return self.root / "catalog.sqlite.new"

    @property
    def catalog_copy(self) -> Path:
        return self.root / "catalog-copy.sqlite"

    @property
    def notebook(self) -> Path:
        return self.root / "notebook.sqlite"

    @property
    def watchbook(self) -> Path:
        return self.root / "watchbook.sqlite"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def unfinished(self) -> Path:
        return self.root / "unfinished.jsonl"

    @property
    def rejects(self) -> Path:
        return self.root / "rejects"

    @property
    def unpacking(self) -> Path:
        return self.root / "unpacking"

    def records(self, kind: Kind, shard: int) -> Path:
        return self.root / kind / "records" / f"shard-{shard:02d}"

    def part(self, kind: Kind, shard: int, number: int) -> Path:
        return self.records(kind, shard) / f"part-{number:06d}.parquet"

    def index(self, kind: Kind, shard: int) -> Path:
        return self.root / kind / "index" / f"shard-{shard:02d}"

    def generation(self, kind: Kind, shard: int, number: int) -> Path:
        return self.index(kind, shard) / f"gen-{number:06d}"

    def gone_copy(self, kind: Kind, shard: int, generation: int) -> Path:
        return self.records(kind, shard) / f"gone-{generation:06d}.npy"

    def reject_file(self, ingestion: int, task: int) -> Path:
        return self.rejects / f"{ingestion:06d}-{task:06d}.jsonl"


def keys_path(part: Path) -> Path:
    """Where the sorted keys of a part's applications lie."""
    return part.with_suffix(".applications.npy")


def signs_path(part: Path) -> Path:
    """Where what marks are compared by lies, of a part of trademarks."""
    return part.with_suffix(".signs.arrow")


def footer_path(part: Path) -> Path:
    """Where the part's Parquet footer lies once more: without one, no row of a part can be read."""
    return part.with_suffix(".footer")


def side_files(part: Path) -> tuple[Path, ...]:
    """Give the files that may lie beside a part: each is made of it alone."""
    return keys_path(part), links_path(part), signs_path(part), footer_path(part)


def links_path(part: Path) -> Path:
    """Where the sorted keys of a part's publications (registrations of marks) lie."""
    return part.with_suffix(".documents.npy")


def notes_files(layout: Layout) -> list[Path]:
    """Give the files in which people have noted something."""
    catalogs = (layout.catalog, layout.catalog_copy)
    return sorted(path for path in layout.root.glob("*.sqlite") if path not in catalogs)
