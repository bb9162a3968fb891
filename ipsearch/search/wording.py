"""Here are words as they were typed, give me what a searcher means by them."""

from __future__ import annotations

from collections.abc import Sequence

from ipsearch.analysis import SPACE, Term
from ipsearch.analysis.folding import HAN, WORD, classes_of, to_codes
from ipsearch.errors import IdentifierError
from ipsearch.identifiers import lookup_keys
from ipsearch.search.tree import And, Boosted, Node, Words


def free_words(node: Node) -> list[tuple[Words, float]]:
    """Give the words of a query that is nothing but words, and what each counts for; else none."""
    whole, weight = unboosted(node)
    nodes = whole.children if isinstance(whole, And) and whole.is_implied else (whole,)
    words = []
    for child, factor in map(unboosted, nodes):
        if not isinstance(child, Words) or not child.is_plain:
            return []
        words.append((child, weight * factor))
    return words


def unboosted(node: Node) -> tuple[Node, float]:
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
        joins = units and term.position == end and is_all_han(term.text) and is_all_han(units[-1])
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


def is_all_han(term: str) -> bool:
    """Say whether every character of a term is Han."""
    return bool((classes_of(to_codes(term)) == HAN).all())


def is_number(text: str) -> bool:
    """Say whether a word is meant as a document's number: letters of an office and digits, or ."""
    if sum(char.isdigit() for char in text) < 6:
        return False
    try:
        return bool(lookup_keys(text))
    except IdentifierError:
        return False
