"""`ipsearch show`: whole records, by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.front_page import write_front_page
from ipsearch.cli.output import Column, as_format, output_option, write_rows
from ipsearch.cli.reading import numbers_of

if TYPE_CHECKING:
    import ipsearch


@click.command(short_help="Show whole records by number. 按号码显示")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True)
@output_option
@click.pass_context
def show(ctx: click.Context, corpus: Path, numbers: tuple[str, ...], output: str) -> None:
    """Show every record in the corpus DIR that goes by a NUMBER, in any spelling.

    按号码显示完整记录。NUMBER `@FILE` stands for a list of numbers, one a line, `-` for such a list
    on standard input. Exit status 1 if no record at all was found.

    \b
    Example:
        ipsearch show indexes/mine CN108900011A 201810900011.3
        ipsearch show indexes/mine @numbers.txt -o csv
    """
    import ipsearch
    from ipsearch.records import PATENT, TRADEMARK

    wanted = list(numbers_of(numbers))
    with ipsearch.open(corpus) as opened:
        records = _find(opened, wanted)
        first = next(records, None)
        if first is not None:
            found = chain([first], records)
            if output == "table":
                for index, record in enumerate(found):
                    write_front_page(record, is_first=index == 0)
            else:
                names = dict.fromkeys(["record", *PATENT.names, *TRADEMARK.names])
                write_rows(found, [Column(name) for name in names], as_format(output))
    if first is None:
        ctx.exit(1)


def _find(corpus: ipsearch.Corpus, numbers: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Find the records of each number, once each, and say which numbers have none."""
    from ipsearch.errors import IdentifierError
    from ipsearch.identifiers import explain

    seen: set[tuple[str, str]] = set()
    for number in dict.fromkeys(numbers):
        if reason := explain(number):
            terminal.note("number_doubtful", number=number, reason=reason)
        try:
            records = corpus.get(number)
        except IdentifierError:
            terminal.note("not_a_number", number=number)
            continue
        if not records:
            terminal.note("not_found", number=number)
        for record in records:
            name = record["record"], record["id"]
            if name not in seen:
                seen.add(name)
                yield record
