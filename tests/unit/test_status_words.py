from __future__ import annotations

import pytest

from ipsearch.records import LEGAL_STATUSES
from ipsearch.sources.status_words import STATUS_WORDS, read_status


def test_every_word_has_one_of_the_statuses_or_none() -> None:
    """The dictionary leads to values of the schema only."""
    assert {status for status in STATUS_WORDS.values() if status} <= set(LEGAL_STATUSES)


@pytest.mark.parametrize(
    ("text", "status", "events", "unknown"),
    [
        ("授权", "granted", [], []),
        ("有权", "granted", [], []),
        ("实质审查", "pending", [], []),
        ("驳回", "refused", [], []),
        ("未缴年费", "lapsed", [], []),
        ("失效（未缴年费）", "lapsed", [], []),
        ("授权 | 权利转移 | 质押", "granted", ["权利转移", "质押"], []),
        ("权利转移;授权", "granted", ["权利转移"], []),
        ("已注册", "registered", [], []),
        ("等待实质审查", "pending", [], []),
        ("商标无效", "lapsed", [], []),
        ("初审公告", "pending", [], []),
        ("前所未闻", None, ["前所未闻"], ["前所未闻"]),
        ("", None, [], []),
    ],
)
def test_words_of_a_cell(
    text: str, status: str | None, events: list[str], unknown: list[str]
) -> None:
    """The first word with a status gives it; the others are events, and unknown ones are told."""
    assert read_status(text) == (status, events, unknown)
