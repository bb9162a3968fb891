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
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from ipsearch.analysis import folding
from ipsearch.analysis.folding import HAN, SYLLABLE, WORD, Codes

if TYPE_CHECKING:
    from ipsearch.analysis.compiled import Kernel

SPACE = "\x1f"  # the term of a space
FILL = "\x1e"  # a unit without a term
VALUE = "\x1d"  # the term between two values of a field: nothing near something else crosses it
HIDDEN = "|"  # marks a dictionary word that stands across the border of two terms
VALUE_END = folding.RESERVED[0]  # between the values of one field: no exact text crosses it
TEXT_END = folding.RESERVED[1]  # between the texts that are cut in one call
# Between Han and letters: jieba knows words such as 4s店, we keep them apart; between two runs of
# letters. White space to the engine.
_BREAK = "\t"
LONGEST_WORD = 40
"""Characters of the longest word of Han: jieba's dictionary has 16, a user's may have so many."""
_NOTHING = ("\n", _BREAK)  # what stands among the items and is no unit
_NO_TERMS = frozenset(("", FILL, *_NOTHING))
_MARKS = frozenset((FILL, VALUE, *_NOTHING))
_FIRST_RESERVED, _LAST_RESERVED = ord(folding.RESERVED[0]), ord(folding.RESERVED[-1])
_FOR_RESERVED = np.array([ord(VALUE), ord("\n"), ord(_BREAK), ord(_BREAK)], np.uint16)
_LONG_SPACE = " ".encode("utf-32-le")
Indices = npt.NDArray[np.int64]

_SYLLABLE = (
    "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u1100-\u11ff\u3131-\u318e"
    "\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\U0001b000-\U0001b16f"
)
_SYLLABLES = re.compile(f"[{_SYLLABLE}](?: [{_SYLLABLE}])*(?=[ \n]|$)")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ebef\U0002f800-\U0002fa1f"
_HAN_RUNS = re.compile(f"[{_HAN}]+(?: [{_HAN}]+)*")


class Cutter(Protocol):
    """What segments Chinese: rjieba's `Jieba`, or jieba itself in the tests."""

    def cut(self, text: str, hmm: bool = True) -> list[str]:
        """Cut `text` into words; joined, they are the text again."""
        ...

    def cut_all(self, text: str) -> list[str]:
        """Give all words of the dictionary that stand in `text`."""
        ...


class CutTexts(NamedTuple):
    """Texts as the engine takes them, and the dictionary words in each that lie within no term.

    Those are separated by spaces, `HIDDEN` before each. With them and its terms, a text is known
    to hold a word or not, wherever it stands.
    """

    texts: list[str]
    hidden: list[str]


class Term(NamedTuple):
    """A term of a text and the unit at which it begins."""

    text: str
    position: int
    units: int


def units(term: str) -> int:
    """Count the units of a term: its Han, kana and hangul characters, or one."""
    if len(term) == 1:
        return 1
    first = ord(term[0])
    return len(term) if folding.tables().classes[first] in (HAN, SYLLABLE) else 1


class Segmenter:
    """Cuts folded texts into terms. Not thread-safe; cheap to make around a loaded `Cutter`."""

    def __init__(
        self,
        cutter: Callable[[], Cutter],
        make_kernel: Callable[[], Kernel | None] | None = None,
        first_bytes: int = 0,
    ) -> None:
        """Once `first_bytes` were cut for the engine, what `make_kernel` makes does the rest."""
        self._cutter, self._make_kernel = cutter, make_kernel
        self._kernel: Kernel | None = None
        self._bytes_left = first_bytes
        self._seen: set[bytes] = set()  # terms in the encoding they were met in, `_END` behind
        self._pairs: set[str] = set()

    def engine_texts(self, texts: Sequence[str]) -> list[str]:
        """Give each text as the engine takes it: terms and `FILL`s separated by spaces.

        `texts` are raw, their values separated by `VALUE_END` and without any other of
        `folding.RESERVED`.
        """
        return self.cut_joined(TEXT_END.join(texts).encode(), None).texts if texts else []

    def cut_joined(self, joined: bytes | memoryview, prefix: str | None) -> CutTexts:
        """Cut texts joined by `TEXT_END`, at least one, in UTF-8.

        All are folded and cut in one call, which gives the same terms as one by one. `prefix`
        stands before each hidden word; with None they are not asked for.
        """
        self._bytes_left -= len(joined)
        if self._bytes_left < 0 and self._make_kernel is not None:
            self._kernel, self._make_kernel = self._make_kernel(), None
        if self._kernel is not None:
            kernel = self._kernel
            items, codes, starts, hidden = kernel.cut(kernel.fold(joined), prefix or "")
            cut = CutTexts(items.split("\n"), hidden.split("\n"))
        else:
            folded = folding.fold_joined_codes(str(joined, "utf-8"))
            items, codes, starts = self._items(folded)
            texts = items.split("\n")
            hidden_words = [self._hidden(t, prefix) for t in texts] if prefix is not None else []
            cut = CutTexts(texts, hidden_words)
        self._seen.update(_distinct(codes, starts))
        return cut

    def terms(self, folded: str) -> list[Term]:
        """Cut one folded text into its terms."""
        found: list[Term] = []
        position = 0
        if not folded:
            return []
        items, _, _ = self._items(folding.short_codes(folded))
        for item in items.split(" "):
            if not item or item in _NOTHING:
                continue
            if item != FILL:
                found.append(Term(item, position, units(item)))
            position += 1
        return found

    def words(self, folded: str) -> set[str]:
        """Give the distinct terms of one folded text: quicker than all of them in their places."""
        if not folded:
            return set()
        items, _, _ = self._items(folding.short_codes(folded))
        return set(items.split(" ")) - _NO_TERMS

    def parts(self, term: str) -> set[str]:
        """Give the dictionary's words within a longer one: 电池 in 蓄电池."""
        return {word for word in self._cutter().cut_all(term) if 1 < len(word) < len(term)}

    def seen(self) -> set[str]:
        """Give the distinct terms that `engine_texts` met since the last `forget`, single
        characters included."""
        found = {_decoded(term) for term in self._seen}
        if self._kernel is not None:
            found |= self._kernel.seen()
        return (found | self._pairs | {SPACE}) - _MARKS

    @property
    def seen_count(self) -> int:
        """How many distinct terms `seen` would give, about."""
        known = self._kernel.seen_count() if self._kernel is not None else 0
        return known + len(self._seen) + len(self._pairs)

    def forget(self) -> None:
        """Empty the record of terms seen: their memory is the only thing that grows."""
        self._seen.clear()
        self._pairs.clear()
        if self._kernel is not None:
            self._kernel.forget()

    def _items(self, codes: Codes) -> tuple[str, Codes, Indices]:
        """Cut folded texts; give their items separated by spaces, and the terms without `FILL`s,
        a space behind each, with the places where they begin."""
        if not len(codes):
            return "", codes, np.empty(0, np.int64)
        marked, has_foreign, has_syllables = _mark(codes)
        cut = self._cutter().cut(folding.from_codes(marked), False)
        codes = folding.short_codes(" ".join(cut) + " ")
        ends = np.flatnonzero(codes == 32)
        if has_foreign:
            apart = _within_foreign_words(codes, ends)
            if len(apart):
                codes = np.delete(codes, apart)
                ends = np.flatnonzero(codes == 32)
        starts = np.empty_like(ends)
        starts[0] = 0
        starts[1:] = ends[:-1] + 1
        items = folding.from_codes(_fill(codes, starts, ends))
        if has_syllables:
            items = _SYLLABLES.sub(self._pair, items)
        return items, codes, starts

    def _hidden(self, items: str, prefix: str) -> str:
        """Give the hidden words of a text, of which these are the items, as `CutTexts` has them."""
        found: dict[str, None] = {}
        for run in _HAN_RUNS.findall(items.replace(f" {FILL}", "")):
            terms = run.split(" ")
            ends = set(accumulate(map(len, terms)))
            text = "".join(terms)
            for word in set(self._cutter().cut_all(text)):
                begin = text.find(word)
                while begin >= 0:
                    if any(place in ends for place in range(begin + 1, begin + len(word))):
                        found[prefix + HIDDEN + word] = None
                        break
                    begin = text.find(word, begin + 1)
        return " ".join(found)

    def _pair(self, match: re.Match[str]) -> str:
        run = match[0].replace(" ", "")
        if len(run) == 1:
            return run
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        self._pairs.update(pairs)
        return " ".join(pairs) + f" {FILL}"


def _mark(codes: Codes) -> tuple[Codes, bool, bool]:
    """Put signs for what is no term, and keep letters apart from Han and from the signs that
    jieba's own words hold (c++, at&t).

    Returns the text with `_BREAK` at such places and for a space between two runs of letters;
    whether it has letters beyond ASCII; whether it has kana or hangul.
    """
    classes = folding.classes_of(codes)
    is_word = classes == WORD
    has_foreign = bool((is_word & (codes > 127)).any())
    has_syllables = bool((classes == SYLLABLE).any())
    is_space = codes == 32
    codes = codes.copy()
    codes[is_space] = ord(SPACE)
    silent = is_space[1:-1] & is_word[:-2] & is_word[2:]
    codes[1:-1][silent] = ord(_BREAK)
    at = np.flatnonzero((codes >= _FIRST_RESERVED) & (codes <= _LAST_RESERVED))
    codes[at] = _FOR_RESERVED[codes[at] - _FIRST_RESERVED]
    is_apart = (classes == HAN) | (codes == 35) | (codes == 38) | (codes == 43)  # # & +
    meets = (is_apart[:-1] & is_word[1:]) | (is_word[:-1] & is_apart[1:])
    if meets.any():
        codes = np.insert(codes, np.flatnonzero(meets) + 1, ord(_BREAK))
    return codes, has_foreign, has_syllables


def _within_foreign_words(codes: Codes, ends: Indices) -> Indices:
    """Find the separators within words: jieba gives the letters beyond ASCII one by one."""
    left, right = codes[ends[:-1] - 1], codes[ends[:-1] + 1]
    is_within = (left > 127) | (right > 127)
    is_within &= (folding.classes_of(left) == WORD) & (folding.classes_of(right) == WORD)
    return ends[:-1][is_within]


def _fill(codes: Codes, starts: Indices, ends: Indices) -> Codes:
    """Put a `FILL` behind each term for each of its units but the first."""
    kinds = folding.classes_of(codes[starts])
    fills = ends - starts - 1
    fills *= (kinds == HAN) | (kinds == SYLLABLE)
    some = np.flatnonzero(fills)
    fills = fills[some]
    at = ends[some] + 2 * (np.cumsum(fills) - fills)
    filled: Codes = np.full(len(codes) + 2 * int(fills.sum()), 32, codes.dtype)
    is_old = np.ones(len(filled), bool)
    while len(at):  # the first `FILL` of every term, the second of those that have two ...
        is_old[at] = is_old[at + 1] = False
        filled[at + 1] = ord(FILL)
        more = fills > 1
        at, fills = at[more] + 2, fills[more] - 1
    filled[is_old] = codes
    return filled


def _distinct(codes: Codes, starts: Indices) -> list[bytes]:
    """Give the distinct terms, each with the space behind it, as they stand in `codes`."""
    import pyarrow as pa

    if not len(starts):
        return []
    offsets = (np.append(starts, len(codes)) * codes.itemsize).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(codes)]
    terms = pa.Array.from_buffers(pa.binary(), len(starts), buffers)
    return terms.unique().to_pylist()  # type: ignore[no-any-return]


def _decoded(term: bytes) -> str:
    is_long = term.endswith(_LONG_SPACE)
    return term.decode("utf-32-le" if is_long else "utf-16-le", "surrogatepass")[:-1]
