"""Here are a sign and the goods it is for, give me the marks that are worth an exact comparison.

Every mark is filed under the keys of its sign. A mark is the likelier a candidate the more the keys
weigh that it shares with the sign asked for: the engine adds them up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import tantivy

from ipsearch.index import Span, any_of, fact_query
from ipsearch.index.facts import WITHOUT_CLASS
from ipsearch.marks import goods_table
from ipsearch.marks.goods import Goods
from ipsearch.records import LIVENESS, Kind
from ipsearch.search.execute import Filters, Place, fan_out

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_KIND: Kind = "trademark"


def find_candidates(
    state: KindState,
    keys: Sequence[tuple[str, float]],
    limit: int,
    *,
    goods: Goods,
    without_ended: bool,
    after: int = 0,
) -> list[Place]:
    """Give the places of the `limit` marks that share most with `keys`, terms with their weights.

    Left out are marks whose goods can be of no concern to `goods`; those whose status says
    that they have ended, with `without_ended`; and what no ingestion later than number `after`
    changed.
    """
    should, must_not = tantivy.Occur.Should, tantivy.Occur.MustNot
    clauses = [
        (should, tantivy.Query.const_score_query(fact_query(_KIND, "sn", key), weight))
        for key, weight in keys
    ]
    if without_ended:
        clauses.append((must_not, _any("ls", LIVENESS["dead"])))
    query = tantivy.Query.boolean_query(clauses)
    spans = (Span("seq", after + 1, None),) if after else ()
    filters = Filters(tuple(_of_concern(goods)), spans)
    return fan_out(state, [query] * len(state.shards), limit, filters)


def classes_of_concern(goods: Goods) -> frozenset[int]:
    """Give the classes whose marks may be for similar goods."""
    related = goods_table.related_classes()
    groups = {place.group for place in goods.places}
    groups |= {code for code in related if int(code[:2]) in goods.open_classes}
    return goods.classes.union(*(related.get(code, ()) for code in groups))


def _of_concern(goods: Goods) -> Iterator[tantivy.Query]:
    """Give what marks must have for their goods to be of concern at all."""
    if not goods:
        return
    in_classes = _any("nc", map(str, sorted(classes_of_concern(goods))))
    yield any_of([in_classes, fact_query(_KIND, "sn", WITHOUT_CLASS)])


def _any(field: str, values: Iterable[str]) -> tantivy.Query:
    return any_of([fact_query(_KIND, field, value) for value in values])
