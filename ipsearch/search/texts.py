"""Here are words or a quoted text in a field, give me the engine's query: exact, or ranked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import tantivy

from ipsearch.analysis import Segmenter, Term, fold
from ipsearch.errors import QueryError
from ipsearch.identifiers import lookup_keys
from ipsearch.index import Frequencies, Holding, Verify, Vocabulary, any_of, exact_holdings
from ipsearch.records import Kind
from ipsearch.search.compiled import MUST, Needle
from ipsearch.search.fields import WEIGHTS, Field
from ipsearch.search.tree import Words
from ipsearch.search.values import with_facts
from ipsearch.search.wording import is_content, is_letters, is_number, units_of

MOST_CLAUSES = 500
"""Compiled exact texts that a state of a corpus keeps: about 100 KB each at the most."""

_WITHIN = 0.001
"""What counts a text that stands inside longer words, to one that stands by itself."""

_COMMON_SHARE = 0.05
"""Of all records: a text of terms that stand in more is common."""

_NO_WEIGHTS: Mapping[str, float] = {}


@dataclass(slots=True)
class Texts:
    """Compiles clauses about text, with what is known of one state of a corpus.

    `needles` and `warnings` collect what is to be marked, and what a searcher should know.
    """

    kind: Kind
    schema: tantivy.Schema
    segmenter: Segmenter
    vocabulary: Vocabulary
    clauses: MutableMapping[Any, Any]  # exact texts compiled before
    frequencies: Frequencies | None
    verify: Callable[..., list[str] | None] | None
    shard: int = 0  # the one that is compiled for: its scores are to agree with the others'
    needles: list[Needle] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    # exact

    def exact(self, folded: str, named: Field, text: str) -> tantivy.Query:
        """Find the records that hold a folded text wherever it stands; `text` is what was typed."""
        holdings = self._holdings(folded, named.indexed, text)
        self.needles.append(Needle(folded, named.indexed, False))
        return any_of([h.query(self._factor(h.field, h.terms)) for h in holdings])

    def holding(self, name: str, folded: str) -> Holding | None:
        """Say how records hold a text in one field of the index."""
        return next(iter(self._holdings(folded, (name,), folded)), None)

    def words(self, node: Words) -> tantivy.Query:
        """All units of the words must stand in the record; letters in any English form."""
        folded = fold(node.text)
        terms = self.segmenter.terms(folded)
        units = units_of(folded, [term for term in terms if is_content(term.text)])
        if not units:
            return self.exact(folded, node.field, node.text)
        queries = [
            self._term(unit, node.field)
            if is_letters(unit)
            else self.exact(unit, node.field, node.text)
            for unit in units
        ]
        query = tantivy.Query.boolean_query([(MUST, query) for query in queries])
        if node.is_plain and is_number(node.text):
            numbers = with_facts(self.kind, lookup_keys(node.text), ("num",))
            return any_of([query, *numbers])
        return query

    def _holdings(self, folded: str, fields: tuple[str, ...], text: str) -> list[Holding]:
        if not folded:
            raise QueryError(f"there is nothing to look for in {text!r}")
        known: tuple[list[Holding], list[str]] | None
        known = self.clauses.get((folded, fields))
        if known is None:
            warnings: list[str] = []
            weights = {name: WEIGHTS.get(name, 1.0) for name in fields}
            verify: Verify | None = partial(self.verify, folded) if self.verify else None
            holdings = exact_holdings(
                self.kind, weights, folded, self.segmenter, self.vocabulary, warnings, verify
            )
            known = self.clauses[folded, fields] = (holdings, warnings)
            if len(self.clauses) > MOST_CLAUSES:
                self.clauses.pop(next(iter(self.clauses)), None)
        holdings, warnings = known
        self.warnings.extend(warnings)
        return holdings

    # a text that is all of a query

    def is_common(self, folded: str, named: Field) -> bool:
        """Say whether a text of several terms has none that would narrow the search for it."""
        terms = [term.text for term in self.segmenter.terms(folded)]
        if len(terms) < 2 or self.frequencies is None:
            return False
        inner = terms[1:-1] or terms  # the outer ones may be parts of other words
        most = max(min(self.frequencies.of(f, t) for t in inner) for f in named.indexed)
        return most > _COMMON_SHARE * self.frequencies.record_count

    def by_itself(self, folded: str, named: Field) -> tantivy.Query:
        """Find where a text stands by itself: as terms that are its own."""
        terms = self.segmenter.terms(folded)
        if len(terms) > 1:
            return self._phrase(terms, named, WEIGHTS)
        return any_of([self._weighed(name, term.text) for term in terms for name in named.indexed])

    def wherever(self, folded: str, named: Field, text: str) -> tantivy.Query:
        """Find where a text stands, within longer words too."""
        holdings = self._holdings(folded, named.indexed, text)
        query = any_of([holding.holds for holding in holdings])
        return tantivy.Query.boost_query(query, _WITHIN)

    # free words, ranked

    def relevance(self, words: Sequence[tuple[Words, float]]) -> tantivy.Query | None:
        """Rank by any of the words; None if they are one unit, to be found wherever it stands."""
        named = words[0][0].field
        folded = [fold(node.text) for node, _ in words]
        cut = [[t for t in self.segmenter.terms(f) if is_content(t.text)] for f in folded]
        terms: dict[str, float] = {}
        for group, (_, factor) in zip(cut, words, strict=True):
            for term in group:
                terms[term.text] = max(factor, terms.get(term.text, 0.0))
        if len(terms) < 2 or any(is_number(node.text) for node, _ in words):
            return None
        if len(words) == 1 and len(units_of(folded[0], cut[0])) == 1:
            return None
        queries = [raised(self._term(term, named), factor) for term, factor in terms.items()]
        for group in cut:  # the words in their order count for more; nothing hangs on it
            if 1 < len(group) <= 8:
                queries.append(self._phrase(group, named))
        return any_of(queries)

    def _phrase(
        self, terms: Sequence[Term], named: Field, weights: Mapping[str, float] = _NO_WEIGHTS
    ) -> tantivy.Query:
        slots: list[str | tuple[int, str]] = [
            (term.position - terms[0].position, term.text) for term in terms
        ]
        words = [term.text for term in terms]
        return any_of(
            [
                raised(
                    tantivy.Query.phrase_query(self.schema, name, slots),
                    weights.get(name, 1.0) * self._factor(name, words),
                )
                for name in named.indexed
            ]
        )

    def _term(self, term: str, named: Field) -> tantivy.Query:
        forms = sorted(self.vocabulary.sharing_stem(term))
        self.needles += [Needle(form, named.indexed, is_letters(form)) for form in forms]
        queries = []
        for name in named.indexed:
            any_form = [self._weighed(name, form) for form in forms]
            query = tantivy.Query.disjunction_max_query(any_form) if forms[1:] else any_form[0]
            queries.append(query)
        return any_of(queries)

    def _weighed(self, name: str, term: str) -> tantivy.Query:
        query = tantivy.Query.term_query(self.schema, name, term)
        return raised(query, WEIGHTS.get(name, 1.0) * self._factor(name, [term]))

    def _factor(self, name: str, terms: Sequence[str]) -> float:
        if self.frequencies is None:
            return 1.0
        return self.frequencies.factors(name, terms)[self.shard]


def raised(query: tantivy.Query, factor: float) -> tantivy.Query:
    """Give a query whose score counts `factor` times."""
    return query if factor == 1.0 else tantivy.Query.boost_query(query, factor)
