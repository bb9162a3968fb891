"""ZIP: list the members from the central directory, read one as a stream.

The layout is that of PKWARE's APPNOTE 6.3.10. Our own reader, since the standard library's gives
up the whole archive for one odd entry, and believes names, sizes and places without a check.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from ipsearch.errors import HostileInputError, SourceError
from ipsearch.sources.archives import Member, Names
from ipsearch.sources.streams import Stream, Window, read_chunks, stream_of
from ipsearch.sources.unpacking import Limits, Meter, bunzip2, inflate

_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_END64, _LOCATOR64 = b"PK\6\6", b"PK\6\7"
_CENTRAL_LAYOUT = struct.Struct("<4s4B4HL2L5H2L")
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_METHODS = {9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}


class _Entry(NamedTuple):
    """One entry of a ZIP's central directory."""

    start: int  # of its local header, in the file
    packed: int
    size: int
    crc: int
    method: int
    fault: str


class ZipArchive:
    """A ZIP in a seekable file; opening it reads its directory alone.

    `density` is what one byte of the file stands for on the disk (`Meter.density`). Raises
    `SourceError` if the directory is cut, damaged or elsewhere, `HostileInputError` if members
    overlap, unpack to too much in sum, or are too many.
    """

    def __init__(self, file: BinaryIO, name: str, limits: Limits, meter: Meter | None) -> None:
        self._file, self._name, self._limits, self._meter = file, name, limits, meter
        self._entries: dict[str, _Entry] = {}
        names = Names()
        for raw, entry in _zip_directory(file, name):
            self._entries[names.give(raw)] = entry
            if len(self._entries) > limits.max_members:
                raise HostileInputError(name, "", f"more than {limits.max_members} members")
        self._check_extent()

    def _check_extent(self) -> None:
        """Refuse what no honest archive has: members in each other, or far too much in sum."""
        end = 0
        for entry in sorted(self._entries.values()):
            if entry.start < end:
                reason = "members overlap: a decompression bomb"
                raise HostileInputError(self._name, f"byte {entry.start}", reason)
            end = entry.start + 30 + entry.packed
        total = sum(entry.size for entry in self._entries.values())
        on_disk = self._file.seek(0, io.SEEK_END) * (self._meter.density if self._meter else 1.0)
        if total > max(self._limits.floor_bytes, self._limits.max_ratio * on_disk):
            reason = (
                f"its members unpack to {total} bytes, more than {self._limits.max_ratio} times"
                " its size: a decompression bomb"
            )
            raise HostileInputError(self._name, "", reason)

    def __iter__(self) -> Iterator[Member]:
        """Yield the files in the order of the directory."""
        for name, entry in self._entries.items():
            yield Member(name, entry.size, entry.fault)

    def open(self, member: str, name: str) -> Stream:
        """Open the member called `member`; `name` is for messages. Raise `SourceError`."""
        entry = self._entry(member, name)
        meter = Meter(self._limits, self._meter)
        return stream_of(name, self._read(entry, meter), meter)

    @property
    def is_document(self) -> bool:
        """Whether it is an Office Open XML file (ISO/IEC 29500-2), such as XLSX."""
        return "[Content_Types].xml" in self._entries

    def open_in_place(self, member: str, name: str) -> BinaryIO | None:
        """Return a member that is stored unpacked as a seekable file; None if it is packed."""
        entry = self._entry(member, name)
        if entry.method != _STORED:
            return None
        return io.BufferedReader(self._window(entry))

    def close(self) -> None:
        self._file.close()

    def _entry(self, member: str, name: str) -> _Entry:
        entry = self._entries.get(member)
        if entry is None:
            raise SourceError(name, "", "the archive has no such member")
        if entry.fault:
            raise SourceError(name, "", entry.fault)
        return entry

    def _window(self, entry: _Entry) -> Window:
        self._file.seek(entry.start)
        header = self._file.read(30)
        if len(header) < 30 or not header.startswith(_LOCAL):
            where = f"no member at byte {entry.start} of the archive: it is damaged"
            raise SourceError(self._name, f"byte {entry.start}", where)
        name_size, extra_size = struct.unpack_from("<2H", header, 26)
        return Window(self._file, entry.start + 30 + name_size + extra_size, entry.packed)

    def _read(self, entry: _Entry, meter: Meter) -> Iterator[bytes]:
        packed = io.BufferedReader(self._window(entry), 8 << 10)
        unpackers = {_STORED: _stored, _DEFLATED: inflate, _BZIP2: bunzip2}
        size = crc = 0
        for chunk in unpackers[entry.method](packed, meter):
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            if size > entry.size:  # so that the check of the sum holds
                raise SourceError("", "", f"unpacks to more than the {entry.size} bytes announced")
            yield chunk
        if size < entry.size:
            raise SourceError("", "", f"ends early: {entry.size} bytes were announced")
        if crc != entry.crc:
            raise SourceError("", "", "the checksum is wrong: the bytes above are not as packed")


def _stored(packed: BinaryIO, meter: Meter) -> Iterator[bytes]:
    for chunk in read_chunks(packed):
        meter.count(len(chunk), len(chunk))
        yield chunk


def _zip_directory(file: BinaryIO, name: str) -> Iterator[tuple[bytes, _Entry]]:
    """Yield the raw name and the entry of each member, folders left out."""
    start, size, shift = _find_directory(file, name)
    directory = io.BufferedReader(Window(file, start, size), 1 << 20)
    position = start
    while header := directory.read(_CENTRAL_LAYOUT.size):
        where = f"byte {position}"
        if len(header) < _CENTRAL_LAYOUT.size or not header.startswith(_CENTRAL):
            raise SourceError(name, where, "the archive's directory is damaged")
        fields = _CENTRAL_LAYOUT.unpack(header)
        system, flags, method = fields[2], fields[5], fields[6]
        crc, packed, size, name_size, extra_size, comment_size = fields[9:15]
        disk, attributes, offset = fields[15], fields[17], fields[18]
        raw = directory.read(name_size)
        extra = directory.read(extra_size)
        rest = directory.read(comment_size)
        if len(raw) + len(extra) + len(rest) < name_size + extra_size + comment_size:
            raise SourceError(name, where, "the archive's directory is cut")
        size, packed, offset = _wide(extra, size, packed, offset)
        position = position + len(header) + len(raw) + len(extra) + len(rest)
        if not size and (raw.endswith(b"/") or attributes & 0x10):
            continue
        fault = ""
        if flags & 0x2041:  # bit 0: encrypted; 6: strongly; 13: the directory as well
            fault = "encrypted: unpack it with its password first"
        elif system == 3 and stat.S_ISLNK(attributes >> 16):
            fault = "a link, which is not followed"
        elif disk:
            fault = "lies in another part of a split archive: join the parts first"
        elif method not in (_STORED, _DEFLATED, _BZIP2):
            method_name = _METHODS.get(method, f"method {method}")
            fault = f"packed with {method_name}, which cannot be read here: unpack it first"
        yield raw, _Entry(offset + shift, packed, size, crc, method, fault)


def _wide(extra: bytes, *values: int) -> list[int]:
    """Return `values` with each that reads 0xFFFFFFFF taken from the ZIP64 extra field."""
    wide: Iterator[int] = iter(())
    while len(extra) >= 4:
        tag, size = struct.unpack_from("<2H", extra)
        if tag == 1:
            body = extra[4 : 4 + size]
            wide = iter(struct.unpack_from(f"<{min(len(body) // 8, 3)}Q", body))
        extra = extra[4 + size :]
    return [next(wide, value) if value == 0xFFFFFFFF else value for value in values]


def _find_directory(file: BinaryIO, name: str) -> tuple[int, int, int]:
    """Return where the directory starts, its size, and how far all offsets are shifted."""
    file_size = file.seek(0, io.SEEK_END)
    tail_start = max(0, file_size - 22 - 0xFFFF)  # the end record and the longest comment
    file.seek(tail_start)
    tail = file.read(22 + 0xFFFF)
    ends = [m.start() for m in re.finditer(_END, tail) if len(tail) - m.start() >= 22]
    if not ends:
        reason = "a ZIP without its end: it is cut, or one part of a split archive"
        raise SourceError(name, f"byte {file_size}", reason)
    # the comment may hold the same four bytes: the true record says how long the comment is
    fits = [
        e for e in ends if e + 22 + int.from_bytes(tail[e + 20 : e + 22], "little") == len(tail)
    ]
    found = fits[0] if fits else ends[-1]
    end = tail_start + found
    disk, first_disk, _, _, size, start, _ = struct.unpack_from("<4H2LH", tail, found + 4)
    split = disk not in (0, 0xFFFF) or first_disk not in (0, 0xFFFF)
    if end >= 20:
        file.seek(end - 20)
        locator = file.read(20)
        if locator.startswith(_LOCATOR64):
            split = split or struct.unpack_from("<L", locator, 16)[0] > 1
            end, size, start = _find_directory64(file, name, locator, end)
    if split:
        raise SourceError(name, "", "the last part of a split archive: join the parts first")
    shift = end - size - start  # an archive may stand behind something else
    if shift < 0:
        raise SourceError(name, "", "the archive's directory is not where it should be: it is cut")
    return start + shift, size, shift


def _find_directory64(file: BinaryIO, name: str, locator: bytes, end: int) -> tuple[int, int, int]:
    """Return where the ZIP64 end record stands, the directory's size and its start."""
    (announced,) = struct.unpack_from("<Q", locator, 8)
    for position in (announced, end - 20 - 56):
        if 0 <= position < end:
            file.seek(position)
            record = file.read(56)
            if len(record) == 56 and record.startswith(_END64):
                size, start = struct.unpack_from("<2Q", record, 40)
                return position, size, start
    raise SourceError(name, "", "the archive's ZIP64 end record is not where it should be")
