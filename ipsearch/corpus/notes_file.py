"""What people note in a corpus is kept in SQLite files of its own, apart from what counts.

Nothing in such a file says which records count, so it needs no lock of the writer and outlives
every ingestion. It is made when something is first noted, and sealed.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from ipsearch.corpus import seal
from ipsearch.errors import CorpusError

MOST_CHARS = 200
"""Of a name."""
_NOT_IN_A_LINE = ("Cc", "Cs", "Zl", "Zp")
"""Control characters, halves of characters, ends of lines and paragraphs."""


class NotesFile:
    """One such file. Every call opens it anew: it may be used by any thread and any process."""

    version: ClassVar[int]
    tables: ClassVar[Sequence[str]]

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _open(self, *, to_write: bool = False) -> Iterator[sqlite3.Connection]:
        """Open the file for one step; all of the changes are made, or none."""
        try:
            db = self._connect(to_write)
        except sqlite3.Error as error:
            raise seal.sqlite_fault(self._path, error) from error
        try:
            db.execute("BEGIN IMMEDIATE" if to_write else "BEGIN")
            self._prepare(db, to_write)
            yield db
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise seal.sqlite_fault(self._path, error) from error
        finally:
            db.close()  # undoes what was not committed

    def _connect(self, to_write: bool) -> sqlite3.Connection:
        if not to_write and not (self._path.exists() and self._path.stat().st_size):
            return sqlite3.connect(":memory:", isolation_level=None)
        folder = self._path.parent
        may_write = os.access(folder, os.W_OK) and (
            not self._path.exists() or os.access(self._path, os.W_OK)
        )
        # A reader too must be able to undo what a killed writer left half done.
        mode = "rwc" if to_write else "rw" if may_write else "ro"
        uri = f"{self._path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)

    def _prepare(self, db: sqlite3.Connection, to_write: bool) -> None:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, self.version):
            raise CorpusError(f"{self._path}: version {version}, this library reads {self.version}")
        if version == 0:  # new, or nothing was noted yet
            for table in self.tables:
                db.execute(table)
            db.execute(f"PRAGMA user_version = {self.version}")
        if to_write:
            seal.ready(db)
            if not seal.is_sealed(db):
                seal.seal(db)


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait for one's turn at something that many processes may do: one does it at a time.

    The kernel's lock on a file or folder that is there: it goes with the process, however that
    ends, so it is never stale.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def check_name(name: str, what: str) -> None:
    """Raise `CorpusError` unless a text can be the name of something."""
    is_one_line = not any(unicodedata.category(char) in _NOT_IN_A_LINE for char in name)
    if not name or name != name.strip() or not is_one_line or len(name) > MOST_CHARS:
        raise CorpusError(
            f"{name!r} is no name of a {what}: 1 to {MOST_CHARS} characters of one line, no space"
            " at either end"
        )


def now() -> str:
    """Say what time it is: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
