"""PRES against values worked out by hand, and against the bounds that its authors give."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pres import pres


@pytest.mark.parametrize(
    ("ranks", "relevant", "n_max", "score"),
    [
        ([1, 2, 3, 4], 4, 100, 1.0),
        ([4, 1, 3, 2], 4, 100, 1.0),
        ([1], 1, 1, 1.0),
        ([], 4, 100, 0.0),
        ([101, 102], 4, 100, 0.0),  # read too late
        ([1], 4, 100, 0.25),  # (1 + 102 + 103 + 104) / 4 = 77.5; less 2.5; 75 of 100 are lost
        ([1, 2], 4, 100, 0.5),  # half of them, first: (3 + 103 + 104) / 4 = 52.5
        ([50, 51, 53, 54], 4, 100, 0.505),  # 208 / 4 = 52, less 2.5
        ([1, 98, 99, 100], 4, 100, 0.28),  # 298 / 4 = 74.5, less 2.5
        ([51], 1, 100, 0.5),  # one alone, half-way: (51 - 1) / 100
        ([100], 1, 100, 0.01),
        ([99, 100], 4, 100, 0.01),  # (199 + 103 + 104) / 4 = 101.5, less 2.5
    ],
)
def test_worked_cases(ranks: list[int], relevant: int, n_max: int, score: float) -> None:
    """The score is 1 less what the mean rank is worse than the best, over what is read."""
    assert pres(ranks, relevant, n_max) == pytest.approx(score, abs=1e-12)


@settings(deadline=None)
@given(
    n_max=st.integers(1, 300),
    relevant=st.integers(1, 60),
    ranks=st.sets(st.integers(1, 400), max_size=60),
)
def test_bounds(n_max: int, relevant: int, ranks: set[int]) -> None:
    """At recall R the score is from n R^2 / N_max to R, the ends included."""
    chosen = sorted(ranks)[:relevant]
    recall = sum(rank <= n_max for rank in chosen) / relevant
    score = pres(chosen, relevant, n_max)
    assert relevant * recall**2 / n_max - 1e-9 <= score <= recall + 1e-9


@settings(deadline=None)
@given(
    ranks=st.sets(st.integers(2, 50), min_size=1, max_size=10),
    more=st.integers(0, 5),
    data=st.data(),
)
def test_earlier_is_better(ranks: set[int], more: int, data: st.DataObject) -> None:
    """Found one rank earlier, a document makes the score higher."""
    free = sorted(rank for rank in ranks if rank - 1 not in ranks)
    moved = data.draw(st.sampled_from(free))
    earlier = ranks - {moved} | {moved - 1}
    relevant = len(ranks) + more
    assert pres(earlier, relevant, 50) > pres(ranks, relevant, 50)


@pytest.mark.parametrize(
    ("ranks", "relevant", "n_max"),
    [([], 0, 10), ([], 3, 0), ([1, 2], 1, 10), ([2, 2], 3, 10), ([0], 3, 10)],
)
def test_what_is_no_ranking_is_refused(ranks: list[int], relevant: int, n_max: int) -> None:
    """Nothing relevant, nothing read, and ranks that cannot be are errors."""
    with pytest.raises(ValueError, match=r"no score for|not the ranks of"):
        pres(ranks, relevant, n_max)
