"""One `exchange-document` of DOCDB -> the row of its publication.

The same reader serves the bulk files (a `data-format` on each reference and party) and the
answers of the Open Patent Services (a `document-id-type` on each number). A row has only the
columns that the element speaks of: an answer may hold no more than an abstract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree

from ipsearch.errors import RecordError
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.docdb_elements import (
    DUMMY_KINDS,
    child_of,
    elements_of,
    ids_of,
    name_of,
    office_of,
    read_application,
    read_parties,
    read_publication,
    sequence_of,
    values_of,
)
from ipsearch.sources.noted import add_symbol
from ipsearch.sources.xml_text import local_name, read_date, text_of

_Id = tuple[str, dict[str, str]]  # a format, and a number in its parts
_LISTS = (  # of a document with its bibliographic data: empty means none
    *("titles", "abstracts", "ipc", "cpc", "other_classes"),
    *("applicants", "inventors", "priorities", "citations"),
)
_SCHEMES = {"UC": "USPC", "FTERM": "F-term", "FI": "FI"}
_CITED_BY = {  # by phase, where nothing says by whom
    **dict.fromkeys(("SEA", "EXA", "ISR", "SUP", "CH2", "PRS"), "examiner"),
    **dict.fromkeys(("national-search-report", "international-search-report"), "examiner"),
    **dict.fromkeys(("supplementary-search-report", "examination", "search"), "examiner"),
    **dict.fromkeys(("APP", "applicant", "description"), "applicant"),
    **dict.fromkeys(("OPP", "opposition"), "opponent"),
    **dict.fromkeys(("115", "TPO", "third-party-observation"), "third party"),
}
_TYPES_BY_APPLICATION = {
    **dict.fromkeys("ATW", "invention"),
    "U": "utility_model",
    "F": "design",
}
_TYPES_BY_KIND = {
    **dict.fromkeys("ABC", "invention"),
    **dict.fromkeys("UY", "utility_model"),
    "S": "design",
}
_GRANTS_OF_US = frozenset({"A", "B1", "B2", "E", "E1", "S", "S1", "P", "P2", "P3"})


def convert(element: etree._Element, notes: Notes, source: str) -> Row:
    """Make the row of one `exchange-document`."""
    row: Row = {
        "source": source,
        "product": "",
        "is_event": False,
        "family_id": (element.get("family-id") or "").strip() or None,
    }
    parts = {
        "country": (element.get("country") or "").strip(),
        "doc-number": (element.get("doc-number") or "").strip(),
        "kind": (element.get("kind") or "").strip(),
        "date": (element.get("date-publ") or "").strip(),
    }
    for child in elements_of(element):
        name = local_name(child.tag)
        if name == "bibliographic-data":
            _read_bibliography(child, row, parts, notes)
        elif name == "abstract":
            add_text(child, row.setdefault("abstracts", []))
        elif name == "patent-family":  # other documents; the family is known by its number
            if child_of(child, "abstract") is not None:
                notes.unmapped.add("patent-family/abstract")
        else:
            notes.unmapped.add(name)
    exchanged = element.get("date-of-last-exchange") or element.get("date-produced")
    row["transaction_date"] = read_date(exchanged, notes, "transaction_date")
    return _complete(row, parts, notes)


def is_deleted(element: etree._Element) -> bool:
    """Whether the office takes this `exchange-document` back."""
    return element.get("status", "").strip().upper() in ("D", "DV")


def convert_member(element: etree._Element, notes: Notes, source: str) -> Row:
    """Make the row of one `family-member` that has numbers, dates and priorities alone."""
    row: Row = {
        "source": source,
        "product": "family",
        "is_event": False,
        "family_id": (element.get("family-id") or "").strip() or None,
    }
    parts: dict[str, str] = {}
    for child in elements_of(element):
        name = local_name(child.tag)
        if name == "publication-reference":
            _read_publication(child, row, parts, notes)
        elif name == "application-reference":
            _read_application(child, row, parts, notes)
        elif name == "priority-claim":
            _add_priority(ids_of(child), row.setdefault("priorities", []), notes)
        elif name not in ("exchange-document", "legal"):
            notes.unmapped.add(name)
    row["transaction_date"] = None
    return _complete(row, parts, notes, is_whole=False)


def _complete(row: Row, parts: dict[str, str], notes: Notes, *, is_whole: bool = True) -> Row:
    row["publication_number"] = read_publication(parts, notes)
    office = parts.get("country") or office_of(row.get("application_number"))
    row["id"] = row["publication_number"] or row.get("application_number")
    if not row["id"] or not office:
        raise RecordError("no number: neither of a publication nor of an application")
    row["office"] = office
    kind = row["kind_code"] = parts.get("kind") or None
    row["publication_date"] = read_date(parts.get("date"), notes, "publication_date")
    if kind and is_grant(office, kind):
        row.setdefault("grant_date", row["publication_date"])
    row["patent_type"] = _patent_type(office, kind or "", parts.get("application-kind", ""))
    if "application_number" in row and is_whole:
        for column in _LISTS:
            row.setdefault(column, [])
    elif is_whole:
        row["product"] = "abstract" if "titles" not in row else "part"
    if "priorities" in row:
        dates = [claim["date"] for claim in row["priorities"] if claim["date"]]
        row["priority_date"] = min(dates, default=None)
    language = parts.get("language")
    if language and "titles" in row:
        row["titles"].sort(key=lambda text: text["language"] != language)
    return row


def is_grant(office: str, kind: str) -> bool:
    """Whether a document of this kind is published with the grant of the right (ST.16)."""
    if office == "US":
        return kind in _GRANTS_OF_US
    if office == "CN":
        return kind[0] in "BCUYSD"
    if office == "DE" and kind in ("B", "B1", "B2"):  # Auslegeschriften; B3 and B4 are grants
        return False
    return kind[0] in "BC"


def _patent_type(office: str, kind: str, application_kind: str) -> str | None:
    if office == "US" and kind[:1] == "P":
        return "plant"
    if office == "US" and kind[:1] == "E":
        return "invention"
    found = _TYPES_BY_APPLICATION.get(application_kind)
    if found and found != "invention":
        return found
    return _TYPES_BY_KIND.get(kind[:1], found)


# Bibliographic data


def _read_bibliography(
    element: etree._Element, row: Row, parts: dict[str, str], notes: Notes
) -> None:
    for child in elements_of(element):
        name = local_name(child.tag)
        if name in _REFERENCES:
            _REFERENCES[name](child, row, parts, notes)
        elif name in _PARTS:
            _PARTS[name](child, row, notes)
        elif name == "parties":
            _read_all_parties(child, row, notes)
        elif name == "language-of-publication":
            parts["language"] = (child.text or "").strip().lower()[:2]
        elif name not in _LEFT_OUT:
            notes.unmapped.add(name)


def _read_publication(
    element: etree._Element, row: Row, parts: dict[str, str], notes: Notes
) -> None:
    for format_, values in ids_of(element):
        if format_ == "docdb":
            for key, value in values.items():
                if not parts.get(key):
                    parts[key] = value
        elif format_ == "epodoc" and not parts.get("date"):
            parts["date"] = values.get("date", "")


def _read_application(
    element: etree._Element, row: Row, parts: dict[str, str], notes: Notes
) -> None:
    """The number in DOCDB's format before that of epodoc; the date from where it is."""
    row.setdefault("application_number", None)
    for format_, values in sorted(ids_of(element), key=lambda pair: pair[0] != "docdb"):
        if format_ == "docdb":
            parts["application-kind"] = values.get("kind", "")
        if row["application_number"] is None and format_ != "original":
            is_dummy = parts.get("application-kind") in DUMMY_KINDS
            if format_ == "docdb" or not is_dummy:
                row["application_number"] = read_application(format_, values, notes)
        if row.get("filing_date") is None:
            row["filing_date"] = read_date(values.get("date"), notes, "filing_date")


def _read_all_parties(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        name = local_name(child.tag)
        if name in _PARTIES:
            row[_PARTIES[name]] = read_parties(child, name.removesuffix("s"))
        else:
            notes.unmapped.add(name)


def _read_title(element: etree._Element, row: Row, notes: Notes) -> None:
    add_text(element, row.setdefault("titles", []))


def add_text(element: etree._Element, texts: list[dict[str, Any]]) -> None:
    """Add a text and its language, unless it is there already but for capitals."""
    language = (element.get("lang") or "").lower()[:2]
    known = language if language.isalpha() and language != "ol" else None  # other language
    text = text_of(element)
    held = [other for other in texts if other["language"] == known]
    if text and all(other["text"].casefold() != text.casefold() for other in held):
        texts.append({"language": known, "text": text})


def _read_priorities(element: etree._Element, row: Row, notes: Notes) -> None:
    """Priorities in DOCDB's format, else in epodoc's: each format lists all of them again."""
    claims = [child for child in element if name_of(child) == "priority-claim"]
    numbers = [list(ids_of(claim)) for claim in sorted(claims, key=sequence_of)]
    formats = {format_ for ids in numbers for format_, _ in ids}
    chosen = next((name for name in ("docdb", "epodoc") if name in formats), "original")
    priorities = row.setdefault("priorities", [])
    for ids in numbers:
        if any(format_ == chosen for format_, _ in ids):
            _add_priority(ids, priorities, notes)


def _add_priority(ids: Iterable[_Id], priorities: list[Row], notes: Notes) -> None:
    """Add one priority, by the number that says most."""
    for format_, values in sorted(ids, key=lambda pair: _FORMATS.get(pair[0], 9)):
        number = read_application(format_, values, notes) or values.get("doc-number")
        office = values.get("country") or (office_of(number) if format_ != "original" else None)
        date = read_date(values.get("date"), notes, "priorities")
        priority = {"office": office, "number": number, "date": date}
        if number and priority not in priorities:
            priorities.append(priority)
        return


_FORMATS = {"docdb": 0, "epodoc": 1}


def _read_ipcr(element: etree._Element, row: Row, notes: Notes) -> None:
    classes = [child for child in element if name_of(child) == "classification-ipcr"]
    for child in sorted(classes, key=sequence_of):
        values = values_of(child)
        add_symbol(row.setdefault("ipc", []), values.get("text") or _symbol(values), notes, "ipc")


def _read_ipc(element: etree._Element, row: Row, notes: Notes) -> None:
    """Editions before the eighth: a main class and further ones."""
    for child in elements_of(element):
        if name_of(child) not in ("edition", "main-linked-indexing-code"):
            add_symbol(row.setdefault("ipc", []), child.text or "", notes, "ipc")


def _read_patent_classes(element: etree._Element, row: Row, notes: Notes) -> None:
    """CPC by its schemes CPCI, CPCA, CPC, CPCNO; every other scheme keeps its name."""
    found: list[tuple[bool, str]] = []
    for child in element.iter():
        if name_of(child) != "patent-classification":
            continue
        scheme_of = child_of(child, "classification-scheme")
        scheme = "" if scheme_of is None else scheme_of.get("scheme", "").strip()
        values = values_of(child)
        symbol = values.get("classification-symbol") or _symbol(values)
        if scheme.startswith("CPC"):
            found.append((scheme == "CPCA" or values.get("classification-value") == "A", symbol))
            continue
        other = {"scheme": _SCHEMES.get(scheme, scheme) or None, "symbol": " ".join(symbol.split())}
        classes = row.setdefault("other_classes", [])
        if other["symbol"] and other not in classes:
            classes.append(other)
    for _, symbol in sorted(found, key=lambda pair: pair[0]):  # inventive ones first
        add_symbol(row.setdefault("cpc", []), symbol, notes, "cpc")


def _read_national_classes(element: etree._Element, row: Row, notes: Notes) -> None:
    classes = row.setdefault("other_classes", [])
    for child in elements_of(element):
        symbol = text_of(child)
        if symbol and name_of(child) not in ("country", "edition"):
            classes.append({"scheme": "national", "symbol": symbol})


def _symbol(values: dict[str, str]) -> str:
    symbol = "".join(values.get(name, "") for name in ("section", "class", "subclass"))
    if values.get("main-group"):
        symbol += f"{values['main-group']}/{values.get('subgroup') or '00'}"
    return symbol


def _read_citations(element: etree._Element, row: Row, notes: Notes) -> None:
    citations = row.setdefault("citations", [])
    for child in elements_of(element):
        citation = _citation(child, notes)
        if citation["publication_number"] or citation["text"]:
            citations.append(citation)


def _citation(element: etree._Element, notes: Notes) -> Row:
    number, text = None, None
    categories: list[str] = []
    for child in elements_of(element):
        name = local_name(child.tag)
        if name == "patcit":
            number, text = _cited_number(child, notes)
        elif name == "nplcit":
            text = text_of(child) or None
        elif name == "category":
            categories += (child.text or "").split()
    if name_of(element) != "citation":  # the list as one text
        text = text_of(element) or None
    who = (element.get("cited-by") or "").strip().lower()
    phase = element.get("cited-phase") or element.get("srep-phase") or ""
    return {
        "publication_number": number,
        "text": None if number else text,
        "category": "".join(_letters(categories)) or None,
        "cited_by": who or _CITED_BY.get(phase.strip()),
    }


def _letters(categories: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys("".join(categories).replace(",", ""))


def _cited_number(element: etree._Element, notes: Notes) -> tuple[str | None, str | None]:
    """The number, or where a cited application has none of a publication, its text."""
    found = dict(ids_of(element))
    if not found:
        return None, element.get("dnum") or text_of(element) or None
    values = found.get("docdb") or found.get("epodoc") or next(iter(found.values()))
    if "application" in (element.get("dnum-type") or "").lower():
        printed = f"{values.get('country', '')}{values.get('doc-number', '')}"
        return None, read_application("epodoc", {"doc-number": printed}, notes) or printed or None
    return read_publication(values, notes), None


def _read_dates(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in elements_of(element):
        if local_name(child.tag) not in ("printed-with-grant", "not-printed-with-grant"):
            continue
        date = next((part.text for part in child.iter() if name_of(part) == "date"), None)
        granted = read_date(date, notes, "grant_date")
        if granted:
            row["grant_date"] = granted


_PARTIES = {"applicants": "applicants", "inventors": "inventors", "agents": "agents"}
_References = Callable[[etree._Element, Row, dict[str, str], Notes], None]
_REFERENCES: dict[str, _References] = {
    "publication-reference": _read_publication,
    "application-reference": _read_application,
}
_Part = Callable[[etree._Element, Row, Notes], None]
_PARTS: dict[str, _Part] = {
    "invention-title": _read_title,
    "classifications-ipcr": _read_ipcr,
    "classification-ipc": _read_ipc,
    "classification-national": _read_national_classes,
    "patent-classifications": _read_patent_classes,
    "priority-claims": _read_priorities,
    "references-cited": _read_citations,
    "dates-of-public-availability": _read_dates,
}
# Designated states and dates of other publications have no column.
_LEFT_OUT = frozenset(
    {
        *("designation-of-states", "language-of-filing", "preceding-publication-date"),
        *("extended-kind-code", "st50-republication", "previously-filed-app"),
    }
)
