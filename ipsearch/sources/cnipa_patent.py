"""CNIPA's patent documents in XML (`business:PatentDocumentAndRelated`): A, B, U and S.

One document a file as delivered, or many in one, or in an element around all of them. Elements
are known by their local names; the DTD that the document type declaration names is never looked
for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lxml import etree

from ipsearch.classification import parse_locarno, parse_symbol
from ipsearch.errors import ClassificationError, IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.cnipa_elements import (
    FIELDS,
    LISTS,
    TYPES_BY_KIND,
    deep_values_of,
    document_id_of,
    elements_of,
    filled,
    language_of,
    name_of,
    one_of_each,
    read_party,
    sequence_of,
    values_of,
)
from ipsearch.sources.noted import put_application
from ipsearch.sources.xml_blocks import Layout, blocks, claims_of, flatten, passages_of
from ipsearch.sources.xml_cut_out import parse_in_or_out
from ipsearch.sources.xml_documents import looks_like, read_documents
from ipsearch.sources.xml_text import (
    local_name,
    read_date,
    text_of,
)

_ROOT_TAG = re.compile(rb"<(?:[\w.-]+:)?PatentDocumentAndRelated[\s>]")
_TYPES = {"10": "invention", "20": "utility_model", "30": "design"}
_CITED_BY = {
    **dict.fromkeys(("SEA", "EXA", "ISR", "SUP"), "examiner"),
    **dict.fromkeys(("APP", "APL"), "applicant"),
    "OPP": "opponent",
}


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the documents of `input`, one record each; they may stand in an element around them."""
    return read_documents(
        input,
        ("PatentDocumentAndRelated",),
        "patent",
        _convert,
        parse_document=parse_in_or_out,
    )


def _convert(root: etree._Element, notes: Notes) -> Row:
    row: Row = {
        "office": _office(root.get("country")),
        "source": SOURCE.name,
        "product": "",
        "is_event": False,
        "kind_code": (root.get("kind") or "").strip() or None,
    }
    for column in LISTS:
        row[column] = []
    row["publication_date"] = read_date(root.get("datePublication"), notes, "publication_date")
    row["publication_number"] = _publication(
        row["office"], root.get("docNumber"), row["kind_code"], notes
    )
    for child in elements_of(root):
        part = _PARTS.get(local_name(child.tag))
        if part is None:
            notes.unmapped.add(local_name(child.tag))
        else:
            part(child, row, notes)
    return _complete(row, root, notes)


def _complete(row: Row, root: etree._Element, notes: Notes) -> Row:
    kind = row["kind_code"] or ""
    row["id"] = row["publication_number"] or row.get("application_number")
    if not row["id"]:
        raise RecordError(f"no number: neither {root.get('docNumber')!r} nor an application's")
    row.setdefault("patent_type", None)
    row["patent_type"] = row["patent_type"] or TYPES_BY_KIND.get(kind[:1])
    if kind and not kind.startswith("A"):
        row["grant_date"] = row["publication_date"]
    produced = read_date(root.get("dateProduced"), notes, "transaction_date")
    row["transaction_date"] = produced or row["publication_date"]
    row["claim_count"] = len(row["claims"]) or None
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    brief = row.pop("brief", [])
    row["abstracts"] = row["abstracts"] or brief  # a design has its brief explanation instead
    for column in ("titles", "abstracts"):  # the original language first
        row[column].sort(key=lambda text: text["language"] != "zh")
    return row


# Bibliographic data


def _bibliography(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        name = local_name(child.tag)
        part = _BIBLIOGRAPHIC.get(name)
        if part is not None:
            part(child, row, notes)
        elif name not in _LEFT_OUT:
            notes.unmapped.add(name)


def _read_publication(element: etree._Element, row: Row, notes: Notes) -> None:
    values = document_id_of(element)
    if row["kind_code"] is None:
        row["kind_code"] = values.get("Kind")
    if row["publication_number"] is None:
        office = values.get("WIPOST3Code") or row["office"]
        row["publication_number"] = _publication(
            office, values.get("DocNumber"), row["kind_code"], notes
        )
    if row["publication_date"] is None:
        row["publication_date"] = read_date(values.get("Date"), notes, "publication_date")


def _read_application(element: etree._Element, row: Row, notes: Notes) -> None:
    values = document_id_of(element)
    row["patent_type"] = row.get("patent_type") or _TYPES.get(element.get("applType", ""))
    row["filing_date"] = row.get("filing_date") or read_date(
        values.get("Date"), notes, "filing_date"
    )
    # The original number goes before the standard form, which has no check digit.
    if row.get("application_number") and element.get("dataFormat") != "original":
        return
    put_application(row, values.get("DocNumber"), values.get("WIPOST3Code") or "CN", notes)


def _read_title(element: etree._Element, row: Row, notes: Notes) -> None:
    text = {"language": language_of(element), "text": text_of(element)}
    if text["text"] and text not in row["titles"]:
        row["titles"].append(text)


def _read_ipcr(element: etree._Element, row: Row, notes: Notes) -> None:
    classes = [child for child in element if local_name(child.tag) == "ClassificationIPCR"]
    for child in sorted(classes, key=sequence_of):
        parts = values_of(child)
        symbol = "".join(parts.get(name, "") for name in ("Section", "MainClass", "Subclass"))
        if parts.get("MainGroup"):
            symbol += f"{parts['MainGroup']}/{parts.get('Subgroup') or '00'}"
        _add_symbols(row["ipc"], (parts.get("Text"), symbol), parse_symbol, notes, "ipc")


def _read_ipc(element: etree._Element, row: Row, notes: Notes) -> None:
    """Editions before the eighth: a main class and further ones, each in two spellings."""
    further = [child for child in element if local_name(child.tag) == "FurtherClassification"]
    main = [child for child in element if local_name(child.tag) == "MainClassification"]
    for child in (*main, *sorted(further, key=sequence_of)):
        _add_symbols(row["ipc"], (child.text,), parse_symbol, notes, "ipc")


def _read_locarno(element: etree._Element, row: Row, notes: Notes) -> None:
    tags = ("{*}MainClassification", "{*}FurtherClassification", "{*}Text")
    for child in list(element.iter(*tags)) or [element]:
        _add_symbols(row["locarno"], (child.text,), parse_locarno, notes, "locarno")


def _add_symbols(
    symbols: list[str],
    spellings: Iterable[str | None],
    parse: Callable[[str], str],
    notes: Notes,
    column: str,
) -> None:
    """Add the first spelling that can be read."""
    texts = [text for text in spellings if text and text.strip()]
    for text in texts:
        try:
            symbol = parse(text)
        except ClassificationError:
            continue
        if symbol not in symbols:
            symbols.append(symbol)
        return
    if texts:
        notes.warn(f"{column}: not a class symbol")


def _read_priorities(element: etree._Element, row: Row, notes: Notes) -> None:
    for claim in element.iter(*_PRIORITIES):
        if next(claim.iterchildren(*_PRIORITIES), None) is not None:
            continue  # only the innermost is a claim
        values = deep_values_of(claim)
        office = values.get("WIPOST3Code")
        printed = values.get("DocNumber") or values.get("ApplicationNumber")
        try:
            number = str(ApplicationNumber.parse(printed, office)) if printed else None
        except IdentifierError:
            number = printed
        priority = {
            "office": office,
            "number": number,
            "date": read_date(values.get("Date"), notes, "priorities"),
        }
        if priority not in row["priorities"]:
            row["priorities"].append(priority)


_PRIORITIES = ("{*}PriorityClaim", "{*}Priority")


def _read_citations(element: etree._Element, row: Row, notes: Notes) -> None:
    for citation in elements_of(element):
        categories: list[str] = []
        number, text = None, None
        for child in citation.iter():
            name = name_of(child)
            if name.endswith("Category") and child.text:
                categories.append(child.text.strip())
            elif name == "DocumentID" and number is None:
                values = values_of(child)
                text = " ".join(filter(None, (values.get("WIPOST3Code"), values.get("DocNumber"))))
                number = _publication(
                    values.get("WIPOST3Code"), values.get("DocNumber"), values.get("Kind"), notes
                )
        if number is None and not text:
            literature = [child for child in citation if not name_of(child).endswith("Category")]
            text = "\n".join(filter(None, map(text_of, literature))) or text_of(citation)
        row["citations"].append(
            {
                "publication_number": number,
                "text": None if number else text or None,
                "category": "".join(categories) or None,
                "cited_by": _CITED_BY.get(citation.get("srepPhase", "")),
            }
        )


def _read_related(element: etree._Element, row: Row, notes: Notes) -> None:
    """Earlier publications of the same application; other applications are no number of it."""
    for publication in element.iter("{*}RelatedPublicationDoc"):
        for document in publication.iter("{*}DocumentID"):
            values = values_of(document)
            number = _publication(
                values.get("WIPOST3Code"), values.get("DocNumber"), values.get("Kind"), notes
            )
            if number and number not in row["other_numbers"]:
                row["other_numbers"].append(number)


# Parties


def _parties_into(column: str, name: str) -> Callable[[etree._Element, Row, Notes], None]:
    def read_parties(element: etree._Element, row: Row, notes: Notes) -> None:
        for child in one_of_each(list(element.iter("{*}" + name))):
            party = read_party(child)
            if party is not None and party not in row[column]:
                row[column].append(party)

    return read_parties


def _read_examiners(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element.iter("{*}Name"):
        if name := filled(child.text):
            row["examiners"].append(name)


# Texts


def _read_abstract(element: etree._Element, row: Row, notes: Notes) -> None:
    _add_text(element, row["abstracts"])


def _read_brief(element: etree._Element, row: Row, notes: Notes) -> None:
    _add_text(element, row.setdefault("brief", []))


def _add_text(element: etree._Element, texts: list[dict[str, str]]) -> None:
    text = {"language": language_of(element), "text": text_of(element)}
    if text["text"] and text not in texts:
        texts.append(text)


def _read_claims(element: etree._Element, row: Row, notes: Notes) -> None:
    language = language_of(element)
    if any(claim["language"] == language for claim in row["claims"]):
        notes.warn("claims: a second set in the same language was left out")
        return
    flatten(element)
    row["claims"] += claims_of(elements_of(element), language)


def _read_description(element: etree._Element, row: Row, notes: Notes) -> None:
    titles = set(element.iter("{*}InventionTitle"))  # the front page has it
    found = [block for block in blocks(element, _LAYOUT) if block not in titles]
    row["description"] += passages_of(found, language_of(element))


_LAYOUT = Layout(blocks=frozenset({"Paragraphs", "Heading"}))


def _office(country: str | None) -> str:
    return country if country and len(country) == 2 and country.isalpha() else "CN"


def _publication(
    office: str | None, number: str | None, kind: str | None, notes: Notes
) -> str | None:
    if not number:
        return None
    try:
        return str(PublicationNumber.parse(f"{office or 'CN'}{number}{kind or ''}"))
    except IdentifierError:
        notes.warn("publication number that cannot be read")
        return None


_Part = Callable[[etree._Element, Row, Notes], Any]
_BIBLIOGRAPHIC: dict[str, _Part] = {
    "PublicationReference": _read_publication,
    "ApplicationReference": _read_application,
    "ClassificationIPCRDetails": _read_ipcr,
    "ClassificationIPC": _read_ipc,
    "ClassificationLocarno": _read_locarno,
    "ClassificationLocarnoDetails": _read_locarno,
    "InventionTitle": _read_title,
    "DesignTitle": _read_title,
    "PriorityDetails": _read_priorities,
    "PriorityClaims": _read_priorities,
    "PriorityClaim": _read_priorities,
    "ReferencesCited": _read_citations,
    "RelatedDocuments": _read_related,
    "Parties": _bibliography,
    "ApplicantDetails": _parties_into("applicants", "Applicant"),
    "InventorDetails": _parties_into("inventors", "Inventor"),
    "DesignerDetails": _parties_into("inventors", "Designer"),
    "AgentDetails": _parties_into("agents", "Agent"),
    "AssigneeDetails": _parties_into("owners", "Assignee"),
    "ExaminerDetails": _read_examiners,
}
# The gazette's number is no column, the patent number is the application's again.
_LEFT_OUT = frozenset({"PublicAvailabilityDate", "PatentNumber"})
_PARTS: dict[str, _Part] = {
    "BibliographicData": _bibliography,
    "DesignBibliographicData": _bibliography,
    "Abstract": _read_abstract,
    "DesignBriefExplanation": _read_brief,
    "Claims": _read_claims,
    "Description": _read_description,
    "Drawings": lambda element, row, notes: None,  # pictures
    "DesignDrawings": lambda element, row, notes: None,
    "FullDocImage": lambda element, row, notes: None,
}

SOURCE = Source(
    name="cnipa_patent",
    title="CNIPA patent documents, XML (PatentDocumentAndRelated)",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="cnipa/CN199900001B.xml",
    fields={"patent": FIELDS},
    can_split=True,
    rank=0,
)
