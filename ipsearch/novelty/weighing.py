"""Here is a text, give me the words that tell it from others, and what each counts for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ipsearch.analysis import Segmenter, fold
from ipsearch.search.wording import is_content

_MOST_CHARS = 200_000
"""Of a text: what comes after them repeats what came before, and counting takes its time."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """A user's groups of words that mean the same: 电芯 = 电池 = cell."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Folded word -> the other words of its group."""

    @classmethod
    def read(cls, lines: Iterable[str]) -> Synonyms:
        """Read a group a line, its words separated by = or tabs; # begins a comment."""
        groups: dict[str, dict[str, None]] = {}
        for line in lines:
            parts = line.split("#", 1)[0].replace("\t", "=").split("=")
            words = [word for word in map(fold, parts) if word]
            for word in words:
                groups.setdefault(word, {}).update(dict.fromkeys(words))
        return cls({w: tuple(o for o in others if o != w) for w, others in groups.items()})

    def of(self, word: str) -> tuple[str, ...]:
        """Give the other words of a word's group."""
        return self.groups.get(word, ())


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word of the query."""

    term: str
    weight: float  # what a match counts for, beside how rare the word is
    idf: float


def count_terms(text: str, segmenter: Segmenter) -> Counter[str]:
    """Count the words of a text; signs are none."""
    return Counter(
        term.text for term in segmenter.terms(fold(text[:_MOST_CHARS])) if is_content(term.text)
    )


def rareness(records: int, having: int) -> float:
    """Give the inverse document frequency ln(1 + N / n) of a word that n of N records have."""
    return math.log1p(records / having)


def weigh(
    counts: Mapping[str, int],
    frequency: Callable[[str], int],
    records: int,
    *,
    most: int,
    liked: Sequence[Mapping[str, int]] = (),
    unliked: Sequence[Mapping[str, int]] = (),
    like_weight: float = 0.0,
    unlike_weight: float = 0.0,
) -> list[Weighed]:
    """Choose the words that tell a text from other records, most telling first.

    A word counts by the square root of how often the text has it: a plain count lets the commonest
    words of a long text drown the rest. Chosen by that times `rareness`. Words of documents
    that a searcher marked as like are added, those of unlike ones taken off (Rocchio's feedback).
    """
    weights = {term: math.sqrt(count) for term, count in counts.items()}
    for document in liked:
        share = like_weight * _scale(counts, document) / len(liked)
        for term, count in document.items():
            weights[term] = weights.get(term, 0.0) + share * math.sqrt(count)
    for document in unliked:
        share = unlike_weight * _scale(counts, document) / len(unliked)
        for term, count in document.items():
            if term in weights:
                weights[term] = max(weights[term] - share * math.sqrt(count), 0.0)
    weighed = []
    for term, weight in weights.items():
        having = frequency(term)
        if having and weight > 0:
            weighed.append(Weighed(term, weight, rareness(records, having)))
    weighed.sort(key=lambda word: (-word.weight * word.idf, word.term))
    return weighed[:most]


def _scale(counts: Mapping[str, int], document: Mapping[str, int]) -> float:
    """Make a long document count as much as the subject does."""
    own = math.sqrt(sum(counts.values())) or 1.0
    return own / (math.sqrt(sum(document.values())) or 1.0)
