"""Here is a report, give me its Markdown: CommonMark, with the tables of GitHub's dialect.

What a text holds is never taken for markup: signs that could be are escaped, < and > and & are
written as entities, since not every reader knows that they can be escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ipsearch.novelty.report import Report
from ipsearch.novelty.report_parts import Block, Cell, Fields, Heading, Paragraph, Table, Text

_SIGNS = re.compile(r"[\\`*_\[|~$&<>]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BEGINNING = re.compile(r"\d{1,9}[.)](?=\s|$)|[-+=#@:]")
"""What begins a list, a heading or the line under one; = + - @ also a spreadsheet's formula."""


def as_markdown(report: Report) -> str:
    """Give the whole report; ends with a line break."""
    parts = [f"# {_escaped(report.title)}"]
    for section in report.sections:
        parts.append(f"## {_escaped(section.heading)}")
        for block in section.blocks:
            parts += _block(block)
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text, is_note):
            yield f"> {_line(text)}" if is_note else _line(text)
        case Heading(text):
            yield f"### {_line(text)}"
        case Table(columns, rows):
            yield _table([_escaped(column.heading) for column in columns], rows)
        case Fields(fields):
            pairs = (_row((_escaped(label), _cell(cell))) for label, cell in fields)
            yield "\n".join(["| | |", "| --- | --- |", *pairs])


def _table(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    rules = ["---"] * len(headings)
    return "\n".join(map(_row, [headings, rules, *([*map(_cell, row)] for row in rows)]))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return "<br>".join(map(_line, cell))


def _line(text: Text) -> str:
    line = "".join(
        f"**{_escaped(run.text)}**" if run.is_marked and _is_solid(run.text) else _escaped(run.text)
        for run in text
    )
    begins = _BEGINNING.match(line)
    return f"{line[: begins.end() - 1]}\\{line[begins.end() - 1 :]}" if begins else line


def _is_solid(text: str) -> bool:
    """Say whether ** around a text are marks: beside other signs they would show as they are."""
    return text[:1].isalnum() and text[-1:].isalnum()


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda sign: _ENTITIES.get(sign[0], f"\\{sign[0]}"), text)
