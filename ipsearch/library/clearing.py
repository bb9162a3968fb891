"""Clearance search: is this sign free for these goods?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ipsearch.library.opened import Opened, page

if TYPE_CHECKING:
    from ipsearch.clearance.results import ClearanceResults


class Clearing(Opened):
    """Which marks come too close to a sign."""

    def clearance(
        self,
        sign: str,
        *,
        classes: int | str | Iterable[int | str] = (),
        groups: str | Iterable[str] = (),
        goods: str | Iterable[str] = (),
        live: bool = False,
        limit: int = 50,
        least_score: float | None = None,
        on: date | None = None,
        changed_after: int = 0,
    ) -> ClearanceResults:
        """Find the marks nearest to `sign`, nearest first, with the reasons: form, sound, meaning.

        `classes` (Nice, 1 to 45), `groups` (similar groups 类似群: "0901", or with its part
        "0901(一)") and `goods` in words say what the sign is for: marks for other goods score by
        how similar those are, and not at all if they are not. Without any, signs alone are
        compared. With `live`, what has ended is left out; `on` is the day as of which, by default
        today. `least_score` is the score below which nothing is shown, 0 to 1. `changed_after` is
        the number of an ingestion: only what later ones changed is looked at.

        Raises `QueryError` for a sign that cannot be compared, `ClassificationError` and
        `UnknownNameError` for classes, groups or goods that do not exist.
        """
        from ipsearch.clearance.search import LEAST_SCORE, Request, search
        from ipsearch.marks.goods import asked_goods
        from ipsearch.marks.sign import read_sign

        read = read_sign(sign)
        state = self._kind_state("trademark")
        limit, _ = page(limit, 0, state.record_count)
        asked = {"class": _several(classes), "group": _several(groups), "goods": _several(goods)}
        wanted = asked_goods(asked["class"], map(str, asked["group"]), map(str, asked["goods"]))
        told = "; ".join(f"{name} {', '.join(map(str, v))}" for name, v in asked.items() if v)
        request = Request(
            goods=wanted,
            goods_text=told,
            live=live,
            on=on or date.today(),
            limit=limit,
            least_score=LEAST_SCORE if least_score is None else least_score,
            after=changed_after,
        )
        return search(state, read, request)


def _several(values: int | str | Iterable[int | str]) -> Sequence[int | str]:
    return [values] if isinstance(values, int | str) else list(values)
