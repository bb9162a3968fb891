"""Streams of bytes that are honest about where they end.

A `Stream` gives every byte that can be had, and only then raises the `SourceError` that says why
there are no more ("byte N" counts unpacked bytes). A reader that gets an ordinary end has read
everything.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from ipsearch.errors import ReadFaultError, SourceError
from ipsearch.sources.unpacking import Limits, Meter

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 256 << 10


class Stream(io.BufferedReader):
    """A `BinaryIO` for reading that raises its input's fault after the last good byte."""

    def __init__(self, raw: _Raw, meter: Meter | None = None) -> None:
        super().__init__(raw, _CHUNK)
        self._tap = raw
        self.meter = meter  # of the last decompressor; None if the bytes are as on disk

    @property
    def failure(self) -> SourceError | None:
        """Why there are no more bytes after those that were read; None if that is the end."""
        return self._tap.failure

    def head(self, size: int) -> bytes:
        """Return the first `size` bytes (fewer if there are fewer) and stay at the beginning.

        Only before anything was read from an unseekable stream.
        """
        if isinstance(self._tap, _Chunks):
            return self._tap.prefetch(size)
        self.seek(0)
        head = super().read(size)
        self.seek(0)
        return head

    def _checked(self, at_end: bool) -> None:
        if at_end and self._tap.failure is not None:
            raise self._tap.failure

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._checked(size is None or size < 0 or (not data and size > 0))
        return data

    def read1(self, size: int = -1, /) -> bytes:
        data = super().read1(size)
        self._checked(not data and size != 0)
        return data

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        count = super().readinto(buffer)
        self._checked(not count and memoryview(buffer).nbytes > 0)
        return count

    def readinto1(self, buffer: WriteableBuffer, /) -> int:
        count = super().readinto1(buffer)
        self._checked(not count and memoryview(buffer).nbytes > 0)
        return count

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self._checked(not line and size != 0)
        return line


class _Raw(io.RawIOBase):
    """Reports its end where it fails, and keeps the `failure` for the `Stream` around it."""

    failure: SourceError | None = None

    def readable(self) -> bool:
        return True


class _Chunks(_Raw):
    """Reads an iterator of chunks. Errors of the iterator get this stream's name and place."""

    def __init__(self, name: str, chunks: Iterator[bytes]) -> None:
        self._name, self._chunks = name, chunks
        self._ahead = memoryview(b"")
        self._position = 0  # of what follows `_ahead`

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        if not self._ahead:
            self._ahead = memoryview(self._pull())
        count = min(len(target), len(self._ahead))
        target[:count] = self._ahead[:count]
        self._ahead = self._ahead[count:]
        return count

    def prefetch(self, size: int) -> bytes:
        ahead = [bytes(self._ahead)]
        missing = size - len(ahead[0])
        while missing > 0 and (chunk := self._pull()):
            ahead.append(chunk)
            missing -= len(chunk)
        self._ahead = memoryview(b"".join(ahead))
        return bytes(self._ahead[:size])

    def _pull(self) -> bytes:
        """Return the next chunk, empty at the end."""
        if self.failure is not None:
            return b""
        where = f"byte {self._position}"
        try:
            chunk = next((chunk for chunk in self._chunks if chunk), b"")
        except SourceError as error:
            self.failure = type(error)(self._name, where, error.reason)
            return b""
        except (OSError, MemoryError) as error:
            self.failure = ReadFaultError(self._name, where, f"cannot be read: {error}")
            return b""
        self._position += len(chunk)
        return chunk

    def close(self) -> None:
        if isinstance(self._chunks, Generator):
            self._chunks.close()
        super().close()


class _File(_Raw):
    """A plain file that notices when it becomes shorter while it is read."""

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        self._file = io.FileIO(path)
        self.size = self.seek(0, io.SEEK_END)
        self.seek(0)

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self.failure = None
        position = self.tell()
        try:
            count = self._file.readinto(buffer) or 0
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            self.failure = ReadFaultError(self._name, f"byte {position}", reason)
            return 0
        if not count and position < self.size:
            reason = f"became shorter while it was read: it had {self.size} bytes"
            self.failure = ReadFaultError(self._name, f"byte {position}", reason)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class Window(io.RawIOBase):
    """The bytes `start` to `start + size` of a seekable file, as a file of their own.

    The file may be shared: every read seeks first.
    """

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size = file, start, size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = (0, self._position, self._size)[whence]
        if base + offset < 0:
            raise OSError(f"seek to {base + offset}, before the beginning")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        wanted = min(len(target), self._size - self._position)
        if wanted <= 0:
            return 0
        self._file.seek(self._start + self._position)
        data = self._file.read(wanted)
        target[: len(data)] = data
        self._position += len(data)
        return len(data)


def open_file(path: Path, name: str) -> tuple[Stream, int]:
    """Open a plain file; return its seekable stream and its size. Raise `SourceError`."""
    try:
        raw = _File(path, name)
    except OSError as error:
        raise ReadFaultError(name, "", f"cannot be opened: {error.strerror or error}") from None
    return Stream(raw), raw.size


def stream_of(name: str, chunks: Iterator[bytes], meter: Meter | None = None) -> Stream:
    """Make a stream of `chunks`; a `SourceError` they raise gets `name` and the position."""
    return Stream(_Chunks(name, chunks), meter)


def read_chunks(file: BinaryIO, size: int = -1) -> Iterator[bytes]:
    """Yield the rest of `file`, or its next `size` bytes, in pieces."""
    while size and (chunk := file.read(_CHUNK if size < 0 else min(size, _CHUNK))):
        size -= len(chunk) if size > 0 else 0
        yield chunk


def spool(stream: BinaryIO, limits: Limits, name: str) -> BinaryIO:
    """Copy the rest of `stream` to where it can be sought, beyond `spool_bytes` on disk.

    Raises `SourceError`, that of `stream` or when the disk is full.
    """
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=limits.spool_bytes))  # noqa: SIM115
    try:
        for chunk in read_chunks(stream):
            file.write(chunk)
        file.seek(0)
    except OSError as error:
        file.close()
        reason = f"cannot be kept in a temporary file: {error.strerror or error}"
        raise ReadFaultError(name, "", reason) from None
    except BaseException:
        file.close()
        raise
    return file
