"""An SQLite file that is sealed: whatever is written through us agrees, whatever else does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.corpus import seal
from ipsearch.errors import CorpusError, DamagedError

TABLES = (
    "CREATE TABLE word (number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT UNIQUE)",
    "CREATE TABLE thing (name TEXT PRIMARY KEY, value BLOB, size REAL)",
)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    connection = made()
    yield connection
    connection.close()


def made(path: Path | str = ":memory:") -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for table in TABLES:
        connection.execute(table)
    connection.execute("INSERT INTO word (text) VALUES ('先')")
    seal.ready(connection)
    seal.seal(connection)
    return connection


texts = st.sampled_from("甲乙丙丁") | st.none() | st.text(max_size=3)
steps = st.lists(
    st.tuples(st.just("INSERT OR IGNORE INTO word (text) VALUES (?)"), st.tuples(texts))
    | st.tuples(st.just("REPLACE INTO word (text) VALUES (?)"), st.tuples(texts))
    | st.tuples(
        st.just("REPLACE INTO thing VALUES (?, ?, ?)"),
        st.tuples(texts, st.binary(max_size=3) | st.none(), st.floats(0, 1) | st.none()),
    )
    | st.tuples(
        st.just(
            "INSERT INTO thing (name, size) VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET size = coalesce(size, 0) + 1"
        ),
        st.tuples(texts),
    )
    | st.tuples(st.just("UPDATE thing SET value = ?"), st.tuples(st.binary(max_size=3)))
    | st.tuples(st.just("DELETE FROM word WHERE text > ?"), st.tuples(texts))
    | st.tuples(st.just("DELETE FROM thing WHERE ? IS NULL"), st.tuples(texts)),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_seal_follows_every_change(steps: list[tuple[str, tuple[object, ...]]]) -> None:
    """Whatever is inserted, replaced, updated and deleted: rows and seal agree, and as soon as one
    row is not as it was written they do not."""
    db = made()
    for statement, values in steps:
        db.execute(statement, values)
    assert seal.fault(db) is None
    db.execute("DROP TRIGGER seal_word_INSERT")  # so that nothing keeps the seal
    assert seal.fault(db) is not None
    db.close()


def test_changes_of_an_undone_transaction_leave_no_trace(db: sqlite3.Connection) -> None:
    """What is rolled back is rolled back in the seal as well."""
    db.execute("BEGIN")
    db.execute("INSERT INTO word (text) VALUES ('后')")
    db.execute("ROLLBACK")
    assert seal.fault(db) is None


def test_any_changed_text_is_noticed(tmp_path: Path) -> None:
    """A letter that becomes another, in a file of which SQLite says that it is whole."""
    path = tmp_path / "some.sqlite"
    made(path).close()
    data = path.read_bytes()
    assert data.count("先".encode()) == 2  # in the table, and in the index of what is unique
    path.write_bytes(data.replace("先".encode(), "后".encode()))
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert "a row of table word has changed" in (seal.fault(db) or "")
    assert seal.table_fault(db, "thing") is None
    db.close()


def test_a_changed_definition_is_noticed(tmp_path: Path) -> None:
    """The statements that define tables and triggers are sealed too."""
    path = tmp_path / "some.sqlite"
    made(path).close()
    data = path.read_bytes()
    path.write_bytes(data.replace(b"AFTER DELETE ON thing", b"AFTER INSERT ON thing"))
    db = sqlite3.connect(path)
    assert seal.fault(db) is not None
    db.close()


def test_rows_differ_by_type_and_place() -> None:
    """Values of other types, and values that run into each other, are other rows."""
    rows = [("a", 1), ("a", "1"), ("a", b"1"), ("a1",), ("a", 1, None), ("a", 1.0), (None, "a", 1)]
    assert len({seal.row_sum(*row) for row in rows}) == len(rows)


def test_nobody_writes_past_the_seal(db: sqlite3.Connection, tmp_path: Path) -> None:
    """A connection that does not keep the seal cannot write, and can read."""
    path = tmp_path / "some.sqlite"
    made(path).close()
    other = sqlite3.connect(path)
    assert other.execute("SELECT text FROM word").fetchall() == [("先",)]
    with pytest.raises(sqlite3.OperationalError, match="row_sum"):
        other.execute("DELETE FROM word")
    other.close()


def test_faults_of_the_file_and_of_the_machine(tmp_path: Path) -> None:
    """What is not SQLite, and what lacks a table, is damage; what cannot be opened is not."""
    path = tmp_path / "some.sqlite"
    path.write_bytes(b"no database at all" * 100)
    cases = [(path, "SELECT * FROM word", True), (tmp_path / "new", "SELECT * FROM word", True)]
    cases.append((tmp_path / "no" / "folder", "SELECT 1", False))
    for file, statement, is_damage in cases:
        with pytest.raises(sqlite3.Error) as raised:
            sqlite3.connect(file).execute(statement)
        error = seal.sqlite_fault(file, raised.value)
        assert isinstance(error, CorpusError) and isinstance(error, DamagedError) == is_damage
        assert str(file) in str(error)
