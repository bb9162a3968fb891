"""Here are documents and the features of a claim, give me which passage shows which feature.

A passage shows a feature as far as it has the feature's words, each counted by how rare it is:
coverage 1 is all of them. It is a measure of words, not of what they mean: a lead for who reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ipsearch.analysis import Segmenter, fold
from ipsearch.novelty.claims import Feature
from ipsearch.novelty.passages import Document, Passage, Words, densest
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.search.compiled import Needle
from ipsearch.search.highlight import find_spans
from ipsearch.search.wording import is_content, is_letters

_MOST_CHARS = 1_200
"""Of a passage as it is shown; a longer one is cut around what matched."""
_ROUNDED = 1e-9  # sums of the same weights in another order

Columns = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Match:
    """One feature and the passage that shows it best."""

    label: str
    coverage: float  # 0 to 1
    field: str
    place: str
    text: str
    spans: tuple[tuple[int, int], ...]  # of the feature's words in `text`


@dataclass(frozen=True, slots=True)
class Chart:
    """All features of the claim against one document."""

    matches: tuple[Match, ...]  # one a feature, in the claim's order

    @property
    def coverage(self) -> float:
        """The mean over the features, 0 to 1."""
        return sum(m.coverage for m in self.matches) / len(self.matches) if self.matches else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents that together show more than each alone: a lead for inventive step."""

    ids: tuple[str, str]
    coverage: float  # mean over the features of the better of the two


class Charter:
    """Charts documents against the features of a claim.

    A feature's words are terms; a passage has those that are terms of it too. Of several forms of
    one word, and of synonyms, any will do.
    """

    def __init__(
        self,
        features: Sequence[Feature],
        segmenter: Segmenter,
        rareness: Callable[[str], float],
        forms: Callable[[str], Iterable[str]],
        synonyms: Synonyms,
    ) -> None:
        """`forms` gives the forms that a word is found by, itself included."""
        self._segmenter, self._features = segmenter, tuple(features)
        self._forms: dict[str, dict[str, None]] = {}  # form -> the words that it stands for
        self._phrases: dict[str, list[str]] = {}  # the same of synonyms of several terms
        weights: list[dict[str, float]] = []
        words: dict[str, str] = {}  # term -> the word of which it is a form
        for feature in features:
            folded = fold(feature.text)
            own = {}
            for term in self._terms(folded):
                word = words.setdefault(term, term)
                for form in forms(term) if word == term else ():
                    words.setdefault(form, word)
                    self._forms.setdefault(form, {})[word] = None
                own[word] = rareness(word)
                self._forms.setdefault(term, {})[word] = None
            weights.append(own)
            self._add_synonyms(folded, own, words, synonyms)
        self.words = Words(self._forms)
        self.weights = np.zeros((len(features), len(self.words.columns)))
        """What each word, in the columns of `words`, counts for in each feature."""
        for row, own in zip(self.weights, weights, strict=True):
            for word, weight in own.items():
                row[self.words.columns[word]] = weight
        totals = self.weights.sum(axis=1)
        self._totals = np.where(totals > 0, totals, 1.0)

    def _add_synonyms(
        self,
        folded: str,
        own: Mapping[str, float],
        words: Mapping[str, str],
        synonyms: Synonyms,
    ) -> None:
        """Let the synonyms of what a feature has stand for all of its words."""
        for found, others in synonyms.standing_in(folded).items():
            meant = [words[term] for term in self._terms(found) if words.get(term) in own]
            for other in others:
                if len(self._terms(other)) > 1:
                    self._phrases.setdefault(other, []).extend(meant)
                self._forms.setdefault(other, {}).update(dict.fromkeys(meant))

    def chart(self, document: Document) -> Chart:
        """Chart one document.

        Cutting texts into terms takes longest, and a passage that has a term holds its characters:
        what those allow is looked at best first, until nothing can be better.
        """
        bounds = (self.words.table([document]) > 0) @ self.weights.T
        known: dict[int, Columns] = {}
        matches = []
        for number, feature in enumerate(self._features):
            weights, best, place = self.weights[number], 0.0, -1
            for at in np.argsort(-bounds[:, number], kind="stable").tolist():
                if not bounds[at, number] or bounds[at, number] < best - _ROUNDED:
                    break
                if at not in known:
                    known[at] = self._words_of(document.passages[at])
                score = float(weights[known[at]].sum())
                if score > best + _ROUNDED or (score > best - _ROUNDED and at < place):
                    best, place = score, at
            if place < 0:
                matches.append(Match(feature.label, 0.0, "", "", "", ()))
                continue
            coverage = min(best / float(self._totals[number]), 1.0)
            matches.append(self._match(number, coverage, document.passages[place]))
        return Chart(tuple(matches))

    def _words_of(self, passage: Passage) -> Columns:
        """Give the columns of the words that a passage has."""
        folded = fold(passage.text)
        words: set[str] = set()
        for term in self._segmenter.words(folded):
            words.update(self._forms.get(term, ()))
        for phrase, meant in self._phrases.items():
            if phrase in folded:
                words.update(meant)
        return np.array(sorted(self.words.columns[word] for word in words), np.int64)

    def _match(self, number: int, coverage: float, passage: Passage) -> Match:
        own = {word for word, at in self.words.columns.items() if self.weights[number, at]}
        needles = [
            Needle(form, (passage.field,), is_letters(form))
            for form, words in self._forms.items()
            if not own.isdisjoint(words)
        ]
        text, spans = passage.text, find_spans(passage.text, needles)
        begin, end = densest(len(text), spans, _MOST_CHARS)
        inside = tuple((b - begin, e - begin) for b, e in spans if b >= begin and e <= end)
        label = self._features[number].label
        return Match(label, coverage, passage.field, passage.place, text[begin:end], inside)

    def _terms(self, folded: str) -> list[str]:
        found = dict.fromkeys(term.text for term in self._segmenter.terms(folded))
        return [term for term in found if is_content(term)]


LEAST_OF_PAIR = 0.5
"""Pairs that show less than half are no lead."""


def best_pairs(charts: Mapping[str, Chart], most: int = 5) -> list[Pair]:
    """Find the pairs of documents that together show most; only those better than each alone."""
    pairs = []
    for (one, first), (other, second) in combinations(charts.items(), 2):
        both = [
            max(a.coverage, b.coverage) for a, b in zip(first.matches, second.matches, strict=True)
        ]
        coverage = sum(both) / len(both) if both else 0.0
        best = max(first.coverage, second.coverage)
        if coverage >= LEAST_OF_PAIR and coverage > best + 1e-9:
            pairs.append(Pair((one, other), coverage))
    pairs.sort(key=lambda pair: (-pair.coverage, pair.ids))
    return pairs[:most]
