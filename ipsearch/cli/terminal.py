"""Text on a terminal: made harmless, measured in cells, and said on standard error."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from typing import Any

import click

from ipsearch.cli.messages import message

# What could move the cursor, colour the screen, or turn the order of characters around.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("[\t\n\r\v\f\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """Make one harmless line of `text`: line ends are spaces, what is unsafe is made visible.

    >>> clean("a\\x1b[31mb")
    'a␛[31mb'
    """
    return _UNSAFE.sub(_visible, _LINE_ENDS.sub(" ", text))


def clean_lines(text: str) -> list[str]:
    """Make harmless lines of `text`, as many as it has."""
    return [clean(line).strip() for line in re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", text)]


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of a control character
    return "\u2421" if code == 0x7F else f"<U+{code:04X}>"


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
