"""Parts of applications as CNIPA hands them out: `cn-application-body`, one part a file.

Claims (100001), description (100002), drawings (100003) and abstract (100004) of an application
lie in one folder, and only the folder's name says which application they belong to:
`2010102412224/100001/DA000002391714.xml`. So each part is a record of that application with the
columns that it knows and with the part as its `product`; the corpus makes one record of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from lxml import etree

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.cnipa_body import (
    language_of,
    note_unmapped,
    plain_name,
    read_claims,
    read_description,
    unwrap_lines,
)
from ipsearch.sources.cnipa_elements import elements_of
from ipsearch.sources.xml_documents import looks_like, read_documents
from ipsearch.sources.xml_text import text_of

_ROOT_TAG = re.compile(rb"<cn-application-body[\s>]")
_STEP = re.compile(r"[/\\!]")
_NUMBER = re.compile(r"(?:CN|ZL)?(\d{8}|\d{12})\.?([\dX])(?![\dX])", re.IGNORECASE)
_TYPES = {"1": "invention", "2": "utility_model", "3": "design", "8": "invention"}
_TYPES["9"] = "utility_model"


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the parts in `input`, one record each."""
    return read_documents(
        input, ("cn-application-body",), "patent", partial(_convert, name=input.name)
    )


def find_application(name: str) -> ApplicationNumber | None:
    """Find the application's number in a file's path, the innermost folder that has one.

    Only a number with its right check digit counts, so that no date or serial is taken for one.
    """
    for step in reversed(_STEP.split(name)):
        match = _NUMBER.match(step)
        if match is None:
            continue
        try:
            number = ApplicationNumber.parse(f"{match[1]}.{match[2]}", "CN")
        except IdentifierError:
            continue
        if number.expected_check_digit == number.check_digit.upper():
            return number
    return None


def _convert(root: etree._Element, notes: Notes, *, name: str) -> Row:
    number = find_application(name) or _told_by_root(root)
    if number is None:
        raise RecordError(
            f"no application number: neither the path {name!r} nor the document has one"
        )
    unwrap_lines(root)
    row: Row = {
        "id": str(number),
        "application_number": str(number),
        "office": "CN",
        "source": SOURCE.name,
        "is_event": False,
        "patent_type": _TYPES.get(number.number[2 if len(number.number) == 8 else 4]),
    }
    parts = []
    for child in elements_of(root):
        part = _read_part(child, row, notes)
        if part:
            parts.append(part)
    if not parts:
        raise RecordError("no part of an application that is known")
    row["product"] = "+".join(dict.fromkeys(parts))
    return row


def _told_by_root(root: etree._Element) -> ApplicationNumber | None:
    """Numbers that somebody has written into the attributes of the root."""
    found = (find_application(str(value)) for value in root.attrib.values())
    return next((number for number in found if number is not None), None)


def _read_part(element: etree._Element, row: Row, notes: Notes) -> str:
    """Read one part into `row`; return its name, "" if it is not known."""
    name = plain_name(element)
    if name == "claims":
        row["claims"] = row.get("claims", []) + read_claims(element, notes)
        row["claim_count"] = len(row["claims"]) or None
        return name
    if name == "description":
        titles, passages = read_description(element)
        if titles:
            row["titles"] = titles
        row["description"] = row.get("description", []) + passages
        return name
    if name == "abstract":
        text = text_of(element)
        if not text:
            return "abstract_drawing"  # a part of its own, with no word in it
        row["abstracts"] = [{"language": language_of(element), "text": text}]
        return name
    if name in ("drawings", "abst-figure"):
        return name
    note_unmapped(element, notes)
    return ""


SOURCE = Source(
    name="cnipa_application",
    title="CNIPA parts of applications, XML (cn-application-body): claims, description, abstract",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="cnipa_application",
    fields={
        "patent": frozenset(
            {
                *("id", "application_number", "office", "patent_type", "titles", "abstracts"),
                *("claims", "description", "claim_count", "is_event", "source", "product"),
            }
        )
    },
    rank=0,
)
