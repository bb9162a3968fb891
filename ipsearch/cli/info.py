"""`ipsearch info`: what a corpus holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from ipsearch.cli.messages import message
from ipsearch.cli.output import (
    Column,
    as_format,
    flatten,
    output_option,
    write_labelled,
    write_rows,
)

_KIND_COLUMNS = tuple(
    Column(name)
    for name in (
        *("kind", "records", "shards", "segments", "parts", "dead_rows"),
        *("record_bytes", "index_bytes"),
    )
)


@click.command(short_help="Say what a corpus holds. 库的概况")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@output_option
def info(corpus: Path, output: str) -> None:
    """Say what the corpus DIR holds: records, files, sizes, settings.

    库的概况。CSV has a name and a value a line, names of inner values joined by dots.

    \b
    Example:
        ipsearch info indexes/mine
    """
    import ipsearch

    with ipsearch.open(corpus) as opened:
        facts = opened.info()
    if output == "table":
        _write_table(facts)
        return
    pairs = [{"name": name, "value": value} for name, value in _leaves(facts)]
    rows = [facts] if output == "jsonl" else pairs
    write_rows(rows, (Column("name"), Column("value")), as_format(output))


def _write_table(facts: Mapping[str, Any]) -> None:
    plain = {name: value for name, value in facts.items() if name not in ("kinds", "settings")}
    settings = ", ".join(f"{name} {value}" for name, value in facts["settings"].items())
    pairs = [(message(f"label.{name}"), _value(value)) for name, value in plain.items()]
    write_labelled([*pairs, (message("label.settings"), settings)])
    rows = [{"kind": message(f"kind_{kind}"), **facts["kinds"][kind]} for kind in facts["kinds"]]
    if rows:
        click.echo()
        write_rows(rows, _KIND_COLUMNS, "table")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return message("yes" if value else "no")
    return f"{value:,}" if isinstance(value, int) else flatten(value)


def _leaves(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
