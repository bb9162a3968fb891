"""CNIPA's records of legal status (`business:PRSRecord`): what happened to an application.

A record names the application, in the office's own number and in the standard form, the day of
the announcement, the event's code and name (未缴年费专利权终止) and free text with the details. It
is news of a record, no record by itself. What the event means for the legal status is told by its
name (`status_words.STATUS_WORDS`), or by its code where the name is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import ApplicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.cnipa_elements import elements_of, name_of
from ipsearch.sources.status_words import read_status
from ipsearch.sources.xml_cut_out import convert_documents
from ipsearch.sources.xml_documents import looks_like
from ipsearch.sources.xml_text import read_date, text_of

_ROOT_TAG = re.compile(rb"<(?:[\w.-]+:)?PRSRecord[\s>]")
_TYPES = {"10": "invention", "20": "utility_model", "30": "design"}

# The letters of the office's codes (CF01, TR01 ...). Those left out leave the status as it is.
_STATUS_OF_CODE = {
    "PB": "pending",  # publication
    "SE": "pending",  # substantive examination begins
    "GR": "granted",
    "CF": "lapsed",  # annual fee not paid
    "AV": "lapsed",  # given up
    "CX": "expired",  # end of term
    "WW": "withdrawn",
    "WD": "withdrawn",  # deemed withdrawn
    "AD": "withdrawn",  # the right to grant deemed abandoned
    "RJ": "refused",
    "IW": "revoked",  # invalid as a whole
}
_NUMBER_IN_TEXT = re.compile(r"(?:专利号|申请号)\s*[:：]?\s*((?:ZL|CN)?\s*\d{8,12}\.?[\dX]?)")
_RESTORED = ("权利的恢复", "专利权的恢复", "权利恢复", "恢复")
_WAS_GRANTED = ("年费", "专利权的终止", "专利权终止")  # what a restoration undoes
_WAS_PENDING = ("撤回", "驳回", "放弃取得")


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the records of `input`, one event each."""
    for item in convert_documents(input, ("PRSRecord",), _convert):
        if isinstance(item, Reject):
            yield item
        else:
            yield Record("patent", item.content, item.position)


def _convert(root: etree._Element, notes: Notes) -> Row:
    if (root.get("status") or "").upper() == "D":
        raise RecordError(f"the office took this event back: PRSID {root.get('PRSID')!r}")
    numbers: dict[str, str] = {}  # data format -> number
    texts: dict[str, str] = {}
    row: Row = {"office": "CN", "source": SOURCE.name, "product": "", "is_event": True}
    for child in elements_of(root):
        name = name_of(child)
        if name == "ApplicationReference":
            _read_reference(child, numbers, row, notes)
        elif name == "PRSInformation":
            texts[name] = _lines_of(child)
        elif name in _TEXTS:
            texts[name] = text_of(child)
        elif text_of(child):
            notes.unmapped.add(name)
    details = texts.get("PRSInformation", "")
    printed = numbers.get("original") or numbers.get("standard") or ""
    if not printed and (told := _NUMBER_IN_TEXT.search(details)):
        printed = told[1]
    try:
        number = ApplicationNumber.parse(printed, "CN")
    except IdentifierError:
        raise RecordError(f"an event without an application: {printed!r}") from None
    if number.check_digit_is_wrong:
        notes.warn("application_number: its check digit is wrong")
    row["id"] = row["application_number"] = str(number)
    row["office"] = number.office
    day = read_date(texts.get("PRSPublicationDate"), notes, "legal_events")
    code, event = texts.get("PRSCode") or None, texts.get("PRSValue") or None
    if not (code or event or details):
        raise RecordError(f"an event that says nothing: {number}")
    row["transaction_date"] = day
    row["legal_events"] = [{"date": day, "code": code, "name": event, "text": details or None}]
    status = _status(code or "", event or "", details, notes)
    if status is not None:
        row["legal_status"], row["status_date"] = status, day
    return row


def _lines_of(element: etree._Element) -> str:
    """The details as they stand, a fact on each line: 变更前权利人, 变更后权利人 ..."""
    lines = (" ".join(line.split()) for line in "".join(map(str, element.itertext())).split("\n"))
    return "\n".join(line for line in lines if line)


def _read_reference(
    element: etree._Element, numbers: dict[str, str], row: Row, notes: Notes
) -> None:
    values: dict[str, str] = {}
    for child in element.iter():
        if len(child) == 0 and (text := text_of(child)):
            values.setdefault(name_of(child), text)
    if number := values.get("DocNumber"):
        numbers.setdefault(element.get("dataFormat") or "original", number)
    if (day := read_date(values.get("Date"), notes, "filing_date")) is not None:
        row.setdefault("filing_date", day)
    if patent_type := _TYPES.get(element.get("applType") or ""):
        row.setdefault("patent_type", patent_type)


def _status(code: str, event: str, details: str, notes: Notes) -> str | None:
    """What the event makes of the legal status; None if it leaves it as it is."""
    if event in _RESTORED or code.startswith("RR"):
        if any(word in details for word in _WAS_GRANTED):
            return "granted"
        if any(word in details for word in _WAS_PENDING):
            return "pending"
        notes.warn("a right was restored, and nothing says which: the status stays as it is")
        return None
    status, _, unknown = read_status(event)
    if unknown and status is None:
        status = _STATUS_OF_CODE.get(code[:2].upper())
        if status is None:
            notes.warn(f"unknown legal event: {event!r}")
    if not event:
        return _STATUS_OF_CODE.get(code[:2].upper())
    return "granted" if status == "registered" else status


_TEXTS = frozenset(
    # the type of right is in the reference already; the indicator's values are not known
    {"PRSPublicationDate", "PRSCode", "PRSValue", "IPRType", "StatusIndicator"}
)

SOURCE = Source(
    name="cnipa_legal",
    title="CNIPA legal status of patents, XML (PRSRecord): events",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="cnipa_legal.xml",
    fields={
        "patent": frozenset(
            {
                *("id", "application_number", "office", "patent_type", "filing_date"),
                *("legal_status", "status_date", "legal_events"),
                *("is_event", "source", "product", "transaction_date"),
            }
        )
    },
    can_split=True,
    rank=0,
    is_verified=False,
)
