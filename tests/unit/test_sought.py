"""Where in a folded text a clause stands."""

from __future__ import annotations

import pytest

from ipsearch.errors import QueryError
from ipsearch.search.clauses import checked_pattern, is_run_pattern
from ipsearch.search.sought import Pair, Piece, RunPattern, Runs, TextPattern


def near(text: str, left: str, right: str, most: int, *, is_ordered: bool = True) -> bool:
    """Say whether two pieces stand so in a text."""
    return bool(Pair((Piece(left),), (Piece(right),), most, is_ordered).find(text))


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("石墨电池", 0),
        ("石墨，电池", 0),  # signs count for nothing
        ("石墨 （ ） 电池", 0),
        ("石墨烯电池", 1),
        ("石墨abc电池", 1),  # a run of letters is one
        ("石墨abc 12电池", 2),
        ("石墨カメラ电池", 3),  # kana and hangul count each
        ("石墨한국电池", 2),
    ],
)
def test_units_between(text: str, units: int) -> None:
    """Han, kana and hangul characters and runs of letters count, signs and spaces do not."""
    assert near(text, "石墨", "电池", units)
    assert units == 0 or not near(text, "石墨", "电池", units - 1)


def test_order_and_overlap() -> None:
    """W/n wants the left one first; neither may be a part of the other."""
    assert not near("电池石墨", "石墨", "电池", 5)
    assert near("电池石墨", "石墨", "电池", 5, is_ordered=False)
    assert not near("石墨烯", "石墨", "墨烯", 5, is_ordered=False)
    assert near("石墨烯石墨", "石墨", "石墨", 1)


def test_places_of_pieces_runs_and_patterns() -> None:
    """Pieces overlap, runs are whole, a ? is one character of Han, kana or hangul."""
    assert Piece("aa").find("aaa") == [(0, 2), (1, 3)]
    assert Runs(frozenset({"ion", "ions"})).find("ion cation ions") == [(0, 3), (11, 15)]
    assert RunPattern("col?r*").find("colour color colors") == [(7, 12), (13, 19)]
    assert TextPattern("石?烯").find("石墨烯石，烯石a烯石カ烯") == [(0, 3), (9, 12)]
    assert TextPattern("?烯").find("墨烯烯") == [(0, 2), (1, 3)]


def test_what_a_pattern_is_about() -> None:
    """Letters make a pattern of runs; all else one of characters, without * at its ends."""
    assert is_run_pattern("batter*") and not is_run_pattern("电池*") and not is_run_pattern("*")
    assert checked_pattern("＊电池*") == "电池"
    for text in ("石*烯", "?", "*?*"):
        with pytest.raises(QueryError):
            checked_pattern(text)
