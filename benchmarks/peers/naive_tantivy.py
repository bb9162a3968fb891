"""tantivy-py and jieba, put together the way their READMEs show (`benchmarks.naive`)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from benchmarks import naive
from benchmarks.peers import Missing, Peer, Times
from benchmarks.peers.texts import timed
from benchmarks.tasks import Task


def _version() -> str:
    try:
        return f"tantivy {metadata.version('tantivy')}, jieba {metadata.version('jieba')}"
    except metadata.PackageNotFoundError as error:
        raise Missing(f"not installed: {error}") from None


def _prepare() -> None:
    import jieba
    import tantivy  # noqa: F401

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()


def _build(source: Path, folder: Path) -> None:
    naive.index(source, folder)


def _ask(folder: Path, tasks: Sequence[Task]) -> Times:
    import jieba
    import tantivy

    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()

    def ask(task: Task) -> object:
        if task.filters or task.before or task.operator == "boolean":
            raise NotImplementedError
        if task.operator == "phrase":
            words = [word for word in jieba.cut(task.terms[0]) if word.isalnum()]
            text = '"' + " ".join(words) + '"'
        elif task.operator == "all":
            text = " AND ".join(task.terms)
        else:
            text = " ".join(task.terms)
        query = index.parse_query(text, list(naive.COLUMNS))
        hits = searcher.search(query, task.limit, offset=task.offset).hits
        return [searcher.doc(address)["id"] for _, address in hits]

    return timed(ask, tasks)


PEER = Peer(
    "naive-tantivy-jieba",
    "text in three fields, default settings, one process, jieba in Python; no records, no metadata",
    _version,
    _prepare,
    _build,
    _ask,
)
