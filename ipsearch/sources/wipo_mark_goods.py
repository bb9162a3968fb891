"""The goods and services of a mark in ST.66 and ST.96: one entry a Nice class."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ipsearch.classification import parse_nice
from ipsearch.errors import ClassificationError
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.uspto_trademark import split_goods
from ipsearch.sources.uspto_trademark_status import CLASS_STATUS
from ipsearch.sources.wipo_elements import child_of, date_of, every, in_one_language, value

_TEXTS = ("GoodsServicesDescriptionText", "GoodsServicesDescription", "GoodsServicesText")
_NO_NICE_CLASS = ("A", "B", "200")  # the USPTO's classes of certification and membership marks
_SEPARATOR = re.compile(r"[()（）;；]")


def read_classes(
    element: etree._Element, row: Row, language: str | None, notes: Notes
) -> list[dict[str, Any]]:
    """The classes of every `GoodsServices` in `element`, each with the status of the whole mark.

    A description that names no class is of the only one beside it, or of none.
    """
    return [
        entry
        for goods in every(element, "GoodsServices")
        for entry in _entries(goods, row, language, notes)
    ]


def _entries(
    goods: etree._Element, row: Row, language: str | None, notes: Notes
) -> list[dict[str, Any]]:
    listed, edition = _listed(goods, notes)
    entries: dict[int | None, dict[str, Any]] = {}

    def entry_of(nice_class: int | None) -> dict[str, Any]:
        if nice_class not in entries:
            entries[nice_class] = {
                "nice_class": nice_class,
                "edition": edition,
                "similar_groups": [],
                "goods": [],
                "status": row.get("legal_status"),
                "status_date": row.get("status_date"),
            }
        return entries[nice_class]

    for nice_class in listed:
        entry_of(nice_class)
    for description in every(goods, "ClassDescription"):
        number = value(description, "ClassNumber")
        items = _items(description, row["office"], language)
        status = _status(description, row["office"], notes)
        if number is None and not items and status is None:
            continue
        named = _nice(number, notes) if number else listed[0] if len(listed) == 1 else None
        entry = entry_of(named)
        entry["goods"] += items
        if status is not None:
            entry["status"], entry["status_date"] = status
    if not entries and (items := _items(goods, row["office"], language)):
        entry_of(None)["goods"] = items
    return list(entries.values())


def _listed(goods: etree._Element, notes: Notes) -> tuple[list[int], str | None]:
    """The Nice classes that are listed, and the edition; the office's own classes are none."""
    numbers: dict[str, list[str]] = {}
    edition: str | None = None
    for classification in every(goods, "GoodsServicesClassification"):
        kind = value(classification, "ClassificationKindCode") or "Nice"
        if number := value(classification, "ClassNumber"):
            numbers.setdefault(kind, []).append(number)
        edition = edition or value(classification, "ClassificationVersion")
    chosen = numbers.get("Nice") or numbers.get("Primary") or []
    classes = (_nice(number, notes) for number in chosen)
    edition = edition or value(goods, "ClassificationVersion")
    return list(dict.fromkeys(found for found in classes if found is not None)), edition


def _nice(number: str, notes: Notes) -> int | None:
    if number in _NO_NICE_CLASS:
        return None
    try:
        return parse_nice(number)
    except ClassificationError:
        notes.warn("classes: not a Nice class")
        return None


def _items(element: etree._Element, office: str, language: str | None) -> list[str]:
    terms = in_one_language(every(element, "ClassificationTermText"), language)
    text = "; ".join(in_one_language(every(element, *_TEXTS), language))
    if not text:
        return terms
    return split_goods(text) if office == "US" else split_items(text)


def split_items(text: str) -> list[str]:
    """Split goods and services at the semicolons outside parentheses.

    >>> split_items("茶；茶饮料（罐装；瓶装）; tea.")
    ['茶', '茶饮料（罐装；瓶装）', 'tea']
    """
    items, depth, begin = [], 0, 0
    for match in _SEPARATOR.finditer(text):
        if match[0] in "(（":
            depth += 1
        elif match[0] in ")）":
            depth = max(0, depth - 1)
        elif depth == 0:
            items.append(text[begin : match.start()])
            begin = match.end()
    items.append(text[begin:])
    tidy = (" ".join(item.split()).rstrip(".。").strip() for item in items)
    return [item for item in tidy if item]


def _status(description: etree._Element, office: str, notes: Notes) -> tuple[str, Any] | None:
    """What a US class has for a status of its own, and since when."""
    national = child_of(description, "NationalStatusBag", "NationalStatus")
    code = value(description, "ClassNumberStatusCode") or value(national, "NationalStatusCode")
    status = CLASS_STATUS.get(code or "") if office == "US" else None
    if status is None:
        return None
    when = value(description, "ClassNumberStatusDate") or value(national, "NationalStatusDate")
    return status, date_of(when, notes, "classes.status_date")
