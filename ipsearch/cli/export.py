"""`ipsearch export`: all records that match an expression, in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import message
from ipsearch.cli.narrowing import narrowing_options, read_expression, read_names
from ipsearch.cli.progress import progress_bars
from ipsearch.cli.query import as_kind

if TYPE_CHECKING:
    from ipsearch.library import Narrowing

_FORMATS = ("csv", "xlsx", "jsonl", "parquet", "ris")
_STREAMED = ("csv", "jsonl", "ris")


@click.command(short_help="Write all that an expression finds to a file. 导出")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("expression", metavar="EXPR")
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="Default: FILE's ending.")
@click.option(
    "--fields",
    metavar="A,B,...",
    help="Columns of a record. Default: all; for CSV and XLSX those that fit into cells.",
)
@narrowing_options
def export(
    corpus: Path,
    expression: str,
    target: str,
    format_: str | None,
    fields: str | None,
    kind: str | None,
    session: str | None,
    **narrowing: Unpack[Narrowing],
) -> None:
    """Write all records in the corpus DIR that match EXPR to FILE: CSV, XLSX, JSONL, Parquet, RIS.

    导出全部检索结果。FILE `-` is standard output, for CSV, JSON Lines and RIS; EXPR `-` is standard
    input. A file that is there is replaced once the new one is whole.

    \b
    Example:
        ipsearch export indexes/mine 'ipc:H01M' batteries.xlsx
        ipsearch export indexes/mine 'ipc:H01M' - --format csv --fields id,titles,applicants
        ipsearch export indexes/mine 'ti:电池' library.ris --from 2020
    """
    import ipsearch

    if target == "-" and format_ not in _STREAMED:
        raise click.UsageError(f"to standard output, with --format {' or '.join(_STREAMED)}")
    with ipsearch.open(corpus) as opened, progress_bars() as report:
        exported = opened.export(
            read_expression(opened, expression, as_kind(kind), session),
            sys.stdout.buffer if target == "-" else target,
            format=format_,
            fields=read_names(fields),
            kind=as_kind(kind),
            progress=report,
            **narrowing,
        )
    if exported.cut_cells:
        terminal.note("cells_cut", count=exported.cut_cells)
    terminal.note("exported", kind=message(exported.kind), records=exported.records, file=target)
