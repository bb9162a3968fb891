"""Dates and counts as a searcher writes them."""

from __future__ import annotations

import pytest

from ipsearch.search.points import integer_span, time_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2021", (20210101, 20211231)),
        ("2021年", (20210101, 20211231)),
        ("2021-02", (20210201, 20210228)),
        ("202402", (20240201, 20240229)),
        ("2021年2月", (20210201, 20210228)),
        ("2021-3-5", (20210305, 20210305)),
        ("2021/03/05", (20210305, 20210305)),
        ("2021.03.05", (20210305, 20210305)),
        ("20210305", (20210305, 20210305)),
        ("２０２１年３月５日", (20210305, 20210305)),
        ("2000-02-29", (20000229, 20000229)),
        ("1900-02-28", (19000228, 19000228)),
        ("9999-12-31", (99991231, 99991231)),
        ("0000", (101, 1231)),
    ],
)
def test_time_span(text: str, span: tuple[int, int]) -> None:
    """A day is itself; a month and a year run from their first day to their last."""
    assert time_span(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21",
        "2021-13",
        "2021-00",
        "2021-02-30",
        "1900-02-29",
        "2021-2-3-4",
        "x",
        "-2021",
        "2021 3",
        "20211",
        "20210305x",
        "202103051",
        "2021–03",
    ],
)
def test_no_date(text: str) -> None:
    """Anything else, days that no calendar has too, is refused and named."""
    with pytest.raises(ValueError, match=r"is not a date|there is no"):
        time_span(text)


def test_integer_span() -> None:
    """A whole number is itself twice, in any digits; anything else is refused."""
    assert integer_span("12") == integer_span(" １２ ") == integer_span("١٢") == (12, 12)
    for text in ("", "-1", "1.5", "1e3", "x", "9" * 10, "²x"):
        with pytest.raises(ValueError, match="is not a whole number"):
            integer_span(text)
