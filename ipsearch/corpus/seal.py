"""Here is an SQLite file, is every row in it as it was written?

SQLite notices a page that makes no sense, not a letter that has become another. So each of our
files has a table `seal` with a number for each table: the hashes of its rows, XORed; and one for
what defines the tables. Triggers keep them, row by row, in the same transaction as the row. A
writer must be `ready`; who only reads need not.
"""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ipsearch.errors import CorpusError, DamagedError

_SEAL = "seal"
_SCHEMA = "sqlite_schema"
_TABLE = f"CREATE TABLE {_SEAL} (name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
_XOR = f"UPDATE {_SEAL} SET value = (value | {{0}}) - (value & {{0}}) WHERE name = '{{1}}'"
"""SQLite has no operator for it."""


def ready(db: sqlite3.Connection) -> None:
    """Let a connection write to sealed tables."""
    db.create_function("row_sum", -1, row_sum, deterministic=True)
    # What REPLACE takes out is deleted, and the triggers must hear of it.
    db.execute("PRAGMA recursive_triggers = ON")
    db.execute("PRAGMA trusted_schema = ON")


def is_sealed(db: sqlite3.Connection) -> bool:
    """Say whether the file has a seal."""
    found = db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (_SEAL,)).fetchone()
    return found is not None


def seal(db: sqlite3.Connection) -> None:
    """Seal all tables that there are, as they are; the transaction is the caller's."""
    db.execute(_TABLE)
    for table, columns in _tables(db).items():
        for operation, rows in (("INSERT", "N"), ("DELETE", "O"), ("UPDATE", "NO")):
            steps = "; ".join(_XOR.format(_sum_of(table, columns, row), table) for row in rows)
            db.execute(
                f"CREATE TRIGGER {_SEAL}_{table}_{operation} AFTER {operation} ON {table}"
                f" BEGIN {steps}; END"
            )
    sums = [(name, _whole_sum(db, name)) for name in (*_tables(db), _SCHEMA)]
    db.executemany(f"INSERT INTO {_SEAL} VALUES (?, ?)", sums)


def fault(db: sqlite3.Connection) -> str | None:
    """Say what is wrong with a file as a whole: pages, then the seal; None if nothing is.

    Raises `sqlite3.Error` where that cannot even be asked.
    """
    said = [str(row[0]) for row in db.execute("PRAGMA integrity_check(3)")]
    if said != ["ok"]:
        return "; ".join(said)
    if not is_sealed(db):
        return "it has no seal"
    return table_fault(db, *_tables(db), _SCHEMA)


def table_fault(db: sqlite3.Connection, *tables: str) -> str | None:
    """Say which of some tables has a row that is not as it was written; None if none has."""
    sealed = dict(db.execute(f"SELECT name, value FROM {_SEAL}").fetchall())
    for table in tables:
        if sealed.get(table) != _whole_sum(db, table):
            return f"a row of table {table} has changed: the rows and their seal do not agree"
    return None


def row_sum(*values: Any) -> int:
    """Hash a row, the name of its table first, to 64 bits with a sign, as SQLite has integers."""
    digest = blake2b(digest_size=8)
    for value in values:
        data = value if isinstance(value, bytes) else str(value).encode()
        digest.update(f"{type(value).__name__} {len(data)} ".encode() + data)
    return int.from_bytes(digest.digest(), "little", signed=True)


def _whole_sum(db: sqlite3.Connection, table: str) -> int:
    columns = "type, name, tbl_name, sql" if table == _SCHEMA else "*"
    value = 0
    for row in db.execute(f"SELECT {columns} FROM {table}"):
        value ^= row_sum(table, *row)
    return value


def _tables(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Give all tables but the seal, with their columns."""
    names = db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name != ? ORDER BY name",
        (_SEAL,),
    ).fetchall()
    return {name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")] for (name,) in names}


def _sum_of(table: str, columns: list[str], row: str) -> str:
    prefix = {"N": "NEW", "O": "OLD"}[row]
    return f"row_sum('{table}', {', '.join(f'{prefix}.{column}' for column in columns)})"


def sqlite_fault(path: Path, error: sqlite3.Error) -> CorpusError:
    """Say of an error whether it is the file that is damaged, or something else."""
    code = getattr(error, "sqlite_errorcode", None)
    # Of our own statements the general error says that a table or a column is not there.
    damage = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
    if code is not None and code & 0xFF in damage:
        return DamagedError(str(path), str(error))
    return CorpusError(f"{path}: {error}")
