"""What lies beside a part, made of it alone: whom its rows speak of, its signs, its footer again.

`part-000001.applications.npy` and `.documents.npy` are sorted keys, each with its row;
`.signs.arrow` is what marks are compared by; `.footer` is the part's Parquet footer, and with it
the content hashes of the files that brought its rows: where the part is cut or its footer is hit,
the rest of it can still be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from ipsearch.corpus.durable import save_array, written
from ipsearch.corpus.layout import footer_path, keys_path, links_path, signs_path
from ipsearch.corpus.routing import ORPHAN, document_key, is_orphan, key_hash
from ipsearch.records import Kind, Row

if TYPE_CHECKING:
    from ipsearch.corpus.signs import SignsWriter

KEY = np.dtype([("key", "<u8"), ("row", "<u4")])
Keys = npt.NDArray[np.void]

ROUTING_COLUMNS: dict[Kind, list[str]] = {
    "patent": ["id", "office", "application_number", "publication_number"],
    "trademark": ["id", "office", "application_number", "registration_number"],
}
"""What says which application and document a row speaks of."""

_INPUTS = "ipsearch.inputs"
"""The entry of a footer that names the files that its rows came in."""


class SideWriter:
    """Collects what lies beside one part while its rows go by, in their order."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.row_count = 0
        self._application_keys: list[tuple[int, int]] = []
        self._document_keys: list[tuple[int, int]] = []
        self._signs = _signs_writer() if kind == "trademark" else None
        self._inputs: set[str] = set()

    def add_keys(
        self, rows: Sequence[Row], hashed: Sequence[int], deliveries: Iterable[str]
    ) -> None:
        """Take in the next rows: their `ROUTING_COLUMNS`, hashed application keys, deliveries."""
        for number, (row, key) in enumerate(zip(rows, hashed, strict=True), start=self.row_count):
            self._application_keys.append((key, number))
            document = document_key(row, self._kind)
            if document is not None:
                mark = ORPHAN if is_orphan(row, self._kind) else 0
                self._document_keys.append((key_hash(document), number | mark))
        self._inputs.update(delivery.partition("+")[0] for delivery in deliveries)
        self.row_count += len(rows)

    def copy_keys(self, batch: pa.RecordBatch) -> None:
        """Take in the next rows, which another part had, or this one."""
        hashed = [key_hash(key) for key in batch.column("application_key").to_pylist()]
        deliveries = batch.column("delivery").unique().to_pylist()
        self.add_keys(batch.select(ROUTING_COLUMNS[self._kind]).to_pylist(), hashed, deliveries)

    def add_signs(self, rows: pa.Table) -> None:
        """Take in the next rows again, as columns: `SIGN_COLUMNS` of marks."""
        if self._signs is not None:
            self._signs.add(rows)

    @property
    def applications(self) -> Keys:
        """The sorted keys of the applications, each with the row that speaks of it."""
        return _sorted(self._application_keys)

    @property
    def documents(self) -> Keys:
        """The sorted keys of publications or registrations; an orphan's row is marked."""
        return _sorted(self._document_keys)

    @property
    def inputs_entry(self) -> dict[str, str]:
        """What the part's footer is to say besides: which files its rows came in."""
        return {_INPUTS: json.dumps(sorted(self._inputs))}

    def write(self, part: Path, metadata: pq.FileMetaData) -> None:
        """Write the files beside `part`, whose footer is `metadata`; their content is synced."""
        for path, keys in (
            (keys_path(part), self.applications),
            (links_path(part), self.documents),
        ):
            with written(path) as file:
                save_array(file, keys)
        if self._signs is not None:
            self._signs.write(signs_path(part))
        with written(footer_path(part)) as file:
            metadata.write_metadata_file(file)


def _signs_writer() -> SignsWriter:
    from ipsearch.corpus.signs import SignsWriter  # needs the table of goods

    return SignsWriter()


def _sorted(keys: list[tuple[int, int]]) -> Keys:
    array = np.array(keys, KEY)
    array.sort(order=["key", "row"])
    return array


def inputs_of(metadata: pq.FileMetaData) -> list[str] | None:
    """Give the content hashes of the files that a part's rows came in; None if it is not said."""
    entry = (metadata.metadata or {}).get(_INPUTS.encode())
    return None if entry is None else json.loads(entry)


def side_columns(kind: Kind) -> list[str]:
    """Say which columns of a part `of_batches` needs."""
    from ipsearch.corpus.signs import SIGN_COLUMNS

    signs = SIGN_COLUMNS if kind == "trademark" else ()
    return list(dict.fromkeys((*ROUTING_COLUMNS[kind], "application_key", "delivery", *signs)))


def of_batches(kind: Kind, batches: Iterable[pa.RecordBatch]) -> SideWriter:
    """Collect what lies beside a part from its rows, which have `side_columns` at least."""
    sides = SideWriter(kind)
    for batch in batches:
        sides.copy_keys(batch)
        sides.add_signs(pa.Table.from_batches([batch]))
    return sides


def load_keys(path: Path) -> Keys:
    """Map a file of sorted keys."""
    if path.stat().st_size <= 128:  # the header alone: nothing to map
        return np.empty(0, KEY)
    return np.load(path, mmap_mode="r")  # type: ignore[no-any-return]


def rows_with(keys: Keys, wanted: npt.NDArray[np.uint64]) -> Keys:
    """Give the entries of sorted `keys` whose key is in sorted, distinct `wanted`."""
    if not len(keys) or not len(wanted):
        return np.empty(0, KEY)
    begins = np.searchsorted(keys["key"], wanted, "left")
    ends = np.searchsorted(keys["key"], wanted, "right")
    some = ends > begins
    if not some.any():
        return np.empty(0, KEY)
    return np.concatenate(
        [keys[b:e] for b, e in zip(begins[some].tolist(), ends[some].tolist(), strict=True)]
    )
