"""Here are goods in words, which similar groups are they in?

The names of the table, Chinese and English, are searched by what they are made of: characters and
pairs of characters, words of letters, each weighed by how rare it is among the names. The last of
a Chinese name (洗衣用漂白剂) and the last before a preposition of an English one say what the goods
are and count more; what stands in parentheses, or behind the preposition, counts half.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ipsearch.analysis import fold
from ipsearch.marks import goods_table as table
from ipsearch.marks.goods_everyday import EVERYDAY

LONGEST = 300
"""Characters of a text that are looked at: what is longer is no name of goods but a list."""

LEAST = 0.3
"""Hits below this score are left out. Of words that name no goods at all (a thousand brands) 21 %
have a hit above it; 56 % have one above 0.2, where hardly more names with a word replaced are found
(84 % among the first three, instead of 83 %)."""

SURE = 0.45
"""What is read as goods that were asked for scores at least this: hits do for 94 % of names with a
word dropped, 86 % of names with a word replaced, 6 % of brands."""

_EVERYDAY = 0.95
_HEAD, _ASIDE = 1.5, 0.5  # see above; hardly better than 1 and 1 on names with a word changed

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:-[^\W_{_HAN}]+)*")
_IS_HAN = re.compile(f"[{_HAN}]")
_ENGLISH_END = re.compile(
    r"\s(?:for|of|in|with|by|to|from|on|used|being|adapted|made|that|which|other than|except"
    r"|featuring|incorporating|consisting|namely)\b|[\[,;(]"
)
_SILENT = frozenset(
    {"and", "or", "the", "a", "an", "of", "for", "in", "with", "by", "to", "from", "on"}
    | {"other", "than", "not"}
)


class GoodsHit(NamedTuple):
    """Goods of the table that words are like."""

    score: float  # 0..1; 1 is the same name
    rule: Literal["name", "everyday", "words"]
    group: str
    part: str  # "" if the group has none
    paragraph: int
    code: str
    name: str  # Chinese


class _Names(NamedTuple):
    """The searchable names, each with weighed terms, inverted."""

    items: tuple[tuple[table.TableGoods, ...], ...]  # name -> the goods it stands for
    terms: dict[str, int]  # term -> row
    starts: npt.NDArray[np.int64]  # row -> where its postings begin
    names: npt.NDArray[np.int32]  # postings: the name
    counts: npt.NDArray[np.float32]  # postings: how much the term counts in the name
    weights: npt.NDArray[np.float32]  # row -> rarity
    unknown: float  # rarity of a term that no name has: that of one which a single name has
    totals: npt.NDArray[np.float32]  # name -> sum of its weighed terms


def find_goods(text: str, classes: Collection[int] = (), limit: int = 10) -> list[GoodsHit]:
    """Find goods of the table by words, the likest first, one hit for each group and part.

    `classes` narrows the search. Nothing like it gives an empty list, as does an empty text.
    """
    folded = table.fold_name(text[:LONGEST])
    if not folded:
        return []
    hits = chain(_by_name(folded), _by_words(folded))
    found: dict[tuple[str, str], GoodsHit] = {}
    for hit in hits:
        if not classes or int(hit.group[:2]) in classes:
            found.setdefault((hit.group, hit.part), hit)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _by_name(folded: str) -> Iterator[GoodsHit]:
    """Give the goods of this name, and those that the word stands for in everyday use."""
    by_name = table.goods_by_name()
    for item in by_name.get(folded, ()):
        yield GoodsHit(1.0, "name", *item)
    for name in EVERYDAY.get(folded, ()):
        for item in by_name[fold(name)]:
            yield GoodsHit(_EVERYDAY, "everyday", *item)


def _by_words(folded: str) -> Iterator[GoodsHit]:
    """Give hits by their terms, the likest first."""
    index = _names(_is_chinese(folded))
    scores = np.zeros(len(index.items), np.float32)
    total = 0.0
    for term, count in _terms(folded).items():
        row = index.terms.get(term)
        if row is None:
            total += count * index.unknown
            continue
        total += count * float(index.weights[row])
        at = slice(index.starts[row], index.starts[row + 1])
        shared = np.minimum(index.counts[at], count) * index.weights[row]
        scores[index.names[at]] += shared
    if not total:
        return
    likeness = 2 * scores / (total + index.totals)
    best = np.flatnonzero(likeness >= LEAST)
    for at in best[np.argsort(-likeness[best], kind="stable")]:
        for item in index.items[at]:
            yield GoodsHit(min(round(float(likeness[at]), 4), _EVERYDAY), "words", *item)


@cache
def _names(is_chinese: bool) -> _Names:
    """Index the names in Chinese, or the others."""
    by_name = {n: i for n, i in table.goods_by_name().items() if _is_chinese(n) == is_chinese}
    terms: dict[str, int] = {}
    rows: list[int] = []
    names: list[int] = []
    counts: list[float] = []
    for number, name in enumerate(by_name):
        for term, count in _terms(name).items():
            rows.append(terms.setdefault(term, len(terms)))
            names.append(number)
            counts.append(count)
    row_of = np.array(rows, np.int32)
    order = np.argsort(row_of, kind="stable")
    frequencies = np.bincount(row_of, minlength=len(terms))
    weights = np.log(len(by_name) / frequencies).astype(np.float32)
    count_of = np.array(counts, np.float32)
    name_of = np.array(names, np.int32)
    totals = np.bincount(name_of, count_of * weights[row_of], len(by_name))
    return _Names(
        tuple(by_name.values()),
        terms,
        np.concatenate([[0], np.cumsum(frequencies)]),
        name_of[order],
        count_of[order],
        weights,
        float(np.log(len(by_name))),
        totals.astype(np.float32),
    )


def _terms(folded: str) -> dict[str, float]:
    """Give the terms of a folded text and how much each counts."""
    found: dict[str, float] = {}
    tokens = list(_TOKEN.finditer(folded))
    end_of_main = _end_of_main(folded, _is_chinese(folded))
    head = max((token.end() for token in tokens if token.end() <= end_of_main), default=0)
    for token in tokens:
        for term, end in _pieces(token):
            count = _HEAD if end == head else 1.0 if end <= end_of_main else _ASIDE
            found[term] = max(count, found.get(term, 0.0))
    return found


def _end_of_main(folded: str, is_chinese: bool) -> int:
    """Find where what the goods are ends, and what explains them begins."""
    if is_chinese:
        end = folded.find("(", 1)
        return end if end > 0 else len(folded)
    match = _ENGLISH_END.search(folded)
    return match.start() if match is not None else len(folded)


def _pieces(token: re.Match[str]) -> Iterator[tuple[str, int]]:
    """Give the terms of a token, each with where it ends in the text."""
    text = token[0]
    if not _is_han(text):
        if text in _SILENT:
            return
        words = text.split("-")
        for word in words:
            yield _singular(word), token.end()
        if len(words) > 1:  # semi-conductors, semiconductors
            yield _singular("".join(words)), token.end()
        return
    for at, char in enumerate(text):
        yield char, token.start() + at + 1
        if at:
            yield text[at - 1 : at + 1], token.start() + at + 1


def _is_han(token: str) -> bool:
    return _IS_HAN.match(token) is not None


def _is_chinese(text: str) -> bool:
    return _IS_HAN.search(text) is not None


@lru_cache(maxsize=1 << 14)
def _singular(word: str) -> str:
    """Take the plural away from an English word."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def read_goods(text: str, classes: Collection[int] = ()) -> list[GoodsHit]:
    """Read goods asked for in words: the hits to be taken for what is meant.

    The same name, in each group that has it, or what an everyday word stands for; else at most
    three hits that are sure enough and nearly as like as the best one. An empty list says that
    nothing is.
    """
    found = find_goods(text, classes, limit=20)
    told = [hit for hit in found if hit.rule != "words"]
    if told:
        return told
    return [hit for hit in found[:3] if hit.score >= max(SURE, 0.9 * found[0].score)]
