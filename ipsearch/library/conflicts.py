"""Conflicts: the live rights that a description of a product may touch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ipsearch.errors import CorpusError
from ipsearch.library.clearing import Clearing
from ipsearch.library.opened import page

if TYPE_CHECKING:
    from ipsearch.clearance.results import ClearanceResults
    from ipsearch.rights.results import ConflictResults


class Conflicts(Clearing):
    """Which live rights a product may touch."""

    def conflicts(
        self,
        text: str,
        *,
        office: str | Sequence[str] = (),
        classes: int | str | Sequence[int | str] = (),
        on: date | None = None,
        limit: int = 20,
        pending: bool = False,
    ) -> ConflictResults:
        """Find the live rights that a product's description may touch: leads, never verdicts.

        Patents in force on the day `on`, by default today, ranked by how far the text shows the
        features of their independent claims; marks that names in the text come near to, for goods
        of some Nice `classes` if they are given. What may be in force for all the record tells is
        kept and labelled `unknown`; `pending` keeps applications as well that are known not to be
        granted. `office` is one or several, of any; `limit` is for each list. Raises `QueryError`
        for a text that is empty or too long, `CorpusError` if there is nothing in the corpus.
        """
        from ipsearch.rights.conflicts import Request, find_conflicts

        day = on or date.today()
        kinds = self._opened().kinds
        if not kinds:
            raise CorpusError(f"{self.path}: there is nothing in this corpus")
        limit, _ = page(limit, 0, max(state.record_count for state in kinds.values()))
        offices = [office] if isinstance(office, str) else office

        def clear(sign: str) -> ClearanceResults:
            return self.clearance(sign, classes=classes, live=True, limit=4 * limit, on=day)

        return find_conflicts(
            text,
            self._analyzer.segmenter(),
            Request(day, day >= date.today(), tuple(map(str.upper, offices)), limit, pending),
            patents=kinds.get("patent"),
            marks=kinds.get("trademark"),
            clear=clear,
        )
