"""One mark of WIPO ST.66 (`TradeMark`) or ST.96 (`Trademark`) -> a record.

The two standards call most things by the same names, and the same mark makes the same record in
either. Of the parties that the USPTO lists only the latest owners are taken, as in its own files.
What the office says in statements and dates that no column is for is kept as events.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from lxml import etree

from ipsearch.errors import RecordError
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.wipo_elements import (
    Party,
    attribute,
    date_of,
    elements_of,
    every,
    in_one_language,
    name_of,
    plain,
    read_parties,
    read_party,
    value,
)
from ipsearch.sources.wipo_mark_goods import read_classes
from ipsearch.sources.wipo_mark_history import (
    DATED,
    Mark,
    add_event,
    add_other_number,
    number_of,
    read_assignments,
    read_associated,
    read_dated,
    read_events,
    read_priorities,
    read_proceedings,
    read_publications,
    read_related,
)
from ipsearch.sources.wipo_mark_sign import (
    STATEMENTS,
    kind_of,
    read_description,
    read_images,
    read_words,
)
from ipsearch.sources.wipo_status import status_of

_CATEGORIES = {  # a word of the office's category -> ours; the first that stands in one of them
    "geographic": "geographical_indication",
    "certific": "certification",
    "guarantee": "certification",
    "collective": "collective",
    "trademark": "trademark",
    "trade mark": "trademark",
    "individual": "trademark",
    "service": "service",
}
_RENEWED_FOR_TEN = date(1989, 11, 16)  # a US renewal before this day was for twenty years


def read_mark(root: etree._Element, source: str, notes: Notes) -> Row:
    """The row of one mark; raise `RecordError` if it has no office or no number."""
    office = office_of(root)
    language = value(root, "ApplicationLanguageCode")
    row: Row = {
        "office": office,
        "source": source,
        "product": "",
        "is_event": False,
        **{column: [] for column in _LISTS},
    }
    mark = Mark(row, notes, language[:2].lower() if language else None)
    _read_parts(root, mark)
    return _complete(mark, root)


def office_of(root: etree._Element) -> str:
    """The office of a record of any right; raise `RecordError` if none is named."""
    found = (
        value(root, "RegistrationOfficeCode")
        or value(root, "ApplicationNumber", "IPOfficeCode")
        or attribute(root, "officeCode")
        or value(root, "ReceivingOfficeCode")
        or value(root, "FilingPlace")
    )
    if not found or not re.fullmatch("[A-Z]{2}", found):
        raise RecordError(f"the record names no office: {found!r}")
    return found


def _read_parts(element: etree._Element, mark: Mark) -> None:
    for child in elements_of(element):
        name = name_of(child)
        part = _PARTS.get(name)
        if part is not None:
            part(child, mark)
        elif name in STATEMENTS:
            if text := plain(child):
                add_event(mark, None, None, STATEMENTS[name], text)
        elif name in DATED:
            read_dated(child, mark)
        elif (
            name not in _LEFT_OUT
            and not name.endswith("Indicator")  # yes or no, about grounds of filing and fees
            and (len(child) or plain(child))
        ):
            mark.notes.unmapped.add(name)


def _complete(mark: Mark, root: etree._Element) -> Row:
    row, notes = mark.row, mark.notes
    if row["office"] == "EM" and row.get("registration_date"):
        row.setdefault("registration_number", row.get("application_number"))  # it keeps its number
    row["id"] = row.get("application_number") or row.get("registration_number")
    if not row["id"]:
        number = value(root, "ApplicationNumber") or value(root, "RegistrationNumber")
        raise RecordError(f"no number of a mark that can be read: {number!r}")
    statuses = (status_of(text, row["office"]) for text in mark.status)
    row["legal_status"] = next((status for status in statuses if status), None)
    when = date_of(mark.status_date, notes, "status_date")
    row["status_date"] = when if row["legal_status"] else None
    if mark.status and row["legal_status"] is None:
        add_event(mark, when, mark.status[0], "STATUS", None)
        notes.warn("legal_status: unknown status")
    if mark.renewal_date and row["legal_status"] == "registered" and row["office"] == "US":
        years = 20 if mark.renewal_date < _RENEWED_FOR_TEN else 10
        row.setdefault("expiry_date", _years_later(mark.renewal_date, years))
    row["mark_kind"] = kind_of(mark)
    lower = [category.casefold() for category in mark.categories]
    row["mark_category"] = next(
        (ours for word, ours in _CATEGORIES.items() if any(word in text for text in lower)), None
    )
    for goods in mark.goods:
        row["classes"] += read_classes(goods, row, mark.language, notes)
    _add_agents(mark)
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    return row


# Numbers and dates


def _read_application_number(element: etree._Element, mark: Mark) -> None:
    text = value(element, "ApplicationNumberText") or element.text
    if not (text or "").strip():
        text = serial_of(value(element, "ST13ApplicationNumber"), mark.row["office"])
    if (text or "").strip():
        mark.row["application_number"] = number_of(text, mark.row["office"], mark.notes)


def serial_of(text: str | None, office: str) -> str | None:
    """The office's own number in one of WIPO ST.13: type of right (2), year (4), serial (9).

    Canada fills the year with zeros and ends with two digits of an extension.

    >>> serial_of("300000010269700", "CA"), serial_of("302019000123456", "KR")
    ('0102697', '2019000123456')
    """
    digits = (text or "").removeprefix(office)
    if not re.fullmatch("[0-9]{15}", digits):
        return text
    if office == "CA":
        return digits[6:13] if digits.endswith("00") else digits[6:]
    return digits[6:] if digits[2:6] == "0000" else digits[2:]


def _read_registration_number(element: etree._Element, mark: Mark) -> None:
    if number := number_of(plain(element), mark.row["office"], mark.notes):
        mark.row["registration_number"] = number


def _read_international_number(element: etree._Element, mark: Mark) -> None:
    add_other_number(mark, number_of(plain(element), "WO", mark.notes))


def _date_into(column: str) -> Callable[[etree._Element, Mark], None]:
    def read(element: etree._Element, mark: Mark) -> None:
        mark.row[column] = date_of(element.text, mark.notes, column)

    return read


def _years_later(day: date, years: int) -> date | None:
    if day.year + years > date.max.year:
        return None
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, **({"month": 3, "day": 1} if is_leap_day else {}))


# The sign


def _text_into(column: str, *names: str) -> Callable[[etree._Element, Mark], None]:
    """Texts of the elements called `names` inside, or of the element itself, into a column."""

    def read(element: etree._Element, mark: Mark) -> None:
        found = list(every(element, *names)) if names else [element]
        if text := "\n".join(in_one_language(found, mark.language)):
            mark.row[column] = text

    return read


def _append_to(name: str) -> Callable[[etree._Element, Mark], None]:
    def read(element: etree._Element, mark: Mark) -> None:
        if text := plain(element):
            getattr(mark, name).append(text)

    return read


def _read_status_date(element: etree._Element, mark: Mark) -> None:
    mark.status_date = element.text


def _read_feature_code(element: etree._Element, mark: Mark) -> None:
    mark.feature_code = plain(element) or mark.feature_code


def _read_goods(element: etree._Element, mark: Mark) -> None:
    mark.goods.append(element)  # when the status is known, which every class takes over


# Parties


def _read_owners(element: etree._Element, mark: Mark) -> None:
    parties = [child for child in elements_of(element) if not name_of(child).endswith("Key")]
    if len(parties) < len(list(elements_of(element))):
        mark.notes.warn("owners: a number of the office's own instead of a name")
    mark.row["owners"] += read_owners(parties, mark.row["office"], mark.notes)


def read_owners(parties: list[etree._Element], office: str, notes: Notes) -> list[Party]:
    """All parties; of the USPTO's, those of the latest stage (10-, 20-, 30-: see its files)."""
    stages = [_stage(party, office) for party in parties]
    latest = max(stages, default=0)
    current = [party for party, stage in zip(parties, stages, strict=True) if stage == latest]
    return read_parties(current, notes, "owners")


def _stage(party: etree._Element, office: str) -> int:
    code = next((plain(code) for code in every(party, "PartyTypeCode")), None)
    if code is None and office == "US":
        code = attribute(party, "sequenceNumber")
    return int(code[:3]) if code and code.isdecimal() else 0


def _read_representatives(element: etree._Element, mark: Mark) -> None:
    for child in elements_of(element):
        if name_of(child).endswith("Key"):
            mark.notes.warn("agents: a number of the office's own instead of a name")
            continue
        is_correspondent = "correspondent" in (value(child, "Comment") or "").casefold()
        (_read_correspondent if is_correspondent else _read_attorney)(child, mark)


def _read_attorney(element: etree._Element, mark: Mark) -> None:
    mark.attorneys += read_parties([element], mark.notes, "agents")


def _read_record_attorney(element: etree._Element, mark: Mark) -> None:
    mark.attorneys[:0] = read_parties([element], mark.notes, "agents")


def _read_correspondent(element: etree._Element, mark: Mark) -> None:
    if party := read_party(element, mark.notes, "agents"):
        mark.correspondents.append(party)


def _add_agents(mark: Mark) -> None:
    """Agents, with firm and address of the correspondent of the same name."""
    agents, owners = mark.row["agents"], {_folded(party) for party in mark.row["owners"]}
    by_name = {_folded(party): party for party in mark.correspondents}
    for attorney in mark.attorneys:
        same = by_name.pop(_folded(attorney), {})
        agent = {key: text or same.get(key) for key, text in attorney.items()}
        if all(_folded(agent) != _folded(known) for known in agents):
            agents.append(agent)
    agents += [party for name, party in by_name.items() if name not in owners]


def _folded(party: Party) -> str:
    return (party["name"] or "").casefold()


_LISTS = (
    *("other_numbers", "vienna_codes", "design_codes", "owners", "agents", "classes"),
    *("priorities", "legal_events"),
)
_PARTS: dict[str, Callable[[etree._Element, Mark], Any]] = {
    "ApplicationNumber": _read_application_number,
    "RegistrationNumber": _read_registration_number,
    "InternationalMarkIdentifier": _read_international_number,
    "InternationalRegistrationNumber": _read_international_number,
    "ApplicationDate": _date_into("filing_date"),
    "RegistrationDate": _date_into("registration_date"),
    "ExpiryDate": _date_into("expiry_date"),
    "InternationalRegistrationDate": _date_into("international_registration_date"),
    "MarkCurrentStatusCode": _append_to("status"),
    "MarkCurrentStatusCategory": _append_to("status"),
    "MarkCurrentStatusInternalDescriptionText": _append_to("status"),
    "MarkCurrentStatusDate": _read_status_date,
    "KindMark": _append_to("categories"),
    "MarkCategory": _append_to("categories"),
    "MarkFeature": _append_to("feature"),
    "MarkFeatureCategory": _append_to("feature"),
    "MarkFeatureCode": _read_feature_code,
    "MarkRepresentation": _read_parts,
    "MarkReproduction": _read_parts,
    "WordMarkSpecification": read_words,
    "MarkImageDetails": read_images,
    "MarkImageBag": read_images,
    "MarkDescriptionDetails": read_description,
    "MarkDescriptionBag": read_description,
    "MarkDescriptionText": _text_into("mark_description"),
    "MarkDisclaimerDetails": _text_into("disclaimer", "MarkDisclaimer"),
    "MarkDisclaimerBag": _text_into("disclaimer", "MarkDisclaimerText"),
    "GoodsServicesDetails": _read_goods,
    "GoodsServicesBag": _read_goods,
    "PublicationDetails": read_publications,
    "PublicationBag": read_publications,
    "PriorityDetails": read_priorities,
    "PriorityBag": read_priorities,
    "ApplicantDetails": _read_owners,
    "ApplicantBag": _read_owners,
    "HolderDetails": _read_owners,
    "HolderBag": _read_owners,
    "RepresentativeDetails": _read_representatives,
    "RepresentativeBag": _read_representatives,
    "RecordAttorney": _read_record_attorney,
    "NationalRepresentative": _read_attorney,
    "NationalCorrespondent": _read_correspondent,
    "MarkEventDetails": read_events,
    "MarkEventBag": read_events,
    "AssignmentBag": read_assignments,
    "AssignmentBagExt": read_assignments,
    "LegalProceedingsBag": read_proceedings,
    "AssociatedMarkBag": read_associated,
    "AssociatedMarkDetails": read_associated,
    "RelatedMarkDetails": read_related,
    "TradeMarkExt": _read_parts,
    "AdditionalMarkDetails": _read_parts,
    "NationalTrademarkInformation": _read_parts,
}
_LEFT_OUT = frozenset(  # read before, or about the office's own work and the grounds of filing
    (
        *("RegistrationOfficeCode", "ReceivingOfficeCode", "ReceivingOfficeDate", "FilingPlace"),
        *("ApplicationLanguageCode", "SecondLanguageCode", "StaffBag", "StaffDetails"),
        *("NationalFilingBasis", "FilingBasisDetails", "NationalGoodsServices", "RegisterCategory"),
        *("NationalCaseLocation", "OfficeDetails", "MaintenanceFilingBag", "MaintenanceFiling"),
        *("MaintenanceFilingDetails", "AdditionalInformation", "MarkSoundBag", "MarkSoundDetails"),
        *("MarkCurrentStatusExternalDescriptionText", "TradeDistinctivenessScopeText"),
        *("TradeDistinctivenessScope", "UseRight"),
    )
)
