"""Lines of our own records -> columns, at once, where that is what reading them one by one gives.

Arrow's JSON reader makes columns of a thousand lines in the time that Python takes to look at a
third of them. It knows nothing of the looser forms that people write, so this gives up a block of
lines as soon as anything in it is not as this library itself would write it: those are read singly.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain

import pyarrow as pa

from ipsearch.errors import SourceError
from ipsearch.records import LEGAL_STATUSES, PATENT
from ipsearch.sources.canonical import PUBLICATION, is_canonical_application
from ipsearch.sources.json_objects import Block

_JOINED_BYTES = 2 << 20
_FIRST_DAY, _LAST_DAY = date(1700, 1, 1), date(2200, 1, 1)


def joined(blocks: Iterator[Block]) -> Iterator[Block]:
    """Join neighbouring blocks until they are worth a call; before a fault comes what was held."""
    held: list[Block] = []
    size = 0
    fault: SourceError | None = None
    while fault is None:
        try:
            block = next(blocks, None)
        except SourceError as error:
            block, fault = None, error
        if held and (block is None or block.left_out or size >= _JOINED_BYTES):
            yield _one(held)
            held, size = [], 0
        if block is None:
            break
        if block.left_out:
            yield block
        else:
            held.append(block)
            size += sum(map(len, block.lines))
    if fault is not None:
        raise fault


def _one(blocks: list[Block]) -> Block:
    lines = list(chain.from_iterable(block.lines for block in blocks))
    return Block(lines, blocks[0].offset, blocks[0].number)


def as_written(lines: list[bytes]) -> pa.RecordBatch | None:
    """Make columns of lines that each hold one patent as this library writes it; else None."""
    from pyarrow import json

    if not all(line.startswith(b"{") and line.rstrip().endswith(b"}") for line in lines):
        return None
    content = b"".join(lines)
    schema = _loose_schema()
    try:
        table = json.read_json(
            pa.BufferReader(content),
            read_options=json.ReadOptions(use_threads=False, block_size=len(content) + 1),
            parse_options=json.ParseOptions(
                explicit_schema=schema, unexpected_field_behavior="error"
            ),
        )
        if len(table) != len(lines):
            return None
        (loose,) = table.combine_chunks().to_batches()
        loose.validate(full=True)  # Arrow's reader lets through what is no UTF-8
        return _checked(loose)
    except (pa.ArrowException, ValueError):
        return None


@cache
def _loose_schema() -> pa.Schema:
    """The schema with its dates as texts, and the key that says which kind of record it is."""
    fields = [pa.field(field.name, _loosened(field.type)) for field in PATENT]
    return pa.schema([*fields, pa.field("record", pa.string())])


def _loosened(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_date(type_):
        return pa.string()
    if pa.types.is_list(type_):
        return pa.list_(_loosened(type_.value_type))
    if pa.types.is_struct(type_):
        return pa.struct([pa.field(part.name, _loosened(part.type)) for part in type_])
    return type_


def _checked(loose: pa.RecordBatch) -> pa.RecordBatch | None:
    """Give the columns in their own types; None if a value is not in its canonical form."""
    import pyarrow.compute as pc

    publications = loose.column("publication_number")
    applications = loose.column("application_number").drop_null().to_pylist()
    status = loose.column("legal_status").drop_null()
    is_canonical = (
        publications.null_count == loose.column("kind_code").null_count == 0
        and pc.all(pc.equal(loose.column("record"), "patent"), skip_nulls=False).as_py()
        and pc.all(pc.match_substring_regex(publications, f"^(?:{PUBLICATION})$")).as_py()
        and all(map(is_canonical_application, applications))
        and pc.all(pc.is_in(status, pa.array(sorted(LEGAL_STATUSES))), min_count=0).as_py()
        and not len(loose.column("other_numbers").flatten())
    )
    if not is_canonical:
        return None
    columns = {field.name: loose.column(field.name).cast(field.type) for field in PATENT}
    if not all(_is_exact(column) for column in columns.values()):
        return None
    columns["id"] = publications
    columns["office"] = pc.utf8_slice_codeunits(publications, 0, 2)
    columns["is_event"] = pc.fill_null(columns["is_event"], False)
    columns["product"] = pc.fill_null(columns["product"], "")
    source = pc.if_else(pc.equal(columns["source"], ""), None, columns["source"])
    columns["source"] = pc.fill_null(source, "ipsearch_records")
    return pa.RecordBatch.from_arrays([columns[name] for name in PATENT.names], schema=PATENT)


def _is_exact(array: pa.Array) -> bool:
    """Whether nothing in it is what reading a line by itself would change or complain of."""
    import pyarrow.compute as pc

    type_ = array.type
    if pa.types.is_list(type_):
        values = array.flatten()
        return not values.null_count and _is_exact(values)
    if pa.types.is_struct(type_):
        parts = {part.name: array.field(i) for i, part in enumerate(type_)}
        if "language" in parts and "text" in parts and parts["language"].null_count:
            return False  # a language that is not given is guessed
        return all(map(_is_exact, parts.values()))
    if pa.types.is_date(type_):
        low, high = pc.min_max(array).values()
        return low.as_py() is None or (low.as_py() >= _FIRST_DAY and high.as_py() <= _LAST_DAY)
    if pa.types.is_integer(type_):
        least = pc.min(array).as_py()
        return least is None or least >= 0
    return True
