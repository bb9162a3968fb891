"""A query's tree into the engine's query, and what of it is to be marked in the texts found.

Every clause is built here, term by term, with the analyzer of the corpus: no parser of the
engine's ever sees what a person typed.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tantivy

from ipsearch.analysis import SPACE, Segmenter, Term, fold
from ipsearch.analysis.folding import HAN, WORD, classes_of, to_codes
from ipsearch.classification import parse_symbol
from ipsearch.errors import ClassificationError, IdentifierError, QueryError
from ipsearch.identifiers import lookup_keys
from ipsearch.index import (
    Frequencies,
    Holding,
    Vocabulary,
    any_of,
    engine_schema,
    exact_holdings,
)
from ipsearch.records import Kind
from ipsearch.search.fields import WEIGHTS, Field
from ipsearch.search.tree import And, Everything, Exact, Node, Not, Number, Or, Range, Value, Words

MOST_CLAUSES = 500
"""Compiled exact texts that a state of a corpus keeps: about 100 KB each at the most."""

MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


@dataclass(frozen=True, slots=True)
class Needle:
    """A folded text to be marked in what is shown, in some fields of the index."""

    text: str
    fields: tuple[str, ...]
    is_word: bool  # a whole run of letters only


@dataclass(slots=True)
class Compiled:
    """A query, ready for the shards."""

    queries: list[tantivy.Query]  # one a shard: they match the same, and scores agree
    needles: list[Needle] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)  # what a searcher should know of it


class Compiler:
    """Compiles queries for one kind of record in one state of a corpus."""

    def __init__(
        self,
        kind: Kind,
        segmenter: Segmenter,
        vocabulary: Vocabulary,
        clauses: MutableMapping[Any, Any] | None = None,
        frequencies: Frequencies | None = None,
        shards: int = 1,
    ) -> None:
        """`clauses` keeps compiled exact texts for the next query: those who search refine.

        `frequencies` are those of the `shards` shards whose scores are to agree.
        """
        self._kind, self._segmenter, self._vocabulary = kind, segmenter, vocabulary
        self._clauses = {} if clauses is None else clauses
        self._frequencies, self._shards = frequencies, shards
        self._shard = 0  # the one that is compiled for
        self._schema = engine_schema(kind)
        self._needles: list[Needle] = []
        self._warnings: list[str] = []

    def compile(self, node: Node) -> Compiled:
        """Compile a tree; raises `QueryError` for a clause that has nothing to look for."""
        self._needles, self._warnings = [], []
        words = _free_words(node)
        queries = []
        for shard in range(self._shards):
            self._shard = shard
            query = self._relevance(words) if words else None
            queries.append(self._node(node) if query is None else query)
        needles, warnings = dict.fromkeys(self._needles), dict.fromkeys(self._warnings)
        return Compiled(queries, list(needles), list(warnings))

    def compile_filter(self, node: Node) -> tantivy.Query:
        """Compile a tree whose scores do not count: one query for all shards."""
        self._needles, self._warnings, self._shard = [], [], 0
        return self._node(node)

    def _factor(self, field: str, terms: Sequence[str]) -> float:
        if self._frequencies is None:
            return 1.0
        return self._frequencies.factors(field, terms)[self._shard]

    def _node(self, node: Node) -> tantivy.Query:
        match node:
            case And(children, _):
                return self._and(children)
            case Or(children):
                return any_of([self._node(child) for child in children])
            case Not(child):
                return self._and((Not(child),))
            case Words():
                return self._words(node)
            case Exact(text, named):
                return self._exact(fold(text), named, text)
            case Number(text, named):
                return self._number(text, named)
            case Value(text, named):
                return self._value(text, named)
            case Range(low, high, named):
                return any_of([self._range(name, low, high) for name in named.indexed])
            case Everything():
                return tantivy.Query.all_query()

    def _and(self, children: Sequence[Node]) -> tantivy.Query:
        clauses = []
        for child in children:
            if isinstance(child, Not):
                held = len(self._needles)
                clauses.append((MUST_NOT, self._node(child.child)))
                del self._needles[held:]  # what must not stand there is not marked
            else:
                clauses.append((MUST, self._node(child)))
        if all(occur == MUST_NOT for occur, _ in clauses):
            clauses.append((MUST, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    # free words, ranked

    def _relevance(self, words: Sequence[Words]) -> tantivy.Query | None:
        """Rank by any of the words; None if they are one unit, to be found wherever it stands."""
        named = words[0].field
        folded = [fold(node.text) for node in words]
        cut = [[t for t in self._segmenter.terms(f) if is_content(t.text)] for f in folded]
        terms = list(dict.fromkeys(term.text for group in cut for term in group))
        if len(terms) < 2 or any(_is_number(node.text) for node in words):
            return None
        if len(words) == 1 and len(_units(folded[0], cut[0])) == 1:
            return None
        queries = [self._term(term, named) for term in terms]
        for group in cut:  # the words in their order count for more; nothing hangs on it
            if 1 < len(group) <= 8:
                queries.append(self._phrase(group, named))
        return any_of(queries)

    def _phrase(self, terms: Sequence[Term], named: Field) -> tantivy.Query:
        slots: list[str | tuple[int, str]] = [
            (term.position - terms[0].position, term.text) for term in terms
        ]
        words = [term.text for term in terms]
        return any_of(
            [
                _raised(
                    tantivy.Query.phrase_query(self._schema, name, slots),
                    self._factor(name, words),
                )
                for name in named.indexed
            ]
        )

    def _term(self, term: str, named: Field) -> tantivy.Query:
        forms = sorted(self._vocabulary.sharing_stem(term))
        self._needles += [Needle(form, named.indexed, is_letters(form)) for form in forms]
        queries = []
        for name in named.indexed:
            weight = WEIGHTS.get(name, 1.0)
            any_form = [
                _raised(
                    tantivy.Query.term_query(self._schema, name, form),
                    weight * self._factor(name, [form]),
                )
                for form in forms
            ]
            query = tantivy.Query.disjunction_max_query(any_form) if forms[1:] else any_form[0]
            queries.append(query)
        return any_of(queries)

    # clauses

    def _words(self, node: Words) -> tantivy.Query:
        """All units of the words must stand in the record; letters in any English form."""
        folded = fold(node.text)
        terms = self._segmenter.terms(folded)
        units = _units(folded, [term for term in terms if is_content(term.text)])
        if not units:
            return self._exact(folded, node.field, node.text)
        queries = [
            self._term(unit, node.field)
            if is_letters(unit)
            else self._exact(unit, node.field, node.text)
            for unit in units
        ]
        query = tantivy.Query.boolean_query([(MUST, query) for query in queries])
        if node.is_plain and _is_number(node.text):
            return any_of([query, *self._keys(lookup_keys(node.text), ("num",))])
        return query

    def _exact(self, folded: str, named: Field, text: str) -> tantivy.Query:
        if not folded:
            raise QueryError(f"there is nothing to look for in {text!r}")
        self._needles.append(Needle(folded, named.indexed, False))
        known: tuple[list[Holding], list[str]] | None
        known = self._clauses.get((folded, named.indexed))
        if known is None:
            warnings: list[str] = []
            weights = {name: WEIGHTS.get(name, 1.0) for name in named.indexed}
            holdings = exact_holdings(
                self._schema, weights, folded, self._segmenter, self._vocabulary, warnings
            )
            known = self._clauses[folded, named.indexed] = (holdings, warnings)
            if len(self._clauses) > MOST_CLAUSES:
                self._clauses.pop(next(iter(self._clauses)), None)
        holdings, warnings = known
        self._warnings.extend(warnings)
        return any_of([h.query(self._factor(h.field, h.terms)) for h in holdings])

    def _number(self, text: str, named: Field) -> tantivy.Query:
        try:
            keys = lookup_keys(text)
        except IdentifierError as error:
            raise QueryError(str(error)) from None
        return any_of(self._keys(keys, named.indexed))

    def _keys(self, keys: Iterable[str], fields: Iterable[str]) -> list[tantivy.Query]:
        return [
            tantivy.Query.term_query(self._schema, name, key.replace(" ", ""))
            for name in fields
            for key in keys
        ]

    def _value(self, text: str, named: Field) -> tantivy.Query:
        values = [text.replace(" ", "")]
        if named.nature == "class":
            try:
                values = [parse_symbol(text.rstrip("*"))]
            except ClassificationError as error:
                raise QueryError(str(error)) from None
        elif named.name in ("office", "kind"):
            values = [values[0].upper()]
        elif named.name in ("ls", "type"):
            values = [values[0].lower()]
        elif named.name == "nc":
            values = [values[0].removeprefix("第").removesuffix("类").lstrip("0") or "0"]
        elif named.name == "sg":
            values = [_similar_group(text)]
        return any_of(self._keys(values, named.indexed))

    def _range(self, name: str, low: int | None, high: int | None) -> tantivy.Query:
        return tantivy.Query.range_query(
            self._schema, name, tantivy.FieldType.Integer, low, high, True, True
        )


def _raised(query: tantivy.Query, factor: float) -> tantivy.Query:
    return query if factor == 1.0 else tantivy.Query.boost_query(query, factor)


def _free_words(node: Node) -> list[Words]:
    """Give the words of a query that is nothing but words; else none."""
    nodes = node.children if isinstance(node, And) and node.is_implied else (node,)
    words = [child for child in nodes if isinstance(child, Words) and child.is_plain]
    return words if len(words) == len(nodes) else []


def _units(folded: str, terms: Sequence[Term]) -> list[str]:
    """Join single Han characters to the word beside them: apart they mean next to nothing."""
    units: list[str] = []
    end = -1
    for term in terms:
        joins = units and term.position == end and _is_han(term.text) and _is_han(units[-1])
        if joins and (len(term.text) == 1 or len(units[-1]) == 1):
            units[-1] += term.text
        else:
            units.append(term.text)
        end = term.position + term.units
    return list(dict.fromkeys(units))


def is_content(term: str) -> bool:
    """Say whether a term is more than punctuation."""
    return term != SPACE and bool((classes_of(to_codes(term)) != 0).any())


def is_letters(term: str) -> bool:
    """Say whether a term is a run of letters and digits."""
    return bool((classes_of(to_codes(term)) == WORD).all())


def _is_han(term: str) -> bool:
    return bool((classes_of(to_codes(term)) == HAN).all())


def _is_number(text: str) -> bool:
    """Say whether a word is meant as a document's number: letters of an office and digits, or ."""
    if sum(char.isdigit() for char in text) < 6:
        return False
    try:
        return bool(lookup_keys(text))
    except IdentifierError:
        return False


def _similar_group(text: str) -> str:
    from ipsearch.classification import parse_similar_group

    try:
        group, part = parse_similar_group(text)
    except ClassificationError as error:
        raise QueryError(str(error)) from None
    return f"{group}-{part}" if part else group
