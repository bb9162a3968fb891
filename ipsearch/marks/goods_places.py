"""Here are two places in the table, what does it say of goods that stand there?"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from ipsearch.marks import goods_table as table
from ipsearch.marks.goods_rules import GoodsRule
from ipsearch.marks.goods_table import Group, Relation, Scope


class Place(NamedTuple):
    """Where goods stand in the table, as far as it is known."""

    group: str  # 0901
    part: str | None = None  # 一; "" if it stands before all parts or there are none; None unknown
    paragraph: int | None = None  # from 1; None unknown: it may be any goods of the group or part

    def __str__(self) -> str:
        return f"{self.group}({self.part})" if self.part else self.group

    @property
    def nice_class(self) -> int:
        """The class that the group belongs to."""
        return int(self.group[:2])


class Case(NamedTuple):
    """What a note says of two places, if the goods are those it speaks of."""

    ours: Scope
    theirs: Scope
    edition: int  # that the mark at the second place is of, or of an earlier one; 0: any
    is_certain: bool  # both places are known to be within the scopes


class Comparison(NamedTuple):
    """What is known of two places whatever the goods are, and what depends on the goods."""

    rule: GoodsRule
    detail: str  # "0913(三) ~ 0913(四)"
    cases: tuple[Case, ...]


@lru_cache(maxsize=1 << 16)
def compare_places(ours: Place, theirs: Place) -> Comparison:
    """Compare two places; the second alone may be of a mark of an earlier edition."""
    detail = " ~ ".join(dict.fromkeys((str(ours), str(theirs))))
    if ours.group == theirs.group:
        rule = _within_group(ours, theirs)
        # a note on goods within a group is an exception to what holds there otherwise
        cases = _cases(ours, theirs) if rule in ("parts_not_similar", "by_function") else ()
        return Comparison(rule, detail, cases)
    rule = "same_class" if ours.nice_class == theirs.nice_class else "different"
    return Comparison(rule, detail, _cases(ours, theirs))


def touches(scope: Scope, place: Place, names: Collection[str]) -> bool | None:
    """Say whether a scope has some of the goods of this place that are called `names`.

    None if that is not known: `names` may be not all, where the place is known by its group alone.
    """
    if scope.only == "all":
        return True
    if scope.only == "except":
        is_found = any(name not in scope.names for name in names)
    elif scope.only == "ending":
        ends = tuple(scope.names)
        is_found = any(name.partition("(")[0].endswith(ends) for name in names)
    else:
        is_found = any(name in scope.names for name in names)
    if is_found:
        return True
    may_be_others = place.paragraph is None or scope.only in ("open", "described")
    return None if may_be_others else False


def _within_group(ours: Place, theirs: Place) -> GoodsRule:
    """Compare two places in the same group."""
    group = table.groups().get(ours.group)
    if group is None:
        return "same_group"  # of an earlier edition, of whose parts nothing is known
    our_part, their_part = (_known_part(place.part, group) for place in (ours, theirs))
    is_first = "" in (our_part, their_part) and group.has("first_with_all", table.ANY)
    if is_first and our_part != their_part:
        return "first_paragraph"
    if our_part is None or their_part is None:
        return "part_unknown"
    if our_part != their_part:
        return "parts_not_similar"
    paragraphs_apart = group.has("paragraphs_apart", our_part)
    if paragraphs_apart or group.has("items_apart", our_part):
        if None in (ours.paragraph, theirs.paragraph):
            return "paragraph_unknown"
        is_same = paragraphs_apart and ours.paragraph == theirs.paragraph
        return "same_part" if is_same else "goods_not_similar"
    if group.has("by_function", our_part):
        return "by_function"
    return "same_part" if our_part else "same_group"


def _known_part(part: str | None, group: Group) -> str | None:
    """Give the part of a place, which goes without saying where there is none or only one."""
    if part is None and len(group.parts) < 2:
        return group.parts[0] if group.parts else ""
    return part


def _cases(ours: Place, theirs: Place) -> tuple[Case, ...]:
    """Give what notes say of these two places, either way round."""
    found: dict[Case, None] = {}
    for relation in table.relations().get((ours.group, theirs.group), ()):
        _add(found, relation, ours, theirs, relation.left, relation.right)
    for relation in table.relations().get((theirs.group, ours.group), ()):
        if not relation.edition:  # what is searched by edition is so for the right side alone
            _add(found, relation, ours, theirs, relation.right, relation.left)
    return tuple(found)


def _add(
    found: dict[Case, None],
    relation: Relation,
    ours: Place,
    theirs: Place,
    our_scope: Scope,
    their_scope: Scope,
) -> None:
    within = (_is_within(ours, our_scope), _is_within(theirs, their_scope))
    if False not in within:
        found[Case(our_scope, their_scope, relation.edition, None not in within)] = None


def _is_within(place: Place, scope: Scope) -> bool | None:
    """Say whether a place is within part and paragraph of a scope; None if that is not known."""
    group = table.groups().get(place.group)
    part = _known_part(place.part, group) if group is not None else place.part
    if scope.part != table.ANY and part != scope.part:
        return None if part is None else False
    if scope.paragraph and place.paragraph != scope.paragraph:
        return None if place.paragraph is None else False
    return True
