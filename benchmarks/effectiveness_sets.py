"""Corpora with queries and with what is relevant to each: what effectiveness is measured on.

What is measured: nothing here; `effectiveness` measures.
Corpus model: Chinese abstracts and passages, each the abstract of a record with an invented number;
    American patents that cite each other; or any corpus, by the citations in it.
Notes: the data lie beside the project (`DATA`) and are not part of it; a set whose data are not
    there is `Missing`. A title or a question has one relevant record, the text that it belongs to:
    known-item search, not prior art. What an examiner or applicant cites is relevant, but never
    all that is: measures by citations compare systems, they are not the share of prior art found.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.latency import folder_hash

DATA = Path(__file__).parents[2] / "shared" / "data"
CITATIONS = "google_citations"
_CHUNK = 200  # citing records looked into at once

Question = tuple[str, str, int]
"""A query's id and text, and the position of the text that is relevant to it."""


class Missing(RuntimeError):
    """A set cannot be made here; the message says why."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: a text, or the record of a number."""

    id: str
    text: str | None = None
    number: str | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A corpus, queries to it, and what is relevant to each."""

    name: str
    folder: Path  # of the corpus
    corpus: str
    corpus_sha256: str  # of what was ingested; of a folder given, of its parts
    queries: tuple[Query, ...]
    qrels: Mapping[str, frozenset[str]] = field(repr=False)  # id of a query -> ids of records
    variant_of: str | None = None  # the set with the same queries in the other script


class _TextSet(NamedTuple):
    collection: str
    read: Callable[[Path], tuple[list[str], list[Question]]]
    script: str | None = None  # what OpenCC makes of the queries
    variant_of: str | None = None


def load(name: str, folder: Path, count: int, seed: int) -> JudgedSet:
    """Make a set, its corpus in `folder`, with `count` of its queries or all if they are fewer.

    A corpus of the same data that is there already is used. Raises `Missing` if the data are not
    there, `ValueError` for a name that is not in `NAMES`.
    """
    if name == CITATIONS:
        file = DATA / "google_patents" / "publications_10000.jsonl.gz"
        if not file.exists():
            raise Missing(f"{file} is not there")
        corpus, digest = _ingested(file, folder / "google")
        return by_citations(corpus, name, count, seed, file.name, digest, is_dated=False)
    if name not in _TEXT_SETS:
        raise ValueError(f"no set {name}; there are: {', '.join(NAMES)}")
    which = _TEXT_SETS[name]
    try:
        texts, questions = which.read(DATA)
    except FileNotFoundError as error:
        raise Missing(f"{error.filename} is not there") from None
    asked = _sample(questions, count, seed)
    wanted = _in_script(which.script, [text for _, text, _ in asked])
    file = folder / f"{which.collection}.jsonl"
    _write_records(texts, file)
    corpus, digest = _ingested(file, folder / which.collection)
    return JudgedSet(
        name,
        corpus,
        which.collection,
        digest,
        tuple(Query(id_, text) for (id_, _, _), text in zip(asked, wanted, strict=True)),
        {id_: frozenset({invented_number(at)}) for id_, _, at in asked},
        variant_of=which.variant_of,
    )


def invented_number(position: int) -> str:
    """Give the number of the record of a text: no document of that number was published."""
    return f"CN{199_000_000 + position}A"


def _write_records(texts: Sequence[str], file: Path) -> None:
    with file.open("w", encoding="utf-8") as out:
        for position, text in enumerate(texts):
            record = {
                "record": "patent",
                "publication_number": invented_number(position),
                "abstracts": [{"language": "zh", "text": text}],
            }
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def _ingested(file: Path, folder: Path) -> tuple[Path, str]:
    """Give the corpus made of a file, and the file's SHA-256."""
    import ipsearch

    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    note = folder.with_suffix(".sha256")
    if note.exists() and note.read_text(encoding="ascii") == digest:
        return folder, digest
    shutil.rmtree(folder, ignore_errors=True)
    with ipsearch.create(folder) as corpus:
        corpus.ingest(file)
    note.write_text(digest, encoding="ascii")
    return folder, digest


def _sample(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """Draw some, in their order: of sets that are alike the same ones."""
    chosen = random.Random(f"{seed}/questions").sample(
        range(len(questions)), min(count, len(questions))
    )
    return [questions[at] for at in sorted(chosen)]


def _in_script(script: str | None, texts: list[str]) -> list[str]:
    if script is None:
        return texts
    try:
        import opencc
    except ImportError:
        raise Missing("opencc is not installed: pip install --group dev") from None
    return list(map(opencc.OpenCC(script).convert, texts))


# the texts


def _science(data: Path, target: str) -> tuple[list[str], list[Question]]:
    """Read abstracts with their titles, or with their keywords, which have `_` between them.

    Both files have the same abstracts in the same order; that of the keywords adds the title.
    """
    folder = data / "cn_science_dev"
    abstracts = [abstract.strip() for abstract, _ in _pairs(folder / "abstract_title.tsv")]
    questions = []
    for at, (text, found) in enumerate(_pairs(folder / f"abstract_{target}.tsv")):
        if not text.strip().startswith(abstracts[at]):
            raise ValueError(f"abstract_{target}.tsv:{at + 1}: not the abstract of the same line")
        questions.append((f"{target}-{at}", found.replace("_", " "), at))
    return abstracts, questions


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    """Give the second and third column."""
    with file.open(encoding="utf-8") as rows:
        for row in rows:
            _, text, found = row.rstrip("\n").split("\t")
            yield text, found


def _cmrc(data: Path) -> tuple[list[str], list[Question]]:
    """Read CMRC 2018: simplified Chinese."""
    found = json.loads((data / "passages_zh_dev" / "cmrc2018_dev.json").read_text("utf-8"))
    return _passages(
        (each["context_text"], [(q["query_id"], q["query_text"]) for q in each["qas"]])
        for each in found
    )


def _drcd(data: Path) -> tuple[list[str], list[Question]]:
    """Read DRCD: traditional Chinese."""
    found = json.loads((data / "passages_zh_dev" / "DRCD_dev.json").read_text("utf-8"))
    return _passages(
        (each["context"], [(q["id"], q["question"]) for q in each["qas"]])
        for article in found["data"]
        for each in article["paragraphs"]
    )


def _passages(
    found: Iterator[tuple[str, list[tuple[str, str]]]],
) -> tuple[list[str], list[Question]]:
    """Give each passage once, and the questions to it."""
    places: dict[str, int] = {}
    questions = []
    for text, asked in found:
        at = places.setdefault(text, len(places))
        questions += [(id_, question, at) for id_, question in asked]
    return list(places), questions


_TEXT_SETS = {
    "cn_science_title": _TextSet("cn_science", lambda data: _science(data, "title")),
    "cn_science_keywords": _TextSet("cn_science", lambda data: _science(data, "keywords")),
    "cmrc_questions": _TextSet("cmrc", _cmrc),
    "cmrc_traditional": _TextSet("cmrc", _cmrc, "s2t", "cmrc_questions"),
    "drcd_questions": _TextSet("drcd", _drcd),
    "drcd_simplified": _TextSet("drcd", _drcd, "t2s", "drcd_questions"),
}
NAMES = (*_TEXT_SETS, CITATIONS)


# citations

_COLUMNS = ("application_key", "family_id", "extended_family_id", "publication_date")
_CITING = (
    "priority_date",
    "filing_date",
    "ipc",
    "cpc",
    "citations.list.element.publication_number",
)


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
        ids = _citing_ids(folder)
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


def _citing_ids(folder: Path) -> list[str]:
    """Give the ids of all rows that cite a publication, those among them that are not shown."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    ids: dict[str, None] = {}
    for path in sorted((folder / "patent" / "records").rglob("*.parquet")):
        with pq.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(columns=["id", _CITING[-1]]):
                cited = pc.list_value_length(batch.column("citations"))
                some = batch.filter(pc.fill_null(pc.greater(cited, 0), False))
                ids.update(dict.fromkeys(some.column("id").to_pylist()))
    return list(ids)


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
