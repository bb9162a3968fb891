"""A corpus with queries and with what is relevant to each: what the sets of `effectiveness` are.

What is measured: nothing here; `effectiveness` measures.
Corpus model: see the modules that make sets, `effectiveness_texts` and `effectiveness_related`.
Notes: a query is drawn by the seed alone, so sets that are alike have the same ones.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Missing(RuntimeError):
    """A set cannot be made here; the message says why."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: a text, or the record of a number."""

    id: str
    text: str | None = None
    number: str | None = None
    before: date | None = None
    like: str | None = None  # the id of a relevant record that is marked as such, and not found


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A corpus, queries to it, and what is relevant to each."""

    name: str
    folder: Path  # of the corpus
    corpus: str
    corpus_sha256: str  # of what was ingested; of a folder given, of its parts
    queries: tuple[Query, ...]
    qrels: Mapping[str, frozenset[str]] = field(repr=False)  # id of a query -> ids of records
    variant_of: str | None = None  # the set with the same queries in the other script
    levers: tuple[str, ...] | None = None  # settings that are changed in turn; None: all


def ingested(file: Path, folder: Path) -> tuple[Path, str]:
    """Give the corpus made of a file, and the file's SHA-256; one that is there already is used."""
    import ipsearch

    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    note = folder.with_suffix(".sha256")
    if note.exists() and note.read_text(encoding="ascii") == digest:
        return folder, digest
    shutil.rmtree(folder, ignore_errors=True)
    with ipsearch.create(folder) as corpus:
        corpus.ingest(file)
    note.write_text(digest, encoding="ascii")
    return folder, digest


def write_records(records: Iterable[Mapping[str, Any]], file: Path) -> None:
    """Write patents as our own JSON Lines."""
    with file.open("w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps({"record": "patent", **record}, ensure_ascii=False) + "\n")


def sample(items: Sequence[T], count: int, seed: int) -> list[T]:
    """Draw some, in their order: of sequences of one length those at the same positions."""
    chosen = random.Random(f"{seed}/questions").sample(range(len(items)), min(count, len(items)))
    return [items[at] for at in sorted(chosen)]
