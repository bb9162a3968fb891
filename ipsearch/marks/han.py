"""Here are the Chinese characters of two signs, how alike are they in form and sound?"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel

from ipsearch.marks import characters, meaning, sound, weights
from ipsearch.marks.features import Features, Run
from ipsearch.marks.weak_words import weak_factor

_NUMERALS = dict(zip("〇零一二三四五六七八九两0123456789", "0012345678920123456789", strict=True))
_NUMERAL_CHARACTERS = {
    digit: [char for char, value in _NUMERALS.items() if value == digit and char != digit]
    for digit in "0123456789"
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
_ADDED = "characters added or dropped"
_WORTH_ALIGNING = 0.6  # a share in place below it: perhaps a character was added and one dropped
_CLEARLY_DIFFERENT = round(_UNIT * weights.CLEARLY_DIFFERENT)


def nearness(one: str, other: str) -> Nearness:
    """Compare two characters; both ways alike."""
    if one == other:
        return _SAME
    if one in _NUMERALS and _NUMERALS[one] == _NUMERALS.get(other):
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
    if char in _NUMERALS:
        digit = _NUMERALS[char]
        for other in (digit, *_NUMERAL_CHARACTERS[digit]):
            found[other] = nearness(char, other)
    found[char] = _SAME
    return found


class _Shares(NamedTuple):
    """The weight of what is alike in two cores, as a share of the weight of both, in 0..1."""

    joint: float
    sound: float
    form: float


Found = list[tuple[float, str]]
"""Ways in which two signs are alike: a score and the rule of each."""


class Asked:
    """A sign's characters, made ready to be compared with many."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._core = _AskedRun(features.run)
        self._whole = _AskedRun(features.whole) if features.weak else self._core
        weak = (char for word, _ in features.weak for char in word)
        self._near_weak = frozenset[str]().union(*(near_characters(char) for char in weak))

    def compare(self, held: Features) -> Found:
        """Compare the characters of two signs.

        Their cores, with what is left for different weak words; and whole signs of one length too
        where what is a weak word in one may be another word in the other (世家 / 诗家).
        """
        own = self._features
        if held.core == own.core:
            if held.weak == own.weak:
                return [(1.0, "same characters")]
            return [(weak_factor(own.weak, held.weak), "weak word added")]
        if held.weak == own.weak:
            return self._core.compare(held.run)
        factor = weak_factor(own.weak, held.weak)
        found = [(score * factor, rule) for score, rule in self._core.compare(held.run)]
        if len(own.whole.text) == len(held.whole.text) and self._may_be_another_word(held):
            found.extend(self._whole.compare(held.whole))
        return found

    def _may_be_another_word(self, held: Features) -> bool:
        """Whether a weak word of one sign looks or sounds like anything in the other."""
        if not self._near_weak.isdisjoint(held.whole.text):
            return True
        return any(self._whole.is_near(word) for word, _ in held.weak)


class _AskedRun:
    """A run of characters, made ready to be compared with many."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._ordered = sorted(run.text)
        self._near: list[dict[str, Nearness]] = []
        if len(run.text) <= weights.LONGEST_ALIGNED:
            self._near = [near_characters(char) for char in run.text]
        self._any_near = frozenset(run.text).union(*self._near)

    def is_near(self, text: str) -> bool:
        """Whether any character of `text` looks or sounds like one of the run."""
        return not self._any_near.isdisjoint(text)

    def compare(self, held: Run) -> Found:
        """Give each way in which two runs are alike."""
        if not self.is_near(held.text):
            return []
        size, own_size = len(held.text), len(self._run.text)
        if max(size, own_size) > weights.LONGEST_ALIGNED:
            return self._long(held.text)
        if size == own_size:
            return self._same_length(held)
        if min(size, own_size) == 1:
            share = self._aligned(held).joint
            return [(weights.SINGLE_IN_LONGER * share, "one character within the other")]
        return self._other_length(held)

    def _same_length(self, held: Run) -> Found:
        text, size = held.text, len(held.text)
        pairs = [near.get(char, _NOT_NEAR) for near, char in zip(self._near, text, strict=True)]
        shares = self._in_place(pairs, held)
        if size > 1 and shares.joint < 1.0 and sorted(text) == self._ordered:
            return self._other_order(text)
        if size == 1:
            return _scores_of(shares, weights.ONE_CHARACTER, "one character, near")
        found = _scores_of(shares, weights.TWO_CHARACTERS if size == 2 else weights.MORE_CHARACTERS)
        if size > 2 and shares.joint < _WORTH_ALIGNING:
            shifted = _scores_of(self._aligned(held), weights.OTHER_LENGTH, _ADDED)
            shifted = [(score * weights.SHIFTED, rule) for score, rule in shifted]
            found = max(found, shifted)
        if not found:
            return found
        if size > 2 and pairs[0].joint < _CLEARLY_DIFFERENT:
            return [(s * weights.FIRST_DIFFERS, "first character differs") for s, _ in found[:1]]
        best = max(found)[0]
        if best >= weights.ALERT_THRESHOLD and self._means_otherwise(text, pairs):
            return [(best * weights.OTHER_MEANING, "another word")]
        return found

    def _in_place(self, pairs: list[Nearness], held: Run) -> _Shares:
        joint = heard = form = 0
        for pair, own, other in zip(pairs, self._run.weights, held.weights, strict=True):
            if pair is not _NOT_NEAR:
                weight = own + other
                joint += pair.joint * weight
                heard += pair.sound * weight
                form += pair.form * weight
        return self._shares(held, joint, heard, form)

    def _shares(self, held: Run, joint: int, heard: int, form: int) -> _Shares:
        total = _UNIT * (self._run.total + held.total)
        return _Shares(joint / total, heard / total, form / total)

    def _aligned(self, held: Run) -> _Shares:
        """Give the shares of what is alike in the same order, in the best way to align the runs."""
        text, held_weights = held.text, held.weights
        size = len(text)
        nothing = (0, 0, 0, 0)
        best = [nothing] * (size + 1)  # of what stands before each place; first values decide
        for near, own in zip(self._near, self._run.weights, strict=True):
            before = nothing  # best[place] of the character before
            for place in range(size):
                above = best[place + 1]
                pair = near.get(text[place])
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

    def _other_length(self, held: Run) -> Found:
        text = held.text
        shares = self._aligned(held)
        shortest = min(len(text), len(self._run.text))
        if shortest == 2:  # two syllables apart in a longer sign: nobody hears them together
            shares = shares._replace(sound=0.0)
        knots = weights.TWO_IN_LONGER if shortest == 2 else weights.OTHER_LENGTH
        found = _scores_of(shares, knots, _ADDED)
        if shortest == 2:
            found = [(score * weights.APART, rule) for score, rule in found]
        contained = self._contained(text)
        if contained > 0.0:
            found.append((contained, "one sign within the other"))
        return found

    def _means_otherwise(self, text: str, pairs: list[Nearness]) -> bool:
        """Whether what differs is a word in both, most of the sign, and not the same one."""
        own = self._run.text
        if len(text) == 2:
            return meaning.is_word(text) and meaning.is_word(own) and not _same_meaning(text, own)
        differing = [place for place, pair in enumerate(pairs) if pair is not _SAME]
        if len(differing) != 1 or pairs[differing[0]].joint >= _CLEARLY_DIFFERENT:
            return False
        place = differing[0]
        if own[place] in _NUMERALS and text[place] in _NUMERALS:
            return True
        words = meaning.words_across(own, place), meaning.words_across(text, place)
        return all(any(2 * len(word) > len(text) for word in found) for found in words)

    def _other_order(self, text: str) -> Found:
        if meaning.is_word(text) and meaning.is_word(self._run.text):
            return [(weights.OTHER_ORDER_OTHER_MEANING, "same characters, two words")]
        return [(weights.OTHER_ORDER, "same characters in another order")]

    def _contained(self, text: str) -> float:
        longer, shorter = text, self._run.text
        if len(longer) < len(shorter):
            longer, shorter = shorter, longer
        if longer.startswith(shorter):
            border = len(shorter)
        elif longer.endswith(shorter):
            border = len(longer) - len(shorter)
        else:
            return 0.0
        score = weights.along(weights.CONTAINED, len(shorter) / len(longer))
        return score if meaning.is_border(longer, border) else score * weights.ACROSS_WORDS

    def _long(self, text: str) -> Found:
        share = Indel.normalized_similarity(self._run.text, text)
        score = max(weights.along(weights.MORE_CHARACTERS, share), self._contained(text))
        return [(score, "long signs, characters in common")]


def _scores_of(
    shares: _Shares, knots: weights.Knots, rule: str = "characters differ"
) -> list[tuple[float, str]]:
    """Make scores of shares; `knots` are those for signs of such lengths."""
    found: list[tuple[float, str]] = []
    if shares.joint > 0.0:
        found.append((weights.along(knots, shares.joint), rule))
    if shares.sound > weights.SOUNDS[0][0] and knots is not weights.ONE_CHARACTER:
        heard = weights.along(weights.SOUNDS, shares.sound)
        heard *= weights.ALL_SOUNDS + weights.ALL_SOUNDS_AND_FORM * shares.form
        found.append((heard, "same or near sounds"))
    return found


def describe(one: str, other: str) -> str:
    """Say of two cores what tells them apart: 晨/辰 chen, 0.55 alike."""
    if len(one) != len(other) or sorted(one) == sorted(other):
        return f"{one} / {other}"
    told = []
    for a, b in zip(one, other, strict=True):
        if a == b:
            continue
        near = nearness(a, b)
        heard = [s for s in sound.heard_as(a) if s in characters.readings(b)]
        look = f"look {near.form / _UNIT:.2f}" if near.form else ""
        told.append(" ".join(filter(None, (f"{a}/{b}", heard[0] if heard else "", look))))
    return f"{one} / {other}: {', '.join(told)}"


def _same_meaning(one: str, other: str) -> bool:
    known = meaning.of_characters(one)
    return len(known) == 1 and known == meaning.of_characters(other)
