"""PatentsView's tables of US grants (`g_patent.tsv`, `g_cpc_current.tsv` ...), each by itself.

A table knows some columns of each patent; its name is the record's `product`, so that several
tables complete each other. Numbers have no kind code in them, as most tables do not know it.
Rows of one patent that stand together are one record. Countries of assignees and inventors are in
a table of their own, `g_location_disambiguated`, which one file alone cannot be joined with: they
stay unknown, and `location_id` is named as unmapped.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import PublicationNumber
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.encoding import TextLine, text_lines
from ipsearch.sources.patentsview_tables import TABLES, Draft, Table, find_table
from ipsearch.sources.uspto_legacy import grant_type

_CELL_CHARS = 1 << 24  # in a longer one a quote was left open
_ROWS_MAX = 1_000_000  # of one patent


def read(input: Input) -> Iterator[Record | Reject]:
    """Read one table, a record for each patent in it."""
    rows = _rows(input)
    header = next(rows, None)
    if header is None:
        return
    if isinstance(header, Reject):
        yield header
        return
    names = [name.strip().lower() for name in header[1]]
    table = find_table(names)
    if table is None:
        yield Reject(header[0], f"no table of patents that is known: {', '.join(names)[:100]}")
        return
    input.notes.unmapped.update(set(names) - table.used - {"patent_id"})
    yield from _records(table, names, rows, input.notes)


def _records(
    table: Table, names: list[str], rows: Iterator[Reject | _Cut], notes: Notes
) -> Iterator[Record | Reject]:
    seen = _Seen()
    draft: Draft | None = None
    begun, key, count = "", "", 0
    for item in rows:
        if isinstance(item, Reject):
            yield item
            continue
        position, cells = item
        values = dict(zip(names, (cell.strip() for cell in cells), strict=True))
        if draft is not None and (values["patent_id"] != key or count >= _ROWS_MAX):
            yield Record("patent", draft.finish(), begun)
            draft = None
        try:
            if draft is None:
                draft = _begin(table, values["patent_id"], position, seen, notes)
                begun, key, count = position, values["patent_id"], 0
            table.add(values, draft, notes)
            count += 1
        except (RecordError, IdentifierError) as error:
            yield Reject(position, str(error), _head(cells))
    if draft is not None:
        yield Record("patent", draft.finish(), begun)


def _begin(table: Table, patent: str, position: str, seen: _Seen, notes: Notes) -> Draft:
    number = PublicationNumber.parse(f"US{patent}")
    product = table.name
    if seen.again(number.number):
        product = f"{table.name} {position}"  # so that it does not replace the first
        notes.warn("rows of one patent stand apart: they became several records")
    row = {
        "id": str(number),
        "publication_number": str(number),
        "office": "US",
        "patent_type": grant_type(number.number),
        "source": SOURCE.name,
        "product": product,
        "is_event": False,
    }
    return Draft(row)


class _Seen:
    """Which numbers there were: a bit each, as the tables hold millions of patents."""

    def __init__(self) -> None:
        self._bits: dict[str, bytearray] = {}

    def again(self, number: str) -> bool:
        """Note a number, and say whether it was there before."""
        letters = number.rstrip("0123456789")
        value = int(number[len(letters) :] or 0)
        if value >= 1 << 27:
            return False
        bits = self._bits.setdefault(letters, bytearray())
        place, bit = value >> 3, 1 << (value & 7)
        if place >= len(bits):
            bits.extend(bytes(place + 4096 - len(bits)))
        was_there = bool(bits[place] & bit)
        bits[place] |= bit
        return was_there


# Rows of the file

_Cut = tuple[str, list[str]]
"""Position and cells."""


def _rows(input: Input) -> Iterator[Reject | _Cut]:
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


def _head(cells: list[str]) -> bytes:
    return "\t".join(cells).encode()[:200]


def recognises(head: bytes, name: str) -> bool:
    """Whether the first line has the headers of a table that we know."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    if b"\t" not in first or not first.isascii():
        return False
    names = first.decode("ascii").strip().split("\t")
    return find_table(cell.strip('" ').lower() for cell in names) is not None


SOURCE = Source(
    name="patentsview",
    title="PatentsView tables of US grants (g_*.tsv)",
    kinds=("patent",),
    recognises=recognises,
    read=read,
    sample="patentsview",
    fields={
        "patent": frozenset(
            ("id", "publication_number", "office", "patent_type", "is_event", "source", "product")
        ).union(*(table.columns for table in TABLES))
    },
    is_verified=False,
    rank=40,
)
