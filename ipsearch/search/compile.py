"""A query's tree into the engine's queries.

Every clause is built here, term by term, with the analyzer of the corpus: no parser of the
engine's ever sees what a person typed.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, Literal

import tantivy

from ipsearch.analysis import Segmenter, fold
from ipsearch.errors import QueryError
from ipsearch.index import Frequencies, Vocabulary, any_of, engine_schema, with_ids
from ipsearch.records import Kind
from ipsearch.search.clauses import Clauses, checked_pattern, is_run_pattern, runs_like
from ipsearch.search.compiled import MUST, MUST_NOT, Compiled, Needle
from ipsearch.search.doubts import Doubt, Settle, in_doubt
from ipsearch.search.fields import WEIGHTS, Field
from ipsearch.search.sought import RunPattern
from ipsearch.search.texts import Texts, raised
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
    parts_of,
)
from ipsearch.search.values import in_range, with_number, with_value
from ipsearch.search.wording import free_words, is_content, is_letters, is_number, units_of

_OPPOSITE: dict[str, Any] = {"sure": "possible", "possible": "sure", "settled": "settled"}


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
        self._kind, self._shards, self._settle = kind, shards, settle
        self._segmenter, self._vocabulary = segmenter, vocabulary
        self._schema = engine_schema(kind)
        kept = {} if clauses is None else clauses
        self._texts = Texts(kind, self._schema, segmenter, vocabulary, kept, frequencies, verify)
        self._doubts: dict[tuple[Node, str], Doubt] = {}
        self._settled: dict[tuple[Node, str], tantivy.Query] = {}
        self._taking: Literal["settled", "sure", "possible"] = "settled"

    def compile(self, node: Node) -> Compiled:
        """Compile a tree; raises `QueryError` for a clause that has nothing to look for."""
        self._begin()
        texts = self._texts
        if _has_doubts(node) and self._settle is not None:
            clearing = _Clearing(self, node)
            compiled = Compiled(
                self._each_shard(lambda: self._as(node, "sure")), clearing.whole, clearing.in_doubt
            )
        elif (alone := self._alone(node)) is not None:
            folded, named, _ = alone
            texts.needles.append(Needle(folded, named.indexed, False))
            compiled = Compiled(
                self._each_shard(lambda: texts.by_itself(folded, named)),
                lambda: [texts.wherever(*alone)] * self._shards,
                is_common=texts.is_common(folded, named),
            )
        else:
            words = free_words(node)

            def ranked() -> tantivy.Query:
                query = texts.relevance(words) if words else None
                return self._node(node) if query is None else query

            compiled = Compiled(self._each_shard(ranked))
        compiled.warnings += dict.fromkeys(texts.warnings)
        compiled.needles += dict.fromkeys(texts.needles)
        return compiled

    def compile_filter(self, node: Node) -> tantivy.Query:
        """Compile a tree whose scores do not count: one query for all shards."""
        self._begin()
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

    def settled(self, node: Node) -> list[tantivy.Query]:
        """Compile a tree whose doubts are settled, once a shard."""
        return self._each_shard(lambda: self._node(node))

    def _begin(self) -> None:
        self._texts.needles, self._texts.warnings, self._texts.shard = [], [], 0
        self._doubts, self._settled = {}, {}

    def _each_shard(self, make: Callable[[], tantivy.Query]) -> list[tantivy.Query]:
        queries = []
        for shard in range(self._shards):
            self._texts.shard = shard
            queries.append(make())
        return queries

    def _records(self, ids: Sequence[str]) -> list[tantivy.Query]:
        return [with_ids(self._kind, ids)] if ids else []

    def _alone(self, node: Node) -> tuple[str, Field, str] | None:
        """Give the text that is all of a query, folded, its field, and the text as typed.

        None for other queries, and for letters, which are not looked for inside longer words.
        """
        if isinstance(node, Exact):
            folded = fold(node.text)
            if not folded:
                raise QueryError(f"there is nothing to look for in {node.text!r}")
            return folded, node.field, node.text
        words = [word for word, _ in free_words(node)]
        if len(words) != 1 or is_number(words[0].text):
            return None
        folded = fold(words[0].text)
        terms = [term for term in self._segmenter.terms(folded) if is_content(term.text)]
        units = units_of(folded, terms)
        if len(units) != 1 or is_letters(units[0]):
            return None
        return units[0], words[0].field, words[0].text

    def _as(self, node: Node, taking: Literal["sure", "possible"]) -> tantivy.Query:
        self._taking = taking
        try:
            return self._node(node)
        finally:
            self._taking = "settled"

    def _node(self, node: Node) -> tantivy.Query:
        match node:
            case And(children, _):
                return self._and(children)
            case Or(children):
                return any_of([self._node(child) for child in children])
            case Not(child):
                return self._and((Not(child),))
            case Words():
                return self._texts.words(node)
            case Exact(text, named):
                return self._texts.exact(fold(text), named, text)
            case Number(text, named):
                return with_number(self._kind, text, named)
            case Value(text, named):
                return with_value(self._kind, text, named)
            case Range(low, high, named):
                return in_range(self._kind, low, high, named)
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
        needles = self._texts.needles
        for child in children:
            if isinstance(child, Not):
                held = len(needles)
                self._taking = _OPPOSITE[self._taking]
                clauses.append((MUST_NOT, self._node(child.child)))
                self._taking = _OPPOSITE[self._taking]
                del needles[held:]  # what must not stand there is not marked
            else:
                clauses.append((MUST, self._node(child)))
        if all(occur == MUST_NOT for occur, _ in clauses):
            clauses.append((MUST, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    def _pattern(self, node: Pattern, text: str, named: Field) -> tantivy.Query:
        folded = fold(text)
        if is_run_pattern(folded):
            terms = list(runs_like(folded, self._vocabulary))
            self._texts.needles.append(Needle("", named.indexed, False, RunPattern(folded)))
            queries = []
            for name in named.indexed if terms else ():
                query = tantivy.Query.term_set_query(self._schema, name, terms)
                queries.append(tantivy.Query.const_score_query(query, WEIGHTS.get(name, 1.0)))
            return any_of(queries)
        plain = checked_pattern(text)
        if "?" not in plain:
            return self._texts.exact(plain, named, text)
        return self._doubtful(node, node)

    def _doubtful(self, node: Near | Pattern, where: Node) -> tantivy.Query:
        """Take a clause that the index answers from both sides as it is to be taken now."""
        queries = []
        for name in _field_of(where).indexed:
            key = (node, name)
            doubt = self._doubts.get(key)
            if doubt is None:
                clauses = Clauses(
                    self._schema, self._segmenter, self._vocabulary, self._texts.holding
                )
                make = clauses.near if isinstance(node, Near) else clauses.pattern
                doubt = self._doubts[key] = make(node, name)  # type: ignore[arg-type]
            self._texts.needles.append(Needle("", (name,), False, doubt.sought))
            taken = doubt.sure if self._taking == "sure" else doubt.possible
            if self._taking == "settled":
                taken = self._settled.get(key, doubt.possible)
            queries.append(raised(taken, WEIGHTS.get(name, 1.0)))
        return any_of(queries)


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
            self._whole = self._compiler.settled(self._node)
        return [
            tantivy.Query.boolean_query([(MUST, query), (MUST, self._read)])
            for query in self._whole
        ]


def _has_doubts(node: Node) -> bool:
    return any(isinstance(part, Near | Pattern) for part in parts_of(node))


def _field_of(side: Node) -> Field:
    """Give the field of a side of `Near`: one for all of it."""
    fields = [part.field for part in parts_of(side) if isinstance(part, Words | Exact | Pattern)]
    return fields[0]
