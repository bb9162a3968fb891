"""Here is a Chinese character, what is to be known of it beside others?

The table is made by `scripts/make_character_table.py`, which names its sources and how the degrees
of looking alike come about. It is read on first use (20 ms); characters are those that folding
leaves as they are, any other has no facts.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.unsignedinteger[Any]]
_UNKNOWN_CORNER = 0xFFFFFFFF
_KEPT_CHARACTERS = 1 << 15


class Facts(NamedTuple):
    """What the lists say of one character."""

    strokes: int
    corners: str  # the four-corner code, five digits; "" if unknown
    structure: int  # 0 whole, 1 left and right, 2 above and below, ...
    radical: str
    parts: tuple[str, ...]  # what it is made of, in order; () if it is not divided


class _Table(NamedTuple):
    places: dict[str, int]
    chars: list[str]
    strokes: Numbers
    corners: Numbers
    structures: Numbers
    radicals: Numbers
    parts: Numbers
    part_ends: Numbers
    syllables: list[str]
    sounds: Numbers
    sound_ends: Numbers
    sound_usage: Numbers
    look_alikes: Numbers
    look_alike_ends: Numbers
    likeness: Numbers
    variants: dict[str, str]


@cache
def _table() -> _Table:
    with (
        resources.files("ipsearch.data").joinpath("characters.npz").open("rb") as file,
        np.load(file) as data,
    ):
        codes, variants = data["codes"], str(data["variants"])
        chars = list(codes.tobytes().decode("utf-16-le"))
        return _Table(
            {char: place for place, char in enumerate(chars)},
            chars,
            data["strokes"],
            data["corners"],
            data["structures"],
            data["radicals"],
            data["parts"],
            data["part_ends"],
            str(data["syllables"]).split(" "),
            data["sounds"],
            data["sound_ends"],
            data["sound_usage"],
            data["look_alikes"],
            data["look_alike_ends"],
            data["likeness"],
            dict(zip(variants[::2], variants[1::2], strict=True)),
        )


def _row(ends: Numbers, place: int) -> slice:
    return slice(int(ends[place - 1]) if place else 0, int(ends[place]))


def facts(char: str) -> Facts | None:
    """Give the facts of a character; None if the table has none."""
    table = _table()
    place = table.places.get(char)
    if place is None:
        return None
    corner = int(table.corners[place])
    return Facts(
        int(table.strokes[place]),
        "" if corner == _UNKNOWN_CORNER else f"{corner:05d}",
        int(table.structures[place]),
        chr(table.radicals[place]),
        tuple(map(chr, table.parts[_row(table.part_ends, place)].tolist())),
    )


USUAL, IN_USE, RARE = 0, 1, 2
"""How often a character is read in a way."""


@lru_cache(_KEPT_CHARACTERS)
def readings(char: str) -> dict[str, int]:
    """Give the readings of a character without tones and how usual each is, the usual one first.

    ü is v. {} for a character that the table does not have.

    >>> readings("重")
    {'zhong': 0, 'chong': 1, 'tong': 2}
    """
    table = _table()
    place = table.places.get(char)
    if place is None:
        return {}
    row = _row(table.sound_ends, place)
    syllables = (table.syllables[sound] for sound in table.sounds[row].tolist())
    return dict(zip(syllables, table.sound_usage[row].tolist(), strict=True))


@lru_cache(_KEPT_CHARACTERS)
def look_alikes(char: str) -> dict[str, float]:
    """Give the characters that look like `char` with the degree, in 0.5..1; both ways alike."""
    table = _table()
    place = table.places.get(char)
    if place is None:
        return {}
    row = _row(table.look_alike_ends, place)
    others = (table.chars[other] for other in table.look_alikes[row].tolist())
    return dict(zip(others, (table.likeness[row] / 255).tolist(), strict=True))


@lru_cache(1 << 10)
def characters_of(syllable: str) -> dict[str, int]:
    """Give the characters that can be read so, and how usual that is for each."""
    table = _table()
    if syllable not in table.syllables:
        return {}
    found = np.flatnonzero(table.sounds == table.syllables.index(syllable))
    places = np.searchsorted(table.sound_ends, found, side="right").tolist()
    usage = table.sound_usage[found].tolist()
    return {table.chars[place]: degree for place, degree in zip(places, usage, strict=True)}


def all_syllables() -> list[str]:
    """Give every syllable that there is, sorted."""
    return _table().syllables


def variants() -> dict[str, str]:
    """Give the variants that folding leaves apart (峯, 喆, 沢) with what each is compared as."""
    return _table().variants
