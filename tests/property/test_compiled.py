"""Compiled segmentation gives what the other gives, whatever the text."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.analysis import RESERVED, TEXT_END, VALUE_END, Analyzer, Segmenter
from ipsearch.analysis.analyzer import MANY_TEXTS
from ipsearch.analysis.folding import fold_joined_codes, from_codes

compiled = pytest.importorskip("ipsearch.analysis.compiled")

# Cut otherwise than by the dictionary's words: signs within words, letters beside Han, kana.
HAN = "石墨烯电池的一种根据权利要求天天天々〇𠮷𫗧㐀"
CHARS = HAN + "か カ한글c+#&.-_%a1é αβ,。（）\n%$ｶﾞ①㎏ﬁ\u0301\u200b"
texts = st.text(st.one_of(st.sampled_from(CHARS), st.characters(exclude_categories=["Cs"])))


def both(words: tuple[str, ...] = ()) -> tuple[Segmenter, Segmenter]:
    """Give the plain segmenter and the compiled one."""
    analyzer = Analyzer(words)
    return analyzer.segmenter(), analyzer.segmenter(MANY_TEXTS)


def items(text: str) -> list[str]:
    """Give the items of a text as the engine sees them."""
    return [item for item in re.split("[ \t]", text) if item]


def assert_alike(values: list[str], words: tuple[str, ...] = ()) -> None:
    """Compare what both make of the values: terms, places, and the record of terms seen."""
    plain, quick = both(words)
    plain.forget()
    quick.forget()
    joined = TEXT_END.join(values).encode()
    slow, fast = plain.cut_joined(joined, "ab"), quick.cut_joined(joined, "ab")
    assert list(map(items, fast.texts)) == list(map(items, slow.texts))
    assert [sorted(words.split()) for words in fast.hidden] == [
        sorted(words.split()) for words in slow.hidden
    ]
    assert quick.seen() == plain.seen()


@settings(max_examples=300, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4))
def test_any_texts_are_cut_alike(values: list[str]) -> None:
    """Terms, their places and the terms seen are the same as uncompiled."""
    cleaned = ["".join(char for char in value if char not in RESERVED) for value in values]
    assert_alike([VALUE_END.join(cleaned), *cleaned])


@settings(max_examples=300, deadline=None)
@given(st.lists(texts, max_size=4), st.sampled_from([VALUE_END, TEXT_END]))
def test_any_texts_are_folded_alike(values: list[str], mark: str) -> None:
    """Folding UTF-8 gives what folding the text gives."""
    joined = mark.join(values)
    kernel = compiled.make_kernel(())
    assert from_codes(kernel.fold(joined.encode())) == from_codes(fold_joined_codes(joined))


def test_dictionary_words_in_any_order_are_cut_alike() -> None:
    """Runs made of jieba's own words, where ways of nearly equal probability are many."""
    pick = random.Random(8)
    words = compiled.make_kernel(()).spelled.to_pylist()
    values = ["".join(pick.choices([*words, "，", "1", "a-b", "的"], k=200)) for _ in range(500)]
    assert_alike(values)
    # Few characters: most of their ways are equally probable but for rounding.
    assert_alike(["".join(pick.choices("天地人大小天天-%", k=60)) for _ in range(2_000)])


def test_compiled_code_takes_over_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a few long texts the rest is cut by compiled code: nothing else changes."""
    plain, _ = both()
    monkeypatch.setattr("ipsearch.analysis.analyzer.MANY_BYTES", 100)
    switching = Analyzer().segmenter()
    texts = ["一种蓄电池组的石墨烯导电剂" * 4, "锂离子电池 abc 的制备方法" * 4, "天天天 a-b 电池"]
    for text in texts:
        one, other = (s.cut_joined(text.encode(), "cl") for s in (plain, switching))
        assert list(map(items, one.texts)) == list(map(items, other.texts))
        assert [set(w.split()) for w in one.hidden] == [set(w.split()) for w in other.hidden]
    assert switching._kernel is not None and plain._kernel is None
    assert switching.seen() == plain.seen()


def test_words_of_a_user_are_cut_alike() -> None:
    """A user's words count the same, new ones and ones that the dictionary has."""
    words = ("三元正极", "电池", "石墨烯包覆")
    values = ["一种石墨烯包覆的三元正极材料", "锂离子电池正极", "石墨烯包三元正极电池组"]
    assert_alike(values, words)
    assert "三元正极" in items(both(words)[1].engine_texts(values)[0])
