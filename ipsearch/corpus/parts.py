"""Here are records, keep them: parts of a shard's records, as Parquet with sorted keys beside.

A record's address is its part's number and its row: part << 32 | row. A part is written once and
never changed; it counts from the moment that the catalog names it. Its pages carry checksums, which
whatever reads them compares: a text that is shown is the text that was written.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from ipsearch.corpus.checksums import Files, part_sums, reading
from ipsearch.corpus.durable import make_folder, save_array, sync, written
from ipsearch.corpus.footers import footer_of
from ipsearch.corpus.indices import as_indices
from ipsearch.corpus.layout import footer_path
from ipsearch.corpus.sides import SideWriter
from ipsearch.errors import DamagedError, RecordError
from ipsearch.records import SCHEMAS, Kind, Row, to_batch

ROW_GROUP_ROWS = 2500
"""Small, so that showing ten hits reads little; smaller ones compress worse."""
BATCH_ROWS = 250
BATCH_CHARS = 1_000_000
"""Rows, and characters of their descriptions, held as dicts at once: more would leave the
processor's cache, and take fresh pages of memory, before they become columns."""
MOST_CHARS_HELD = 100_000
"""Characters of descriptions in a row group, about: who reads one of them reads them all."""

Addresses = npt.NDArray[np.uint64]

_EXTRA = [
    pa.field("application_key", pa.string(), nullable=False),
    pa.field("delivery", pa.string(), nullable=False),  # content hash and place: breaks ties
    pa.field("is_removal", pa.bool_(), nullable=False),  # its source takes the document back
    pa.field("ingestion", pa.int32(), nullable=False),  # that brought it; merged: the last of all
]
PART_SCHEMAS: dict[Kind, pa.Schema] = {
    kind: pa.schema([*schema, *_EXTRA], metadata=schema.metadata)
    for kind, schema in SCHEMAS.items()
}

_FEW_VALUES = {  # columns and parts of them; for the others building a dictionary is idle work
    *("office", "kind_code", "patent_type", "legal_status", "source", "product", "source_file"),
    *("delivery", "mark_kind", "mark_category", "language", "label", "country", "province"),
    *("city", "county", "category", "cited_by"),
}


def leaves(kind: Kind, wanted: Sequence[str]) -> list[str]:
    """Give the paths in Parquet of columns and of parts of them, such as "titles.text"."""
    paths = []
    for name in wanted:
        column, *inner = name.split(".")
        path, type_ = column, PART_SCHEMAS[kind].field(column).type
        while pa.types.is_list(type_) and inner:
            path, type_ = f"{path}.list.element", type_.value_type
        paths.append(".".join((path, *inner)))
    return paths


def _leaves(name: str, type_: pa.DataType) -> Iterator[tuple[str, str]]:
    """Give the path in Parquet, and the name, of every text in a column."""
    path = name
    while pa.types.is_list(type_):
        path, type_ = f"{path}.list.element", type_.value_type
    if pa.types.is_string(type_):
        yield path, name.rpartition(".")[2]
    elif pa.types.is_struct(type_):
        for field in type_:
            yield from _leaves(f"{path}.{field.name}", field.type)


@cache
def _parquet_options(kind: Kind) -> dict[str, Any]:
    leaves = [leaf for field in PART_SCHEMAS[kind] for leaf in _leaves(field.name, field.type)]
    return {
        "compression": "zstd",
        "compression_level": 4,
        "use_dictionary": [path for path, name in leaves if name in _FEW_VALUES],
        "column_encoding": {
            path: "DELTA_LENGTH_BYTE_ARRAY" for path, name in leaves if name not in _FEW_VALUES
        },
        "write_statistics": False,
        "write_page_checksum": True,
    }


class Pending(NamedTuple):
    """A row on its way into a part."""

    row: Row
    application_key: str
    hashed: int  # `key_hash` of it
    delivery: str  # content hash of the file it came in, and the range of it: breaks ties
    ingestion: int  # the number of the one that brings it
    origin: tuple[str, str]  # file and position, to name it if it does not fit
    is_removal: bool = False


class PartWriter:
    """Writes one part, row group by row group; what lies beside it, and its sums, at the end.

    A row that does not fit the schema is handed to `reject` with the reason, the others stay.
    """

    def __init__(
        self, path: Path, kind: Kind, reject: Callable[[Pending, str], None] | None = None
    ) -> None:
        make_folder(path.parent)
        self.path, self._kind, self._reject = path, kind, reject
        self._pending: list[Pending] = []
        self._batches: list[pa.RecordBatch] = []  # of the next row group
        self._rows_held = self._chars = self._pending_chars = 0
        self._sides = SideWriter(kind)
        self._metadata: list[pq.FileMetaData] = []
        self.files: Files = ()
        """Itself and the files beside it, once it is closed."""
        self._writer = pq.ParquetWriter(
            path,
            PART_SCHEMAS[kind],
            metadata_collector=self._metadata,
            **_parquet_options(kind),
        )

    @property
    def row_count(self) -> int:
        """How many rows there are; those added count from `flush` on."""
        return self._sides.row_count

    def add(self, pending: Pending) -> None:
        """Take in one row."""
        self._pending.append(pending)
        chars = sum(len(passage["text"] or "") for passage in pending.row.get("description") or ())
        self._chars += chars
        self._pending_chars += chars
        enough = min(BATCH_ROWS, ROW_GROUP_ROWS)
        if len(self._pending) >= enough or self._pending_chars > BATCH_CHARS:
            self.flush()
            if self._rows_held >= ROW_GROUP_ROWS or self._chars > MOST_CHARS_HELD:
                self._write_row_group()

    def flush(self) -> None:
        """Count the rows taken in: from then on `row_count` holds and rejects are known."""
        held, self._pending, self._pending_chars = self._pending, [], 0
        if not held:
            return
        try:
            batch = to_batch([pending.row for pending in held], self._kind)
        except RecordError:
            held = [pending for pending in held if self._fits(pending)]
            batch = to_batch([pending.row for pending in held], self._kind)
        keys = [pending.application_key for pending in held]
        deliveries = [pending.delivery for pending in held]
        self._sides.add_keys([p.row for p in held], [p.hashed for p in held], deliveries)
        removals = [pending.is_removal for pending in held]
        ingestions = [pending.ingestion for pending in held]
        self._batches.append(with_keys(batch, self._kind, keys, deliveries, removals, ingestions))
        self._rows_held += len(held)

    def _write_row_group(self) -> None:
        if self._batches:
            table = pa.Table.from_batches(self._batches)
            self._sides.add_signs(table)
            groups = max(round(self._chars / MOST_CHARS_HELD), 1)
            rows = min(-(-len(table) // groups), 2 * ROW_GROUP_ROWS)
            self._writer.write_table(table, row_group_size=rows)
        self._batches, self._rows_held, self._chars = [], 0, 0

    def extend(self, batch: pa.RecordBatch, rows: Sequence[Row], hashed: Sequence[int]) -> None:
        """Take in whole rows of `PART_SCHEMAS`, their `ROUTING_COLUMNS` and hashed keys."""
        self.flush()
        self._sides.add_keys(rows, hashed, batch.column("delivery").unique().to_pylist())
        self._hold(batch)

    def copy(self, batch: pa.RecordBatch) -> None:
        """Take in rows of another part."""
        self.flush()
        self._sides.copy_keys(batch)
        self._hold(batch)

    def _hold(self, batch: pa.RecordBatch) -> None:
        self._batches.append(batch)
        self._rows_held += len(batch)
        if "description" in batch.schema.names:
            self._chars += batch.column("description").nbytes // 3
        if self._rows_held >= ROW_GROUP_ROWS or self._chars > MOST_CHARS_HELD:
            self._write_row_group()

    def _fits(self, pending: Pending) -> bool:
        try:
            to_batch([pending.row], self._kind)
        except RecordError as error:
            if self._reject is None:
                raise
            self._reject(pending, str(error))
            return False
        return True

    def close(self) -> None:
        """Finish the part and the files beside it, all of it on disk when this returns."""
        self.flush()
        self._write_row_group()
        self._writer.add_key_value_metadata(self._sides.inputs_entry)
        self._writer.close()
        (metadata,) = self._metadata
        self._sides.write(self.path, metadata)
        sync(self.path)
        self.files = part_sums(self.path)

    def abandon(self) -> None:
        """Give up: remove what was written."""
        self._pending.clear()
        self._batches.clear()
        with suppress(OSError):  # of a full disk: that may be why
            self._writer.close()
        self.path.unlink(missing_ok=True)

    def __del__(self) -> None:
        # What was not finished is not to be: Arrow's writer would try once more, and complain.
        if writer := getattr(self, "_writer", None):
            writer.is_open = False


def with_keys(
    batch: pa.RecordBatch,
    kind: Kind,
    keys: Sequence[str],
    deliveries: Sequence[str],
    removals: Sequence[bool],
    ingestions: Sequence[int],
) -> pa.RecordBatch:
    """Add to records the columns that a part has besides."""
    columns = [
        *batch.columns,
        pa.array(keys, pa.string()),
        pa.array(deliveries, pa.string()),
        pa.array(removals, pa.bool_()),
        pa.array(ingestions, pa.int32()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=PART_SCHEMAS[kind])


def load_addresses(path: Path) -> Addresses:
    """Read a sorted list of addresses."""
    with reading(path):
        addresses: Addresses = np.load(path)
        return addresses


def save_addresses(path: Path, addresses: Iterable[int] | Addresses) -> None:
    """Write addresses, sorted, to disk."""
    array = np.unique(np.fromiter(addresses, np.uint64))
    with written(path) as file:
        save_array(file, array)


class PartReader:
    """Reads rows by number from one part; opened files are the caller's to keep.

    Any call raises `DamagedError` if the file is not there or not as it was written.
    """

    def __init__(self, path: Path, *, compares_footer: bool = True) -> None:
        """`compares_footer` is for all who do not look at the part's files one by one."""
        self._path = path
        beside = footer_path(path)
        with reading(path):
            if compares_footer and beside.exists() and beside.read_bytes() != footer_of(path):
                raise DamagedError(str(path), f"its footer is not that of {beside.name}")
            self._file = pq.ParquetFile(path, pre_buffer=False, page_checksum_verification=True)
        metadata = self._file.metadata
        sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
        self._ends = np.cumsum(np.array(sizes, np.int64))

    @property
    def schema(self) -> pa.Schema:
        """The columns it has."""
        return self._file.schema_arrow

    @property
    def metadata(self) -> pq.FileMetaData:
        """Its footer."""
        return self._file.metadata

    def _group(self, group: int, columns: Sequence[str] | None) -> pa.Table:
        if group >= len(self._ends):
            raise DamagedError(str(self._path), "the index names a row that is not in it")
        with reading(self._path):
            return self._file.read_row_group(group, columns=columns, use_threads=False)

    def rows(self, numbers: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """Give the rows of these numbers, in this order."""
        wanted = np.asarray(numbers, np.int64)
        groups = np.searchsorted(self._ends, wanted, "right")
        order = np.argsort(groups, kind="stable")
        tables = []
        for group in np.unique(groups):
            here = wanted[order][groups[order] == group]
            begin = int(self._ends[group - 1]) if group else 0
            table = self._group(int(group), columns)
            tables.append(table.take(as_indices(here - begin)))
        back = np.argsort(order, kind="stable")
        return pa.concat_tables(tables).take(as_indices(back))

    def dicts(
        self, numbers: Sequence[int], columns: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Give the rows of these numbers, in this order, as dicts.

        For a few rows: it does without Arrow's compute functions, whose loading takes longer.
        """
        groups = np.searchsorted(self._ends, np.asarray(numbers, np.int64), "right").tolist()
        result: list[dict[str, Any]] = [{}] * len(numbers)
        for group in sorted(set(groups)):
            begin = int(self._ends[group - 1]) if group else 0
            table = self._group(group, columns)
            for place, number in enumerate(numbers):
                if groups[place] == group:
                    (result[place],) = table.slice(number - begin, 1).to_pylist()
        return result

    def chosen(
        self, numbers: npt.NDArray[np.uint64], columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of these ascending numbers, in their order, a row group at a time.

        `columns` are names, or Parquet's paths of what in a column is wanted (`leaves`).
        """
        cuts = np.searchsorted(numbers, self._ends.astype(np.uint64), "left").tolist()
        begin = first = 0
        for group, (cut, end) in enumerate(zip(cuts, self._ends.tolist(), strict=True)):
            if cut > begin:
                table = self._group(group, columns)
                (batch,) = table.combine_chunks().to_batches()
                if cut - begin < len(batch):
                    batch = batch.take(as_indices(numbers[begin:cut].astype(np.int64) - first))
                yield batch
            begin, first = cut, end

    def batches(self, rows: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Give the whole part in order, at most `rows` a batch.

        `columns` are names, or Parquet's paths of what in a column is wanted (`leaves`).
        """
        with reading(self._path):
            yield from self._file.iter_batches(rows, columns=columns, use_threads=False)


_FEW_ROWS = 64  # for which Arrow's compute functions are not worth their loading


class RecordReader:
    """Reads records by address from the parts of one shard, keeping the last few parts open."""

    MOST_OPEN = 64

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._readers: OrderedDict[int, PartReader] = OrderedDict()
        self._guard = threading.Lock()  # one opened Parquet file is one thread's at a time

    def rows(
        self, addresses: Sequence[int], columns: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Give the records at `addresses`, in this order, as dicts.

        `columns` may name leaves of nested columns: "titles.list.element.text".
        """
        with self._guard:
            return self._rows(addresses, columns)

    def _rows(
        self, addresses: Sequence[int], columns: Sequence[str] | None
    ) -> list[dict[str, Any]]:
        by_part: dict[int, list[int]] = {}
        for place, address in enumerate(addresses):
            by_part.setdefault(address >> 32, []).append(place)
        result: list[dict[str, Any]] = [{}] * len(addresses)
        for part, places in by_part.items():
            numbers = [addresses[place] & 0xFFFFFFFF for place in places]
            reader = self._reader(part)
            if len(numbers) > _FEW_ROWS:
                rows = reader.rows(numbers, columns).to_pylist()
            else:
                rows = reader.dicts(numbers, columns)
            for place, row in zip(places, rows, strict=True):
                result[place] = row
        return result

    def _reader(self, part: int) -> PartReader:
        reader = self._readers.get(part)
        if reader is None:
            reader = PartReader(self._folder / f"part-{part:06d}.parquet")
            self._readers[part] = reader
            if len(self._readers) > self.MOST_OPEN:
                self._readers.popitem(last=False)
        self._readers.move_to_end(part)
        return reader
