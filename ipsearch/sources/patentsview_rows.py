"""The rows of a PatentsView table: tabs, quotes doubled, and line breaks within quotes."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from ipsearch.sources.base import Input, Reject
from ipsearch.sources.encoding import TextLine, text_lines

_CELL_CHARS = 1 << 24  # in a longer one a quote was left open

TableRow = tuple[str, list[str]]
"""Position and cells."""


def read_rows(input: Input) -> Iterator[Reject | TableRow]:
    """The header, and every row that is as wide; a row that a stray quote has glued to the rows
    after it is a reject, and they are read."""
    if csv.field_size_limit() < _CELL_CHARS:
        csv.field_size_limit(_CELL_CHARS)  # a description is longer than 128 KiB
    lines = _Lines(text_lines(input.stream, "utf-8", input.name))
    reader = csv.reader(lines, delimiter="\t")
    width = 0
    while True:
        lines.taken.clear()
        reason = ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells, reason = [], str(error)
        first = lines.taken[0]
        width = width or len(cells)
        if not reason and not any(cells):
            continue
        if not reason and len(cells) != width:
            reason = f"{len(cells)} cells under {width} headers"
        if reason and len(lines.taken) > 1:
            reason = f"{reason} in {len(lines.taken)} lines: is a quote left open?"
            lines.put_back_all_but_one()
        fault = next((line.fault.reason for line in lines.taken if line.fault), "")
        if reason or fault:
            yield Reject(f"line {first.number}", fault or reason, first.text.encode()[:200])
            continue
        yield f"line {first.number}", cells


class _Lines:
    """The lines of a file, of which those of the current row can be put back."""

    def __init__(self, lines: Iterator[TextLine]) -> None:
        self._lines, self._back = lines, deque[TextLine]()
        self.taken: list[TextLine] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self.taken.append(line)
        return line.text

    def put_back_all_but_one(self) -> None:
        self._back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
