"""One row of a table of patents -> the columns of `PATENT`."""

from __future__ import annotations

import re
from dataclasses import replace

from ipsearch.classification import parse_locarno, parse_main_class, parse_symbol
from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber, lookup_keys
from ipsearch.records import Row
from ipsearch.sources.dates import parse_date
from ipsearch.sources.passages import make_text, split_claims, split_paragraphs
from ipsearch.sources.status_words import read_status
from ipsearch.sources.table_context import Cells
from ipsearch.sources.table_values import (
    make_parties,
    read_country,
    split_classes,
    split_list,
    split_names,
)

PATENT_TYPES: dict[str, str] = {
    "发明": "invention",
    "发明专利": "invention",
    "发明申请": "invention",
    "发明公开": "invention",
    "发明公布": "invention",
    "发明授权": "invention",
    "授权发明": "invention",
    "发明专利申请": "invention",
    "中国发明申请": "invention",
    "中国发明授权": "invention",
    "中国发明专利": "invention",
    "实用新型": "utility_model",
    "新型": "utility_model",
    "实用新型专利": "utility_model",
    "中国实用新型": "utility_model",
    "外观设计": "design",
    "外观": "design",
    "外观设计专利": "design",
    "中国外观设计": "design",
    "植物": "plant",
    "invention": "invention",
    "patent": "invention",
    "patent application": "invention",
    "granted patent": "invention",
    "invention application": "invention",
    "granted invention": "invention",
    "utility": "invention",  # what the USPTO calls an invention
    "utility model": "utility_model",
    "limited patent": "utility_model",
    "design": "design",
    "design right": "design",
    "plant": "plant",
    "plant patent": "plant",
    "plant variety right": "plant",
}
_TYPE_OF_KIND: dict[str, str] = {  # of Chinese documents
    "A": "invention",
    "B": "invention",
    "C": "invention",
    "U": "utility_model",
    "Y": "utility_model",
    "S": "design",
    "D": "design",
}
_TYPE_OF_DIGIT: dict[str, str] = {  # of Chinese application numbers (ZC 0006-2003)
    "1": "invention",
    "2": "utility_model",
    "3": "design",
    "8": "invention",
    "9": "utility_model",
}

_PRIORITY = re.compile(
    r"(?P<date>\d{4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}日?|\d{8})?[\s,:]*"
    r"(?:(?P<office>[A-Z]{2})\b[\s,:-]*)?(?P<number>[0-9A-Z][0-9A-Z/.,\- ]*?)?"
    r"(?:\s+(?P<late>\d{4}[-./]\d{1,2}[-./]\d{1,2}))?"
)
_LOCARNO_EDITION = re.compile(r"(?<=^\d\d-\d\d)\s*\(\d{1,2}\)$")
_AGENCY_CODE = re.compile(r"\s+\d{5}$")  # the office's number of an agency, behind its name
_DATED = re.compile(r"^(\d{4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}日?|\d{8})[\s,:：]*(.*)$", re.DOTALL)


def read_patent(cells: Cells) -> Row:
    """Make the row of a patent; raise `RecordError` if it has no number that can be read."""
    row: Row = {}
    office = read_country(cells.get("office")) or ("CN" if cells.layout.is_chinese else None)
    application = _application(cells, office)
    _set_numbers(cells, row, office, application)
    _set_type(cells, row, application)
    _set_dates(cells, row)
    _set_texts(cells, row)
    _set_classes(cells, row)
    _set_parties(cells, row)
    _set_priorities(cells, row)
    _set_citations(cells, row, office)
    set_status(cells, row, {"registered": "granted"})
    for target in ("family_id", "extended_family_id"):
        if value := cells.get(target):
            row[target] = value
    return row


def _application(cells: Cells, office: str | None) -> ApplicationNumber | None:
    text = cells.get("application_number")
    if not text:
        return None
    try:
        number = ApplicationNumber.parse(split_list(text)[0], office)
    except IdentifierError as error:
        if not (cells.get("publication_number") or cells.get("grant_number")):
            raise RecordError(str(error)) from None
        cells.notes.warn(str(error))
        return None
    if number.check_digit_is_wrong:
        cells.notes.warn(f"wrong check digit: {text}")
    elif number.office == "CN" and not number.expected_check_digit:
        cells.notes.warn(f"no Chinese application number has this form: {text}")
    return number


def _set_numbers(
    cells: Cells, row: Row, office: str | None, application: ApplicationNumber | None
) -> None:
    publications: list[PublicationNumber] = []
    for target in ("grant_number", "publication_number"):
        for text in split_list(cells.get(target)):
            try:
                number = PublicationNumber.parse(text, office)
                is_named = target == "publication_number" and not publications
                publications.append(_with_kind(number, cells) if is_named else number)
            except IdentifierError as error:
                if application is None and not publications:
                    raise RecordError(str(error)) from None
                cells.notes.warn(str(error))
    names = list(dict.fromkeys(map(str, publications)))
    if not names and application is None:
        raise RecordError("no publication, application or registration number")
    if application is not None:
        row["application_number"] = str(application)
        row["office"] = application.office
    if publications:
        first = publications[0]
        row["publication_number"], row["office"] = names[0], first.office
        if kind_code := first.kind_code or cells.get("kind_code"):
            row["kind_code"] = kind_code
    row["id"] = names[0] if names else row["application_number"]
    others = names[1:] + other_numbers(cells)
    if others:
        row["other_numbers"] = others


def _with_kind(number: PublicationNumber, cells: Cells) -> PublicationNumber:
    """Put the kind code, which has a column of its own, to a number that lacks it."""
    kind = "" if number.kind_code else cells.get("kind_code").strip().upper()
    if re.fullmatch(r"[A-Z][0-9]?", kind) is None:
        return number
    return replace(number, kind_code=kind)


def other_numbers(cells: Cells) -> list[str]:
    """Further numbers, as they are written; what nobody could look up is warned of."""
    texts = split_list(cells.get("other_numbers"))
    return [text for text in texts if cells.try_to(lookup_keys, text) is not None]


def _set_type(cells: Cells, row: Row, application: ApplicationNumber | None) -> None:
    text = cells.get("patent_type")
    known = PATENT_TYPES.get(text.casefold().strip()) if text else None
    if known is None and row["office"] == "CN":
        known = _TYPE_OF_KIND.get(row.get("kind_code", "")[:1])
        if known is None and application is not None and len(application.number) in (8, 12):
            known = _TYPE_OF_DIGIT.get(
                application.number[-6 if len(application.number) == 8 else 4]
            )
    if known is None and text:
        cells.notes.warn(f"unknown type of patent: {text!r}")
        known = "other"
    if known is not None:
        row["patent_type"] = known


def _set_dates(cells: Cells, row: Row) -> None:
    columns = cells.layout.columns
    for target in ("filing_date", "publication_date", "grant_date", "expiry_date"):
        if target in columns and (day := cells.date(target)) is not None:
            row[target] = day
    if "grant_number" in columns and cells.get("grant_number") and row.get("grant_date"):
        row["publication_date"] = row["grant_date"]  # of the document that the row is named after
    if "claim_count" in columns and (count := cells.get("claim_count")):
        number = cells.try_to(int, count)
        if number is not None and 0 <= number < 1 << 31:
            row["claim_count"] = number


def _set_texts(cells: Cells, row: Row) -> None:
    columns = cells.layout.columns
    for target in ("titles", "abstracts"):
        if target in columns:
            found = [make_text(text, column.language) for column, text in cells.texts(target)]
            if found:
                row[target] = _one_per_language(found)
    if "claims" in columns and (text := cells.get("claims")):
        row["claims"] = split_claims(text)
    if "claims" not in row and "first_claim" in columns and (text := cells.get("first_claim")):
        row["claims"] = _first_claims(text)
    if "description" in columns and (text := cells.get("description")):
        row["description"] = split_paragraphs(text)


def _first_claims(text: str) -> list[Row]:
    """Independent claims as they stand: claim 1, and others without their numbers."""
    claims = split_claims(text)
    if len(claims) == 1:
        claims[0]["label"] = "1"
    return claims


def _one_per_language(texts: list[Row]) -> list[Row]:
    kept: dict[str | None, Row] = {}
    for text in texts:
        kept.setdefault(text["language"], text)
    return list(kept.values())


def _set_classes(cells: Cells, row: Row) -> None:
    columns = cells.layout.columns
    symbols: dict[str, list[str]] = {"ipc": [], "locarno": []}
    for target in ("ipc_main", "ipc"):
        if target in columns and (text := cells.get(target)):
            for scheme, symbol in cells.parse_all(_main_class, split_classes(text)):
                symbols[scheme].append(symbol)
    if "locarno" in columns and (text := cells.get("locarno")):
        symbols["locarno"] += cells.parse_all(parse_locarno, split_classes(text))
    if "cpc" in columns or "cpc_main" in columns:
        parts = split_classes(cells.get("cpc_main")) + split_classes(cells.get("cpc"))
        symbols["cpc"] = cells.parse_all(parse_symbol, parts)
    for column, found in symbols.items():
        if found:
            row[column] = list(dict.fromkeys(found))
    others = [
        {"scheme": scheme, "symbol": symbol}
        for scheme, target in (("USPC", "uspc"), ("FI", "fi"), ("F-term", "fterm"))
        if target in columns
        for symbol in split_list(cells.get(target))
    ]
    if others:
        row["other_classes"] = others


def _main_class(text: str) -> tuple[str, str]:
    """Read a class; the office puts the edition of Locarno's classification behind: 12-07(13)."""
    return parse_main_class(_LOCARNO_EDITION.sub("", text))


def _set_parties(cells: Cells, row: Row) -> None:
    columns = cells.layout.columns
    for target in ("applicants", "owners", "inventors"):
        if target in columns and (names := split_names(cells.get(target))):
            row[target] = parties_of(cells, target, names)
    agencies = split_names(cells.get("agencies")) if "agencies" in columns else []
    agencies = [_AGENCY_CODE.sub("", agency) for agency in agencies]
    agents = split_names(cells.get("agents")) if "agents" in columns else []
    if agents:
        agency = agencies[0] if agencies else None
        row["agents"] = [{"name": name, "organization": agency} for name in agents]
    elif agencies:
        row["agents"] = [{"name": None, "organization": agency} for agency in agencies]
    if "examiners" in columns and (names := split_names(cells.get("examiners"))):
        row["examiners"] = names


def parties_of(cells: Cells, target: str, names: list[str]) -> list[Row]:
    """Make parties of `names` and of the columns `target.address`, `target.country` ..."""
    columns = cells.layout.columns
    places = {
        part: cells.get(f"{target}.{part}")
        for part in ("address", "country", "province", "city", "county")
        if f"{target}.{part}" in columns
    }
    return make_parties(names, **places)


def _set_priorities(cells: Cells, row: Row) -> None:
    columns = cells.layout.columns
    priorities: list[Row] = []
    if "priorities" in columns:
        found = (_priority(cells, text) for text in split_list(cells.get("priorities")))
        priorities = [priority for priority in found if priority is not None]
    dates = split_list(cells.get("priority_date")) if "priority_date" in columns else []
    days = [day for text in dates if (day := cells.try_to(parse_date, text)) is not None]
    if "priority_numbers" in columns and not priorities:
        numbers = split_list(cells.get("priority_numbers"))
        offices = split_list(cells.get("priority_offices"))
        same_length = len(days) == len(numbers)
        for position, number in enumerate(numbers):
            office = offices[position] if len(offices) == len(numbers) else ""
            named = number[:2].upper() if number[:2].isascii() and number[:2].isalpha() else None
            day = days[position] if same_length else None
            country = read_country(office) or named
            number = _canonical_priority(number, country)
            priorities.append({"office": country, "number": number, "date": day})
    if priorities:
        row["priorities"] = priorities
        days += [priority["date"] for priority in priorities if priority["date"]]
    if days:
        row["priority_date"] = min(days)


def _priority(cells: Cells, text: str) -> Row | None:
    if text == "无":
        return None
    match = _PRIORITY.fullmatch(text.strip())
    if match is None or not match["number"]:
        cells.notes.warn(f"not a priority: {text!r}")
        return {"office": None, "number": text, "date": None}
    day = match["date"] or match["late"]
    named = re.match(r"[A-Z]{2}(?=\d)", match["number"])
    office = match["office"] or (named[0] if named else None)
    return {
        "office": office,
        "number": _canonical_priority(match["number"].strip(), office),
        "date": cells.try_to(parse_date, day) if day else None,
    }


def _canonical_priority(number: str, office: str | None) -> str:
    """Write a Chinese number as an application number; others stay as they are printed."""
    if office != "CN":
        return number
    try:
        return str(ApplicationNumber.parse(number, office))
    except IdentifierError:
        return number


def _set_citations(cells: Cells, row: Row, office: str | None) -> None:
    columns = cells.layout.columns
    citations: list[Row] = []
    if "citations" in columns:
        for text in split_classes(cells.get("citations")):
            try:
                number = str(PublicationNumber.parse(text, office))
                citations.append({"publication_number": number})
            except IdentifierError:
                citations.append({"text": text.strip()})
    if "npl_citations" in columns:
        citations += [{"text": text} for text in split_list(cells.get("npl_citations"))]
    if citations:
        row["citations"] = citations


def set_status(cells: Cells, row: Row, same: dict[str, str]) -> None:
    """Set `legal_status`, `status_date` and `legal_events`; warn of words nobody knows.

    `same` renames a status that is called otherwise for this kind of record.
    """
    columns = cells.layout.columns
    status_day = cells.date("status_date") if "status_date" in columns else None
    status: str | None = None
    events: list[Row] = []
    for target in ("legal_status", "simple_status"):
        if target not in columns or not (text := cells.get(target)):
            continue
        found, words, unknown = read_status(text)
        status = status or found
        for word in unknown:
            cells.notes.warn(f"unknown legal status: {word!r}")
        if target == "legal_status" or unknown:
            events += [{"date": None, "name": word} for word in words]
    if "legal_events" in columns:
        events += [_event(cells, text) for text in split_list(cells.get("legal_events"))]
    if "inactive_date" in columns and (day := cells.date("inactive_date")) is not None:
        events.append({"date": day, "name": "失效"})
        is_dead = status in ("expired", "lapsed", "withdrawn", "refused", "revoked")
        status_day = status_day or (day if is_dead else None)
    if status is not None:
        row["legal_status"] = same.get(status, status)
    if status_day is not None:
        row["status_date"] = status_day
    if events:
        row["legal_events"] = events


def _event(cells: Cells, text: str) -> Row:
    """Read an event with its date before or behind it: `2019-03-05 授权`, `授权(2019.03.05)`."""
    match = _DATED.match(text)
    if match is None:
        behind = re.fullmatch(r"(.*?)[\s(（]*(\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?)[)）]?", text)
        if behind is None:
            return {"date": None, "name": text}
        return {"date": cells.try_to(parse_date, behind[2]), "name": behind[1].strip() or None}
    return {"date": cells.try_to(parse_date, match[1]), "name": match[2].strip() or None}
