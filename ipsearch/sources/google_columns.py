"""Lines of Google's flat form -> columns, at once, where all lines of a block have the same keys.

A line takes a fifth of the time that making a row of it and columns of rows takes. What the columns
cannot hold as the rows would (claims, descriptions, values of other types) is left to the rows: a
block with any of it is given up. Arrays are put together from their buffers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from ipsearch.errors import IdentifierError
from ipsearch.identifiers.publication import read_publication
from ipsearch.records import CITATION, PATENT
from ipsearch.sources import arrays
from ipsearch.sources.base import Notes
from ipsearch.sources.google_elements import is_nested, patent_type, plain
from ipsearch.sources.google_flat import are_usual, complete, make_plan, read_citations
from ipsearch.sources.passages import guess_language


def as_columns(lines: Sequence[bytes], notes: Notes) -> pa.RecordBatch | None:
    """Make a batch of `PATENT` of lines; None if they have to be read one by one."""
    objects = _parse_alike(lines)
    if objects is None:
        return None
    plan = make_plan(objects[0])
    noted = Notes()
    try:
        columns = _numbers([found.get(plan.number) for found in objects])
        if plan.citations in objects[0]:
            cited = [found[plan.citations] for found in objects]
            columns["citations"] = _citations(cited, noted)
        for key, column, language in plan.texts:
            columns[column] = _texts([found[key] for found in objects], language)
    except (IdentifierError, _OtherTypeError):
        return None
    notes.unmapped |= plan.unmapped
    for message, count in noted.warnings.items():
        notes.warnings[message] = notes.warnings.get(message, 0) + count
    size = len(objects)
    columns["is_event"] = arrays.booleans(np.zeros(size, np.bool_))
    columns["source"] = arrays.strings(["google_patents"] * size)
    columns["product"] = arrays.strings(["flat"] * size)
    for field in PATENT:
        if field.name not in columns:
            columns[field.name] = pa.nulls(size, field.type)
    return pa.RecordBatch.from_arrays([columns[name] for name in PATENT.names], schema=PATENT)


def _parse_alike(lines: Sequence[bytes]) -> list[dict[str, Any]] | None:
    """The objects of lines, if all have the same keys, and those of what is read here."""
    try:
        keys = tuple(orjson.loads(lines[0]))
        targets = [column for _, column, _ in make_plan(keys).texts]
        is_read_here = (
            not is_nested(keys)
            and len(set(targets)) == len(targets)
            and {"titles", "abstracts"}.issuperset(targets)
        )
        objects = [orjson.loads(line) for line in lines] if is_read_here else []
        are_alike = set(map(type, objects)) == {dict} and set(map(tuple, objects)) == {keys}
        return objects if are_alike else None
    except (orjson.JSONDecodeError, TypeError, AttributeError):  # the first may be anything
        return None


class _OtherTypeError(Exception):
    """A value is no text."""


def _check_types(values: Sequence[Any], *allowed: type) -> None:
    if not set(map(type, values)).issubset(allowed):
        raise _OtherTypeError


def _numbers(texts: Sequence[Any]) -> dict[str, pa.Array]:
    _check_types(texts, str)
    parts = [read_publication(text) for text in texts]
    names = arrays.strings([office + number + kind for office, number, kind in parts])
    return {
        "id": names,
        "publication_number": names,
        "office": arrays.strings([office for office, _, _ in parts]),
        "kind_code": arrays.strings([kind or None for _, _, kind in parts]),
        "patent_type": arrays.strings([patent_type(*part) for part in parts]),
    }


def _texts(values: Sequence[Any], language: str | None) -> pa.Array:
    _check_types(values, str, type(None))
    texts = [plain(value) for value in values if value]
    languages = [language or guess_language(text) for text in texts]
    struct = pa.StructArray.from_arrays(
        [arrays.strings(languages), arrays.strings(texts)], ["language", "text"]
    )
    is_there = np.fromiter(map(bool, values), np.bool_, len(values))
    return arrays.lists(struct, is_there.astype(np.int64), ~is_there)


def _citations(values: Sequence[Any], notes: Notes) -> pa.Array:
    """Numbers with commas between them, each once in a record; what is no number is kept as text.

    All are written into one text, a record a line, of which the buffers are made.
    """
    _check_types(values, str, type(None))
    others: list[str] = []  # what is no number; each stands in the text as a `?`
    usual = [
        value if value and are_usual(value) else _write(value, others, notes) for value in values
    ]
    text = complete("\n".join(usual)).encode() + b"\n"
    codes = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(codes < ord("-"))  # a comma or a line's end
    lengths = np.diff(ends, prepend=-1) - 1
    is_line_end = codes[ends] == ord("\n")
    rows = np.cumsum(is_line_end) - is_line_end
    is_cited = lengths > 0
    ends, lengths, rows = ends[is_cited], lengths[is_cited], rows[is_cited]
    numbers = arrays.from_bytes(text.translate(None, b",\n"), lengths)
    is_other = codes[ends - 1] == ord("?")
    again = _repeated(numbers, rows, is_other)
    if len(again):
        kept = np.delete(np.arange(len(rows)), again)
        numbers, rows, is_other = numbers.take(arrays.integers(kept)), rows[kept], is_other[kept]
    members = {part.name: pa.nulls(len(rows), part.type) for part in CITATION}
    members["publication_number"] = numbers
    if others:
        members["publication_number"] = arrays.with_nulls(numbers, is_other)
        told = iter(others)
        members["text"] = arrays.strings([next(told) if other else None for other in is_other])
    struct = pa.StructArray.from_arrays(list(members.values()), fields=list(CITATION))
    counts = np.bincount(rows, minlength=len(values))
    return arrays.lists(struct, counts, np.array([value is None for value in values]))


def _write(value: str | None, others: list[str], notes: Notes) -> str:
    """Write citations of which some are unusual so that `complete` leaves them as they are."""
    if not value:
        return ""
    written = []
    for cited in read_citations(value, notes):
        if isinstance(cited, str):
            written.append(cited)
        elif "text" in cited:
            written.append("?")
            others.append(cited["text"])
        else:
            written.append(cited["publication_number"])
    return ",".join(written)


def _repeated(
    numbers: pa.Array, rows: arrays.Integers, is_other: npt.NDArray[np.bool_]
) -> arrays.Integers:
    """Where a number stands again in the same row."""
    codes = numbers.dictionary_encode().indices
    pairs = (rows << 32) | np.frombuffer(codes.buffers()[1], np.int32, len(codes))
    ordered = np.sort(pairs)
    is_again = ordered[1:] == ordered[:-1]
    if not is_again.any():
        return np.empty(0, np.int64)
    has_any = np.zeros(rows[-1] + 1, np.bool_)
    has_any[ordered[1:][is_again] >> 32] = True
    places = np.flatnonzero(has_any[rows] & ~is_other)
    order = np.argsort(pairs[places], kind="stable")
    here = pairs[places][order]
    again: arrays.Integers = places[order[1:][here[1:] == here[:-1]]]
    return again
