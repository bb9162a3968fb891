"""Google's patents in the nested form: `patents-public-data.patents.publications` of BigQuery.

Lists of objects in every record, texts with their languages, dates as integers, 0 for none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ipsearch.classification import parse_locarno, parse_symbol
from ipsearch.errors import IdentifierError, IpsearchError
from ipsearch.identifiers import ApplicationNumber, lookup_keys
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.dates import parse_date
from ipsearch.sources.google_elements import cited, plain, put_text, start_row
from ipsearch.sources.passages import guess_language

_KIND_AT_END = re.compile(r"-[A-Z]\d?$")
_RELEVANCE = re.compile(r"[XYADEILOPRT&]{1,4}")

_KEYS = frozenset(
    {
        *("publication_number", "application_number", "application_number_formatted"),
        *("country_code", "kind_code", "application_kind", "pct_number", "family_id"),
        *("title_localized", "abstract_localized", "claims_localized", "description_localized"),
        *("publication_date", "filing_date", "grant_date", "priority_date", "priority_claim"),
        *("inventor", "inventor_harmonized", "assignee", "assignee_harmonized", "examiner"),
        *("uspc", "ipc", "cpc", "fi", "fterm", "locarno", "citation"),
    }
)
_LANGUAGES = {"CN": "zh", "TW": "zh", "JP": "ja", "KR": "ko", "US": "en", "GB": "en", "DE": "de"}
_CITED_BY = {  # what Google and DOCDB call the origin of a citation
    "app": "applicant",
    "exa": "examiner",
    "sea": "examiner",
    "isr": "examiner",
    "prs": "examiner",
    "sup": "examiner",
    "opp": "opponent",
    "tpo": "third party",
    "fti": "family",
}
_TEXTS = (
    ("title_localized", "titles"),
    ("abstract_localized", "abstracts"),
    ("claims_localized", "claims"),
    ("description_localized", "description"),
)


def read_nested(found: dict[str, Any], notes: Notes) -> Row:
    """Make a row of an object; raises `IdentifierError` or `RecordError`."""
    kind, number = found.get("kind_code"), found.get("publication_number")
    kind = kind if isinstance(kind, str) else ""
    row = start_row(number, "", kind, _string(found, "application_kind"))
    if not found.keys() <= _KEYS:
        notes.unmapped |= found.keys() - _KEYS
    _set_application(row, found, notes)
    for column in ("publication_date", "filing_date", "grant_date", "priority_date"):
        if (day := _day(found.get(column), notes)) is not None:
            row[column] = day
    if row.get("priority_date") == row.get("filing_date"):
        row.pop("priority_date", None)  # none is claimed: the field has the filing date instead
    family = _string(found, "family_id")
    if family not in ("", "0", "-1"):
        row["family_id"] = family
    for key, column in _TEXTS:
        for text, language in _localized(found, key, row["office"]):
            put_text(row, column, text, language)
    if claims := row.get("claims"):
        row["claim_count"] = sum(claim["language"] == claims[0]["language"] for claim in claims)
    _set_classes(row, found, notes)
    _set_parties(row, found)
    _set_priorities(row, found, notes)
    citations = [_citation(entry, notes) for entry in _dicts(found, "citation")]
    if citations:
        row["citations"] = citations
    return row


def _set_application(row: Row, found: dict[str, Any], notes: Notes) -> None:
    for key in ("application_number", "application_number_formatted"):
        text = _string(found, key)
        if not text:
            continue
        try:
            row["application_number"] = _application(text, row["office"])
            break
        except IdentifierError as error:
            notes.warn(str(error))
    if pct := _string(found, "pct_number"):
        try:
            lookup_keys(pct)
            row["other_numbers"] = [pct]
        except IdentifierError as error:
            notes.warn(str(error))


@lru_cache(maxsize=4096)
def _application(text: str, office: str) -> str:
    """Write `CN-200710123456-A` as the office does; of a US number DOCDB adds the year."""
    plain = _KIND_AT_END.sub("", text.strip())
    american = re.fullmatch(r"US-?20\d\d([1-6]\d)(\d{6})", plain)
    if american is not None:
        return f"US{american[1]}{american[2]}"
    return str(ApplicationNumber.parse(plain, office))


def _day(value: object, notes: Notes) -> Any:
    if not value:
        return None
    try:
        return parse_date(value)
    except ValueError as error:
        notes.warn(str(error))
        return None


def _string(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    if isinstance(value, str):
        return value.strip()
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _dicts(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = found.get(key)
    if not isinstance(value, list) or not value:
        return []
    return [entry for entry in value if isinstance(entry, dict)]


def _localized(found: dict[str, Any], key: str, office: str) -> list[tuple[str, str | None]]:
    """Texts and languages; the office's own language first."""
    value = found.get(key)
    entries = [{"text": value}] if isinstance(value, str) else _dicts(found, key)
    if not entries:
        return []
    texts: list[tuple[str, str | None]] = []
    for entry in entries:
        text = plain(_string(entry, "text"))
        if text:
            texts.append((text, _string(entry, "language").lower()[:2] or guess_language(text)))
    return sorted(texts, key=lambda pair: pair[1] != _LANGUAGES.get(office))


def _set_classes(row: Row, found: dict[str, Any], notes: Notes) -> None:
    for column, parse in (("ipc", parse_symbol), ("cpc", parse_symbol), ("locarno", parse_locarno)):
        entries = sorted(_dicts(found, column), key=lambda entry: not entry.get("first"))
        symbols: dict[str, None] = {}
        for entry in entries:
            try:
                symbols[parse(_string(entry, "code"))] = None
            except IpsearchError as error:
                notes.warn(str(error))
        if symbols:
            row[column] = list(symbols)
    others = [
        {"scheme": scheme, "symbol": code}
        for scheme, key in (("USPC", "uspc"), ("FI", "fi"), ("F-term", "fterm"))
        for entry in _dicts(found, key)
        if (code := _string(entry, "code"))
    ]
    if others:
        row["other_classes"] = others


def _set_parties(row: Row, found: dict[str, Any]) -> None:
    """An assignee is the applicant; in the US, where inventors were applicants, the owner."""
    owner = "owners" if row["office"] == "US" else "applicants"
    for key, column in (("assignee", owner), ("inventor", "inventors")):
        parties = [
            {"name": name, "country": _string(entry, "country_code") or None}
            for entry in _dicts(found, f"{key}_harmonized")
            if (name := _string(entry, "name"))
        ]
        if not parties and isinstance(found.get(key), list):
            parties = [{"name": name} for name in found[key] if isinstance(name, str) and name]
        if parties:
            row[column] = parties
    examiners = [name for entry in _dicts(found, "examiner") if (name := _string(entry, "name"))]
    if examiners:
        row["examiners"] = examiners


def _set_priorities(row: Row, found: dict[str, Any], notes: Notes) -> None:
    priorities = []
    for entry in _dicts(found, "priority_claim"):
        text = _string(entry, "application_number") or _string(entry, "publication_number")
        if not text:
            continue
        try:
            number = _application(text, row["office"])
        except IdentifierError:
            number = text
        office = text[:2] if re.match(r"[A-Z]{2}(?![A-Z])", text) else None
        if number == row.get("application_number"):
            continue  # an application without priority is said to claim itself
        day = _day(entry.get("filing_date"), notes)
        priorities.append({"office": office, "number": number, "date": day})
    if priorities:
        row["priorities"] = priorities


def _citation(entry: dict[str, Any], notes: Notes) -> Row:
    text = _string(entry, "publication_number") or _string(entry, "application_number")
    citation: Row = cited(text, notes) if text else {"text": plain(_string(entry, "npl_text"))}
    for key in ("category", "type"):  # the origin and the relevance stand in either
        value = _string(entry, key)
        if origin := _CITED_BY.get(value.lower()):
            citation["cited_by"] = origin
        elif _RELEVANCE.fullmatch(value):
            citation["category"] = value
    return citation
