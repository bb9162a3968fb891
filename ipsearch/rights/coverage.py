"""Here are claims and the passages of a product, give me how far the product shows each feature.

The reverse of the chart of a novelty search, by the same measure: a passage shows a feature as far
as it has the feature's words, each counted by how rare it is. A claim is met only by what has all
of its features, so what is missing counts as much as what is there. Words are not what they mean:
a lead for who reads, never a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ipsearch.novelty.claims import Claim
from ipsearch.novelty.evidence import Match
from ipsearch.rights.product import Passages, Words
from ipsearch.search.compiled import Needle
from ipsearch.search.highlight import find_spans
from ipsearch.search.wording import is_letters

SHOWN = 0.5
"""A feature less of whose words stand together anywhere in the text is missing."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a claim, ready to be compared."""

    label: str
    weights: Mapping[str, float]  # word -> how rare it is
    forms: Mapping[str, frozenset[str]]  # word -> the forms that it is found by
    total: float


@dataclass(frozen=True, slots=True)
class Charted:
    """One claim against a product."""

    claim: Claim
    features: tuple[Feature, ...]
    found: tuple[tuple[float, int], ...]  # of each feature the best coverage, and its passage

    @property
    def coverage(self) -> float:
        """The mean over the features, 0 to 1."""
        return sum(coverage for coverage, _ in self.found) / len(self.found)

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels of the features that the text does not show."""
        return tuple(
            feature.label
            for feature, (coverage, _) in zip(self.features, self.found, strict=True)
            if coverage < SHOWN
        )

    @property
    def score(self) -> float:
        """Half the mean coverage, half the share of features that are shown: 0 to 1."""
        shown = 1 - len(self.missing) / len(self.found)
        return (self.coverage + shown) / 2


def prepare(
    claims: Sequence[Claim],
    words: Words,
    idf: Callable[[str], float],
    stem: Callable[[str], frozenset[str]],
) -> list[tuple[Feature, ...]]:
    """Make the features of many claims ready, cut in one call.

    `stem` gives the forms that a word is found by, itself included.
    """
    cut = iter(words.of([feature.text for claim in claims for feature in claim.features]))
    return [
        tuple(_feature(feature.label, next(cut), idf, stem) for feature in claim.features)
        for claim in claims
    ]


def _feature(
    label: str,
    terms: Sequence[str],
    idf: Callable[[str], float],
    stem: Callable[[str], frozenset[str]],
) -> Feature:
    forms: dict[str, frozenset[str]] = {}
    seen: set[str] = set()
    for term in dict.fromkeys(terms):
        if term not in seen:  # else it is another form of a word that is there
            forms[term] = stem(term)
            seen |= forms[term]
    weights = {word: idf(word) for word in forms}
    return Feature(label, weights, forms, sum(weights.values()) or 1.0)


def chart(claim: Claim, features: tuple[Feature, ...], passages: Passages) -> Charted:
    """Compare one claim with a product."""
    return Charted(claim, features, tuple(_best(feature, passages) for feature in features))


def _best(feature: Feature, passages: Passages) -> tuple[float, int]:
    """Give the best coverage of a feature and the number of the passage that has it; -1 if none."""
    covered = np.zeros(len(passages.texts))
    for word, forms in feature.forms.items():
        covered += feature.weights[word] * passages.having_any(forms)
    number = int(covered.argmax()) if covered.size else -1
    if number < 0 or not covered[number]:
        return 0.0, -1
    return float(covered[number]) / feature.total, number


def evidence(charted: Charted, passages: Passages) -> tuple[Match, ...]:
    """Give for each feature the passage that shows it best, its words marked."""
    matches = []
    for feature, (coverage, number) in zip(charted.features, charted.found, strict=True):
        if number < 0:
            matches.append(Match(feature.label, 0.0, "", "", "", ()))
            continue
        text = passages.texts[number]
        forms = [form for forms in feature.forms.values() for form in forms]
        needles = [Needle(form, ("de",), is_letters(form)) for form in forms]
        spans = tuple(find_spans(text, needles))
        matches.append(Match(feature.label, coverage, "de", passages.places[number], text, spans))
    return tuple(matches)
