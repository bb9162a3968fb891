"""One process writes to a corpus at a time; readers need no lock. What keeps it from that is said.

A full disk, a folder that may not be written to, a disk that fails: whatever the machine refuses
while the lock is held is an error of the corpus. It may come at any moment, as a kill may, and
leaves what a kill leaves: the same command goes on when it is put right.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ipsearch.corpus.layout import Layout
from ipsearch.errors import CorpusError, CorpusLockedError, IpsearchError


@contextmanager
def writing(layout: Layout) -> Iterator[None]:
    """Hold the corpus's lock; raise `CorpusLockedError`, naming the holder, if another does.

    The kernel's lock on the open file is what counts: it goes with the process, however that
    ends, so a lock is never stale. What is written in the file only tells people. Raises
    `CorpusError` for what the machine refuses meanwhile.
    """
    try:
        with _held(layout):
            yield
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, (IpsearchError, ConnectionError)):
            raise  # a pipe that nobody reads is no fault of the corpus
        raise CorpusError(
            f"{layout.root}: cannot be written: {_reason(error)}{_room(error, layout.root)};"
            " what counted before counts still,"
            " and what was finished is kept: put that right and run the command again"
        ) from error


@contextmanager
def _held(layout: Layout) -> Iterator[None]:
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CorpusLockedError(f"{layout.root}: {_holder(descriptor)}") from None
        now = datetime.now(UTC).isoformat(timespec="seconds")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"process": os.getpid(), "since": now}).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _reason(error: OSError | sqlite3.Error) -> str:
    """Say what the machine said, and of which file if it told."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    where = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
    return where + os.strerror(error.errno)


def _room(error: OSError | sqlite3.Error, root: Path) -> str:
    """Say how much room is left, where a disk is full: it may be that of temporary files."""
    if not isinstance(error, OSError) or error.errno != errno.ENOSPC:
        return ""
    temporary = Path(tempfile.gettempdir())
    left = (
        f"{shutil.disk_usage(place).free >> 20:,} MiB in {place}" for place in (root, temporary)
    )
    return f" (left: {', '.join(left)} for temporary files)"


def _holder(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, 1000, 0))
        return (
            f"process {holder['process']} has been writing to this corpus since"
            f" {holder['since']}; wait for it to end"
        )
    except (ValueError, KeyError):
        return "another process is writing to this corpus; wait for it to end"


def is_held(layout: Layout) -> bool:
    """Say whether a process is writing to the corpus."""
    try:
        descriptor = os.open(layout.lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
