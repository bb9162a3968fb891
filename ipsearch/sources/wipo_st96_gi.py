"""Geographical indications of WIPO ST.96 -> mark records of the category `geographical_indication`.

The indication is the sign, its products are the goods, its area (with what makes the products
what they are) is the description. The applicant is the owner. Those who may use the sign own
nothing, and they come and go: each is an event, as in tables of indications.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from lxml import etree

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import mark_number
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.indications import AUTHORISED_USER, CATEGORY
from ipsearch.sources.wipo_elements import (
    attribute,
    date_of,
    elements_of,
    every,
    in_one_language,
    name_of,
    plain,
    read_parties,
    value,
)
from ipsearch.sources.wipo_mark import office_of
from ipsearch.sources.wipo_mark_goods import read_classes, split_items
from ipsearch.sources.wipo_status import status_of

_CATEGORIES = {"collective": "collective", "certific": "certification"}  # a word of it -> ours


def read_indications(root: etree._Element, source: str, notes: Notes) -> list[Row]:
    """The rows of all indications of an application or a registration; raise `RecordError`."""
    found = [root] if name_of(root) == "GIData" else list(every(root, "GIData"))
    if not found:
        raise RecordError("an application without a geographical indication in it")
    parties = {
        column: read_parties(
            [party for name in names for party in every(root, name)], notes, column
        )
        for column, names in _PARTIES.items()
    }
    for child in elements_of(root):
        if name_of(child) not in _KNOWN and (len(child) or plain(child)):
            notes.unmapped.add(name_of(child))
    return [_read_indication(data, parties, source, notes) for data in found]


def _read_indication(
    data: etree._Element, parties: dict[str, list[Any]], source: str, notes: Notes
) -> Row:
    office = office_of(data)
    language = (attribute(data, "languageCode") or "")[:2].lower() or None
    texts = {
        column: in_one_language(every(data, *names), language) for column, names in _TEXTS.items()
    }
    row: Row = {
        "source": source,
        "product": "",
        "is_event": False,
        "office": office,
        "mark_kind": "word",
        "mark_category": _category(value(data, "GICategory")),
        "mark_text": " ".join(texts["mark_text"]) or None,
        "translation": " ".join(texts["translation"]) or None,
        "transliteration": " ".join(texts["transliteration"]) or None,
        "mark_description": "\n".join((*texts["area"], *texts["features"])) or None,
        "legal_events": [_use_approved(user) for user in parties.get("users", ())],
        **{column: found for column, found in parties.items() if column != "users"},
    }
    for column, name in _NUMBERS.items():
        text = value(data, name, "ApplicationNumberText") or value(data, name)
        row[column] = _number(text, office, notes)
    row["id"] = row["application_number"] or row["registration_number"]
    if not row["id"]:
        raise RecordError("no number of a geographical indication that can be read")
    for column, name in _DATES.items():
        row[column] = date_of(value(data, name), notes, column)
    row["preliminary_publication_date"] = _first_publication(data, notes)
    status = next((plain(found) for found in every(data, *_STATUS)), None)
    row["legal_status"] = status_of(status, office)
    row["status_date"] = date_of(value(data, "GICurrentStatusDate"), notes, "status_date")
    if status and row["legal_status"] is None:
        notes.warn("legal_status: unknown status")
        event = {"date": row["status_date"], "code": status, "name": "STATUS", "text": None}
        row["legal_events"].append(event)
        row["status_date"] = None
    row["classes"] = _classes(data, row, texts["products"], language, notes)
    for child in elements_of(data):
        if name_of(child) not in _READ and (len(child) or plain(child)):
            notes.unmapped.add(name_of(child))
    return row


def _use_approved(user: Row) -> Row:
    """The event that somebody may use the sign: name, and address and country if they are known."""
    parts = [user["name"], *(user[part] for part in ("address", "country") if user[part])]
    event = {"date": None, "code": AUTHORISED_USER, "name": "AuthorizedUser"}
    return {**event, "text": ", ".join(parts)}


def _category(text: str | None) -> str:
    lower = (text or "").casefold()
    found = (ours for word, ours in _CATEGORIES.items() if word in lower)
    return next(found, CATEGORY)


def _number(text: str | None, office: str, notes: Notes) -> str | None:
    if not text:
        return None
    try:
        return mark_number(text, office)
    except IdentifierError:
        notes.warn("a number of an indication that cannot be read")
        return None


def _first_publication(data: etree._Element, notes: Notes) -> date | None:
    days = (
        date_of(value(found, "PublicationDate"), notes, "publication_date")
        for found in every(data, "GIPublication", "Publication")
    )
    return min((day for day in days if day), default=None)


def _classes(
    data: etree._Element, row: Row, products: list[str], language: str | None, notes: Notes
) -> list[dict[str, Any]]:
    """The classes; products that are named without one are of the only class, or of none."""
    classes = read_classes(data, row, language, notes)
    items = [item for text in products for item in split_items(text)]
    if not items:
        return classes
    if len(classes) == 1:
        classes[0]["goods"] += [item for item in items if item not in classes[0]["goods"]]
        return classes
    status = {"status": row["legal_status"], "status_date": row["status_date"]}
    entry = {"nice_class": None, "edition": None, "similar_groups": [], "goods": items, **status}
    return [*classes, entry]


_PARTIES = {
    "owners": ("Applicant", "Holder"),
    "users": ("AuthorizedUser",),
    "agents": ("Representative",),
}
_TEXTS = {
    "mark_text": ("GINameText",),
    "translation": ("GINameTranslationText",),
    "transliteration": ("GINameTransliterationText",),
    "products": ("ProductIndicationText", "IndicationProductText", "ProductDescriptionText"),
    "area": ("GeographicRegionDescriptionText",),
    "features": ("FeatureDescriptionText",),
}
_NUMBERS = {
    "application_number": "ApplicationNumber",
    "registration_number": "RegistrationNumber",
}
_DATES = {
    "filing_date": "ApplicationDate",
    "registration_date": "RegistrationDate",
    "expiry_date": "ExpiryDate",
}
_STATUS = ("GICurrentStatusCategory", "GICurrentStatusCode", "GIStatusCategory")
_READ = frozenset(
    (
        *("RegistrationOfficeCode", "ReceivingOfficeCode", "GICategory", "GINameBag"),
        *("ProductIndicationBag", "GeographicRegionDescriptionBag", "FeatureDescriptionBag"),
        *("GIPublicationBag", "PublicationBag", "GICurrentStatusDate", "ApplicantBag"),
        *("HolderBag", "RepresentativeBag", "AuthorizedUser", "AuthorizedUserBag"),
        *(*_NUMBERS.values(), *_DATES.values(), *_STATUS),
    )
)
_KNOWN = _READ | {"GIData", "GIDataBag", "PaymentBag", "SignatureBag", "DocumentIncludedBag"}
