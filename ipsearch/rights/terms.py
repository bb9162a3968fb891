"""Here is a record, give me the last day of its right's term.

What is not known makes the answer wider: `first` is the earliest day on which the term may end,
`last` the latest. Where the filing date is missing, the day of publication or grant, which came
later, gives a `last`. An extension, which records do not tell of, lies between the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipsearch.periods import last_day, months_later
from ipsearch.records import SCHEMAS, Kind
from ipsearch.rights.tables import TermRule, kind_rule, term_rules

_PROVISIONAL = re.compile(r"(?:US)?6[0-4]\d{6}")
"""Series 60 to 64: a provisional application, which the US term is not counted from (35 U.S.C.
154(a)(3))."""
_MARK_ONLY = {"registration_publication_date", "gazette_publication_date"}.union(
    SCHEMAS["trademark"].names
) - set(SCHEMAS["patent"].names)
_IN_RECORD = ("expiry date in the record", "记录中的届满日")
_LATER = ("publication_date", "grant_date", "registration_date")
"""Days that are never before the filing."""


@dataclass(frozen=True, slots=True)
class Term:
    """When the term of a right ends."""

    first: date | None  # not before this day; None: not known
    last: date | None  # not after this day; None: not known
    nominal: date | None  # its end without any extension; None: not known
    source: str  # the law, or "expiry date in the record"
    source_zh: str = ""
    note: str = ""
    note_zh: str = ""
    grace_months: int = 0  # a mark may still be renewed so long after it


def kind_of(row: Mapping[str, Any]) -> Kind:
    """Say which of the two records a row is: it is told by its columns."""
    given = row.get("record")
    if given in ("patent", "trademark"):
        return "trademark" if given == "trademark" else "patent"
    return "trademark" if _MARK_ONLY & row.keys() else "patent"


def right_of(row: Mapping[str, Any]) -> str | None:
    """Say what kind of right a record is of: its `patent_type`, or what its kind code says."""
    if kind_of(row) == "trademark":
        return "trademark"
    if row.get("patent_type"):
        return str(row["patent_type"])
    rule = kind_rule(row.get("office"), row.get("kind_code"))
    return rule.right if rule is not None else None


def term_of(row: Mapping[str, Any]) -> Term | None:
    """Give the term of a record's right; None if no rule or no date says anything of it.

    `row` has a record's columns, of which any may be missing.
    """
    rules = term_rules().get((row.get("office") or "", right_of(row) or ""), ())
    rules = tuple(rule for rule in rules if _may_apply(rule, row))
    grace = max((rule.grace_months for rule in rules), default=0)
    told: date | None = row.get("expiry_date")
    if told is not None:
        return Term(told, told, told, _IN_RECORD[0], _IN_RECORD[1], grace_months=grace)
    ends = [end for rule in rules for end in [_end(rule, row)] if end is not None]
    if not ends:
        return None
    known = [end.first for end in ends if end.first is not None]
    nominal = {end.nominal for end in ends}
    return Term(
        first=min(known) if len(known) == len(ends) else None,
        last=max((end.last for end in ends if end.last is not None), default=None)
        if len(ends) == len(rules)
        else None,
        nominal=nominal.pop() if len(nominal) == 1 else None,
        source=_joined("; ", [end.source for end in ends]),
        source_zh=_joined("；", [end.source_zh for end in ends]),
        note=_joined("; ", [end.note for end in ends]),
        note_zh=_joined("；", [end.note_zh for end in ends]),
        grace_months=grace,
    )


def _may_apply(rule: TermRule, row: Mapping[str, Any]) -> bool:
    filed, registered = row.get("filing_date"), _registered(row)
    if filed is None and rule.filed.first is not None:
        later = _earliest_later(row)
        if later is not None and later < rule.filed.first:
            return False
    return (filed is None or rule.filed.has(filed)) and (
        registered is None or rule.registered.has(registered)
    )


def _registered(row: Mapping[str, Any]) -> date | None:
    day: date | None = row.get("registration_date") or row.get("international_registration_date")
    return day


def _earliest_later(row: Mapping[str, Any]) -> date | None:
    return min((row[name] for name in _LATER if row.get(name) is not None), default=None)


def _end(rule: TermRule, row: Mapping[str, Any]) -> Term | None:
    """Give the end by one rule."""
    begin = _begin(rule.counted_from, row)
    if begin is None:
        bound = _bound(rule, row)
        if bound is None:
            return None
        last = _extended(last_day(bound, rule.years, rule.ends), rule)
        return _told_by(rule, None, last, None)
    end = last_day(begin, rule.years, rule.ends)
    if rule.or_years:
        other = _begin(rule.or_counted_from, row)
        if other is None:
            return None
        end = max(end, last_day(other, rule.or_years, rule.ends))
    first = last_day(begin, rule.steps, rule.ends) if rule.steps else end
    return _told_by(rule, first, _extended(end, rule), end)


def _told_by(rule: TermRule, first: date | None, last: date, nominal: date | None) -> Term:
    source_zh = rule.source_zh or rule.source
    return Term(first, last, nominal, rule.source, source_zh, rule.note, rule.note_zh)


def _joined(joint: str, texts: Sequence[str]) -> str:
    return joint.join(dict.fromkeys(filter(None, texts)))


def _extended(end: date, rule: TermRule) -> date:
    return months_later(end, 12 * rule.extension_years)


def _bound(rule: TermRule, row: Mapping[str, Any]) -> date | None:
    """Give a day that the term's beginning, which is not known, is no later than."""
    if rule.or_years or rule.counted_from not in ("filing_date", "earliest_filing"):
        return None
    return _earliest_later(row)


def _begin(counted_from: str, row: Mapping[str, Any]) -> date | None:
    if counted_from == "earliest_filing":
        return min(_filings(row), default=None)
    if counted_from == "international_registration_date":
        return _registered(row)
    day: date | None = row.get(counted_from)
    if day is None and counted_from == "grant_date":
        rule = kind_rule(row.get("office"), row.get("kind_code"))
        return row.get("publication_date") if rule is not None and rule.is_granted else None
    return day


def _filings(row: Mapping[str, Any]) -> Iterator[date]:
    """Give the filing date and those of the US and international applications it goes back to.

    A foreign priority and a provisional application do not count (35 U.S.C. 154(a)(3)).
    """
    filed: date | None = row.get("filing_date")
    if filed is None:
        return
    yield filed
    for priority in row.get("priorities") or ():
        day, office = priority.get("date"), priority.get("office")
        number = re.sub(r"[^0-9A-Z]", "", (priority.get("number") or "").upper())
        if day is not None and office in ("US", "WO") and not _PROVISIONAL.fullmatch(number):
            yield day
