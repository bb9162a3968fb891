"""Here are a sign and its goods, give me the marks that come too close to it, and why."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ipsearch.clearance.candidates import find_candidates
from ipsearch.clearance.results import ClearanceHit, ClearanceReason, ClearanceResults
from ipsearch.corpus.signs import SIGN_COLUMNS
from ipsearch.marks.goods import Goods, GoodsLikeness, goods_likeness, recorded_goods
from ipsearch.marks.keys import asked_keys
from ipsearch.marks.likeness import Scorer
from ipsearch.marks.sign import Sign
from ipsearch.marks.status import LiveValue, class_liveness, liveness
from ipsearch.search.execute import Place

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

CANDIDATES = 500
"""Marks compared exactly for one sign: of the first fifty of a scan of all marks, fewer than two in
a hundred are beyond them (`benchmarks likeness`)."""
LEAST_SCORE = 0.3
"""A mark that scores less is not shown: it has hardly anything in common."""

_LIVELIEST: tuple[LiveValue, ...] = ("live", "unknown", "dead")
_TEXTS = ("mark_text", "transliteration")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked besides the sign."""

    goods: Goods
    goods_text: str  # how they were asked for
    live: bool  # only what is in force or may come to be, in the classes of concern
    on: date  # the day as of which
    limit: int
    least_score: float = LEAST_SCORE
    after: int = 0  # only what an ingestion later than this number changed; 0 for all


class _Judged(NamedTuple):
    score: float
    evidence: float
    place: Place
    row: Mapping[str, Any]
    text: str  # of the two of the mark, the one that is nearer
    goods: GoodsLikeness | None  # None where none were asked for
    life: LiveValue


def search(state: KindState, sign: Sign, request: Request) -> ClearanceResults:
    """Find the marks nearest to a sign: likeness of the signs times likeness of the goods."""
    begin = time.perf_counter()
    scorer = Scorer(sign, request.goods.classes)
    found = find_candidates(
        state,
        asked_keys(sign),
        max(CANDIDATES, 2 * request.limit),
        goods=request.goods,
        without_ended=request.live and request.on >= date.today(),
        after=request.after,
    )
    near = _near_signs(state, found, scorer, request.least_score)
    if not request.goods and not request.live:  # nothing else can change their order
        near = near[: request.limit]
    rows = state.signs([(one.place.shard, one.place.address) for one in near], SIGN_COLUMNS)
    judged = [_judge(one, row, request) for one, row in zip(near, rows, strict=True)]
    kept = sorted(filter(None, judged), key=_order)
    return ClearanceResults(
        sign.text,
        request.goods_text,
        tuple(_hit(rank, scorer, one) for rank, one in enumerate(kept[: request.limit], start=1)),
        len(found),
        (),
        time.perf_counter() - begin,
    )


def _order(one: _Near | _Judged) -> tuple[float, float, int, int]:
    """Put marks in order: of equal likeness those first that are near in more ways."""
    return (-one.score, -one.evidence, one.place.shard, one.place.address)


class _Near(NamedTuple):
    score: float  # of the signs
    evidence: float  # what puts equals in order
    place: Place
    text: str  # of the two of the mark, the one that is nearer


def _near_signs(
    state: KindState, places: Sequence[Place], scorer: Scorer, least_score: float
) -> list[_Near]:
    """Compare with the words of each mark; give those that come near enough, nearest first."""
    near = []
    rows = state.signs([(place.shard, place.address) for place in places], _TEXTS)
    for place, row in zip(places, rows, strict=True):
        texts = [text for text in row.values() if text]
        if not texts:
            continue
        standing, text = max((scorer.rank(text), text) for text in texts)
        if standing.score >= least_score:
            near.append(_Near(*standing, place, text))
    return sorted(near, key=_order)


def _judge(near: _Near, row: Mapping[str, Any], request: Request) -> _Judged | None:
    """Judge the goods of a mark and its life; None if it is too far, or has ended."""
    score, goods = near.score, None
    if request.goods:
        goods = goods_likeness(request.goods, recorded_goods(row["classes"] or ()))
        score *= goods.score
        if score < request.least_score:
            return None
    life = _life(row, request)
    if request.live and life == "dead":
        return None
    return _Judged(score, near.evidence, near.place, row, near.text, goods, life)


def _life(row: Mapping[str, Any], request: Request) -> LiveValue:
    """Say whether the mark was live on the day in any class asked for, by default at all."""
    values = [
        found.value
        for number, found in class_liveness(row, request.on).items()
        if number in request.goods.classes
    ]
    if not values:
        return liveness(row, request.on).value
    return min(values, key=_LIVELIEST.index)


def _hit(rank: int, scorer: Scorer, judged: _Judged) -> ClearanceHit:
    row = judged.row
    reasons = [
        ClearanceReason(reason.aspect, round(reason.score, 4), reason.rule, reason.detail)
        for reason in scorer.explain(judged.text).reasons
    ]
    if judged.goods is not None:
        reasons.append(ClearanceReason("goods", *judged.goods))
    return ClearanceHit(
        rank=rank,
        score=round(judged.score, 4),
        id=row["id"],
        office=row["office"],
        mark_text=row["mark_text"],
        owners=tuple(owner["name"] for owner in row["owners"] or () if owner["name"]),
        nice_classes=tuple(
            dict.fromkeys(item["nice_class"] for item in row["classes"] or () if item["nice_class"])
        ),
        status=row["legal_status"],
        life=judged.life,
        filing_date=row["filing_date"],
        registration_date=row["registration_date"],
        expiry_date=row["expiry_date"],
        reasons=tuple(reasons),
    )
