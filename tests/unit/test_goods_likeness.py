"""Likeness of goods: each rule, on goods of the table."""

from __future__ import annotations

from typing import Any

import pytest

from ipsearch.errors import ClassificationError, UnknownNameError
from ipsearch.marks.goods import (
    Goods,
    asked_goods,
    goods_likeness,
    groups_of_goods,
    recorded_goods,
)
from ipsearch.marks.goods_places import Place
from ipsearch.marks.goods_rules import WEIGHTS


def entry(
    number: int, groups: str = "", goods: tuple[str, ...] = (), edition: str | None = None
) -> dict[str, Any]:
    """Make one class of a mark; `groups` are written 0913三, separated by spaces."""
    return {
        "nice_class": number,
        "edition": edition,
        "similar_groups": [{"group": g[:4], "part": g[4:] or None} for g in groups.split()],
        "goods": list(goods),
        "status": None,
        "status_date": None,
    }


CASES = [
    # within a group
    ("0901", [entry(9, "0901")], "same_group"),
    ("0913(三)", [entry(9, "0913三")], "same_part"),
    ("0913(一)", [entry(9, "0913四")], "parts_not_similar"),
    ("0913(三)", [entry(9, "0913四")], "similar_by_note"),
    ("0913(一)", [entry(9, "0913")], "part_unknown"),
    ("0913", [entry(9, "0913")], "part_unknown"),
    ("0913(一)", [entry(9, "0913", ("变压器(电)",))], "parts_not_similar"),
    ("0913(四)", [entry(9, "0913", ("变压器(电)",))], "same_part"),
    ("0913(一)", [entry(9, "0913", ("变压器(电)", "无名之物"))], "part_unknown"),
    ("0910(一)", [entry(9, "", ("测绘仪器",))], "first_paragraph"),
    ("0102(四)", [entry(1, "0102四")], "by_function"),
    ("3508", [entry(35, "3508")], "paragraph_unknown"),
    ("寻找赞助", [entry(35, "3508", ("收银机出租",))], "goods_not_similar"),
    ("寻找赞助", [entry(35, "3508", ("寻找赞助",))], "same_goods"),
    ("全息图", [entry(9, "0902五", ("投票机",))], "goods_not_similar"),
    ("0501(一)", [entry(5, "0501二")], "similar_by_note_some"),
    ("卫生消毒剂", [entry(5, "", ("人用药",))], "parts_not_similar"),
    # across groups
    ("0301", [entry(3, "0306")], "similar_by_note_some"),
    ("化妆棉", [entry(21, "2110")], "similar_by_note"),
    ("光盘", [entry(9, "0908", ("光盘(音像)",))], "similar_by_note"),
    ("光盘", [entry(9, "0908", ("唱片",))], "same_class"),
    ("光盘", [entry(9, "0908", ("无名之物",))], "similar_by_note_some"),
    ("光盘", [entry(9, "0908")], "similar_by_note_some"),
    ("0610", [entry(20, "2010")], "different"),
    ("金属锁(非电)", [entry(9, "0920")], "similar_by_note_some"),
    ("金属钥匙", [entry(20, "", ("塑料钥匙",))], "similar_by_note"),
    ("0306", [entry(25, "2501")], "different"),
    ("0306", [entry(5, "0501")], "similar_by_note_some"),
    # earlier editions
    ("3202", [entry(30, "3011", ("豆浆",), "10-2015")], "searched_by_edition"),
    ("3202", [entry(30, "3011", (), "NCL(9)")], "searched_by_edition_some"),
    ("3202", [entry(30, "3011", ("豆浆",))], "searched_by_edition_some"),
    ("3202", [entry(30, "3011", ("豆浆",), "11-2020")], "different"),
    # what is left open
    ("第9类", [entry(9, "0901")], "whole_class"),
    ("0901", [entry(9)], "class_only"),
    ("0901", [entry(9, "", ("无名之物",))], "class_only"),
    ("0901", [entry(9, "04C01")], "class_only"),
    ("0306", [entry(21)], "class_related"),
    ("0306", [entry(12)], "different"),
    ("0901", [], "class_unknown"),
    ("", [entry(9, "0901")], "not_asked"),
    # English
    ("computer keyboards", [entry(9, "", ("Computer keyboards",))], "same_goods"),
    ("computer keyboards", [entry(9, "0901")], "same_group"),
]


def ask(text: str) -> Goods:
    """Read a class, a group or goods in words."""
    if not text:
        return asked_goods()
    if text.startswith("第"):
        return asked_goods(classes=[text])
    return asked_goods(groups=[text]) if text[:4].isdigit() else asked_goods(goods=[text])


@pytest.mark.parametrize(("asked", "held", "rule"), CASES)
def test_rules(asked: str, held: list[dict[str, Any]], rule: str) -> None:
    """Each rule decides where the table or the record gives it, and counts as its table says."""
    found = goods_likeness(ask(asked), recorded_goods(held))
    assert found.rule == rule
    assert found.score == WEIGHTS[found.rule].score


def test_the_strongest_rule_decides() -> None:
    """Of several classes and groups the likest counts, and the detail says which."""
    asked = asked_goods(classes=["42", 9, 3], groups=["0901"], goods=["化妆棉"])
    held = recorded_goods([entry(21, "2110"), entry(25, "2501")])
    assert goods_likeness(asked, held) == (0.9, "similar_by_note", "0306: 化妆棉 ~ 2110")
    more = recorded_goods([entry(21, "2110"), entry(9, "0901")])
    assert goods_likeness(asked, more) == (1.0, "same_group", "0901")


def test_groups_and_goods_narrow_their_class() -> None:
    """A class asked for together with one of its groups is not covered as a whole."""
    narrow, wide = asked_goods([9], ["0901"]), asked_goods([9, 42], ["0901"])
    assert narrow.open_classes == frozenset() and wide.open_classes == {42}
    held = recorded_goods([entry(9, "0916")])
    assert goods_likeness(narrow, held).rule == "same_class"
    assert goods_likeness(asked_goods([9]), held).rule == "whole_class"


def test_words_are_looked_for_in_the_classes_asked_for() -> None:
    """Goods in words give their places; in a class that has nothing like them they are kept."""
    assert asked_goods(goods=["手机"]).places == (Place("0907", "", 1),)
    assert {place.group for place in asked_goods(goods=["服装"]).places} == {
        *("2501", "2502", "2503", "2504", "2505")
    }
    kept = asked_goods([25], goods=["手机"])
    assert kept.open_classes == {25} and kept.loose_names == {(25, "手机")}
    held = recorded_goods([entry(25, "2501", ("手机",))])
    assert goods_likeness(kept, held).rule == "same_goods"


@pytest.mark.parametrize(
    ("question", "error", "message"),
    [
        ({"classes": [46]}, ClassificationError, "1-45"),
        ({"classes": ["零"]}, ClassificationError, "1-45"),
        ({"groups": ["0999"]}, UnknownNameError, "class 9 has"),
        ({"groups": ["0913(九)"]}, UnknownNameError, "its parts are"),
        ({"goods": ["嘟嘟噜"]}, ClassificationError, "give a class"),
        ({"goods": [""]}, ClassificationError, "give a class"),
    ],
)
def test_wrong_questions(question: dict[str, Any], error: type[Exception], message: str) -> None:
    """What does not exist is refused with what there is."""
    with pytest.raises(error, match=message):
        asked_goods(**question)


def test_a_record_may_say_little() -> None:
    """Missing columns, other offices' groups and groups that are no more are taken as they are."""
    odd = [{"nice_class": None}, {"nice_class": 9}, {"nice_class": 30, "similar_groups": None}]
    assert recorded_goods(odd).open_classes == {9, 30}
    former = recorded_goods([entry(30, "3011")])
    assert former.places == (Place("3011"),) and not former.open_classes
    assert goods_likeness(former, former).rule == "same_group"


def test_groups_of_goods_are_all_or_none() -> None:
    """Goods of the table give their groups and parts; one that is not in it leaves all unknown."""
    assert groups_of_goods(["变压器(电)", "手机", "mobile telephones"], 9) == [
        {"group": "0913", "part": "四"},
        {"group": "0907", "part": None},
    ]
    assert groups_of_goods(["手机", "无名之物"], 9) == []
    assert groups_of_goods(["手机"], 25) == []
