"""Watched marks held against marks that came in: by keys, and pair by pair."""

from __future__ import annotations

import random

import numpy as np
import pytest

from ipsearch.errors import ClassificationError, UnknownNameError
from ipsearch.marks.likeness import Scorer
from ipsearch.marks.sign import read_sign
from ipsearch.watch import MarkWatch
from ipsearch.watch.mark_join import AskedMark, HeldMark, JoinTask, near
from ipsearch.watch.marks import goods_of
from ipsearch.watch.postings import Postings

HAN = "云雀晨谷山水金银星月花木春秋东西南北天地人和大小红白龙凤虎马海河江湖风雨雪露"
LATIN = ["lark", "lumora", "veldo", "cofira", "nova", "terra", "solis", "marelo", "quint", "brava"]
WEAK = ["公司", "科技", "集团", "食品"]


def sign(pick: random.Random) -> str:
    chance = pick.random()
    if chance < 0.2:
        word = pick.choice(LATIN)
        return word if chance < 0.1 else word[:-1] + pick.choice("aeiou")
    name = "".join(pick.choices(HAN, k=pick.choice((2, 2, 3, 3, 4, 5))))
    if chance < 0.3:
        return name + pick.choice(WEAK)
    return name if chance < 0.95 else f"{name} {pick.choice(LATIN)}"


def varied(text: str, pick: random.Random) -> str:
    at = pick.randrange(len(text))
    other = pick.choice(HAN) if text[at] in HAN else text[at]
    return pick.choice([text[:at] + other + text[at + 1 :], text + pick.choice(WEAK), text[::-1]])


def test_all_pairs() -> None:
    """Of the pairs that comparing all with all puts above the threshold, 99 in 100 are found with
    the same score, and no other."""
    pick = random.Random(11)
    asked = [sign(pick) for _ in range(120)]
    held = [sign(pick) for _ in range(500)] + [varied(pick.choice(asked), pick) for _ in range(300)]
    task = JoinTask(
        [AskedMark(number, text, (), None, 0.7) for number, text in enumerate(asked)],
        [HeldMark((text,), (9,)) for text in held],
    )
    found = {(hit.watch, hit.mark): hit.score for hit in near(task)}
    expected = {}
    for number, text in enumerate(asked):
        scorer = Scorer(read_sign(text))
        for place, other in enumerate(held):
            if (score := scorer.score(other)) >= 0.7:
                expected[number, place] = score
    assert len(expected) > 300
    assert found.items() <= expected.items()
    assert len(found) >= 0.99 * len(expected)


def test_classes_and_texts() -> None:
    """Marks of classes of no concern are passed over; without a class a mark stays. Of several
    texts of a mark, the nearest counts."""
    held = [
        HeldMark(("云雀之歌",), (9,)),
        HeldMark(("云雀之歌",), (30,)),
        HeldMark(("云雀之歌",), ()),
        HeldMark(("LARK", "云雀之歌"), (9, 30)),
        HeldMark((), (9,)),
    ]
    some = near(JoinTask([AskedMark(5, "云雀之歌", (9,), frozenset({9, 35}), 0.7)], held))
    assert [(hit.watch, hit.mark, hit.text) for hit in some] == [
        (5, 0, "云雀之歌"),
        (5, 2, "云雀之歌"),
        (5, 3, "云雀之歌"),
    ]
    every = near(JoinTask([AskedMark(5, "云雀之歌", (), None, 0.7)], held))
    assert [hit.mark for hit in every] == [0, 1, 2, 3]
    assert near(JoinTask([AskedMark(5, "云雀之歌", (), None, 0.7)], [])) == []
    assert near(JoinTask([], held)) == []


def test_sums_are_those_of_a_matrix() -> None:
    """Adding up lists of records gives what multiplying with a matrix of ones gives."""
    pick = np.random.default_rng(5)
    has = pick.random((40, 30)) < 0.2
    weights = pick.random(30)
    postings = Postings([[f"t{t}" for t in np.flatnonzero(row)] for row in has])
    asked = [(f"t{t}", float(weight)) for t, weight in enumerate(weights)] + [("none", 9.0)]
    assert np.allclose(postings.sums(asked), has @ weights)
    assert postings.sums([]).tolist() == [0.0] * 40


@pytest.mark.parametrize(
    ("watch", "error"),
    [
        (MarkWatch("云雀", groups=("0999",)), UnknownNameError),
        (MarkWatch("云雀", goods=("qqxqq",)), ClassificationError),
    ],
)
def test_goods_that_do_not_exist(watch: MarkWatch, error: type[Exception]) -> None:
    """A group that the table lacks, and words like no goods, are said to be so."""
    with pytest.raises(error):
        goods_of(watch)
