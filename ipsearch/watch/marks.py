"""Here are watched marks and what came in, give me the marks that come too near.

The same comparison in two ways: many watched marks are held against what came in, batch by batch
(`mark_join`); few are asked of the index, each for the marks that share most of its keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from ipsearch.clearance.candidates import classes_of_concern, find_candidates
from ipsearch.corpus.pool import Pool
from ipsearch.marks import weights
from ipsearch.marks.goods import Goods, GoodsLikeness, asked_goods, goods_likeness, recorded_goods
from ipsearch.marks.goods_rules import SIMILAR_FROM
from ipsearch.marks.keys import asked_keys
from ipsearch.marks.likeness import Scorer
from ipsearch.marks.sign import read_sign
from ipsearch.marks.status import class_liveness, liveness
from ipsearch.search.matches import Addresses
from ipsearch.watch.alerts import Finding, Reason, Severity
from ipsearch.watch.findings import make_finding, read_rows
from ipsearch.watch.lists import MarkWatch
from ipsearch.watch.mark_join import AskedMark, HeldMark, JoinTask, Near, best_score, near
from ipsearch.watch.names import Wanted
from ipsearch.watch.since import rows_of

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_TEXTS = ("mark_text", "transliteration")
_COLUMNS = (*_TEXTS, "classes.list.element.nice_class")
_MOST_HELD = 50_000  # marks in memory at once
_MOST_ASKED = 5_000  # watched marks of one task
_FEWEST_HELD = 2_000
_CANDIDATES = 500  # asked of the index at first
_TAIL = 0.25  # of the candidates: as long as one of the last is near, more are asked for
_ROWS = 500

Place = tuple[int, int]
"""Shard and address."""


class Hit(NamedTuple):
    """A mark whose sign is near a watched one."""

    watch: int
    place: Place
    score: float
    text: str  # which of its texts


class Asked:
    """A watched mark, made ready."""

    def __init__(self, number: int, watch: MarkWatch) -> None:
        """Raises `ClassificationError` and `UnknownNameError` for goods that do not exist."""
        self.watch = watch
        self.goods: Goods = goods_of(watch)
        self.threshold = watch.threshold or weights.ALERT_THRESHOLD
        self._owners = [Wanted(name) for name in watch.owners]
        self.plain = AskedMark(
            number,
            watch.text,
            tuple(sorted(self.goods.classes)),
            classes_of_concern(self.goods) if self.goods else None,
            self.threshold,
        )

    def scorer(self) -> Scorer:
        """Give what compares its sign with others."""
        return Scorer(read_sign(self.watch.text), self.plain.classes)

    def concerns(self, row: Mapping[str, Any], on: date) -> GoodsLikeness | None:
        """Say how like the goods of a mark are; None where the mark raises no alert.

        That is: another's of the offices watched, live or not known to be dead, for similar goods.
        """
        watch = self.watch
        if watch.offices and row["office"] not in watch.offices:
            return None
        names = [owner["name"] for owner in row["owners"] or () if owner["name"]]
        if any(owner.liken(name) for owner, name in product(self._owners, names)):
            return None
        if not watch.also_dead and self._is_dead(row, on):
            return None
        goods = goods_likeness(self.goods, recorded_goods(row["classes"] or ()))
        return goods if goods.score >= SIMILAR_FROM else None

    def _is_dead(self, row: Mapping[str, Any], on: date) -> bool:
        by_class = class_liveness(row, on)
        found = [by_class[n].value for n in self.plain.classes if n in by_class]
        return all(v == "dead" for v in found) if found else liveness(row, on).value == "dead"


def goods_of(watch: MarkWatch) -> Goods:
    """Read what a watched mark is for; raise `ClassificationError` and `UnknownNameError`."""
    return asked_goods(watch.classes, watch.groups, watch.goods)


def look(
    state: KindState,
    found: Sequence[Addresses],
    asked: Mapping[int, Asked],
    seq: int,
    pool: Pool,
) -> Iterator[tuple[int, Finding]]:
    """Give, by the numbers of watches, the marks that come too near.

    `found` are the addresses of what was changed after ingestion `seq`.
    """
    if is_joined(len(asked), sum(map(len, found)), state.record_count, pool.workers):
        hits = among(state, found, asked, pool)
    else:
        hits = (hit for one in asked.values() for hit in by_index(state, one, seq))
    on = date.today()
    held: list[Hit] = []
    for hit in hits:
        held.append(hit)
        if len(held) == _ROWS:
            yield from _findings(state, held, asked, on)
            held = []
    yield from _findings(state, held, asked, on)


def among(
    state: KindState, found: Sequence[Addresses], asked: Mapping[int, Asked], pool: Pool
) -> Iterator[Hit]:
    """Hold watched marks against the marks at these addresses, in the pool's processes."""
    plain = [one.plain for one in asked.values()]
    if not plain:
        return
    count = sum(map(len, found))
    # Each side is made ready once a task: the greater one is divided among the processes.
    by_asked = len(plain) > _FEWEST_HELD
    share = -(-(len(plain) if by_asked else count) // pool.workers)
    most_asked = min(share, _MOST_ASKED) if by_asked else len(plain)
    most_held = _MOST_HELD if by_asked else min(max(share, _FEWEST_HELD), _MOST_HELD)
    begins = range(0, len(plain), most_asked)
    places: dict[int, list[Place]] = {}  # of the marks of a batch
    waiting: dict[int, int] = {}  # tasks of a batch that are not done

    def tasks() -> Iterator[tuple[int, JoinTask]]:
        for serial, (at, held) in enumerate(_batches(state, found, most_held)):
            places[serial], waiting[serial] = at, len(begins)
            for begin in begins:
                yield serial, JoinTask(plain[begin : begin + most_asked], held)

    for (serial, _), results in pool.run(_numbered, tasks()):
        at = places[serial]
        for watch, mark, score, text in results:
            yield Hit(watch, at[mark], score, text)
        waiting[serial] -= 1
        if not waiting[serial]:
            del places[serial], waiting[serial]


def _numbered(numbered: tuple[int, JoinTask]) -> list[Near]:
    return near(numbered[1])


def _batches(
    state: KindState, found: Sequence[Addresses], most: int
) -> Iterator[tuple[list[Place], list[HeldMark]]]:
    """Give the marks at these addresses in batches, those without words left out."""
    places: list[Place] = []
    held: list[HeldMark] = []
    for place, row in rows_of(state, found, _COLUMNS):
        texts = tuple(row[name] for name in _TEXTS if row[name])
        if not texts:
            continue
        places.append(place)
        classes = {c["nice_class"] for c in row["classes"] or () if c["nice_class"]}
        held.append(HeldMark(texts, tuple(classes)))
        if len(held) == most:
            yield places, held
            places, held = [], []
    if held:
        yield places, held


def by_index(state: KindState, asked: Asked, seq: int) -> Iterator[Hit]:
    """Ask the index for the marks near one watched mark, changed after ingestion `seq`."""
    keys = asked_keys(read_sign(asked.watch.text), asked.plain.classes)
    scorer = asked.scorer()
    limit, done = _CANDIDATES, 0
    while True:
        found = find_candidates(
            state, keys, limit, goods=asked.goods, without_ended=False, after=seq
        )
        places = [(place.shard, place.address) for place in found[done:]]
        last_near = -1
        for at, (place, row) in enumerate(zip(places, state.signs(places, _TEXTS), strict=True)):
            texts = tuple(row[name] for name in _TEXTS if row[name])
            score, text = best_score(scorer, texts)
            if score >= asked.threshold:
                last_near = at
                yield Hit(asked.plain.watch, place, score, text)
        if len(found) < limit or last_near < len(places) * (1 - _TAIL):
            return
        limit, done = limit * 4, limit


def _findings(
    state: KindState, hits: Sequence[Hit], asked: Mapping[int, Asked], on: date
) -> Iterator[tuple[int, Finding]]:
    """Make findings of the hits that are of concern."""
    places = sorted({hit.place for hit in hits})
    rows = dict(zip(places, read_rows(state, places), strict=True))
    scorers: dict[int, Scorer] = {}
    for hit in hits:
        one, row = asked[hit.watch], rows[hit.place]
        goods = one.concerns(row, on)
        if goods is None:
            continue
        if hit.watch not in scorers:
            scorers[hit.watch] = one.scorer()
        likeness = scorers[hit.watch].explain(hit.text)
        reasons = [Reason(*reason) for reason in likeness.reasons]
        if one.goods:
            reasons.append(Reason("goods", *goods))
        severity = _severity(hit.score)
        yield hit.watch, make_finding(row, "trademark", severity, hit.score, reasons)


def _severity(score: float) -> Severity:
    if score >= weights.IDENTICAL:
        return "identical"
    return "very_near" if score >= weights.VERY_NEAR else "near"


def is_joined(watches: int, changed: int, records: int, workers: int) -> bool:
    """Say whether holding all watches against what changed takes less than asking the index.

    By processor times as measured with corpora of 9,000 and 90,000 marks, rounded.
    """
    batches = -(-changed // _MOST_HELD)
    joined = _START_S + (changed * _HELD_S + watches * batches * _ASKED_S) / workers
    indexed = watches * (_QUERY_S + records * _QUERY_RECORD_S)
    return joined < indexed


_START_S = 0.5  # processes and their tables
_HELD_S = 75e-6  # one mark is read and filed under its keys
_ASKED_S = 3e-3  # one watched mark is made ready and held against a batch
_QUERY_S = 5e-3  # the index is asked for one watched mark, and what it gives is compared
_QUERY_RECORD_S = 2e-7  # what each mark in the index adds to that
