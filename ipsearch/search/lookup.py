"""Here is an id, or a list of ids or numbers, give me the records that go by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ipsearch.identifiers import filing_keys
from ipsearch.index import Shard, any_of, fact_query
from ipsearch.records import Kind

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_MOST = 100  # an id is one record's; more would be a fault of some source
_VALUES_AT_ONCE = 300  # in one search
_ROWS_AT_ONCE = 2_000  # whole records, read together

_NUMBERS: dict[Kind, tuple[str, str, str]] = {
    "patent": ("publication_number", "application_number", "other_numbers"),
    "trademark": ("registration_number", "application_number", "other_numbers"),
}
"""The columns that a record is filed under, as the index has them in its field `num`."""


def records_with_id(state: KindState, record_id: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Find the records with exactly this id: shard, and the columns that say what they speak of."""
    columns = ["application_key"]
    if state.kind == "patent":
        columns.append("publication_number")
    query = fact_query(state.kind, "id", record_id)
    for shard in state.shards:
        places = [(shard.number, hit.address) for hit in shard.search(query, _MOST)]
        for row in state.rows(places, columns):
            yield shard.number, row


def records_by_keys(
    state: KindState, wanted: Mapping[str, Sequence[str]], columns: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Find the records of many numbers at once: name -> its search keys, as `lookup_keys` has them.

    Gives each name the records that go by one of its keys, ordered by id. Some hundred keys are
    one search; what was found is read in the order in which it is kept, so each piece of a file
    once or little more.
    """
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in wanted}
    names_of: dict[str, list[str]] = {}
    for name, keys in wanted.items():
        for key in keys:
            names_of.setdefault(key, []).append(name)
    places = places_of(state, "num", list(names_of))
    filed_by = _NUMBERS[state.kind]
    read = list(dict.fromkeys((*columns, *filed_by)))
    for begin in range(0, len(places), _ROWS_AT_ONCE):
        for row in state.rows(places[begin : begin + _ROWS_AT_ONCE], read):
            publication, application, others = (row[column] for column in filed_by)
            filed = filing_keys(
                publication_number=publication, application_number=application, others=others or ()
            )
            names = [name for key in filed for name in names_of.get(key, ())]
            for name in dict.fromkeys(names):
                found[name].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: str(row["id"]))
    return found


def rows_of_ids(
    state: KindState, ids: Sequence[str], columns: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Give some columns of the records with these ids; those that are not there are left out."""
    wanted, places = set(ids), places_of(state, "id", list(dict.fromkeys(ids)))
    found = {}
    for begin in range(0, len(places), _ROWS_AT_ONCE):
        for row in state.rows(places[begin : begin + _ROWS_AT_ONCE], ["id", *columns]):
            if row["id"] in wanted:
                found[row["id"]] = row
    return found


def places_of(state: KindState, field: str, values: Sequence[str]) -> list[tuple[int, int]]:
    """Find where the records are kept that have one of these values: shard and address, sorted."""
    places: set[tuple[int, int]] = set()
    for begin in range(0, len(values), _VALUES_AT_ONCE):
        some = values[begin : begin + _VALUES_AT_ONCE]
        query = any_of([fact_query(state.kind, field, value) for value in some])

        def search(shard: Shard, query: Any = query) -> list[tuple[int, int]]:
            limit = 4 * _VALUES_AT_ONCE
            while len(hits := shard.search(query, limit)) == limit:  # seldom: marks of all offices
                limit *= 8
            return [(shard.number, hit.address) for hit in hits]

        for found in state.each(search, state.shards):
            places.update(found)
    return sorted(places)
