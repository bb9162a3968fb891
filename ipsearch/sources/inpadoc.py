"""INPADOC legal events: answers of the Open Patent Services, and files of bare `legal` elements.

An answer lists the members of a family. The events stand with one member, and speak of its
application: they become news of the application (`is_event`), which reach all its publications.
The member itself, its numbers, dates and priorities, is a record of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from lxml import etree

from ipsearch.errors import RecordError
from ipsearch.records import Row
from ipsearch.sources import docdb_document
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.docdb_elements import (
    child_of,
    name_of,
    office_of,
    read_application,
    read_cut_out,
    read_publication,
)
from ipsearch.sources.inpadoc_events import fields_of, read_events
from ipsearch.sources.opening import peek
from ipsearch.sources.xml_documents import looks_like
from ipsearch.sources.xml_text import read_date

_LEGAL_TAG = re.compile(rb"<(?:[\w.-]+:)?legal\s[^<>]*\b(?:code|desc|infl)=|<(?:[\w.-]+:)?L001EP")
_MEMBER_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:world-patent-data|family-member)[\s>]")
FIELDS = frozenset(
    (
        *("id", "publication_number", "application_number", "office", "kind_code"),
        *("patent_type", "family_id", "filing_date", "publication_date", "grant_date"),
        *("priority_date", "priorities", "legal_status", "status_date", "legal_events"),
        *("titles", "abstracts", "ipc", "cpc", "other_classes", "applicants", "inventors"),
        *("agents", "citations", "is_event", "source", "product", "transaction_date"),
    )
)


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the family members of an answer, or each `legal` element of another file."""
    head, input = peek(input)
    if not _MEMBER_TAG.search(head):
        yield from read_cut_out(input, {"legal": _read_legal})
    elif input.start == 0:  # what is nested cannot be cut in ranges: the first takes it all
        convert = partial(read_member, source="inpadoc")
        yield from read_cut_out(replace(input, end=None), {"family-member": convert})


def read_member(element: etree._Element, notes: Notes, source: str) -> list[Row]:
    """Give the rows of a `family-member`: its document, and news of its application if any."""
    exchange = child_of(element, "exchange-document")
    member = docdb_document.convert_member(element, notes, source)
    row = member if exchange is None else docdb_document.convert(exchange, notes, source)
    legal = [child for child in element if name_of(child) == "legal"]
    if exchange is not None:
        for column in ("application_number", "filing_date"):
            row[column] = row.get(column) or member.get(column)
        row["is_removal"] = docdb_document.is_deleted(exchange)
    if not legal:
        return [row]
    events = read_events(legal, notes)
    fields = fields_of(legal[0])
    application = member.get("application_number") or _numbers_of(fields, notes)[0]
    news = {
        **{column: member.get(column) for column in ("family_id", "filing_date", "office")},
        "id": application or row["id"],
        "application_number": application,
        "publication_number": None if application else row["publication_number"],
    }
    return [row, {**_news(source, events, legal), **news}]


def _read_legal(element: etree._Element, notes: Notes) -> list[Row]:
    """Give the row of one `legal` element that names its document itself."""
    fields = fields_of(element)
    application, publication = _numbers_of(fields, notes)
    if not (application or publication):
        raise RecordError(f"no number: {fields.get('L003EP')!r} of {fields.get('L001EP')!r}")
    events = read_events([element], notes)
    if not events["legal_events"]:
        raise RecordError("deleted by the office")
    return [
        {
            **_news(SOURCE.name, events, [element]),
            "id": application or publication,
            "office": fields.get("L001EP") or office_of(application),
            "application_number": application,
            "publication_number": publication,
        }
    ]


def _news(source: str, events: Row, legal: list[etree._Element]) -> Row:
    exchanged = max((fields_of(element).get("L018EP", "") for element in legal), default="")
    return {
        "source": source,
        "product": "legal",
        "is_event": True,
        "transaction_date": read_date(exchanged, Notes(), "transaction_date"),
        **events,
    }


def _numbers_of(fields: dict[str, str], notes: Notes) -> tuple[str | None, str | None]:
    """The number of the application or of the publication that an event speaks of."""
    names = {"country": "L001EP", "doc-number": "L003EP", "kind": "L004EP"}
    parts = {name: fields[field] for name, field in names.items() if field in fields}
    if fields.get("L002EP", "F").upper().startswith("P"):
        return None, read_publication(parts, notes)
    return read_application("docdb", parts, notes), None


SOURCE = Source(
    name="inpadoc",
    title="INPADOC legal events, XML (OPS family and legal answers)",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _LEGAL_TAG),
    read=read,
    sample="inpadoc_legal.xml",
    fields={"patent": FIELDS},
    can_split=True,
    rank=40,
)
