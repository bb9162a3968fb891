"""Values from JSON or another Arrow schema -> values of the record schemas, checked by type.

For every column of a kind there is one function, made from its Arrow type. It takes the forms
that people write by hand as well: a string for a text, a party, a class or a cited number.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pyarrow as pa

from ipsearch.classification import parse_nice, parse_similar_group
from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers import PublicationNumber
from ipsearch.records import (
    CITATION,
    MARK_CLASS,
    OTHER_CLASS,
    PARTY,
    PASSAGE,
    SCHEMAS,
    SIMILAR_GROUP,
    TEXT,
    Kind,
    Row,
)
from ipsearch.sources.base import Notes
from ipsearch.sources.dates import parse_date
from ipsearch.sources.passages import guess_language, make_text, split_claims, split_paragraphs

Convert = Callable[[Any, Notes], Any]
"""A value that is not None -> what the column takes; raises `RecordError` for a wrong type."""

_MOST_SHAPES = 100
_CLAIM_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.．、]\s*(?!\d)")


@cache
def converters(kind: Kind) -> dict[str, Convert]:
    """Column -> the function that converts a value for it."""
    made = {field.name: _converter(field.type) for field in SCHEMAS[kind]}
    if kind == "patent":
        made["claims"] = _claims
        made["description"] = _description
    return made


def _converter(type_: pa.DataType) -> Convert:
    if pa.types.is_string(type_):
        return _string
    if pa.types.is_date(type_):
        return _date
    if pa.types.is_boolean(type_):
        return _boolean
    if pa.types.is_integer(type_):
        return _integer_up_to((1 << (type_.bit_width - 1)) - 1)
    if pa.types.is_struct(type_):
        return _struct(type_)
    return _list(_converter(type_.value_type), type_.value_type)


def _string(value: Any, notes: Notes) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise RecordError(f"not a text: {value!r}")


def _date(value: Any, notes: Notes) -> datetime.date | None:
    try:
        return parse_date(value)
    except ValueError as error:
        notes.warn(str(error))
        return None


def _boolean(value: Any, notes: Notes) -> bool:
    if isinstance(value, bool):
        return value
    raise RecordError(f"neither true nor false: {value!r}")


def _integer_up_to(largest: int) -> Convert:
    def convert(value: Any, notes: Notes) -> int:
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
            raise RecordError(f"not a whole number from 0 to {largest}: {value!r}")
        return value

    return convert


def _list(convert: Convert, element: pa.DataType) -> Convert:
    """A list of what `convert` takes; one that stands alone is a list of one."""
    from_text = _FROM_TEXT.get(element)
    fields = list(element) if pa.types.is_struct(element) else []
    names = frozenset(field.name for field in fields)
    is_plain = bool(fields) and all(pa.types.is_string(field.type) for field in fields)
    needs_language = element in (TEXT, PASSAGE)

    right_shapes: set[tuple[str, ...]] = set()  # the keys of objects seen, none too many

    def is_right(shape: tuple[str, ...]) -> bool:
        if not names.issuperset(shape) or (needs_language and "language" not in shape):
            return False
        if len(right_shapes) < _MOST_SHAPES:
            right_shapes.add(shape)
        return True

    def are_right(values: list[Any]) -> bool:
        for item in values:
            if type(item) is not dict:
                return False
            shape = tuple(item)
            if shape not in right_shapes and not is_right(shape):
                return False
            for value in item.values():
                if type(value) is not str and value is not None:
                    return False
        return True

    def convert_one(item: Any, notes: Notes) -> Any:
        if from_text is not None and not isinstance(item, dict):
            return from_text(item)
        made = convert(item, notes)
        if needs_language and "language" not in item:
            made["language"] = guess_language(made.get("text") or "")
        return made

    def convert_all(value: Any, notes: Notes) -> list[Any]:
        values: list[Any] = value if isinstance(value, list) else [value]
        if is_plain and are_right(values):
            return values  # the usual case: it must be quick
        return [convert_one(item, notes) for item in values if item is not None]

    return convert_all


def _struct(type_: pa.StructType) -> Convert:
    fields = {field.name: _converter(field.type) for field in type_}

    def convert(value: Any, notes: Notes) -> Row:
        if not isinstance(value, dict):
            raise RecordError(f"not an object with {', '.join(fields)}: {value!r}")
        made: Row = {}
        for key, part in value.items():
            if key not in fields:
                notes.unmapped.add(str(key))
            elif part is not None:
                made[key] = fields[key](part, notes)
        return made

    return convert


def _text(value: Any) -> Row:
    return make_text(_as_text(value))


def _passage(value: Any) -> Row:
    return {"label": None, **make_text(_as_text(value))}


def _party(value: Any) -> Row:
    return {"name": _as_text(value)}


def _citation(value: Any) -> Row:
    text = _as_text(value)
    try:
        return {"publication_number": str(PublicationNumber.parse(text))}
    except IdentifierError:
        return {"text": text}


def _other_class(value: Any) -> Row:
    return {"scheme": None, "symbol": _as_text(value)}


def _mark_class(value: Any) -> Row:
    try:
        return {"nice_class": parse_nice(str(value))}
    except ValueError as error:
        raise RecordError(str(error)) from None


def _similar_group(value: Any) -> Row:
    try:
        group, part = parse_similar_group(_as_text(value))
    except ValueError as error:
        raise RecordError(str(error)) from None
    return {"group": group, "part": part}


def _as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise RecordError(f"neither a text nor an object: {value!r}")
    return value


_FROM_TEXT: dict[pa.DataType, Callable[[Any], Row]] = {
    TEXT: _text,
    PASSAGE: _passage,
    PARTY: _party,
    CITATION: _citation,
    OTHER_CLASS: _other_class,
    MARK_CLASS: _mark_class,
    SIMILAR_GROUP: _similar_group,
}


_passages = _list(_struct(PASSAGE), PASSAGE)


def _claims(value: Any, notes: Notes) -> Any:
    """Claims as objects, as one text, or as texts: these are numbered in order."""
    if isinstance(value, str):
        return split_claims(value)
    claims = _passages(value, notes)
    for number, (given, claim) in enumerate(zip(value, claims, strict=False), start=1):
        if isinstance(given, str):
            claim["label"] = str(number)
            match = _CLAIM_NUMBER.match(given)
            if match is not None and int(match[1]) == number:
                claim["text"] = given[match.end() :]
    return claims


def _description(value: Any, notes: Notes) -> Any:
    return split_paragraphs(value) if isinstance(value, str) else _passages(value, notes)
