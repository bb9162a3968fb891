"""Passages of a document: where they stand, which words they have, how they score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipsearch.analysis import fold
from ipsearch.novelty import second_stage
from ipsearch.novelty.passages import Words, densest, make_documents
from ipsearch.novelty.second_stage import passage_scores


def row(*paragraphs: str, title: str = "", claims: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        "titles": [{"text": title}] if title else None,
        "claims": [{"label": str(n), "text": text} for n, text in enumerate(claims, start=1)],
        "description": [{"label": None, "text": text} for text in paragraphs],
    }


def test_places_are_those_of_the_record() -> None:
    """Labels are kept, what has none is counted, empty texts are left out and counted all the same;
    a character that no text has is white space."""
    record = row("甲", "", "乙\ufdd1丙", title="题", claims=("一种杯",))
    document, empty = make_documents([record, {}])
    assert [(p.field, p.place) for p in document.passages] == [
        ("ti", "title"),
        ("cl", "claim 1"),
        ("de", "[0001]"),
        ("de", "[0003]"),
    ]
    assert document.lengths == [1, 3, 1, 3]
    assert empty.passages == [] and empty.lengths == []
    assert not len(Words({"甲": ["甲"]}).table([empty]))
    assert make_documents([]) == []


_WORDS = ("电池", "池", "the", "cup", "石墨")
_TEXTS = st.lists(st.sampled_from([*_WORDS, " ", "，", "CUP", "电", "x", "蓄电池"]), max_size=12)


@given(st.lists(st.lists(_TEXTS.map("".join), max_size=6), max_size=4))
def test_a_table_is_what_counting_each_passage_gives(records: list[list[str]]) -> None:
    """Han words count wherever they stand, letters only as whole runs, passage by passage."""
    documents = make_documents(row(*paragraphs) for paragraphs in records)
    words = Words({word: [word] for word in _WORDS})
    table = words.table(documents)
    passages = [passage for document in documents for passage in document.passages]
    for counts, passage in zip(table, passages, strict=True):
        folded = fold(passage.text)
        runs = "".join(char if char.isascii() and char.isalnum() else " " for char in folded)
        for word, column in words.columns.items():
            by_hand = runs.split().count(word) if word.isascii() else folded.count(word)
            assert counts[column] == by_hand


def test_a_form_may_stand_for_several_words() -> None:
    """A synonym of several words counts for each of them."""
    words = Words({"电解质": ["电解质"], "膜": ["膜"], "sei膜": ["电解质", "膜"]})
    assert words.table(make_documents([row("SEI膜，电解质")]))[0].tolist() == [2, 2]
    assert words.standing_in("sei膜") == {"电解质", "膜"}
    one = words.only(np.array([False, True]))
    assert one.columns == {"膜": 0}
    assert one.table(make_documents([row("SEI膜，电解质")])).tolist() == [[2]]


def test_scores_are_those_of_bm25_over_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each feature counts by its best passage, by the engine's rule; title and abstract are one."""
    words = Words({"甲": ["甲"], "乙": ["乙"]})
    weights = np.array([[3.0, 1.0], [0.0, 2.0]])
    rows = [
        row("甲甲乙丙", "乙", title="甲") | {"abstracts": [{"text": "丙丙"}]},
        row("丙"),
        {},
    ]
    documents = make_documents(rows)
    lengths = {"甲丙丙": 3, "甲甲乙丙": 4, "乙": 1, "丙": 1}
    mean = sum(lengths.values()) / 4

    def gain(text: str, word: str) -> float:
        times = text.count(word)
        return times * 2.2 / (times + 1.2 * (0.25 + 0.75 * lengths[text] / mean))

    passages = ("甲丙丙", "甲甲乙丙", "乙")
    first = max(0.75 * gain(text, "甲") + 0.25 * gain(text, "乙") for text in passages)
    second = max(gain(text, "乙") for text in passages)
    scores = passage_scores(words, weights, documents)
    assert scores == pytest.approx([(first + second) / 2, 0.0, 0.0])
    monkeypatch.setattr(second_stage, "_MOST_PASSAGES", 1)
    assert passage_scores(words, weights, documents) == pytest.approx(scores)
    assert passage_scores(words, weights, documents[2:]) == [0.0]


@given(
    st.integers(0, 60),
    st.lists(st.integers(0, 55), max_size=6).map(lambda begins: [(b, b + 4) for b in begins]),
    st.integers(1, 30),
)
def test_a_window_is_as_long_as_wanted(
    length: int, spans: list[tuple[int, int]], most: int
) -> None:
    """A window lies within the text and has as many characters as wanted, if the text has them."""
    inside = sorted({span for span in spans if span[1] <= length})
    begin, end = densest(length, inside, most)
    assert 0 <= begin <= end <= length
    assert end - begin == min(length, most)


def test_a_window_shows_most_spans() -> None:
    """The window lies where most spans are, not at the first."""
    assert densest(100, [(0, 2), (50, 52), (55, 57)], 20) == (48, 68)
