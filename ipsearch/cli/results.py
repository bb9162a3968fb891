"""How what a search found is shown: rows, and under each the passage that matched best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import message
from ipsearch.cli.output import Column, Format, write_rows

if TYPE_CHECKING:
    from ipsearch.records import Kind
    from ipsearch.search import Results

_COLUMNS: dict[Kind, tuple[Column, ...]] = {
    "patent": (
        Column("rank"),
        Column("score", in_table=False),
        Column("id"),
        Column("office", in_table=False),
        Column("publication_date"),
        Column("filing_date", in_table=False),
        Column("title"),
        Column("applicants", most=36),
        Column("ipc", in_table=False),
        Column("status"),
        Column("highlights", in_table=False),
    ),
    "trademark": (
        Column("rank"),
        Column("score", in_table=False),
        Column("id"),
        Column("office", in_table=False),
        Column("publication_date", heading="preliminary_publication_date"),
        Column("filing_date", in_table=False),
        Column("mark_text", most=40),
        Column("nice_classes", most=20),
        Column("owners", most=36),
        Column("status"),
        Column("highlights", in_table=False),
    ),
}
_TITLES = ("ti", "tm")  # fields that the table shows anyway


def write_results(
    results: Results, output: Format, *, offset: int = 0, fields: Sequence[str] | None = None
) -> None:
    """Write the hits to standard output, their number and the time to standard error.

    `fields` are attributes of a hit or columns of a record, to be shown instead of the usual ones.
    """
    rows = results.to_dicts(fields)
    columns = _COLUMNS[results.kind] if fields is None else [Column(name) for name in fields]
    is_grouped = any(hit.members for hit in results)
    if is_grouped and fields is None:
        columns = [*columns, Column("members", most=40)]
    elif fields is None:
        rows = [{name: row[name] for name in row if name != "members"} for row in rows]
    if output == "csv":
        for row in rows:
            if "highlights" in row:
                row["highlights"] = list(map(_plain, row["highlights"]))
    write_rows(rows, columns, output, below=_best_passage if fields is None else None)
    figures = {
        "total": results.total,
        "kind": message(results.kind),
        "elapsed_s": results.elapsed_s,
    }
    for warning in results.warnings:
        terminal.note("warning", reason=warning)
    if not results.total:
        terminal.note("found_none", **figures)
    elif not rows:
        terminal.note("found_none_here", offset=offset, **figures)
    else:
        key = "found_groups" if is_grouped else "found"
        terminal.note(key, first=offset + 1, last=offset + len(rows), **figures)


def write_count(results: Results, output: Format) -> None:
    """Write only how many records match."""
    if output == "table":
        click.echo(results.total)  # bare, for a shell's $(...)
    else:
        write_rows([{"total": results.total}], [Column("total")], output)
    terminal.note(
        "counted",
        total=results.total,
        kind=message(results.kind),
        elapsed_s=results.elapsed_s,
    )


def _best_passage(row: Mapping[str, Any]) -> str:
    """The passage in which most matches are, rather not the title, which is shown anyway."""
    best = max(
        row["highlights"],
        key=lambda found: (found["field"] not in _TITLES, len(found["spans"])),
        default=None,
    )
    if best is None:
        return ""
    opening, closing = ("\x1b[1m", "\x1b[0m") if terminal.is_styled() else ("[", "]")
    return f"{best['field']}: {_marked(best['text'], best['spans'], opening, closing)}"


def _plain(found: Mapping[str, Any]) -> str:
    return f"{found['field']}: {_marked(found['text'], found['spans'], '[', ']', clean=False)}"


def _marked(
    text: str, spans: Sequence[Sequence[int]], opening: str, closing: str, *, clean: bool = True
) -> str:
    """Put `opening` and `closing` around each span; the text between is made harmless."""
    safe = terminal.clean if clean else str
    pieces = []
    at = 0
    for begin, end in spans:
        pieces += [safe(text[at:begin]), opening, safe(text[begin:end]), closing]
        at = end
    return "".join([*pieces, safe(text[at:])])
