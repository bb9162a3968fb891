"""Here is a sign, what does it mean, as far as a small lexicon knows?

The lexicon (`ipsearch/data/meanings.tsv`) has everyday words of signs, with synonyms and in both
languages. A sign has a meaning here only if the lexicon covers all of it: 金狮 is gold and lion, as
GOLDEN LION is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

from ipsearch.analysis import Analyzer

Meaning = tuple[int, ...]
"""The meanings of the words of a sign, in order; () if it is not known."""

_LONGEST_WORD = 5
_LONGEST_SIGN = 8
_PARTICLES = frozenset("之的")

_DIGITS = {
    **{char: str(value) for value, char in enumerate("〇一二三四五六七八九")},
    **{char: str(value) for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "两": "2",
    "幺": "1",
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000}


@cache
def _lexicon() -> tuple[dict[str, int], dict[str, int]]:
    """Read the lexicon: Chinese word -> meaning, English word -> meaning.

    Lines that share a word are one meaning; words behind a dash are each of their own.
    """
    text = resources.files("ipsearch.data").joinpath("meanings.tsv").read_text("utf-8")
    parents: list[int] = []
    owners: dict[tuple[int, str], int] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        chinese, english = line.split("\t")
        if chinese == "-":
            for word in english.split():
                owners[1, word] = len(parents)
                parents.append(len(parents))
            continue
        own = len(parents)
        parents.append(own)
        for language, words in enumerate((chinese, english)):
            for word in words.split():
                other = owners.setdefault((language, word), own)
                parents[_root(parents, other)] = _root(parents, own)
    found: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for (language, word), number in owners.items():
        found[language][word] = _root(parents, number)
    return found


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        number = parents[number]
    return number


@cache
def _names() -> dict[int, str]:
    found: dict[int, str] = {}
    for word, number in sorted(_lexicon()[1].items()):
        found.setdefault(number, word)
    return found


def name(found: Meaning) -> str:
    """Give a meaning as a word that stays the same when the lexicon grows."""
    return "+".join(sorted(_names()[number] for number in found))


def of_characters(text: str) -> Meaning:
    """Give the meaning of a run of characters.

    >>> of_characters("金狮") == of_words(["golden", "lion"])
    True
    """
    if not 0 < len(text) <= _LONGEST_SIGN or text[0] in _PARTICLES or text[-1] in _PARTICLES:
        return ()
    known = _lexicon()[0]
    found: list[int] = []
    at, size = 0, len(text)
    while at < size:
        for end in range(min(size, at + _LONGEST_WORD), at, -1):
            meaning = known.get(text[at:end])
            if meaning is not None:
                found.append(meaning)
                at = end
                break
        else:
            if text[at] not in _PARTICLES:
                return ()
            at += 1
    return tuple(found)


def of_words(words: Sequence[str]) -> Meaning:
    """Give the meaning of English words; two words may be one (snow leopard)."""
    if len(words) > _LONGEST_SIGN:
        return ()
    found: list[int] = []
    at, size = 0, len(words)
    while at < size:
        for end in range(min(size, at + 2), at, -1):
            meaning = of_word("".join(words[at:end]))
            if meaning is not None:
                found.append(meaning)
                at = end
                break
        else:
            return ()
    return tuple(found)


def of_word(word: str) -> int | None:
    """Give the meaning of one English word, a plural too; None if it is not known."""
    known = _lexicon()[1]
    meaning = known.get(word)
    return known.get(word[:-1]) if meaning is None and word.endswith("s") else meaning


@lru_cache(1 << 14)
def is_word(text: str) -> bool:
    """Whether the dictionary of the segmenter has a run of characters as one word."""
    return len(text) > 1 and text in Analyzer().cutter().cut_all(text)


def words_across(text: str, place: int) -> set[str]:
    """Give the dictionary's words of two characters or more in `text` that cover a place."""
    found: set[str] = set()
    for word in Analyzer().cutter().cut_all(text):
        at = text.find(word) if len(word) > 1 else -1
        while at >= 0:
            if at <= place < at + len(word):
                found.add(word)
            at = text.find(word, at + 1)
    return found


def is_border(text: str, place: int) -> bool:
    """Whether a word begins at a place in a run of characters, as the segmenter cuts it."""
    at = 0
    for word in Analyzer().cutter().cut(text, False):
        if at >= place:
            break
        at += len(word)
    return at == place


def with_digits(text: str) -> str:
    """Write numbers in characters as digits.

    >>> with_digits("七号院"), with_digits("一百零二"), with_digits("五六七")
    ('7号院', '102', '567')
    """
    parts: list[str] = []
    run: list[str] = []
    for char in text:
        if char in _DIGITS or char in _UNITS:
            run.append(char)
            continue
        if run:
            parts.append(_number(run))
            run = []
        parts.append(char)
    if run:
        parts.append(_number(run))
    return "".join(parts)


def _number(run: list[str]) -> str:
    if not any(char in _UNITS for char in run):
        return "".join(_DIGITS[char] for char in run)
    total, value = 0, 0
    for char in run:
        if char in _UNITS:
            unit = _UNITS[char]
            if unit == 10000:
                total, value = (total + value or 1) * unit, 0
            else:
                total, value = total + (value or 1) * unit, 0
        else:
            value = int(_DIGITS[char])
    return str(total + value)
