"""What commands read besides a corpus: texts and lists of numbers, from files or standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click


def read_text(path: str) -> str:
    """Read all of a file, or of standard input if `path` is `-`, in the encoding that it has."""
    from ipsearch.sources.encoding import detect_encoding

    raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    return raw.decode(detect_encoding(raw), "replace")


def argument_text(text: str) -> str:
    """Give an argument as text, also where its bytes are not what the locale says (GB18030)."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    from ipsearch.sources.encoding import detect_encoding

    raw = os.fsencode(text)
    return raw.decode(detect_encoding(raw), "replace")


def read_list(path: str) -> list[str]:
    """Read a list, one entry a line; empty lines and lines that begin with # are left out."""
    lines = (line.strip() for line in read_text(path).splitlines())
    return [line for line in lines if line and not line.startswith("#")]


class Listed(NamedTuple):
    """A number as somebody gave it, and where: in no file if it was an argument."""

    number: str
    file: str = ""
    line: int = 0


def read_numbers(path: str) -> list[Listed]:
    """Read a list of numbers, one a line; what stands behind # is a comment."""
    lines = enumerate(read_text(path).splitlines(), start=1)
    entries = [Listed(text.partition("#")[0].strip(), path, line) for line, text in lines]
    return [entry for entry in entries if entry.number]


def first_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Read an option as a day, or the first day of a month or year: 2021-03-05, 2021-03, 2021."""
    return None if value is None else _span(value, param)[0]


def last_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Read an option as a day, or the last day of a month or year."""
    return None if value is None else _span(value, param)[1]


def _span(text: str, param: click.Parameter) -> tuple[date, date]:
    from ipsearch.search.points import time_span

    try:
        first, last = time_span(text)
        return _as_date(first), _as_date(last)
    except ValueError as error:
        raise click.BadParameter(str(error), param=param) from None


def _as_date(point: int) -> date:
    return date(point // 10_000, point // 100 % 100, point % 100)


def listed_numbers(arguments: Iterable[str]) -> Iterator[Listed]:
    """Give the numbers that arguments stand for: themselves, or a list: `@FILE`, `@-` or `-`."""
    for argument in arguments:
        if argument != "-" and not argument.startswith("@"):
            yield Listed(argument_text(argument))
            continue
        path = argument.removeprefix("@")
        try:
            yield from read_numbers(path)
        except OSError as error:
            reason = f"{path}: {error.strerror}"
            raise click.BadParameter(reason, param_hint="NUMBER") from None


def numbers_of(arguments: Iterable[str]) -> Iterator[str]:
    """Give the numbers that arguments stand for: themselves, `@FILE` or `-` for a list of them."""
    for argument in arguments:
        if argument == "-":
            yield from read_list("-")
        elif argument.startswith("@"):
            try:
                yield from read_list(argument[1:])
            except OSError as error:
                reason = f"{argument[1:]}: {error.strerror}"
                raise click.BadParameter(reason, param_hint="NUMBER") from None
        else:
            yield argument_text(argument)
