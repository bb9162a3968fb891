"""The alerts of `ipsearch watch`: listed, shown, dealt with, written to files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import MESSAGES, language, message
from ipsearch.cli.output import (
    Column,
    as_format,
    flatten,
    output_option,
    write_labelled,
    write_rows,
)
from ipsearch.cli.reading import argument_text, first_day

if TYPE_CHECKING:
    from ipsearch.library import Corpus
    from ipsearch.watch.alerts import Alert

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


def said(group: str, name: str) -> str:
    from ipsearch.watch.words import say_or_plain

    return say_or_plain(language(), group, name)


def label(name: str) -> str:
    key = f"label.watch_{name}"
    return message(key) if key in MESSAGES else name


@click.command(short_help="List alerts. 提醒列表")
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
        "watch_kind": said("watch", row["watch_kind"]),
        "severity": said("severity", row["severity"]),
        "state": said("state", row["state"]),
    }


def _reasons(row: Mapping[str, Any]) -> str:
    """Give a line for each reason: aspect, score, rule, detail."""
    return "\n".join(_reason_lines(row))


def _reason_lines(row: Mapping[str, Any]) -> Iterator[str]:
    from ipsearch.watch.words import say_rule

    for reason in row["reasons"]:
        aspect = said("aspect", reason["aspect"])
        score = f" {reason['score']:.2f}" if reason["score"] is not None else ""
        detail = f" ({reason['detail'][:_SHOWN_REASON]})" if reason["detail"] else ""
        yield terminal.clean(f"{aspect}{score}: {say_rule(language(), reason['rule'])}{detail}")


@click.command(short_help="Show all of one alert. 提醒详情")
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
        (label(key), value if isinstance(value, list) else flatten(value))
        for key, value in shown.items()
    )


_ids = click.argument("numbers", metavar="[ID]...", nargs=-1, type=int)
_of_watch = click.option(
    "--watch", "watches", metavar="NAME", multiple=True, help="All of this watch that wait."
)


@click.command(short_help="Take note of alerts. 知悉")
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


@click.command(short_help="Put alerts aside. 排除")
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


@click.command(short_help="Let alerts wait again. 重新打开")
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


@click.command(short_help="Write alerts to a file. 导出提醒")
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


ALERT_COMMANDS = (alerts, alert, acknowledge, dismiss, reopen, digest)
