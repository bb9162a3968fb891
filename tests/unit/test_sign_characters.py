"""What the table of characters says, against what is known otherwise."""

from __future__ import annotations

import pytest

from ipsearch.analysis import fold
from ipsearch.marks import characters
from ipsearch.marks.characters import IN_USE, RARE, USUAL, facts, look_alikes, readings
from ipsearch.marks.sound import folded_syllable, near_syllables, romanised, sound_alikes


def test_facts() -> None:
    """Strokes, corners, structure, radical and parts are those of the dictionaries."""
    known = facts("晨")
    assert known is not None
    assert (known.strokes, known.corners, known.radical) == (11, "60232", "日")
    assert known.parts == ("日", "辰")
    assert facts("A") is None


@pytest.mark.parametrize(
    ("char", "expected"),
    [
        ("重", {"zhong": USUAL, "chong": IN_USE, "tong": RARE}),
        ("乐", {"le": USUAL, "yue": IN_USE}),
        ("女", {"nv": USUAL, "ru": RARE}),
        ("云", {"yun": USUAL}),
        ("x", {}),
    ],
)
def test_readings(char: str, expected: dict[str, int]) -> None:
    """A character has all its readings without tones, the usual one first."""
    assert readings(char) == expected
    assert list(readings(char)) == list(expected)


@pytest.mark.parametrize(
    "pair", ["己已", "末未", "土士", "天夭", "干千", "曰日", "茶荼", "析折", "沐沭"]
)
def test_look_alikes(pair: str) -> None:
    """Characters that are taken for each other look alike, both ways equally."""
    assert look_alikes(pair[0])[pair[1]] == look_alikes(pair[1])[pair[0]] >= 0.7


@pytest.mark.parametrize("pair", ["江河", "柏松", "锦银", "桥林", "海汉"])
def test_one_radical_is_no_likeness(pair: str) -> None:
    """Characters that share nothing but their radical have a family likeness at most."""
    assert look_alikes(pair[0]).get(pair[1], 0.0) < 0.6


def test_variants_are_other_characters() -> None:
    """A variant is compared as another character, which is none itself and stays when folded."""
    variants = characters.variants()
    assert variants["沢"] == "泽"
    for variant, form in variants.items():
        assert variant != form
        assert form not in variants
        assert fold(form) == form


def test_confused_sounds() -> None:
    """Initials and finals that are confused are near, two at once less, others not at all."""
    assert near_syllables("zan") == {"zhan": 0.75, "zang": 0.75, "zhang": 0.5}
    assert "tan" not in near_syllables("zan")
    assert folded_syllable("zhang") == folded_syllable("zan") == "zan"


def test_sound_alikes_are_symmetric() -> None:
    """What sounds like a character is heard as that character, as much."""
    for char in "重云乐女岭":
        for other, degree in sound_alikes(char).items():
            assert sound_alikes(other)[char] == degree
    assert sound_alikes("重")["虫"] == 0.95
    assert sound_alikes("兰")["南"] == 0.75


def test_romanised() -> None:
    """A name is read with every reading in use of its characters, the usual ones first."""
    assert romanised("重庆") == (("zhong", "qing"), ("chong", "qing"))
    assert romanised("云x") == ()
    assert len(romanised("重乐重乐重乐")) <= 4
