"""Periods of months, against another library's calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pandas
from hypothesis import given
from hypothesis import strategies as st

from ipsearch.periods import days_later, last_day, months_later
from ipsearch.rights import in_force, opposition_deadline

DAYS = st.dates(date(1980, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(0, 400))
def test_months_end_as_pandas_has_them(day: date, months: int) -> None:
    """The day of the same number, or the last of a month that is too short."""
    expected = (pandas.Timestamp(day) + pandas.DateOffset(months=months)).date()
    assert months_later(day, months) == expected


@given(DAYS, st.integers(1, 30))
def test_a_term_ends_around_the_day_it_began(day: date, years: int) -> None:
    """The three ways to end a term differ by a day, and by what is left of the month."""
    same = last_day(day, years, "same day")
    month = last_day(day, years, "month")
    assert last_day(day, years, "day before") == same - timedelta(days=1)
    assert (month + timedelta(days=1)).day == 1
    assert timedelta(0) <= month - same < timedelta(days=31)


@given(st.dates(), st.integers(0, 2_000))
def test_no_day_is_beyond_the_calendar(day: date, count: int) -> None:
    """Dates that are typing errors (9999-12-31) are no reason to fail."""
    assert months_later(day, count) >= day
    assert days_later(day, count) >= day


@given(st.dates(), st.dates(), st.sampled_from(["CN", "US", "DE", "EM", "JP"]))
def test_any_dates_have_an_answer(day: date, other: date, office: str) -> None:
    """Whatever the dates of a record are, its force and its deadline can be told."""
    row = {"office": office, "filing_date": day, "registration_date": other, "mark_text": "x"}
    assert in_force(row, other).reason
    assert str(opposition_deadline(office, row | {"preliminary_publication_date": day}))
