"""Here is a character or a syllable, what does it sound like?

Readings have no tones: signs are not heard with them. Which sounds are confused is a list of pairs
on which regional speech and input methods agree.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import product

from ipsearch.marks import characters, weights

_INITIALS = (("z", "zh"), ("c", "ch"), ("s", "sh"), ("n", "l"), ("f", "h"))
_FINALS = (("in", "ing"), ("en", "eng"), ("an", "ang"), ("ian", "iang"), ("uan", "uang"))
_SYLLABLE = re.compile(r"([zcs]h|[bpmfdtnlgkhjqxrzcsyw]?)(.*)")
_MOST_READINGS_OF_A_NAME = 4


def _others(pairs: tuple[tuple[str, str], ...], part: str) -> list[str]:
    return [b if part == a else a for a, b in pairs if part in (a, b)]


@lru_cache(1 << 10)
def near_syllables(syllable: str) -> dict[str, float]:
    """Give the syllables that are confused with one, with the degree; itself is not among them.

    >>> near_syllables("lan")["nan"]
    0.75
    """
    match = _SYLLABLE.fullmatch(syllable)
    if match is None:
        return {}
    initial, final = match.groups()
    known = known_syllables()
    found: dict[str, float] = {}
    for other_initial in (initial, *_others(_INITIALS, initial)):
        for other_final in (final, *_others(_FINALS, final)):
            other = other_initial + other_final
            changes = (other_initial != initial) + (other_final != final)
            if changes and other in known:
                found[other] = weights.ONE_CONFUSION if changes == 1 else weights.TWO_CONFUSIONS
    return found


@cache
def known_syllables() -> frozenset[str]:
    """Give every syllable that a character is read by."""
    return frozenset(characters.all_syllables())


@lru_cache(1 << 10)
def folded_syllable(syllable: str) -> str:
    """Give the one form of all syllables that are confused with this one: zhang, zan -> zan."""
    match = _SYLLABLE.fullmatch(syllable)
    if match is None:
        return syllable
    initial, final = match.groups()
    initial = next((a for a, b in _INITIALS if initial == b), initial)
    return initial + next((a for a, b in _FINALS if final == b), final)


@lru_cache(1 << 13)
def folded_readings(char: str) -> tuple[str, ...]:
    """Give the readings in use of a character, each in the form of all that it is confused with."""
    readings = characters.readings(char).items()
    return tuple({folded_syllable(s): None for s, use in readings if use != characters.RARE})


@lru_cache(1 << 13)
def heard_as(char: str) -> dict[str, float]:
    """Give the syllables as which a character can be heard, confused ones too, with the degree."""
    found: dict[str, float] = {}
    for syllable, usage in characters.readings(char).items():
        own = weights.READINGS[usage]
        for heard, degree in ((syllable, 1.0), *near_syllables(syllable).items()):
            found[heard] = max(own * degree, found.get(heard, 0.0))
    return found


@lru_cache(1 << 13)
def sound_alikes(char: str) -> dict[str, float]:
    """Give the characters that can sound like `char`, itself too, with the degree.

    1 for the usual readings of both, less for another reading, less for confused sounds; both ways
    alike.
    """
    found: dict[str, float] = {}
    for heard, degree in heard_as(char).items():
        for other, usage in characters.characters_of(heard).items():
            worth = degree * weights.READINGS[usage]
            if worth > found.get(other, 0.0):
                found[other] = worth
    return found


@lru_cache(1 << 14)
def romanised(text: str) -> tuple[tuple[str, ...], ...]:
    """Give the ways to read a text of characters, at most four, each as its syllables.

    () if any character has no reading. The first has the usual reading of every character; rare
    readings are left out.
    """
    ways = 1
    readings: list[list[str]] = []
    for char in text:
        known = [s for s, usage in characters.readings(char).items() if usage != characters.RARE]
        if not known:
            return ()
        ways *= len(known)
        if ways > _MOST_READINGS_OF_A_NAME:
            ways //= len(known)
            known = known[:1]
        readings.append(known)
    return tuple(product(*readings))
