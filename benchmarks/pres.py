"""PRES, the patent retrieval evaluation score: how much was found, and how early, for who reads on.

What is measured: nothing here; `effectiveness` measures.
Corpus model: none.
Notes: Magdy and Jones, "PRES: a score metric for evaluating recall-oriented information retrieval
    applications", SIGIR 2010. A searcher reads the first N_max hits. With n relevant documents at
    the ranks r_i, PRES = 1 - (sum(r_i) / n - (n + 1) / 2) / N_max. The worst case is that all n
    come right behind what is read, at N_max + 1 to N_max + n; of n of which f are found, the
    others have the last of these ranks, N_max + f + 1 to N_max + n. So what is found is never
    worth less than found at rank N_max, and at recall R the score is at most R, reached where all
    that is found comes first, and at least n * R**2 / N_max.
"""

from __future__ import annotations

from collections.abc import Iterable


def pres(ranks: Iterable[int], relevant: int, n_max: int) -> float:
    """Give PRES, 0 to 1: 1 where all relevant documents come first, 0 where none is found.

    `ranks` are those of the relevant documents that were found, 1 the first; `relevant` is how many
    there are. Ranks beyond `n_max` count as not found. Raises `ValueError` if nothing is relevant,
    nothing is read, or the ranks are more than there are relevant documents, not distinct, or not
    above 0.
    """
    given = list(ranks)
    if relevant < 1 or n_max < 1:
        raise ValueError(f"no score for {relevant} relevant documents and {n_max} read")
    if len(given) > relevant or len(set(given)) < len(given) or min(given, default=1) < 1:
        raise ValueError(f"not the ranks of up to {relevant} documents: {given[:10]}")
    found = [rank for rank in given if rank <= n_max]
    missing = range(n_max + len(found) + 1, n_max + relevant + 1)
    mean = (sum(found) + sum(missing)) / relevant
    return 1 - (mean - (relevant + 1) / 2) / n_max
