"""Here are the names in a description, give me the live marks that they come near to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from ipsearch.errors import IpsearchError
from ipsearch.marks.weights import ALERT_THRESHOLD
from ipsearch.records import SCHEMAS
from ipsearch.rights.force import in_force
from ipsearch.rights.names import Name
from ipsearch.rights.results import MarkLead
from ipsearch.rights.wording import Note
from ipsearch.search.lookup import rows_of_ids

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

MOST_NAMES = 12
"""Names that are looked up, the likeliest: each is a search of its own."""


class Near(Protocol):
    """What is used of a hit of a clearance search."""

    @property
    def id(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def office(self) -> str: ...
    @property
    def mark_text(self) -> str: ...
    @property
    def owners(self) -> tuple[str, ...]: ...
    @property
    def nice_classes(self) -> tuple[int, ...]: ...
    @property
    def status(self) -> str | None: ...
    @property
    def reasons(self) -> tuple[Any, ...]: ...


def live_marks(
    state: KindState,
    names: Sequence[Name],
    clear: Callable[[str], Sequence[Near]],
    *,
    on: date,
    offices: Sequence[str],
    limit: int,
) -> tuple[list[MarkLead], list[Note]]:
    """Give the leads, the nearest first, and what is to be said of them.

    `clear` gives the live marks nearest to a sign. A mark is listed once, for the name that it is
    most like.
    """
    notes = []
    if len(names) > MOST_NAMES:
        notes.append(Note("many_names", {"count": len(names), "most": MOST_NAMES}))
    best: dict[str, tuple[Near, Name]] = {}
    for name in names[:MOST_NAMES]:
        try:
            hits = clear(name.text)
        except IpsearchError as error:
            notes.append(Note("name_refused", {"name": name.text, "reason": str(error)}))
            continue
        for hit in hits:
            if hit.score < ALERT_THRESHOLD or (offices and hit.office not in offices):
                continue
            if hit.id not in best or hit.score > best[hit.id][0].score:
                best[hit.id] = hit, name
    nearest = sorted(best.values(), key=lambda found: (-found[0].score, found[0].id))[:limit]
    rows = rows_of_ids(state, [hit.id for hit, _ in nearest], SCHEMAS["trademark"].names)
    leads = [
        MarkLead(
            rank=rank,
            score=hit.score,
            id=hit.id,
            office=hit.office,
            name=name,
            mark_text=hit.mark_text,
            owners=hit.owners,
            nice_classes=hit.nice_classes,
            status=hit.status,
            force=in_force(rows[hit.id], on),
            reasons=hit.reasons,
        )
        for rank, (hit, name) in enumerate(nearest, start=1)
    ]
    return leads, notes
