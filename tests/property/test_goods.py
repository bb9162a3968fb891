"""Likeness of goods: laws that hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.marks import goods_table as table
from ipsearch.marks.goods import Goods, goods_likeness, recorded_goods
from ipsearch.marks.goods_rules import WEIGHTS
from ipsearch.marks.goods_words import find_goods, read_goods

_GOODS = st.sampled_from(table.goods())
_GROUPS = st.sampled_from(sorted(table.groups()) + sorted(table.former_groups()))


@st.composite
def mark_classes(draw: st.DrawFn, edition: str | None = None) -> list[dict[str, Any]]:
    """Some classes of a mark: with groups, with goods, with both or with neither."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        item = draw(_GOODS)
        entry: dict[str, Any] = {"nice_class": int(item.group[:2]), "edition": edition}
        if draw(st.booleans()):
            part = item.part or None if draw(st.booleans()) else None
            entry["similar_groups"] = [{"group": item.group, "part": part}]
        if draw(st.booleans()):
            entry["goods"] = [item.name] + ["无名之物"] * draw(st.integers(0, 1))
        found.append(entry)
    return found


def current(classes: list[dict[str, Any]]) -> Goods:
    """Read classes as of an edition to which no note on earlier ones applies."""
    return recorded_goods([entry | {"edition": "99"} for entry in classes])


@settings(deadline=None)
@given(mark_classes(), mark_classes())
def test_scores_are_those_of_the_rules(
    asked: list[dict[str, Any]], held: list[dict[str, Any]]
) -> None:
    """A score is in 0..1 and its rule's; the same goods asked twice give the same."""
    found = goods_likeness(recorded_goods(asked), recorded_goods(held))
    assert 0 <= found.score <= 1
    assert found.score == WEIGHTS[found.rule].score
    assert found == goods_likeness(recorded_goods(asked), recorded_goods(held))


@settings(deadline=None)
@given(mark_classes(), mark_classes())
def test_both_ways_round(asked: list[dict[str, Any]], held: list[dict[str, Any]]) -> None:
    """Where no note on earlier editions applies, it does not matter which side is asked for."""
    one, other = current(asked), current(held)
    assert goods_likeness(one, other).score == goods_likeness(other, one).score


@settings(deadline=None)
@given(mark_classes(), mark_classes(), mark_classes())
def test_more_goods_are_never_less_like(
    asked: list[dict[str, Any]], held: list[dict[str, Any]], more: list[dict[str, Any]]
) -> None:
    """A mark that covers more classes is at least as like."""
    other = {entry["nice_class"] for entry in held + asked}
    added = held + [entry for entry in more if entry["nice_class"] not in other]
    less = goods_likeness(current(asked), current(held)).score
    assert goods_likeness(current(asked), current(added)).score >= less


@settings(deadline=None)
@given(_GOODS)
def test_goods_are_like_themselves(item: table.TableGoods) -> None:
    """Goods of the table are the same as themselves; their group says at least as much as a part
    that is not known."""
    entry = {"nice_class": int(item.group[:2]), "goods": [item.name]}
    goods = recorded_goods([entry])
    assert goods_likeness(goods, goods).score == 1.0
    group = recorded_goods([{**entry, "goods": [], "similar_groups": [{"group": item.group}]}])
    assert goods_likeness(goods, group).score >= WEIGHTS["paragraph_unknown"].score


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "nice_class": st.none() | st.integers(-1, 99),
                "edition": st.none() | st.text(max_size=8),
                "goods": st.none() | st.lists(st.text(max_size=8), max_size=3),
                "similar_groups": st.none()
                | st.lists(
                    st.fixed_dictionaries(
                        {"group": st.none() | _GROUPS | st.text(max_size=5)},
                        optional={"part": st.none() | st.text(max_size=2)},
                    ),
                    max_size=3,
                ),
            },
        ),
        max_size=3,
    ),
    mark_classes(),
)
def test_any_record_is_read(odd: list[dict[str, Any]], held: list[dict[str, Any]]) -> None:
    """Whatever a record says of its classes, it is read and compared without an error."""
    one, other = recorded_goods(odd), recorded_goods(held)
    assert 0 <= goods_likeness(one, other).score <= 1
    assert 0 <= goods_likeness(other, one).score <= 1


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_words_are_looked_for(words: str) -> None:
    """Any text is looked for without an error; what is read is among what is found."""
    hits = find_goods(words, limit=20)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert set(read_goods(words)) <= set(hits)
