"""Here is a question, give me a page of what it finds, in an order that has one place for each hit.

An order is made of *tiers*, one after the other: what has a value before what has none, what stands
by itself before what stands within longer words. Within a tier the engine orders; where two are
equal, the shard and the engine's own order decide, which do not depend on how much is asked for.
Beyond the first `SHALLOW` hits all that is left is ordered as arrays: the engine would hold an
object for each.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import tantivy

from ipsearch.errors import QueryError
from ipsearch.index import ADDRESS, Found, Shard, narrowed
from ipsearch.records import Kind
from ipsearch.search.execute import Place
from ipsearch.search.fields import FIELDS, find_field, is_field
from ipsearch.search.matches import Addresses, Question, addresses_of, pieces

if TYPE_CHECKING:
    import pyarrow as pa

SHALLOW = 20_000
"""Hits that the engine itself orders; what comes after them is ordered as arrays."""

_SHARE = 16
_AT_ONCE = 100_000  # values that the engine is asked for at once


class Order(NamedTuple):
    """In what order the hits come."""

    field: str = ""  # of integers in the index
    column: str = ""  # of the record, where the engine cannot order by it: see `_COLUMNS`
    is_ascending: bool = False


RELEVANCE = Order()

_COLUMNS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "patent": {
        "id": ("id",),
        "ti": ("titles.text",),
        "pa": ("applicants.name", "owners.name"),
        "ow": ("owners.name",),
        "in": ("inventors.name",),
        "office": ("office",),
        "kind": ("kind_code",),
        "type": ("patent_type",),
        "ls": ("legal_status",),
        "ipc": ("ipc",),
    },
    "trademark": {
        "id": ("id",),
        "tm": ("mark_text",),
        "ow": ("owners.name",),
        "office": ("office",),
        "ls": ("legal_status",),
    },
}
"""Fields by which columns of the records are ordered: the first value of the first that has one."""


def read_order(text: str, kind: Kind) -> Order:
    """Read `relevance`, or a field's name or alias; a minus before it turns the order around.

    Raises `QueryError`, naming what can be ordered by.
    """
    name = text.strip()
    is_ascending = not name.startswith("-")
    name = name.removeprefix("-").strip()
    if is_ascending and name.casefold() in ("relevance", "相关度"):
        return RELEVANCE
    if name == "id":
        return Order(column="id", is_ascending=is_ascending)
    if is_field(name, kind):
        field = find_field(name, kind)
        if field.nature in ("date", "integer"):
            return Order(field=field.indexed[0], is_ascending=is_ascending)
        if field.name in _COLUMNS[kind]:
            return Order(column=field.name, is_ascending=is_ascending)
    dates = (field.name for field in FIELDS[kind] if field.nature in ("date", "integer"))
    known = " ".join(["relevance", *dates, *_COLUMNS[kind]])
    raise QueryError(f"cannot sort by {text!r}; there are: {known}, and with - before it")


def page(question: Question, order: Order, offset: int, limit: int) -> list[Place]:
    """Give `limit` places after the first `offset`.

    Pages of one size, one after the other, give each hit exactly once. A deep page takes 32 bytes
    for all that is found; ordering by a column, besides, all values of that column.
    """
    most = offset + limit
    if not order.column:
        tiers = _tiers(question, order)
        if most <= SHALLOW:
            return _shallow(question, tiers, most)[offset:]
        first = _shallow(question, tiers, SHALLOW)
        if len(first) < SHALLOW:
            return first[offset:]
    shards, addresses, scores = all_places(question, order)
    numbers = [shard.number for shard in question.state.shards]
    return [
        Place(score, numbers[shard], address)
        for shard, address, score in zip(
            shards[offset:most].tolist(),
            addresses[offset:most].tolist(),
            scores[offset:most].tolist(),
            strict=True,
        )
    ]


Places = tuple[npt.NDArray[np.int32], Addresses, npt.NDArray[np.float64]]
"""Of each hit its shard, by its place in `state.shards`; its address; its score."""


def all_places(question: Question, order: Order) -> Places:
    """Give the places of all that is found, in order."""
    if order.column:
        return _by_column(question, order)
    tiers = _tiers(question, order)
    first = _shallow(question, tiers, SHALLOW)
    shards, addresses, scores = _places(question, first)
    if len(first) < SHALLOW:
        return shards, addresses, scores
    known = [np.sort(addresses[shards == i]) for i in range(len(question.state.shards))]
    columns = [(shards, addresses, scores)]
    for tier in tiers:
        columns.append(_deep(question, tier, known))
    joined = [np.concatenate(column) for column in zip(*columns, strict=True)]
    return joined[0], joined[1], joined[2]


class _Tier(NamedTuple):
    queries: Sequence[tantivy.Query]  # one a shard
    field: str | None = None  # None: by score
    is_ascending: bool = False


def _tiers(question: Question, order: Order) -> list[_Tier]:
    whole = question.compiled.whole
    if order.field:
        has_value = tantivy.Query.exists_query(order.field)
        return [
            _Tier([narrowed(q, [has_value]) for q in whole()], order.field, order.is_ascending),
            _Tier([_without(query, has_value) for query in whole()], ADDRESS, True),
        ]
    ahead = question.compiled.queries
    if question.compiled.wider is None:
        return [_Tier(ahead)]
    rest = _Lazily(question.compiled.rest, len(ahead))
    portions = _portions(question) if question.compiled.is_common else []
    if not portions:
        return [_Tier(ahead), _Tier(rest)]
    return [
        _Tier(_Lazily(partial(_each_narrowed, queries, portion), len(ahead)))
        for queries in (ahead, rest)
        for portion in portions
    ]


def _portions(question: Question) -> list[list[tantivy.Query]]:
    """Divide the records among those looked at first and the rest, for a text that is very common.

    Ranking a million records by how often each has the same phrase tells nobody anything, and takes
    as long as reading them: the first sixteenth comes first. None where there are too few.
    """
    shards = question.state.shards
    edges = [question.state.first_address_after(shard.number, _SHARE) for shard in shards]
    known = [edge for edge in edges if edge is not None]
    if len(known) < len(shards):
        return []
    pairs = list(zip(shards, known, strict=True))
    return [
        [shard.between(0, edge - 1) for shard, edge in pairs],
        [shard.between(edge, None) for shard, edge in pairs],
    ]


def _each_narrowed(
    queries: Sequence[tantivy.Query], clauses: Sequence[tantivy.Query]
) -> list[tantivy.Query]:
    return [narrowed(query, [clause]) for query, clause in zip(queries, clauses, strict=True)]


class _Lazily(Sequence[tantivy.Query]):
    """Queries that are compiled when first asked for: a page may be full before that."""

    def __init__(self, compiling: Callable[[], list[tantivy.Query]], length: int) -> None:
        self._compiling, self._length = compiling, length
        self._queries: list[tantivy.Query] | None = None

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: Any) -> Any:
        if self._queries is None:
            self._queries = self._compiling()
        return self._queries[index]


def _without(query: tantivy.Query, other: tantivy.Query) -> tantivy.Query:
    must, must_not = tantivy.Occur.Must, tantivy.Occur.MustNot
    return tantivy.Query.boolean_query([(must, query), (must_not, other)])


def _shallow(question: Question, tiers: Sequence[_Tier], most: int) -> list[Place]:
    """Let the engine order the first `most`."""
    places: list[Place] = []
    for tier in tiers:
        if len(places) < most:
            places += _best(question, tier, most - len(places))
    return places


def _best(question: Question, tier: _Tier, limit: int) -> list[Place]:
    def search(asked: tuple[Shard, tantivy.Query]) -> list[Found]:
        shard, query = asked
        return shard.search(
            narrowed(query, question.filters.clauses),
            limit,
            within=question.filters.spans,
            order_by=tier.field,
            ascending=tier.is_ascending,
        )

    shards = question.state.shards
    answers = question.state.each(search, list(zip(shards, tier.queries, strict=True)))
    sign = 1.0 if tier.is_ascending else -1.0
    runs = (
        [(sign * hit.score, shard.number, hit) for hit in hits]
        for shard, hits in zip(shards, answers, strict=True)
    )
    # A run stays in the engine's order: of equal ones, it gives the same first however many are
    # asked for.
    merged = heapq.merge(*runs, key=lambda entry: entry[:2])
    return [
        Place(0.0 if tier.field else hit.score, number, hit.address)
        for (_, number, hit), _ in zip(merged, range(limit), strict=False)
    ]


def _places(question: Question, places: Sequence[Place]) -> Places:
    index = {shard.number: i for i, shard in enumerate(question.state.shards)}
    return (
        np.fromiter((index[place.shard] for place in places), np.int32, len(places)),
        np.fromiter((place.address for place in places), np.uint64, len(places)),
        np.fromiter((place.score for place in places), np.float64, len(places)),
    )


def _deep(question: Question, tier: _Tier, known: Sequence[Addresses]) -> Places:
    """Order what a tier has beside what is known already, ties by shard and address."""
    queries = question.narrowed(tier.queries)
    found = addresses_of(question.state, queries)
    asked = list(zip(question.state.shards, queries, found, known, strict=True))
    if tier.field == ADDRESS:  # by part first, whatever the shard
        pairs = [(a := _minus(f, k), a.astype(np.float64)) for _, _, f, k in asked]
    else:
        pairs = question.state.each(lambda one: _values(tier, *one), asked)
    sizes = [len(addresses) for addresses, _ in pairs]
    shards = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    addresses = np.concatenate([addresses for addresses, _ in pairs])
    values = np.concatenate([values for _, values in pairs])
    order = np.lexsort((addresses, shards, values if tier.is_ascending else -values))
    scores = np.zeros(len(values)) if tier.field else values
    return shards[order], addresses[order], scores[order]


def _values(
    tier: _Tier, shard: Shard, query: tantivy.Query, found: Addresses, known: Addresses
) -> tuple[Addresses, npt.NDArray[np.float64]]:
    """Give addresses, but the known ones, and their scores or values of a field."""
    addresses, values = [np.empty(0, np.uint64)], [np.empty(0, np.float64)]
    for begin in range(0, len(found), _AT_ONCE):
        some = found[begin : begin + _AT_ONCE]
        hits = shard.search(
            narrowed(query, [shard.between(int(some[0]), int(some[-1]))]),
            len(some),
            order_by=tier.field,
            ascending=tier.is_ascending,
        )
        addresses.append(np.fromiter((hit.address for hit in hits), np.uint64, len(hits)))
        values.append(np.fromiter((hit.score for hit in hits), np.float64, len(hits)))
    joined = np.concatenate(addresses)
    is_new = ~np.isin(joined, known)
    return joined[is_new], np.concatenate(values)[is_new]


def _minus(found: Addresses, known: Addresses) -> Addresses:
    return found[~np.isin(found, known)]


# by a column of the records


def _by_column(question: Question, order: Order) -> Places:
    import pyarrow as pa
    import pyarrow.compute as pc

    found = addresses_of(question.state, question.whole())
    paths = _COLUMNS[question.state.kind][order.column]
    arrays = list(first_values(question, found, paths))
    values = pa.chunked_array(arrays, pa.string()).combine_chunks()
    direction = "ascending" if order.is_ascending else "descending"
    chosen = pc.array_sort_indices(values, order=direction, null_placement="at_end").to_numpy()
    sizes = [len(addresses) for addresses in found]
    shards = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    return shards[chosen], np.concatenate(found)[chosen], np.zeros(len(chosen))


def first_values(
    question: Question, found: Sequence[Addresses], paths: Sequence[str]
) -> Iterator[pa.Array]:
    """Give the first value of each record in columns ("id", "titles.text"), null if it has none.

    Of several columns, the first that has a value counts.
    """
    import pyarrow.compute as pc

    from ipsearch.corpus.parts import leaves

    kind = question.state.kind
    for piece in pieces(question.state, found, leaves(kind, paths)):
        firsts = [_first(piece.batch, path) for path in paths]
        yield pc.coalesce(*firsts) if firsts[1:] else firsts[0]


def _first(batch: pa.RecordBatch, path: str) -> pa.Array:
    """Give the first value that is not null of each row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    name, _, inner = path.partition(".")
    column = batch.column(name)
    if not pa.types.is_list(column.type):
        return column
    rows, values = pc.list_parent_indices(column), pc.list_flatten(column)
    if inner:
        values = pc.struct_field(values, inner)
    is_there = pc.is_valid(values)
    rows, values = rows.filter(is_there), values.filter(is_there)
    numbers, at = np.unique(rows.to_numpy(), return_index=True)
    indices = np.full(len(batch), -1, np.int64)
    indices[numbers] = at
    return values.take(pa.array(indices, mask=indices < 0))
