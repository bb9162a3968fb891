"""Records as a workbook, row by row: memory does not grow with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from ipsearch.search.cells import FORMULA_SIGNS, as_cells

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 1_048_576  # of a sheet; what is beyond it goes into a further one
MOST_CHARACTERS = 32_767  # of a cell


class XlsxWriter:
    """Writes records as rows; a text is text, whatever sign it begins with.

    What would be a formula carries Excel's own mark for text (`quotePrefix`), its value unchanged.
    """

    def __init__(
        self, stream: BinaryIO, columns: Sequence[str], most_rows: int = MOST_ROWS
    ) -> None:
        import xlsxwriter

        self._folder = TemporaryDirectory()  # of the rows, until the workbook is put together
        options = {
            "tmpdir": self._folder.name,
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self._book = xlsxwriter.Workbook(stream, options)
        self._bold = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._text = self._book.add_format({"quote_prefix": True})
        self._columns, self._most_rows = columns, most_rows
        self._sheet: Any = None
        self._row = most_rows
        self.cut = 0  # cells that were longer than a cell may be
        self._next_sheet()

    def _next_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for number, name in enumerate(self._columns):
            self._sheet.write_string(0, number, name, self._bold)
        self._row = 1

    def write(self, batch: pa.RecordBatch) -> None:
        """Write records."""
        columns = [_column(column) for column in batch.columns]
        for row in zip(*columns, strict=True):
            if self._row == self._most_rows:
                self._next_sheet()
            for number, value in enumerate(row):
                if value is not None and value != "":
                    self._cell(number, value)
            self._row += 1

    def _cell(self, number: int, value: Any) -> None:
        if isinstance(value, str):
            if len(value) > MOST_CHARACTERS // 2 and _units(value) > MOST_CHARACTERS:
                value = _cut(value)
                self.cut += 1
            mark = self._text if value[0] in FORMULA_SIGNS else None
            self._sheet.write_string(self._row, number, value, mark)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, number, value, self._day)
        else:
            self._sheet.write_number(self._row, number, value)

    def close(self) -> None:
        """Finish the workbook."""
        self._book.close()
        self._folder.cleanup()

    def abandon(self) -> None:
        """Give up: what was written is no workbook."""
        self._book.fileclosed = True  # or it would write to the stream when it is collected
        for sheet in self._book.worksheets():
            if sheet.row_data_fh is not None:
                sheet.row_data_fh.close()
        self._folder.cleanup()


def _column(column: pa.Array) -> list[Any]:
    """Give numbers and days as they are, all else as text."""
    import pyarrow as pa

    if pa.types.is_date(column.type):
        days = column.to_pylist()  # Excel's begin in 1900
        return [day if day is None or day.year >= 1900 else day.isoformat() for day in days]
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return column.to_pylist()  # type: ignore[no-any-return]
    return as_cells(column).to_pylist()  # type: ignore[no-any-return]


def _units(text: str) -> int:
    """Count as Excel does: a character beyond the basic plane is two."""
    return len(text) + sum(char > "\uffff" for char in text) if not text.isascii() else len(text)


def _cut(text: str) -> str:
    text = text[: MOST_CHARACTERS - 1]
    while _units(text) > MOST_CHARACTERS - 1:
        text = text[: MOST_CHARACTERS - 1 - _units(text)]
    return text + "…"
