"""Here is what was written, which signs is it made of?

A sign is brought into the one form in which it is compared (folded as all texts are; variants of
characters, accents and marks such as ® go too) and divided by script: characters, letters, digits,
others. The elements of a composite sign are judged each on its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from ipsearch.analysis import fold
from ipsearch.errors import SignError
from ipsearch.marks import characters

LONGEST_SIGN = 1000
"""Characters that a sign may have to be asked for; slogans have less."""

Script = Literal["han", "latin", "digits", "other", "symbols"]

_NO_PART = dict.fromkeys(map(ord, "®™©℗℠'’‘`´ʼ"))  # written beside a sign or within a word
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af々〇"
# Digits between characters (7号院, 第6街) are read with them; a number behind them stands alone.
_PIECES = re.compile(
    rf"([0-9]?[{_HAN}](?:[{_HAN}]|[0-9]+(?=[{_HAN}])|[0-9](?![0-9a-z]))*)"
    r"|([a-z0-9]*[a-z][a-z0-9]*)|([0-9]+)|([^\s])"
)
_NUMBERED = re.compile(r"([a-z]{3,})([0-9]{2,})")


@dataclass(frozen=True, slots=True)
class Element:
    """What a sign has of one script."""

    script: Script
    text: str  # normalised, without spaces
    words: tuple[str, ...]  # as they are set apart by spaces, signs or a change of script


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign as it is compared."""

    text: str  # as it was given
    normal: str  # normalised, without spaces
    elements: tuple[Element, ...]  # at most one a script, in order of first appearance


class _Forms(dict[str, str]):
    """Character -> the form in which it is compared; " " for what separates."""

    def __missing__(self, char: str) -> str:
        form = fold(char)
        form = "".join(characters.variants().get(c, c) for c in form)
        if form and "LATIN" in unicodedata.name(form[0], ""):
            form = "".join(c for c in unicodedata.normalize("NFD", form) if c.isalnum())
            form = form.replace("ß", "ss").replace("ø", "o").replace("æ", "ae").replace("œ", "oe")
        if not form and (char.isspace() or not unicodedata.category(char).startswith("C")):
            form = " "
        if len(self) < 1 << 16:
            self[char] = form
        return form


_forms = _Forms()


def normalise(text: str) -> str:
    """Bring a text into the form in which signs are compared; spaces stay.

    >>> normalise("晨谷　ＣＡＦÉ®")
    '晨谷 cafe'
    """
    text = text.translate(_NO_PART)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    normal = "".join([_forms[char] for char in text])
    if not unicodedata.is_normalized("NFC", normal):
        normal = "".join([_forms[char] for char in fold(text)])
    return normal


def read_sign(text: str) -> Sign:
    """Read a sign that is asked for.

    Raises `SignError` if there is nothing in it that is seen, or more than `LONGEST_SIGN`
    characters.
    """
    if len(text) > LONGEST_SIGN:
        raise SignError(f"a sign of {len(text)} characters; the longest may have {LONGEST_SIGN}")
    sign = held_sign(text)
    if not sign.elements:
        raise SignError(f"nothing to compare in the sign {text!r}")
    return sign


def held_sign(text: str) -> Sign:
    """Read a sign that somebody filed: an empty one has no elements, a long one is cut."""
    pieces: dict[Script, list[str]] = {}
    normal = normalise(text[:LONGEST_SIGN])
    for han, latin, digits, other in _PIECES.findall(normal):
        if han:
            pieces.setdefault("han", []).append(han)
        elif latin:
            numbered = _NUMBERED.fullmatch(latin)
            if numbered:
                pieces.setdefault("latin", []).append(numbered[1])
                pieces.setdefault("digits", []).append(numbered[2])
            else:
                pieces.setdefault("latin", []).append(latin)
        elif digits:
            pieces.setdefault("digits", []).append(digits)
        elif other.isalnum() or unicodedata.category(other)[0] == "M":
            pieces.setdefault("other", []).append(other)
        else:
            pieces.setdefault("symbols", []).append(other)
    if len(pieces) > 1 and "symbols" in pieces:  # ornaments tell signs apart only if alone
        ornaments = dict.fromkeys(map(ord, pieces.pop("symbols")))
        normal = normal.translate(ornaments)
    elements = tuple(
        Element(script, "".join(words), tuple(words)) for script, words in pieces.items()
    )
    return Sign(text, "".join(normal.split()), elements)
