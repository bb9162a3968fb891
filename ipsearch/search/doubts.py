"""Which records hold something that the index alone cannot tell for sure?

Some clauses the index answers from both sides: records that surely match, and records that possibly
do. What is between is in doubt. Of a whole query, only those records are in doubt that it finds if
all doubts are taken for true and does not find if they are taken for false; they alone are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import tantivy

from ipsearch.analysis import fold
from ipsearch.search.record_texts import TEXT_COLUMNS, TEXTS

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

MUST, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.MustNot
_CHUNK_ROWS = 2_000


class Finder(Protocol):
    """What says where in a folded text something stands."""

    def find(self, folded: str) -> list[tuple[int, int]]:
        """Give its places."""
        ...


@dataclass(frozen=True, slots=True)
class Doubt:
    """A clause in one field of the index, answered from both sides."""

    field: str
    sure: tantivy.Query  # matches no record that does not match
    possible: tantivy.Query  # matches every record that does
    sought: Finder  # settles it, text by text


Settle = Callable[[Doubt, tantivy.Query], list[str]]
"""A doubt and the records whose answer hangs on it -> the ids of those that do match."""


def in_doubt(possible: tantivy.Query, sure: tantivy.Query) -> tantivy.Query:
    """Give the records that possibly match and do not surely."""
    return tantivy.Query.boolean_query([(MUST, possible), (MUST_NOT, sure)])


def settle(state: KindState, doubt: Doubt, context: tantivy.Query) -> list[str]:
    """Read the records of `context` that are in doubt; give the ids of those that match."""
    here = in_doubt(doubt.possible, doubt.sure)
    query = tantivy.Query.boolean_query([(MUST, context), (MUST, here)])
    columns = ["id", *TEXT_COLUMNS[state.kind][doubt.field]]
    texts = TEXTS[state.kind][doubt.field]

    def holding(number: int) -> list[str]:
        shard = state.shards[number]
        count = shard.count(query)
        if not count:
            return []
        addresses = shard.addresses(query, 0, count).tolist()
        found = []
        for begin in range(0, count, _CHUNK_ROWS):
            some = addresses[begin : begin + _CHUNK_ROWS]
            for row in state.rows([(shard.number, address) for address in some], columns):
                if any(doubt.sought.find(fold(text)) for text in texts(row)):
                    found.append(row["id"])
        return found

    answers = state.each(holding, list(range(len(state.shards))))
    return [record_id for ids in answers for record_id in ids]
