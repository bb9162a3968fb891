"""One large packed file, many readers: it is unpacked once, and handed out in windows.

A packed file can only be read from its beginning. So that one does not keep all but one processor
idle, the process that hands out tasks unpacks it into short-lived files, each with the bytes of one
range and enough of what lies around it; whoever has the task reads the documents that begin in its
range, as of a plain file. A document longer than a window, should there be one, is rejected as cut.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ipsearch.errors import SourceError
from ipsearch.sources.base import Input, Notes
from ipsearch.sources.registry import detect
from ipsearch.sources.walk import Item, Limits, open_item, peek

WINDOW_BYTES = 32 << 20
BEHIND_BYTES = 2 << 20
"""What a reader may look back for: a document's prolog, and how the file begins."""


@dataclass(frozen=True, slots=True)
class Window:
    """The unpacked bytes that the reader of one range may see, kept in files."""

    head: Path  # the file's first `BEHIND_BYTES`
    path: Path
    begin: int  # of the bytes in `path`
    is_last: bool
    source: str  # what reads the file
    fault: SourceError | None = None  # if unpacking ended with one

    def open(self, name: str, notes: Notes, start: int, end: int | None) -> Input:
        """Open it as what it stands for: a range of the whole file, which can be sought in."""
        view = io.BufferedReader(_View(self), 1 << 20)
        return Input(name, view, None, True, notes, start, end)


def windows(
    item: Item,
    limits: Limits,
    folder: Path,
    is_done: Callable[[int, int | None], bool],
    window_bytes: int | None = None,
) -> Iterator[tuple[int, int | None, Window]]:
    """Unpack `item` into `folder`; gives start and end of each range, and its window.

    A range that `is_done` knows is passed over. The files are the caller's to remove. Raises
    `SourceError` if nothing at all can be read.
    """
    with open_item(item, limits, Notes()) as opened:
        head, opened = peek(opened)
        source = detect(head, opened.name).name
        folder.mkdir(parents=True, exist_ok=True)
        chunks = _Chunks(opened.stream, window_bytes or WINDOW_BYTES)
        head_path = folder / "head"
        behind, here = b"", chunks.next()
        head_path.write_bytes(here[:BEHIND_BYTES])
        start = 0
        while here:
            ahead = chunks.next()
            is_last = not ahead
            end = None if is_last else start + len(here)
            if not is_done(start, end):
                path = folder / f"{start:015d}"
                path.write_bytes(b"".join((behind, here, ahead)))
                begin, fault = start - len(behind), chunks.fault if is_last else None
                yield start, end, Window(head_path, path, begin, is_last, source, fault)
            start += len(here)
            behind, here = (behind + here[-BEHIND_BYTES:])[-BEHIND_BYTES:], ahead
        if not start and chunks.fault is not None:
            raise chunks.fault


class _Chunks:
    """A stream in pieces of a size; what ends it early is kept."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._size = stream, size
        self.fault: SourceError | None = None

    def next(self) -> bytes:
        """Give the next piece; b"" at the end."""
        pieces: list[bytes] = []
        missing = self._size
        try:
            while missing and self.fault is None and (piece := self._stream.read(missing)):
                pieces.append(piece)
                missing -= len(piece)
        except SourceError as error:
            self.fault = error
        return b"".join(pieces)


class _View(io.RawIOBase):
    """The beginning of a file and a window of it, at the places that they have in the file."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._head = window.head.open("rb")
        self._body = window.path.open("rb")
        self._head_size = window.head.stat().st_size
        self._end = window.begin + window.path.stat().st_size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._end}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        at, window = self._position, self._window
        file, begin = (self._body, window.begin) if at >= window.begin else (self._head, 0)
        room = memoryview(buffer)
        if file is self._head:
            room = room[: max(self._head_size - at, 0)]
        file.seek(at - begin)
        count = file.readinto(room)
        self._position += count
        return count

    def close(self) -> None:
        self._head.close()
        self._body.close()
        super().close()
