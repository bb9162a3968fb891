"""Here is a question, give me hits: one query over all shards of a kind, merged."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy

from ipsearch.index import Found, Shard
from ipsearch.records import Kind
from ipsearch.search.compile import Compiled, Needle
from ipsearch.search.highlight import Highlight, highlight
from ipsearch.search.hits import COLUMNS, Results, make_hit

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState


class Place(NamedTuple):
    """One record found, and where it is kept."""

    score: float
    shard: int
    address: int


# How each field of the index is read back from a record, to be marked.
_TEXTS: dict[Kind, dict[str, Callable[[Mapping[str, Any]], list[str]]]] = {
    "patent": {
        "ti": lambda row: _inner(row, "titles", "text"),
        "ab": lambda row: _inner(row, "abstracts", "text"),
        "cl": lambda row: _inner(row, "claims", "text"),
        "de": lambda row: _inner(row, "description", "text"),
        "pa": lambda row: _inner(row, "applicants", "name"),
        "ow": lambda row: _inner(row, "owners", "name"),
        "in": lambda row: _inner(row, "inventors", "name"),
        "ag": lambda row: _inner(row, "agents", "name") + _inner(row, "agents", "organization"),
    },
    "trademark": {
        "tm": lambda row: [
            row[name] for name in ("mark_text", "transliteration", "translation") if row.get(name)
        ],
        "gs": lambda row: [g for c in row.get("classes") or () for g in c["goods"] or ()],
        "ow": lambda row: _inner(row, "owners", "name"),
        "ag": lambda row: _inner(row, "agents", "name") + _inner(row, "agents", "organization"),
        "md": lambda row: [
            row[name] for name in ("mark_description", "disclaimer") if row.get(name)
        ],
    },
}
# And which leaves of its columns that takes: a struct's other members are not decoded.
_TEXT_COLUMNS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "patent": {
        "ti": ("titles.list.element.text",),
        "ab": ("abstracts.list.element.text",),
        "cl": ("claims.list.element.text",),
        "de": ("description.list.element.text",),
        "pa": ("applicants.list.element.name",),
        "ow": ("owners.list.element.name",),
        "in": ("inventors.list.element.name",),
        "ag": ("agents.list.element.name", "agents.list.element.organization"),
    },
    "trademark": {
        "tm": ("mark_text", "transliteration", "translation"),
        "gs": ("classes.list.element.goods",),
        "ow": ("owners.list.element.name",),
        "ag": ("agents.list.element.name", "agents.list.element.organization"),
        "md": ("mark_description", "disclaimer"),
    },
}


def _inner(row: Mapping[str, Any], column: str, name: str) -> list[str]:
    return [item[name] for item in row.get(column) or () if item[name]]


def fan_out(
    state: KindState,
    search: Callable[[Shard, tantivy.Query], tuple[list[Found], int]],
    queries: Sequence[tantivy.Query],
    limit: int,
    *,
    ascending: bool = False,
) -> tuple[list[Place], int]:
    """Search each shard with its query, in threads where there are several shards.

    Gives the best of all and the sum.
    """
    asked = list(zip(state.shards, queries, strict=True))
    answers = state.each(lambda pair: search(*pair), asked)
    total = sum(count for _, count in answers)
    places = (
        Place(found.score, shard.number, found.address)
        for shard, (hits, _) in zip(state.shards, answers, strict=True)
        for found in hits
    )
    sign = 1 if ascending else -1
    best = heapq.nsmallest(limit, places, key=lambda p: (sign * p.score, p.shard, p.address))
    return best, total


def run(
    state: KindState,
    compiled: Compiled,
    *,
    limit: int,
    offset: int = 0,
    filters: Sequence[tantivy.Query] = (),
) -> Results:
    """Search and read what a list of hits shows: `limit` of them after the first `offset`."""
    begin = time.perf_counter()
    queries = [with_filters(query, filters) for query in compiled.queries]
    most = offset + limit
    places, total = fan_out(state, lambda shard, query: shard.search(query, most), queries, most)
    places = places[offset:]
    hits = show(state, places, compiled.needles, first_rank=offset + 1)
    elapsed_s = time.perf_counter() - begin
    return Results(state.kind, tuple(hits), total, elapsed_s, tuple(compiled.warnings))


def with_filters(query: tantivy.Query, filters: Sequence[tantivy.Query]) -> tantivy.Query:
    """Add clauses that must match and count nothing for the score."""
    if not filters:
        return query
    must = tantivy.Occur.Must
    rest = [(must, tantivy.Query.const_score_query(clause, 0.0)) for clause in filters]
    return tantivy.Query.boolean_query([(must, query), *rest])


_LONG = ("cl", "de")
"""Texts that are read to be marked only where nothing shorter was: they are most of a record."""


def show(
    state: KindState, places: Sequence[Place], needles: Sequence[Needle], *, first_rank: int = 1
) -> list[Any]:
    """Read the records at `places` and make hits of them, what matched marked."""
    kind = state.kind
    fields = [name for name in _TEXTS[kind] if any(name in needle.fields for needle in needles)]
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
    if not places:
        return []
    wanted = dict.fromkeys(columns)
    for name in fields:
        wanted |= dict.fromkeys(_TEXT_COLUMNS[state.kind][name])
    return state.rows([(place.shard, place.address) for place in places], list(wanted))


def _mark(
    kind: Kind, row: Mapping[str, Any], fields: Sequence[str], needles: Sequence[Needle]
) -> list[Highlight]:
    found = (highlight(name, _TEXTS[kind][name](row), needles) for name in fields)
    return [mark for mark in found if mark]


def as_point(day: date) -> int:
    """Give a day as the integer that the index keeps."""
    return day.year * 10_000 + day.month * 100 + day.day
