"""The dated tables of what the laws say, read from `data/*.toml` when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from ipsearch.periods import Ends


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def has(self, day: date) -> bool:
        """Whether a day lies within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class TermRule:
    """How long a kind of right lasts at an office; the columns are told in `terms.toml`."""

    office: str
    right: str
    filed: Span
    registered: Span
    years: int
    counted_from: str
    ends: Ends
    source: str
    or_years: int = 0
    or_counted_from: str = ""
    extension_years: int = 0
    steps: int = 0
    grace_months: int = 0
    source_zh: str = ""
    note: str = ""
    note_zh: str = ""


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind code says of a document."""

    right: str  # a patent_type
    is_granted: bool


@dataclass(frozen=True, slots=True)
class OppositionRule:
    """Until when a kind of right may be opposed; the columns are told in `opposition.toml`."""

    office: str
    right: str
    published: Span
    source: str
    months: int = 0
    days: int = 0
    counted_from: str = ""
    begins_months: int = 0
    includes_first_day: bool = False
    not_before: date | None = None
    registered_first: str = ""
    is_international: bool | None = None
    is_provisional: bool = False
    source_zh: str = ""
    note: str = ""
    note_zh: str = ""

    @property
    def has_period(self) -> bool:
        """Whether there is any opposition at all."""
        return bool(self.months or self.days)


@cache
def term_rules() -> dict[tuple[str, str], tuple[TermRule, ...]]:
    """Give the rules on terms by office and right."""
    found: dict[tuple[str, str], list[TermRule]] = {}
    for row in _read("terms.toml")["term"]:
        values = {**row, "filed": _span(row, "filed"), "registered": _span(row, "registered")}
        rule = TermRule(**_without_spans(values, "filed", "registered"))
        found.setdefault((rule.office, rule.right), []).append(rule)
    return {key: tuple(rules) for key, rules in found.items()}


@cache
def opposition_rules() -> dict[tuple[str, str], tuple[OppositionRule, ...]]:
    """Give the rules on opposition by office and right."""
    found: dict[tuple[str, str], list[OppositionRule]] = {}
    for row in _read("opposition.toml")["opposition"]:
        values = {**row, "published": _span(row, "published")}
        rule = OppositionRule(**_without_spans(values, "published"))
        found.setdefault((rule.office, rule.right), []).append(rule)
    return {key: tuple(rules) for key, rules in found.items()}


def kind_rule(office: str | None, kind_code: str | None) -> KindRule | None:
    """Say what a kind code means at an office: its own entry, else that of its letter."""
    rules = _kind_rules()
    code = (kind_code or "").upper()
    return rules.get((office or "", code)) or rules.get((office or "", code[:1]))


@cache
def _kind_rules() -> dict[tuple[str, str], KindRule]:
    return {
        (row["office"], code): KindRule(row["right"], row["is_granted"])
        for row in _read("terms.toml")["kind"]
        for code in row["codes"]
    }


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("ipsearch.data").joinpath(name).read_text("utf-8"))


def _span(row: Mapping[str, Any], name: str) -> Span:
    return Span(row.get(f"{name}_from"), row.get(f"{name}_to"))


def _without_spans(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    ends = {f"{name}_{end}" for name in names for end in ("from", "to")}
    return {key: value for key, value in values.items() if key not in ends}
