"""Here is a batch of records, give me what each field of the index is told of them.

Columns are turned to text by Arrow, a batch at a time; Python touches a record once a field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.analysis import RESERVED, VALUE_END, Segmenter
from ipsearch.classification import ancestors
from ipsearch.identifiers import filing_keys
from ipsearch.records import Kind

Column = list[Any]
"""What one field is told, a value a record; None or "" is nothing."""

_RESERVED = re.compile(b"\xef\xb7[\x90-\x93]")  # `RESERVED` in UTF-8: two bytes are sought fast


def texts(batch: pa.RecordBatch, *paths: str) -> list[str]:
    """Join the values at `paths` ("titles.text", "mark_text") of each record into one text.

    Between two values stands `VALUE_END`; a record without any gives "".
    """
    joined = [_joined(batch, path, VALUE_END) for path in paths]
    if len(joined) == 1:
        return joined[0]
    return [VALUE_END.join(filter(None, parts)) for parts in zip(*joined, strict=True)]


def _joined(batch: pa.RecordBatch, path: str, separator: str) -> list[str]:
    name, *inner = path.split(".")
    column = batch.column(name)
    if not inner:
        return [value or "" for value in _without_reserved(column).to_pylist()]
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
    return pc.binary_join(lists, separator).to_pylist()  # type: ignore[no-any-return]


def _without_reserved(values: pa.Array) -> pa.Array:
    """Make a space of each character that the segmenter keeps for itself, as folding does."""
    data = values.buffers()[2]
    if data is None or not _RESERVED.search(data):
        return values
    return pc.replace_substring_regex(values, f"[{RESERVED}]", " ")


def _terms(batch: pa.RecordBatch, name: str) -> list[str]:
    """Join the values of a list of strings by spaces, each without spaces of its own."""
    lists = batch.column(name)
    values = pc.replace_substring(pc.fill_null(lists.values, ""), " ", "")
    joined = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, values), " ")
    return [value or "" for value in joined.to_pylist()]


def _single(batch: pa.RecordBatch, name: str) -> list[str]:
    return [value.replace(" ", "") if value else "" for value in batch.column(name).to_pylist()]


def _dates(batch: pa.RecordBatch, name: str) -> list[int | None]:
    column = batch.column(name)
    if column.null_count == len(column):
        return [None] * len(column)
    digits = pc.strftime(column, format="%Y%m%d")
    return pc.cast(digits, pa.int64()).to_pylist()  # type: ignore[no-any-return]


@cache
def _with_ancestors(symbol: str) -> str:
    return " ".join(ancestors(symbol)) or symbol


def _classes(batch: pa.RecordBatch, name: str) -> list[str]:
    return [
        " ".join(map(_with_ancestors, symbols)) if symbols else ""
        for symbols in batch.column(name).to_pylist()
    ]


def _levels(batch: pa.RecordBatch, name: str, separator: str) -> list[str]:
    """Give each code and what it begins with, level by level: 08-05 and 08; 03.01.08, 03.01, 03."""

    def spread(code: str) -> str:
        parts = code.replace(" ", "").split(separator)
        return " ".join(separator.join(parts[: i + 1]) for i in range(len(parts)))

    return [" ".join(map(spread, codes or ())) for codes in batch.column(name).to_pylist()]


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


def _office_numbers(batch: pa.RecordBatch, name: str, field: str) -> list[str]:
    spread = [part.split(VALUE_END) for part in _nullable(texts(batch, f"{name}.{field}"))]
    return [" ".join(number.replace(" ", "") for number in numbers) for numbers in spread]


def _nullable(values: Sequence[str | None]) -> list[str]:
    return [value or "" for value in values]


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
        "pr": _office_numbers(batch, "priorities", "number"),
        "ct": _office_numbers(batch, "citations", "publication_number"),
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
        "ipc": _classes(batch, "ipc"),
        "cpc": _classes(batch, "cpc"),
        "loc": _levels(batch, "locarno", "-"),
        "src": _single(batch, "source"),
        "pd": _dates(batch, "publication_date"),
        "ad": _dates(batch, "filing_date"),
        "prd": _dates(batch, "priority_date"),
        "gd": _dates(batch, "grant_date"),
        "nclaims": _claim_counts(batch),
    }


def patent_texts(batch: pa.RecordBatch) -> dict[str, list[str]]:
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
        "pr": _office_numbers(batch, "priorities", "number"),
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


def trademark_texts(batch: pa.RecordBatch) -> dict[str, list[str]]:
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
TEXTS: dict[Kind, Callable[[pa.RecordBatch], dict[str, list[str]]]] = {
    "patent": patent_texts,
    "trademark": trademark_texts,
}


def segmented(batch: pa.RecordBatch, kind: Kind, segmenter: Segmenter) -> dict[str, list[str]]:
    """Give every segmented field its texts as the engine takes them."""
    result = {}
    for name, raw in TEXTS[kind](batch).items():
        raw = _nullable(raw)
        result[name] = segmenter.engine_texts(raw) if any(raw) else raw
    return result
