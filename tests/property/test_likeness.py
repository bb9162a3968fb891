"""What holds of the likeness of any two signs, and of the keys by which they meet."""

from __future__ import annotations

import opencc
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ipsearch.errors import SignError
from ipsearch.marks import weights
from ipsearch.marks.characters import look_alikes
from ipsearch.marks.han import near_characters
from ipsearch.marks.keys import asked_keys, filed_keys
from ipsearch.marks.likeness import ASPECTS, Scorer
from ipsearch.marks.sign import read_sign
from ipsearch.marks.sound import sound_alikes

# Characters that stand in no weak word and are no affix, some of which look or sound alike.
PLAIN = "云岭泉溪澜禾斓沐沭晨辰麦浪启晟柏睿拍青清贝见末未己已蒂帝诗斐菲"
WEAK = ("公司", "集团", "酒店", "科技", "北京", "优质", "有限公司", "图形")
LETTERS = "abcdefiklmnorstvxz"

plain = st.text(PLAIN, min_size=1, max_size=5)
core = st.text(PLAIN, min_size=2, max_size=5)
word = st.text(LETTERS, min_size=1, max_size=9)
long_word = st.text(LETTERS, min_size=5, max_size=9)
element = st.one_of(
    plain, word, st.sampled_from(WEAK), st.text("0123456789", min_size=1, max_size=4)
)
sign = st.lists(element, min_size=1, max_size=3).map(" ".join)
any_text = st.text(max_size=40)
odd = st.sampled_from(
    [
        "😀🎉",
        "五",
        "x",
        "0",
        "ＡＢＣ公司",
        "\u202eabc\u202c 云",
        "ア イ ウ",
        "Привет",
        "ไทย",
        "a\u0301",
        "★",
        "\ud800",
    ]
)


relaxed = settings(deadline=None)  # tables are read by the first example


def likeness(one: str, other: str) -> float:
    return Scorer(read_sign(one)).score(other)


@relaxed
@given(sign, st.one_of(sign, odd))
def test_both_ways_alike(one: str, other: str) -> None:
    """A likeness does not depend on which of the two signs is asked for."""
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=1e-12)


@relaxed
@given(st.one_of(sign, odd, any_text))
def test_a_sign_is_itself(text: str) -> None:
    """A sign and itself have the likeness 1, or there is nothing in it and that is said."""
    try:
        asked = read_sign(text)
    except SignError:
        return
    assert Scorer(asked).score(text) == 1.0


@relaxed
@given(st.one_of(sign, odd), st.one_of(any_text, sign, odd))
def test_score_is_the_best_reason(one: str, other: str) -> None:
    """The quick score is the explained one: in 0..1, that of the first reason, of a known rule."""
    scorer = Scorer(read_sign(one))
    explained = scorer.explain(other)
    assert scorer.score(other) == explained.score
    assert 0.0 <= explained.score <= 1.0
    scores = [reason.score for reason in explained.reasons]
    assert scores == sorted(scores, reverse=True)
    assert (scores[0] if scores else 0.0) == explained.score
    assert all(ASPECTS[reason.rule] == reason.aspect for reason in explained.reasons)


@relaxed
@given(sign, sign)
def test_writing_changes_nothing(one: str, other: str) -> None:
    """Full width, capitals and traditional characters never change a score."""
    expected = likeness(one, other)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in other)
    traditional = opencc.OpenCC("s2t").convert(other)
    for written in (wide, other.upper(), traditional, f"  {other}®"):
        assert likeness(one, written) == expected
        assert likeness(written, one) == expected


@relaxed
@given(core, st.one_of(plain, word), st.sampled_from(WEAK))
def test_an_added_weak_word_makes_nothing_nearer(one: str, other: str, weak: str) -> None:
    """A weak word of one sign, like nothing in the other to eye or ear, never raises a score."""
    assume(not any(char in near_characters(held) for char in weak for held in other))
    before, behind = likeness(weak + one, other), likeness(one + weak, other)
    assert max(before, behind) <= likeness(one, other) + 1e-12


@relaxed
@given(core, core, st.sampled_from(WEAK))
def test_a_shared_weak_word_makes_nothing_nearer(one: str, other: str, weak: str) -> None:
    """A weak word that both signs have changes nothing: stripping it cannot raise the score."""
    assert likeness(one + weak, other + weak) == likeness(one, other)


@relaxed
@given(long_word, long_word, st.sampled_from(("GROUP", "Ltd", "HOTEL", "CHINA", "PREMIUM")))
def test_weak_words_in_letters(one: str, other: str, weak: str) -> None:
    """The same holds of words in letters: added to one they lower, shared they change nothing."""
    plain_score = likeness(one, other)
    assert likeness(f"{one} {weak}", other) <= plain_score + 1e-12
    assert likeness(f"{one} {weak}", f"{other} {weak}") == plain_score


@relaxed
@given(core, st.sampled_from(WEAK))
def test_a_weak_word_is_no_identity(one: str, weak: str) -> None:
    """A sign with a weak word is very near the sign without it, but not identical."""
    score = likeness(one, one + weak)
    assert weights.VERY_NEAR <= score < 1.0


@relaxed
@given(st.sampled_from(WEAK), core)
def test_a_weak_word_alone_finds_nothing(weak: str, one: str) -> None:
    """A sign of a weak word alone is not similar to all that have it."""
    assert likeness(weak, one + weak) < weights.ALERT_THRESHOLD


@relaxed
@given(st.one_of(sign, odd, any_text))
def test_keys_are_terms(text: str) -> None:
    """Filed keys are distinct, not empty, without spaces; asked ones weigh more than nothing."""
    filed = filed_keys(text)
    assert len(set(filed)) == len(filed)
    assert all(key and not any(char.isspace() for char in key) for key in filed)
    try:
        asked = asked_keys(read_sign(text))
    except SignError:
        assert not filed
        return
    assert {key for key, _ in asked} & set(filed)
    assert len({key for key, _ in asked}) == len(asked)
    assert all(weight > 0.0 for _, weight in asked)


@st.composite
def near_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Make a sign and one like it: a character or letter replaced, added, dropped or moved."""
    one = draw(st.one_of(core, st.text(LETTERS, min_size=4, max_size=9)))
    place = draw(st.integers(0, len(one) - 1))
    way = draw(st.sampled_from(("sound", "form", "any", "add", "drop", "reverse", "weak")))
    char = one[place]
    others = {
        "sound": sorted(sound_alikes(char)),
        "form": sorted(look_alikes(char)),
        "any": sorted(PLAIN if char in PLAIN else LETTERS),
    }.get(way)
    if others:
        return one, one[:place] + draw(st.sampled_from(others)) + one[place + 1 :]
    if way == "drop" and len(one) > 2:
        return one, one[:place] + one[place + 1 :]
    if way == "reverse":
        return one, one[::-1]
    return one, one + (draw(st.sampled_from(WEAK)) if way == "weak" else one[place])


@relaxed
@given(near_pairs())
def test_what_is_similar_shares_a_key(pair: tuple[str, str]) -> None:
    """No pair at or above the threshold of alerts is out of reach of the keys."""
    one, other = pair
    if likeness(one, other) >= weights.ALERT_THRESHOLD:
        assert {key for key, _ in asked_keys(read_sign(one))} & set(filed_keys(other))


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=200, max_size=500), st.text(PLAIN, min_size=200, max_size=500))
def test_slogans(any_slogan: str, slogan: str) -> None:
    """Texts of 500 characters are compared like others, whatever is in them."""
    assert 0.0 <= likeness(slogan, any_slogan) <= 1.0
    assert likeness(slogan, slogan[:-1]) >= weights.ALERT_THRESHOLD
    assert len(filed_keys(slogan)) < 200
