"""Stage one of ingestion: bulk files in, parts of normalised records out. One task, pure."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ipsearch.corpus.layout import Layout
from ipsearch.corpus.parts import PartWriter, Pending
from ipsearch.corpus.routing import application_key, key_hash, shard_of
from ipsearch.errors import SourceError
from ipsearch.records import Kind
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.registry import detect
from ipsearch.sources.walk import Item, Limits, Opener, peek


@dataclass(frozen=True, slots=True)
class Range:
    """What one task reads of one file: all of it, or the documents that begin in [start, end)."""

    item: Item
    input_hash: str
    start: int = 0
    end: int | None = None

    @property
    def delivery(self) -> str:
        """Orders what was delivered on the same day: by content hash, then by place in it."""
        return f"{self.input_hash}+{self.start:015d}" if self.start else self.input_hash


@dataclass(frozen=True, slots=True)
class ConvertTask:
    """Everything that a conversion needs to know."""

    root: Path
    ingestion: int
    number: int  # of the task, and of the parts that it writes
    shards: int
    ranges: tuple[Range, ...]
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class ConvertResult:
    """What a conversion did; plain values, so that it can be kept as JSON."""

    parts: list[tuple[Kind, int, int, int, int]] = field(default_factory=list)
    """Kind, shard, number, rows, bytes."""
    records: dict[str, int] = field(default_factory=dict)  # by source
    rejects: dict[str, int] = field(default_factory=dict)  # by file
    reject_samples: list[dict[str, Any]] = field(default_factory=list)  # the first of them
    warnings: dict[str, int] = field(default_factory=dict)
    unmapped: dict[str, list[str]] = field(default_factory=dict)  # by file
    readable: list[str] = field(default_factory=list)  # hashes of inputs that gave anything
    cpu_s: float = 0.0


MOST_SAMPLES = 50


class _Rejects:
    """Writes rejects to the corpus as they come; the file appears with the first."""

    def __init__(self, path: Path, result: ConvertResult) -> None:
        self._path, self._result = path, result

    def add_misfit(self, origin: tuple[str, str], reason: str) -> None:
        """Take in a row that was read but does not fit its schema."""
        name, position = origin
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


def convert(task: ConvertTask) -> ConvertResult:
    """Read the files of a task and write one part a shard; what can't be read becomes a reject."""
    begin = time.process_time()
    layout = Layout(task.root)
    result = ConvertResult()
    reject_file = layout.reject_file(task.ingestion, task.number)
    reject_file.unlink(missing_ok=True)  # of a run that was killed
    rejects = _Rejects(reject_file, result)
    writers: dict[tuple[Kind, int], PartWriter] = {}
    try:
        with Opener(task.limits) as opener:
            for piece in task.ranges:
                _convert_range(task, piece, opener, layout, writers, rejects, result)
        for (kind, shard), writer in writers.items():
            writer.close()
            size = writer.path.stat().st_size
            result.parts.append((kind, shard, task.number, writer.row_count, size))
    except BaseException:
        for writer in writers.values():
            writer.abandon()
        raise
    result.cpu_s = time.process_time() - begin
    return result


def _convert_range(
    task: ConvertTask,
    piece: Range,
    opener: Opener,
    layout: Layout,
    writers: dict[tuple[Kind, int], PartWriter],
    rejects: _Rejects,
    result: ConvertResult,
) -> None:
    notes = Notes()
    name = piece.item.name
    source_file = "!".join((piece.item.path.name, *piece.item.members))
    found = 0
    for outcome in _read(piece, opener, notes):
        if isinstance(outcome, Reject):
            rejects.add(name, outcome)
            continue
        row = outcome.row
        if not (row.get("id") and row.get("office") and row.get("source")):
            rejects.add(name, Reject(outcome.position, "a record without id, office or source"))
            continue
        row["source_file"] = source_file
        key = application_key(row, outcome.kind)
        hashed = key_hash(key)
        place = (outcome.kind, shard_of(hashed, task.shards))
        writer = writers.get(place)
        if writer is None:
            path = layout.part(*place, task.number)
            writer = writers[place] = PartWriter(path, outcome.kind, rejects.add_misfit)
        origin = (name, outcome.position)
        writer.add(Pending(row, key, hashed, piece.delivery, origin))
        result.records[row["source"]] = result.records.get(row["source"], 0) + 1
        found += 1
    if found and piece.input_hash not in result.readable:
        result.readable.append(piece.input_hash)
    for message, count in notes.warnings.items():
        result.warnings[message] = result.warnings.get(message, 0) + count
    if notes.unmapped:
        result.unmapped[name] = sorted(notes.unmapped)


def _read(piece: Range, opener: Opener, notes: Notes) -> Iterator[Record | Reject]:
    """Read one file; a fault of the file itself is one more reject, at its end."""
    try:
        with opener.open(piece.item, notes) as opened:
            head, opened = peek(opened)
            source = detect(head, opened.name)
            ranged = Input(
                opened.name,
                opened.stream,
                opened.size,
                opened.is_seekable,
                notes,
                piece.start,
                piece.end,
            )
            yield from source.read(ranged)
    except SourceError as error:
        yield Reject(error.position, error.reason)
    except OSError as error:
        yield Reject("", f"cannot be read: {error.strerror or error}")
