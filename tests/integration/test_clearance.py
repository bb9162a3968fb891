"""Clearance search from files to answers: candidates from the index, exact scores, goods, life."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.errors import ClassificationError, IpsearchError, UnknownNameError
from ipsearch.marks.likeness import Scorer
from ipsearch.marks.sign import read_sign

_FIRST = "青云晨星海松麦禾岭澜启沐柏白金"
_LAST = "谷泉源雅坊居华语川木野然记芯光"
_LATIN = ("LUMORA", "VELDRA", "TANIRO", "KOSMEA", "BRILOX", "SENDURA", "QINGYUN", "CHENGU")


def _marks() -> list[dict[str, Any]]:
    """Some hundred made-up marks, all signs different."""
    chosen = random.Random(7)
    signs = {f"{a}{b}" for a in _FIRST for b in _LAST if chosen.random() < 0.8}
    signs |= {f"{a}{b}{c}" for a in _FIRST for b in _LAST for c in _LAST if chosen.random() < 0.1}
    signs |= set(_LATIN) | {word[:-1] + "X" for word in _LATIN}
    rows = []
    for number, sign in enumerate(sorted(signs)):
        rows.append(
            {
                "record": "trademark",
                "id": f"CN{50_000_000 + number}",
                "application_number": f"CN{50_000_000 + number}",
                "office": "CN",
                "mark_text": sign,
                "owners": [{"name": f"某某公司{number % 40}"}],
                "filing_date": "2020-01-01",
                "classes": [
                    {
                        "nice_class": (9, 30, 25)[number % 3],
                        "similar_groups": [{"group": ("0901", "3002", "2501")[number % 3]}],
                        "status": "lapsed" if number % 10 == 0 else "registered",
                    }
                ],
                "legal_status": "lapsed" if number % 10 == 0 else "registered",
            }
        )
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of the made-up marks, in two shards."""
    root = tmp_path_factory.mktemp("clearance")
    lines = [json.dumps(row, ensure_ascii=False) for row in _marks()]
    (root / "marks.jsonl").write_text("\n".join(lines), encoding="utf-8")
    corpus = ipsearch.create(root / "corpus", shards=2)
    corpus.ingest(root / "marks.jsonl", workers=1)
    return root / "corpus"


@pytest.fixture(scope="module")
def corpus(folder: Path) -> Iterator[ipsearch.Corpus]:
    """The same, opened."""
    with ipsearch.open(folder) as opened:
        yield opened


@pytest.mark.parametrize(
    "sign", ["青云", "晨谷源", "云青", "沐白", "LUMORA", "chen gu", "禾木野居"]
)
def test_first_hits_are_those_of_a_full_scan(corpus: ipsearch.Corpus, sign: str) -> None:
    """What comparing with every single mark puts first is what the index's candidates give."""
    scorer = Scorer(read_sign(sign))
    scores = {row["id"]: scorer.score(row["mark_text"]) for row in _marks()}
    wanted = sorted((round(s, 4) for s in scores.values() if s >= 0.3), reverse=True)[:20]
    hits = corpus.clearance(sign, limit=20)
    assert [hit.score for hit in hits] == wanted
    assert all(round(scores[hit.id], 4) == hit.score for hit in hits)


def test_reasons_say_why(corpus: ipsearch.Corpus) -> None:
    """Every hit has a reason, of which the best is its score where no goods are asked for."""
    for hit in corpus.clearance("青云谷"):
        assert hit.reasons and all(reason.rule for reason in hit.reasons)
        assert hit.score == max(reason.score for reason in hit.reasons)
        assert hit.owners and hit.nice_classes and hit.life in ("live", "dead")


def test_goods_gate(corpus: ipsearch.Corpus) -> None:
    """With a class, only marks of it score in full; with another's goods, none does."""
    everything = corpus.clearance("青云", limit=500)
    in_class = corpus.clearance("青云", classes=[9], limit=500)
    assert {hit.id for hit in in_class} == {hit.id for hit in everything if 9 in hit.nice_classes}
    assert all(hit.reasons[-1].aspect == "goods" for hit in in_class)
    assert not len(corpus.clearance("青云", classes=[12]))
    by_words = corpus.clearance("青云", goods="茶", limit=500)
    assert {30} == {number for hit in by_words for number in hit.nice_classes}


def test_live_leaves_out_what_has_ended(corpus: ipsearch.Corpus) -> None:
    """With `live`, exactly the marks that have lapsed are missing."""
    everything = corpus.clearance("云", limit=500, least_score=0.0)
    live = corpus.clearance("云", limit=500, least_score=0.0, live=True)
    assert {hit.life for hit in live} == {"live"}
    assert {hit.id for hit in everything if hit.life == "live"} == {hit.id for hit in live}
    assert any(hit.life == "dead" for hit in everything)
    before = corpus.clearance("云", limit=500, live=True, on=date(2019, 1, 1))
    assert not len(before)  # nothing was filed yet


def test_only_what_changed_since(tmp_path: Path) -> None:
    """What an ingestion after the given one brought or changed is found, and nothing else."""
    rows = _marks()[:40]
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    for number, chosen in enumerate((rows[:30], rows[30:])):
        file = tmp_path / f"{number}.jsonl"
        file.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in chosen), "utf-8")
        corpus.ingest(file, workers=1)
    sign = rows[35]["mark_text"]
    found = corpus.clearance(sign, least_score=0.0, changed_after=1)
    assert found[0].id == rows[35]["id"] and found[0].score == 1.0
    assert {hit.id for hit in found} <= {row["id"] for row in rows[30:]}
    corpus.compact(workers=1)
    assert {hit.id for hit in corpus.clearance(sign, least_score=0.0, changed_after=1)} == {
        hit.id for hit in found
    }


@pytest.mark.parametrize(
    ("sign", "options", "error"),
    [
        ("", {}, IpsearchError),
        ("  ", {}, IpsearchError),
        ("青云", {"classes": [46]}, ClassificationError),
        ("青云", {"groups": ["0999"]}, UnknownNameError),
        ("青云", {"goods": ["无名之物甲乙丙"]}, ClassificationError),
    ],
)
def test_what_cannot_be_asked(
    corpus: ipsearch.Corpus, sign: str, options: dict[str, Any], error: type[Exception]
) -> None:
    """An empty sign, a class, a group or goods that do not exist are errors that say so."""
    with pytest.raises(error):
        corpus.clearance(sign, **options)


@pytest.mark.parametrize(
    "sign", ["😀", "1", "12345", "云", "a", "青" * 500, "云A1😀", "\u202e云青"]
)
def test_odd_signs(corpus: ipsearch.Corpus, sign: str) -> None:
    """Emoji, digits, one character, a slogan, mixed scripts: an answer, never a crash."""
    for hit in corpus.clearance(sign):
        assert 0.3 <= hit.score <= 1


def test_command(folder: Path, tmp_path: Path) -> None:
    """The command gives the hits as rows, and many signs at once with the sign in each row."""
    run = CliRunner().invoke
    result = run(cli, ["clearance", str(folder), "晨谷", "--class", "9", "-o", "jsonl"])
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert rows and rows[0]["rank"] == 1 and 9 in rows[0]["nice_classes"]
    assert set(rows[0]["reasons"][0]) == {"aspect", "score", "rule", "detail"}
    batch = tmp_path / "signs.txt"
    batch.write_text(
        '晨谷\n{"mark": "LUMORA", "class": [9]}\n{"mark": "", "class": [9]}\n', "utf-8"
    )
    result = run(cli, ["clearance", str(folder), "--batch", str(batch), "-o", "jsonl"])
    assert result.exit_code == 4 and f"{batch}:3" in result.stderr
    assert {json.loads(line)["sign"] for line in result.stdout.splitlines()} == {"晨谷", "LUMORA"}
    table = run(cli, ["--lang", "zh", "clearance", str(folder), "晨谷"])
    assert table.exit_code == 0 and "形" in table.stdout
    assert run(cli, ["clearance", str(folder)]).exit_code == 2
