"""The one analyzer of a corpus: index and query must share it, so it has a name that tells it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from typing import cast

from ipsearch.analysis import folding
from ipsearch.analysis.segmentation import Cutter, Segmenter
from ipsearch.errors import RecordError

ANALYZER_VERSION = "1"
"""Raise it with any change of `folding` or `segmentation` that changes a term or a position."""


@dataclass(frozen=True, slots=True)
class Analyzer:
    """How texts become terms: our rules, jieba's dictionary and a user's words.

    `user_words` are folded runs of Han characters, sorted; a term of their own even where jieba's
    dictionary would cut them. Letters and digits need none: a run of them is always one term.
    """

    user_words: tuple[str, ...] = ()

    @classmethod
    def with_words(cls, lines: Iterable[str]) -> Analyzer:
        """Read a dictionary in jieba's form: a word a line, frequency and tag ignored, # comments.

        Raises `RecordError`, naming the line, for a word that is not a run of Han characters.
        """
        words = set()
        for number, line in enumerate(lines, start=1):
            text = line.split("#", 1)[0].split()
            if not text:
                continue
            word = folding.fold(text[0])
            if (
                len(word) < 2
                or not (folding.classes_of(folding.to_codes(word)) == folding.HAN).all()
            ):
                raise RecordError(
                    f"dictionary line {number}: {text[0]!r} is not two or more Han characters"
                )
            words.add(word)
        return cls(tuple(sorted(words)))

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change with anything that changes a term."""
        digest = hashlib.blake2b(digest_size=8)
        digest.update(f"{ANALYZER_VERSION} rjieba {metadata.version('rjieba')}\n".encode())
        digest.update(resources.files("ipsearch.data").joinpath("unicode.npz").read_bytes())
        digest.update("\n".join(self.user_words).encode())
        return digest.hexdigest()

    def segmenter(self) -> Segmenter:
        """Give a segmenter; the dictionary behind it is loaded once a process and analyzer."""
        return Segmenter(_cutter(self.user_words))


@cache
def _cutter(user_words: tuple[str, ...]) -> Cutter:
    import rjieba  # its dictionary takes a tenth of a second to load

    jieba = rjieba.Jieba()  # ours alone: the module's own is shared and mutable
    for word in user_words:
        jieba.add_word(word, None, None)
    return cast(Cutter, jieba)
