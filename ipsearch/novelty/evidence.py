"""Here are documents and the features of a claim, give me which passage shows which feature.

A passage shows a feature as far as it has the feature's words, each counted by how rare it is:
coverage 1 is all of them. It is a measure of words, not of what they mean: a lead for who reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from ipsearch.analysis import Segmenter, fold
from ipsearch.novelty.claims import Feature
from ipsearch.novelty.passages import Passage, densest, passages_of
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.search.compiled import Needle
from ipsearch.search.highlight import find_spans
from ipsearch.search.wording import is_content, is_letters

_MOST_CHARS = 1_200
"""Of a passage as it is shown; a longer one is cut around what matched."""


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


class ReadPassage(NamedTuple):
    """A passage, and those words of the features that it has."""

    passage: Passage
    words: frozenset[str]


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
        self.forms: dict[str, dict[str, None]] = {}
        """Form -> the words that it stands for."""
        self._phrases: dict[str, list[str]] = {}
        """The same of synonyms that are more than one term."""
        self.weights: list[dict[str, float]] = []
        """Of each feature: word -> what it counts for."""
        words: dict[str, str] = {}  # term -> the word of which it is a form
        for feature in features:
            folded = fold(feature.text)
            own = {}
            for term in self._terms(folded):
                word = words.setdefault(term, term)
                for form in forms(term) if word == term else ():
                    words.setdefault(form, word)
                    self.forms.setdefault(form, {})[word] = None
                own[word] = rareness(word)
                self.forms.setdefault(term, {})[word] = None
            self.weights.append(own)
            self._add_synonyms(folded, own, words, synonyms)
        self._totals = [sum(weights.values()) or 1.0 for weights in self.weights]

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
                self.forms.setdefault(other, {}).update(dict.fromkeys(meant))

    def passages(self, row: Mapping[str, Any]) -> list[ReadPassage]:
        """Cut a record's texts into passages, each with the words that any feature has."""
        return self.read(passages_of(row))

    def read(self, passages: Iterable[Passage]) -> list[ReadPassage]:
        """Find the words of the features in passages."""
        found = []
        for passage in passages:
            folded = fold(passage.text)
            words: set[str] = set()
            for term in {term.text for term in self._segmenter.terms(folded)}:
                words.update(self.forms.get(term, ()))
            for phrase, meant in self._phrases.items():
                if phrase in folded:
                    words.update(meant)
            found.append(ReadPassage(passage, frozenset(words)))
        return found

    def chart(self, read: Sequence[ReadPassage]) -> Chart:
        """Chart one document."""
        matches = []
        for feature, weights, total in zip(self._features, self.weights, self._totals, strict=True):
            scores = [sum(weights[w] for w in found.words if w in weights) for found in read]
            best = max(range(len(scores)), key=scores.__getitem__, default=-1)
            if best < 0 or not scores[best]:
                matches.append(Match(feature.label, 0.0, "", "", "", ()))
                continue
            coverage = min(scores[best] / total, 1.0)  # a sum in another order may be a hair more
            matches.append(self._match(feature.label, coverage, read[best].passage, weights))
        return Chart(tuple(matches))

    def _match(
        self, label: str, coverage: float, passage: Passage, weights: Mapping[str, float]
    ) -> Match:
        forms = [form for form, words in self.forms.items() if not weights.keys().isdisjoint(words)]
        needles = [Needle(form, (passage.field,), is_letters(form)) for form in forms]
        text, spans = passage.text, find_spans(passage.text, needles)
        begin, end = densest(len(text), spans, _MOST_CHARS)
        inside = tuple((b - begin, e - begin) for b, e in spans if b >= begin and e <= end)
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
