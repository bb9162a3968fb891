"""What counts in a corpus: settings, the ledger of inputs, parts, generations, ingestions.

SQLite in its rollback-journal mode: a transaction is what makes an ingestion visible, all at once,
and readers see the catalog before it or after it. Nothing here is per record.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ipsearch.errors import CorpusError
from ipsearch.records import Kind

FORMAT_VERSION = 3
"""Of the folder and the catalog; another one is refused."""

_TABLES = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE ingestion (
    number INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, finished TEXT, summary TEXT);
CREATE TABLE input (
    hash TEXT PRIMARY KEY, name TEXT NOT NULL, bytes INTEGER NOT NULL, ingestion INTEGER NOT NULL);
CREATE TABLE task (
    ingestion INTEGER NOT NULL, key TEXT NOT NULL, result TEXT NOT NULL,
    PRIMARY KEY (ingestion, key));
CREATE TABLE part (
    kind TEXT NOT NULL, shard INTEGER NOT NULL, number INTEGER NOT NULL, rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL, is_merged INTEGER NOT NULL, ingestion INTEGER NOT NULL,
    is_live INTEGER NOT NULL, PRIMARY KEY (kind, shard, number));
CREATE TABLE generation (
    kind TEXT NOT NULL, shard INTEGER NOT NULL, number INTEGER NOT NULL, records INTEGER NOT NULL,
    dead INTEGER NOT NULL, PRIMARY KEY (kind, shard));
CREATE TABLE next_number (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of records."""

    kind: Kind
    shard: int
    number: int
    rows: int
    bytes: int
    is_merged: bool  # made from several deliveries, not itself one


@dataclass(frozen=True, slots=True)
class Generation:
    """The index of one shard that counts."""

    kind: Kind
    shard: int
    number: int
    records: int
    dead: int  # rows of its parts that count no more: superseded, removed, moved


class Catalog:
    """The catalog of one corpus, opened. One connection, one thread."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        # A reader too must be able to undo what a killed writer left half done in the catalog;
        # where it may not write, there is no writer.
        may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        mode = ("rw" if may_write else "ro") if read_only else "rwc"
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        try:
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)
            self._db.execute("PRAGMA synchronous = FULL")
            if read_only:
                self._db.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise CorpusError(f"{path}: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes inside one step, or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See one state of the catalog in all reads inside."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def create(self, settings: dict[str, Any]) -> None:
        """Make the tables of a new corpus."""
        self._db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {FORMAT_VERSION}; COMMIT;")
        with self.transaction():
            for name, value in settings.items():
                self.set_setting(name, value)

    def check_version(self) -> None:
        """Raise `CorpusError` unless the corpus is of this version of the format."""
        try:
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise CorpusError(f"{self._path}: not a catalog: {error}") from error
        if version != FORMAT_VERSION:
            raise CorpusError(
                f"{self._path}: format version {version}, this library reads {FORMAT_VERSION};"
                " ingest the files into a new corpus"
            )

    def settings(self) -> dict[str, Any]:
        """Give all settings."""
        rows = self._db.execute("SELECT name, value FROM setting")
        return {name: json.loads(value) for name, value in rows}

    def set_setting(self, name: str, value: Any) -> None:
        """Keep one setting, as JSON."""
        self._db.execute("REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    # ingestions

    def open_ingestion(self, now: str) -> int:
        """Give the number of the unfinished ingestion, or of a new one."""
        row = self._db.execute("SELECT number FROM ingestion WHERE finished IS NULL").fetchone()
        if row:
            return int(row[0])
        cursor = self._db.execute("INSERT INTO ingestion (started) VALUES (?)", (now,))
        return int(cursor.lastrowid or 0)

    def next_number(self, name: str, count: int = 1) -> int:
        """Hand out `count` numbers that were never handed out before; returns the first."""
        self._db.execute("INSERT OR IGNORE INTO next_number VALUES (?, 1)", (name,))
        (value,) = self._db.execute(
            "UPDATE next_number SET value = value + ? WHERE name = ? RETURNING value",
            (count, name),
        ).fetchone()
        return int(value) - count

    def is_known(self, input_hash: str) -> bool:
        """Say whether a file of this content was ingested, or is being."""
        found = self._db.execute("SELECT 1 FROM input WHERE hash = ?", (input_hash,)).fetchone()
        return found is not None

    def add_input(self, input_hash: str, name: str, size: int, ingestion: int) -> None:
        """Enter a file in the ledger."""
        self._db.execute(
            "INSERT OR IGNORE INTO input VALUES (?, ?, ?, ?)", (input_hash, name, size, ingestion)
        )

    def task_result(self, ingestion: int, key: str) -> Any | None:
        """Give what an earlier run of this ingestion recorded of a task."""
        row = self._db.execute(
            "SELECT result FROM task WHERE ingestion = ? AND key = ?", (ingestion, key)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def task_results(self, ingestion: int) -> list[Any]:
        """Give what all finished tasks of an ingestion recorded."""
        rows = self._db.execute(
            "SELECT result FROM task WHERE ingestion = ? ORDER BY rowid", (ingestion,)
        )
        return [json.loads(result) for (result,) in rows]

    def add_task(self, ingestion: int, key: str, result: Any, parts: list[Part]) -> None:
        """Record a finished task and its parts, in one step."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO task VALUES (?, ?, ?)", (ingestion, key, json.dumps(result))
            )
            self.add_parts(parts, ingestion)

    def add_parts(self, parts: list[Part], ingestion: int) -> None:
        """Name parts that will count when the ingestion does."""
        self._db.executemany(
            "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            [
                (p.kind, p.shard, p.number, p.rows, p.bytes, int(p.is_merged), ingestion)
                for p in parts
            ],
        )

    def forget_merged(self, ingestion: int) -> None:
        """Forget the merged parts of an ingestion that did not come to its end."""
        self._db.execute(
            "DELETE FROM part WHERE ingestion = ? AND is_merged = 1 AND is_live = 0", (ingestion,)
        )

    def publish(
        self, ingestion: int, generations: list[Generation], now: str, summary: dict[str, Any]
    ) -> None:
        """Make an ingestion visible: its parts and generations count from here on."""
        self._db.execute("UPDATE part SET is_live = 1 WHERE ingestion = ?", (ingestion,))
        self.set_generations(generations)
        self._db.execute(
            "UPDATE ingestion SET finished = ?, summary = ? WHERE number = ?",
            (now, json.dumps(summary, ensure_ascii=False), ingestion),
        )
        self._db.execute("DELETE FROM task WHERE ingestion = ?", (ingestion,))

    def set_generations(self, generations: Iterable[Generation]) -> None:
        """Let these generations of their shards count."""
        self._db.executemany(
            "REPLACE INTO generation VALUES (?, ?, ?, ?, ?)",
            [(g.kind, g.shard, g.number, g.records, g.dead) for g in generations],
        )

    def drop_generations(self, kind: Kind) -> None:
        """Let no generation of a kind count."""
        self._db.execute("DELETE FROM generation WHERE kind = ?", (kind,))

    def replace_parts(self, gone: Iterable[Part], parts: Iterable[Part]) -> None:
        """Let `parts`, written anew, count in the place of others."""
        self._db.executemany(
            "DELETE FROM part WHERE kind = ? AND shard = ? AND number = ?",
            [(p.kind, p.shard, p.number) for p in gone],
        )
        self._db.executemany(
            "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, 0, 1)",
            [(p.kind, p.shard, p.number, p.rows, p.bytes, int(p.is_merged)) for p in parts],
        )

    def drop_ingestion(self, ingestion: int) -> None:
        """Forget an ingestion that brought nothing."""
        self._db.execute("DELETE FROM ingestion WHERE number = ?", (ingestion,))
        self._db.execute("DELETE FROM task WHERE ingestion = ?", (ingestion,))

    # what there is

    def parts(self, *, live: bool | None = True) -> list[Part]:
        """Give the parts that count, those that do not yet (False), or both (None)."""
        rows = self._db.execute(
            "SELECT kind, shard, number, rows, bytes, is_merged FROM part"
            " WHERE ? IS NULL OR is_live = ? ORDER BY kind, shard, number",
            (live, live),
        )
        return [Part(k, s, n, r, b, bool(m)) for k, s, n, r, b, m in rows]

    def generations(self) -> list[Generation]:
        """Give the generations that count."""
        rows = self._db.execute(
            "SELECT kind, shard, number, records, dead FROM generation ORDER BY kind, shard"
        )
        return [Generation(*row) for row in rows]

    def is_unfinished(self) -> bool:
        """Say whether an ingestion was begun that has not come to its end."""
        found = self._db.execute("SELECT 1 FROM ingestion WHERE finished IS NULL").fetchone()
        return found is not None

    def add_finished(self, now: str, summary: dict[str, Any]) -> None:
        """Enter a change of the corpus that brought no files: a removal, a new division."""
        self._db.execute(
            "INSERT INTO ingestion (started, finished, summary) VALUES (?, ?, ?)",
            (now, now, json.dumps(summary, ensure_ascii=False)),
        )

    def inputs(self) -> list[tuple[str, str]]:
        """Give the files in the ledger: content hash and name."""
        return list(self._db.execute("SELECT hash, name FROM input ORDER BY rowid"))

    def forget_inputs(self, hashes: Iterable[str]) -> None:
        """Take files out of the ledger: given again, they are read again."""
        self._db.executemany("DELETE FROM input WHERE hash = ?", [(h,) for h in hashes])

    def ingestions(self) -> list[dict[str, Any]]:
        """Give the ingestions so far, oldest first: number, started, finished, summary."""
        rows = self._db.execute(
            "SELECT number, started, finished, summary FROM ingestion ORDER BY number"
        )
        return [
            {"number": n, "started": s, "finished": f, "summary": json.loads(x) if x else None}
            for n, s, f, x in rows
        ]

    def last_finished(self) -> int:
        """Give the number of the last ingestion or other change that counts; 0 if none does."""
        (number,) = self._db.execute(
            "SELECT coalesce(max(number), 0) FROM ingestion WHERE finished IS NOT NULL"
        ).fetchone()
        return int(number)

    def input_count(self) -> int:
        """Count the files in the ledger."""
        return int(self._db.execute("SELECT count(*) FROM input").fetchone()[0])
