"""The reading side of one shard's index: a searcher that keeps its view."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import tantivy

from ipsearch.errors import EngineError
from ipsearch.index.schema import ADDRESS, ENGINE, register_tokenizers


class Found(NamedTuple):
    """One record that a shard found."""

    score: float  # BM25, or the value of the field that orders the result
    address: int  # part << 32 | row


class Shard:
    """One generation of one shard, opened. Searching it lets go of Python's lock."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number, self.folder = number, folder
        try:
            self._index = tantivy.Index.open(str(folder / ENGINE))
            register_tokenizers(self._index)
            self._searcher = self._index.searcher()
        except ValueError as error:
            raise EngineError(f"{folder}: {error}") from error

    @property
    def record_count(self) -> int:
        """How many records it holds."""
        return int(self._searcher.num_docs)

    @property
    def document_count(self) -> int:
        """How many documents the engine counts with: replaced ones too, until they are merged."""
        meta = json.loads((self.folder / ENGINE / "meta.json").read_bytes())
        return sum(int(segment["max_doc"]) for segment in meta["segments"])

    @property
    def segment_count(self) -> int:
        """In how many pieces the engine keeps them: more are slower to search."""
        return int(self._searcher.num_segments)

    def search(
        self,
        query: tantivy.Query,
        limit: int,
        *,
        order_by: str | None = None,
        ascending: bool = False,
    ) -> tuple[list[Found], int]:
        """Give the best `limit` records and how many there are in all."""
        order = tantivy.Order.Asc if ascending else tantivy.Order.Desc
        try:
            result = self._searcher.search(
                query, max(limit, 1), count=True, order_by_field=order_by, order=order
            )
        except ValueError as error:
            raise EngineError(f"{self.folder}: {error}") from error
        hits = result.hits[:limit]
        places = [place for _, place in hits]
        addresses = self._searcher.fast_field_values(ADDRESS, places) if places else []
        found = [
            Found(float(score) if score is not None else 0.0, int(address or 0))
            for (score, _), address in zip(hits, addresses, strict=True)
        ]
        return found, int(result.count)  # type: ignore[attr-defined]  # missing in its stub

    def count(self, query: tantivy.Query) -> int:
        """Count the records that a query matches."""
        return self.search(query, 0)[1]

    def record_frequency(self, field: str, term: str) -> int:
        """In how many records of the shard a term stands; replaced ones may count until a merge."""
        return int(self._searcher.doc_freq(field, term))
