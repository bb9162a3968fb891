"""Folding and segmentation: laws that hold for all texts."""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

import jieba
import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.analysis import (
    LONGEST_WORD,
    RESERVED,
    SPACE,
    VALUE_END,
    Analyzer,
    fold,
    fold_with_offsets,
    units,
)
from ipsearch.analysis.folding import HAN, SYLLABLE, WORD, classes_of, fold_joined, to_codes
from ipsearch.analysis.segmentation import HIDDEN, VALUE

PATENTS = Path(__file__).parents[2].parent / "shared" / "data" / "cn_patents_7384" / "patents.xlsx"
ANALYZER = Analyzer()

# Half-width kana and marks, jamo, ligatures, invisible characters, marks that NFC joins or moves.
TRICKY = (
    "ｶﾊﾞﾟ゛´ﾞ\u3099\u0301\u0308\u0323\u0345\u200b\u200d\u00ad\ufeffㄱㅏ\u1100\u1161\u11a8가ﬁ½㎏ﷺßİǅⅷ"
)
CLOSED = "石墨電池著乾 ，。（）abcXYZ019Ａｂ１　éñÅприветαγアイ가나〆々〇𠮷㐀℃①%+-._#&ﬁ㎏"
texts = st.text(
    st.one_of(st.sampled_from(TRICKY + CLOSED), st.characters(exclude_categories=["Cs"]))
)


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded text is as it should be."""
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_offsets_belong_to_the_folded_text(text: str) -> None:
    """Folding with offsets folds the same; offsets lie in the text, in order, one for each."""
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


@given(st.text(CLOSED, max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_part_folds_to_a_part(text: str, one: int, other: int) -> None:
    """What is quoted from a text is found in it, but where a letter is torn from its marks."""
    text = unicodedata.normalize("NFC", text)
    part = text[min(one, other) : max(one, other)]
    assert fold(part) in fold(text)


@given(st.lists(texts, max_size=6), st.sampled_from(RESERVED))
def test_joined_values_fold_as_if_alone(values: list[str], mark: str) -> None:
    """Between the marks of values each one folds as it does by itself."""
    values = [value for value in values if not set(value) & set(RESERVED)]
    assert fold_joined(mark.join(values)) == mark.join(map(fold, values))


def test_every_character_folds_as_the_references_do() -> None:
    """Each character folds as NFKC, case folding and OpenCC's table together say."""
    unseen = ("Cf", "Cc", "Cs", "Co", "Cn")
    every = (char for char in map(chr, range(0x110000)) if not char.isspace())
    chars = [char for char in every if unicodedata.category(char) not in unseen]
    forms = "\n".join(chars)
    convert = opencc.OpenCC("t2s").convert
    for _ in range(3):  # what a character becomes may fold further
        forms = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", forms).casefold())
        high = "\n".join(sorted({char for char in forms if char > "\u2e00"}))
        forms = forms.translate(dict(zip(map(ord, high), convert(high), strict=True)))
    forms = "".join(char for char in forms if unicodedata.category(char) != "Cf")
    different = [
        (char, fold(char), form)
        for char, form in zip(chars, forms.split("\n"), strict=True)
        if fold(char) != " ".join(form.split())
    ]
    assert not different


@cache
def reference() -> jieba.Tokenizer:
    """Jieba's own tokenizer, quiet."""
    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


def expected_terms(folded: str) -> list[tuple[str, int]]:
    """Cut by the rules as written, slowly, with jieba itself: terms and their units."""
    found: list[tuple[str, int]] = []
    at = position = 0
    classes = classes_of(to_codes(folded)).tolist()
    while at < len(folded):
        end = at + 1
        while end < len(folded) and classes[end] == classes[at] != 0:
            end += 1
        run, class_ = folded[at:end], classes[at]
        if class_ == HAN:
            for word in reference().cut(run, HMM=False):
                found.append((word, position))
                position += len(word)
        elif class_ == SYLLABLE and len(run) > 1:
            found += [(run[i : i + 2], position + i) for i in range(len(run) - 1)]
            position += len(run)
        elif class_ in (WORD, SYLLABLE):
            found.append((run, position))
            position += 1
        else:
            end = at + 1
            between = 0 < at < len(folded) - 1 and classes[at - 1] == classes[at + 1] == WORD
            if folded[at] != " " or not between:
                found.append((SPACE if folded[at] == " " else folded[at], position))
                position += 1
        at = end
    return found


def terms(folded: str) -> list[tuple[str, int]]:
    return [(term.text, term.position) for term in ANALYZER.segmenter().terms(folded)]


words = st.integers(0, 400_000).map(lambda n: _dictionary()[n % len(_dictionary())])


@cache
def _dictionary() -> list[str]:
    return sorted(reference().FREQ)


@settings(deadline=None, max_examples=300)
@given(st.lists(words | st.text(CLOSED, max_size=6) | texts, max_size=12).map("".join))
def test_terms_are_those_of_the_rules(text: str) -> None:
    """Han is cut as jieba cuts it; each other character is where the rules put it."""
    text = fold(text)
    assert terms(text) == expected_terms(text)


@cache
def jieba_words() -> dict[str, int]:
    """Jieba's own dictionary, with what it holds of prefixes: those count 0."""
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return dict(tokenizer.FREQ)


def is_han(text: str) -> bool:
    return bool((classes_of(to_codes(text)) == HAN).all())


def items(text: str) -> list[str]:
    """Split as the engine does."""
    return [item for item in text.split(" ") if item]


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=8))
def test_a_batch_gives_what_each_text_gives(batch: list[str]) -> None:
    """Texts cut in one call give the same as one by one; values inside one as well."""
    batch = [text for text in batch if not set(text) & set(RESERVED)]
    segmenter = ANALYZER.segmenter()
    alone = [items(segmenter.engine_texts([text])[0]) for text in batch]
    assert list(map(items, segmenter.engine_texts(batch))) == alone
    (joined,) = segmenter.engine_texts([VALUE_END.join(batch)])
    between = [item for one in alone for item in [VALUE, *one]][1:]
    assert items(joined) == between
    seen = segmenter.seen()
    assert {term for text in batch for term, _ in terms(fold(text))} <= seen


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_terms_and_hidden_words_are_all_words_of_a_text(data: st.DataObject) -> None:
    """What the dictionary has of a text is a term, part of one or hidden, and nothing else is."""
    words = sorted(word for word, count in jieba_words().items() if count and len(word) > 1)
    pieces = st.one_of(st.sampled_from(words), st.sampled_from("的一，a 1蓄电池组"))
    text = "".join(data.draw(st.lists(pieces, max_size=12)))
    cut = ANALYZER.segmenter().cut_joined(text.encode(), "ab")
    hidden = set(cut.hidden[0].split())
    folded = fold(text)
    standing = {
        folded[i:j]
        for i in range(len(folded))
        for j in range(i + 2, min(i + LONGEST_WORD, len(folded)) + 1)
        if jieba_words().get(folded[i:j]) and is_han(folded[i:j])
    }
    met = set(items(cut.texts[0]))
    parts = {word for term in met for word in ANALYZER.segmenter().parts(term)}
    assert {word[3:] for word in hidden} <= standing
    assert {word[:3] for word in hidden} <= {f"ab{HIDDEN}"}
    assert standing == {word[3:] for word in hidden} | (met & standing) | parts


def test_every_code_point_is_counted_alike() -> None:
    """Whatever stands between letters or Han, terms and units are those of the rules."""
    chars = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    for begin in range(0, len(chars), 4096):
        some = chars[begin : begin + 4096]
        folded = fold("".join(f"a{c}b学{c}{c}，" for c in some))
        assert terms(folded) == expected_terms(folded), hex(begin)


@pytest.mark.parametrize("run", ["α", "aα", "ア", "ไ", "é，", "𠮷", "α β", "가"])
def test_long_runs_take_no_longer(run: str) -> None:
    """A run of any characters is cut in time in proportion to its length: 200,000 in seconds."""
    text = fold(run * (200_000 // len(run)))
    (cut,) = ANALYZER.segmenter().engine_texts([text])
    assert len(cut) >= len(text) - text.count(" ")


def test_units_of_terms_meet_positions() -> None:
    """A term ends where the next one begins."""
    cut = ANALYZER.segmenter().terms(fold("锂离子电池 LiFePO4 gel，电a𠮷"))
    assert [term.units for term in cut] == [units(term.text) for term in cut]
    for term, behind in pairwise(cut):
        assert behind.position == term.position + term.units


def test_no_word_of_the_dictionary_is_longer_than_said() -> None:
    """Exact search looks no further than `LONGEST_WORD` characters for the end of a word."""
    assert max(map(len, reference().FREQ)) <= LONGEST_WORD


@pytest.mark.skipif(not PATENTS.exists(), reason="no real patents here")
def test_real_abstracts_are_cut_as_jieba_cuts_them() -> None:
    """Of real patents, too, the terms are jieba's; and each piece between two of its boundaries
    is cut by itself as it is cut in its place, which exact search rests on."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(PATENTS)).get_sheet_by_index(0).to_python()[1:]
    chance = random.Random(1)
    segmenter = ANALYZER.segmenter()
    for row in chance.sample(rows, 400):
        folded = fold(f"{row[0]}\n{row[5]}")
        assert terms(folded) == expected_terms(folded)
        for run in re.findall("[\u4e00-\u9fff]{4,}", folded):
            cut = [term.text for term in segmenter.terms(run)]
            begin = chance.randrange(len(cut))
            end = chance.randint(begin + 1, len(cut))
            alone = segmenter.terms("".join(cut[begin:end]))
            assert [term.text for term in alone] == cut[begin:end]
