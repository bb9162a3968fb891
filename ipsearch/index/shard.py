"""The reading side of one shard's index: a searcher that keeps its view."""

from __future__ import annotations

import json
import math
import os
import weakref
from collections.abc import Sequence
from itertools import compress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import tantivy

from ipsearch.index.faults import EngineFaults
from ipsearch.index.folder import folder_of_links, remove_folder
from ipsearch.index.schema import ADDRESS, ENGINE, FACTS, register_tokenizers


class Found(NamedTuple):
    """One record that a shard found."""

    score: float  # BM25, or the value of the field that orders the result
    address: int  # part << 32 | row


class Span(NamedTuple):
    """A field of integers and the values that it may have; None is without end."""

    field: str
    low: int | None
    high: int | None
    otherwise: str | None = None
    """The field that counts where a record has no value in the first."""

    def hold(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Say which of some values are within; what is not a number is not."""
        are_in = ~np.isnan(values)
        if self.low is not None:
            are_in &= values >= self.low
        if self.high is not None:
            are_in &= values <= self.high
        return are_in

    def query(self, schema: tantivy.Schema) -> tantivy.Query:
        """Give the query for the records within."""
        integer, of = tantivy.FieldType.Integer, tantivy.Query.range_query
        within = of(schema, self.field, integer, self.low, self.high, True, True)
        if self.otherwise is None:
            return within
        other = of(schema, self.otherwise, integer, self.low, self.high, True, True)
        without = (tantivy.Occur.MustNot, tantivy.Query.exists_query(self.field))
        other = tantivy.Query.boolean_query([(tantivy.Occur.Must, other), without])
        should = tantivy.Occur.Should
        return tantivy.Query.boolean_query([(should, within), (should, other)])


_OVERFETCHED = 6  # times what is wanted, for each span: enough where it holds a fourth of them
_MOST_OVERFETCHED = 20_000


def narrowed(query: tantivy.Query, filters: Sequence[tantivy.Query]) -> tantivy.Query:
    """Add clauses that must match and count nothing for the score."""
    if not filters:
        return query
    must = tantivy.Occur.Must
    rest = [(must, tantivy.Query.const_score_query(clause, 0.0)) for clause in filters]
    return tantivy.Query.boolean_query([(must, query), *rest])


class Shard:
    """One generation of one shard, opened. Searching it lets go of Python's lock."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number, self.folder = number, folder
        self._faults = EngineFaults(folder)
        engine = folder / ENGINE
        if not os.access(engine, os.W_OK):
            engine = folder_of_links(engine)
            weakref.finalize(self, remove_folder, engine)
        with self._faults:
            index = tantivy.Index.open(str(engine))
            register_tokenizers(index)
            # Not kept: an open index is watched by a thread, which opens all segments once more.
            self._searcher, self._schema = index.searcher(), index.schema

    @property
    def record_count(self) -> int:
        """How many records it holds."""
        return int(self._searcher.num_docs)

    @property
    def document_count(self) -> int:
        """How many documents the engine counts with: replaced ones too, until they are merged."""
        meta = json.loads((self.folder / ENGINE / "meta.json").read_bytes())
        return sum(int(segment["max_doc"]) for segment in meta["segments"])

    @property
    def segment_count(self) -> int:
        """In how many pieces the engine keeps them: more are slower to search."""
        return int(self._searcher.num_segments)

    def search(
        self,
        query: tantivy.Query,
        limit: int,
        *,
        within: Sequence[Span] = (),
        order_by: str | None = None,
        ascending: bool = False,
    ) -> list[Found]:
        """Give the best `limit` records, those alone whose integers are within the spans.

        Most spans are broad, and a broad one is dear to the engine beside a union of many terms:
        so more hits than wanted are looked at first, and only if too few of them are within the
        spans is the engine told of these.
        """
        if limit < 1:
            return []
        if within:
            more = min(_OVERFETCHED ** len(within) * limit, _MOST_OVERFETCHED)
            hits = self._hits(query, more, order_by, ascending)
            kept = self._within(hits, within)
            if len(kept) >= limit or len(hits) < more:
                return self._found(kept[:limit])
            query = narrowed(query, [span.query(self._schema) for span in within])
        return self._found(self._hits(query, limit, order_by, ascending))

    def divided(
        self, query: tantivy.Query, most: int, lists: Sequence[Sequence[Span]]
    ) -> tuple[list[list[Found]], float]:
        """Give, of the best `most` records, those within each of several lists of spans.

        Beside them the score above which nothing is missing from any: that of the last record
        looked at, minus infinity if there are no more.
        """
        hits = self._hits(query, most, None, False)
        answers = [self._found(self._within(hits, spans)) for spans in lists]
        return answers, float(hits[-1][0]) if len(hits) == most else -math.inf

    def count(self, query: tantivy.Query) -> int:
        """Count the records that a query matches."""
        with self._faults:
            result = self._searcher.search(query, 1, count=True)
        return int(result.count)  # type: ignore[attr-defined]  # missing in its stub

    def addresses(self, query: tantivy.Query, low: int, limit: int) -> npt.NDArray[np.uint64]:
        """Give the first `limit` addresses, from `low` on and ascending, of what matches."""
        if low:
            query = narrowed(query, [self.between(low, None)])
        hits = self._hits(query, limit, ADDRESS, True)
        return np.fromiter((address for address, _ in hits), np.uint64, len(hits))

    def between(self, low: int, high: int | None) -> tantivy.Query:
        """Give the query for the addresses from `low` to `high`, both included."""
        unsigned = tantivy.FieldType.Unsigned
        return tantivy.Query.range_query(self._schema, ADDRESS, unsigned, low, high)

    def term_counts(self, query: tantivy.Query, prefix: str) -> list[tuple[str, int]]:
        """Count, for each fact that begins with `prefix`, the records with it that match."""
        with self._faults:
            return self._searcher.terms_with_prefix(FACTS, prefix, query)

    def year_counts(self, query: tantivy.Query, field: str) -> dict[int, int]:
        """Count the records that match by the year of a field of dates."""
        years = {"histogram": {"field": field, "interval": 10_000, "min_doc_count": 1}}
        with self._faults:
            answer = self._searcher.aggregate(query, {"years": years})
        buckets = answer["years"]["buckets"]
        return {int(bucket["key"]) // 10_000: int(bucket["doc_count"]) for bucket in buckets}

    def _hits(
        self, query: tantivy.Query, limit: int, order_by: str | None, ascending: bool
    ) -> list[Any]:
        order = tantivy.Order.Asc if ascending else tantivy.Order.Desc
        with self._faults:
            result = self._searcher.search(
                query, limit, count=False, order_by_field=order_by, order=order
            )
        return result.hits

    def _within(self, hits: Sequence[Any], spans: Sequence[Span]) -> list[Any]:
        """Keep the hits whose integers are within all the spans."""
        places = [place for _, place in hits]
        are_in = np.ones(len(places), np.bool_)
        for span in spans:
            values = self._numbers(span.field, places)
            if span.otherwise is not None:
                others = self._numbers(span.otherwise, places)
                values = np.where(np.isnan(values), others, values)
            are_in &= span.hold(values)
        return list(compress(hits, are_in))

    def _numbers(self, field: str, places: list[Any]) -> npt.NDArray[np.float64]:
        """Give a field's integers, not a number where a record has none."""
        return np.array(self._values(field, places), np.float64)

    def _values(self, field: str, places: list[Any]) -> list[Any]:
        with self._faults:
            return self._searcher.fast_field_values(field, places) if places else []

    def _found(self, hits: Sequence[Any]) -> list[Found]:
        addresses = self._values(ADDRESS, [place for _, place in hits])
        return [
            Found(float(score) if score is not None else 0.0, int(address or 0))
            for (score, _), address in zip(hits, addresses, strict=True)
        ]

    def record_frequency(self, field: str, term: str) -> int:
        """In how many records of the shard a term stands; replaced ones may count until a merge."""
        with self._faults:
            return int(self._searcher.doc_freq(field, term))
