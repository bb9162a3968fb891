"""A query as a tree: what was asked, before anything is known of an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ipsearch.search.fields import Field


@dataclass(frozen=True, slots=True)
class Words:
    """Words as typed, without quotes."""

    text: str
    field: Field
    is_plain: bool = True  # no field was named


@dataclass(frozen=True, slots=True)
class Exact:
    """A text in quotes: it must stand so in one value of the field."""

    text: str
    field: Field


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with signs for what is not known, as typed: batter*, col?r, *烯, 石?烯."""

    text: str
    field: Field
    is_plain: bool = True  # no field was named


@dataclass(frozen=True, slots=True)
class Near:
    """Two things that stand in one value of a field with few units between them.

    A side is `Words`, `Exact`, `Pattern` or an `Or` of these, all in the same field.
    """

    left: Node
    right: Node
    most: int  # units between the end of the one and the beginning of the other
    is_ordered: bool  # the left one comes first


@dataclass(frozen=True, slots=True)
class Boosted:
    """A clause that counts for more, or less, in the ranking."""

    child: Node
    factor: float


@dataclass(frozen=True, slots=True)
class Earlier:
    """The result of an earlier query of the session, by its number: #1."""

    number: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a record, in any spelling."""

    text: str
    field: Field


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it stands, or a class with all below it."""

    text: str
    field: Field


@dataclass(frozen=True, slots=True)
class Range:
    """A span of dates (20210305) or integers; None is open; both ends belong to it."""

    low: int | None
    high: int | None
    field: Field


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    children: tuple[Node, ...]
    is_implied: bool = False  # no operator was written: words side by side


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match."""

    child: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


Node = (
    Words
    | Exact
    | Pattern
    | Near
    | Boosted
    | Earlier
    | Number
    | Value
    | Range
    | And
    | Or
    | Not
    | Everything
)


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
