"""`ipsearch query`: records that match an expression."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ipsearch.cli import terminal
from ipsearch.cli.explain import note_blame, write_explained
from ipsearch.cli.narrowing import read_names
from ipsearch.cli.output import as_format, output_option
from ipsearch.cli.reading import argument_text, first_day, last_day, read_text
from ipsearch.cli.results import write_count, write_results
from ipsearch.records import Kind


def as_kind(name: str | None) -> Kind | None:
    """Take an option's value for what it is."""
    return "trademark" if name == "trademark" else "patent" if name else None


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
@click.option(
    "--sort",
    "order_by",
    metavar="FIELD",
    default="relevance",
    help="pd, ad, id, title, applicant ...; -pd: latest first. Default: relevance. 排序",
)
@click.option(
    "--one-per",
    type=click.Choice(["family", "application"]),
    help="One row a family or application, with its members. 同族或同申请合并",
)
@click.option(
    "--fields", metavar="A,B,...", help="What to show: attributes of a hit, columns of a record."
)
@click.option("--count", "only_count", is_flag=True, help="Only say how many there are.")
@click.option(
    "--explain", "explained", is_flag=True, help="Say how EXPR is understood, clause by clause."
)
@click.option(
    "--session",
    metavar="NAME",
    help="Note the query in this session; #1 is its first. 检索式历史",
)
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
    order_by: str,
    one_per: str | None,
    fields: str | None,
    only_count: bool,
    explained: bool,
    session: str | None,
    output: str,
) -> None:
    """Find the records in the corpus DIR that match EXPR, best first.

    检索专利与商标。EXPR `-` is read from standard input.

    \b
    Example:
        ipsearch query indexes/mine '"石墨烯" AND ipc:H01M' --office CN --from 2020
        ipsearch query indexes/mine 'graphene NOT battery' -o jsonl
        ipsearch query indexes/mine '草原' --kind trademark --class 9
        ipsearch query indexes/mine 'pa:某某大学' --sort -pd --one-per family
        ipsearch query indexes/mine 'ipc:H01M' -o csv --fields id,title,abstracts
    """
    import ipsearch

    expression = read_text("-").strip() if expression == "-" else argument_text(expression)
    with ipsearch.open(corpus) as opened:
        session = argument_text(session) if session is not None else None
        whole = expression  # what #1 and its like stand for written out
        if session is not None:
            whole = opened.session(session).expand(expression, kind=as_kind(kind))
        if explained:
            chosen = opened.explain(whole, kind=as_kind(kind))
            write_explained(chosen, as_format(output))
            return
        results = opened.query(
            expression,
            kind=as_kind(kind),
            limit=1 if only_count else limit,
            offset=0 if only_count else offset,
            office=offices,
            published_from=published_from,
            published_to=published_to,
            in_class=classes,
            session=session,
            order_by=argument_text(order_by),
            one_per=one_per,
        )
        if only_count:
            write_count(results, as_format(output))
        else:
            write_results(results, as_format(output), offset=offset, fields=read_names(fields))
            if not results.total:
                is_narrowed = bool(offices or published_from or published_to or classes)
                note_blame(opened, whole, results.kind, is_narrowed=is_narrowed)
        if session is not None:
            number = opened.session(session).entries[-1].number
            terminal.note("session_noted", number=number, name=session)
