"""Here is a state of a corpus, how many of its records lack a date?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import tantivy

from ipsearch.search.execute import count

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_known: WeakKeyDictionary[KindState, dict[tuple[str, ...], int]] = WeakKeyDictionary()


def without_dates(state: KindState, *names: str) -> int:
    """Count the records that have none of some dates, by the index's fields; once a state."""
    counts = _known.setdefault(state, {})
    if names not in counts:
        clauses = [(tantivy.Occur.Must, tantivy.Query.all_query())]
        clauses += [(tantivy.Occur.MustNot, tantivy.Query.exists_query(name)) for name in names]
        query = tantivy.Query.boolean_query(clauses)
        counts[names] = count(state, [query] * len(state.shards))
    return counts[names]
