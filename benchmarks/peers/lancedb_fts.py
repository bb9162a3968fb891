"""LanceDB's full-text index with its own jieba tokenizer, positions on, over three columns.

The tokenizer reads its dictionary from a folder of models; jieba's own dictionary goes there, as
LanceDB's documentation has it. The table keeps the texts: there is no index without them. A search
takes some seventy milliseconds a column even on a table of two rows, warmed or not.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import orjson

from benchmarks.peers import Missing, Peer, Times
from benchmarks.peers.texts import COLUMNS, PROCESSES, joined, read_batches, timed
from benchmarks.tasks import Task

_NAMES = ("ti", "ab", "cl")


def _version() -> str:
    if importlib.util.find_spec("lancedb") is None:
        raise Missing("lancedb is not installed (the extra `peers` has it)")
    return f"LanceDB {metadata.version('lancedb')}"


def _prepare() -> None:
    import lancedb  # noqa: F401


def _models(folder: Path) -> None:
    """Put jieba's dictionary where the tokenizer looks for it."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise Missing("jieba, whose dictionary the tokenizer reads, is not installed")
    home = folder / "models" / "jieba" / "default"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(spec.submodule_search_locations[0]) / "dict.txt", home / "dict.txt")
    os.environ["LANCE_LANGUAGE_MODEL_HOME"] = str(folder / "models")


def _build(source: Path, folder: Path) -> None:
    import lancedb
    import pyarrow as pa
    from lancedb.index import FTS

    _models(folder)
    schema = pa.schema([(name, pa.string()) for name in ("id", *_NAMES)])

    def batches() -> Iterator[Any]:
        for lines in read_batches(source, (0, source.stat().st_size)):
            records = [orjson.loads(line) for line in lines]
            columns = [[record["id"] for record in records]]
            columns += [[joined(record, column) for record in records] for column in COLUMNS]
            yield pa.record_batch([pa.array(c, pa.string()) for c in columns], schema=schema)

    table = lancedb.connect(folder / "db").create_table("docs", batches(), schema=schema)
    settings = FTS(
        base_tokenizer="jieba/default",
        with_position=True,
        stem=False,
        remove_stop_words=False,
        num_workers=PROCESSES,
    )
    for name in _NAMES:
        table.create_index(name, config=settings)


def _ask(folder: Path, tasks: Sequence[Task]) -> Times:
    import lancedb
    from lancedb.query import FullTextOperator, MultiMatchQuery, PhraseQuery

    _models(folder)
    table = lancedb.connect(folder / "db").open_table("docs")

    def ask(task: Task) -> object:
        if task.filters or task.before or task.operator == "boolean" or task.offset:
            raise NotImplementedError
        if task.operator == "phrase":
            queries: list[Any] = [PhraseQuery(task.terms[0], name) for name in _NAMES]
            query = queries[0]
            for other in queries[1:]:
                query = query | other
        else:
            operator = FullTextOperator("AND" if task.operator == "all" else "OR")
            query = MultiMatchQuery(" ".join(task.terms), list(_NAMES), operator=operator)
        found = table.search(query, query_type="fts").limit(task.limit).select(["id", "_score"])
        return found.to_arrow()

    return timed(ask, tasks)


PEER = Peer(
    "lancedb",
    "text in three columns with positions, its own jieba; the texts kept, no metadata",
    _version,
    _prepare,
    _build,
    _ask,
)
