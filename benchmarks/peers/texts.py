"""What the peers share: ranges of a file, texts of a record, Chinese cut into words.

What is measured: nothing here.
Corpus model: made-up records.
Notes: folding is ours (NFKC, case, simplified characters, whole batches as arrays), and rjieba
    cuts five hundred records in a call: the fastest way that we know, so no peer waits for Python
    longer than we do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.tasks import Task

BATCH = 500
PROCESSES = 2
COLUMNS = ("titles", "abstracts", "claims")


def byte_ranges(file: Path, count: int) -> list[tuple[int, int]]:
    """Split a file of lines into `count` ranges of about equal size; none cuts a line."""
    size = file.stat().st_size
    edges = [0]
    with file.open("rb") as lines:
        for number in range(1, count):
            lines.seek(max(size * number // count, edges[-1]))
            if lines.tell():
                lines.readline()
            edges.append(lines.tell())
    return list(zip(edges, [*edges[1:], size], strict=True))


def read_batches(file: Path, span: tuple[int, int]) -> Iterator[list[bytes]]:
    """Give the lines of a range, `BATCH` at a time."""
    begin, end = span
    with file.open("rb") as source:
        source.seek(begin)
        held: list[bytes] = []
        for line in source:
            held.append(line)
            begin += len(line)
            if len(held) == BATCH:
                yield held
                held = []
            if begin >= end:
                break
        if held:
            yield held


def joined(record: dict[str, Any], column: str) -> str:
    """Give the texts of a column in one."""
    return "\n".join(passage["text"] for passage in record.get(column) or ())


@cache
def cutter() -> Any:
    """Load rjieba's dictionary."""
    import rjieba

    return rjieba.Jieba()


def cut(texts: Sequence[str]) -> list[str]:
    """Fold and cut texts, which must hold no noncharacters; words are separated by spaces."""
    from ipsearch.analysis.folding import RESERVED, fold_joined

    if not texts:
        return []
    end = RESERVED[1]
    words = cutter().cut(fold_joined(end.join(texts)), False)
    return [text.strip() for text in " ".join(words).split(end)]


def timed(ask: Callable[[Task], object], tasks: Sequence[Task]) -> list[float | None]:
    """Ask each task once to warm the pages, then once for the time.

    None is a task that `ask` raises `NotImplementedError` for.
    """
    times: list[float | None] = []
    for is_warm in (False, True):
        for task in tasks:
            begin = time.perf_counter()
            try:
                ask(task)
            except NotImplementedError:
                elapsed = None
            else:
                elapsed = (time.perf_counter() - begin) * 1000
            if is_warm:
                times.append(elapsed)
    return times
