"""Here is a clause about a value, not a text, give me the query: numbers, classes, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import tantivy

from ipsearch.classification import parse_symbol
from ipsearch.errors import ClassificationError, IdentifierError, QueryError
from ipsearch.identifiers import lookup_keys
from ipsearch.index import FACTS, any_of, engine_schema, fact, fact_query
from ipsearch.records import LIVENESS, Kind
from ipsearch.search.fields import Field

_BEGINNING_OF_CLASS = re.compile(r"[A-HY](\d{1,2}([A-Z](\d{1,4}(/\d{0,6})?)?)?)?")


def with_facts(kind: Kind, values: Iterable[str], fields: Iterable[str]) -> list[tantivy.Query]:
    """Find the records that have one of the values in one of the fields: a query for each."""
    return [fact_query(kind, name, value) for name in fields for value in values]


def with_number(kind: Kind, text: str, named: Field) -> tantivy.Query:
    """Find the records that go by a number, in any spelling; raise `QueryError` if it is none."""
    try:
        keys = lookup_keys(text)
    except IdentifierError as error:
        raise QueryError(str(error)) from None
    return any_of(with_facts(kind, keys, named.indexed))


def with_value(kind: Kind, text: str, named: Field) -> tantivy.Query:
    """Find the records with a value in a field of terms; raise `QueryError` if none is like it."""
    if named.nature == "class" and text.endswith("*"):
        return _with_class_like(kind, text, named)
    return any_of(with_facts(kind, _values(text, named), named.indexed))


def _values(text: str, named: Field) -> Sequence[str]:
    """Give what the index keeps of a value as it was typed."""
    plain = text.replace(" ", "")
    if named.nature == "class":
        try:
            return [parse_symbol(text)]
        except ClassificationError as error:
            raise QueryError(str(error)) from None
    match named.name:
        case "office" | "kind":
            return [plain.upper()]
        case "ls" | "type":
            return [plain.lower()]
        case "ld":
            return list(LIVENESS[text])
        case "nc":
            return [plain.removeprefix("第").removesuffix("类").lstrip("0") or "0"]
        case "sg":
            return [_similar_group(text)]
    return [plain]


def _with_class_like(kind: Kind, text: str, named: Field) -> tantivy.Query:
    """Find the classes whose symbol begins so."""
    begin = text.rstrip("*").replace(" ", "").upper()
    if not _BEGINNING_OF_CLASS.fullmatch(begin):
        raise QueryError(f"not the beginning of a class symbol: {text!r}")
    schema = engine_schema(kind)
    return any_of(
        [
            tantivy.Query.regex_query(schema, FACTS, fact(kind, name, begin) + ".*")
            for name in named.indexed
        ]
    )


def in_range(kind: Kind, low: int | None, high: int | None, named: Field) -> tantivy.Query:
    """Find the records whose integer is in a span, both ends included, in one of the fields."""
    schema, integer = engine_schema(kind), tantivy.FieldType.Integer
    return any_of(
        [
            tantivy.Query.range_query(schema, name, integer, low, high, True, True)
            for name in named.indexed
        ]
    )


def _similar_group(text: str) -> str:
    from ipsearch.classification import parse_similar_group

    try:
        group, part = parse_similar_group(text)
    except ClassificationError as error:
        raise QueryError(str(error)) from None
    return f"{group}-{part}" if part else group
