"""Patents of Lens.org: JSON Lines, a JSON array, or answers of its service.

The fields are those of the service's documented patent response; the bulk files have the same.
Older answers have no number for a family, only its members: all of them name the same smallest Lens
ID, which then stands for the family. Who cites the document, sequence listings and how the legal
status was computed are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ipsearch.classification import parse_symbol
from ipsearch.errors import ClassificationError, IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.json_objects import is_json, to_records
from ipsearch.sources.json_values import (
    date_at,
    dict_at,
    dicts_at,
    note_wrong_types,
    text_at,
    texts_at,
)
from ipsearch.sources.json_whole import read_any_json
from ipsearch.sources.passages import guess_language, split_claims, split_paragraphs

_LENS_KEY = re.compile(rb'"lens_id"\s*:')
_PATENT_KEY = re.compile(
    rb'"(?:jurisdiction|doc_number|doc_key|docdb_id|biblio|publication_reference)"\s*:'
)
_PREAMBLE = re.compile(r"^[^.;:]{0,80}:\s*(?=1\s*[.．、])")  # What is claimed is: 1. A battery
_LANGUAGES = {"cn": "zh", "jp": "ja", "kr": "ko", "tw": "zh"}  # countries, where meant as languages

_TYPES = {
    "DESIGN_RIGHT": "design",
    "PLANT_PATENT": "plant",
    "LIMITED_PATENT": "utility_model",
    "GRANTED_PATENT": "invention",
    "PATENT_APPLICATION": "invention",
    "AMENDED_PATENT": "invention",
    "PATENT_OF_ADDITION": "invention",
    "AMENDED_APPLICATION": "invention",
    "SEARCH_REPORT": "invention",
    "STATUTORY_INVENTION_REGISTRATION": "other",
    "SPC": "other",
}
_TYPE_OF_CHINESE_KIND = {"U": "utility_model", "Y": "utility_model", "S": "design", "D": "design"}
_STATUSES = {
    "ACTIVE": "granted",
    "PATENTED": "granted",
    "PENDING": "pending",
    "DISCONTINUED": "withdrawn",  # withdrawn, refused or given up before a grant
    "INACTIVE": "lapsed",
    "EXPIRED": "expired",
}
_CITED_BY = {
    **dict.fromkeys(("SEA", "ISR", "SUP", "PRS", "EXA", "CH2"), "examiner"),
    **dict.fromkeys(("APP", "APL"), "applicant"),
    **dict.fromkeys(("OPP", "FOP"), "opponent"),
    "TPO": "third party",
}
_KNOWN: dict[str, type | tuple[type, ...]] = {
    "lens_id": str,
    "jurisdiction": str,
    "doc_number": (str, int),
    "kind": str,
    "date_published": str,
    "doc_key": str,
    "docdb_id": (str, int),
    "publication_type": str,
    "lang": str,
    "biblio": dict,
    "families": dict,
    "abstract": list,
    "claims": list,
    "description": dict,
    "legal_status": dict,
    "sequence_listing": dict,
    "alias_lens_ids": list,
}
_KNOWN_BIBLIO: dict[str, type | tuple[type, ...]] = {
    "publication_reference": dict,
    "application_reference": dict,
    "application_number": str,
    "priority_claims": dict,
    "invention_title": list,
    "parties": dict,
    "classifications_cpc": dict,
    "classifications_ipcr": dict,
    "classifications_national": dict,
    "references_cited": dict,
    "cited_by": dict,
}


def recognises(head: bytes, name: str) -> bool:
    """JSON objects with a Lens ID and keys of a patent: scholarly works have Lens IDs too."""
    return (
        is_json(head)
        and _LENS_KEY.search(head) is not None
        and _PATENT_KEY.search(head) is not None
    )


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the patents of `input`, one record each."""
    yield from to_records(read_any_json(input, "data"), lambda found: _convert(found, input.notes))


def _convert(found: dict[str, Any], notes: Notes) -> Row:
    notes.unmapped.update(map(str, found.keys() - _KNOWN.keys()))
    note_wrong_types(found, _KNOWN, notes)
    biblio = dict_at(found, "biblio")
    notes.unmapped.update(f"biblio.{key}" for key in biblio.keys() - _KNOWN_BIBLIO.keys())
    note_wrong_types(biblio, _KNOWN_BIBLIO, notes)
    row = _start(found, biblio)
    _set_application(row, biblio, notes)
    published = date_at(found, notes, "date_published")
    row["publication_date"] = published or date_at(biblio, notes, "publication_reference", "date")
    if lens_id := text_at(found, "lens_id"):
        row["other_numbers"] = [lens_id]
    _set_families(row, found, lens_id)
    _set_texts(row, found, biblio)
    _set_classes(row, biblio, notes)
    _set_parties(row, biblio)
    _set_priorities(row, biblio, notes)
    _set_citations(row, biblio, notes)
    _set_status(row, found, notes)
    return {column: value for column, value in row.items() if value not in (None, [])}


def _start(found: dict[str, Any], biblio: dict[str, Any]) -> Row:
    reference = dict_at(biblio, "publication_reference")
    office = text_at(found, "jurisdiction") or text_at(reference, "jurisdiction")
    printed = text_at(found, "doc_number") or text_at(reference, "doc_number")
    kind = text_at(found, "kind") or text_at(reference, "kind")
    if not printed:
        raise RecordError(f"no publication number: {text_at(found, 'lens_id')!r}")
    number = PublicationNumber.parse(f"{office}{printed}{kind}")
    told = text_at(found, "publication_type")
    patent_type = _TYPES.get(told.upper().replace(" ", "_"))
    if number.office == "CN":
        patent_type = _TYPE_OF_CHINESE_KIND.get(number.kind_code[:1], patent_type)
    return {
        "id": str(number),
        "publication_number": str(number),
        "office": number.office,
        "kind_code": number.kind_code or None,
        "patent_type": patent_type,
        "is_event": False,
        "source": "lens",
        "product": "",
    }


def _set_application(row: Row, biblio: dict[str, Any], notes: Notes) -> None:
    reference = dict_at(biblio, "application_reference")
    row["filing_date"] = date_at(reference, notes, "date")
    printed = text_at(biblio, "application_number")  # as the office writes it
    if not text_at(reference, "doc_number") and not printed:
        return
    try:
        if text_at(reference, "doc_number"):
            row["application_number"] = _application(reference)
        else:
            row["application_number"] = str(ApplicationNumber.parse(printed, row["office"]))
    except IdentifierError as error:
        notes.warn(str(error))


def _application(reference: dict[str, Any]) -> str:
    """An application's number, whose office is that of receipt for an international one (W)."""
    office, number = text_at(reference, "jurisdiction"), text_at(reference, "doc_number")
    if text_at(reference, "kind") == "W":
        return _parse_application(f"{office}{number}", "WO")
    return _parse_application(number, office)


@lru_cache(maxsize=1 << 14)
def _parse_application(number: str, office: str) -> str:
    return str(ApplicationNumber.parse(number, office or None))


def _set_families(row: Row, found: dict[str, Any], lens_id: str) -> None:
    for key, column in (("simple_family", "family_id"), ("extended_family", "extended_family_id")):
        if number := text_at(found, "families", key, "family_id"):
            row[column] = f"lens-{number}"
            continue
        members = dicts_at(found, "families", key, "members")
        names = [name for member in members if (name := text_at(member, "lens_id"))]
        if names or (lens_id and dict_at(found, "families", key)):
            row[column] = f"lens-{min([*names, lens_id] if lens_id else names)}"


def _set_texts(row: Row, found: dict[str, Any], biblio: dict[str, Any]) -> None:
    original = _language(text_at(found, "lang"), "")
    for column, texts in (
        ("titles", dicts_at(biblio, "invention_title")),
        ("abstracts", dicts_at(found, "abstract")),
    ):
        made = []
        for entry in texts:
            if text := _tidy(text_at(entry, "text")):
                language = _language(text_at(entry, "lang"), text)
                made.append({"language": language, "text": text})
        row[column] = sorted(made, key=lambda text: text["language"] != original)
    row["claims"] = [
        claim for group in dicts_at(found, "claims") for claim in _claims_of_one_language(group)
    ]
    if row["claims"]:
        first = row["claims"][0]["language"]
        row["claim_count"] = sum(claim["language"] == first for claim in row["claims"])
    row["description"] = []
    for entry in dicts_at(found, "description"):
        if text := text_at(entry, "text"):
            row["description"] += split_paragraphs(text, _language(text_at(entry, "lang"), text))


def _claims_of_one_language(group: dict[str, Any]) -> list[Row]:
    texts = [
        "\n".join(texts_at(entry, "claim_text")) for entry in dicts_at(group, "claims")
    ] or texts_at(group, "claim_text")
    texts = [text for text in texts if text]
    language = _language(text_at(group, "lang"), " ".join(texts[:3]))
    if len(texts) == 1:  # all claims in one text, or one claim
        claims = split_claims(_PREAMBLE.sub("", texts[0]), language)
        if len(claims) == 1:
            claims[0]["label"] = claims[0]["label"] or "1"
        return claims
    made = []
    for number, text in enumerate(texts, start=1):
        plain = re.sub(rf"^\s*{number}\s*[.．、](?!\d)\s*", "", text)
        lines = (_tidy(line) for line in plain.split("\n"))
        whole = "\n".join(line for line in lines if line)
        made.append({"language": language, "label": str(number), "text": whole})
    return made


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _language(told: str, text: str) -> str | None:
    code = told.lower()[:2]
    return _LANGUAGES.get(code, code) or guess_language(text)


def _set_classes(row: Row, biblio: dict[str, Any], notes: Notes) -> None:
    for column, key in (("ipc", "classifications_ipcr"), ("cpc", "classifications_cpc")):
        symbols: dict[str, None] = {}
        for entry in dicts_at(biblio, key, "classifications"):
            try:
                symbols[parse_symbol(text_at(entry, "symbol"))] = None
            except ClassificationError as error:
                notes.warn(str(error))
        row[column] = list(symbols)
    scheme = "USPC" if row["office"] == "US" else row["office"]
    national = dict.fromkeys(
        text_at(entry, "symbol")
        for entry in dicts_at(biblio, "classifications_national", "classifications")
    )
    row["other_classes"] = [{"scheme": scheme, "symbol": symbol} for symbol in national if symbol]


def _set_parties(row: Row, biblio: dict[str, Any]) -> None:
    for column, key in (
        ("applicants", "applicants"),
        ("inventors", "inventors"),
        ("owners", "owners_all"),
        ("agents", "agents"),
    ):
        parties = [_party(entry) for entry in dicts_at(biblio, "parties", key)]
        row[column] = [
            party for at, party in enumerate(parties) if party["name"] and party not in parties[:at]
        ]
    examiners: dict[str, None] = {}
    for entry in dicts_at(biblio, "parties", "examiners"):
        # either examiners in a list, or an object with the primary and the assistant one
        nested = [inner for inner in entry.values() if isinstance(inner, dict)]
        for examiner in [entry] if _name(entry) else nested:
            examiners[_name(examiner)] = None
    row["examiners"] = [name for name in examiners if name]


def _party(entry: dict[str, Any]) -> Row:
    country = text_at(entry, "residence") or text_at(entry, "extracted_country")
    return {
        "name": _name(entry),
        "country": country if re.fullmatch(r"[A-Z]{2}", country) else None,
        "address": _tidy(text_at(entry, "extracted_address")) or None,
    }


def _name(entry: dict[str, Any]) -> str:
    return _tidy(text_at(entry, "extracted_name", "value") or text_at(entry, "extracted_name"))


def _set_priorities(row: Row, biblio: dict[str, Any], notes: Notes) -> None:
    priorities = []
    for entry in dicts_at(biblio, "priority_claims", "claims"):
        printed = text_at(entry, "doc_number")
        try:
            number = _application(entry) if printed else None
        except IdentifierError:
            number = printed
        if number is None or number == row.get("application_number"):
            continue  # an application without priority is said to claim itself
        priority = {
            "office": text_at(entry, "jurisdiction") or None,
            "number": number,
            "date": date_at(entry, notes, "date"),
        }
        if priority not in priorities:
            priorities.append(priority)
    row["priorities"] = priorities
    days = [priority["date"] for priority in priorities if priority["date"]]
    earliest = date_at(biblio, notes, "priority_claims", "earliest_claim", "date")
    if earliest is not None and earliest != row.get("filing_date"):
        days.append(earliest)
    row["priority_date"] = min(days, default=None)


def _set_citations(row: Row, biblio: dict[str, Any], notes: Notes) -> None:
    row["citations"] = []
    for entry in dicts_at(biblio, "references_cited", "citations"):
        categories = "".join(texts_at(entry, "category"))
        shared = {
            "category": categories or None,
            "cited_by": _CITED_BY.get(text_at(entry, "cited_phase").upper()),
        }
        documents = dicts_at(entry, "patcit", "document_id")
        for document in documents:
            row["citations"].append({**_cited(document, notes), **shared})
        text = _tidy(text_at(entry, "nplcit", "text"))
        if text:
            row["citations"].append({"publication_number": None, "text": text, **shared})
        elif not documents:
            notes.warn("a citation of nothing")


def _cited(document: dict[str, Any], notes: Notes) -> Row:
    parts = (text_at(document, key) for key in ("jurisdiction", "doc_number", "kind"))
    printed = "".join(parts)
    try:
        return {"publication_number": str(PublicationNumber.parse(printed)), "text": None}
    except IdentifierError:
        notes.warn("a cited number that cannot be read")
        return {"publication_number": None, "text": printed or None}


def _set_status(row: Row, found: dict[str, Any], notes: Notes) -> None:
    status = dict_at(found, "legal_status")
    row["grant_date"] = date_at(status, notes, "grant_date")
    row["expiry_date"] = date_at(status, notes, "anticipated_term_date")
    told = text_at(status, "patent_status").upper()
    row["legal_status"] = _STATUSES.get(told)
    if told and told != "UNKNOWN" and row["legal_status"] is None:
        notes.warn(f"unknown legal status: {told!r}")
    ended = date_at(status, notes, "discontinuation_date")
    ended = ended or date_at(status, notes, "application_expiry_date")
    if row["legal_status"] in ("lapsed", "withdrawn"):
        row["status_date"] = ended
    elif row["legal_status"] == "expired":
        row["status_date"] = row["expiry_date"]
    elif row["legal_status"] == "granted":
        row["status_date"] = row["grant_date"]
    days = (row.get(column) for column in ("publication_date", "grant_date", "status_date"))
    row["transaction_date"] = max((day for day in days if day is not None), default=None)


SOURCE = Source(
    name="lens",
    title="Lens.org patents, JSON",
    kinds=("patent",),
    recognises=recognises,
    read=read,
    sample="lens.jsonl",
    fields={
        "patent": frozenset(
            {
                *("id", "publication_number", "application_number", "other_numbers", "office"),
                *("kind_code", "patent_type", "family_id", "extended_family_id", "filing_date"),
                *("publication_date", "grant_date", "priority_date", "expiry_date", "titles"),
                *("abstracts", "claims", "description", "claim_count", "ipc", "cpc"),
                *("other_classes", "applicants", "owners", "inventors", "agents", "examiners"),
                *("priorities", "citations", "legal_status", "status_date"),
                *("is_event", "source", "product", "transaction_date"),
            }
        )
    },
    can_split=True,
    rank=70,
)
