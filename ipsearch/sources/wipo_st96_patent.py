"""One patent document of WIPO ST.96 (`PatentPublication`) -> a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.noted import add_symbol
from ipsearch.sources.wipo_elements import (
    attribute,
    child_of,
    date_of,
    elements_of,
    every,
    language_of,
    name_of,
    plain,
    read_parties,
    value,
)
from ipsearch.sources.xml_text import printed_number, strip_number, text_of

_TYPES = {
    "utility": "invention",
    "invention": "invention",
    "utility model": "utility_model",
    "design": "design",
    "plant": "plant",
}
_BLOCKS = {"P": "p", "Row": "row", "Entry": "entry", "LI": "li"}  # as text_of knows them
_SECTIONS = frozenset(
    (
        *("TechnicalField", "BackgroundArt", "Disclosure", "InventionSummary", "BestMode"),
        *("DrawingDescription", "EmbodimentDescription", "ModeForInvention", "Embodiments"),
        *("IndustrialApplicability", "InventionMode", "SequenceListText", "PaperText"),
    )
)


def read_patent(root: etree._Element, source: str, notes: Notes) -> Row:
    """The row of one document; raise `RecordError` if it has no number that can be read."""
    for block in every(root, *_BLOCKS):
        block.tag = _BLOCKS[name_of(block)]
    row: Row = {
        "source": source,
        "product": "",
        "is_event": False,
        "language": language_of(root),
        "office": value(root, "IPOfficeCode"),
        **{column: [] for column in _LISTS},
    }
    _read_parts(root, row, notes)
    row["id"] = row.get("publication_number") or row.get("application_number")
    if not row["id"]:
        raise RecordError("no publication number and no application number that can be read")
    row["office"] = row["office"] or str(row["id"])[:2]
    if (row.get("kind_code") or "")[:1] in _GRANTED_KINDS.get(row["office"], ""):
        row["grant_date"] = row.get("publication_date")
    row["claim_count"] = row.get("claim_count") or len(row["claims"]) or None
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    del row["language"]
    return row


_GRANTED_KINDS = {"US": "BCEPS", "EP": "B", "CN": "BCUYS", "JP": "BU", "KR": "B", "CA": "C"}
"""First letters of kind codes whose publication is the grant."""


def _read_parts(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        name = name_of(child)
        part = _PARTS.get(name)
        if part is not None:
            part(child, row, notes)
        elif name not in _LEFT_OUT and (len(child) or plain(child)):
            notes.unmapped.add(name)


def publication_of(element: etree._Element | None, notes: Notes) -> str | None:
    """The canonical number of a publication, or of a document that is cited."""
    number = value(element, "PublicationNumber") or value(element, "DocumentNumber")
    kind = value(element, "PatentDocumentKindCode") or ""
    office = value(element, "IPOfficeCode")
    if not number:
        return None
    try:
        return str(PublicationNumber.parse(number + kind, office))
    except IdentifierError:
        notes.warn("publication_number: not a number")
        return None


def application_of(element: etree._Element | None, office: str | None, notes: Notes) -> str | None:
    """The canonical number of an application, given with its office or for one that is known."""
    inner = child_of(element, "ApplicationNumber")
    number = (
        value(inner, "ApplicationNumberText")
        or value(inner, "ST13ApplicationNumber")
        or value(element, "ApplicationNumber")
    )
    if not number:
        return None
    office = value(element, "IPOfficeCode") or value(inner, "IPOfficeCode") or office
    try:
        return str(ApplicationNumber.parse(number, office))
    except IdentifierError:
        notes.warn("application_number: not a number")
        return None


def _read_publication(element: etree._Element, row: Row, notes: Notes) -> None:
    row["office"] = value(element, "IPOfficeCode") or row["office"]
    row["kind_code"] = value(element, "PatentDocumentKindCode")
    row["publication_number"] = publication_of(element, notes)
    date = value(element, "PublicationDate")
    row["publication_date"] = date_of(date, notes, "publication_date")


def _read_application(element: etree._Element, row: Row, notes: Notes) -> None:
    row["application_number"] = application_of(element, row["office"], notes)
    row["filing_date"] = date_of(value(element, "FilingDate"), notes, "filing_date")
    category = (value(element, "InventionSubjectMatterCategory") or "").casefold()
    row["patent_type"] = _TYPES.get(category, "other" if category else None)


def _read_priorities(element: etree._Element, row: Row, notes: Notes) -> None:
    for claim in every(element, "PriorityClaim"):
        row["priorities"].append(
            {
                "office": value(claim, "IPOfficeCode"),
                "number": application_of(claim, None, notes),
                "date": date_of(value(claim, "FilingDate"), notes, "priorities"),
            }
        )


def _read_titles(element: etree._Element, row: Row, notes: Notes) -> None:
    for title in every(element, "InventionTitle"):
        if text := text_of(title):
            row["titles"].append({"language": language_of(title) or row["language"], "text": text})


def _read_classes(element: etree._Element, row: Row, notes: Notes) -> None:
    for name, column in _SCHEMES.items():
        symbols = sorted(
            every(element, name), key=lambda symbol: value(symbol, "SymbolPositionCode") != "F"
        )
        for found in symbols:
            add_symbol(row[column], _symbol(found), notes, column)
    for national in every(element, "NationalClassification"):
        office = value(national, "IPOfficeCode") or row["office"]
        scheme = "USPC" if office == "US" else office
        for kind in elements_of(national):
            parts = (value(kind, "NationalClass"), value(kind, "NationalSubclass"))
            symbol = "/".join(part.lstrip("0") or "0" for part in parts if part)
            if symbol and {"scheme": scheme, "symbol": symbol} not in row["other_classes"]:
                row["other_classes"].append({"scheme": scheme, "symbol": symbol})


_SCHEMES = {
    "IPCRClassification": "ipc",
    "IPCClassification": "ipc",
    "CPCClassification": "cpc",
}


def _symbol(element: etree._Element) -> str | None:
    parts = {name_of(child).removeprefix("CPC"): plain(child) or "" for child in element}
    symbol = "".join(parts.get(part, "") for part in ("Section", "Class", "Subclass"))
    if parts.get("MainGroup"):
        symbol += f"{parts['MainGroup']}/{parts.get('Subgroup') or '00'}"
    return symbol or parts.get("MainClassification") or plain(element)


def _read_citations(element: etree._Element, row: Row, notes: Notes) -> None:
    for citation in every(element, "ReferenceCitation"):
        cited_by = (attribute(citation, "citingPartyCategory") or "").casefold() or None
        category = "".join(filter(None, map(plain, every(citation, "CitationCategory")))) or None
        for child in elements_of(citation):
            number, text = None, None
            if name_of(child) == "PatentCitation":
                cited = child_of(child, "CitedPatentDocumentIdentification")
                number = publication_of(cited, notes)
            if number is None and name_of(child) in ("PatentCitation", "NPLCitation"):
                text = value(child, "NPLCitationText") or plain(child)
            if number or text:
                found = {"publication_number": number, "text": text}
                row["citations"].append({**found, "category": category, "cited_by": cited_by})


def _read_related(element: etree._Element, row: Row, notes: Notes) -> None:
    """Other publications of this application are its numbers; its relatives are not."""
    for publication in every(element, "RelatedPublication"):
        for identification in every(publication, "PatentPublicationIdentification"):
            number = publication_of(identification, notes)
            if number and number not in row["other_numbers"]:
                row["other_numbers"].append(number)


def _read_international(element: etree._Element, row: Row, notes: Notes) -> None:
    """The international application that this is a national phase of, and its publication."""
    for number in (
        *(application_of(found, "WO", notes) for found in every(element, _APPLICATION)),
        *(publication_of(found, notes) for found in every(element, _PUBLICATION)),
    ):
        if number and number not in row["other_numbers"]:
            row["other_numbers"].append(number)


def _read_claim_count(element: etree._Element, row: Row, notes: Notes) -> None:
    text = plain(element) or ""
    if text.isdecimal():
        row["claim_count"] = int(text[:9])


def _read_party_bag(element: etree._Element, row: Row, notes: Notes) -> None:
    for bag in elements_of(element):
        name = name_of(bag)
        if name == "ExaminerBag":
            examiners = read_parties(elements_of(bag), notes, "examiners")
            row["examiners"] = [party["name"] for party in examiners]
        elif name in _BAGS:
            row[_BAGS[name]] += read_parties(elements_of(bag), notes, _BAGS[name])
        elif name not in _LEFT_OUT:
            notes.unmapped.add(name)


_BAGS = {
    "ApplicantBag": "applicants",
    "InventorBag": "inventors",
    "RegisteredPractitionerBag": "agents",
    "RepresentativeBag": "agents",
    "AssigneeBag": "owners",
    "PatentGranteeBag": "owners",
    "OwnerBag": "owners",
}


def _read_abstract(element: etree._Element, row: Row, notes: Notes) -> None:
    if text := text_of(element):
        row["abstracts"].append({"language": language_of(element) or row["language"], "text": text})


def _read_claims(element: etree._Element, row: Row, notes: Notes) -> None:
    language = language_of(element) or row["language"]
    for claim in every(element, "Claim"):
        label = printed_number(value(claim, "ClaimNumber"))
        texts = filter(None, (text_of(part) for part in claim.iterchildren("{*}ClaimText")))
        if text := strip_number("\n".join(texts), label):
            row["claims"].append({"language": language, "label": label, "text": text})


def _read_description(element: etree._Element, row: Row, notes: Notes) -> None:
    language = language_of(element) or row["language"]
    for block in _blocks(element):
        if text := text_of(block):
            label = attribute(block, "pNumber")
            row["description"].append({"language": language, "label": label, "text": text})


def _blocks(element: etree._Element) -> Iterator[etree._Element]:
    """Headings and paragraphs, through the sections around them."""
    for child in elements_of(element):
        if name_of(child) in _SECTIONS or child_of(child, "p") is not None:
            yield from _blocks(child)
        else:
            yield child


_LISTS = (
    *("other_numbers", "titles", "abstracts", "claims", "description", "ipc", "cpc"),
    *("other_classes", "applicants", "owners", "inventors", "agents", "examiners"),
    *("priorities", "citations"),
)
_APPLICATION, _PUBLICATION = "ApplicationIdentification", "PatentPublicationIdentification"
_PARTS: dict[str, Callable[[etree._Element, Row, Notes], Any]] = {
    "BibliographicData": _read_parts,
    "PatentPublicationIdentification": _read_publication,
    "ApplicationIdentification": _read_application,
    "PriorityClaimBag": _read_priorities,
    "PatentClassificationBag": _read_classes,
    "InventionTitleBag": _read_titles,
    "ReferenceCitationBag": _read_citations,
    "RelatedDocumentBag": _read_related,
    "InternationalFilingData": _read_international,
    "InternationalPublishingData": _read_international,
    "ClaimTotalQuantity": _read_claim_count,
    "PartyBag": _read_party_bag,
    "Abstract": _read_abstract,
    "Claims": _read_claims,
    "Description": _read_description,
}
_LEFT_OUT = frozenset(  # pictures, and how it was searched and printed
    (
        *("IPOfficeCode", "SearchField", "FigureBag", "ExemplaryClaimBag", "ClaimStatement"),
        *("Drawings", "ExternalDocumentBag", "CorrespondenceAddress"),
    )
)
