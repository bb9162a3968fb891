"""Here is a question, give me hits: one query over all shards of a kind, merged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy

from ipsearch.index import Found, Shard, Span, engine_schema, narrowed
from ipsearch.records import Kind
from ipsearch.search.compiled import Needle
from ipsearch.search.highlight import Highlight, highlight
from ipsearch.search.hits import COLUMNS, make_hit
from ipsearch.search.record_texts import TEXT_COLUMNS, TEXTS

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState


class Place(NamedTuple):
    """One record found, and where it is kept."""

    score: float
    shard: int
    address: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a result without counting for its scores."""

    clauses: tuple[tantivy.Query, ...] = ()
    spans: tuple[Span, ...] = ()


NO_FILTERS = Filters()


def fan_out(
    state: KindState, queries: Sequence[tantivy.Query], limit: int, filters: Filters = NO_FILTERS
) -> list[Place]:
    """Search each shard with its query, in threads where there are several shards.

    Gives the best of all, best first.
    """

    def search(asked: tuple[Shard, tantivy.Query]) -> list[Found]:
        shard, query = asked
        return shard.search(narrowed(query, filters.clauses), limit, within=filters.spans)

    answers = state.each(search, list(zip(state.shards, queries, strict=True)))
    places = (
        Place(found.score, shard.number, found.address)
        for shard, hits in zip(state.shards, answers, strict=True)
        for found in hits
    )
    return sorted(places, key=_best_first)[:limit]


def divided(
    state: KindState,
    queries: Sequence[tantivy.Query],
    most: int,
    lists: Sequence[Sequence[Span]],
) -> list[tuple[list[Place], bool]]:
    """Search once for several lists of different spans; look at the best `most` of each shard.

    Gives of each list the best records, as `fan_out` would, as far as it is sure that none is
    missing between them, and whether these are all.
    """

    def search(asked: tuple[Shard, tantivy.Query]) -> tuple[list[list[Found]], float]:
        shard, query = asked
        return shard.divided(query, most, lists)

    answers = state.each(search, list(zip(state.shards, queries, strict=True)))
    least = max(above for _, above in answers)
    result = []
    for number in range(len(lists)):
        places = (
            Place(found.score, shard.number, found.address)
            for shard, (found_by_list, _) in zip(state.shards, answers, strict=True)
            for found in found_by_list[number]
            if found.score > least
        )
        result.append((sorted(places, key=_best_first), least == -math.inf))
    return result


def by_engine(state: KindState, filters: Filters) -> Filters:
    """Give filters of which the engine sees the spans too: dearer, but not where few are within."""
    schema = engine_schema(state.kind)
    return Filters((*filters.clauses, *(span.query(schema) for span in filters.spans)))


def _best_first(place: Place) -> tuple[float, int, int]:
    return -place.score, place.shard, place.address


def rows_at(
    state: KindState, places: Sequence[Place], columns: Sequence[str]
) -> list[dict[str, Any]]:
    """Read columns of the records at `places`, in their order."""
    if not places:
        return []
    return state.rows([(place.shard, place.address) for place in places], list(columns))


def count(state: KindState, queries: Sequence[tantivy.Query], filters: Filters = NO_FILTERS) -> int:
    """Count the records that match, over all shards."""
    clauses = by_engine(state, filters).clauses

    def one(asked: tuple[Shard, tantivy.Query]) -> int:
        shard, query = asked
        return shard.count(narrowed(query, clauses))

    return sum(state.each(one, list(zip(state.shards, queries, strict=True))))


_LONG = ("cl", "de")
"""Texts that are read to be marked only where nothing shorter was: they are most of a record."""


def show(
    state: KindState, places: Sequence[Place], needles: Sequence[Needle], *, first_rank: int = 1
) -> list[Any]:
    """Read the records at `places` and make hits of them, what matched marked."""
    kind = state.kind
    fields = [name for name in TEXTS[kind] if any(name in needle.fields for needle in needles)]
    short = [name for name in fields if name not in _LONG]
    rows = _read(state, places, COLUMNS[kind], short)
    marked = [_mark(kind, row, short, needles) for row in rows]
    for name in (name for name in fields if name in _LONG):
        unmarked = [i for i, marks in enumerate(marked) if not marks]
        texts = _read(state, [places[i] for i in unmarked], (), [name])
        for i, row in zip(unmarked, texts, strict=True):
            marked[i] = _mark(kind, row, [name], needles)
    return [
        make_hit(kind, rank, place.score, row, marks)
        for rank, (place, row, marks) in enumerate(
            zip(places, rows, marked, strict=True), start=first_rank
        )
    ]


def _read(
    state: KindState, places: Sequence[Place], columns: Sequence[str], fields: Sequence[str]
) -> list[dict[str, Any]]:
    wanted = dict.fromkeys(columns)
    for name in fields:
        wanted |= dict.fromkeys(TEXT_COLUMNS[state.kind][name])
    return rows_at(state, places, list(wanted))


def _mark(
    kind: Kind, row: Mapping[str, Any], fields: Sequence[str], needles: Sequence[Needle]
) -> list[Highlight]:
    found = (highlight(name, TEXTS[kind][name](row), needles) for name in fields)
    return [mark for mark in found if mark]


def as_point(day: date) -> int:
    """Give a day as the integer that the index keeps."""
    return day.year * 10_000 + day.month * 100 + day.day
