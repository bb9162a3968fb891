"""Here is a record and a day, say whether its right is in force then, and why.

In force is what was granted, has not lapsed, and whose term is not over. Each of the three may be
unknown; then the answer is, unless another of them settles it. It is as good as the record: what
its sources did not deliver, it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ipsearch.periods import months_later
from ipsearch.rights.status import DEAD, FROM_THE_START, Standing, standing
from ipsearch.rights.terms import Term, kind_of, term_of
from ipsearch.rights.wording import Language, say

ForceValue = Literal["in force", "not in force", "unknown"]


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason: a key of `wording.WORDS`, and what it is about."""

    key: str
    day: date | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Force:
    """Whether a right is in force, and why."""

    value: ForceValue
    grounds: tuple[Ground, ...]  # what was decisive first
    is_pending: bool  # known to be an application on that day, that may yet be granted
    granted_on: date | None
    as_of: date | None  # the day of the status that counted; None: none, or its day is not known
    term: Term | None  # None: no rule or no date says anything of it

    @property
    def reason(self) -> str:
        """The reasons as one English sentence."""
        return self.explain("en")

    def explain(self, language: Language) -> str:
        """Give the reasons as one sentence, with what is to be minded about the term."""
        texts = [
            say(language, ground.key, day=ground.day, status=ground.status)
            for ground in self.grounds
        ]
        if self.term is not None and self.value != "not in force":
            texts.append(self.term.note_zh if language == "zh" else self.term.note)
        return say(language, "joint").join(filter(None, texts))


def in_force(row: Mapping[str, Any], on: date) -> Force:
    """Say whether the right of a record is in force on a day.

    `row` has the columns of a patent's or a mark's record (`ipsearch.records`), of which any may
    be missing; dates are `datetime.date`.
    """
    case = _Case(kind_of(row) == "patent", row.get("office"), standing(row, on), term_of(row), on)
    settled = case.settled()
    value, grounds = case.open() if settled is None else ("not in force", [settled])
    latest = case.held.latest
    return Force(
        value,
        tuple(grounds),
        settled is not None and settled.key in ("pending", "granted_later"),
        case.held.granted_on,
        latest.day if latest is not None else None,
        case.term,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    is_patent: bool
    office: str | None
    held: Standing
    term: Term | None
    on: date

    def settled(self) -> Ground | None:
        """Give what by itself says that the right is not in force; None if nothing does."""
        held, latest = self.held, self.held.latest
        if self.is_patent and self.office == "WO":
            return Ground("international")
        if latest is not None and latest.status in DEAD:
            return Ground("dead", latest.day, latest.status)
        if held.next is not None and held.next.status in FROM_THE_START:
            return Ground("dead_later", held.next.day, held.next.status)
        if held.granted_on is not None and held.granted_on > self.on:
            return Ground("granted_later", held.granted_on)
        if held.is_granted is False:
            return Ground("pending", latest.day if latest is not None else None)
        if self.is_patent and self.term is not None and self._is_over():
            if self.term.nominal is not None:
                return Ground("term_over", self.term.nominal)
            return Ground("term_over_at_latest", self.term.last)
        return None

    def open(self) -> tuple[ForceValue, list[Ground]]:
        """Give the answer where nothing says that the right is not in force."""
        grant, status, term = self._of_grant(), self._of_status(), self._of_term()
        told = [ground for ground in (grant, status, term) if ground is not None]
        lacking = [ground for ground in told if ground.key in _LACKING]
        return (
            "unknown" if lacking else "in force",
            [*lacking, *(ground for ground in told if ground not in lacking)],
        )

    def _of_grant(self) -> Ground | None:
        if self.held.is_granted is None:
            return Ground("application" if self.is_patent else "not_registered")
        day = self.held.granted_on
        return Ground("granted", day) if day is not None else None

    def _of_status(self) -> Ground | None:
        latest, later = self.held.latest, self.held.next
        if later is not None and later.status == "lapsed":
            return Ground("ended_later", later.day, later.status)
        told = latest or later
        if self.held.is_alive and told is not None:
            return Ground("alive", told.day, told.status)
        return Ground("no_status") if self.held.is_granted else None

    def _of_term(self) -> Ground:
        term = self.term
        running = self._running_until()
        if term is None or running is None:
            return Ground("term_unknown")
        if self.on <= running:
            return Ground("term_runs", running)
        if self.is_patent:
            return Ground("extension", running)
        latest = self.held.latest  # a mark's term may have been renewed
        is_newer = latest is not None and latest.day is not None and latest.day > running
        if self.held.is_alive and is_newer:
            return Ground("renewed", running)
        is_grace = self.on <= months_later(running, term.grace_months)
        return Ground("grace" if is_grace else "renewal", running)

    def _running_until(self) -> date | None:
        return (self.term.nominal or self.term.first) if self.term is not None else None

    def _is_over(self) -> bool:
        running = self._running_until()
        last = self.term.last if self.term is not None else None
        return last is not None and self.on > last and (running is None or self.on > running)


_LACKING = frozenset(
    {"application", "not_registered", "no_status", "ended_later", "extension"}
    | {"term_unknown", "grace", "renewal"}
)
"""What leaves the answer open."""
