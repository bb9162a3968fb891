"""American applications of the Harvard USPTO Patent Dataset (HUPD): JSON, one object each.

The dataset has a file for each application, named after its number; lines and arrays of the same
objects are read as well. Its class labels have lost their stroke (`A61M51723`): where it stood can
only be told if the label has three digits behind the subclass. Else the record gets the subclass,
and the label as it is among `other_classes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ipsearch.classification import parse_symbol
from ipsearch.errors import ClassificationError, IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.json_objects import is_json, to_records
from ipsearch.sources.json_values import date_at, dicts_at, note_wrong_types, text_at, texts_at
from ipsearch.sources.json_whole import read_any_json
from ipsearch.sources.passages import split_claims, split_paragraphs

_SURE_KEY = re.compile(rb'"(?:main_(?:cpc|ipcr)_label|cpc_labels|ipcr_labels)"\s*:')
_OTHER_KEY = re.compile(rb'"(?:decision|patent_issue_date|examiner_id|application_number)"\s*:')
_DAY_AT_END = re.compile(r"-\d{8}$")  # US20130296823A1-20131107
_LABEL = re.compile(r"([A-HY]\d\d[A-Z])(\d*)")
_SUBCLASS = re.compile(r"(\d{3})(\d{3})")

_DECISIONS = {
    "ACCEPTED": "granted",
    "REJECTED": "refused",  # given up after a final rejection
    "PENDING": "pending",
}
_LIST_OR_TEXT = (list, str)
_NAMES_OF_EXAMINER = ("examiner_name_last", "examiner_name_first", "examiner_name_middle")
_KNOWN: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("application_number", "patent_number", "examiner_id"), (str, int, float)),
    **dict.fromkeys(("filing_date", "patent_issue_date", "abandon_date"), (str, int)),
    **dict.fromkeys(("date_produced", "date_published"), (str, int)),
    **dict.fromkeys(("uspc_class", "uspc_subclass"), (str, int, float)),
    **dict.fromkeys(("publication_number", "title", "decision", "abstract", "claims"), str),
    **dict.fromkeys(("background", "summary", "full_description", "description"), str),
    **dict.fromkeys(("main_cpc_label", "main_ipcr_label", *_NAMES_OF_EXAMINER), str),
    **dict.fromkeys(("cpc_labels", "ipcr_labels"), _LIST_OR_TEXT),
    "inventor_list": list,
}


def recognises(head: bytes, name: str) -> bool:
    """JSON objects with class labels as the dataset calls them."""
    return (
        is_json(head) and _SURE_KEY.search(head) is not None and _OTHER_KEY.search(head) is not None
    )


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the applications of `input`, one record each."""
    yield from to_records(read_any_json(input), lambda found: _convert(found, input.notes))


def _convert(found: dict[str, Any], notes: Notes) -> Row:
    notes.unmapped.update(map(str, found.keys() - _KNOWN.keys()))
    note_wrong_types(found, _KNOWN, notes)
    row: Row = {"office": "US", "is_event": False, "source": "hupd", "product": ""}
    _set_numbers(row, found, notes)
    for column, key in (
        ("filing_date", "filing_date"),
        ("publication_date", "date_published"),
        ("grant_date", "patent_issue_date"),
    ):
        row[column] = date_at(found, notes, key)
    _set_texts(row, found)
    _set_classes(row, found, notes)
    _set_people(row, found)
    _set_status(row, found, notes)
    return {column: value for column, value in row.items() if value not in (None, [])}


def _set_numbers(row: Row, found: dict[str, Any], notes: Notes) -> None:
    printed = _DAY_AT_END.sub("", text_at(found, "publication_number"))
    application = text_at(found, "application_number").removesuffix(".0")
    if application.isdigit():
        application = application.zfill(8)  # 08 and other early series lose a zero as numbers
    try:
        if application:
            row["application_number"] = str(ApplicationNumber.parse(application, "US"))
    except IdentifierError as error:
        notes.warn(str(error))
    try:
        if printed:
            number = PublicationNumber.parse(printed, "US")
            row["publication_number"], row["kind_code"] = str(number), number.kind_code or None
            row["office"] = number.office
    except IdentifierError as error:
        notes.warn(str(error))
    row["id"] = row.get("publication_number") or row.get("application_number")
    if not row["id"]:
        raise RecordError(f"no number that can be read: {printed!r}, {application!r}")
    if grant := text_at(found, "patent_number").removesuffix(".0"):
        try:
            row["other_numbers"] = [str(PublicationNumber.parse(grant, "US"))]
        except IdentifierError as error:
            notes.warn(str(error))
    kind = row.get("kind_code") or ""
    row["patent_type"] = {"P": "plant", "S": "design"}.get(kind[:1], "invention")


def _set_texts(row: Row, found: dict[str, Any]) -> None:
    for column, key in (("titles", "title"), ("abstracts", "abstract")):
        if text := " ".join(text_at(found, key).split()):
            row[column] = [{"language": "en", "text": text}]
    row["claims"] = split_claims(text_at(found, "claims"), "en")
    row["claim_count"] = len(row["claims"]) or None
    whole = text_at(found, "full_description") or text_at(found, "description")
    if not whole:
        parts = (text_at(found, "background"), text_at(found, "summary"))
        whole = "\n".join(part for part in parts if part)
    row["description"] = split_paragraphs(whole, "en")


def _set_classes(row: Row, found: dict[str, Any], notes: Notes) -> None:
    others: list[Row] = []
    for column, main, rest in (
        ("cpc", "main_cpc_label", "cpc_labels"),
        ("ipc", "main_ipcr_label", "ipcr_labels"),
    ):
        symbols: dict[str, None] = {}
        labels = [text_at(found, main), *texts_at(found, rest)]
        for label in dict.fromkeys(label for label in labels if label):
            symbol, is_whole = _symbol(label)
            if symbol:
                symbols[symbol] = None
            else:
                notes.warn(f"{column}: not a class label")
            if not is_whole:
                others.append({"scheme": column.upper(), "symbol": label})
        row[column] = list(symbols)
    uspc = text_at(found, "uspc_class").removesuffix(".0")
    if uspc:
        subclass = _subclass(text_at(found, "uspc_subclass"))
        others.append({"scheme": "USPC", "symbol": f"{uspc}/{subclass}" if subclass else uspc})
    row["other_classes"] = others


def _symbol(label: str) -> tuple[str | None, bool]:
    """As much of a class label as is sure, and whether that is all of it."""
    match = _LABEL.fullmatch(label)
    if match is not None and match[2]:
        if len(match[2]) == 3:  # a group has a digit at least, a subgroup two
            return f"{match[1]}{match[2][0]}/{match[2][1:]}", True
        return match[1], False
    try:
        return parse_symbol(label), True
    except ClassificationError:
        return None, False


def _subclass(text: str) -> str:
    """Take the padding off a subclass of the USPC: 503000 is 503, 242100 is 242.1."""
    match = _SUBCLASS.fullmatch(text)
    if match is None:
        return text
    fraction = match[2].rstrip("0")
    return f"{int(match[1])}.{fraction}" if fraction else str(int(match[1]))


def _set_people(row: Row, found: dict[str, Any]) -> None:
    last, *given = (text_at(found, key) for key in _NAMES_OF_EXAMINER)
    first = " ".join(name for name in given if name)
    if last or first:
        row["examiners"] = [", ".join(name for name in (last, first) if name)]
    inventors = []
    for entry in dicts_at(found, "inventor_list"):
        names = (text_at(entry, f"inventor_name_{part}") for part in ("first", "last"))
        if name := " ".join(name for name in names if name):
            inventors.append(
                {
                    "name": name,
                    "country": _country(text_at(entry, "inventor_country")),
                    "province": text_at(entry, "inventor_state") or None,
                    "city": text_at(entry, "inventor_city") or None,
                }
            )
    row["inventors"] = inventors


def _country(text: str) -> str | None:
    return text if re.fullmatch(r"[A-Z]{2}", text) else None


def _set_status(row: Row, found: dict[str, Any], notes: Notes) -> None:
    told = text_at(found, "decision").upper()
    row["legal_status"] = _DECISIONS.get(told.removeprefix("CONT-"))  # of a continuation
    if told and row["legal_status"] is None:
        notes.warn(f"unknown decision: {told!r}")
    abandoned = date_at(found, notes, "abandon_date")
    if row["legal_status"] == "granted":
        row["status_date"] = row["grant_date"]
    elif row["legal_status"] == "refused":
        row["status_date"] = abandoned
    if abandoned is not None:
        row["legal_events"] = [{"date": abandoned, "name": "abandoned"}]
    days = (row.get(column) for column in ("publication_date", "grant_date", "status_date"))
    produced = date_at(found, notes, "date_produced")
    known = [day for day in (produced, *days) if day is not None]
    row["transaction_date"] = max(known, default=None)


SOURCE = Source(
    name="hupd",
    title="Harvard USPTO Patent Dataset (HUPD), JSON",
    kinds=("patent",),
    recognises=recognises,
    read=read,
    sample="hupd.json",
    fields={
        "patent": frozenset(
            {
                *("id", "publication_number", "application_number", "other_numbers", "office"),
                *("kind_code", "patent_type", "filing_date", "publication_date", "grant_date"),
                *("titles", "abstracts", "claims", "description", "claim_count", "ipc", "cpc"),
                *("other_classes", "inventors", "examiners", "legal_status", "status_date"),
                *("legal_events", "is_event", "source", "product", "transaction_date"),
            }
        )
    },
    can_split=True,
    rank=75,
    is_verified=False,
)
