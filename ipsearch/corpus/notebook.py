"""What people note in a corpus: sessions of queries, and topics with what they found.

A `NotesFile` beside the catalog.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from ipsearch.corpus.notes_file import NotesFile, check_name, now, turn
from ipsearch.records import Kind

NOTEBOOK_VERSION = 1

_TABLES = (
    """CREATE TABLE IF NOT EXISTS query (
    session TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, expression TEXT NOT NULL,
    narrowing TEXT NOT NULL, hits INTEGER NOT NULL, asked TEXT NOT NULL,
    PRIMARY KEY (session, number))""",
    """CREATE TABLE IF NOT EXISTS topic (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    expression TEXT NOT NULL, note TEXT NOT NULL, added TEXT NOT NULL, refreshed TEXT NOT NULL,
    hits INTEGER NOT NULL, seen BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS news (
    topic INTEGER NOT NULL, id TEXT NOT NULL, found TEXT NOT NULL, PRIMARY KEY (topic, id))""",
)


@dataclass(frozen=True, slots=True)
class SessionQuery:
    """One query of a session."""

    number: int  # the first is 1
    kind: Kind
    expression: str
    narrowing: str  # office, dates and classes given beside it, as a query; "" for none
    hits: int  # records that matched when it was asked
    asked: str  # when: ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session as a whole."""

    name: str
    queries: int
    last_asked: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query that is kept, and what it found when it was last refreshed."""

    name: str
    kind: Kind
    expression: str
    note: str
    added: str  # when: ISO 8601, UTC
    refreshed: str
    hits: int
    new: int  # records found since what was new was last acknowledged


class TopicText(NamedTuple):
    """What a person writes of a topic."""

    name: str
    kind: Kind
    expression: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a topic matches at one moment: `seen` is told apart from it by the caller."""

    name: str
    hits: int
    seen: bytes  # sorted 64-bit hashes of the ids, little-endian
    new: Sequence[str] = ()  # ids that were not there before


class Notebook(NotesFile):
    """The notes in one corpus."""

    version = NOTEBOOK_VERSION
    tables = _TABLES

    # sessions

    def sessions(self) -> list[SessionSummary]:
        """Give the sessions, the one used last first."""
        with self._open() as db:
            rows = db.execute(
                "SELECT session, count(*), max(asked) FROM query GROUP BY session"
                " ORDER BY max(asked) DESC, session"
            ).fetchall()
        return [SessionSummary(*row) for row in rows]

    def queries(self, session: str) -> list[SessionQuery]:
        """Give the queries of a session in their order; none if there is no such session."""
        with self._open() as db:
            rows = db.execute(
                "SELECT number, kind, expression, narrowing, hits, asked FROM query"
                " WHERE session = ? ORDER BY number",
                (session,),
            ).fetchall()
        return [SessionQuery(*row) for row in rows]

    def query(self, session: str, number: int) -> SessionQuery | None:
        """Give one query of a session."""
        if number > 2**63 - 1:  # more than the file can hold
            return None
        with self._open() as db:
            row = db.execute(
                "SELECT number, kind, expression, narrowing, hits, asked FROM query"
                " WHERE session = ? AND number = ?",
                (session, number),
            ).fetchone()
        return SessionQuery(*row) if row else None

    def add_query(
        self, session: str, kind: Kind, expression: str, narrowing: str, hits: int
    ) -> int:
        """Note a query under the next number of its session; returns the number."""
        check_name(session, "session")
        with self._open(to_write=True) as db:
            ((number,),) = db.execute(
                "INSERT INTO query SELECT ?, 1 + ifnull(max(number), 0), ?, ?, ?, ?, ?"
                " FROM query WHERE session = ? RETURNING number",
                (session, kind, expression, narrowing, hits, now(), session),
            ).fetchall()
        return int(number)

    def drop_session(self, session: str) -> int:
        """Forget a session; returns how many queries it had."""
        with self._open(to_write=True) as db:
            return db.execute("DELETE FROM query WHERE session = ?", (session,)).rowcount

    # topics

    def topics(self) -> list[Topic]:
        """Give all topics in the order in which they were added."""
        with self._open() as db:
            rows = db.execute(
                "SELECT name, kind, expression, note, added, refreshed, hits,"
                " (SELECT count(*) FROM news WHERE topic = number) FROM topic ORDER BY number"
            ).fetchall()
        return [Topic(*row) for row in rows]

    def seen(self, name: str) -> bytes:
        """Give the hashes of the ids that a topic matched when it was last refreshed."""
        with self._open() as db:
            row = db.execute("SELECT seen FROM topic WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else b""

    def put_topics(self, texts: Iterable[tuple[TopicText, Sighting | None]]) -> None:
        """Add topics, or change those of the same name, all in one step.

        A `Sighting` is where what is new is counted from; None leaves that as it is.
        """
        with self._open(to_write=True) as db:
            for text, sighting in texts:
                own = (text.kind, text.expression, text.note)
                db.execute(
                    "INSERT INTO topic (name, kind, expression, note, added, refreshed, hits, seen)"
                    " VALUES (?, ?, ?, ?, ?, '', 0, x'') ON CONFLICT (name) DO UPDATE"
                    " SET kind = excluded.kind, expression = excluded.expression,"
                    " note = excluded.note",
                    (text.name, *own, now()),
                )
                if sighting is not None:
                    _forget_news(db, text.name)
                    _see(db, sighting)

    def see(self, sighting: Sighting) -> None:
        """Keep what a topic matches now, and add to what is new in it."""
        with self._open(to_write=True) as db:
            _see(db, sighting)

    def news(self, name: str) -> list[tuple[str, str]]:
        """Give what is new in a topic: ids, and when each was found, in the order of finding."""
        with self._open() as db:
            return db.execute(
                "SELECT id, found FROM news WHERE topic = (SELECT number FROM topic WHERE name = ?)"
                " ORDER BY found, id",
                (name,),
            ).fetchall()

    def acknowledge(self, name: str, ids: Sequence[str]) -> None:
        """Count these ids as new no more."""
        with self._open(to_write=True) as db:
            db.executemany(
                "DELETE FROM news WHERE topic = (SELECT number FROM topic WHERE name = ?)"
                " AND id = ?",
                [(name, record_id) for record_id in ids],
            )

    def drop_topics(self, names: Iterable[str]) -> None:
        """Forget topics and what is new in them."""
        with self._open(to_write=True) as db:
            for name in names:
                _forget_news(db, name)
                db.execute("DELETE FROM topic WHERE name = ?", (name,))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn to refresh topics: what is new is told apart from one state only."""
        with turn(self._path.parent):  # nobody else takes the lock on the corpus's folder
            yield


def _forget_news(db: sqlite3.Connection, name: str) -> None:
    db.execute("DELETE FROM news WHERE topic = (SELECT number FROM topic WHERE name = ?)", (name,))


def _see(db: sqlite3.Connection, sighting: Sighting) -> None:
    at = now()
    row = db.execute("SELECT number FROM topic WHERE name = ?", (sighting.name,)).fetchone()
    if row is None:
        return  # removed meanwhile
    db.execute(
        "UPDATE topic SET refreshed = ?, hits = ?, seen = ? WHERE number = ?",
        (at, sighting.hits, sighting.seen, row[0]),
    )
    db.executemany(
        "INSERT OR IGNORE INTO news VALUES (?, ?, ?)", [(row[0], i, at) for i in sighting.new]
    )
