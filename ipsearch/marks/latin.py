"""Here are two words in Latin letters, how alike are they to the eye and to the ear?"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from ipsearch.marks import weights

_KEPT_WORDS = 1 << 15

# The ear: each is one spelling of a sound, in the order in which they are applied.
_SOUNDS = (
    ("ght", "t"), ("igh", "i"), ("sch", "sh"), ("tch", "ch"), ("ph", "f"), ("ck", "k"),
    ("qu", "kw"), ("kn", "n"), ("wr", "r"), ("wh", "w"), ("x", "ks"), ("sce", "se"), ("sci", "si"),
    ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ch", "č"), ("c", "k"), ("sh", "š"), ("q", "k"),
    ("gia", "ja"), ("gio", "jo"), ("ge", "je"), ("gi", "ji"), ("gy", "ji"),
    ("ee", "i"), ("ea", "i"), ("ie", "i"), ("oo", "u"), ("ou", "u"), ("ay", "ei"), ("ai", "ei"),
    ("y", "i"), ("z", "s"), ("w", "v"), ("ii", "i"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_SILENT_START = (("ks", "s"), ("ps", "s"), ("pn", "n"), ("eks", "s"))

# The eye: what is drawn for a letter.
_DRAWN = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"})
_DRAWN_TOGETHER = (("vv", "w"), ("rn", "m"), ("cl", "d"), ("i", "l"))


@lru_cache(_KEPT_WORDS)
def sound_key(word: str) -> str:
    """Give a spelling of how a word sounds; words that sound alike have one.

    >>> sound_key("koffira"), sound_key("cofira")
    ('kofira', 'kofira')
    """
    text = word
    for written, spoken in _SOUNDS:
        if written in text:
            text = text.replace(written, spoken)
    for begin, spoken in _SILENT_START:
        if text.startswith(begin) and len(text) > len(begin) + 1:
            text = spoken + text[len(begin) :]
            break
    text = _DOUBLED.sub(r"\1", text)
    return text[:-1] if len(text) > 3 and text.endswith("e") else text


@lru_cache(_KEPT_WORDS)
def drawn(word: str) -> str:
    """Give the word as an eye takes it that does not look twice: V0LTRA, VVELDO.

    >>> drawn("v0ltra") == drawn("voltra")
    True
    """
    text = word.translate(_DRAWN)
    for seen, meant in _DRAWN_TOGETHER:
        if seen in text:
            text = text.replace(seen, meant)
    return text


def near(a: str, b: str, a_sound: str, b_sound: str) -> tuple[float, str]:
    """Compare two different words of letters and digits; give the score and the rule.

    `a_sound` and `b_sound` are their sound keys. Both ways alike.
    """
    longest = max(len(a), len(b))
    if min(len(a), len(b)) <= weights.SHORT_WORD:
        return _near_short(a, b, longest)
    if a_sound == b_sound:
        return weights.SAME_SOUND, "same sound"
    score = _by_letters(a, b, longest)
    if a_sound[0] != b_sound[0]:
        return score * weights.FIRST_LETTER_DIFFERS, "first letter differs"
    spoken = max(len(a_sound), len(b_sound))
    if spoken > weights.SHORT_WORD and OSA.distance(a_sound, b_sound, score_cutoff=1) == 1:
        heard = (1.0 - 1.0 / spoken) * weights.SAME_SOUND
        if heard > score:
            return heard, "near in sound"
    return score, "few letters differ"


def _by_letters(a: str, b: str, longest: int) -> float:
    most = 1 + longest // 3
    distance = OSA.distance(a, b, score_cutoff=most)
    if distance > most:
        return 0.0
    weight = distance * weights.FURTHER_LETTERS if distance > 1 else distance
    return weights.along(weights.LETTERS, 1.0 - weight / longest)


def _near_short(a: str, b: str, longest: int) -> tuple[float, str]:
    distance = OSA.distance(a, b)
    score = max(0.0, 1.0 - distance / longest) * weights.SHORT_WORD_FACTOR
    return score, "short, a letter differs"
