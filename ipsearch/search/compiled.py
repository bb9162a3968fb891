"""What a query's tree becomes: the engine's queries, and what of it is to be marked in texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import tantivy

from ipsearch.search.doubts import Finder

MUST, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.MustNot


@dataclass(frozen=True, slots=True)
class Needle:
    """A folded text to be marked in what is shown, in some fields of the index."""

    text: str
    fields: tuple[str, ...]
    is_word: bool  # a whole run of letters only
    sought: Finder | None = None  # says itself where it stands, instead of `text`


@dataclass(slots=True)
class Compiled:
    """A query, ready for the shards."""

    queries: list[tantivy.Query]  # one a shard: they match the same, and scores agree
    wider: Callable[[], list[tantivy.Query]] | None = None
    """Where there is one, it gives what all that is found matches, one a shard: what `queries`
    match is a part of that which comes before the rest, and is found sooner."""
    behind: Callable[[], list[tantivy.Query]] | None = None
    """Gives what `wider` matches and `queries` do not, where that is known more simply."""
    is_common: bool = False
    """A text whose terms all stand in very many records: to be ranked among the first of these."""
    needles: list[Needle] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)  # what a searcher should know of it

    def whole(self) -> list[tantivy.Query]:
        """Give the queries, one a shard, that match all that is found."""
        return self.wider() if self.wider is not None else self.queries

    def rest(self) -> list[tantivy.Query]:
        """Give the queries, one a shard, that match what is found and not by `queries`."""
        if self.behind is not None:
            return self.behind()
        return [
            tantivy.Query.boolean_query([(MUST, query), (MUST_NOT, ahead)])
            for query, ahead in zip(self.whole(), self.queries, strict=True)
        ]
