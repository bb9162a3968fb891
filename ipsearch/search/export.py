"""Here is a question and a file, put all that is found in it: CSV, XLSX, JSONL, Parquet or RIS.

A file is written beside its place and put there when it is whole. Records go through it by row
groups: memory does not grow with what is found, but for eight bytes a record.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from ipsearch.errors import QueryError, UnknownNameError
from ipsearch.records import Kind
from ipsearch.search import ris
from ipsearch.search.cells import as_cells, harmless
from ipsearch.search.matches import Question, addresses_of, check_columns, records_at
from ipsearch.search.plain import as_rows
from ipsearch.search.xlsx import XlsxWriter

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str, int, int], None]

TABLE_COLUMNS: dict[Kind, tuple[str, ...]] = {
    "patent": (
        *("id", "publication_number", "application_number", "office", "kind_code"),
        *("patent_type", "family_id", "filing_date", "publication_date", "grant_date"),
        *("priority_date", "titles", "abstracts", "ipc", "cpc", "locarno", "applicants"),
        *("owners", "inventors", "agents", "legal_status", "status_date", "source"),
    ),
    "trademark": (
        *("id", "application_number", "registration_number", "office", "mark_text"),
        *("mark_kind", "mark_category", "filing_date", "preliminary_publication_date"),
        *("registration_date", "expiry_date", "owners", "agents", "classes", "vienna_codes"),
        *("legal_status", "status_date", "source"),
    ),
}
"""The columns of CSV and XLSX, if none are named: claims and descriptions do not fit into cells."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    kind: Kind
    records: int
    format: str
    cut_cells: int = 0  # texts longer than a cell of XLSX may be, cut with an ellipsis


class Writer(Protocol):
    """Writes records of some columns to a stream that it does not close.

    At the end it is closed, or abandoned where something went wrong.
    """

    def write(self, batch: pa.RecordBatch) -> None: ...
    def close(self) -> None: ...
    def abandon(self) -> None: ...


class _Csv:
    """Writes records as rows; what a spreadsheet would take for a formula begins with '."""

    def __init__(self, stream: BinaryIO, columns: Sequence[str]) -> None:
        self._stream = stream
        self._rows([columns])

    def _rows(self, rows: Iterable[Sequence[str]]) -> None:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerows(rows)
        self._stream.write(buffer.getvalue().encode())

    def write(self, batch: pa.RecordBatch) -> None:
        columns = [harmless(as_cells(column)).to_pylist() for column in batch.columns]
        self._rows(zip(*columns, strict=True))

    def close(self) -> None: ...
    def abandon(self) -> None: ...


class _JsonLines:
    """Writes a record a line, as `ipsearch_records` reads it."""

    def __init__(self, stream: BinaryIO, kind: Kind) -> None:
        self._stream, self._kind = stream, kind

    def write(self, batch: pa.RecordBatch) -> None:
        import orjson

        lines = (orjson.dumps({"record": self._kind, **row}) for row in as_rows(batch))
        self._stream.write(b"".join(line + b"\n" for line in lines))

    def close(self) -> None: ...
    def abandon(self) -> None: ...


class _Parquet:
    """Writes row groups of some thousand records, less where they are long."""

    _ROWS, _BYTES = 20_000, 64 << 20

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._writer = pq.ParquetWriter(stream, schema, compression="zstd")
        self._held: list[pa.RecordBatch] = []

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        rows = sum(len(held) for held in self._held)
        if rows >= self._ROWS or sum(held.nbytes for held in self._held) >= self._BYTES:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._held:
            self._writer.write_table(pa.Table.from_batches(self._held))
            self._held = []

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def abandon(self) -> None:
        self._writer.is_open = False  # or it would write to the stream when it is collected


FORMATS = ("csv", "xlsx", "jsonl", "parquet", "ris")
STREAMED = ("csv", "jsonl", "ris")
"""What can be written to a pipe."""


def read_format(path: Path | None, name: str | None) -> str:
    """Give the format called `name`, or by a file's ending; raise `UnknownNameError`."""
    known = ", ".join(FORMATS)
    if name is None:
        name = path.suffix.lower().removeprefix(".") if path is not None else ""
        if name not in FORMATS:
            where = "no file" if path is None else f"{path}: ending {path.suffix!r}"
            raise UnknownNameError(f"{where} says no format; there are: {known}")
    if name not in FORMATS:
        raise UnknownNameError(f"no format {name!r}; there are: {known}")
    return name


def export(
    question: Question,
    target: str | os.PathLike[str] | BinaryIO,
    *,
    format: str | None = None,
    fields: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write all that is found to a file, in order of storage, or to a binary stream.

    The format is that of the file's ending unless named. `fields` are columns of a record: by
    default all for JSON Lines and Parquet, `TABLE_COLUMNS` for CSV and XLSX; RIS has its own. A
    file that is there is replaced, as a whole and at the end. `progress` hears "export", records
    done and records in all. Raises `QueryError` and `UnknownNameError`.
    """
    path = Path(target) if isinstance(target, (str, os.PathLike)) else None
    chosen = read_format(path, format)
    kind = question.state.kind
    if chosen == "ris" and fields is not None:
        raise QueryError("RIS has its own fields: name none")
    columns = check_columns(fields if fields is not None else _default(chosen, kind), kind)
    found = addresses_of(question.state, question.whole())
    total, done, cut = sum(map(len, found)), 0, 0
    records = records_at(question.state, found, columns)
    with opened_to_write(target) as stream:
        if path is not None and chosen == "csv":
            stream.write(b"\xef\xbb\xbf")  # without it, Excel reads no Chinese
        writer = _writer(chosen, stream, kind, records.schema)
        try:
            for batch in records:
                writer.write(batch)
                done += len(batch)
                if progress is not None:
                    progress("export", done, total)
            writer.close()
        except BaseException:
            writer.abandon()
            raise
        if isinstance(writer, XlsxWriter):
            cut = writer.cut
    return Exported(kind, done, chosen, cut)


def _default(format: str, kind: Kind) -> Sequence[str] | None:
    if format == "ris":
        return ris.COLUMNS[kind]
    return TABLE_COLUMNS[kind] if format in ("csv", "xlsx") else None


def _writer(format: str, stream: BinaryIO, kind: Kind, schema: pa.Schema) -> Writer:
    writers: dict[str, Callable[[], Writer]] = {
        "csv": lambda: _Csv(stream, schema.names),
        "xlsx": lambda: XlsxWriter(stream, schema.names),
        "jsonl": lambda: _JsonLines(stream, kind),
        "parquet": lambda: _Parquet(stream, schema),
        "ris": lambda: ris.RisWriter(stream, kind),
    }
    return writers[format]()


@contextmanager
def opened_to_write(target: str | os.PathLike[str] | BinaryIO) -> Iterator[BinaryIO]:
    """Open a file beside its place, and put it there if all went well; a stream is left open."""
    if not isinstance(target, (str, os.PathLike)):
        yield target
        target.flush()
        return
    path = Path(target)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
