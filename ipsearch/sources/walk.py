"""Files and folders in, items out: everything that may hold records, archives looked into.

What cannot be read comes as a `Fault`, what holds no records by its nature as `Skipped`; nothing
is left out without a word. All that is needed to hand over files is importable from here.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ipsearch.errors import HostileInputError, SourceError
from ipsearch.sources.archives import leads_outside
from ipsearch.sources.opening import (
    HEAD_BYTES,
    Archive,
    Item,
    Opener,
    open_archive,
    open_item,
    open_stream,
    path_name,
    peek,
    seekable,
)
from ipsearch.sources.unpacking import Limits

__all__ = [
    "HEAD_BYTES",
    "Fault",
    "Item",
    "Limits",
    "Opener",
    "Skipped",
    "open_item",
    "open_stream",
    "peek",
    "seekable",
    "walk",
]

_COMPANIONS = {  # what comes beside records in deliveries, by the ending of its name
    "an image": "jpg jpeg png tif tiff gif bmp jp2 svg wmf emf ico webp",
    "a sound or a film": "mp3 wav mp4 avi",
    "a schema or style sheet": "dtd ent mod xsd rng xsl xslt css",
    "a document for people": "pdf doc docx ppt pptx rtf odt htm html md",
    "a checksum or signature": "md5 sha1 sha256 sha512 sfv sig",
    "a structure or model": "cdx mol nb step stp dwg igs",
    "a font or a program": "ttf otf exe dll js",
    "a list or settings of a program": "toml",
}
_COMPANION_OF = {end: what for what, ends in _COMPANIONS.items() for end in ends.split()}
_SPLIT_PART = re.compile(r"\.(z\d\d|(zip|7z|rar|tar|gz|tgz|xz|bz2)\.\d{3}|r\d\d)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """A file, or a member of an archive, that cannot be read, and why."""

    name: str
    position: str  # "byte 4711" of it; "" where there is no place to point at
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that holds no records by its nature: an image, a schema, a hidden file."""

    name: str
    reason: str


Found = Item | Fault | Skipped


def walk(paths: Iterable[Path], limits: Limits | None = None) -> Iterator[Found]:
    """Find everything in `paths` that may hold records, in an order that is always the same.

    Folders are walked by sorted names, archives (told by their content) in their own order, at
    most `max_nesting` inside each other. Symbolic links are followed where the user names them;
    in a folder they are not, and a link to what is outside is a fault. A packed file is not read
    to its end here: a cut in it shows when it is read (in a packed TAR at once).
    """
    for path in paths:
        yield from _Walk(path, limits or Limits()).run()


class _TooMuch(HostileInputError):
    """A file is given up as a whole."""


class _Walk:
    """The walk through one path that the user gave."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self._root, self._limits = root, limits
        self._file_bytes = self._members = self._unpacked_bytes = 0

    def run(self) -> Iterator[Found]:
        if self._root.is_dir():
            yield from self._folder(self._root)
        else:
            yield from self._file(self._root)

    def _folder(self, folder: Path) -> Iterator[Found]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Fault(path_name(folder), "", f"cannot be opened: {error.strerror or error}")
            return
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                yield Skipped(path_name(path), "hidden")
            elif entry.is_symlink():
                yield self._link(path)
            elif entry.is_dir():
                yield from self._folder(path)
            else:
                yield from self._file(path)

    def _link(self, path: Path) -> Found:
        """Judge a link in a folder: what it leads to inside the folder is found there anyway."""
        root = self._root.resolve()
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):  # a loop is a RuntimeError before Python 3.13
            return Fault(path_name(path), "", "a link to nothing")
        if not target.is_relative_to(root):
            return Fault(path_name(path), "", "a link to what is outside the folder: not followed")
        if any(part.startswith(".") for part in target.relative_to(root).parts):
            return Fault(path_name(path), "", "a link to what is hidden: not followed")
        return Skipped(path_name(path), "a link to what is found in this folder itself")

    def _file(self, path: Path) -> Iterator[Found]:
        self._members = self._unpacked_bytes = 0
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            yield Fault(path_name(path), "", f"cannot be opened: {error}")
            return
        if not stat.S_ISREG(status.st_mode):
            yield Fault(path_name(path), "", "not a regular file")
            return
        self._file_bytes = status.st_size
        try:
            yield from self._leaf(Item(path, (), status.st_size), None)
        except _TooMuch as error:
            yield Fault(path_name(path), error.position, error.reason)

    def _leaf(self, item: Item, outer: Archive | None) -> Iterator[Found]:
        """Tell what one file or member is; go into it if it is an archive."""
        last = item.members[-1] if item.members else item.path.name
        companion = _COMPANION_OF.get(last.rpartition(".")[2].lower()) if "." in last else None
        if companion:
            yield Skipped(item.name, companion)
            return
        if item.size == 0:
            yield Fault(item.name, "", "the file is empty")
            return
        if _SPLIT_PART.search(last):
            yield Fault(item.name, "", "a part of a split archive: join the parts first")
            return
        try:
            archive = open_archive(item, outer, self._limits)
            if archive is None:
                yield item
                return
            try:
                yield from self._archive(archive, item)
            finally:
                archive.close()
        except _TooMuch:
            raise
        except SourceError as error:
            yield Fault(item.name, error.position, error.reason)

    def _archive(self, archive: Archive, item: Item) -> Iterator[Found]:
        if len(item.members) >= self._limits.max_nesting:
            reason = f"more than {self._limits.max_nesting} archives inside each other"
            raise HostileInputError(item.name, "", reason)
        if item.members:
            self._count_unpacked(item.size or 0)
        is_empty = True
        for member in archive:
            is_empty = False
            self._members += 1
            if self._members > self._limits.max_members:
                raise _TooMuch(item.name, "", f"more than {self._limits.max_members} members")
            found = Item(item.path, (*item.members, member.name), member.size)
            parts = member.name.replace("\\", "/").split("/")
            if leads_outside(member.name):
                yield Fault(found.name, "", "its path leads outside the archive")
            elif any(part.startswith(".") or part == "__MACOSX" for part in parts):
                yield Skipped(found.name, "hidden")
            elif member.fault:
                yield Fault(found.name, "", member.fault)
            else:
                yield from self._leaf(found, archive)
        if is_empty:
            yield Fault(item.name, "", "the archive is empty")

    def _count_unpacked(self, size: int) -> None:
        """Stop at archives that are small each, but hold each other many times over."""
        self._unpacked_bytes += size
        most = max(self._limits.floor_bytes, self._limits.max_ratio * self._file_bytes)
        if self._unpacked_bytes > most:
            reason = f"its archives hold more than {most} bytes of archives: a decompression bomb"
            raise _TooMuch("", "", reason)
