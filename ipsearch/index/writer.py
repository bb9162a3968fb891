"""Here are records, keep them findable: the building side of one shard's index.

A generation of a shard's index is a folder: `engine/` is tantivy's, beside it lie the vocabulary's
lists. A new generation begins as a clone of the one before, by hard links: the engine never changes
a segment file, so the old generation stays as it is for those who read it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import pyarrow as pa
import tantivy

from ipsearch.analysis import Analyzer
from ipsearch.index.documents import TEXTS, segmented
from ipsearch.index.facts import COLUMNS, facts, integers
from ipsearch.index.faults import EngineFaults
from ipsearch.index.schema import ADDRESS, ENGINE, FACTS, engine_schema, fact, register_tokenizers
from ipsearch.index.vocabulary import VocabularyWriter
from ipsearch.records import Kind

HEAP_BYTES = 512_000_000
"""Of the engine, for one segment: a quarter of a million patents without descriptions fit in. Half
as much makes twice the segments: while a corpus grows to ten million, a fifth more is merged."""
BATCH_ROWS = 500
"""Records segmented in one call: more gain nothing and cost memory."""
_MOST_TERMS_IN_MEMORY = 1_000_000


def clone(old: Path, new: Path) -> None:
    """Make folder `new` a copy of generation `old` that shares its segment files."""
    engine = new / ENGINE
    engine.mkdir(parents=True)
    for file in sorted((old / ENGINE).iterdir()):
        if file.name.startswith(".tantivy-") and file.suffix == ".lock":
            continue
        try:
            os.link(file, engine / file.name)
        except OSError:  # a file system without hard links
            shutil.copy2(file, engine / file.name)


def indexed_columns(kind: Kind) -> tuple[str, ...]:
    """Say what of a record the index is told of: columns, and parts of them as "titles.text"."""
    return (*COLUMNS[kind], *dict.fromkeys(chain.from_iterable(TEXTS[kind].values())))


class ShardWriter:
    """Writes one generation of one shard. One at a time, from one thread."""

    def __init__(
        self,
        folder: Path,
        kind: Kind,
        analyzer: Analyzer,
        *,
        base: Path | None = None,
        records: int = 0,
    ) -> None:
        """Begin a generation in `folder` from `base`; `records` is about how many are to come."""
        self._folder, self._kind, self._base = folder, kind, base
        if base is None:
            (folder / ENGINE).mkdir(parents=True)
        else:
            clone(base, folder)
        self._segmenter = analyzer.segmenter(records)
        self._vocabulary = VocabularyWriter()
        self._faults = EngineFaults(folder)
        with self._faults:
            self._index = tantivy.Index(engine_schema(kind), path=str(folder / ENGINE))
            register_tokenizers(self._index)
            self._writer = self._index.writer(HEAP_BYTES, 1)

    def add(self, batch: pa.RecordBatch, addresses: Sequence[int]) -> None:
        """Add the records of `batch`, which has `indexed_columns` at least."""
        cut = segmented(batch, self._kind, self._segmenter)
        texts = {name: field.texts for name, field in cut.items()}
        hidden = (field.hidden for field in cut.values())
        texts[FACTS] = list(map(" ".join, zip(facts(batch, self._kind), *hidden, strict=True)))
        self._add(texts, integers(batch, self._kind), addresses)
        if self._segmenter.seen_count > _MOST_TERMS_IN_MEMORY:
            self._spill()

    def _add(
        self,
        texts: Mapping[str, Sequence[str]],
        numbers: Mapping[str, Sequence[int | None]],
        addresses: Sequence[int],
    ) -> None:
        documents = [tantivy.Document() for _ in addresses]
        for name, values in texts.items():
            for document, text in zip(documents, values, strict=True):
                if text:
                    document.add_text(name, text)
        for name, column in numbers.items():
            for document, number in zip(documents, column, strict=True):
                if number is not None:
                    document.add_integer(name, number)
        add_document = self._writer.add_document
        with self._faults:
            for document, address in zip(documents, addresses, strict=True):
                document.add_unsigned(ADDRESS, address)
                add_document(document)

    def remove_applications(self, keys: Iterable[str]) -> None:
        """Remove every record of these applications that was added before."""
        for key in keys:
            with self._faults:
                self._writer.delete_documents_by_term(FACTS, fact(self._kind, "app", key))

    def commit(self) -> int:
        """Make all of it durable; returns the number of records in the shard's index."""
        with self._faults:
            self._writer.commit()
            self._writer.wait_merging_threads()
        self._spill()
        self._vocabulary.write(self._folder, self._base)
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def _spill(self) -> None:
        self._vocabulary.add(self._segmenter.seen())
        self._segmenter.forget()
