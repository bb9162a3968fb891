"""Every number that a likeness of signs is made of, each with its reason. Nothing else holds one.

Scores are in 0..1. The rules are those of the Chinese guidelines for examination (商标审查审理指南,
on identical and similar signs), restated; the numbers are ours, set on cases of our own making
(`tests/golden/sign_cases.tsv`, its development half), and carry no claim to be anybody's law.
"""

from __future__ import annotations

from collections.abc import Sequence

Knots = tuple[tuple[float, float], ...]
"""A rising function given by its corners; straight between them, level outside."""


def along(knots: Sequence[tuple[float, float]], value: float) -> float:
    """Give the value of the function with these corners."""
    low_at, low = knots[0]
    if value <= low_at:
        return low
    for high_at, high in knots:
        if value <= high_at:
            return low + (high - low) * (value - low_at) / (high_at - low_at)
        low_at, low = high_at, high
    return low


# --- What a score means --------------------------------------------------------------------------

ALERT_THRESHOLD = 0.70
"""From here on a pair is worth a person's look: what the guidelines call similar (one of three
characters differs, a weak word is added, all sounds are equal) lies above, what they exempt lies
below."""

VERY_NEAR = 0.85
"""Nothing but a look-alike, a sound-alike or a weak word tells the signs apart."""

IDENTICAL = 0.99
"""Equal after normalising."""


def severity(score: float) -> str:
    """Name the step that a score is on: ``identical``, ``very near``, ``near`` or ``""``.

    >>> severity(0.9)
    'very near'
    """
    steps = ((IDENTICAL, "identical"), (VERY_NEAR, "very near"), (ALERT_THRESHOLD, "near"))
    return next((name for least, name in steps if score >= least), "")


# --- Characters ----------------------------------------------------------------------------------

FORM: Knots = (
    (0.45, 0.0),
    (0.5, 0.2),
    (0.55, 0.45),
    (0.6, 0.6),
    (0.65, 0.7),
    (0.7, 0.78),
    (0.78, 0.9),
    (0.85, 0.97),
    (0.92, 1.0),
)
"""How alike two characters look, from the table's degree. 0.85: a stroke tells them apart
(天 / 夭); 0.78: one part is the same, the other resembles (析 / 折); 0.62: one enclosure or radical
and a like outline (康 / 庸, 威 / 戚). Below, a family likeness, which puts candidates in order."""

FORM_ALONE = 0.9
"""A look-alike that sounds otherwise is nearly the character: signs are seen before they are
read."""

SOUND_ALONE = 0.6
"""A character that sounds alike and looks otherwise, beside characters that are the same."""

READINGS = (1.0, 0.95, 0.6)
"""A character's usual reading, another one in use (重 in 重庆), a rare one that few know."""

ONE_CONFUSION = 0.75
"""One of z/zh, c/ch, s/sh, n/l, f/h, in/ing, en/eng, an/ang: not told apart in much of the
country."""

TWO_CONFUSIONS = 0.5
"""Initial and final confused at once: heard by fewer."""

NUMERAL = 0.9
"""三 and 3 are read alike and mean the same."""

# --- Signs of Chinese characters -----------------------------------------------------------------

FIRST_CHARACTER = 1.25
"""The first character weighs more: it is looked at first, and the guidelines exempt by it."""

AFFIX = 0.5
"""A single character that says little (新, 老, 大; 牌, 记, 坊) weighs half."""

ONE_CHARACTER: Knots = ((0.6, 0.0), (0.8, 0.7), (1.0, 1.0))
"""A single character: a sound or a look alone is no likeness, both together are."""

TWO_CHARACTERS: Knots = (
    (0.0, 0.0),
    (0.5, 0.1),
    (0.56, 0.15),
    (0.62, 0.5),
    (0.68, 0.73),
    (0.8, 0.8),
    (0.86, 0.86),
    (1.0, 1.0),
)
"""Two characters of which one differs altogether (share 0.56) are not similar; one that looks alike
leaves them above the threshold, and above signs that only hold the two."""

TWO_IN_LONGER: Knots = (
    (0.0, 0.0),
    (0.5, 0.1),
    (0.56, 0.15),
    (0.74, 0.6),
    (0.8, 0.75),
    (0.86, 0.85),
    (1.0, 1.0),
)
"""Two characters, found in a longer sign."""

MORE_CHARACTERS: Knots = ((0.0, 0.0), (0.5, 0.1), (0.6, 0.55), (0.68, 0.72), (1.0, 1.0))
"""Of three characters one that is not the first may differ (share 0.69)."""

OTHER_LENGTH: Knots = ((0.0, 0.0), (0.5, 0.1), (0.62, 0.3), (0.7, 0.6), (0.8, 0.78), (1.0, 1.0))
"""Signs of different lengths, of three characters at least: one of four may be added (0.87)."""

SINGLE_IN_LONGER = 0.3
"""A single character within a longer sign: of very little weight."""

SOUNDS: Knots = ((0.7, 0.0), (0.88, 0.88), (1.0, 1.0))
"""Signs of one length by their syllables: all must be the same or near, one other syllable is
enough to tell three apart by ear."""

ALL_SOUNDS, ALL_SOUNDS_AND_FORM = 0.72, 0.16
"""All syllables are the same: by the first alone where no character looks like its counterpart
(启晟 / 企盛), more by the share of those that do."""

FIRST_DIFFERS = 0.83
"""The first character differs clearly in sound and form: the guidelines exempt such a sign."""

SHIFTED = 0.85
"""In signs of one length the like characters stand at other places: one was added and one
dropped."""

CLEARLY_DIFFERENT = 0.3
"""Less likeness than this of two characters is none."""

OTHER_MEANING = 0.76
"""What differs is a word in each sign, and not the same: 红月亮 / 红月季. Takes one of three
characters below the threshold, and homophones of two characters (医生 / 一生)."""

OTHER_ORDER = 0.86
"""The same characters in another order are similar by the guidelines."""

OTHER_ORDER_OTHER_MEANING = 0.6
"""But 蜂蜜 and 蜜蜂 are two words."""

CONTAINED: Knots = ((0.0, 0.45), (0.34, 0.62), (0.5, 0.7), (0.67, 0.72), (1.0, 0.95))
"""A sign of two characters or more at an end of a longer one: by the share of the longer one that
it is. Two of four are just enough to be looked at."""

APART = 0.7
"""Two characters that stand apart in a longer sign (晨谷 / 晨曦谷) are hardly seen together."""

ACROSS_WORDS = 0.85
"""Where the end of what is contained lies within a word (花城 / 花城堡), nobody sees it there."""

LONGEST_ALIGNED = 16
"""Characters; of longer signs (slogans) only equal characters in order are counted."""

# --- Weak words ----------------------------------------------------------------------------------

WEAK_WORDS: dict[str, float] = {
    "legal": 0.97,  # 公司, 集团, Ltd: says nothing at all of whose goods they are
    "device": 0.99,  # 及图, 图形: how an office notes that there is a picture
    "trade": 0.94,  # 科技, 食品, 酒店: what kind of business
    "place": 0.93,  # 北京, 中国: where it sits
    "quality": 0.93,  # 优质, 正宗, premium: praise
    "goods": 0.93,  # 电池 in class 9: what the goods are called
}
"""What is left of a score when one sign has a weak word of this kind that the other lacks. Never
1 or more: a weak word that is looked away from must not raise a score."""

# --- Latin letters -------------------------------------------------------------------------------

SHORT_WORD = 3
"""Letters up to which a word is short: each letter then counts as much as a character."""

SHORT_WORD_FACTOR = 0.4
"""What a short word with a letter changed keeps of its likeness: VQO / VQU."""

FURTHER_LETTERS = 1.15
"""From the second letter on, each that differs weighs so much more: few may differ."""

LETTERS: Knots = ((0.55, 0.0), (0.7, 0.7), (1.0, 1.0))
"""By the share of letters that are the same; where many differ what is left is chance."""

FIRST_LETTER_DIFFERS = 0.78
"""The first letter differs and sounds otherwise: exempt by the guidelines up to eight letters."""

OTHER_WORD = 0.82
"""Both are known words with other meanings: HOUSE / HORSE."""

SAME_SOUND = 0.9
"""Latin words that are spoken alike: KOFFIRA / COFIRA."""

SAME_LETTER_FORMS = 0.92
"""Letters drawn as digits or as two letters: V0LTRA, VVELDO."""

SAME_WORDS_OTHER_ORDER = 0.88
"""Two words in another order: similar by the guidelines."""

MINOR_WORDS = 0.96
"""Only an article, a preposition or a plural is added: THE LUMORA."""

WORD_CONTAINED_BASE, WORD_CONTAINED_SHARE = 0.58, 0.34
"""All words of one sign are among those of the other, by the share of letters."""

PIECE_CONTAINED_BASE, PIECE_CONTAINED_SHARE = 0.5, 0.38
"""One word begins or ends another (LUMORA / LUMORASKIN), by the share of letters."""

SHORTEST_PIECE = 5
"""Letters that a word within another must have: ART in SMARTILO is nothing."""

LONGEST_WORDS = 48
"""Letters; of longer texts only equality and containment are looked for."""

# --- Between scripts -----------------------------------------------------------------------------

PINYIN = 0.88
"""Letters that are the pinyin of the characters: 华锐 / HUARUI."""

PINYIN_BY_SOUND = 0.8
"""Letters that an ear takes for that pinyin: 三亿 / SANY."""

PINYIN_ONE_SYLLABLE = 0.55
"""One syllable is the pinyin of dozens of characters."""

TRANSLITERATION: Knots = ((0.7, 0.4), (0.8, 0.7), (1.0, 0.86))
"""Letters of a foreign name whose usual writing these characters are: 安吉尔 / ANGEL; by how well
the sounds agree. Of 121 well-known pairs 69 come above the threshold (many were translated by more
than sound), of the same names thrown together 1 in 1,600."""

SHORT_TRANSLITERATION: Knots = ((0.85, 0.4), (0.93, 0.7), (1.0, 0.86))
"""In a short name nearly all sounds must agree: such names are like many."""

SHORT_NAME = 3.05
"""Weight of sounds, one a consonant, up to which a name is short: SONY is, MARIA is not."""

# --- Meaning -------------------------------------------------------------------------------------

SAME_MEANING_OTHER_LANGUAGE = 0.8
"""皇冠 / CROWN: similar by the guidelines where the word is one that the public knows."""

SAME_MEANING = 0.75
"""狮子 / 雄狮: the same thing by another word."""

SAME_MEANING_IN_PARTS = 0.6
"""江岸 / 河岸: compounds of like parts are no synonyms."""

SAME_NUMBER = 0.85
"""五六七 / 567."""

OTHER_NUMBER = 0.4
"""Digits are short marks: one other digit is another number."""

# --- Composite signs -----------------------------------------------------------------------------

ELEMENT_ADDED = 0.96
"""One sign has an element more that does not stand for itself (digits, pinyin, a letter or two):
it does not hide what was copied."""

ELEMENT_BESIDE = 0.9
"""One sign has a further element of weight, or both have other ones."""

MINOR_ELEMENT = 0.6
"""Digits or up to three letters are all that two composite signs share: A8, 1988."""

ELEMENTS_IN_OTHER_ORDER = 0.97
"""The same elements, placed otherwise."""
