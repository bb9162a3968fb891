"""Tables of patents, marks and geographical indications: CSV, TSV, XLSX, XLS; Chinese or English.

What a column means is told by its header (`headers.toml`); a column that means nothing to us is
named in the notes. The rows of one mark, one for each of its classes, become one record: in a
workbook wherever they stand, in a text file as long as fewer than `OPEN_MARKS` other marks stand
between them. A row that comes later than that is a record of its own, whose `product` names its
classes so that it does not replace the first, and it is warned of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from ipsearch.errors import RecordError, SourceError
from ipsearch.records import Kind, Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.encoding import detect_encoding
from ipsearch.sources.table_cells import (
    HEADER_ROWS,
    BadRow,
    TableRow,
    find_headers,
    is_workbook,
    read_rows,
)
from ipsearch.sources.table_context import Cells
from ipsearch.sources.table_headers import Aliases, Layout, read_layout
from ipsearch.sources.table_indications import is_indication, read_indication
from ipsearch.sources.table_marks import merge_marks, read_mark
from ipsearch.sources.table_patents import read_patent

OPEN_MARKS = 20_000
"""So many marks of a text file wait for further rows of theirs; about 50 MB."""

# The latest of these days is the earliest on which a row can have been written.
_DAYS: dict[Kind, tuple[str, ...]] = {
    "patent": ("publication_date", "grant_date", "status_date"),
    "trademark": (
        *("filing_date", "preliminary_publication_date", "registration_date", "status_date"),
    ),
}


def recognises(head: bytes, name: str, extra: Aliases | None = None) -> bool:
    """A workbook, or a text whose first rows have headers that we know, or the user (`extra`).

    Many a text could be a table, so this is asked after the sources with surer signs.
    """
    if is_workbook(head, name):
        return True
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    text = head.decode(detect_encoding(head), "replace").removeprefix("\ufeff")
    return text.lstrip()[:1] not in ("{", "[", "<") and find_headers(text, extra) is not None


def read(input: Input, extra: Aliases | None = None) -> Iterator[Record | Reject]:
    """Read a table; `extra` are headers of the user's own, which go before ours."""
    marks = _Marks(input.notes)
    try:
        for _, sheet in groupby(read_rows(input, extra), key=lambda item: item.sheet):
            yield from _read_sheet(sheet, marks, extra)
    except SourceError:  # the file breaks off: what was read of it counts
        yield from marks.flush()
        raise
    yield from marks.flush()


def _read_sheet(
    rows: Iterator[TableRow | BadRow], marks: _Marks, extra: Aliases | None
) -> Iterator[Record | Reject]:
    layout: Layout | None = None
    above: list[TableRow] = []  # the headers
    for item in rows:
        if isinstance(item, BadRow):
            yield item.reject
        elif layout is not None:
            if not layout.are_headers(item.cells):  # of a second export, put behind the first
                yield from _read_row(item, layout, marks)
        elif len(above) < HEADER_ROWS:
            layout = read_layout(item.cells, extra)
            above.append(item)
            if layout is not None:
                marks.notes.unmapped.update(layout.unmapped)
                marks.limit = None if item.is_workbook else OPEN_MARKS
    if layout is None and above:
        reason = "no headers of a table of patents or trademarks"
        yield Reject(above[0].position, reason, _head(above[0]))


def _read_row(item: TableRow, layout: Layout, marks: _Marks) -> Iterator[Record | Reject]:
    if any(item.cells[layout.width :]):
        reason = f"{len(item.cells)} cells under {layout.width} headers"
        yield Reject(item.position, reason, _head(item))
        return
    cells = Cells(layout, item.cells, marks.notes)
    try:
        row = _read_cells(cells)
    except RecordError as error:
        yield Reject(item.position, str(error), _head(item))
        return
    row["is_event"], row["source"], row["product"] = layout.is_news, "table", layout.fingerprint
    days = (row.get(column) for column in _DAYS[layout.kind])
    day = cells.date("transaction_date") or max((d for d in days if d is not None), default=None)
    if day is not None:
        row["transaction_date"] = day
    record = Record(layout.kind, row, item.position)
    if layout.kind == "trademark":
        yield from marks.add(record)
    else:
        yield record


def _read_cells(cells: Cells) -> Row:
    if is_indication(cells.layout):
        return read_indication(cells)
    return read_mark(cells) if cells.layout.kind == "trademark" else read_patent(cells)


def _head(item: TableRow) -> bytes:
    return " | ".join(item.cells).encode()[:200]


@dataclass(slots=True)
class _Marks:
    """The marks that wait for further rows of theirs, in the order of their first rows."""

    notes: Notes
    limit: int | None = None  # how many may wait; None is all
    waiting: dict[str, Record] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)  # hashes of the ids given out

    def add(self, record: Record) -> Iterator[Record]:
        """Take in one row; give out the mark that has waited longest if there are too many."""
        id_ = record.row["id"]
        first = self.waiting.get(id_)
        if first is not None:
            merge_marks(first.row, record.row)
            return
        self.waiting[id_] = record
        if self.limit is not None and len(self.waiting) > self.limit:
            oldest = next(iter(self.waiting))
            yield self._give_out(self.waiting.pop(oldest))

    def flush(self) -> Iterator[Record]:
        """Give out all that wait."""
        waiting, self.waiting = self.waiting, {}
        for record in waiting.values():
            yield self._give_out(record)

    def _give_out(self, record: Record) -> Record:
        key = hash(record.row["id"])
        if key in self.gone:
            self.notes.warn("rows of one mark stand too far apart: they became several records")
            numbers = (str(item["nice_class"] or "") for item in record.row.get("classes", ()))
            record.row["product"] += "-" + ".".join(numbers)
        elif self.limit is not None:
            self.gone.add(key)
        return record


_ALWAYS = ("id", "office", "is_event", "source", "product", "transaction_date")
_STATUS = ("legal_status", "status_date", "legal_events")

SOURCE = Source(
    name="table",
    title="Tables: CSV, TSV, XLSX and XLS with Chinese or English headers",
    kinds=("patent", "trademark"),
    recognises=recognises,
    read=read,
    sample="patsnap_export.xlsx",
    fields={
        "patent": frozenset(
            {
                *("publication_number", "application_number", "other_numbers", "kind_code"),
                *("patent_type", "family_id", "extended_family_id", "filing_date"),
                *("publication_date", "grant_date", "priority_date", "expiry_date", "titles"),
                *("abstracts", "claims", "description", "claim_count", "ipc", "cpc", "locarno"),
                *("other_classes", "applicants", "owners", "inventors", "agents", "examiners"),
                *("priorities", "citations", *_STATUS, *_ALWAYS),
            }
        ),
        "trademark": frozenset(
            {
                *("application_number", "registration_number", "other_numbers", "mark_text"),
                *("transliteration", "translation", "mark_kind", "mark_category"),
                *("mark_description", "disclaimer", "vienna_codes", "owners", "agents"),
                *("filing_date", "priority_date", "preliminary_publication_date"),
                *("registration_date", "expiry_date", "international_registration_date"),
                *("classes", "priorities", *_STATUS, *_ALWAYS),
            }
        ),
    },
    rank=80,
)
