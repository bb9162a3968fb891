"""A query's tree into the engine's query, and what of it is to be marked in the texts found.

Every clause is built here, term by term, with the analyzer of the corpus: no parser of the
engine's ever sees what a person typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import tantivy

from ipsearch.analysis import SPACE, Segmenter, Term, fold
from ipsearch.analysis.folding import HAN, WORD, classes_of, to_codes
from ipsearch.classification import parse_symbol
from ipsearch.errors import ClassificationError, IdentifierError, QueryError
from ipsearch.identifiers import lookup_keys
from ipsearch.index import (
    FACTS,
    Frequencies,
    Holding,
    Verify,
    Vocabulary,
    any_of,
    engine_schema,
    exact_holdings,
    fact,
    fact_query,
)
from ipsearch.records import Kind
from ipsearch.search.clauses import Clauses, checked_pattern, is_run_pattern, runs_like
from ipsearch.search.doubts import Doubt, Finder, Settle, in_doubt
from ipsearch.search.fields import LIVENESS, WEIGHTS, Field
from ipsearch.search.sought import RunPattern
from ipsearch.search.tree import (
    And,
    Boosted,
    Earlier,
    Everything,
    Exact,
    Near,
    Node,
    Not,
    Number,
    Or,
    Pattern,
    Range,
    Value,
    Words,
)

MOST_CLAUSES = 500
"""Compiled exact texts that a state of a corpus keeps: about 100 KB each at the most."""

_WITHIN = 0.001
"""What counts a text that stands inside longer words, to one that stands by itself."""

_COMMON_SHARE = 0.05
"""Of all records: a text of terms that stand in more is common."""

_NO_WEIGHTS: Mapping[str, float] = {}

_BEGINNING_OF_CLASS = re.compile(r"[A-HY](\d{1,2}([A-Z](\d{1,4}(/\d{0,6})?)?)?)?")

_OPPOSITE: dict[str, Any] = {"sure": "possible", "possible": "sure", "settled": "settled"}

MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


@dataclass(frozen=True, slots=True)
class Needle:
    """A folded text to be marked in what is shown, in some fields of the index."""

    text: str
    fields: tuple[str, ...]
    is_word: bool  # a whole run of letters only
    sought: Finder | None = None  # says itself where it stands, instead of `text`


@dataclass(slots=True)
class Compiled:
    """A query, ready for the shards."""

    queries: list[tantivy.Query]  # one a shard: they match the same, and scores agree
    wider: Callable[[], list[tantivy.Query]] | None = None
    """Where there is one, it gives what all that is found matches, one a shard: what `queries`
    match is a part of that which comes before the rest, and is found sooner."""
    behind: Callable[[], list[tantivy.Query]] | None = None
    """Gives what `wider` matches and `queries` do not, where that is known more simply."""
    is_common: bool = False
    """A text whose terms all stand in very many records: to be ranked among the first of these."""
    needles: list[Needle] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)  # what a searcher should know of it

    def whole(self) -> list[tantivy.Query]:
        """Give the queries, one a shard, that match all that is found."""
        return self.wider() if self.wider is not None else self.queries

    def rest(self) -> list[tantivy.Query]:
        """Give the queries, one a shard, that match what is found and not by `queries`."""
        if self.behind is not None:
            return self.behind()
        return [
            tantivy.Query.boolean_query([(MUST, query), (MUST_NOT, ahead)])
            for query, ahead in zip(self.whole(), self.queries, strict=True)
        ]


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
        verify: Callable[..., list[str] | None] | None = None,
        settle: Settle | None = None,
    ) -> None:
        """`clauses` keeps compiled exact texts for the next query: those who search refine.

        `frequencies` are those of the `shards` shards whose scores are to agree. `verify` reads
        candidates: a folded text, then the arguments of `index.Verify`. `settle` reads what is in
        doubt; without it, what possibly matches is taken for a match.
        """
        self._kind, self._segmenter, self._vocabulary = kind, segmenter, vocabulary
        self._clauses = {} if clauses is None else clauses
        self._frequencies, self._shards, self._verify = frequencies, shards, verify
        self._shard = 0  # the one that is compiled for
        self._schema = engine_schema(kind)
        self._needles: list[Needle] = []
        self._warnings: list[str] = []
        self._settle = settle
        self._doubts: dict[tuple[Node, str], Doubt] = {}
        self._settled: dict[tuple[Node, str], tantivy.Query] = {}
        self._taking: Literal["settled", "sure", "possible"] = "settled"

    def compile(self, node: Node) -> Compiled:
        """Compile a tree; raises `QueryError` for a clause that has nothing to look for."""
        self._needles, self._warnings = [], []
        self._doubts, self._settled, self._shard = {}, {}, 0
        alone = self._alone(node)
        queries: list[tantivy.Query] = []
        wider, behind, is_common = None, None, False
        if _has_doubts(node) and self._settle is not None:
            for shard in range(self._shards):
                self._shard = shard
                queries.append(self._as(node, "sure"))
            clearing = _Clearing(self, node)
            wider, behind = clearing.whole, clearing.in_doubt
        elif alone is not None:
            folded, named, _ = alone
            self._needles.append(Needle(folded, named.indexed, False))
            queries = [self._by_itself(folded, named, shard) for shard in range(self._shards)]
            wider = partial(self._wherever, *alone)
            is_common = self._is_common(folded, named)
        else:
            words = _free_words(node)
            for shard in range(self._shards):
                self._shard = shard
                query = self._relevance(words) if words else None
                queries.append(self._node(node) if query is None else query)
        self._warnings = list(dict.fromkeys(self._warnings))
        needles = list(dict.fromkeys(self._needles))
        return Compiled(queries, wider, behind, is_common, needles, self._warnings)

    def _is_common(self, folded: str, named: Field) -> bool:
        """Say whether a text of several terms has none that would narrow the search for it."""
        terms = [term.text for term in self._segmenter.terms(folded)]
        if len(terms) < 2 or self._frequencies is None:
            return False
        inner = terms[1:-1] or terms  # the outer ones may be parts of other words
        most = max(min(self._frequencies.of(f, t) for t in inner) for f in named.indexed)
        return most > _COMMON_SHARE * self._frequencies.record_count

    def _by_itself(self, folded: str, named: Field, shard: int) -> tantivy.Query:
        """Find where a text stands by itself: as terms that are its own."""
        self._shard = shard
        terms = self._segmenter.terms(folded)
        if len(terms) > 1:
            return self._phrase(terms, named, WEIGHTS)
        return any_of([self._weighed(name, term.text) for term in terms for name in named.indexed])

    def _weighed(self, name: str, term: str) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, name, term)
        return _raised(query, WEIGHTS.get(name, 1.0) * self._factor(name, [term]))

    def _wherever(self, folded: str, named: Field, text: str) -> list[tantivy.Query]:
        """Find where a text stands, within longer words too."""
        holdings = self._holdings(folded, named, text)
        query = any_of([holding.holds for holding in holdings])
        return [tantivy.Query.boost_query(query, _WITHIN)] * self._shards

    def _alone(self, node: Node) -> tuple[str, Field, str] | None:
        """Give the text that is all of a query, folded, its field, and the text as typed.

        None for other queries, and for letters, which are not looked for inside longer words.
        """
        if isinstance(node, Exact):
            folded = fold(node.text)
            if not folded:
                raise QueryError(f"there is nothing to look for in {node.text!r}")
            return folded, node.field, node.text
        words = [word for word, _ in _free_words(node)]
        if len(words) != 1 or _is_number(words[0].text):
            return None
        folded = fold(words[0].text)
        terms = [term for term in self._segmenter.terms(folded) if is_content(term.text)]
        units = units_of(folded, terms)
        if len(units) != 1 or is_letters(units[0]):
            return None
        return units[0], words[0].field, words[0].text

    def compile_filter(self, node: Node) -> tantivy.Query:
        """Compile a tree whose scores do not count: one query for all shards."""
        self._needles, self._warnings, self._shard = [], [], 0
        self._doubts, self._settled = {}, {}
        self.clear_doubts(node)
        return self._node(node)

    def clear_doubts(self, node: Node) -> tantivy.Query:
        """Settle what the index cannot tell for sure, as far as the whole query hangs on it.

        Gives the query for all records that were in doubt.
        """
        if not _has_doubts(node) or self._settle is None:
            return tantivy.Query.empty_query()
        context = in_doubt(self._as(node, "possible"), self._as(node, "sure"))
        doubts = list(self._doubts.values())
        settled = self._settle(doubts, context)
        for key, doubt, ids in zip(self._doubts, doubts, settled.holding, strict=True):
            self._settled[key] = any_of([doubt.sure, *self._records(ids)])
        return any_of(self._records(settled.ids))

    def _records(self, ids: Sequence[str]) -> list[tantivy.Query]:
        if not ids:
            return []
        facts = [fact("id", record) for record in ids]
        return [tantivy.Query.term_set_query(self._schema, FACTS, facts)]

    def each_shard(self, node: Node) -> list[tantivy.Query]:
        """Compile a tree whose doubts are settled, once a shard."""
        queries = []
        for shard in range(self._shards):
            self._shard = shard
            queries.append(self._node(node))
        return queries

    def _as(self, node: Node, taking: Literal["sure", "possible"]) -> tantivy.Query:
        self._taking = taking
        try:
            return self._node(node)
        finally:
            self._taking = "settled"

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
            case Near():
                return self._doubtful(node, node.left)
            case Pattern(text, named):
                return self._pattern(node, text, named)
            case Boosted(child, factor):
                return tantivy.Query.boost_query(self._node(child), factor)
            case Earlier(number):
                raise QueryError(f"#{number}: there is no earlier query, this one is of no session")

    def _and(self, children: Sequence[Node]) -> tantivy.Query:
        clauses = []
        for child in children:
            if isinstance(child, Not):
                held = len(self._needles)
                self._taking = _OPPOSITE[self._taking]
                clauses.append((MUST_NOT, self._node(child.child)))
                self._taking = _OPPOSITE[self._taking]
                del self._needles[held:]  # what must not stand there is not marked
            else:
                clauses.append((MUST, self._node(child)))
        if all(occur == MUST_NOT for occur, _ in clauses):
            clauses.append((MUST, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    # free words, ranked

    def _relevance(self, words: Sequence[tuple[Words, float]]) -> tantivy.Query | None:
        """Rank by any of the words; None if they are one unit, to be found wherever it stands."""
        named = words[0][0].field
        folded = [fold(node.text) for node, _ in words]
        cut = [[t for t in self._segmenter.terms(f) if is_content(t.text)] for f in folded]
        terms: dict[str, float] = {}
        for group, (_, factor) in zip(cut, words, strict=True):
            for term in group:
                terms[term.text] = max(factor, terms.get(term.text, 0.0))
        if len(terms) < 2 or any(_is_number(node.text) for node, _ in words):
            return None
        if len(words) == 1 and len(units_of(folded[0], cut[0])) == 1:
            return None
        queries = [_raised(self._term(term, named), factor) for term, factor in terms.items()]
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
                _raised(
                    tantivy.Query.phrase_query(self._schema, name, slots),
                    weights.get(name, 1.0) * self._factor(name, words),
                )
                for name in named.indexed
            ]
        )

    def _term(self, term: str, named: Field) -> tantivy.Query:
        forms = sorted(self._vocabulary.sharing_stem(term))
        self._needles += [Needle(form, named.indexed, is_letters(form)) for form in forms]
        queries = []
        for name in named.indexed:
            any_form = [self._weighed(name, form) for form in forms]
            query = tantivy.Query.disjunction_max_query(any_form) if forms[1:] else any_form[0]
            queries.append(query)
        return any_of(queries)

    # clauses

    def _doubtful(self, node: Near | Pattern, where: Node) -> tantivy.Query:
        """Take a clause that the index answers from both sides as it is to be taken now."""
        named = _field_of(where)
        queries = []
        for name in named.indexed:
            key = (node, name)
            doubt = self._doubts.get(key)
            if doubt is None:
                clauses = Clauses(self._schema, self._segmenter, self._vocabulary, self._holding)
                doubt = (
                    clauses.near(node, name)
                    if isinstance(node, Near)
                    else clauses.pattern(node, name)
                )
                self._doubts[key] = doubt
            self._needles.append(Needle("", (name,), False, doubt.sought))
            taken = doubt.sure if self._taking == "sure" else doubt.possible
            if self._taking == "settled":
                taken = self._settled.get(key, doubt.possible)
            queries.append(_raised(taken, WEIGHTS.get(name, 1.0)))
        return any_of(queries)

    def _holding(self, name: str, folded: str) -> Holding | None:
        """Say how records hold a text in one field of the index."""
        return next(iter(self._holdings_in(folded, (name,), folded)), None)

    def _pattern(self, node: Pattern, text: str, named: Field) -> tantivy.Query:
        folded = fold(text)
        if is_run_pattern(folded):
            terms = list(runs_like(folded, self._vocabulary))
            self._needles.append(Needle("", named.indexed, False, RunPattern(folded)))
            queries = []
            for name in named.indexed if terms else ():
                query = tantivy.Query.term_set_query(self._schema, name, terms)
                queries.append(tantivy.Query.const_score_query(query, WEIGHTS.get(name, 1.0)))
            return any_of(queries)
        plain = checked_pattern(text)
        if "?" not in plain:
            return self._exact(plain, named, text)
        return self._doubtful(node, node)

    def _words(self, node: Words) -> tantivy.Query:
        """All units of the words must stand in the record; letters in any English form."""
        folded = fold(node.text)
        terms = self._segmenter.terms(folded)
        units = units_of(folded, [term for term in terms if is_content(term.text)])
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
        holdings = self._holdings(folded, named, text)
        self._needles.append(Needle(folded, named.indexed, False))
        return any_of([h.query(self._factor(h.field, h.terms)) for h in holdings])

    def _holdings(self, folded: str, named: Field, text: str) -> list[Holding]:
        return self._holdings_in(folded, named.indexed, text)

    def _holdings_in(self, folded: str, fields: tuple[str, ...], text: str) -> list[Holding]:
        if not folded:
            raise QueryError(f"there is nothing to look for in {text!r}")
        known: tuple[list[Holding], list[str]] | None
        known = self._clauses.get((folded, fields))
        if known is None:
            warnings: list[str] = []
            weights = {name: WEIGHTS.get(name, 1.0) for name in fields}
            verify: Verify | None = partial(self._verify, folded) if self._verify else None
            holdings = exact_holdings(
                self._schema, weights, folded, self._segmenter, self._vocabulary, warnings, verify
            )
            known = self._clauses[folded, fields] = (holdings, warnings)
            if len(self._clauses) > MOST_CLAUSES:
                self._clauses.pop(next(iter(self._clauses)), None)
        holdings, warnings = known
        self._warnings.extend(warnings)
        return holdings

    def _number(self, text: str, named: Field) -> tantivy.Query:
        try:
            keys = lookup_keys(text)
        except IdentifierError as error:
            raise QueryError(str(error)) from None
        return any_of(self._keys(keys, named.indexed))

    def _keys(self, keys: Iterable[str], fields: Iterable[str]) -> list[tantivy.Query]:
        return [fact_query(self._kind, name, key) for name in fields for key in keys]

    def _value(self, text: str, named: Field) -> tantivy.Query:
        values = [text.replace(" ", "")]
        if named.nature == "class":
            if text.endswith("*"):
                return self._classes_like(text, named)
            try:
                values = [parse_symbol(text)]
            except ClassificationError as error:
                raise QueryError(str(error)) from None
        elif named.name in ("office", "kind"):
            values = [values[0].upper()]
        elif named.name in ("ls", "type"):
            values = [values[0].lower()]
        elif named.name == "ld":
            values = list(LIVENESS[text])
        elif named.name == "nc":
            values = [values[0].removeprefix("第").removesuffix("类").lstrip("0") or "0"]
        elif named.name == "sg":
            values = [_similar_group(text)]
        return any_of(self._keys(values, named.indexed))

    def _classes_like(self, text: str, named: Field) -> tantivy.Query:
        """Find the classes whose symbol begins so."""
        begin = text.rstrip("*").replace(" ", "").upper()
        if not _BEGINNING_OF_CLASS.fullmatch(begin):
            raise QueryError(f"not the beginning of a class symbol: {text!r}")
        return any_of(
            [
                tantivy.Query.regex_query(self._schema, FACTS, fact(name, begin) + ".*")
                for name in named.indexed
            ]
        )

    def _range(self, name: str, low: int | None, high: int | None) -> tantivy.Query:
        return tantivy.Query.range_query(
            self._schema, name, tantivy.FieldType.Integer, low, high, True, True
        )


class _Clearing:
    """Settles the doubts of a tree when first asked to: a page may be full before that."""

    def __init__(self, compiler: Compiler, node: Node) -> None:
        self._compiler, self._node = compiler, node
        self._read: tantivy.Query | None = None
        self._whole: list[tantivy.Query] = []

    def whole(self) -> list[tantivy.Query]:
        """Give the queries, one a shard, for all that matches."""
        self.in_doubt()
        return self._whole

    def in_doubt(self) -> list[tantivy.Query]:
        """Give the queries, one a shard, for what matches and was in doubt."""
        if self._read is None:
            self._read = self._compiler.clear_doubts(self._node)
            self._whole = self._compiler.each_shard(self._node)
        return [
            tantivy.Query.boolean_query([(MUST, query), (MUST, self._read)])
            for query in self._whole
        ]


def _has_doubts(node: Node) -> bool:
    return any(isinstance(part, Near | Pattern) for part in parts_of(node))


def parts_of(node: Node) -> Iterator[Node]:
    """Give a node and all below it."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        match part:
            case And(children) | Or(children):
                waiting.extend(children)
            case Not(child) | Boosted(child):
                waiting.append(child)
            case Near(left, right):
                waiting += [left, right]


def _field_of(side: Node) -> Field:
    """Give the field of a side of `Near`: one for all of it."""
    fields = [part.field for part in parts_of(side) if isinstance(part, Words | Exact | Pattern)]
    return fields[0]


def _raised(query: tantivy.Query, factor: float) -> tantivy.Query:
    return query if factor == 1.0 else tantivy.Query.boost_query(query, factor)


def _free_words(node: Node) -> list[tuple[Words, float]]:
    """Give the words of a query that is nothing but words, and what each counts for; else none."""
    whole, weight = _unboosted(node)
    nodes = whole.children if isinstance(whole, And) and whole.is_implied else (whole,)
    words = []
    for child, factor in map(_unboosted, nodes):
        if not isinstance(child, Words) or not child.is_plain:
            return []
        words.append((child, weight * factor))
    return words


def _unboosted(node: Node) -> tuple[Node, float]:
    factor = 1.0
    while isinstance(node, Boosted):
        factor *= node.factor
        node = node.child
    return node, factor


def units_of(folded: str, terms: Sequence[Term]) -> list[str]:
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
