"""How each task is put to the library: the one place that knows what it offers.

What is measured: nothing here; `ask` measures.
Corpus model: none.
Notes: a task goes through `Corpus.query` and `Corpus.novelty`, as a user's does. `unread` leaves
    the last step out, the reading of the records to be shown: what is left is the search, which
    gives the addresses and scores of the first hits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

from benchmarks.tasks import Task
from ipsearch.library import Corpus
from ipsearch.novelty import Settings

_SHOW = "ipsearch.search.execute.show"
"""What reads the records found and makes hits of them."""
_ROWS = "ipsearch.novelty.search.rows_at"
"""The same of a novelty search."""


def not_offered(corpus: Corpus) -> dict[str, str]:
    """Give the categories that cannot be asked of `corpus`, with the reason."""
    if hasattr(corpus, "facets"):
        return {}
    return {"facets": "the library has no facets"}


@contextmanager
def unread() -> Iterator[None]:
    """Let searches find and rank, but read no record."""
    with patch(_SHOW, lambda *_, **__: []), patch(_ROWS, _empty_rows):
        yield


def _empty_rows(_: Any, places: Sequence[Any], __: Sequence[str]) -> list[defaultdict[str, Any]]:
    """Give rows without values, each of a family of its own."""
    return [defaultdict(lambda: None, application_key=place) for place in places]


def put(corpus: Corpus, task: Task) -> int:
    """Ask as a user does; returns how many hits there are, or of some categories how many match."""
    if task.category == "facets":
        corpus.facets(task.expression)  # type: ignore[attr-defined]
        return 0
    if not task.expression:
        before = date.fromisoformat(task.before) if task.before else None
        text = "，".join(task.terms)
        settings = Settings(second_stage=0)
        return len(corpus.novelty(text, before=before, limit=task.limit, settings=settings))
    results = corpus.query(
        task.expression, limit=task.limit, offset=task.offset, **_filters(task.filters)
    )
    return results.total if task.category in ("count", "professional_count") else len(results)


def _filters(values: dict[str, Any]) -> dict[str, Any]:
    dates = ("published_from", "published_to")
    return {
        name: date.fromisoformat(value) if name in dates else value
        for name, value in values.items()
    }
