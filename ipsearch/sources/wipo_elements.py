"""Elements of WIPO's XML standards ST.66 and ST.96 by local name: values, dates, parties.

An office chooses its own prefixes and adds elements of its own, and the versions of a standard
differ in their namespaces; local names hardly differ at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from lxml import etree

from ipsearch.sources.base import Notes
from ipsearch.sources.xml_text import local_name, read_date, text_of

Party = dict[str, str | None]

_PERSON = ("PersonFullName", "FullName")
_PERSON_PARTS = ("FirstName", "MiddleName", "LastName", "NameSuffix")
_ORGANIZATION = ("OrganizationStandardName", "OrganizationName", "OrganisationName")
_LINES = frozenset(
    (
        *("AddressLineText", "PostalAddressText", "PostalAddressLineText"),
        *("AddressRoom", "AddressBuilding", "AddressStreet", "FreeFormatAddressLine"),
    )
)
_CITY = ("CityName", "AddressCity")
_PROVINCE = ("GeographicRegionName", "AddressState")
_POSTCODE = ("PostalCode", "AddressPostcode")
_COUNTRY = ("CountryCode", "FormattedAddressCountryCode", "AddressCountryCode")
_ORIGIN = (  # a country that is not of the address: the next best
    *("IncorporationCountryCode", "ApplicantIncorporationCountryCode"),
    *("NationalityCode", "ApplicantNationalityCode"),
)


@lru_cache(maxsize=1024)
def _any_namespace(name: str) -> str:
    return "{*}" + name


def name_of(element: etree._Element) -> str:
    """The local name; "" for what is no element."""
    return local_name(element.tag) if isinstance(element.tag, str) else ""


def elements_of(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def every(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements of these local names inside of `element`, at any depth, in order."""
    return element.iterdescendants(*map(_any_namespace, names))


def child_of(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down the `path` of local names, one level each."""
    for name in path:
        if element is None:
            return None
        element = next(iter(element.iterchildren(_any_namespace(name))), None)
    return element


def value(element: etree._Element | None, *path: str) -> str | None:
    """The text down the `path` in one line; None if there is none."""
    found = child_of(element, *path)
    return None if found is None else plain(found)


def plain(element: etree._Element) -> str | None:
    text = text_of(element) if len(element) else element.text
    return " ".join(text.split()) or None if text else None


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its local name: some offices give it a namespace, some do not."""
    for key, text in element.attrib.items():
        if local_name(str(key)) == name:
            return str(text).strip() or None
    return None


def language_of(element: etree._Element) -> str | None:
    """The language that an element says its text is in: two small letters."""
    code = attribute(element, "languageCode")
    return code[:2].lower() if code else None


def date_of(text: str | None, notes: Notes, column: str) -> date | None:
    """Read `2018-04-17`; a time or a time zone after it (`-04:00`) is left out."""
    return read_date((text or "").strip()[:10], notes, column)


def in_one_language(elements: Iterable[etree._Element], own: str | None) -> list[str]:
    """The texts in the one language that is read best here: Chinese, English, the record's own.

    Where several languages say the same thing only one of them is kept; a text that does not say
    its language goes with any.
    """
    texts = [(language_of(element), text) for element in elements if (text := plain(element))]
    given = [language for language, _ in texts if language]
    best = next((code for code in ("zh", "en", own) if code in given), given[0] if given else None)
    return [text for language, text in texts if language in (None, best)]


def read_party(element: etree._Element, notes: Notes, column: str) -> Party | None:
    """One party, Chinese where it is given in several languages; None if it has no name."""
    book = _contact_of(element)
    found = leaves_of(book)
    person = _first(found, _PERSON) or " ".join(
        text for part in _PERSON_PARTS for text in found.get(part, ())[:1]
    )
    lines = found.get("FreeFormatNameLine", [])
    organization = _first(found, _ORGANIZATION) or " ".join(lines[1:]) or None
    name = person or _first(found, ("EntityName",)) or (lines[0] if lines else None)
    name = name or organization or value(element, "LegalEntityName")
    if name is None:
        return None
    place = next(every(book, "PostalAddress", "Address"), None)
    address = found if place is None else leaves_of(place)
    text = [line for key, lines in address.items() if key in _LINES for line in lines]
    town = [_first(address, names) for names in (_CITY, _PROVINCE, _POSTCODE)]
    return {
        "name": name,
        "organization": None if organization == name else organization,
        "country": _country(address, found, element, notes, column),
        "province": town[1],
        "city": town[0],
        "county": _first(address, ("AddressCounty",)),
        "address": ", ".join([*text, *filter(None, town)]) if text else None,
    }


def _contact_of(element: etree._Element) -> etree._Element:
    contacts = list(element.iterchildren("{*}Contact", "{*}PublicationContact"))
    return min(contacts, key=lambda contact: language_of(contact) != "zh", default=element)


def leaves_of(element: etree._Element) -> dict[str, list[str]]:
    """The texts at any depth by the local names of their elements, in order."""
    found: dict[str, list[str]] = {}
    for leaf in element.iter():
        if isinstance(leaf.tag, str) and leaf.text and (text := " ".join(leaf.text.split())):
            found.setdefault(local_name(leaf.tag), []).append(text)
    return found


def _first(found: dict[str, list[str]], names: Iterable[str]) -> str | None:
    return next((found[name][0] for name in names if name in found), None)


def _country(
    address: dict[str, list[str]],
    contact: dict[str, list[str]],
    element: etree._Element,
    notes: Notes,
    column: str,
) -> str | None:
    code = _first(address, _COUNTRY) or _first(contact, _COUNTRY)
    code = code or next((text for name in _ORIGIN if (text := value(element, name))), None)
    if code is None or re.fullmatch("[A-Z]{2}", code):
        return code
    notes.warn(f"{column}: not a two-letter country")
    return None


def read_parties(elements: Iterable[etree._Element], notes: Notes, column: str) -> list[Party]:
    """Each party once. One with an address or a number, but without a name, is noted."""
    parties: list[Party] = []
    for element in elements:
        party = read_party(element, notes, column)
        if party is None:
            if any(name in _LINES or name.endswith("Identifier") for name in leaves_of(element)):
                notes.warn(f"{column}: a party without a name")
        elif party not in parties:
            parties.append(party)
    return parties
