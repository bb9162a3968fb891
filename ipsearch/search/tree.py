"""A query as a tree: what was asked, before anything is known of an index."""

from __future__ import annotations

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


Node = Words | Exact | Number | Value | Range | And | Or | Not | Everything
