"""Here is a record and a day, give me what was known of its status then: granted, alive, dead.

A record's status is its `legal_status` as of `status_date`, and what its events amount to. Both are
read, since an event may be newer; the latest that is not after the day counts. An office announces
most ends later than they came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ipsearch.rights.tables import kind_rule
from ipsearch.rights.terms import kind_of

PENDING, ALIVE, DEAD = (
    frozenset({"pending"}),
    frozenset({"granted", "registered"}),
    frozenset({"expired", "lapsed", "withdrawn", "refused", "revoked"}),
)
FROM_THE_START = frozenset({"revoked", "withdrawn", "refused"})
"""Ends that leave nothing of the time before them either: a revoked right is deemed never to have
existed (Patent Law of the PRC, art. 47; EPC, art. 68), and an application was none."""

_NEVER_GRANTED = frozenset({"withdrawn", "refused"})


class Told(NamedTuple):
    """A status and the day as of which it was told; None: the record's last word, undated."""

    status: str  # one of `LEGAL_STATUSES`
    day: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the record says of its right on a day."""

    is_granted: bool | None  # None: nothing says so, or the contrary
    granted_on: date | None  # None: not granted, or the day is not known
    latest: Told | None  # the latest status up to the day
    next: Told | None  # the first after it

    @property
    def is_alive(self) -> bool:
        """Whether a status says that the right had not ended on the day."""
        if self.latest is not None:
            return self.latest.status in ALIVE
        return self.next is not None and self.next.status in ALIVE | {"expired"}


def standing(row: Mapping[str, Any], on: date) -> Standing:
    """Say what was known of a record's right on a day."""
    told = sorted(_statuses(row), key=lambda entry: entry.day or date.max)
    before = [entry for entry in told if entry.day is None or entry.day <= on]
    after = [entry for entry in told if entry.day is not None and entry.day > on]
    granted_on = _granted_on(row)
    latest = before[-1] if before else None
    if latest is not None and latest.status in PENDING and granted_on is not None:
        since = latest.day or date.min
        latest = None if since <= granted_on <= on else latest  # it was granted since
    statuses = {entry.status for entry in before}
    return Standing(
        _is_granted(row, statuses, granted_on, on),
        granted_on,
        latest,
        after[0] if after else None,
    )


def _is_granted(
    row: Mapping[str, Any], statuses: set[str], granted_on: date | None, on: date
) -> bool | None:
    if granted_on is not None:
        return granted_on <= on
    if statuses & ALIVE:
        return True
    if kind_of(row) == "patent":
        if row.get("office") == "WO":
            return False  # an international application: others grant it
        rule = kind_rule(row.get("office"), row.get("kind_code"))
        if rule is not None and rule.is_granted:
            return True
    return False if statuses & (_NEVER_GRANTED | PENDING) else None


def _granted_on(row: Mapping[str, Any]) -> date | None:
    """Give the day of the grant or registration."""
    if kind_of(row) == "trademark":
        names = ["registration_date"]
        if row.get("office") == "WO":
            names.append("international_registration_date")
        return next((row[name] for name in names if row.get(name) is not None), None)
    if row.get("grant_date") is not None:
        day: date = row["grant_date"]
        return day
    rule = kind_rule(row.get("office"), row.get("kind_code"))
    return row.get("publication_date") if rule is not None and rule.is_granted else None


def _statuses(row: Mapping[str, Any]) -> Iterator[Told]:
    """Give every status that the record tells; an undated one as of the day it was delivered."""
    for event in row.get("legal_events") or ():
        status = _of_event(row, event)
        if status is not None and event.get("date") is not None:
            yield Told(_meant(row, status), event["date"])
    if row.get("legal_status"):
        day = row.get("status_date") or row.get("transaction_date")
        yield Told(_meant(row, row["legal_status"]), day)


def _meant(row: Mapping[str, Any], status: str) -> str:
    """Say what an opposed right is: a patent was granted, a mark may be an application yet."""
    if status != "opposed":
        return status
    if kind_of(row) == "patent":
        return "granted"
    return "registered" if row.get("registration_date") is not None else "pending"


def _of_event(row: Mapping[str, Any], event: Mapping[str, Any]) -> str | None:
    """Say what an event makes of the status: by the office's code, or by its Chinese name."""
    from ipsearch.sources.inpadoc_events import STATUS_OF
    from ipsearch.sources.status_words import STATUS_WORDS

    if kind_of(row) == "patent":
        status = STATUS_OF.get((row.get("office") or "", event.get("code") or ""))
        if status is not None:
            return status
    name = event.get("name") or ""
    return None if name.isascii() else STATUS_WORDS.get(name.strip().casefold())
