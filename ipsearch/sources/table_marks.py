"""Rows of a table of trademarks -> the columns of `TRADEMARK`.

A table has one row per mark, or one per mark and class; `merge_marks` makes one record of several.
"""

from __future__ import annotations

import re
from typing import Any

from ipsearch.classification import parse_nice, parse_similar_group, parse_vienna
from ipsearch.errors import ClassificationError, IdentifierError, RecordError
from ipsearch.identifiers import mark_number
from ipsearch.records import Row
from ipsearch.sources.dates import parse_date
from ipsearch.sources.table_context import Cells
from ipsearch.sources.table_patents import other_numbers, parties_of, set_status
from ipsearch.sources.table_values import read_country, split_classes, split_list, split_names

_KINDS: dict[str, str] = {
    "文字": "word",
    "文字商标": "word",
    "图形": "figurative",
    "图形商标": "figurative",
    "图文": "combined",
    "组合": "combined",
    "图文组合": "combined",
    "文字图形组合": "combined",
    "组合商标": "combined",
    "立体": "3d",
    "立体商标": "3d",
    "三维标志": "3d",
    "声音": "sound",
    "声音商标": "sound",
    "颜色": "colour",
    "颜色组合": "colour",
    "颜色组合商标": "colour",
    "其他": "other",
    "word": "word",
    "word mark": "word",
    "figurative": "figurative",
    "device": "figurative",
    "combined": "combined",
    "是": "3d",  # in a column 是否立体商标
    "3d": "3d",
    "3-d": "3d",
    "three-dimensional": "3d",
    "sound": "sound",
    "colour": "colour",
    "color": "colour",
}
_CATEGORIES: dict[str, str] = {
    "一般": "trademark",
    "普通": "trademark",
    "一般商标": "trademark",
    "普通商标": "trademark",
    "商品商标": "trademark",
    "商标": "trademark",
    "服务商标": "service",
    "集体": "collective",
    "集体商标": "collective",
    "证明": "certification",
    "证明商标": "certification",
    "地理标志": "certification",
    "trademark": "trademark",
    "service mark": "service",
    "collective": "collective",
    "collective mark": "collective",
    "certification": "certification",
    "certification mark": "certification",
}
_ALIVE = ("registered", "opposed", "pending")  # before every other status, when rows differ

_CLASS_PREFIX = re.compile(r"^(?:第\s*)?(\d{1,2})\s*类\s*[:：,，]?\s*(.*)$", re.DOTALL)
_GROUP_BEFORE = re.compile(
    r"^[\[(（【]?(\d{4})(?!\d)[\])）】]?\s*[-:：,，、]?\s*(\D.*)$", re.DOTALL
)
_GROUP_BEHIND = re.compile(r"^(.*\S)\s*[\[(（【](\d{4})[\])）】]$", re.DOTALL)
_GOODS_COMMAS = re.compile(r"[,，、](?![^(（]*[)）])")  # those outside brackets
_GROUPS_APART = re.compile(r"[|;；,，、/\n\s]+(?=\d|C\d)")
_DATE = r"\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?|\d{8}"
_TERM_END = re.compile(rf"({_DATE})\D*$")
_FIGURE_ONLY = frozenset({"图形", "图形商标", "(图形)", "（图形）"})


def read_mark(cells: Cells) -> Row:
    """Make the row of a mark; raise `RecordError` if it has no number that can be read."""
    row: Row = {}
    office = read_country(cells.get("office")) or ("CN" if cells.layout.is_chinese else None)
    _set_numbers(cells, row, office)
    _set_sign(cells, row)
    _set_dates(cells, row)
    _set_parties(cells, row)
    set_status(cells, row, {"granted": "registered"})
    _set_events(cells, row)
    _set_registration(cells, row)
    classes = _classes(cells)
    if classes:
        row["classes"] = classes
        if len(classes) == 1 and row.get("legal_status"):
            classes[0]["status"] = row["legal_status"]
            classes[0]["status_date"] = row.get("status_date")
    return row


def _set_numbers(cells: Cells, row: Row, office: str | None) -> None:
    texts = {
        column: split_list(cells.get(column))[:1]
        for column in ("application_number", "registration_number")
    }
    if not any(texts.values()):
        raise RecordError("no publication, application or registration number")
    for column, (text,) in ((name, found) for name, found in texts.items() if found):
        named = office or text[:2].upper()
        if len(named) != 2 or not named.isascii() or not named.isalpha():
            raise RecordError(f"the number of a mark with no office: {text!r}")
        try:
            row[column] = mark_number(text, named)
        except IdentifierError as error:
            if len([found for found in texts.values() if found]) == 1:
                raise RecordError(str(error)) from None
            cells.notes.warn(str(error))
        row["office"] = named
    if "application_number" not in row and "registration_number" not in row:
        raise RecordError(f"no number of a mark: {texts}")
    if row["office"] == "CN":  # the registration keeps the number of the application
        row.setdefault("application_number", row.get("registration_number"))
    row["id"] = row.get("application_number") or row["registration_number"]
    if others := other_numbers(cells):
        row["other_numbers"] = others


def _set_registration(cells: Cells, row: Row) -> None:
    """A Chinese mark that was registered has its application's number as registration number."""
    is_registered = row.get("registration_date") or row.get("legal_status") == "registered"
    if row["office"] == "CN" and is_registered:
        row.setdefault("registration_number", row["application_number"])


def _set_sign(cells: Cells, row: Row) -> None:
    text = cells.get("mark_text")
    if text in _FIGURE_ONLY:
        row["mark_kind"] = "figurative"
    elif text:
        row["mark_text"] = " ".join(text.split())
    for column in ("transliteration", "translation", "mark_description", "disclaimer"):
        if value := cells.get(column):
            row[column] = value
    for target in ("mark_kind", "mark_category"):
        for word in split_list(cells.get(target)):
            plain = word.casefold()
            if plain in _KINDS:
                row["mark_kind"] = _KINDS[plain]
            elif plain in _CATEGORIES:
                row["mark_category"] = _CATEGORIES[plain]
            elif plain != "否":  # as in 是否立体商标
                cells.notes.warn(f"unknown type of mark: {word!r}")
    if codes := cells.get("vienna_codes"):
        row["vienna_codes"] = cells.parse_all(parse_vienna, split_classes(codes))


def _set_dates(cells: Cells, row: Row) -> None:
    for column in (
        "filing_date",
        "priority_date",
        "preliminary_publication_date",
        "registration_date",
        "expiry_date",
        "international_registration_date",
    ):
        if (day := cells.date(column)) is not None:
            row[column] = day
    if "expiry_date" not in row and (term := cells.get("term")):
        end = _TERM_END.search(term)
        day = cells.try_to(parse_date, end[1]) if end else None
        if day is not None:
            row["expiry_date"] = day
        elif end is None:
            cells.notes.warn(f"not a term of protection: {term!r}")
    numbers = split_list(cells.get("priority_numbers"))
    offices = split_list(cells.get("priority_offices"))
    if numbers:
        row["priorities"] = [
            {
                "office": read_country(offices[position]) if position < len(offices) else None,
                "number": number,
                "date": row.get("priority_date") if len(numbers) == 1 else None,
            }
            for position, number in enumerate(numbers)
        ]


def _set_parties(cells: Cells, row: Row) -> None:
    names = split_names(cells.get("owners"))
    if names:
        row["owners"] = parties_of(cells, "owners", names)
    if others := split_names(cells.get("co_owners")):
        row["owners"] = [*row.get("owners", []), *({"name": n} for n in others if n not in names)]
    if agents := split_names(cells.get("agents")):
        row["agents"] = [{"name": name} for name in agents]


def _set_events(cells: Cells, row: Row) -> None:
    issues = (
        ("preliminary_issue", "preliminary_publication_date", "初审公告"),
        ("registration_issue", "registration_date", "注册公告"),
    )
    events = [
        {"date": row.get(column), "name": name, "text": issue}
        for target, column, name in issues
        if (issue := cells.get(target))
    ]
    if events:
        row["legal_events"] = [*row.get("legal_events", []), *events]


def _classes(cells: Cells) -> list[Row]:
    """The classes of one row: each with the similar groups and goods that are known to be its."""
    classes: dict[int | None, Row] = {}
    for nice_class in cells.parse_all(parse_nice, _split_numbers(cells.get("nice_class"))):
        _class(classes, nice_class)
    only = next(iter(classes)) if len(classes) == 1 else None
    for text in _split_groups(cells.get("similar_groups")):
        _add_group(cells, classes, text)
    for told, group, name in _goods(cells.get("goods")):
        if group is not None:
            _add_group(cells, classes, group)
        number = told or (int(group[:2]) if group else only)
        _class(classes, number).setdefault("goods", []).append(name)
    edition = cells.get("edition")
    if edition:
        for found in classes.values():
            found["edition"] = edition
    return list(classes.values())


def _class(classes: dict[int | None, Row], number: int | None) -> Row:
    return classes.setdefault(number, {"nice_class": number})


def _split_numbers(text: str) -> list[str]:
    return [part for part in re.split(r"[|;；,，、/\n\s]+", text) if part]


def _split_groups(text: str) -> list[str]:
    return [part for part in _GROUPS_APART.split(text) if part.strip()]


def _add_group(cells: Cells, classes: dict[int | None, Row], text: str) -> None:
    """Put a group into its class, which its first two digits name."""
    try:
        group, part = parse_similar_group(text.strip().rstrip(";；,，、"))
    except ClassificationError as error:
        cells.notes.warn(str(error))
        return
    found: dict[str, str | None] = {"group": group, "part": part}
    groups = _class(classes, int(group[:2])).setdefault("similar_groups", [])
    if found not in groups:
        groups.append(found)


def _goods(text: str) -> list[tuple[int | None, str | None, str]]:
    """Split a specification into items: class and similar group, if written there, and words."""
    if not text:
        return []
    items = split_list(text)
    if len(items) == 1:
        items = [part.strip() for part in _GOODS_COMMAS.split(text) if part.strip()]
    number: int | None = None
    goods: list[tuple[int | None, str | None, str]] = []
    for item in items:
        prefix = _CLASS_PREFIX.match(item)
        if prefix is not None and 1 <= int(prefix[1]) <= 45:
            number, item = int(prefix[1]), prefix[2].strip()
        before, behind = _GROUP_BEFORE.match(item), _GROUP_BEHIND.match(item)
        if before is not None and 1 <= int(before[1][:2]) <= 45:
            goods.append((number, before[1], before[2].strip()))
        elif behind is not None and 1 <= int(behind[2][:2]) <= 45:
            goods.append((number, behind[2], behind[1].strip()))
        elif item:
            goods.append((number, None, item))
    return goods


def merge_marks(row: Row, more: Row) -> None:
    """Put `more`, another row of the same mark, into `row`.

    Classes are joined by number, lists get what is new; of single values the first known stays.
    When the rows' statuses differ, they are told for each class, and the mark's own is the one
    most alive.
    """
    merged_status = _most_alive(row.get("legal_status"), more.get("legal_status"))
    for column, value in more.items():
        if column == "classes":
            _merge_classes(row, value)
        elif isinstance(value, list):
            kept = row.setdefault(column, [])
            kept += [item for item in value if item not in kept]
        elif column in ("transaction_date", "status_date"):
            row[column] = max(day for day in (row.get(column), value) if day is not None)
        elif row.get(column) is None:
            row[column] = value
    if merged_status is not None:
        row["legal_status"] = merged_status


def _merge_classes(row: Row, classes: list[Row]) -> None:
    kept: list[Row] = row.setdefault("classes", [])
    by_number: dict[Any, Row] = {item["nice_class"]: item for item in kept}
    for found in classes:
        same = by_number.get(found["nice_class"])
        if same is None:
            kept.append(found)
            continue
        for key, value in found.items():
            if isinstance(value, list):
                items = same.setdefault(key, [])
                items += [item for item in value if item not in items]
            elif same.get(key) is None:
                same[key] = value


def _most_alive(status: str | None, other: str | None) -> str | None:
    for alive in _ALIVE:
        if alive in (status, other):
            return alive
    return status or other
