"""Which fields an index has, what each is good for, and how the engine keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import tantivy

from ipsearch.analysis.segmentation import FILL, HIDDEN
from ipsearch.index.numbers import NUMBERS, number_query, own_number
from ipsearch.records import Kind

INDEX_VERSION = "6"
"""Raise it with any change to a field: an index is then rebuilt from its records."""

FieldType = Literal["text", "terms", "integer"]
"""text: segmented, with positions, ranked. terms: whole values, matched as they stand. integer:
compared and sorted; a date is the integer 20210305. All fields of terms are one to the engine,
`FACTS`: each field that it is told of a record has its price."""


@dataclass(frozen=True, slots=True)
class IndexField:
    """One field of an index."""

    name: str
    type: FieldType
    meaning: str


def _fields(*rows: tuple[str, FieldType, str]) -> dict[str, IndexField]:
    return {name: IndexField(name, type_, meaning) for name, type_, meaning in rows}


PATENT_FIELDS = _fields(
    ("ti", "text", "titles"),
    ("ab", "text", "abstracts"),
    ("cl", "text", "claims"),
    ("de", "text", "description"),
    ("pa", "text", "applicants' names"),
    ("ow", "text", "owners' names"),
    ("in", "text", "inventors' names"),
    ("ag", "text", "agents' and agencies' names"),
    ("addr", "text", "applicants' and owners' addresses: country, province, city, county, line"),
    ("id", "terms", "the record's id, where it is not in `num`"),
    ("app", "terms", "the application's key, where not in `num`: what a replacement deletes by"),
    ("num", "terms", "every number, as filed, and whether it is the id or the application's key"),
    ("pr", "terms", "numbers of priorities"),
    ("ct", "terms", "publications cited"),
    ("fam", "terms", "family ids"),
    ("office", "terms", "office, two letters"),
    ("kind", "terms", "kind code and its letter"),
    ("type", "terms", "invention, utility_model, design ..."),
    ("ls", "terms", "legal status"),
    ("ipc", "terms", "IPC symbols and their ancestors"),
    ("cpc", "terms", "CPC symbols and their ancestors"),
    ("loc", "terms", "Locarno classes and subclasses"),
    ("src", "terms", "source"),
    ("pd", "integer", "publication date"),
    ("ad", "integer", "filing date"),
    ("prd", "integer", "earliest priority date"),
    ("gd", "integer", "grant date"),
    ("nclaims", "integer", "number of claims"),
    ("seq", "integer", "number of the ingestion that last changed the record"),
)

TRADEMARK_FIELDS = _fields(
    ("tm", "text", "words of the mark, transliteration, translation"),
    ("gs", "text", "goods and services"),
    ("ow", "text", "owners' names"),
    ("ag", "text", "agents' and agencies' names"),
    ("addr", "text", "owners' addresses"),
    ("md", "text", "description of the mark and disclaimer"),
    ("id", "terms", "the record's id"),
    ("app", "terms", "the application's key: what a replacement deletes by"),
    ("num", "terms", "every number, as filed"),
    ("pr", "terms", "numbers of priorities"),
    ("office", "terms", "office, two letters"),
    ("type", "terms", "kind and category of the mark"),
    ("ls", "terms", "legal status"),
    ("nc", "terms", "Nice classes"),
    ("sg", "terms", "similar groups, with and without their part"),
    ("vc", "terms", "Vienna codes and their ancestors"),
    ("sn", "terms", "keys of the sign, by which marks like it are found"),
    ("src", "terms", "source"),
    ("ad", "integer", "filing date"),
    ("prd", "integer", "earliest priority date"),
    ("pd", "integer", "preliminary publication date"),
    ("rd", "integer", "registration date"),
    ("ed", "integer", "expiry date"),
    ("seq", "integer", "number of the ingestion that last changed the record"),
)

FIELDS: dict[Kind, dict[str, IndexField]] = {
    "patent": PATENT_FIELDS,
    "trademark": TRADEMARK_FIELDS,
}

ENGINE = "engine"
"""The folder of the engine's own files in a generation."""

FACTS = "facts"
"""The engine's field that holds all fields of terms, each term behind its field's name; and the
dictionary words that stand in a segmented field across the border of two terms."""

ADDRESS = "address"
"""The fast field that leads from a hit to its record: part << 32 | row."""

_SEGMENTED, _WHOLE = "ipsearch_segmented", "ipsearch_whole"


@cache
def engine_schema(kind: Kind) -> tantivy.Schema:
    """Give the engine's schema of a kind's index."""
    builder = tantivy.SchemaBuilder()
    for field in FIELDS[kind].values():
        if field.type == "text":
            builder.add_text_field(field.name, tokenizer_name=_SEGMENTED, index_option="position")
        elif field.type == "integer":  # ranges go by the fast field: no list of terms is needed
            builder.add_integer_field(field.name, fast=True)
    builder.add_text_field(FACTS, tokenizer_name=_WHOLE, index_option="basic")
    builder.add_unsigned_field(ADDRESS, fast=True)
    return builder.build()


def fact(kind: Kind, field: str, value: str) -> str:
    """Give the term of `FACTS` for a value of a field of terms: spaces do not count.

    Numbers have several, see `fact_query`.
    """
    value = value.replace(" ", "")
    number = own_number(field, value) if kind == "patent" else None
    return f"num:{number}" if number else f"{field}:{value}"


def hidden(field: str, word: str) -> str:
    """Give the term of `FACTS` for a dictionary word that is hidden in a segmented field."""
    return f"{field}{HIDDEN}{word}"


def fact_query(kind: Kind, field: str, value: str) -> tantivy.Query:
    """Find the records that have this value, or go by this key, in a field of terms."""
    if field in NUMBERS:
        return number_query(engine_schema(kind), FACTS, field, value)
    return tantivy.Query.term_query(engine_schema(kind), FACTS, fact(kind, field, value))


def with_ids(kind: Kind, ids: Iterable[str]) -> tantivy.Query:
    """Find the records that have one of these ids."""
    facts = [fact(kind, "id", record) for record in ids]
    return tantivy.Query.term_set_query(engine_schema(kind), FACTS, facts)


def register_tokenizers(index: tantivy.Index) -> None:
    """Tell an opened index how our pre-segmented texts are split: at spaces, fillers counted."""
    whitespace = tantivy.Tokenizer.whitespace
    fill = tantivy.Filter.custom_stopword([FILL])
    segmented = tantivy.TextAnalyzerBuilder(whitespace()).filter(fill).build()
    index.register_tokenizer(_SEGMENTED, segmented)
    index.register_tokenizer(_WHOLE, tantivy.TextAnalyzerBuilder(whitespace()).build())
