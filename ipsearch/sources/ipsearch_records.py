"""Our own records as JSON Lines, a JSON array or Parquet: the form in which they are exchanged.

An object has the columns of `PATENT` or `TRADEMARK` as its keys, dates in ISO 8601. `kind` (or
`record`) says which of the two it is; without it the columns do, or a Parquet schema's metadata.
Written by hand it may be looser: `title` and `abstract` as strings, claims, parties, citations
and classes as lists of strings, any spelling of a number, no `id`. What `source` and `product`
it gives are kept, so that records survive the way out and back in.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import orjson
import pyarrow as pa

from ipsearch.errors import IdentifierError, IpsearchError, RecordError
from ipsearch.identifiers import ApplicationNumber, PublicationNumber, lookup_keys, mark_number
from ipsearch.records import (
    KINDS,
    LEGAL_STATUSES,
    PATENT,
    SCHEMAS,
    TRADEMARK,
    Kind,
    Row,
)
from ipsearch.sources.arrow_lines import as_written, joined
from ipsearch.sources.base import Batch, Input, Notes, Record, Reject, Source
from ipsearch.sources.canonical import CANONICAL, CANONICAL_MARK, is_canonical_application
from ipsearch.sources.json_objects import is_json, parse_block, read_blocks, read_json
from ipsearch.sources.opening import peek, seekable
from ipsearch.sources.record_values import converters
from ipsearch.sources.status_words import read_status

_PARQUET = b"PAR1"
_BATCH_ROWS = 1024

_PATENT_ONLY = frozenset(PATENT.names) - frozenset(TRADEMARK.names) | {"title", "abstract"}
_MARK_ONLY = frozenset(TRADEMARK.names) - frozenset(PATENT.names)
_KNOWN = frozenset(PATENT.names) | frozenset(TRADEMARK.names) | {"title", "abstract", "kind"}
_NUMBERS = frozenset({"id", "publication_number", "application_number", "registration_number"})
_TEXTS: dict[Kind, frozenset[str]] = {  # columns that are one text
    kind: frozenset(field.name for field in schema if pa.types.is_string(field.type))
    for kind, schema in SCHEMAS.items()
}
_ALIASES = {"title": "titles", "abstract": "abstracts"}

_APPLICATION = re.compile(r"CN(?:\d{8}|\d{12})\.[\dX]|PCT/.*")
_KEY = re.compile(rb'"(\w+)"\s*:')


def recognises(head: bytes, name: str) -> bool:
    """Parquet, or objects of which most keys are columns and one is a number's."""
    if head.startswith(_PARQUET):
        return True
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not is_json(head):
        return False
    keys = _first_keys(start)
    if any(key.endswith("_localized") for key in keys) or "country_code" in keys:
        return False  # Google's
    known = keys & _KNOWN
    return not _NUMBERS.isdisjoint(keys) and len(known) >= 2 and 2 * len(known) >= len(keys)


def _first_keys(start: bytes) -> set[str]:
    """The keys of the first object; with those inside it, if it is cut or in an array."""
    try:
        found = orjson.loads(start.partition(b"\n")[0])
    except orjson.JSONDecodeError:
        found = None
    if isinstance(found, dict):
        return set(found)
    cut = start.lstrip(b"[ \t\r\n").partition(b"\n")[0] if start[:1] == b"{" else start
    inner = {name for schema in SCHEMAS.values() for name in _names_inside(schema)}
    return {key.decode() for key in _KEY.findall(cut)} - inner


def _names_inside(types: Iterable[Any]) -> Iterator[str]:
    for field in types:
        element = field.type
        while hasattr(element, "value_type"):
            element = element.value_type
        if hasattr(element, "names"):
            yield from element.names
            yield from _names_inside(element)


def read(input: Input) -> Iterator[Record | Reject]:
    """Read one file in any of the forms."""
    head, input = peek(input)
    if head.startswith(_PARQUET):
        yield from _read_parquet(input)
        return
    for item in read_json(input, head):
        yield item if isinstance(item, Reject) else _make(item[1], item[0], input.notes, None)


def read_batches(input: Input) -> Iterator[Batch | Record | Reject]:
    """Read one file: JSON Lines many at once, where Arrow reads them as we would."""
    head, input = peek(input)
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        yield from read(input)
        return
    for block in joined(read_blocks(input)):
        batch = as_written(block.lines) if not block.left_out else None
        if batch is not None:
            yield Batch("patent", batch)
            continue
        for item in parse_block(block):
            yield item if isinstance(item, Reject) else _make(item[1], item[0], input.notes, None)


def _read_parquet(input: Input) -> Iterator[Record | Reject]:
    """Read the row groups that begin in the input's range of bytes, one at a time."""
    import pyarrow.parquet as pq

    stream = seekable(input)
    try:
        file = pq.ParquetFile(stream, pre_buffer=False)
        told = (file.schema_arrow.metadata or {}).get(b"record", b"").decode("utf-8", "replace")
        kind = next((kind for kind in KINDS if kind == told), None)
        before = 0
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            if input.start <= _first_byte(group) < (input.end or sys.maxsize):
                batches = file.iter_batches(_BATCH_ROWS, row_groups=[number])
                rows = chain.from_iterable(batch.to_pylist() for batch in batches)
                for row_number, row in enumerate(rows, start=before + 1):
                    yield _make(row, f"row {row_number}", input.notes, kind)
            before += group.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        yield Reject("byte 0", f"not a Parquet file that can be read: {error}")
    finally:
        if stream is not input.stream:
            stream.close()


def _first_byte(group: Any) -> int:
    column = group.column(0)
    return int(column.dictionary_page_offset or column.data_page_offset)


def _make(found: dict[str, Any], position: str, notes: Notes, kind: Kind | None) -> Record | Reject:
    try:
        kind = kind or _kind_of(found)
        row = _convert(found, kind, notes)
        complete = _complete_mark if kind == "trademark" else _complete_patent
        complete(row, notes)
    except IpsearchError as error:
        return Reject(position, str(error), repr(found)[:200].encode("utf-8", "replace")[:200])
    if row.get("legal_status") is not None:
        _set_status(row, kind, notes)
    if row.get("other_numbers"):
        row["other_numbers"] = [text for text in row["other_numbers"] if _is_number(text, notes)]
    row["is_event"] = row.get("is_event") or False
    row["source"] = row.get("source") or "ipsearch_records"
    row["product"] = row.get("product") or ""
    return Record(kind, row, position)


def _kind_of(found: dict[str, Any]) -> Kind:
    for key in ("kind", "record"):
        for kind in KINDS:
            if found.get(key) == kind:
                return kind
    if found.keys().isdisjoint(_MARK_ONLY):
        return "patent"
    marks, patents = len(found.keys() & _MARK_ONLY), len(found.keys() & _PATENT_ONLY)
    return "trademark" if marks > patents else "patent"


def _convert(found: dict[str, Any], kind: Kind, notes: Notes) -> Row:
    """Convert every value; one of the wrong type makes the whole a `RecordError`."""
    columns, texts = converters(kind), _TEXTS[kind]
    row: Row = {}
    for key, value in found.items():
        if value is None:
            continue
        if type(value) is str and key in texts:
            row[key] = value
            continue
        convert = columns.get(key)
        if convert is None:
            key = _ALIASES.get(key, key) if kind == "patent" else key
            if key in columns and found.get(key) is None:
                convert = columns[key]
            elif key not in ("kind", "record"):
                notes.unmapped.add(key)
                continue
            elif value in KINDS:
                continue
            elif key == "kind" and kind == "patent" and "kind_code" not in found:
                key, convert = "kind_code", columns["kind_code"]
            else:
                raise RecordError(f"neither patent nor trademark: {key} {value!r}")
        try:
            row[key] = convert(value, notes)
        except RecordError as error:
            raise RecordError(f"column {key!r}: {error}") from None
    return row


def _complete_patent(row: Row, notes: Notes) -> None:
    """Write the numbers in their canonical form, and set the id and the office."""
    id_, office = row.get("id"), row.get("office")
    publication, application = row.get("publication_number"), row.get("application_number")
    if not publication and not application and id_:
        is_application = _APPLICATION.fullmatch(id_) is not None
        publication, application = (None, id_) if is_application else (id_, None)
    if publication:
        canonical = CANONICAL.fullmatch(publication)
        if canonical is not None:
            number, kind_code = publication, canonical[2]
            row["office"] = publication[:2]
        else:
            parsed = PublicationNumber.parse(publication, office)
            number, kind_code, row["office"] = str(parsed), parsed.kind_code, parsed.office
        row["publication_number"] = row["id"] = number
        if kind_code and not row.get("kind_code"):
            row["kind_code"] = kind_code
    if application and not is_canonical_application(application):
        parsed_application = ApplicationNumber.parse(application, office or row.get("office"))
        if parsed_application.check_digit_is_wrong:
            notes.warn(f"wrong check digit: {application}")
        row["application_number"] = str(parsed_application)
        application = row["application_number"]
    if application and not publication:
        row["application_number"] = row["id"] = application
        row["office"] = "WO" if application.startswith("PCT/") else application[:2]
    if not publication and not application:
        raise RecordError("no publication or application number")


def _complete_mark(row: Row, notes: Notes) -> None:
    """Write the numbers in their canonical form, and set the id."""
    if not row.get("application_number") and not row.get("registration_number") and row.get("id"):
        row["application_number"] = row["id"]
    for column in ("application_number", "registration_number"):
        text = row.get(column)
        if not text:
            continue
        office = row.get("office") or text[:2].upper()
        if not (office.isascii() and office.isalpha() and len(office) == 2):
            raise RecordError(f"the number of a mark with no office: {text!r}")
        row["office"] = office
        if CANONICAL_MARK.fullmatch(text) is None or not text.startswith(office):
            row[column] = mark_number(text, office)
    if not row.get("application_number") and not row.get("registration_number"):
        raise RecordError("no application or registration number")
    row["id"] = row.get("application_number") or row["registration_number"]
    for found in row.get("classes") or ():
        if not 1 <= (found.get("nice_class") or 1) <= 45:
            raise RecordError(f"column 'classes': not a Nice class (1-45): {found['nice_class']}")


def _is_number(text: str, notes: Notes) -> bool:
    """Whether anybody could look this number up; what none could is warned of."""
    try:
        return bool(lookup_keys(text))
    except IdentifierError as error:
        notes.warn(str(error))
        return False


def _set_status(row: Row, kind: Kind, notes: Notes) -> None:
    """Translate an office's words into one of `LEGAL_STATUSES`; others become an event."""
    text = row["legal_status"]
    if text in LEGAL_STATUSES:
        return
    status, words, unknown = read_status(text)
    for word in unknown:
        notes.warn(f"unknown legal status: {word!r}")
    if kind == "trademark" and status == "granted":
        status = "registered"
    row["legal_status"] = status
    if words:
        row["legal_events"] = [
            *row.get("legal_events", []),
            *({"date": row.get("status_date"), "name": word} for word in words),
        ]


SOURCE = Source(
    name="ipsearch_records",
    title="Records of this library: JSON Lines, a JSON array or Parquet",
    kinds=KINDS,
    recognises=recognises,
    read=read,
    sample="records.jsonl",
    fields={kind: frozenset(SCHEMAS[kind].names) for kind in KINDS},
    can_split=True,
    read_batches=read_batches,
    rank=60,
)
