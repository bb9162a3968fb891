"""The parties of a USPTO trademark case file: current owners, attorney, representative."""

from __future__ import annotations

import re

from lxml import etree

from ipsearch.sources.base import Notes
from ipsearch.sources.xml_text import text_of

_CORRESPONDENT = 70  # party type of old files: no owner
_FIRM = re.compile(
    r"\b(?:LLP|L\.L\.P|LLC|L\.L\.C|PLLC|P\.?L\.?L\.?C|P\.?C|P\.?A|LTD|INC|CORP\w*|COMPANY|GMBH"
    r"|LAW|LEGAL|FIRM|OFFICES?|ATTORNEYS?|ASSOCIATES|PARTNERS|GROUP|ESQ)\b|&",
    re.IGNORECASE,
)


def current_owners(owners: list[etree._Element], notes: Notes) -> list[dict[str, str | None]]:
    """The owners of the latest party type: applicant 10-, at publication 20-, registrant 30-."""
    found: list[tuple[int, dict[str, str | None]]] = []
    for owner in owners:
        values = values_of(owner)
        stage = values.get("party-type", "")
        kind = int(stage[:3]) if stage.isdecimal() else 0
        if kind < _CORRESPONDENT and values.get("party-name"):
            found.append((kind, _owner(values, notes)))
    latest = max((kind for kind, _ in found), default=0)
    parties: list[dict[str, str | None]] = []
    for kind, party in found:
        if kind == latest and party not in parties:
            parties.append(party)
    return parties


def _owner(values: dict[str, str], notes: Notes) -> dict[str, str | None]:
    country = values.get("country")
    if country is not None and not re.fullmatch("[A-Z]{2}", country):
        notes.warn("owners: not a two-letter country")
        country = None
    if country is None and "country" not in values and "state" in values:
        country = "US"  # the office leaves it out at home
    lines = ("address-1", "address-2", "city", "state", "postcode")
    return {
        "name": values["party-name"],
        "organization": None,
        "country": country,
        "province": values.get("state"),
        "city": values.get("city"),
        "county": None,
        "address": ", ".join(values[line] for line in lines if line in values) or None,
    }


def read_agents(
    header: dict[str, str], correspondent: dict[str, str]
) -> list[dict[str, str | None]]:
    """The attorney with the correspondent's firm and address, and a domestic representative."""
    agents: list[dict[str, str | None]] = []
    attorney = header.get("attorney-name")
    lines = [line for name, line in correspondent.items() if name.startswith("address-")]
    if attorney:
        lines = [line for line in lines if line.casefold() != attorney.casefold()]
        firm = next((line for line in lines[:2] if _FIRM.search(line)), None)
        agents.append(_agent(attorney, firm, [line for line in lines if line != firm]))
    representative = header.get("domestic-representative-name")
    if representative and representative != attorney:
        agents.append(_agent(representative, None, []))
    return agents


def _agent(name: str, firm: str | None, lines: list[str]) -> dict[str, str | None]:
    is_american = bool(lines) and lines[-1].upper() in ("UNITED STATES", "USA", "US")
    return {
        "name": name,
        "organization": firm,
        "country": "US" if is_american else None,
        "province": None,
        "city": None,
        "county": None,
        "address": ", ".join(lines) or None,
    }


def values_of(element: etree._Element | None) -> dict[str, str]:
    """The texts of the children that have no elements in them, the first of each name."""
    values: dict[str, str] = {}
    if element is None:
        return values
    for child in element:
        text = child.text
        if len(child):  # a section, or a text with a character name in it
            text = None if isinstance(child[0].tag, str) else text_of(child)
        if text and (text := text.strip()):
            values.setdefault(child.tag, text)
    return values
