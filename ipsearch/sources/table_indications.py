"""Rows of a table of geographical indications (地理标志) -> the columns of `TRADEMARK`.

An indication is a sign of the kind `geographical_indication`: the product's name is its text, the
area that it may come from and the quality it must have are its description, the applicant its
owner. Each enterprise that may use the sign is an event, so that rows of one indication, one for
each enterprise, become one record. Most lists give no number: the indication then goes by its
name, which the office gives once.
"""

from __future__ import annotations

import unicodedata

from ipsearch.classification import parse_nice
from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import mark_number
from ipsearch.records import Row
from ipsearch.sources.indications import AUTHORISED_USER, CATEGORY
from ipsearch.sources.table_context import Cells
from ipsearch.sources.table_headers import Layout
from ipsearch.sources.table_patents import parties_of, set_status
from ipsearch.sources.table_values import read_country, split_classes, split_list, split_names

USE_APPROVED = "核准使用地理标志专用标志"
"""The event that an enterprise may use the sign; its text is the enterprise's name."""

_PROTECTED = "地理标志保护公告"
_DESCRIPTIONS = {  # target -> the word before its text
    "area": "地域范围",
    "region": "所属地区",
    "quality": "质量要求",
    "product_kind": "产品类别",
}


def is_indication(layout: Layout) -> bool:
    """Whether a table is one of geographical indications, by its columns."""
    return layout.kind == "trademark" and "indication" in layout.columns


def read_indication(cells: Cells) -> Row:
    """Make the row of an indication; raise `RecordError` if it has neither name nor number."""
    office = read_country(cells.get("office")) or "CN"
    name = " ".join((cells.get("indication") or cells.get("mark_text")).split())
    row: Row = {"office": office, "mark_category": CATEGORY}
    _set_numbers(cells, row, office, name)
    if name:
        row["mark_text"] = name
    lines = [
        f"{word}：{' '.join(text.split())}"
        for target, word in _DESCRIPTIONS.items()
        if (text := cells.get(target))
    ]
    if lines:
        row["mark_description"] = "\n".join(lines)
    if names := split_names(cells.get("owners")):
        row["owners"] = parties_of(cells, "owners", names)
    _set_dates(cells, row)
    set_status(cells, row, {"granted": "registered"})
    _set_events(cells, row)
    goods = split_list(cells.get("goods")) or ([name] if name else [])
    numbers = cells.parse_all(parse_nice, split_classes(cells.get("nice_class")))
    number = numbers[0] if len(numbers) == 1 else None
    row["classes"] = [{"nice_class": number, "goods": goods}] if goods else []
    row["classes"] += [{"nice_class": each} for each in numbers if each != number]
    return row


def _set_numbers(cells: Cells, row: Row, office: str, name: str) -> None:
    for target, column in (
        ("application_number", "application_number"),
        ("registration_number", "registration_number"),
        ("certificate_number", "registration_number"),
    ):
        for text in split_list(cells.get(target))[:1]:
            try:
                row.setdefault(column, mark_number(text, office))
            except IdentifierError as error:
                cells.notes.warn(str(error))
    number = row.get("application_number") or row.get("registration_number")
    if not number and not name:
        raise RecordError("an indication with neither name nor number")
    # Full width and spaces differ from list to list; the name is the same.
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    row["id"] = number or f"{office}-GI-{plain}"


def _set_dates(cells: Cells, row: Row) -> None:
    for column in ("filing_date", "registration_date", "expiry_date"):
        if (day := cells.date(column)) is not None:
            row[column] = day
    announced = cells.date("announcement_date")
    if announced is not None:
        row.setdefault("registration_date", announced)


def _set_events(cells: Cells, row: Row) -> None:
    events: list[Row] = list(row.get("legal_events", []))
    day = cells.date("announcement_date") or row.get("registration_date")
    if (issue := cells.get("announcement")) or cells.get("announcement_date"):
        events.append({"date": day, "name": _PROTECTED, "text": issue or None})
    approved = cells.date("approval_date")
    events += [
        {"date": approved, "code": AUTHORISED_USER, "name": USE_APPROVED, "text": user}
        for user in split_names(cells.get("authorised_users"))
    ]
    if events:
        row["legal_events"] = events
    if row.get("legal_status") is None and (issue or day is not None):
        row["legal_status"] = "registered"  # such lists are of those that are protected
        if day is not None:
            row.setdefault("status_date", day)
