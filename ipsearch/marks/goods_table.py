"""The Chinese table of similar goods and services: groups, their parts, what is similar to what.

Within a class, goods are divided into similar groups (类似群, ``0901``), many of those into parts
((一), (二) ...) that are not similar to each other, and the goods of a part stand in paragraphs
(自然段). Notes say what is similar across these borders, what is searched together with marks
filed under an earlier edition of the classification, and which goods belong to several groups.
The file is made by `scripts/make_goods_table.py`, which names its sources; each of its tables is
read when it is first asked for.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

from ipsearch.analysis.folding import RESERVED, fold, fold_joined
from ipsearch.classification import parse_nice, parse_similar_group
from ipsearch.errors import UnknownNameError

EDITION = 12
"""The edition of the Nice classification that the table is of."""

ANY = "*"
"""The part of a `Scope` that is a whole group."""

Only = Literal["all", "named", "open", "except", "ending", "described"]
RuleName = Literal[
    "parts_apart", "paragraphs_apart", "items_apart", "by_function", "first_with_all"
]


class Group(NamedTuple):
    """A similar group."""

    code: str  # 0913
    title: str  # as the table has it
    parts: tuple[str, ...]  # 一, 二 ...; () if it has none
    rules: frozenset[tuple[RuleName, str]]  # what holds within the group, and of which part or ANY

    def has(self, rule: RuleName, part: str) -> bool:
        """Say whether `rule` holds for the goods of `part`."""
        return (rule, ANY) in self.rules or (rule, part) in self.rules


class Scope(NamedTuple):
    """The goods of a group that one side of a relation speaks of.

    `only` says which: all; those named; those named and the like; all except those named; those
    whose name ends so; those that the note describes, which a list of names cannot tell.
    """

    group: str
    part: str  # ANY, or "" for what stands before all parts
    paragraph: int  # from 1; 0 is any
    only: Only
    names: frozenset[str]  # folded


class Relation(NamedTuple):
    """What a note says of goods of two groups, or of two parts of one.

    similar: they are similar. searched: they are searched together with `right`, where that is of
    the `edition` or an earlier one. shared: the same goods belong to both groups.
    """

    kind: Literal["similar", "searched", "shared"]
    edition: int  # 0: the table's own
    left: Scope
    right: Scope


class TableGoods(NamedTuple):
    """One of the goods of the table; its code is an international number or, with C, Chinese."""

    group: str
    part: str  # "" if its group has none
    paragraph: int
    code: str
    name: str


def _rows(member: str) -> Iterator[list[str]]:
    with (
        resources.files("ipsearch.data").joinpath("goods.zip").open("rb") as file,
        zipfile.ZipFile(file) as archive,
    ):
        text = archive.read(member).decode()
    return (line.split("\t") for line in text.splitlines())


def fold_name(name: str) -> str:
    """Fold a name of goods, without the signs that the table prints beside some."""
    return fold(name.strip("*※ "))


def fold_all(names: Iterable[str]) -> list[str]:
    """Fold many names at once, which is much quicker than one by one."""
    end = RESERVED[0]
    joined = end.join(names)
    return fold_joined(joined).split(end) if joined else []


@cache
def groups() -> Mapping[str, Group]:
    """Give all groups by their codes, in the table's order."""
    rules: dict[str, set[tuple[RuleName, str]]] = defaultdict(set)
    for group, part, rule in _rows("rules.tsv"):
        rules[group].add((rule, part))  # type: ignore[arg-type]  # our own file
    return {
        code: Group(code, title, tuple(parts.split()), frozenset(rules[code]))
        for code, title, parts in _rows("groups.tsv")
    }


@cache
def relations() -> Mapping[tuple[str, str], tuple[Relation, ...]]:
    """Give the relations of every pair of groups that has some: under the left, the right group."""
    found: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for kind, edition, *columns in _rows("relations.tsv"):
        left, right = _scope(columns[:5]), _scope(columns[5:])
        relation = Relation(kind, int(edition), left, right)  # type: ignore[arg-type]
        found[left.group, right.group].append(relation)
    return {pair: tuple(of_pair) for pair, of_pair in found.items()}


def _scope(columns: list[str]) -> Scope:
    group, part, paragraph, only, names = columns
    named = frozenset(names.split("|")) - {""}
    return Scope(group, part, int(paragraph), only, named)  # type: ignore[arg-type]


@cache
def former_groups() -> Mapping[str, int]:
    """Give groups that the table no longer has, with the last edition that notes name them in."""
    found: dict[str, int] = {}
    for of_pair in relations().values():
        for relation in of_pair:
            if relation.edition and relation.right.group not in groups():
                code = relation.right.group
                found[code] = max(relation.edition, found.get(code, 0))
    return found


@cache
def related_classes() -> Mapping[str, frozenset[int]]:
    """Give for each group the other classes that have goods similar to some of its own."""
    found: dict[str, set[int]] = defaultdict(set)
    for left, right in relations():
        if left[:2] != right[:2]:
            found[left].add(int(right[:2]))
            found[right].add(int(left[:2]))
    return {code: frozenset(classes) for code, classes in found.items()}


@cache
def goods() -> tuple[TableGoods, ...]:
    """Give all goods in the table's order; goods of several groups once for each."""
    return tuple(
        TableGoods(group, part, int(paragraph), code, name)
        for group, part, paragraph, code, name in _rows("goods.tsv")
    )


@cache
def synonyms() -> Mapping[tuple[str, str], frozenset[str]]:
    """Give the folded Chinese names of goods by group and code: one number may have several."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item, name in zip(goods(), fold_all(item.name for item in goods()), strict=True):
        found[item.group, item.code].add(name)
    return {key: frozenset(names) for key, names in found.items()}


@cache
def english_names() -> Mapping[str, tuple[str, ...]]:
    """Give the English names of goods by their codes; two thirds of the codes have some."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, name in _rows("english.tsv"):
        found[code].append(name)
    return {code: tuple(names) for code, names in found.items()}


@cache
def goods_by_name() -> Mapping[str, tuple[TableGoods, ...]]:
    """Give goods by their folded Chinese or English names."""
    english = english_names()
    named = [(n, item) for item in goods() for n in (item.name, *english.get(item.code, ()))]
    found: dict[str, dict[TableGoods, None]] = defaultdict(dict)
    for folded, (_, item) in zip(fold_all(name for name, _ in named), named, strict=True):
        found[folded][item] = None
    return {name: tuple(items) for name, items in found.items()}


def check_class(text: str | int) -> int:
    """Read a Nice class; raise `ClassificationError` if there is no such class."""
    return parse_nice(str(text))


def check_group(text: str) -> tuple[str, str | None]:
    """Read a similar group with its part, None if the text names none.

    Raises `ClassificationError` if the text is none, `UnknownNameError` if the table has no such
    group or the group no such part; the message names those there are.
    """
    code, part = parse_similar_group(text)
    group = groups().get(code)
    if group is None:
        edition = former_groups().get(code)
        was = f" since edition {edition} of the classification" if edition else ""
        known = " ".join(other for other in groups() if other[:2] == code[:2])
        raise UnknownNameError(
            f"there is no similar group {code}{was}; class {int(code[:2])} has: {known}"
        )
    if part is not None and part not in group.parts:
        known = f"its parts are: {' '.join(group.parts)}" if group.parts else "it has no parts"
        raise UnknownNameError(f"similar group {code} has no part {part}; {known}")
    return code, part
