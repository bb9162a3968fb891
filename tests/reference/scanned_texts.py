"""One field's texts of all records, laid end to end, to be scanned.

No index: what is found is found by looking at the characters. Arrays only say which record a
character belongs to and how many units stand before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

import jieba
import numpy as np
import numpy.typing as npt

from ipsearch.analysis import fold
from ipsearch.analysis.folding import HAN, SYLLABLE, WORD, classes_of
from ipsearch.index.vocabulary import stem

Booleans = npt.NDArray[np.bool_]
Offsets = npt.NDArray[np.int64]

END = "\n"  # behind each value; no folded text holds one
_ENGLISH = re.compile("[a-z]{3,40}")


def classes(text: str) -> npt.NDArray[np.uint8]:
    """Say of each character of a text what it is."""
    return classes_of(np.frombuffer(text.encode("utf-32-le"), np.uint32))


def is_run(text: str) -> bool:
    """Say whether a text is letters and digits, and nothing else."""
    return bool(text) and bool((classes(text) == WORD).all())


def pieces(text: str) -> list[tuple[int, str]]:
    """Cut a folded text wherever the class of its characters changes; signs stay alone."""
    found: list[tuple[int, str]] = []
    last = 0
    for char, kind in zip(text, classes(text).tolist(), strict=True):
        if found and kind == last and kind in (WORD, HAN, SYLLABLE):
            found[-1] = (kind, found[-1][1] + char)
        else:
            found.append((kind, char))
        last = kind
    return found


def terms(kind: int, piece: str) -> list[str]:
    """Cut one piece into terms: Han by jieba's dictionary, kana and hangul in pairs."""
    if kind == HAN:
        return list(jieba.cut(piece, HMM=False))
    if kind == SYLLABLE and len(piece) > 1:
        return [piece[i : i + 2] for i in range(len(piece) - 1)]
    return [piece]


class Spans:
    """Where something stands: beginnings and ends, in pairs."""

    def __init__(self, starts: Iterable[int], ends: Iterable[int]) -> None:
        self.starts = np.array(list(starts), np.int64)
        self.ends = np.array(list(ends), np.int64)

    @classmethod
    def joined(cls, several: Sequence[Spans]) -> Spans:
        """Give what stands at any of several."""
        spans = cls((), ())
        if several:
            spans.starts = np.concatenate([one.starts for one in several])
            spans.ends = np.concatenate([one.ends for one in several])
        return spans


class ScannedTexts:
    """The values of one field, of every record."""

    def __init__(self, values: Sequence[Sequence[str]]) -> None:
        """`values` are the folded values of each record."""
        self.records = len(values)
        flat = [value for own in values for value in own]
        self.text = "".join(value + END for value in flat)
        lengths = np.array([len(value) + 1 for value in flat], np.int64)
        self._value_starts = np.cumsum(lengths) - lengths
        self._record_of_value = np.repeat(np.arange(self.records), [len(own) for own in values])
        kinds = classes(self.text)
        self._is_word = kinds == WORD
        begins = self._is_word & ~np.append(False, self._is_word[:-1])[: len(kinds)]
        begins |= (kinds == HAN) | (kinds == SYLLABLE)
        self._units_before = np.append(0, np.cumsum(begins))  # that begin before an offset
        alphabet = sorted(set(self.text))
        codes = classes("".join(alphabet))
        self._word = _one_of(c for c, k in zip(alphabet, codes, strict=True) if k == WORD)
        self._written = _one_of(
            c for c, k in zip(alphabet, codes, strict=True) if k in (HAN, SYLLABLE)
        )

    def value_at(self, offsets: Offsets) -> Offsets:
        """Say in which value each offset lies."""
        return np.searchsorted(self._value_starts, offsets, "right") - 1

    def records_at(self, offsets: Offsets) -> Booleans:
        """Mark the records that any of the offsets lies in."""
        marked = np.zeros(self.records, bool)
        if len(offsets):
            marked[self._record_of_value[self.value_at(offsets)]] = True
        return marked

    # where something stands

    def piece(self, folded: str) -> Spans:
        """Find a text wherever it stands, also over itself."""
        starts, at = [], self.text.find(folded)
        while at >= 0:
            starts.append(at)
            at = self.text.find(folded, at + 1)
        return Spans(starts, [start + len(folded) for start in starts])

    def signed_piece(self, folded: str) -> Spans:
        """Find a text in which each ? is one Han, kana or hangul character."""
        body = "".join(self._written if char == "?" else re.escape(char) for char in folded)
        starts = [match.start() for match in re.finditer(f"(?={body})", self.text)]
        return Spans(starts, [start + len(folded) for start in starts])

    def run(self, run: str) -> Spans:
        """Find a whole run of letters and digits; a word of letters in any English form."""
        forms = [run]
        if _ENGLISH.fullmatch(run):
            forms += self._by_stem.get(stem(run), [])
        return self._runs_of(set(forms))

    def signed_run(self, folded: str) -> Spans:
        """Find the whole runs in which * is any number of characters and ? is one."""
        signs = {"*": f"{self._word}*", "?": self._word}
        pattern = re.compile("".join(signs.get(char) or re.escape(char) for char in folded))
        return self._runs_of({run for run in self._runs if pattern.fullmatch(run)})

    def _runs_of(self, runs: set[str]) -> Spans:
        starts = [(start, len(run)) for run in runs for start in self._runs.get(run, ())]
        return Spans([start for start, _ in starts], [start + size for start, size in starts])

    @cached_property
    def _runs(self) -> dict[str, list[int]]:
        """Every whole run, and where it begins."""
        found: dict[str, list[int]] = {}
        for match in re.finditer(f"{self._word}+", self.text):
            found.setdefault(match[0], []).append(match.start())
        return found

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for run in self._runs:
            if _ENGLISH.fullmatch(run):
                found.setdefault(stem(run), []).append(run)
        return found

    # what stands near something

    def near(self, left: Spans, right: Spans, most: int) -> Booleans:
        """Mark the records where a right one begins behind the end of a left one, in the same
        value, with at most so many units between.

        The nearest right one is enough to look at: no other has fewer units before it.
        """
        if not len(left.ends) or not len(right.starts):
            return np.zeros(self.records, bool)
        begins = np.unique(right.starts)
        ends = np.unique(left.ends)
        nearest = np.searchsorted(begins, ends)
        ends, nearest = ends[nearest < len(begins)], nearest[nearest < len(begins)]
        begins = begins[nearest]
        is_near = self.units_between(ends, begins) <= most
        is_near &= self.value_at(ends - 1) == self.value_at(begins)
        return self.records_at(ends[is_near] - 1)

    def units_between(self, ends: Offsets, begins: Offsets) -> Offsets:
        """Count the units from each end to the beginning behind it.

        What is left of a run that was cut by either is no unit that stands between.
        """
        units = self._units_before[begins] - self._units_before[ends]
        behind = np.minimum(begins, len(self.text) - 1)
        is_cut = self._is_word[behind] & self._is_word[begins - 1]  # its beginning was counted
        is_counted = self._units_before[begins] > self._units_before[ends]
        return units - (is_cut & is_counted)

    # terms, as texts of many words are looked for

    def term(self, kind: int, term: str) -> Booleans:
        """Mark the records that have a term; letters in any English form."""
        if kind == WORD:
            return self.records_at(self.run(term).starts)
        if kind not in (HAN, SYLLABLE):
            return self.records_at(self.piece(term).starts)
        marked = np.zeros(self.records, bool)
        marked[sorted(self._records_by_term.get(term, ()))] = True
        return marked

    @cached_property
    def _records_by_term(self) -> dict[str, set[int]]:
        """Every term of Han, kana and hangul, and the records that have it."""
        found: dict[str, set[int]] = {}
        values = self.text.split(END)[:-1]
        cut: dict[tuple[int, str], list[str]] = {}
        for record, value in zip(self._record_of_value.tolist(), values, strict=True):
            for piece in pieces(value):
                if piece[0] not in (HAN, SYLLABLE):
                    continue
                if piece not in cut:
                    cut[piece] = terms(*piece)
                for term in cut[piece]:
                    found.setdefault(term, set()).add(record)
        return found


def _one_of(chars: Iterable[str]) -> str:
    escaped = "".join(map(re.escape, chars))
    return f"[{escaped}]" if escaped else "(?!)"


def folded_values(values: Iterable[str | None]) -> list[str]:
    """Fold values; those that are nothing are none."""
    return [text for value in values if value and (text := fold(value))]
