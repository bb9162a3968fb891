"""TAR: list and read the members in one pass forwards, also when the archive is packed.

The layout is that of POSIX.1-2017 `pax`, with GNU's long names.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from ipsearch.errors import HostileInputError, SourceError
from ipsearch.sources.archives import Member, Names
from ipsearch.sources.streams import Stream, stream_of
from ipsearch.sources.unpacking import Limits

_BLOCK = 512
_HEADER_TYPES = (b"L", b"K", b"x", b"g", b"X")  # GNU and pax: about the member that follows
_HEADER_LIMIT = 1 << 20


class TarArchive:
    """A TAR read forwards only: members opened in their order cost one pass over the archive.

    `stream` is the unpacked archive at its beginning, `reopen` gives it anew for another pass.
    Listing and reading share the one place that the stream is at: open a member while it is the
    one just listed, or after listing.
    """

    def __init__(
        self, stream: Stream, reopen: Callable[[], Stream], name: str, limits: Limits
    ) -> None:
        self._reopen, self._name, self._limits = reopen, name, limits
        self._stream = stream
        self._members = self._scan(stream)
        self._current: Member | None = None
        self._left = 0  # bytes of the current member not yet read, its padding included
        self._is_begun = False

    def __iter__(self) -> Iterator[Member]:
        """Yield the files in their order; raise `SourceError` where the archive is damaged."""
        if self._current is not None:
            self._rewind()
        yield from self._members

    def open(self, member: str, name: str) -> Stream:
        """Open the member called `member`; `name` is for messages. Raise `SourceError`."""
        if self._current is None or self._current.name != member or self._is_begun:
            found = next((m for m in self._members if m.name == member), None)
            if found is None:
                self._rewind()
                found = next((m for m in self._members if m.name == member), None)
            if found is None:
                raise SourceError(name, "", "the archive has no such member")
        current = cast(Member, self._current)
        if current.fault:
            raise SourceError(name, "", current.fault)
        return stream_of(name, self._read(current), self._stream.meter)

    def open_in_place(self, member: str, name: str) -> BinaryIO | None:
        return None

    def close(self) -> None:
        self._stream.close()

    def _rewind(self) -> None:
        self.close()
        self._stream = self._reopen()
        self._current, self._left, self._is_begun = None, 0, False
        self._members = self._scan(self._stream)

    def _read(self, member: Member) -> Iterator[bytes]:
        left = member.size
        while left:
            if self._current is not member:
                raise SourceError("", "", "another member of the archive was opened meanwhile")
            self._is_begun = True
            chunk = self._stream.read(min(left, 256 << 10))
            if not chunk:
                raise SourceError("", "", "the archive ends within this member: it is cut")
            left -= len(chunk)
            self._left -= len(chunk)
            yield chunk

    def _scan(self, stream: Stream) -> Iterator[Member]:
        names = Names()
        long_name: bytes | None = None
        pax: dict[bytes, bytes] = {}
        position = 0
        while True:
            self._skip(stream)
            where = f"byte {position}"
            info = self._header(stream, where)
            if info is None:
                return
            if info.type in _HEADER_TYPES:
                self._set_size(info.size)
                position += _BLOCK + self._left
                body = self._header_body(stream, info.size, where)
                if info.type == b"L":
                    long_name = body.rstrip(b"\0")
                elif info.type == b"x":
                    pax = _pax_records(body)
                continue
            if re.fullmatch(rb"\d{1,18}", pax.get(b"size", b"")):  # for members of 8 GiB and more
                info.size = int(pax[b"size"])
            has_data = not (info.islnk() or info.issym() or info.isdir() or info.isdev())
            self._set_size(info.size if has_data else 0)
            position += _BLOCK + self._left
            short_name = info.name.encode("utf-8", "surrogateescape")
            name = names.give(pax.get(b"path") or long_name or short_name)
            fault = _tar_fault(info, pax)
            long_name, pax = None, {}
            if len(names) > self._limits.max_members:
                reason = f"more than {self._limits.max_members} members"
                raise HostileInputError(self._name, where, reason)
            if not info.isdir():
                self._current, self._is_begun = Member(name, info.size, fault), False
                yield self._current

    def _header(self, stream: Stream, where: str) -> tarfile.TarInfo | None:
        header = stream.read(_BLOCK)
        if header == bytes(_BLOCK):
            return None  # two of them end an archive; some writers forget one
        if len(header) < _BLOCK:
            raise SourceError(self._name, where, "the archive has no end: it is cut")
        try:
            info = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        except (tarfile.HeaderError, ValueError) as error:
            raise SourceError(self._name, where, f"no header of a member: {error}") from None
        if not 0 <= info.size < 1 << 60:
            raise SourceError(self._name, where, f"a member of {info.size} bytes")
        return info

    def _set_size(self, size: int) -> None:
        self._left = -(-size // _BLOCK) * _BLOCK

    def _skip(self, stream: Stream) -> None:
        """Go to the next header, over what is left of the current member."""
        if stream.seekable() and self._left:
            stream.seek(self._left, io.SEEK_CUR)
            self._left = 0
        while self._left and (chunk := stream.read(min(self._left, 256 << 10))):
            self._left -= len(chunk)

    def _header_body(self, stream: Stream, size: int, where: str) -> bytes:
        if size > _HEADER_LIMIT:
            raise HostileInputError(self._name, where, f"a header of {size} bytes")
        body = stream.read(size)
        self._left -= len(body)
        return body


def _pax_records(body: bytes) -> dict[bytes, bytes]:
    """Read the `length key=value` lines of an extended header; what is none is passed over."""
    records = {}
    while match := re.match(rb"(\d{1,7}) ([^=]+)=", body):
        length = int(match[1])
        records[match[2]] = body[match.end() : length - 1]
        body = body[max(length, match.end()) :]
    return records


def _tar_fault(info: tarfile.TarInfo, pax: dict[bytes, bytes]) -> str:
    if info.issym() or info.islnk():
        return "a link, which is not followed"
    if info.type == b"S" or any(key.startswith(b"GNU.sparse") for key in pax):
        return "a file with holes, which cannot be read here"
    return "" if info.isreg() else "not a regular file"


def is_tar(head: bytes) -> bool:
    """Tell whether `head` begins with the header of a TAR member, by its checksum."""
    if len(head) < _BLOCK or not head[0]:
        return False
    try:
        tarfile.TarInfo.frombuf(head[:_BLOCK], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True
