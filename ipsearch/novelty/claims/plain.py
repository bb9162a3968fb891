"""Here is a text, give me the plain copy of it in which patterns are looked for.

Each character is replaced by its plain form (full width, traditional) where that is one character,
so that every offset is one of the text itself. Chinese words are also found with the spaces that
OCR puts between their characters. No repetition in a pattern is unbounded before something that may
be missing: the time is proportional to the text.
"""

from __future__ import annotations

import re

import numpy as np

from ipsearch.analysis.folding import from_codes, tables, to_codes


def spaced(*words: str) -> str:
    """Give a pattern for any of `words`, spaces between the characters or not."""
    return "|".join(r"\s{0,3}".join(word) for word in words)


DASH = "~〜∼–—−-"
"""For the end of a character class: whatever stands between the ends of a range."""

HAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
"""Ranges for a character class: kana and hangul too, which are cut and counted like Han."""

CLAIM_WORD = f"(?:{spaced('权利要求', '请求项', '申请专利范围')})"
"""A pattern for the word that a reference or a heading begins with, in mainland or Taiwan use."""

NUMERAL = "[一二三四五六七八九十百]{1,5}"
"""A pattern for a number written in Han characters, as far as claims go."""

_JOINING = re.compile(r"and(?=[\s,;:]|$)|以及")


def to_plain(text: str) -> str:
    """Replace characters by their folded forms where that keeps the length; ASCII stays."""
    codes = to_codes(text)
    is_circled = (codes >= 0x2460) & (codes <= 0x2473)  # ① is the mark of a step, 1 may be anything
    changes = (tables().length[codes] == 1) & (codes >= 0x80) & ~is_circled
    return from_codes(np.where(changes, tables().first[codes], codes))


def numeral_value(numeral: str) -> int:
    """Give the value of a number in digits or in Han characters, up to 999; 0 if it is none.

    >>> numeral_value("二十一"), numeral_value("12")
    (21, 12)
    """
    if numeral.isdigit():
        return int(numeral)
    hundreds, has_hundred, rest = numeral.rpartition("百")
    tens, has_ten, ones = rest.rpartition("十")
    parts = [hundreds or ("一" if has_hundred else ""), tens or ("一" if has_ten else ""), ones]
    if any(len(part) > 1 for part in parts):
        return 0
    value = 0
    for part in parts:
        value = 10 * value + "一二三四五六七八九".find(part or "?") + 1
    return value


def says_something(text: str) -> bool:
    """Whether a text holds a letter or a digit of any script."""
    return any(char.isalnum() for char in text)


def trim(plain: str, begin: int, end: int) -> tuple[int, int]:
    """Leave out separators, and the `and` or 以及 that joins a piece to the others."""
    while begin < end:
        joining = _JOINING.match(plain, begin, end)
        if joining is None and not (plain[begin].isspace() or plain[begin] in ",;:。、"):
            break
        begin = joining.end() if joining else begin + 1
    while begin < end:
        is_joining = plain.endswith("and", begin, end) and plain[end - 4] in " \n,;"
        if not (is_joining or plain[end - 1].isspace() or plain[end - 1] in ",;:。、."):
            break
        end -= 3 if is_joining else 1
    return begin, end
