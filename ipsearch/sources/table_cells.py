"""A table in any dress (CSV, TSV, XLSX, XLS) -> its rows as lists of cleaned texts."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from ipsearch.sources.base import Input, Reject
from ipsearch.sources.encoding import TextLine, detect_encoding, text_lines
from ipsearch.sources.opening import peek
from ipsearch.sources.table_headers import NUMBERS, Aliases, Layout, read_layout

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

HEADER_ROWS = 20
"""The headers stand in one of the first so many rows; titles and notes may stand above them."""

_CHUNK_BYTES = 1 << 18
_CELL_CHARS = 1 << 24  # in a longer one a quote was left open
_DELIMITERS = (",", "\t", ";", "|")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_UNPACKED_BYTES = 4 << 30  # of a workbook's parts together
_DENSE_CELLS = 1 << 26  # what a sheet's corners may span: every cell in it costs memory
_FREE_CELLS, _CELLS_PER_FILLED = 1 << 22, 50  # beyond the first, one in 50 must be filled
_CELL = re.compile(rb'<(?:\w+:)?(?:c|row)\s[^>]*?\br="([A-Z]{0,3})([0-9]{1,7})"[^>]*(?<!/)>')

_NUMBER = re.compile(r"[A-Za-z]{0,4}[ -]?[0-9][0-9./ -]{4,20}[A-Za-z0-9]{0,3}")

_BLANKS = frozenset({"-", "--", "—", "/", "N/A", "NA", "NULL", "null", "None", "NaN", "nan"})


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table, with its cells cleaned: no outer spaces, "" for nothing."""

    sheet: int  # from 0; always 0 in a text file
    position: str  # "line 17", where it begins, or "row 12"
    cells: list[str]
    is_workbook: bool = False


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row, or a whole sheet, that could not be read."""

    sheet: int
    reject: Reject


def is_workbook(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` is an XLSX or XLS workbook."""
    ending = name.lower().rpartition(".")[2]
    if head.startswith(_OLE):
        return ending in ("xls", "et") or b"W\0o\0r\0k\0b\0o\0o\0k\0" in head
    if not head.startswith(_ZIP):
        return False
    return ending in ("xlsx", "xlsm") or b"xl/workbook.xml" in head or b"xl/worksheets/" in head


def find_headers(text: str, extra: Aliases | None = None) -> tuple[str, Layout] | None:
    """Find the delimiter and the headers in the beginning of a text file."""
    best: tuple[str, Layout] | None = None
    _lift_cell_limit()
    for delimiter in _DELIMITERS:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        try:
            for cells in islice(rows, HEADER_ROWS):
                layout = read_layout(cells, extra)
                if layout and (best is None or len(layout.columns) > len(best[1].columns)):
                    best = delimiter, layout
        except csv.Error:
            continue
    return best


def read_rows(input: Input, extra: Aliases | None = None) -> Iterator[TableRow | BadRow]:
    """Yield every row that has something in it, headers included.

    A text row that a stray quote has glued to the rows after it is a reject, and they are read.
    """
    head, input = peek(input)
    if head.startswith((_ZIP, _OLE)):
        yield from _workbook_rows(input.stream.read())
        return
    yield from _text_rows(input, head, extra)


def _text_rows(input: Input, head: bytes, extra: Aliases | None) -> Iterator[TableRow | BadRow]:
    encoding = detect_encoding(head)
    decoded = head.decode(encoding, "replace").removeprefix("\ufeff")
    found = find_headers(decoded, extra)
    delimiter, width = (found[0], found[1].width) if found else (",", 0)
    lines = _Lines(text_lines(input.stream, encoding, input.name))
    reader = csv.reader(lines, delimiter=delimiter)
    _lift_cell_limit()
    while True:
        lines.taken.clear()
        try:
            cells, reason = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, reason = [], str(error)
        position = f"line {lines.taken[0].number}"
        if len(lines.taken) > 1 and width and len(cells) != width:
            reason = reason or f"{len(cells)} cells under {width} headers"
            reason = f"{reason} in {len(lines.taken)} lines: is a quote left open?"
        elif len(lines.taken) > 1 and found and _hides_a_row(lines.taken, delimiter, found[1]):
            reason = f"a row inside a cell of {len(lines.taken)} lines: is a quote left open?"
        if reason:
            lines.put_back_all_but_one()
        fault = next((line.fault for line in lines.taken if line.fault), None)
        if reason or fault:
            first = lines.taken[0].text.encode("utf-8", "replace")
            yield BadRow(0, Reject(position, fault.reason if fault else reason, first[:200]))
            continue
        cleaned = [clean_text(cell) for cell in cells]
        if any(cleaned):
            yield TableRow(0, position, cleaned)


def _hides_a_row(taken: list[TextLine], delimiter: str, layout: Layout) -> bool:
    """Whether a line after the first is a whole row by itself, with a number where one belongs.

    A quote left open ends at the next row's first quote, and their cells may add up.
    """
    numbers = [c.position for target in NUMBERS for c in layout.columns.get(target, ())]
    for line in taken[1:]:
        try:
            cells = next(csv.reader([line.text], delimiter=delimiter), [])
        except csv.Error:
            continue
        is_whole = len(cells) == layout.width
        if is_whole and any(_NUMBER.fullmatch(cells[at].strip()) for at in numbers):
            return True
    return False


class _Lines:
    """The lines of a file, of which those of the current row can be put back."""

    def __init__(self, lines: Iterator[TextLine]) -> None:
        self._lines, self._back = lines, deque[TextLine]()
        self.taken: list[TextLine] = []  # the lines of the current row

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self.taken.append(line)
        return line.text

    def put_back_all_but_one(self) -> None:
        """Put back every line of the row but its first."""
        self._back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _lift_cell_limit() -> None:
    """Let cells be as long as a description is: the csv module stops at 128 KiB by itself."""
    if csv.field_size_limit() < _CELL_CHARS:
        csv.field_size_limit(_CELL_CHARS)


def _workbook_rows(data: bytes) -> Iterator[TableRow | BadRow]:
    from python_calamine import CalamineError, load_workbook

    refusal = _refuse(data) if data.startswith(_ZIP) else ""
    if refusal:
        yield BadRow(0, Reject("row 1", refusal, data[:200]))
        return
    try:
        workbook = load_workbook(io.BytesIO(data))
    except (CalamineError, OSError, ValueError) as error:
        reason = f"not a workbook that can be read: {error}"
        yield BadRow(0, Reject("row 1", reason, data[:200]))
        return
    for number, name in enumerate(workbook.sheet_names):
        prefix = f"sheet {name!r} " if number else ""
        try:
            sheet = workbook.get_sheet_by_index(number)
        except (CalamineError, OSError, ValueError) as error:
            reason = f"not a sheet that can be read: {error}"
            yield BadRow(number, Reject(f"{prefix}row 1", reason))
            continue
        yield from _sheet_rows(sheet, number, prefix)


def _sheet_rows(sheet: CalamineSheet, number: int, prefix: str) -> Iterator[TableRow]:
    for row_number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [_cell_text(value) for value in values]
        if any(cells):
            yield TableRow(number, f"{prefix}row {row_number}", cells, True)


def _refuse(data: bytes) -> str:
    """Why a workbook must not be opened: a bomb, or a sheet with one cell far away from the rest.

    The library lays a sheet out from its first to its last cell, and the process ends where
    memory does.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _UNPACKED_BYTES:
                return f"unpacks to more than {_UNPACKED_BYTES >> 30} GiB"
            sheets = [m for m in members if re.fullmatch(r"xl/worksheets/[^/]*\.xml", m.filename)]
            if not sheets:
                return "no workbook: it has no sheets"
            for member in sheets:
                with archive.open(member) as part:
                    span, filled = _extent(part)
                if span > _DENSE_CELLS or span > max(_FREE_CELLS, filled * _CELLS_PER_FILLED):
                    return f"{member.filename}: {filled} cells spread over {span}"
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        return f"not a workbook that can be read: {error}"
    except Exception as error:  # zlib.error and what else a damaged member brings
        return f"not a workbook that can be read: {error}"
    return ""


def _extent(part: IO[bytes]) -> tuple[int, int]:
    """How many cells a sheet spans from A1, and how many of them are filled."""
    last_row, filled, columns, rest = 1, 0, {b"A"}, b""
    while chunk := part.read(_CHUNK_BYTES):
        whole, mark, rest = (rest + chunk).rpartition(b">")
        places = _CELL.findall(whole + mark)
        filled += len(places)
        for column, row in places:
            columns.add(column)
            last_row = max(last_row, int(row))
        rest = rest[-1000:]
    return last_row * max(map(_column_number, columns)), filled


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def clean_text(text: str) -> str:
    """Take off outer spaces, the `="..."` that keeps numbers from Excel, and marks for nothing."""
    plain = text.strip()
    if plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1].strip()
    if "\r" in plain:
        plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    return "" if plain in _BLANKS else plain


def _cell_text(value: object) -> str:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "" if value is None else str(value)
