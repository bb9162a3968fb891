"""Here is a text, give me the words that tell it from others, and what each counts for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ipsearch.analysis import Segmenter, fold
from ipsearch.analysis.folding import HAN, tables
from ipsearch.search.wording import is_all_han, is_content

MOST_CHARS = 200_000
"""Of a text: what comes after them repeats what came before, and counting takes its time."""
LONG = 40
"""Distinct words from which on a text is long: it has the words that nearly all texts have."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word of the query."""

    term: str
    weight: float  # what a match counts for, beside what the engine counts for a word so rare
    rareness: float


def count_terms(text: str, segmenter: Segmenter) -> Counter[str]:
    """Count the words of a text; signs are none."""
    counts = Counter(term.text for term in segmenter.terms(fold(text[:MOST_CHARS])))
    return Counter({term: count for term, count in counts.items() if is_content(term)})


def emphasis(counts: Mapping[str, float]) -> dict[str, float]:
    """Give the root of how often each word is said.

    A plain count lets the commonest words of a long text drown the rest.
    """
    return {term: math.sqrt(count) for term, count in counts.items()}


def parts_of(terms: Iterable[str], segmenter: Segmenter) -> set[str]:
    """Give the words of the dictionary that stand within longer words: 电池 in 蓄电池."""
    longer = (term for term in terms if len(term) > 2 and is_all_han(term))
    return set().union(*map(segmenter.parts, longer))


def rareness(records: int, having: int) -> float:
    """Give the inverse document frequency ln(1 + N / n) of a word that n of N records have."""
    return math.log1p(records / having)


class Rareness:
    """Says of each word of a subject how rare it is among the records that it may stand in.

    These are the records of its script: in a corpus of which a tenth is Chinese, a Chinese word
    would be rare among all, one of every text too (一种, 的). How many they are the subject tells,
    where it is long: the commonest of its words stands in nearly all of them.
    """

    def __init__(
        self,
        terms: Iterable[str],
        frequency: Callable[[str], int],
        records: int,
        *,
        by_script: bool = True,
    ) -> None:
        """`frequency` gives how many records have a word, of `records` in all.

        `terms` are the subject's; without `by_script` all records count, whatever their script.
        """
        self._frequency = frequency
        having: dict[bool, list[int]] = {True: [], False: []}
        for term in terms:
            having[is_han(term)].append(frequency(term))
        self._of_script = {
            script: max(counts) if by_script and len(counts) >= LONG else records
            for script, counts in having.items()
        }

    def records(self, term: str) -> int:
        """Say among how many records a word counts as rare."""
        return self._of_script[is_han(term)]

    def having(self, term: str) -> int:
        """Say how many of these have it."""
        return min(self._frequency(term), self.records(term))

    def share(self, term: str) -> float:
        """Say which share of these has it: 0 to 1."""
        records = self.records(term)
        return self.having(term) / records if records else 0.0

    def __call__(self, term: str) -> float:
        """Give ln(1 + N / n) of a word that n of N records have; 0 if none has it."""
        having = self.having(term)
        return rareness(self.records(term), having) if having else 0.0


def is_han(term: str) -> bool:
    """Say whether a term is written in Han characters."""
    return bool(tables().classes[ord(term[0])] == HAN)


def without_commonest(
    said: Mapping[str, float], rare: Rareness, commonest: float
) -> dict[str, float]:
    """Leave out words that a greater share of the records has, unless no record has another."""
    kept = {t: value for t, value in said.items() if rare.share(t) <= commonest}
    return kept if any(map(rare.having, kept)) else dict(said)


def weigh(
    said: Mapping[str, float], rare: Callable[[str], float], *, power: float, most: int
) -> list[Weighed]:
    """Choose the words that tell a text from other records, most telling first.

    A word counts by how much it is said and by its rareness to a power: the engine counts rareness
    once, for the records; a subject's own words differ by it as much.
    """
    weighed = []
    for term, value in said.items():
        how_rare = rare(term)
        if how_rare and value > 0:
            weighed.append(Weighed(term, value * how_rare**power, how_rare))
    weighed.sort(key=lambda word: (-word.weight * word.rareness, word.term))
    return weighed[:most]


def with_feedback(
    said: Mapping[str, float],
    liked: Sequence[Mapping[str, float]],
    unliked: Sequence[Mapping[str, float]],
    like_weight: float,
    unlike_weight: float,
) -> dict[str, float]:
    """Add the words of documents that a searcher marked as like, take off those of unlike ones.

    Rocchio's feedback; a long document counts as much as the subject does.
    """
    adjusted = dict(said)
    for document in liked:
        share = like_weight * _length(said) / _length(document) / len(liked)
        for term, value in document.items():
            adjusted[term] = adjusted.get(term, 0.0) + share * value
    for document in unliked:
        share = unlike_weight * _length(said) / _length(document) / len(unliked)
        for term, value in document.items():
            if term in adjusted:
                adjusted[term] = max(adjusted[term] - share * value, 0.0)
    return adjusted


def _length(said: Mapping[str, float]) -> float:
    return math.sqrt(sum(value * value for value in said.values())) or 1.0
