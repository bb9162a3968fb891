"""What counts in a corpus: settings, the ledger of inputs, parts, generations, ingestions.

SQLite in its rollback-journal mode: a transaction is what makes an ingestion visible, all at once,
and readers see the catalog before it or after it. Nothing here is per record. Every row is sealed,
and a copy of the whole is kept beside, as new as the last sweep: all that it names is there.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ipsearch.corpus import seal
from ipsearch.corpus.checksums import Files, from_json, to_json
from ipsearch.corpus.durable import replaced
from ipsearch.errors import CorpusError, DamagedError
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
    files TEXT NOT NULL, is_merged INTEGER NOT NULL, ingestion INTEGER NOT NULL,
    is_live INTEGER NOT NULL, PRIMARY KEY (kind, shard, number));
CREATE TABLE generation (
    kind TEXT NOT NULL, shard INTEGER NOT NULL, number INTEGER NOT NULL, records INTEGER NOT NULL,
    dead INTEGER NOT NULL, files TEXT NOT NULL, PRIMARY KEY (kind, shard));
CREATE TABLE next_number (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE dictionary (words TEXT NOT NULL);
CREATE TABLE notes (file TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of records."""

    kind: Kind
    shard: int
    number: int
    rows: int
    is_merged: bool  # made from several deliveries, not itself one
    files: Files  # itself first, then those beside it

    @property
    def bytes(self) -> int:
        """The size of its records."""
        return self.files[0].bytes


@dataclass(frozen=True, slots=True)
class Generation:
    """The index of one shard that counts."""

    kind: Kind
    shard: int
    number: int
    records: int
    dead: int  # rows of its parts that count no more: superseded, removed, moved
    files: Files


def check_version(path: Path, version: int) -> None:
    """Raise `CorpusError` unless a corpus of this version of the format can be read.

    The message names the command that makes it readable. `DamagedError` is for what has none.
    """
    if version == 0:
        raise DamagedError(str(path), "empty, or not a catalog")
    if version != FORMAT_VERSION:
        raise CorpusError(
            f"{path}: format version {version}, this library reads {FORMAT_VERSION};"
            f" `ipsearch ingest FILES --into` a new corpus reads the files again"
        )


class Catalog:
    """The catalog of one corpus, opened. One connection, one thread.

    Any call raises `DamagedError` if SQLite finds the file damaged, `CorpusError` if it fails.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        # A reader too must be able to undo what a killed writer left half done in the catalog;
        # where it may not write, there is no writer.
        may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        mode = ("rw" if may_write else "ro") if read_only else "rwc"
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        with self._faults():
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)
            self._db.execute("PRAGMA synchronous = FULL")
            if read_only:
                self._db.execute("PRAGMA query_only = ON")
            else:
                seal.ready(self._db)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise seal.sqlite_fault(self._path, error) from error

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._faults():
            return self._db.execute(statement, values).fetchall()

    def _write(self, statement: str, *rows: Sequence[Any]) -> None:
        with self._faults():
            self._db.executemany(statement, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes inside one step, or none."""
        self._read("BEGIN IMMEDIATE")
        try:
            yield
            self._read("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # some errors end it by themselves
                self._read("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See one state of the catalog in all reads inside."""
        self._read("BEGIN")
        try:
            yield
        finally:
            self._read("COMMIT")

    def create(self, settings: dict[str, Any], words: str = "") -> None:
        """Make the tables of a new corpus; `words` are those of its own dictionary, one a line."""
        with self.transaction():
            for statement in _TABLES.strip().removesuffix(";").split(";"):
                self._read(statement)
            self._read(f"PRAGMA user_version = {FORMAT_VERSION}")
            with self._faults():
                seal.seal(self._db)
            for name, value in settings.items():
                self.set_setting(name, value)
            self._write("INSERT INTO dictionary VALUES (?)", (words,))

    def version(self) -> int:
        """Give the version of the corpus's format; 0 is that of an empty file."""
        with self._faults():
            return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def check_version(self) -> None:
        """Raise `CorpusError` unless the corpus is of this version of the format."""
        check_version(self._path, self.version())

    def fault(self) -> str | None:
        """Say what is wrong with the catalog as a file, all of it read; None if nothing is."""
        try:
            return seal.fault(self._db)
        except sqlite3.Error as error:
            return str(error)

    def verify(self, *tables: str) -> None:
        """Raise `DamagedError` unless all rows of some tables are as they were written."""
        with self._faults():
            reason = seal.table_fault(self._db, *tables)
        if reason:
            raise DamagedError(str(self._path), reason)

    def keep_copy(self, path: Path) -> None:
        """Keep a copy at `path`; raise `DamagedError` if the catalog is damaged, and keep that one.

        What has not changed since it was copied needs no look at every row.
        """
        with self.snapshot(), self._faults():
            data = self._db.serialize()
        if path.exists() and path.read_bytes() == data:
            return
        if reason := self.fault():
            raise DamagedError(str(self._path), reason)
        with replaced(path) as file:
            file.write(data)

    def settings(self) -> dict[str, Any]:
        """Give all settings."""
        try:
            return {n: json.loads(v) for n, v in self._read("SELECT name, value FROM setting")}
        except ValueError as error:
            raise DamagedError(str(self._path), f"a setting is not JSON: {error}") from error

    def set_setting(self, name: str, value: Any) -> None:
        """Keep one setting, as JSON."""
        self._write("REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    def dictionary(self) -> str:
        """Give the words of the corpus's own dictionary, one a line; "" if it has none."""
        return "".join(words for (words,) in self._read("SELECT words FROM dictionary"))

    def notes(self) -> list[str]:
        """Give the names of the files in which something was noted at the last sweep."""
        return [name for (name,) in self._read("SELECT file FROM notes ORDER BY file")]

    def set_notes(self, names: Iterable[str]) -> None:
        """Keep the names of the files in which something is noted: one that goes is missed."""
        with self.transaction():
            self._write("DELETE FROM notes", ())
            self._write("INSERT INTO notes VALUES (?)", *((name,) for name in names))

    # ingestions

    def open_ingestion(self, now: str) -> int:
        """Give the number of the unfinished ingestion, or of a new one."""
        rows = self._read("SELECT number FROM ingestion WHERE finished IS NULL")
        if not rows:
            rows = self._read("INSERT INTO ingestion (started) VALUES (?) RETURNING number", (now,))
        return int(rows[0][0])

    def next_number(self, name: str, count: int = 1) -> int:
        """Hand out `count` numbers that were never handed out before; returns the first."""
        self._write("INSERT OR IGNORE INTO next_number VALUES (?, 1)", (name,))
        ((value,),) = self._read(
            "UPDATE next_number SET value = value + ? WHERE name = ? RETURNING value",
            (count, name),
        )
        return int(value) - count

    def skip_numbers(self, name: str, least: int) -> None:
        """Hand out no number of this name below `least` from here on."""
        self._write("INSERT OR IGNORE INTO next_number VALUES (?, 1)", (name,))
        self._write("UPDATE next_number SET value = max(value, ?) WHERE name = ?", (least, name))

    def is_known(self, input_hash: str) -> bool:
        """Say whether a file of this content was ingested, or is being."""
        return bool(self._read("SELECT 1 FROM input WHERE hash = ?", (input_hash,)))

    def add_input(self, input_hash: str, name: str, size: int, ingestion: int) -> None:
        """Enter a file in the ledger."""
        self._write(
            "INSERT OR IGNORE INTO input VALUES (?, ?, ?, ?)", (input_hash, name, size, ingestion)
        )

    def task_result(self, ingestion: int, key: str) -> Any | None:
        """Give what an earlier run of this ingestion recorded of a task."""
        rows = self._read(
            "SELECT result FROM task WHERE ingestion = ? AND key = ?", (ingestion, key)
        )
        return json.loads(rows[0][0]) if rows else None

    def task_results(self, ingestion: int) -> list[Any]:
        """Give what all finished tasks of an ingestion recorded."""
        rows = self._read(
            "SELECT result FROM task WHERE ingestion = ? ORDER BY rowid", (ingestion,)
        )
        return [json.loads(result) for (result,) in rows]

    def add_task(self, ingestion: int, key: str, result: Any, parts: list[Part]) -> None:
        """Record a finished task and its parts, in one step."""
        with self.transaction():
            self._write("INSERT INTO task VALUES (?, ?, ?)", (ingestion, key, json.dumps(result)))
            self.add_parts(parts, ingestion)

    def add_parts(self, parts: list[Part], ingestion: int) -> None:
        """Name parts that will count when the ingestion does."""
        self._write(_ADD_PART, *(_part_row(part, ingestion, is_live=False) for part in parts))

    def forget_merged(self, ingestion: int) -> None:
        """Forget the merged parts of an ingestion that did not come to its end."""
        self._write(
            "DELETE FROM part WHERE ingestion = ? AND is_merged = 1 AND is_live = 0", (ingestion,)
        )

    def publish(
        self, ingestion: int, generations: list[Generation], now: str, summary: dict[str, Any]
    ) -> None:
        """Make an ingestion visible: its parts and generations count from here on."""
        self._write("UPDATE part SET is_live = 1 WHERE ingestion = ?", (ingestion,))
        self.set_generations(generations)
        self._write(
            "UPDATE ingestion SET finished = ?, summary = ? WHERE number = ?",
            (now, json.dumps(summary, ensure_ascii=False), ingestion),
        )
        self._write("DELETE FROM task WHERE ingestion = ?", (ingestion,))

    def set_generations(self, generations: Iterable[Generation]) -> None:
        """Let these generations of their shards count."""
        rows = [
            (g.kind, g.shard, g.number, g.records, g.dead, to_json(g.files)) for g in generations
        ]
        self._write("REPLACE INTO generation VALUES (?, ?, ?, ?, ?, ?)", *rows)

    def drop_generations(self, kind: Kind) -> None:
        """Let no generation of a kind count."""
        self._write("DELETE FROM generation WHERE kind = ?", (kind,))

    def replace_parts(self, gone: Iterable[Part], parts: Iterable[Part]) -> None:
        """Let `parts`, written anew, count in the place of others."""
        self._write(
            "DELETE FROM part WHERE kind = ? AND shard = ? AND number = ?",
            *((p.kind, p.shard, p.number) for p in gone),
        )
        self._write(_ADD_PART, *(_part_row(part, 0, is_live=True) for part in parts))

    def drop_ingestion(self, ingestion: int) -> None:
        """Forget an ingestion that brought nothing."""
        self._write("DELETE FROM ingestion WHERE number = ?", (ingestion,))
        self._write("DELETE FROM task WHERE ingestion = ?", (ingestion,))

    # what there is

    def parts(self, *, live: bool | None = True) -> list[Part]:
        """Give the parts that count, those that do not yet (False), or both (None)."""
        rows = self._read(
            "SELECT kind, shard, number, rows, is_merged, files FROM part"
            " WHERE ? IS NULL OR is_live = ? ORDER BY kind, shard, number",
            (live, live),
        )
        return [Part(k, s, n, r, bool(m), self._files(f)) for k, s, n, r, m, f in rows]

    def generations(self) -> list[Generation]:
        """Give the generations that count."""
        rows = self._read(
            "SELECT kind, shard, number, records, dead, files FROM generation ORDER BY kind, shard"
        )
        return [Generation(k, s, n, r, d, self._files(f)) for k, s, n, r, d, f in rows]

    def _files(self, text: str) -> Files:
        try:
            return from_json(text)
        except (ValueError, TypeError) as error:
            raise DamagedError(str(self._path), f"a list of files is not one: {error}") from error

    def is_unfinished(self) -> bool:
        """Say whether an ingestion was begun that has not come to its end."""
        return bool(self._read("SELECT 1 FROM ingestion WHERE finished IS NULL"))

    def add_finished(self, now: str, summary: dict[str, Any]) -> None:
        """Enter a change of the corpus that brought no files: a removal, a new division."""
        self._write(
            "INSERT INTO ingestion (started, finished, summary) VALUES (?, ?, ?)",
            (now, now, json.dumps(summary, ensure_ascii=False)),
        )

    def inputs(self) -> list[tuple[str, str]]:
        """Give the files in the ledger: content hash and name."""
        return self._read("SELECT hash, name FROM input ORDER BY rowid")

    def inputs_of(self, part: Part) -> list[str]:
        """Give the files, by content hash, that can have brought the rows of a part: those of its
        ingestion, or all if it was written anew since."""
        place = (part.kind, part.shard, part.number)
        return [
            hashed
            for (hashed,) in self._read(
                "SELECT hash FROM input, part WHERE (kind, part.shard, part.number) = (?, ?, ?)"
                " AND part.ingestion IN (0, input.ingestion)",
                place,
            )
        ]

    def set_part_files(self, part: Part, files: Files) -> None:
        """Keep other sums of a part's files: some were made again."""
        values = (to_json(files), part.kind, part.shard, part.number)
        self._write("UPDATE part SET files = ? WHERE (kind, shard, number) = (?, ?, ?)", values)

    def forget_unfinished(self) -> None:
        """Forget what an unfinished ingestion has done: it reads its files again."""
        with self.transaction():
            self._write("DELETE FROM part WHERE is_live = 0", ())
            self._write("DELETE FROM task", ())
            self._write(
                "DELETE FROM input WHERE ingestion IN"
                " (SELECT number FROM ingestion WHERE finished IS NULL)",
                (),
            )

    def skip_ingestions(self, least: int) -> None:
        """Give no ingestion a number below `least` from here on."""
        self._write(
            "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'ingestion'", (least - 1,)
        )

    def forget_inputs(self, hashes: Iterable[str]) -> None:
        """Take files out of the ledger: given again, they are read again."""
        self._write("DELETE FROM input WHERE hash = ?", *((h,) for h in hashes))

    def ingestions(self) -> list[dict[str, Any]]:
        """Give the ingestions so far, oldest first: number, started, finished, summary."""
        rows = self._read(
            "SELECT number, started, finished, summary FROM ingestion ORDER BY number"
        )
        return [
            {"number": n, "started": s, "finished": f, "summary": json.loads(x) if x else None}
            for n, s, f, x in rows
        ]

    def last_finished(self) -> int:
        """Give the number of the last ingestion or other change that counts; 0 if none does."""
        ((number,),) = self._read(
            "SELECT coalesce(max(number), 0) FROM ingestion WHERE finished IS NOT NULL"
        )
        return int(number)

    def input_count(self) -> int:
        """Count the files in the ledger."""
        return int(self._read("SELECT count(*) FROM input")[0][0])


_ADD_PART = "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def _row(generation: Generation) -> tuple[Any, ...]:
    place = (generation.kind, generation.shard, generation.number)
    return (*place, generation.records, generation.dead, to_json(generation.files))


def _part_row(part: Part, ingestion: int, *, is_live: bool) -> tuple[Any, ...]:
    place = (part.kind, part.shard, part.number)
    return (*place, part.rows, to_json(part.files), part.is_merged, ingestion, is_live)
