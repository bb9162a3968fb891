"""DuckDB's full-text extension over text that rjieba has cut on two processes.

Its own tokenizer knows no Chinese: it is told to split at spaces and to stem and stop nothing.
There are no phrases and no positions. The extension comes from the wheel `duckdb-extension-fts` or
from DuckDB's server.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
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


def _connect(file: Path | None = None) -> Any:
    """Open a database with the extension; raise `Missing`."""
    try:
        import duckdb
    except ImportError:
        raise Missing("duckdb is not installed (the extra `peers` has it)") from None
    connection = duckdb.connect(str(file) if file else ":memory:")
    try:
        packaged = _packaged()
        if packaged is None:
            connection.execute("INSTALL fts")
        connection.execute("LOAD " + (f"'{packaged}'" if packaged else "fts"))
    except Exception as error:
        connection.close()
        reason = str(error).splitlines()[0]
        raise Missing(f"DuckDB {duckdb.__version__} without its extension fts: {reason}") from None
    return connection


def _packaged() -> Path | None:
    """Find the extension's file in its wheel."""
    spec = importlib.util.find_spec("duckdb_extension_fts")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for file in Path(folder).rglob("fts.duckdb_extension"):
            return file
    return None


def _version() -> str:
    _connect().close()
    return f"DuckDB {metadata.version('duckdb')}, rjieba {metadata.version('rjieba')}"


def _build(source: Path, folder: Path) -> None:
    spans = byte_ranges(source, PROCESSES)
    files = [folder / f"{number}.parquet" for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_segment, [source] * PROCESSES, spans, files))
    connection = _connect(folder / "docs.duckdb")
    connection.execute(f"SET threads={PROCESSES}")
    connection.execute(
        "CREATE TABLE docs AS SELECT * FROM read_parquet(?)", [[str(file) for file in files]]
    )
    connection.execute(
        "PRAGMA create_fts_index('docs', 'id', 'ti', 'ab', 'cl', stemmer='none',"
        " stopwords='none', ignore='[ \\n，。；、：（）]+', strip_accents=0, lower=0)"
    )
    connection.close()
    for file in files:
        file.unlink()


def _segment(source: Path, span: tuple[int, int], file: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in ("id", "ti", "ab", "cl")])
    with pq.ParquetWriter(file, schema) as writer:
        for lines in read_batches(source, span):
            records = [orjson.loads(line) for line in lines]
            columns = [[record["id"] for record in records]]
            columns += [cut([joined(r, column) for r in records]) for column in COLUMNS]
            arrays = [pa.array(column, pa.string()) for column in columns]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _ask(folder: Path, tasks: Sequence[Task]) -> Times:
    connection = _connect(folder / "docs.duckdb")
    connection.execute(f"SET threads={PROCESSES}")

    def ask(task: Task) -> object:
        if task.operator in ("phrase", "boolean") or task.filters or task.before:
            raise NotImplementedError
        conjunctive = ", conjunctive := 1" if task.operator == "all" else ""
        return connection.execute(
            f"SELECT id, score FROM (SELECT id, fts_main_docs.match_bm25(id, ?{conjunctive})"
            f" AS score FROM docs) WHERE score IS NOT NULL ORDER BY score DESC"
            f" LIMIT {task.limit} OFFSET {task.offset}",
            [" ".join(task.terms)],
        ).fetchall()

    return timed(ask, tasks)


PEER = Peer(
    "duckdb-fts",
    "text in three columns without positions, cut by rjieba; the texts kept, no metadata",
    _version,
    cutter,
    _build,
    _ask,
)
