"""Here is a question, give me all that matches it, however much that is: as arrays, by part.

What a question finds is first a sorted array of addresses a shard, eight bytes a record, then
columns of those records, a row group at a time: nothing here is an object a record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import tantivy

from ipsearch.errors import QueryError
from ipsearch.index import Shard, engine_schema, narrowed
from ipsearch.records import SCHEMAS, Kind
from ipsearch.search.compiled import Compiled
from ipsearch.search.execute import Filters, count

if TYPE_CHECKING:
    import pyarrow as pa

    from ipsearch.corpus.state import KindState

Addresses = npt.NDArray[np.uint64]

_AT_ONCE = 200_000
"""Addresses that the engine is asked for at once: as its objects they take 30 MB."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one kind of record, in one state of a corpus."""

    state: KindState
    compiled: Compiled
    filters: Filters

    def narrowed(self, queries: Sequence[tantivy.Query]) -> list[tantivy.Query]:
        """Add all filters to the queries, one a shard."""
        schema = engine_schema(self.state.kind)
        spans = (span.query(schema) for span in self.filters.spans)
        clauses = [*self.filters.clauses, *spans]
        return [narrowed(query, clauses) for query in queries]

    def whole(self) -> list[tantivy.Query]:
        """Give the queries, one a shard, that match all that is found, filters included."""
        return self.narrowed(self.compiled.whole())

    def count(self) -> int:
        """Count the records that match."""
        return count(self.state, self.compiled.whole(), self.filters)


def addresses_of(state: KindState, queries: Sequence[tantivy.Query]) -> list[Addresses]:
    """Give the addresses of all that matches, ascending, an array a shard."""
    return state.each(_addresses, list(zip(state.shards, queries, strict=True)))


def _addresses(asked: tuple[Shard, tantivy.Query]) -> Addresses:
    shard, query = asked
    most = min(_AT_ONCE, max(shard.record_count, 1))
    pieces: list[Addresses] = []
    low = 0
    while True:
        piece = shard.addresses(query, low, most)
        pieces.append(piece)
        if len(piece) < most:
            return np.concatenate(pieces)
        low = int(piece[-1]) + 1


class Piece(NamedTuple):
    """Columns of some records of one part."""

    shard: int  # its place in `state.shards`
    addresses: Addresses
    batch: pa.RecordBatch


def pieces(state: KindState, found: Sequence[Addresses], columns: Sequence[str]) -> Iterator[Piece]:
    """Read columns of the records at these addresses, an array a shard, in order of storage.

    `columns` are names, or Parquet's paths of what in a column is wanted.
    """
    for shard, addresses in enumerate(found):
        yield from pieces_of(state, shard, addresses, columns)


def pieces_of(
    state: KindState, shard: int, addresses: Addresses, columns: Sequence[str]
) -> Iterator[Piece]:
    """Do the same for one shard, by its place in `state.shards`."""
    from ipsearch.corpus.parts import PartReader

    if not len(addresses):
        return
    row_bits, row_mask = np.uint64(32), np.uint64(0xFFFFFFFF)
    parts, begins = np.unique(addresses >> row_bits, return_index=True)
    for part, here in zip(parts.tolist(), np.split(addresses, begins[1:]), strict=True):
        reader = PartReader(state.part_path(state.shards[shard].number, part))
        at = 0
        for batch in reader.chosen(here & row_mask, list(columns)):
            yield Piece(shard, here[at : at + len(batch)], batch)
            at += len(batch)


def scan(question: Question, columns: Sequence[str] | None = None) -> pa.RecordBatchReader:
    """Give all records that match, in order of storage, as a stream of Arrow batches.

    Whole records, or some columns of them. A batch has a row group's rows at the most: memory does
    not grow with what is found but for eight bytes a record. Raises `QueryError` for a column that
    is not there.
    """
    found = addresses_of(question.state, question.whole())
    return records_at(question.state, found, columns)


def records_at(
    state: KindState, found: Sequence[Addresses], columns: Sequence[str] | None = None
) -> pa.RecordBatchReader:
    """Give the records at these addresses, an array a shard, as a stream of Arrow batches."""
    import pyarrow as pa

    names = check_columns(columns, state.kind)
    schema = pa.schema(
        [SCHEMAS[state.kind].field(name) for name in names], SCHEMAS[state.kind].metadata
    )

    def batches() -> Iterator[pa.RecordBatch]:
        for piece in _ahead(pieces(state, found, names)):
            yield piece.batch.select(names).cast(schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def check_columns(columns: Sequence[str] | None, kind: Kind) -> list[str]:
    """Give the columns that are asked for, each once, by default all; raise `QueryError`."""
    known = SCHEMAS[kind].names
    chosen = list(dict.fromkeys(known if columns is None else columns))
    for name in chosen:
        if name not in known:
            raise QueryError(f"no column {name!r} in a {kind}; there are: {', '.join(known)}")
    if not chosen:
        raise QueryError(f"no column was named; there are: {', '.join(known)}")
    return chosen


def _ahead(items: Iterator[Piece]) -> Iterator[Piece]:
    """Read the next piece in a thread while the last one is used."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
