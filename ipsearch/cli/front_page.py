"""A whole record for a person to read, as on a printed front page: INID codes, labels, values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import MESSAGES, message
from ipsearch.cli.output import flatten, write_labelled

_AFTERWARDS = ("claims", "description")  # below the labelled fields
_NOT_SHOWN = ("record", "id", "is_event", "product")
_PARTY_DETAILS = ("organization", "address", "province", "city", "country")


def write_front_page(record: Mapping[str, Any], *, is_first: bool) -> None:
    """Write one record, as `Corpus.get` gives it, to standard output."""
    if not is_first:
        click.echo()
    heading = f"{record['id']}  {message('kind_' + record['record'])}"
    click.echo(terminal.bold(terminal.clean(heading)))
    write_labelled(_fields(record))
    if claims := record.get("claims"):
        click.echo(terminal.bold(message("label.claims")))
        for claim in claims:
            _write_passage(claim)
    if description := record.get("description"):
        kept = message("description_kept", paragraphs=len(description))
        click.echo(f"{terminal.bold(message('label.description'))}  {kept}")


def _fields(record: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    from ipsearch.records import SCHEMAS

    for column in SCHEMAS[record["record"]]:
        value = record.get(column.name)
        if column.name in (*_AFTERWARDS, *_NOT_SHOWN) or value is None:
            continue
        code = (column.metadata or {}).get(b"inid", b"").decode()
        key = f"field.{column.name}"
        label = message(key) if key in MESSAGES else column.name
        yield (f"({code}) {label}" if code else label), _lines(column.name, value)


def _lines(name: str, value: Any) -> list[str]:
    """The lines of one field: structs one a line, plain lists in one."""
    if name == "classes":
        return [line for item in value for line in _mark_class(item)]
    if not isinstance(value, Sequence) or isinstance(value, str):
        return [flatten(value)]
    if any(isinstance(item, Mapping) for item in value):
        return [_party(item) if "address" in item else flatten(item) for item in value]
    return [flatten(value)]


def _party(party: Mapping[str, Any]) -> str:
    details = [party[name] for name in _PARTY_DETAILS if party.get(name)]
    address = party.get("address") or ""
    kept = [text for text in details if text == address or text not in address]
    return ", ".join(filter(None, [party.get("name") or "", *kept]))


def _mark_class(item: Mapping[str, Any]) -> Iterator[str]:
    status = " ".join(filter(None, (flatten(item[key]) for key in ("status", "status_date"))))
    edition = item["edition"] and f"NCL {item['edition']}"
    groups = [f"{g['group'] or ''}{g['part'] or ''}" for g in item["similar_groups"] or ()]
    heads = [
        message("nice_class", number=item["nice_class"]) if item["nice_class"] else "",
        edition,
        status,
        message("groups", groups=" ".join(groups)) if groups else "",
    ]
    yield ", ".join(filter(None, heads))
    if item["goods"]:
        yield flatten(item["goods"])


def _write_passage(passage: Mapping[str, Any]) -> None:
    """Write a claim under its number, further lines indented."""
    label = f"{passage['label']}. " if passage["label"] else "- "
    for index, line in enumerate(terminal.clean_lines(passage["text"] or "")):
        lead = terminal.clean(label) if index == 0 else " " * terminal.width(label)
        click.echo(f"  {lead}{line}")
