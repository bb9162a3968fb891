"""Here is a subject, give me the nearest documents: two stages, two lists, the evidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ipsearch.analysis import Segmenter
from ipsearch.index import FACTS, any_of, fact, fact_query, narrowed
from ipsearch.novelty import lists
from ipsearch.novelty.entry import entered
from ipsearch.novelty.evidence import Chart, best_pairs
from ipsearch.novelty.missing import without_dates
from ipsearch.novelty.passages import Document, make_documents
from ipsearch.novelty.query import SubjectQuery
from ipsearch.novelty.request import Request
from ipsearch.novelty.results import (
    COLUMNS,
    DESCRIPTION,
    TEXT_COLUMNS,
    Asked,
    Caution,
    List,
    NoveltyHit,
    NoveltyResults,
    make_hit,
)
from ipsearch.novelty.subject import Subject
from ipsearch.novelty.weighing import MOST_CHARS
from ipsearch.search.collapse import Key, group_key
from ipsearch.search.execute import Filters, Place, by_engine, count, divided, fan_out, rows_at

if TYPE_CHECKING:
    import tantivy

    from ipsearch.corpus.state import KindState

_CHARTED_PAIRS = 20
"""Documents of which pairs are made: the best."""
_MEMBERS = 2
"""Records asked for, to one family wanted: most families have few publications."""
_WITH_TEXTS = tuple(dict.fromkeys((*COLUMNS, *TEXT_COLUMNS)))
_LOOKED_AT_PRIOR, _LOOKED_AT_CONFLICTING = 6, 12
"""Records of a shard looked at for both lists at once, to a family that the one or the other is to
have. In a year and a half, the time until applications are published, an office publishes a tenth
or less of what it has."""
_MOST_LOOKED_AT = 10_000
_SHOWN_UNKNOWN = 5
"""Numbers in a warning."""


@dataclass(slots=True)
class _Candidate:
    place: Place
    row: dict[str, Any]  # of `COLUMNS`, and of `TEXT_COLUMNS` once it is read
    score: float
    is_named: bool = False
    document: Document | None = None


Kept = Callable[[Sequence[Place], Sequence[dict[str, Any]]], list[bool]]
"""Says of records which ones a list may have."""


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
        request.settings,
        time.perf_counter() - begin,
    )


class _Run:
    def __init__(
        self, state: KindState, segmenter: Segmenter, subject: Subject, request: Request
    ) -> None:
        self._state, self._subject, self._request = state, subject, request
        self._asked: list[tuple[str, Filters]] = []
        self.warnings: list[Caution] = []
        self._query = SubjectQuery(state, segmenter, subject, request)
        is_charted = request.evidence > 0 or request.settings.second_stage > 0
        self._charter = self._query.charter() if is_charted else None
        self._again = request.settings.second_stage if self._charter is not None else 0
        day = subject.effective_date
        self._before = lists.published_before(day, request.filters)
        self._after = lists.in_conflict(day, subject.office, request.filters) if day else None
        self._known: dict[Filters, tuple[list[Place], bool]] = {}
        """Of a list, the places that are known already, and whether these are all."""
        self._look_at_once()

    # the two lists

    def _look_at_once(self) -> None:
        """Search for both lists at once, unless most records are of other offices."""
        if self._after is None or not self._is_mostly_of_office():
            return
        request = self._request
        prior = _LOOKED_AT_PRIOR * max(request.limit, self._again)
        most = min(max(prior, _LOOKED_AT_CONFLICTING * request.limit), _MOST_LOOKED_AT)
        queries = [narrowed(query, request.filters) for query in self._query.telling]
        filters = self._before, self._after
        answers = divided(self._state, queries, most, [each.spans for each in filters])
        self._known = dict(zip(filters, answers, strict=True))

    def _is_mostly_of_office(self) -> bool:
        office, frequencies = self._subject.office, self._state.frequencies
        if office is None:
            return True
        offices = {office, lists.INTERNATIONAL}
        own = sum(frequencies.of(FACTS, fact("patent", "office", each)) for each in offices)
        return own >= frequencies.record_count / 2

    def prior_art(self) -> list[_Candidate]:
        day = self._subject.effective_date
        if len(self._subject.text) > MOST_CHARS:
            self.warnings.append(Caution("warning.long", {"characters": MOST_CHARS}))
        if day is None:
            self.warnings.append(Caution("warning.no_date"))
        elif undated := without_dates(self._state, "pd"):
            self.warnings.append(Caution("warning.undated", {"records": undated}))
        filters, again = self._before, self._again
        found = self._candidates(filters, max(self._request.limit, again), texts=again)
        self._asked.append(("prior art", filters))
        ranked = self._ranked_again(self._with_named(found, filters), again)
        best = max((each.score for each in ranked if not each.is_named), default=0.0)
        for each in ranked:
            if each.is_named:  # who sorts by score, as what reads a TREC run does, keeps the order
                each.score += best
        return ranked

    def conflicting(self) -> list[_Candidate]:
        filters = self._after
        if filters is None:
            return []
        office = self._subject.office
        if office is None:
            self.warnings.append(Caution("warning.no_office"))
        if unfiled := without_dates(self._state, "ad", "prd"):
            self.warnings.append(Caution("warning.unfiled", {"records": unfiled}))
        unknown: dict[str, None] = {}

        def kept(places: Sequence[Place], rows: Sequence[dict[str, Any]]) -> list[bool]:
            return self._of_office(office, places, rows, unknown)

        found = self._candidates(filters, self._request.limit, kept=kept)
        self._asked.append(("conflicting applications", filters))
        if unknown:
            shown = [*list(unknown)[:_SHOWN_UNKNOWN], *["..."] * (len(unknown) > _SHOWN_UNKNOWN)]
            values = {"records": len(unknown), "office": office, "numbers": ", ".join(shown)}
            self.warnings.append(Caution("warning.not_entered", values))
        return found

    def _of_office(
        self,
        office: str | None,
        places: Sequence[Place],
        rows: Sequence[dict[str, Any]],
        unknown: dict[str, None],
    ) -> list[bool]:
        """Keep the office's own, and the international applications known to have entered there."""
        if office is None:
            return [True] * len(rows)
        kept = [row["office"] == office for row in rows]
        is_other = [row["office"] == lists.INTERNATIONAL != office for row in rows]
        others = [at for at, is_so in enumerate(is_other) if is_so]
        has_entered = entered(self._state, [places[at] for at in others], office)
        for at, is_known in zip(others, has_entered, strict=True):
            kept[at] = is_known
            if not is_known:
                unknown[rows[at]["id"]] = None
        return kept

    def count_asked(self) -> tuple[Asked, ...]:
        """Count what each query that was run finds: it takes longer than the search."""
        terms = tuple(self._query.terms)
        return tuple(
            Asked(label, terms, count(self._state, self._query.queries, filters))
            for label, filters in self._asked
        )

    def _candidates(
        self, filters: Filters, wanted: int, *, texts: int = 0, kept: Kept | None = None
    ) -> list[_Candidate]:
        """Give the best record of each family, as many as are wanted; read the texts of the first.

        All columns are read at once: to look for a record in its file takes longest.
        """
        asked = _MEMBERS * wanted
        known: dict[Place, dict[str, Any]] = {}
        queries = self._query.telling
        places, are_all = self._known.get(filters, ([], False))
        if len(places) < wanted and not are_all:
            places, are_all = self._places(queries, filters, asked)
        while True:
            firsts: dict[Key, _Candidate] = {}
            at = 0
            while at < len(places) and len(firsts) < wanted:  # mostly one record is one family
                is_read = len(firsts) < texts
                some = places[at : at + (texts if is_read else wanted) - len(firsts)]
                columns = _WITH_TEXTS if is_read else COLUMNS
                at += len(some)
                for candidate in self._read([p for p in some if p not in known], columns, kept):
                    known[candidate.place] = candidate.row
                for place in some:
                    if (row := known.get(place)) is not None:
                        key = group_key(row, "family")
                        firsts.setdefault(key, _Candidate(place, row, place.score))
            if len(firsts) >= wanted or (are_all and queries is self._query.queries):
                return list(firsts.values())
            if are_all:
                queries = self._query.queries
            else:
                asked = max(4 * asked, len(places))
            places, are_all = self._places(queries, filters, asked)

    def _places(
        self, queries: Sequence[tantivy.Query], filters: Filters, asked: int
    ) -> tuple[list[Place], bool]:
        """Give the best places of a list, so many if there are, and whether these are all."""
        within = by_engine(self._state, filters)
        places = fan_out(self._state, queries, asked, within)
        return places, len(places) < asked

    def _read(
        self, places: Sequence[Place], columns: Sequence[str], kept: Kept | None = None
    ) -> list[_Candidate]:
        rows = rows_at(self._state, places, columns)
        are_kept = kept(places, rows) if kept is not None else [True] * len(rows)
        return [
            _Candidate(place, row, place.score)
            for place, row, is_kept in zip(places, rows, are_kept, strict=True)
            if is_kept
        ]

    def _with_named(self, found: list[_Candidate], filters: Filters) -> list[_Candidate]:
        """Put forward the documents that the subject's own text names, as far as they count."""
        if not self._request.named:
            return found
        ids = [fact_query("patent", "id", id_) for id_ in self._request.named]
        query = lists.without(any_of(ids), lists.own(self._subject))
        places = fan_out(self._state, [query] * len(self._state.shards), len(ids), filters)
        known = {candidate.row["id"]: candidate for candidate in found}
        order = {id_: at for at, id_ in enumerate(self._request.named)}
        named = sorted(self._read(places, COLUMNS), key=lambda each: order[each.row["id"]])
        front = [known.get(candidate.row["id"], candidate) for candidate in named]
        best = found[0].score if found else 1.0
        for candidate in front:
            candidate.is_named, candidate.score = True, best
        firsts: dict[Key, _Candidate] = {}
        for candidate in [*front, *found]:
            firsts.setdefault(group_key(candidate.row, "family"), candidate)
        return list(firsts.values())

    # the second stage

    def _ranked_again(self, found: list[_Candidate], most: int) -> list[_Candidate]:
        if self._charter is None or not found or not most:
            return found[: self._request.limit]
        head, tail = found[:most], found[most:]
        scores = self._query.passage_scores(self._charter, self._documents(head))
        best = max(candidate.score for candidate in head) or 1.0
        for candidate, score in zip(head, scores, strict=True):
            candidate.score = candidate.score / best + self._request.settings.passages * score
        for candidate in tail:
            candidate.score /= best
        head.sort(key=lambda c: (not c.is_named, -c.score))
        return [*head, *tail][: self._request.limit]

    def _documents(self, some: Sequence[_Candidate]) -> list[Document]:
        """Read the texts of candidates, the descriptions of those that have one."""
        unread = [candidate for candidate in some if candidate.document is None]
        self._add([each for each in unread if "claims" not in each.row], TEXT_COLUMNS)
        self._add([each for each in unread if each.row["description"]], DESCRIPTION)
        documents = make_documents(candidate.row for candidate in unread)
        for candidate, document in zip(unread, documents, strict=True):
            candidate.document = document
        return [candidate.document for candidate in some if candidate.document is not None]

    def _add(self, some: Sequence[_Candidate], columns: Sequence[str]) -> None:
        """Read further columns of candidates."""
        rows = rows_at(self._state, [candidate.place for candidate in some], columns)
        for candidate, row in zip(some, rows, strict=True):
            candidate.row |= row

    def hits(self, found: Sequence[_Candidate], which: List) -> list[NoveltyHit]:
        """Make hits, the first of them with their charts."""
        charts: list[Chart] = []
        if self._charter is not None:
            shown = self._documents(found[: self._request.evidence])
            charts = [self._charter.chart(document) for document in shown]
        return [
            make_hit(rank, each.score, each.row, which, is_named=each.is_named, chart=chart)
            for rank, (each, chart) in enumerate(zip_longest(found, charts), start=1)
        ]
