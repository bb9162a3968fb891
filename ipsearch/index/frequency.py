"""How rare a term is in the whole corpus, so that scores of its shards agree.

The engine weighs a term by how many records of a shard have it. The weight over the whole corpus
is had by raising the term's score, in each shard, by what the one is to the other. What is left is
the mean length of a field, which differs a little by shard.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ipsearch.index.shard import Shard

_MOST_KNOWN = 200_000  # terms whose counts are kept: 40 MB or so


class Frequencies:
    """Counts of records, over all shards of a kind. Safe to use from several threads."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._shards = shards
        self._sizes = [shard.document_count for shard in shards]
        self._known: dict[tuple[str, str], list[int]] = {}

    @property
    def record_count(self) -> int:
        """How many records there are, those replaced since the last compacting among them."""
        return sum(self._sizes)

    def of(self, field: str, term: str) -> int:
        """In how many records a term stands in a field; replaced ones may count."""
        return sum(self._counts(field, term))

    def rarities(self, field: str, term: str) -> list[float]:
        """For each shard, how rare the engine takes a term to be there."""
        counts = self._counts(field, term)
        return [rarity(size, having) for size, having in zip(self._sizes, counts, strict=True)]

    def rarity_of(self, field: str, terms: Sequence[str]) -> float:
        """How rare the engine would take these terms, as one phrase, in one undivided index."""
        return sum(rarity(self.record_count, self.of(field, term)) for term in terms)

    def factors(self, field: str, terms: Sequence[str]) -> list[float]:
        """For each shard, what the score of these terms, as one phrase, must be raised by."""
        if len(self._shards) == 1:
            return [1.0]
        whole = self.rarity_of(field, terms)
        shards = zip(*(self.rarities(field, term) for term in terms), strict=True)
        return [whole / here if here > 0 else 1.0 for here in map(sum, shards)]

    def _counts(self, field: str, term: str) -> list[int]:
        known = self._known.get((field, term))
        if known is None:
            known = [shard.record_frequency(field, term) for shard in self._shards]
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[field, term] = known
        return known


def rarity(records: int, having: int) -> float:
    """BM25's inverse document frequency, as the engine computes it."""
    return math.log1p((records - having + 0.5) / (having + 0.5))
