"""SQLite's FTS5 over text that rjieba has cut, on two processes with a database each.

As its documentation advises for bulk loading: one transaction, no journal, a large cache; a
contentless table, since the record is kept beside it. `SAME_WORK` does what we do: parse and
normalise every field, all of our fields searchable (numbers, those of priorities and citations too,
as filed by us, so that how a term begins finds every spelling; classes with their ancestors, dates
indexed), the record's JSON kept.
`TEXT_ALONE` indexes title, abstract and claims.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import orjson

from benchmarks.peers import Missing, Peer, Times
from benchmarks.peers.texts import (
    COLUMNS,
    PROCESSES,
    byte_ranges,
    cut,
    cutter,
    joined,
    read_batches,
    timed,
)
from benchmarks.tasks import Task

_SETTINGS = (
    "PRAGMA page_size=16384",
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA cache_size=-262144",
)
_TEXT = ("ti", "ab", "cl")
_SEGMENTED = (*_TEXT, "pa", "inv", "ag", "addr")
_TERMS = ("num", "pr", "ct", "fam", "office", "kind", "type", "ls", "ipc")
_DATES = ("publication_date", "filing_date", "priority_date", "grant_date")
_TOKENS = """tokenize="unicode61 remove_diacritics 0 tokenchars './-'" """


def _version() -> str:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(a)")
        return f"SQLite {sqlite3.sqlite_version}, rjieba {metadata.version('rjieba')}"
    except sqlite3.OperationalError as error:
        raise Missing(f"this Python's SQLite has no FTS5: {error}") from None
    finally:
        connection.close()


def _build_all(source: Path, folder: Path) -> None:
    _on_two(_load_all, source, folder)


def _build_text(source: Path, folder: Path) -> None:
    _on_two(_load_text, source, folder)


def _on_two(load: Any, source: Path, folder: Path) -> None:
    spans = byte_ranges(source, PROCESSES)
    with ProcessPoolExecutor(PROCESSES) as pool:
        files = [folder / f"{number}.sqlite" for number in range(PROCESSES)]
        list(pool.map(load, [source] * PROCESSES, spans, files))


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


def _load_text(source: Path, span: tuple[int, int], file: Path) -> None:
    connection = _open(file)
    connection.execute(f"CREATE VIRTUAL TABLE docs USING fts5({','.join(_TEXT)}, content='')")
    connection.execute("CREATE TABLE records (rowid INTEGER PRIMARY KEY, id TEXT)")
    connection.execute("BEGIN")
    row = 0
    for lines in read_batches(source, span):
        records = [orjson.loads(line) for line in lines]
        rows = range(row, row := row + len(records))
        texts = [cut([joined(record, column) for record in records]) for column in COLUMNS]
        connection.executemany(
            "INSERT INTO docs(rowid, ti, ab, cl) VALUES (?, ?, ?, ?)",
            zip(rows, *texts, strict=True),
        )
        connection.executemany(
            "INSERT INTO records VALUES (?, ?)",
            zip(rows, (record["id"] for record in records), strict=True),
        )
    connection.execute("COMMIT")
    connection.close()


def _load_all(source: Path, span: tuple[int, int], file: Path) -> None:
    connection = _open(file)
    names = (*_SEGMENTED, *_TERMS)
    connection.execute(
        f"CREATE VIRTUAL TABLE docs USING fts5({','.join(names)}, content='', {_TOKENS})"
    )
    connection.execute(
        "CREATE TABLE records (rowid INTEGER PRIMARY KEY, id TEXT,"
        " publication_date INT, filing_date INT, priority_date INT, grant_date INT,"
        " claim_count INT, json BLOB)"
    )
    connection.execute("BEGIN")
    row = 0
    marks = ",".join("?" * (len(names) + 1))
    for lines in read_batches(source, span):
        records = [orjson.loads(line) for line in lines]
        rows = range(row, row := row + len(records))
        columns = [*_cut_columns(records), *zip(*map(_terms, records), strict=True)]
        connection.executemany(
            f"INSERT INTO docs(rowid,{','.join(names)}) VALUES ({marks})",
            zip(rows, *columns, strict=True),
        )
        connection.executemany(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number, record["id"], *map(_date, map(record.get, _DATES)), len(record["claims"]),
                 line)
                for number, record, line in zip(rows, records, lines, strict=True)
            ),
        )  # fmt: skip
    connection.execute("COMMIT")
    for name in ("id", *_DATES):
        connection.execute(f"CREATE INDEX by_{name} ON records ({name})")
    connection.close()


def _cut_columns(records: Sequence[dict[str, Any]]) -> Iterable[list[str]]:
    """Cut the texts of `_SEGMENTED`."""
    for column in COLUMNS:
        yield cut([joined(record, column) for record in records])
    for column in ("applicants", "inventors", "agents"):
        yield cut([_names(record[column]) for record in records])
    yield cut([_addresses(record["applicants"]) for record in records])


def _names(parties: Sequence[dict[str, str]]) -> str:
    return "\n".join(f"{party['name']}\n{party.get('organization', '')}" for party in parties)


def _addresses(parties: Sequence[dict[str, str]]) -> str:
    parts = ("country", "province", "city", "county", "address")
    return "\n".join(party.get(part, "") for party in parties for part in parts)


def _terms(record: dict[str, Any]) -> tuple[str, ...]:
    """Give the values of `_TERMS`."""
    from ipsearch.identifiers import filed_numbers

    numbers = filed_numbers(
        publication_number=record["publication_number"],
        application_number=record["application_number"],
        others=(),
    )
    return (
        " ".join(numbers),
        " ".join(_keys(None, priority["number"]) for priority in record["priorities"]),
        " ".join(_keys(cited["publication_number"], None) for cited in record["citations"]),
        record["family_id"],
        record["office"],
        record["kind_code"],
        record["patent_type"],
        record["legal_status"],
        " ".join(map(_with_ancestors, record["ipc"])),
    )


def _keys(publication: str | None, application: str | None) -> str:
    from ipsearch.identifiers import filed_numbers

    return " ".join(filed_numbers(publication_number=publication, application_number=application))


@cache
def _with_ancestors(symbol: str) -> str:
    from ipsearch.classification import ancestors

    return " ".join(ancestors(symbol)) or symbol


def _date(text: str | None) -> int | None:
    return int(text.replace("-", "")) if text else None


def _ask(folder: Path, tasks: Sequence[Task]) -> Times:
    shards = [
        sqlite3.connect(file, check_same_thread=False) for file in sorted(folder.glob("*.sqlite"))
    ]
    for shard in shards:
        shard.execute("PRAGMA mmap_size=17179869184")
    pool = ThreadPoolExecutor(len(shards))

    def ask(task: Task) -> object:
        where = ""
        values: list[int] = []
        if task.before or task.filters:
            if "ipc" not in _columns(shards[0]):
                raise NotImplementedError
            where, values = _where(task)
        match = _match(task)
        wanted = task.limit + task.offset
        sql = (
            "SELECT docs.rank, records.id FROM docs JOIN records ON records.rowid = docs.rowid"
            f" WHERE docs MATCH ? {where} ORDER BY docs.rank LIMIT {wanted}"
        )
        answers = pool.map(lambda shard: shard.execute(sql, (match, *values)).fetchall(), shards)
        return sorted(hit for hits in answers for hit in hits)[task.offset : wanted]

    return timed(ask, tasks)


def _columns(shard: sqlite3.Connection) -> set[str]:
    return {row[1] for row in shard.execute("PRAGMA table_info(docs)")}


def _match(task: Task) -> str:
    if task.operator == "boolean":
        raise NotImplementedError
    words = [f'"{text}"' for text in cut(task.terms)]
    text = (" AND " if task.operator == "all" else " OR ").join(words)
    if task.filters:
        return f"({text}) AND office:{task.filters['office']} AND ipc:{task.filters['in_class']}"
    return text


def _where(task: Task) -> tuple[str, list[int]]:
    if task.before:
        return "AND records.publication_date < ?", [_date(task.before) or 0]
    low, high = task.filters["published_from"], task.filters["published_to"]
    return "AND records.publication_date BETWEEN ? AND ?", [_date(low) or 0, _date(high) or 0]


SAME_WORK = Peer(
    "fts5-same-work",
    "all fields parsed, normalised and searchable, the record's JSON kept; two processes",
    _version, cutter, _build_all, _ask,
)  # fmt: skip
TEXT_ALONE = Peer(
    "fts5-text-alone",
    "text in three fields; no metadata, no records; two processes",
    _version, cutter, _build_text, _ask,
)  # fmt: skip
