"""USPTO's Red Book XML, versions 4.0 (2004) to 4.6: grants and published applications.

A weekly file holds thousands of documents, each with a prolog of its own; utility patents,
designs, plants and reissues have the same elements. Documents of other roots in such a file
(sequence listings) are passed over and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ipsearch.classification import parse_locarno
from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.noted import add_symbol
from ipsearch.sources.uspto_elements import (
    FILLERS,
    document_id_of,
    elements_of,
    person_name,
    read_party,
    values_of,
)
from ipsearch.sources.uspto_legacy import FIELDS, LISTS
from ipsearch.sources.xml_blocks import Layout, blocks, claims_of, flatten, passages_of
from ipsearch.sources.xml_documents import looks_like, read_documents
from ipsearch.sources.xml_text import (
    read_date,
    text_of,
)

_ROOTS = ("us-patent-grant", "us-patent-application")
_ROOT_TAG = re.compile(rb"<us-patent-(?:grant|application)[\s>]")
_TYPES = {
    "utility": "invention",
    "reissue": "invention",
    "design": "design",
    "plant": "plant",
    "sir": "other",  # statutory invention registration: published, never a patent
}
_TYPES_BY_KIND = {"A": "invention", "B": "invention", "E": "invention", "S": "design", "P": "plant"}


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the documents of `input`, one record each."""
    return read_documents(input, _ROOTS, "patent", _convert)


def _convert(root: etree._Element, notes: Notes) -> Row:
    row: Row = {
        "office": "US",
        "source": SOURCE.name,
        "product": "",
        "is_event": False,
        "language": (root.get("lang") or "en").lower()[:2],
    }
    for column in LISTS:
        row[column] = []
    for child in elements_of(root):
        part = _PARTS.get(child.tag)
        if part is not None:
            part(child, row, notes)
        elif child.tag not in _LEFT_OUT:
            notes.unmapped.add(child.tag)
    return _complete(row, root, notes)


def _complete(row: Row, root: etree._Element, notes: Notes) -> Row:
    row["id"] = row.get("publication_number") or row.get("application_number")
    if not row["id"]:
        raise RecordError(f"no number in the document {root.get('file')!r}")
    kind = row.get("kind_code") or ""
    row["patent_type"] = row.get("patent_type") or _TYPES_BY_KIND.get(kind[:1])
    published = row.get("publication_date") or read_date(
        root.get("date-publ"), notes, "publication_date"
    )
    row["publication_date"] = published
    if root.tag == "us-patent-grant":
        row["grant_date"] = published
    produced = read_date(root.get("date-produced"), notes, "transaction_date")
    row["transaction_date"] = produced or published
    row["claim_count"] = row.get("claim_count") or len(row["claims"]) or None
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    del row["language"]
    return row


# Bibliographic data


def _bibliography(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        part = _BIBLIOGRAPHIC.get(child.tag)
        if part is not None:
            part(child, row, notes)
        elif child.tag not in _LEFT_OUT:
            notes.unmapped.add(child.tag)


def _read_publication(element: etree._Element, row: Row, notes: Notes) -> None:
    values = document_id_of(element)
    row["kind_code"] = values.get("kind")
    row["publication_number"] = _publication(values)
    if row["publication_number"] is None:
        notes.warn("publication_number: not a number")
    row["publication_date"] = read_date(values.get("date"), notes, "publication_date")


def _read_application(element: etree._Element, row: Row, notes: Notes) -> None:
    values = document_id_of(element)
    row["patent_type"] = _TYPES.get((element.get("appl-type") or "").lower())
    row["application_number"] = _application(values)
    row["filing_date"] = read_date(values.get("date"), notes, "filing_date")


def _read_title(element: etree._Element, row: Row, notes: Notes) -> None:
    if text := text_of(element):
        language = (element.get("lang") or row["language"]).lower()[:2]
        row["titles"].append({"language": language, "text": text})


def _read_ipcr(element: etree._Element, row: Row, notes: Notes) -> None:
    first: list[dict[str, str]] = []
    further: list[dict[str, str]] = []
    for child in element.iter("classification-ipcr"):
        values = values_of(child)
        (first if values.get("symbol-position") == "F" else further).append(values)
    for values in (*first, *further):
        add_symbol(row["ipc"], _symbol(values), notes, "ipc")


def _read_ipc(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter("main-classification", "further-classification"):
        add_symbol(row["ipc"], child.text, notes, "ipc")


def _read_cpc(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter("classification-cpc"):
        add_symbol(row["cpc"], _symbol(values_of(child)), notes, "cpc")


def _symbol(values: dict[str, str]) -> str:
    symbol = "".join(values.get(part, "") for part in ("section", "class", "subclass"))
    if "main-group" in values:
        symbol += f"{values['main-group']}/{values.get('subgroup') or '00'}"
    return symbol or values.get("text", "")


def _read_locarno(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter("main-classification", "further-classification"):
        add_symbol(row["locarno"], child.text, notes, "locarno", parse_locarno)


def _read_national(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element:
        if child.tag in ("main-classification", "further-classification"):
            symbol = us_class(child.text or "")
            found = {"scheme": "USPC", "symbol": symbol}
            if symbol and found not in row["other_classes"]:
                row["other_classes"].append(found)


def us_class(text: str) -> str | None:
    """Write a US class, given in columns (3 of class, 3 of subclass, decimals), with a slash.

    >>> us_class("705 26"), us_class("128905000"), us_class("D14374")
    ('705/26', '128/905', 'D14/374')
    """
    class_, subclass, decimals = text[:3].strip(), text[3:6].strip(), text[6:].strip()
    if not class_ or text.strip().lower() in FILLERS:
        return None
    symbol = class_.replace(" ", "").lstrip("0")
    if subclass:
        symbol += "/" + (subclass.lstrip("0") or "0")
    decimals = decimals.rstrip("0") if decimals.isdigit() else decimals
    return f"{symbol}.{decimals}" if decimals else symbol


def _read_priorities(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter("priority-claim"):
        _add_priority(values_of(child), row, notes)


def _add_priority(values: dict[str, str], row: Row, notes: Notes) -> None:
    row["priorities"].append(
        {
            "office": values.get("country"),
            "number": _application(values) or values.get("doc-number"),
            "date": read_date(values.get("date"), notes, "priorities"),
        }
    )


def _read_related(element: etree._Element, row: Row, notes: Notes) -> None:
    """Provisional applications are claimed priorities; publications of this one are its numbers.

    Parents and children of continuations and divisions are applications of their own.
    """
    for child in elements_of(element):
        if child.tag == "us-provisional-application":
            _add_priority(document_id_of(child), row, notes)
        elif child.tag == "related-publication":
            _add_number(row, _publication(document_id_of(child)))


def _read_pct_filing(element: etree._Element, row: Row, notes: Notes) -> None:
    _add_number(row, _application(document_id_of(element)))


def _read_pct_publication(element: etree._Element, row: Row, notes: Notes) -> None:
    _add_number(row, _publication(document_id_of(element)))


def _read_hague(element: etree._Element, row: Row, notes: Notes) -> None:
    _add_number(row, values_of(element).get("international-registration-number"))


def _add_number(row: Row, number: str | None) -> None:
    if number and number not in row["other_numbers"]:
        row["other_numbers"].append(number)


def _read_count(element: etree._Element, row: Row, notes: Notes) -> None:
    text = (element.text or "").strip()
    if text.isdecimal():
        row["claim_count"] = int(text[:9])
    else:
        notes.warn("claim_count: not a number")


def _read_citations(element: etree._Element, row: Row, notes: Notes) -> None:
    for citation in element.iter("citation", "us-citation"):
        number, text, cited_by = None, None, None
        for child in citation:
            if child.tag == "patcit":
                values = document_id_of(child)
                number = _publication(values)
                if number is None:
                    text = text_of(child) or None
            elif child.tag == "nplcit":
                text = text_of(child) or None
            elif child.tag == "category" and cited_by is None:
                cited_by = (child.text or "").strip().removeprefix("cited by ") or None
        if number or text:
            row["citations"].append(
                {"publication_number": number, "text": text, "category": None, "cited_by": cited_by}
            )


# Parties


def _read_parties(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        if child.tag in ("applicants", "us-applicants"):
            _read_applicants(child, row)
        elif child.tag == "inventors":
            row["inventors"] = [read_party(inventor) for inventor in child.iter("inventor")]
        elif child.tag == "agents":
            row["agents"] = [read_party(agent) for agent in child.iter("agent")]
        elif child.tag not in _LEFT_OUT:
            notes.unmapped.add(child.tag)


def _read_applicants(element: etree._Element, row: Row) -> None:
    """Until 2012 the inventors are the applicants, and there is no list of inventors beside."""
    inventors = []
    for child in element.iter("applicant", "us-applicant"):
        party = read_party(child)
        row["applicants"].append(party)
        if (child.get("app-type") or "").startswith("applicant-inventor"):
            inventors.append(party)
    row["inventors"] = row["inventors"] or inventors


def _read_assignees(element: etree._Element, row: Row, notes: Notes) -> None:
    row["owners"] = [read_party(assignee) for assignee in element.iter("assignee")]


def _read_examiners(element: etree._Element, row: Row, notes: Notes) -> None:
    names = (person_name(values_of(child)) for child in elements_of(element))
    row["examiners"] = [name for name in names if name]


# Texts


def _read_abstract(element: etree._Element, row: Row, notes: Notes) -> None:
    if text := text_of(element):
        language = (element.get("lang") or row["language"]).lower()[:2]
        row["abstracts"].append({"language": language, "text": text})


def _read_claims(element: etree._Element, row: Row, notes: Notes) -> None:
    flatten(element)
    row["claims"] += claims_of(element.iter("claim"), row["language"])


def _read_description(element: etree._Element, row: Row, notes: Notes) -> None:
    row["description"] += passages_of(blocks(element, _LAYOUT), row["language"])


# Numbers


def _publication(values: dict[str, str]) -> str | None:
    """The canonical number of a `document-id`; None where it cannot be read."""
    office, number = values.get("country"), values.get("doc-number")
    kind = (values.get("kind") or "").strip()
    if not number or not office or len(office) != 2:
        return None
    joined = f"{number}{kind}" if number.upper().startswith(office) else f"{office}{number}{kind}"
    try:
        return str(PublicationNumber.parse(joined))
    except IdentifierError:
        return None


def _application(values: dict[str, str]) -> str | None:
    number = values.get("doc-number")
    if not number:
        return None
    try:
        return str(ApplicationNumber.parse(number, values.get("country")))
    except IdentifierError:
        return None


_LAYOUT = Layout(
    blocks=frozenset({"p", "heading"}),
    sections=frozenset(
        (
            *("description-of-drawings", "technical-field", "background-art", "disclosure"),
            *("best-mode", "mode-for-invention", "industrial-applicability"),
            "sequence-list-text",
        )
    ),
)
_Part = Callable[[etree._Element, Row, Notes], Any]
_BIBLIOGRAPHIC: dict[str, _Part] = {
    "publication-reference": _read_publication,
    "application-reference": _read_application,
    "invention-title": _read_title,
    "classifications-ipcr": _read_ipcr,
    "classification-ipc": _read_ipc,
    "classifications-cpc": _read_cpc,
    "classification-locarno": _read_locarno,
    "classification-national": _read_national,
    "priority-claims": _read_priorities,
    "us-related-documents": _read_related,
    "pct-or-regional-filing-data": _read_pct_filing,
    "pct-or-regional-publishing-data": _read_pct_publication,
    "hague-agreement-data": _read_hague,
    "references-cited": _read_citations,
    "us-references-cited": _read_citations,
    "number-of-claims": _read_count,
    "parties": _read_parties,
    "us-parties": _read_parties,
    "assignees": _read_assignees,
    "examiners": _read_examiners,
}
_PARTS: dict[str, _Part] = {
    "us-bibliographic-data-grant": _bibliography,
    "us-bibliographic-data-application": _bibliography,
    "abstract": _read_abstract,
    "claims": _read_claims,
    "description": _read_description,
}
_LEFT_OUT = frozenset(  # pictures, and what says how it was examined or printed
    (
        *("drawings", "us-chemistry", "us-math", "us-claim-statement", "figures"),
        *("us-application-series-code", "us-exemplary-claim", "field-of-search"),
        *(
            "us-field-of-classification-search",
            "us-publication-filing-type",
            "us-microform-quantity",
        ),
        *("us-issued-on-continued-prosecution-application", "correspondence-address"),
    )
)

SOURCE = Source(
    name="uspto_patent",
    title="USPTO grants and applications, Red Book XML 4.0-4.6",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="uspto_grants.xml",
    fields={"patent": FIELDS},
    can_split=True,
    rank=0,
)
