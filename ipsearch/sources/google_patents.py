"""Google's patents: the nested export of its BigQuery table, and flat excerpts of it.

Nested: one JSON object per publication, as lines or as one array, with the fields of
`patents-public-data.patents.publications` (`title_localized`, dates as integers, 0 for none).
Flat: number, abstract and citations as JSON Lines or an array, or number and full text as CSV.
Of a file that is read in ranges of bytes, only lines can be divided: an array or a CSV is read
whole by the range that begins at 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

from ipsearch.records import Row
from ipsearch.sources.arrow_lines import joined
from ipsearch.sources.base import Batch, Input, Notes, Record, Reject, Source
from ipsearch.sources.google_columns import as_columns
from ipsearch.sources.google_elements import is_nested
from ipsearch.sources.google_flat import make_plan, read_flat
from ipsearch.sources.google_nested import read_nested
from ipsearch.sources.json_objects import (
    Found,
    is_json,
    is_lines,
    parse_block,
    read_blocks,
    read_json,
    to_records,
)
from ipsearch.sources.opening import peek
from ipsearch.sources.table_cells import BadRow, read_rows

_NUMBER_KEY = re.compile(rb'"publication_number"\s*:', re.IGNORECASE)
_OTHER_KEY = re.compile(
    rb'"(?:(?:title|abstract|claims|description)_localized|country_code|assignee_harmonized'
    rb'|inventor_harmonized|(?:title|abstract|claims|description)_en|Abstract|Citations)"\s*:'
)
_CSV_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?"?publication_number"?[,\t][\w",\t]+\r?\n"?[A-Z]{2}-\w+-[A-Z]\d?"?[,\t]',
    re.IGNORECASE,
)


def recognises(head: bytes, name: str) -> bool:
    """JSON objects with Google's keys, or its CSV with numbers such as `US-7636639-B2`."""
    if is_json(head):
        return _NUMBER_KEY.search(head) is not None and _OTHER_KEY.search(head) is not None
    return _CSV_HEAD.match(head) is not None


def read(input: Input) -> Iterator[Record | Reject]:
    """Read one file in any of the forms."""
    notes = input.notes
    yield from to_records(_objects(input), lambda found: _row_reader(tuple(found))(found, notes))


def read_batches(input: Input) -> Iterator[Batch | Record | Reject]:
    """Read one file; lines of the flat form many at once."""
    head, input = peek(input)
    if not is_lines(head):
        yield from read(input)
        return
    notes = input.notes
    for block in joined(read_blocks(input)):
        batch = None if block.left_out else as_columns(block.lines, notes)
        if batch is not None:
            yield Batch("patent", batch)
            continue
        yield from to_records(
            parse_block(block), lambda found: _row_reader(tuple(found))(found, notes)
        )


@lru_cache(maxsize=256)
def _row_reader(keys: tuple[str, ...]) -> Callable[[dict[str, Any], Notes], Row]:
    """What reads objects with these keys; all objects of a file have the same."""
    if is_nested(keys):
        return read_nested
    return partial(read_flat, plan=make_plan(keys))


def _objects(input: Input) -> Iterator[Found]:
    head, input = peek(input)
    if is_json(head):
        yield from read_json(input, head)
    elif input.start == 0:
        yield from _csv_objects(input)


def _csv_objects(input: Input) -> Iterator[Found]:
    names: list[str] | None = None
    for item in read_rows(input):
        if isinstance(item, BadRow):
            yield item.reject
        elif names is None:
            names = item.cells
        elif len(item.cells) > len(names):
            yield Reject(item.position, f"{len(item.cells)} cells under {len(names)} headers")
        else:
            yield item.position, dict(zip(names, item.cells, strict=False))


SOURCE = Source(
    name="google_patents",
    title="Google: nested export of the BigQuery patents table, and flat excerpts",
    kinds=("patent",),
    recognises=recognises,
    read=read,
    read_batches=read_batches,
    sample="google_patents.jsonl",
    fields={
        "patent": frozenset(
            {
                *("id", "publication_number", "application_number", "other_numbers", "office"),
                *("kind_code", "patent_type", "family_id", "filing_date", "publication_date"),
                *("grant_date", "priority_date", "titles", "abstracts", "claims", "description"),
                *("claim_count", "ipc", "cpc", "locarno", "other_classes", "applicants", "owners"),
                *("inventors", "examiners", "priorities", "citations"),
                *("is_event", "source", "product"),
            }
        )
    },
    can_split=True,
    rank=70,
)
