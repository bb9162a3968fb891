"""What happened to a mark of ST.66 or ST.96: publications, priorities, events, relatives."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import mark_number
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.wipo_elements import (
    Party,
    date_of,
    elements_of,
    every,
    leaves_of,
    name_of,
    plain,
    read_parties,
    value,
)

DATED = {  # dates that no column is for -> the names of their events
    "RenewalDate": "RENEWED",
    "RegisterAmendedDate": "AMENDED TO REGISTER",
    "AllowanceNoticeDate": "NOTICE OF ALLOWANCE",
    "NoticeOfAllowanceDate": "NOTICE OF ALLOWANCE",
    "AllowedDate": "ALLOWED",
    "ApplicationAbandonedDate": "ABANDONED",
    "AbandonedDate": "ABANDONED",
    "CancelledDate": "CANCELLED",
    "TerminationDate": "TERMINATED",
}
_PUBLISHED_FOR_OPPOSITION = ("A.1", "M.1")  # sections of the European bulletin


@dataclass(slots=True)
class Mark:
    """A mark on its way to a row."""

    row: Row
    notes: Notes
    language: str | None  # of the application
    status: list[str] = field(default_factory=list)  # codes and words, the surest first
    status_date: str | None = None
    feature: list[str] = field(default_factory=list)
    feature_code: str | None = None
    categories: list[str] = field(default_factory=list)
    goods: list[etree._Element] = field(default_factory=list)
    attorneys: list[Party] = field(default_factory=list)
    correspondents: list[Party] = field(default_factory=list)
    renewal_date: date | None = None


def add_event(
    mark: Mark, when: date | None, code: str | None, name: str | None, text: str | None
) -> None:
    mark.row["legal_events"].append({"date": when, "code": code, "name": name, "text": text})


def number_of(text: str | None, office: str, notes: Notes) -> str | None:
    if not text or not text.strip(" 0"):
        return None
    try:
        return mark_number(text, office)
    except IdentifierError:
        notes.warn("a number of a mark that cannot be read")
        return None


def add_other_number(mark: Mark, number: str | None) -> None:
    if number and number not in mark.row["other_numbers"]:
        mark.row["other_numbers"].append(number)


def read_dated(element: etree._Element, mark: Mark) -> None:
    name = DATED[name_of(element)]
    if when := date_of(element.text, mark.notes, name_of(element)):
        add_event(mark, when, None, name, None)
        if name == "RENEWED":
            mark.renewal_date = when


def read_publications(element: etree._Element, mark: Mark) -> None:
    dates: list[date] = []
    for publication in every(element, "Publication"):
        when = date_of(value(publication, "PublicationDate"), mark.notes, "publication_date")
        section = value(publication, "PublicationSection")
        if when and (section is None or section.startswith(_PUBLISHED_FOR_OPPOSITION)):
            dates.append(when)
        if section:
            number = value(publication, "PublicationIdentifier")
            add_event(mark, when, section, "PUBLICATION", number)
        for name in DATED:
            for dated in every(publication, name):
                read_dated(dated, mark)
    mark.row["preliminary_publication_date"] = min(dates, default=None)


def read_priorities(element: etree._Element, mark: Mark) -> None:
    for priority in every(element, "Priority"):
        office = value(priority, "PriorityCountryCode")
        number = (
            value(priority, "PriorityNumber")
            or value(priority, "ApplicationNumber", "ApplicationNumberText")
            or value(priority, "ApplicationNumber")
        )
        when = (
            value(priority, "PriorityDate")
            or value(priority, "PriorityApplicationFilingDate")
            or value(priority, "PriorityExt", "ForeignApplicationFilingDate")
        )
        day = date_of(when, mark.notes, "priorities")
        if office or number or day:
            with suppress(IdentifierError):  # else it is kept as it is printed
                number = mark_number(number or "", office or "")
            mark.row["priorities"].append({"office": office, "number": number, "date": day})


def read_events(element: etree._Element, mark: Mark) -> None:
    for event in every(element, "MarkEvent"):
        texts = leaves_of(event)  # what an office adds stands one level further in
        code, text, day = (_first(texts, name) for name in _EVENT)
        if mark.row["office"] == "US":
            # ST.96 appends the type of the entry; the further text is a number within the office
            code, text = (code or "")[:4] or None, None
        name = next((texts[name][0] for name in _EVENT_NAMES if name in texts), None)
        add_event(mark, date_of(day, mark.notes, "legal_events"), code, name, text)


_EVENT = ("MarkEventCode", "MarkEventAdditionalText", "MarkEventDate")
_EVENT_NAMES = ("MarkEventDescriptionText", "MarkEventInternalDescriptionText", "MarkEventCategory")


def _first(texts: dict[str, list[str]], name: str) -> str | None:
    return texts[name][0] if name in texts else None


def read_assignments(element: etree._Element, mark: Mark) -> None:
    for assignment in every(element, "Assignment"):
        when = value(assignment, "AssignmentRecordedDate") or value(
            assignment, "AssignmentExecutedDate"
        )
        sides = []
        for side in ("Assignor", "Assignee"):
            parties = read_parties(every(assignment, side), mark.notes, "legal_events")
            sides.append(", ".join(party["name"] or "" for party in parties))
        name = value(assignment, "AssignmentConveyanceCategory")
        text = " -> ".join(filter(None, sides)) or None
        day = date_of(when, mark.notes, "legal_events")
        add_event(mark, day, "ASSIGNMENT", name, text)


def read_proceedings(element: etree._Element, mark: Mark) -> None:
    """Oppositions, cancellations and appeals: what they are, their numbers and their days."""
    for proceedings in elements_of(element):
        for proceeding in elements_of(proceedings):
            values = {name_of(child): plain(child) for child in elements_of(proceeding)}
            day = next((text for name, text in values.items() if name.endswith("Date")), None)
            number = next((text for name, text in values.items() if name.endswith("tifier")), None)
            if number or day:
                name = name_of(proceeding).removesuffix("Bag").removesuffix("Proceeding")
                when = date_of(day, mark.notes, "legal_events")
                add_event(mark, when, "PROCEEDING", name, number)


def read_associated(element: etree._Element, mark: Mark) -> None:
    """The international registration is a number of this mark; other marks are events."""
    for associated in every(element, "AssociatedMark"):
        category = value(associated, "AssociationCategory") or ""
        numbers = [
            value(associated, *path)
            for path in (
                ("ApplicationNumber", "ApplicationNumberText"),
                ("InternationalApplicationNumber", "ApplicationNumberText"),
                ("InternationalRegistrationNumber",),
                ("RegistrationNumber",),
                ("NationalRegistrationNumber",),
            )
        ]
        for number in filter(None, numbers):
            if "international" in category.casefold():
                add_other_number(mark, number_of(number, "WO", mark.notes))
            else:
                add_event(mark, None, None, f"ASSOCIATED MARK: {category}", number)


def read_related(element: etree._Element, mark: Mark) -> None:
    """The USPTO's form of the same in ST.66."""
    kind = value(element, "RelationshipKindText") or ""
    for child in elements_of(element):
        if name_of(child).startswith("International"):
            add_other_number(mark, number_of(plain(child), "WO", mark.notes))
        elif name_of(child).endswith("Number") and (number := plain(child)):
            add_event(mark, None, None, f"ASSOCIATED MARK: {kind}", number)
