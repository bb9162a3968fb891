"""Here is a sign, under which short terms is it filed, and for which is asked to find it?

Candidates are ranked by the sum of the weights of the keys that they share with what is asked; the
weights are made so that this sum is near to the share that `han` computes: a character counts by
the length of the core that it stands in, and what looks or sounds like it by how much it does.

| key | of |
|---|---|
| ``c字2a`` | a character, first of two (1-4; 5: five or more; ``z``: last, ``m``: between) |
| ``szi2a`` | a syllable likewise, of any reading in use; ``r``: of a rare one |
| ``b文字`` | two characters side by side |
| ``twen-zi`` | the sounds of two characters side by side, confused ones as one |
| ``w...`` | the whole: core, letters, number, or the sign as it stands |
| ``o...`` | the characters or the words in order of their codes |
| ``p...`` | how letters, or the pinyin, sound |
| ``k...`` | the consonants of letters, as a transliteration keeps them; ``h``: of characters |
| ``m...`` | the meaning |
| ``lword`` | one word of several |
| ``gabc`` | three letters in a row, ``^`` and ``$`` at the ends |
| ``dabc`` | a short word and its sound, whole and with one letter left out |
| ``v...`` | letters as an eye takes them that does not look twice |
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import pairwise

from ipsearch.marks import characters, han, latin, meaning, sound, transliteration, weights
from ipsearch.marks.features import Features, held_features
from ipsearch.marks.sign import Sign
from ipsearch.marks.weak_words import WEIGHT_UNIT

_LONGEST_BUCKET = 5
_MOST_CHARACTERS = 24  # of a slogan: enough to find it again
_MOST_LETTERS = 32
_LONGEST_BY_LETTERS, _LONGEST_BY_SOUND = 6, 9
_LONGEST_NAME = 8
_LONGEST_SYLLABLE = 6  # zhuang
_PINYIN_LENGTHS = (2, 3)  # characters of names that are looked for by letters near their pinyin
_NO_CLASSES: frozenset[int] = frozenset()


def filed_keys(text: str) -> tuple[str, ...]:
    """Give what a mark is filed under: distinct, without spaces; () for a text without a sign."""
    features = held_features(text, _NO_CLASSES)
    keys: dict[str, None] = {}
    if features.core:
        keys.update(dict.fromkeys(_filed_characters(features.core)))
    if features.letters:
        keys.update(dict.fromkeys(_filed_letters(features)))
    for whole in (features.core, features.letters, features.number, features.normal):
        if whole:
            keys["w" + whole[:_MOST_LETTERS]] = None
    if features.other:
        keys.update(dict.fromkeys("b" + pair for pair in _pairs(features.other)))
    if features.meaning:
        keys["m" + meaning.name(features.meaning)] = None
    return tuple(keys)


def _filed_characters(core: str) -> list[str]:
    size = len(core)
    core = core[:_MOST_CHARACTERS]
    keys = ["b" + pair for pair in _pairs(core)]
    for place, char in enumerate(core):
        keys += _filed_character(char, _where(place, size))
    for first, second in pairwise(core):
        keys += _sound_pairs(first, second)
    if size > 1:
        keys.append("o" + "".join(sorted(core)))
        if size <= _LONGEST_NAME:
            keys += _filed_sounds(core)
    return keys


@lru_cache(1 << 15)
def _filed_character(char: str, where: str) -> list[str]:
    readings = characters.readings(char).items()
    return [
        f"c{char}{where}",
        *(f"{'r' if usage == characters.RARE else 's'}{s}{where}" for s, usage in readings),
    ]


def _filed_sounds(core: str) -> list[str]:
    """Give the keys by which characters are found for letters: of the usual readings."""
    syllables = tuple(next(iter(characters.readings(char)), "") for char in core)
    if not all(syllables):
        return []
    keys = ["p" + latin.sound_key("".join(syllables))]
    skeleton = transliteration.skeleton(transliteration.of_pinyin(syllables))
    if len(skeleton) > 1:
        keys.append("h" + skeleton)
    return keys


def _where(place: int, size: int) -> str:
    """Name a place in a core: its length, and whether it is the first, the last or another."""
    end = "a" if place == 0 else "z" if place == size - 1 else "m"
    return f"{min(size, _LONGEST_BUCKET)}{end}"


def _filed_letters(features: Features) -> Iterator[str]:
    letters, words = features.letters[:_MOST_LETTERS], features.words
    yield "p" + features.letters_sound[:_MOST_LETTERS]
    yield "v" + latin.drawn(letters)
    skeleton = transliteration.skeleton(transliteration.of_word(letters))
    if len(skeleton) > 1:
        yield "k" + skeleton
    if len(words) > 1:
        for word in words:
            yield "l" + word
        yield "o" + "".join(sorted(words))[:_MOST_LETTERS]
    if len(letters) <= weights.SHORT_WORD:
        return
    for gram in _grams(letters):
        yield "g" + gram
    yield from _near_words(letters, features.letters_sound)


def asked_keys(sign: Sign, classes: Collection[int] = ()) -> tuple[tuple[str, float], ...]:
    """Give what is asked of the index for a sign, each key with its weight."""
    features = Features(sign, frozenset(classes))
    asked: dict[str, float] = {}
    for key, weight in _asked(features):
        if weight > asked.get(key, 0.0):
            asked[key] = weight
    return tuple(asked.items())


def _asked(features: Features) -> Iterator[tuple[str, float]]:
    if features.core:
        yield from _asked_characters(features)
    if features.letters:
        yield from _asked_letters(features)
    for whole in (features.core, features.letters, features.number, features.normal):
        if whole:
            yield "w" + whole[:_MOST_LETTERS], _WHOLE
    for pair in _pairs(features.other):
        yield "b" + pair, 1.0 / len(features.other)
    if features.meaning:
        yield "m" + meaning.name(features.meaning), _MEANING


_WHOLE = 1.0
_MEANING = 0.9
_ORDER = 0.9
_BY_SOUND = 0.8
_BY_CONSONANTS = 0.5
_ONE_LETTER = 0.7
_PAIR, _SOUND_PAIR = 1.2, 0.6  # divided by the length of the core
_LEAST = 0.04  # what adds less is not asked for
_LEAST_LOOK, _LEAST_LOOK_APART = 0.35, 0.75  # look-alikes: in cores of one length, of another
_RARE = weights.READINGS[characters.RARE]
_FURTHEST, _FURTHEST_NEAR = 2, 1
"""How much longer or shorter a core may be in which single characters, or such as look like them,
are asked for; beyond, two side by side are."""


def _asked_characters(features: Features) -> Iterator[tuple[str, float]]:
    core = features.core[:_MOST_CHARACTERS]
    size = len(features.core)
    for place in range(len(core)):
        for key, weight in _asked_character(features, place):
            if weight >= _LEAST:
                yield key, weight
    for pair in _pairs(core):
        yield "b" + pair, _PAIR / size
        for key in _sound_pairs(*pair):
            yield key, _SOUND_PAIR / size
    if size > 1:
        yield "o" + "".join(sorted(core)), _ORDER
        if size <= _LONGEST_NAME:
            for syllables in sound.romanised(core):
                yield "p" + latin.sound_key("".join(syllables)), _BY_SOUND
                skeleton = transliteration.skeleton(transliteration.of_pinyin(syllables))
                if len(skeleton) > 1:
                    yield "k" + skeleton, _BY_CONSONANTS
                letters = "".join(syllables)
                for key in _near_words(letters, latin.sound_key(letters)):
                    yield key, _ONE_LETTER
                for gram in _grams(letters):
                    yield "g" + gram, _BY_SOUND / len(letters)


def _asked_character(features: Features, place: int) -> Iterator[tuple[str, float]]:
    """Give the keys of one character: of itself, of its sounds, of what looks like it."""
    size = len(features.core)
    char = features.core[place]
    heard = {s: weights.SOUND_ALONE * degree for s, degree in sound.heard_as(char).items()}
    near = {char: 1.0}
    for other in characters.look_alikes(char):
        near[other] = han.nearness(char, other).joint / 1000
    for other in near:
        readings = characters.readings(other).items()
        near[other] -= sum(heard.get(s, 0.0) for s, use in readings if use != characters.RARE)
    for bucket in range(1, _LONGEST_BUCKET + 1):
        length = max(size, bucket) if bucket == _LONGEST_BUCKET else bucket
        apart = abs(length - size)
        if apart > _FURTHEST or (length == 1 and size > _FURTHEST):
            continue
        total = features.run.total + WEIGHT_UNIT * (length + weights.FIRST_CHARACTER - 1)
        unit = 2 * features.run.weights[place] / total
        usual, any_other = _ends(place, size, length)
        for end in usual + any_other:
            where = f"{bucket}{end}"
            yield f"c{char}{where}", unit * near[char]
            for syllable, usage in characters.readings(char).items():
                yield f"s{syllable}{where}", unit * heard[syllable]
                if usage != characters.RARE and end in usual:
                    yield f"r{syllable}{where}", unit * heard[syllable] * _RARE
        if apart > _FURTHEST_NEAR:
            continue
        least = _LEAST_LOOK if apart == 0 else _LEAST_LOOK_APART
        for end in usual:
            where = f"{bucket}{end}"
            for other, degree in near.items():
                if degree >= least and other != char:
                    yield f"c{other}{where}", unit * degree
            if apart == 0:
                for syllable, degree in heard.items():
                    if syllable not in characters.readings(char):
                        yield f"s{syllable}{where}", unit * degree


def _ends(place: int, size: int, length: int) -> tuple[str, str]:
    """Give the places in a core of `length` at which a character of one of `size` is looked for.

    First those where it stands if no more than the length differs, then those where it stands if
    others were added or dropped too. The first one of a sign is no likeness where it is the last,
    nor the other way round.
    """
    if length == 1:
        return "a", ""
    if place == 0:
        return "a", "m" if length > 2 else ""
    if place == size - 1:
        return "z", "m" if length > 2 else ""
    if length == 2:
        return "az", ""
    return ("m", "az") if length >= size else ("amz", "")


def _asked_letters(features: Features) -> Iterator[tuple[str, float]]:
    letters, words = features.letters[:_MOST_LETTERS], features.words
    yield "p" + features.letters_sound[:_MOST_LETTERS], _BY_SOUND
    yield "v" + latin.drawn(letters), _BY_SOUND
    skeleton = transliteration.skeleton(transliteration.of_word(letters))
    if len(skeleton) > 1:
        yield "h" + skeleton, _BY_CONSONANTS
    for word in words:
        yield "l" + word, len(word) / len(features.letters)
        yield "w" + word, len(word) / len(features.letters)
    if len(words) > 1:
        yield "o" + "".join(sorted(words))[:_MOST_LETTERS], _ORDER
    if len(letters) <= weights.SHORT_WORD:
        return
    for gram in _grams(letters):
        yield "g" + gram, 1.0 / len(letters)
    for key in _near_words(letters, features.letters_sound):
        yield key, _ONE_LETTER
    yield from _asked_as_pinyin(letters)


def _asked_as_pinyin(letters: str) -> Iterator[tuple[str, float]]:
    """Give the syllables with which letters may begin and end, if they are nearly some pinyin."""
    known = sound.known_syllables()
    for size in range(2, min(_LONGEST_SYLLABLE, len(letters) - 1) + 1):
        weight = _BY_SOUND * size / len(letters)
        for syllable, end in ((letters[:size], "a"), (letters[-size:], "z")):
            if syllable in known:
                for length in _PINYIN_LENGTHS:
                    yield f"s{syllable}{length}{end}", weight


def _sound_pairs(first: str, second: str) -> list[str]:
    seconds = sound.folded_readings(second)
    return [f"t{one}-{two}" for one in sound.folded_readings(first) for two in seconds]


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _grams(letters: str) -> list[str]:
    marked = f"^{letters}$"
    return [marked[at : at + 3] for at in range(len(marked) - 2)]


def _near_words(letters: str, heard: str) -> list[str]:
    """Give the keys that words share of which one letter, or one sound, differs.

    Such words are equal when each lacks a letter, or one of them does.
    """
    keys: set[str] = set()
    if len(letters) <= _LONGEST_BY_LETTERS:
        keys = {letters, *_deletions(letters)}
    if weights.SHORT_WORD < len(heard) <= _LONGEST_BY_SOUND:
        keys |= {heard, *_deletions(heard)}
    return ["d" + key for key in sorted(keys)]


def _deletions(letters: str) -> set[str]:
    return {letters[:at] + letters[at + 1 :] for at in range(len(letters))}
