"""A long command is broken off: what had it finished? Its results, task by task, to be used again.

Where all of a command's work counts at once, at its end, nothing of it is in the catalog before: so
the results of its tasks are kept in a file of lines, each written when its task's own files are
synced. They hold for one purpose and one state of the corpus, and as long as the files that they
speak of are there: whoever sweeps these away begins with the list.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.durable import sync
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.pool import Pool

_SUM_CHARS = 32


class Task(Protocol):
    """What can be done again, or recognised as done."""

    @property
    def key(self) -> str:
        """What it reads, whatever the numbers of what it writes."""


class Result(Protocol):
    """What a task did: a dataclass of plain values."""

    def places(self, layout: Layout) -> Iterator[Path]:
        """Give the files and folders that were written."""


T = TypeVar("T", bound=Task)
R = TypeVar("R", bound=Result)


class Unfinished:
    """What was finished of a command that is not. The writer's lock is the caller's."""

    def __init__(self, layout: Layout, catalog: Catalog, purpose: str) -> None:
        self._layout, self._path = layout, layout.unfinished
        numbers = sorted(generation.number for generation in catalog.generations())
        self._head = json.dumps([purpose, numbers]).encode()
        self._kept = self._load()

    def _load(self) -> dict[str, Any]:
        """Read what holds: the lines before the first that was cut by a kill, or has changed."""
        self._bytes = 0  # of the lines that hold
        kept: list[Any] = []
        data = self._path.read_bytes() if self._path.exists() else b""
        for line in data.splitlines(keepends=True):
            text = line[_SUM_CHARS + 1 : -1]
            if line != _summed(text) or (not self._bytes and text != self._head):
                break
            if self._bytes:
                kept.append(json.loads(text))
            self._bytes += len(line)
        return dict(kept)

    @property
    def places(self) -> set[Path]:
        """All files and folders that are kept."""
        root = self._layout.root
        return {root / place for entry in self._kept.values() for place in entry["places"]}

    def run(
        self,
        pool: Pool,
        function: Callable[[T], R],
        tasks: Iterable[T],
        of: Callable[[dict[str, Any]], R],
    ) -> Iterator[tuple[T, R]]:
        """Give each task and its result: those kept first, then as `Pool.run` does them.

        `of` makes a result again of its plain values.
        """
        left = []
        for task in tasks:
            if task.key in self._kept:
                yield task, of(self._kept[task.key]["result"])
            else:
                left.append(task)
        for task, result in pool.run(function, left):
            self._keep(task.key, result)
            yield task, result

    def _keep(self, key: str, result: Any) -> None:
        root = self._layout.root
        places = [path.relative_to(root).as_posix() for path in result.places(self._layout)]
        entry = {"result": asdict(result), "places": places}
        self._kept[key] = entry
        data = _summed(json.dumps([key, entry]).encode())
        if not self._bytes:
            data = _summed(self._head) + data
        self._path.touch()
        with self._path.open("r+b") as file:
            file.truncate(self._bytes)
            file.seek(self._bytes)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not self._bytes:
            sync(self._path)
        self._bytes += len(data)


def _summed(text: bytes) -> bytes:
    """Make a line of a text, its checksum first."""
    digest = hashlib.blake2b(text, digest_size=_SUM_CHARS // 2).hexdigest()
    return b"%s %s\n" % (digest.encode(), text)


def forget(layout: Layout) -> None:
    """Forget what was finished: from here on its files may go."""
    if layout.unfinished.exists():
        layout.unfinished.unlink()
        sync(layout.root)
