"""One state of a corpus, opened for reading: what the catalog named at one moment, no more.

A reader holds a shared lock on each generation's folder that it opened; who writes removes an old
generation only when nobody holds it. Nothing closes a state: it lives as long as anything that was
asked of it, in any thread, and goes with the last.
"""

from __future__ import annotations

import errno
import fcntl
import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ipsearch.corpus.catalog import Catalog, Generation, Part
from ipsearch.corpus.checksums import header_fault, size_fault
from ipsearch.corpus.layout import GONE, HIDDEN, Layout
from ipsearch.errors import CorpusError, DamagedError
from ipsearch.index import Frequencies, Shard, Vocabulary
from ipsearch.records import KINDS, Kind

if TYPE_CHECKING:
    import pyarrow as pa

    from ipsearch.corpus.parts import RecordReader
    from ipsearch.corpus.signs import SignReader

T = TypeVar("T")
R = TypeVar("R")


class KindState:
    """One kind of record in a state: its shards, opened, and the way to its records."""

    def __init__(
        self, layout: Layout, kind: Kind, generations: Sequence[Generation], parts: Sequence[Part]
    ) -> None:
        self.kind, self._layout = kind, layout
        self._parts = parts
        folders = [layout.generation(kind, g.shard, g.number) for g in generations]
        self._holds = [Hold(folder) for folder in folders]
        _look_at(layout, generations, parts)
        self.shards = [
            Shard(g.shard, folder) for g, folder in zip(generations, folders, strict=True)
        ]
        self.vocabulary = Vocabulary(folders)
        self.frequencies = Frequencies(self.shards)
        self.clauses: dict[Any, Any] = {}  # what `search` has compiled for this vocabulary
        self._readers: dict[int, RecordReader] = {}
        self._sign_readers: dict[int, SignReader] = {}
        self._threads = ThreadPoolExecutor(min(len(folders), 2 * (os.cpu_count() or 1)) or 1)

    @property
    def record_count(self) -> int:
        """How many records are shown."""
        return sum(shard.record_count for shard in self.shards)

    def first_address_after(self, shard: int, share: int) -> int | None:
        """Give the address before which about one in `share` of a shard's rows lie; None if its
        parts are too few to tell."""
        rows = [(part.number, part.rows) for part in self._parts if part.shard == shard]
        wanted = sum(count for _, count in rows) // share
        for number, count in sorted(rows):
            wanted -= count
            if wanted <= 0:
                return (number + 1) << 32 if len(rows) > 1 else None
        return None

    def rows(
        self, places: Sequence[tuple[int, int]], columns: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Give the records at these places (shard, address), in this order, as dicts."""
        from ipsearch.corpus.parts import RecordReader  # Arrow takes a tenth of a second to load

        result: list[dict[str, Any]] = [{}] * len(places)
        by_shard: dict[int, list[int]] = {}
        for index, (shard, _) in enumerate(places):
            by_shard.setdefault(shard, []).append(index)
        for shard in by_shard:
            if shard not in self._readers:
                self._readers[shard] = RecordReader(self._layout.records(self.kind, shard))

        def read(shard: int) -> list[dict[str, Any]]:
            return self._readers[shard].rows([places[i][1] for i in by_shard[shard]], columns)

        for indexes, rows in zip(by_shard.values(), self.each(read, list(by_shard)), strict=True):
            for index, row in zip(indexes, rows, strict=True):
                result[index] = row
        return result

    def signs(
        self, places: Sequence[tuple[int, int]], columns: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Give some of `SIGN_COLUMNS` of the marks at these places (shard, address), as dicts."""
        from ipsearch.corpus.signs import SignReader

        result: list[dict[str, Any]] = [{}] * len(places)
        by_shard: dict[int, list[int]] = {}
        for index, (shard, _) in enumerate(places):
            by_shard.setdefault(shard, []).append(index)
        for shard, indexes in by_shard.items():
            if shard not in self._sign_readers:
                self._sign_readers[shard] = SignReader(self._layout.records(self.kind, shard))
            reader = self._sign_readers[shard]
            rows = reader.rows([places[i][1] for i in indexes], columns)
            for index, row in zip(indexes, rows, strict=True):
                result[index] = row
        return result

    def part_path(self, shard: int, number: int) -> Path:
        """Say where a part's records lie."""
        return self._layout.part(self.kind, shard, number)

    def each(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Call `function` with each item, in threads where there are several; in their order."""
        if len(items) < 2:
            return [function(item) for item in items]
        return list(self._threads.map(function, items))

    def batches(self, rows: int = 1_000) -> Iterator[pa.RecordBatch]:
        """Give every record that is shown, once, in no particular order."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        from ipsearch.corpus.parts import PartReader, load_addresses
        from ipsearch.records import SCHEMAS

        names = SCHEMAS[self.kind].names
        for shard in self.shards:
            gone = np.union1d(
                load_addresses(shard.folder / HIDDEN), load_addresses(shard.folder / GONE)
            )
            for part in self._parts:
                if part.shard != shard.number:
                    continue
                first = part.number << 32
                reader = PartReader(self._layout.part(self.kind, part.shard, part.number))
                for batch in reader.batches(rows, names):
                    addresses = np.arange(first, first + len(batch), dtype=np.uint64)
                    first += len(batch)
                    shown = ~np.isin(addresses, gone)
                    some = batch if shown.all() else pc.filter(batch, pa.array(shown))
                    yield some.cast(SCHEMAS[self.kind])


@dataclass(slots=True)
class State:
    """All kinds of one state."""

    kinds: dict[Kind, KindState]
    last_ingestion: int = 0
    """Its number. A record's `seq` is the number of the ingestion that last changed it."""


def open_state(layout: Layout) -> State:
    """Open what the catalog names now; again, if who writes was quicker to remove it.

    Raises `DamagedError` if a file is not there, has not the size that it was written with, or does
    not begin and end as its kind does. What is between is not read: `check` does that.
    """
    tried: tuple[list[Generation], list[Part]] | None = None
    while True:
        catalog = Catalog(layout.catalog, read_only=True)
        try:
            with catalog.snapshot():
                catalog.verify("generation", "part")
                named = catalog.generations(), catalog.parts()
                last_ingestion = catalog.last_finished()
        finally:
            catalog.close()
        state = State({}, last_ingestion)
        try:
            for kind in KINDS:
                own = [g for g in named[0] if g.kind == kind]
                if own:
                    own_parts = [p for p in named[1] if p.kind == kind]
                    state.kinds[kind] = KindState(layout, kind, own, own_parts)
        except (CorpusError, FileNotFoundError) as error:
            if named != tried:  # it may be another state by now
                tried = named
                continue
            if isinstance(error, CorpusError):
                raise
            raise DamagedError(str(error.filename), "missing") from error
        return state


def _look_at(layout: Layout, generations: Sequence[Generation], parts: Sequence[Part]) -> None:
    """Raise `DamagedError` if a file is not what it was at a glance."""
    for part in parts:
        path = layout.part(part.kind, part.shard, part.number)
        stem = os.fspath(path).removesuffix(path.suffix)
        for entry in part.files:
            name = stem + entry.name  # of thousands of files, `Path`s take longer than the look
            is_records = entry.name == path.suffix
            if reason := size_fault(name, entry) or (is_records and header_fault(name, entry)):
                raise DamagedError(name, reason)
    for generation in generations:
        folder = layout.generation(generation.kind, generation.shard, generation.number)
        for entry in generation.files:
            file = folder / entry.name
            if reason := size_fault(file, entry) or header_fault(file, entry):
                raise DamagedError(str(file), reason)


class Hold:
    """A shared lock on the folder of a generation, for as long as this object lives."""

    def __init__(self, folder: Path) -> None:
        """Take the lock; raise `FileNotFoundError` if the folder is gone, or goes meanwhile."""
        descriptor = os.open(folder, os.O_RDONLY)
        weakref.finalize(self, os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if not os.path.samestat(os.fstat(descriptor), folder.stat()):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(folder))
