"""Known items: titles, keywords and questions, each with the one text that it belongs to.

What is measured: nothing here; `effectiveness` measures.
Corpus model: Chinese abstracts, and passages of encyclopaedias in both scripts, each the abstract
    of a record with an invented number; or whole articles, their passages its description.
Notes: to find a known item is no search for prior art: such sets show that nothing is broken, and
    that both scripts find the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.judged import JudgedSet, Missing, Query, ingested, sample, write_records

Question = tuple[str, str, int]
"""A query's id and text, and the position of the document that is relevant to it."""


class TextSet(NamedTuple):
    """Where a set of known items comes from."""

    collection: str
    read: Callable[[Path], tuple[list[list[str]], list[Question]]]
    """Gives the documents, a list of passages each, and the questions to them."""
    script: str | None = None  # what OpenCC makes of the queries
    variant_of: str | None = None


def load_texts(
    name: str, which: TextSet, data: Path, folder: Path, count: int, seed: int
) -> JudgedSet:
    """Make a set with `count` of its queries; raise `FileNotFoundError` if its data are not there,
    `Missing` if the other script cannot be written."""
    documents, questions = which.read(data)
    asked = sample(questions, count, seed)
    wanted = in_script(which.script, [text for _, text, _ in asked])
    file = folder / f"{which.collection}.jsonl"
    write_records((_record(at, passages) for at, passages in enumerate(documents)), file)
    corpus, digest = ingested(file, folder / which.collection)
    return JudgedSet(
        name,
        corpus,
        which.collection,
        digest,
        tuple(Query(id_, text) for (id_, _, _), text in zip(asked, wanted, strict=True)),
        {id_: frozenset({invented_number(at)}) for id_, _, at in asked},
        variant_of=which.variant_of,
        levers=None if which.variant_of is None else (),
    )


def invented_number(position: int) -> str:
    """Give the number of the record of a text: no document of that number was published."""
    return f"CN{199_000_000 + position}A"


def _record(position: int, passages: Sequence[str]) -> dict[str, Any]:
    """Make a record of a document: one passage is its abstract, several are its description."""
    texts = [{"language": "zh", "text": passage} for passage in passages]
    name = "abstracts" if len(texts) == 1 else "description"
    return {"publication_number": invented_number(position), name: texts}


def in_script(script: str | None, texts: list[str]) -> list[str]:
    """Write texts in another script; raise `Missing` where OpenCC is not installed."""
    if script is None:
        return texts
    try:
        import opencc
    except ImportError:
        raise Missing("opencc is not installed: pip install --group dev") from None
    return list(map(opencc.OpenCC(script).convert, texts))


def _science(data: Path, target: str) -> tuple[list[list[str]], list[Question]]:
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
    return [[abstract] for abstract in abstracts], questions


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    """Give the second and third column."""
    with file.open(encoding="utf-8") as rows:
        for row in rows:
            _, text, found = row.rstrip("\n").split("\t")
            yield text, found


def _cmrc(data: Path) -> tuple[list[list[str]], list[Question]]:
    """Read CMRC 2018: simplified Chinese, a passage is a document."""
    found = json.loads((data / "passages_zh_dev" / "cmrc2018_dev.json").read_text("utf-8"))
    return _once(
        ([each["context_text"]], [(q["query_id"], q["query_text"]) for q in each["qas"]])
        for each in found
    )


def _drcd(data: Path) -> tuple[list[list[str]], list[Question]]:
    """Read DRCD: traditional Chinese, a passage is a document."""
    return _once(
        ([each["context"]], [(q["id"], q["question"]) for q in each["qas"]])
        for article in _drcd_articles(data)
        for each in article["paragraphs"]
    )


def _drcd_long(data: Path) -> tuple[list[list[str]], list[Question]]:
    """Read DRCD: traditional Chinese, an article of several passages is a document."""
    return _once(
        (
            [each["context"] for each in article["paragraphs"]],
            [(q["id"], q["question"]) for each in article["paragraphs"] for q in each["qas"]],
        )
        for article in _drcd_articles(data)
    )


def _drcd_articles(data: Path) -> list[dict[str, Any]]:
    found = json.loads((data / "passages_zh_dev" / "DRCD_dev.json").read_text("utf-8"))
    articles: list[dict[str, Any]] = found["data"]
    return articles


def _once(
    found: Iterator[tuple[list[str], list[tuple[str, str]]]],
) -> tuple[list[list[str]], list[Question]]:
    """Give each document once, and the questions to it."""
    places: dict[tuple[str, ...], int] = {}
    questions = []
    for passages, asked in found:
        at = places.setdefault(tuple(passages), len(places))
        questions += [(id_, question, at) for id_, question in asked]
    return list(map(list, places)), questions


TEXT_SETS = {
    "cn_science_title": TextSet("cn_science", lambda data: _science(data, "title")),
    "cn_science_keywords": TextSet("cn_science", lambda data: _science(data, "keywords")),
    "cmrc_questions": TextSet("cmrc", _cmrc),
    "cmrc_traditional": TextSet("cmrc", _cmrc, "s2t", "cmrc_questions"),
    "drcd_questions": TextSet("drcd", _drcd),
    "drcd_simplified": TextSet("drcd", _drcd, "t2s", "drcd_questions"),
    "drcd_articles": TextSet("drcd_articles", _drcd_long),
}
