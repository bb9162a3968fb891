"""Here is a batch of records with the terms that each has, and weighed terms: add up the weights.

What an index does with files, in memory, for a few thousand records that many ask.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt


class Postings:
    """Which records of a batch have a term."""

    def __init__(self, records: Sequence[Collection[Hashable]]) -> None:
        self._count = len(records)
        numbers: dict[Hashable, int] = {}
        sizes = np.array([len(terms) for terms in records], np.int64)
        flat = (numbers.setdefault(term, len(numbers)) for terms in records for term in terms)
        terms = np.fromiter(flat, np.int64, int(sizes.sum()))
        order = np.argsort(terms, kind="stable")
        self._records = np.repeat(np.arange(self._count), sizes)[order]
        self._ends = np.cumsum(np.bincount(terms, minlength=len(numbers)))
        self._numbers = numbers

    def sums(self, weighed: Iterable[tuple[Hashable, float]]) -> npt.NDArray[np.float64]:
        """Give, for each record, the sum of the weights of the terms that it has."""
        lists, weights, sizes = [], [], []
        for term, weight in weighed:
            number = self._numbers.get(term)
            if number is not None:
                begin = int(self._ends[number - 1]) if number else 0
                lists.append(self._records[begin : int(self._ends[number])])
                weights.append(weight)
                sizes.append(len(lists[-1]))
        if not lists:
            return np.zeros(self._count)
        sums = np.bincount(np.concatenate(lists), np.repeat(weights, sizes), self._count)
        return sums.astype(np.float64, copy=False)
