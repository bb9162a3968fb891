"""Here are two names of firms, say whether they are one name in other spellings.

Names are folded first (width, case, traditional script) and lose punctuation and spaces. Then what
says only which form a firm has is left away (有限公司, Co., Ltd.), then the place that a Chinese
name begins with. A Latin name is compared with the pinyin of a Chinese one by their distinctive
parts: without the words that say what a firm does in either language (科技, technology).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from ipsearch.analysis import fold
from ipsearch.errors import QueryError

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_NATIVE = re.compile(f"[{_HAN}\u3041-\u30ff\uac00-\ud7a3]")
_ONLY_HAN = re.compile(f"[{_HAN}]+")
_BRACKETED = re.compile(r"\([^()]{0,40}\)|\[[^\[\]]{0,40}\]")
_SIGNS = re.compile(r"[^\w&+]|_")
_NO_WORD = re.compile(r"[^\w]+|_")
_DOTTED = re.compile(r"(?<=\b[a-z])[./](?=[a-z]\b)")

_DISTRICT = re.compile(f"[{_HAN}]{{2,4}}?(?:自治区|自治州|省|市|县|区|镇)(?=[{_HAN}]{{2}})")
_FEWEST_LETTERS = 5  # of a distinctive part that is compared with pinyin
_FEWEST = 2  # characters of a name that is told from others
_LONGEST_READ = 6
_MOST_NAME = 500  # characters


class Likening(NamedTuple):
    """How a name that is met is one that is wanted."""

    score: float
    rule: str


SAME = Likening(1.0, "the same name")
SAME_BUT_FORM = Likening(0.95, "the same but for the form of the firm")
SAME_BUT_PLACE = Likening(0.85, "the same but for the place it begins with")
BEGINS = Likening(0.8, "begins as the wanted name does")
SOUNDS = Likening(0.7, "the distinctive part is the pinyin of the other's")
"""What each rule counts for: less, the more firms it may mean."""


@dataclass(frozen=True, slots=True)
class NameForms:
    """A name in the forms in which it is compared; "" is none."""

    whole: str  # folded, without signs and spaces
    cores: tuple[str, ...]  # without the form of the firm: the Chinese part, the Latin one
    local: str  # the Chinese part also without a place at its beginning
    sounds: frozenset[str]  # Latin: the distinctive part; Chinese: the pinyin of it
    is_latin: bool


class _FirmWords(NamedTuple):
    """Words that do not tell one firm from another: see `data/firms.toml`."""

    forms: tuple[str, ...]  # the longest first
    forms_before: tuple[str, ...]
    forms_latin: frozenset[str]
    trades: tuple[str, ...]
    untold_latin: frozenset[str]  # forms, trades and places
    places: tuple[str, ...]


@cache
def _words() -> _FirmWords:
    text = resources.files("ipsearch.data").joinpath("firms.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)
    latin = frozenset(table["forms_latin"])

    def longest_first(name: str) -> tuple[str, ...]:
        return tuple(sorted(table[name], key=lambda word: (-len(word), word)))

    return _FirmWords(
        longest_first("forms"),
        longest_first("forms_before"),
        latin,
        longest_first("trades"),
        latin.union(table["trades_latin"], table["places_latin"]),
        longest_first("places"),
    )


@lru_cache(maxsize=1 << 16)
def forms_of(name: str) -> NameForms:
    """Give the forms of a name as a record has it."""
    folded = fold(name[:_MOST_NAME])
    outside = _BRACKETED.sub(" ", folded)
    words = (outside if _NO_WORD.sub("", outside) else folded).split()
    native = _core("".join(word for word in words if _NATIVE.search(word)))
    latin = _NO_WORD.split(_DOTTED.sub("", " ".join(w for w in words if not _NATIVE.search(w))))
    latin_core = "".join(word for word in latin if word not in _words().forms_latin)
    local = _without_place(native)
    if native:
        sounds = _pinyin(_without_trade(local))
    else:
        told = [word for word in latin if word not in _words().untold_latin]
        sounds = frozenset(filter(_is_long, ["".join(told)]))
    cores = tuple(core for core in (native, latin_core) if len(core) >= _FEWEST)
    return NameForms(_SIGNS.sub("", folded), cores, local, sounds, not native)


class Wanted:
    """A name that is watched for, made ready once; compared with very many."""

    def __init__(self, name: str) -> None:
        """Raises `QueryError` for a name that says nothing."""
        check_wanted(name)
        self.begins = name.rstrip().endswith("*")
        self.forms = forms_of(name.rstrip("* "))

    def liken(self, name: str) -> Likening | None:
        """Say how a name is this one; None if it is another."""
        own, met = self.forms, forms_of(name)
        if own.whole == met.whole:
            return SAME
        if set(own.cores) & set(met.cores):
            return SAME_BUT_FORM
        if len(own.local) >= _FEWEST and own.local == met.local:
            return SAME_BUT_PLACE
        if self.begins and any(
            core.startswith(wanted)
            for wanted in (own.whole, *own.cores)
            for core in (met.whole, *met.cores, met.local)
        ):
            return BEGINS
        if own.is_latin != met.is_latin and own.sounds & met.sounds:
            return SOUNDS
        return None


class WantedNames:
    """Very many names that are wanted, compared with a name at once."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        """`names` are beside the number of whoever wants them."""
        self._wanted = [(number, Wanted(name), name) for number, name in names]
        self._by_form: dict[str, list[int]] = {}
        self._beginnings = [at for at, (_, w, _) in enumerate(self._wanted) if w.begins]
        for at, (_, wanted, _) in enumerate(self._wanted):
            for form in _as_keys(wanted.forms):
                self._by_form.setdefault(form, []).append(at)

    def find(self, name: str) -> list[tuple[int, Likening, str]]:
        """Give who wants a name, how it is like what they want, and that; the best for each."""
        candidates = set(self._beginnings)
        for form in _as_keys(forms_of(name)):
            candidates.update(self._by_form.get(form, ()))
        best: dict[int, tuple[int, Likening, str]] = {}
        for at in sorted(candidates):
            number, wanted, spelled = self._wanted[at]
            likening = wanted.liken(name)
            if likening and (number not in best or likening.score > best[number][1].score):
                best[number] = (number, likening, spelled)
        return list(best.values())


def _as_keys(forms: NameForms) -> set[str]:
    return {forms.whole, *forms.cores, forms.local, *forms.sounds} - {""}


def check_wanted(name: str) -> None:
    """Raise `QueryError` for a name that would be any, or none."""
    bare = name.rstrip("* ")
    if "*" in bare:
        raise QueryError(f"name {name!r}: * stands at the end alone")
    fewest = 2 if name.rstrip().endswith("*") else 1
    if len(_SIGNS.sub("", fold(bare))) < fewest:
        raise QueryError(f"name {name!r}: at least {fewest} letters or characters")
    if len(name) > _MOST_NAME:
        raise QueryError(f"a name of {len(name)} characters: {_MOST_NAME} at most")


def _core(native: str) -> str:
    """Leave away what a Chinese, Japanese or Korean name says of the form of the firm."""
    core = _SIGNS.sub("", native)
    for form in _words().forms_before:
        core = core.removeprefix(form)
    while form := next(filter(core.endswith, _words().forms), ""):
        core = core.removesuffix(form)
    return core


def _without_place(core: str) -> str:
    """Leave away a place at the beginning of a Chinese name, as long as a name is left."""
    shorter = core
    for _ in range(2):  # 广东省深圳市
        district = _DISTRICT.match(shorter)
        place = district[0] if district else next(filter(shorter.startswith, _words().places), "")
        if not place or len(shorter) < len(place) + _FEWEST:
            break
        shorter = shorter.removeprefix(place)
    return shorter


def _without_trade(core: str) -> str:
    """Leave away what a Chinese name says of the trade, from its end."""
    while True:
        word = next((w for w in _words().trades if core.endswith(w)), "")
        if not word or len(core) < len(word) + _FEWEST:
            return core
        core = core.removesuffix(word)


def _is_long(letters: str) -> bool:
    return len(letters) >= _FEWEST_LETTERS and letters.isascii() and letters.isalpha()


def _pinyin(core: str) -> frozenset[str]:
    """Give the usual ways to read a Chinese name aloud, without tones and spaces."""
    from ipsearch.marks.sound import romanised

    if not _FEWEST <= len(core) <= _LONGEST_READ or not _ONLY_HAN.fullmatch(core):
        return frozenset()
    return frozenset(filter(_is_long, map("".join, romanised(core))))
