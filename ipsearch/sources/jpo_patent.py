"""JPO's gazettes in XML (`jp-official-gazette`, ST.36 with additions of the office).

Unexamined applications (公開), translations of international ones (公表, 再公表), patents (特許)
and utility models (実用新案). Elements are known by their local names, whatever stands for `jp:`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.noted import add_symbol
from ipsearch.sources.xml_blocks import Layout, blocks, claims_of, flatten, passages_of
from ipsearch.sources.xml_documents import looks_like, read_documents
from ipsearch.sources.xml_text import (
    local_name,
    read_date,
    text_of,
)

_ROOT_TAG = re.compile(rb"<(?:[\w.-]+:)?jp-official-gazette[\s>]")
_KIND_IN_BRACKETS = re.compile(r"\(([A-Z][0-9]?)\)\s*$")  # 公表特許公報(A)
_CITED = re.compile(r"(.*?)\(([A-Z]{2}),([A-Z][0-9]?)\)")  # 特開2019-123456(JP,A)
_LANGUAGE = "ja"


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the documents of `input`, one record each."""
    return read_documents(input, ("jp-official-gazette",), "patent", _convert)


def _convert(root: etree._Element, notes: Notes) -> Row:
    row: Row = {
        "office": "JP",
        "source": SOURCE.name,
        "product": "",
        "is_event": False,
        "publication_number": None,
        "application_number": None,
        "kind_code": (root.get("kind-of-st16") or "").strip() or None,
        **{column: [] for column in _LISTS},
    }
    for child in _elements(root):
        _read_part(child, row, notes)
    return _complete(row, root)


def _read_part(element: etree._Element, row: Row, notes: Notes) -> None:
    """Read one part, or the parts of one that only groups others."""
    name = local_name(element.tag)
    part = _PARTS.get(name)
    if part is not None:
        part(element, row, notes)
    elif name in _GROUPS:
        for child in _elements(element):
            _read_part(child, row, notes)
    elif name not in _LEFT_OUT and not name.startswith("image-of-"):
        notes.unmapped.add(name)


def _complete(row: Row, root: etree._Element) -> Row:
    row["id"] = row["publication_number"] or row["application_number"]
    if not row["id"]:
        raise RecordError("no number: neither of a publication nor of an application")
    kind = row["kind_code"] or ""
    is_model = kind[:1] in ("U", "Y") or "実用" in row.pop("gazette", "")
    row["patent_type"] = "utility_model" if is_model else "invention"
    if kind[:1] in ("B", "C", "Y") or (kind[:1] == "U" and root.get("kind-of-jp") == "U"):
        row["grant_date"] = row.get("grant_date") or row.get("publication_date")
        row["owners"] = row["owners"] or list(row["applicants"])
    row["transaction_date"] = row.get("publication_date")
    row["claim_count"] = row.get("claim_count") or len(row["claims"]) or None
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    return row


# Bibliographic data


def _read_publication(element: etree._Element, row: Row, notes: Notes) -> None:
    for values in _ids(element):
        gazette = unicodedata.normalize("NFKC", values.get("kind", ""))
        bracketed = _KIND_IN_BRACKETS.search(gazette)
        row["gazette"] = gazette
        if bracketed:
            row["kind_code"] = bracketed[1]
        elif re.fullmatch("[A-Z][0-9]?", gazette):
            row["kind_code"] = gazette
        row["publication_date"] = read_date(values.get("date"), notes, "publication_date")
        number = values.get("doc-number")
        if number:
            number += row["kind_code"] or ""
            row["publication_number"] = _publication(number, "JP", notes)
        return


def _read_application(element: etree._Element, row: Row, notes: Notes) -> None:
    for values in _ids(element):
        row["filing_date"] = read_date(values.get("date"), notes, "filing_date")
        row["application_number"] = _application(values.get("doc-number"), "JP", notes)
        return


def _read_international_filing(element: etree._Element, row: Row, notes: Notes) -> None:
    for values in _ids(element):
        number = values.get("doc-number")
        if number and not number.upper().startswith("PCT"):
            number = f"PCT/{number}"
        _add_number(row, _application(number, "WO", notes))


def _read_international_publication(element: etree._Element, row: Row, notes: Notes) -> None:
    for values in _ids(element):
        number = values.get("doc-number")
        _add_number(row, _publication(number, "WO", notes) if number else None)


def _add_number(row: Row, number: str | None) -> None:
    if number and number not in row["other_numbers"]:
        row["other_numbers"].append(number)


def _read_title(element: etree._Element, row: Row, notes: Notes) -> None:
    if text := text_of(element):
        row["titles"].append({"language": _language(element), "text": text})


def _read_priorities(element: etree._Element, row: Row, notes: Notes) -> None:
    for claim in _elements(element):
        values = next(_ids(claim), {})
        number, office = values.get("doc-number"), values.get("country")
        if number:
            number = _application(number, office, notes) or number
            date = read_date(values.get("date"), notes, "priorities")
            row["priorities"].append({"office": office, "number": number, "date": date})


def _read_ipc(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter():
        if _name(child) in _SYMBOLS:
            add_symbol(row["ipc"], text_of(child), notes, "ipc")


_SYMBOLS = frozenset({"main-clsf", "further-clsf", "text"})


def _read_file_index(element: etree._Element, row: Row, notes: Notes) -> None:
    """FI, the office's refinement of the IPC: `G01F17/00 C`."""
    for child in _elements(element):
        if _name(child) in _SYMBOLS:
            _add_class(row, "FI", text_of(child))


def _read_file_forming_terms(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in _elements(element):
        _add_class(row, "F-term", text_of(child))


def _add_class(row: Row, scheme: str, symbol: str) -> None:
    found = {"scheme": scheme, "symbol": symbol}
    if symbol and found not in row["other_classes"]:
        row["other_classes"].append(found)


def _read_citations(element: etree._Element, row: Row, notes: Notes) -> None:
    for citation in _elements(element):
        cited = next((c for c in citation.iter() if _name(c) in ("patcit", "nplcit")), citation)
        values = next(_ids(cited), {})
        text = text_of(cited) or None
        number = None
        if _name(cited) != "nplcit":
            printed = f"{values.get('country', '')}{values['doc-number']}" if values else text
            number = _readable_number(printed)
        if number or text:
            row["citations"].append(
                {
                    "publication_number": number,
                    "text": None if number else text,
                    "category": None,
                    "cited_by": "examiner",
                }
            )


def _readable_number(printed: str | None) -> str | None:
    """The number as printed for a reader: 特開2019-123456(JP,A), 国際公開第2019/123456号(WO,A1)."""
    text = unicodedata.normalize("NFKC", printed or "").replace("\u2212", "-")
    match = _CITED.match("".join(text.split()))
    if match is not None:
        text = match[1]
        if match[2] != "JP":
            text = f"{match[2]}{re.sub('[^0-9]', '', text)}{match[3]}"
    try:
        return str(PublicationNumber.parse(text))
    except IdentifierError:
        return None


# Parties


def _read_party_group(element: etree._Element, row: Row, notes: Notes) -> None:
    """Everyone inside, at whatever depth, by what he is."""
    for child in element.iter():
        column = _PARTY_COLUMNS.get(_name(child))
        if column is None:
            continue
        party = _read_party(child)
        if column == "examiners":
            if party["name"]:
                row[column].append(party["name"])
        elif party["name"] and party not in row[column]:
            row[column].append(party)


_PARTY_COLUMNS = {
    "applicant": "applicants",
    "grantee": "owners",
    "inventor": "inventors",
    "agent": "agents",
    "primary-examiner": "examiners",
    "assistant-examiner": "examiners",
}


def _read_party(element: etree._Element) -> Row:
    """The Japanese name and address; a second book in Latin letters may stand beside."""
    names: list[str] = []
    addresses: list[str] = []
    countries: list[str] = []
    for child in element.iter():
        name = _name(child)
        if name in ("name", "orgname", "last-name"):
            names.append(text_of(child))
        elif name == "text":
            addresses.append(text_of(child))
        elif name == "country":
            countries.append(text_of(child))
    return {
        "name": next(filter(None, names), None),
        "organization": None,
        "country": next(filter(None, countries), None),
        "province": None,
        "city": None,
        "county": None,
        "address": next(filter(None, addresses), None),
    }


# Texts


def _read_abstract(element: etree._Element, row: Row, notes: Notes) -> None:
    if text := text_of(element):
        row["abstracts"].append({"language": _language(element), "text": text})


def _read_claims(element: etree._Element, row: Row, notes: Notes) -> None:
    flatten(element)
    row["claims"] += claims_of(_elements(element), _language(element))


def _read_description(element: etree._Element, row: Row, notes: Notes) -> None:
    titles = set(element.iter("{*}invention-title"))  # the front page has it
    found = [block for block in blocks(element, _LAYOUT) if block not in titles]
    row["description"] += passages_of(found, _language(element))


_LAYOUT = Layout(blocks=frozenset({"p", "heading"}))


def _language(element: etree._Element) -> str:
    return (element.get("lang") or _LANGUAGE).lower()[:2]


# Numbers


def _ids(element: etree._Element) -> Iterator[dict[str, str]]:
    """The values of each `document-id` inside, or of the element itself where there is none."""
    ids = [child for child in element.iter() if _name(child) == "document-id"]
    for child in ids or [element]:
        values = {_name(part): text_of(part) for part in _elements(child)}
        if values.get("doc-number"):
            yield values


def _publication(number: str, office: str, notes: Notes) -> str | None:
    try:
        return str(PublicationNumber.parse(number, office))
    except IdentifierError:
        notes.warn("publication number that cannot be read")
        return None


def _application(number: str | None, office: str | None, notes: Notes) -> str | None:
    if not number:
        return None
    try:
        return str(ApplicationNumber.parse(number, office))
    except IdentifierError:
        notes.warn("application number that cannot be read")
        return None


def _elements(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def _name(element: etree._Element) -> str:
    return local_name(element.tag) if isinstance(element.tag, str) else ""


_LISTS = (
    *("other_numbers", "titles", "abstracts", "claims", "description", "ipc", "other_classes"),
    *("applicants", "owners", "inventors", "agents", "examiners", "priorities", "citations"),
)
_Part = Callable[[etree._Element, Row, Notes], Any]
_GROUPS = frozenset({"bibliographic-data", "parties"})
_PARTS: dict[str, _Part] = {
    "publication-reference": _read_publication,
    "application-reference": _read_application,
    "pct-or-regional-filing-data": _read_international_filing,
    "pct-or-regional-publishing-data": _read_international_publication,
    "invention-title": _read_title,
    "priority-claims": _read_priorities,
    "classification-ipc": _read_ipc,
    "classifications-ipcr": _read_ipc,
    "classification-national": _read_file_index,
    "f-term-info": _read_file_forming_terms,
    "references-cited": _read_citations,
    "applicants-agents-article": _read_party_group,
    "applicants": _read_party_group,
    "inventors": _read_party_group,
    "agents": _read_party_group,
    "examiners": _read_party_group,
    "abstract": _read_abstract,
    "claims": _read_claims,
    "description": _read_description,
}
# Procedure, pages and pictures have no column; a theme is the beginning of its F-terms; what
# `overflow` prints stands in the bibliographic data as well.
_LEFT_OUT = frozenset(
    {
        *("designation-of-states", "request-for-examination", "request-for-preliminary-exam"),
        *("total-pages", "translation-submission-date", "theme-code-info", "drawings"),
        *("overflow", "search-report-group", "field-of-search", "number-of-claims"),
    }
)

SOURCE = Source(
    name="jpo_patent",
    title="JPO gazettes of patents and utility models, XML (jp-official-gazette)",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="jpo_gazette.xml",
    fields={
        "patent": frozenset(
            (
                *("id", "publication_number", "application_number", "office", "kind_code"),
                *("patent_type", "filing_date", "publication_date", "grant_date"),
                *("priority_date", "claim_count", *_LISTS),
                *("is_event", "source", "product", "transaction_date"),
            )
        )
    },
    can_split=True,
    rank=0,
)
