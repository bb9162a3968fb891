"""Here are Chinese syllables and a foreign word, is the one how the other is usually written?

Names are carried over by sound: 安吉尔 for Angel. Both sides are taken apart into sounds,
consonants by the group within which Chinese does not keep them apart (b/p, d/t, g/k, l/r ...), and
aligned: a consonant that has no counterpart costs most, a vowel little, an r behind a vowel or a
final s or t hardly anything, since Chinese has no syllables that end so.
"""

from __future__ import annotations

from functools import lru_cache

Sounds = tuple[str, ...]
"""Sounds in order: capitals are groups of consonants, small letters vowels; a small ``r``, ``s``,
``t`` or ``h`` is a consonant that may go unheard, ``.`` a vowel that only carries a consonant."""

_PINYIN_INITIALS = {
    "zh": "J", "ch": "J", "sh": "S", "b": "B", "p": "B", "d": "D", "t": "D", "g": "G", "k": "G",
    "f": "F", "h": "H", "w": "W", "j": "J", "q": "J", "x": "X", "z": "S", "c": "S", "s": "S",
    "l": "L", "r": "L", "m": "M", "n": "N", "y": "Y",
}  # fmt: skip
_PINYIN_FINALS = {
    "ai": "e", "ei": "e", "ao": "o", "ou": "o", "uo": "o", "ie": "e", "ue": "e", "ve": "e",
    "iao": "o", "iu": "u", "ui": "e", "uai": "e", "ia": "a", "ua": "a", "v": "u", "i": "i",
    "u": "u", "a": "a", "o": "o", "e": "e",
}  # fmt: skip
# Syllables that write a consonant without a vowel of its own.
_CARRIERS = frozenset(
    ("bu", "de", "te", "ke", "ge", "fu", "hu", "mu", "pu", "si", "shi", "zi", "ci", "ze", "le")
)
_LATIN_CONSONANTS = {
    "b": "B", "p": "B", "d": "D", "t": "D", "g": "G", "k": "G", "q": "G", "f": "F", "v": "F",
    "w": "W", "h": "H", "j": "J", "z": "S", "s": "S", "l": "L", "r": "L", "m": "M", "n": "N",
}  # fmt: skip
_LATIN_SPELLING = (
    ("tion", "sen"), ("sch", "$"), ("tch", "j"), ("ch", "j"), ("sh", "$"), ("ph", "f"), ("gh", "g"),
    ("th", "t"), ("ck", "k"), ("qu", "kw"), ("x", "ks"), ("ge", "je"), ("gi", "ji"), ("gy", "ji"),
    ("ng", "n"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("cc", "k"), ("c", "k"), ("ee", "i"),
    ("ea", "i"), ("oo", "u"), ("ou", "u"), ("ow", "o"), ("au", "o"), ("ai", "e"), ("ei", "e"),
    ("ay", "e"), ("ie", "i"), ("oe", "o"),
)  # fmt: skip
_NEAR_CONSONANTS = {
    frozenset(pair.split("/")): cost
    for pair, cost in {
        "W/F": 0.1, "H/W": 0.4, "H/F": 0.4, "H/G": 0.5, "X/S": 0.1, "X/J": 0.3, "S/J": 0.4,
        "X/H": 0.3, "G/J": 0.4, "Y/J": 0.5, "M/N": 0.4, "D/S": 0.6, "D/J": 0.6, "S/$": 0.1,
        "X/$": 0.1, "J/$": 0.4,
    }.items()
}  # fmt: skip
_VOWELS = "aeiou"
_CONSONANT, _VOWEL = 1.0, 0.4
_GLIDE, _UNHEARD, _CARRIER, _OTHER_VOWEL, _NEAR_VOWEL = 0.3, 0.3, 0.1, 0.3, 0.1
_NEAR_VOWELS = frozenset(map(frozenset, ("ei", "ou", "ae", "ao")))


@lru_cache(1 << 14)
def of_pinyin(syllables: tuple[str, ...]) -> Sounds:
    """Take syllables apart.

    >>> of_pinyin(("an", "ji", "er"))
    ('a', 'N', 'J', 'i', 'e', 'L')
    """
    sounds: list[str] = []
    for place, syllable in enumerate(syllables):
        if syllable == "er":
            sounds.extend(("e", "L"))
            continue
        size = (
            2 if syllable[:2] in _PINYIN_INITIALS else 1 if syllable[0] in _PINYIN_INITIALS else 0
        )
        final = syllable[size:]
        initial = _PINYIN_INITIALS[syllable[:size]] if size else ""
        if (initial, final[:1]) in (("Y", "i"), ("Y", "u"), ("W", "u")):
            initial = ""
        nasal = final.endswith(("n", "ng"))
        final = final.removesuffix("g").removesuffix("n") if nasal else final
        if initial and sounds[-1:] != [initial]:  # 安娜 has one n to the ear
            sounds.append(initial)
        if final:
            behind = syllables[place + 1][:1] if place + 1 < len(syllables) else "."
            carries = syllable in _CARRIERS and behind not in (*_VOWELS, "y", "w")
            sounds.append("." if carries else _PINYIN_FINALS.get(final, final[-1]))
        if nasal:
            sounds.append("N")
    return tuple(sounds)


@lru_cache(1 << 15)
def of_word(word: str) -> Sounds:
    """Take a foreign word apart.

    >>> of_word("angel")
    ('a', 'N', 'J', 'e', 'L')
    """
    text = word
    for written, spoken in _LATIN_SPELLING:
        if written in text:
            text = text.replace(written, spoken)
    if len(text) > 3 and text.endswith("e") and text[-2] not in _VOWELS:
        text = text[:-1]
    sounds: list[str] = []
    last = len(text) - 1
    for place, letter in enumerate(text):
        if place and letter == text[place - 1]:
            continue
        before = text[place - 1] if place else ""
        behind = text[place + 1] if place < last else ""
        if letter in _VOWELS:
            sounds.append(letter)
        elif letter == "y":
            sounds.append("Y" if behind and behind in _VOWELS and before not in _VOWELS else "i")
        elif letter == "$":
            sounds.append("$")
        elif letter in _LATIN_CONSONANTS:
            weak = (
                (letter == "r" and before in _VOWELS and behind not in (*_VOWELS, "r", "y"))
                or (letter in "st" and place == last)
                or (letter == "h" and behind not in (*_VOWELS, "y"))
            )
            if letter == "r" and not behind and before in _VOWELS:
                weak = True
            sounds.append(letter if weak and place else _LATIN_CONSONANTS[letter])
    return tuple(sounds)


_GROUP_OF_UNHEARD = {"r": "L", "s": "S", "t": "D", "h": "H"}


@lru_cache(1 << 12)
def _replaced(one: str, other: str) -> float:
    """Give the cost of a sound in the place of another."""
    if one == other:
        return 0.0
    one_vowel, other_vowel = one in "aeiou.", other in "aeiou."
    if one_vowel and other_vowel:
        if "." in (one, other):
            return _CARRIER
        return _NEAR_VOWEL if frozenset((one, other)) in _NEAR_VOWELS else _OTHER_VOWEL
    if one_vowel or other_vowel:
        return 2.0
    one, other = _GROUP_OF_UNHEARD.get(one, one), _GROUP_OF_UNHEARD.get(other, other)
    return 0.0 if one == other else _NEAR_CONSONANTS.get(frozenset((one, other)), _CONSONANT)


def _dropped(one: str) -> float:
    """Give the cost of a sound without a counterpart."""
    if one == ".":
        return _CARRIER
    if one in _VOWELS:
        return _VOWEL
    if one == "Y":  # 菲亚特 / FIAT
        return _GLIDE
    return _UNHEARD if one in _GROUP_OF_UNHEARD else _CONSONANT


def agreement(one: Sounds, other: Sounds) -> float:
    """Give how well two sequences of sounds agree, in 0..1; both ways alike."""
    costs = [0.0]
    for sound in other:
        costs.append(costs[-1] + _dropped(sound))
    for sound in one:
        before = costs[0]
        costs[0] += _dropped(sound)
        for place, held in enumerate(other, start=1):
            here = min(
                before + _replaced(sound, held),
                costs[place] + _dropped(sound),
                costs[place - 1] + _dropped(held),
            )
            before, costs[place] = costs[place], here
    longest = max(weight(one), weight(other))
    return max(0.0, 1.0 - costs[-1] / longest) if longest else 0.0


@lru_cache(1 << 14)
def weight(sounds: Sounds) -> float:
    """Give what dropping all these sounds would cost: how much there is to agree on."""
    return sum(map(_dropped, sounds))


def skeleton(sounds: Sounds) -> str:
    """Give what nearly every way of writing a name keeps: the consonants, by wide groups.

    An s or t at the end, which Chinese may leave out, is left out; so are glides.

    >>> skeleton(of_word("adidas")), skeleton(of_pinyin(("a", "di", "da", "si")))
    ('DD', 'DD')
    """
    if sounds[-1:] == (".",) and sounds[-2:-1] in (("S",), ("D",)):
        sounds = sounds[:-2]
    kept = [_WIDE.get(s, s) for s in sounds if s == "$" or (s.isupper() and s != "Y")]
    return "".join(kept)[:_LONGEST_SKELETON]


_LONGEST_SKELETON = 4
_WIDE = {"W": "F", "H": "F", "X": "S", "$": "S", "J": "S", "G": "S", "M": "N"}
