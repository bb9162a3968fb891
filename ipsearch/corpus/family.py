"""Which family a patent belongs to where no source says so.

A simple family is what shares exactly the same priorities (DOCDB's definition); an application that
claims none is its own priority. So a first filing and those that claim it alone meet, whatever the
office, and an application and its grant always do. Such a family's id begins with `~`, and gives
way to any that a source gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ipsearch.corpus.routing import ORPHAN_PREFIX, number_key
from ipsearch.records import Row

OURS = "~"


def derived_family(row: Row, application_key: str) -> str | None:
    """Make a family id of a row's priorities, or of its application; None if neither is known."""
    numbers = {
        number_key(priority["number"])
        for priority in row.get("priorities") or ()
        if priority.get("number")
    }
    if not numbers and not application_key.startswith(ORPHAN_PREFIX):
        numbers = {application_key}
    return OURS + "+".join(sorted(numbers)) if numbers else None


def given_family(column: str, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Take the family that the source nearest to the office gives; ours if none does."""
    known = [row[column] for row in rows if row.get(column)]
    given = [family for family in known if not family.startswith(OURS)]
    return next(iter([*given, *known]), None)
