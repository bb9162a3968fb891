"""Here are the best documents of the first stage, rank them by what their best passages say.

A long document has many words of a claim somewhere; one that has those of a feature in one passage
is nearer. Each feature counts by the passage that scores best for it, by the rule of the engine
itself (BM25) with passages in the place of records; a document by the mean over the features.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

import numpy as np

from ipsearch.novelty.passages import Document, Table, Words

_K1, _B = 1.2, 0.75  # the engine's
_LEAST_SHARE = 0.01
"""Of a feature's score: words that cannot add more are not looked for. They are the commonest, and
stand in every line."""
_MOST_PASSAGES = 20_000
"""Of which the words are counted at once."""


def passage_scores(words: Words, weights: Table, documents: Sequence[Document]) -> list[float]:
    """Score documents; a passage of mean length that has all words of a feature once has 1 for it.

    `weights` has a row for each feature, with what each word counts for.
    """
    totals = weights.sum(axis=1, keepdims=True)
    shares = weights / np.where(totals > 0, totals, 1.0)
    telling = shares.max(axis=0) >= _LEAST_SHARE
    words, shares = words.only(telling), shares[:, telling]
    cuts = [_Cuts.of(document) for document in documents]
    mean = sum(sum(cut.lengths) for cut in cuts) / max(sum(len(c.lengths) for c in cuts), 1) or 1.0
    scores: list[float] = []
    for some in _portions(documents):
        scores += _scores(words, shares, mean, some, cuts[len(scores) :][: len(some)])
    return scores


class _Cuts(NamedTuple):
    """Where a document is divided: titles and abstracts are one piece.

    By itself a title would score best for any word that it has, since it is short.
    """

    begins: list[int]  # the number of the passage that each piece begins with
    lengths: list[int]  # of each piece

    @classmethod
    def of(cls, document: Document) -> Self:
        """Divide a document: its titles and abstracts are its first passages."""
        head = sum(passage.field in ("ti", "ab") for passage in document.passages)
        lengths = document.lengths
        pieces = [sum(lengths[:head]), *lengths[head:]] if head else lengths
        return cls([0, *range(head, len(lengths))] if head else list(range(len(lengths))), pieces)


def _portions(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    """Give so many documents at once as memory is to hold the tables of."""
    begin, passages = 0, 0
    for number, document in enumerate(documents):
        passages += len(document.passages)
        if passages > _MOST_PASSAGES and number > begin:
            yield documents[begin:number]
            begin, passages = number, len(document.passages)
    if begin < len(documents):
        yield documents[begin:]


def _scores(
    words: Words, shares: Table, mean: float, documents: Sequence[Document], cuts: Sequence[_Cuts]
) -> list[float]:
    scores = [0.0] * len(documents)
    held = [number for number, cut in enumerate(cuts) if cut.begins]
    if not held:
        return scores
    sizes = [len(documents[number].passages) for number in held]
    firsts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    begins = np.concatenate([f + cuts[n].begins for f, n in zip(firsts, held, strict=True)])
    counts = np.add.reduceat(words.table(documents), begins, axis=0)
    lengths = np.concatenate([cuts[number].lengths for number in held])
    norm = _K1 * (1 - _B + _B * lengths[:, np.newaxis] / mean)
    by_feature = shares @ (counts * (_K1 + 1) / (counts + norm)).T
    pieces = np.concatenate(([0], np.cumsum([len(cuts[number].begins) for number in held])[:-1]))
    best = np.maximum.reduceat(by_feature, pieces, axis=1).mean(axis=0)
    for number, score in zip(held, best.tolist(), strict=True):
        scores[number] = score
    return scores
