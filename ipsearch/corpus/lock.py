"""One process writes to a corpus at a time; readers need no lock."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from ipsearch.corpus.layout import Layout
from ipsearch.errors import CorpusLockedError


@contextmanager
def writing(layout: Layout) -> Iterator[None]:
    """Hold the corpus's lock; raise `CorpusLockedError`, naming the holder, if another does.

    The kernel's lock on the open file is what counts: it goes with the process, however that
    ends, so a lock is never stale. What is written in the file only tells people.
    """
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


def _holder(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, 1000, 0))
        return (
            f"process {holder['process']} has been writing to this corpus since"
            f" {holder['since']}; wait for it to end"
        )
    except (ValueError, KeyError):
        return "another process is writing to this corpus; wait for it to end"
