"""What USPTO's older formats (ST.32, PAP, Green Book) share: numbers, class columns, documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from ipsearch.classification import parse_locarno
from ipsearch.errors import IdentifierError, IpsearchError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.entities import resolve_names
from ipsearch.sources.noted import add_symbol
from ipsearch.sources.xml_documents import (
    HEAD_BYTES,
    Document,
    documents,
    note_unknown,
    parse,
    unknown_names,
)

LISTS = (
    *("other_numbers", "titles", "abstracts", "claims", "description", "ipc", "cpc", "locarno"),
    *("other_classes", "applicants", "owners", "inventors", "agents", "examiners"),
    *("priorities", "citations"),
)
FIELDS = frozenset(
    (
        *("id", "publication_number", "application_number", "office", "kind_code"),
        *("patent_type", "filing_date", "publication_date", "grant_date", "priority_date"),
        *("claim_count", *LISTS, "is_event", "source", "product", "transaction_date"),
    )
)
PARTY_COLUMNS = ("name", "organization", "country", "province", "city", "county", "address")

_TYPES = {"D": "design", "PP": "plant", "RE": "invention", "": "invention"}
_LETTERS = re.compile(r"[A-Z]*")
_TAIL = re.compile(r"\.?(\d*)([A-Z]*)")
_DIGEST = re.compile(r"DIG\.?\s*0*(\d+)")

# Codes of WIPO ST.3 that were given up while these files were made
_OLD_COUNTRIES = {"DT": "DE", "DL": "DD", "JA": "JP", "OE": "AT", "SW": "SE", "UK": "GB"}


def new_row(source: str) -> Row:
    row: Row = {"office": "US", "source": source, "product": "", "is_event": False}
    for column in LISTS:
        row[column] = []
    return row


def complete(row: Row) -> Row:
    """Fill what follows from the rest: id, type, count of claims, earliest priority."""
    row["id"] = row.get("publication_number") or row.get("application_number")
    row["claim_count"] = row.get("claim_count") or len(row["claims"]) or None
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    row["transaction_date"] = row.get("publication_date")
    return row


# Documents


def read_sgml_documents(
    input: Input,
    root: str,
    convert: Callable[[etree._Element, Notes], Row],
    *,
    renamed: Mapping[str, str],
    empty: Collection[str] = (),
) -> Iterator[Record | Reject]:
    """Give a record of each document of this root that `convert` can read, else a reject.

    Named characters are resolved before. Elements are `renamed` to the names by which their text
    is laid out (`PARA` -> `p`). Of a document that is SGML and no XML, the elements that are
    `empty` and not closed are closed.
    """
    unclosed = re.compile(
        rf"<({'|'.join(map(re.escape, empty))})(\s[^<>]*)?(?<!/)>".encode("ascii")
    )
    for document in documents(input, (root,)):
        head = document.content[:HEAD_BYTES]
        if document.fault:
            yield Reject(document.position, document.fault, head)
            continue
        try:
            parsed = _parse(document, unclosed if empty else None)
            names = unknown_names(parsed)
            for element in parsed.iter(*renamed):
                element.tag = renamed[element.tag]
            row = convert(parsed, input.notes)
        except etree.XMLSyntaxError as error:
            line = error.position[0] + document.first_line - 1
            message = str(error.msg or error).rsplit(", line ", 1)[0]
            yield Reject(document.position, f"line {line}: {message}", head)
        except RecursionError:
            yield Reject(document.position, "elements are nested too deeply", head)
        except (IpsearchError, ValueError, LookupError) as error:
            yield Reject(document.position, str(error), head)
        else:
            note_unknown(names, input.notes)
            yield Record("patent", row, document.position)


def _parse(document: Document, unclosed: re.Pattern[bytes] | None) -> etree._Element:
    content = resolve_names(document.content)
    try:
        return parse(replace(document, content=content))
    except etree.XMLSyntaxError:
        if unclosed is None:
            raise
        closed = unclosed.sub(lambda found: _close(found, content), content)
        if closed == content:
            raise
        return parse(replace(document, content=closed))


def _close(found: re.Match[bytes], content: bytes) -> bytes:
    if content.startswith(b"</" + found[1], found.end()) or b"</" + found[1] + b">" in content:
        return found[0]
    return found[0][:-1] + b"/>"


# Numbers


def publication(office: str | None, number: str | None, kind: str | None = None) -> str | None:
    """The canonical number of a publication; None where it cannot be read."""
    if not number:
        return None
    office = office or "US"
    for suffix in dict.fromkeys((kind or "", "")):
        try:
            return str(PublicationNumber.parse(f"{office}{number}{suffix}"))
        except IdentifierError:
            continue
    return None


def international_publication(number: str | None) -> str | None:
    """The canonical number of a PCT publication, written with its `WO` or without."""
    if not number:
        return None
    return publication("WO", number.strip().upper().removeprefix("WO").strip())


def application(number: str | None, office: str | None = "US") -> str | None:
    """The canonical number of an application; None where it cannot be read."""
    if not number:
        return None
    try:
        return str(ApplicationNumber.parse(number, office))
    except IdentifierError:
        return None


def add_number(row: Row, number: str | None) -> None:
    if number and number not in row["other_numbers"]:
        row["other_numbers"].append(number)


def grant_type(number: str) -> str:
    """The type of patent that the letters before its number tell.

    >>> grant_type("D0435854"), grant_type("06336130"), grant_type("H0001922")
    ('design', 'invention', 'other')
    """
    match = _LETTERS.match(number.upper())
    return _TYPES.get(match[0] if match else "", "other")


def country(code: str | None) -> str | None:
    """Two letters of WIPO ST.3; `JPX` has one to spare, `DT` was Germany.

    >>> country("JPX"), country("DT"), country("")
    ('JP', 'DE', None)
    """
    code = (code or "").strip().upper()[:2]
    return _OLD_COUNTRIES.get(code, code) or None


# Classes


def add_ipc(row: Row, text: str | None, notes: Notes) -> None:
    """Add an IPC symbol in columns: four of subclass, three of main group, the subgroup."""
    if not text or not text.strip():
        return
    subclass, group, subgroup = text[:4], text[4:7].strip(), text[7:].strip()
    symbol = text if "/" in text else subclass + (f"{group}/{subgroup}" if group else "")
    add_symbol(row["ipc"], symbol, notes, "ipc")


def add_locarno(row: Row, text: str | None, notes: Notes) -> None:
    symbol = (text or "").strip().removeprefix("D")
    add_symbol(row["locarno"], symbol, notes, "locarno", parse_locarno)


def add_us_class(row: Row, text: str | None) -> None:
    if symbol := us_class(text or ""):
        found = {"scheme": "USPC", "symbol": symbol}
        if found not in row["other_classes"]:
            row["other_classes"].append(found)


def us_class(text: str) -> str | None:
    """Write a US class in columns (3 of class, 3 of subclass, decimals or letters) with a slash.

    >>> us_class("360 60"), us_class("369 772"), us_class("224 4203R"), us_class("705026000")
    ('360/60', '369/77.2', '224/42.03R', '705/26')
    """
    text = text.rstrip()
    class_, rest = text[:3].replace(" ", "").lstrip("0"), text[3:].strip()
    if not class_:
        return None
    if not rest:
        return class_
    if digest := _DIGEST.fullmatch(rest):
        return f"{class_}/DIG{digest[1]}"
    subclass, tail = text[3:6].strip().lstrip("0"), text[6:].strip()
    parts = _TAIL.fullmatch(tail)
    if parts is None:
        return f"{class_}/{rest.lstrip('0')}"
    decimals = parts[1].rstrip("0")
    return f"{class_}/{subclass or '0'}" + (f".{decimals}" if decimals else "") + parts[2]
