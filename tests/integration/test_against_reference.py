"""Queries of every construct against the reference: exactly the same records, none too much.

`IPSEARCH_QUERIES` says how many queries are put to the patents; a third as many to the marks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import ipsearch
from ipsearch.records import Kind, to_batch
from tests.reference.evaluator import Reference
from tests.reference.made_records import made_marks, made_patents
from tests.reference.random_queries import CONSTRUCTS, RandomQueries

PATENTS = Path(__file__).parents[2].parent / "shared" / "data" / "cn_patents_7384" / "patents.xlsx"
COUNT = int(os.environ.get("IPSEARCH_QUERIES", "300"))
SHOWN = 200  # hits that are asked for; the ids of more are read without the rest of them
SWITCHED_OFF: frozenset[str] = frozenset()
"""Constructs that are left out of the random queries."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    """The 7,384 real patents where they are there; 600 made ones and 3,000 made marks."""
    corpus = ipsearch.create(tmp_path_factory.mktemp("reference") / "corpus", shards=2)
    if PATENTS.exists():
        assert corpus.ingest(PATENTS).added == 7_384
    assert corpus.ingest(to_batch(made_patents(600, seed=1), "patent")).added == 600
    assert corpus.ingest(to_batch(made_marks(3_000, seed=2), "trademark")).added == 3_000
    return corpus


def rows_of(corpus: ipsearch.Corpus, kind: Kind) -> list[dict[str, Any]]:
    return [row for batch in corpus.batches(kind) for row in batch.to_pylist()]


def found_by(
    corpus: ipsearch.Corpus, text: str, kind: Kind, session: str | None = None
) -> tuple[set[str], int]:
    """Give the ids of all that a query finds, and how many it says there are."""
    results = corpus.query(text, kind=kind, limit=SHOWN, session=session)
    ids = [hit.id for hit in results]
    assert len(ids) == len(set(ids)) == min(SHOWN, results.total), text
    if results.total > SHOWN and session is None:
        found = set(corpus.scan(text, ["id"], kind=kind).read_all()["id"].to_pylist())
        assert found.issuperset(ids), text
        return found, results.total
    return set(ids), results.total


@pytest.mark.parametrize(("kind", "count"), [("patent", COUNT), ("trademark", COUNT // 3)])
def test_same_records(corpus: ipsearch.Corpus, kind: Kind, count: int) -> None:
    """Random queries of every construct find exactly the records that a scan of them finds."""
    rows = rows_of(corpus, kind)
    reference = Reference(rows, kind)
    constructs = CONSTRUCTS - SWITCHED_OFF - {"earlier"}
    queries = RandomQueries(rows, kind, seed=3, constructs=constructs)
    wrong: dict[str, object] = {}
    fruitful = 0
    for text in (queries.query() for _ in range(count)):
        expected = reference.ids(text)
        fruitful += bool(expected)
        try:
            found, total = found_by(corpus, text, kind)
        except Exception as error:
            wrong[text] = repr(error)
            continue
        if (found, total) != (expected, len(expected)):
            wrong[text] = (sorted(found - expected)[:3], sorted(expected - found)[:3], total)
    assert wrong == {}
    assert fruitful > count / 2


@pytest.mark.parametrize("kind", ["patent", "trademark"])
def test_same_records_in_a_session(corpus: ipsearch.Corpus, kind: Kind) -> None:
    """Queries that refer to earlier ones of their session find what a scan finds for all of it."""
    rows = rows_of(corpus, kind)
    reference = Reference(rows, kind)
    queries = RandomQueries(rows, kind, 4, CONSTRUCTS - SWITCHED_OFF)
    asked: list[str] = []
    for number in range(25):
        text = queries.query(earlier=number)
        expected = reference.ids(text, asked)
        found, total = found_by(corpus, text, kind, session=f"session of {kind}s")
        assert total == len(expected), (text, asked)
        assert found <= expected, (text, asked)
        asked.append(text)


PASSAGES: Mapping[str, tuple[str, ...]] = {
    "CN1000001A": ("石墨烯电池的制备方法", "Heated batteries, a method (5G)"),
    "CN1000002A": ("石墨 烯；电池", "Battery-cell 4S店"),
    "CN1000003A": ("石烯墨", "colour and color, バッテリー"),
}
"""Id -> titles."""


@pytest.fixture(scope="module")
def small() -> Reference:
    """Three patents with a few titles."""
    return Reference(
        [
            {
                "id": number,
                "titles": [{"text": text} for text in titles],
                "abstracts": None,
                "claims": None,
                "description": None,
            }
            for number, titles in PASSAGES.items()
        ],
        "patent",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ti:"石墨烯"', "1"),
        ("ti:battery", "12"),
        ("ti:batter*", "12"),
        ('ti:"batter"', "12"),
        ("ti:batter", ""),
        ("ti:col?r", "3"),
        ("ti:colo*r", "3"),
        ("ti:?S", "2"),
        ("ti:?G", "1"),
        ("ti:石?烯", "1"),
        ("ti:石??", "13"),
        ("ti:*烯", "123"),
        ("ti:バ?テ*", "3"),
        ("ti:(石墨 W/0 烯)", "12"),
        ("ti:(烯 W/0 电池)", "12"),
        ("ti:(石 W/0 烯)", "3"),
        ("ti:(石 W/1 烯)", "123"),
        ("ti:(烯 W/1 石)", ""),
        ("ti:(墨 N/0 烯)", "123"),
        ("ti:(墨 W/0 烯)", "12"),
        ("ti:(battery W/0 cell)", "2"),
        ("ti:(battery W/0 method)", ""),
        ("ti:(battery W/1 method)", "1"),
        ("ti:(电池 W/9 method)", ""),
        ("ti:((石墨烯 OR colour) N/3 (方法 OR color))", "3"),
        ("ti:(石墨烯 OR colour) AND NOT ti:batter*", "3"),
        ('ti:("atter" W/0 "cell")', "2"),
        ('ti:(battery W/0 "ell")', "2"),
        ("ti:石墨^3 OR ti:5g^0.1", "12"),
    ],
)
def test_reference_is_right(small: Reference, text: str, expected: str) -> None:
    """What the reference finds in three patents is what a person finds in them."""
    assert small.ids(text) == {f"CN100000{digit}A" for digit in expected}
