"""Here is a sign, which of its words say little, so that the others are what it is known by?

The words stand in a table (`ipsearch/data/weak_words.tsv`): what a company is called by law, its
trade, places, praise, and for each Nice class what goods are called. What is left is the core. A
sign of weak words alone is its own core: nothing else is there to know it by.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from ipsearch.marks import weights


class Weak(NamedTuple):
    """A weak word found in a sign."""

    word: str
    kind: str  # a key of `weights.WEAK_WORDS`


class Divided(NamedTuple):
    """A text, or words, divided by weight."""

    core: str
    words: tuple[str, ...]  # what the core is made of
    weak: tuple[Weak, ...]


class _Lists(NamedTuple):
    kinds: dict[str, str]  # word -> kind, in any class
    goods: dict[int, frozenset[str]]
    front: frozenset[str]
    back: frozenset[str]
    minor: frozenset[str]


@cache
def _lists() -> _Lists:
    kinds: dict[str, str] = {}
    goods: dict[int, set[str]] = {}
    others: dict[str, set[str]] = {"affix-front": set(), "affix-back": set(), "minor": set()}
    text = resources.files("ipsearch.data").joinpath("weak_words.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        kind, nice_class, words = line.split("\t")
        if kind == "goods":
            goods.setdefault(int(nice_class), set()).update(words.split())
        elif kind in others:
            others[kind].update(words.split())
        else:
            kinds.update((word, kind) for word in words.split() if word not in kinds)
    return _Lists(
        kinds,
        {number: frozenset(words) for number, words in goods.items()},
        frozenset(others["affix-front"]),
        frozenset(others["affix-back"]),
        frozenset(others["minor"]),
    )


@lru_cache(1 << 8)
def weak_kinds(classes: frozenset[int]) -> dict[str, str]:
    """Give every weak word for goods of these Nice classes, with its kind."""
    lists = _lists()
    of_goods = (word for number in classes for word in lists.goods.get(number, ()))
    return {**dict.fromkeys(of_goods, "goods"), **lists.kinds}


_LONGEST = 6


_LEAST_CORE = 2
_FIRST_RESTORED = ("place", "quality", "goods", "trade", "legal", "device")


def divide_characters(text: str, kinds: dict[str, str]) -> Divided:
    """Divide a run of characters; the longest weak word at each place counts, left to right.

    A weak word of one character (茶 in class 30) counts at the end of the text alone. Where less
    than two characters would be left, words become part of the core again, places first.
    """
    size = len(text)
    spans: list[tuple[int, int, str]] = []
    at = 0
    while at < size > _LEAST_CORE:
        shortest = at + 1 if at < size - 1 else at
        for end in range(min(size, at + _LONGEST), shortest, -1):
            kind = kinds.get(text[at:end])
            if kind is not None:
                spans.append((at, end, kind))
                at = end
                break
        else:
            at += 1
    if not spans:
        return Divided(text, (text,), ())
    left = size - sum(end - begin for begin, end, _ in spans)
    while spans and left < _LEAST_CORE:
        spans.remove(min(spans, key=lambda span: (_FIRST_RESTORED.index(span[2]), span[0])))
        left = size - sum(end - begin for begin, end, _ in spans)
    core: list[str] = []
    last = 0
    for begin, end, _ in (*spans, (size, size, "")):
        if begin > last:
            core.append(text[last:begin])
        last = end
    weak = tuple(Weak(text[begin:end], kind) for begin, end, kind in spans)
    return Divided("".join(core), tuple(core), weak)


def divide_words(words: Sequence[str], kinds: dict[str, str]) -> Divided:
    """Divide words of Latin letters; articles and the like are no part of the core."""
    minor = _lists().minor
    weak = tuple(Weak(word, kinds[word]) for word in words if word in kinds)
    core = tuple(word for word in words if word not in kinds and word not in minor)
    if core:
        return Divided("".join(core), core, weak)
    core = tuple(word for word in words if word not in minor) or tuple(words)
    return Divided("".join(core), core, ())


WEIGHT_UNIT = 20
"""Weights of characters are whole numbers of so many in one."""

_FIRST = round(WEIGHT_UNIT * weights.FIRST_CHARACTER)
AFFIX: int = round(WEIGHT_UNIT * weights.AFFIX)


def character_weights(core: str) -> list[int]:
    """Give the weight of each character of a core: the first more, affixes less."""
    size = len(core)
    found = [WEIGHT_UNIT] * size
    first = 0
    if size >= 3:
        lists = _lists()
        if core[-1] in lists.back:
            found[-1] = AFFIX
        if core[0] in lists.front:
            found[0] = AFFIX
            first = 1
    found[first] = _FIRST
    return found


def weak_factor(one: tuple[Weak, ...], other: tuple[Weak, ...]) -> float:
    """Give what is left of a score if two signs have different weak words: 1 or less."""
    if one == other:
        return 1.0
    factor = 1.0
    for weak in (*(w for w in one if w not in other), *(w for w in other if w not in one)):
        factor *= weights.WEAK_WORDS[weak.kind]
    return max(factor, _LEAST_FACTOR)


_LEAST_FACTOR = min(weights.WEAK_WORDS.values()) ** 2
