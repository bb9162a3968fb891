"""Here is a sign, which short terms is it filed under, and which are asked for, so that the two meet?

Candidates are ranked by the sum of the weights of the keys that they share with what is asked; the
weights are made so that this sum is near to the share that `han` computes: a character counts by
the length of the core that it stands in, and what looks or sounds like it by how much it does.

| key | of |
|---|---|
| ``c字2`` | a character in a core of two (5: five or more) |
| ``szi2`` | a syllable, of any reading in use, in a core of two; ``r``: of a rare one |
| ``b文字`` | two characters side by side |
| ``twen-zi`` | the sounds of two characters side by side, confused ones as one |
| ``w...`` | the whole: core, letters, number, or the sign as it stands |
| ``o...`` | the characters or the words in order of their codes |
| ``p...`` | how letters, or the pinyin, sound |
| ``k...`` | the consonants of a transliteration |
| ``m...`` | the meaning |
| ``lword`` | one word of several |
| ``gabc`` | three letters in a row, ``^`` and ``$`` at the ends |
| ``dabc`` | a short word with one letter left out |
| ``v...`` | letters as an eye takes them that does not look twice |
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ipsearch.marks import characters, han, latin, meaning, sound, transliteration, weights
from ipsearch.marks.features import Features, held_features
from ipsearch.marks.sign import Sign
from ipsearch.marks.weak_words import WEIGHT_UNIT

_LONGEST_BUCKET = 5
_MOST_CHARACTERS = 24  # of a slogan: enough to find it again
_MOST_LETTERS = 32
_LONGEST_WITH_DELETIONS = 9
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


def _filed_characters(core: str) -> Iterator[str]:
    bucket = str(min(len(core), _LONGEST_BUCKET))
    core = core[:_MOST_CHARACTERS]
    for char in core:
        yield f"c{char}{bucket}"
        for syllable, usage in characters.readings(char).items():
            yield f"{'r' if usage == characters.RARE else 's'}{syllable}{bucket}"
    for pair in _pairs(core):
        yield "b" + pair
        yield from _sound_pairs(pair)
    if len(core) > 1:
        yield "o" + "".join(sorted(core))
        for syllables in sound.romanised(core)[:1] if len(core) <= 8 else ():
            yield "p" + latin.sound_key("".join(syllables))
            skeleton = transliteration.skeleton(transliteration.of_pinyin(syllables))
            if len(skeleton) > 1:
                yield "k" + skeleton


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
    if len(letters) <= _LONGEST_WITH_DELETIONS:
        yield "d" + letters
        for shorter in _deletions(letters):
            yield "d" + shorter


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
_PAIR = 0.3
_SOUND_PAIR = 0.3


def _asked_characters(features: Features) -> Iterator[tuple[str, float]]:
    core = features.core[:_MOST_CHARACTERS]
    size = len(features.core)
    for place, char in enumerate(core):
        own = features.run.weights[place] / WEIGHT_UNIT
        heard = {s: weights.SOUND_ALONE * degree for s, degree in sound.heard_as(char).items()}
        near = {char: 1.0}
        for other in characters.look_alikes(char):
            near[other] = han.nearness(char, other).joint / 1000
        for bucket in range(1, _LONGEST_BUCKET + 1):
            total = features.run.total / WEIGHT_UNIT + _bucket_weight(bucket, size)
            unit = 2 * own / total
            for other, degree in near.items():
                by_sound = max((heard.get(s, 0.0) for s in characters.readings(other)), default=0.0)
                if degree > by_sound and (other == char or abs(bucket - size) <= 1):
                    yield f"c{other}{bucket}", unit * (degree - by_sound)
            for syllable, degree in heard.items():
                yield f"s{syllable}{bucket}", unit * degree
                yield f"r{syllable}{bucket}", unit * degree * weights.READINGS[characters.RARE]
    for pair in _pairs(core):
        yield "b" + pair, _PAIR
        for key in _sound_pairs(pair):
            yield key, 2 * _SOUND_PAIR / size
    if size > 1:
        yield "o" + "".join(sorted(core)), _ORDER
        if size <= 8:
            for syllables in sound.romanised(core):
                yield "p" + latin.sound_key("".join(syllables)), _BY_SOUND
                skeleton = transliteration.skeleton(transliteration.of_pinyin(syllables))
                if len(skeleton) > 1:
                    yield "k" + skeleton, _BY_CONSONANTS


def _bucket_weight(bucket: int, size: int) -> float:
    """Give the weight of a core in a bucket: of the last, as long as what is asked, or five."""
    longest = max(size, bucket) if bucket == _LONGEST_BUCKET else bucket
    return longest + weights.FIRST_CHARACTER - 1


def _asked_letters(features: Features) -> Iterator[tuple[str, float]]:
    letters, words = features.letters[:_MOST_LETTERS], features.words
    yield "p" + features.letters_sound[:_MOST_LETTERS], _BY_SOUND
    yield "v" + latin.drawn(letters), _BY_SOUND
    skeleton = transliteration.skeleton(transliteration.of_word(letters))
    if len(skeleton) > 1:
        yield "k" + skeleton, _BY_CONSONANTS
    for word in words:
        yield "l" + word, len(word) / len(features.letters)
        yield "w" + word, len(word) / len(features.letters)
    if len(words) > 1:
        yield "o" + "".join(sorted(words))[:_MOST_LETTERS], _ORDER
    if len(letters) <= weights.SHORT_WORD:
        return
    for gram in _grams(letters):
        yield "g" + gram, 1.0 / len(letters)
    if len(letters) <= _LONGEST_WITH_DELETIONS:
        yield "d" + letters, _BY_SOUND
        for shorter in _deletions(letters):
            yield "d" + shorter, _BY_SOUND / 2


def _sound_pairs(pair: str) -> Iterator[str]:
    for first in sound.folded_readings(pair[0]):
        for second in sound.folded_readings(pair[1]):
            yield f"t{first}-{second}"


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _grams(letters: str) -> list[str]:
    marked = f"^{letters}$"
    return [marked[at : at + 3] for at in range(len(marked) - 2)]


def _deletions(letters: str) -> list[str]:
    return [letters[:at] + letters[at + 1 :] for at in range(len(letters))]
