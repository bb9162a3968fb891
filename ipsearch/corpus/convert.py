"""Stage one of ingestion: bulk files in, parts of normalised records out. One task, pure."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ipsearch.corpus.checksums import Files
from ipsearch.corpus.family import derived_family
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.parts import PartWriter, Pending, with_keys
from ipsearch.corpus.routing import application_key, key_hash, shard_of
from ipsearch.corpus.sides import ROUTING_COLUMNS
from ipsearch.corpus.windows import Window
from ipsearch.errors import ReadFaultError, SourceError
from ipsearch.records import Kind, Row
from ipsearch.sources.base import Batch, Input, Notes, Record, Reject
from ipsearch.sources.mapping import Mapping
from ipsearch.sources.opening import file_name
from ipsearch.sources.registry import detect, get_source
from ipsearch.sources.streams import Stream
from ipsearch.sources.walk import Item, Limits, Opener, peek


@dataclass(frozen=True, slots=True)
class Range:
    """What one task reads of one file: all of it, or the documents that begin in [start, end)."""

    item: Item
    input_hash: str
    start: int = 0
    end: int | None = None
    window: Window | None = None  # where its bytes lie, if the file is packed

    @property
    def delivery(self) -> str:
        """Orders what was delivered on the same day: by content hash, then by place in it."""
        return f"{self.input_hash}+{self.start:015d}" if self.start else self.input_hash


@dataclass(frozen=True, slots=True)
class ConvertTask:
    """Everything that a conversion needs to know."""

    root: Path
    ingestion: int
    number: int  # of the task, and of the first part that it writes in each shard
    part_count: int  # how many numbers it has for parts
    shards: int
    ranges: tuple[Range, ...]
    limits: Limits = field(default_factory=Limits)
    mapping: Mapping | None = None  # a user's own headers for tables


@dataclass(slots=True)
class ConvertResult:
    """What a conversion did; plain values, so that it can be kept as JSON."""

    parts: list[tuple[Kind, int, int, int, Files]] = field(default_factory=list)
    """Kind, shard, number, rows, files."""
    records: dict[str, int] = field(default_factory=dict)  # by source
    rejects: dict[str, int] = field(default_factory=dict)  # by file
    reject_samples: list[dict[str, Any]] = field(default_factory=list)  # the first of them
    warnings: dict[str, int] = field(default_factory=dict)
    unmapped: dict[str, list[str]] = field(default_factory=dict)  # by file
    readable: list[str] = field(default_factory=list)  # hashes of inputs that gave anything
    cut_short: list[str] = field(default_factory=list)  # of those not read to their end
    cpu_s: float = 0.0


MOST_SAMPLES = 50
PART_ROWS = 200_000
"""A part that has as many rows is closed and the next begun: its keys are held in memory."""


class _Rejects:
    """Writes rejects to the corpus as they come; the file appears with the first."""

    def __init__(self, path: Path, result: ConvertResult) -> None:
        self._path, self._result = path, result

    def add_misfit(self, pending: Pending, reason: str) -> None:
        """Take in a row that was read, and counted, but does not fit its schema."""
        name, position = pending.origin
        self._result.records[pending.row["source"]] -= 1
        self.add(name, Reject(position, reason))

    def add(self, name: str, reject: Reject) -> None:
        """Take in one reject of the file called `name`."""
        entry = {
            "file": name,
            "position": reject.position,
            "reason": reject.reason,
            "head": reject.head[:200].decode("utf-8", "backslashreplace"),
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._result.rejects[name] = self._result.rejects.get(name, 0) + 1
        if len(self._result.reject_samples) < MOST_SAMPLES:
            self._result.reject_samples.append(entry)


class _Parts:
    """The parts that a task is writing, one at a time in each shard."""

    def __init__(self, task: ConvertTask, result: ConvertResult, rejects: _Rejects) -> None:
        self._task, self._result, self._rejects = task, result, rejects
        self._layout = Layout(task.root)
        self._open: dict[tuple[Kind, int], PartWriter] = {}
        self._begun: dict[tuple[Kind, int], int] = {}  # parts of the shard begun so far

    def add(
        self,
        kind: Kind,
        row: Row,
        key: str,
        delivery: str,
        origin: tuple[str, str],
        is_removal: bool,
    ) -> None:
        hashed = key_hash(key)
        pending = Pending(row, key, hashed, delivery, self._task.ingestion, origin, is_removal)
        self._writer(kind, shard_of(hashed, self._task.shards)).add(pending)

    def add_batch(self, batch: Batch, source_file: str, delivery: str) -> None:
        rows, kind = batch.rows, batch.kind
        few = rows.select(ROUTING_COLUMNS[kind]).to_pylist()
        keys = [application_key(row, kind) for row in few]
        if kind == "patent":
            rows = _with_families(rows, keys)
        rows = _with_column(rows, "source_file", pa.repeat(source_file, len(rows)))
        hashed = [key_hash(key) for key in keys]
        count = len(rows)
        whole = with_keys(
            rows, kind, keys, [delivery] * count, [False] * count, [self._task.ingestion] * count
        )
        shards = np.array([shard_of(key, self._task.shards) for key in hashed])
        for shard in np.unique(shards).tolist():
            here = np.flatnonzero(shards == shard)
            numbers = here.tolist()
            chosen = whole if len(here) == len(whole) else whole.take(pa.array(here))
            self._writer(kind, shard).extend(
                chosen, [few[i] for i in numbers], [hashed[i] for i in numbers]
            )

    def _writer(self, kind: Kind, shard: int) -> PartWriter:
        """Give the part that takes the next rows of a shard."""
        place = (kind, shard)
        writer = self._open.get(place)
        begun = self._begun.get(place, 0)
        if writer and writer.row_count >= PART_ROWS and begun < self._task.part_count:
            self._close(place)
            writer = None
        if writer is None:
            path = self._layout.part(*place, self._task.number + begun)
            writer = self._open[place] = PartWriter(path, kind, self._rejects.add_misfit)
            self._begun[place] = begun + 1
        return writer

    def close(self) -> None:
        for place in list(self._open):
            self._close(place)

    def _close(self, place: tuple[Kind, int]) -> None:
        writer = self._open.pop(place)
        writer.close()
        number = self._task.number + self._begun[place] - 1
        self._result.parts.append((*place, number, writer.row_count, writer.files))

    def abandon(self) -> None:
        for writer in self._open.values():
            writer.abandon()


def _with_families(rows: pa.RecordBatch, keys: Sequence[str]) -> pa.RecordBatch:
    """Give a family to records that have none."""
    families = rows.column("family_id").to_pylist()
    events = rows.column("is_event").to_pylist()
    missing = [i for i, family in enumerate(families) if not family and not events[i]]
    if not missing:
        return rows
    priorities = rows.select(["priorities"]).take(pa.array(missing)).to_pylist()
    for i, row in zip(missing, priorities, strict=True):
        families[i] = derived_family(row, keys[i])
    return _with_column(rows, "family_id", pa.array(families, pa.string()))


def _with_column(rows: pa.RecordBatch, name: str, values: pa.Array) -> pa.RecordBatch:
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)


def convert(task: ConvertTask) -> ConvertResult:
    """Read the files of a task and write parts of each shard; what can't be read is a reject."""
    begin = time.process_time()
    result = ConvertResult()
    reject_file = Layout(task.root).reject_file(task.ingestion, task.number)
    reject_file.unlink(missing_ok=True)  # of a run that was killed
    rejects = _Rejects(reject_file, result)
    parts = _Parts(task, result, rejects)
    try:
        with Opener(task.limits) as opener:
            for piece in task.ranges:
                _convert_range(piece, task.mapping, opener, parts, rejects, result)
        parts.close()
    except BaseException:
        parts.abandon()
        raise
    result.cpu_s = time.process_time() - begin
    return result


def _convert_range(
    piece: Range,
    mapping: Mapping | None,
    opener: Opener,
    parts: _Parts,
    rejects: _Rejects,
    result: ConvertResult,
) -> None:
    notes = Notes()
    name = piece.item.name
    source_file = "!".join((file_name(piece.item.path), *piece.item.members))
    found = 0
    for outcome in _read(piece, mapping, opener, notes):
        if isinstance(outcome, Reject):
            rejects.add(name, outcome)
            continue
        if isinstance(outcome, Batch):
            parts.add_batch(outcome, source_file, piece.delivery)
            for entry in pc.value_counts(outcome.rows.column("source")).to_pylist():
                source, count = entry["values"], entry["counts"]
                result.records[source] = result.records.get(source, 0) + count
            found += len(outcome.rows)
            continue
        row = outcome.row
        if not (row.get("id") and row.get("office") and row.get("source")):
            rejects.add(name, Reject(outcome.position, "a record without id, office or source"))
            continue
        row["source_file"] = source_file
        key = application_key(row, outcome.kind)
        if outcome.kind == "patent" and not row.get("family_id") and not row.get("is_event"):
            row["family_id"] = derived_family(row, key)
        origin = (name, outcome.position)
        parts.add(outcome.kind, row, key, piece.delivery, origin, outcome.is_removal)
        result.records[row["source"]] = result.records.get(row["source"], 0) + 1
        found += 1
    if found and piece.input_hash not in result.readable:
        result.readable.append(piece.input_hash)
    if notes.is_cut_short:
        result.cut_short.append(piece.input_hash)
    for message, count in notes.warnings.items():
        result.warnings[message] = result.warnings.get(message, 0) + count
    if notes.unmapped:
        result.unmapped[name] = sorted(notes.unmapped)


def _read(
    piece: Range, mapping: Mapping | None, opener: Opener, notes: Notes
) -> Iterator[Batch | Record | Reject]:
    """Read one file; a fault of the file itself is one more reject, at its end."""
    try:
        if piece.window is not None:
            yield from _read_window(piece, piece.window, notes)
            return
        with opener.open(piece.item, notes) as opened:
            head, opened = peek(opened)
            source = detect(head, opened.name, mapping.aliases if mapping else None)
            ranged = Input(
                opened.name,
                opened.stream,
                opened.size,
                opened.is_seekable,
                notes,
                piece.start,
                piece.end,
            )
            yield from (source.read_batches or source.read)(ranged)
            if isinstance(opened.stream, Stream):  # the source has said it in words
                notes.is_cut_short |= isinstance(opened.stream.failure, ReadFaultError)
    except SourceError as error:
        notes.is_cut_short |= isinstance(error, ReadFaultError)
        yield Reject(error.position, error.reason)
    except OSError as error:
        notes.is_cut_short = True
        yield Reject("", f"cannot be read: {error.strerror or error}")


def _read_window(piece: Range, window: Window, notes: Notes) -> Iterator[Batch | Record | Reject]:
    """Read a range of a packed file from where it was unpacked to."""
    opened = window.open(piece.item.name, notes, piece.start, piece.end)
    with opened.stream:
        source = get_source(window.source)
        yield from (source.read_batches or source.read)(opened)
    if window.fault is not None:
        raise window.fault
