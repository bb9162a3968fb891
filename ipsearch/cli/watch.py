"""`ipsearch watch`: marks, patents, competitors and queries that are watched, and their alerts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ipsearch.cli import terminal
from ipsearch.cli.interruption import interruptible
from ipsearch.cli.messages import MESSAGES, language, message
from ipsearch.cli.output import (
    Column,
    as_format,
    flatten,
    output_option,
    write_labelled,
    write_rows,
)
from ipsearch.cli.progress import progress_bars
from ipsearch.cli.reading import argument_text, first_day, read_text

if TYPE_CHECKING:
    from ipsearch.library import Corpus
    from ipsearch.watch.alerts import Alert
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
_ALERTS = (
    Column("id", heading="alert"),
    Column("watch", most=24),
    Column("watch_kind", in_table=False),
    Column("severity", most=12),
    Column("score", in_table=False),
    Column("record_id", heading="id"),
    Column("title", most=32),
    Column("parties", heading="owners", most=30),
    Column("classes", heading="nice_classes", most=16),
    Column("office", in_table=False),
    Column("status", most=12),
    Column("filing_date", in_table=False),
    Column("publication_date", in_table=False),
    Column("deadline"),
    Column("deadline_note", in_table=False),
    Column("reasons", in_table=False),
    Column("first_seen"),
    Column("last_seen", in_table=False),
    Column("state", most=12),
    Column("note", in_table=False),
)
_STATES = ("open", "acknowledged", "dismissed", "reopened")
_SEVERITIES = ("identical", "very_near", "near", "cites", "found", "ceased")
_SHOWN_REASON = 100  # characters of a reason under a row

_Command = TypeVar("_Command", bound=Callable[..., Any])

_corpus = click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
_name = click.argument("name", metavar="NAME")
_names = click.argument("names", metavar="[NAME]...", nargs=-1)
_replace = click.option("--replace", is_flag=True, help="Change what is there of this name. 替换")
_from_now = click.option(
    "--from-now", is_flag=True, help="Look only at what comes in from now on. 仅监测今后"
)


def _choosing(command: _Command) -> _Command:
    """Give a command the options that choose alerts."""
    options = (
        click.option("--watch", "watches", metavar="NAME", multiple=True, help="Of this watch."),
        click.option(
            "--state",
            "states",
            type=click.Choice([*_STATES, "all"]),
            multiple=True,
            help="Default: open and reopened. 处理状态",
        ),
        click.option("--severity", "severities", type=click.Choice(_SEVERITIES), multiple=True),
        click.option(
            "--since",
            metavar="DATE",
            callback=first_day,
            help="Raised, first or again, on this day or later (UTC).",
        ),
        click.option("--run", "run_number", metavar="N", type=int, help="Raised by this run."),
    )
    for option in reversed(options):
        command = option(command)
    return command


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
        rows = [row | {"watch_kind": _said("watch", row["watch_kind"])} for row in rows]
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


def _said(group: str, name: str) -> str:
    from ipsearch.watch.words import say_or_plain

    return say_or_plain(language(), group, name)


def _label(name: str) -> str:
    key = f"label.watch_{name}"
    return message(key) if key in MESSAGES else name


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
    row["watch_kind"] = _said("watch", row["watch_kind"])
    write_labelled((_label(key), flatten(value)) for key, value in row.items())


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
            row | {"kind": _said("watch", row["kind"])}
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


@watch.command(short_help="List alerts. 提醒列表")
@_corpus
@_choosing
@output_option
def alerts(corpus: Path, output: str, **choice: Any) -> None:
    """List the alerts that wait for a person, the gravest first. 列出提醒。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        found = _chosen(opened, **choice)
    rows = [alert.to_dict() for alert in found]
    if output == "table":
        write_rows(map(_translated, rows), _ALERTS, "table", below=_reasons)
        terminal.note("alerts_listed", alerts=len(rows))
        return
    if output == "csv":
        from ipsearch.watch.digest import reasons_in_line

        for row, alert in zip(rows, found, strict=True):
            row["reasons"] = reasons_in_line(alert.reasons)
    write_rows(rows, _ALERTS, as_format(output))


def _chosen(
    opened: Corpus,
    watches: Sequence[str],
    states: Sequence[Any],
    severities: Sequence[Any],
    since: date | None,
    run_number: int | None,
) -> list[Alert]:
    from ipsearch.watch.alerts import WAITING

    return opened.watches.alerts(
        watch=list(map(argument_text, watches)),
        state=() if "all" in states else states or WAITING,
        severity=severities,
        since=since.isoformat() if since is not None else "",
        run=run_number,
    )


def _translated(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "first_seen": row["first_seen"][:10],
        "watch_kind": _said("watch", row["watch_kind"]),
        "severity": _said("severity", row["severity"]),
        "state": _said("state", row["state"]),
    }


def _reasons(row: Mapping[str, Any]) -> str:
    """Give a line for each reason: aspect, score, rule, detail."""
    return "\n   ".join(_reason_lines(row))


def _reason_lines(row: Mapping[str, Any]) -> Iterator[str]:
    from ipsearch.watch.words import say_rule

    for reason in row["reasons"]:
        aspect = _said("aspect", reason["aspect"])
        score = f" {reason['score']:.2f}" if reason["score"] is not None else ""
        detail = f" ({reason['detail'][:_SHOWN_REASON]})" if reason["detail"] else ""
        yield terminal.clean(f"{aspect}{score}: {say_rule(language(), reason['rule'])}{detail}")


@watch.command(short_help="Show all of one alert. 提醒详情")
@_corpus
@click.argument("number", metavar="ID", type=int)
@output_option
def alert(corpus: Path, number: int, output: str) -> None:
    """Show the alert ID: its record, reasons, evidence and deadline. 显示提醒。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        found = opened.watches.alert(number)
    row = found.to_dict()
    if output != "table":
        write_rows([row], _ALERTS, as_format(output))
        return
    shown = _translated(row) | {"reasons": list(_reason_lines(row))}
    shown["deadline_note"] = row["deadline_note_zh" if language() == "zh" else "deadline_note"]
    shown["evidence"] = [
        " ".join(str(piece.get(k) or "") for k in ("label", "field", "place", "text")).strip()
        for piece in row["evidence"]
    ]
    del shown["deadline_note_zh"], shown["deadline"]
    write_labelled(
        (_label(key), value if isinstance(value, list) else flatten(value))
        for key, value in shown.items()
    )


_ids = click.argument("numbers", metavar="[ID]...", nargs=-1, type=int)
_of_watch = click.option(
    "--watch", "watches", metavar="NAME", multiple=True, help="All of this watch that wait."
)


@watch.command(short_help="Take note of alerts. 知悉")
@_corpus
@_ids
@_of_watch
def acknowledge(corpus: Path, numbers: tuple[int, ...], watches: tuple[str, ...]) -> None:
    """Take note of the alerts ID...: they wait no more until their record changes. 知悉提醒。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        chosen = _numbers(opened, numbers, watches)
        opened.watches.acknowledge(*chosen)
    terminal.note("alerts_acknowledged", alerts=len(chosen))


@watch.command(short_help="Put alerts aside. 排除")
@_corpus
@_ids
@_of_watch
@click.option("--reason", required=True, metavar="TEXT", help="Why. 理由")
def dismiss(corpus: Path, numbers: tuple[int, ...], watches: tuple[str, ...], reason: str) -> None:
    """Put the alerts ID... aside; they come back when their record changes. 排除提醒。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        chosen = _numbers(opened, numbers, watches)
        opened.watches.dismiss(*chosen, reason=argument_text(reason))
    terminal.note("alerts_dismissed", alerts=len(chosen))


@watch.command(short_help="Let alerts wait again. 重新打开")
@_corpus
@click.argument("numbers", metavar="ID...", nargs=-1, type=int, required=True)
@click.option("--note", default="", metavar="TEXT", help="Why. 备注")
def reopen(corpus: Path, numbers: tuple[int, ...], note: str) -> None:
    """Let the alerts ID... wait for a person again. 重新打开提醒。"""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        opened.watches.reopen(*numbers, note=argument_text(note))


def _numbers(opened: Corpus, numbers: Sequence[int], watches: Sequence[str]) -> list[int]:
    if bool(numbers) == bool(watches):
        raise click.UsageError("give the alerts' numbers, or --watch")
    if numbers:
        return list(dict.fromkeys(numbers))
    found = _chosen(opened, watches, (), (), None, None)
    return [alert.id for alert in found]


@watch.command(short_help="Write alerts to a file. 导出提醒")
@_corpus
@click.argument("path", metavar="FILE")
@_choosing
@click.option(
    "--format",
    "format_",
    type=click.Choice(["html", "rss", "csv", "xlsx", "jsonl"]),
    help="Default: by the file's ending.",
)
@click.option("--link", default="", metavar="URL", help="Where an RSS feed says that it is of.")
def digest(corpus: Path, path: str, format_: str | None, link: str, **choice: Any) -> None:
    """Write the alerts that wait to FILE: a page to be mailed, a feed, a table.

    导出提醒：.html 可作邮件正文，.rss 或 .xml 为订阅源，另有 .csv、.xlsx、.jsonl。
    `-` is standard output.
    """
    import ipsearch
    from ipsearch.watch.digest import read_format, write_alerts

    to_stdout = path == "-"
    if to_stdout and format_ is None:
        raise click.UsageError("say the --format of what goes to standard output")
    chosen_format = read_format(None if to_stdout else Path(path), format_)
    with ipsearch.open(corpus) as opened:
        found = _chosen(opened, **choice)
    write_alerts(
        found,
        sys.stdout.buffer if to_stdout else path,
        format=chosen_format,
        language=language(),
        link=link,
    )
    if not to_stdout:
        terminal.note("alerts_written", alerts=len(found), file=path)
