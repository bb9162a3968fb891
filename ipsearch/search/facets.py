"""Here is a question, give me how what it finds is spread: over offices, years, applicants ...

Every count is exact. Values that the index keeps whole are counted by it; names and places, which
it keeps as words, in the columns of the records found, a row group at a time. What is held grows
with the number of different values alone, about 100 bytes each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import tantivy

from ipsearch.errors import QueryError
from ipsearch.index import FACTS, Shard, engine_schema, narrowed
from ipsearch.records import Kind
from ipsearch.search.execute import count
from ipsearch.search.matches import Question, addresses_of, pieces_of

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_PENDING = 300_000
"""Values with their counts, of single row groups, that wait to be added up."""


@dataclass(frozen=True, slots=True)
class Facet:
    """How the records found are spread over the values of one field.

    A record with a value twice counts once for it; one with several values, once for each.
    """

    name: str
    values: tuple[tuple[str, int], ...]  # the most frequent first, then by the value
    distinct: int  # different values, listed here or not
    missing: int  # records without any
    records: int  # records found


class _Terms(NamedTuple):
    """Values that the index keeps whole."""

    field: str
    form: str = ".+"  # of the terms of the field that count: a class has all its levels there


class _Years(NamedTuple):
    field: str  # of dates


class _Columns(NamedTuple):
    """Values in the records; a later column counts where the ones before give no value."""

    paths: tuple[str, ...]


_SUBCLASS, _MAIN_GROUP = r"[^/]{4}", r"[^/]{5,}"


def _levels(scheme: str) -> dict[str, _Terms]:
    return {
        f"{scheme}1": _Terms(scheme, "."),
        f"{scheme}3": _Terms(scheme, "..."),
        f"{scheme}4": _Terms(scheme, _SUBCLASS),
        f"{scheme}group": _Terms(scheme, _MAIN_GROUP),
    }


def _of_parties(inner: str) -> _Columns:
    return _Columns((f"applicants.{inner}", f"owners.{inner}"))


FACETS: dict[Kind, dict[str, _Terms | _Years | _Columns]] = {
    "patent": {
        "office": _Terms("office"),
        "year": _Years("pd"),
        "filing_year": _Years("ad"),
        "applicant": _of_parties("name"),  # owners where no applicant is known
        "owner": _Columns(("owners.name",)),
        "inventor": _Columns(("inventors.name",)),
        **_levels("ipc"),
        **_levels("cpc"),
        "province": _of_parties("province"),
        "city": _of_parties("city"),
        "status": _Terms("ls"),
        "type": _Terms("type"),
        "kind": _Terms("kind"),
    },
    "trademark": {
        "office": _Terms("office"),
        "year": _Years("pd"),
        "filing_year": _Years("ad"),
        "owner": _Columns(("owners.name",)),
        "nice": _Terms("nc"),
        "status": _Terms("ls"),
        "group": _Terms("sg", "[^-]+"),
        "province": _Columns(("owners.province",)),
        "city": _Columns(("owners.city",)),
    },
}
"""What results can be counted by."""

DEFAULT: dict[Kind, tuple[str, ...]] = {
    "patent": ("office", "year", "applicant", "ipc4", "province", "status"),
    "trademark": ("office", "year", "owner", "nice", "status"),
}


def facets(
    question: Question, by: Sequence[str] | None = None, top: int | None = 20
) -> dict[str, Facet]:
    """Count what is found by each of `by`; of the values, give the `top` most frequent, or all.

    Raises `QueryError` for a name that is not in `FACETS`.
    """
    kind = question.state.kind
    names = list(dict.fromkeys(DEFAULT[kind] if by is None else by))
    for name in names:
        if name not in FACETS[kind]:
            known = ", ".join(FACETS[kind])
            raise QueryError(f"no facet {name!r} for a {kind}; there are: {known}")
    if top is not None and top < 1:
        raise QueryError(f"top {top}: at least 1")
    queries = question.whole()
    records = question.count()
    columns = {name: spec for name in names if isinstance(spec := FACETS[kind][name], _Columns)}
    counted = _by_columns(question, queries, columns, top) if columns else {}
    for name in names:
        match FACETS[kind][name]:
            case _Terms() as spec:
                counts, held = _by_terms(question, queries, spec, records)
                counted[name] = (_best(counts, top), len(counts), held)
            case _Years(field):
                years = _by_years(question, queries, field)
                counted[name] = (_best(years, top), len(years), sum(years.values()))
    return {
        name: Facet(name, values, distinct, records - held, records)
        for name in names
        for values, distinct, held in [counted[name]]
    }


def _best(counts: Counter[str], top: int | None) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:top])


# by the index


def _by_terms(
    question: Question, queries: Sequence[tantivy.Query], spec: _Terms, records: int
) -> tuple[Counter[str], int]:
    """Count the records of each value, and those with any."""
    kind, state = question.state.kind, question.state
    prefix = f"{spec.field}:"

    def one(asked: tuple[Shard, tantivy.Query]) -> list[tuple[str, int]]:
        return asked[0].term_counts(asked[1], prefix)

    every: Counter[str] = Counter()
    for answer in state.each(one, list(zip(state.shards, queries, strict=True))):
        for term, records_with in answer:
            every[term.removeprefix(prefix)] += records_with
    form = re.compile(spec.form)
    counts = Counter({value: n for value, n in every.items() if n and form.fullmatch(value)})
    if spec.field == "kind":  # the letter of a longer code is a term as well
        for value, records_with in every.items():
            if len(value) > 1:
                counts[value[0]] -= records_with
        counts = +counts
    if len(counts) == 1:
        return counts, sum(counts.values())
    held = sum(counts.values())
    if held > records or spec.field not in ("office", "ls", "type", "kind"):  # several a record
        facts = [prefix + value for value in counts]
        any_value = tantivy.Query.term_set_query(engine_schema(kind), FACTS, facts)
        having = [narrowed(query, [any_value]) for query in queries]
        held = count(state, having) if facts else 0
    return counts, held


def _by_years(question: Question, queries: Sequence[tantivy.Query], field: str) -> Counter[str]:
    state = question.state
    years: Counter[str] = Counter()

    def one(asked: tuple[Shard, tantivy.Query]) -> dict[int, int]:
        return asked[0].year_counts(asked[1], field)

    for answer in state.each(one, list(zip(state.shards, queries, strict=True))):
        for year, records in answer.items():
            years[f"{year:04d}"] += records
    return years


# by the records


_Counted = tuple[tuple[tuple[str, int], ...], int, int]  # best values, distinct, records with any


def _by_columns(
    question: Question,
    queries: Sequence[tantivy.Query],
    columns: dict[str, _Columns],
    top: int | None,
) -> dict[str, _Counted]:
    from ipsearch.corpus.parts import leaves

    state = question.state
    paths = dict.fromkeys(path for spec in columns.values() for path in spec.paths)
    found = addresses_of(state, queries)

    def one(shard: int) -> dict[str, _Tally]:
        tallies = {name: _Tally() for name in columns}
        for piece in pieces_of(state, shard, found[shard], leaves(state.kind, list(paths))):
            for name, spec in columns.items():
                tallies[name].add(piece.batch, spec.paths)
        return tallies

    whole = {name: _Tally() for name in columns}
    for tallies in state.each(one, list(range(len(state.shards)))):
        for name, tally in tallies.items():
            whole[name].join(tally)
    return {name: tally.result(top) for name, tally in whole.items()}


class _Tally:
    """Counts of the values of one facet, added up as Arrow tables."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._pending = 0
        self._added_up = 0
        self._held = 0

    def add(self, batch: pa.RecordBatch, paths: Sequence[str]) -> None:
        """Count the values of some records."""
        import pyarrow as pa

        is_without = np.ones(len(batch), np.bool_)
        for path in paths:
            rows, values = _values(batch, path)
            encoded = values.dictionary_encode()
            size = max(len(encoded.dictionary), 1)
            wanted = is_without[rows]
            pairs = np.unique(
                rows[wanted] * size + encoded.indices.to_numpy().astype(np.int64)[wanted]
            )
            counts = np.bincount(pairs % size, minlength=size)[: len(encoded.dictionary)]
            table = pa.table({"value": encoded.dictionary, "count": counts.astype(np.int64)})
            self._take(table.filter(pa.array(counts > 0)))
            is_without[pairs // size] = False
            if not is_without.any():
                break
        self._held += int(len(batch) - is_without.sum())

    def join(self, other: _Tally) -> None:
        """Add another tally."""
        for table in other._tables:
            self._take(table)
        self._held += other._held

    def _take(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._pending += len(table)
        if self._pending > max(_MOST_PENDING, self._added_up):
            self._add_up()

    def _add_up(self) -> pa.Table:
        import pyarrow as pa

        joined = pa.concat_tables(self._tables)
        summed = joined.group_by("value", use_threads=False).aggregate([("count", "sum")])
        table = pa.table({"value": summed["value"], "count": summed["count_sum"]})
        self._tables, self._pending, self._added_up = [table], 0, len(table)
        return table

    def result(self, top: int | None) -> _Counted:
        """Give the best values, how many there are, and how many records have any."""
        import pyarrow.compute as pc

        if not self._tables:
            return (), 0, 0
        table = self._add_up()
        keys = [("count", "descending"), ("value", "ascending")]
        most = len(table) if top is None else min(top, len(table))
        best = table.take(pc.select_k_unstable(table, most, keys)) if most else table
        pairs = zip(best["value"].to_pylist(), best["count"].to_pylist(), strict=True)
        return tuple(pairs), len(table), self._held


def _values(batch: pa.RecordBatch, path: str) -> tuple[npt.NDArray[np.int64], pa.Array]:
    """Give the values in the structs of a list, those that are not empty, and the row of each."""
    import pyarrow.compute as pc

    name, _, inner = path.partition(".")
    rows = pc.list_parent_indices(batch.column(name))
    values = pc.struct_field(pc.list_flatten(batch.column(name)), inner)
    is_there = pc.fill_null(pc.not_equal(values, ""), False)
    return rows.filter(is_there).to_numpy().astype(np.int64), values.filter(is_there)
