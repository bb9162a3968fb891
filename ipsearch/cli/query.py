"""`ipsearch query`: records that match an expression."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ipsearch.cli.output import as_format, output_option
from ipsearch.cli.reading import argument_text, first_day, last_day, read_text
from ipsearch.cli.results import write_count, write_results


@click.command(short_help="Find records by an expression. 检索专利与商标")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("expression", metavar="EXPR")
@click.option("--kind", type=click.Choice(["patent", "trademark"]), help="Default: patent.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Leave out the first ones.")
@click.option(
    "--office", "offices", multiple=True, metavar="CN", help="Of this office; repeatable."
)
@click.option(
    "--from",
    "published_from",
    metavar="DATE",
    callback=first_day,
    help="Published on this day or later.",
)
@click.option(
    "--to",
    "published_to",
    metavar="DATE",
    callback=last_day,
    help="Published on this day or earlier.",
)
@click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="H01M",
    help="In this IPC or CPC class at any level, or this Nice class; repeatable.",
)
@click.option("--count", "only_count", is_flag=True, help="Only say how many there are.")
@output_option
def query(
    corpus: Path,
    expression: str,
    kind: str | None,
    limit: int,
    offset: int,
    offices: tuple[str, ...],
    published_from: date | None,
    published_to: date | None,
    classes: tuple[str, ...],
    only_count: bool,
    output: str,
) -> None:
    """Find the records in the corpus DIR that match EXPR, best first.

    检索专利与商标。EXPR `-` is read from standard input.

    \b
    Example:
        ipsearch query indexes/mine '"石墨烯" AND ipc:H01M' --office CN --from 2020
        ipsearch query indexes/mine 'graphene NOT battery' -o jsonl
        ipsearch query indexes/mine '草原' --kind trademark --class 9
    """
    import ipsearch

    expression = read_text("-").strip() if expression == "-" else argument_text(expression)
    with ipsearch.open(corpus) as opened:
        results = opened.query(
            expression,
            kind="trademark" if kind == "trademark" else "patent" if kind else None,
            limit=1 if only_count else limit,
            offset=0 if only_count else offset,
            office=offices,
            published_from=published_from,
            published_to=published_to,
            in_class=classes,
        )
        if only_count:
            write_count(results, as_format(output))
        else:
            write_results(results, as_format(output), offset=offset)
