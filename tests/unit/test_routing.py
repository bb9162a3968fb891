"""Which application a record speaks of."""

from __future__ import annotations

import pytest

from ipsearch.corpus.routing import application_key, number_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EP10167109.5", "EP10167109"),
        ("CN200710123456.X", "CN200710123456"),
        ("DE102010012345.6", "DE102010012345"),
    ],
)
def test_a_check_digit_is_no_part_of_the_key(one: str, other: str) -> None:
    """An application's number with its check digit and without are one application."""
    assert number_key(one) == number_key(other) == other
    rows = [{"office": one[:2], "application_number": number} for number in (one, other)]
    assert application_key(rows[0], "patent") == application_key(rows[1], "patent")


def test_other_numbers_are_keys_as_they_are() -> None:
    """Nothing else is taken for a check digit."""
    for number in ("US12345678", "PCT/CN2019/123456", "JPH05123456", "CN12345678"):
        assert number_key(number) == number
