"""Here is an office and the dates of a right, give me the day until which it may be opposed.

The rules are the dated rows of `data/opposition.toml`. An office without a row has an unknown
deadline, and so has a record without the date that its office counts from: no other rule and no
other date stands in. Weekends and holidays of offices are not considered (see `periods`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipsearch.periods import days_later, months_later
from ipsearch.records import Kind
from ipsearch.rights.tables import OppositionRule, kind_rule, opposition_rules
from ipsearch.rights.terms import kind_of
from ipsearch.rights.wording import Language, say


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a right may be opposed."""

    office: str
    date: date | None  # the last day; None: not known, or there is no opposition
    rule: str  # in English: "3 months from publication for opposition"; "" if none was found
    source: str  # the law; "" if no rule was found
    is_provisional: bool  # not confirmed by an official text
    note: str  # in English; "" if there is nothing to say
    rule_zh: str = ""
    source_zh: str = ""
    note_zh: str = ""
    has_opposition: bool = True  # False where the office knows none

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: Language) -> str:
        """Give the deadline in a few words: a day, `deadline unknown` or `no opposition`."""
        if not self.has_opposition:
            return say(language, "no_opposition")
        if self.date is None:
            return say(language, "deadline_unknown")
        day = self.date.isoformat()
        return f"{day} ({say(language, 'provisional')})" if self.is_provisional else day

    def explain(self, language: Language) -> str:
        """Give the deadline with its rule, source and note."""
        parts = [self.say(language), self.rule, self.source, self.note]
        if language == "zh":
            source = self.source_zh or self.source
            parts = [self.say(language), self.rule_zh, source, self.note_zh]
        return say(language, "joint").join(filter(None, parts))


def opposition_deadline(
    office: str, row: Mapping[str, Any], *, kind: Kind | None = None
) -> Deadline:
    """Give the deadline for an opposition to a mark or a patent.

    `row` is a record, or the dates of one by its columns' names: `preliminary_publication_date`,
    `registration_date`, `grant_date`; also `registration_publication_date`, which records do not
    have. `kind` is told by the columns if not given. An international registration is known by its
    `international_registration_date`, or a number of the EUIPO that begins with W.
    """
    kind = kind or kind_of(row)
    office = office.upper()
    rules = opposition_rules().get((office, kind), ())
    if not rules:
        return _unknown(office, "no_rule")
    is_international = kind == "trademark" and _is_international(row)
    rules = tuple(r for r in rules if r.is_international in (None, is_international))
    if not rules:
        return _unknown(office, "no_rule_international")
    if not rules[0].has_period:
        return _made(office, None, rules[0], {"en": [], "zh": []})
    begins = [(rule, _begin(rule, row)) for rule in rules]
    ends = [
        (_end(rule, begin), rule)
        for rule, begin in begins
        if begin is not None and rule.published.has(begin)
    ]
    if not ends:
        is_dated = any(begin is not None for _, begin in begins)
        return _unknown(office, "no_rule_then") if is_dated else _undated(office, rules, row)
    day, rule = min(ends, key=lambda end: end[0])
    return _deadline(office, day, rule, any(each.is_provisional for _, each in ends))


def _is_international(row: Mapping[str, Any]) -> bool:
    if row.get("international_registration_date") is not None:
        return True
    return str(row.get("application_number") or row.get("id") or "").startswith("EMW")


def _begin(rule: OppositionRule, row: Mapping[str, Any]) -> date | None:
    day: date | None = row.get(rule.counted_from)
    if day is None and rule.counted_from == "grant_publication_date":
        granted = kind_rule(row.get("office"), row.get("kind_code"))
        return row.get("publication_date") if granted and granted.is_granted else None
    return day


def _end(rule: OppositionRule, begin: date) -> date:
    begin = months_later(begin, rule.begins_months)
    end = months_later(begin, rule.months) if rule.months else days_later(begin, rule.days)
    if rule.includes_first_day:
        end = days_later(end, -1)
    return max(end, rule.not_before) if rule.not_before is not None else end


def _deadline(office: str, day: date, rule: OppositionRule, is_provisional: bool) -> Deadline:
    notes: dict[Language, list[str]] = {"en": [], "zh": []}
    if day.weekday() >= 5:
        for language, texts in notes.items():
            texts.append(say(language, "weekend"))
    return _made(office, day, rule, notes, is_provisional=is_provisional)


def _undated(office: str, rules: Sequence[OppositionRule], row: Mapping[str, Any]) -> Deadline:
    """Give what is known where the day to count from is not: one rule, and a day it is not before.

    Where the rule has changed, it is not known which of them is meant.
    """
    rule = rules[0]
    if len(rules) > 1:
        return _unknown(office, "no_date")
    registered = row.get(rule.registered_first) if rule.registered_first else None
    notes: dict[Language, list[str]] = {"en": [], "zh": []}
    for language, texts in notes.items():
        texts.append(say(language, "no_date"))
        if registered is not None:
            texts.append(say(language, "no_earlier", day=_end(rule, registered)))
    return _made(office, None, rule, notes)


def _made(
    office: str,
    day: date | None,
    rule: OppositionRule,
    notes: Mapping[Language, Sequence[str]],
    *,
    is_provisional: bool = False,
) -> Deadline:
    return Deadline(
        office,
        day,
        _rule(rule, "en"),
        rule.source,
        is_provisional,
        say("en", "joint").join(filter(None, [rule.note, *notes["en"]])),
        _rule(rule, "zh"),
        rule.source_zh,
        say("zh", "joint").join(filter(None, [rule.note_zh, *notes["zh"]])),
        rule.has_period,
    )


def _unknown(office: str, key: str) -> Deadline:
    return Deadline(office, None, "", "", False, say("en", key), note_zh=say("zh", key))


def _rule(rule: OppositionRule, language: Language) -> str:
    if not rule.has_period:
        return ""
    count, key = (rule.months, "months") if rule.months else (rule.days, "days")
    key = "later_months" if rule.begins_months else key
    what = say(language, rule.counted_from)
    return say(language, key, count=count, begins=rule.begins_months, what=what)
