"""`ipsearch facets`: how what an expression finds is spread over offices, years, applicants ..."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from ipsearch.cli import terminal
from ipsearch.cli.narrowing import narrowing_options, read_expression, read_names
from ipsearch.cli.output import Column, as_format, output_option, write_rows
from ipsearch.cli.query import as_kind

if TYPE_CHECKING:
    from ipsearch.library import Narrowing
    from ipsearch.search.facets import Facet


@click.command(short_help="Count what an expression finds by its values. 统计")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("expression", metavar="EXPR")
@click.option("--by", metavar="A,B,...", help="office, year, applicant, ipc4 ...; errors list all.")
@click.option(
    "--top",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Values of each, the most frequent ones; 0: all.",
)
@narrowing_options
@output_option
def facets(
    corpus: Path,
    expression: str,
    by: str | None,
    top: int,
    kind: str | None,
    session: str | None,
    output: str,
    **narrowing: Unpack[Narrowing],
) -> None:
    """Count the records in the corpus DIR that match EXPR by office, year, applicant, class ...

    统计检索结果的分布，计数精确。A record with several values counts once for each. JSON Lines
    have a line a facet, with the number of different values and of records without any.

    \b
    Example:
        ipsearch facets indexes/mine 'ti:电池' --by office,year,applicant --top 10
        ipsearch facets indexes/mine '*' --kind trademark --by nice --top 0 -o csv
    """
    import ipsearch

    with ipsearch.open(corpus) as opened:
        counted = opened.facets(
            read_expression(opened, expression, as_kind(kind), session),
            read_names(by),
            top or None,
            kind=as_kind(kind),
            **narrowing,
        )
    if output == "jsonl":
        write_rows(map(_line, counted.values()), (), as_format(output))
    else:
        columns = (Column("facet"), Column("value"), Column("records"))
        write_rows(_rows(counted.values()), columns, as_format(output))
    for facet in counted.values():
        terminal.note(
            "facet_sum",
            name=facet.name,
            distinct=facet.distinct,
            missing=facet.missing,
            records=facet.records,
        )


def _rows(facets: Iterable[Facet]) -> Iterator[dict[str, Any]]:
    for facet in facets:
        for value, records in facet.values:
            yield {"facet": facet.name, "value": value, "records": records}


def _line(facet: Facet) -> dict[str, Any]:
    return {
        "facet": facet.name,
        "records": facet.records,
        "distinct": facet.distinct,
        "missing": facet.missing,
        "values": [{"value": value, "records": records} for value, records in facet.values],
    }
