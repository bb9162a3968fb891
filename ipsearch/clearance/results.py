"""What a clearance search gives back: the marks nearest to a sign, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from ipsearch.marks.status import LiveValue


class ClearanceReason(NamedTuple):
    """One aspect in which a mark comes near: of the sign, or of the goods."""

    aspect: Literal["identity", "form", "sound", "meaning", "containment", "goods"]
    score: float  # 0 to 1
    rule: str  # the rule that fired, by its name
    detail: str  # what of the two it saw


@dataclass(frozen=True, slots=True)
class ClearanceHit:
    """One mark found."""

    rank: int  # 1 is the nearest
    score: float  # likeness of the signs, times that of the goods where some were asked for; 0 to 1
    id: str
    office: str
    mark_text: str
    owners: tuple[str, ...]
    nice_classes: tuple[int, ...]
    status: str | None  # the office's, of the whole mark
    life: LiveValue  # in the classes that matter, as of the day asked about
    filing_date: date | None
    registration_date: date | None
    expiry_date: date | None
    reasons: tuple[ClearanceReason, ...]  # the strongest first


@dataclass(frozen=True)
class ClearanceResults(Sequence[ClearanceHit]):
    """The marks that come near, nearest first: leads for a person to judge, never a verdict."""

    sign: str
    goods: str  # what was asked of goods, in words; "" for nothing
    hits: tuple[ClearanceHit, ...]
    candidates: int  # marks that were compared exactly
    warnings: tuple[str, ...]
    elapsed_s: float

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[ClearanceHit]:
        return iter(self.hits)

    def __getitem__(self, index: Any) -> Any:
        return self.hits[index]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give each hit as plain values, its reasons as dicts."""
        rows = []
        for hit in self.hits:
            row = asdict(hit)
            row["reasons"] = [reason._asdict() for reason in hit.reasons]
            rows.append(row)
        return rows
