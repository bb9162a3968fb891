"""Whether a right is in force: granted, not lapsed, term not over; what is unknown stays so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ipsearch.records import PATENT, TRADEMARK
from ipsearch.rights import Force, in_force

ON = date(2026, 11, 26)
GRANTED: dict[str, Any] = {
    "office": "CN",
    "kind_code": "B",
    "patent_type": "invention",
    "filing_date": date(2012, 3, 4),
    "publication_date": date(2015, 1, 7),
    "grant_date": date(2015, 1, 7),
    "legal_status": "granted",
    "status_date": date(2015, 1, 7),
}
MARK: dict[str, Any] = {
    "office": "CN",
    "mark_text": "某某",
    "filing_date": date(2015, 1, 1),
    "registration_date": date(2016, 7, 14),
    "legal_status": "registered",
    "status_date": date(2016, 7, 14),
}


def patent(on: date = ON, **changes: Any) -> Force:
    return in_force(GRANTED | changes, on)


def mark(on: date = ON, **changes: Any) -> Force:
    return in_force(MARK | changes, on)


def test_granted_alive_and_within_its_term_is_in_force() -> None:
    """All three are known: the right is in force on its last day, and not the day after."""
    force = patent()
    assert force.value == "in force"
    assert force.term is not None
    assert force.term.nominal == date(2032, 3, 3)
    model = {"patent_type": "utility_model", "kind_code": "U"}
    assert patent(date(2022, 3, 3), **model).value == "in force"
    assert patent(date(2022, 3, 4), **model).value == "not in force"


@pytest.mark.parametrize("status", ["lapsed", "expired", "revoked", "withdrawn", "refused"])
def test_a_dead_status_settles_it(status: str) -> None:
    """Whatever ended it, the right is not in force from that day on."""
    force = patent(legal_status=status, status_date=date(2020, 1, 1))
    assert force.value == "not in force"
    assert force.as_of == date(2020, 1, 1)
    assert status in force.reason


def test_an_end_announced_later_leaves_the_days_before_unknown() -> None:
    """Offices announce a lapse after it came about; a revocation counts from the beginning."""
    before = date(2018, 1, 1)
    lapse = {"legal_status": "lapsed", "status_date": date(2020, 1, 1)}
    assert patent(before, **lapse).value == "unknown"
    assert patent(before, **(lapse | {"legal_status": "revoked"})).value == "not in force"
    assert patent(before, **(lapse | {"legal_status": "expired"})).value == "in force"


def test_an_event_newer_than_the_status_counts() -> None:
    """Events by code or by their Chinese name say what the record's status has not yet."""
    lapse = {"date": date(2019, 5, 7), "code": None, "name": "未缴年费专利权终止", "text": None}
    assert patent(legal_events=[lapse]).value == "not in force"
    coded = {"date": date(2019, 5, 7), "code": "CF01", "name": "x", "text": None}
    assert patent(legal_events=[coded]).value == "not in force"
    assert patent(date(2019, 5, 6), legal_events=[lapse]).value == "unknown"
    back = {"date": date(2020, 2, 2), "code": None, "name": "专利权的恢复", "text": None}
    assert patent(legal_events=[lapse, back]).value == "in force"


def test_a_grant_without_any_status_since_is_unknown() -> None:
    """That it was granted says nothing of the fees: it is kept as unknown, and says why."""
    force = patent(legal_status=None, status_date=None)
    assert force.value == "unknown"
    assert force.reason.startswith("no status since the grant is known")
    earlier = patent(legal_status="pending", status_date=date(2013, 1, 1))
    assert earlier.value == "unknown"


def test_an_application_is_unknown_unless_its_status_is() -> None:
    """A published application may have been granted since; one told to be pending is no right."""
    published = {"kind_code": "A", "grant_date": None}
    force = patent(**published, legal_status=None, status_date=None)
    assert force.value == "unknown"
    assert not force.is_pending
    pending = patent(**published, legal_status="pending", status_date=date(2013, 1, 1))
    assert pending.value == "not in force"
    assert pending.is_pending
    assert patent(**published).value == "in force"  # the status of the application says granted


def test_nothing_is_in_force_before_its_grant() -> None:
    """The day before the grant there was an application."""
    before = patent(date(2015, 1, 6))
    assert (before.value, before.is_pending) == ("not in force", True)
    assert patent(date(2015, 1, 7)).value == "in force"


def test_a_term_that_is_over_settles_it_without_a_status() -> None:
    """An old right is over, extensions included, whatever else is not known of it."""
    force = patent(legal_status=None, status_date=None, filing_date=date(1999, 1, 1))
    assert force.value == "not in force"
    assert "2018-12-31" in force.reason


def test_a_term_that_may_have_been_extended_is_unknown() -> None:
    """Within the years of a possible extension nothing is guessed."""
    assert patent(filing_date=date(2004, 1, 1)).value == "unknown"
    assert patent(filing_date=date(2004, 1, 1), expiry_date=date(2023, 12, 31)).value == (
        "not in force"
    )


def test_a_right_without_a_rule_or_a_date_has_an_unknown_term() -> None:
    """Of an office without a row, or a record without dates, the term is not known."""
    assert patent(office="ES", kind_code="B1").value == "unknown"
    assert patent(filing_date=None).value == "unknown"
    assert patent(office="ES", legal_status="lapsed").value == "not in force"


def test_an_international_application_is_no_right() -> None:
    """Patents come from the offices that it entered."""
    assert patent(office="WO", kind_code="A1", grant_date=None).value == "not in force"


def test_an_undated_status_is_the_record_s_last_word() -> None:
    """It counts as of the day it was delivered, or without one on every day."""
    assert patent(legal_status="lapsed", status_date=None).value == "not in force"
    delivered = {"legal_status": "lapsed", "status_date": None}
    before = patent(date(2018, 1, 1), **delivered, transaction_date=date(2020, 1, 1))
    assert before.value == "unknown"


def test_a_mark_is_in_force_until_its_term_and_perhaps_beyond() -> None:
    """After ten years it may be renewed, within six months of grace or before; that is unknown."""
    assert mark(date(2026, 7, 13)).value == "in force"
    grace = mark(date(2027, 1, 13))
    assert grace.value == "unknown"
    assert "may still be renewed" in grace.reason
    assert "whether it was renewed" in mark(date(2027, 1, 14)).reason
    assert mark(status_date=date(2026, 9, 1)).value == "in force"  # registered after the ten years
    renewed = mark(expiry_date=date(2036, 7, 13))
    assert renewed.value == "in force"


def test_an_opposed_mark_is_an_application_until_it_is_registered() -> None:
    """In most offices a mark is opposed before it is registered."""
    opposed = mark(registration_date=None, legal_status="opposed")
    assert (opposed.value, opposed.is_pending) == ("not in force", True)
    assert mark(date(2020, 1, 1), legal_status="opposed").value == "in force"


@pytest.mark.parametrize("names", [PATENT.names, TRADEMARK.names, []])
def test_a_record_that_says_nothing_is_unknown(names: list[str]) -> None:
    """Null in every column, or no column at all, is no error and no answer."""
    force = in_force(dict.fromkeys(names), ON)
    assert force.value == "unknown"
    assert force.reason
    assert force.explain("zh") != force.reason
