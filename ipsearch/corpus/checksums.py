"""Here is a file of a corpus, is it as it was written?

A file is summed where it is written, in the task that wrote it; the catalog keeps size and SHA-256
(so that `sha256sum` can be asked too). Sizes, and how a file begins and ends, are looked at when a
corpus is opened; the sums when it is checked, and wherever a whole file of the index is read to
make another of it: what is damaged must not get into a file with a good sum.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ipsearch.corpus.layout import side_files
from ipsearch.errors import DamagedError

_ENGINE_LOCKS = (".tantivy-writer.lock", ".tantivy-meta.lock")
"""Files of the engine that hold nothing."""
_ENGINE_FOOTER = (1337).to_bytes(4, "little")
"""What each of the engine's segment files ends with."""
_BEGINNINGS = {".parquet": b"PAR1", ".footer": b"PAR1", ".npy": b"\x93NUMPY", ".arrow": b"ARROW1"}
_ENDINGS = {".parquet": b"PAR1", ".footer": b"PAR1", ".arrow": b"ARROW1", ".txt": b"\n"}
_WHOLE = (".json",)
"""Small files whose sum is looked at on opening: they say what the others mean."""


class FileSum(NamedTuple):
    """What a file is to be like."""

    name: str  # of a part, what follows its stem: ".parquet"; in a generation, the path in it
    bytes: int
    sha256: str


Files = tuple[FileSum, ...]


def file_sum(path: Path, name: str) -> FileSum:
    """Sum a file up; raise `OSError` if it cannot be read."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileSum(name, os.fstat(file.fileno()).st_size, digest)


def part_sums(part: Path) -> Files:
    """Sum up a part and the files beside it, the part itself first."""
    files = [part, *(path for path in side_files(part) if path.exists())]
    return tuple(file_sum(path, path.name.removeprefix(part.stem)) for path in files)


def part_file(part: Path, name: str) -> Path:
    """Say where the file of a part lies that a `FileSum` is called by."""
    return part.with_name(part.stem + name)


def generation_sums(folder: Path, base: Path | None = None, known: Files = ()) -> Files:
    """Sum up the files of a generation.

    Those that it shares with generation `base` by hard links keep their sum, which is in `known`:
    they are not read. What it does not share, the engine has read to merge it into something new,
    so that is read again here: raises `DamagedError` if it was not as it had been written.
    """
    of_base = {entry.name: entry for entry in known}
    sums = []
    for path in generation_files(folder):
        name = path.relative_to(folder).as_posix()
        entry = of_base.get(name)
        if entry is not None and base is not None and _is_same_file(path, base / name):
            del of_base[name]
            sums.append(entry)
        else:
            sums.append(file_sum(path, name))
    if base is not None:
        for entry in of_base.values():
            verify(base / entry.name, entry)
    return tuple(sums)


def generation_files(folder: Path) -> list[Path]:
    """Give the files of a generation that say anything, in the order of their names."""
    files = (path for path in folder.rglob("*") if path.name not in _ENGINE_LOCKS)
    return sorted(path for path in files if path.is_file())


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False


def verify(path: Path, entry: FileSum) -> None:
    """Read a whole file; raise `DamagedError` unless it is as it was written."""
    if reason := content_fault(path, entry):
        raise DamagedError(str(path), reason)


def content_fault(path: Path, entry: FileSum) -> str | None:
    """Say what is wrong with a file, all of it read; None if nothing is."""
    if reason := size_fault(path, entry):
        return reason
    try:
        found = file_sum(path, entry.name)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if found.sha256 == entry.sha256:
        return None
    return f"its content has changed: SHA-256 {found.sha256}, written with {entry.sha256}"


def size_fault(path: str | Path, entry: FileSum) -> str | None:
    """Say whether a file is missing, or of another size than it was written with."""
    try:
        size = os.stat(path).st_size  # noqa: PTH116
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if size == entry.bytes:
        return None
    return f"{size:,} bytes, written with {entry.bytes:,}" if size else "empty"


def header_fault(path: str | Path, entry: FileSum) -> str | None:
    """Say whether a file begins or ends as none of its kind does; small ones are read whole.

    After a loss of power a file may have its size and nothing but zeros in it.
    """
    suffix = os.path.splitext(path)[1]  # noqa: PTH122
    if suffix in _WHOLE:
        return content_fault(Path(path), entry)
    begin, end = _BEGINNINGS.get(suffix, b""), _ENDINGS.get(suffix, b"")
    if not begin and not end:
        end = _ENGINE_FOOTER
    if not entry.bytes:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            head = os.pread(descriptor, len(begin), 0)
            tail = os.pread(descriptor, len(end), max(entry.bytes - len(end), 0))
        finally:
            os.close(descriptor)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if head == begin and tail == end:
        return None
    what, found = ("begins", head) if head != begin else ("ends", tail)
    return f"it {what} with {found.hex(' ')}, as no such file does"


def to_json(files: Iterable[FileSum]) -> str:
    """Write sums as the catalog keeps them."""
    return json.dumps([list(entry) for entry in files], separators=(",", ":"))


def from_json(text: str) -> Files:
    """Read what `to_json` wrote."""
    return as_files(json.loads(text))


def as_files(values: Iterable[Any]) -> Files:
    """Make sums of plain lists."""
    return tuple(FileSum(*value) for value in values)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say of what goes wrong with a file of records inside that the file is damaged."""
    try:
        yield
    except (OSError, EOFError, ValueError) as error:  # Arrow's and NumPy's are among them
        number = getattr(error, "errno", None)
        if number not in (None, errno.ENOENT, errno.EIO):
            raise  # too many files are open, say: the file is not to blame
        reason = getattr(error, "strerror", None) or str(error)
        raise DamagedError(str(path), f"cannot be read: {reason}") from error
