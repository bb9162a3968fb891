"""Records that are related by more than their words: by citations, or by who applied for them.

What is measured: nothing here; `effectiveness` measures.
Corpus model: American abstracts that cite each other, or the same documents; Chinese patents of
    applicants with few of them; or any corpus, by the citations in it.
Notes: what an examiner or applicant cites is relevant, but never all that is: measures by citations
    compare systems, they are not the share of prior art found. Two documents that cite the same
    one (Kessler, "Bibliographic coupling between scientific papers", 1963) are mostly of one art,
    and so is most of what a small applicant files: nearest to the real thing where records cite
    nothing that is there, and free of the classes that are to be measured.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.judged import JudgedSet, Query, ingested, sample, write_records
from benchmarks.latency import folder_hash

CITATIONS, COUPLED = "google_citations", "google_coupled"
APPLICANTS, GROUPS, MIXED = "cn_applicants", "cn_groups", "mixed_groups"
MARKED = {"google_marked": COUPLED, "groups_marked": GROUPS}
"""Sets in which one of what is relevant is marked as like -> the set whose others are searched."""
RELATED = (CITATIONS, COUPLED, APPLICANTS, GROUPS, MIXED, *MARKED)
_CHUNK = 200  # citing records looked into at once
_MOST_SHARED = 4
"""Citations that two records have in common: with more they are mostly one family's, whose texts
are the same."""
_MOST_CITING = 50  # a document that more records cite says little of each
_MOST_FILED = 10  # patents of an applicant: of one with more, few are of one art
_MOST_IN_GROUP = 20
_FEW = 2_000  # Chinese patents among the American ones

_GOOGLE = ("google_patents", "publications_10000.jsonl.gz")
_CN = ("cn_patents_7384", "patents.xlsx")

_CITED = "citations.list.element.publication_number"
_COLUMNS = ("application_key", "family_id", "extended_family_id", "publication_date")
_CITING = (
    "priority_date",
    "filing_date",
    "ipc",
    "cpc",
    _CITED,
)


def load_related(name: str, data: Path, folder: Path, count: int, seed: int) -> JudgedSet:
    """Make one of the sets of `RELATED`; raise `FileNotFoundError` if its data are not there."""
    if MARKED.get(name, name) in (APPLICANTS, GROUPS, MIXED):
        return _chinese(name, data, folder, count, seed)
    file = data.joinpath(*_GOOGLE)
    corpus, digest = ingested(file, folder / "google")
    if name == CITATIONS:
        return by_citations(corpus, name, count, seed, file.name, digest, is_dated=False)
    cited = _cited(corpus)
    return of_records(name, corpus, file.name, digest, coupled(cited), count, seed)


def of_records(
    name: str,
    folder: Path,
    corpus: str,
    digest: str,
    qrels: Mapping[str, frozenset[str]],
    count: int,
    seed: int,
) -> JudgedSet:
    """Make a set whose queries are records of the corpus; of `MARKED` those with 2 or more."""
    marks = {id_: min(found) for id_, found in qrels.items() if name in MARKED and len(found) > 1}
    ids = sample(sorted(marks if name in MARKED else qrels), count, seed)
    queries = tuple(Query(id_, number=id_, like=marks.get(id_)) for id_ in ids)
    relevant = {id_: qrels[id_] - {marks.get(id_)} for id_ in ids}
    levers = ("like_weight",) if name in MARKED else None
    return JudgedSet(name, folder, corpus, digest, queries, relevant, levers=levers)


def coupled(cited: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Give for each record the others that cite some of the same documents: 1 to `_MOST_SHARED`."""
    citing: dict[str, list[str]] = defaultdict(list)
    for id_, numbers in cited.items():
        for number in numbers:
            citing[number].append(id_)
    shared: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for ids in citing.values():
        if len(ids) <= _MOST_CITING:
            for one in ids:
                for other in ids:
                    shared[one][other] += one != other
    found = {
        one: frozenset(other for other, n in others.items() if 0 < n <= _MOST_SHARED)
        for one, others in shared.items()
    }
    return {one: others for one, others in found.items() if others}


# Chinese patents, which cite nothing


def _chinese(name: str, data: Path, folder: Path, count: int, seed: int) -> JudgedSet:
    """Make a set of the Chinese patents. Its corpus has no dates: none is left out.

    What is judged by class is searched without classes. In `MIXED` there are American abstracts
    too, and few of the Chinese ones.
    """
    file = data.joinpath(*_CN)
    rows = [row for row in _patents(file) if row.get("ipc") and row.get("abstracts")]
    if name == MIXED:
        rows = sample(rows, _FEW, seed)
    base = MARKED.get(name, name)
    corpus = {APPLICANTS: "cn_patents", GROUPS: "cn_unclassified", MIXED: "mixed"}[base]
    names = ["application_number", "titles", "abstracts", *(["ipc"] if name == APPLICANTS else [])]
    records = [{name: row[name] for name in names} for row in rows]
    if name == MIXED:
        records += _american(data.joinpath(*_GOOGLE))
    written = folder / f"{corpus}.jsonl"
    write_records(records, written)
    place, digest = ingested(written, folder / corpus)
    qrels = of_one_applicant(rows) if name == APPLICANTS else of_one_group(rows)
    return of_records(name, place, corpus, digest, qrels, count, seed)


def _patents(file: Path) -> Iterator[dict[str, Any]]:
    from ipsearch.sources.base import Input, Notes, Record
    from ipsearch.sources.table import read

    with file.open("rb") as stream:
        opened = Input(file.name, stream, file.stat().st_size, True, Notes())
        for outcome in read(opened):
            if isinstance(outcome, Record) and outcome.kind == "patent":
                yield outcome.row


def _american(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if text := row["abstract_en"]:
                abstracts = [{"language": "en", "text": text}]
                yield {"publication_number": row["publication_number"], "abstracts": abstracts}


def of_one_applicant(rows: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Give for each patent the others of its applicants, of those who filed 2 to `_MOST_FILED`.

    Where title or abstract are the same, it is one invention filed twice: no search is needed.
    """
    filed: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        for name in _applicants(row):
            filed[name].append(row)
    found: dict[str, set[str]] = defaultdict(set)
    for own in filed.values():
        if len(own) <= _MOST_FILED:
            for one in own:
                others = (other["id"] for other in own if not _says_the_same(one, other))
                found[one["id"]].update(others)
    return {id_: frozenset(others) for id_, others in found.items() if others}


def of_one_group(rows: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Give for each patent those of its first main group (H01M4) that others applied for.

    Of groups with 2 to `_MOST_IN_GROUP` patents. By others, since what one person wrote is alike
    in words that have nothing to do with the art.
    """
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["ipc"][0].partition("/")[0]].append(row)
    found = {
        one["id"]: frozenset(
            other["id"] for other in group if not _applicants(one) & _applicants(other)
        )
        for group in groups.values()
        if len(group) <= _MOST_IN_GROUP
        for one in group
    }
    return {id_: others for id_, others in found.items() if others}


def _applicants(row: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(party["name"] for party in row.get("applicants") or () if party["name"])


def _says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return any(
        one[name][0]["text"] == other[name][0]["text"]
        for name in ("titles", "abstracts")
        if one.get(name) and other.get(name)
    )


# citations


def of_corpus(folder: Path, count: int, seed: int) -> JudgedSet:
    """Make a set of any corpus by its own citations; raise `ValueError` if none of them counts."""
    name = folder.name
    return by_citations(folder, name, count, seed, name, folder_hash(folder), is_dated=True)


def by_citations(
    folder: Path, name: str, count: int, seed: int, corpus: str, digest: str, *, is_dated: bool
) -> JudgedSet:
    """Draw `count` of the records that cite others of the corpus, outside of their own family.

    With `is_dated`, those alone count that were published before the citing record's priority, or
    else its filing. Raises `ValueError` if there are none.
    """
    import ipsearch

    queries: list[Query] = []
    qrels: dict[str, frozenset[str]] = {}
    with ipsearch.open(folder) as opened:
        state = opened._kind_state("patent")
        ids = list(_cited(folder))
        random.Random(f"{seed}/citing").shuffle(ids)
        for begin in range(0, len(ids), _CHUNK):
            for row, cited in _citing(state, ids[begin : begin + _CHUNK], is_dated):
                if len(queries) == count:
                    break
                queries.append(Query(row["id"], number=row["id"]))
                qrels[row["id"]] = frozenset(cited)
            if len(queries) == count:
                break
    if not queries:
        raise ValueError(f"{folder}: no record cites an earlier one that is there")
    return JudgedSet(name, folder, corpus, digest, tuple(queries), qrels)


def _cited(folder: Path) -> dict[str, list[str]]:
    """Give the numbers that each row cites: of those too that are not shown."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found: dict[str, list[str]] = {}
    for path in sorted((folder / "patent" / "records").rglob("*.parquet")):
        with pq.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(columns=["id", _CITED]):
                some = batch.filter(pc.greater(pc.list_value_length(batch.column("citations")), 0))
                for row in some.to_pylist():
                    found.setdefault(row["id"], []).extend(_numbers(row))
    return found


def _citing(
    state: Any, ids: Sequence[str], is_dated: bool
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Give those of some records that cite others of the corpus, with the ids of these."""
    from ipsearch.errors import IdentifierError
    from ipsearch.identifiers import lookup_keys
    from ipsearch.search.lookup import records_by_keys, rows_of_ids

    rows = rows_of_ids(state, ids, [*_COLUMNS, *_CITING])
    wanted: dict[str, Sequence[str]] = {}
    for row in rows.values():
        for number in _numbers(row):
            try:
                wanted.setdefault(number, lookup_keys(number))
            except IdentifierError:
                continue
    found = records_by_keys(state, wanted, ["id", *_COLUMNS])
    for id_ in ids:
        if id_ not in rows:
            continue  # not shown
        row = rows[id_]
        day = row["priority_date"] or row["filing_date"]
        cited = {
            other["id"]: None
            for number in _numbers(row)
            for other in found.get(number, ())
            if not _are_one_family(row, other)
            and (not is_dated or _is_before(other["publication_date"], day))
        }
        if cited:
            yield row, list(cited)


def _numbers(row: Mapping[str, Any]) -> list[str]:
    numbers = (citation["publication_number"] for citation in row["citations"] or ())
    return [number for number in numbers if number]


def _is_before(published: date | None, day: date | None) -> bool:
    return published is not None and day is not None and published < day


def _are_one_family(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return any(
        row[name] is not None and row[name] == other[name]
        for name in ("application_key", "family_id", "extended_family_id")
    )
