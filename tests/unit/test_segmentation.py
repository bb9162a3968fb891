"""Terms and their places, against jieba itself."""

from __future__ import annotations

import random
import re

import jieba
import pytest

from ipsearch.analysis import SPACE, VALUE_END, Analyzer, fold
from ipsearch.errors import RecordError

HAN_WORD = re.compile("[一-鿿]+")
SEGMENTER = Analyzer().segmenter()


def terms(text: str) -> list[tuple[str, int]]:
    """Give the terms of a text and their positions."""
    return [(term.text, term.position) for term in SEGMENTER.terms(fold(text))]


@pytest.fixture(scope="module")
def reference() -> jieba.Tokenizer:
    """Jieba's own tokenizer, quiet."""
    jieba.setLogLevel(60)
    return jieba.Tokenizer()


def made_up(pick: random.Random, words: list[str]) -> str:
    """Make a text of dictionary words, letters, digits and signs in any order."""
    signs = ["，", "。", " ", "(1)", "ABC", "12.5%", "、", "μm", "X光", "25℃", "\n"]
    parts = (pick.choice(words) if pick.random() < 0.75 else pick.choice(signs) for _ in range(60))
    return "".join(parts)


def test_han_runs_are_cut_as_jieba_cuts_them(reference: jieba.Tokenizer) -> None:
    """Within a run of Han characters the terms are jieba's own words without the HMM."""
    reference.initialize()
    words = [word for word in reference.FREQ if HAN_WORD.fullmatch(word)]
    pick = random.Random(5)
    for _ in range(300):
        folded = fold(made_up(pick, words))
        for run in HAN_WORD.findall(folded):
            ours = [term.text for term in SEGMENTER.terms(run)]
            assert ours == list(reference.cut(run, HMM=False))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("石墨烯电池", [("石墨", 0), ("烯", 2), ("电池", 3)]),
        ("Li-ion battery", [("li", 0), ("-", 1), ("ion", 2), ("battery", 3)]),
        ("a, b", [("a", 0), (",", 1), (SPACE, 2), ("b", 3)]),
        ("石墨 烯", [("石墨", 0), (SPACE, 2), ("烯", 3)]),
        ("かきくけ池", [("かき", 0), ("きく", 1), ("くけ", 2), ("池", 4)]),
        ("한국어", [("한국", 0), ("국어", 1)]),
        ("café α1 Москва", [("café", 0), ("α1", 1), ("москва", 2)]),
        ("4S店", [("4s", 0), ("店", 1)]),
        ("C++", [("c", 0), ("+", 1), ("+", 2)]),
    ],
)
def test_terms_and_positions(text: str, expected: list[tuple[str, int]]) -> None:
    """Letters run, kana and hangul pair, signs stand alone; positions count units."""
    assert terms(text) == expected


def test_every_character_is_in_a_term() -> None:
    """Nothing that a text holds is left out, but spaces between two runs of letters."""
    pick = random.Random(6)
    alphabet = "石墨烯电池的在a1Bé αβ,。（）-かカ한글\n%$々" * 3
    for _ in range(300):
        folded = fold("".join(pick.choices(alphabet, k=40)))
        covered = "".join(term.text.replace(SPACE, "") for term in SEGMENTER.terms(folded))
        assert set(folded) - {" "} <= set(covered)


def test_batch_gives_the_terms_of_each() -> None:
    """Cutting many texts in one call gives what cutting each alone gives."""
    pick = random.Random(7)
    alphabet = "石墨烯电池的在a1Bé αβ,。（）-かカ한글\n%$々 "
    raw = ["".join(pick.choices(alphabet, k=pick.randint(0, 50))) for _ in range(200)]
    together = SEGMENTER.engine_texts(raw)
    alone = [SEGMENTER.engine_texts([text])[0] for text in raw]

    def items(text: str) -> list[str]:
        kept = [item for item in text.split(" ") if item]
        while kept and kept[-1] == SPACE:  # a space at the end of a text that others follow
            kept.pop()
        while kept and kept[0] == SPACE:
            kept.pop(0)
        return kept

    assert [items(text) for text in together] == [items(text) for text in alone]


def test_the_terms_met_are_remembered() -> None:
    """What was cut since the last `forget` is named: words, letters beyond ASCII, pairs of kana."""
    segmenter = Analyzer().segmenter()
    segmenter.engine_texts(["石墨烯 μm", "ラリル𠮷abc"])
    expected = {"石墨", "烯", "μm", "ラリ", "リル", "𠮷", "abc", SPACE}
    assert expected <= segmenter.seen()
    assert not {"\x1e", "\n", "\t"} & segmenter.seen()
    segmenter.forget()
    assert segmenter.seen() == {SPACE}


def test_values_are_kept_apart() -> None:
    """Between two values of a field there is a unit without a term."""
    (text,) = SEGMENTER.engine_texts([f"石墨{VALUE_END}烯"])
    positions = [i for i, item in enumerate(filter(None, text.split(" "))) if item in "石墨烯"]
    assert positions[-1] - positions[0] == 3


def test_users_words_are_terms() -> None:
    """A user's word is one term, whatever script variant it was given in."""
    segmenter = Analyzer.with_words(["介孔碳球 5 n", "# no word", ""]).segmenter()
    assert "介孔碳球" in [term.text for term in segmenter.terms(fold("一種介孔碳球"))]
    assert Analyzer.with_words(["介孔碳球"]).fingerprint != Analyzer().fingerprint


@pytest.mark.parametrize("word", ["abc", "单", "石墨-烯"])
def test_other_words_are_refused(word: str) -> None:
    """Only runs of Han characters can be a user's words; the line is named."""
    with pytest.raises(RecordError, match="line 2"):
        Analyzer.with_words(["# ours", word])
