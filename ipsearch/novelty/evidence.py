"""Here are documents and the features of a claim, give me which passage shows which feature.

A passage shows a feature as far as it has the feature's words, each counted by how rare it is:
coverage 1 is all of them. It is a measure of words, not of what they mean: a lead for who reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ipsearch.analysis import Segmenter, fold
from ipsearch.novelty.claims import Feature
from ipsearch.novelty.weighing import Synonyms
from ipsearch.search.compiled import Needle
from ipsearch.search.highlight import find_spans
from ipsearch.search.wording import is_content, is_letters

_MOST_CHARS = 1_200
"""Of a passage as it is shown; a longer one is cut around what matched."""
_MOST_PASSAGES = 2_000  # of one document


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a document and its place."""

    field: str  # ti, ab, cl, de
    place: str  # "claim 3", "[0023]", "abstract"
    text: str
    terms: frozenset[str]


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
    """Charts documents against the features of one claim."""

    def __init__(
        self,
        features: Sequence[Feature],
        segmenter: Segmenter,
        idf: Callable[[str], float],
        stem: Callable[[str], frozenset[str]],
        synonyms: Synonyms,
    ) -> None:
        """`stem` gives the forms that a word is found by, itself included."""
        self._segmenter, self._features = segmenter, features
        self._canonical: dict[str, str] = {}
        self._weights: list[dict[str, float]] = []
        for feature in features:
            weights: dict[str, float] = {}
            for term in self._terms(feature.text):
                for form in stem(term).union(synonyms.of(term)):
                    self._canonical.setdefault(form, term)
                own = self._canonical.setdefault(term, term)
                weights[own] = idf(term)
            self._weights.append(weights)
        self._totals = [sum(weights.values()) or 1.0 for weights in self._weights]

    def passages(self, row: Mapping[str, Any]) -> list[Passage]:
        """Cut a record's texts into passages, each with the words that any feature has."""
        found = []
        for field, place, text in _places(row):
            terms = {self._canonical.get(term) for term in self._terms(text)}
            found.append(Passage(field, place, text, frozenset(t for t in terms if t)))
            if len(found) == _MOST_PASSAGES:
                break
        return found

    def coverages(self, passages: Sequence[Passage]) -> list[tuple[float, int]]:
        """Give for each feature the best coverage and the number of the passage that has it."""
        best = []
        for weights, total in zip(self._weights, self._totals, strict=True):
            scores = [
                sum(weights[term] for term in passage.terms if term in weights)
                for passage in passages
            ]
            number = max(range(len(scores)), key=scores.__getitem__, default=-1)
            best.append((scores[number] / total if scores else 0.0, number))
        return best

    def chart(self, passages: Sequence[Passage]) -> Chart:
        """Chart one document."""
        matches = []
        for feature, weights, (coverage, number) in zip(
            self._features, self._weights, self.coverages(passages), strict=True
        ):
            if number < 0 or coverage == 0.0:
                matches.append(Match(feature.label, 0.0, "", "", "", ()))
                continue
            passage = passages[number]
            forms = [form for form, own in self._canonical.items() if own in weights]
            needles = [Needle(form, (passage.field,), is_letters(form)) for form in forms]
            text, spans = _shown(passage.text, find_spans(passage.text, needles))
            matches.append(
                Match(feature.label, coverage, passage.field, passage.place, text, spans)
            )
        return Chart(tuple(matches))

    def _terms(self, text: str) -> set[str]:
        return {term.text for term in self._segmenter.terms(fold(text)) if is_content(term.text)}


def _places(row: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Give the passages of a record with their field and place, as it labels or counts them."""
    found = [("ti", "title", t["text"]) for t in row.get("titles") or () if t["text"]]
    found += [("ab", "abstract", t["text"]) for t in row.get("abstracts") or () if t["text"]]
    for number, claim in enumerate(row.get("claims") or (), start=1):
        if claim["text"]:
            found.append(("cl", f"claim {claim.get('label') or number}", claim["text"]))
    for number, paragraph in enumerate(row.get("description") or (), start=1):
        if paragraph["text"]:
            label = paragraph.get("label") or f"{number:04d}"
            found.append(("de", f"[{label.strip('[]')}]", paragraph["text"]))
    return found


def _shown(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Cut a long passage to where most of its spans are."""
    if len(text) <= _MOST_CHARS or not spans:
        return text[:_MOST_CHARS], tuple(s for s in spans if s[1] <= _MOST_CHARS)
    begins = [begin for begin, _ in spans]
    first = max(begins, key=lambda b: sum(b <= other < b + _MOST_CHARS for other in begins))
    begin = max(0, min(first - 40, len(text) - _MOST_CHARS))
    end = begin + _MOST_CHARS
    inside = tuple((b - begin, e - begin) for b, e in spans if b >= begin and e <= end)
    return text[begin:end], inside


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
