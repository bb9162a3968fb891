"""What a subject's words count for: rareness by script, words within words, feedback."""

from __future__ import annotations

import math

import pytest

from ipsearch.analysis import Analyzer
from ipsearch.novelty.named import named_documents
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.novelty.weighing import (
    LONG,
    Rareness,
    count_terms,
    emphasis,
    parts_of,
    weigh,
    with_feedback,
    without_commonest,
)

HAN_WORDS = [f"词{chr(0x4E00 + n)}" for n in range(LONG)]


def test_words_are_rare_among_the_records_of_their_script() -> None:
    """In a corpus of 1,000 with 100 in Chinese, a word of 90 of these is common and one of 10 is
    not; letters, of which the subject has few, are rare among all."""
    having = dict.fromkeys(HAN_WORDS, 10) | {HAN_WORDS[0]: 100, HAN_WORDS[1]: 90, "pvc": 10}
    rareness = Rareness(having, having.__getitem__, 1_000)
    assert rareness(HAN_WORDS[0]) == pytest.approx(math.log(2))
    assert rareness(HAN_WORDS[1]) == pytest.approx(math.log(1 + 100 / 90))
    assert rareness(HAN_WORDS[2]) == pytest.approx(math.log(11))
    assert rareness("pvc") == pytest.approx(math.log(101))
    as_one = Rareness(having, having.__getitem__, 1_000, by_script=False)
    assert as_one(HAN_WORDS[1]) == pytest.approx(math.log(1 + 1_000 / 90))


def test_the_stop_list_is_of_words_that_many_records_have() -> None:
    """Words of more than a share of the records are left out; where no record
    has another, none is."""
    having = {"一种": 900, "电池": 100, "正极": 5, "无": 0}
    rareness = Rareness(having, having.__getitem__, 1_000)
    said = dict.fromkeys(having, 2.0)
    assert without_commonest(said, rareness, 0.5) == {"电池": 2.0, "正极": 2.0, "无": 2.0}
    assert without_commonest(said, rareness, 0.1) == {"电池": 2.0, "正极": 2.0, "无": 2.0}
    assert without_commonest(said, rareness, 0.09) == {"正极": 2.0, "无": 2.0}
    assert without_commonest({"一种": 2.0, "无": 1.0}, rareness, 0.5) == {"一种": 2.0, "无": 1.0}


def test_a_short_text_does_not_say_how_many_records_there_are() -> None:
    """Few words may all be rare: then each is rare among all records."""
    having = {"电池": 10, "正极": 5, "无": 0}
    rareness = Rareness(having, having.__getitem__, 1_000)
    assert rareness("电池") == pytest.approx(math.log(101))
    assert rareness("无") == 0.0


def test_words_within_words() -> None:
    """Words of the dictionary within a longer one are found, and no others."""
    segmenter = Analyzer().segmenter()
    assert parts_of(["蓄电池", "正极", "the"], segmenter) == {"蓄电", "电池"}
    assert parts_of([], segmenter) == set()
    assert parts_of(["正极", "pvc"], segmenter) == set()


def test_counting_leaves_signs_out() -> None:
    """Signs and spaces are no words; letters count in one case."""
    counts = count_terms("PVC，pvc 电池；电池。", Analyzer().segmenter())
    assert counts == {"pvc": 2, "电池": 2}


def test_the_most_telling_words_come_first() -> None:
    """A word counts by the root of its count and its rareness to the power; what nobody has does
    not count; as many as asked are given."""
    said = emphasis({"a": 4, "b": 1, "c": 9})
    rareness = {"a": 1.0, "b": 3.0, "c": 0.0}.__getitem__
    words = weigh(said, rareness, power=1.0, most=9)
    assert [(word.term, word.weight) for word in words] == [("b", 3.0), ("a", 2.0)]
    assert [word.weight for word in weigh(said, rareness, power=0.0, most=1)] == [1.0]


def test_feedback_adds_and_takes_off() -> None:
    """Words of a liked document are added, however long it is; those of an unlike one are less."""
    said = {"a": 1.0, "b": 1.0}
    liked = with_feedback(said, [{"b": 30.0, "c": 40.0}], [], 0.5, 0.5)
    share = 0.5 * math.sqrt(2) / 50
    assert liked == pytest.approx({"a": 1.0, "b": 1.0 + 30 * share, "c": 40 * share})
    unlike = with_feedback(said, [], [{"b": 3.0, "d": 4.0}], 0.5, 0.5)
    assert unlike == pytest.approx({"a": 1.0, "b": 1.0 - 3 * 0.5 * math.sqrt(2) / 5})
    assert with_feedback(said, [], [{"b": 1.0}], 0.5, 9.0)["b"] == 0.0


def test_synonyms_are_groups() -> None:
    """Every word of a group has the others; those that stand in a text are found in any case."""
    same = Synonyms.read(["SEI膜 = 固体电解质界面膜\t界面层  # 膜", "", "PVC = 聚氯乙烯"])
    assert same.of("sei膜") == ("固体电解质界面膜", "界面层")
    assert same.standing_in("形成固体电解质界面膜的pvc管") == {
        "固体电解质界面膜": ("sei膜", "界面层"),
        "pvc": ("聚氯乙烯",),
    }
    assert same.standing_in("pvcx") == {}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("如CN101234567B所述", ("CN101234567B",)),
        ("专利号：ZL200710123456.7", ("ZL200710123456.7",)),
        ("申请号为200710123456.7的专利", ("CN200710123456.7",)),
        ("公开号CN 1234567A", ("CN 1234567A",)),
        ("PCT/CN2019/123456", ("PCT/CN2019/123456",)),
        ("U.S. Pat. Nos. 5,123,456; 6,234,567 and 7,345,678 B2 show it", None),
        ("U.S. Patent Application Publication No. 2010/0123456", ("US 2010/0123456",)),
        ("长100-200mm，1,234,567次，申请号见上", ()),
    ],
)
def test_named_documents(text: str, numbers: tuple[str, ...] | None) -> None:
    """Numbers are found as Chinese and American texts name documents; other numbers are none."""
    expected = numbers
    if expected is None:
        expected = ("US 5,123,456", "US 6,234,567", "US 7,345,678 B2")
    assert named_documents(text) == expected
