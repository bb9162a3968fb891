"""Whole records, by number or all of them, and what a corpus holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ipsearch.corpus.catalog import FORMAT_VERSION, Catalog
from ipsearch.errors import IdentifierError
from ipsearch.library.opened import Opened
from ipsearch.records import KINDS, Kind
from ipsearch.search.fields import find_field
from ipsearch.search.lookup import records_by_keys, rows_of_ids
from ipsearch.search.tree import Number

if TYPE_CHECKING:
    import pyarrow as pa


class Reading(Opened):
    """What there is."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of record there are."""
        return tuple(kind for kind in KINDS if kind in self._opened().kinds)

    def count(self, kind: Kind) -> int:
        """How many records of a kind there are."""
        state = self._opened().kinds.get(kind)
        return state.record_count if state else 0

    def get(self, number: str, *, kind: Kind | None = None) -> list[dict[str, Any]]:
        """Give the whole records that go by `number`, in any spelling; an empty list if none do.

        Raises `IdentifierError` if it is no number.
        """
        found: list[dict[str, Any]] = []
        from ipsearch.identifiers import lookup_keys
        from ipsearch.records import SCHEMAS

        lookup_keys(number)
        for state in self._opened().kinds.values():
            if kind not in (None, state.kind):
                continue
            compiler = self._compiler(state)
            query = compiler.compile_filter(Number(number, find_field("num", state.kind)))
            for shard in state.shards:
                addresses = [hit.address for hit in shard.search(query, 1_000)]
                places = [(shard.number, address) for address in addresses]
                for row in state.rows(places, SCHEMAS[state.kind].names):
                    found.append({"record": state.kind, **row})
        return sorted(found, key=lambda row: (row["record"], row["id"]))

    def get_many(
        self, numbers: Iterable[str], *, kind: Kind | None = None
    ) -> dict[str, list[dict[str, Any]]]:
        """Give for each number what `get` gives for it, in their order: many are found together.

        What is no number, or is not there, has an empty list. Two numbers of one record share it.
        """
        from ipsearch.identifiers import lookup_keys
        from ipsearch.records import SCHEMAS

        keys: dict[str, tuple[str, ...]] = {}
        for number in numbers:
            try:
                keys[number] = lookup_keys(number)
            except IdentifierError:
                keys[number] = ()
        found: dict[str, list[dict[str, Any]]] = {number: [] for number in keys}
        for state in self._opened().kinds.values():
            if kind not in (None, state.kind):
                continue
            rows_of = records_by_keys(state, keys, SCHEMAS[state.kind].names)
            for number, rows in rows_of.items():
                found[number] += [{"record": state.kind, **row} for row in rows]
        return found

    def titles(self, ids: Sequence[str], *, kind: Kind) -> dict[str, str | None]:
        """Give the title, or the words of a mark, of the records with these ids that are there."""
        state = self._opened().kinds.get(kind)
        if state is None:
            return {}
        rows = rows_of_ids(state, ids, ["mark_text" if kind == "trademark" else "titles"])
        if kind == "trademark":
            return {record_id: row["mark_text"] for record_id, row in rows.items()}
        return {i: next((t["text"] for t in row["titles"] or ()), None) for i, row in rows.items()}

    def batches(self, kind: Kind) -> Iterator[pa.RecordBatch]:
        """Give every record of a kind, once, as Arrow batches of its schema."""
        state = self._opened().kinds.get(kind)
        if state is not None:
            yield from state.batches()

    def dataset(self, kind: Kind) -> pa.RecordBatchReader:
        """Give every record of a kind as an Arrow stream: DuckDB, Polars and pandas read it."""
        import pyarrow as pa

        from ipsearch.records import SCHEMAS

        return pa.RecordBatchReader.from_batches(SCHEMAS[kind], self.batches(kind))

    def info(self) -> dict[str, Any]:
        """Say what the corpus holds: records, shards, parts, bytes, files, ingestions, settings."""
        catalog = Catalog(self._layout.catalog, read_only=True)
        try:
            with catalog.snapshot():
                parts, ingestions = catalog.parts(), catalog.ingestions()
                generations = catalog.generations()
                files = catalog.input_count()
        finally:
            catalog.close()
        kinds = {}
        for kind, state in self._opened().kinds.items():
            own = [part for part in parts if part.kind == kind]
            index_bytes = sum(
                file.stat().st_size
                for shard in state.shards
                for file in shard.folder.rglob("*")
                if file.is_file()
            )
            kinds[kind] = {
                "records": state.record_count,
                "shards": len(state.shards),
                "segments": sum(shard.segment_count for shard in state.shards),
                "parts": len(own),
                "dead_rows": sum(g.dead for g in generations if g.kind == kind),
                "record_bytes": sum(part.bytes for part in own),
                "index_bytes": index_bytes,
            }
        finished = [entry for entry in ingestions if entry["finished"]]
        return {
            "path": str(self.path),
            "format_version": FORMAT_VERSION,
            "kinds": kinds,
            "files": files,
            "ingestions": len(finished),
            "last_ingestion": finished[-1]["finished"] if finished else None,
            "is_unfinished": len(finished) < len(ingestions),
            "settings": self.settings,
        }
