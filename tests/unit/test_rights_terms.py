"""The term of a right: which rule, counted from which day, and what is not known."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from itertools import pairwise
from typing import Any

import pytest

from ipsearch.records import PATENT, PATENT_TYPES, SCHEMAS, TRADEMARK
from ipsearch.rights import term_of
from ipsearch.rights.tables import kind_rule, opposition_rules, term_rules
from ipsearch.rights.terms import kind_of, right_of


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def patent(office: str, kind_code: str, filed: str | None, **more: Any) -> dict[str, Any]:
    return {"office": office, "kind_code": kind_code, "filing_date": day(filed)} | more


@pytest.mark.parametrize(
    ("office", "kind_code", "filed", "granted", "ends"),
    [
        ("CN", "B", "2012-03-04", None, "2032-03-03"),
        ("CN", "U", "2012-03-04", None, "2022-03-03"),
        ("CN", "S", "2021-05-31", None, "2031-05-30"),  # the last day of ten years
        ("CN", "S", "2021-06-01", None, "2036-05-31"),  # the first of fifteen
        ("CN", "B", "2004-02-29", None, "2024-02-28"),
        ("US", "B2", "2012-03-04", None, "2032-03-04"),
        ("US", "S1", "2015-05-12", "2016-01-05", "2030-01-05"),
        ("US", "S1", "2015-05-13", "2016-01-05", "2031-01-05"),
        ("US", "A", "1990-01-02", "1999-03-02", "2016-03-02"),  # 17 years from grant are longer
        ("US", "A", "1990-01-02", "1992-03-03", "2010-01-02"),  # 20 from filing are
        ("EP", "B1", "2012-03-04", None, "2032-03-04"),
        ("JP", "U", "2005-03-31", None, "2011-03-31"),
        ("JP", "U", "2005-04-01", None, "2015-04-01"),
        ("JP", "S", "2020-03-31", "2020-10-01", "2040-10-01"),
        ("JP", "S", "2020-04-01", "2020-10-01", "2045-04-01"),
        ("KR", "S", "2014-06-30", "2015-01-02", "2030-01-02"),
        ("KR", "S", "2014-07-01", "2015-01-02", "2034-07-01"),
        ("DE", "U1", "2020-02-06", None, "2030-02-28"),  # the end of the month
        ("GB", "B", "2012-03-04", None, "2032-03-03"),
    ],
)
def test_the_law_of_the_day_of_filing_counts(
    office: str, kind_code: str, filed: str, granted: str | None, ends: str
) -> None:
    """Each right ends by the rule of its office, kind and day of filing, on the day it names."""
    term = term_of(patent(office, kind_code, filed, grant_date=day(granted)))
    assert term is not None
    assert term.nominal == day(ends)
    assert term.source


def test_an_expiry_date_in_the_record_goes_before_the_rule() -> None:
    """An office that says when a right ends knows better than the rule."""
    row = patent("CN", "B", "2012-03-04", expiry_date=day("2033-01-01"))
    term = term_of(row)
    assert term is not None
    assert (term.first, term.last) == (day("2033-01-01"), day("2033-01-01"))


def test_an_extension_is_between_the_first_and_the_last_day() -> None:
    """What may have been extended has a later last day; what may not has not."""
    invention = term_of(patent("CN", "B", "2012-03-04"))
    model = term_of(patent("CN", "U", "2012-03-04"))
    assert invention is not None
    assert model is not None
    assert invention.last == day("2037-03-03")
    assert model.last == model.nominal


def test_the_us_term_goes_back_to_the_earliest_filing_but_not_to_a_provisional() -> None:
    """35 U.S.C. 154(a): parents and the PCT count, provisional and foreign applications do not."""
    priorities = [
        {"office": "US", "number": "US62123456", "date": day("2010-01-01")},
        {"office": "DE", "number": "DE102010000001", "date": day("2010-02-01")},
        {"office": "US", "number": "US13123456", "date": day("2011-05-06")},
    ]
    term = term_of(patent("US", "B2", "2015-03-04", priorities=priorities))
    assert term is not None
    assert term.nominal == day("2031-05-06")


def test_without_a_filing_date_only_the_latest_end_is_known() -> None:
    """A filing is never after its publication: the term ends no later than counted from there."""
    term = term_of(patent("CN", "U", None, publication_date=day("2010-06-07")))
    assert term is not None
    assert (term.first, term.nominal, term.last) == (None, None, day("2020-06-06"))


def test_where_the_rule_is_not_known_all_that_may_be_meant_count() -> None:
    """A design whose filing date is missing ends by the old rule or by the new one."""
    term = term_of(patent("US", "S1", None, grant_date=day("2016-01-05")))
    assert term is not None
    assert (term.first, term.last, term.nominal) == (day("2030-01-05"), day("2031-01-05"), None)
    old = term_of(patent("US", "S1", None, grant_date=day("2014-01-07")))
    assert old is not None
    assert old.nominal == day("2028-01-07")  # granted before the new rule: filed before it


@pytest.mark.parametrize("office", ["XX", "ES", ""])
def test_an_office_without_a_row_has_no_term(office: str) -> None:
    """No other office's rule stands in for one that is not there."""
    assert term_of(patent(office, "B1", "2012-03-04", patent_type="invention")) is None


def test_a_mark_is_protected_for_ten_years() -> None:
    """A Chinese mark's last day is the one before that of its registration, ten years on."""
    row = {"office": "CN", "mark_text": "某某", "registration_date": day("2016-07-14")}
    term = term_of(row)
    assert term is not None
    assert (term.nominal, term.grace_months) == (day("2026-07-13"), 6)


def test_a_german_mark_goes_by_its_day_of_registration() -> None:
    """Registered before 2019-01-14 it ends with the month, later on the day."""
    row = {"office": "DE", "mark_text": "Beispiel", "filing_date": day("2018-12-05")}
    old = term_of({**row, "registration_date": day("2019-01-11")})
    new = term_of({**row, "registration_date": day("2019-01-14")})
    assert old is not None
    assert new is not None
    assert (old.nominal, new.nominal) == (day("2028-12-31"), day("2028-12-05"))


def test_every_row_of_the_tables_says_what_records_can_answer() -> None:
    """Columns that are counted from are a record's; rights are known; each row names its source."""
    for rules in term_rules().values():
        for rule in rules:
            schema = SCHEMAS["trademark" if rule.right == "trademark" else "patent"]
            assert rule.right in (*PATENT_TYPES, "trademark")
            assert rule.counted_from in (*schema.names, "earliest_filing")
            assert rule.or_counted_from in (*schema.names, "")
            assert rule.years > 0
            assert rule.source
    for opposition in (rule for rules in opposition_rules().values() for rule in rules):
        assert opposition.right in ("patent", "trademark")
        assert opposition.source
        assert opposition.has_period == bool(opposition.counted_from)


def test_no_two_rules_are_for_one_day_of_filing() -> None:
    """The rows of an office and right do not overlap: of two laws one applies."""
    for rules in term_rules().values():
        for one, other in pairwise(rules):
            filed = one.filed.last is not None and one.filed.last < other.filed.first
            registered = one.registered.last is not None and (
                other.registered.first is not None and one.registered.last < other.registered.first
            )
            assert filed or registered, (one, other)


def test_the_tables_have_no_column_that_is_not_read() -> None:
    """A misspelled column is an error, not a rule that is silently another."""
    for name, tables in (("terms.toml", ("term", "kind")), ("opposition.toml", ("opposition",))):
        text = resources.files("ipsearch.data").joinpath(name).read_text("utf-8")
        assert set(tomllib.loads(text)) == set(tables)
    assert term_rules()
    assert opposition_rules()


@pytest.mark.parametrize(
    ("office", "code", "right", "is_granted"),
    [
        ("CN", "A", "invention", False),
        ("CN", "B", "invention", True),
        ("CN", "C", "invention", True),
        ("CN", "U", "utility_model", True),
        ("CN", "S", "design", True),
        ("US", "A", "invention", True),  # until 2000: applications were not published
        ("US", "A1", "invention", False),
        ("US", "B2", "invention", True),
        ("US", "P1", "plant", False),
        ("US", "P3", "plant", True),
        ("EP", "A1", "invention", False),
        ("KR", "U", "utility_model", False),
        ("KR", "Y1", "utility_model", True),
    ],
)
def test_a_kind_code_tells_an_application_from_a_grant(
    office: str, code: str, right: str, is_granted: bool
) -> None:
    """What a code means depends on the office; a whole code goes before its letter."""
    rule = kind_rule(office, code)
    assert rule is not None
    assert (rule.right, rule.is_granted) == (right, is_granted)


def test_a_record_is_told_by_its_columns() -> None:
    """Whole rows of both schemas are recognised, and so are a few dates of a mark."""
    assert kind_of(dict.fromkeys(PATENT.names)) == "patent"
    assert kind_of(dict.fromkeys(TRADEMARK.names)) == "trademark"
    assert kind_of({"registration_date": day("2020-01-01")}) == "trademark"
    assert right_of({"office": "CN", "kind_code": "S"}) == "design"
    assert right_of({"office": "CN"}) is None
