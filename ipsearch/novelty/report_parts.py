"""What a report is made of, whatever it is written as: texts, tables, sections.

Every text of a record or a user comes in by `text` or `marked`, which leave nothing in it that
could move a cursor, turn the order of characters around, or stand in no XML document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from ipsearch.harmless import one_line, visible
from ipsearch.novelty.passages import densest

Language = Literal["zh", "en"]
Say = Callable[..., str]
"""Gives a phrase of `report_words` by its key, in the report's language, with values put in."""

# What is no character: it stands in no XML document (XML 1.0, section 2.2).
_NO_CHARACTER = re.compile("[\ufffe\uffff]")


class Run(NamedTuple):
    """A piece of a line, in one hand."""

    text: str
    is_marked: bool = False


Text = tuple[Run, ...]
"""One line."""
Cell = tuple[Text, ...]
"""The lines of a cell; none where it is left blank."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a note is set smaller."""

    text: Text
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a part of a section."""

    text: Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    heading: str
    share: int  # of the width, to those of the other columns


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, a cell a column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and what belongs to each."""

    rows: tuple[tuple[str, Cell], ...]


Block = Paragraph | Heading | Table | Fields


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with a heading."""

    heading: str
    blocks: tuple[Block, ...]
    begins_page: bool = True  # in print


def harmless(text: str) -> str:
    """Make one harmless line of `text`, fit for XML: what is unsafe is made visible."""
    return _NO_CHARACTER.sub(visible, one_line(text))


def text(value: str, most: int | None = None) -> Text:
    """Make a line, of at most `most` characters."""
    if most is not None and len(value) > most:
        value = value[:most] + "…"
    return (Run(harmless(value).strip()),)


def lines(*values: str) -> Cell:
    """Make a cell, a line each; empty ones are left out."""
    return tuple(text(value) for value in values if value.strip())


def paragraphs(value: str) -> Cell:
    """Make a cell of a text's own lines."""
    return lines(*value.splitlines())


def marked(value: str, spans: Sequence[tuple[int, int]], most: int) -> Text:
    """Make a line in which `spans` are marked, of `most` characters around most of them.

    Spans are sorted and do not overlap.
    """
    begin, end = densest(len(value), spans, most)
    runs = [Run("…")] if begin else []
    at = begin
    for first, last in spans:
        if first < begin or last > end:
            continue
        runs += [Run(harmless(value[at:first])), Run(harmless(value[first:last]), True)]
        at = last
    runs.append(Run(harmless(value[at:end])))
    if end < len(value):
        runs.append(Run("…"))
    return tuple(run for run in runs if run.text)


def joined(values: Sequence[str], say: Say) -> str:
    """Say some values in one line, or that there are none."""
    return say("separator").join(values) or say("none")


def day_or_unknown(day: date | None, say: Say) -> str:
    """Say a day, or that it is not known."""
    return str(day) if day else say("unknown")
