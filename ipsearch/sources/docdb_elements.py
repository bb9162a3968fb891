"""Elements of the EPO's exchange XML (DOCDB, OPS): cut out of their wrapper, read by local name.

Numbers come in up to three formats (`docdb`, `epodoc`, `original`), of which `docdb` has office,
number and kind apart. Names come in `docdb` or `epodoc` (capitals, Latin letters, with country),
`docdba` (likewise, as the office gave them) and `original` (as printed, without country).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.xml_cut_out import convert_documents
from ipsearch.sources.xml_text import local_name, text_of

Convert = Callable[[etree._Element, Notes], list[Row]]

_PCT = re.compile(r"((?:19|20)[0-9]{2}|[0-9]{2})([0-9]{5,6})")
_EPODOC = {  # the year and a filled-up number, where DOCDB has something else
    "CA": re.compile(r"(?:19|20)[0-9]{2}([0-9]{7})"),
    "GB": re.compile(r"((?:19|20)[0-9]{2})00([0-9]{5})"),
    "JP": re.compile(r"((?:19|20)[0-9]{2})0([0-9]{6})"),
}
DUMMY_KINDS = frozenset("DK")
"""Kinds of application numbers that DOCDB made up: nobody filed anything under them."""
_COUNTRY = re.compile(r"\s*\[([A-Z]{2})\]$")
_AS_PRINTED = "original"
_WITH_COUNTRY = ("docdb", "epodoc", "docdba")  # the first that is there says how many there are


def read_cut_out(input: Input, converters: Mapping[str, Convert]) -> Iterator[Record | Reject]:
    """Give the records of each element named in `converters` (by local name), else a reject.

    A row with `is_removal` set takes back what was said of its document.
    """

    def convert(root: etree._Element, notes: Notes) -> list[Row]:
        return converters[name_of(root)](root, notes)

    for outcome in convert_documents(input, converters, convert):
        if isinstance(outcome, Reject):
            yield outcome
            continue
        for row in outcome.content:
            is_removal = row.pop("is_removal", False)
            yield Record("patent", row, outcome.position, is_removal)


def elements_of(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def name_of(element: etree._Element) -> str:
    return local_name(element.tag) if isinstance(element.tag, str) else ""


def child_of(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if name_of(child) == name), None)


def values_of(element: etree._Element) -> dict[str, str]:
    """The texts of the children by local name: the first that says something."""
    values: dict[str, str] = {}
    for child in element:
        text = child.text
        if text and (text := text.strip()) and isinstance(child.tag, str):
            values.setdefault(local_name(child.tag), text)
    return values


def sequence_of(element: etree._Element) -> int:
    number = element.get("sequence", "")
    return int(number[:9]) if number.isdecimal() else 1 << 30


# Numbers


def ids_of(reference: etree._Element) -> Iterator[tuple[str, dict[str, str]]]:
    """Each number of a reference: its format and its parts (country, doc-number, kind, date)."""
    outer = reference.get("data-format")
    for child in reference:
        if name_of(child) == "document-id":
            format_ = child.get("document-id-type") or child.get("data-format") or outer or "docdb"
            yield format_, values_of(child)


def read_publication(parts: Mapping[str, str], notes: Notes) -> str | None:
    """The canonical publication number; as it is written if it cannot be read; None if none."""
    number = parts.get("doc-number")
    if not number:
        return None
    written = f"{parts.get('country', '')}{number}{parts.get('kind', '')}"
    try:
        return str(PublicationNumber.parse(written))
    except IdentifierError:
        notes.warn("publication number that cannot be read kept as it is")
        return "".join(written.split())


def read_application(format_: str, parts: Mapping[str, str], notes: Notes) -> str | None:
    """The canonical application number; None for a dummy, and for one without its office.

    The check digit of a European number is left off: DOCDB has none, and one application must
    have one number.
    """
    number, office = parts.get("doc-number"), parts.get("country")
    if not number:
        return None
    if parts.get("kind") in DUMMY_KINDS:
        notes.warn("application_number: a dummy number of DOCDB was left out")
        return None
    if parts.get("kind") == "W" and office and (pct := _PCT.fullmatch(number)):
        number, office = f"PCT/{office}{pct[1]}/{pct[2]}", None
    elif format_ == "epodoc" and not office:
        office, number = number[:2], number[2:]
        written = _EPODOC.get(office)
        if written and (match := written.fullmatch(number)):
            number = "".join(match.groups())
        number = office + number
    try:
        application = ApplicationNumber.parse(number, office)
    except IdentifierError:
        if format_ != _AS_PRINTED:
            notes.warn("application_number: not a number")
        return None
    return application.key if application.office == "EP" else str(application)


def office_of(application: str | None) -> str | None:
    """The office of a canonical application number: `WO` for an international one."""
    if not application:
        return None
    return "WO" if application.startswith("PCT/") else application[:2]


# Parties


def read_parties(element: etree._Element, name: str) -> list[Row]:
    """One list of the parties that are given in several formats: printed names, with country."""
    by_format: dict[str, list[etree._Element]] = defaultdict(list)
    for child in elements_of(element):
        if name_of(child) == name:
            by_format[child.get("data-format", "docdb")].append(child)
    made = {
        format_: [_read_party(child) for child in sorted(children, key=sequence_of)]
        for format_, children in by_format.items()
    }
    printed = [party for party in made.get(_AS_PRINTED, []) if party["name"]]
    base = next((made[format_] for format_ in _WITH_COUNTRY if made.get(format_)), [])
    base = [party for party in base if party["name"]]
    if not base:
        return _distinct(printed)
    # OPS gives the names of DOCDB once more as `original` and then the printed ones.
    if len(printed) == 2 * len(base):
        printed = printed[len(base) :]
    for nearer in (made.get("docdba", []), printed):
        if len(nearer) == len(base):
            base = [_joined(name, rest) for name, rest in zip(nearer, base, strict=True)]
    return _distinct(base)


def _joined(nearer: Row, standard: Row) -> Row:
    """One party from two spellings: what the one nearer to the printed one has, else the other."""
    return {key: nearer[key] or standard[key] for key in standard}


def _distinct(parties: list[Row]) -> list[Row]:
    distinct: list[Row] = []
    for party in parties:
        if party not in distinct:
            distinct.append(party)
    return distinct


def _read_party(element: etree._Element) -> Row:
    name, country, address = None, None, None
    for child in elements_of(element):
        kind = name_of(child)
        if kind.endswith("-name"):
            values = values_of(child)
            name = values.get("name") or values.get("orgname") or values.get("last-name")
            name = name or text_of(child) or None
        elif kind == "residence":
            country = values_of(child).get("country")
        elif kind == "address":
            address = ", ".join(text_of(child).splitlines()) or None
        elif kind == "addressbook":
            name = values_of(child).get("name") or text_of(child) or None
    if name:
        name = " ".join(name.split()).rstrip(" ,;")
        bracketed = _COUNTRY.search(name)
        if bracketed:
            name, country = name[: bracketed.start()], country or bracketed[1]
    return {
        "name": name or None,
        "organization": None,
        "country": country,
        "province": None,
        "city": None,
        "county": None,
        "address": address,
    }
