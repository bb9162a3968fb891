"""Here is a mark's record and a day, was it live then, as a whole and in each class?

Live is what may bar a later mark: registered, or an application still under way. Status and dates
are both asked, since a status may be older than the end of the term, or newer than the day.
What is not known stays unknown. Whether a right is in force, and until when, is another question:
a pending application is live and gives no right yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from ipsearch.periods import months_later
from ipsearch.records import LIVENESS

GRACE_MONTHS = 6
"""How long a mark may be renewed after its term: no less in any country of the Paris Union (Paris
Convention, art. 5bis(1)), and as long in China (Trademark Law, art. 40), the United States (15
U.S.C. 1059(a)), the European Union (Regulation (EU) 2017/1001, art. 53(3)), Japan (Trademark Act,
art. 20(3)) and for international registrations (Madrid Protocol, art. 7(4))."""

LiveValue = Literal["live", "dead", "unknown"]
LiveRule = Literal[
    "status",  # the status says so
    "ended_later",  # a status newer than the day says dead: it was live until then
    "filed_later",  # filed only after the day
    "in_grace",  # the term is over, but may be renewed
    "renewed",  # the term is over, but a live status is newer than the grace
    "term_over",  # term and grace are over, and nothing tells of a renewal
    "renewal_unknown",  # the same, but what the record says is older than that
    "registered",  # no status, but a registration whose term runs
    "nothing_known",
]


class Liveness(NamedTuple):
    """Whether a mark was live on a day, the rule that says so and the day that it rests on."""

    value: LiveValue
    rule: LiveRule
    day: date | None  # of the status, the end of the term, the registration; None: not known


def liveness(row: Mapping[str, Any], on: date) -> Liveness:
    """Say whether a mark was live on a day in any of its classes.

    `row` has the columns of a mark's record, of which any may be missing.
    """
    by_class = list(class_liveness(row, on).values())
    for value in ("live", "unknown", "dead"):
        for found in by_class:
            if found.value == value:
                return found
    return _judge(row, row.get("legal_status"), row.get("status_date"), on)


def class_liveness(row: Mapping[str, Any], on: date) -> dict[int, Liveness]:
    """Say of each class of a mark whether it was live on a day.

    A class without a status has the record's. A mark that is dead as a whole is so in each class,
    unless the class's status is newer.
    """
    whole, whole_day = row.get("legal_status"), row.get("status_date")
    found: dict[int, Liveness] = {}
    for entry in row.get("classes") or ():
        number = entry.get("nice_class")
        if number is None:
            continue
        status, day = entry.get("status"), entry.get("status_date")
        is_newer = day is not None and whole_day is not None and day > whole_day
        if status is None or (whole in LIVENESS["dead"] and not is_newer):
            status, day = whole, whole_day
        found[number] = _judge(row, status, day or whole_day, on)
    return found


def _judge(row: Mapping[str, Any], status: str | None, day: date | None, on: date) -> Liveness:
    """Judge by one status, told on `day`, and the dates of the record."""
    filed = row.get("filing_date")
    if filed is not None and filed > on:
        return Liveness("dead", "filed_later", filed)
    if status in LIVENESS["dead"]:
        if day is not None and day > on:
            return Liveness("live", "ended_later", day)
        return Liveness("dead", "status", day)
    end = row.get("expiry_date")
    if end is not None and end < on:
        return _after_term(row, status, day, end, on)
    if status in LIVENESS["live"]:
        return Liveness("live", "status", day)
    registered = row.get("registration_date")
    if registered is not None and registered <= on and end is not None:
        return Liveness("live", "registered", registered)
    return Liveness("unknown", "nothing_known", None)


def _after_term(
    row: Mapping[str, Any], status: str | None, day: date | None, end: date, on: date
) -> Liveness:
    """Judge where the term that the record tells is over."""
    grace_end = months_later(end, GRACE_MONTHS)
    if on <= grace_end:
        return Liveness("live", "in_grace", end)
    told = max(filter(None, (day, row.get("transaction_date"))), default=None)
    if status in LIVENESS["live"]:
        if told is not None and told > grace_end:
            return Liveness("live", "renewed", told)
        return Liveness("unknown", "renewal_unknown", end)
    if told is not None and told <= grace_end:
        return Liveness("unknown", "renewal_unknown", end)
    return Liveness("dead", "term_over", end)
