"""Here is a sign, what of it is compared? Made once a sign, kept for the next comparison."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ipsearch.marks import latin, meaning, sound, weak_words
from ipsearch.marks.sign import Sign, held_sign
from ipsearch.marks.weak_words import Divided, Weak

HAN, LATIN, DIGITS, OTHER, SYMBOLS = 1, 2, 4, 8, 16
"""Which scripts a sign has elements of, as bits."""

_BITS = {"han": HAN, "latin": LATIN, "digits": DIGITS, "other": OTHER, "symbols": SYMBOLS}
_NONE = Divided("", (), ())


class Run(NamedTuple):
    """Characters with their weights."""

    text: str
    weights: list[int]
    total: int


def _run(text: str) -> Run:
    found = weak_words.character_weights(text) if text else []
    return Run(text, found, sum(found))


def _whole_run(text: str, divided: Divided) -> Run:
    """Make a run of a sign with its weak words, in which these weigh as affixes do."""
    found = weak_words.character_weights(text)
    at = 0
    for word, _ in divided.weak:
        at = text.index(word, at)
        found[at : at + len(word)] = [weak_words.AFFIX] * len(word)
        at += len(word)
    return Run(text, found, sum(found))


class Features:
    """What of a sign is compared; what few comparisons need is made when it is asked for."""

    __slots__ = (
        "_letters_sound",
        "_meaning",
        "_number",
        "_spoken",
        "core",
        "digits",
        "letters",
        "letters_weak",
        "normal",
        "other",
        "run",
        "scripts",
        "weak",
        "whole",
        "words",
    )

    def __init__(self, sign: Sign, classes: frozenset[int]) -> None:
        kinds = weak_words.weak_kinds(classes)
        self.normal = sign.normal
        self.scripts = 0
        self.digits = self.other = characters = ""
        han, letters = _NONE, _NONE
        for element in sign.elements:
            self.scripts |= _BITS[element.script]
            if element.script == "han":
                characters = element.text
                han = weak_words.divide_characters(element.text, kinds)
            elif element.script == "latin":
                letters = weak_words.divide_words(element.words, kinds)
            elif element.script == "digits":
                self.digits = element.text
            else:
                self.other = element.text
        self.core: str = han.core
        self.weak: tuple[Weak, ...] = han.weak
        self.run = _run(han.core)
        self.whole = _whole_run(characters, han) if han.weak else self.run
        self.letters: str = letters.core
        self.words: tuple[str, ...] = letters.words
        self.letters_weak: tuple[Weak, ...] = letters.weak
        self._letters_sound: str | None = None
        self._meaning: meaning.Meaning | None = None
        self._number: str | None = None
        self._spoken: tuple[tuple[str, ...], ...] | None = None

    @property
    def letters_sound(self) -> str:
        """How the letters sound."""
        if self._letters_sound is None:
            self._letters_sound = latin.sound_key(self.letters)
        return self._letters_sound

    @property
    def spoken(self) -> tuple[tuple[str, ...], ...]:
        """The ways to read the core of the characters, each as its syllables; () without one."""
        if self._spoken is None:
            is_name = 0 < len(self.core) <= _LONGEST_NAME
            self._spoken = sound.romanised(self.core) if is_name else ()
        return self._spoken

    @property
    def meaning(self) -> meaning.Meaning:
        """What the characters, or else the words, mean; () if that is not known."""
        if self._meaning is None:
            self._meaning = meaning.of_characters(self.core) or meaning.of_words(self.words)
        return self._meaning

    @property
    def number(self) -> str:
        """The sign with its numbers as digits; "" if it has none."""
        if self._number is None:
            text = meaning.with_digits(self.normal)
            self._number = text if any(char.isdigit() for char in text) else ""
        return self._number


_LONGEST_NAME = 8


@lru_cache(1 << 16)
def held_features(text: str, classes: frozenset[int]) -> Features:
    """Give the features of a sign that somebody filed, for goods of these classes."""
    return Features(held_sign(text), classes)
