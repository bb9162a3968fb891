"""Here is a subject, give me the nearest documents: two stages, two lists, the evidence."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import tantivy

from ipsearch.analysis import Segmenter
from ipsearch.errors import QueryError
from ipsearch.novelty import lists
from ipsearch.novelty.evidence import Chart, Charter, Passage, best_pairs
from ipsearch.novelty.results import (
    COLUMNS,
    TEXT_COLUMNS,
    Asked,
    List,
    NoveltyHit,
    NoveltyResults,
    make_hit,
)
from ipsearch.novelty.settings import Settings
from ipsearch.novelty.subject import Subject
from ipsearch.novelty.weighing import Synonyms, Weighed, count_terms, rareness, weigh
from ipsearch.search.collapse import Key, group_key
from ipsearch.search.execute import Filters, Place, count, fan_out, rows_at

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_CHARTED_PAIRS = 20
"""Documents of which pairs are made: the best."""
_CONFLICTING_AGAIN = 50
"""Conflicting applications that are ranked again: they are few, and count for novelty alone."""
_MEMBERS = 2
"""Records asked for, to one family wanted: most families have few publications."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked besides the subject."""

    limit: int = 100  # hits of each list
    evidence: int = 0  # hits of each list that are charted
    liked: Sequence[str] = ()  # texts of documents like what is sought
    unliked: Sequence[str] = ()
    named: tuple[Place, ...] = ()  # records whose numbers the subject names
    synonyms: Synonyms = field(default_factory=Synonyms)
    settings: Settings = field(default_factory=Settings)
    filters: tuple[tantivy.Query, ...] = ()  # what else every hit must match


@dataclass(slots=True)
class _Candidate:
    place: Place
    row: dict[str, Any]
    score: float
    is_named: bool = False
    passages: list[Passage] | None = None


def search(
    state: KindState, segmenter: Segmenter, subject: Subject, request: Request
) -> NoveltyResults:
    """Find the documents nearest to a subject; raise `QueryError` if no record has its words."""
    begin = time.perf_counter()
    run = _Run(state, segmenter, subject, request)
    prior = run.prior_art()
    conflicting = run.conflicting()
    hits = [*run.hits(prior, "prior_art"), *run.hits(conflicting, "conflicting")]
    charts = {h.id: Chart(h.features) for h in hits if h.features and h.list == "prior_art"}
    first = dict(list(charts.items())[:_CHARTED_PAIRS])
    return NoveltyResults(
        subject,
        tuple(hits),
        tuple(best_pairs(first)),
        run.count_asked,
        tuple(run.warnings),
        time.perf_counter() - begin,
    )


class _Run:
    def __init__(
        self, state: KindState, segmenter: Segmenter, subject: Subject, request: Request
    ) -> None:
        self._state, self._segmenter = state, segmenter
        self._subject, self._request = subject, request
        self._asked: list[tuple[str, Filters]] = []
        self.warnings: list[str] = []
        self._words = self._weighed()
        if not self._words:
            raise QueryError("none of the text's words stands in any record")
        ranked = lists.ranking(
            self._words,
            subject.classes,
            request.settings,
            state.frequencies,
            state.vocabulary,
            request.synonyms,
            len(state.shards),
        )
        own = lists.own(subject)
        self._queries = [lists.without(query, own) for query in ranked]
        self._charter = self._make_charter()

    def _weighed(self) -> list[Weighed]:
        request, settings = self._request, self._request.settings
        return weigh(
            count_terms(self._subject.text, self._segmenter),
            self._frequency,
            self._state.frequencies.record_count,
            most=settings.most_terms,
            liked=[count_terms(text, self._segmenter) for text in request.liked],
            unliked=[count_terms(text, self._segmenter) for text in request.unliked],
            like_weight=settings.like_weight,
            unlike_weight=settings.unlike_weight,
        )

    def _frequency(self, term: str) -> int:
        forms = self._state.vocabulary.sharing_stem(term)
        fields = self._request.settings.fields
        of = self._state.frequencies.of
        return sum(max(of(name, form) for name in fields) for form in forms)

    def _make_charter(self) -> Charter | None:
        claim = self._subject.claim
        if claim is None or not claim.features:
            return None
        records = self._state.frequencies.record_count

        def idf(term: str) -> float:
            return rareness(records, self._frequency(term) or 1)

        def stem(term: str) -> frozenset[str]:
            return frozenset(self._state.vocabulary.sharing_stem(term))

        return Charter(claim.features, self._segmenter, idf, stem, self._request.synonyms)

    # the two lists

    def prior_art(self) -> list[_Candidate]:
        day = self._subject.effective_date
        if day is None:
            self.warnings.append(
                "no effective date is known: nothing is left out for having been published late"
            )
        else:
            undated = self._undated()
            if undated:
                self.warnings.append(
                    f"{undated} records have no publication date: they are in neither list"
                )
        filters = lists.published_before(day, self._request.filters)
        found = self._candidates(filters, self._request.settings.second_stage)
        self._asked.append(("prior art", filters))
        return self._ranked_again(self._with_named(found), self._request.settings.second_stage)

    def conflicting(self) -> list[_Candidate]:
        subject = self._subject
        if subject.effective_date is None:
            return []
        office = subject.office
        if office is None:
            self.warnings.append(
                "the subject's office is not known: conflicting applications of all are listed"
            )
        filters = lists.in_conflict(subject.effective_date, office, self._request.filters)
        found = self._candidates(filters, _CONFLICTING_AGAIN)
        self._asked.append(("conflicting applications", filters))
        most = min(self._request.settings.second_stage, _CONFLICTING_AGAIN)
        return self._ranked_again(found, most)

    def _undated(self) -> int:
        query = tantivy.Query.boolean_query(
            [
                (lists.MUST, tantivy.Query.all_query()),
                (lists.MUST_NOT, tantivy.Query.exists_query("pd")),
            ]
        )
        return count(self._state, [query] * len(self._state.shards))

    def count_asked(self) -> tuple[Asked, ...]:
        """Count what each query that was run finds: it takes longer than the search."""
        terms = tuple(word.term for word in self._words)
        return tuple(
            Asked(label, terms, count(self._state, self._queries, filters))
            for label, filters in self._asked
        )

    def _candidates(self, filters: Filters, again: int) -> list[_Candidate]:
        """Give the best record of each family, as many as are wanted or may be read again."""
        wanted = max(self._request.limit, again if self._charter is not None else 0)
        asked = _MEMBERS * wanted
        while True:
            places = fan_out(self._state, self._queries, asked, filters)
            rows = rows_at(self._state, places, ["family_id", "application_key"])
            firsts: dict[Key, Place] = {}
            for place, row in zip(places, rows, strict=True):
                firsts.setdefault(group_key(row, "family"), place)
            if len(firsts) >= wanted or len(places) < asked:
                break
            asked *= 4
        chosen = list(firsts.values())[:wanted]
        rows = rows_at(self._state, chosen, COLUMNS)
        return [_Candidate(p, r, p.score) for p, r in zip(chosen, rows, strict=True)]

    def _with_named(self, found: list[_Candidate]) -> list[_Candidate]:
        """Put forward the documents that the subject's own text names, as far as they count."""
        named = self._request.named
        if not named:
            return found
        rows = rows_at(self._state, named, COLUMNS)
        known = {candidate.row["id"]: candidate for candidate in found}
        own = {self._subject.id}
        best = found[0].score if found else 1.0
        front = []
        for place, row in zip(named, rows, strict=True):
            day = self._subject.effective_date
            published = row["publication_date"]
            is_late = day is not None and (published is None or published >= day)
            if row["id"] in own or is_late or group_key(row, "family")[1] in self._subject.families:
                continue
            candidate = known.get(row["id"]) or _Candidate(place, row, 0.0)
            candidate.is_named, candidate.score = True, best
            front.append(candidate)
        firsts: dict[Key, _Candidate] = {}
        for candidate in [*front, *found]:
            firsts.setdefault(group_key(candidate.row, "family"), candidate)
        return list(firsts.values())

    # the second stage

    def _ranked_again(self, found: list[_Candidate], most: int) -> list[_Candidate]:
        settings = self._request.settings
        charter = self._charter
        if charter is None or not found or not most:
            return found[: self._request.limit]
        head, tail = found[:most], found[most:]
        best = max(candidate.score for candidate in head) or 1.0
        for candidate, passages in zip(head, self._passages(charter, head), strict=True):
            covered = charter.coverages(passages)
            mean = sum(coverage for coverage, _ in covered) / len(covered)
            candidate.passages = passages
            candidate.score = candidate.score / best + settings.coverage_weight * mean
        for candidate in tail:
            candidate.score /= best
        head.sort(key=lambda c: (not c.is_named, -c.score))
        return [*head, *tail][: self._request.limit]

    def _passages(self, charter: Charter, some: Sequence[_Candidate]) -> list[list[Passage]]:
        texts = rows_at(self._state, [candidate.place for candidate in some], TEXT_COLUMNS)
        return [
            charter.passages({**candidate.row, **text})
            for candidate, text in zip(some, texts, strict=True)
        ]

    def hits(self, found: Sequence[_Candidate], which: List) -> list[NoveltyHit]:
        """Make hits, the first of them with their charts."""
        charts: list[Chart] = []
        if self._charter is not None:
            shown = found[: self._request.evidence]
            unread = [candidate for candidate in shown if candidate.passages is None]
            read = self._passages(self._charter, unread)
            for candidate, passages in zip(unread, read, strict=True):
                candidate.passages = passages
            charts = [self._charter.chart(candidate.passages or []) for candidate in shown]
        return [
            make_hit(
                rank,
                candidate.score,
                candidate.row,
                which,
                is_named=candidate.is_named,
                chart=chart,
            )
            for rank, (candidate, chart) in enumerate(zip_longest(found, charts), start=1)
        ]
