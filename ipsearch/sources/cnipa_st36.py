"""CNIPA's older patent documents in XML: `cn-patent-document`, after WIPO ST.36.

The bibliographic data stand in `cn-bibliographic-data` and have the abstract among them, the
texts in `application-body`. Names are read without their `cn-`, which marks national additions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from ipsearch.classification import parse_locarno, parse_symbol
from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
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
from ipsearch.sources.cnipa_elements import (
    FIELDS,
    LISTS,
    TYPES_BY_KIND,
    elements_of,
    sequence_of,
)
from ipsearch.sources.noted import add_symbol, put_application
from ipsearch.sources.table_values import read_chinese_address
from ipsearch.sources.xml_documents import looks_like, read_documents
from ipsearch.sources.xml_text import read_date, text_of

_ROOT_TAG = re.compile(rb"<cn-patent-document[\s>]")
_TYPES = {
    "发明专利": "invention",
    "发明": "invention",
    "实用新型": "utility_model",
    "外观设计": "design",
}
_AGENCY_CODE = re.compile(r"\s+[0-9]{5}$")  # 某某专利代理事务所 11111
_Part = Callable[[etree._Element, Row, Notes], None]


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the documents of `input`, one record each."""
    return read_documents(input, ("cn-patent-document",), "patent", _convert)


def _convert(root: etree._Element, notes: Notes) -> Row:
    unwrap_lines(root)
    row: Row = {"office": "CN", "source": SOURCE.name, "product": "", "is_event": False}
    for column in LISTS:
        row[column] = []
    for child in elements_of(root):
        name = plain_name(child)
        if name == "bibliographic-data":
            _read_all(child, row, notes)
        elif name == "application-body":
            _read_body(child, row, notes)
        elif name in ("description", "claims", "abstract"):
            _read_text(child, row, notes)
        else:
            note_unmapped(child, notes)
    row["id"] = row.get("publication_number") or row.get("application_number")
    if not row["id"]:
        raise RecordError("no number: neither a publication's nor an application's can be read")
    kind = row.get("kind_code") or ""
    row["patent_type"] = row.get("patent_type") or TYPES_BY_KIND.get(kind[:1])
    if kind and not kind.startswith("A"):
        row["grant_date"] = row.get("publication_date")
    row["transaction_date"] = row.get("publication_date")
    row["claim_count"] = len(row["claims"]) or None
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    return row


def _read_all(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        name = plain_name(child)
        part = _BIBLIOGRAPHIC.get(name)
        if part is not None:
            part(child, row, notes)
        elif name not in _LEFT_OUT:
            note_unmapped(child, notes)


def _read_body(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        _read_text(child, row, notes)


def _read_text(element: etree._Element, row: Row, notes: Notes) -> None:
    name = plain_name(element)
    if name == "claims":
        row["claims"] += read_claims(element, notes)
    elif name == "description":
        titles, passages = read_description(element)
        row["titles"] = row["titles"] or titles
        row["description"] += passages
    elif name == "abstract":
        _read_abstract(element, row, notes)
    elif name != "drawings":
        note_unmapped(element, notes)


# Bibliographic data


def _read_publication(element: etree._Element, row: Row, notes: Notes) -> None:
    values = _document_id(element)
    row["office"] = _office(values) or row["office"]
    row["kind_code"] = values.get("kind")
    row["publication_date"] = read_date(values.get("date"), notes, "publication_date")
    row["publication_number"] = _publication(values, row["office"], notes)


def _read_application(element: etree._Element, row: Row, notes: Notes) -> None:
    values = _document_id(element)
    told = (element.get("appl-type") or "").strip()
    row["patent_type"] = _TYPES.get(told)
    if told and row["patent_type"] is None:
        notes.warn(f"unknown type of application: {told!r}")
    row["filing_date"] = read_date(values.get("date"), notes, "filing_date")
    put_application(row, values.get("doc-number"), _office(values) or "CN", notes)


def _read_title(element: etree._Element, row: Row, notes: Notes) -> None:
    _add_text(element, row["titles"])


def _read_abstract(element: etree._Element, row: Row, notes: Notes) -> None:
    _add_text(element, row["abstracts"])


def _add_text(element: etree._Element, texts: list[Row]) -> None:
    text = {"language": language_of(element), "text": text_of(element)}
    if text["text"] and text not in texts:
        texts.append(text)


def _symbols_into(column: str, parse: Callable[[str], str]) -> _Part:
    """Read classes: `text`, or before the eighth edition a main class and further ones."""
    order = {"main-classification": 0, "further-classification": 1, "text": 2}

    def read_symbols(element: etree._Element, row: Row, notes: Notes) -> None:
        found = [child for child in element.iter() if plain_name(child) in order]
        for child in sorted(found, key=lambda child: order[plain_name(child)]) or [element]:
            add_symbol(row[column], text_of(child), notes, column, parse)

    return read_symbols


def _read_priorities(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter():
        if plain_name(child) == "priority-claim":
            _add_priority(_values(child), row, notes)


def _add_priority(values: dict[str, str], row: Row, notes: Notes) -> None:
    office, printed = _office(values), values.get("doc-number")
    try:
        number = str(ApplicationNumber.parse(printed, office)) if printed else None
    except IdentifierError:
        number = printed
    day = read_date(values.get("date"), notes, "priorities")
    priority = {"office": office, "number": number, "date": day}
    if (number or day) and priority not in row["priorities"]:
        row["priorities"].append(priority)


def _read_related(element: etree._Element, row: Row, notes: Notes) -> None:
    """Priorities claimed at home; a division's parent is no number of this application."""
    for child in element.iter():
        name = plain_name(child)
        if name == "domestic-priority-claim":
            for document in child.iter("{*}document-id"):
                _add_priority(_values(document), row, notes)
        elif name in ("division", "continuation"):
            note_unmapped(child, notes)


def _numbers_into_others(element: etree._Element, row: Row, notes: Notes) -> None:
    """The numbers of the international application and publication, or of an earlier one."""
    for document in element.iter("{*}document-id"):
        values = _values(document)
        printed = f"{values.get('country', '')}{values.get('doc-number', '')}"
        number: str | None
        if plain_name(element) == "pct-or-regional-filing-data":
            try:
                number = str(ApplicationNumber.parse(values.get("doc-number", ""), "WO"))
            except IdentifierError:
                number = None
        else:
            number = _publication(values, "WO", notes)
        if number is None and printed:
            notes.warn("other_numbers: not a number")
        elif number and number not in row["other_numbers"]:
            row["other_numbers"].append(number)


def _read_citations(element: etree._Element, row: Row, notes: Notes) -> None:
    for citation in elements_of(element):
        names = {plain_name(child): child for child in citation.iter()}
        number = None
        printed = ""
        if "document-id" in names:
            values = _values(names["document-id"])
            number = _publication(values, "CN", notes)
            printed = " ".join(
                filter(None, (values.get("country"), values.get("doc-number"), values.get("kind")))
            )
        categories = [text_of(c) for c in citation.iter() if plain_name(c) == "category"]
        other = text_of(names["nplcit"]) if "nplcit" in names else text_of(citation)
        row["citations"].append(
            {
                "publication_number": number,
                "text": None if number else printed or other or None,
                "category": "".join(categories) or None,
                "cited_by": None,
            }
        )


# Parties


def _parties_into(column: str, name: str) -> _Part:
    def read_parties(element: etree._Element, row: Row, notes: Notes) -> None:
        found = [child for child in element.iter() if plain_name(child) == name]
        for child in sorted(found, key=sequence_of):
            party = _party(child)
            if party is not None and party not in row[column]:
                row[column].append(party)

    return read_parties


def _party(element: etree._Element) -> Row | None:
    books = [child for child in elements_of(element) if plain_name(child) == "addressbook"]
    books.sort(key=lambda book: language_of(book) != "zh")
    holder = books[0] if books else element
    values = _values(holder)
    joined = " ".join(filter(None, (values.get("last-name"), values.get("first-name"))))
    name = values.get("name") or values.get("orgname") or joined or None
    party: Row = {"name": name}
    for child in elements_of(element):
        if plain_name(child) == "agency":
            agency = _values(child).get("name") or text_of(child)
            party["organization"] = _AGENCY_CODE.sub("", agency) or None
    for address in holder.iter("{*}address"):
        inner = _values(address)
        printed = inner.get("text") or text_of(address).replace("\n", " ")
        party.update(read_chinese_address(printed))
        party["address"] = printed or None
        if country := _office(inner):
            party["country"] = country
    return party if name or party.get("organization") else None


def _read_examiners(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter("{*}name"):
        if (name := text_of(child)) and name not in row["examiners"]:
            row["examiners"].append(name)


# Values


def _values(element: etree._Element) -> dict[str, str]:
    """The texts of the children by name: the first that says something."""
    values: dict[str, str] = {}
    for child in elements_of(element):
        text = text_of(child)
        if text.strip("0"):
            values.setdefault(plain_name(child), text)
    return values


def _document_id(element: etree._Element) -> dict[str, str]:
    document = next(element.iter("{*}document-id"), element)
    return _values(document)


def _office(values: dict[str, str]) -> str | None:
    country = values.get("country", "").upper()
    is_code = len(country) == 2 and country.isascii() and country.isalpha()
    return country if is_code else None


def _publication(values: dict[str, str], office: str, notes: Notes) -> str | None:
    number = values.get("doc-number")
    if not number:
        return None
    named = "" if number[:2].isalpha() else _office(values) or office
    kind = values.get("kind", "")
    text = (
        named + number if number.upper().endswith(kind.upper()) and kind else named + number + kind
    )
    try:
        return str(PublicationNumber.parse(text))
    except IdentifierError:
        notes.warn("publication number that cannot be read")
        return None


_BIBLIOGRAPHIC: dict[str, _Part] = {
    "publication-reference": _read_publication,
    "application-reference": _read_application,
    "classification-ipc": _symbols_into("ipc", parse_symbol),
    "classifications-ipcr": _symbols_into("ipc", parse_symbol),
    "classification-locarno": _symbols_into("locarno", parse_locarno),
    "classifications-locarno": _symbols_into("locarno", parse_locarno),
    "invention-title": _read_title,
    "abstract": _read_abstract,
    "priority-claims": _read_priorities,
    "related-documents": _read_related,
    "related-publication": _numbers_into_others,
    "pct-or-regional-filing-data": _numbers_into_others,
    "pct-or-regional-publishing-data": _numbers_into_others,
    "references-cited": _read_citations,
    "parties": _read_all,
    "applicants": _parties_into("applicants", "applicant"),
    "inventors": _parties_into("inventors", "inventor"),
    "designers": _parties_into("inventors", "designer"),
    "agents": _parties_into("agents", "agent"),
    "assignees": _parties_into("owners", "assignee"),
    "examiners": _read_examiners,
}
_LEFT_OUT = frozenset({"abstract-drawing"})

SOURCE = Source(
    name="cnipa_st36",
    title="CNIPA patent documents of the older generation, XML (cn-patent-document, ST.36)",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="cnipa_st36.xml",
    fields={"patent": FIELDS},
    can_split=True,
    rank=0,
)
