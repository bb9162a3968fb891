"""Google's patents: the nested export of its BigQuery table, and flat excerpts of it.

Nested: one JSON object per publication, as lines or as one array, with the fields of
`patents-public-data.patents.publications` (`title_localized`, dates as integers, 0 for none).
Flat: number, abstract and citations as JSON Lines or an array, or number and full text as CSV.
Of a file that is read in ranges of bytes, only lines can be divided: an array or a CSV is read
whole by the range that begins at 0.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ipsearch.classification import parse_locarno, parse_symbol
from ipsearch.errors import IdentifierError, IpsearchError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber, lookup_keys
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.dates import parse_date
from ipsearch.sources.json_objects import Found, is_json, read_json
from ipsearch.sources.opening import peek
from ipsearch.sources.passages import guess_language, make_text, split_claims, split_paragraphs
from ipsearch.sources.table_cells import BadRow, read_rows

_NUMBER_KEY = re.compile(rb'"publication_number"\s*:', re.IGNORECASE)
_OTHER_KEY = re.compile(
    rb'"(?:(?:title|abstract|claims|description)_localized|country_code|assignee_harmonized'
    rb'|inventor_harmonized|(?:title|abstract|claims|description)_en|Abstract|Citations)"\s*:'
)
_CSV_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?"?publication_number"?[,\t][\w",\t]+\r?\n"?[A-Z]{2}-\w+-[A-Z]\d?"?[,\t]',
    re.IGNORECASE,
)
_FLAT_TEXT = re.compile(r"(title|abstract|claim|description)s?(?:_([a-z]{2}))?")
_KIND_AT_END = re.compile(r"-[A-Z]\d?$")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|amp|lt|gt|quot|apos|nbsp);", re.IGNORECASE)
_RELEVANCE = re.compile(r"[XYADEILOPRT&]{1,4}")

_NESTED = frozenset(
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
_TYPES = {  # by the first letter of the kind code, of the number, or of the application
    **dict.fromkeys("ABCE", "invention"),
    **dict.fromkeys("UYZ", "utility_model"),
    **dict.fromkeys("SF", "design"),
    "P": "plant",
}


def recognises(head: bytes, name: str) -> bool:
    """JSON objects with Google's keys, or its CSV with numbers such as `US-7636639-B2`."""
    if is_json(head):
        return _NUMBER_KEY.search(head) is not None and _OTHER_KEY.search(head) is not None
    return _CSV_HEAD.match(head) is not None


def read(input: Input) -> Iterator[Record | Reject]:
    """Read one file in any of the forms."""
    for item in _objects(input):
        if isinstance(item, Reject):
            yield item
            continue
        position, found = item
        try:
            is_nested = any(key.endswith("_localized") for key in found) or "country_code" in found
            row = _nested(found, input.notes) if is_nested else _flat(found, input.notes)
        except IpsearchError as error:
            yield Reject(position, str(error), repr(found)[:200].encode()[:200])
            continue
        yield Record("patent", row, position)


def _objects(input: Input) -> Iterator[Found]:
    head, input = peek(input)
    if is_json(head):
        yield from read_json(input, head)
    elif input.start == 0:
        yield from _csv_objects(input)


def _csv_objects(input: Input) -> Iterator[Found]:
    names: list[str] | None = None
    for item in read_rows(input):
        if isinstance(item, BadRow):
            yield item.reject
        elif names is None:
            names = item.cells
        elif len(item.cells) > len(names):
            yield Reject(item.position, f"{len(item.cells)} cells under {len(names)} headers")
        else:
            yield item.position, dict(zip(names, item.cells, strict=False))


def _start(text: object, product: str) -> tuple[Row, PublicationNumber]:
    if not isinstance(text, str) or not text.strip():
        raise RecordError(f"no publication number: {text!r}")
    number = PublicationNumber.parse(text)
    name = str(number)
    row: Row = {
        "id": name,
        "publication_number": name,
        "office": number.office,
        "is_event": False,
        "source": "google_patents",
        "product": product,
    }
    if number.kind_code:
        row["kind_code"] = number.kind_code
    return row, number


def _flat(found: dict[str, Any], notes: Notes) -> Row:
    """Number, texts whose keys may name their language, and citations in one string."""
    plain = {key.lower(): value for key, value in found.items()}
    row, number = _start(plain.pop("publication_number", None), "flat")
    _set_type(row, number, "")
    citations = plain.pop("citations", None)
    if isinstance(citations, str):
        row["citations"] = _cited_together(citations, notes)
    for key, value in plain.items():
        what, language = _flat_text(key)
        if not what or not isinstance(value, str | None):
            notes.unmapped.add(key)
        elif value and (text := _plain(value)):
            _put_text(row, what, text, language or guess_language(text))
    if "claims" in row or "description" in row:
        row["product"] = "flat_text"
    return row


@lru_cache(maxsize=256)
def _flat_text(key: str) -> tuple[str, str | None]:
    """Which text a key names, and its language: `abstract_en`; "" for none."""
    match = _FLAT_TEXT.fullmatch(key)
    return (match[1], match[2]) if match else ("", None)


def _put_text(row: Row, what: str, text: str, language: str | None) -> None:
    if what == "claim":
        row.setdefault("claims", []).extend(split_claims(text, language))
    elif what == "description":
        row.setdefault("description", []).extend(split_paragraphs(text, language))
    else:
        row.setdefault(f"{what}s", []).append(make_text(text, language))


def _nested(found: dict[str, Any], notes: Notes) -> Row:
    row, number = _start(found.get("publication_number"), "")
    notes.unmapped.update(found.keys() - _NESTED)
    if "kind_code" not in row and isinstance(found.get("kind_code"), str):
        row["kind_code"] = found["kind_code"]
    _set_type(row, number, _string(found, "application_kind"))
    _set_application(row, found, notes)
    for column in ("publication_date", "filing_date", "grant_date", "priority_date"):
        if (day := _day(found.get(column), notes)) is not None:
            row[column] = day
    if row.get("priority_date") == row.get("filing_date"):
        row.pop("priority_date", None)  # none is claimed: the field has the filing date instead
    family = _string(found, "family_id")
    if family not in ("", "0", "-1"):
        row["family_id"] = family
    for what in ("title", "abstract", "claim", "description"):
        key = f"{what}s_localized" if what == "claim" else f"{what}_localized"
        for text, language in _localized(found.get(key), number.office):
            _put_text(row, what, text, language)
    if claims := row.get("claims"):
        row["claim_count"] = sum(claim["language"] == claims[0]["language"] for claim in claims)
    _set_classes(row, found, notes)
    _set_parties(row, found)
    _set_priorities(row, found, notes)
    citations = [_citation(entry, notes) for entry in _dicts(found, "citation")]
    if citations:
        row["citations"] = citations
    return row


def _set_type(row: Row, number: PublicationNumber, application_kind: str) -> None:
    prefix = number.number[:1] if number.office == "US" and number.number[:1] in "DP" else ""
    if prefix:
        row["patent_type"] = "design" if prefix == "D" else "plant"
        return
    known = {"U": "utility_model", "F": "design", "D": "design"}.get(application_kind)
    known = known or _TYPES.get(row.get("kind_code", "")[:1])
    if known:
        row["patent_type"] = known


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
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def _dicts(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = found.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _plain(text: str) -> str:
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def _localized(value: object, office: str) -> list[tuple[str, str | None]]:
    """Texts and languages; the office's own language first."""
    if isinstance(value, str):
        value = [{"text": value}]
    entries = (
        [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    )
    texts: list[tuple[str, str | None]] = []
    for entry in entries:
        text = _plain(_string(entry, "text"))
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
        {"scheme": key.upper(), "symbol": code}
        for key in ("uspc", "fi", "fterm")
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
    cited: Row = _cited(text, notes) if text else {"text": _plain(_string(entry, "npl_text"))}
    for key in ("category", "type"):  # the origin and the relevance stand in either
        value = _string(entry, key)
        if origin := _CITED_BY.get(value.lower()):
            cited["cited_by"] = origin
        elif _RELEVANCE.fullmatch(value):
            cited["category"] = value
    return cited


def _cited_together(citations: str, notes: Notes) -> list[Row] | list[str]:
    """Read numbers that stand in one string with commas, each once; a record may have hundreds.

    The commonest spellings are put into canonical form on the spot. Where all are numbers, they
    are given as such.
    """
    cited: list[str] = []
    others: list[Row] = []
    for text in dict.fromkeys(citations.split(",")):
        if text[:3] == "US-":
            number, _, kind = text[3:].partition("-")
            length = len(number)
            if number.isdecimal() and 0 < len(kind) < 3:
                if 6 <= length <= 8 and number[0] != "0":
                    cited.append(f"US{number}{kind}")
                    continue
                if length == 10 and number[:2] == "20":  # Google drops a zero
                    cited.append(f"US{number[:4]}0{number[4:]}{kind}")
                    continue
        if text and not text.isspace():
            other = _cited(text.strip(), notes)
            if "publication_number" in other:
                cited.append(other["publication_number"])
            else:
                others.append(other)
    if not others:
        return cited
    return [*({"publication_number": number} for number in cited), *others]


def _cited(text: str, notes: Notes) -> Row:
    try:
        return {"publication_number": _publication(text)}
    except IdentifierError as error:
        notes.warn(str(error))
        return {"text": text}


@lru_cache(maxsize=1 << 16)
def _publication(text: str) -> str:
    return str(PublicationNumber.parse(text))


SOURCE = Source(
    name="google_patents",
    title="Google: nested export of the BigQuery patents table, and flat excerpts",
    kinds=("patent",),
    recognises=recognises,
    read=read,
    sample="google_patents.jsonl",
    fields={
        "patent": frozenset(
            {
                *("id", "publication_number", "application_number", "other_numbers", "office"),
                *("kind_code", "patent_type", "family_id", "filing_date", "publication_date"),
                *("grant_date", "priority_date", "titles", "abstracts", "claims", "description"),
                *("claim_count", "ipc", "cpc", "locarno", "other_classes", "applicants", "owners"),
                *("inventors", "examiners", "priorities", "citations"),
                *("is_event", "source", "product"),
            }
        )
    },
    can_split=True,
    rank=70,
)
