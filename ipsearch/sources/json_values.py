"""Values of a JSON object of which nobody promises the types: asked for by type, else nothing.

What has another type than it should is as good as absent; the caller's `Notes` say so.
"""

from __future__ import annotations

import datetime
from typing import Any

from ipsearch.sources.base import Notes
from ipsearch.sources.dates import parse_date

_NOTHING = frozenset({"", "None", "none", "nan", "NaN", "null", "NULL"})


def text_at(found: dict[str, Any], *path: str) -> str:
    """The text, or number as text, under nested keys; "" if there is none."""
    value: Any = found
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    return "" if text in _NOTHING else text


def dict_at(found: dict[str, Any], *path: str) -> dict[str, Any]:
    """The object under nested keys; {} if there is none."""
    value: Any = found
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def dicts_at(found: dict[str, Any], *path: str) -> list[dict[str, Any]]:
    """The objects in the list under nested keys; an object that stands alone is a list of one."""
    value: Any = found
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, dict):
        return [value]
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def texts_at(found: dict[str, Any], *path: str) -> list[str]:
    """The texts in the list under nested keys; a text that stands alone is a list of one."""
    value: Any = found
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    values = value if isinstance(value, list) else [value]
    return [text for entry in values if isinstance(entry, str) and (text := entry.strip())]


def date_at(found: dict[str, Any], notes: Notes, *path: str) -> datetime.date | None:
    """The date under nested keys; what is none is warned of."""
    text = text_at(found, *path)
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError:
        notes.warn(f"{path[-1]}: not a date")
        return None


def note_wrong_types(
    found: dict[str, Any], types: dict[str, type | tuple[type, ...]], notes: Notes
) -> None:
    """Warn of keys whose values have another type than `types` says; null is nothing."""
    for key, type_ in types.items():
        value = found.get(key)
        if value is not None and not isinstance(value, type_):
            notes.warn(f"{key}: not what it should be: {type(value).__name__}")
