"""Here is a description of a product, give me the names in it that may be somebody's mark.

Names that are marked or called a brand come first, then what is quoted, Latin words with capitals,
and runs of Chinese characters that the dictionary does not know. What is a name is a guess: it is
looked up, and the mark that it comes near to is judged by a person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Literal, NamedTuple

from ipsearch.analysis import Segmenter, fold

Why = Literal["marked", "branded", "quoted", "capitals", "unknown word"]


class Name(NamedTuple):
    """A name in a text, and why it is taken for one."""

    text: str
    why: Why


_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_LETTERS = "A-Za-z\u00c0-\u024f"
_JOINED = rf"[{_LETTERS}0-9]{{0,40}}(?:['’&·-][{_LETTERS}0-9]{{1,40}}){{0,4}}"
_LATIN = rf"(?<![{_LETTERS}0-9])[{_LETTERS}]{_JOINED}"
_CAPITALISED = rf"(?<![{_LETTERS}0-9])[A-Z]{_JOINED}"
_CAPITALISED_NAME = rf"{_CAPITALISED}(?: {_CAPITALISED}){{0,3}}"
_LATIN_NAME = rf"{_CAPITALISED_NAME}|{_LATIN}"
_QUOTED = re.compile(
    r"“([^“”\n]{1,30})”|「([^「」\n]{1,30})」|『([^『』\n]{1,30})』|\"([^\"\n]{1,30})\""
)
_SENTENCE_SIGNS = re.compile(r"[，。；：！？,;:!?]")
_MARKED = re.compile(rf"({_LATIN_NAME}|[{_HAN}]{{1,8}})\s?(?:[®™℠]|\((?:R|TM|SM)\))")
_BRANDED_BEFORE = re.compile(  # 某某牌, 某某品牌, 某某商标
    rf"({_LATIN}|[{_HAN}]{{1,8}}?)\s?(?:品牌|商标|(?<!品)牌(?!照|匾|子))"
)
_BRANDED_AFTER = re.compile(
    r"(?:品牌|商标|商品名|商号)(?:名称|名)?(?:为|是|叫|：|:)\s?[“「\"]?"
    rf"({_LATIN_NAME}|[{_HAN}]{{2,8}})"
)
_BRANDED_ENGLISH = re.compile(
    r"(?i:\b(?:brand(?:\sname)?|trade\s?mark|trade\s?name|marketed\sas|sold\sas"
    r"|under\sthe\s(?:name|brand|mark|trade\s?mark)))\s[\"“]?"
    rf"({_CAPITALISED_NAME})|({_CAPITALISED_NAME})(?:\s|-)brand(?:ed)?\b"
)
_BRANDED_END = re.compile(r"-brand(?:ed)?$")
_LATIN_RUN = re.compile(_LATIN)
_ABBREVIATION = re.compile(r"[(（]([A-Z]{2,6})s?[)）]")  # Time Control Protocol (TCP)
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\n\"“(])\s*$")


@dataclass(frozen=True, slots=True)
class _Ordinary:
    """What is no name: see `data/names.toml`."""

    function_words: frozenset[str]
    numerals: frozenset[str]
    not_before_brand: tuple[str, ...]
    latin: frozenset[str]


@cache
def _ordinary() -> _Ordinary:
    text = resources.files("ipsearch.data").joinpath("names.toml").read_text("utf-8")
    told = tomllib.loads(text)
    return _Ordinary(
        frozenset(told["function_words"].replace("\n", "")),
        frozenset(told["numerals"].replace("\n", "")),
        tuple(told["not_before_brand"]),
        frozenset(told["ordinary_latin"].split()),
    )


def names_in(text: str, segmenter: Segmenter) -> list[Name]:
    """Find the names in a text, the likeliest first, each once."""
    found: dict[str, Name] = {}
    for name in _candidates(text, segmenter):
        plain = _without_ordinary(_BRANDED_END.sub("", name.text).strip(" \t'’\"“”-&·."))
        key = fold(plain).strip()
        is_part = name.why == "unknown word" and any(key in other for other in found)
        if _may_be_a_name(plain, key) and not is_part:
            found.setdefault(key, name._replace(text=plain))
    return list(found.values())


def _without_ordinary(text: str) -> str:
    """Take away the ordinary words that a name of Latin words begins with: The, Our."""
    first, _, rest = text.partition(" ")
    while rest and fold(first) in _ordinary().latin:
        text = rest
        first, _, rest = text.partition(" ")
    return text


def _may_be_a_name(plain: str, key: str) -> bool:
    if len(key) < 2 or not any(map(str.isalpha, plain)):
        return False
    ordinary = _ordinary()
    return key not in ordinary.latin and not key.endswith(ordinary.not_before_brand)


def _candidates(text: str, segmenter: Segmenter) -> Iterator[Name]:
    for match in _MARKED.finditer(text):
        yield Name(_last_part(match[1]), "marked")
    for match in _BRANDED_BEFORE.finditer(text):
        yield Name(_last_part(match[1]), "branded")
    for pattern in (_BRANDED_AFTER, _BRANDED_ENGLISH):
        for match in pattern.finditer(text):
            yield Name(_first_part(next(filter(None, match.groups()))), "branded")
    for match in _QUOTED.finditer(text):
        quoted = next(filter(None, match.groups()))
        if not _SENTENCE_SIGNS.search(quoted):
            yield Name(quoted, "quoted")
    yield from _capitals(text)
    yield from _unknown(text, segmenter)


def _last_part(text: str) -> str:
    """Give the end of a run of Chinese characters: what stands behind the last function word."""
    if not re.match(f"[{_HAN}]", text):
        return text
    for at in range(len(text) - 1, -1, -1):
        if text[at] in _ordinary().function_words:
            return text[at + 1 :]
    return text


def _first_part(text: str) -> str:
    """Give the beginning of a run of Chinese characters: what stands before a function word."""
    if not re.match(f"[{_HAN}]", text):
        return text
    ends = (at for at, char in enumerate(text) if char in _ordinary().function_words)
    return text[: next(ends, len(text))]


def _capitals(text: str) -> Iterator[Name]:
    """Find Latin words with capitals, those in a row as one name.

    A word that a sentence begins with says nothing by its first capital, unless it stands with it
    elsewhere too.
    """
    short = set(_ABBREVIATION.findall(text))
    runs = [m for m in _LATIN_RUN.finditer(text) if _has_capital(m[0]) and m[0] not in short]
    inside = {match[0] for match in runs if _is_odd(match[0]) or not _begins_sentence(match)}
    begin, end = 0, -1
    for match in runs:
        if match[0] not in inside:
            continue
        if end >= 0 and text[end : match.start()] == " ":
            end = match.end()
            continue
        yield from _long_enough(text[begin:end] if end >= 0 else "")
        begin, end = match.span()
    yield from _long_enough(text[begin:end] if end >= 0 else "")


def _long_enough(text: str) -> Iterator[Name]:
    """Give a name of three letters or more: less is a model's number."""
    if sum(map(str.isalpha, text)) >= 3:
        yield Name(text, "capitals")


def _has_capital(word: str) -> bool:
    return word != word.lower() and fold(word) not in _ordinary().latin


def _is_odd(word: str) -> bool:
    """Whether the capitals of a word are more than its first."""
    return word[1:] != word[1:].lower()


def _begins_sentence(match: re.Match[str]) -> bool:
    """Whether a word begins a sentence; in front of Chinese characters a capital always tells."""
    before = match.string[max(match.start() - 3, 0) : match.start()]
    is_followed = re.match(f"[{_HAN}]", match.string[match.end() : match.end() + 1])
    return is_followed is None and _SENTENCE_END.search(before) is not None


def _unknown(text: str, segmenter: Segmenter) -> Iterator[Name]:
    """Find runs of characters that the dictionary cuts apart one by one, ordinary ones left out."""
    for run in re.findall(f"[{_HAN}]+", text):
        terms = [term.text for term in segmenter.terms(fold(run))]
        for is_rare, some in groupby(terms, key=_is_rare):
            name = "".join(some)
            if is_rare and 2 <= len(name) <= 6:
                yield Name(name, "unknown word")


def _is_rare(term: str) -> bool:
    ordinary = _ordinary()
    return len(term) == 1 and term not in ordinary.function_words | ordinary.numerals
