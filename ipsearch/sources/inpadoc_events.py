"""INPADOC's legal events (`ops:legal`) -> `legal_events`, and the legal status they amount to.

An event has its fields in elements named by number: L001EP office, L003EP number (L002EP says of
what: `F` the application, `P` the publication), L004EP kind, L007EP date of the gazette, L008EP
code, L013EP state of the record (`D` deleted), L500EP details, each with its own `desc`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lxml import etree

from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.docdb_elements import child_of, elements_of
from ipsearch.sources.xml_text import local_name, read_date

STATUS_OF: dict[tuple[str, str], str] = {
    # (office, code) -> status. Only codes that settle it for the whole right: PG25 and PGRI are
    # about one contracting state (see `_states_left`), REG refers to a state's own code.
    ("EP", "17P"): "pending",
    ("EP", "17Q"): "pending",
    ("EP", "18D"): "withdrawn",
    ("EP", "18R"): "refused",
    ("EP", "18W"): "withdrawn",
    ("EP", "26"): "opposed",
    ("EP", "26N"): "granted",
    ("EP", "27A"): "granted",
    ("EP", "27O"): "granted",
    ("EP", "27W"): "revoked",
    ("US", "STCF"): "granted",
    ("US", "STCB"): "withdrawn",
    ("US", "STCH"): "lapsed",
    ("US", "LAPS"): "lapsed",
    ("US", "FP"): "lapsed",
    ("CA", "FZDE"): "withdrawn",
    ("CA", "MKLA"): "lapsed",
    ("CA", "MKEX"): "expired",
    ("CN", "PB01"): "pending",
    ("CN", "C06"): "pending",
    ("CN", "SE01"): "pending",
    ("CN", "C10"): "pending",
    ("CN", "GR01"): "granted",
    ("CN", "C14"): "granted",
    ("CN", "CF01"): "lapsed",
    ("CN", "C17"): "lapsed",
    ("CN", "C19"): "lapsed",
    ("CN", "CX01"): "expired",
    ("CN", "WD01"): "withdrawn",
    ("CN", "C02"): "withdrawn",
    ("CN", "WW01"): "withdrawn",
    ("CN", "C04"): "withdrawn",
    ("CN", "RJ01"): "refused",
    ("CN", "C12"): "refused",
    ("CN", "IW01"): "revoked",
    ("JP", "R150"): "granted",
    ("JP", "LAPS"): "lapsed",
    ("JP", "EXPY"): "expired",
    ("KR", "GRNT"): "granted",
    ("DE", "8364"): "granted",
    ("DE", "R020"): "granted",
    ("DE", "R003"): "refused",
    ("DE", "R071"): "expired",
    ("DE", "8339"): "lapsed",
    ("GB", "PE20"): "expired",
    ("GB", "PCNP"): "lapsed",
    ("FR", "ST"): "lapsed",
}
_STATUS_WORDS: tuple[tuple[str, str], ...] = (
    # EP's STAA gives the status in words; the first that is found counts
    ("DEEMED TO BE WITHDRAWN", "withdrawn"),
    ("HAS BEEN WITHDRAWN", "withdrawn"),
    ("HAS BEEN REFUSED", "refused"),
    ("REVOKED", "revoked"),
    ("NO OPPOSITION FILED", "granted"),
    ("MAINTAINED", "granted"),
    ("OPPOSITION REJECTED", "granted"),
    ("HAS BEEN GRANTED", "granted"),
    ("GRANT OF PATENT IS INTENDED", "pending"),
    ("EXAMINATION IS IN PROGRESS", "pending"),
    ("REQUEST FOR EXAMINATION WAS MADE", "pending"),
    ("PUBLICATION HAS BEEN MADE", "pending"),
)
_FREE_TEXT = "L510EP"
_EFFECTIVE = "L525EP"
_OF_STATE = "L501EP"


def read_events(elements: Iterable[etree._Element], notes: Notes) -> Row:
    """Read the events of one application: `legal_events` by date, `legal_status`, `status_date`.

    The status is that of the latest event that settles one; both are None if none does.
    """
    events: list[Row] = []
    statuses: list[tuple[date, str]] = []
    designated: set[str] = set()
    lapses: list[tuple[date, str, str]] = []  # date, state, code
    for element in elements:
        fields = fields_of(element)
        code = (fields.get("L008EP") or element.get("code") or "").strip()
        if fields.get("L013EP") == "D":
            notes.warn("legal event that the office deleted was left out")
            continue
        published = read_date(fields.get("L007EP"), notes, "legal_events")
        when = read_date(fields.get(_EFFECTIVE), notes, "legal_events") or published
        office = fields.get("L001EP", "")
        events.append(
            {
                "date": published or when,
                "code": code or None,
                "name": " ".join((element.get("desc") or "").split()) or None,
                "text": _text(element),
            }
        )
        status = STATUS_OF.get((office, code)) or _status_in_words(office, code, fields)
        if status and when:
            statuses.append((published or when, status))
        if office == "EP" and code == "AK":
            designated |= set(fields.get("L507EP", "").split())
        elif office == "EP" and code in ("PG25", "PGRI") and published:
            lapses.append((published, fields.get(_OF_STATE, ""), code))
    if designated and lapses and not _states_left(designated, lapses):
        statuses.append((max(lapses)[0], "lapsed"))
    latest = max(statuses, key=lambda entry: entry[0], default=(None, None))
    return {
        "legal_events": sorted(events, key=lambda event: event["date"] or date.min),
        "legal_status": latest[1],
        "status_date": latest[0],
    }


def fields_of(element: etree._Element) -> dict[str, str]:
    """The fields of one event, details included, by their names (`L008EP`)."""
    fields: dict[str, str] = {}
    for child in element.iter():
        if isinstance(child.tag, str) and child.text and (text := child.text.strip()):
            fields.setdefault(local_name(child.tag), text)
    return fields


def _status_in_words(office: str, code: str, fields: dict[str, str]) -> str | None:
    if (office, code) != ("EP", "STAA"):
        return None
    words = fields.get(_FREE_TEXT, "").upper()
    return next((status for phrase, status in _STATUS_WORDS if phrase in words), None)


def _states_left(designated: set[str], lapses: list[tuple[date, str, str]]) -> set[str]:
    """The contracting states in which a European patent has not lapsed, or was reinstated."""
    left = set(designated)
    for _, state, code in sorted(lapses):
        if code == "PG25":
            left.discard(state)
        else:
            left.add(state)
    return left


def _text(element: etree._Element) -> str | None:
    """The details: free text as it is, every other one after what it is."""
    details = child_of(element, "L500EP")
    parts: list[str] = []
    for child in () if details is None else elements_of(details):
        value = " ".join((child.text or "").split())
        if not value:
            continue
        meaning = child.get("descData")
        what = child.get("desc") or local_name(child.tag)
        if meaning:
            value = f"{value} ({meaning.strip()})"
        parts.append(value if local_name(child.tag) == _FREE_TEXT else f"{what}: {value}")
    return "; ".join(parts) or None
