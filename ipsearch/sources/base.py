"""What every source is: a named reader from one opened file to records and rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from ipsearch.records import Kind, Row

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Record:
    """One document that was read: which kind of record it is, and its columns.

    `row` has the columns of the kind's schema that the source fills, as plain Python values
    (dates as `datetime.date`, structs as dicts). `id`, `office` and `source` are always there;
    `source_file` is set by whoever opened the file. `position` says where the document stood.
    """

    kind: Kind
    row: Row
    position: str  # "line 17", "document 3", "row 12", "byte 4711"
    is_removal: bool = False
    """Whether the source takes back what it said of this document until `transaction_date`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Many documents that were read at once: as `Record`, in columns."""

    kind: Kind
    rows: pa.RecordBatch  # of the kind's schema; no `source_file` yet


@dataclass(frozen=True, slots=True)
class Reject:
    """One document that could not be read, and why. The rest of the file goes on."""

    position: str
    reason: str
    head: bytes = b""  # the first 200 bytes of what stood there


@dataclass(slots=True)
class Notes:
    """What a reader noticed that is no reject: kept in the summary, never lost silently."""

    unmapped: set[str] = field(default_factory=set)  # columns or elements nothing was made of
    warnings: dict[str, int] = field(default_factory=dict)  # message -> how often
    is_cut_short: bool = False  # by the machine: read again, there may be more

    def warn(self, message: str) -> None:
        """Count one more occurrence of `message`."""
        self.warnings[message] = self.warnings.get(message, 0) + 1


@dataclass(frozen=True, slots=True)
class Input:
    """One opened bulk file, already unpacked from whatever archive held it."""

    name: str  # display name: "daily.zip!CN1.xml"; the last part's ending may be a hint
    stream: BinaryIO  # at its beginning; seekable only if `is_seekable`
    size: int | None  # bytes, if known
    is_seekable: bool
    notes: Notes
    start: int = 0  # for a source that `can_split`: read the documents that begin in
    end: int | None = None  # [start, end) of the stream; None is to the end


Reader = Callable[[Input], Iterator[Record | Reject]]
BatchReader = Callable[[Input], Iterator[Batch | Record | Reject]]


@dataclass(frozen=True, slots=True)
class Source:
    """A bulk format that we can read."""

    name: str  # "cnipa_patent": the value of the column `source`
    title: str  # one line for a person: office and format
    kinds: tuple[Kind, ...]  # which kinds of record it gives
    recognises: Callable[[bytes, str], bool]  # (first 64 KiB decoded or not, file name) -> mine?
    read: Reader
    sample: str  # a file in samples/, of our own making
    fields: dict[Kind, frozenset[str]]  # the columns that it can fill
    can_split: bool = False  # whether a plain file may be read in ranges of bytes
    read_batches: BatchReader | None = None  # the same, many at once where that is quicker
    is_verified: bool = True  # read from real files, not from a description of the format alone
    rank: int = 50  # merging: lower is nearer to the office of record (0 the office itself)
