"""Here is a corpus, give me what a report must say of it: what was searched, how fresh it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import tantivy

from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """What was searched, when, and by what."""

    name: str  # of the corpus's folder
    records: int  # patents
    first_published: date | None  # None where no record has a date
    last_published: date | None
    offices: tuple[tuple[str, int], ...]  # with their records, the most first
    sources: tuple[tuple[str, int], ...]
    last_ingested: date | None  # UTC
    version: str  # of this library
    searched: date


def corpus_facts(layout: Layout, state: KindState, version: str, searched: date) -> CorpusFacts:
    """Gather the facts of one state of a corpus."""
    return CorpusFacts(
        name=layout.root.resolve().name,
        records=state.record_count,
        first_published=_published(state, ascending=True),
        last_published=_published(state, ascending=False),
        offices=_counted(state, "office:"),
        sources=_counted(state, "src:"),
        last_ingested=_last_ingested(layout),
        version=version,
        searched=searched,
    )


def _published(state: KindState, *, ascending: bool) -> date | None:
    """Give the earliest or the latest day on which a record was published."""
    query = tantivy.Query.exists_query("pd")
    days = [
        int(found.score)
        for shard in state.shards
        for found in shard.search(query, 1, order_by="pd", ascending=ascending)
    ]
    if not days:
        return None
    day = min(days) if ascending else max(days)
    return date(day // 10_000, day // 100 % 100, day % 100)


def _counted(state: KindState, prefix: str) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for shard in state.shards:
        for term, records in shard.term_counts(tantivy.Query.all_query(), prefix):
            counts[term.removeprefix(prefix)] += records
    return tuple(sorted(((v, n) for v, n in counts.items() if n), key=lambda c: (-c[1], c[0])))


def _last_ingested(layout: Layout) -> date | None:
    """Give the day on which files were last brought in: removals and upkeep bring none."""
    catalog = Catalog(layout.catalog, read_only=True)
    try:
        ended = [
            entry["finished"]
            for entry in catalog.ingestions()
            if entry["finished"] and "delivered" in (entry["summary"] or {})
        ]
    finally:
        catalog.close()
    return date.fromisoformat(max(ended)[:10]) if ended else None
