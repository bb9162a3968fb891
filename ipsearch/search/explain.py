"""How a query was understood: its tree, how each clause is looked for, what each finds alone; and
which clause leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ipsearch.analysis import SPACE, Segmenter, fold
from ipsearch.index import Vocabulary
from ipsearch.search.clauses import checked_pattern, is_run_pattern, runs_like
from ipsearch.search.printing import to_text
from ipsearch.search.tree import And, Boosted, Exact, Near, Node, Not, Or, Pattern, Value, Words
from ipsearch.search.wording import is_content, is_letters, units_of

Count = Callable[[Node], int]
"""A clause -> how many records match it, as a clause of a larger query."""

_MOST_NAMED = 8  # terms that a pattern stands for


@dataclass(frozen=True, slots=True)
class Explained:
    """One clause of a query, and the clauses in it."""

    kind: str  # and, or, not, near, words, exact, pattern, boost, other
    text: str  # as the query language writes it
    terms: tuple[str, ...]  # what it is looked for by; of many the first
    term_count: int  # how many those are in all
    count: int  # records that match it alone
    clauses: tuple[Explained, ...] = ()


def explain(node: Node, segmenter: Segmenter, vocabulary: Vocabulary, count: Count) -> Explained:
    """Explain a tree, clause by clause."""
    terms = _terms(node, segmenter, vocabulary)
    return Explained(
        _kind(node),
        to_text(node),
        tuple(terms[:_MOST_NAMED]),
        len(terms),
        count(node),
        tuple(explain(child, segmenter, vocabulary, count) for child in _children(node)),
    )


def _kind(node: Node) -> str:
    match node:
        case Boosted():
            return "boost"
        case And() | Or() | Not() | Near() | Words() | Exact() | Pattern():
            return type(node).__name__.lower()
        case _:
            return "other"


def _children(node: Node) -> Iterator[Node]:
    match node:
        case And(children) | Or(children):
            yield from children
        case Not(child) | Boosted(child):
            yield child
        case Near(left, right):
            yield left
            yield right


def _terms(node: Node, segmenter: Segmenter, vocabulary: Vocabulary) -> Sequence[str]:
    """Say by which terms a clause is looked for."""
    match node:
        case Words(text):
            folded = fold(text)
            cut = [term for term in segmenter.terms(folded) if is_content(term.text)]
            units = units_of(folded, cut)
            forms = [
                form
                for unit in units
                for form in (sorted(vocabulary.sharing_stem(unit)) if is_letters(unit) else [unit])
            ]
            return forms or [folded]
        case Exact(text):
            cut = segmenter.terms(fold(text))
            return [" " if term.text == SPACE else term.text for term in cut]
        case Pattern(text):
            folded = fold(text)
            if is_run_pattern(folded):
                return list(runs_like(folded, vocabulary))
            return [checked_pattern(text)]
        case Value(text):
            return [text]
    return []


@dataclass(frozen=True, slots=True)
class Blame:
    """What leaves a query without a hit."""

    how: Literal["alone", "together", "excluded"]
    """It matches nothing by itself; with the clauses before it; or it excludes all there is."""
    text: str


def blame(node: Node, count: Count) -> Blame:
    """Say which clause of a query without hits makes it so."""
    match node:
        case Boosted(child):
            return blame(child, count)
        case And(children):
            for child in children:
                if not count(child):
                    return blame(child, count)
            for end in range(2, len(children) + 1):
                if not count(And(tuple(children[:end]))):
                    return Blame("together", to_text(children[end - 1]))
        case Or(children) if len(children) == 1:
            return blame(children[0], count)
        case Not(child):
            return Blame("excluded", to_text(child))
        case Near(left, right):
            for side in (left, right):
                if not count(side):
                    return blame(side, count)
    return Blame("alone", to_text(node))
