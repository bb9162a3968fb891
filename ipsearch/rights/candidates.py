"""Here is a description of a product, give me the applications nearest to it that may be in force.

They are ranked by the words of titles, abstracts and claims. Of each application one document
stands for all, the granted one if it is there; what is not in force is left out, what is unknown
stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import tantivy

from ipsearch.analysis import Segmenter
from ipsearch.index import any_of, fact_query
from ipsearch.novelty import lists, weighing
from ipsearch.novelty.settings import Settings
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.novelty.weighing import Weighed
from ipsearch.records import LIVENESS
from ipsearch.rights.force import Force, in_force
from ipsearch.rights.tables import kind_rule
from ipsearch.search.execute import Filters, Place, fan_out, rows_at
from ipsearch.search.lookup import places_of

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_MOST_READ = 4_000
"""Records read in search of so many that are not known to be dead."""
_SETTINGS = Settings(fields={"ti": 1.0, "ab": 1.0, "cl": 1.0}, ipc_boost=0.0)
"""As in a novelty search; but a description tells of much that no claim is about."""

_COLUMNS = (
    *("id", "office", "kind_code", "patent_type", "application_key", "filing_date"),
    *("publication_date", "grant_date", "expiry_date", "priorities", "legal_status"),
    *("status_date", "legal_events", "transaction_date"),
)
"""What `in_force` looks at; all else is read of what is shown."""


@dataclass(frozen=True, slots=True)
class PatentRequest:
    """What is asked besides the text."""

    on: date
    offices: tuple[str, ...]  # any of them; none is all
    limit: int
    pending: bool  # keep applications that are known to be pending
    without_ended: bool  # leave out by the index what its status says has ended


@dataclass(frozen=True, slots=True)
class Document:
    """One publication of an application, and where it is kept."""

    place: Place
    row: Mapping[str, Any]  # the columns that its force is told by

    @property
    def is_granted(self) -> bool:
        """Whether it is the document that was granted."""
        rule = kind_rule(self.row["office"], self.row["kind_code"])
        return self.row["grant_date"] is not None or (rule is not None and rule.is_granted)


@dataclass(frozen=True, slots=True)
class Application:
    """One application, by its documents: the one that stands for all first."""

    documents: tuple[Document, ...]
    score: float  # the engine's
    force: Force


class Rareness:
    """How rare words are among the patents of a state, and by which forms they are found."""

    def __init__(self, state: KindState) -> None:
        self._state = state
        self._forms: dict[str, frozenset[str]] = {}
        self._known: dict[str, float] = {}

    def forms(self, term: str) -> frozenset[str]:
        """Give the forms that a word is found by, itself included."""
        forms = self._forms.get(term)
        if forms is None:
            forms = self._forms[term] = frozenset(self._state.vocabulary.sharing_stem(term))
        return forms

    def frequency(self, term: str) -> int:
        """Say in how many records a word stands, in any form."""
        of = self._state.frequencies.of
        return sum(max(of(name, form) for name in _SETTINGS.fields) for form in self.forms(term))

    def of(self, term: str) -> float:
        """Give the inverse document frequency of a word."""
        known = self._known.get(term)
        if known is None:
            records = self._state.frequencies.record_count
            known = weighing.rareness(records, self.frequency(term) or 1)
            self._known[term] = known
        return known

    def among_all(self) -> weighing.Rareness:
        """Give the same for weighing: all words are rare among all records."""
        records = self._state.frequencies.record_count
        return weighing.Rareness((), self.frequency, records, by_script=False)


def telling_words(text: str, segmenter: Segmenter, rare: Rareness) -> list[Weighed]:
    """Give the words of a text by which its patents are looked for; none if none is known."""
    said = weighing.emphasis(weighing.count_terms(text, segmenter))
    return weighing.weigh(said, rare.among_all(), power=0.0, most=_SETTINGS.most_terms)


def find_applications(
    state: KindState,
    words: Sequence[Weighed],
    rare: Rareness,
    request: PatentRequest,
    wanted: int,
) -> tuple[list[Application], int]:
    """Give the `wanted` nearest applications, best first; and how many pending ones stay away."""
    ranking = lists.Ranking(
        _SETTINGS,
        state.frequencies,
        state.vocabulary,
        Synonyms(),
        rare.among_all(),
        0.0,
        len(state.shards),
    )
    for word in words:
        ranking.add_word(word)
    left_out = [fact_query("patent", "office", "WO")]
    if request.without_ended:
        left_out += [fact_query("patent", "ls", status) for status in LIVENESS["dead"]]
    queries = [lists.without(query, left_out) for query in ranking.queries()]
    filters = Filters(tuple(_of_offices(request.offices)))
    found: list[Application] = []
    seen: set[str] = set()
    pending, begin, asked = 0, 0, 2 * wanted
    while True:
        places = fan_out(state, queries, asked, filters)
        alive, not_granted = _alive(state, places[begin:], request, seen)
        found += alive
        pending += not_granted
        if len(found) >= wanted or len(places) < asked or asked >= _MOST_READ:
            return found[:wanted], pending
        begin, asked = asked, min(2 * asked, _MOST_READ)


def _of_offices(offices: Sequence[str]) -> list[tantivy.Query]:
    queries = [fact_query("patent", "office", office) for office in offices]
    return [any_of(queries)] if queries else []


def _alive(
    state: KindState, places: Sequence[Place], request: PatentRequest, seen: set[str]
) -> tuple[list[Application], int]:
    """Give what is not known to be dead, best first, and how many pending ones were left out.

    `seen` are the applications that were judged before; those judged now are added.
    """
    groups: dict[str, list[Document]] = {}
    for document in _documents(state, places):
        if document.row["application_key"] not in seen:
            groups.setdefault(document.row["application_key"], []).append(document)
    seen.update(groups)
    _add_granted(state, groups)
    found, left_out = [], 0
    for documents in groups.values():
        score = documents[0].place.score
        documents.sort(key=lambda document: not document.is_granted)
        force = in_force(documents[0].row, request.on)
        if force.value == "not in force" and not (force.is_pending and request.pending):
            left_out += force.is_pending
            continue
        found.append(Application(tuple(documents), score, force))
    return found, left_out


def _documents(state: KindState, places: Sequence[Place]) -> list[Document]:
    rows = rows_at(state, places, _COLUMNS)
    return [Document(place, row) for place, row in zip(places, rows, strict=True)]


def _add_granted(state: KindState, groups: dict[str, list[Document]]) -> None:
    """Add the other documents of those applications whose granted one was not found."""
    lacking = [key for key, some in groups.items() if not any(d.is_granted for d in some)]
    known = {(d.place.shard, d.place.address) for key in lacking for d in groups[key]}
    others = [where for where in places_of(state, "app", lacking) if where not in known]
    for document in _documents(state, [Place(0.0, *where) for where in others]):
        if document.row["application_key"] in groups:
            groups[document.row["application_key"]].append(document)
