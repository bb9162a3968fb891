"""Text on a terminal: made harmless, measured in cells, and said on standard error."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from typing import Any

import click

from ipsearch.cli.messages import message
from ipsearch.harmless import one_line

clean = one_line
"""Makes one harmless line of a text."""


def clean_lines(text: str) -> list[str]:
    """Make harmless lines of `text`, as many as it has."""
    return [clean(line).strip() for line in re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", text)]


def width(text: str) -> int:
    """How many cells `text` takes: two for a wide character, none for what stands on another."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1


def shorten(text: str, most: int) -> str:
    """Cut `text` to at most `most` cells, an ellipsis for what is gone."""
    if width(text) <= most:
        return text
    used = 0
    for index, char in enumerate(text):
        used += _cells(char)
        if used > most - 1:
            return text[:index] + "…"
    return text


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """Fill `text` with spaces to `cells` cells; on its left if it is to stand on the right."""
    fill = " " * max(cells - width(text), 0)
    return fill + text if right else text + fill


def is_styled() -> bool:
    """Whether standard output is a terminal that shows bold type."""
    return (
        sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
    )


def bold(text: str) -> str:
    """Give `text` in bold type, where that can be shown."""
    return f"\x1b[1m{text}\x1b[0m" if is_styled() else text


def note(key: str, **values: Any) -> None:
    """Say something to the person at the terminal, beside the rows."""
    note_line(message(key, **values))


def note_line(line: str) -> None:
    """Put one line on standard error, made harmless; spaces at its beginning stay."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    click.echo(indent + clean(line[len(indent) :]), err=True)
