"""Here are goods in words, which similar groups are they in?

The names of the table, Chinese and English, are searched by what they are made of: characters and
pairs of characters, words of letters, each weighed by how rare it is among the names. The last of
a Chinese name (洗衣用漂白剂) and the last before a preposition of an English one say what the goods
are and count more; what stands in parentheses only explains and counts half.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ipsearch.analysis import fold
from ipsearch.marks import goods_table as table

LONGEST = 300
"""Characters of a text that are looked at: what is longer is no name of goods but a list."""

LEAST = 0.3
"""Hits below this score are left out. Of words that name no goods at all (a thousand brands), one
in five has a hit above it, and one in two above 0.2, where no more names with a word changed are
found."""

SURE = 0.5
"""What is read as goods that were asked for scores at least this. Of names with a word dropped nine
in ten do, of names with a word replaced four in five, of brands one in twenty-three."""

_HEAD, _ASIDE = 1.5, 0.5  # see above; hardly better than 1 and 1 on names with a word changed

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"
_ENGLISH_END = re.compile(
    r"\s(?:for|of|in|with|by|to|from|on|used|being|adapted|made|incorporating|other than|except)\b"
    r"|[\[,;(]"
)
_SILENT = frozenset("and or the a an of for in with by to from on other than not".split())


class GoodsHit(NamedTuple):
    """Goods of the table that words are like."""

    score: float  # 0..1; 1 is the same name
    rule: Literal["name", "words"]
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
    totals: npt.NDArray[np.float32]  # name -> sum of its weighed terms


def find_goods(text: str, classes: Collection[int] = (), limit: int = 10) -> list[GoodsHit]:
    """Find goods of the table by words, the likest first, one hit for each group and part.

    `classes` narrows the search. Nothing like it gives an empty list, as does an empty text.
    """
    folded = fold(text[:LONGEST])
    if not folded:
        return []
    by_name = table.goods_by_name().get(folded, ())
    found = [GoodsHit(1.0, "name", *item) for item in by_name if _is_in(item, classes)]
    seen = {(hit.group, hit.part) for hit in found}
    if len(found) < limit:
        for hit in _by_words(folded, frozenset(classes)):
            if (hit.group, hit.part) not in seen:
                seen.add((hit.group, hit.part))
                found.append(hit)
            if len(found) >= limit:
                break
    return found[:limit]


def _is_in(item: table.TableGoods, classes: Collection[int]) -> bool:
    return not classes or int(item.group[:2]) in classes


def _by_words(folded: str, classes: frozenset[int]) -> Iterator[GoodsHit]:
    """Give hits by their terms, the likest first."""
    index = _names()
    scores = np.zeros(len(index.items), np.float32)
    total = 0.0
    for term, count in _terms(folded).items():
        row = index.terms.get(term)
        if row is None:
            total += count * _unknown_weight()
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
            if _is_in(item, classes):
                yield GoodsHit(round(float(likeness[at]), 4), "words", *item)


@cache
def _unknown_weight() -> float:
    """What a term counts for that no name has: as much as one that a single name has."""
    return float(np.log(len(_names().items)))


@cache
def _names() -> _Names:
    by_name = table.goods_by_name()
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
        totals.astype(np.float32),
    )


def _terms(folded: str) -> dict[str, float]:
    """Give the terms of a folded text and how much each counts."""
    found: dict[str, float] = {}
    main_end = folded.find("(") if "(" in folded[1:] else len(folded)
    tokens = list(_TOKEN.finditer(folded))
    is_chinese = any(_is_han(token[0]) for token in tokens)
    if not is_chinese:
        match = _ENGLISH_END.search(folded)
        main_end = match.start() if match else len(folded)
    head = max((t.end() for t in tokens if t.end() <= main_end), default=0)
    for token in tokens:
        is_main = token.end() <= main_end
        for term, end in _pieces(token):
            count = 1.0 if is_main or not is_chinese else _ASIDE
            if end == head:
                count = _HEAD
            found[term] = max(count, found.get(term, 0.0))
    return found


def _pieces(token: re.Match[str]) -> Iterator[tuple[str, int]]:
    """Give the terms of a token, each with where it ends in the text."""
    text = token[0]
    if not _is_han(text):
        if text not in _SILENT:
            yield _singular(text), token.end()
        return
    for at, char in enumerate(text):
        yield char, token.start() + at + 1
        if at:
            yield text[at - 1 : at + 1], token.start() + at + 1


def _is_han(text: str) -> bool:
    return _HAN_FIRST <= text[0] <= _HAN_LAST or text[0] >= "\U00020000"


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

    The same name, in each group that has it; else at most three hits that are sure enough and
    nearly as like as the best one. An empty list says that nothing is.
    """
    found = find_goods(text, classes, limit=8)
    exact = [hit for hit in found if hit.rule == "name"]
    if exact:
        return exact
    return [hit for hit in found[:3] if hit.score >= max(SURE, 0.9 * found[0].score)]
