"""Here is a text, give me the form in which it is compared: one form for index and query.

Folding is NFKC, case folding, traditional to simplified Chinese character by character (OpenCC's
first choices), invisible characters away, each run of white space one space, none at the ends.
Every step looks at one character at a time (but for combining marks, which NFC joins first), so
folding a part gives the part of the folded whole: what a searcher quotes is found in its context.
The tables come from a file (`scripts/make_unicode_table.py`), the same under every Python.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

OTHER, WORD, HAN, SYLLABLE = 0, 1, 2, 3
"""What a character is: punctuation and the like; a letter or digit of a script with words; Han;
kana or hangul."""

_SPACE = 32
Codes = npt.NDArray[np.uint32]


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


def from_codes(codes: Codes) -> str:
    """Give the text of an array of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


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
    """Mark every space that follows a space or stands at either end."""
    is_space: npt.NDArray[np.bool_] = codes == _SPACE
    extra = is_space.copy()
    extra[1:] &= is_space[:-1]
    if len(codes):
        extra[0] = is_space[0]
        if is_space[-1]:  # the last run goes whole: its first space is the one not yet marked
            run = np.flatnonzero(~is_space)
            extra[(int(run[-1]) + 1 if len(run) else 0) :] = True
    return extra


def fold(text: str) -> str:
    """Fold `text`; idempotent.

    >>> fold("石墨烯（Ｇraphene）電池　　℃")
    '石墨烯(graphene)电池 °c'
    """
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    codes, _ = _map(to_codes(text))
    folded = from_codes(codes[~_is_extra_space(codes)])
    if unicodedata.is_normalized("NFC", folded):
        return folded
    # A compatibility form has brought a mark beside a letter (half-width kana and its voicing
    # mark): compose, and fold what came of it.
    return fold(unicodedata.normalize("NFC", folded))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold `text` and say where each folded character came from.

    Returns the folded text and a list one longer: the offset in `text` of the character (or of
    the base character with its marks) that gave each folded one, and at the end `len(text)`.
    """
    if unicodedata.is_normalized("NFC", text):
        codes, lengths = _map(to_codes(text))
        keep = ~_is_extra_space(codes)
        folded = from_codes(codes[keep])
        if unicodedata.is_normalized("NFC", folded):
            offsets = np.repeat(np.arange(len(text)), lengths)[keep].tolist()
            return folded, [*offsets, len(text)]
    return _fold_by_clusters(text)


def _fold_by_clusters(text: str) -> tuple[str, list[int]]:
    """Do the same where marks must be joined to letters: one base character at a time."""
    pieces: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while (end < len(text) and unicodedata.combining(text[end])) or _voices(text, end):
            end += 1
        piece = _fold_cluster(text[start:end])
        if piece == " " and (not pieces or pieces[-1] == " "):
            piece = ""
        if piece:
            pieces.append(piece)
            offsets.extend([start] * len(piece))
        start = end
    folded = "".join(pieces)
    if folded.endswith(" "):
        folded = folded[:-1]
        offsets.pop()
    offsets.append(len(text))
    return folded, offsets


def _voices(text: str, index: int) -> bool:
    return index < len(text) and text[index] in "ﾞﾟ"


def _fold_cluster(cluster: str) -> str:
    codes, _ = _map(to_codes(unicodedata.normalize("NFC", cluster)))
    return unicodedata.normalize("NFC", from_codes(codes))


def classes_of(codes: Codes) -> npt.NDArray[np.uint8]:
    """Say of each code point whether it is OTHER, WORD, HAN or SYLLABLE."""
    return tables().classes[codes]
