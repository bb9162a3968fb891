"""Goods in words: which groups they are found in."""

from __future__ import annotations

import pytest

from ipsearch.marks import goods_table as table
from ipsearch.marks.goods_words import LONGEST, find_goods, read_goods


def test_every_name_finds_its_own_groups() -> None:
    """The name of goods finds all groups that have them, before all others."""
    groups: dict[str, set[tuple[str, str]]] = {}
    for item in table.goods():
        groups.setdefault(item.name, set()).add((item.group, item.part))
    for name, places in groups.items():
        hits = find_goods(name, limit=len(places))
        assert {(hit.group, hit.part) for hit in hits} >= places, name
        assert all(hit.rule == "name" and hit.score == 1.0 for hit in hits), name


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("家用洗衣机", "0724"),
        ("儿童玩具汽车", "2802"),
        ("有机咖啡豆", "3001"),
        ("电动汽车", "1202"),
        ("充电宝", "0922"),
        ("ＡＰＰ", "0901"),
        ("洗衣機", "0724"),
        ("Restaurant services", "4301"),
        ("semiconductors", "0913"),
        ("leather shoes for women", "2507"),
    ],
)
def test_words_find_a_group(words: str, group: str) -> None:
    """Words that are no name of the table find the group of what is like them, first of all."""
    hits = find_goods(words)
    assert hits[0].group == group
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert read_goods(words)[0] == hits[0]


@pytest.mark.parametrize("words", ["", " ", "嘟嘟噜", "xyzzy", "😀", "12345", "\u202e", "的"])
def test_nothing_is_found_for_what_is_no_goods(words: str) -> None:
    """Words that are like no goods find none, and none is read."""
    assert read_goods(words) == []


def test_classes_narrow() -> None:
    """In given classes only their goods are found."""
    assert {hit.group[:2] for hit in find_goods("软件", classes=[42])} == {"42"}
    assert find_goods("手机", classes=[31]) == []


def test_one_hit_for_a_place() -> None:
    """Each group and part is given once, at most `limit` of them."""
    hits = find_goods("机器", limit=7)
    assert len(hits) == 7 == len({(hit.group, hit.part) for hit in hits})


def test_long_texts_are_cut() -> None:
    """Of a text only the beginning is looked at."""
    assert find_goods("手机" * LONGEST) == find_goods("手机" * (LONGEST // 2))
