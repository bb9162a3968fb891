"""Here is a description of a product, give me the live rights that it may touch.

Patents by their claims, marks by the names in the text: two lists, each of leads for a person to
judge.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ipsearch.analysis import Segmenter
from ipsearch.rights.candidates import PatentRequest
from ipsearch.rights.live_marks import Near, live_marks
from ipsearch.rights.live_patents import live_patents
from ipsearch.rights.names import names_in
from ipsearch.rights.product import check
from ipsearch.rights.results import ConflictResults, Lead
from ipsearch.rights.wording import Note

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked besides the text."""

    on: date
    is_today: bool  # then what has ended by its status need not be looked at
    offices: tuple[str, ...] = ()  # any of them; none is all
    limit: int = 20  # of each list
    pending: bool = False  # keep patent applications that are known to be pending


def find_conflicts(
    text: str,
    segmenter: Segmenter,
    request: Request,
    *,
    patents: KindState | None,
    marks: KindState | None,
    clear: Callable[[str], Sequence[Near]],
) -> ConflictResults:
    """Search patents and marks, as far as they are there; raise `QueryError` for a text of no use.

    `clear` gives the live marks nearest to a sign, as `Corpus.clearance` does.
    """
    begin = time.perf_counter()
    check(text)
    leads: list[Lead] = []
    notes: list[Note] = []
    if patents is None:
        notes.append(Note("no_patents"))
    else:
        asked = PatentRequest(
            request.on, request.offices, request.limit, request.pending, request.is_today
        )
        found, said = live_patents(patents, segmenter, text, asked)
        leads += found
        notes += said
    names = names_in(text, segmenter)
    if marks is None:
        notes.append(Note("no_marks"))
    elif not names:
        notes.append(Note("no_name"))
    else:
        near, said = live_marks(
            marks, names, clear, on=request.on, offices=request.offices, limit=request.limit
        )
        leads += near
        notes += said
    return ConflictResults(
        tuple(leads), request.on, tuple(names), tuple(notes), time.perf_counter() - begin
    )
