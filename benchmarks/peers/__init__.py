"""What else one could pick: the same records through other engines, on the same machine.

Each peer is a module that says what it needs and does, builds from a file of JSON Lines, and
answers the same tasks. `PEERS` writes them out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.tasks import Task

Times = list[float | None]
"""Milliseconds of each task, in their order; None where the peer cannot be asked that."""


class Peer(NamedTuple):
    """One other way."""

    name: str
    does: str  # what of the whole task it does, in words
    version: Callable[[], str]  # raises `Missing` if it cannot be run here
    prepare: Callable[[], Any]  # imports and dictionaries: outside the clock
    build: Callable[[Path, Path], None]  # JSON Lines, folder to fill
    ask: Callable[[Path, Sequence[Task]], Times]  # folder; pages warm, each task timed once


class Missing(RuntimeError):
    """A peer cannot be run here; the message says why."""


def load_peers() -> dict[str, Peer]:
    """Give the peers by name, in the order of a run. Importing them imports no engine."""
    from benchmarks.peers import duckdb_fts, lancedb_fts, lucene, naive_tantivy, sqlite_fts5

    every = (
        naive_tantivy.PEER,
        sqlite_fts5.SAME_WORK,
        sqlite_fts5.TEXT_ALONE,
        lucene.CJK,
        lucene.SEGMENTED,
        lancedb_fts.PEER,
        duckdb_fts.PEER,
    )
    return {peer.name: peer for peer in every}
