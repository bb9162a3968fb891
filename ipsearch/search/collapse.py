"""Here is a question, give me one row a family or an application, with its members that match.

The best-ranked member stands for its group. The first pages look at as many hits as they need; a
deep page, and the number of groups, take the keys of all that is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from ipsearch.errors import QueryError
from ipsearch.index import any_of, fact_query, narrowed
from ipsearch.records import Kind
from ipsearch.search.execute import Place, rows_at
from ipsearch.search.matches import Addresses, Question, addresses_of, pieces
from ipsearch.search.ordering import Order, all_places, page

Grouping = Literal["family", "application"]
Key = tuple[str, str]  # field of the index, value

_MOST_READ = 2_000
"""Hits that are read one by one for the first pages: more are read as arrays."""


class Group(NamedTuple):
    """A group found."""

    place: Place  # of its best-ranked member
    members: tuple[str, ...]  # ids of those that match, sorted


def read_grouping(text: str, kind: Kind) -> Grouping:
    """Read `family` or `application`; raises `QueryError`."""
    known = ("family", "application") if kind == "patent" else ("application",)
    if text not in known:
        raise QueryError(f"no groups by {text!r} for a {kind}; there are: {', '.join(known)}")
    return cast(Grouping, text)


def page_of_groups(
    question: Question, order: Order, by: Grouping, offset: int, limit: int
) -> list[Group]:
    """Give `limit` groups after the first `offset`, best first.

    What has no family is grouped by its application.
    """
    heads = _first_heads(question, order, by, offset + limit)
    if heads is None:
        heads = _all_heads(question, order, by, offset + limit)
    return _with_members(question, by, heads[offset:])


def count_groups(question: Question, by: Grouping) -> int:
    """Count the groups of all that is found: 8 bytes a hit, and each key once, are held."""
    keys = _codes(question, by, addresses_of(question.state, question.whole()))
    return len(np.unique(keys))


_Head = tuple[Place, Key]


def _first_heads(question: Question, order: Order, by: Grouping, wanted: int) -> list[_Head] | None:
    """Find the first `wanted` groups among the first hits; None if these do not do."""
    most = min(4 * wanted, _MOST_READ)
    while wanted <= _MOST_READ:
        places = page(question, order, 0, most)
        heads: dict[Key, Place] = {}
        for place, row in zip(places, _rows(question, by, places), strict=True):
            heads.setdefault(group_key(row, by), place)
        if len(heads) >= wanted or len(places) < most:
            return [(place, key) for key, place in heads.items()][:wanted]
        if most == _MOST_READ:
            break
        most = min(4 * most, _MOST_READ)
    return None


def _columns(by: Grouping) -> list[str]:
    return ["application_key", *(["family_id"] if by == "family" else [])]


def _rows(question: Question, by: Grouping, places: Sequence[Place]) -> list[dict[str, Any]]:
    return rows_at(question.state, places, ["id", *_columns(by)])


def group_key(row: Mapping[str, Any], by: Grouping) -> Key:
    """Give what a row, with its `family_id` and `application_key`, shares with its group alone."""
    family = row["family_id"] if by == "family" else None
    return ("app", row["application_key"]) if family is None else ("fam", family)


def _with_members(question: Question, by: Grouping, heads: Sequence[_Head]) -> list[Group]:
    if not heads:
        return []
    kind, state = question.state.kind, question.state
    in_groups = any_of([fact_query(kind, *key) for _, key in heads])
    found = addresses_of(state, [narrowed(q, [in_groups]) for q in question.whole()])
    places = [
        Place(0.0, shard.number, address)
        for shard, addresses in zip(state.shards, found, strict=True)
        for address in addresses.tolist()
    ]
    members: dict[Key, list[str]] = {key: [] for _, key in heads}
    for row in _rows(question, by, places):
        if (key := group_key(row, by)) in members:  # the index has extended families as well
            members[key].append(row["id"])
    return [Group(place, tuple(sorted(members[key]))) for place, key in heads]


def _codes(question: Question, by: Grouping, found: Sequence[Addresses]) -> npt.NDArray[np.int64]:
    """Give each hit, in order of storage, a number that it shares with its group alone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = []
    for piece in pieces(question.state, found, _columns(by)):
        keys = pc.binary_join_element_wise("app", piece.batch.column("application_key"), ":")
        if by == "family":
            families = piece.batch.column("family_id")
            keys = pc.coalesce(pc.binary_join_element_wise("fam", families, ":"), keys)
        encoded.append(keys.dictionary_encode())
    if not encoded:
        return np.empty(0, np.int64)
    unified = pa.chunked_array(encoded).unify_dictionaries()
    codes = [chunk.indices.to_numpy().astype(np.int64) for chunk in unified.chunks]
    return np.concatenate(codes)


def _all_heads(question: Question, order: Order, by: Grouping, wanted: int) -> list[_Head]:
    """Find the first `wanted` groups among all that is found."""
    shards, addresses, scores = all_places(question, order)
    held = [np.sort(addresses[shards == i]) for i in range(len(question.state.shards))]
    codes = _codes(question, by, held)
    begins = np.cumsum([0, *(len(some) for some in held)])
    ranked = np.empty(len(addresses), np.int64)  # the codes in the order of the hits
    for i, some in enumerate(held):
        here = shards == i
        ranked[here] = codes[begins[i] + np.searchsorted(some, addresses[here])]
    firsts = np.sort(np.unique(ranked, return_index=True)[1])[:wanted]
    places = [
        Place(float(scores[i]), question.state.shards[shards[i]].number, int(addresses[i]))
        for i in firsts.tolist()
    ]
    rows = _rows(question, by, places)
    return [(place, group_key(row, by)) for place, row in zip(places, rows, strict=True)]
