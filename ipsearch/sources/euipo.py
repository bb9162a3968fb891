"""EUIPO's trade mark and design search: JSON answers, or their entries one by one.

An answer is an object with a page of entries under `trademarks` or `designs`. The number of a
European mark is the same before and after registration. What the office calls a figurative mark
may have words in it: then it is `combined` here. Designs are patent records of the type `design`,
without kind code, `granted` while they are registered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ipsearch.classification import parse_locarno, parse_nice, parse_vienna
from ipsearch.errors import ClassificationError, IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber, mark_number
from ipsearch.records import Kind, Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.json_objects import is_json
from ipsearch.sources.json_values import date_at, dict_at, dicts_at, text_at, texts_at
from ipsearch.sources.json_whole import read_any_json

STATUS: dict[str, str] = {
    "RECEIVED": "pending",
    "UNDER_EXAMINATION": "pending",
    "APPLICATION_PUBLISHED": "pending",
    "START_OF_OPPOSITION_PERIOD": "pending",
    "REGISTRATION_PENDING": "pending",
    "ACCEPTANCE_PENDING": "pending",
    "APPEALABLE": "pending",
    "APPEALED": "pending",
    "OPPOSITION_PENDING": "opposed",
    "REGISTERED": "registered",
    "ACCEPTED": "registered",  # an international registration that designates the EU
    "CANCELLATION_PENDING": "registered",
    "REGISTERED_AND_FULLY_PUBLISHED": "registered",
    "REGISTERED_AND_SUBJECT_TO_DEFERMENT": "registered",
    "INVALIDITY_PROCEDURE_PENDING": "registered",
    "EXPIRED": "expired",
    "SURRENDERED": "lapsed",
    "DESIGN_SURRENDERED": "lapsed",
    "DESIGN_LAPSED": "lapsed",
    "LACK_OF_EFFECTS": "lapsed",
    "REMOVED_FROM_REGISTER": "lapsed",
    "WITHDRAWN": "withdrawn",
    "REFUSED": "refused",
    "CANCELLED": "revoked",
    "DECLARED_INVALID": "revoked",
}
_KINDS = {
    "WORD": "word",
    "FIGURATIVE": "figurative",
    "SHAPE_3D": "3d",
    "THREE_D": "3d",
    "COLOUR": "colour",
    "SOUND": "sound",
    "HOLOGRAM": "other",
    "MOTION": "other",
    "MULTIMEDIA": "other",
    "OLFACTORY": "other",
    "PATTERN": "other",
    "POSITION": "other",
    "OTHER": "other",
}
_CATEGORIES = {
    "INDIVIDUAL": "trademark",
    "COLLECTIVE": "collective",
    "EU_COLLECTIVE": "collective",
    "CERTIFICATION": "certification",
    "EU_CERTIFICATION": "certification",
}
_PUBLISHED_FOR_OPPOSITION = ("A.1", "M.1")  # sections of the bulletin
_ANSWER = re.compile(rb'"(?:trademarks|designs)"\s*:\s*\[')
_ENTRY = re.compile(rb'"(?:markFeature|markBasis|designNumber)"\s*:\s*"')
_LANGUAGES = ("zh", "en")  # of those that goods are given in; else the first


def recognises(head: bytes, name: str) -> bool:
    """JSON answers of the search, empty ones too, or their entries."""
    if not is_json(head):
        return False
    if _ANSWER.search(head) and (b'"totalElements"' in head or _ENTRY.search(head)):
        return True
    return _ENTRY.search(head) is not None and b'"applicationNumber"' in head


def read(input: Input) -> Iterator[Record | Reject]:
    """Read all marks and designs of `input`, one record each."""
    for found in read_any_json(input):
        if isinstance(found, Reject):
            yield found
            continue
        position, answer = found
        lists = {key: answer[key] for key in _READERS if isinstance(answer.get(key), list)}
        if not lists:
            key = "designs" if "designNumber" in answer else "trademarks"
            yield _convert(key, answer, position, input.notes)
            continue
        input.notes.unmapped.update(answer.keys() - _READERS.keys() - _PAGING)
        for key, entries in lists.items():
            for number, entry in enumerate(entries, start=1):
                yield _convert(key, entry, f"{position}, {key} {number}", input.notes)


def _convert(key: str, entry: Any, position: str, notes: Notes) -> Record | Reject:
    kind, reader, known = _READERS[key]
    if not isinstance(entry, dict):
        return Reject(position, f"not an object: {type(entry).__name__}")
    notes.unmapped.update(entry.keys() - known)
    try:
        return Record(kind, reader(entry, notes), position)
    except RecordError as error:
        return Reject(position, str(error))


def _read_mark(entry: dict[str, Any], notes: Notes) -> Row:
    number = _number(lambda: mark_number(text_at(entry, "applicationNumber"), "EM"), entry)
    word = text_at(entry, "wordMarkSpecification", "verbalElement") or None
    registered = date_at(entry, notes, "registrationDate")
    is_international = number.startswith("EMW")
    row: Row = {
        "id": number,
        "office": "EM",
        "source": SOURCE.name,
        "product": "",
        "is_event": False,
        "application_number": number,
        "registration_number": number if registered else None,
        "other_numbers": [mark_number(number[3:], "WO")] if is_international else [],
        "mark_text": word,
        "mark_kind": _look_up(_KINDS, entry, "markFeature", notes),
        "mark_category": _look_up(_CATEGORIES, entry, "markKind", notes),
        "vienna_codes": _codes(entry, notes),
        "owners": _parties(entry, "applicants", "owners", notes),
        "agents": _parties(entry, "representatives", "agents", notes),
        # an international registration is filed here on the day that it designates the EU
        "filing_date": date_at(
            entry, notes, "designationDate" if is_international else "applicationDate"
        ),
        "registration_date": registered,
        "expiry_date": date_at(entry, notes, "expiryDate"),
        "legal_events": _publications(entry, notes),
        "priorities": _priorities(entry, notes),
    }
    if row["mark_kind"] == "figurative" and word:
        row["mark_kind"] = "combined"
    _set_status(row, entry, notes)
    opposed = [
        event["date"]
        for event in row["legal_events"]
        if event["date"] and (event["code"] or "").startswith(_PUBLISHED_FOR_OPPOSITION)
    ]
    row["preliminary_publication_date"] = min(opposed, default=None)
    row["priority_date"] = min((p["date"] for p in row["priorities"] if p["date"]), default=None)
    row["classes"] = _classes(entry, row["legal_status"], notes)
    return row


def _read_design(entry: dict[str, Any], notes: Notes) -> Row:
    text = text_at(entry, "designNumber")
    number = _number(lambda: str(PublicationNumber.parse(text, "EM")), entry) if text else None
    applied = text_at(entry, "applicationNumber")
    application = (
        _number(lambda: str(ApplicationNumber.parse(applied, "EM")), entry) if applied else None
    )
    if not number and not application:
        raise RecordError("no designNumber and no applicationNumber")
    locarno = []
    for text in texts_at(entry, "locarnoClasses"):
        try:
            locarno.append(parse_locarno(text))
        except ClassificationError:
            notes.warn("locarno: not a class symbol")
    row: Row = {
        "id": number or application,
        "office": "EM",
        "source": SOURCE.name,
        "product": "",
        "is_event": False,
        "patent_type": "design",
        "publication_number": number,
        "application_number": application,
        "locarno": list(dict.fromkeys(locarno)),
        "titles": _titles(entry),
        "applicants": _parties(entry, "applicants", "applicants", notes),
        "inventors": _parties(entry, "designers", "inventors", notes),
        "agents": _parties(entry, "representatives", "agents", notes),
        "filing_date": date_at(entry, notes, "applicationDate"),
        "publication_date": date_at(entry, notes, "publicationDate"),
        "grant_date": date_at(entry, notes, "registrationDate"),
        "expiry_date": date_at(entry, notes, "expiryDate"),
        "legal_events": _publications(entry, notes),
        "priorities": _priorities(entry, notes),
    }
    _set_status(row, entry, notes)
    if row["legal_status"] == "registered":
        row["legal_status"] = "granted"
    published = [event["date"] for event in row["legal_events"] if event["date"]]
    row["publication_date"] = row["publication_date"] or min(published, default=None)
    row["priority_date"] = min((p["date"] for p in row["priorities"] if p["date"]), default=None)
    return row


def _number(parse: Callable[[], str], entry: dict[str, Any]) -> str:
    try:
        return parse()
    except IdentifierError as error:
        raise RecordError(str(error)) from None


def _look_up(words: dict[str, str], entry: dict[str, Any], key: str, notes: Notes) -> str | None:
    word = text_at(entry, key)
    if word and word not in words:
        notes.warn(f"{key}: unknown word {word[:40]!r}")
    return words.get(word)


def _set_status(row: Row, entry: dict[str, Any], notes: Notes) -> None:
    word = text_at(entry, "status")
    when = date_at(entry, notes, "statusDate")
    row["legal_status"] = _look_up(STATUS, entry, "status", notes)
    row["status_date"] = when if row["legal_status"] else None
    if word and row["legal_status"] is None:
        event = {"date": when, "code": word, "name": "STATUS", "text": None}
        row["legal_events"].append(event)


def _parties(
    entry: dict[str, Any], key: str, column: str, notes: Notes
) -> list[dict[str, str | None]]:
    parties: list[dict[str, str | None]] = []
    for party in dicts_at(entry, key):
        name = " ".join(text_at(party, "name").split())
        if not name:
            notes.warn(f"{column}: a number of the office's own instead of a name")
            continue
        address = dict_at(party, "address")  # which search answers do not give
        country = text_at(party, "country") or text_at(address, "country")
        lines = [text_at(address, part) for part in ("street", "city", "postalCode") if address]
        found = {
            "name": name,
            "organization": None,
            "country": country if re.fullmatch("[A-Z]{2}", country) else None,
            "province": None,
            "city": text_at(address, "city") or None,
            "county": None,
            "address": ", ".join(filter(None, lines)) or None,
        }
        if found not in parties:
            parties.append(found)
    return parties


def _publications(entry: dict[str, Any], notes: Notes) -> list[dict[str, Any]]:
    return [
        {
            "date": date_at(publication, notes, "publicationDate"),
            "code": text_at(publication, "publicationSection") or None,
            "name": "PUBLICATION",
            "text": text_at(publication, "bulletinNumber") or None,
        }
        for publication in dicts_at(entry, "publications")
    ]


def _priorities(entry: dict[str, Any], notes: Notes) -> list[dict[str, Any]]:
    return [
        {
            "office": text_at(claim, "country") or text_at(claim, "office") or None,
            "number": text_at(claim, "number") or text_at(claim, "priorityNumber") or None,
            "date": date_at(claim, notes, "date") or date_at(claim, notes, "priorityDate"),
        }
        for claim in dicts_at(entry, "priorities")
    ]


def _codes(entry: dict[str, Any], notes: Notes) -> list[str]:
    codes: list[str] = []
    for text in texts_at(entry, "viennaClasses") or texts_at(entry, "viennaCodes"):
        try:
            codes.append(parse_vienna(text))
        except ClassificationError:
            notes.warn("vienna_codes: not a Vienna code")
    return list(dict.fromkeys(codes))


def _classes(entry: dict[str, Any], status: str | None, notes: Notes) -> list[dict[str, Any]]:
    """The Nice classes, with the goods where the answer gives them (a whole record does)."""
    goods: dict[str, list[str]] = {}
    numbers = entry.get("niceClasses")
    for item in numbers if isinstance(numbers, list) else []:
        if isinstance(item, int | str):
            goods.setdefault(str(item), [])
    for item in dicts_at(entry, "goodsAndServices"):
        texts = {text_at(part, "language"): part for part in dicts_at(item, "description")}
        best = next((code for code in _LANGUAGES if code in texts), next(iter(texts), ""))
        terms = texts_at(texts.get(best, {}), "terms") or texts_at(item, "terms")
        goods.setdefault(text_at(item, "classNumber"), []).extend(terms)
    classes = []
    for number, terms in goods.items():
        try:
            nice_class = parse_nice(number)
        except ClassificationError:
            notes.warn("classes: not a Nice class")
            if not terms:
                continue
            nice_class = None
        entry_ = {"nice_class": nice_class, "edition": None, "similar_groups": [], "goods": terms}
        classes.append({**entry_, "status": status, "status_date": None})
    return classes


def _titles(entry: dict[str, Any]) -> list[dict[str, str | None]]:
    return [
        {"language": text_at(part, "language") or None, "text": text}
        for part in dicts_at(entry, "productIndications")
        for text in texts_at(part, "terms") or texts_at(part, "text")
    ]


_PAGING = frozenset(("totalElements", "totalPages", "size", "page"))
_SHARED = frozenset(
    (
        *("applicationNumber", "applicationDate", "registrationDate", "expiryDate", "status"),
        *("statusDate", "applicants", "representatives", "publications", "priorities"),
        "applicantReference",  # the applicant's own file: of no use to others
    )
)
_OF_MARKS = frozenset(
    (
        *("designationDate", "markBasis", "markFeature", "markKind", "niceClasses"),
        *("goodsAndServices", "wordMarkSpecification", "viennaClasses", "viennaCodes"),
    )
)
_OF_DESIGNS = frozenset(
    ("designNumber", "locarnoClasses", "designers", "publicationDate", "productIndications")
)
_READERS: dict[str, tuple[Kind, Callable[[dict[str, Any], Notes], Row], frozenset[str]]] = {
    "trademarks": ("trademark", _read_mark, _SHARED | _OF_MARKS),
    "designs": ("patent", _read_design, _SHARED | _OF_DESIGNS),
}

SOURCE = Source(
    name="euipo",
    title="EUIPO trade marks and designs, JSON of the search service",
    kinds=("trademark", "patent"),
    recognises=recognises,
    read=read,
    sample="euipo.json",
    fields={
        "trademark": frozenset(
            (
                *("id", "application_number", "registration_number", "other_numbers", "office"),
                *("mark_text", "mark_kind", "mark_category", "vienna_codes", "owners", "agents"),
                *("filing_date", "priority_date", "preliminary_publication_date"),
                *("registration_date", "expiry_date", "classes", "priorities", "legal_status"),
                *("status_date", "legal_events", "is_event", "source", "product"),
            )
        ),
        "patent": frozenset(
            (
                *("id", "publication_number", "application_number", "office", "patent_type"),
                *("filing_date", "publication_date", "grant_date", "priority_date", "expiry_date"),
                *("titles", "locarno", "applicants", "inventors", "agents", "priorities"),
                *("legal_status", "status_date", "legal_events", "is_event", "source", "product"),
            )
        ),
    },
    rank=0,
)
