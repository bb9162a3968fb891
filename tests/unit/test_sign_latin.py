"""Letters against letters, and against the sounds of characters."""

from __future__ import annotations

import pytest

from ipsearch.marks import latin, weights
from ipsearch.marks.transliteration import agreement, of_pinyin, of_word, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("koffira", "cofira"),
        ("philona", "filona"),
        ("luxora", "luksora"),
        ("xtrema", "extrema"),
        ("xentora", "zentora"),
        ("nightel", "nitel"),
        ("quicklo", "kwiklo"),
        ("trione", "trion"),
    ],
)
def test_one_sound(one: str, other: str) -> None:
    """Usual spellings of a sound have one key."""
    assert latin.sound_key(one) == latin.sound_key(other)


@pytest.mark.parametrize(("one", "other"), [("cellora", "kellora"), ("gemora", "kemora")])
def test_other_sounds(one: str, other: str) -> None:
    """A c or g before e or i is not the one before a."""
    assert latin.sound_key(one) != latin.sound_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("v0ltra", "voltra"), ("lum1na", "lumina"), ("vveldo", "weldo")]
)
def test_drawn_alike(one: str, other: str) -> None:
    """Digits and letters drawn for a letter are seen as that letter."""
    assert latin.drawn(one) == latin.drawn(other)


def near(one: str, other: str) -> tuple[float, str]:
    return latin.near(one, other, latin.sound_key(one), latin.sound_key(other))


def test_letters() -> None:
    """A letter of six may differ, but not the first, and not in a short word."""
    assert near("lumora", "lumera")[0] >= weights.ALERT_THRESHOLD
    assert near("lumora", "dumora") == (pytest.approx(5 / 6 * 0.78), "first letter differs")
    assert near("vqo", "vqu")[0] < 0.5
    assert near("brentivo", "bretnivo")[0] == pytest.approx(7 / 8)  # swapped: one change


def spoken(pinyin: str, word: str) -> float:
    return agreement(of_pinyin(tuple(pinyin.split())), of_word(word))


@pytest.mark.parametrize(
    ("pinyin", "word"),
    [
        ("an ji er", "angel"),
        ("kai luo la", "carola"),
        ("wei duo sha", "vidosa"),
        ("a di man", "adiman"),
        ("luo bei te", "robert"),
        ("mai ke si", "max"),
        ("ka luo si", "carlos"),
        ("an na", "anna"),
    ],
)
def test_usual_transliterations(pinyin: str, word: str) -> None:
    """The usual way to write a name agrees with it."""
    assert spoken(pinyin, word) >= 0.8


@pytest.mark.parametrize(
    ("pinyin", "word"),
    [("kai luo", "kaleido"), ("an di", "andorra"), ("mu yun", "moon"), ("qing he", "quinn")],
)
def test_other_names(pinyin: str, word: str) -> None:
    """A name that begins alike, or has the consonants alone, does not agree."""
    assert spoken(pinyin, word) < 0.9
    assert spoken(pinyin, word) == agreement(of_word(word), of_pinyin(tuple(pinyin.split())))


def test_skeleton_meets() -> None:
    """Characters and the name that they write have one skeleton to be found by."""
    assert skeleton(of_pinyin(("luo", "bei", "te"))) == skeleton(of_word("robert"))
    assert skeleton(of_pinyin(("sa", "sha"))) == skeleton(of_word("sasha"))
