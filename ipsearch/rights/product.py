"""Here is a description of a product, give me its passages and the words in each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ipsearch.analysis import SPACE, Segmenter
from ipsearch.analysis.folding import RESERVED
from ipsearch.analysis.segmentation import FILL
from ipsearch.errors import QueryError
from ipsearch.search.wording import is_content

MOST_CHARS = 200_000
"""Of a text: a description of a product is pages, not volumes."""
_MOST_PASSAGES = 5_000
_PASSAGE_CHARS = 240
"""Of a passage: what a feature says in one sentence a description says in two or three."""
_SENTENCE = re.compile(r"[^。！？；\n.!?;]*(?:[。！？；\n]+|[.!?;]+(?=\s|$)|[.!?;]|$)")


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of a description, and which words stand in each."""

    places: tuple[str, ...]  # "[3]": the third sentence is its first
    texts: tuple[str, ...]
    holding: Mapping[str, npt.NDArray[np.bool_]]  # word -> whether each passage has it

    def having_any(self, words: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Say of each passage whether it has any of some words."""
        found = np.zeros(len(self.texts), np.bool_)
        for word in words:
            if word in self.holding:
                found |= self.holding[word]
        return found


@dataclass(slots=True)
class Words:
    """Cuts texts into the words that count, many in one call."""

    segmenter: Segmenter
    _known: dict[str, bool] = field(default_factory=dict)

    def of(self, texts: Sequence[str]) -> list[list[str]]:
        """Give the words of each text in their order; signs are none."""
        return [
            [term for term in cut.split(" ") if self._counts(term)]
            for cut in self.segmenter.engine_texts([_plain(text) for text in texts])
        ]

    def _counts(self, term: str) -> bool:
        known = self._known.get(term)
        if known is None:
            known = bool(term) and term not in (FILL, SPACE) and is_content(term)
            self._known[term] = known
        return known


def check(text: str) -> str:
    """Give a description that can be searched with; raise `QueryError` for one that cannot."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise QueryError("the text holds half a character: it was not decoded rightly")
    if not any(map(str.isalnum, text)):
        raise QueryError("the text is empty" if not text.strip() else "the text holds no word")
    if len(text) > MOST_CHARS:
        raise QueryError(f"the text has {len(text):,} characters; at most {MOST_CHARS:,} are read")
    return text


def passages_of(text: str, words: Words) -> Passages:
    """Cut a description into passages: a few sentences in a row, each sentence the first of one.

    Where there are very many sentences, only each so many is the first of a passage: together they
    hold all of the text still.
    """
    sentences = list(_sentences(text))
    firsts = range(0, len(sentences), -(-len(sentences) // _MOST_PASSAGES) or 1)
    windows = [_window(sentences, first) for first in firsts]
    holding: dict[str, npt.NDArray[np.bool_]] = {}
    for number, terms in enumerate(words.of(windows)):
        for term in terms:
            if term not in holding:
                holding[term] = np.zeros(len(windows), np.bool_)
            holding[term][number] = True
    return Passages(tuple(f"[{first + 1}]" for first in firsts), tuple(windows), holding)


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        for begin in range(0, len(sentence), _PASSAGE_CHARS):
            yield sentence[begin : begin + _PASSAGE_CHARS]


def _window(sentences: Sequence[str], first: int) -> str:
    """Join sentences from `first` on, as many as a passage holds."""
    window = sentences[first]
    for sentence in sentences[first + 1 :]:
        if len(window) + len(sentence) > _PASSAGE_CHARS:
            break
        window = f"{window} {sentence}"
    return window


def _plain(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, RESERVED), " "))
