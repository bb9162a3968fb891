"""All that a corpus shows, taken at one moment, so that two moments can be compared.

What is measured: every record in all its columns; the ids that a dozen queries find; the scores of
    the first page of each; every alert.
Corpus model: any; the queries are made for `made_files`.
Notes: a picture is taken through the library's front door, by a reader that needs no lock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

import ipsearch
from ipsearch.errors import CorpusNotFoundError
from ipsearch.records import KINDS, SCHEMAS, Kind

QUERIES: Mapping[Kind, Sequence[str]] = {
    "patent": (
        *("芯片 存储器", '"电池石墨"', "轮胎 AND 座椅 AND 树脂", "ti:石墨 NOT 图像", "ls:lapsed"),
        *("石墨?", "(门锁 OR 灯具) W/3 草原", "ipc:H01M AND pd:2005", "pa:某某公司7"),
    ),
    "trademark": ("草原 星河", '"金鹿"', "nice:9 AND 茶香", "RIVER*"),
}
_PAGE = 20
_SCORE_TOLERANCE = 1e-4  # of the engine's 32-bit sums, whatever their order


@dataclass(frozen=True, slots=True)
class Picture:
    """What a corpus shows."""

    records: Mapping[Kind, pa.Table]  # sorted by id
    found: Mapping[tuple[Kind, str], frozenset[str]]
    scores: Mapping[tuple[Kind, str], tuple[float, ...]]  # of the first page, best first
    alerts: frozenset[tuple[str, ...]]  # watch, record, severity, score, state

    def differences(
        self, other: Picture, *, with_scores: bool = False, with_alerts: bool = True
    ) -> list[str]:
        """Say in what another picture differs from this one; empty if in nothing."""
        told = []
        for kind in sorted({*self.records, *other.records}):
            told += _different_rows(kind, self.records.get(kind), other.records.get(kind))
        for kind, query in sorted({*self.found, *other.found}):
            ours, theirs = (p.found.get((kind, query), frozenset()) for p in (self, other))
            if ours != theirs:
                told.append(f"{query}: {len(ours - theirs)} hits lost, {len(theirs - ours)} more")
            elif with_scores and not _are_close(
                self.scores.get((kind, query), ()), other.scores.get((kind, query), ())
            ):
                told.append(f"{query}: other scores")
        if with_alerts and self.alerts != other.alerts:
            lost, more = len(self.alerts - other.alerts), len(other.alerts - self.alerts)
            told.append(f"{lost} alerts lost, {more} more")
        return told


EMPTY = Picture({}, {}, {}, frozenset())
"""Of a corpus that holds nothing, or is not there."""


def take(path: Path, queries: Mapping[Kind, Sequence[str]] = QUERIES) -> Picture:
    """Take the picture of the corpus in `path`; EMPTY if there is none."""
    try:
        opened = ipsearch.open(path)
    except CorpusNotFoundError:
        return EMPTY
    with opened:
        return picture_of(opened, queries)


def picture_of(corpus: ipsearch.Corpus, queries: Mapping[Kind, Sequence[str]] = QUERIES) -> Picture:
    """Take the picture of an opened corpus, in the state that it has open."""
    records, found, scores = {}, {}, {}
    for kind in KINDS:
        batches = list(corpus.batches(kind))
        if not batches:
            continue
        table = pa.Table.from_batches(batches, SCHEMAS[kind]).combine_chunks()
        records[kind] = table.sort_by("id")
        for query in queries[kind]:
            batches = list(corpus.scan(query, ["id"], kind=kind))
            ids = [i for batch in batches for i in batch.column("id").to_pylist()]
            found[kind, query] = frozenset(ids)
            hits = corpus.query(query, kind=kind, limit=_PAGE)
            scores[kind, query] = tuple(hit.score for hit in hits)
            assert len(ids) == len(found[kind, query]) == hits.total, "a record was found twice"
    told = [
        (one.watch, one.record_id, one.severity, f"{one.score or 0:.4f}", one.state)
        for one in corpus.watches.alerts()
    ]
    assert len({alert[:2] for alert in told}) == len(told), "an alert was raised twice"
    return Picture(records, found, scores, frozenset(told))


def _different_rows(kind: Kind, one: pa.Table | None, other: pa.Table | None) -> list[str]:
    if one is None or other is None:
        held = one if one is not None else other
        assert held is not None
        return [f"{kind}: {len(held)} records in one of them, none in the other"]
    if one.equals(other):
        return []
    ours, theirs = _by_id(one), _by_id(other)
    lost, more = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    changed = [i for i in ours.keys() & theirs.keys() if ours[i] != theirs[i]]
    told = f"{kind}: {len(lost)} records lost, {len(more)} more, {len(changed)} not the same"
    return [f"{told}, such as {', '.join(sorted([*lost, *more, *changed])[:3])}"]


def _by_id(table: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in table.to_pylist()}


def _are_close(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    return len(ours) == len(theirs) and all(
        math.isclose(a, b, rel_tol=_SCORE_TOLERANCE) for a, b in zip(ours, theirs, strict=True)
    )
