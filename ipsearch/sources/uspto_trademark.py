"""USPTO's trademark case files: the daily and annual "Trademark Applications" XML, version 2.0.

A `case-file` stands alone or, thousands of them, inside `trademark-applications-daily`. Each one
replaces what was known of the mark before. Meanings of codes are those of the USPTO's element
documentation, version 2.3. A value that cannot be read is null and noted, never a reject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree

from ipsearch.classification import parse_nice
from ipsearch.errors import ClassificationError, IdentifierError, RecordError
from ipsearch.identifiers import mark_number
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.uspto_trademark_parties import current_owners, read_agents, values_of
from ipsearch.sources.uspto_trademark_status import CLASS_STATUS, STATUS
from ipsearch.sources.xml_documents import looks_like, read_documents
from ipsearch.sources.xml_text import read_date, text_of

_TAG = re.compile(rb"<(?:trademark-applications-daily|case-file)[\s>]")
_KINDS = {  # first digit of the mark drawing code; 0 is not yet assigned
    "1": "word",  # typed, until 2003
    "2": "figurative",
    "3": "combined",
    "4": "word",  # standard characters; before 2003 block letters
    "5": "word",  # words in a stylized form
    "6": "sound",  # no drawing is possible
}
_CATEGORIES = {  # the first that the header says T to
    "certification-mark-in": "certification",
    "collective-trademark-in": "collective",
    "collective-service-mark-in": "collective",
    "collective-membership-mark-in": "collective",
    "trademark-in": "trademark",
    "service-mark-in": "service",
}
_TEXTS = {  # type code of a statement -> column
    "DM": "mark_description",
    "D0": "disclaimer",
    "D1": "disclaimer",
    "TR": "translation",
    "TL": "transliteration",
}
_STATEMENTS = {  # statements that no column is for: kept as events, under these names
    "AF": "IN ANOTHER FORM",
    "A0": "AMENDMENT TO A REGISTRATION OR RENEWAL CERTIFICATE",
    "B0": "CERTIFICATE OF CORRECTION",
    "CC": "COLORS CLAIMED",
    "CD": "DESCRIPTION OF THE COLORS CLAIMED",
    "CS": "CERTIFICATION MARK STATEMENT",
    "CU": "CONCURRENT USE STATEMENT",
    "FN": "FOREIGN REGISTRATION DATA",
    "IN": "INTERFERENCE STATEMENT",
    "LI": "LINKAGE INFORMATION",
    "LS": "LINING OR STIPPLING STATEMENT",
    "N0": "NAME OR PORTRAIT, DESCRIPTION OR CONSENT",
    "NR": "NON REGISTRATION INFORMATION",
    "OR": "ORDER RESTRICTING SCOPE",
    "PM": "PSEUDO MARK",
    "TF": "SECTION 2(F) LIMITATION STATEMENT",
    "TN": "TRANSFORMATION INFORMATION",
}
_DATED = {  # dates of the header that no column is for: kept as events
    "amend-to-register-date": "AMENDED TO REGISTER",
    "abandonment-date": "ABANDONED",
    "cancellation-date": "CANCELLED",
    "republished-12c-date": "REPUBLISHED UNDER SECTION 12(C)",
    "renewal-date": "RENEWED",
}
_RENEWED_FOR_TEN = date(1989, 11, 16)  # a renewal before this day was for twenty years
_DELETED = re.compile(r"\(\(.*?\)\)|\[.*?\]", re.DOTALL)  # taken out after registration


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the case files of `input`, one record each."""
    return read_documents(input, ("case-file",), "trademark", _convert)


def _convert(root: etree._Element, notes: Notes) -> Row:
    parts: dict[str, etree._Element] = {}
    for child in root:
        if isinstance(child.tag, str):
            parts.setdefault(child.tag, child)
    notes.unmapped.update(parts.keys() - _SECTIONS)
    values = values_of(root)
    header = values_of(parts["case-file-header"]) if "case-file-header" in parts else {}
    row: Row = {
        "office": "US",
        "source": SOURCE.name,
        "product": "",
        "is_event": False,
        "application_number": _mark_number(values.get("serial-number"), notes),
        "registration_number": _mark_number(values.get("registration-number"), notes),
        "transaction_date": read_date(values.get("transaction-date"), notes, "transaction_date"),
        "vienna_codes": [],
        "legal_events": [],
        "other_numbers": [],
        "priorities": [],
    }
    row["id"] = row["application_number"] or row["registration_number"]
    if not row["id"]:
        raise RecordError(f"no number: serial-number is {values.get('serial-number')!r}")
    _read_header(header, row, notes)
    goods = _read_statements(_children(parts, "case-file-statements"), row, notes)
    row["classes"] = _classes(_children(parts, "classifications"), goods, row, notes)
    row["owners"] = current_owners(_children(parts, "case-file-owners"), notes)
    row["agents"] = read_agents(header, values_of(parts.get("correspondent")))
    row["design_codes"] = [
        {"scheme": "USPTO", "symbol": _design_code(code)}
        for search in _children(parts, "design-searches")
        if (code := values_of(search).get("code"))
    ]
    _read_other_numbers(parts, row, notes)
    _read_events(_children(parts, "case-file-event-statements"), row, notes)
    dates = [priority["date"] for priority in row["priorities"] if priority["date"]]
    row["priority_date"] = min(dates, default=None)
    return row


def _read_header(header: dict[str, str], row: Row, notes: Notes) -> None:
    for column, element in (
        ("filing_date", "filing-date"),
        ("registration_date", "registration-date"),
        ("preliminary_publication_date", "published-for-opposition-date"),
    ):
        row[column] = read_date(header.get(element), notes, column)
    row["mark_text"] = header.get("mark-identification")
    row["mark_kind"] = _mark_kind(header)
    marks = (kind for flag, kind in _CATEGORIES.items() if header.get(flag) == "T")
    row["mark_category"] = next(marks, None)
    code = header.get("status-code")
    when = read_date(header.get("status-date"), notes, "status_date")
    row["legal_status"] = STATUS.get(code or "")
    row["status_date"] = when if row["legal_status"] else None
    if code and row["legal_status"] is None:
        row["legal_events"].append(_event(when, code, "STATUS CODE", None))
        notes.warn("legal_status: unknown status code")
    for element, name in _DATED.items():
        if when := read_date(header.get(element), notes, element):
            cancelled_under = header.get("cancellation-code") if name == "CANCELLED" else None
            row["legal_events"].append(_event(when, cancelled_under, name, None))
            if element == "renewal-date" and row["legal_status"] == "registered":
                years = 20 if when < _RENEWED_FOR_TEN else 10
                row["expiry_date"] = _years_later(when, years)


def _mark_kind(header: dict[str, str]) -> str | None:
    if header.get("drawing-3d-current-in") == "T":
        return "3d"
    if header.get("standard-characters-claimed-in") == "T":
        return "word"
    return _KINDS.get(header.get("mark-drawing-code", "")[:1])


def _read_statements(
    statements: list[etree._Element], row: Row, notes: Notes
) -> dict[str, list[str]]:
    """Fill the columns of texts; give the goods and services by prime class."""
    goods: dict[str, list[str]] = {}
    texts: dict[str, list[str]] = {}
    for statement in statements:
        code = (statement.findtext("type-code") or "").strip()
        text = " ".join(filter(None, (text_of(part) for part in statement.iter("text"))))
        kind = code[:2]
        if not text:
            continue
        if kind == "GS":
            if code[5:6] != "2":  # 2: goods that were taken out
                goods.setdefault(_prime(code[2:5]), []).extend(split_goods(text))
        elif kind == "MK":  # what of the mark's words found no room in the header
            row["mark_text"] = " ".join(filter(None, (row["mark_text"], text)))
        elif kind in _TEXTS:
            texts.setdefault(_TEXTS[kind], []).append(text)
        else:
            if kind not in _STATEMENTS:
                notes.warn("case-file-statement: unknown type code")
            row["legal_events"].append(_event(None, code, _STATEMENTS.get(kind), text))
    for column, found in texts.items():
        row[column] = "\n".join(found)
    return goods


def split_goods(text: str) -> list[str]:
    """Split goods and services into items at the semicolons outside parentheses.

    Wording in brackets or double parentheses was deleted after registration and is left out; the
    asterisks around wording that was added then are taken off.

    >>> split_goods("tea; [ coffee; ] drinks (namely, juice; soda); *water*.")
    ['tea', 'drinks (namely, juice; soda)', 'water']
    """
    text = _DELETED.sub("", text).replace("*", "")
    items, depth, begin = [], 0, 0
    for match in re.finditer(r"[();]", text):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            items.append(text[begin : match.start()])
            begin = match.end()
    items.append(text[begin:])
    tidy = (" ".join(item.split()).removesuffix(".").strip(" ,") for item in items)
    return [item for item in tidy if item]


def _classes(
    classifications: list[etree._Element], goods: dict[str, list[str]], row: Row, notes: Notes
) -> list[dict[str, Any]]:
    """One entry a Nice class; one without class where the office has only a class of its own."""
    classes: list[dict[str, Any]] = []
    unclaimed = dict(goods)
    for classification in classifications:
        values = values_of(classification)
        codes = [code.text or "" for code in classification.iter("international-code")]
        prime = _prime(values.get("primary-code") or (codes[0] if codes else ""))
        unclaimed.pop(prime, None)
        status, when = row["legal_status"], row["status_date"]
        if own_status := CLASS_STATUS.get(values.get("status-code", "")):
            status = own_status
            when = read_date(values.get("status-date"), notes, "classes.status_date")
        entry = {
            "edition": None,
            "similar_groups": [],
            "goods": goods.get(prime, []),
            "status": status,
            "status_date": when,
        }
        for nice_class in [_nice(code, notes) for code in codes] or [None]:
            classes.append({"nice_class": nice_class, **entry})
    for prime, items in unclaimed.items():
        notes.warn("classes: goods of a class that is not listed")
        entry = {"edition": None, "similar_groups": [], "goods": items}
        status = {"status": row["legal_status"], "status_date": row["status_date"]}
        classes.append({"nice_class": _nice(prime, notes), **entry, **status})
    return classes


def _prime(code: str) -> str:
    """A prime class without what fills it up to three places: `009` and `  A`."""
    return code.strip().lstrip("0")


def _nice(code: str, notes: Notes) -> int | None:
    if code.strip() in ("A", "B", "200"):  # certification and membership marks have none
        return None
    try:
        return parse_nice(code)
    except ClassificationError:
        notes.warn("classes: not a Nice class")
        return None


def _read_other_numbers(parts: dict[str, etree._Element], row: Row, notes: Notes) -> None:
    """Prior, foreign and international registrations; a foreign priority claim is a priority."""
    numbers: list[str | None] = []
    for prior in _children(parts, "prior-registration-applications"):
        values = values_of(prior)
        if values.get("relationship-type") != "3":  # 3: no mark but a control number
            numbers.append(_mark_number(values.get("number"), notes))
    for foreign in _children(parts, "foreign-applications"):
        values = values_of(foreign)
        office = values.get("country") or values.get("other") or ""
        filed = _mark_number(values.get("application-number"), notes, office)
        names = ("registration-number", "renewal-number")
        numbers += [filed, *(_mark_number(values.get(name), notes, office) for name in names)]
        if values.get("foreign-priority-claim-in") == "T":
            when = read_date(values.get("filing-date"), notes, "priorities")
            number = filed or values.get("application-number")
            row["priorities"].append({"office": office or None, "number": number, "date": when})
    international = values_of(parts.get("international-registration"))
    numbers.append(
        _mark_number(international.get("international-registration-number"), notes, "WO")
    )
    row["international_registration_date"] = read_date(
        international.get("international-registration-date"),
        notes,
        "international_registration_date",
    )
    if when := read_date(international.get("priority-claimed-date"), notes, "priorities"):
        row["priorities"].append({"office": None, "number": None, "date": when})
    for record in _children(parts, "madrid-international-filing-requests"):
        number = values_of(record).get("international-registration-number")
        numbers.append(_mark_number(number, notes, "WO"))
    row["other_numbers"] = list(dict.fromkeys(number for number in numbers if number))


def _read_events(statements: list[etree._Element], row: Row, notes: Notes) -> None:
    for statement in statements:
        values = values_of(statement)
        when = read_date(values.get("date"), notes, "legal_events")
        row["legal_events"].append(
            _event(when, values.get("code"), values.get("description-text"), None)
        )


def _event(
    when: date | None, code: str | None, name: str | None, text: str | None
) -> dict[str, Any]:
    return {"date": when, "code": code, "name": name, "text": text}


def _design_code(code: str) -> str:
    """`030108` is printed `03.01.08`."""
    return f"{code[:2]}.{code[2:4]}.{code[4:]}" if re.fullmatch("[0-9]{6}", code) else code


def _mark_number(text: str | None, notes: Notes, office: str = "US") -> str | None:
    """The canonical number; None for zeros, which stand for no number."""
    if not text or not text.strip("0"):
        return None
    try:
        return mark_number(text, office)
    except IdentifierError:
        notes.warn("a number of a mark that cannot be read")
        return None


def _years_later(day: date, years: int) -> date | None:
    if day.year + years > date.max.year:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)


def _children(parts: dict[str, etree._Element], name: str) -> list[etree._Element]:
    element = parts.get(name)
    return [] if element is None else [child for child in element if len(child)]


_SECTIONS = frozenset(
    (
        *("serial-number", "registration-number", "transaction-date", "case-file-header"),
        *("case-file-statements", "case-file-event-statements", "classifications"),
        *("prior-registration-applications", "foreign-applications", "correspondent"),
        *("case-file-owners", "design-searches", "international-registration"),
        "madrid-international-filing-requests",
    )
)

SOURCE = Source(
    name="uspto_trademark",
    title="USPTO trademark case files, daily and annual XML 2.0",
    kinds=("trademark",),
    recognises=lambda head, name: looks_like(head, _TAG),
    read=read,
    sample="uspto_trademarks.xml",
    fields={
        "trademark": frozenset(
            (
                *("id", "application_number", "registration_number", "other_numbers", "office"),
                *("mark_text", "transliteration", "translation", "mark_kind", "mark_category"),
                *("mark_description", "disclaimer", "vienna_codes", "design_codes", "owners"),
                *("agents", "filing_date", "priority_date", "preliminary_publication_date"),
                *("registration_date", "expiry_date", "international_registration_date"),
                *("classes", "priorities", "legal_status", "status_date", "legal_events"),
                *("is_event", "source", "product", "transaction_date"),
            )
        )
    },
    can_split=True,
    rank=0,
)
