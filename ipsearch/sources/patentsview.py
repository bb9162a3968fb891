"""PatentsView's tables of US grants (`g_patent.tsv`, `g_cpc_current.tsv` ...), each by itself.

A table knows some columns of each patent; its name is the record's `product`, so that several
tables complete each other. Numbers have no kind code in them, as most tables do not know it.
Rows of one patent that stand together are one record. Places of assignees and inventors are in a
table of their own, `g_location_disambiguated`: where it lies beside the others, they get them, and
it gives no records; else `location_id` is named as unmapped.
"""

from __future__ import annotations

from collections.abc import Iterator

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.patentsview_places import Places, find_places, is_places
from ipsearch.sources.patentsview_rows import TableRow, read_rows
from ipsearch.sources.patentsview_tables import TABLES, Draft, Table, find_table
from ipsearch.sources.uspto_legacy import grant_type

_ROWS_MAX = 1_000_000  # of one patent


def read(input: Input) -> Iterator[Record | Reject]:
    """Read one table, a record for each patent in it."""
    rows = read_rows(input)
    header = next(rows, None)
    if header is None:
        return
    if isinstance(header, Reject):
        yield header
        return
    names = [name.strip().lower() for name in header[1]]
    if is_places(names):
        return
    table = find_table(names)
    if table is None:
        yield Reject(header[0], f"no table of patents that is known: {', '.join(names)[:100]}")
        return
    places = find_places(input.name, input.notes) if "location_id" in names else {}
    known = {"patent_id", "location_id"} if places else {"patent_id"}
    input.notes.unmapped.update(set(names) - table.used - known)
    yield from _records(table, names, rows, places, input.notes)


def _records(
    table: Table,
    names: list[str],
    rows: Iterator[Reject | TableRow],
    places: Places,
    notes: Notes,
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
                row = _begin(table, values["patent_id"], position, seen, notes)
                draft = Draft(row, places)
                begun, key, count = position, values["patent_id"], 0
            table.add(values, draft, notes)
            count += 1
        except (RecordError, IdentifierError) as error:
            yield Reject(position, str(error), _head(cells))
    if draft is not None:
        yield Record("patent", draft.finish(), begun)


def _begin(table: Table, patent: str, position: str, seen: _Seen, notes: Notes) -> Row:
    number = PublicationNumber.parse(f"US{patent}")
    product = table.name
    if seen.again(number.number):
        product = f"{table.name} {position}"  # so that it does not replace the first
        notes.warn("rows of one patent stand apart: they became several records")
    return {
        "id": str(number),
        "publication_number": str(number),
        "office": "US",
        "patent_type": grant_type(number.number),
        "source": SOURCE.name,
        "product": product,
        "is_event": False,
    }


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


def _head(cells: list[str]) -> bytes:
    return "\t".join(cells).encode()[:200]


def recognises(head: bytes, name: str) -> bool:
    """Whether the first line has the headers of a table that we know."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    if b"\t" not in first or not first.isascii():
        return False
    names = [cell.strip('" ').lower() for cell in first.decode("ascii").strip().split("\t")]
    return is_places(names) or find_table(names) is not None


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
