"""Here is an id, give me the record that goes by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ipsearch.index import fact_query

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_MOST = 100  # an id is one record's; more would be a fault of some source


def records_with_id(state: KindState, record_id: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Find the records with exactly this id: shard, and the columns that say what they speak of."""
    columns = ["application_key"]
    if state.kind == "patent":
        columns.append("publication_number")
    query = fact_query(state.kind, "id", record_id)
    for shard in state.shards:
        places = [(shard.number, hit.address) for hit in shard.search(query, _MOST)]
        for row in state.rows(places, columns):
            yield shard.number, row
