"""Designs of WIPO ST.96 -> patent records of the type `design`, one for each design.

What an application says once (its number, applicants, representatives, events) is said of each
of its designs. A design that is registered is `granted`, as all patents are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from ipsearch.classification import parse_locarno
from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.noted import add_symbol
from ipsearch.sources.passages import guess_language
from ipsearch.sources.wipo_elements import (
    date_of,
    elements_of,
    every,
    language_of,
    name_of,
    plain,
    read_parties,
    value,
)
from ipsearch.sources.wipo_mark import office_of
from ipsearch.sources.wipo_st96_patent import application_of, publication_of
from ipsearch.sources.wipo_status import status_of
from ipsearch.sources.xml_text import text_of


def read_designs(root: etree._Element, source: str, notes: Notes) -> list[Row]:
    """The rows of all designs of an application, or of one `Design`; raise `RecordError`."""
    designs = [root] if name_of(root) == "Design" else list(every(root, "Design"))
    if not designs:
        raise RecordError("an application without a design in it")
    return [_read_design(design, root, source, notes) for design in designs]


def _read_design(
    design: etree._Element, application: etree._Element, source: str, notes: Notes
) -> Row:
    row: Row = {
        "source": source,
        "product": "",
        "is_event": False,
        "office": office_of(application),
        "patent_type": "design",
        "language": (value(application, "DesignApplicationLanguageCode") or "").lower()[:2],
        **{column: [] for column in _LISTS},
    }
    _read_parts(design, row, notes)
    if application is not design:
        shared: Row = {**row, **{column: [] for column in _LISTS}}
        _read_parts(application, shared, notes)
        for column, found in shared.items():
            row[column] = row.get(column) or found
    numbers = [
        design_number(text, row["office"], notes)
        for text in (value(design, "DesignIdentifier"), value(design, "RegistrationNumber"))
        if text
    ]
    numbers = list(dict.fromkeys(filter(None, numbers)))
    row["publication_number"] = numbers[0] if numbers else None
    row["other_numbers"] = numbers[1:]
    row["id"] = row["publication_number"] or row.get("application_number")
    if not row["id"]:
        raise RecordError("no number of a design and no application number that can be read")
    row["status_date"] = row.get("status_date") if row.get("legal_status") else None
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    row["claim_count"] = len(row["claims"]) or None
    del row["language"]
    return row


def design_number(text: str | None, office: str, notes: Notes) -> str | None:
    """The number of a registered design, in the form of a publication number without kind code."""
    if not text:
        return None
    try:
        return str(PublicationNumber.parse(text, office))
    except IdentifierError:
        notes.warn("publication_number: not a number")
        return None


def status_of_design(text: str | None, office: str) -> str | None:
    status = status_of(text, office)
    return "granted" if status == "registered" else status


def _read_parts(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        name = name_of(child)
        part = _PARTS.get(name)
        if part is not None:
            part(child, row, notes)
        elif name not in _LEFT_OUT and (len(child) or plain(child)):
            notes.unmapped.add(name)


def _read_application_number(element: etree._Element, row: Row, notes: Notes) -> None:
    parent = element.getparent()
    row["application_number"] = application_of(parent, row["office"], notes)


def _date_into(column: str) -> Callable[[etree._Element, Row, Notes], None]:
    def read(element: etree._Element, row: Row, notes: Notes) -> None:
        row[column] = date_of(element.text, notes, column)

    return read


def _text_into(column: str, *names: str) -> Callable[[etree._Element, Row, Notes], None]:
    """Texts or passages of the elements called `names` inside, or of the element itself."""

    def read(element: etree._Element, row: Row, notes: Notes) -> None:
        for found in every(element, *names) if names else (element,):
            if text := text_of(found):
                language = language_of(found) or row["language"] or guess_language(text)
                entry = {"language": language, "text": text}
                if column in ("claims", "description"):
                    entry["label"] = None
                row[column].append(entry)

    return read


def _read_status(element: etree._Element, row: Row, notes: Notes) -> None:
    text = plain(element)
    row["legal_status"] = status_of_design(text, "") or row.get("legal_status")
    if text and row["legal_status"] is None:
        notes.warn("legal_status: unknown status")
        event = {"date": None, "code": text, "name": "STATUS", "text": None}
        row["legal_events"].append(event)


def _read_classes(element: etree._Element, row: Row, notes: Notes) -> None:
    for symbol in every(element, "LocarnoClassificationText"):
        add_symbol(row["locarno"], plain(symbol), notes, "locarno", parse_locarno)
    for symbol in every(element, "LocarnoClassification"):
        parts = (value(symbol, "LocarnoClass"), value(symbol, "LocarnoSubclass"))
        if all(parts):
            joined = "-".join(filter(None, parts))
            add_symbol(row["locarno"], joined, notes, "locarno", parse_locarno)
    for bag in every(element, "NationalDesignClassificationBag"):
        office = value(bag, "IPOfficeCode") or row["office"]
        scheme = "USPC" if office == "US" else office
        for symbol in every(bag, "NationalDesignClassification"):
            if text := plain(symbol):
                row["other_classes"].append({"scheme": scheme, "symbol": text})


def _read_priorities(element: etree._Element, row: Row, notes: Notes) -> None:
    for priority in every(element, "Priority"):
        office = value(priority, "PriorityCountryCode")
        number = value(priority, "ApplicationNumber", "ApplicationNumberText")
        if number and office != "WO":  # DM/123456, an international design, stays as it is
            try:
                number = str(ApplicationNumber.parse(number, office))
            except IdentifierError:
                notes.warn("priorities: not a number")
        when = value(priority, "PriorityApplicationFilingDate") or value(priority, "PriorityDate")
        day = date_of(when, notes, "priorities")
        row["priorities"].append({"office": office, "number": number, "date": day})


def _read_publications(element: etree._Element, row: Row, notes: Notes) -> None:
    days = [
        day
        for publication in every(element, "Publication")
        if (day := date_of(value(publication, "PublicationDate"), notes, "publication_date"))
    ]
    row["publication_date"] = min(days, default=None)


def _read_citations(element: etree._Element, row: Row, notes: Notes) -> None:
    for cited in every(element, "CitedPatentDocumentIdentification"):
        if number := publication_of(cited, notes):
            citation = {"publication_number": number, "text": None}
            row["citations"].append({**citation, "category": None, "cited_by": None})


def _parties_into(*columns: str) -> Callable[[etree._Element, Row, Notes], None]:
    def read(element: etree._Element, row: Row, notes: Notes) -> None:
        parties = read_parties(elements_of(element), notes, columns[0])
        for column in columns:
            row[column] += parties

    return read


def _read_staff(element: etree._Element, row: Row, notes: Notes) -> None:
    row["examiners"] += filter(None, (plain(name) for name in every(element, "StaffName")))


def _read_events(element: etree._Element, row: Row, notes: Notes) -> None:
    for event in elements_of(element):
        values = {name_of(child): plain(child) for child in elements_of(event)}
        day = next((text for name, text in values.items() if name.endswith("EventDate")), None)
        category = next(
            (text for name, text in values.items() if name.endswith("EventCategory")), None
        )
        code = next((text for name, text in values.items() if name.endswith("EventCode")), None)
        comment = values.get("CommentText")
        is_named = category is not None and category != "Undefined"
        row["legal_events"].append(
            {
                "date": date_of(day, notes, "legal_events"),
                "code": code,
                "name": category if is_named else comment,
                "text": comment if is_named else None,
            }
        )


_LISTS = (
    *("other_numbers", "titles", "description", "claims", "locarno", "other_classes"),
    *("applicants", "owners", "inventors", "agents", "examiners", "priorities", "citations"),
    "legal_events",
)
_PARTS: dict[str, Callable[[etree._Element, Row, Notes], Any]] = {
    "ApplicationNumber": _read_application_number,
    "ApplicationDate": _date_into("filing_date"),
    "FilingDate": _date_into("filing_date"),
    "RegistrationDate": _date_into("grant_date"),
    "ExpiryDate": _date_into("expiry_date"),
    "DesignTitleText": _text_into("titles"),
    "DesignTitleBag": _text_into("titles", "DesignTitleText"),
    "ProductIndicationBag": _text_into("titles", "ProductDescriptionText", "ProductIndicationText"),
    "IndicationProductBag": _text_into("titles", "ProductDescriptionText", "IndicationProductText"),
    "DesignDescriptionText": _text_into("description"),
    "DesignDescriptionBag": _text_into("description", "DesignDescriptionText"),
    "DesignClaim": _text_into("claims", "DesignClaimText"),
    "DesignClaimBag": _text_into("claims", "DesignClaimText"),
    "DesignCurrentStatusCategory": _read_status,
    "DesignCurrentStatusCode": _read_status,
    "DesignApplicationCurrentStatusCategory": _read_status,
    "DesignCurrentStatusDate": _date_into("status_date"),
    "DesignApplicationCurrentStatusDate": _date_into("status_date"),
    "DesignClassificationBag": _read_classes,
    "PriorityBag": _read_priorities,
    "PublicationBag": _read_publications,
    "PatentIdentificationBag": _read_citations,
    "ApplicantBag": _parties_into("applicants"),
    "HolderBag": _parties_into("owners"),
    "RepresentativeBag": _parties_into("agents"),
    "DesignerBag": _parties_into("inventors"),
    "StaffBag": _read_staff,
    "DesignEventBag": _read_events,
    "DesignApplicationEventBag": _read_events,
}
_LEFT_OUT = frozenset(  # read elsewhere, and how the pictures are made
    (
        *("RegistrationOfficeCode", "ReceivingOfficeCode", "DesignIdentifier", "DesignBag"),
        *("RegistrationNumber", "RightEffectiveDate", "PublicationKindDescription"),
        *("ColourIndicator", "RepresentationSheetTotalQuantity", "BlackWhiteViewTotalQuantity"),
        *("ColourViewTotalQuantity", "DesignRepresentationBag", "DesignTotalQuantity"),
        *("DesignApplicationLanguageCode", "CorrespondenceLanguageCode", "PaymentBag"),
        *("SignatureBag", "DocumentIncludedBag", "CorrespondenceAddress"),
    )
)
