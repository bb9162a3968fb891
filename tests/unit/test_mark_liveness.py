"""Live or dead: what status and dates say of a mark on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ipsearch.marks.status import class_liveness, liveness
from ipsearch.records import LEGAL_STATUSES, LIVENESS

DAY = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("row", "value", "rule"),
    [
        ({"legal_status": "registered"}, "live", "status"),
        ({"legal_status": "pending", "filing_date": date(2025, 1, 1)}, "live", "status"),
        ({"legal_status": "refused"}, "dead", "status"),
        ({"legal_status": "expired", "status_date": date(2025, 6, 30)}, "dead", "status"),
        ({"legal_status": "expired", "status_date": date(2025, 7, 1)}, "live", "ended_later"),
        ({"legal_status": "registered", "filing_date": date(2025, 7, 1)}, "dead", "filed_later"),
        # the term: its last day, six months of grace, and what is known after it
        ({"legal_status": "registered", "expiry_date": DAY}, "live", "status"),
        ({"expiry_date": date(2025, 6, 29)}, "live", "in_grace"),
        ({"expiry_date": date(2024, 12, 31)}, "live", "in_grace"),
        ({"expiry_date": date(2024, 12, 30)}, "live", "in_grace"),
        ({"expiry_date": date(2024, 12, 29)}, "dead", "term_over"),
        ({"expiry_date": date(2024, 8, 31)}, "dead", "term_over"),
        (
            {"legal_status": "registered", "expiry_date": date(2020, 1, 1)},
            "unknown",
            "renewal_unknown",
        ),
        (
            {
                "legal_status": "registered",
                "status_date": date(2021, 1, 1),
                "expiry_date": date(2020, 1, 1),
            },
            "live",
            "renewed",
        ),
        (
            {
                "legal_status": "registered",
                "transaction_date": date(2020, 7, 1),
                "expiry_date": date(2020, 1, 1),
            },
            "unknown",
            "renewal_unknown",
        ),
        (
            {"expiry_date": date(2020, 1, 1), "transaction_date": date(2019, 1, 1)},
            "unknown",
            "renewal_unknown",
        ),
        (
            {"registration_date": date(2020, 1, 1), "expiry_date": date(2030, 1, 1)},
            "live",
            "registered",
        ),
        ({"registration_date": date(2020, 1, 1)}, "unknown", "nothing_known"),
        ({}, "unknown", "nothing_known"),
    ],
)
def test_one_status(row: dict[str, Any], value: str, rule: str) -> None:
    """Status and dates together say whether a mark was live; what they do not say is unknown."""
    found = liveness(row, DAY)
    assert (found.value, found.rule) == (value, rule)


def test_the_grace_ends_with_a_shorter_month() -> None:
    """Six months after the 31st of August end on the last of February."""
    row = {"expiry_date": date(2023, 8, 31)}
    assert liveness(row, date(2024, 2, 29)).value == "live"
    assert liveness(row, date(2024, 3, 1)).value == "dead"


def classes(*statuses: tuple[str | None, date | None]) -> list[dict[str, Any]]:
    """Make classes 1, 2 ... with these statuses and their days."""
    return [
        {"nice_class": number, "status": status, "status_date": day}
        for number, (status, day) in enumerate(statuses, start=1)
    ]


def test_each_class_has_its_own_status() -> None:
    """A class counts by its own status, else by the record's; the mark lives in any of them."""
    row = {"legal_status": "registered", "classes": classes(("refused", None), (None, None))}
    assert {n: f.value for n, f in class_liveness(row, DAY).items()} == {1: "dead", 2: "live"}
    assert liveness(row, DAY).value == "live"
    row["classes"] = classes(("refused", None), ("revoked", None))
    assert liveness(row, DAY).value == "dead"
    row["classes"] = classes(("refused", None), (None, None))
    row["legal_status"] = None
    assert liveness(row, DAY).value == "unknown"


def test_a_dead_mark_is_dead_in_each_class() -> None:
    """A mark that ended as a whole has no live class, unless the class's status is newer."""
    ended = {"legal_status": "expired", "status_date": date(2024, 1, 1)}
    row = ended | {"classes": classes(("registered", date(2023, 1, 1)), ("registered", None))}
    assert {f.value for f in class_liveness(row, DAY).values()} == {"dead"}
    row = ended | {"classes": classes(("registered", date(2024, 2, 1)))}
    assert class_liveness(row, DAY)[1].value == "live"


def test_every_status_is_live_or_dead() -> None:
    """Each legal status is either live or dead, and none is both."""
    assert sorted(LIVENESS["live"] + LIVENESS["dead"]) == sorted(LEGAL_STATUSES)
