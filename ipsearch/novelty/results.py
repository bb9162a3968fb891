"""What a novelty search gives back: two labelled lists, the evidence, and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from ipsearch.novelty.evidence import Chart, Match, Pair
from ipsearch.novelty.report_words import words
from ipsearch.novelty.settings import Settings
from ipsearch.novelty.subject import Subject

List = Literal["prior_art", "conflicting"]


@dataclass(frozen=True, slots=True)
class NoveltyHit:
    """One family found, by the member that ranks best."""

    rank: int  # 1 is the best of its list
    score: float  # comparable within one list only; of what is named, that of the next best more
    id: str
    family_id: str | None
    list: List
    title: str | None
    office: str
    publication_date: date | None
    filing_date: date | None
    priority_date: date | None
    applicants: tuple[str, ...]
    ipc: tuple[str, ...]
    is_named: bool  # the subject's own text names it
    coverage: float | None  # mean over the features, 0 to 1; None where it was not charted
    features: tuple[Match, ...]  # one a feature of the claim; empty where it was not charted


@dataclass(frozen=True, slots=True)
class Asked:
    """One query that was run."""

    label: str
    terms: tuple[str, ...]  # the most telling first
    found: int  # how many records match any of them, within the dates


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know of a result. As text it is English; a reader's language says it by key."""

    key: str  # of a phrase of `report_words`
    values: Mapping[str, Any] = field(default_factory=dict)  # what is put into the phrase

    def __str__(self) -> str:
        return words("en")(self.key, **self.values)


@dataclass(frozen=True)
class NoveltyResults(Sequence[NoveltyHit]):
    """The hits, prior art before conflicting applications; nearest first in each."""

    subject: Subject
    hits: tuple[NoveltyHit, ...]
    pairs: tuple[Pair, ...]  # of prior art
    counting: Callable[[], tuple[Asked, ...]] = field(repr=False)
    warnings: tuple[Caution, ...]
    settings: Settings
    elapsed_s: float

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The queries that were run, and how many records each finds: counted when first asked."""
        return self.counting()

    @property
    def prior_art(self) -> tuple[NoveltyHit, ...]:
        """What was published before the effective date; all, where none is known."""
        return tuple(hit for hit in self.hits if hit.list == "prior_art")

    @property
    def conflicting(self) -> tuple[NoveltyHit, ...]:
        """What was filed before the effective date and published on it or after."""
        return tuple(hit for hit in self.hits if hit.list == "conflicting")

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[NoveltyHit]:
        return iter(self.hits)

    def __getitem__(self, index: Any) -> Any:
        return self.hits[index]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give the hits as plain values."""
        return [asdict(hit) for hit in self.hits]


def make_hit(
    rank: int,
    score: float,
    row: Mapping[str, Any],
    which: List,
    *,
    is_named: bool,
    chart: Chart | None,
) -> NoveltyHit:
    """Make a hit of a record's columns (`COLUMNS`)."""
    parties = row["applicants"] or row["owners"] or ()
    return NoveltyHit(
        rank=rank,
        score=score,
        id=row["id"],
        family_id=row["family_id"],
        list=which,
        title=next((t["text"] for t in row["titles"] or ()), None),
        office=row["office"],
        publication_date=row["publication_date"],
        filing_date=row["filing_date"],
        priority_date=row["priority_date"],
        applicants=tuple(party["name"] for party in parties if party["name"]),
        ipc=tuple(row["ipc"] or ()),
        is_named=is_named,
        coverage=chart.coverage if chart is not None else None,
        features=chart.matches if chart is not None else (),
    )


COLUMNS = (
    *("id", "office", "family_id", "application_key", "publication_date", "filing_date"),
    *("priority_date", "titles.list.element.text", "applicants.list.element.name"),
    *("owners.list.element.name", "ipc"),
)
"""The columns of a record that a hit is made of."""
TEXT_COLUMNS = (
    *("titles.list.element.text", "abstracts.list.element.text", "claims.list.element.text"),
    *("claims.list.element.label", "description.list.element.label"),
)
"""What a chart needs, and whether there is a description: reading those takes longest."""
DESCRIPTION = ("description.list.element.label", "description.list.element.text")
