"""Likeness of goods: what a mark covers and what is asked for, judged by the table of the office.

`Goods` says what one side covers: classes, similar groups with their parts, goods in words.
`goods_likeness` compares two by the rules of `goods_rules` and says which one decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Any, NamedTuple

from ipsearch.errors import ClassificationError
from ipsearch.marks import goods_table as table
from ipsearch.marks.goods_places import Case, Place, compare_places, touches
from ipsearch.marks.goods_rules import WEIGHTS, GoodsRule
from ipsearch.marks.goods_table import Scope
from ipsearch.marks.goods_words import read_goods

_NAMES_SHOWN = 3
_GROUP = re.compile("[0-9]{4}")  # other offices have groups of their own, which are not these
_EDITION = re.compile(r"\D*(\d{1,2})(?!\d)")


class GoodsLikeness(NamedTuple):
    """How like two lists of goods are, by the rule that decided, with what it was applied to."""

    score: float  # 0..1
    rule: GoodsRule
    detail: str  # "0901: 光盘 ~ 0908: cd盘(音像)"


@dataclass(frozen=True, slots=True)
class Goods:
    """What a mark or a question covers; false if nothing is known of it."""

    classes: frozenset[int] = frozenset()  # 1-45
    places: tuple[Place, ...] = ()
    open_classes: frozenset[int] = frozenset()  # covered, but not, or not only, at known places
    whole_classes: frozenset[int] = frozenset()  # of these, asked for whatever is in them
    names: frozenset[tuple[str, str]] = frozenset()  # group, each folded name of goods of the table
    loose_names: frozenset[tuple[int, str]] = frozenset()  # class, folded name: all others
    edition: int | None = None  # of the classification that the mark was filed under

    def __bool__(self) -> bool:
        return bool(self.classes)


def asked_goods(
    classes: Iterable[int | str] = (),
    groups: Iterable[str] = (),
    goods: Iterable[str] = (),
) -> Goods:
    """Read what a question covers: `--class 9 --group 0901 --goods 手机`.

    Groups and goods narrow their class; a class without any of them is covered as a whole. Goods
    in words are looked for in `classes` where some are given, else in all.

    Raises `ClassificationError` for a class that does not exist, for what is no group, and for
    words that nothing in the table is like where no class is given; `UnknownNameError` for a group
    or a part that does not exist.
    """
    asked = {table.check_class(one) for one in classes}
    places = [Place(*table.check_group(text)) for text in groups]
    narrowed = {place.nice_class for place in places}
    names: set[tuple[str, str]] = set()
    loose: set[tuple[int, str]] = set()
    for words in goods:
        found = read_goods(words, classes=asked)
        if not found and not asked:
            raise ClassificationError(
                f"no goods of the table are like {words!r}; give a class or a similar group"
            )
        if not found:
            loose |= {(one, table.fold_name(words)) for one in asked}
        for hit in found:
            place = Place(hit.group, hit.part, hit.paragraph)
            places.append(place)
            narrowed.add(place.nice_class)
            names |= {(hit.group, name) for name in table.synonyms()[hit.group, hit.code]}
    vague = {number for number, _ in loose}
    return Goods(
        classes=frozenset(asked | narrowed),
        whole_classes=frozenset(asked - narrowed - vague),
        places=tuple(dict.fromkeys(places)),
        open_classes=frozenset((asked - narrowed) | vague),
        names=frozenset(names),
        loose_names=frozenset(loose),
    )


def recorded_goods(classes: Sequence[Mapping[str, Any]]) -> Goods:
    """Read what a mark covers from the column `classes` of its record (`records.MARK_CLASS`).

    Goods whose names the table has, in Chinese or English, give their place; the groups that the
    record names count with the part it names. Never raises: what the table lacks is kept.
    """
    covered: set[int] = set()
    open_classes: set[int] = set()
    places: dict[Place, None] = {}
    names: set[tuple[str, str]] = set()
    loose: set[tuple[int, str]] = set()
    edition: int | None = None
    for entry in classes:
        number = entry.get("nice_class")
        if number is None:
            continue
        covered.add(number)
        edition = edition or _edition_number(entry.get("edition"))
        groups = [
            Place(g["group"], g.get("part"))
            for g in entry.get("similar_groups") or ()
            if _GROUP.fullmatch(g.get("group") or "")
        ]
        within = frozenset(place.group for place in groups)
        at_goods: dict[Place, None] = {}
        others: set[str] = set()
        for name in entry.get("goods") or ():
            found = _named_goods(name, number, within)
            at_goods.update((place, None) for place, _ in found)
            names |= {(place.group, one) for place, synonyms in found for one in synonyms}
            if not found:
                others.add(_folded(name))
        loose |= {(number, name) for name in others}
        # where all goods are known, they say more than the group or part they stand in
        places.update((p, None) for p in groups if others or not _has_some(p, at_goods))
        places.update(at_goods)
        if not groups and (others or not at_goods):
            open_classes.add(number)
    return Goods(
        frozenset(covered),
        tuple(places),
        frozenset(open_classes),
        names=frozenset(names),
        loose_names=frozenset(loose),
        edition=edition,
    )


def groups_of_goods(names: Iterable[str], nice_class: int) -> list[dict[str, str | None]]:
    """Give the similar groups of goods that stand in the table under these names, as records do.

    All of them or none: a group for some alone would say that the others are elsewhere.
    """
    found: dict[tuple[str, str | None], None] = {}
    for name in names:
        named = _named_goods(name, nice_class, frozenset())
        if not named:
            return []
        found.update(((place.group, place.part or None), None) for place, _ in named)
    return [{"group": group, "part": part} for group, part in found]


@lru_cache(maxsize=1 << 16)
def _folded(name: str) -> str:
    return table.fold_name(name)


@lru_cache(maxsize=1 << 16)
def _named_goods(
    name: str, number: int, groups: frozenset[str]
) -> tuple[tuple[Place, frozenset[str]], ...]:
    """Give the places of goods of this name, in `groups` if there are any, with all their names."""
    return tuple(
        (Place(item.group, item.part, item.paragraph), table.synonyms()[item.group, item.code])
        for item in table.goods_by_name().get(_folded(name), ())
        if int(item.group[:2]) == number and (not groups or item.group in groups)
    )


def _has_some(place: Place, of_goods: Iterable[Place]) -> bool:
    """Say whether some goods stand in a group, or in a part of it."""
    return any(p.group == place.group and place.part in (None, p.part) for p in of_goods)


@lru_cache(maxsize=256)
def _edition_number(text: str | None) -> int | None:
    """Read `12-2024`, `NCL(12)`, `12`; None if it is no edition."""
    match = _EDITION.match(text or "")
    return int(match[1]) if match is not None else None


def goods_likeness(asked: Goods, held: Goods) -> GoodsLikeness:
    """Compare the goods asked for with those a mark holds; the strongest rule decides.

    Not symmetric: where no goods are asked for every mark counts, while a record that names none
    is not known; and only the mark held may have been filed under an earlier edition.
    """
    if not asked:
        return _likeness("not_asked")
    if not held:
        return _likeness("class_unknown")
    same = _same_names(asked, held)
    if same is not None:
        return same
    best = _likeness("different")
    for ours, theirs in product(asked.places, held.places):
        rule, detail, cases = compare_places(ours, theirs)
        if WEIGHTS[rule].score > best.score:
            best = _likeness(rule, detail)
        for case in cases:
            found = _judge(case, asked, ours, held, theirs)
            if found is not None and found.score > best.score:
                best = found
        if best.score == 1.0:
            return best
    for rule, detail in _of_open_classes(asked, held):
        if WEIGHTS[rule].score > best.score:
            best = _likeness(rule, detail)
    return best


def _likeness(rule: GoodsRule, detail: str = "") -> GoodsLikeness:
    return GoodsLikeness(WEIGHTS[rule].score, rule, detail)


def _same_names(asked: Goods, held: Goods) -> GoodsLikeness | None:
    """Find goods of the same name on both sides."""
    at_places = asked.names & held.names
    if at_places:
        group = min(at_places)[0]
        return _likeness("same_goods", f"{group}: {_listed(n for g, n in at_places if g == group)}")
    others = asked.loose_names & held.loose_names
    if others:
        number = min(others)[0]
        return _likeness("same_goods", f"{number}: {_listed(n for c, n in others if c == number)}")
    return None


def _of_open_classes(asked: Goods, held: Goods) -> Iterator[tuple[GoodsRule, str]]:
    """Give what is to be said of classes that are asked for whole, or held without groups."""
    whole = asked.whole_classes & held.classes
    if whole:
        yield "whole_class", str(min(whole))
    unknown = (asked.classes & held.open_classes) | (asked.open_classes & held.classes)
    if unknown:
        yield "class_only", str(min(unknown))
    related = table.related_classes()
    for one, other in ((asked, held), (held, asked)):
        if not other.open_classes:
            continue
        for place in one.places:
            numbers = related.get(place.group, frozenset()) & other.open_classes
            if numbers:
                yield "class_related", f"{place} ~ {min(numbers)}"
                return


def _judge(
    case: Case, asked: Goods, ours: Place, held: Goods, theirs: Place
) -> GoodsLikeness | None:
    """Judge by what a note says; None if it does not speak of these goods."""
    our_names, their_names = _names_at(asked, ours), _names_at(held, theirs)
    facts = [touches(case.ours, ours, our_names), touches(case.theirs, theirs, their_names)]
    if case.edition:
        facts.append(None if held.edition is None else held.edition <= case.edition)
    if False in facts:
        return None
    is_sure = case.is_certain and None not in facts
    rule: GoodsRule
    if case.edition:
        rule = "searched_by_edition" if is_sure else "searched_by_edition_some"
    else:
        rule = "similar_by_note" if is_sure else "similar_by_note_some"
    until = f" (≤{case.edition})" if case.edition else ""
    shown = f"{_shown(case.ours, ours, our_names)} ~ {_shown(case.theirs, theirs, their_names)}"
    return _likeness(rule, shown + until)


def _names_at(goods: Goods, place: Place) -> frozenset[str]:
    """Give the names that may be of goods at a place."""
    names = {name for group, name in goods.names if group == place.group}
    if place.paragraph is None:
        names |= {name for number, name in goods.loose_names if number == place.nice_class}
    return frozenset(names)


def _shown(scope: Scope, place: Place, names: frozenset[str]) -> str:
    """Show a side of a relation: the place, with the goods that the note names."""
    if scope.only in ("all", "described"):
        return str(place)
    if scope.only == "except":
        return f"{place} - {_listed(scope.names)}"
    return f"{place}: {_listed(names & scope.names or scope.names)}"


def _listed(names: Iterable[str]) -> str:
    shown = sorted(names)
    more = " …" if len(shown) > _NAMES_SHOWN else ""
    return ", ".join(islice(shown, _NAMES_SHOWN)) + more
