"""Rows on standard output, the same way for every command: a table, JSON Lines or CSV."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar, cast

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import MESSAGES, message

Format = Literal["table", "jsonl", "csv"]
Row = Mapping[str, Any]
_Command = TypeVar("_Command", bound=Callable[..., Any])

# Allowed as it stands in JSON, but not harmless on a terminal.
_TO_ESCAPE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

_NARROWEST = 14  # cells: a publication number is not cut


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table and of CSV; JSON Lines have the whole row."""

    name: str  # the key in a row, and the heading in CSV
    most: int = 60  # cells in a table; longer values are cut, but not in CSV
    in_table: bool = True
    heading: str = ""  # of the table: "column." and this in `messages`; by default the name


def output_option(command: _Command) -> _Command:
    """Give a command the option `--output`, the same for all."""
    return click.option(
        "-o",
        "--output",
        type=click.Choice(["table", "jsonl", "csv"]),
        default="table",
        show_default=True,
        help="A table to read, or JSON Lines or CSV in UTF-8.",
    )(command)


def write_rows(
    rows: Iterable[Row],
    columns: Sequence[Column],
    output: Format,
    *,
    below: Callable[[Row], str] | None = None,
) -> None:
    """Write `rows` to standard output.

    A table is as wide as its longest values, each at most its column's `most`; `below` gives
    further lines under a row, harmless already, "" for none.
    """
    if output == "jsonl":
        for row in rows:
            _write(to_json(row) + "\n")
    elif output == "csv":
        _write_csv(rows, columns)
    else:
        _write_table(list(rows), [c for c in columns if c.in_table], below)


def to_json(value: Any, indent: int | None = None) -> str:
    """Write a value as JSON: dates are ISO 8601, what is unsafe on a terminal is escaped."""
    text = json.dumps(value, ensure_ascii=False, default=_plain, indent=indent)
    return _TO_ESCAPE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def flatten(value: Any, joint: str = "; ") -> str:
    """Make one text of a value: of a passage its text, of a party its name; lists are joined.

    >>> flatten([{"language": "zh", "text": "电池"}, {"language": "en", "text": "battery"}])
    '电池; battery'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return joint.join(flatten(item, ", ") for item in value)
    if isinstance(value, Mapping):
        if "language" in value:
            return flatten(value["text"])
        if "address" in value:
            return flatten(value["name"] or value.get("organization"))
        return " ".join(filter(None, (flatten(item, ", ") for item in value.values())))
    return str(value)


def _write(text: str) -> None:
    """Write bytes of UTF-8, whatever the locale says: other programs read them."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))


def _csv_cell(value: object) -> str:
    """Flatten a value, an apostrophe before a text that a spreadsheet would take for a formula."""
    from ipsearch.search.cells import FORMULA_SIGNS

    text = flatten(value)
    is_number = isinstance(value, (int, float))
    return f"'{text}" if text[:1] in FORMULA_SIGNS and text and not is_number else text


def _write_csv(rows: Iterable[Row], columns: Sequence[Column]) -> None:
    shown = terminal.clean if sys.stdout.isatty() else str
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([shown(_csv_cell(row.get(column.name))) for column in columns])
        _write(buffer.getvalue())
        buffer.seek(0)
        buffer.truncate()
    _write(buffer.getvalue())


def _write_table(
    rows: Sequence[Row], columns: Sequence[Column], below: Callable[[Row], str] | None
) -> None:
    if not rows:
        return
    cells = [[_cell(row, column) for column in columns] for row in rows]
    headings = [_heading(column) for column in columns]
    widths = [max(map(terminal.width, column)) for column in zip(headings, *cells, strict=True)]
    if sys.stdout.isatty():
        widths = _narrowed(widths, shutil.get_terminal_size().columns)
    numeric = [
        all(isinstance(row.get(column.name), (int, float, type(None))) for row in rows)
        for column in columns
    ]
    click.echo(terminal.bold(_line(headings, widths, numeric)))
    for row, line in zip(rows, cells, strict=True):
        click.echo(_line(line, widths, numeric))
        if below is not None and (text := below(row)):
            click.echo(textwrap.indent(text, " " * (widths[0] + 2)))


def _cell(row: Row, column: Column) -> str:
    value = row.get(column.name)
    is_count = isinstance(value, int) and not isinstance(value, bool)
    text = f"{value:,}" if is_count else flatten(value)
    return terminal.shorten(terminal.clean(text), column.most)


def _heading(column: Column) -> str:
    key = f"column.{column.heading or column.name}"
    return message(key) if key in MESSAGES else column.name


def _narrowed(widths: Sequence[int], room: int) -> list[int]:
    """Take from the widest columns until a line fits into `room`, if it can."""
    narrowed = list(widths)
    while sum(narrowed) + 2 * (len(narrowed) - 1) > room:
        widest = max(range(len(narrowed)), key=narrowed.__getitem__)
        if narrowed[widest] <= _NARROWEST:
            break
        narrowed[widest] -= 1
    return narrowed


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    shown = [
        terminal.pad(terminal.shorten(cell, room), room, right=is_numeric)
        for cell, room, is_numeric in zip(cells, widths, numeric, strict=True)
    ]
    return "  ".join(shown).rstrip()


def write_labelled(pairs: Iterable[tuple[str, str | Sequence[str]]]) -> None:
    """Write labels and values under each other; a value of several lines is indented.

    Labels are already in the language chosen; values are made harmless here. What is empty is
    left out.
    """
    shown = [(label, [value] if isinstance(value, str) else list(value)) for label, value in pairs]
    shown = [(label, lines) for label, lines in shown if any(lines)]
    cells = max((terminal.width(label) for label, _ in shown), default=0)
    for label, values in shown:
        lines = [line for value in values for line in terminal.clean_lines(value)]
        for index, line in enumerate(lines):
            first = terminal.bold(terminal.pad(label, cells)) if index == 0 else " " * cells
            click.echo(f"{first}  {line}".rstrip())


def as_format(output: str) -> Format:
    """Give the chosen format its type."""
    return cast(Format, output)
