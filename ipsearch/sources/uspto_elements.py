"""Elements of USPTO's Red Book XML: their values, and the parties of both generations."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ipsearch.sources.xml_text import text_of

FILLERS = frozenset({"unknown", "omitted", "none", "xx"})
_ADDRESS_LINES = (*(f"address-{n}" for n in range(1, 6)), "street")


def read_party(element: etree._Element) -> dict[str, str | None]:
    """One party; an agent's or a person's organization stands beside the name, else is the name."""
    book = element.find("addressbook")
    book = element if book is None else book
    values = values_of(book)
    found = book.find("address")
    address = {} if found is None else values_of(found)
    name, organization = person_name(values), values.get("orgname")
    if name is None and element.tag != "agent":
        name, organization = organization, None
    residence = element.find("residence/country")
    country = _known(address.get("country")) or _known(
        None if residence is None else residence.text
    )
    return {
        "name": name,
        "organization": organization,
        "country": country,
        "province": _known(address.get("state")),
        "city": _known(address.get("city")),
        "county": _known(address.get("county")),
        "address": _address(address) or values.get("text"),
    }


def person_name(values: dict[str, str]) -> str | None:
    parts = (values.get(part) for part in ("first-name", "middle-name", "last-name", "suffix"))
    return " ".join(part for part in parts if part) or values.get("name")


def _address(address: dict[str, str]) -> str | None:
    """The printed address, where there is more of it than the town."""
    lines = [address[name] for name in _ADDRESS_LINES if name in address]
    if not lines:
        return address.get("text")
    town = (address.get(name) for name in ("city", "state", "postcode", "country"))
    return ", ".join([*lines, *filter(None, map(_known, town))])


def _known(text: str | None) -> str | None:
    return None if not text or text.strip().lower() in FILLERS else text.strip()


def elements_of(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def values_of(element: etree._Element) -> dict[str, str]:
    """The texts of the children by name; a child's own child (`date/date`) counts for it."""
    values: dict[str, str] = {}
    for child in element:
        text = text_of(child) if len(child) else child.text
        if text and (text := text.strip()):
            tag = child.tag
            if isinstance(tag, str) and tag not in values:
                values[tag] = text
    return values


def document_id_of(element: etree._Element) -> dict[str, str]:
    found = next(element.iterchildren("document-id"), element)
    return values_of(found)
