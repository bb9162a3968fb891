"""Here is a weighed subject, give me the engine's queries: prior art, and conflicting applications.

Prior art is what was published before the effective date. A conflicting application (抵触申请,
article 22 of China's Patent Law; EPC article 54(3)) was filed with the same office before that day,
by its own effective date, and published on it or after: it counts for novelty alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate, compress

import tantivy

from ipsearch.index import (
    FACTS,
    Frequencies,
    Span,
    Vocabulary,
    any_of,
    engine_schema,
    fact,
    fact_query,
)
from ipsearch.index.frequency import rarity
from ipsearch.novelty.settings import Settings
from ipsearch.novelty.subject import Subject
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.novelty.weighing import Rareness, Weighed, rareness
from ipsearch.search.execute import Filters, as_point
from ipsearch.search.texts import raised

MUST, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.MustNot
_NO_PLACES = "freq"
"""What the engine is to open of a term's entries: places too would cost it a thirtieth more."""
INTERNATIONAL = "WO"
"""The office of international applications (WIPO ST.3)."""


class Ranking:
    """Makes the query that ranks by words, and by the classes that agree: one a shard."""

    def __init__(
        self,
        settings: Settings,
        frequencies: Frequencies,
        vocabulary: Vocabulary,
        synonyms: Synonyms,
        rare: Rareness,
        power: float,
        shards: int,
    ) -> None:
        """`power` is that by which rareness counts more; of classes too."""
        self._settings, self._frequencies, self._vocabulary = settings, frequencies, vocabulary
        self._synonyms, self._rare, self._power = synonyms, rare, power
        self._schema = engine_schema("patent")
        self._clauses: list[list[tantivy.Query]] = [[] for _ in range(shards)]
        self._most: list[float] = []
        """What each clause counts for at most, to the others."""

    def queries(self) -> list[tantivy.Query]:
        """Give the query of each shard."""
        return [any_of(clauses) for clauses in self._clauses]

    def telling(self, negligible: float) -> list[tantivy.Query]:
        """Give the same without what matters least: clauses that all together count for no more
        than this share of the one that counts for most.

        A word that nearly all records have hardly counts, and takes the engine longest.
        """
        limit = negligible * max(self._most, default=0.0)
        order = sorted(range(len(self._most)), key=self._most.__getitem__)
        sums = accumulate(self._most[at] for at in order)
        left_out = {at for at, together in zip(order, sums, strict=True) if together <= limit}
        are_kept = [at not in left_out for at in range(len(self._most))]
        return [any_of(list(compress(clauses, are_kept))) for clauses in self._clauses]

    def add_word(self, word: Weighed) -> None:
        """Rank by a word, in any of its forms."""
        settings, frequencies = self._settings, self._frequencies
        same = {word.term, *self._synonyms.of(word.term)}
        forms = sorted(same | self._vocabulary.sharing_stem(word.term))
        among = self._rare.records(word.term)
        for name, field_weight in settings.fields.items():
            having = {form: n for form in forms if (n := frequencies.of(name, form))}
            if not field_weight or not having:
                continue
            # All forms are as rare as they are together, and the best alone counts: else a form
            # that hardly anybody uses would outweigh the word that was asked for.
            together = rarity(among, min(sum(having.values()), among))
            most = word.weight * field_weight * together
            queries = []
            for form in having:
                weight = most * (1.0 if form in same else settings.other_forms)
                query = tantivy.Query.term_query(self._schema, name, form, _NO_PLACES)
                rarities = frequencies.rarities(name, form)
                queries.append([raised(query, weight / here) for here in rarities])
            best = [
                tantivy.Query.disjunction_max_query(list(each)) if each[1:] else each[0]
                for each in zip(*queries, strict=True)
            ]
            self._add(best, most)

    def add_phrase(self, slots: Sequence[tuple[int, str]]) -> bool:
        """Rank by several words that are one, each with its place; say whether any may be there."""
        terms = [term for _, term in slots]
        is_known = False
        for name, field_weight in self._settings.fields.items():
            if not field_weight or not all(self._frequencies.of(name, term) for term in terms):
                continue
            weight = field_weight * max(map(self._rare, terms)) ** self._power
            self._add_terms(name, slots, weight)
            is_known = True
        return is_known

    def add_classes(self, classes: Sequence[str]) -> None:
        """Rank by the classes that agree: subclass, main group and symbol."""
        records = self._frequencies.record_count
        for term in class_facts(classes):
            if having := self._frequencies.of(FACTS, term):
                weight = self._settings.ipc_boost * rareness(records, having) ** self._power
                self._add_terms(FACTS, [(0, term)], weight)

    def _add(self, queries: Sequence[tantivy.Query], most: float) -> None:
        self._most.append(most)
        for shard, query in zip(self._clauses, queries, strict=True):
            shard.append(query)

    def _add_terms(self, name: str, slots: Sequence[tuple[int, str]], weight: float) -> None:
        """Rank by a term, or several in their places: of one score in every shard."""
        if len(slots) == 1:
            query = tantivy.Query.term_query(self._schema, name, slots[0][1], _NO_PLACES)
        else:
            query = tantivy.Query.phrase_query(self._schema, name, list(slots))
        terms = [term for _, term in slots]
        factors = self._frequencies.factors(name, terms)
        most = weight * self._frequencies.rarity_of(name, terms)
        self._add([raised(query, weight * factor) for factor in factors], most)


def class_facts(classes: Sequence[str]) -> list[str]:
    """Give the facts that agree with some of the classes: subclass, main group and symbol."""
    from ipsearch.classification import ancestors

    levels = dict.fromkeys(
        level
        for symbol in classes
        for level in (ancestors(symbol) or (symbol,))
        if len(level) >= 4  # sections and classes tell too little
    )
    return [fact("patent", name, level) for level in levels for name in ("ipc", "cpc")]


def own(subject: Subject) -> list[tantivy.Query]:
    """Find what is the subject's own: itself, its application, its family."""
    pairs = [("id", subject.id), ("app", subject.application_key)]
    pairs += [("fam", family) for family in subject.families]
    return [fact_query("patent", name, value) for name, value in pairs if value]


def without(query: tantivy.Query, others: Sequence[tantivy.Query]) -> tantivy.Query:
    """Leave out what any of the others finds."""
    if not others:
        return query
    return tantivy.Query.boolean_query([(MUST, query), *((MUST_NOT, other) for other in others)])


def published_before(day: date | None, more: Sequence[tantivy.Query] = ()) -> Filters:
    """Keep what was published before a day."""
    if day is None:
        return Filters(tuple(more))
    return Filters(tuple(more), (Span("pd", None, as_point(day - timedelta(days=1))),))


def in_conflict(day: date, office: str | None, more: Sequence[tantivy.Query] = ()) -> Filters:
    """Keep what was filed before a day, by its own effective date, and published on it or after.

    Kept is what the office published, and international applications, which may have entered there
    (`entry` says which). Where `office` is None, that of the subject is not known and none is left
    out.
    """
    clauses = list(more)
    if office is not None:
        offices = dict.fromkeys((office, INTERNATIONAL))
        clauses.append(any_of([fact_query("patent", "office", each) for each in offices]))
    filed = Span("prd", None, as_point(day - timedelta(days=1)), otherwise="ad")
    return Filters(tuple(clauses), (Span("pd", as_point(day), None), filed))
