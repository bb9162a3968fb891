"""Here is a subject, give me the nearest documents: two stages, two lists, the evidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ipsearch.analysis import Segmenter
from ipsearch.index import any_of, fact_query, narrowed
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
    List,
    NoveltyHit,
    NoveltyResults,
    make_hit,
)
from ipsearch.novelty.subject import Subject
from ipsearch.novelty.weighing import MOST_CHARS
from ipsearch.search.collapse import Key, group_key
from ipsearch.search.execute import Filters, Place, best, count, fan_out, rows_at

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_CHARTED_PAIRS = 20
"""Documents of which pairs are made: the best."""
_MEMBERS = 2
"""Records asked for, to one family wanted: most families have few publications."""
_AT_ONCE = 2_000
"""Records of each shard among which both lists are looked for at first: one search for two."""
_WITH_TEXTS = tuple(dict.fromkeys((*COLUMNS, *TEXT_COLUMNS)))
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


@dataclass(slots=True)
class _Families:
    """The best record of each family so far, and what was read on the way."""

    wanted: int
    texts: int  # of how many the texts are wanted
    firsts: dict[Key, _Candidate] = field(default_factory=dict)
    known: dict[Place, dict[str, Any] | None] = field(default_factory=dict)  # None: not to be kept


class _Run:
    def __init__(
        self, state: KindState, segmenter: Segmenter, subject: Subject, request: Request
    ) -> None:
        self._state, self._subject, self._request = state, subject, request
        self._asked: list[tuple[str, Filters]] = []
        self.warnings: list[str] = []
        self._query = SubjectQuery(state, segmenter, subject, request)
        self._charter = self._query.charter()

    # the two lists

    def prior_art(self) -> list[_Candidate]:
        day = self._subject.effective_date
        if len(self._subject.text) > MOST_CHARS:
            self.warnings.append(f"the text is long: its first {MOST_CHARS} characters count")
        if day is None:
            self.warnings.append(
                "no effective date is known: nothing is left out for having been published late"
            )
        elif undated := without_dates(self._state, "pd"):
            self.warnings.append(
                f"{undated} records have no publication date: they are in neither list"
            )
        filters = lists.published_before(day, self._request.filters)
        again = self._request.settings.second_stage if self._charter is not None else 0
        found = self._candidates(filters, max(self._request.limit, again), texts=again)
        self._asked.append(("prior art", filters))
        return self._ranked_again(self._with_named(found, filters), again)

    def conflicting(self) -> list[_Candidate]:
        subject = self._subject
        if subject.effective_date is None:
            return []
        office = subject.office
        if office is None:
            self.warnings.append(
                "the subject's office is not known: conflicting applications of all are listed"
            )
        if unfiled := without_dates(self._state, "ad", "prd"):
            self.warnings.append(
                f"{unfiled} records have no filing date: they are no conflicting applications"
            )
        unknown: dict[str, None] = {}

        def kept(places: Sequence[Place], rows: Sequence[dict[str, Any]]) -> list[bool]:
            return self._of_office(office, places, rows, unknown)

        filters = lists.in_conflict(subject.effective_date, office, self._request.filters)
        found = self._candidates(filters, self._request.limit, kept=kept)
        self._asked.append(("conflicting applications", filters))
        if unknown:
            shown = [*list(unknown)[:_SHOWN_UNKNOWN], *["..."] * (len(unknown) > _SHOWN_UNKNOWN)]
            self.warnings.append(
                f"{len(unknown)} international applications are not listed: nothing here says that"
                f" they entered at {office}: {', '.join(shown)}"
            )
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
        if office == lists.INTERNATIONAL:
            return kept
        others = [at for at, row in enumerate(rows) if row["office"] == lists.INTERNATIONAL]
        has_entered = entered(self._state, [places[at] for at in others], str(office))
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

        First they are looked for among what was found for both lists.
        """
        families = _Families(wanted, texts)
        places = [
            place
            for place, values in self._at_once
            if all(span.holds_one_of(values) for span in filters.spans)
        ]
        self._fill(families, places, kept)
        asked = _MEMBERS * wanted
        while len(families.firsts) < wanted:
            places = fan_out(self._state, self._query.queries, asked, filters)
            families.firsts.clear()
            self._fill(families, places, kept)
            if len(places) < asked:
                break
            asked *= 4
        return list(families.firsts.values())

    @cached_property
    def _at_once(self) -> list[tuple[Place, dict[str, int | None]]]:
        clauses = self._request.filters
        queries = [narrowed(query, clauses) for query in self._query.queries]
        return best(self._state, queries, _AT_ONCE, lists.DATES)

    def _fill(self, families: _Families, places: Sequence[Place], kept: Kept | None) -> None:
        """Add the families of the records at `places`, best first, until there are enough.

        All columns are read at once: to look for a record in its file takes longest.
        """
        firsts, known = families.firsts, families.known
        at = 0
        while at < len(places) and len(firsts) < families.wanted:  # mostly one record is a family
            is_read = len(firsts) < families.texts
            wanted = families.texts if is_read else families.wanted
            some = places[at : at + wanted - len(firsts)]
            at += len(some)
            unread = [place for place in some if place not in known]
            rows = rows_at(self._state, unread, _WITH_TEXTS if is_read else COLUMNS)
            are_kept = kept(unread, rows) if kept is not None else [True] * len(rows)
            for place, row, is_kept in zip(unread, rows, are_kept, strict=True):
                known[place] = row if is_kept else None
            for place in some:
                if (found := known[place]) is not None:
                    key = group_key(found, "family")
                    firsts.setdefault(key, _Candidate(place, found, place.score))

    def _with_named(self, found: list[_Candidate], filters: Filters) -> list[_Candidate]:
        """Put forward the documents that the subject's own text names, as far as they count."""
        if not self._request.named:
            return found
        ids = [fact_query("patent", "id", id_) for id_ in self._request.named]
        query = lists.without(any_of(ids), lists.own(self._subject))
        places = fan_out(self._state, [query] * len(self._state.shards), len(ids), filters)
        known = {candidate.row["id"]: candidate for candidate in found}
        order = {id_: at for at, id_ in enumerate(self._request.named)}
        rows = rows_at(self._state, places, COLUMNS)
        named = [_Candidate(place, row, 0.0) for place, row in zip(places, rows, strict=True)]
        named.sort(key=lambda each: order[each.row["id"]])
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
