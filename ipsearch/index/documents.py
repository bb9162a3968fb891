"""Here is a batch of records, give me the texts of each segmented field of the index.

Columns are turned to text by Arrow, a batch at a time; Python touches a record once a field.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.analysis import RESERVED, TEXT_END, VALUE_END, CutTexts, Segmenter
from ipsearch.records import Kind

_RESERVED = re.compile(b"\xef\xb7[\x90-\x93]")  # `RESERVED` in UTF-8: two bytes are sought fast


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
        return pc.fill_null(without_reserved(column), "")
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
    lists = pa.ListArray.from_arrays(offsets, pc.fill_null(without_reserved(values), ""))
    return pc.binary_join(lists, VALUE_END)


def _joined_texts(texts: pa.Array) -> memoryview:
    """Join the texts of all records of a batch by `TEXT_END`, in UTF-8."""
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    return memoryview(pc.binary_join(whole, TEXT_END).buffers()[2])


def without_reserved(values: pa.Array) -> pa.Array:
    """Make a space of each character that the segmenter keeps for itself, as folding does."""
    data = values.buffers()[2]
    if data is None or not _RESERVED.search(data):
        return values
    return pc.replace_substring_regex(values, f"[{RESERVED}]", " ")


_ADDRESS = ("country", "province", "city", "county", "address")
_AGENTS = ("agents.name", "agents.organization")

TEXTS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "patent": {
        "ti": ("titles.text",),
        "ab": ("abstracts.text",),
        "cl": ("claims.text",),
        "de": ("description.text",),
        "pa": ("applicants.name",),
        "ow": ("owners.name",),
        "in": ("inventors.name",),
        "ag": _AGENTS,
        "addr": tuple(f"{who}.{part}" for who in ("applicants", "owners") for part in _ADDRESS),
    },
    "trademark": {
        "tm": ("mark_text", "transliteration", "translation"),
        "gs": ("classes.goods",),
        "ow": ("owners.name",),
        "ag": _AGENTS,
        "addr": tuple(f"owners.{part}" for part in _ADDRESS),
        "md": ("mark_description", "disclaimer"),
    },
}
"""Every segmented field, and where in a record its texts stand."""


def segmented(batch: pa.RecordBatch, kind: Kind, segmenter: Segmenter) -> dict[str, CutTexts]:
    """Give every segmented field that any record has its texts as the engine takes them.

    The hidden words of each have the field's name before their mark, as `schema.hidden` has it.
    """
    cut: dict[str, CutTexts] = {}
    for name, paths in TEXTS[kind].items():
        raw = texts(batch, *paths)
        if raw.buffers()[2]:
            cut[name] = segmenter.cut_joined(_joined_texts(raw), name)
    return cut
