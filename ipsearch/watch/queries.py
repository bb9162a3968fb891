"""Here is a query and what came in, give me what matches it, with the passages that do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ipsearch.search import Compiler, Filters, parse
from ipsearch.search.execute import Place, show
from ipsearch.search.matches import Question, addresses_of
from ipsearch.watch.alerts import Finding, Reason
from ipsearch.watch.findings import make_finding, read_rows
from ipsearch.watch.lists import TopicWatch
from ipsearch.watch.since import since

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_AT_ONCE = 200


def look(state: KindState, compiler: Compiler, watch: TopicWatch, seq: int) -> Iterator[Finding]:
    """Give what matches a query and was changed after ingestion `seq`; raise `QueryError`."""
    compiled = compiler.compile(parse(watch.expression, state.kind))
    question = Question(state, compiled, Filters(since(state.kind, seq)))
    found = addresses_of(state, question.whole())
    places = [
        Place(0.0, shard.number, address)
        for shard, addresses in zip(state.shards, found, strict=True)
        for address in addresses.tolist()
    ]
    reason = Reason("query", None, "matches the query", watch.expression)
    for begin in range(0, len(places), _AT_ONCE):
        some = places[begin : begin + _AT_ONCE]
        rows = read_rows(state, [(place.shard, place.address) for place in some])
        hits: list[Any] = show(state, some, compiled.needles)
        for row, hit in zip(rows, hits, strict=True):
            marks = [asdict(mark) for mark in hit.highlights]
            yield make_finding(row, state.kind, "found", None, [reason], marks)
