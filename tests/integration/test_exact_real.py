"""Quoted text on real patents, against a scan: nothing missed, nothing too much."""

from __future__ import annotations

import random
import re
from pathlib import Path

import jieba
import pytest

import ipsearch
from ipsearch.analysis import fold

PATENTS = Path(__file__).parents[2].parent / "shared" / "data" / "cn_patents_7384" / "patents.xlsx"
pytestmark = pytest.mark.skipif(not PATENTS.exists(), reason="no real patents here")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    """The 7,384 real patents."""
    corpus = ipsearch.create(tmp_path_factory.mktemp("exact") / "corpus", shards=2)
    assert corpus.ingest(PATENTS).added == 7_384
    return corpus


@pytest.fixture(scope="module")
def texts(corpus: ipsearch.Corpus) -> list[tuple[str, list[str]]]:
    """The id and the folded titles and abstracts of every record."""
    return [
        (row["id"], [fold(t["text"]) for t in (row["titles"] or []) + (row["abstracts"] or [])])
        for batch in corpus.batches("patent")
        for row in batch.to_pylist()
    ]


def cut_at_random(texts: list[tuple[str, list[str]]], count: int) -> list[str]:
    """Cut `count` pieces of two characters or more, a third of them at letters or signs."""
    pick = random.Random(20)
    pieces: list[str] = []
    while len(pieces) < count:
        text = pick.choice(pick.choice(texts)[1])
        length = pick.randint(20, 80) if len(pieces) % 50 == 0 else pick.randint(2, 12)
        begin = pick.randrange(max(1, len(text) - length))
        if len(pieces) % 3 == 0 and (signs := list(re.finditer(r"[a-z0-9,.;:()%-]+", text))):
            sign = pick.choice(signs)
            begin = max(0, sign.start() - pick.randint(0, 3))
            length = sign.end() + pick.randint(-1, 3) - begin
        piece = text[begin : begin + length].strip()
        if len(piece) > 1 and '"' not in piece:
            pieces.append(piece)
    return pieces


def begins_or_ends_inside_a_word(piece: str, text: str) -> bool:
    """Say whether jieba's own cut of `text` has a word across either end of `piece` in it."""
    at = text.find(piece)
    ends, end = set(), 0
    for word in jieba.cut(text, HMM=False):
        end += len(word)
        ends.add(end)
    inside = {at, at + len(piece)} - {0, len(text)}
    return bool(inside - ends)


def test_random_pieces(corpus: ipsearch.Corpus, texts: list[tuple[str, list[str]]]) -> None:
    """2,100 pieces cut at random from titles and abstracts are found in exactly the records that
    hold them: recall 1.0 and precision 1.0."""
    pieces = cut_at_random(texts, 2_100)
    assert sum(bool(re.search(r"[a-z0-9]|[^\w\s]", piece)) for piece in pieces) >= 500
    holders = {
        piece: [(key, value) for key, values in texts for value in values if piece in value]
        for piece in pieces
    }
    sample = pieces[:1_000]
    assert sum(begins_or_ends_inside_a_word(p, holders[p][0][1]) for p in sample) >= 500
    wrong = []
    for piece in pieces:
        results = corpus.query(f'"{piece}"', limit=1)
        expected = {key for key, _ in holders[piece]}
        if results.total != len(expected):
            wrong.append((piece, results.total, len(expected)))
        elif len(expected) <= 20:
            found = {hit.id for hit in corpus.query(f'"{piece}"', limit=20)}
            if found != expected:
                wrong.append((piece, found, expected))
    assert wrong == []


def test_pieces_that_stand_nowhere(
    corpus: ipsearch.Corpus, texts: list[tuple[str, list[str]]]
) -> None:
    """Pieces glued from two records, mostly standing nowhere, are found where a scan finds them."""
    pick = random.Random(21)
    whole = [value for _, values in texts for value in values if len(value) > 10]
    for _ in range(300):
        one, other = pick.choice(whole), pick.choice(whole)
        a, b = pick.randrange(len(one) - 4), pick.randrange(len(other) - 4)
        piece = (one[a : a + pick.randint(1, 3)] + other[b : b + pick.randint(1, 3)]).strip()
        if len(piece) < 2 or '"' in piece:
            continue
        expected = sum(any(piece in value for value in values) for _, values in texts)
        assert corpus.query(f'"{piece}"', limit=1).total == expected, piece


def test_boolean_algebra(corpus: ipsearch.Corpus, texts: list[tuple[str, list[str]]]) -> None:
    """Random trees of AND, OR and NOT over quoted texts and dates give what a scan gives."""
    filed = {
        row["id"]: row["filing_date"].year
        for batch in corpus.batches("patent")
        for row in batch.select(["id", "filing_date"]).to_pylist()
    }
    pieces = [p for p in cut_at_random(texts, 400) if 2 <= len(p) <= 4]
    pick = random.Random(22)

    def tree(depth: int) -> tuple[str, set[str]]:
        kind = pick.random()
        if depth == 0 or kind < 0.2:
            if pick.random() < 0.3:
                year = pick.randint(1985, 2015)
                return f"ad>={year}", {key for key, filed_in in filed.items() if filed_in >= year}
            piece = pick.choice(pieces)
            held = {key for key, values in texts if any(piece in value for value in values)}
            return f'"{piece}"', held
        left, left_set = tree(depth - 1)
        if kind < 0.4:
            return f"(NOT {left})", set(filed) - left_set
        right, right_set = tree(depth - 1)
        if kind < 0.7:
            return f"({left} 与 {right})", left_set & right_set
        return f"({left} OR {right})", left_set | right_set

    for _ in range(150):
        expression, expected = tree(3)
        assert corpus.query(expression, limit=1).total == len(expected), expression
