"""Here is how far somebody has looked, give me what came since.

Every record has the number of the ingestion that last changed it, `seq` in the index. Whoever has
looked to ingestion N has seen every record that counted then; what has a greater number since is
new, or was changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import tantivy

from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout
from ipsearch.index import Span, engine_schema
from ipsearch.search.matches import Addresses, addresses_of, pieces

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState
    from ipsearch.records import Kind

_ROWS_AT_ONCE = 2_000


def latest(layout: Layout) -> int:
    """Give the number up to which all ingestions have come to their end; 0 if none has.

    One that was interrupted goes on under its number: nothing from there on counts as looked at.
    """
    catalog = Catalog(layout.catalog, read_only=True)
    try:
        ingestions = catalog.ingestions()
    finally:
        catalog.close()
    done = 0
    for ingestion in ingestions:
        if ingestion["finished"] is None:
            break
        done = int(ingestion["number"])
    return done


def since(kind: Kind, seq: int) -> tuple[tantivy.Query, ...]:
    """Give what narrows a query to the records changed after ingestion `seq`; nothing for 0."""
    return (Span("seq", seq + 1, None).query(engine_schema(kind)),) if seq else ()


def changed_since(state: KindState, seq: int) -> list[Addresses]:
    """Give the addresses of the records changed after ingestion `seq`, ascending, by shard."""
    query = next(iter(since(state.kind, seq)), tantivy.Query.all_query())
    return addresses_of(state, [query] * len(state.shards))


def rows_of(
    state: KindState, found: Sequence[Addresses], columns: Sequence[str]
) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    """Give some columns of the records at these addresses, each with its shard and address."""
    for piece in pieces(state, found, columns):
        number = state.shards[piece.shard].number
        for begin in range(0, len(piece.batch), _ROWS_AT_ONCE):
            rows = piece.batch.slice(begin, _ROWS_AT_ONCE).to_pylist()
            addresses = piece.addresses[begin : begin + _ROWS_AT_ONCE].tolist()
            for address, row in zip(addresses, rows, strict=True):
                yield (number, address), row
