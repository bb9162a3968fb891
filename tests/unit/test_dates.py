from __future__ import annotations

import datetime

import pytest

from ipsearch.sources.dates import parse_date


@pytest.mark.parametrize(
    "value",
    [
        "2021年3月5日",
        "2021年03月05日",
        "20210305",
        "2021.03.05",
        "2021-3-5",
        "2021/3/5",
        "2021-03-05 08:30:00",
        "2021-03-05T00:00:00Z",
        "２０２１年３月５日",
        "二〇二一年三月五日",
        "5 Mar 2021",
        "March 5, 2021",
        "44260",
        44260.0,
        20210305,
        datetime.date(2021, 3, 5),
        datetime.datetime(2021, 3, 5, 12, 0),
    ],
)
def test_every_way_to_write_a_day(value: object) -> None:
    """Each of these is the fifth of March 2021."""
    assert parse_date(value) == datetime.date(2021, 3, 5)


@pytest.mark.parametrize("value", ["", " ", "-", "0", 0, None, "无", "N/A"])
def test_no_date_is_none(value: object) -> None:
    """Where nothing stands there is no date, and that is no error."""
    assert parse_date(value) is None


@pytest.mark.parametrize("value", ["2021-02-30", "05/03/2021", "2021-03", "19870000", "甲", "123"])
def test_what_is_no_day_is_refused_with_the_value(value: str) -> None:
    """A day that does not exist, a partial or an ambiguous date is an error that names it."""
    with pytest.raises(ValueError, match=value):
        parse_date(value)


def test_chinese_numerals_of_every_day_of_a_month() -> None:
    """The days from 一 to 三十一 are read as 1 to 31."""
    ones = "一二三四五六七八九"
    names = [*ones, "十", *("十" + one for one in ones), "二十", *("二十" + one for one in ones)]
    names += ["三十", "三十一"]
    days = [parse_date(f"二〇二一年一月{name}日") for name in names]
    assert days == [datetime.date(2021, 1, day) for day in range(1, 32)]
