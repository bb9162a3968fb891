"""`ipsearch watch`: marks, patents, competitors and queries that are watched, and their alerts."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.interruption import interruptible
from ipsearch.cli.output import (
    Column,
    as_format,
    flatten,
    output_option,
    write_labelled,
    write_rows,
)
from ipsearch.cli.progress import progress_bars
from ipsearch.cli.reading import argument_text, read_text
from ipsearch.cli.watch_alerts import ALERT_COMMANDS, label, said

if TYPE_CHECKING:
    from ipsearch.watch.lists import Watch
    from ipsearch.watch.run import Ran

ALERTED, SOME_FAILED = 3, 4

_WATCHES = (
    Column("name", heading="watch", most=40),
    Column("watch_kind", heading="watch_kind"),
    Column("subject", heading="watched", most=50),
    Column("alerts"),
    Column("waiting"),
    Column("looked", most=25),
    Column("looked_to", in_table=False),
    Column("added", in_table=False),
    Column("note"),
)
_RAN = (
    Column("name", heading="watch", most=40),
    Column("kind", heading="watch_kind"),
    Column("records", heading="came_in"),
    Column("new"),
    Column("reopened"),
    Column("fault", in_table=False),
)

_corpus = click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
_name = click.argument("name", metavar="NAME")
_names = click.argument("names", metavar="[NAME]...", nargs=-1)
_replace = click.option("--replace", is_flag=True, help="Change what is there of this name. 替换")
_from_now = click.option(
    "--from-now", is_flag=True, help="Look only at what comes in from now on. 仅监测今后"
)


@click.group(short_help="Watch marks, patents, competitors, queries. 监测与预警")
def watch() -> None:
    """Keep an eye on marks, patents, competitors and queries, and see what came up.

    监测与预警：自有商标、自有专利、竞争对手、检索式；每次导入后可知新增了什么。Alerts are leads:
    whether something is similar or infringes is for a person to judge.

    \b
    Example:
        ipsearch watch add indexes/mine --mark 云雀 --class 9 --class 42
        ipsearch watch import indexes/mine watch.toml
        ipsearch ingest delivery.zip --into indexes/mine --watch
        ipsearch watch alerts indexes/mine
        ipsearch watch digest indexes/mine digest.html
    """


@watch.command(short_help="Keep a watch. 新建")
@_corpus
@click.option("--mark", metavar="TEXT", help="An own mark. 自有商标")
@click.option("--patent", metavar="N", help="The number of an own patent. 自有专利")
@click.option("--competitor", "names", metavar="NAME", multiple=True, help="A firm. 竞争对手")
@click.option("--query", "expression", metavar="EXPR", help="A query. 检索式")
@click.option("--name", metavar="NAME", help="Default: the text, number, first firm or query.")
@click.option("--class", "classes", metavar="N", type=int, multiple=True, help="Of a mark: 9.")
@click.option("--group", "groups", metavar="GROUP", multiple=True, help="Of a mark: 0901.")
@click.option("--goods", metavar="WORDS", multiple=True, help="Of a mark: 手机.")
@click.option("--claim", metavar="N", type=click.IntRange(min=1), help="Of a patent.")
@click.option("--threshold", metavar="S", type=float, help="Of a mark or patent: 0 to 1.")
@click.option("--owner", "owners", metavar="NAME", multiple=True, help="Whose raise no alert.")
@click.option("--office", "offices", metavar="CN", multiple=True, help="Only of this office.")
@click.option("--also-dead", is_flag=True, help="Marks that are dead as well. 含失效商标")
@click.option("--kind", type=click.Choice(["patent", "trademark"]), help="Of a query or firm.")
@click.option("--note", metavar="TEXT", help="What it is for. 备注")
@_from_now
@_replace
def add(corpus: Path, from_now: bool, replace: bool, **options: Any) -> None:
    """Keep a watch of one --mark, --patent, --competitor or --query.

    新建监测。It looks at all there is at its first run, or with --from-now at what comes later.
    Several --competitor are names of one. A name that ends in * stands for all that begin so.
    """
    import ipsearch

    made = _make(options)
    with ipsearch.open(corpus) as opened:
        (kept,) = opened.watches.add(made, from_now=from_now, replace=replace)
    terminal.note("watch_added", name=kept.name)


_OF = {  # which options go with what is watched
    "mark": (*("classes", "groups", "goods", "threshold", "owners", "offices"), "also_dead"),
    "patent": ("claim", "threshold", "owners", "offices"),
    "names": ("offices", "kind"),
    "expression": ("kind",),
}
_OPTION = {
    "names": "competitor",
    "expression": "query",
    "classes": "class",
    "groups": "group",
    "owners": "owner",
    "offices": "office",
}


def _make(options: Mapping[str, Any]) -> Watch:
    from ipsearch.watch import CompetitorWatch, MarkWatch, PatentWatch, TopicWatch

    given = {name: _as_text(value) for name, value in options.items() if value}
    what = [name for name in _OF if name in given]
    if len(what) != 1:
        raise click.UsageError("give one of --mark, --patent, --competitor, --query")
    subject, common = what[0], ("name", "note")
    for name in given:
        if name not in (subject, *common, *_OF[subject]):
            option = _OPTION.get(name, name).replace("_", "-")
            raise click.UsageError(f"--{option} does not go with --{_OPTION.get(subject, subject)}")
    value = given.pop(subject)
    if subject == "mark":
        return MarkWatch(value, **given)
    if subject == "patent":
        return PatentWatch(value, **given)
    if subject == "names":
        kinds = (given.pop("kind"),) if "kind" in given else ()
        return CompetitorWatch(value, kinds=kinds, **given)
    return TopicWatch(value, **given)


def _as_text(value: Any) -> Any:
    if isinstance(value, str):
        return argument_text(value)
    return tuple(map(_as_text, value)) if isinstance(value, tuple) else value


@watch.command("list", short_help="List the watches. 列表")
@_corpus
@output_option
def list_(corpus: Path, output: str) -> None:
    """List the watches with how many alerts each has. 列出监测。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        rows = [_watch_row(kept) for kept in opened.watches]
    if output == "table":
        rows = [row | {"watch_kind": said("watch", row["watch_kind"])} for row in rows]
    write_rows(rows, _WATCHES, as_format(output))


def _watch_row(kept: Any) -> dict[str, Any]:
    from ipsearch.watch.lists import kind_of, subject_of

    return {
        "name": kept.name,
        "watch_kind": kind_of(kept.watch),
        "subject": subject_of(kept.watch),
        "alerts": kept.alerts,
        "waiting": kept.waiting,
        "looked": kept.looked,
        "looked_to": kept.looked_to,
        "added": kept.added,
        "note": kept.watch.note,
    }


@watch.command(short_help="Show all of one watch. 显示")
@_corpus
@_name
@output_option
def show(corpus: Path, name: str, output: str) -> None:
    """Show the watch NAME: what it is of, and when it looked last. 显示监测。"""
    import ipsearch
    from ipsearch.watch.list_file import as_table

    with ipsearch.open(corpus) as opened:
        kept = opened.watches.get(argument_text(name))
    row = _watch_row(kept) | as_table(kept.watch)
    if output != "table":
        write_rows([row], [Column(key) for key in row], as_format(output))
        return
    row["watch_kind"] = said("watch", row["watch_kind"])
    write_labelled((label(key), flatten(value)) for key, value in row.items())


@watch.command(short_help="Forget watches. 删除")
@_corpus
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def remove(corpus: Path, names: tuple[str, ...]) -> None:
    """Forget the watches NAME... and their alerts. 删除监测及其提醒。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        opened.watches.remove(*map(argument_text, names))


@watch.command("import", short_help="Take in a watch list. 导入")
@_corpus
@click.argument("path", metavar="FILE")
@_from_now
@_replace
def import_(corpus: Path, path: str, from_now: bool, replace: bool) -> None:
    """Keep the watches of the TOML file FILE as well, all or none; `-` is standard input.

    导入监测清单。One that is here already, the same in all, is passed over.
    """
    import ipsearch

    with ipsearch.open(corpus) as opened:
        if path == "-":
            text = read_text("-")
            kept = opened.watches.read(text, where="-", from_now=from_now, replace=replace)
        else:
            kept = opened.watches.load(path, from_now=from_now, replace=replace)
    terminal.note("watches_read", watches=len(kept))


@watch.command(short_help="Write a watch list. 导出")
@_corpus
@click.argument("path", metavar="FILE")
@_names
def export(corpus: Path, path: str, names: tuple[str, ...]) -> None:
    """Write the watches NAME..., or all, to FILE as TOML; `-` is standard output. 导出监测清单。"""
    import ipsearch

    chosen = [argument_text(name) for name in names]
    with ipsearch.open(corpus) as opened:
        if path == "-":
            sys.stdout.buffer.write(opened.watches.to_toml(*chosen).encode())  # others read it
        else:
            opened.watches.export(path, *chosen)


@watch.command(short_help="Look at what came in. 运行")
@_corpus
@_names
@click.option("--fail-on-alert", is_flag=True, help="Exit status 3 if there is any new alert.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; default: all processors.")
@output_option
@click.pass_context
def run(
    ctx: click.Context,
    corpus: Path,
    names: tuple[str, ...],
    fail_on_alert: bool,
    workers: int | None,
    output: str,
) -> None:
    """Let the watches NAME..., or all, look at what came in since each looked last.

    运行监测。Exit status 4 if a watch could not look; the others look all the same. With
    --fail-on-alert, 3 if an alert was raised or reopened.
    """
    import ipsearch

    with (
        interruptible("interrupted_watch"),
        ipsearch.open(corpus) as opened,
        progress_bars() as report,
    ):
        ran = opened.watches.run(*map(argument_text, names), workers=workers, progress=report)
    rows = [
        {name: getattr(one, name) for name in ("name", "kind", "records", "new", "reopened")}
        | {"fault": one.fault, "run": ran.number}
        for one in ran.looked
    ]
    if output == "table":  # of thousands, those that have something to say
        rows = [
            row | {"kind": said("watch", row["kind"])}
            for row in rows
            if row["new"] or row["reopened"]
        ]
    write_rows(rows, _RAN, as_format(output))
    has_faults = note_ran(ran)
    if fail_on_alert and ran.alerts:
        ctx.exit(ALERTED)
    if has_faults:
        ctx.exit(SOME_FAILED)


def note_ran(ran: Ran) -> bool:
    """Say on standard error what a run did; gives whether some watches could not look."""
    for one in ran.faults:
        terminal.note("watch_fault", name=one.name, reason=one.fault)
    terminal.note(
        "watch_ran",
        number=ran.number,
        watches=len(ran.looked) - len(ran.faults),
        new=sum(one.new for one in ran.looked),
        reopened=sum(one.reopened for one in ran.looked),
    )
    return bool(ran.faults)


for _command in ALERT_COMMANDS:
    watch.add_command(_command)
