"""Orphans find their application: rows that know a publication but not what was filed.

A table of titles may name publications alone; another source then says which application each of
them belongs to. Whichever came first, the orphan's row is copied to its application's shard under
that application's key, and stops counting where it stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ipsearch.corpus.catalog import Part
from ipsearch.corpus.checksums import verify
from ipsearch.corpus.layout import Layout, links_path
from ipsearch.corpus.parts import PartReader, PartWriter, Pending
from ipsearch.corpus.routing import ORPHAN, ORPHAN_PREFIX, document_key, key_hash, shard_of
from ipsearch.corpus.sides import KEY, Keys, load_keys, rows_with
from ipsearch.records import SCHEMAS, Kind

_ROW = np.uint32(ORPHAN - 1)
_CHUNK_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Adoption:
    """What moved in one ingestion: the parts written, and the addresses left by shard."""

    parts: list[Part]
    moved: dict[int, list[int]]


def adopt(
    layout: Layout,
    kind: Kind,
    old: Sequence[Part],
    new: Sequence[Part],
    already_moved: dict[int, npt.NDArray[np.uint64]],
    *,
    shards: int,
    number: int,
) -> Adoption:
    """Move the orphans that `new` parts bring, or bring an application for.

    `number` is the number of the parts to be written; `already_moved` has the addresses, by
    shard, of rows that moved in earlier ingestions.
    """
    links = {part: _links(layout, part) for part in (*old, *new)}
    orphans_new = _select(links, new, orphans=True)
    orphans_old = _select(links, old, orphans=True)
    if not len(orphans_new) and not len(orphans_old):
        return Adoption([], {})
    fresh = np.unique(_select(links, new, orphans=False))
    # Orphans of this ingestion may belong to any application; earlier ones to a new one only.
    wanted = np.union1d(orphans_new, np.intersect1d(orphans_old, fresh))
    application_of = _applications(layout, kind, links, wanted, already_moved)
    if not application_of:
        return Adoption([], {})
    found = np.sort(np.array([key_hash(document) for document in application_of], np.uint64))
    writers: dict[int, PartWriter] = {}
    moved: dict[int, list[int]] = defaultdict(list)
    for part, keys in links.items():
        entries = rows_with(keys, found)
        rows = np.sort((entries["row"][entries["row"] >= ORPHAN] & _ROW).astype(np.int64))
        gone = set(already_moved.get(part.shard, np.empty(0, np.uint64)).tolist())
        rows = np.array([r for r in rows.tolist() if (part.number << 32) | r not in gone], np.int64)
        reader = PartReader(layout.part(kind, part.shard, part.number))
        for begin in range(0, len(rows), _CHUNK_ROWS):
            some = rows[begin : begin + _CHUNK_ROWS].tolist()
            for row_number, row in zip(some, reader.rows(some).to_pylist(), strict=True):
                application = application_of.get(document_key(row, kind) or "")
                if application is None:
                    continue
                hashed = key_hash(application)
                shard = shard_of(hashed, shards)
                if shard not in writers:
                    writers[shard] = PartWriter(layout.part(kind, shard, number), kind)
                plain = {name: row[name] for name in SCHEMAS[kind].names}
                pending = Pending(
                    plain,
                    application,
                    hashed,
                    row["delivery"],
                    row["ingestion"],
                    ("", ""),
                    row["is_removal"],
                )
                writers[shard].add(pending)
                moved[part.shard].append((part.number << 32) | row_number)
    parts = []
    for shard, writer in writers.items():
        writer.close()
        parts.append(Part(kind, shard, number, writer.row_count, False, writer.files))
    return Adoption(parts, dict(moved))


def _links(layout: Layout, part: Part) -> Keys:
    """Map the keys of a part's documents; all of them are read here, so they are verified too."""
    path = links_path(layout.part(part.kind, part.shard, part.number))
    verify(path, next(entry for entry in part.files if path.name.endswith(entry.name)))
    return load_keys(path)


def _select(
    links: dict[Part, npt.NDArray[np.void]], parts: Sequence[Part], *, orphans: bool
) -> npt.NDArray[np.uint64]:
    keys = [links[part] for part in parts]
    chosen = [k["key"][(k["row"] >= ORPHAN) == orphans] for k in keys if len(k)]
    return np.unique(np.concatenate(chosen)) if chosen else np.empty(0, np.uint64)


def _applications(
    layout: Layout,
    kind: Kind,
    links: dict[Part, npt.NDArray[np.void]],
    wanted: npt.NDArray[np.uint64],
    already_moved: dict[int, npt.NDArray[np.uint64]],
) -> dict[str, str]:
    """Give document -> application key for those wanted whose application some row tells.

    Rows adopted before tell it too. Where rows disagree, the lowest key is taken: whatever the
    order of files, the same.
    """
    result: dict[str, str] = {}
    name = "publication_number" if kind == "patent" else "registration_number"
    for part, keys in links.items():
        entries = rows_with(keys, wanted) if len(wanted) else np.empty(0, KEY)
        if not len(entries):
            continue
        rows = np.sort((entries["row"] & _ROW).astype(np.int64)).tolist()
        gone = set(already_moved.get(part.shard, np.empty(0, np.uint64)).tolist())
        rows = [row for row in rows if (part.number << 32) | row not in gone]
        if not rows:
            continue
        columns = [name, "application_key"]
        reader = PartReader(layout.part(kind, part.shard, part.number))
        for row in reader.rows(rows, columns).to_pylist():
            document, application = document_key(row, kind), row["application_key"]
            if document is None or application.startswith(ORPHAN_PREFIX):
                continue  # an orphan still
            result[document] = min(result.get(document, application), application)
    return result
