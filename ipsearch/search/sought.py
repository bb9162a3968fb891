"""Here is a folded text, where in it does what was sought stand? The reference for what a query
means, character by character; the index finds the records, this says where, and settles doubts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ipsearch.analysis.folding import HAN, SYLLABLE, WORD, classes_of, to_codes

Span = tuple[int, int]
"""Where something begins and ends, in characters of the folded text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that stands there as it is, within longer words too."""

    text: str

    def find(self, folded: str) -> list[Span]:
        """Give every place where it stands, overlapping ones too."""
        found, at = [], folded.find(self.text)
        while at >= 0:
            found.append((at, at + len(self.text)))
            at = folded.find(self.text, at + 1)
        return found


@dataclass(frozen=True, slots=True)
class Runs:
    """Whole runs of letters and digits: any of some."""

    forms: frozenset[str]

    def find(self, folded: str) -> list[Span]:
        """Give every run that is one of the forms."""
        if not any(form in folded for form in self.forms):
            return []
        return [(b, e) for b, e in _layout(folded).runs if folded[b:e] in self.forms]


@dataclass(frozen=True, slots=True)
class RunPattern:
    """Whole runs of letters and digits of a form such as col?r*."""

    text: str

    def find(self, folded: str) -> list[Span]:
        """Give every run of the form."""
        fits = run_pattern(self.text).fullmatch
        return [(b, e) for b, e in _layout(folded).runs if fits(folded, b, e)]


@dataclass(frozen=True, slots=True)
class TextPattern:
    """A text with ? for one Han, kana or hangul character each."""

    text: str

    def find(self, folded: str) -> list[Span]:
        """Give every place where it stands, overlapping ones too."""
        found = []
        signs = [i for i, char in enumerate(self.text) if char == "?"]
        for match in _text_pattern(self.text).finditer(folded):
            begin, end = match.span(1)
            if all(_layout(folded).classes[begin + i] in (HAN, SYLLABLE) for i in signs):
                found.append((begin, end))
        return found


Sought = Piece | Runs | RunPattern | TextPattern


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things with at most `most` units between them."""

    lefts: tuple[Sought, ...]
    rights: tuple[Sought, ...]
    most: int
    is_ordered: bool

    def find(self, folded: str) -> list[Span]:
        """Give the places of both sides wherever they stand so."""
        lefts = _all(self.lefts, folded)
        rights = _all(self.rights, folded) if lefts else []
        if not rights:
            return []
        found = set(self._between(lefts, rights, folded))
        if not self.is_ordered:
            found |= set(self._between(rights, lefts, folded))
        return sorted(found)

    def _between(
        self, firsts: Sequence[Span], seconds: Sequence[Span], folded: str
    ) -> Iterator[Span]:
        layout = _layout(folded)
        before = layout.units_before
        seconds = sorted(seconds)
        begins = np.array([begin for begin, _ in seconds])
        for first in firsts:
            end = first[1]
            for number in range(int(np.searchsorted(begins, end)), len(seconds)):
                second = seconds[number]
                between = before[second[0]] - before[end]
                if between > self.most + 1:
                    break
                if between - layout.is_within(second[0]) <= self.most or not between:
                    yield first
                    yield second


def _all(sought: Sequence[Sought], folded: str) -> list[Span]:
    return [span for one in sought for span in one.find(folded)]


@dataclass(frozen=True, slots=True)
class _Layout:
    classes: Sequence[int]
    units_before: Sequence[int]  # of each place, how many units begin before it; one longer
    runs: Sequence[Span]  # of letters and digits

    def is_within(self, at: int) -> bool:
        """Say whether a place lies inside a run: what is cut off there is no unit between."""
        return 0 < at < len(self.classes) and self.classes[at - 1] == self.classes[at] == WORD


@lru_cache(maxsize=64)
def _layout(folded: str) -> _Layout:
    """Say of each character what it is, and how many units begin before it."""
    classes = classes_of(to_codes(folded))
    is_word = classes == WORD
    padded = np.concatenate(([False], is_word, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    is_unit = (classes == HAN) | (classes == SYLLABLE)
    is_unit[edges[::2]] = True
    before = np.concatenate(([0], np.cumsum(is_unit)))
    return _Layout(classes.tolist(), before.tolist(), runs)


@lru_cache(maxsize=256)
def run_pattern(text: str) -> re.Pattern[str]:
    """Compile a form such as col?r*; what it is matched with are letters and digits alone."""
    return re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in text))


@lru_cache(maxsize=256)
def _text_pattern(text: str) -> re.Pattern[str]:
    body = "".join("." if char == "?" else re.escape(char) for char in text)
    return re.compile(f"(?=({body}))", re.DOTALL)
