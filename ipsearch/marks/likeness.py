"""Here is a sign that is asked for, and one that somebody filed: how alike are they, and why?

A likeness is the best of its reasons, each an aspect (identity, form, sound, meaning, containment)
with its own score and rule; every number stands in `weights`. It is the same both ways, 1 for a
sign and itself, and no weak word, width, case or script of either sign raises it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from ipsearch.marks import han, latin, meaning, transliteration, weights
from ipsearch.marks.features import DIGITS, HAN, LATIN, Features, held_features
from ipsearch.marks.sign import Sign
from ipsearch.marks.weak_words import weak_factor

Aspect = Literal["identity", "form", "sound", "meaning", "containment"]


class Reason(NamedTuple):
    """One aspect under which two signs are alike."""

    aspect: Aspect
    score: float
    rule: str
    detail: str


class Likeness(NamedTuple):
    """How alike two signs are; the reasons best first, () if there is none."""

    score: float
    reasons: tuple[Reason, ...]


class Standing(NamedTuple):
    """Where a sign belongs among others: the nearer the larger."""

    score: float  # the likeness
    evidence: float  # of all its reasons together: near in two ways is nearer than in one


_SAME, _NOTHING = Standing(1.0, 1.0), Standing(0.0, 0.0)


class _Finding(NamedTuple):
    score: float
    rule: str  # a key of `ASPECTS`


ASPECTS: dict[str, Aspect] = {
    "equal after normalising": "identity",
    "same characters": "identity",
    "same letters": "identity",
    "same signs of another script": "identity",
    "characters differ": "form",
    "first character differs": "form",
    "characters added or dropped": "form",
    "same characters in another order": "form",
    "same characters, two words": "form",
    "another word": "form",
    "one character, near": "form",
    "long signs, characters in common": "form",
    "few letters differ": "form",
    "first letter differs": "form",
    "short, a letter differs": "form",
    "letters drawn alike": "form",
    "same words in another order": "form",
    "articles or the like added": "form",
    "another number": "form",
    "same or near sounds": "sound",
    "same sound": "sound",
    "near in sound": "sound",
    "pinyin": "sound",
    "near the pinyin": "sound",
    "sounds like the pinyin": "sound",
    "usual transliteration": "sound",
    "same meaning": "meaning",
    "same meaning in another language": "meaning",
    "same number": "meaning",
    "weak word added": "containment",
    "one character within the other": "containment",
    "one sign within the other": "containment",
    "one word within the other": "containment",
}
"""Every rule, with the aspect that it is of."""


class Scorer:
    """One sign that is asked for, made ready once and compared with very many."""

    def __init__(self, sign: Sign, classes: Collection[int] = ()) -> None:
        self.sign = sign
        self._classes = frozenset(classes)
        self._own = Features(sign, self._classes)
        self._han = han.Asked(self._own) if self._own.core else None

    def score(self, text: str) -> float:
        """Give the likeness with a filed sign, in 0..1."""
        return self.rank(text).score

    def rank(self, text: str) -> Standing:
        """Give the likeness with a filed sign, in 0..1, and what puts it in order among equals."""
        held = held_features(text, self._classes)
        if held.normal == self._own.normal:
            return _SAME if held.normal else _NOTHING
        best = evidence = 0.0
        for score, _ in self._findings(held):
            evidence += score
            if score > best:
                best = score
        return Standing(best, evidence)

    def explain(self, text: str) -> Likeness:
        """Give the likeness with its reasons."""
        held = held_features(text, self._classes)
        if held.normal == self._own.normal:
            if not held.normal:
                return Likeness(0.0, ())
            reason = Reason("identity", 1.0, "equal after normalising", held.normal)
            return Likeness(1.0, (reason,))
        found = sorted(self._findings(held), key=lambda finding: -finding.score)
        reasons = [
            Reason(ASPECTS[rule], score, rule, self._detail(held, rule))
            for score, rule in found
            if score > 0.0
        ]
        return Likeness(reasons[0].score if reasons else 0.0, tuple(reasons))

    def _findings(self, held: Features) -> list[_Finding]:
        own = self._own
        found: list[_Finding] = []
        both = own.scripts & held.scripts
        if both & HAN and self._han is not None:
            alike = self._han.compare(held)
            if alike:
                factor = self._beside(held, HAN)
                found.extend([_Finding(score * factor, rule) for score, rule in alike])
        if both & LATIN:
            score, rule = self._letters(held)
            if score > 0.0:
                found.append(_Finding(score * self._beside(held, LATIN), rule))
        if not both & HAN and (own.scripts | held.scripts) & HAN:
            found.extend(self._across(held))
        if own.meaning and own.meaning == held.meaning:
            found.extend(self._same_meaning(held))
        if own.number or held.number:
            found.extend(self._numbers(held))
        if own.other and held.other:
            found.extend(self._others(held))
        return found

    def _letters(self, held: Features) -> tuple[float, str]:
        own = self._own
        factor = weak_factor(own.letters_weak, held.letters_weak)
        if own.letters == held.letters:
            if factor < 1.0:
                return factor, "weak word added"
            if own.scripts == held.scripts == LATIN:
                return weights.MINOR_WORDS, "articles or the like added"
            return 1.0, "same letters"
        score, rule = self._other_letters(held)
        return score * factor, rule

    def _other_letters(self, held: Features) -> tuple[float, str]:
        own = self._own
        if max(len(own.letters), len(held.letters)) > weights.LONGEST_WORDS:
            return _contained_words(own, held)
        if latin.drawn(own.letters) == latin.drawn(held.letters):
            return weights.SAME_LETTER_FORMS, "letters drawn alike"
        if len(own.words) > 1 and sorted(own.words) == sorted(held.words):
            return weights.SAME_WORDS_OTHER_ORDER, "same words in another order"
        score, rule = latin.near(own.letters, held.letters, own.letters_sound, held.letters_sound)
        if score > weights.CLEARLY_DIFFERENT and len(own.words) == len(held.words) == 1:
            meanings = meaning.of_word(own.letters), meaning.of_word(held.letters)
            if None not in meanings and meanings[0] != meanings[1]:
                score, rule = score * weights.OTHER_WORD, "another word"
        contained = _contained_words(own, held)
        return contained if contained[0] > score else (score, rule)

    def _across(self, held: Features) -> list[_Finding]:
        """Compare the characters of one sign with the letters of the other."""
        own = self._own
        if own.scripts & HAN:
            chinese, foreign = own, held
        else:
            chinese, foreign = held, own
        if not foreign.letters or not chinese.core:
            return []
        factor = weak_factor(chinese.weak, ()) * weak_factor(foreign.letters_weak, ())
        best, rule = 0.0, ""
        for syllables in chinese.spoken:
            score, why = _spoken_alike(syllables, foreign.letters, foreign.letters_sound)
            if score > best:
                best, rule = score, why
        return [_Finding(best * factor, rule)] if best > 0.0 else []

    def _same_meaning(self, held: Features) -> list[_Finding]:
        own = self._own
        factor = weak_factor(own.weak + own.letters_weak, held.weak + held.letters_weak)
        if (own.scripts ^ held.scripts) & HAN:
            score = weights.SAME_MEANING_OTHER_LANGUAGE * factor
            return [_Finding(score, "same meaning in another language")]
        if (own.core or own.letters) == (held.core or held.letters):
            return []
        in_parts = len(own.meaning) > 1
        score = weights.SAME_MEANING_IN_PARTS if in_parts else weights.SAME_MEANING
        return [_Finding(score * factor, "same meaning")]

    def _numbers(self, held: Features) -> list[_Finding]:
        own = self._own
        if own.number == held.number:
            return [_Finding(weights.SAME_NUMBER, "same number")]
        if own.scripts == held.scripts == DIGITS and len(own.digits) == len(held.digits):
            share = 1.0 - OSA.distance(own.digits, held.digits) / len(own.digits)
            return [_Finding(share * weights.OTHER_NUMBER, "another number")]
        return []

    def _others(self, held: Features) -> list[_Finding]:
        own = self._own
        if own.other == held.other:
            return [_Finding(weights.ELEMENT_BESIDE, "same signs of another script")]
        longest = max(len(own.other), len(held.other))
        if longest > weights.LONGEST_WORDS or longest <= weights.SHORT_WORD:
            return []
        share = 1.0 - OSA.distance(own.other, held.other) * weights.FURTHER_LETTERS / longest
        return [_Finding(max(0.0, share), "few letters differ")]

    def _beside(self, held: Features, script: int) -> float:
        """Give what is left of the likeness of one element for what stands beside it."""
        own = self._own
        others = (own.scripts | held.scripts) & ~script
        if not others:
            return 1.0
        if script == LATIN and others & HAN:
            if own.core and own.core == held.core:
                return 1.0
            minor = min(len(own.letters), len(held.letters)) <= weights.SHORT_WORD
            return weights.MINOR_ELEMENT if minor else weights.ELEMENT_BESIDE
        if others & LATIN and own.letters != held.letters:
            weighty = any(
                len(one.letters) > weights.SHORT_WORD and not _is_pinyin(one) for one in (own, held)
            )
            return weights.ELEMENT_BESIDE if weighty else weights.ELEMENT_ADDED
        if own.digits != held.digits or own.other != held.other:
            return weights.ELEMENT_ADDED
        return weights.ELEMENTS_IN_OTHER_ORDER

    def _detail(self, held: Features, rule: str) -> str:
        """Show what a rule saw."""
        own = self._own
        aspect = ASPECTS[rule]
        if aspect == "meaning":
            known = meaning.name(own.meaning) if own.meaning else own.number
            return f"{own.normal} / {held.normal}: {known}"
        if rule == "weak word added":
            weak = {*own.weak, *own.letters_weak} ^ {*held.weak, *held.letters_weak}
            return ", ".join(f"{word} ({kind})" for word, kind in sorted(weak))
        if rule in ("pinyin", "near the pinyin", "sounds like the pinyin", "usual transliteration"):
            chinese, foreign = (own, held) if own.spoken else (held, own)
            readings = " | ".join(" ".join(syllables) for syllables in chinese.spoken)
            return f"{chinese.core} ({readings}) / {foreign.letters}"
        if own.core and held.core and rule in ("characters differ", "same or near sounds"):
            return han.describe(own.core, held.core)
        if aspect == "sound":
            return f"{own.letters} [{own.letters_sound}] / {held.letters} [{held.letters_sound}]"
        return f"{own.normal} / {held.normal}"


def _is_pinyin(features: Features) -> bool:
    return any("".join(syllables) == features.letters for syllables in features.spoken)


def _contained_words(own: Features, held: Features) -> tuple[float, str]:
    shorter, longer = (own, held) if len(own.letters) < len(held.letters) else (held, own)
    if not shorter.letters:
        return 0.0, ""
    share = len(shorter.letters) / len(longer.letters)
    has_more_words = len(longer.words) > len(shorter.words)
    if (
        len(shorter.letters) > weights.SHORT_WORD
        and has_more_words
        and (set(shorter.words) <= set(longer.words))
    ):
        score = weights.WORD_CONTAINED_BASE + weights.WORD_CONTAINED_SHARE * share
        return score, "one sign within the other"
    if len(shorter.letters) >= weights.SHORTEST_PIECE and (
        longer.letters.startswith(shorter.letters) or longer.letters.endswith(shorter.letters)
    ):
        score = weights.PIECE_CONTAINED_BASE + weights.PIECE_CONTAINED_SHARE * share
        return score, "one word within the other"
    return 0.0, ""


def _spoken_alike(syllables: tuple[str, ...], letters: str, heard: str) -> tuple[float, str]:
    """Compare a reading of characters with letters."""
    pinyin = "".join(syllables)
    if pinyin == letters or ("v" in pinyin and pinyin.replace("v", "u") == letters):
        one = len(syllables) == 1
        return (weights.PINYIN_ONE_SYLLABLE if one else weights.PINYIN), "pinyin"
    if len(syllables) == 1 or len(letters) <= weights.SHORT_WORD:
        return 0.0, ""
    if latin.sound_key(pinyin) == heard:
        return weights.PINYIN_BY_SOUND, "sounds like the pinyin"
    best, rule = 0.0, ""
    if min(len(pinyin), len(letters)) > 5 and OSA.distance(pinyin, letters, score_cutoff=1) == 1:
        best, rule = weights.PINYIN * (1 - 1 / max(len(pinyin), len(letters))), "near the pinyin"
    spoken, foreign = transliteration.of_pinyin(syllables), transliteration.of_word(letters)
    size = min(transliteration.weight(spoken), transliteration.weight(foreign))
    is_short = size <= weights.SHORT_NAME
    knots = weights.SHORT_TRANSLITERATION if is_short else weights.TRANSLITERATION
    agreement = transliteration.agreement(spoken, foreign)
    if agreement > knots[0][0]:
        score = weights.along(knots, agreement)
        if score > best:
            best, rule = score, "usual transliteration"
    return best, rule
