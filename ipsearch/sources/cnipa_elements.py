"""Elements of CNIPA's XML by local name: their values without fillers, and the parties.

Zeros stand for what is unknown. A party may be given more than once: as printed and in a
standard form, in Chinese and translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ipsearch.sources.xml_text import local_name

LISTS = (  # columns of a whole document: empty means none
    *("other_numbers", "titles", "abstracts", "claims", "description", "ipc", "locarno"),
    *("applicants", "owners", "inventors", "agents", "examiners", "priorities", "citations"),
)
FIELDS = frozenset(
    (
        *("id", "publication_number", "application_number", "office", "kind_code"),
        *("patent_type", "filing_date", "publication_date", "grant_date", "priority_date"),
        *("claim_count", *LISTS, "is_event", "source", "product", "transaction_date"),
    )
)
TYPES_BY_KIND = {  # by the first letter of the kind code
    **dict.fromkeys("ABC", "invention"),
    **dict.fromkeys("UY", "utility_model"),
    **dict.fromkeys("SD", "design"),
}

_ADDRESS_LINES = ("Province", "City", "County", "Street", "AddressLine", "AddressBuilding")
_AGENCY_CODE = re.compile(r"\s+[0-9]{5}$")  # 某某专利代理事务所 11111


def one_of_each(parties: list[etree._Element]) -> list[etree._Element]:
    """One element a party: Chinese before translations, the original before its standard form."""
    chosen: dict[str, etree._Element] = {}
    for party in sorted(parties, key=_preference):
        chosen.setdefault(party.get("sequence") or str(id(party)), party)
    return sorted(chosen.values(), key=sequence_of)


def _preference(party: etree._Element) -> tuple[bool, bool]:
    return party.get("lang", "zh") != "zh", party.get("dataFormat", "original") != "original"


def read_party(element: etree._Element) -> dict[str, str | None] | None:
    name, organization, address = _address_book(element)
    for child in element.iterchildren("{*}Agency"):
        agency, office, _ = _address_book(child)
        organization = _AGENCY_CODE.sub("", office or agency or "") or None
    if name is None and name_of(element) != "Agent":
        name, organization = organization, None
    if name is None and organization is None:
        return None
    printed = address.get("Text") or "".join(address.get(line) or "" for line in _ADDRESS_LINES)
    return {
        "name": name,
        "organization": organization,
        "country": address.get("WIPOST3Code"),
        "province": address.get("Province"),
        "city": address.get("City"),
        "county": address.get("County"),
        "address": printed or None,
    }


def _address_book(element: etree._Element) -> tuple[str | None, str | None, dict[str, str]]:
    books = element.iterchildren("{*}AddressBook")
    book = min(books, key=lambda book: book.get("lang", "zh") != "zh", default=element)
    values = values_of(book)
    address = next(book.iterchildren("{*}Address"), None)
    name = values.get("Name") or " ".join(
        filter(None, (values.get("LastName"), values.get("FirstName")))
    )
    organization = values.get("OrganizationName")
    return name or None, organization, {} if address is None else values_of(address)


def elements_of(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def name_of(element: etree._Element) -> str:
    tag = element.tag
    return local_name(tag) if isinstance(tag, str) else ""


def filled(text: str | None) -> str | None:
    """Nothing, for the zeros that fill up what is unknown."""
    if not text:
        return None
    text = " ".join(text.split())
    return text if text.strip("0") else None


def values_of(element: etree._Element) -> dict[str, str]:
    """The texts of the children by local name: the first that says something."""
    values: dict[str, str] = {}
    for child in element:
        if (text := child.text) and (text := filled(text)):
            values.setdefault(name_of(child), text)
    return values


def deep_values_of(element: etree._Element) -> dict[str, str]:
    values: dict[str, str] = {}
    for child in element.iter():
        if text := filled(child.text):
            values.setdefault(name_of(child), text)
    return values


def document_id_of(element: etree._Element) -> dict[str, str]:
    return values_of(next(element.iterchildren("{*}DocumentID"), element))


def language_of(element: etree._Element) -> str:
    return (element.get("lang") or "zh").lower()[:2]


def sequence_of(element: etree._Element) -> int:
    number = element.get("sequence", "")
    return int(number[:9]) if number.isdecimal() else 1 << 30
