"""Here are records, keep them findable: the building side of one shard's index.

A generation of a shard's index is a folder: `engine/` is tantivy's, beside it lie the vocabulary's
lists. A new generation begins as a clone of the one before, by hard links: the engine never changes
a segment file, so the old generation stays as it is for those who read it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import tantivy

from ipsearch.analysis import Analyzer
from ipsearch.errors import EngineError
from ipsearch.index.documents import COLUMNS, segmented
from ipsearch.index.schema import ADDRESS, ENGINE, FIELDS, engine_schema, register_tokenizers
from ipsearch.index.vocabulary import VocabularyWriter
from ipsearch.records import Kind

HEAP_BYTES = 256_000_000
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


class ShardWriter:
    """Writes one generation of one shard. One at a time, from one thread."""

    def __init__(
        self, folder: Path, kind: Kind, analyzer: Analyzer, *, base: Path | None = None
    ) -> None:
        self._folder, self._kind, self._base = folder, kind, base
        if base is None:
            (folder / ENGINE).mkdir(parents=True)
        else:
            clone(base, folder)
        self._segmenter = analyzer.segmenter()
        self._vocabulary = VocabularyWriter()
        try:
            self._index = tantivy.Index(engine_schema(kind), path=str(folder / ENGINE))
            register_tokenizers(self._index)
            self._writer = self._index.writer(HEAP_BYTES, 1)
        except ValueError as error:
            raise EngineError(f"{folder}: {error}") from error

    def add(self, batch: pa.RecordBatch, addresses: Sequence[int]) -> None:
        """Add the records of `batch`, which has the column `application_key` as well."""
        integers = [name for name, field in FIELDS[self._kind].items() if field.type == "integer"]
        columns = COLUMNS[self._kind](batch)
        numbers = [(name, columns.pop(name)) for name in integers]
        strings = [*columns.items(), *segmented(batch, self._kind, self._segmenter).items()]
        self._add(strings, numbers, addresses)
        if self._segmenter.seen_count > _MOST_TERMS_IN_MEMORY:
            self._spill()

    def _add(
        self,
        strings: Iterable[tuple[str, Sequence[str]]],
        numbers: Iterable[tuple[str, Sequence[Any]]],
        addresses: Sequence[int],
    ) -> None:
        documents = [tantivy.Document() for _ in addresses]
        for name, values in strings:
            for document, text in zip(documents, values, strict=True):
                if text:
                    document.add_text(name, text)
        for name, integers in numbers:
            for document, number in zip(documents, integers, strict=True):
                if number is not None:
                    document.add_integer(name, number)
        add_document = self._writer.add_document
        for document, address in zip(documents, addresses, strict=True):
            document.add_unsigned(ADDRESS, address)
            add_document(document)

    def remove_applications(self, keys: Iterable[str]) -> None:
        """Remove every record of these applications that was added before."""
        for key in keys:
            self._writer.delete_documents_by_term("app", key.replace(" ", ""))

    def commit(self) -> int:
        """Make all of it durable; returns the number of records in the shard's index."""
        try:
            self._writer.commit()
            self._writer.wait_merging_threads()
        except ValueError as error:
            raise EngineError(f"{self._folder}: {error}") from error
        self._spill()
        self._vocabulary.write(self._folder, self._base)
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def _spill(self) -> None:
        self._vocabulary.add(self._segmenter.seen())
        self._segmenter.forget()
