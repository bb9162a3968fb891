"""Short texts are cut without jieba as jieba cuts them."""

from __future__ import annotations

import random
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.analysis import Analyzer, fold, folding, lookup
from ipsearch.analysis.segmentation import _mark

HAN = "石墨烯电池的一种根据权利要求天天天々〇𠮷𫗧㐀龢"
CHARS = HAN + "か カ한글c+#&.-_%a1é αβ,。（）\n%$①\u0301\u200b"
texts = st.text(st.one_of(st.sampled_from(CHARS), st.characters(exclude_categories=["Cs"])))


@cache
def dictionary() -> dict[str, int]:
    """Read all words with their frequencies."""
    lines = lookup.dictionary_path().read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count, *_ in (line.split(" ") for line in lines)}


def assert_alike(text: str) -> None:
    """Compare with jieba itself what it is given of a text."""
    jieba = Analyzer().cutter()
    folded = fold("".join(char for char in text if char not in folding.RESERVED))
    marked = folding.from_codes(_mark(folding.short_codes(folded))[0]) if folded else ""
    for begin in range(0, len(marked), lookup.SHORT):
        piece = marked[begin : begin + lookup.SHORT]
        assert lookup.cut_short(piece) == jieba.cut(piece, False)


def test_the_dictionary_is_as_bisection_takes_it() -> None:
    """From the first Han character on it is sorted by first characters; of Han is nothing before;
    the sum and the longest word are what the module says."""
    words = list(dictionary())
    begin = words.index("一")
    firsts = [word[0].encode() for word in words[begin:]]
    assert firsts == sorted(firsts)
    assert not [word for word in words[:begin] if min(word) > "\u3400"]
    assert sum(dictionary().values()) == lookup.TOTAL
    assert max(map(len, words[begin:])) == lookup._LONGEST


def test_all_words_of_a_character_are_found() -> None:
    """Where its words are in no order, at both ends of the file, and where there are none."""
    for character in "吉高一龢龠电㐀𠮷":
        wanted = {word for word in dictionary() if word[0] == character}
        assert set(lookup.words_from(character)) == wanted


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_text_is_cut_as_jieba_cuts_it(text: str) -> None:
    """Signs, letters, kana and rare characters among the words."""
    assert_alike(text)


def test_dictionary_words_in_any_order_are_cut_alike() -> None:
    """Runs made of jieba's own words, where ways of nearly equal probability are many."""
    pick = random.Random(5)
    words = list(dictionary())
    for _ in range(1_000):
        assert_alike("".join(pick.choices([*words, "，", "1", "a-b", "的"], k=20)))
        assert_alike("".join(pick.choices("天地人大小天天-%", k=60)))


def test_long_texts_many_texts_and_words_of_a_user_are_left_to_jieba() -> None:
    """What only jieba knows, or does sooner, it is asked."""
    jieba = Analyzer().cutter()
    asked: list[int] = []

    def load() -> lookup.Cutter:
        asked.append(1)
        return jieba

    long = "石墨烯电池" * lookup.SHORT
    lookup.words_from.cache_clear()
    cutter = lookup.LookupCutter(load)
    assert cutter.cut("石墨烯电池", False) == jieba.cut("石墨烯电池", False) and not asked
    assert cutter.cut(long, False) == jieba.cut(long, False) and len(asked) == 1
    for code in range(0x4E00, 0x4E00 + 2 * lookup._MOST_CHARACTERS):
        assert cutter.cut(f"{chr(code)}天", False) == jieba.cut(f"{chr(code)}天", False)
    assert lookup.words_from.cache_info().currsize <= lookup._MOST_CHARACTERS + 2
    text = "一种包覆的三元正极材料"
    assert "三元正极" in Analyzer(("三元正极",)).segmenter().words(text)
    assert "三元正极" not in Analyzer().segmenter().words(text)
