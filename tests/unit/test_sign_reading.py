"""How a sign is read: one form for all ways of writing, one element a script."""

from __future__ import annotations

import pytest

from ipsearch.errors import IpsearchError, SignError
from ipsearch.marks.sign import LONGEST_SIGN, held_sign, normalise, read_sign


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("晨谷　ＣＡＦÉ®", "晨谷 cafe"),
        ("雲嶺泉", "云岭泉"),
        ("沢田", "泽田"),
        ("峯語", "峰语"),
        ("Œuvre Straße", "oeuvre strasse"),
        ("L'Été™", "lete"),
        ("a\u0301bc", "abc"),
        ("zero\u200bwidth \u202ebidi\u202c", "zerowidth bidi"),
        ("ｶﾞﾗｽ", "ガラス"),
    ],
)
def test_normal_form(text: str, normal: str) -> None:
    """Width, case, script, variants, accents and marks of registration tell no signs apart."""
    assert normalise(text) == normal


def elements(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(element.script, element.words) for element in read_sign(text).elements]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青禾 QINGHE", [("han", ("青禾",)), ("latin", ("qinghe",))]),
        ("青 禾", [("han", ("青", "禾"))]),
        ("麦浪1988", [("han", ("麦浪",)), ("digits", ("1988",))]),
        ("7号院", [("han", ("7号院",))]),
        ("第6街", [("han", ("第6街",))]),
        ("24小时", [("digits", ("24",)), ("han", ("小时",))]),
        ("V0LTRA", [("latin", ("v0ltra",))]),
        ("KANTRIX365", [("latin", ("kantrix",)), ("digits", ("365",))]),
        ("Veldora-Tech", [("latin", ("veldora", "tech"))]),
        ("★ Привет", [("other", tuple("привет"))]),
        ("★★", [("symbols", ("★", "★"))]),
        ("😀", [("symbols", ("😀",))]),
    ],
)
def test_elements(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    """A composite sign is divided by script; ornaments count only where nothing else is."""
    assert elements(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "®"])
def test_nothing_to_compare(text: str) -> None:
    """A sign without anything that is seen is refused, and the message shows it."""
    with pytest.raises(SignError, match="nothing to compare"):
        read_sign(text)
    assert held_sign(text).elements == ()


def test_too_long() -> None:
    """A sign of more characters than any has is refused, one that somebody filed is cut."""
    with pytest.raises(IpsearchError, match=f"{LONGEST_SIGN + 1} characters"):
        read_sign("云" * (LONGEST_SIGN + 1))
    assert len(held_sign("云" * (LONGEST_SIGN + 1)).normal) == LONGEST_SIGN
