"""Here is a folded text, give me its terms, each with its place.

Every character of a text belongs to a term, punctuation too, so that any piece of the text can be
asked for exactly:

- a run of Han characters is cut into dictionary words and single characters by jieba (no HMM: the
  vocabulary stays bounded, and retrieval loses nothing); its way through a run is the most probable
  one, so the way between two of its own boundaries is the same wherever the piece stands: exact
  search rests on that;
- a run of letters and digits of any script with words is one term, whatever jieba thinks of it;
- a run of kana or hangul is cut into overlapping pairs of characters (a single one stays alone);
- any other character is a term; a space is the term `SPACE`, but between two runs of letters,
  where it goes without saying.

Positions count units: a Han, kana or hangul character is one, a run of letters one, punctuation
and a spelled-out space one. In the text handed to the engine, terms are separated by spaces and
`FILL` stands in for the units of a term after its first; the engine counts and drops it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from ipsearch.analysis import folding
from ipsearch.analysis.folding import HAN, SYLLABLE, WORD

SPACE = "\x1f"  # the term of a space
FILL = "\x1e"  # a unit without a term
VALUE_END = folding.RESERVED[0]  # between the values of one field: no exact text crosses it
TEXT_END = folding.RESERVED[1]  # between the texts that are cut in one call
# Between Han and letters: jieba knows words such as 4s店, we keep them apart.
_BREAK = folding.RESERVED[2]
_SILENT_SPACE = folding.RESERVED[3]  # between two runs of letters
LONGEST_WORD = 40
"""Characters of the longest word of Han: jieba's dictionary has 16, a user's may have so many."""
_MARKS = frozenset((" ", VALUE_END, TEXT_END, _BREAK, _SILENT_SPACE))

_HAN = "\u3005\u3007\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_SYLLABLE = (
    "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u1100-\u11ff\u3131-\u318e"
    "\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\U0001b000-\U0001b16f"
)
_CJK_SIGNS = "\u3000-\u3004\u3008-\u3020\u3030\u3036\u3037\u303d-\u303f"  # between them letters: 〆
# Cheap to look for: whatever is neither ASCII nor Han nor the punctuation of CJK text.
_FOREIGN = re.compile(f"[^\x00-\x7f\u2010-\u205e{_CJK_SIGNS}{_HAN}{_SYLLABLE}\ufdd0-\ufdd3]")
_SYLLABLES = re.compile(f"[{_SYLLABLE}](?: [{_SYLLABLE}])*(?=[ \n]|$)")
_ITEM_END = re.compile("[ \n]|$")


class Cutter(Protocol):
    """What segments Chinese: rjieba's `Jieba`, or jieba itself in the tests."""

    def cut(self, text: str, hmm: bool = True) -> list[str]:
        """Cut `text` into words; joined, they are the text again."""
        ...


class Term(NamedTuple):
    """A term of a text and the unit at which it begins."""

    text: str
    position: int
    units: int


class _Padding(dict[str, str]):
    """Word -> what the engine is given for it. Its keys are the words seen."""

    def __missing__(self, word: str) -> str:
        padded = word + f" {FILL}" * (units(word) - 1)
        self[word] = padded
        return padded

    def forget(self) -> None:
        """Drop all but the marks."""
        self.clear()
        self.update(
            {
                " ": SPACE,
                VALUE_END: FILL,
                TEXT_END: "\n",
                _BREAK: "",
                _SILENT_SPACE: "",
            }
        )


def units(term: str) -> int:
    """Count the units of a term: its Han, kana and hangul characters, or one."""
    if len(term) == 1:
        return 1
    first = ord(term[0])
    return len(term) if folding.tables().classes[first] in (HAN, SYLLABLE) else 1


class Segmenter:
    """Cuts folded texts into terms. Not thread-safe; cheap to make around a loaded `Cutter`."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self._padding = _Padding()
        self._padding.forget()
        self._foreign_words: set[str] = set()

    def engine_texts(self, texts: Sequence[str]) -> list[str]:
        """Give each text as the engine takes it: terms and `FILL`s separated by spaces.

        `texts` are raw, their values separated by `VALUE_END` and without any other of
        `folding.RESERVED`. All are folded and cut in one call,
        which gives the same terms as one by one.
        """
        if not texts:
            return []
        return self._items(folding.fold_joined(TEXT_END.join(texts))).split("\n")

    def terms(self, folded: str) -> list[Term]:
        """Cut one folded text into its terms."""
        found: list[Term] = []
        position = 0
        for item in self._items(folded).split(" "):
            if not item:
                continue
            if item != FILL:
                found.append(Term(item, position, units(item)))
            position += 1
        return found

    def _items(self, folded: str) -> str:
        marked, has_foreign, has_syllables = _mark(folded)
        cut = self._cutter.cut(marked, False)
        items = " ".join(map(self._padding.__getitem__, cut))
        if has_foreign:
            items = self._join_foreign(items)
        if has_syllables:
            items = _SYLLABLES.sub(self._pair, items)
        return items

    def seen(self) -> set[str]:
        """Give the distinct terms cut since the last `forget`, single characters included."""
        return (self._padding.keys() - _MARKS) | self._foreign_words | {SPACE}

    @property
    def seen_count(self) -> int:
        """How many distinct terms `seen` would give, about."""
        return len(self._padding) + len(self._foreign_words)

    def forget(self) -> None:
        """Empty the record of terms seen: their memory is the only thing that grows."""
        self._padding.forget()
        self._foreign_words.clear()

    def _join_foreign(self, result: str) -> str:
        """Join letters that jieba gives one by one to the words that they stand in.

        Two items with one space between them stood side by side in the text (a real space is an
        item or, between words, two spaces).
        """
        drop: list[int] = []
        classes = folding.tables().classes
        for match in _FOREIGN.finditer(result):
            at = match.start()
            if classes[ord(result[at])] != WORD:
                continue
            if at >= 2 and result[at - 1] == " " and _is_word(result[at - 2]):
                drop.append(at - 1)
            if at + 2 < len(result) and result[at + 1] == " " and _is_word(result[at + 2]):
                drop.append(at + 1)
        if not drop:
            return result
        pieces, last = [], 0
        for at in sorted(set(drop)):
            pieces.append(result[last:at])
            last = at + 1
        pieces.append(result[last:])
        joined = "".join(pieces)
        at = 0
        while found := _FOREIGN.search(joined, at):  # one a word: its letters may be very many
            start = max(joined.rfind(" ", at, found.start()), joined.rfind("\n", at, found.start()))
            end = _ITEM_END.search(joined, found.end())
            begin = start + 1 if start >= 0 else at
            at = end.start() if end else len(joined)
            self._foreign_words.add(joined[begin:at])
        return joined

    def _pair(self, match: re.Match[str]) -> str:
        run = match[0].replace(" ", "")
        if len(run) == 1:
            return run
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        self._foreign_words.update(pairs)
        return " ".join(pairs) + f" {FILL}"


def _is_word(char: str) -> bool:
    return bool(folding.tables().classes[ord(char)] == WORD)


def _mark(folded: str) -> tuple[str, bool, bool]:
    """Keep letters apart from Han and from the signs that jieba's own words hold (c++, at&t).

    Returns the text with `_BREAK` at such places and `_SILENT_SPACE` between two runs of letters;
    whether it has letters beyond ASCII; whether it has kana or hangul.
    """
    codes = folding.to_codes(folded)
    classes = folding.classes_of(codes)
    is_word = classes == WORD
    has_foreign = bool((is_word & (codes > 127)).any())
    has_syllables = bool((classes == SYLLABLE).any())
    if len(codes) < 2:
        return folded, has_foreign, has_syllables
    silent = (codes[1:-1] == 32) & is_word[:-2] & is_word[2:]
    if silent.any():
        codes = codes.copy()
        codes[1:-1][silent] = ord(_SILENT_SPACE)
    is_apart = (classes == HAN) | (codes == 35) | (codes == 38) | (codes == 43)  # # & +
    meets = (is_apart[:-1] & is_word[1:]) | (is_word[:-1] & is_apart[1:])
    if meets.any():
        codes = np.insert(codes, np.flatnonzero(meets) + 1, ord(_BREAK))
    return folding.from_codes(codes), has_foreign, has_syllables
