"""`ipsearch sources`: the formats that can be read, and which of them reads a given file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import message
from ipsearch.cli.output import (
    Column,
    as_format,
    flatten,
    output_option,
    to_json,
    write_labelled,
    write_rows,
)

if TYPE_CHECKING:
    from ipsearch.sources.table_headers import Aliases
    from ipsearch.sources.walk import Fault, Item, Opener, Skipped

_COLUMNS = (
    Column("name"),
    Column("title", heading="source_title", most=80),
    Column("kinds"),
    Column("sample"),
)
_EXPLAINED = (
    *("file", "recognised", "encoding", "records", "rejects", "filled", "unmapped", "warnings"),
    "first_reject",
)
_MOST_FILES = 20  # of an archive or a folder
_MOST_RECORDS = 1_000  # of a file: enough to meet the columns that there are


@click.command(short_help="List the formats that can be read. 可读取的数据格式")
@click.option(
    "--explain",
    "path",
    metavar="FILE",
    type=click.Path(exists=True, path_type=Path),
    help="Say which source reads FILE, what it makes nothing of, and show the first record.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML: what headers of tables mean. 自定义表头",
)
@output_option
@click.pass_context
def sources(ctx: click.Context, path: Path | None, mapping: Path | None, output: str) -> None:
    """List the formats that can be read, or say how one file is read.

    可读取的数据格式；--explain 说明某个文件如何识别。At most 1,000 records of a file are read, and
    20 files of an archive or a folder. Exit status 1 if no source reads anything of it.

    \b
    Example:
        ipsearch sources
        ipsearch sources --explain delivery.zip
    """
    if path is None:
        write_rows(_sources(), _COLUMNS, as_format(output))
        return
    rows: list[dict[str, Any]] = []
    for row in islice(_explain(path, mapping), _MOST_FILES + 1):
        if len(rows) == _MOST_FILES:
            terminal.note("only_first_files", count=_MOST_FILES)
            break
        rows.append(row)
        if output == "table":
            _write_explained(row, is_first=len(rows) == 1)
    if output != "table":
        names = (*_EXPLAINED, "fault", "skipped", "first_record")
        if output == "csv":
            for row in rows:
                row["first_record"] = row["first_record"] and to_json(row["first_record"])
        write_rows(rows, [Column(name) for name in names], as_format(output))
    if not any(row["records"] for row in rows):
        terminal.note("nothing_recognised", file=path)
        ctx.exit(1)


def _sources() -> Iterator[dict[str, Any]]:
    from ipsearch.sources.registry import all_sources

    for source in all_sources():
        yield {
            "name": source.name,
            "title": source.title,
            "kinds": list(source.kinds),
            "sample": source.sample,
        }


def _explain(path: Path, mapping: Path | None) -> Iterator[dict[str, Any]]:
    """Say of everything in `path` how it is read."""
    from ipsearch.sources.mapping import read_mapping
    from ipsearch.sources.walk import Item, Opener, walk

    aliases = read_mapping(mapping).aliases if mapping else None
    with Opener() as opener:
        for found in walk([path]):
            if isinstance(found, Item):
                yield _explain_item(found, opener, aliases)
            else:
                yield _row(found.name) | _not_read(found)


def _not_read(found: Fault | Skipped) -> dict[str, Any]:
    from ipsearch.sources.walk import Fault

    if isinstance(found, Fault):
        return {"fault": ": ".join(filter(None, (found.position, found.reason)))}
    return {"skipped": found.reason}


def _explain_item(item: Item, opener: Opener, aliases: Aliases | None) -> dict[str, Any]:
    from ipsearch.errors import SourceError
    from ipsearch.sources.base import Notes, Record
    from ipsearch.sources.encoding import encoding_of
    from ipsearch.sources.registry import detect
    from ipsearch.sources.walk import peek

    notes, row = Notes(), _row(item.name)
    filled: set[str] = set()
    try:
        with opener.open(item, notes) as opened:
            head, opened = peek(opened)
            source = detect(head, opened.name, aliases)
            row["recognised"], row["encoding"] = source.name, encoding_of(head)
            for outcome in islice(source.read(opened), _MOST_RECORDS):
                if isinstance(outcome, Record):
                    row["records"] += 1
                    row["first_record"] = row["first_record"] or outcome.row
                    filled.update(name for name, value in outcome.row.items() if value)
                else:
                    row["rejects"] += 1
                    told = f"{outcome.position}: {outcome.reason}"
                    row["first_reject"] = row["first_reject"] or told
    except SourceError as error:
        row["fault"] = ": ".join(filter(None, (error.position, error.reason)))
    except OSError as error:
        row["fault"] = error.strerror or str(error)
    row["filled"] = sorted(filled)
    row["unmapped"], row["warnings"] = sorted(notes.unmapped), notes.warnings
    return row


def _row(name: str) -> dict[str, Any]:
    return {
        "file": name,
        "recognised": None,
        "encoding": None,
        "records": 0,
        "rejects": 0,
        "filled": [],
        "unmapped": [],
        "warnings": {},
        "first_reject": None,
        "fault": None,
        "skipped": None,
        "first_record": None,
    }


def _write_explained(row: Mapping[str, Any], *, is_first: bool) -> None:
    if not is_first:
        click.echo()
    shown = {**row, "warnings": [f"{text} ({count:,})" for text, count in row["warnings"].items()]}
    names = [*_EXPLAINED, "fault", "skipped"]
    if row["recognised"] is None:
        names = ["file", "fault", "skipped"]
    write_labelled((message(f"label.{name}"), flatten(shown[name])) for name in names)
    if row["first_record"]:
        click.echo(terminal.bold(message("head.first_record")))
        for column, value in row["first_record"].items():
            if value not in (None, [], ""):
                # Cut: a description may be a book.
                click.echo(f"  {column}: {terminal.shorten(terminal.clean(_brief(value)), 160)}")


def _brief(value: Any) -> str:
    return to_json(_without_nulls(value)) if isinstance(value, (list, dict)) else flatten(value)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
