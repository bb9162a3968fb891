"""Which rows of a shard speak of one application, and what will be shown of them.

Most rows are alone: the only one of their application. Here the others are found, by the sorted
keys beside each part, and it is decided by a few small columns of theirs which of them are shown as
they stand, which are merged, and which count no more. Only those to be merged are read as a whole.
"""

from __future__ import annotations

import tempfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ipsearch.corpus.layout import Layout, keys_path
from ipsearch.corpus.merge import JOINING, Delivery, group_deliveries
from ipsearch.corpus.parts import Addresses, PartReader
from ipsearch.corpus.routing import key_hash
from ipsearch.corpus.sides import Keys, load_keys, rows_with
from ipsearch.records import Kind

NO_ADDRESSES: Addresses = np.empty(0, np.uint64)
_ROW = np.uint64(0xFFFFFFFF)
_PART = np.uint64(32)
_CHUNK_ROWS = 2_000
_BUCKET_ROWS = 50_000
"""Rows whose small columns are held in memory at once; beyond it they are sorted out on disk."""
_MOST_BUCKETS = 256


def by_part(addresses: Addresses) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Give sorted addresses as part and rows, part by part."""
    parts = addresses >> _PART
    for part in np.unique(parts).tolist():
        yield part, (addresses[parts == part] & _ROW).astype(np.int64)


def to_addresses(part: int, rows: npt.NDArray[np.int64]) -> Addresses:
    """Give rows of a part as addresses."""
    return (np.uint64(part) << _PART) | rows.astype(np.uint64)


class ShardParts(NamedTuple):
    """The record files of a shard, by what they are to a build."""

    layout: Layout
    kind: Kind
    shard: int
    old: tuple[int, ...]  # deliveries that an earlier generation has indexed
    merged: tuple[int, ...]  # what that generation merged
    new: tuple[int, ...]  # deliveries to be indexed

    def path(self, part: int) -> Path:
        """Say where a part lies."""
        return self.layout.part(self.kind, self.shard, part)

    def keys(self, part: int) -> Keys:
        """Map the keys of a part's applications."""
        return load_keys(keys_path(self.path(part)))

    def applications(self, addresses: Addresses) -> list[str]:
        """Give the application key of each of these rows."""
        keys: list[str] = []
        for part, rows in by_part(addresses):
            table = PartReader(self.path(part)).rows(rows.tolist(), ["application_key"])
            keys.extend(table["application_key"].to_pylist())
        return keys


class Sharing(NamedTuple):
    """Rows that share an application with a new row or with one that is gone."""

    deliveries: Addresses  # sorted, without those that are gone
    merged: Addresses  # what was merged of them before


def find_sharing(parts: ShardParts, gone: Addresses, now_gone: Addresses) -> Sharing:
    """Find the rows to be joined: of `gone` none, `now_gone` are those that left in this build."""
    arrays = [parts.keys(part)["key"] for part in parts.new]
    spoken_of, counts = np.unique(
        np.concatenate(arrays) if arrays else np.empty(0, np.uint64), return_counts=True
    )
    left = {key_hash(application) for application in parts.applications(now_gone)}
    left_keys = np.fromiter(left, np.uint64, len(left))
    touched = np.union1d(spoken_of, left_keys)
    old = {part: rows_with(parts.keys(part), touched) for part in parts.old}
    several = [spoken_of[counts > 1], left_keys, *(keys["key"] for keys in old.values())]
    wanted = np.unique(np.concatenate(several).astype(np.uint64))
    found = [NO_ADDRESSES]
    for part in (*parts.old, *parts.new):
        keys = old[part] if part in old else rows_with(parts.keys(part), wanted)
        found.append(to_addresses(part, keys["row"].astype(np.int64)))
    merged = [NO_ADDRESSES]
    for part in parts.merged:
        rows = rows_with(parts.keys(part), wanted)["row"]
        merged.append(to_addresses(part, rows.astype(np.int64)))
    deliveries = np.setdiff1d(np.concatenate(found), gone)
    return Sharing(deliveries, np.unique(np.concatenate(merged)))


@dataclass(slots=True)
class Plan:
    """What is shown of the rows that were joined."""

    as_delivered: Addresses = field(default_factory=lambda: NO_ADDRESSES)  # sorted
    superseded: Addresses = field(default_factory=lambda: NO_ADDRESSES)  # sorted
    members: Addresses = field(default_factory=lambda: NO_ADDRESSES)
    """Rows to be merged, group after group, nearest to the office first; some in several groups."""
    ends: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Where each group of `members` ends."""
    families: dict[int, str] = field(default_factory=dict)
    """Group -> the family that it shows instead of its own."""


def plan_shown(
    parts: ShardParts, deliveries: Addresses, indexed: Callable[[str], None], folder: Path
) -> Plan:
    """Decide what is shown of the rows at `deliveries`, which are all there is of an application.

    `indexed` is told each application that an earlier generation knows; `folder` takes temporary
    files where there are many rows.
    """
    known = frozenset(parts.old)
    shown, superseded, members, ends = array("Q"), array("Q"), array("Q"), array("q")
    families: dict[int, str] = {}
    for application, rows in _applications(parts, deliveries, folder):
        if any(row.address >> 32 in known for row in rows):
            indexed(application)
        groups, lost = group_deliveries(rows, parts.kind)
        superseded.extend(row.address for row in lost)
        for group in groups:
            if group.is_as_delivered:
                shown.append(group.deliveries[0].address)
                continue
            if group.family is not None:
                families[len(ends)] = group.family
            members.extend(row.address for row in group.deliveries)
            ends.append(len(members))
    return Plan(
        np.sort(np.array(shown, np.uint64)),
        np.sort(np.array(superseded, np.uint64)),
        np.array(members, np.uint64),
        np.array(ends, np.int64),
        families,
    )


def _applications(
    parts: ShardParts, deliveries: Addresses, folder: Path
) -> Iterator[tuple[str, list[Delivery]]]:
    """Gather the small columns of rows by application, in bounded memory."""
    tables = _tables(parts, deliveries)
    for some in in_buckets(tables, _bucket_of_key, len(deliveries), _BUCKET_ROWS, folder):
        by_application: dict[str, list[Delivery]] = defaultdict(list)
        for row in some:
            address = row.pop("address")
            by_application[row["application_key"]].append(Delivery(row, address))
        yield from by_application.items()


def _tables(parts: ShardParts, deliveries: Addresses) -> Iterator[pa.Table]:
    columns = list(JOINING[parts.kind])
    for part, rows in by_part(deliveries):
        reader = PartReader(parts.path(part))
        for begin in range(0, len(rows), _CHUNK_ROWS):
            some = rows[begin : begin + _CHUNK_ROWS]
            table = reader.rows(some.tolist(), columns)
            yield table.append_column("address", pa.array(to_addresses(part, some)))


def _bucket_of_key(table: pa.Table, buckets: int) -> npt.NDArray[np.int64]:
    keys = table["application_key"].to_pylist()
    return np.array([key_hash(key) // 64 % buckets for key in keys], np.int64)


def in_buckets(
    tables: Iterable[pa.Table],
    bucket_of: Callable[[pa.Table, int], npt.NDArray[np.int64]],
    rows: int,
    bucket_rows: int,
    folder: Path,
) -> Iterator[Sequence[dict[str, Any]]]:
    """Give the rows of `tables` as dicts, bucket by bucket, about `bucket_rows` at once.

    `rows` is how many there are in all. Where that is more than one bucket holds, the tables are
    first divided among files in `folder`.
    """
    buckets = min(1 + rows // bucket_rows, _MOST_BUCKETS)
    if buckets == 1:
        yield [row for table in tables for row in table.to_pylist()]
        return
    with tempfile.TemporaryDirectory(prefix="sorting-", dir=folder) as name:
        paths = [Path(name) / f"{i}.arrow" for i in range(buckets)]
        streams: dict[int, pa.RecordBatchStreamWriter] = {}
        for table in tables:
            bucket = bucket_of(table, buckets)
            for number in np.unique(bucket).tolist():
                if number not in streams:
                    streams[number] = pa.ipc.new_stream(paths[number], table.schema)
                streams[number].write_table(table.filter(pa.array(bucket == number)))
        for number in sorted(streams):
            streams[number].close()
            with pa.ipc.open_stream(paths[number]) as reader:
                yield [row for batch in reader for row in batch.to_pylist()]
            paths[number].unlink()
