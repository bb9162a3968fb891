"""Here are terms that stand side by side, some of them one of many, give me the engine's query.

A place where any of a few terms may stand is spelled out: a phrase for each. Where they are many,
the phrase is made of patterns, which the engine looks up in its own list of terms; it refuses a
pattern of more than 1,000 states and a phrase that stands for more than 16,384 terms, so those are
divided among several.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, product
from typing import Literal, NamedTuple

import tantivy

from ipsearch.analysis import units

MOST_UNITS = 2_000
"""The longest phrase: with two places of many terms it stays below what the engine refuses."""

MOST_EXPANDED = 7_000
"""Terms that one pattern stands for, about."""

_MOST_SPELLED = 400  # phrases; a pattern costs the engine a thousand times as much to prepare
_MOST_SPELLED_SLOTS = 4_000  # each of them takes a kilobyte or two in each field
_MOST_IN_PATTERN = 100  # terms or beginnings of terms
_MOST_PATTERNS = 5  # beyond it, walking the engine's whole list of terms is cheaper
_LONGEST_IN_PATTERN = 300  # characters: 900 states, if they are Han


class Slot(NamedTuple):
    """A place in a phrase and what may stand there."""

    offset: int  # in units
    terms: tuple[str, ...]  # any of them
    open_side: Literal["", "front", "back"] = ""  # they share an ending, or a beginning
    piece: str = ""  # the ending or beginning that they share


Phrase = list[Slot]


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Give the union of `queries`."""
    if not queries:
        return tantivy.Query.empty_query()
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def phrase_queries(schema: tantivy.Schema, field: str, phrase: Phrase) -> list[tantivy.Query]:
    """Give the queries whose union finds the phrase in a field."""
    lowest = phrase[0].offset  # below zero where the first term begins before the quoted text
    offsets = [slot.offset - lowest for slot in phrase]
    ways = math.prod(len(slot.terms) for slot in phrase)
    is_short = ways <= _MOST_SPELLED and ways * len(phrase) <= _MOST_SPELLED_SLOTS
    has_long = any(len(term) > _LONGEST_IN_PATTERN for slot in phrase for term in slot.terms)
    if ways == 1 or is_short or has_long:
        spelled = product(*(slot.terms for slot in phrase))
        return [_spelled(schema, field, offsets, terms) for terms in spelled]
    return [
        tantivy.Query.regex_phrase_query(schema, field, list(zip(offsets, patterns, strict=True)))
        for patterns in product(*(list(_patterns(slot)) for slot in phrase))
    ]


def _spelled(
    schema: tantivy.Schema, field: str, offsets: Sequence[int], terms: Sequence[str]
) -> tantivy.Query:
    if len(terms) == 1:
        return tantivy.Query.term_query(schema, field, terms[0])
    return tantivy.Query.phrase_query(schema, field, list(zip(offsets, terms, strict=True)))


def _patterns(slot: Slot) -> Iterator[str]:
    """Give patterns that together stand for a slot's terms, none too much for the engine."""
    terms, piece = slot.terms, re.escape(slot.piece)
    if slot.open_side == "":
        yield re.escape(terms[0])
    elif slot.open_side == "back":
        rests = sorted(term[len(slot.piece) :] for term in terms)
        yield from (f"{piece}{start}" for start in _starts(rests))
    elif units(terms[0]) > 1:  # Han: of one length, as many characters as units
        gap = len(terms[0]) - len(slot.piece)
        if len(terms) > _MOST_IN_PATTERN * _MOST_PATTERNS:
            yield "." * gap + piece
            return
        for i in range(0, len(terms), _MOST_IN_PATTERN):
            some = terms[i : i + _MOST_IN_PATTERN]
            # Any character that one of them has at a place: what else the engine has so, ends with
            # the piece as well.
            yield "".join(_class({term[at] for term in some}) for at in range(gap)) + piece
    else:
        rests = sorted(term[: len(term) - len(slot.piece)] for term in terms)
        yield from (f"{start}{piece}" for start in _starts(rests))


def _class(chars: set[str]) -> str:
    return f"[{''.join(map(re.escape, sorted(chars)))}]"


def _starts(rests: Sequence[str]) -> Iterator[str]:
    """Give patterns of beginnings that divide sorted texts into groups of bearable size."""
    some: list[str] = []  # beginnings, of which any number of characters may follow
    whole: list[str] = []
    held = 0
    for start, is_whole, count in _divide(rests, 0):
        if held and (held + count > MOST_EXPANDED or len(some) + len(whole) >= _MOST_IN_PATTERN):
            yield _alternatives(some, whole)
            some, whole, held = [], [], 0
        (whole if is_whole else some).append(re.escape(start))
        held += count
    yield _alternatives(some, whole)


def _divide(rests: Sequence[str], size: int) -> Iterator[tuple[str, bool, int]]:
    """Give beginnings of `size` or more characters, whether one is the whole text, and how many
    of the texts each stands for."""
    for start, group in groupby(rests, key=lambda rest: rest[:size]):
        held = list(group)
        if len(start) < size:
            yield start, True, len(held)
        elif len(held) > MOST_EXPANDED and size < 40:
            yield from _divide(held, size + 1)
        else:
            yield start, False, len(held)


def _alternatives(some: Sequence[str], whole: Sequence[str]) -> str:
    longer = [f"(?:{'|'.join(some)}).*"] if some else []
    return f"(?:{'|'.join([*longer, *whole])})"
