"""Until when a mark or a patent may be opposed: by the office's own rule of the day, or unknown."""

from __future__ import annotations

from datetime import date

import pytest

from ipsearch.records import PATENT, TRADEMARK
from ipsearch.rights import Deadline, opposition_deadline
from ipsearch.rights.tables import opposition_rules


def published(office: str, day: str) -> Deadline:
    return opposition_deadline(office, {"preliminary_publication_date": date.fromisoformat(day)})


@pytest.mark.parametrize(
    ("office", "day", "deadline"),
    [
        ("CN", "2026-06-13", "2026-09-13"),
        ("CN", "2025-11-30", "2026-02-28"),  # no such day in the last month
        ("CN", "2026-09-30", "2026-12-30"),  # the last one wholly under the law until 2026
        ("US", "2026-11-03", "2026-12-03"),
        ("EM", "2026-11-03", "2027-02-03"),
        ("KR", "2025-07-21", "2025-09-21"),  # two months until the change of law
        ("KR", "2025-07-22", "2025-08-21"),  # thirty days since
        ("GB", "2026-01-02", "2026-03-01"),  # two months that begin with that day
        ("FR", "2026-01-02", "2026-03-02"),
    ],
)
def test_an_office_s_rule_of_the_day_counts(office: str, day: str, deadline: str) -> None:
    """The deadline is counted by the office's rule in force on the day of publication."""
    found = published(office, day)
    assert found.date == date.fromisoformat(deadline)
    assert not found.is_provisional
    assert found.source


@pytest.mark.parametrize(
    ("day", "deadline"),
    [
        ("2026-10-01", "2026-12-31"),  # two months are over earlier, but that law is not in force
        ("2026-10-31", "2026-12-31"),
        ("2026-11-06", "2027-01-06"),
        ("2026-12-31", "2027-02-28"),
        ("2027-01-06", "2027-03-06"),
    ],
)
def test_an_unconfirmed_change_of_law_shows_the_earlier_deadline(day: str, deadline: str) -> None:
    """Where the new Chinese law may apply, the earlier of two deadlines is shown as provisional."""
    found = published("CN", day)
    assert found.date == date.fromisoformat(deadline)
    assert found.is_provisional
    assert "provisional" in str(found)
    assert "2026-06-26" in found.source
    assert "暂定" in found.explain("zh")


def test_an_office_without_a_row_is_unknown() -> None:
    """No other office's rule stands in."""
    for office in ("XX", "WO", "", "MX"):
        found = published(office, "2026-06-13")
        assert found.date is None
        assert str(found) == "deadline unknown"
        assert found.source == ""


def test_an_office_that_registers_first_counts_from_another_day() -> None:
    """The publication of an application does not begin the period of a registration."""
    found = published("JP", "2026-06-13")
    assert found.date is None
    assert found.rule == "2 months from publication of the registration"
    registered = opposition_deadline("DE", {"registration_date": date(2026, 3, 4)})
    assert registered.date is None
    assert "not before 2026-06-04" in registered.note
    known = opposition_deadline("DE", {"registration_publication_date": date(2026, 4, 10)})
    assert known.date == date(2026, 7, 10)


def test_without_the_day_to_count_from_nothing_is_counted() -> None:
    """A record without it has an unknown deadline, also where the rule is known."""
    for office in {office for office, _ in opposition_rules()}:
        for names in (TRADEMARK.names, PATENT.names):
            assert opposition_deadline(office, dict.fromkeys(names)).date is None


def test_international_registrations_have_their_own_rule() -> None:
    """The EUIPO's period for them begins a month later; elsewhere theirs is unknown or given."""
    day = {"preliminary_publication_date": date(2026, 1, 15)}
    assert opposition_deadline("EM", day | {"application_number": "EMW01234567"}).date == date(
        2026, 5, 15
    )
    international = day | {"international_registration_date": date(2025, 6, 1)}
    assert opposition_deadline("CN", international).date is None
    assert opposition_deadline("GB", international).date is None
    assert opposition_deadline("US", international).date == date(2026, 2, 14)


def test_patents_are_opposed_after_the_grant() -> None:
    """EPC article 99: nine months from the grant; China has no opposition, and says so."""
    assert opposition_deadline("EP", {"grant_date": date(2026, 3, 11)}).date == date(2026, 12, 11)
    chinese = opposition_deadline("CN", {"grant_date": date(2026, 3, 11)})
    assert (chinese.date, chinese.has_opposition) == (None, False)
    assert str(chinese) == "no opposition"
    gazette = {"office": "JP", "kind_code": "B2", "publication_date": date(2026, 3, 11)}
    assert opposition_deadline("JP", gazette, kind="patent").date == date(2026, 9, 11)


def test_a_deadline_on_a_weekend_stays_and_says_so() -> None:
    """Holidays of offices are not considered: the day is never too late."""
    found = published("CN", "2026-06-13")
    assert found.date is not None
    assert found.date.weekday() == 6
    assert "Sunday" in found.note
    assert "周末" in found.note_zh
