"""Here is a day and a period of months or years, give me the day on which it ends.

A period ends on the day of its last month that has the number of the day it is counted from, or,
where there is none, on that month's last day: China's rule (Implementing Regulations of the
Trademark Law, art. 12; of the Patent Law, rule 5) and that of most offices. Where another rule
differs, by the end of February say, this end is the earlier one. Weekends and holidays of offices,
which put an end off, are not considered.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Literal

Ends = Literal["same day", "day before", "month"]
"""How the last day of a term lies to the day that it is counted from."""


def months_later(day: date, months: int) -> date:
    """Give the day so many months later; beyond the calendar its last day.

    >>> months_later(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def days_later(day: date, days: int) -> date:
    """Give the day so many days later, or earlier; beyond the calendar its last day."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def last_day(begin: date, years: int, ends: Ends) -> date:
    """Give the last day of a term of `years` that is counted from `begin`.

    >>> last_day(date(1999, 9, 6), 10, "day before")
    datetime.date(2009, 9, 5)
    >>> last_day(date(2020, 2, 6), 10, "month")
    datetime.date(2030, 2, 28)
    """
    end = months_later(begin, 12 * years)
    if end == date.max:
        return end
    if ends == "month":
        return end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return days_later(end, -1) if ends == "day before" else end
