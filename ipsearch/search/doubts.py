"""Which records hold something that the index alone cannot tell for sure?

Some clauses the index answers from both sides: records that surely match, and records that possibly
do. What is between is in doubt. Of a whole query, only those records are in doubt that it finds if
all doubts are taken for true and does not find if they are taken for false; they alone are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import tantivy

from ipsearch.analysis import fold
from ipsearch.search.record_texts import TEXT_COLUMNS, TEXTS

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

MUST, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.MustNot
_CHUNK_ROWS = 2_000
_AT_ONCE = 100_000  # addresses that are asked for at once


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


class Settled(NamedTuple):
    """What reading the records in doubt told."""

    ids: list[str]  # of all that were read
    holding: list[list[str]]  # for each doubt, the ids of those that do match


Settle = Callable[[Sequence[Doubt], tantivy.Query], Settled]
"""Some doubts and the records whose answer hangs on them."""


def in_doubt(possible: tantivy.Query, sure: tantivy.Query) -> tantivy.Query:
    """Give the records that possibly match and do not surely."""
    return tantivy.Query.boolean_query([(MUST, possible), (MUST_NOT, sure)])


def settle(state: KindState, doubts: Sequence[Doubt], query: tantivy.Query) -> Settled:
    """Read the records that `query` finds; say for each doubt which of them match it."""
    kind = state.kind
    fields = dict.fromkeys(doubt.field for doubt in doubts)
    columns = list(dict.fromkeys(["id", *(c for f in fields for c in TEXT_COLUMNS[kind][f])]))

    def read(number: int) -> Settled:
        shard = state.shards[number]
        settled = Settled([], [[] for _ in doubts])
        low, most = 0, min(_AT_ONCE, max(shard.record_count, 1))
        while True:
            addresses = shard.addresses(query, low, most).tolist()
            for begin in range(0, len(addresses), _CHUNK_ROWS):
                places = [(shard.number, a) for a in addresses[begin : begin + _CHUNK_ROWS]]
                for row in state.rows(places, columns):
                    _look(row, doubts, {f: TEXTS[kind][f](row) for f in fields}, settled)
            if len(addresses) < most:
                return settled
            low = addresses[-1] + 1

    answers = state.each(read, list(range(len(state.shards))))
    return Settled(
        [record for answer in answers for record in answer.ids],
        [
            [record for answer in answers for record in answer.holding[i]]
            for i in range(len(doubts))
        ],
    )


def _look(
    row: Mapping[str, Any],
    doubts: Sequence[Doubt],
    texts: Mapping[str, Sequence[str]],
    settled: Settled,
) -> None:
    settled.ids.append(row["id"])
    folded = {field: list(map(fold, values)) for field, values in texts.items()}
    for doubt, ids in zip(doubts, settled.holding, strict=True):
        if any(doubt.sought.find(text) for text in folded[doubt.field]):
            ids.append(row["id"])
