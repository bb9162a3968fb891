"""What matched is marked, in the original text."""

from __future__ import annotations

import random

from ipsearch.analysis import fold
from ipsearch.search.compiled import Needle
from ipsearch.search.highlight import PASSAGE_CHARS, find_spans, highlight


def marked(text: str, needle: str, *, is_word: bool = False) -> list[str]:
    """Give the pieces of `text` that are marked."""
    return [text[a:b] for a, b in find_spans(text, [Needle(fold(needle), ("ti",), is_word)])]


def test_original_is_marked() -> None:
    """Traditional, wide and upper-case text is marked as it stands."""
    assert marked("一種石墨烯導電劑", "石墨烯导电") == ["石墨烯導電"]
    assert marked("ＬｉＦｅＰＯ４電池", "lifepo4") == ["ＬｉＦｅＰＯ４"]
    assert marked("面积50㎡以上", "m2") == ["㎡"]


def test_words_are_whole() -> None:
    """A word of letters is marked only where it stands by itself."""
    assert marked("An ion in a lithium-ion anion", "ion", is_word=True) == ["ion", "ion"]
    assert marked("ion anion", "ion") == ["ion", "ion"]


def test_overlapping_marks_are_joined() -> None:
    """Marks that overlap or touch become one."""
    needles = [Needle("石墨烯", ("ti",), False), Needle("烯电池", ("ti",), False)]
    text = "石墨烯电池"
    assert [text[a:b] for a, b in find_spans(text, needles)] == ["石墨烯电池"]


def test_passage_shows_matches() -> None:
    """Of a long text a passage is shown, with its spans inside it."""
    text = "甲" * 500 + "石墨烯" + "乙" * 500
    mark = highlight("ab", [text], [Needle("石墨烯", ("ab",), False)])
    assert mark is not None
    assert len(mark.text) <= PASSAGE_CHARS
    assert [mark.text[a:b] for a, b in mark.spans] == ["石墨烯"]
    assert highlight("ti", [text], [Needle("石墨烯", ("ab",), False)]) is None


def test_random_pieces_are_marked_where_they_stand() -> None:
    """Whatever piece of a text is looked for, each marked piece folds to it."""
    pick = random.Random(9)
    alphabet = "石墨烯導電劑ＡＢａｂ①㎡ é\u0301。,　k한か"
    for _ in range(500):
        text = "".join(pick.choices(alphabet, k=30))
        folded = fold(text)
        if len(folded) < 4:
            continue
        begin = pick.randrange(len(folded) - 2)
        needle = folded[begin : begin + pick.randint(1, 6)].strip()
        if needle:
            pieces = marked(text, needle)
            assert pieces
            assert all(needle in fold(piece) for piece in pieces)
