"""Here are two runs of Chinese characters, how alike are they in form and sound, and by which rule?"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel

from ipsearch.marks import characters, meaning, sound, weights
from ipsearch.marks.features import Features
from ipsearch.marks.weak_words import weak_factor

_NUMERALS = dict(zip("〇零一二三四五六七八九两", "001234567892", strict=True))
_NUMERAL_CHARACTERS = {
    digit: [char for char, value in _NUMERALS.items() if value == digit] for digit in "0123456789"
}


class Nearness(NamedTuple):
    """How near one character is to another, each in thousandths: whole numbers add up the same
    whichever sign comes first."""

    joint: int  # form and sound together: each alone leaves something to tell them apart
    sound: int
    form: int


_UNIT = 1000
_SAME = Nearness(_UNIT, _UNIT, _UNIT)
_NOT_NEAR = Nearness(0, 0, 0)
_CLEARLY_DIFFERENT = round(_UNIT * weights.CLEARLY_DIFFERENT)


def nearness(one: str, other: str) -> Nearness:
    """Compare two characters; both ways alike."""
    if one == other:
        return _SAME
    if _NUMERALS.get(one, one) == _NUMERALS.get(other, other):
        degree = round(_UNIT * weights.NUMERAL)
        return Nearness(degree, degree, 0)
    form = weights.along(weights.FORM, characters.look_alikes(one).get(other, 0.0))
    heard = sound.sound_alikes(one).get(other, 0.0)
    apart = (1.0 - weights.FORM_ALONE * form) * (1.0 - weights.SOUND_ALONE * heard)
    return Nearness(round(_UNIT * (1.0 - apart)), round(_UNIT * heard), round(_UNIT * form))


@lru_cache(1 << 12)
def near_characters(char: str) -> dict[str, Nearness]:
    """Give the characters that look or sound like one, itself too."""
    found = {other: nearness(char, other) for other in sound.sound_alikes(char)}
    for other in characters.look_alikes(char):
        if other not in found:
            found[other] = nearness(char, other)
    numeral = _NUMERALS.get(char)
    for other in (numeral,) if numeral else _NUMERAL_CHARACTERS.get(char, ()):
        found[other] = nearness(char, other)
    found[char] = _SAME
    return found


class _Shares(NamedTuple):
    """The weight of what is alike in two cores, as a share of the weight of both, in 0..1."""

    joint: float
    sound: float
    form: float


class Asked:
    """A core of characters, made ready to be compared with many."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self.core = features.core
        self._ordered = sorted(self.core)
        self._near: list[dict[str, Nearness]] = []
        if len(self.core) <= weights.LONGEST_ALIGNED:
            self._near = [near_characters(char) for char in self.core]
        self._any_near = frozenset(self.core).union(*self._near)

    def compare(self, held: Features) -> tuple[float, str]:
        """Give the score of two cores and the rule; the weak words have their say in it."""
        core = held.core
        if core == self.core:
            if held.weak == self.features.weak:
                return 1.0, "same characters"
            return weak_factor(self.features.weak, held.weak), "a weak word is added"
        if self._any_near.isdisjoint(core):
            return 0.0, ""
        score, rule = self._cores(held)
        if held.weak or self.features.weak:
            score *= weak_factor(self.features.weak, held.weak)
        return score, rule

    def _cores(self, held: Features) -> tuple[float, str]:
        size, own_size = len(held.core), len(self.core)
        if max(size, own_size) > weights.LONGEST_ALIGNED:
            return self._long(held.core)
        if size == own_size:
            return self._same_length(held)
        if min(size, own_size) == 1:
            share = self._aligned(held).joint
            return weights.SINGLE_IN_LONGER * share, "one character within a longer sign"
        return self._other_length(held)

    def _same_length(self, held: Features) -> tuple[float, str]:
        core, size = held.core, len(held.core)
        pairs = [near.get(char, _NOT_NEAR) for near, char in zip(self._near, core, strict=True)]
        shares = self._in_place(pairs, held)
        if shares.sound < 1.0 and sorted(core) == self._ordered:
            return self._other_order(core)
        if shares.joint < weights.MORE_CHARACTERS[1][0] and size > 2:
            shares = self._aligned(held)
        score, rule = _score_of(shares, size)
        if size > 2 and pairs[0].joint < _CLEARLY_DIFFERENT:
            return score * weights.FIRST_DIFFERS, "first character differs"
        if score >= weights.ALERT_THRESHOLD and self._means_otherwise(core, pairs):
            return score * weights.OTHER_MEANING, "another word"
        return score, rule

    def _in_place(self, pairs: list[Nearness], held: Features) -> _Shares:
        joint = heard = form = 0
        for pair, own, other in zip(pairs, self.features.core_weights, held.core_weights, strict=True):
            if pair is not _NOT_NEAR:
                weight = own + other
                joint += pair.joint * weight
                heard += pair.sound * weight
                form += pair.form * weight
        return self._shares(held, joint, heard, form)

    def _aligned(self, held: Features) -> _Shares:
        """Give the shares of what is alike in the same order, in the best way to align the cores."""
        core, held_weights = held.core, held.core_weights
        size = len(core)
        nothing = (0, 0, 0, 0)
        best = [nothing] * (size + 1)  # of what stands before each place; first values decide
        for near, own in zip(self._near, self.features.core_weights, strict=True):
            before = nothing  # best[place] of the character before
            for place in range(size):
                above = best[place + 1]
                pair = near.get(core[place])
                if pair is not None:
                    weight = own + held_weights[place]
                    joint, heard, form = pair
                    with_pair = (
                        before[0] + max(joint, heard) * weight,
                        before[1] + joint * weight,
                        before[2] + heard * weight,
                        before[3] + form * weight,
                    )
                    if with_pair > above:
                        best[place + 1] = with_pair
                if best[place] > best[place + 1]:
                    best[place + 1] = best[place]
                before = above
        _, joint, heard, form = best[size]
        return self._shares(held, joint, heard, form)

    def _shares(self, held: Features, joint: int, heard: int, form: int) -> _Shares:
        total = _UNIT * (self.features.total_weight + held.total_weight)
        return _Shares(joint / total, heard / total, form / total)

    def _other_length(self, held: Features) -> tuple[float, str]:
        core = held.core
        shares = self._aligned(held)
        shortest = min(len(core), len(self.core))
        if shortest == 2:  # two syllables apart in a longer sign: nobody hears them together
            shares = shares._replace(sound=0.0)
        score, rule = _score_of(shares, shortest)
        contained = self._contained(core)
        if contained > score:
            return contained, "one sign within the other"
        return score, "characters added or dropped" if rule == _BY_CHARACTERS else rule

    def _means_otherwise(self, core: str, pairs: list[Nearness]) -> bool:
        """Whether what differs is a word in both, and not the same one."""
        if len(core) == 2:
            return (
                meaning.is_word(core)
                and meaning.is_word(self.core)
                and not _same_meaning(core, self.core)
            )
        differing = [place for place, pair in enumerate(pairs) if pair is not _SAME]
        if len(differing) != 1 or pairs[differing[0]].joint >= _CLEARLY_DIFFERENT:
            return False
        own_words = meaning.words_across(self.core, differing[0])
        return bool(own_words and meaning.words_across(core, differing[0]))

    def _other_order(self, core: str) -> tuple[float, str]:
        if meaning.is_word(core) and meaning.is_word(self.core):
            return weights.OTHER_ORDER_OTHER_MEANING, "same characters, two words"
        return weights.OTHER_ORDER, "same characters in another order"

    def _contained(self, core: str) -> float:
        longer, shorter = (core, self.core) if len(core) > len(self.core) else (self.core, core)
        if longer.startswith(shorter):
            border = len(shorter)
        elif longer.endswith(shorter):
            border = len(longer) - len(shorter)
        else:
            return 0.0
        share = len(shorter) / len(longer)
        score = weights.CONTAINED_BASE + weights.CONTAINED_SHARE * share
        return score if meaning.is_border(longer, border) else score * weights.ACROSS_WORDS

    def _long(self, core: str) -> tuple[float, str]:
        share = Indel.normalized_similarity(self.core, core)
        score = max(weights.along(weights.MORE_CHARACTERS, share), self._contained(core))
        return score, "long signs, characters in common"


_BY_CHARACTERS, _BY_SOUND = "characters differ", "same or near sounds"


def _score_of(shares: _Shares, size: int) -> tuple[float, str]:
    """Make a score of shares, for signs of so many characters."""
    if size == 1:
        return weights.along(weights.ONE_CHARACTER, shares.joint), "one character, near"
    knots = weights.TWO_CHARACTERS if size == 2 else weights.MORE_CHARACTERS
    score = weights.along(knots, shares.joint)
    if shares.sound > shares.joint:
        heard = weights.along(weights.SOUNDS, shares.sound)
        heard *= weights.ALL_SOUNDS + weights.ALL_SOUNDS_AND_FORM * shares.form
        if heard > score:
            return heard, _BY_SOUND
    return score, _BY_CHARACTERS


def _same_meaning(one: str, other: str) -> bool:
    known = meaning.of_characters(one)
    return bool(known) and known == meaning.of_characters(other)
