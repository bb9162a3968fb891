"""gzip, bzip2, XZ and ZIP's deflate: unpack a stream piece by piece, and stop what is a bomb.

Every function here yields all that can be unpacked and then, if the data is cut or damaged,
raises a `SourceError` without name or position: `streams.Stream` puts them in.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from ipsearch.errors import HostileInputError, SourceError

MIB = 1 << 20
_PACKED_CHUNK = 64 << 10
_CHUNK = 256 << 10
_FIRST_CHUNK = 4 << 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What an honest input stays within. Sizes are in bytes; no file is refused for size alone."""

    max_ratio: int = 200  # unpacked : packed; XML gazettes reach about 30
    floor_bytes: int = 256 * MIB  # no ratio is too high for an output below this
    max_nesting: int = 4  # archives inside each other
    max_members: int = 5_000_000  # in one file, whatever is nested in it included
    spool_bytes: int = 32 * MIB  # what must be seekable stays in memory up to this, then on disk
    xz_memory_bytes: int = 256 * MIB  # `xz -9` asks for 65 MiB


class Meter:
    """Counts what a decompressor takes and gives, and stops a bomb while it goes off.

    Headers are not believed. When the packed bytes were themselves unpacked from something,
    `source` is that stream's meter: the ratio is taken against the bytes of the file on disk.
    """

    def __init__(self, limits: Limits, source: Meter | None = None) -> None:
        self.limits = limits
        self._source = source
        self._bytes_in = self._bytes_out = 0

    @property
    def density(self) -> float:
        """How many bytes of the file on disk one byte of this output stands for."""
        outer = self._source.density if self._source else 1.0
        return outer * self._bytes_in / self._bytes_out if self._bytes_out else outer

    def count(self, bytes_in: int, bytes_out: int) -> None:
        """Add to the counts; raise `HostileInputError` beyond `max_ratio` and `floor_bytes`."""
        self._bytes_in += bytes_in
        self._bytes_out += bytes_out
        if self._bytes_out <= self.limits.floor_bytes:
            return
        if self.density * self.limits.max_ratio < 1:
            reason = (
                f"unpacks to more than {self.limits.max_ratio} times its size"
                f" and {self.limits.floor_bytes >> 20} MiB: a decompression bomb"
            )
            raise HostileInputError("", "", reason)


def inflate(stream: BinaryIO, meter: Meter) -> Iterator[bytes]:
    """Yield what one raw deflate stream (a ZIP member's) unpacks to."""
    yield from _inflate(stream, b"", -zlib.MAX_WBITS, meter)


def gunzip(stream: BinaryIO, meter: Meter) -> Iterator[bytes]:
    """Yield what a gzip file unpacks to, all its members one after another (RFC 1952)."""
    data = stream.read(_PACKED_CHUNK)
    while data:
        rest = yield from _inflate(stream, data, 16 + zlib.MAX_WBITS, meter)
        data = _after_padding(stream, rest)
        if data and not b"\x1f\x8b".startswith(data[:2]):
            raise SourceError("", "", "what follows the gzip data is none")


def _inflate(
    stream: BinaryIO, data: bytes, window_bits: int, meter: Meter
) -> Generator[bytes, None, bytes]:
    """Yield one deflate stream's content; return what was read beyond its end."""
    inflater = zlib.decompressobj(window_bits)
    step = _FIRST_CHUNK  # a glance at the head of a member shall not unpack the whole
    while True:
        if not data:
            data = stream.read(min(step, _PACKED_CHUNK))
        before = inflater.copy()
        try:
            chunk = inflater.decompress(data, step)
        except zlib.error as error:
            yield from _rescue(before, data)
            raise SourceError("", "", f"the packed data is damaged: {error}") from None
        taken = len(data) - len(inflater.unconsumed_tail) - len(inflater.unused_data)
        meter.count(taken, len(chunk))
        if chunk:
            yield chunk
        if inflater.eof:
            return inflater.unused_data
        if not chunk and not data:
            raise SourceError("", "", "the packed data ends early: the file is cut")
        data = inflater.unconsumed_tail
        step = _CHUNK


def _rescue(inflater: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Yield what can be had of `data` before its fault: zlib drops it with the error."""
    for position in range(len(data)):
        try:
            chunk = inflater.decompress(data[position : position + 1])
        except zlib.error:
            return
        if chunk:
            yield chunk


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def bunzip2(stream: BinaryIO, meter: Meter) -> Iterator[bytes]:
    """Yield what a bzip2 file unpacks to, all its streams one after another."""
    return _unpack(stream, bz2.BZ2Decompressor, meter)


def unxz(stream: BinaryIO, meter: Meter) -> Iterator[bytes]:
    """Yield what an XZ file unpacks to, all its streams one after another."""
    memory = meter.limits.xz_memory_bytes
    return _unpack(stream, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memory), meter)


def _unpack(stream: BinaryIO, make: Callable[[], _Decompressor], meter: Meter) -> Iterator[bytes]:
    data = stream.read(_PACKED_CHUNK)
    while data:
        unpacker = make()
        while not unpacker.eof:
            try:
                chunk = unpacker.decompress(data, _CHUNK)
            except (OSError, EOFError, lzma.LZMAError) as error:
                raise SourceError("", "", f"the packed data is damaged: {error}") from None
            meter.count(len(data) - len(unpacker.unused_data), len(chunk))
            if chunk:
                yield chunk
            if unpacker.eof or not unpacker.needs_input:
                data = b""
                continue
            data = stream.read(_PACKED_CHUNK)
            if not data:
                raise SourceError("", "", "the packed data ends early: the file is cut")
        data = _after_padding(stream, unpacker.unused_data)


def _after_padding(stream: BinaryIO, data: bytes) -> bytes:
    """Return the next bytes that are no zeros: a packed file may be padded to a block of tape."""
    data = data.lstrip(b"\0")
    while not data and (more := stream.read(_PACKED_CHUNK)):
        data = more.lstrip(b"\0")
    return data
