"""Read the notes (注) of the Chinese table of similar goods and services into relations.

A note is a sentence of a few fixed patterns: what is similar to what, what is searched together
with marks filed under an earlier edition, which goods belong to several groups, what within a
group is not similar. The sentences are not kept, only what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

ANY = "*"
"""The part of a scope that is a whole group, whatever its parts."""

_NUMERAL = "[一二三四五六七八九十]"
_NUMERALS = f"{_NUMERAL}+(?:、{_NUMERAL}+)*"
_PARTS = rf"\({_NUMERAL}+\)(?:、\({_NUMERAL}+\))*"
_ACCEPTED = "(?:已接受(?:商品|服务)|现属)?"
_REFERENCE = re.compile(
    r"(?P<self>本类似群|类似群|本部分|各部分)?(?:\d{1,2}类)?(?:第?(?P<group>\d{4}))?的?"
    rf"{_ACCEPTED}(?:(?:原|各)?第(?P<parts>{_PARTS})部分)?的?"
    rf"(?:第(?P<paragraphs>{_NUMERALS})自然段)?的?{_ACCEPTED}(?P<rest>.*)",
    re.DOTALL,
)
_EDITION = re.compile(rf"第({_NUMERAL}+)版及以前版本")
_TARGET = rf"(?=第?\d{{4}}|第\({_NUMERAL}|本类似群|各部分)"
_SIMILAR = re.compile(
    rf"(?P<left>.+?)与{_TARGET}(?P<right>.+?)(?:均|互为)?类似(?:商品)?(?:,?与?(?P<earlier>第.+?)交叉检索)?"
)
_SEARCHED = re.compile(
    rf"(?P<left>.+?)均?与(?=第{_NUMERAL}+版)(?P<earlier>.+?)"
    r"(?:(?:分别)?交叉检索(?:,例如：.+)?|类似)"
)
_SHARED = re.compile(
    r"(?:跨类似群保护(?:商品|服务)：)?(?P<list>.+\((?:[^()]|\([^()]*\))*\d{4}.*\))"
)
_ALL = re.compile("|各?(?:所有|各部分|各自然段)?的?(?:商品|服务|类似商品)?")
_EXCEPT = re.compile(
    r"(?:商品)?\((?P<a>.+)除外\)|(?:商品)?\(除(?P<b>.+?)外\)|中?除(?P<c>.+?)(?:以外|外)的其他(?:商品|服务)"
    r"|(?P<d>.+)以外的(?:商品|服务)"
)
_DESCRIBED = re.compile(r".*属于.*类似群的.*|.*相对应.*|各单一服务")
_AND_THE_LIKE = re.compile(r"(?P<name>.*?)(?:等(?:.{2,})?|以?及其他.+)")


@dataclass(frozen=True, slots=True)
class Scope:
    """Goods of one group."""

    group: str  # 0901
    part: str = ANY  # 一; "" is what stands before all parts; ANY
    paragraph: int = 0  # 自然段, from 1; 0 is any
    only: str = "all"  # all, named, open (named and the like), except, ending, described
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """Goods of two groups, or of two parts of one, that a note relates."""

    kind: str  # similar, searched, shared
    left: Scope
    right: Scope
    edition: int = 0  # of `right`: this one or an earlier one; 0 is the table's own


@dataclass(frozen=True, slots=True)
class Rule:
    """What a note says of the goods within one group."""

    group: str
    name: str  # parts_apart, paragraphs_apart, items_apart, by_function, first_with_all
    part: str = ANY


class NotUnderstoodError(ValueError):
    """A sentence is of no known pattern."""


def from_numeral(text: str) -> int:
    """Read a Chinese numeral from 1 to 99."""
    tens, ten, ones = text.rpartition("十")
    digits = " 一二三四五六七八九"
    return (10 * digits.index(tens) if tens else 10 if ten else 0) + (
        digits.index(ones) if ones else 0
    )


def clauses(note: str) -> Iterator[str]:
    """Cut a note into its numbered sentences, without the numbers; lines are joined."""
    text = re.sub(r"\s+", "", note.replace("\n", ""))
    text = text.replace(";", "；").replace("，", ",")
    for piece in re.split(r"[；。]|[:：]$|(?<=[)）似])(?=\d{1,2}\.)", text):
        clause = re.sub(r"^\d{1,2}[.、]", "", piece.strip(",")).strip(",:：")
        if clause:
            yield clause


def by_function_class(clause: str) -> str | None:
    """Give the class, in two digits, whose corresponding goods a group is like by function."""
    match = re.fullmatch(r"本类似群.*商品根据功能用途与(\d{1,2})类.+的相应商品类似", clause)
    return match and match[1].zfill(2)


def read_clause(clause: str, group: str, part: str) -> list[Relation | Rule]:
    """Give what a sentence says that stands in the note of `group`, or of its `part` alone.

    A sentence that only describes gives an empty list; raises `NotUnderstoodError`.
    """
    rules = _rules(clause, group, part)
    if rules is not None:
        return rules
    if match := _SIMILAR.fullmatch(clause):
        lefts = scopes(match["left"], group, part)
        relations: list[Relation | Rule] = [
            Relation("similar", left, right)
            for left in lefts
            for right in scopes(match["right"], group, ANY)
        ]
        if match["earlier"]:
            relations += _earlier(lefts, match["earlier"], group)
        return relations
    if match := _SEARCHED.fullmatch(clause):
        return _earlier(scopes(match["left"], group, part), match["earlier"], group)
    if match := _SHARED.fullmatch(clause):
        return _shared(match["list"], group)
    raise NotUnderstoodError(clause)


def _rules(clause: str, group: str, part: str) -> list[Relation | Rule] | None:
    """Read a sentence on the goods within a group; None if it is none."""
    here = part or ANY
    if match := re.fullmatch(rf"(?:本类似群)?第\(({_NUMERAL}+)\)部分(.+)", clause):
        inner = match[2]
        if re.search("互相之间不判为类似|各商品之间互不类似", inner):
            return [Rule(group, "items_apart", match[1])]
        if re.search("单一(?:商品|服务),各自然段间互不类似", inner):
            return [Rule(group, "paragraphs_apart", match[1])]
        if "确定类似商品" in inner:
            return [Rule(group, "by_function", match[1])]
    if re.fullmatch(r"原接受的.+与\d{4}所有商品交叉检索", clause):
        return []  # the note before the parts says the same
    if "原各部分之间" in clause or re.search("版时(?:删除|移入)", clause):
        return []  # what an edition took away is not in the table
    if re.fullmatch("本(?:部分|类似群)为单一(?:商品|服务),各自然段间互不类似", clause):
        return [Rule(group, "paragraphs_apart", here)]
    if re.fullmatch("本类似群第一自然段(?:商品|服务)与各部分(?:商品|服务)均类似", clause):
        return [Rule(group, "first_with_all")]
    if re.fullmatch("(?:本部分|本类似群|每部分内的商品)根据.{0,4}功能、用途确定类似商品", clause):
        return [Rule(group, "by_function", here)]
    if match := re.fullmatch(f"本类似群第({_NUMERAL}+)自然段商品之间类似", clause):
        alike = Scope(group, paragraph=from_numeral(match[1]))
        return [Relation("similar", alike, alike)]
    if re.fullmatch(r"本部分为[^,]+", clause):
        return []
    match = re.fullmatch(
        rf"本类似群各部分之间(?:商品|服务)不类似(?:,但(?P<but>.+)|,(?P<inner>第\({_NUMERAL}.+))?",
        clause,
    )
    if match is not None:
        found: list[Relation | Rule] = [Rule(group, "parts_apart")]
        if match["inner"]:
            found += _rules(match["inner"], group, part) or []
        if match["but"]:
            found += _exceptions(match["but"], group)
        return found
    if re.fullmatch(r"本类似群第\(.+其他各部分之间商品不类似", clause):
        pairs = re.findall(rf"第\(({_NUMERAL}+)\)、\(({_NUMERAL}+)\)部分互为类似商品", clause)
        return [
            Rule(group, "parts_apart"),
            *(Relation("similar", Scope(group, a), Scope(group, b)) for a, b in pairs),
        ]
    if match := re.fullmatch(r"(?P<left>.+?)与(?P<right>.+?)类似,与其他商品不类似", clause):
        return [
            Rule(group, "parts_apart"),
            *(
                Relation("similar", left, right)
                for left in scopes(match["left"], group, ANY)
                for right in scopes(match["right"], group, ANY)
            ),
        ]
    return None


def _exceptions(clause: str, group: str) -> list[Relation | Rule]:
    """Read what follows 但: goods of several parts that are similar all the same."""
    if match := re.fullmatch("(.+)互为类似商品", clause):
        scope = scopes(match[1], group, ANY)[0]
        return [Relation("similar", scope, scope)]
    return read_clause(clause.replace("所有商品与", "本类似群与"), group, "")


def _earlier(lefts: list[Scope], text: str, group: str) -> list[Relation | Rule]:
    """Read 第十一版及以前版本0104..., 第九版及以前版本0302...: one list for each edition."""
    found: list[Relation | Rule] = []
    pieces = _EDITION.split(text)
    if pieces[0].strip(","):
        raise NotUnderstoodError(text)
    last = group
    for numeral, goods in zip(pieces[1::2], pieces[2::2], strict=True):
        for right in scopes(goods.strip(","), last, ANY):
            last = right.group
            found += [Relation("searched", left, right, from_numeral(numeral)) for left in lefts]
    return found


def _shared(text: str, group: str) -> list[Relation | Rule]:
    """Read 燃料(0402,0403): goods that belong to several groups, each related to this one's."""
    found: list[Relation | Rule] = []
    for item in split_names(text):
        match = re.fullmatch(r"(.+)\((\d{4}.*)\)", item)
        if match is None:
            raise NotUnderstoodError(item)
        places = [scopes(place, group, ANY)[0] for place in split_names(match[2])]
        own = [place for place in places if place.group == group]
        if not own:
            raise NotUnderstoodError(item)
        found += [
            Relation(
                "shared",
                replace(own[0], only="named", names=(match[1],)),
                replace(place, only="named", names=(match[1],)),
            )
            for place in places
            if place.group != group
        ]
    return found


def split_names(text: str) -> list[str]:
    """Split at the commas that stand in no parentheses."""
    names, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            names.append(text[start:at])
            start = at + 1
    names.append(text[start:])
    return [name for name in names if name]


def scopes(text: str, group: str, part: str) -> list[Scope]:
    """Read a list of goods by groups, parts, paragraphs and names, as one scope for each place."""
    found: list[list[Scope]] = []
    text = re.sub(rf"(?:以及|和|及)(?=第?\d{{4}}|第\(?{_NUMERAL})", ",", text)
    for token in split_names(text):
        match = _REFERENCE.fullmatch(token)
        assert match is not None
        names_place = any(match[key] for key in ("self", "group", "parts", "paragraphs"))
        rest = match["rest"]
        if not names_place and found:
            found[-1] = [_with_name(scope, rest) for scope in found[-1]]
            continue
        is_of_last = found and not match["self"] and (match["parts"] or match["paragraphs"])
        own_group = match["group"] or (found[-1][0].group if is_of_last else group)
        own_part = part or ANY if own_group == group and not match["group"] else ANY
        if match["self"] == "各部分":
            own_part = ANY
        parts = re.findall(f"{_NUMERAL}+", match["parts"]) if match["parts"] else [own_part]
        paragraphs = (
            [from_numeral(n) for n in match["paragraphs"].split("、")]
            if match["paragraphs"]
            else [0]
        )
        places = [Scope(own_group, p, n) for p in parts for n in paragraphs]
        if rest.startswith("各种"):  # 2102,2106,2111各种瓶: of all three
            found = [[_with_name(s, rest) if s.only == "all" else s for s in f] for f in found]
        found.append([_with_name(scope, rest) for scope in places])
    return [scope for places in found for scope in places]


def _with_name(scope: Scope, text: str) -> Scope:
    """Narrow a scope by a name, or by words that say which goods are meant."""
    text = text.removesuffix(",")
    if _ALL.fullmatch(text):
        return scope
    if match := _EXCEPT.fullmatch(text):
        left_out = next(filter(None, match.groups()))
        return replace(scope, only="except", names=tuple(split_names(left_out)))
    if text.startswith("各种"):
        return replace(scope, only="ending", names=(text.removeprefix("各种"),))
    is_open = scope.only == "open"
    if match := _AND_THE_LIKE.fullmatch(text):
        text, is_open = match["name"], True
    elif _DESCRIBED.fullmatch(text):
        return replace(scope, only="described")
    names = (*scope.names, text) if text else scope.names
    return replace(scope, only="open" if is_open else "named", names=names)
