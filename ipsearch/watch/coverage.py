"""Here are watched claims and new documents, say how far each document covers each claim.

A passage covers a feature as far as it has the feature's words, each counted by how rare it is; a
document covers a claim by the mean, over the features, of its best passage: what
`novelty.evidence.Charter` measures. A document cannot cover more than the words it has anywhere,
and that bound is a plain sum over words: so all claims are held against a whole batch of documents
by adding up lists of documents, and only where the bound reaches a watch's threshold are passages
looked at. Nothing is missed by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ipsearch.analysis import Analyzer, Segmenter
from ipsearch.analysis.folding import RESERVED
from ipsearch.watch.postings import Postings

_SLACK = 1e-9  # sums in another order differ in their last digits
_NO_SIGNS = str.maketrans(dict.fromkeys(RESERVED, " "))

Passages = Sequence[str]
"""The texts of a document that are looked at, each by itself."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The features of a claim: for each, its words (as numbers) and the share each has in it.

    The shares of a feature sum up to 1.
    """

    features: tuple[Mapping[int, float], ...]

    def shares(self) -> dict[int, float]:
        """Give what each word counts for at most in the mean over the features."""
        shares: dict[int, float] = {}
        for feature in self.features:
            for word, share in feature.items():
                shares[word] = shares.get(word, 0.0) + share / len(self.features)
        return shares

    def coverage(self, passages: Iterable[frozenset[int]]) -> float:
        """Give the mean over the features of the best passage, 0 to 1."""
        best = [0.0] * len(self.features)
        for passage in passages:
            for at, feature in enumerate(self.features):
                held = sum(feature[word] for word in feature.keys() & passage)
                best[at] = max(best[at], held)
        return sum(best) / len(best) if best else 0.0


@dataclass(frozen=True, slots=True)
class CoverageTask:
    """Some documents to be held against all watched claims."""

    shapes: tuple[tuple[int, float, Shape], ...]  # number of the watch, threshold, shape
    words: Mapping[str, int]  # every form of the claims' words -> number of the word
    documents: tuple[Passages, ...]
    analyzer: Analyzer


class Covered(NamedTuple):
    """A document that covers a watched claim as far as the watch asks for."""

    watch: int
    document: int  # its place in the task
    coverage: float


def covered(task: CoverageTask) -> list[Covered]:
    """Hold the documents against the claims. A task of a pool: a pure function."""
    counted = sum(map(len, task.documents))
    segmenter = task.analyzer.segmenter(counted)
    documents = read_passages(task.documents, segmenter, task.words)
    postings = Postings([frozenset[int]().union(*passages) for passages in documents])
    found = []
    for watch, threshold, shape in task.shapes:
        bounds = postings.sums(shape.shares().items())
        for document in np.flatnonzero(bounds >= threshold - _SLACK).tolist():
            coverage = shape.coverage(documents[document])
            if coverage >= threshold - _SLACK:
                found.append(Covered(watch, document, coverage))
    return found


def read_passages(
    documents: Sequence[Passages], segmenter: Segmenter, words: Mapping[str, int]
) -> list[list[frozenset[int]]]:
    """Give, for each passage of each document, which of some words stand in it."""
    texts = [text.translate(_NO_SIGNS) for passages in documents for text in passages]
    cut = iter(segmenter.engine_texts(texts))
    segmenter.forget()
    return [
        [
            frozenset(words[term] for term in words.keys() & set(next(cut).split(" ")))
            for _ in passages
        ]
        for passages in documents
    ]
