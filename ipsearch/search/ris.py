"""Records as RIS, for reference managers: Zotero, EndNote, NoteExpress.

A patent is of type PAT, its tags those that Zotero's and EndNote's filters read for it: AU
inventor, PB assignee, SN patent number, M1 application number, A2 issuing authority, DA
publication, C1 filing, C6 legal status, OP priorities. A mark has no type of its own there: GEN.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

from ipsearch.records import Kind
from ipsearch.search.plain import as_rows

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS: dict[Kind, tuple[str, ...]] = {
    "patent": (
        *("id", "publication_number", "application_number", "office", "titles"),
        *("abstracts", "inventors", "applicants", "owners", "publication_date", "filing_date"),
        *("ipc", "cpc", "locarno", "priorities", "legal_status"),
    ),
    "trademark": (
        *("id", "application_number", "registration_number", "office", "mark_text", "owners"),
        *("preliminary_publication_date", "filing_date", "classes", "legal_status"),
    ),
}
"""The columns of a record that its entry is made of."""


class RisWriter:
    """Writes an entry a record."""

    def __init__(self, stream: BinaryIO, kind: Kind) -> None:
        self._stream = stream
        self._tags = _patent_tags if kind == "patent" else _mark_tags

    def write(self, batch: pa.RecordBatch) -> None:
        """Write records."""
        for row in as_rows(batch):
            lines = (f"{tag}  - {_line(value)}\r\n" for tag, value in self._tags(row) if value)
            self._stream.write(("".join(lines) + "ER  - \r\n\r\n").encode())

    def close(self) -> None:
        """Finish: there is nothing behind the last entry."""

    def abandon(self) -> None:
        """Give up."""


def _patent_tags(row: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    titles = [title["text"] for title in row["titles"] or ()]
    yield "TY", "PAT"
    yield "ID", row["id"]
    yield from (("AU", name) for name in _names(row["inventors"]))
    yield from (("TI", title) for title in titles[:1])
    yield from (("TT", title) for title in titles[1:2])  # translated title
    yield from _published(row["publication_date"])
    yield "C1", _day(row["filing_date"])
    yield "PB", "; ".join(_names(row["applicants"]) or _names(row["owners"]))
    yield "SN", row["publication_number"]
    yield "M1", row["application_number"]
    yield "A2", row["office"]
    yield "C6", row["legal_status"]
    priorities = (
        " ".join(filter(None, (p["office"], p["number"], _day(p["date"]))))
        for p in row["priorities"] or ()
    )
    yield "OP", "; ".join(filter(None, priorities))
    symbols = dict.fromkeys(s for name in ("ipc", "cpc", "locarno") for s in row[name] or ())
    yield from (("KW", symbol) for symbol in symbols)
    yield from (("AB", abstract["text"]) for abstract in (row["abstracts"] or ())[:1])
    yield from (("LA", title["language"]) for title in (row["titles"] or ())[:1])


def _mark_tags(row: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield "TY", "GEN"
    yield "ID", row["id"]
    yield from (("AU", name) for name in _names(row["owners"]))
    yield "TI", row["mark_text"]
    yield from _published(row["preliminary_publication_date"] or row["filing_date"])
    yield "C1", _day(row["filing_date"])
    yield "SN", row["registration_number"]
    yield "M1", row["application_number"]
    yield "A2", row["office"]
    yield "C6", row["legal_status"]
    numbers = sorted({c["nice_class"] for c in row["classes"] or () if c["nice_class"]})
    yield from (("KW", f"Nice {number}") for number in numbers)


def _published(day: date | None) -> Iterable[tuple[str, str | None]]:
    return [] if day is None else [("PY", f"{day.year:04d}"), ("DA", _day(day))]


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day.year:04d}/{day.month:02d}/{day.day:02d}"


def _names(parties: Iterable[Mapping[str, Any]] | None) -> list[str]:
    return [party["name"] for party in parties or () if party["name"]]


def _line(value: str) -> str:
    """Give the value in one line: the next one would be read as a tag."""
    return " ".join(value.split())
