"""Here is a batch of records, give me what each field of the index is told of them.

Columns are turned to text by Arrow, a batch at a time; Python touches a record once a field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.analysis import RESERVED, TEXT_END, VALUE_END, Segmenter
from ipsearch.classification import ancestors
from ipsearch.identifiers import filing_keys
from ipsearch.records import Kind

Column = list[Any]
"""What one field is told, a value a record; None or "" is nothing."""

_RESERVED = re.compile(b"\xef\xb7[\x90-\x93]")  # `RESERVED` in UTF-8: two bytes are sought fast
_SPACE = re.compile(b" ")


def texts(batch: pa.RecordBatch, *paths: str) -> pa.Array:
    """Join the values at `paths` ("titles.text", "mark_text") of each record into one text.

    Between two values stands `VALUE_END`; a record without any gives "".
    """
    joined = [_joined(batch, path) for path in paths]
    some = [array for array in joined if array.buffers()[2]] or joined[:1]
    if len(some) == 1:
        return some[0]
    begun = [
        pc.if_else(pc.equal(array, ""), "", pc.binary_join_element_wise(VALUE_END, array, ""))
        for array in some
    ]
    return pc.utf8_slice_codeunits(pc.binary_join_element_wise(*begun, ""), 1)


def _joined(batch: pa.RecordBatch, path: str) -> pa.Array:
    name, *inner = path.split(".")
    column = batch.column(name)
    if not inner:
        return pc.fill_null(_without_reserved(column), "")
    offsets = column.offsets
    values = column.values
    for step in inner:
        if pa.types.is_list(values.type):  # a list in a list: a flat list of the inner values
            offsets = pc.take(values.offsets, offsets)
            values = values.values
        values = values.field(step)
        if pa.types.is_list(values.type) and step == inner[-1]:
            offsets = pc.take(values.offsets, offsets)
            values = values.values
    lists = pa.ListArray.from_arrays(offsets, pc.fill_null(_without_reserved(values), ""))
    return pc.binary_join(lists, VALUE_END)


def _one_text(texts: pa.Array) -> str:
    """Join the texts of all records of a batch by `TEXT_END`."""
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    return pc.binary_join(whole, TEXT_END)[0].as_py()  # type: ignore[no-any-return]


def _without_reserved(values: pa.Array) -> pa.Array:
    """Make a space of each character that the segmenter keeps for itself, as folding does."""
    data = values.buffers()[2]
    if data is None or not _RESERVED.search(data):
        return values
    return pc.replace_substring_regex(values, f"[{RESERVED}]", " ")


def _without_spaces(values: pa.Array) -> pa.Array:
    """Give the values without nulls and spaces: each is one term."""
    data = values.buffers()[2]
    if data is not None and _SPACE.search(data):
        values = pc.replace_substring(values, " ", "")
    return pc.fill_null(values, "") if values.null_count else values


def _single(batch: pa.RecordBatch, name: str) -> list[str]:
    return _without_spaces(batch.column(name)).to_pylist()  # type: ignore[no-any-return]


def _terms(batch: pa.RecordBatch, name: str, inner: str) -> list[str]:
    """Join the parts `inner` of the structs of a list by spaces."""
    lists = batch.column(name)
    terms = _without_spaces(_without_reserved(lists.values.field(inner)))
    return pc.binary_join(pa.ListArray.from_arrays(lists.offsets, terms), " ").to_pylist()  # type: ignore[no-any-return]


def _dates(batch: pa.RecordBatch, name: str) -> list[int | None]:
    column = batch.column(name)
    if column.null_count == len(column):
        return [None] * len(column)
    month = pc.add(pc.multiply(pc.year(column), 100), pc.month(column))
    return pc.add(pc.multiply(month, 100), pc.day(column)).to_pylist()  # type: ignore[no-any-return]


@cache
def _with_ancestors(symbol: str) -> str:
    return " ".join(ancestors(symbol)) or symbol


def _spread(batch: pa.RecordBatch, name: str, spread: Callable[[str], str]) -> list[str]:
    """Join what `spread` makes of the values of a list of strings: once of each that differs."""
    lists = batch.column(name)
    encoded = lists.values.dictionary_encode()
    terms = pa.array([spread(value) for value in encoded.dictionary.to_pylist()], pa.string())
    values = pc.fill_null(pc.take(terms, encoded.indices), "")
    return pc.binary_join(pa.ListArray.from_arrays(lists.offsets, values), " ").to_pylist()  # type: ignore[no-any-return]


def _levels(batch: pa.RecordBatch, name: str, separator: str) -> list[str]:
    """Give each code and what it begins with, level by level: 08-05 and 08; 03.01.08, 03.01, 03."""

    def spread(code: str) -> str:
        parts = code.replace(" ", "").split(separator)
        return " ".join(separator.join(parts[: i + 1]) for i in range(len(parts)))

    return _spread(batch, name, spread)


def _numbers(batch: pa.RecordBatch, publication: str) -> list[str]:
    return [
        " ".join(filing_keys(publication_number=p, application_number=a, others=o or ()))
        for p, a, o in zip(
            batch.column(publication).to_pylist(),
            batch.column("application_number").to_pylist(),
            batch.column("other_numbers").to_pylist(),
            strict=True,
        )
    ]


def _kinds(batch: pa.RecordBatch) -> list[str]:
    return [f"{code} {code[0]}" if len(code) > 1 else code for code in _single(batch, "kind_code")]


def _claim_counts(batch: pa.RecordBatch) -> list[int | None]:
    counted = pc.coalesce(batch.column("claim_count"), pc.list_value_length(batch.column("claims")))
    return counted.to_pylist()  # type: ignore[no-any-return]


PARTY_ADDRESS = ("country", "province", "city", "county", "address")


def patent_columns(batch: pa.RecordBatch) -> dict[str, Column]:
    """Give every field of the patent index but the segmented ones its column."""
    return {
        "id": _single(batch, "id"),
        "app": _single(batch, "application_key"),
        "num": _numbers(batch, "publication_number"),
        "pr": _terms(batch, "priorities", "number"),
        "ct": _terms(batch, "citations", "publication_number"),
        "fam": [
            " ".join(filter(None, pair))
            for pair in zip(
                _single(batch, "family_id"), _single(batch, "extended_family_id"), strict=True
            )
        ],
        "office": _single(batch, "office"),
        "kind": _kinds(batch),
        "type": _single(batch, "patent_type"),
        "ls": _single(batch, "legal_status"),
        "ipc": _spread(batch, "ipc", _with_ancestors),
        "cpc": _spread(batch, "cpc", _with_ancestors),
        "loc": _levels(batch, "locarno", "-"),
        "src": _single(batch, "source"),
        "pd": _dates(batch, "publication_date"),
        "ad": _dates(batch, "filing_date"),
        "prd": _dates(batch, "priority_date"),
        "gd": _dates(batch, "grant_date"),
        "nclaims": _claim_counts(batch),
    }


def patent_texts(batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """Give every segmented field of the patent index its raw texts."""
    return {
        "ti": texts(batch, "titles.text"),
        "ab": texts(batch, "abstracts.text"),
        "cl": texts(batch, "claims.text"),
        "de": texts(batch, "description.text"),
        "pa": texts(batch, "applicants.name"),
        "ow": texts(batch, "owners.name"),
        "in": texts(batch, "inventors.name"),
        "ag": texts(batch, "agents.name", "agents.organization"),
        "addr": texts(
            batch, *(f"{who}.{part}" for who in ("applicants", "owners") for part in PARTY_ADDRESS)
        ),
    }


def _class_terms(batch: pa.RecordBatch) -> tuple[list[str], list[str]]:
    nice, groups = [], []
    for classes in batch.column("classes").to_pylist():
        some = classes or ()
        nice.append(" ".join(str(c["nice_class"]) for c in some if c["nice_class"]))
        groups.append(
            " ".join(
                f"{g['group']} {g['group']}-{g['part']}" if g["part"] else g["group"]
                for c in some
                for g in c["similar_groups"] or ()
                if g["group"]
            )
        )
    return nice, groups


def trademark_columns(batch: pa.RecordBatch) -> dict[str, Column]:
    """Give every field of the mark index but the segmented ones its column."""
    nice, groups = _class_terms(batch)
    return {
        "id": _single(batch, "id"),
        "app": _single(batch, "application_key"),
        "num": _numbers(batch, "registration_number"),
        "pr": _terms(batch, "priorities", "number"),
        "office": _single(batch, "office"),
        "type": [
            " ".join(filter(None, pair))
            for pair in zip(
                _single(batch, "mark_kind"), _single(batch, "mark_category"), strict=True
            )
        ],
        "ls": _single(batch, "legal_status"),
        "nc": nice,
        "sg": groups,
        "vc": _levels(batch, "vienna_codes", "."),
        "src": _single(batch, "source"),
        "ad": _dates(batch, "filing_date"),
        "prd": _dates(batch, "priority_date"),
        "pd": _dates(batch, "preliminary_publication_date"),
        "rd": _dates(batch, "registration_date"),
        "ed": _dates(batch, "expiry_date"),
    }


def trademark_texts(batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """Give every segmented field of the mark index its raw texts."""
    return {
        "tm": texts(batch, "mark_text", "transliteration", "translation"),
        "gs": texts(batch, "classes.goods"),
        "ow": texts(batch, "owners.name"),
        "ag": texts(batch, "agents.name", "agents.organization"),
        "addr": texts(batch, *(f"owners.{part}" for part in PARTY_ADDRESS)),
        "md": texts(batch, "mark_description", "disclaimer"),
    }


COLUMNS: dict[Kind, Callable[[pa.RecordBatch], dict[str, Column]]] = {
    "patent": patent_columns,
    "trademark": trademark_columns,
}
TEXTS: dict[Kind, Callable[[pa.RecordBatch], dict[str, pa.Array]]] = {
    "patent": patent_texts,
    "trademark": trademark_texts,
}


def segmented(batch: pa.RecordBatch, kind: Kind, segmenter: Segmenter) -> dict[str, list[str]]:
    """Give every segmented field that any record has its texts as the engine takes them."""
    raw = {name: column for name, column in TEXTS[kind](batch).items() if column.buffers()[2]}
    if not raw:
        return {}
    cut = segmenter.engine_texts_of_joined(TEXT_END.join(map(_one_text, raw.values())))
    return {name: cut[i * len(batch) : (i + 1) * len(batch)] for i, name in enumerate(raw)}
