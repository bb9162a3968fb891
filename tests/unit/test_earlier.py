"""Earlier queries of a session, put in place by their trees."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from ipsearch.errors import QueryError
from ipsearch.search.earlier import MOST_NODES, Asked, put_in_place, references
from ipsearch.search.parser import MAX_DEPTH, parse
from ipsearch.search.tree import And, Boosted, Node, Not, Or

HISTORY = ['"石墨烯"', "ipc:H01M", "#1 AND #2", "#3 OR NOT #1", "电池 电极"]
WRITTEN_OUT = {
    "#1": '"石墨烯"',
    "#1 AND #2": '"石墨烯" AND ipc:H01M',
    "#3 NOT ti:正极": '("石墨烯" AND ipc:H01M) AND NOT ti:正极',
    "(#4)^2 OR #2": '(("石墨烯" AND ipc:H01M) OR NOT "石墨烯")^2 OR ipc:H01M',
    "#5": "电池 电极",
    "#5 AND #1": '(电池 电极) AND "石墨烯"',
    "#2 AND #2": "ipc:H01M AND ipc:H01M",
    "pd>=2018": "pd>=2018",
}


def looked_up(history: list[str], **given: Any) -> Callable[[int], Asked | None]:
    def look_up(number: int) -> Asked | None:
        is_there = 1 <= number <= len(history)
        return Asked(given.get("kind", "patent"), history[number - 1]) if is_there else None

    return look_up


def whole(text: str, history: list[str] = HISTORY) -> Node:
    return put_in_place(parse(text, "patent"), "patent", "s", looked_up(history)).node


@pytest.mark.parametrize("text", WRITTEN_OUT)
def test_a_reference_is_what_it_stands_for_in_parentheses(text: str) -> None:
    """A query with references is the tree of the same query written out by hand."""
    assert whole(text) == parse(WRITTEN_OUT[text], "patent")


def test_words_beside_a_reference_are_clauses() -> None:
    """A word beside a reference must stand in the record, though no operator is written."""
    tree = whole("#5 正极")
    assert isinstance(tree, And) and not tree.is_implied
    tree = whole("#1 正极", ["石墨烯"])
    assert isinstance(tree, And) and not tree.is_implied


def test_references_are_found_everywhere() -> None:
    """Every number counts once, in the order they stand, also under NOT, OR and a boost."""
    assert references(parse("NOT (#3 OR (#1)^2) AND #12 AND #3", "patent")) == [3, 1, 12]
    assert references(parse('"#1" OR 电池', "patent")) == []


def test_what_is_only_words_is_told() -> None:
    """Words alone rank by any; put into another query they are told, alone they are not."""

    def ranked(text: str) -> tuple[tuple[int, str], ...]:
        return put_in_place(parse(text, "patent"), "patent", "s", looked_up(HISTORY)).ranked

    assert ranked("#5 AND #1") == ((5, "电池 电极"),)
    assert ranked("#5") == ranked("#1 AND #2") == ()


@pytest.mark.parametrize(
    ("text", "history", "reason"),
    [
        ("#6", HISTORY, "there is no #6 in session 's'"),
        ("#0", HISTORY, "#0|'0'"),
        ("#1", [], "there is no #1"),
        ("#1", ["#1"], "#1 of session 's' refers to #1"),  # a file changed by hand
        ("#1", ["#2", "#1"], "#1 of session 's' refers to #2"),
        ("#1", ["((("], "#1 of session 's': column"),
    ],
)
def test_what_is_not_there(text: str, history: list[str], reason: str) -> None:
    """A number that is not there is an error that names it and the session."""
    with pytest.raises(QueryError, match=reason.replace("(", "\\(")):
        whole(text, history)


def test_the_other_kind() -> None:
    """A query for marks cannot be part of one for patents."""
    with pytest.raises(QueryError, match="#1 of session 's' asked for a trademark, not a patent"):
        put_in_place(parse("#1", "patent"), "patent", "s", looked_up(["a"], kind="trademark"))


def test_what_narrowed_a_query_stays_with_it() -> None:
    """The office and the dates given beside a query belong to what it stands for."""
    asked = Asked("patent", "电池 OR 电极", "office:CN AND pd>=2018-01-01")
    tree = put_in_place(parse("#1 AND ti:正极", "patent"), "patent", "s", lambda _: asked).node
    written = "((电池 OR 电极) AND (office:CN AND pd>=2018-01-01)) AND ti:正极"
    assert tree == parse(written, "patent")


def test_long_chains_end_in_an_error_and_not_in_a_crash() -> None:
    """As deep as a query may be is answered, one deeper is refused; the stack does not grow."""
    history = ["ti:a", *(f"#{n} AND ti:b" for n in range(1, 5_000))]
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        tree = whole(f"#{MAX_DEPTH}", history)
        for number in (MAX_DEPTH + 1, 4_900):
            with pytest.raises(QueryError, match=f"more than {MAX_DEPTH}"):
                whole(f"#{number}", history)
    finally:
        sys.setrecursionlimit(limit)
    depth = 1
    while isinstance(tree, And | Or | Not | Boosted):
        tree = tree.children[0] if isinstance(tree, And | Or) else tree.child
        depth += 1
    assert depth == MAX_DEPTH


def test_doubling_ends_in_an_error() -> None:
    """Each query twice the one before: refused by size, at once."""
    history = ["ti:a", *(f"#{n} OR #{n}" for n in range(1, 400))]
    with pytest.raises(QueryError, match=f"more than {MOST_NODES}"):
        whole("#400", history)
