"""Here is a question, give me a page of hits: in any order, one a record or one a group."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ipsearch.search import execute
from ipsearch.search.collapse import Group, count_groups, page_of_groups, read_grouping
from ipsearch.search.hits import Results
from ipsearch.search.matches import Question
from ipsearch.search.memory import searched
from ipsearch.search.ordering import page, read_order


def ask(
    question: Question,
    *,
    limit: int,
    offset: int = 0,
    order_by: str = "relevance",
    one_per: str | None = None,
) -> Results:
    """Search and read what a list of hits shows: `limit` of them after the first `offset`.

    Raises `QueryError` for an order or a grouping that is not there.
    """
    begin = time.perf_counter()
    state = question.state
    order = read_order(order_by, state.kind)
    by = read_grouping(one_per, state.kind) if one_per is not None else None
    groups: list[Group] = []
    if by is None:
        places = page(question, order, offset, limit)
    else:
        groups = page_of_groups(question, order, by, offset, limit)
        places = [group.place for group in groups]
    hits = execute.show(state, places, question.compiled.needles, first_rank=offset + 1)
    for i, (hit, group) in enumerate(zip(hits, groups, strict=False)):
        hits[i] = replace(hit, members=group.members)

    def counting() -> int:
        began = time.perf_counter()
        total = question.count() if by is None else count_groups(question, by)
        searched(time.perf_counter() - began)
        return total

    def reading(columns: Sequence[str]) -> list[dict[str, Any]]:
        return execute.rows_at(state, places, columns)

    elapsed_s = time.perf_counter() - begin
    searched(elapsed_s)
    warnings = question.compiled.warnings
    return Results(state.kind, tuple(hits), counting, elapsed_s, warnings, reading)
