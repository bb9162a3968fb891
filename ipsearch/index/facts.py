"""Here is a batch of records, give me the values by which they are told apart: terms and integers.

A field of terms gives each record its values, a space between two; all of them go to the engine as
one text (see `schema.FACTS`). Columns are turned to text by Arrow, a batch at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.classification import ancestors
from ipsearch.identifiers import filed_numbers
from ipsearch.index.documents import without_reserved
from ipsearch.index.numbers import PACKED, with_own
from ipsearch.marks.keys import filed_keys
from ipsearch.records import Kind

_SPACE = re.compile(b" ")

Field = Callable[[pa.RecordBatch], pa.Array]
"""A batch -> a value a record: for terms "" is none, for integers null."""


def facts(batch: pa.RecordBatch, kind: Kind) -> list[str]:
    """Give each record its terms, each behind the name of its field and a colon."""
    columns = []
    for name, field in TERMS[kind].items():
        values = field(batch)
        if not values.buffers()[2]:
            continue
        named = pc.replace_substring(values, " ", f" {name}:") if _has_spaces(values) else values
        columns.append(
            pc.if_else(
                pc.equal(values, ""), None, pc.binary_join_element_wise(f"{name}:", named, "")
            )
        )
    joined = pc.binary_join_element_wise(*columns, " ", null_handling="skip")
    return joined.to_pylist()  # type: ignore[no-any-return]


def integers(batch: pa.RecordBatch, kind: Kind) -> dict[str, list[int | None]]:
    """Give every field of integers that any record has its column."""
    columns = {name: field(batch) for name, field in INTEGERS[kind].items()}
    return {
        name: column.to_pylist()
        for name, column in columns.items()
        if column.null_count < len(column)
    }


def _has_spaces(values: pa.Array) -> bool:
    data = values.buffers()[2]
    return data is not None and _SPACE.search(data) is not None


def _as_terms(values: pa.Array) -> pa.Array:
    """Give the values without nulls and spaces: each is one term."""
    if _has_spaces(values):
        values = pc.replace_substring(values, " ", "")
    return pc.fill_null(values, "") if values.null_count else values


def _single(name: str) -> Field:
    return lambda batch: _as_terms(batch.column(name))


def _both(first: str, second: str) -> Field:
    """Give the values of two columns."""

    def field(batch: pa.RecordBatch) -> pa.Array:
        pair = [_as_terms(batch.column(name)) for name in (first, second)]
        return pc.utf8_trim(pc.binary_join_element_wise(*pair, " "), " ")

    return field


def _filed(name: str, inner: str, file: Callable[[str], Sequence[str]]) -> Field:
    """File the numbers `inner` of the structs of a list: once each that differs."""

    def field(batch: pa.RecordBatch) -> pa.Array:
        lists = batch.column(name)
        encoded = without_reserved(lists.values.field(inner)).dictionary_encode()
        numbers = encoded.dictionary.to_pylist()
        filed = [" ".join(key.replace(" ", "") for key in file(number)) for number in numbers]
        values = pc.fill_null(pc.take(pa.array(filed, pa.string()), encoded.indices), "")
        joined = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, values), " ")
        return _tidy(joined) if pc.any(pc.equal(values, "")).as_py() else joined

    return field


def _as_priority(number: str) -> Sequence[str]:
    return filed_numbers(publication_number=None, application_number=number)


def _as_citation(number: str) -> Sequence[str]:
    return filed_numbers(publication_number=number, application_number=None)


def _tidy(joined: pa.Array) -> pa.Array:
    """Take out the spaces that empty values leave."""
    return pc.utf8_trim(pc.replace_substring_regex(joined, " {2,}", " "), " ")


def _spread(name: str, spread: Callable[[str], str]) -> Field:
    """Join what `spread` makes of the values of a list of strings: once of each that differs."""

    def field(batch: pa.RecordBatch) -> pa.Array:
        lists = batch.column(name)
        encoded = lists.values.dictionary_encode()
        terms = pa.array([spread(value) for value in encoded.dictionary.to_pylist()], pa.string())
        values = pc.fill_null(pc.take(terms, encoded.indices), "")
        joined = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, values), " ")
        return _tidy(joined) if pc.any(pc.equal(values, "")).as_py() else joined

    return field


@cache
def _with_ancestors(symbol: str) -> str:
    return " ".join(ancestors(symbol)) or symbol.replace(" ", "")


def _levels(separator: str) -> Callable[[str], str]:
    """Spread a code into what it begins with: 08-05 and 08; 03.01.08, 03.01, 03."""

    def spread(code: str) -> str:
        parts = code.replace(" ", "").split(separator)
        return " ".join(separator.join(parts[: i + 1]) for i in range(len(parts)))

    return spread


def _not_packed(field_name: str, name: str) -> Field:
    """Give the values that are terms by themselves."""

    def field(batch: pa.RecordBatch) -> pa.Array:
        values = _as_terms(batch.column(name))
        return pc.if_else(pc.match_substring_regex(values, PACKED[field_name]), "", values)

    return field


def _patent_numbers(batch: pa.RecordBatch) -> pa.Array:
    own = [_as_terms(batch.column(name)).to_pylist() for name in ("id", "application_key")]
    filed = _filed_rows(batch, "publication_number")
    return pa.array(list(map(with_own, filed, *own)), pa.string())


def _mark_numbers(batch: pa.RecordBatch) -> pa.Array:
    return pa.array(list(map(" ".join, _filed_rows(batch, "registration_number"))), pa.string())


def _filed_rows(batch: pa.RecordBatch, publication: str) -> Iterator[Sequence[str]]:
    columns = (publication, "application_number", "other_numbers")
    for p, a, o in zip(*(batch.column(name).to_pylist() for name in columns), strict=True):
        yield filed_numbers(publication_number=p, application_number=a, others=o or ())


def _kinds(batch: pa.RecordBatch) -> pa.Array:
    """Give the kind code and its letter."""
    codes = _as_terms(batch.column("kind_code"))
    letters = pc.binary_join_element_wise(codes, pc.utf8_slice_codeunits(codes, 0, 1), " ")
    return pc.if_else(pc.greater(pc.binary_length(codes), 1), letters, codes)


def _class_terms(spread: Callable[[Mapping[str, object]], str]) -> Field:
    """Join what `spread` makes of each of a mark's classes."""

    def field(batch: pa.RecordBatch) -> pa.Array:
        rows = batch.column("classes").to_pylist()
        joined = (" ".join(filter(None, map(spread, classes or ()))) for classes in rows)
        return pa.array(list(joined), pa.string())

    return field


def _nice_class(item: Mapping[str, object]) -> str:
    return str(item["nice_class"] or "")


def _groups(item: Mapping[str, object]) -> str:
    groups: list[dict[str, str]] = item["similar_groups"] or []  # type: ignore[assignment]
    return " ".join(
        f"{group['group']} {group['group']}-{group['part']}" if group["part"] else group["group"]
        for group in groups
        if group["group"]
    )


WITHOUT_CLASS = "-"
"""Among the keys of a sign: its record names no class."""


def _sign_keys(batch: pa.RecordBatch) -> pa.Array:
    """File a mark under the keys of its words and of their transliteration."""
    texts = (batch.column(name).to_pylist() for name in ("mark_text", "transliteration"))
    joined = []
    for text, other, classes in zip(*texts, batch.column("classes").to_pylist(), strict=True):
        keys = dict.fromkeys(filed_keys(text)) if text else {}
        if other:
            keys.update(dict.fromkeys(filed_keys(other)))
        if keys and not any(item["nice_class"] for item in classes or ()):
            keys[WITHOUT_CLASS] = None
        joined.append(" ".join(keys))
    return pa.array(joined, pa.string())


def _date(name: str) -> Field:
    def field(batch: pa.RecordBatch) -> pa.Array:
        column = batch.column(name)
        if column.null_count == len(column):
            return pa.nulls(len(column), pa.int64())
        month = pc.add(pc.multiply(pc.year(column), 100), pc.month(column))
        return pc.add(pc.multiply(month, 100), pc.day(column))

    return field


def _ingestions(batch: pa.RecordBatch) -> pa.Array:
    return batch.column("ingestion")


def _claim_counts(batch: pa.RecordBatch) -> pa.Array:
    return pc.coalesce(batch.column("claim_count"), pc.list_value_length(batch.column("claims")))


TERMS: dict[Kind, dict[str, Field]] = {
    "patent": {
        "id": _not_packed("id", "id"),
        "app": _not_packed("app", "application_key"),
        "num": _patent_numbers,
        "pr": _filed("priorities", "number", _as_priority),
        "ct": _filed("citations", "publication_number", _as_citation),
        "fam": _both("family_id", "extended_family_id"),
        "office": _single("office"),
        "kind": _kinds,
        "type": _single("patent_type"),
        "ls": _single("legal_status"),
        "ipc": _spread("ipc", _with_ancestors),
        "cpc": _spread("cpc", _with_ancestors),
        "loc": _spread("locarno", _levels("-")),
        "src": _single("source"),
    },
    "trademark": {
        "id": _single("id"),
        "app": _single("application_key"),
        "num": _mark_numbers,
        "pr": _filed("priorities", "number", _as_priority),
        "office": _single("office"),
        "type": _both("mark_kind", "mark_category"),
        "ls": _single("legal_status"),
        "nc": _class_terms(_nice_class),
        "sg": _class_terms(_groups),
        "vc": _spread("vienna_codes", _levels(".")),
        "sn": _sign_keys,
        "src": _single("source"),
    },
}
INTEGERS: dict[Kind, dict[str, Field]] = {
    "patent": {
        "pd": _date("publication_date"),
        "ad": _date("filing_date"),
        "prd": _date("priority_date"),
        "gd": _date("grant_date"),
        "nclaims": _claim_counts,
        "seq": _ingestions,
    },
    "trademark": {
        "ad": _date("filing_date"),
        "prd": _date("priority_date"),
        "pd": _date("preliminary_publication_date"),
        "rd": _date("registration_date"),
        "ed": _date("expiry_date"),
        "seq": _ingestions,
    },
}

COLUMNS: dict[Kind, tuple[str, ...]] = {
    "patent": (
        *("id", "application_key", "publication_number", "application_number", "other_numbers"),
        *("priorities.number", "citations.publication_number", "family_id", "extended_family_id"),
        *("office", "kind_code", "patent_type", "legal_status", "ipc", "cpc", "locarno", "source"),
        *("publication_date", "filing_date", "priority_date", "grant_date", "claim_count"),
        "ingestion",
    ),
    "trademark": (
        *("id", "application_key", "registration_number", "application_number", "other_numbers"),
        *("priorities.number", "office", "mark_kind", "mark_category", "legal_status"),
        *("mark_text", "transliteration", "classes.nice_class", "classes.similar_groups"),
        *("vienna_codes", "source"),
        *("filing_date", "priority_date", "preliminary_publication_date", "registration_date"),
        *("expiry_date", "ingestion"),
    ),
}
"""What the fields here are made of, and the segmented ones besides: more need not be read."""
