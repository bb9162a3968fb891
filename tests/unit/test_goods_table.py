"""The table of similar groups: what is in it, and what it refuses."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import get_args

import pytest

from ipsearch.errors import ClassificationError, UnknownNameError
from ipsearch.marks import goods_table as table
from ipsearch.marks.goods_everyday import EVERYDAY
from ipsearch.marks.goods_rules import WEIGHTS, GoodsRule

DUMP = Path(__file__).parents[2].parent / "shared" / "data" / "nice_zh" / "data.sql"
needs_dump = pytest.mark.skipif(not DUMP.exists(), reason="no shared data")

CODE = r"(?:C\d{6}|(?<![\dC])\d{6}(?!\d))"


@pytest.fixture(scope="module")
def contents() -> dict[str, str]:
    """What the dump says of each group, as one text."""
    rows = re.findall(r"\(\d+,\d+,'(\d{4})','[^']*','([^']*)'", DUMP.read_text(encoding="utf-8"))
    found = {code: text.replace("\\n", "\n").replace("CO", "C0") for code, text in rows}
    own, following = found["4007"].split("\n4008", 1)
    return found | {"4007": own, "4008": following}


def test_every_class_has_groups() -> None:
    """The 45 classes all have groups, and every group has goods of its own class."""
    assert {int(code[:2]) for code in table.groups()} == set(range(1, 46))
    assert {item.group for item in table.goods()} == set(table.groups())
    assert all(item.code.lstrip("C")[:2] == item.group[:2] for item in table.goods())


def test_goods_stand_in_parts_that_their_group_has() -> None:
    """A part of goods is one of their group's, or none; paragraphs count from 1 without a gap."""
    paragraphs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for item in table.goods():
        assert item.part in ("", *table.groups()[item.group].parts)
        paragraphs[item.group, item.part].append(item.paragraph)
    for numbers in paragraphs.values():
        assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))
        assert numbers == sorted(numbers)


def test_relations_speak_of_what_there_is() -> None:
    """A relation names parts, paragraphs and goods of the table, but for earlier editions."""
    places = {(item.group, item.part, item.paragraph) for item in table.goods()}
    names = defaultdict(set)
    for folded, items in table.goods_by_name().items():
        for item in items:
            names[item.group].add(folded)
    for relation in (one for pair in table.relations().values() for one in pair):
        for scope in (relation.left, relation.right):
            if (relation.edition and scope is relation.right) or scope.group == "1203":
                continue  # 1203 was moved, and one note still names it
            within = [
                (part, paragraph)
                for group, part, paragraph in places
                if group == scope.group and scope.part in (table.ANY, part)
            ]
            assert within
            assert not scope.paragraph or scope.paragraph in {number for _, number in within}
            if scope.only != "ending":
                assert scope.names <= names[scope.group]
            assert bool(scope.names) == (scope.only not in ("all", "described"))


@needs_dump
def test_no_goods_are_lost(contents: dict[str, str]) -> None:
    """Every code of the dump stands in the table, in the groups where the dump has it."""
    expected = {
        (code, item.replace("0705650", "070565"))
        for code, text in contents.items()
        for item in re.findall(CODE, text.replace("0705650", "070565"))
    }
    assert {(item.group, item.code) for item in table.goods()} == expected


@needs_dump
def test_parts_are_those_of_the_dump(contents: dict[str, str]) -> None:
    """The parts of a group are those with which lines of goods begin, and no others."""
    for code, text in contents.items():
        parts = re.findall(rf"^ ?\(([一二三四五六七八九十]+)\)(?=.*?{CODE})", text, re.MULTILINE)
        assert list(table.groups()[code].parts) == list(dict.fromkeys(parts)), code


@needs_dump
def test_every_group_that_a_note_names_is_related(contents: dict[str, str]) -> None:
    """What a note names as similar or searched together has a relation with the note's group."""
    related = {frozenset(pair) for pair in table.relations()}
    for code, text in contents.items():
        notes = re.split("注[：:]", text)[1:]
        for note in notes:
            note = re.sub(r"\d{6}|C\d{6}|(?:现属于|属于)[\d、]+|第八版时移入\d{4}", "", note)
            note = re.sub(r"[(（][\d,第()一二三四五六七八九十部分]+[)）]", "", note)
            for other in set(re.findall(r"(?<!\d)\d{4}(?!\d)", note)) - {code}:
                assert frozenset((code, other)) in related, (code, other)


@needs_dump
def test_groups_whose_parts_are_apart(contents: dict[str, str]) -> None:
    """Parts are not similar in just the groups whose note says so."""
    says = {
        code
        for code, text in contents.items()
        if re.search("(?<!原)各部分之间(商品|服务)不类似|其他商品不类似", text)
    }
    assert {code for code, group in table.groups().items() if group.has("parts_apart", "")} == says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0901", ("0901", None)),
        ("0913（三）", ("0913", "三")),
        ("0102(20)", ("0102", "二十")),
    ],
)
def test_groups_are_read(text: str, expected: tuple[str, str | None]) -> None:
    """A group is read with its part, in any usual spelling."""
    assert table.check_group(text) == expected


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("0999", UnknownNameError, "no similar group 0999; class 9 has: 0901 0902"),
        ("3011", UnknownNameError, "3011 since edition 10 .*; class 30 has: 3001"),
        ("0901(一)", UnknownNameError, "0901 has no part 一; it has no parts"),
        ("0914(三)", UnknownNameError, "0914 has no part 三; its parts are: 一 二"),
        ("4601", ClassificationError, "not a similar group"),
        ("090001", ClassificationError, "an item's code"),
        ("手机", ClassificationError, "not a similar group"),
    ],
)
def test_what_is_no_group_is_refused(text: str, error: type[Exception], message: str) -> None:
    """A group or part that does not exist is refused with those there are."""
    with pytest.raises(error, match=message):
        table.check_group(text)


@pytest.mark.parametrize("text", [0, 46, "46", "0", "", "九九"])
def test_what_is_no_class_is_refused(text: str | int) -> None:
    """There are classes 1 to 45 and no others."""
    with pytest.raises(ClassificationError, match="1-45"):
        table.check_class(text)


def test_everyday_words_stand_for_goods_of_the_table() -> None:
    """Each everyday word is folded, no name of the table, and stands for names it has."""
    by_name = table.goods_by_name()
    for word, names in EVERYDAY.items():
        assert table.fold_all([word]) == [word] and word not in by_name
        assert all(folded in by_name for folded in table.fold_all(names))


def test_every_rule_has_a_reason() -> None:
    """Scores are in 0..1, every rule has one, and says why in both languages."""
    assert set(WEIGHTS) == set(get_args(GoodsRule))
    for weight in WEIGHTS.values():
        assert 0 <= weight.score <= 1 and weight.reason.isascii() and not weight.reason_zh.isascii()
