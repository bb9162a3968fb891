"""Removing, compacting, dividing anew: what is left is what a fresh corpus would hold."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.errors import CorpusError
from ipsearch.novelty import Settings

FIRST_STAGE = Settings(second_stage=0)  # what is read again differs where scores nearly meet
PATENTS = Path(__file__).parents[2].parent / "shared" / "data" / "cn_patents_7384" / "patents.xlsx"
WORDS = (
    *("石墨", "电池", "电极", "装置", "方法", "控制", "传感器", "涂层"),
    *("薄膜", "温度", "压力", "阀门", "齿轮", "轴承", "催化剂", "溶液"),
)


def patent(number: int, seed: int = 0, **values: Any) -> dict[str, Any]:
    """Make up one record; another seed gives it another text."""
    pick = random.Random(f"{number}/{seed}")
    return {
        "record": "patent",
        "id": f"CN{100_000_000 + number}A",
        "publication_number": f"CN{100_000_000 + number}A",
        "application_number": f"CN2020{10_000_000 + number}",
        "office": "CN",
        "source": "cnipa_patent",
        "transaction_date": f"2021-01-{1 + seed:02d}",
        "titles": [{"language": "zh", "text": "一种" + "".join(pick.choices(WORDS, k=3))}],
        "abstracts": [{"language": "zh", "text": "".join(pick.choices(WORDS, k=30))}],
        **values,
    }


def write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Write rows as a file of our own form."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def shown(corpus: ipsearch.Corpus) -> dict[str, dict[str, Any]]:
    """Give all that a corpus shows of patents, by id; each once."""
    rows = [row for batch in corpus.batches("patent") for row in batch.to_pylist()]
    for row in rows:
        del row["source_file"]
    assert len({row["id"] for row in rows}) == len(rows) == corpus.count("patent")
    return {row["id"]: row for row in rows}


def scores(corpus: ipsearch.Corpus, question: str) -> dict[str, float]:
    """Ask for everything that a question finds, with its score."""
    hits = corpus.query(question, limit=10_000)
    assert len(hits) == hits.total == len({hit.id for hit in hits})
    return {hit.id: hit.score for hit in hits}


QUESTIONS = ("石墨 电池", '"电池电极"', "传感器 温度 阀门", "ti:石墨 NOT 电池")


def make(folder: Path, *deliveries: Sequence[dict[str, Any]], shards: int = 2) -> ipsearch.Corpus:
    """Bring deliveries into a new corpus, one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = ipsearch.create(folder / "corpus", shards=shards)
    for number, rows in enumerate(deliveries):
        corpus.ingest(write(folder / f"{number}.jsonl", rows), workers=1)
    return corpus


def test_replacing_much_compacts_by_itself(tmp_path: Path) -> None:
    """Where more than a twentieth is replaced, scores are those of a fresh corpus afterwards, the
    rows replaced are gone from disk, and a little that is replaced is left alone."""
    first = [patent(n) for n in range(600)]
    some = [patent(n, 1) for n in range(12)]
    many = [patent(n, 2) for n in range(300)]
    corpus = make(tmp_path / "several", first, some)
    assert corpus.info()["kinds"]["patent"]["dead_rows"] == 12
    summary = corpus.ingest(write(tmp_path / "many.jsonl", many), workers=1)
    assert summary.replaced == 300 + 12
    assert summary.compacted is not None
    assert (summary.compacted.shards, summary.compacted.dropped) == (2, 312)
    assert corpus.info()["kinds"]["patent"]["dead_rows"] == 0
    fresh = make(tmp_path / "fresh", [*many, *first[300:]])
    assert shown(corpus) == shown(fresh)
    for question in QUESTIONS:
        assert scores(corpus, question) == pytest.approx(scores(fresh, question)), question


def test_compacting_and_dividing_change_nothing(tmp_path: Path) -> None:
    """Records and answers are the same before and after, with merged records and lone events."""
    office = [patent(n) for n in range(200)]
    other = [
        patent(n, source="google_patents", ipc=["H01M4/00"], family_id=f"{n}")
        for n in range(0, 200, 3)
    ]
    events = [
        {
            "record": "patent",
            "id": f"CN2020{10_000_000 + n}",
            "application_number": f"CN2020{10_000_000 + n}",
            "office": "CN",
            "source": "cnipa_patent",
            "is_event": True,
            "legal_status": "lapsed",
            "status_date": "2023-01-01",
        }
        for n in range(150, 250)
    ]
    corpus = make(tmp_path, office, other, events)
    before = shown(corpus)
    found = {question: set(scores(corpus, question)) for question in (*QUESTIONS, "ls:lapsed")}
    assert len(found["ls:lapsed"]) == 50
    for change in (corpus.compact, lambda: corpus.reshard(5), lambda: corpus.reshard(1)):
        change()
        assert shown(corpus) == before
        assert {q: set(scores(corpus, q)) for q in found} == found
    assert corpus.settings["shards"] == corpus.info()["kinds"]["patent"]["shards"] == 1
    corpus.ingest(write(tmp_path / "late.jsonl", [patent(n) for n in range(200, 250)]), workers=1)
    assert len(scores(corpus, "ls:lapsed")) == 100  # events that waited found their records


def test_removed_ids_are_not_found_counted_or_exported(tmp_path: Path) -> None:
    """A removed record is gone from queries, counts, look-up and export, whatever sources knew it;
    an unknown id removes nothing."""
    rows = [patent(n) for n in range(100)]
    other = [patent(n, source="google_patents", cpc=["H01M4/00"]) for n in range(0, 100, 2)]
    corpus = make(tmp_path, rows, other)
    gone = [rows[n]["id"] for n in (4, 5, 60)]
    with pytest.raises(CorpusError, match="CN1A"):
        corpus.remove([*gone, "CN1A"])
    assert corpus.count("patent") == 100
    removal = corpus.remove(gone)
    assert (removal.removed, removal.rows) == (3, 5)
    assert set(shown(corpus)) == {row["id"] for row in rows} - set(gone)
    for question in QUESTIONS:
        assert not set(scores(corpus, question)) & set(gone)
    assert [corpus.get(record_id) for record_id in gone] == [[], [], []]
    corpus.compact()
    assert set(shown(corpus)) == {row["id"] for row in rows} - set(gone)
    corpus.ingest(write(tmp_path / "again.jsonl", [rows[4]]), workers=1)
    assert corpus.count("patent") == 98  # given again, it is there again


def test_removed_source_leaves_what_others_said(tmp_path: Path) -> None:
    """Without a source, the corpus is as if that had never been brought in; its files may be given
    again."""
    rows = [patent(n) for n in range(100)]
    other = [patent(n, source="google_patents", cpc=["H01M4/00"]) for n in range(50, 150)]
    corpus = make(tmp_path / "both", rows, other)
    whole = shown(corpus)
    removal = corpus.remove(source="google_patents")
    assert (removal.removed, removal.rows, removal.forgotten_files) == (50, 100, 1)
    assert shown(corpus) == shown(make(tmp_path / "one", rows))
    corpus.ingest(tmp_path / "both" / "1.jsonl", workers=1)
    assert shown(corpus) == whole
    with pytest.raises(CorpusError, match="nothing in it is from"):
        corpus.remove(source="nobody")


def test_removed_file_gives_way_to_what_was_before(tmp_path: Path) -> None:
    """Without a file, what it had replaced is shown again, as long as that was not compacted."""
    corpus = make(tmp_path, [patent(n) for n in range(100)])
    before = shown(corpus)
    corpus.ingest(write(tmp_path / "wrong.jsonl", [patent(n, 1) for n in range(3)]), workers=1)
    assert shown(corpus) != before
    removal = corpus.remove(file=tmp_path / "wrong.jsonl")
    assert (removal.rows, removal.removed) == (3, 0)
    assert shown(corpus) == before


def test_readers_keep_their_state_through_compacting(tmp_path: Path) -> None:
    """A corpus opened before goes on showing what it showed, and its files are not swept away."""
    corpus = make(tmp_path, [patent(n) for n in range(100)])
    with ipsearch.open(corpus.path) as reader:
        assert reader.count("patent") == 100  # the state is open, no record was read yet
        corpus.ingest(write(tmp_path / "new.jsonl", [patent(n, 1) for n in range(90)]), workers=1)
        corpus.remove([patent(99)["id"]])
        assert len(shown(reader)) == 100
        assert all(hit.title for hit in reader.query("石墨", limit=100))
    parts = len(list(corpus.path.rglob("*.parquet")))
    corpus.compact()  # nobody reads: what does not count goes
    assert len(list(corpus.path.rglob("*.parquet"))) < parts
    assert len(list((corpus.path / "patent" / "index").glob("shard-*/gen-*"))) == 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["remove", "CORPUS", "CN100000003A"], "records removed: 1"),
        (["remove", "CORPUS", "--file", "0.jsonl"], "records removed: 50"),
        (["compact", "CORPUS"], "shards written anew: 0"),  # there is nothing to leave behind
        (["reshard", "CORPUS", "3"], "shards written anew: 3"),
    ],
)
def test_commands(tmp_path: Path, command: list[str], said: str) -> None:
    """Each command does what the method does, and says what was done."""
    corpus = make(tmp_path, [patent(n) for n in range(50)])
    arguments = [str(corpus.path) if word == "CORPUS" else word for word in command]
    result = CliRunner().invoke(cli, ["--lang", "en", *arguments])
    assert result.exit_code == 0, result.output
    assert said in result.output


@pytest.mark.skipif(not PATENTS.exists(), reason="no real patents here")
def test_scores_do_not_depend_on_shards(tmp_path: Path) -> None:
    """On real patents, two shards score within one per cent of one, and show the same first hundred
    but for scores as near as that."""
    one = ipsearch.create(tmp_path / "one", shards=1)
    one.ingest(PATENTS)
    two = ipsearch.create(tmp_path / "two", shards=2)
    two.ingest(PATENTS)
    rows = [row for batch in one.batches("patent") for row in batch.to_pylist()]
    pick = random.Random(5)
    for row in pick.sample(rows, 40):
        text = (row["abstracts"] or row["titles"])[0]["text"].replace('"', " ")
        begin = pick.randrange(max(1, len(text) - 6))
        asked = [row["titles"][0]["text"].replace('"', " "), f'"{text[begin : begin + 4]}"']
        pairs = [(one.query(q, limit=100), two.query(q, limit=100)) for q in asked]
        assert all(whole.total == divided.total for whole, divided in pairs)
        nearest = [c.novelty(text, limit=100, settings=FIRST_STAGE) for c in (one, two)]
        assert nearest[0].asked == nearest[1].asked
        for whole, divided in [*pairs, nearest]:
            others = {hit.id: hit.score for hit in divided}
            for hit in whole:
                if hit.id in others:
                    assert others[hit.id] == pytest.approx(hit.score, rel=0.01)
                else:
                    assert hit.score < min(others.values()) * 1.01
