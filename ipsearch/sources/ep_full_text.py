"""European patent documents in full text (`ep-patent-document`): A and B documents of the EPO.

The front page (`SDOBI`) names its parts by numbers near to the INID codes: B110 number, B210
application, B541 and B542 a language and the title in it. A grant has its claims three times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.noted import add_symbol
from ipsearch.sources.xml_blocks import Layout, blocks, claims_of, flatten, passages_of
from ipsearch.sources.xml_documents import looks_like, read_documents
from ipsearch.sources.xml_text import (
    local_name,
    read_date,
    text_of,
)

_ROOT_TAG = re.compile(rb"<(?:[\w.-]+:)?ep-patent-document[\s>]")
_CITED = re.compile(  # EP-A- 1 234 567, WO-A1-2005/012345, US-A- 2004 123 456, EP1234567A
    r"([A-Z]{2})\s*-?\s*(?:([A-Z][0-9]?)\s*-)?\s*([0-9][0-9 /]*[0-9])\s*-?\s*([A-Z][0-9]?)?"
)
_PRINTED_SYMBOL = re.compile(  # "H01M   4/625       20130101 FI20230901BHEP", "7A 47J  31/06   A"
    r"\s*[1-7]?\s*([A-HY])\s*([0-9]{2})\s*([A-Z])\s+([0-9]{1,4})\s*/\s*([0-9]{2,6})(?![0-9])"
)
_EMPLOYER = re.compile(r"\s+c/o\s+", re.IGNORECASE)
_LANGUAGES = frozenset({"de", "en", "fr"})


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the documents of `input`, one record each."""
    return read_documents(input, ("ep-patent-document",), "patent", _convert)


def _convert(root: etree._Element, notes: Notes) -> Row:
    row: Row = {
        "office": (root.get("country") or "").strip() or "EP",
        "source": SOURCE.name,
        "product": "",
        "is_event": False,
        "application_number": None,
        "kind_code": (root.get("kind") or "").strip() or None,
        "publication_date": read_date(root.get("date-publ"), notes, "publication_date"),
        **{column: [] for column in _LISTS},
    }
    front: dict[str, str] = {"number": (root.get("doc-number") or "").strip()}
    for child in _elements(root):
        name = local_name(child.tag)
        if name == "SDOBI":
            _read_front_page(child, row, front, notes)
        elif name in _PARTS:
            _PARTS[name](child, row, notes)
        elif name not in _LEFT_OUT:
            notes.unmapped.add(name)
    return _complete(row, root, front, notes)


def _complete(row: Row, root: etree._Element, front: dict[str, str], notes: Notes) -> Row:
    kind = row["kind_code"] or ""
    number = front.get("number")
    row["publication_number"] = None
    if number:
        try:
            row["publication_number"] = str(PublicationNumber.parse(number + kind, row["office"]))
        except IdentifierError:
            notes.warn("publication number that cannot be read")
    row["id"] = row["publication_number"] or row["application_number"]
    if not row["id"]:
        raise RecordError(f"no number: neither {number!r} nor an application's")
    row["patent_type"] = "invention"
    if kind.startswith("B"):
        granted = front.get("granted")
        row["grant_date"] = read_date(granted, notes, "grant_date") or row["publication_date"]
        row["applicants"] = row["applicants"] or list(row["owners"])
    row["transaction_date"] = row["publication_date"]
    dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
    row["priority_date"] = min(dates, default=None)
    language = (root.get("lang") or front.get("language") or "").lower()
    for column in ("titles", "abstracts", "claims"):
        row[column].sort(key=lambda text: text["language"] != language)
    first = row["claims"][0]["language"] if row["claims"] else None
    row["claim_count"] = sum(claim["language"] == first for claim in row["claims"]) or None
    return row


# The front page


def _read_front_page(
    element: etree._Element, row: Row, front: dict[str, str], notes: Notes
) -> None:
    """Read the parts of every hundred: B100 the document, B200 the application ..."""
    for group in _elements(element):
        if local_name(group.tag) == "B300":
            _read_priorities(group, row, notes)
            continue
        for child in _elements(group):
            name = local_name(child.tag)
            if name in _FRONT:
                front.setdefault(_FRONT[name], _date_or_text(child))
                if name == "B110":
                    front["number"] = front["number"] or text_of(child)
            elif name in _FRONT_PARTS:
                _FRONT_PARTS[name](child, row, notes)
            elif name not in _FRONT_LEFT_OUT and local_name(group.tag) != "B000":
                notes.unmapped.add(name)
    row["kind_code"] = row["kind_code"] or front.get("kind")
    if row["publication_date"] is None:
        row["publication_date"] = read_date(front.get("published"), notes, "publication_date")


def _read_application(element: etree._Element, row: Row, notes: Notes) -> None:
    """The number without its check digit: other sources have none, and it must be one number."""
    try:
        application = ApplicationNumber.parse(text_of(element), "EP")
    except IdentifierError:
        notes.warn("application_number: not a number")
        return
    row["application_number"] = application.key


def _read_filing_date(element: etree._Element, row: Row, notes: Notes) -> None:
    row["filing_date"] = read_date(_date_or_text(element), notes, "filing_date")


def _read_priorities(element: etree._Element, row: Row, notes: Notes) -> None:
    """B310 number, B320 date, B330 country: three siblings for each priority, in any order."""
    values: dict[str, list[str]] = {"B310": [], "B320": [], "B330": []}
    for child in _elements(element):
        values.setdefault(local_name(child.tag), []).append(_date_or_text(child))
    for position, printed in enumerate(values["B310"]):
        office, day = (
            values[name][position] if position < len(values[name]) else None
            for name in ("B330", "B320")
        )
        try:
            application = ApplicationNumber.parse(printed, office)
            number = application.key if application.office == "EP" else str(application)
        except IdentifierError:
            number = printed
        date = read_date(day, notes, "priorities")
        row["priorities"].append({"office": office or None, "number": number, "date": date})


def _read_classes(column: str) -> Callable[[etree._Element, Row, Notes], None]:
    def read_classes(element: etree._Element, row: Row, notes: Notes) -> None:
        texts = [child for child in element.iter() if _name(child) in _SYMBOLS]
        for child in texts or [element]:
            printed = text_of(child)
            match = _PRINTED_SYMBOL.match(printed)
            symbol = "{}{}{}{}/{}".format(*match.groups()) if match else printed
            add_symbol(row[column], symbol, notes, column)

    return read_classes


_SYMBOLS = frozenset({"text", "B511", "B512", "B513", "B521", "B522"})


def _read_titles(element: etree._Element, row: Row, notes: Notes) -> None:
    """B541 is the language of the B542 after it."""
    language: str | None = None
    for child in _elements(element):
        text = text_of(child)
        if _name(child) == "B541":
            language = text.lower()[:2] or None
        elif _name(child) == "B542" and text:
            title = {"language": language, "text": text}
            if title not in row["titles"]:
                row["titles"].append(title)


def _read_references(element: etree._Element, row: Row, notes: Notes) -> None:
    """Documents of the search report, as printed on a grant."""
    for child in _elements(element):
        name = _name(child)
        text = text_of(child)
        if name in ("B561", "B562") and text:
            number = _cited_number(text) if name == "B561" else None
            _add_citation(row, number, text, "examiner")


def _read_reference_list(element: etree._Element, row: Row, notes: Notes) -> None:
    """Documents cited in the description."""
    for child in element.iter():
        name = _name(child)
        if name == "patcit":
            text = text_of(child) or child.get("dnum") or ""
            number = _cited_number(child.get("dnum") or text)
            _add_citation(row, number, text, "applicant")
        elif name == "nplcit":
            _add_citation(row, None, text_of(child), "applicant")


def _add_citation(row: Row, number: str | None, text: str, who: str) -> None:
    citation = {
        "publication_number": number,
        "text": None if number else text or None,
        "category": None,
        "cited_by": who,
    }
    if (number or text) and citation not in row["citations"]:
        row["citations"].append(citation)


def _cited_number(text: str) -> str | None:
    """The number in a printed reference; its kind only if it is whole: `EP-A-` may be any A."""
    match = _CITED.match(text)
    if match is None:
        return None
    kind = next((kind for kind in (match[2], match[4]) if kind and len(kind) == 2), "")
    digits = re.sub("[ /]", "", match[3])
    try:
        return str(PublicationNumber.parse(f"{match[1]}{digits}{kind}"))
    except IdentifierError:
        return None


def _read_international(element: etree._Element, row: Row, notes: Notes) -> None:
    """B861 the international application, B871 its publication."""
    for child in element.iter():
        name, text = _name(child), text_of(child)
        try:
            if name == "anum":
                number = str(ApplicationNumber.parse(text, "WO"))
            elif name == "pnum":
                number = str(PublicationNumber.parse(text, "WO"))
            else:
                continue
        except IdentifierError:
            notes.warn("international number that cannot be read")
            continue
        if number not in row["other_numbers"]:
            row["other_numbers"].append(number)


# Parties


def _parties_into(column: str) -> Callable[[etree._Element, Row, Notes], None]:
    def read_parties(element: etree._Element, row: Row, notes: Notes) -> None:
        for child in _elements(element):
            party = _read_party(child)
            if party["name"] and party not in row[column]:
                row[column].append(party)

    return read_parties


def _read_party(element: etree._Element) -> Row:
    parts: dict[str, str] = {}
    address: dict[str, str] = {}
    for child in _elements(element):
        name = _name(child)
        if name == "adr":
            for line in _elements(child):
                if text := text_of(line):
                    address.setdefault(_name(line), text)
        elif text := text_of(child):
            parts.setdefault(name, text)
    names = _EMPLOYER.split(parts.get("snm", ""), maxsplit=1)
    name = " ".join(filter(None, (names[0], parts.get("sfx"))))
    lines = (address.get(line) for line in ("str", "city", "state", "pcode", "ctry"))
    return {
        "name": name or parts.get("onm"),
        "organization": names[1] if len(names) > 1 else parts.get("onm") if name else None,
        "country": address.get("ctry"),
        "province": address.get("state"),
        "city": address.get("city"),
        "county": None,
        "address": ", ".join(line.strip(" ,") for line in lines if line) or None,
    }


# Texts


def _read_abstract(element: etree._Element, row: Row, notes: Notes) -> None:
    text = text_of(element)
    if text:
        row["abstracts"].append({"language": _language(element), "text": text})


def _read_claims(element: etree._Element, row: Row, notes: Notes) -> None:
    language = _language(element)
    if any(claim["language"] == language for claim in row["claims"]):
        notes.warn("claims: a second set in the same language, for other states, was left out")
        return
    flatten(element)
    row["claims"] += claims_of(_elements(element), language)


def _read_description(element: etree._Element, row: Row, notes: Notes) -> None:
    found = blocks(element, _LAYOUT)
    row["description"] += passages_of(found, _language(element))


_LAYOUT = Layout(blocks=frozenset({"p", "heading"}), sections=frozenset())


def _language(element: etree._Element) -> str | None:
    language = (element.get("lang") or "").lower()
    return language if language in _LANGUAGES else language[:2] or None


def _date_or_text(element: etree._Element) -> str:
    """The date alone where one is inside: the number of a bulletin may stand beside it."""
    date = next((child for child in element if _name(child) == "date"), element)
    return text_of(date)


def _elements(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def _name(element: etree._Element) -> str:
    return local_name(element.tag) if isinstance(element.tag, str) else ""


_LISTS = (
    *("other_numbers", "titles", "abstracts", "claims", "description", "ipc", "cpc"),
    *("applicants", "owners", "inventors", "agents", "priorities", "citations"),
)
_Part = Callable[[etree._Element, Row, Notes], Any]
_FRONT = {
    "B110": "number",
    "B130": "kind",
    "B140": "published",
    "B260": "language",
    "B450": "granted",
}
_FRONT_PARTS: dict[str, _Part] = {
    "B210": _read_application,
    "B220": _read_filing_date,
    "B510": _read_classes("ipc"),
    "B510EP": _read_classes("ipc"),
    "B520EP": _read_classes("cpc"),
    "B540": _read_titles,
    "B560": _read_references,
    "B710": _parties_into("applicants"),
    "B720": _parties_into("inventors"),
    "B730": _parties_into("owners"),
    "B740": _parties_into("agents"),
    "B860": _read_international,
    "B870": _read_international,
}
# Languages, bulletins, states and dates of procedure have no column.
_FRONT_LEFT_OUT = frozenset(
    {
        *("B120", "B190", "B240", "B250", "B251EP", "B270", "B405", "B430", "B452EP"),
        *("B470", "B472", "B480", "B565EP", "B590", "B840", "B844EP", "B848EP", "B880"),
    }
)
_PARTS: dict[str, _Part] = {
    "abstract": _read_abstract,
    "claims": _read_claims,
    "description": _read_description,
    "ep-reference-list": _read_reference_list,
}
_LEFT_OUT = frozenset({"drawings", "search-report-data"})  # pictures

SOURCE = Source(
    name="ep_full_text",
    title="EPO full text of European patents, XML (ep-patent-document)",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="ep_full_text.xml",
    fields={
        "patent": frozenset(
            (
                *("id", "publication_number", "application_number", "office", "kind_code"),
                *("patent_type", "filing_date", "publication_date", "grant_date"),
                *("priority_date", "claim_count", *_LISTS),
                *("is_event", "source", "product", "transaction_date"),
            )
        )
    },
    can_split=True,
    rank=0,
)
