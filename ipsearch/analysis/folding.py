"""Here is a text, give me the form in which it is compared: one form for index and query.

Folding is NFKC, case folding, traditional to simplified Chinese character by character (OpenCC's
first choices), invisible characters away, each run of white space one space, none at the ends.
Every step looks at one character at a time (but for combining marks, which NFC joins first), so
folding a part gives the part of the folded whole: what a searcher quotes is found in its context.
The tables come from a file (`scripts/make_unicode_table.py`), the same under every Python.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

OTHER, WORD, HAN, SYLLABLE = 0, 1, 2, 3
"""What a character is: punctuation and the like; a letter or digit of a script with words; Han;
kana or hangul."""

RESERVED = "\ufdd0\ufdd1\ufdd2\ufdd3"
"""No characters: Unicode keeps them for the use of programs, here of `segmentation`. In a text they
are white space."""

_SPACE, _FIRST_RESERVED, _LAST_RESERVED = 32, 0xFDD0, 0xFDD3
Codes = npt.NDArray[np.unsignedinteger[Any]]
"""The code points of a text, in 16 bits where none needs more."""


class _Tables(NamedTuple):
    first: Codes  # code point -> first code point of its folded form
    length: npt.NDArray[np.uint8]  # code point -> code points in its folded form, mostly 1
    rest: dict[int, Codes]  # code point -> its folded form, where that is longer than 1
    classes: npt.NDArray[np.uint8]  # code point -> OTHER, WORD, HAN or SYLLABLE


@cache
def tables() -> _Tables:
    """Load the tables, 6 MB in memory."""
    with (
        resources.files("ipsearch.data").joinpath("unicode.npz").open("rb") as file,
        np.load(file) as data,
    ):
        sources, lengths, targets = data["sources"], data["lengths"], data["targets"]
        starts, values = data["class_starts"], data["class_values"]
    first = np.arange(0x110000, dtype=np.uint32)
    length = np.ones(0x110000, np.uint8)
    length[sources] = lengths
    ends = np.cumsum(lengths, dtype=np.int64)
    begins = ends - lengths
    some = lengths > 0
    first[sources[some]] = targets[begins[some]]
    rest = {int(sources[i]): targets[begins[i] : ends[i]] for i in np.flatnonzero(lengths > 1)}
    classes = np.repeat(values, np.diff(np.append(starts, 0x110000)))
    return _Tables(first, length, rest, classes)


def to_codes(text: str) -> Codes:
    """Give the code points of `text` as an array."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def short_codes(text: str) -> Codes:
    """Give the code points of `text` as an array of 16 bits where they go into it."""
    data = text.encode("utf-16-le", "surrogatepass")
    return np.frombuffer(data, np.uint16) if len(data) == 2 * len(text) else to_codes(text)


def from_codes(codes: Codes) -> str:
    """Give the text of an array of code points."""
    encoding = "utf-16-le" if codes.itemsize == 2 else "utf-32-le"
    return str(codes.data, encoding, "surrogatepass")


def _map(codes: Codes) -> tuple[Codes, npt.NDArray[np.uint8]]:
    """Replace each code point by its folded form; the second array is how long each became."""
    table = tables()
    lengths = table.length[codes]
    mapped = table.first[codes]
    odd = np.flatnonzero(lengths != 1)
    if not len(odd):
        return mapped, lengths
    begins = np.cumsum(lengths, dtype=np.int64) - lengths
    mapped = np.repeat(mapped, lengths)
    for index in odd:
        if lengths[index] > 1:
            form = table.rest[int(codes[index])]
            mapped[begins[index] : begins[index] + len(form)] = form
    return mapped, lengths


def _is_extra_space(codes: Codes) -> npt.NDArray[np.bool_]:
    """Mark every space that follows a space, or stands at either end of a text or a value."""
    is_space: npt.NDArray[np.bool_] = codes == _SPACE
    extra = is_space.copy()
    if not len(codes):
        return extra
    is_end = (codes >= _FIRST_RESERVED) & (codes <= _LAST_RESERVED)
    extra[1:] &= is_space[:-1] | is_end[:-1]
    before_ends = np.flatnonzero(is_space[:-1] & is_end[1:]).tolist()
    for at in [*before_ends, len(codes) - 1]:  # the run's first space is the one not yet marked
        while at >= 0 and is_space[at]:
            extra[at] = True
            at -= 1
    return extra


def fold(text: str) -> str:
    """Fold `text`; idempotent.

    >>> fold("石墨烯（Ｇraphene）電池　　℃")
    '石墨烯(graphene)电池 °c'
    """
    return fold_joined(_without_reserved(text))


def fold_joined(text: str) -> str:
    """Fold several texts joined by `RESERVED` marks, which stay: each as if it were alone."""
    folded = _fold_characters(text)
    codes = to_codes(folded)
    extra = _is_extra_space(codes)
    return from_codes(codes[~extra]) if extra.any() else folded


def fold_joined_codes(text: str) -> Codes:
    """As `fold_joined`, quick for what most texts are made of; gives code points."""
    codes = _fold_plain(text)
    if codes is None:
        codes = short_codes(_fold_characters(text))
    extra = _is_extra_space(codes)
    return codes[~extra] if extra.any() else codes


_MOST_FORMS = 40  # of characters whose folded form is longer or shorter: see `_fold_plain`


def _fold_plain(text: str) -> Codes | None:
    """Fold all but white space, or give None if any character is not known to `_plain`."""
    table = _plain()
    codes = short_codes(text)
    if codes.itemsize != 2:
        return None
    mapped = table[codes]
    others = np.flatnonzero(mapped == 0)
    if not len(others):
        return mapped
    forms = {chr(code) for code in np.unique(codes[others]).tolist()}
    if len(forms) > _MOST_FORMS:
        return None
    for char in forms:
        form = _plain_form(char)
        if form is None:
            return None
        text = text.replace(char, form)
    return table[short_codes(text)]


@cache
def _plain() -> npt.NDArray[np.uint16]:
    """Code point -> folded form of a character that is one and of which no more is to be known.

    That is: it and its form are in NFC whatever stands beside them. 0 for all others.
    """
    is_plain = np.zeros(0x10000, bool)
    for begin, end in _PLAIN_RANGES:
        is_plain[begin:end] = [_stands_alone(chr(code)) for code in range(begin, end)]
    is_plain[0x3400:0x4DC0] = is_plain[0x4E00:0xA000] = True  # Han: none is composed
    is_plain[_FIRST_RESERVED : _LAST_RESERVED + 1] = True
    every, first = tables().length[:0x10000] == 1, tables().first[:0x10000]
    is_short = every & (first < 0x10000)
    is_short &= is_plain & is_plain[np.where(is_short, first, 0)]
    return np.where(is_short, first, 0).astype(np.uint16)


# Latin, Greek, Cyrillic ...; punctuation and symbols, kana; full-width forms.
_PLAIN_RANGES = ((0, 0x600), (0x1E00, 0x3100), (0xFF00, 0xFF61))


def _stands_alone(char: str) -> bool:
    """Whether NFC never changes a character, whatever stands before it or behind it."""
    return not unicodedata.combining(char) and unicodedata.is_normalized("NFC", char)


@lru_cache(maxsize=1 << 12)
def _plain_form(char: str) -> str | None:
    """Give the folded form of a character that stands alone, if all of the form does."""
    if not _stands_alone(char) or not any(b <= ord(char) < e for b, e in _PLAIN_RANGES):
        return None
    form = _fold_characters(char)
    return form if _plain()[short_codes(form)].all() else None


class PlainForms(NamedTuple):
    """How to fold texts of which nothing need be known but each character by itself."""

    forms: npt.NDArray[np.uint16]  # the folded forms, one after another
    starts: npt.NDArray[np.int32]  # code point -> where its form begins
    lengths: npt.NDArray[np.int8]  # code point -> how long its form is; -1: it is not so simple


@cache
def plain_forms() -> PlainForms:
    """Give the forms of the characters below 65,536 that stand alone, as all of their forms do."""
    plain = _plain()
    starts, lengths = np.arange(0x10000, dtype=np.int32), (plain != 0).astype(np.int8)
    lengths[0] = 0
    lengths[lengths == 0] = -1
    longer: list[str] = []
    size = len(plain)
    for char in (chr(c) for b, e in _PLAIN_RANGES for c in range(b, e) if not plain[c]):
        form = _plain_form(char)
        if form is not None:
            starts[ord(char)], lengths[ord(char)] = size, len(form)
            longer.append(form)
            size += len(form)
    return PlainForms(np.append(plain, short_codes("".join(longer))), starts, lengths)


def _without_reserved(text: str) -> str:
    for mark in RESERVED:
        if mark in text:
            text = text.replace(mark, " ")
    return text


def _fold_characters(text: str) -> str:
    """Fold all but white space."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    while True:
        codes, _ = _map(to_codes(text))
        text = from_codes(codes)
        if unicodedata.is_normalized("NFC", text):
            return text
        # A compatibility form has brought a mark beside a letter (half-width kana and its voicing
        # mark): compose, and fold what came of it.
        text = unicodedata.normalize("NFC", text)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold `text` and say where each folded character came from.

    Returns the folded text and a list one longer: the offset in `text` of the character (or of
    the base character with its marks) that gave each folded one, and at the end `len(text)`.
    """
    text = _without_reserved(text)
    codes, lengths = _map(to_codes(text))
    if unicodedata.is_normalized("NFC", text) and unicodedata.is_normalized(
        "NFC", from_codes(codes)
    ):
        offsets = np.repeat(np.arange(len(text)), lengths)
    else:
        folded, origins = _fold_by_clusters(text)
        codes, offsets = to_codes(folded), np.array(origins, np.int64)
    keep = ~_is_extra_space(codes)
    return from_codes(codes[keep]), [*offsets[keep].tolist(), len(text)]


def _fold_by_clusters(text: str) -> tuple[str, list[int]]:
    """Fold all but white space where marks must be joined to letters: a cluster at a time."""
    pieces: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(text):
        end = _end_of_cluster(text, start)
        piece = _fold_one(text[start]) if end == start + 1 else _fold_characters(text[start:end])
        pieces.append(piece)
        offsets.extend([start] * len(piece))
        start = end
    return "".join(pieces), offsets


def _end_of_cluster(text: str, start: int) -> int:
    """Find where the character ends that begins at `start`: with marks, jamo, invisible ones."""
    end = start + 1
    while end < len(text):
        char = text[end]
        if " " <= char <= "~" or "\u4e00" <= char <= "\u9fff":  # what most texts are made of
            break
        alone = _fold_one(char)
        if alone and not unicodedata.combining(char) and not unicodedata.combining(alone[0]):
            so_far = _fold_characters(text[start:end])
            if _fold_characters(text[start : end + 1]) == so_far + alone:
                break
        end += 1
    return end


@lru_cache(maxsize=1 << 12)
def _fold_one(char: str) -> str:
    return _fold_characters(char)


def classes_of(codes: Codes) -> npt.NDArray[np.uint8]:
    """Say of each code point whether it is OTHER, WORD, HAN or SYLLABLE."""
    return tables().classes[codes]
