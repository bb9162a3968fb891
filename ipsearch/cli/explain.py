"""How a query was understood, as a tree of lines; and what leaves it without a hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import message
from ipsearch.cli.output import Column, Format, write_rows

if TYPE_CHECKING:
    from ipsearch.library import Corpus
    from ipsearch.records import Kind
    from ipsearch.search.explain import Explained


def write_explained(explained: Explained, output: Format) -> None:
    """Write each clause with its terms and the records that it finds alone."""
    if output == "jsonl":
        write_rows([asdict(explained)], [Column("clauses")], output)
        return
    if output == "csv":
        rows = [
            {"depth": depth, "kind": one.kind, "clause": one.text, "terms": list(one.terms),
             "term_count": one.term_count, "count": one.count}
            for depth, one in _walk(explained, 0)
        ]  # fmt: skip
        columns = ("depth", "kind", "clause", "terms", "term_count", "count")
        write_rows(rows, [Column(name) for name in columns], output)
        return
    for depth, one in _walk(explained, 0):
        click.echo(terminal.clean(f"{'   ' * depth}{_line(one)}"))


def _walk(explained: Explained, depth: int) -> Iterator[tuple[int, Explained]]:
    yield depth, explained
    for clause in explained.clauses:
        yield from _walk(clause, depth + 1)


def _line(one: Explained) -> str:
    what = message(f"explain.{one.kind}")
    terms = " · ".join(one.terms)
    if one.term_count > len(one.terms):
        terms += " " + message("explain.more", count=one.term_count)
    text = one.text if one.kind not in ("and", "or", "not") else ""
    parts = [f"{one.count:>10,}  {what}", text, f"[{terms}]" if terms else ""]
    return " ".join(filter(None, parts))


def note_blame(corpus: Corpus, expression: str, kind: Kind, *, is_narrowed: bool) -> None:
    """Say on standard error what leaves a query without a hit: a clause, or the filters beside."""
    total = corpus.query(expression, kind=kind, limit=1).total if is_narrowed else 0
    if total:
        terminal.note("blame.filters", total=total)
        return
    found = corpus.blame(expression, kind=kind)
    terminal.note(f"blame.{found.how}", clause=found.text)
