"""Here are many folded texts, cut them as `segmentation` does, an order of magnitude faster.

Jieba's own rule, compiled: of all ways through a run of dictionary words and single characters the
most probable one. Its dictionary is jieba's, and its sums are added up in the order in which rjieba
adds them, so that even ways of nearly equal probability come out the same; a test holds the two
together. For building an index alone: loading it takes longer than cutting a few thousand texts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ipsearch.analysis import folding
from ipsearch.analysis.folding import Codes
from ipsearch.analysis.lookup import IDEOGRAPHS, JOINTS, dictionary_path
from ipsearch.analysis.loops import (
    BLANK,
    BREAK,
    CHANCE_BITS,
    TEXT_MARK,
    VALUE_MARK,
    Bytes,
    Floats,
    Integers,
    Longs,
    build_trie,
    cut_codes,
    fold_utf8,
)
from ipsearch.analysis.segmentation import TEXT_END, VALUE_END


class Kernel(NamedTuple):
    """A dictionary and what has been met of it; the arrays that the compiled functions work on."""

    kinds: Bytes  # code point -> class or mark
    is_joint: Bytes  # code point -> whether jieba looks through it
    roots: Integers  # code point -> place of the words that begin with it; -1 where there are none
    known: Bytes  # bits of `loops.FILTER_BITS`: 0 where no prefix in `trie` has that hash
    trie: Longs  # hash table of the dictionary's prefixes, as `loops.CHANCE_BITS` says; -1 is free
    chances: Floats  # the log probabilities that there are; the first is none
    unknown: float  # log probability of a character that is no word
    words: Integers  # place in the table -> number of the word
    spelled: pa.Array  # number -> word
    seen_words: Bytes  # place in the table -> whether the word was met
    seen_chars: Bytes  # code point -> whether it was met as a term
    met: Integers  # place in the table -> the last text in which the word was hidden; 0 is none
    longest: int  # how many characters the longest word has
    texts: Longs  # one number: that of the next text

    def fresh(self) -> Kernel:
        """Give one with the same dictionary that has met nothing yet."""
        return self._replace(
            seen_words=np.zeros_like(self.seen_words),
            seen_chars=np.zeros_like(self.seen_chars),
            met=np.zeros_like(self.met),
            texts=np.ones_like(self.texts),
        )

    def fold(self, utf8: bytes | memoryview) -> Codes:
        """Fold a text in UTF-8, or several joined by `folding.RESERVED`, as `fold_joined_codes`."""
        data = np.frombuffer(utf8, np.uint8)
        out = np.empty(2 * len(data) + 8, np.uint16)
        size = fold_utf8(data, *folding.plain_forms(), out)
        return out[:size] if size >= 0 else folding.fold_joined_codes(str(utf8, "utf-8"))

    def cut(self, codes: Codes, prefix: str = "") -> tuple[str, Codes, Longs, str]:
        """Cut folded texts joined by `TEXT_END`.

        Gives the items, a newline between texts; the terms that are neither Han nor a single sign,
        a space behind each, with the places where they begin; and the hidden words, `prefix` and
        a mark before each, a space behind, a newline between texts.
        """
        out = np.empty(4 * len(codes) + 8, codes.dtype)
        runs = np.empty(4 * len(codes) + 8, codes.dtype)
        starts = np.empty(len(codes) + 1, np.int64)
        size, run_size, count, hidden = cut_codes(
            codes, self.kinds, self.is_joint, self.roots, self.known, self.trie, self.chances,
            self.unknown, self.seen_words, self.seen_chars, out, runs, starts,
            self.met, int(self.texts[0]), self.longest,
            np.array(list(map(ord, prefix)), codes.dtype),
        )  # fmt: skip
        texts = folding.from_codes(out[:size])
        self.texts[0] += texts.count("\n") + 1
        return texts, runs[:run_size], starts[:count], folding.from_codes(hidden)

    def seen(self) -> set[str]:
        """Give the words and single characters met since the last `forget`."""
        met = self.spelled.take(pa.array(self.words[np.flatnonzero(self.seen_words)]))
        return set(met.to_pylist()) | set(map(chr, np.flatnonzero(self.seen_chars).tolist()))

    def seen_count(self) -> int:
        """How many `seen` would give."""
        return int(np.count_nonzero(self.seen_words) + np.count_nonzero(self.seen_chars))

    def forget(self) -> None:
        """Begin anew with what was met."""
        self.seen_words[:] = 0
        self.seen_chars[:] = 0


def make_kernel(added: Sequence[tuple[str, int]]) -> Kernel:
    """Make a kernel of jieba's dictionary and `added` words with their frequencies, in order."""
    words, frequencies = _dictionary(dict(added))
    spelled = folding.to_codes(words.buffers()[2].to_pybytes().decode())
    lengths = pc.utf8_length(words).to_numpy()
    ends = np.cumsum(lengths, dtype=np.int64)
    size = 1 << int(2 * ends[-1] / 3).bit_length()  # two of three prefixes are shared
    roots, known, trie, places = build_trie(spelled, ends, size)
    is_word = places >= 0
    kept = frequencies[places[is_word]]  # of a word that is there twice the last
    total = math.log(int(kept.sum()))
    distinct, which = np.unique(np.append(0, kept), return_inverse=True)
    chances = np.array([0.0, *(math.log(f) - total for f in distinct[1:].tolist())])
    if len(chances) >> CHANCE_BITS:
        raise ValueError(f"{len(chances)} different frequencies of words")
    trie[is_word] |= which[1:]
    kinds = folding.tables().classes.copy()
    kinds[32] = BLANK
    kinds[[ord(mark) for mark in folding.RESERVED]] = BREAK
    kinds[ord(VALUE_END)], kinds[ord(TEXT_END)] = VALUE_MARK, TEXT_MARK
    is_joint = np.zeros(len(kinds), np.uint8)
    for first, last in IDEOGRAPHS:
        is_joint[first : last + 1] = 1
    is_joint[[code for code in range(128) if chr(code).isalnum()]] = 1
    is_joint[list(map(ord, JOINTS))] = 1
    seen_words, seen_chars = np.zeros(size, np.uint8), np.zeros(len(kinds), np.uint8)
    met = np.zeros(size, np.int32)
    return Kernel(
        kinds, is_joint, roots, known, trie, chances, -total, places, words, seen_words, seen_chars,
        met, int(lengths.max()), np.ones(1, np.int64),
    )  # fmt: skip


def _dictionary(added: dict[str, int]) -> tuple[pa.Array, Longs]:
    """Give the words of jieba's dictionary and `added` ones, and how frequent each is."""
    table = csv.read_csv(
        dictionary_path(),
        read_options=csv.ReadOptions(column_names=["word", "frequency", "tag"], use_threads=False),
        parse_options=csv.ParseOptions(delimiter=" ", quote_char=False),
        convert_options=csv.ConvertOptions(
            include_columns=["word", "frequency"],
            column_types={"word": pa.string(), "frequency": pa.int64()},
        ),
    ).combine_chunks()
    if added:
        is_kept = pc.invert(pc.is_in(table["word"], pa.array(list(added))))
        more = pa.table({"word": list(added), "frequency": pa.array(added.values(), pa.int64())})
        table = pa.concat_tables([table.filter(is_kept), more]).combine_chunks()
    words = table["word"].combine_chunks()
    if words.offset or len(words.buffers()) != 3:
        words = pa.concat_arrays([words])
    return words, table["frequency"].to_numpy()
