"""`#3` in a query stands for the third query of its session: its tree is put in that place.

What is put in is the query, asked anew of the records there are now, and not a list of what it
found. Only earlier numbers can be named, so nothing goes round in circles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ipsearch.errors import QueryError
from ipsearch.records import Kind
from ipsearch.search.parser import MAX_DEPTH, parse
from ipsearch.search.tree import And, Boosted, Earlier, Near, Node, Not, Or
from ipsearch.search.wording import free_words

MOST_NODES = 200_000
"""Clauses of a query with all that it refers to: `#1 OR #1`, `#2 OR #2` ... double each time."""


class Asked(NamedTuple):
    """A query that was asked before."""

    kind: Kind
    expression: str
    narrowing: str = ""  # a second query that what was found had to match too, if any


class Whole(NamedTuple):
    """A tree in which nothing refers to another query."""

    node: Node
    ranked: tuple[tuple[int, str], ...] = ()
    """Numbers and words of what was put in and is nothing but words: asked alone it ranks by any of
    them, within another query every word must stand in the record."""


class _Measured(NamedTuple):
    node: Node
    depth: int
    size: int  # counted again wherever it is put in


def references(node: Node) -> list[int]:
    """Give the numbers that a tree refers to, once each, in the order they stand."""
    found: dict[int, None] = {}
    todo = [node]
    while todo:
        node = todo.pop()
        if isinstance(node, Earlier):
            found[node.number] = None
        todo += reversed(_children(node))
    return list(found)


def put_in_place(
    node: Node, kind: Kind, session: str, look_up: Callable[[int], Asked | None]
) -> Whole:
    """Put the trees of earlier queries where a tree refers to them, and where those do.

    Raises `QueryError` if there is no query of a number, if it asked for another kind of record,
    or if the whole becomes deeper or larger than a query may be.
    """
    first = references(node)
    if not first:
        return Whole(node)
    trees: dict[int, Node] = {}
    todo = first[::-1]
    while todo:
        number = todo.pop()
        if number not in trees:
            trees[number] = _tree(number, kind, session, look_up(number))
            for other in references(trees[number]):
                if other >= number:
                    raise QueryError(f"#{number} of session {session!r} refers to #{other}")
                todo.append(other)
    given: dict[int, _Measured] = {}
    for number in sorted(trees):  # a query refers to lower numbers only
        given[number] = _replaced(trees[number], given)
        _check_size(given[number], f"#{number}")
    whole = _replaced(node, given)
    _check_size(whole, "the query")
    is_alone = isinstance(node, Earlier) and not references(trees[node.number])
    free = () if is_alone else ((n, _free_words(trees[n])) for n in sorted(trees))
    return Whole(whole.node, tuple((number, words) for number, words in free if words))


def _free_words(node: Node) -> str:
    """Give the words of a query that is nothing but words, no field named; else ""."""
    return " ".join(word.text for word, _ in free_words(node))


def _tree(number: int, kind: Kind, session: str, asked: Asked | None) -> Node:
    if asked is None:
        raise QueryError(f"there is no #{number} in session {session!r}")
    if asked.kind != kind:
        raise QueryError(f"#{number} of session {session!r} asked for a {asked.kind}, not a {kind}")
    try:
        tree = parse(asked.expression, kind)
        return And((tree, parse(asked.narrowing, kind))) if asked.narrowing else tree
    except QueryError as error:
        raise QueryError(f"#{number} of session {session!r}: {error}") from None


def _check_size(measured: _Measured, what: str) -> None:
    if measured.depth > MAX_DEPTH:
        raise QueryError(
            f"{what}, with the earlier queries put in, has {measured.depth} levels inside each"
            f" other, more than {MAX_DEPTH}: write out some of them"
        )
    if measured.size > MOST_NODES:
        raise QueryError(
            f"{what}, with the earlier queries put in, has {measured.size} clauses,"
            f" more than {MOST_NODES}: write out some of them"
        )


def _replaced(root: Node, given: Mapping[int, _Measured]) -> _Measured:
    """Put what is given in place, from the leaves up, without a call in a call: trees are deep."""
    done: list[_Measured] = []
    todo: list[tuple[Node, bool]] = [(root, False)]
    while todo:
        node, is_ready = todo.pop()
        children = _children(node)
        if isinstance(node, Earlier):
            done.append(given[node.number])
        elif not children:
            done.append(_Measured(node, 1, 1))
        elif not is_ready:
            todo.append((node, True))
            todo += [(child, False) for child in reversed(children)]
        else:
            own = done[-len(children) :]
            del done[-len(children) :]
            depth = 1 + max(child.depth for child in own)
            size = 1 + sum(child.size for child in own)
            done.append(_Measured(_rebuilt(node, [child.node for child in own]), depth, size))
    return done[0]


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And(children, _) | Or(children):
            return children
        case Not(child) | Boosted(child, _):
            return (child,)
        case Near(left, right, _, _):
            return (left, right)
        case _:
            return ()


def _rebuilt(node: Node, children: list[Node]) -> Node:
    """Give a node with other children; the same if they are the same."""
    before = _children(node)
    if all(old is new for old, new in zip(before, children, strict=True)):
        return node
    match node:
        case And():
            # A query put beside a word is a clause: they are no longer words side by side.
            has_put_in = any(isinstance(child, Earlier) for child in before)
            return And(tuple(children), node.is_implied and not has_put_in)
        case Or():
            return Or(tuple(children))
        case Not():
            return Not(children[0])
        case Boosted():
            return Boosted(children[0], node.factor)
        case _:
            raise QueryError("an earlier query cannot stand beside W/n or N/n")
