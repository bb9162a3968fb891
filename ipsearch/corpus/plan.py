"""Which files an ingestion reads, cut into tasks: ranges of large files, handfuls of small ones."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ipsearch.corpus.convert import Range
from ipsearch.corpus.routing import MOST_SHARDS
from ipsearch.errors import SourceError
from ipsearch.sources.base import Notes
from ipsearch.sources.opening import file_name, path_name, sniff
from ipsearch.sources.registry import detect
from ipsearch.sources.walk import Fault, Item, Limits, Skipped, open_item, peek, walk

SMALLEST_RANGE_BYTES = 8 << 20
LARGEST_RANGE_BYTES = 128 << 20
SHARD_BYTES = 8 << 30
"""Input that one shard of a new corpus is made for: some five million records of abstract and
claims. A shard is what is built, compacted and searched as one."""
_HASH_BLOCK = 16 << 20
_READ_BYTES = 256 << 10


@dataclass(slots=True)
class Found:
    """The inputs of an ingestion."""

    pieces: list[tuple[Range, int]] = field(default_factory=list)  # with bytes to be read
    packed: list[tuple[Item, str]] = field(default_factory=list)  # to be handed out in windows
    inputs: dict[str, tuple[str, int]] = field(default_factory=dict)  # hash -> name, bytes
    known: list[str] = field(default_factory=list)  # names of files ingested before
    skipped: dict[str, int] = field(default_factory=dict)  # reason -> how many
    faults: list[Fault] = field(default_factory=list)


def content_hash(path: Path, salt: str = "") -> str:
    """Hash a file's content: 32 hexadecimal digits. `salt` is what else it is read by.

    It is the hash of the hashes of its blocks, which are made in threads: nothing can be read
    before it is known, and all processors wait.
    """

    def hash_block(begin: int) -> bytes:
        digest = hashlib.sha256()  # processors have instructions for it
        held = memoryview(bytearray(_READ_BYTES))
        with path.open("rb", buffering=0) as file:
            file.seek(begin)
            left = _HASH_BLOCK
            while left and (size := file.readinto(held[: min(left, len(held))])):
                digest.update(held[:size])
                left -= size
        return digest.digest()

    begins = range(0, max(path.stat().st_size, 1), _HASH_BLOCK)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        blocks = b"".join(threads.map(hash_block, begins))
    return hashlib.blake2b(salt.encode() + blocks, digest_size=16).hexdigest()


def find_inputs(
    paths: Iterable[Path],
    limits: Limits,
    is_known: Callable[[str], bool],
    workers: int,
    *,
    salt: str = "",
) -> Found:
    """Walk `paths` and say what is to be read of them.

    A file is known by its content and `salt`: read by another mapping, it is another input.
    """
    found = Found()
    hashes: dict[Path, str] = {}
    for item in walk(paths, limits):
        if isinstance(item, Fault):
            found.faults.append(item)
            continue
        if isinstance(item, Skipped):
            found.skipped[item.reason] = found.skipped.get(item.reason, 0) + 1
            continue
        if item.path not in hashes:
            try:
                hashes[item.path] = _enter(item.path, found, is_known, salt)
            except OSError as error:
                reason = f"cannot be read: {error.strerror or error}"
                found.faults.append(Fault(item.name, "", reason))
                hashes[item.path] = ""
        if hashed := hashes[item.path]:
            _cut(item, hashed, limits, workers, found)
    if len(found.packed) >= 2 * workers:  # enough to keep everybody busy: a file each
        found.pieces += [(Range(item, hashed), item.size or 0) for item, hashed in found.packed]
        found.packed.clear()
    return found


def _enter(path: Path, found: Found, is_known: Callable[[str], bool], salt: str) -> str:
    """Enter one file among the inputs; returns its hash, or "" if it was ingested before."""
    hashed = content_hash(path, salt)
    if is_known(hashed) or hashed in found.inputs:
        found.known.append(path_name(path))
        return ""
    found.inputs[hashed] = (file_name(path), path.stat().st_size)
    return hashed


def _cut(item: Item, hashed: str, limits: Limits, workers: int, found: Found) -> None:
    """Enter one file or member among the pieces: whole, in ranges, or to be handed out unpacked."""
    size = item.size or 0
    way = "whole"
    if workers > 1 and size >= 2 * SMALLEST_RANGE_BYTES:
        way = _way(item, limits)
    if way == "packed":
        found.packed.append((item, hashed))
        return
    step = min(max(size // (workers * 4), SMALLEST_RANGE_BYTES), LARGEST_RANGE_BYTES)
    if way == "whole":
        found.pieces.append((Range(item, hashed), size))
        return
    for start in range(0, size, step):
        end = start + step if start + step < size else None
        found.pieces.append((Range(item, hashed, start, end), step))


def _way(item: Item, limits: Limits) -> Literal["whole", "ranges", "packed"]:
    """Say how a large file is best divided among readers."""
    try:
        with open_item(item, limits, Notes()) as opened:
            head, opened = peek(opened)
            if not detect(head, opened.name).can_split:
                return "whole"
            return "ranges" if opened.is_seekable and not item.members else "packed"
    except SourceError:
        return "whole"  # whoever reads it will say so


def handfuls(pieces: Sequence[tuple[Range, int]], workers: int) -> Iterator[tuple[Range, ...]]:
    """Put small pieces together until they are worth a task.

    Members of an archive that can only be read from its beginning stay together: every task that
    reads one of them reads all before it.
    """
    total = sum(size for _, size in pieces)
    enough = min(max(total // (workers * 4), 1 << 20), SMALLEST_RANGE_BYTES)
    held: list[Range] = []
    size = 0
    for piece, piece_size in pieces:
        if size >= enough and not _stay_together(held[-1].item, piece.item):
            yield tuple(held)
            held, size = [], 0
        held.append(piece)
        size += max(piece_size, 4096)
    if held:
        yield tuple(held)


def _stay_together(one: Item, other: Item) -> bool:
    if one.path != other.path or not other.members:
        return False
    if one.members[:-1] == other.members[:-1] and len(other.members) > 1:
        return True  # an archive in an archive is unpacked to be read
    return _is_packed(other.path)


@lru_cache(maxsize=256)
def _is_packed(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return sniff(file.read(512)) not in ("", "zip", "tar")
    except OSError:
        return False  # it has gone meanwhile: who reads it will say so


def task_key(pieces: Sequence[Range]) -> str:
    """Name a task by what it reads, the same in a later run."""
    digest = hashlib.blake2b(digest_size=16)
    for piece in pieces:
        where = "!".join(piece.item.members)
        digest.update(f"{piece.input_hash} {where} {piece.start} {piece.end}\n".encode())
    return digest.hexdigest()


def shards_for(paths: Iterable[Path]) -> int:
    """Say how many shards suit a new corpus of these files: one for each processor, or more."""
    processors = min(os.cpu_count() or 1, 16)
    return min(max(processors, math.ceil(total_bytes(paths) / SHARD_BYTES)), MOST_SHARDS)


def total_bytes(paths: Iterable[Path]) -> int:
    """Add up the sizes of files, and of those in folders."""
    total = 0
    for path in paths:
        files = path.rglob("*") if path.is_dir() else [path]
        for file in files:
            try:
                total += file.stat().st_size
            except OSError:
                continue  # who reads it will say so
    return total
