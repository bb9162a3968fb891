"""`ipsearch topic`: named queries that are kept, and what is new in each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import message
from ipsearch.cli.output import Column, as_format, output_option, write_labelled, write_rows
from ipsearch.cli.query import query
from ipsearch.cli.reading import argument_text, read_text

if TYPE_CHECKING:
    from ipsearch.search.topics import Refreshed

SOME_FAILED = 4

_TOPICS = (
    Column("name", heading="topic"),
    Column("kind"),
    Column("hits"),
    Column("new"),
    Column("refreshed", most=25),
    Column("added", in_table=False),
    Column("expression", most=80),
    Column("note"),
)
_REFRESHED = (
    Column("name", heading="topic"),
    Column("hits"),
    Column("new", heading="just_new"),
    Column("fault", in_table=False),
)
_NEWS = (Column("id"), Column("found", most=25), Column("title"))

_corpus = click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
_name = click.argument("name", metavar="NAME")
_names = click.argument("names", metavar="[NAME]...", nargs=-1)
_replace = click.option("--replace", is_flag=True, help="Change what is there of this name. 替换")


@click.group(short_help="Keep queries under names. 专题库")
def topic() -> None:
    """Keep queries under names in a corpus, and see what is new in each.

    专题库：命名保存的检索式，每次导入后可知新增了什么。

    \b
    Example:
        ipsearch topic add indexes/mine 石墨烯正极 '"石墨烯" AND ipc:H01M'
        ipsearch ingest delivery.zip --into indexes/mine --topics
        ipsearch topic new indexes/mine 石墨烯正极 --clear
    """


@topic.command(short_help="Keep a query. 新建")
@_corpus
@_name
@click.argument("expression", metavar="EXPR")
@click.option("--kind", type=click.Choice(["patent", "trademark"]), help="Default: patent.")
@click.option("--note", default="", metavar="TEXT", help="What it is for. 备注")
@_replace
def add(
    corpus: Path, name: str, expression: str, kind: str | None, note: str, replace: bool
) -> None:
    """Keep the query EXPR under NAME; what it finds from now on and not today is new.

    新建专题。EXPR `-` is read from standard input.
    """
    import ipsearch

    expression = read_text("-").strip() if expression == "-" else argument_text(expression)
    with ipsearch.open(corpus) as opened:
        added = opened.topics.add(
            argument_text(name),
            expression,
            kind="trademark" if kind == "trademark" else "patent" if kind else None,
            note=argument_text(note),
            replace=replace,
        )
    terminal.note("topic_added", name=added.name, hits=added.hits)


@topic.command("list", short_help="List the topics. 列表")
@_corpus
@output_option
def list_(corpus: Path, output: str) -> None:
    """List the topics with what each found when it was last refreshed. 列出专题。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        write_rows([asdict(kept) for kept in opened.topics], _TOPICS, as_format(output))


@topic.command(short_help="Show all of one topic. 显示")
@_corpus
@_name
@output_option
def show(corpus: Path, name: str, output: str) -> None:
    """Show the topic NAME: its query, its note, when it was refreshed. 显示专题。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        row = asdict(opened.topics.get(argument_text(name)))
    if output != "table":
        write_rows([row], _TOPICS, as_format(output))
        return
    shown = row | {"kind": message(f"kind_{row['kind']}")}
    write_labelled((message(f"label.topic_{key}"), _text(value)) for key, value in shown.items())


@topic.command(short_help="Find what is new. 更新")
@_corpus
@_names
@output_option
@click.pass_context
def refresh(ctx: click.Context, corpus: Path, names: tuple[str, ...], output: str) -> None:
    """Find what is new in the topics NAME..., or in all, since they were refreshed before.

    更新专题。Exit status 4 if a topic could not be asked; the others are refreshed all the same.
    """
    import ipsearch

    with ipsearch.open(corpus) as opened:
        refreshed = opened.topics.refresh(*map(argument_text, names))
    rows = [asdict(one) for one in refreshed]
    if output == "table":
        rows = [row | {"new": len(row["new"])} for row in rows]
    write_rows(rows, _REFRESHED, as_format(output))
    if note_faults(refreshed):
        ctx.exit(SOME_FAILED)


@topic.command(short_help="List what is new. 新增")
@_corpus
@_name
@click.option("--clear", is_flag=True, help="Once listed, it is new no more. 清除")
@output_option
def new(corpus: Path, name: str, clear: bool, output: str) -> None:
    """List the records that are new in the topic NAME, until `--clear`. 列出新增记录。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        kept = opened.topics.get(argument_text(name))
        news = opened.topics.new(kept.name)
        titles = opened.titles([record_id for record_id, _ in news], kind=kept.kind)
        rows = [{"id": i, "found": found, "title": titles.get(i)} for i, found in news]
        write_rows(rows, _NEWS, as_format(output))
        if clear:
            opened.topics.acknowledge(kept.name, [record_id for record_id, _ in news])
    terminal.note("topic_new", name=kept.name, new=len(news))


@topic.command(short_help="Forget topics. 删除")
@_corpus
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def remove(corpus: Path, names: tuple[str, ...]) -> None:
    """Forget the topics NAME...; their records stay. 删除专题。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        opened.topics.remove(*map(argument_text, names))


@topic.command(short_help="Write topics to a TOML file. 导出")
@_corpus
@click.argument("path", metavar="FILE")
@_names
def export(corpus: Path, path: str, names: tuple[str, ...]) -> None:
    """Write the topics NAME..., or all, to FILE as TOML; `-` is standard output. 导出专题。"""
    import ipsearch

    chosen = [argument_text(name) for name in names]
    with ipsearch.open(corpus) as opened:
        if path == "-":
            sys.stdout.buffer.write(opened.topics.to_toml(*chosen).encode())  # others read it
        else:
            opened.topics.export(path, *chosen)


@topic.command("import", short_help="Take in topics of a TOML file. 导入")
@_corpus
@click.argument("path", metavar="FILE")
@_replace
def import_(corpus: Path, path: str, replace: bool) -> None:
    """Keep the topics of FILE as well, all or none; `-` is standard input. 导入专题。

    One that is here already, the same in all, is passed over.
    """
    import ipsearch

    with ipsearch.open(corpus) as opened:
        if path == "-":
            kept = opened.topics.read(read_text("-"), where="-", replace=replace)
        else:
            kept = opened.topics.load(path, replace=replace)
    terminal.note("topics_read", topics=len(kept))


def note_refreshed(refreshed: Sequence[Refreshed]) -> bool:
    """Say on standard error what is new in each topic; gives whether all could be asked."""
    for one in refreshed:
        if one.fault is None:
            terminal.note("topic_refreshed", name=one.name, hits=one.hits, new=len(one.new))
    return not note_faults(refreshed)


def note_faults(refreshed: Sequence[Refreshed]) -> bool:
    """Say on standard error which topics could not be asked; gives whether there are any."""
    faults = [one for one in refreshed if one.fault is not None]
    for one in faults:
        terminal.note("topic_fault", name=one.name, reason=one.fault)
    return bool(faults)


def _text(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _run(corpus: Path, name: str, **options: Any) -> None:
    import ipsearch

    with ipsearch.open(corpus) as opened:
        kept = opened.topics.get(argument_text(name))
    # Not `-` alone, which `query` takes for standard input.
    expression = f" {kept.expression}" if kept.expression == "-" else kept.expression
    click.get_current_context().invoke(
        query, corpus=corpus, expression=expression, kind=kept.kind, **options
    )


_OF_THE_TOPIC = ("corpus", "expression", "kind")

topic.add_command(
    click.Command(
        "run",
        callback=_run,
        params=[
            click.Argument(["corpus"], metavar="DIR", type=click.Path(path_type=Path)),
            click.Argument(["name"], metavar="NAME"),
            *(param for param in query.params if param.name not in _OF_THE_TOPIC),
        ],
        short_help="Ask a topic's query. 检索",
        help="Find what matches the topic NAME now, with the options of `query`. 运行专题。",
    )
)
