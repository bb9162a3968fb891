"""What a watch raises: an alert, one for each watch and record, with its reasons.

An alert is something for a person to look at. It is kept with what the record said when it was
last looked at, so that it can be read whatever becomes of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from ipsearch.records import Kind
from ipsearch.watch.lists import WatchKind

Severity = Literal["identical", "very_near", "near", "cites", "found", "ceased"]
SEVERITIES: tuple[Severity, ...] = ("identical", "very_near", "near", "cites", "found", "ceased")
"""The gravest first.

identical, very_near, near: by the likeness of signs, or of names, or by how far the features of a
claim are covered; cites: the document cites the watched patent and is not near it by its words;
found: it matches a query, which has no degrees; ceased: the record, or the watch, changed, and what
raised the alert holds no more.
"""

State = Literal["open", "acknowledged", "dismissed", "reopened"]
STATES: tuple[State, ...] = ("open", "acknowledged", "dismissed", "reopened")
"""reopened: it was acknowledged or dismissed, and then the record changed, or somebody reopened it.
"""
WAITING: tuple[State, ...] = ("open", "reopened")
"""Those that wait for a person."""


class Reason(NamedTuple):
    """Why an alert was raised: one aspect, and the rule that fired."""

    aspect: str  # identity, form, sound, meaning, containment; goods; claim, citation; name; query
    score: float | None  # 0 to 1; None where there are no degrees
    rule: str
    detail: str


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What is shown of a record beside an alert."""

    title: str | None  # the words of a mark
    office: str
    parties: tuple[str, ...]  # owners, or else applicants
    classes: tuple[str, ...]  # Nice, or IPC: the first few
    status: str | None  # one of `records.LEGAL_STATUSES`
    filing_date: date | None
    publication_date: date | None  # of a mark: preliminary publication


@dataclass(frozen=True, slots=True)
class Finding:
    """What looking at a record for a watch found."""

    kind: Kind
    record_id: str
    severity: Severity
    score: float | None
    reasons: tuple[Reason, ...]
    facts: RecordFacts
    fingerprint: Mapping[str, str]  # text, classes, status, owner -> a hash of what it is
    evidence: tuple[Mapping[str, Any], ...] = ()  # passages: of features, or of what a query found
    deadline: date | None = None  # last day to oppose
    deadline_note: str = ""  # the day, the rule it comes from and its source, or why there is none
    deadline_note_zh: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it is kept."""

    id: int
    watch: str
    watch_kind: WatchKind
    kind: Kind
    record_id: str
    severity: Severity
    score: float | None
    state: State
    note: str  # why it was dismissed, or what changed in the record since
    first_seen: str  # when: ISO 8601, UTC
    last_seen: str  # when the record was last looked at and met the watch
    deadline: date | None
    deadline_note: str
    deadline_note_zh: str
    run: int  # that raised it, or reopened it
    facts: RecordFacts
    reasons: tuple[Reason, ...]
    evidence: tuple[Mapping[str, Any], ...] = field(repr=False)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has acknowledged or dismissed it as it is now."""
        return self.state in WAITING

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values, what is known of the record among them."""
        values = asdict(self)
        facts = values.pop("facts")
        values["reasons"] = [reason._asdict() for reason in self.reasons]
        values["evidence"] = [dict(piece) for piece in self.evidence]
        head = ("id", "watch", "watch_kind", "kind", "record_id")
        shown: dict[str, Any] = {name: values.pop(name) for name in head}
        shown.update(facts)
        shown.update(values)
        return shown
