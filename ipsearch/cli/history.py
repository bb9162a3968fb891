"""`ipsearch history`: the queries of sessions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ipsearch.cli import terminal
from ipsearch.cli.output import Column, as_format, output_option, write_rows
from ipsearch.cli.reading import argument_text

_SESSIONS = (Column("name", heading="session"), Column("queries"), Column("last_asked", most=25))
_QUERIES = (
    Column("number", heading="rank"),
    Column("kind"),
    Column("hits"),
    Column("asked", most=25),
    Column("expression", most=100),
    Column("narrowing"),
)


@click.command(short_help="List the queries of a session. 检索式历史")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--drop", is_flag=True, help="Forget the session. 删除")
@output_option
def history(corpus: Path, name: str | None, drop: bool, output: str) -> None:
    """List the sessions in the corpus DIR, or the queries of the session NAME.

    检索式历史。A query asked with `--session NAME` has the number that stands before it, and `#1`
    stands for it in later ones.

    \b
    Example:
        ipsearch query indexes/mine '"石墨烯"' --session mine
        ipsearch query indexes/mine '#1 AND ipc:H01M' --session mine
        ipsearch history indexes/mine mine
    """
    import ipsearch

    with ipsearch.open(corpus) as opened:
        if name is None:
            if drop:
                raise click.UsageError("say which session to drop")
            rows = [asdict(session) for session in opened.sessions()]
            write_rows(rows, _SESSIONS, as_format(output))
            return
        session = opened.session(argument_text(name))
        if drop:
            terminal.note("session_dropped", name=session.name, queries=session.drop())
            return
        entries = [asdict(entry) for entry in session.entries]
    if not entries:
        terminal.note("session_empty", name=session.name)
    write_rows(entries, _QUERIES, as_format(output))
