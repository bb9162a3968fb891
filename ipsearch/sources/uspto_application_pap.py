"""USPTO's published applications of 2001 to 2004: PAP, versions 1.5 and 1.6.

The first files have no prolog and the DOCTYPE of a web page; the root element alone tells what
they are. A weekly file holds thousands of documents one after the other. Named characters come
from our own table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ipsearch.errors import RecordError
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.noted import add_symbol
from ipsearch.sources.uspto_elements import elements_of
from ipsearch.sources.uspto_legacy import (
    FIELDS,
    add_number,
    add_us_class,
    application,
    complete,
    country,
    international_publication,
    new_row,
    publication,
    read_sgml_documents,
)
from ipsearch.sources.xml_documents import looks_like
from ipsearch.sources.xml_text import printed_number, read_date, strip_number, text_of

_ROOT = "patent-application-publication"
_ROOT_TAG = re.compile(rb"<patent-application-publication[\s>]")
_RENAMED = {  # what stands on lines of its own, by the names that `text_of` knows
    **dict.fromkeys(("paragraph", "paragraph-federal-research-statement", "math-cwu"), "p"),
    "list-item": "li",
    "table-cwu": "table",
    "program-listing": "pre",
    "footnote": "p",
}
_INLINE = (  # mere wrappers of text
    *("highlight", "bold", "italic", "superscript", "subscript", "smallcaps", "uline", "duline"),
    *("number", "literal", "cross-reference", "dependent-claim-reference", "in-line-formula"),
)
_LABEL = re.compile(r"\[?\s*(\w{1,8}?)\s*\.?\s*\]?")


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the applications of `input`, one record each."""
    return read_sgml_documents(input, _ROOT, _convert, renamed=_RENAMED)


def _convert(root: etree._Element, notes: Notes) -> Row:
    row = new_row(SOURCE.name)
    for number in root.iter("number"):  # of a paragraph: its label; of a table: a mere count
        parent = number.getparent()
        if parent is not None and parent.tag == "p":
            parent.set("label", text_of(number))
        number.text = None
        del number[:]
    for reference in root.iter("dependent-claim-reference"):  # `claim 1` stands in its line
        for inner in reference.iter("claim-text"):
            inner.tag = "cross-reference"
    etree.strip_tags(root, *_INLINE)
    for part in elements_of(root):
        if part.tag == "subdoc-bibliographic-information":
            _read_each(part, _BIBLIOGRAPHIC, row, notes)
        elif part.tag == "subdoc-abstract":
            if text := "\n".join(filter(None, map(text_of, part.iterfind("p")))):
                row["abstracts"].append({"language": "en", "text": text})
        elif part.tag == "subdoc-description":
            row["description"] = list(_paragraphs(part))
        elif part.tag == "subdoc-claims":
            _read_claims(part, row)
        elif part.tag not in _LEFT_OUT:
            notes.unmapped.add(str(part.tag))
    if not row.get("publication_number"):
        raise RecordError("no number of a publication in the document")
    for _ in root.iter("custom-character"):
        notes.warn("a character that is only a picture is left out")
    return complete(row)


def _read_each(element: etree._Element, parts: dict[str, _Part], row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        part = parts.get(child.tag)
        if part is not None:
            part(child, row, notes)
        elif child.tag not in _LEFT_OUT and text_of(child):
            notes.unmapped.add(str(child.tag))


# Bibliographic data


def _read_publication(element: etree._Element, row: Row, notes: Notes) -> None:
    row["kind_code"] = _value(element, "kind-code")
    row["publication_number"] = _publication(element)
    row["patent_type"] = "plant" if (row["kind_code"] or "").startswith("P") else "invention"
    day = _value(element, "document-date")
    row["publication_date"] = read_date(day, notes, "publication_date")


def _read_filing(element: etree._Element, row: Row, notes: Notes) -> None:
    row["application_number"] = application(_value(element, "application-number/doc-number"))
    row["filing_date"] = read_date(_value(element, "filing-date"), notes, "filing_date")


def _read_priority(element: etree._Element, row: Row, notes: Notes) -> None:
    _add_priority(
        row,
        _value(element, "priority-application-number/doc-number"),
        country(_value(element, "country-code")),
        _value(element, "filing-date"),
        notes,
    )


def _add_priority(
    row: Row, number: str | None, office: str | None, day: str | None, notes: Notes
) -> None:
    number = application(number, office) or number
    found = read_date(day, notes, "priorities")
    row["priorities"].append({"office": office, "number": number, "date": found})


def _read_technical(element: etree._Element, row: Row, notes: Notes) -> None:
    _read_each(element, _TECHNICAL, row, notes)


def _read_ipc(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter("ipc"):
        add_symbol(row["ipc"], text_of(child), notes, "ipc")


def _read_national(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter("uspc", "uspc-freeform"):
        if child.tag == "uspc":
            class_ = (_value(child, "class") or "").rjust(3)
            add_us_class(row, class_ + (_value(child, "subclass") or ""))
        else:
            add_us_class(row, text_of(child))


def _read_title(element: etree._Element, row: Row, notes: Notes) -> None:
    if text := text_of(element):
        row["titles"].append({"language": "en", "text": text})


def _read_citation(element: etree._Element, row: Row, notes: Notes) -> None:
    document = element.find("cited-patent-literature/document-id")
    number = None if document is None else _publication(document)
    text = None if number else text_of(element) or None
    if number or text:
        row["citations"].append(
            {"publication_number": number, "text": text, "category": None, "cited_by": None}
        )


def _read_continuity(element: etree._Element, row: Row, notes: Notes) -> None:
    """Provisional applications are claimed priorities; earlier publications are its numbers.

    So is the PCT application that this one is the national stage of. Parents of continuations
    and divisions are applications of their own.
    """
    for document in element.iterfind("non-provisional-of-provisional/document-id"):
        office = country(_value(document, "country-code")) or "US"
        day = _value(document, "document-date")
        _add_priority(row, _value(document, "doc-number"), office, day, notes)
    for document in element.iterfind("a-371-of-international/parent-child/parent/document-id"):
        add_number(row, application(_value(document, "doc-number"), None))
    for document in element.iterfind("corrected-republication-of/document-id"):
        add_number(row, _publication(document))


def _read_earlier(element: etree._Element, row: Row, notes: Notes) -> None:
    for document in element.iterfind("document-id"):
        add_number(row, _publication(document))


def _read_international(element: etree._Element, row: Row, notes: Notes) -> None:
    for document in element.iterfind("pct-application/document-id"):
        add_number(row, application(_value(document, "doc-number"), None))
    for document in element.iterfind("pct-publication/document-id"):
        add_number(row, international_publication(_value(document, "doc-number")))


def _publication(document: etree._Element) -> str | None:
    office = country(_value(document, "country-code"))
    return publication(office, _value(document, "doc-number"), _value(document, "kind-code"))


# Parties


def _read_inventors(element: etree._Element, row: Row, notes: Notes) -> None:
    row["inventors"] = [_party(child) for child in elements_of(element)]


def _read_assignee(element: etree._Element, row: Row, notes: Notes) -> None:
    row["owners"].append(_party(element))


def _party(element: etree._Element) -> dict[str, str | None]:
    found = element.find("name")
    person = None
    if found is not None:
        parts = (_value(found, f"{part}-name") for part in ("given", "middle", "family"))
        person = " ".join(filter(None, (*parts, _value(found, "name-suffix")))) or None
    organization = _value(element, "organization-name")
    if person is None:
        person, organization = organization, None
    address = element.find("address")
    homes = (element.find(f"residence/{name}") for name in ("residence-us", "residence-non-us"))
    home = next((found for found in homes if found is not None), None)
    nearest = address if home is None else home  # an address may be that of the law firm
    city, state = _value(nearest, "city"), _value(nearest, "state")
    code = country(_value(nearest, "country-code") or _value(nearest, "country/country-code"))
    lines = [_value(address, tag) for tag in ("military-address", "address-1", "address-2")]
    if any(lines):
        lines += [_value(address, tag) for tag in ("city", "state", "postalcode", "country")]
    return {
        "name": person,
        "organization": organization,
        "country": code or ("US" if state else None),
        "province": state,
        "city": city,
        "county": None,
        "address": ", ".join(filter(None, lines)) or None,
    }


# Texts


def _paragraphs(element: etree._Element) -> Iterator[dict[str, str | None]]:
    """Headings and paragraphs, through the sections that are around them."""
    for child in elements_of(element):
        if child.tag in _SECTIONS:
            yield from _paragraphs(child)
        elif text := text_of(child):
            printed = _LABEL.fullmatch(child.get("label") or "")
            yield {"language": "en", "label": printed[1] if printed else None, "text": text}


def _read_claims(part: etree._Element, row: Row) -> None:
    for claim in part.iter("claim"):
        label = printed_number((claim.get("id") or "").removeprefix("CLM-"))
        if text := strip_number(text_of(claim), label):
            row["claims"].append({"language": "en", "label": label, "text": text})


def _value(element: etree._Element | None, path: str) -> str | None:
    found = None if element is None else element.find(path)
    return (text_of(found) or None) if found is not None else None


_Part = Callable[[etree._Element, Row, Notes], Any]
_BIBLIOGRAPHIC: dict[str, _Part] = {
    "document-id": _read_publication,
    "domestic-filing-data": _read_filing,
    "foreign-priority-data": _read_priority,
    "technical-information": _read_technical,
    "continuity-data": _read_continuity,
    "prior-publication": _read_earlier,
    "inventors": _read_inventors,
    "assignee": _read_assignee,
    "international-conventions": _read_international,
}
_TECHNICAL: dict[str, _Part] = {
    "classification-ipc": _read_ipc,
    "classification-us": _read_national,
    "title-of-invention": _read_title,
    "citation": _read_citation,
}
_SECTIONS = frozenset(
    (
        *("copyright-statement", "cross-reference-to-related-applications", "section"),
        *("federal-research-statement", "background-of-invention", "summary-of-invention"),
        *("brief-description-of-drawings", "brief-description-of-sequences"),
        *("detailed-description", "program-listing-deposit"),
    )
)
_LEFT_OUT = frozenset(  # how it was filed, whom to write to, pictures
    ("publication-filing-type", "correspondence-address", "subdoc-drawings")
)

SOURCE = Source(
    name="uspto_application_pap",
    title="USPTO applications 2001-2004, PAP 1.5 and 1.6",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="uspto_pap.xml",
    fields={"patent": FIELDS - {"grant_date"}},
    can_split=True,
    rank=0,
)
