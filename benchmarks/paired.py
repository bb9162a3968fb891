"""Two systems on the same queries: how much they differ, and whether that may be chance.

What is measured: nothing here; `effectiveness` measures.
Corpus model: none.
Notes: Fisher's randomisation test, two-sided: under the null hypothesis either value of a query
    may be either system's, so signs of differences are drawn at random; p is the share of the
    draws, the observed one among them, whose mean is as far from 0. The interval is the
    percentile bootstrap's, queries drawn with replacement. Nothing is corrected for how many
    systems are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DRAWS = 10_000
_SEED = 20_100_719
_AT_ONCE = 2_000_000  # values in memory


def compare(values: Sequence[float], others: Sequence[float]) -> dict[str, float]:
    """Compare the values of a system with those of another for the same queries, in their order.

    Gives `difference`, the mean of values - others; `low` and `high`, its 95 % interval; `p`, from
    1 / 10,001 to 1. Raises `ValueError` if the two are not of one length, or empty.
    """
    if len(values) != len(others) or not values:
        raise ValueError(f"{len(values)} values and {len(others)} are no pairs")
    differences = np.asarray(values, float) - np.asarray(others, float)
    observed = differences.mean()
    pick = np.random.default_rng(_SEED)
    count = len(differences)
    rows = max(_AT_ONCE // count, 1)
    as_far, means = 0, []
    for begin in range(0, DRAWS, rows):
        draws = min(rows, DRAWS - begin)
        signs = pick.integers(0, 2, (draws, count), np.int8) * 2 - 1
        drawn = (signs @ differences) / count
        as_far += int((np.abs(drawn) >= abs(observed) - 1e-12).sum())
        means.append(differences[pick.integers(0, count, (draws, count))].mean(axis=1))
    low, high = np.percentile(np.concatenate(means), (2.5, 97.5))
    return {
        "difference": round(float(observed), 5),
        "low": round(float(low), 5),
        "high": round(float(high), 5),
        "p": round((as_far + 1) / (DRAWS + 1), 5),
    }
