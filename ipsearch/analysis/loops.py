"""The loops of `compiled`, as numba compiles them: plain steps over arrays of code points."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from ipsearch.analysis.folding import HAN, OTHER, SYLLABLE, WORD, Codes
from ipsearch.analysis.segmentation import FILL, HIDDEN, SPACE, VALUE

# What a code point is here: a class of `folding`, or one of these.
BLANK, VALUE_MARK, TEXT_MARK, BREAK = 4, 5, 6, 7
CHANCE_BITS = 16
"""Of an entry of the trie, the lowest: which of the chances the word has that ends there; 0 is
none. Above them is the key: the parent's place << 21 | character. One look into memory gives
both, and it is memory that this waits for."""
FILTER_BITS = 23
"""So many bits, a megabyte, tell most keys that are not in the trie without a look at it: they fit
the cache, the trie does not. Fewer let too many through (22: 3 % slower), more gain nothing."""

_SPACE_CODE, _FILL_CODE, _VALUE_CODE = ord(SPACE), ord(FILL), ord(VALUE)
_HIDDEN_CODE = ord(HIDDEN)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


def _compiled(function: Any) -> Any:
    """Compile at the first call; kept on disk for later processes where that can be written to."""
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder to keep it in
        return numba.njit(nogil=True)(function)


def _hash_of(key: Any) -> Any:
    return (key * np.int64(0x9E3779B97F4A7C1)) >> 20


_hash_of = _compiled(_hash_of)


def _place_of(trie: Longs, key: Any) -> Any:
    """Give the place of a key in the hash table, or the free one where it belongs."""
    mask = len(trie) - 1
    place = _hash_of(key) & mask
    while trie[place] >> CHANCE_BITS != key and trie[place] != -1:
        place = (place + 1) & mask
    return place


_place_of = _compiled(_place_of)


@_compiled
def _is_apart(code: int) -> bool:
    """Say whether it is kept apart from letters, as Han is: jieba knows words such as c++."""
    return code == 35 or code == 38 or code == 43  # # & +


@_compiled
def build_trie(spelled: Codes, ends: Longs, size: int) -> tuple[Integers, Bytes, Longs, Integers]:
    """Put words, their characters one after another in `spelled`, into a trie in a hash table."""
    known = np.zeros(1 << (FILTER_BITS - 3), np.uint8)
    trie = np.full(size, -1, np.int64)
    words = np.full(size, -1, np.int32)
    roots = np.full(0x110000, -1, np.int32)
    begin = 0
    for number in range(len(ends)):
        place: Any = size  # the root
        for at in range(begin, ends[number]):
            key = (np.int64(place) << 21) | np.int64(spelled[at])
            place = _place_of(trie, key)
            trie[place] = key << CHANCE_BITS
            bit = _hash_of(key) & ((1 << FILTER_BITS) - 1)
            known[bit >> 3] |= np.uint8(1 << (bit & 7))
            if at == begin:
                roots[spelled[at]] = place
        words[place] = number
        begin = ends[number]
    return roots, known, trie, words


@_compiled
def _ways(
    codes: Codes,
    begin: int,
    stop: int,
    roots: Integers,
    known: Bytes,
    trie: Longs,
    chances: Floats,
    unknown: float,
    route: Floats,
    next_at: Integers,
    place_at: Integers,
    words: Integers,
    word_count: int,
) -> int:
    """Find the most probable way through a run: where the word that begins at each place ends.

    Words of several characters go to `words`, behind `word_count` others: begin, end, place in the
    trie. Gives how many there are now.
    """
    count = stop - begin
    route[count] = 0.0
    for at in range(count - 1, -1, -1):
        place: Any = np.int64(roots[codes[begin + at]])
        found = False
        best, best_end, best_place = 0.0, at + 1, -1
        end = at + 1
        while place >= 0:
            which = trie[place] & ((1 << CHANCE_BITS) - 1)
            if which:
                if end > at + 1:
                    words[word_count, 0] = begin + at
                    words[word_count, 1] = begin + end
                    words[word_count, 2] = place
                    word_count += 1
                chance = chances[which] + route[end]
                if not found or chance >= best:  # of equal ones the longest
                    found = True
                    best, best_end, best_place = chance, end, place
            if end == count:
                break
            key = (place << 21) | np.int64(codes[begin + end])
            bit = _hash_of(key) & ((1 << FILTER_BITS) - 1)
            if not (known[bit >> 3] >> (bit & 7)) & 1:
                break
            place = _place_of(trie, key)
            if trie[place] == -1:
                break
            end += 1
        route[at] = best if found else unknown + route[at + 1]
        next_at[at] = best_end
        place_at[at] = best_place
    return word_count


@_compiled
def _larger(codes: Codes, size: int) -> Codes:
    """Give the codes, and room for twice `size`."""
    larger = np.empty(2 * size, codes.dtype)
    larger[: len(codes)] = codes
    return larger


@_compiled
def _hidden_words(
    codes: Codes,
    kinds: Bytes,
    marks: Integers,
    owner: Integers,
    words: Integers,
    first_text: int,
    met: Integers,
    prefix: Codes,
) -> Codes:
    """Write down the words that lie within no term, once each in a text, newlines between texts.

    `marks` says where the texts end but for the last, `owner` of each code where its term begins.
    """
    hidden = np.empty(4 * len(words) + len(marks) + 1024, codes.dtype)
    size, marked = 0, 0
    for number in range(len(words)):
        first, end, place = words[number, 0], words[number, 1], words[number, 2]
        if owner[end - 1] == owner[first]:
            continue
        while marked < len(marks) and marks[marked] < first:
            hidden[size] = 10
            size += 1
            marked += 1
        text = first_text + marked
        if met[place] == text:
            continue
        met[place] = text
        is_han = True
        for i in range(first, end):
            is_han = is_han and kinds[codes[i]] == HAN
        if not is_han:
            continue
        needed = size + len(prefix) + end - first + 2 + len(marks) - marked
        if needed > len(hidden):
            hidden = _larger(hidden, needed)
        for code in prefix:
            hidden[size] = code
            size += 1
        hidden[size] = _HIDDEN_CODE
        size += 1
        for i in range(first, end):
            hidden[size] = codes[i]
            size += 1
        hidden[size] = 32
        size += 1
    for _ in range(marked, len(marks)):
        hidden[size] = 10
        size += 1
    return hidden[:size]


@_compiled
def fold_utf8(data: Bytes, forms: Codes, starts: Integers, lengths: Bytes, out: Codes) -> int:
    """Fold UTF-8 into `out`; gives how many codes that made, or -1 if a character is not plain."""
    size, at = 0, 0
    while at < len(data):
        first = data[at]
        if first < 0x80:
            code = np.int64(first)
            at += 1
        elif first < 0xE0:
            code = (np.int64(first & 0x1F) << 6) | (data[at + 1] & 0x3F)
            at += 2
        elif first < 0xF0:
            code = (
                (np.int64(first & 0xF) << 12)
                | (np.int64(data[at + 1] & 0x3F) << 6)
                | (data[at + 2] & 0x3F)
            )
            at += 3
        else:
            return -1
        length = lengths[code]
        if length < 0 or size + length >= len(out):
            return -1
        for i in range(starts[code], starts[code] + length):
            folded = forms[i]
            if folded == 32:  # one space where there are several, none at an end of a value
                if size == 0 or out[size - 1] == 32 or _is_mark(out[size - 1]):
                    continue
            elif size > 0 and out[size - 1] == 32 and _is_mark(folded):
                size -= 1
            out[size] = folded
            size += 1
    if size > 0 and out[size - 1] == 32:
        size -= 1
    return size


@_compiled
def _is_mark(code: int) -> bool:
    """Say whether it is one of `folding.RESERVED`."""
    return 0xFDD0 <= code <= 0xFDD3


@_compiled
def _end_of_run(codes: Codes, begin: int, kinds: Bytes, is_joint: Bytes) -> int:
    """Find the end of a run as wide as jieba sees it: its sums are over all of it.

    Negative if there is no Han in it, and nothing to be cut.
    """
    end = begin
    has_han = False
    while end < len(codes) and is_joint[codes[end]]:
        kind = kinds[codes[end]]
        if end > begin:
            before = kinds[codes[end - 1]]
            if before == WORD and (kind == HAN or _is_apart(codes[end])):
                break
            if kind == WORD and (before == HAN or _is_apart(codes[end - 1])):
                break
        has_han = has_han or kind == HAN
        end += 1
    return end if has_han else -end


@_compiled
def cut_codes(
    codes: Codes,
    kinds: Bytes,
    is_joint: Bytes,
    roots: Integers,
    known: Bytes,
    trie: Longs,
    chances: Floats,
    unknown: float,
    seen_words: Bytes,
    seen_chars: Bytes,
    out: Codes,
    runs: Codes,
    starts: Longs,
    met: Integers,
    text: int,
    longest: int,
    prefix: Codes,
) -> tuple[int, int, int, Codes]:
    """Cut folded codes into `out`: terms and fillers, a space behind each, newlines between texts.

    Terms that are neither Han nor a single sign go to `runs` as well, and where each begins to
    `starts`. Gives the sizes of the three, and the hidden words, `prefix` before each; `text` is
    the number of the first text, greater than that of any text before, `longest` how many
    characters the longest word has.
    """
    count = len(codes)
    owner = np.empty(count, np.int32)
    words = np.empty((longest * count, 3), np.int32)  # what is not written takes no memory
    marks = np.empty(count, np.int32)
    word_count, mark_count = 0, 0
    route = np.empty(count + 1, np.float64)  # of it, as much is used as the longest run takes
    next_at = np.empty(count, np.int32)
    place_at = np.empty(count, np.int32)
    size, run_size, run_count = 0, 0, 0
    joint_begin, joint_end = 0, 0  # the run that was looked at last
    at = 0
    while at < count:
        code = codes[at]
        kind = kinds[code]
        if at >= joint_end and is_joint[code]:
            joint_begin = at
            joint_end = _end_of_run(codes, at, kinds, is_joint)
            if joint_end > 0:
                word_count = _ways(
                    codes, joint_begin, joint_end, roots, known, trie, chances, unknown,
                    route, next_at, place_at, words, word_count,
                )  # fmt: skip
            joint_end = abs(joint_end)
        end = at + 1
        if kind == HAN:
            if is_joint[code]:
                end = joint_begin + next_at[at - joint_begin]
            if end > at + 1:
                seen_words[place_at[at - joint_begin]] = 1
            else:
                seen_chars[code] = 1
            for i in range(at, end):
                out[size] = codes[i]
                size += 1
            for _ in range(at + 1, end):
                out[size], out[size + 1] = 32, _FILL_CODE
                size += 2
        elif kind == WORD:
            while end < count and kinds[codes[end]] == WORD:
                end += 1
            starts[run_count] = run_size
            run_count += 1
            for i in range(at, end):
                out[size] = codes[i]
                size += 1
                runs[run_size] = codes[i]
                run_size += 1
            runs[run_size] = 32
            run_size += 1
        elif kind == SYLLABLE and end < count and kinds[codes[end]] == SYLLABLE:  # pairs
            while end < count and kinds[codes[end]] == SYLLABLE:
                starts[run_count] = run_size
                run_count += 1
                out[size], out[size + 1], out[size + 2] = codes[end - 1], codes[end], 32
                size += 3
                runs[run_size], runs[run_size + 1] = codes[end - 1], codes[end]
                runs[run_size + 2] = 32
                run_size += 3
                end += 1
            out[size] = _FILL_CODE
            size += 1
        elif kind in (OTHER, SYLLABLE):
            out[size] = code
            size += 1
            seen_chars[code] = 1
        elif kind == TEXT_MARK:
            out[size] = 10
            size += 1
            marks[mark_count] = at
            mark_count += 1
        elif kind == VALUE_MARK:
            out[size] = _VALUE_CODE
            size += 1
        elif kind == BLANK and not (
            0 < at < count - 1 and kinds[codes[at - 1]] == WORD and kinds[codes[at + 1]] == WORD
        ):
            out[size] = _SPACE_CODE
            size += 1
        if kind != TEXT_MARK:
            out[size] = 32
            size += 1
        for i in range(at, end):  # not a slice: numba takes ten times as long
            owner[i] = at
        at = end
    hidden = _hidden_words(
        codes, kinds, marks[:mark_count], owner, words[:word_count], text, met, prefix
    )
    return size, run_size, run_count, hidden
