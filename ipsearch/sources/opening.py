"""From an `Item`, a file or a member of an archive, to the `Input` that a source reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeAlias

from ipsearch.errors import HostileInputError, SourceError
from ipsearch.sources.archives import display_name
from ipsearch.sources.base import Input, Notes
from ipsearch.sources.streams import Stream, open_file, read_chunks, spool, stream_of
from ipsearch.sources.tar_archive import TarArchive, is_tar
from ipsearch.sources.unpacking import Limits, Meter, bunzip2, gunzip, unxz
from ipsearch.sources.zip_archive import ZipArchive

HEAD_BYTES = 64 << 10
"""How much of a file its format is recognised from."""

Archive: TypeAlias = ZipArchive | TarArchive

_UNPACKERS = {"gzip": gunzip, "bzip2": bunzip2, "xz": unxz}

_MAGIC = {  # the first bytes; the longest and surest only
    b"\x1f\x8b\x08": "gzip",
    b"\xfd7zXZ\0": "xz",
    b"PK\3\4": "zip",
    b"PK\5\6": "zip",  # empty
    b"PK00PK\3\4": "zip",  # was to be split and was not
    b"PK\7\x08PK\3\4": "split",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\x04\x22\x4d\x18": "LZ4",
    b"\x1f\x9d": "compress (.Z)",
    b"MSCF\0\0\0\0": "cabinet",
}
_OFFICE_STARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"mimetype")


@dataclass(frozen=True, slots=True)
class Item:
    """What may hold records: a plain file, or a member of an archive (of an archive ...).

    Packed by gzip, bzip2 or XZ, it counts as what it unpacks to.
    """

    path: Path  # as the user gave it, or below the folder that the user gave
    members: tuple[str, ...] = ()  # outermost archive first; names as `archives.Member` has them
    size: int | None = field(default=None, compare=False)  # bytes, as announced and as packed

    @property
    def name(self) -> str:
        """The name to show and to keep with a record: "daily.zip!CN1.zip!a.xml"."""
        return "!".join((path_name(self.path), *self.members))


def path_name(path: Path) -> str:
    """Return `path` as readable text, also when its bytes are no UTF-8 (GB18030 then)."""
    return display_name(os.fsencode(path))


def file_name(path: Path) -> str:
    """Return the last part of `path` as readable text."""
    return path_name(Path(path.name))


def sniff(head: bytes) -> str:
    """Name how a file is packed, from its first 512 bytes; "" if it is not, as far as we know.

    An office document is a ZIP too, but nothing to be unpacked here.
    """
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return "" if kind == "zip" and head[30:].startswith(_OFFICE_STARTS) else kind
    if head.startswith(b"BZh") and head[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"):
        return "bzip2"
    return "tar" if is_tar(head) else ""


def unpacked(stream: Stream, name: str, limits: Limits) -> tuple[Stream, str]:
    """Undo gzip, bzip2 and XZ around `stream`; return what is inside, and what `sniff` says of it.

    Raises `SourceError` for what cannot be unpacked here, `HostileInputError` beyond
    `max_nesting`.
    """
    try:
        for _ in range(limits.max_nesting + 1):
            kind = sniff(stream.head(512))
            if kind in ("", "zip", "tar"):
                return stream, kind
            if kind == "split":
                raise SourceError(name, "", "a part of a split archive: join the parts first")
            if kind not in _UNPACKERS:
                raise SourceError(name, "", f"packed as {kind}, which cannot be read: unpack it")
            meter = Meter(limits, stream.meter)
            stream = stream_of(name, _unpack_and_close(stream, kind, meter), meter)
        raise HostileInputError(name, "", f"packed more than {limits.max_nesting} times over")
    except SourceError:
        stream.close()
        raise


def _unpack_and_close(stream: Stream, kind: str, meter: Meter) -> Iterator[bytes]:
    with stream:
        yield from _UNPACKERS[kind](stream, meter)


class Opener:
    """Opens items one after another and keeps open the archives that the next one may share.

    Open them in the order of `walk`: then each archive is opened, and each packed TAR read, once.
    One input is open at a time. Not for several threads at once; each process makes its own.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._path = Path()
        self._archives: list[tuple[str, Archive]] = []  # outermost first, with its member name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all archives."""
        self._keep(0)

    @contextmanager
    def open(self, item: Item, notes: Notes) -> Iterator[Input]:
        """Open `item`, unpacked on the fly; only a plain file is seekable.

        Raises `SourceError` here if it cannot be opened, and while reading, after the last byte
        that could be read, if it is damaged or cut. Its position is "byte N" of what is unpacked.
        """
        size = item.size
        if item.members:
            stream = self._archive(item.path, item.members[:-1]).open(item.members[-1], item.name)
        else:
            stream, size = open_file(item.path, item.name)
        with stream as packed:
            stream, _ = unpacked(packed, item.name, self.limits)
            with stream:
                size = size if stream is packed else None
                yield Input(item.name, stream, size, stream.seekable(), notes)

    def _archive(self, path: Path, members: tuple[str, ...]) -> Archive:
        """Return the archive at `members` of `path`, opened where it is not open yet."""
        wanted = ("", *members)
        kept = 0
        if path == self._path:
            for (name, _), other in zip(self._archives, wanted, strict=False):
                if name != other:
                    break
                kept += 1
        self._keep(kept)
        self._path = path
        for depth in range(kept, len(wanted)):
            item = Item(path, members[:depth])
            outer = self._archives[-1][1] if self._archives else None
            archive = open_archive(item, outer, self.limits)
            if archive is None:
                raise SourceError(item.name, "", "not an archive")
            self._archives.append((wanted[depth], archive))
        return self._archives[-1][1]

    def _keep(self, count: int) -> None:
        while len(self._archives) > count:
            self._archives.pop()[1].close()


def open_archive(item: Item, outer: Archive | None, limits: Limits) -> Archive | None:
    """Open `item`, a member of `outer` or a plain file, as an archive; None if it is none.

    Raises `SourceError` if it is one that cannot be read.
    """

    def reopen() -> Stream:
        if outer is None:
            return open_file(item.path, item.name)[0]
        return outer.open(item.members[-1], item.name)

    stream, kind = unpacked(reopen(), item.name, limits)
    if kind == "tar":
        return TarArchive(
            stream, lambda: unpacked(reopen(), item.name, limits)[0], item.name, limits
        )
    if kind != "zip":
        stream.close()
        return None
    file = _seekable_zip(stream, item, outer, limits)
    try:
        archive = ZipArchive(file, item.name, limits, stream.meter)
    except SourceError:
        file.close()
        raise
    if not archive.is_document:
        return archive
    archive.close()
    return None


def _seekable_zip(stream: Stream, item: Item, outer: Archive | None, limits: Limits) -> BinaryIO:
    if stream.seekable():
        return stream
    with stream:
        in_place = outer.open_in_place(item.members[-1], item.name) if outer else None
        if in_place is not None and sniff(in_place.read(512)) == "zip":
            return in_place
        return spool(stream, limits, item.name)


@contextmanager
def open_item(item: Item, limits: Limits, notes: Notes) -> Iterator[Input]:
    """Open one item; as `Opener.open`, which is the way for more than a few of one archive."""
    with Opener(limits) as opener, opener.open(item, notes) as opened:
        yield opened


def open_stream(stream: BinaryIO, name: str, limits: Limits, notes: Notes) -> Input:
    """Make an input of an open stream that cannot be sought, such as standard input.

    gzip, bzip2 and XZ are unpacked; raises `SourceError` for an archive.
    """
    inner, kind = unpacked(stream_of(name, read_chunks(stream)), name, limits)
    if kind:
        raise SourceError(name, "", f"a {kind} archive cannot be read from here: save it first")
    return Input(name, inner, None, False, notes)


def peek(opened: Input, size: int = HEAD_BYTES) -> tuple[bytes, Input]:
    """Return the first `size` bytes (fewer if there are fewer) and the input, still unread.

    Bytes that are followed by a fault are returned; the fault comes when the stream is read.
    """
    stream = opened.stream
    if isinstance(stream, Stream):
        return stream.head(size), opened
    if opened.is_seekable:
        start = stream.tell()
        head = stream.read(size)
        stream.seek(start)
        return head, opened
    head = b"".join(read_chunks(stream, size))
    joined = stream_of(opened.name, chain([head], read_chunks(stream)))
    return head, replace(opened, stream=joined)


def seekable(opened: Input, limits: Limits | None = None) -> BinaryIO:
    """Return the input's bytes as a seekable file, copied to memory or disk where need be.

    Close it after use. Raises `SourceError` if the input cannot be read to its end.
    """
    if opened.is_seekable:
        return opened.stream
    return spool(opened.stream, limits or Limits(), opened.name)
