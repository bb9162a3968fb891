"""`ipsearch show`: whole records, by number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.front_page import write_front_page
from ipsearch.cli.messages import message
from ipsearch.cli.output import Column, as_format, output_option, write_rows
from ipsearch.cli.reading import Listed, listed_numbers

if TYPE_CHECKING:
    import ipsearch

NONE_FOUND, SOME_MISSING = 1, 4
_AT_ONCE = 2_000  # numbers that are looked up together: their whole records are held


@click.command(short_help="Show whole records by number. 按号码显示")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True)
@output_option
@click.pass_context
def show(ctx: click.Context, corpus: Path, numbers: tuple[str, ...], output: str) -> None:
    """Show every record in the corpus DIR that goes by a NUMBER, in any spelling.

    按号码显示完整记录。NUMBER `@FILE` stands for a list of numbers, one a line, what follows # a
    comment; `@-` or `-` for such a list on standard input. Exit status 4 if some numbers have no
    record, 1 if none has.

    \b
    Example:
        ipsearch show indexes/mine CN108900011A 201810900011.3
        ipsearch show indexes/mine @numbers.txt -o csv
    """
    import ipsearch
    from ipsearch.records import PATENT, TRADEMARK

    firsts: dict[str, Listed] = {}
    for entry in listed_numbers(numbers):
        firsts.setdefault(entry.number, entry)
    wanted = list(firsts.values())
    missing: list[Listed] = []
    with ipsearch.open(corpus) as opened:
        records = _find(opened, wanted, missing)
        first = next(records, None)
        if first is not None:
            found = chain([first], records)
            if output == "table":
                for index, record in enumerate(found):
                    write_front_page(record, is_first=index == 0)
            else:
                names = dict.fromkeys(["record", *PATENT.names, *TRADEMARK.names])
                write_rows(found, [Column(name) for name in names], as_format(output))
    if missing and len(wanted) > 1:
        terminal.note("some_missing", missing=len(missing), numbers=len(wanted))
    if first is None:
        ctx.exit(NONE_FOUND)
    if missing:
        ctx.exit(SOME_MISSING)


def _find(
    corpus: ipsearch.Corpus, wanted: Sequence[Listed], missing: list[Listed]
) -> Iterator[dict[str, Any]]:
    """Find the records of each number, once each; says which numbers have none, and why."""
    from ipsearch.identifiers import explain

    seen: set[tuple[str, str]] = set()
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        found = corpus.get_many(entry.number for entry in some)
        for entry in some:
            if reason := explain(entry.number):
                _say(entry, "number_doubtful", number=entry.number, reason=reason)
            records = found.pop(entry.number)
            if not records:
                missing.append(entry)
                key = "not_found" if _is_number(entry.number) else "not_a_number"
                _say(entry, key, number=entry.number)
            for record in records:
                name = record["record"], record["id"]
                if name not in seen:
                    seen.add(name)
                    yield record


def _is_number(text: str) -> bool:
    from ipsearch.errors import IdentifierError
    from ipsearch.identifiers import lookup_keys

    try:
        return bool(lookup_keys(text))
    except IdentifierError:
        return False


def _say(entry: Listed, key: str, **values: str) -> None:
    """Say something of a number, with its file and line if it came out of a list."""
    if entry.line:
        told = message(key, **values)
        terminal.note("at_line", file=entry.file, line=entry.line, told=told)
    else:
        terminal.note(key, **values)
