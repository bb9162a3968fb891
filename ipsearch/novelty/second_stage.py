"""Here are the best documents of the first stage, rank them by what their best passages say.

A long document has many words of a claim somewhere; one that has those of a feature in one passage
is nearer. Each feature counts by the passage that scores best for it, by the rule of the engine
itself (BM25) with passages in the place of records; a document by the mean over the features.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ipsearch.novelty.passages import Document, Table, Words

_K1, _B = 1.2, 0.75  # the engine's
_LEAST_SHARE = 0.01
"""Of a feature's score: words that cannot add more are not looked for. They are the commonest, and
stand in every line."""


def passage_scores(words: Words, weights: Table, documents: Sequence[Document]) -> list[float]:
    """Score documents; a passage of mean length that has all words of a feature once has 1 for it.

    `weights` has a row for each feature, with what each word counts for.
    """
    totals = weights.sum(axis=1, keepdims=True)
    shares = weights / np.where(totals > 0, totals, 1.0)
    telling = shares.max(axis=0) >= _LEAST_SHARE
    words, shares = words.only(telling), shares[:, telling]
    counted = [_with_title_in_abstract(words, document) for document in documents]
    lengths = [length for _, each in counted for length in each]
    mean = sum(lengths) / max(len(lengths), 1) or 1.0
    scores = []
    for counts, each in counted:
        norm = _K1 * (1 - _B + _B * each[:, np.newaxis] / mean)
        by_feature = shares @ (counts * (_K1 + 1) / (counts + norm)).T
        scores.append(float(by_feature.max(axis=1).mean()) if len(each) else 0.0)
    return scores


def _with_title_in_abstract(words: Words, document: Document) -> tuple[Table, Table]:
    """Count words by passage, and the passages' lengths; titles and abstracts are one passage.

    By itself a title would score best for any word that it has, since it is short.
    """
    counts, lengths = words.table(document), document.lengths.astype(float)
    head = np.array([passage.field in ("ti", "ab") for passage in document.passages], bool)
    if head.sum() > 1:
        counts = np.vstack([counts[head].sum(axis=0), counts[~head]])
        lengths = np.concatenate(([lengths[head].sum()], lengths[~head]))
    return counts, lengths
