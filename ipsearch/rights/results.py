"""What a search for conflicts gives back: patents and marks, in two labelled lists, each a lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ipsearch.novelty.evidence import Match
from ipsearch.rights.force import Force
from ipsearch.rights.names import Name
from ipsearch.rights.wording import Note

LABEL = "lead"
"""What every row is called: something for a person to judge, never a verdict."""


@dataclass(frozen=True, slots=True)
class PatentLead:
    """One patent, or application whose fate is not known, that the text may touch."""

    rank: int  # 1 is the first of its list
    score: float  # 0 to 1; comparable within one list only
    id: str  # of the document that was granted, where it is there
    office: str
    title: str | None
    owners: tuple[str, ...]
    filing_date: date | None
    publication_date: date | None
    force: Force
    claim: int | None  # the independent claim that is covered best; None: no claims to compare
    claims_of: str | None  # the document whose claims they are, if not that of `id`
    coverage: float | None  # the mean over the features of that claim, 0 to 1
    features: tuple[Match, ...]  # one a feature: how far, and the passage of the text
    missing: tuple[str, ...]  # labels of the features that the text does not show
    texts: tuple[tuple[str, str], ...]  # label and text of each feature

    list: Literal["patents"] = "patents"


@dataclass(frozen=True, slots=True)
class MarkLead:
    """One mark that a name in the text comes near to."""

    rank: int
    score: float  # likeness of the name and the mark, 0 to 1
    id: str
    office: str
    name: Name  # that in the text
    mark_text: str
    owners: tuple[str, ...]
    nice_classes: tuple[int, ...]
    status: str | None
    force: Force
    reasons: tuple[Any, ...]  # as a clearance search has them: aspect, score, rule, detail

    list: Literal["marks"] = "marks"


Lead = PatentLead | MarkLead


@dataclass(frozen=True)
class ConflictResults(Sequence[Lead]):
    """The patents before the marks, nearest first in each."""

    leads: tuple[Lead, ...]
    on: date
    names: tuple[Name, ...]  # that were looked up
    notes: tuple[Note, ...]  # what is to be minded: `str` says it in English
    elapsed_s: float

    @property
    def patents(self) -> tuple[PatentLead, ...]:
        """Patents whose claims the text may meet."""
        return tuple(lead for lead in self.leads if isinstance(lead, PatentLead))

    @property
    def marks(self) -> tuple[MarkLead, ...]:
        """Marks that names in the text come near to."""
        return tuple(lead for lead in self.leads if isinstance(lead, MarkLead))

    def __len__(self) -> int:
        return len(self.leads)

    def __iter__(self) -> Iterator[Lead]:
        return iter(self.leads)

    def __getitem__(self, index: Any) -> Any:
        return self.leads[index]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give the leads as plain values."""
        return [_patent(lead) if isinstance(lead, PatentLead) else _mark(lead) for lead in self]


def _patent(lead: PatentLead) -> dict[str, Any]:
    texts = dict(lead.texts)
    features = [
        {
            "label": match.label,
            "feature": texts[match.label],
            "coverage": round(match.coverage, 4),
            "place": match.place,
            "text": match.text,
            "spans": match.spans,
        }
        for match in lead.features
    ]
    return {
        "list": lead.list,
        "label": LABEL,
        "rank": lead.rank,
        "score": round(lead.score, 4),
        "id": lead.id,
        "office": lead.office,
        "title": lead.title,
        "owners": lead.owners,
        "filing_date": lead.filing_date,
        "publication_date": lead.publication_date,
        "force": _force(lead.force),
        "claim": lead.claim,
        "claims_of": lead.claims_of,
        "coverage": None if lead.coverage is None else round(lead.coverage, 4),
        "missing": lead.missing,
        "features": features,
    }


def _mark(lead: MarkLead) -> dict[str, Any]:
    return {
        "list": lead.list,
        "label": LABEL,
        "rank": lead.rank,
        "score": round(lead.score, 4),
        "id": lead.id,
        "office": lead.office,
        "name": lead.name.text,
        "why": lead.name.why,
        "mark_text": lead.mark_text,
        "owners": lead.owners,
        "nice_classes": lead.nice_classes,
        "status": lead.status,
        "force": _force(lead.force),
        "reasons": [reason._asdict() for reason in lead.reasons],
    }


def _force(force: Force) -> dict[str, Any]:
    term = force.term
    return {
        "value": force.value,
        "is_pending": force.is_pending,
        "reason": force.reason,
        "granted_on": force.granted_on,
        "as_of": force.as_of,
        "term_ends": term.nominal if term is not None else None,
        "source": term.source if term is not None else None,
    }
