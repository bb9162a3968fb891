"""Weak words and meanings."""

from __future__ import annotations

import pytest

from ipsearch.marks import meaning
from ipsearch.marks.weak_words import (
    AFFIX,
    WEIGHT_UNIT,
    Weak,
    character_weights,
    divide_characters,
    divide_words,
    weak_factor,
    weak_kinds,
)

ANY = weak_kinds(frozenset())


@pytest.mark.parametrize(
    ("text", "core", "weak"),
    [
        ("麦浪集团", "麦浪", ["集团"]),
        ("北京麦浪科技有限公司", "麦浪", ["北京", "科技", "有限公司"]),
        ("麦浪", "麦浪", []),
        ("集团", "集团", []),
        ("上海滩", "上海滩", []),
        ("上海滩酒店", "上海滩", ["酒店"]),
        ("中国集团", "中国", ["集团"]),
        ("麦浪电池", "麦浪电池", []),
    ],
)
def test_core_of_characters(text: str, core: str, weak: list[str]) -> None:
    """Weak words leave a core of two characters at least; goods are weak in their class alone."""
    divided = divide_characters(text, ANY)
    assert divided.core == core
    assert [word for word, _ in divided.weak] == weak


def test_goods_of_a_class() -> None:
    """What goods are called is weak for those goods, a single character at the end alone."""
    batteries, teas = weak_kinds(frozenset({9})), weak_kinds(frozenset({30}))
    assert divide_characters("麦浪电池", batteries).core == "麦浪"
    assert divide_characters("麦浪茶", teas).core == "麦浪"
    assert divide_characters("茶麦浪", teas).core == "茶麦浪"
    assert divide_characters("麦浪茶", ANY).core == "麦浪茶"


def test_core_of_words() -> None:
    """Words are divided likewise; articles are no part of the core."""
    assert divide_words(("the", "lumora", "group"), ANY).words == ("lumora",)
    assert divide_words(("the", "lumora", "group"), ANY).weak == (Weak("group", "legal"),)
    assert divide_words(("group",), ANY).words == ("group",)
    assert divide_words(("the",), ANY).words == ("the",)


def test_weights_of_characters() -> None:
    """The first character weighs more, affixes of longer names less."""
    first = character_weights("麦浪")[0]
    assert first > WEIGHT_UNIT
    assert character_weights("新麦浪") == [AFFIX, first, WEIGHT_UNIT]
    assert character_weights("麦浪坊") == [first, WEIGHT_UNIT, AFFIX]
    assert character_weights("新麦") == [first, WEIGHT_UNIT]


def test_weak_factor() -> None:
    """What one sign has and the other lacks lowers a score, what both have does not."""
    group, china = Weak("集团", "legal"), Weak("中国", "place")
    assert weak_factor((group,), (group,)) == 1.0
    assert 1.0 > weak_factor((group,), ()) > weak_factor((group, china), ()) > 0.8
    assert weak_factor((group,), (china,)) == weak_factor((china,), (group,))


@pytest.mark.parametrize(
    ("characters", "words"),
    [
        ("金狮", "golden lion"),
        ("雪豹", "snow leopard"),
        ("皇冠", "crown"),
        ("红狐", "red foxes"),
        ("玫瑰之心", "rose heart"),
    ],
)
def test_meaning_in_both_languages(characters: str, words: str) -> None:
    """A compound means what its words mean."""
    known = meaning.of_characters(characters)
    words_known = meaning.of_words([w.removesuffix("es") for w in words.split()])
    assert known
    assert known == words_known


@pytest.mark.parametrize("text", ["澜禾", "之", "的金", "金澜", "", "金" * 9])
def test_unknown_meaning(text: str) -> None:
    """A sign of which any part is not known has no meaning."""
    assert meaning.of_characters(text) == ()


def test_every_line_of_the_lexicon_is_read() -> None:
    """There are at least five hundred meanings in both languages, each with a name of its own."""
    chinese, english = meaning._lexicon()
    shared = set(chinese.values()) & set(english.values())
    assert len(shared) > 500
    assert {meaning.name((number,)) for number in shared} <= set(english)
    assert meaning.name(meaning.of_characters("金狮")) == "gold+lion"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("五六七", "567"),
        ("一百零二", "102"),
        ("两万五千", "25000"),
        ("十", "10"),
        ("壹佰", "100"),
        ("七号", "7号"),
    ],
)
def test_numbers(text: str, digits: str) -> None:
    """Numbers in characters are the numbers that they say."""
    assert meaning.with_digits(text) == digits


def test_words_of_the_dictionary() -> None:
    """Whether a run is a word, where one begins, which words cover a place."""
    assert meaning.is_word("医生")
    assert not meaning.is_word("澜禾")
    assert meaning.words_across("白天使", 2) == {"天使"}
    assert meaning.is_border("浪花城堡", 2)
    assert not meaning.is_border("花城堡", 2)
