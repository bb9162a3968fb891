"""Random deliveries in random orders and handfuls: the same is shown, and counted right."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

import ipsearch

SOURCES = ("cnipa_patent", "google_patents", "table", "elsewhere")
TITLES = ("石墨烯电池", "茶叶加工机器人", "无人机机翼", "graphene battery", "tea robot")


def random_delivery(pick: random.Random, number: int) -> dict[str, Any]:
    """Make one delivery on one of few applications: full, without application, or news alone."""
    application = pick.randrange(3)
    day = f"20{pick.randrange(20, 24)}-0{pick.randrange(1, 4)}-01"
    row: dict[str, Any] = {
        "record": "patent",
        "office": "CN",
        "source": pick.choice(SOURCES),
        "transaction_date": pick.choice([day, day, None]),
        "application_number": f"CN20201000000{application}",
    }
    form = pick.random()
    if form < 0.15:
        row |= {
            "is_event": True,
            "legal_status": pick.choice(["granted", "lapsed"]),
            "status_date": day,
        }
    else:
        row["titles"] = [{"language": "zh", "text": f"{pick.choice(TITLES)}{number}"}]
        if pick.random() < 0.5:
            row["abstracts"] = [{"language": "zh", "text": f"公开了{pick.choice(TITLES)}"}]
        if pick.random() < 0.3:
            row["claims"] = [{"language": "zh", "label": "1", "text": f"一种{number}号装置"}]
        if form < 0.85:
            row["publication_number"] = f"CN11111111{application}{pick.choice('AB')}"
            if form < 0.4:
                del row["application_number"]
    return row


def shown(corpus: ipsearch.Corpus) -> list[dict[str, Any]]:
    """Give all that is shown, without the names of files."""
    rows = [row for batch in corpus.batches("patent") for row in batch.to_pylist()]
    for row in rows:
        del row["source_file"]
    return sorted(rows, key=lambda row: row["id"])


@pytest.mark.parametrize("seed", range(12))
def test_random_deliveries(tmp_path: Path, seed: int) -> None:
    """Whatever the order and the handfuls, the same records are shown, once each, and found."""
    pick = random.Random(seed)
    files = []
    for number in range(pick.randrange(4, 14)):
        path = tmp_path / f"{number:02d}.jsonl"
        path.write_text(json.dumps(random_delivery(pick, number)), encoding="utf-8")
        files.append(path)
    with ipsearch.create(tmp_path / "at-once", shards=1) as corpus:
        corpus.ingest(files)
        expected = shown(corpus)
    for trial in range(2):
        order = pick.sample(files, len(files))
        with ipsearch.create(tmp_path / f"trial-{trial}", shards=pick.choice([2, 3])) as corpus:
            while order:
                some = pick.randrange(1, 4)
                corpus.ingest(order[:some])
                del order[:some]
            if not corpus.kinds:
                assert expected == []
                continue
            assert shown(corpus) == expected
            assert corpus.count("patent") == len(expected)
            found = corpus.query("*", limit=100) if expected else []
            assert sorted(hit.id for hit in found) == [row["id"] for row in expected]
            for row in expected:
                for text in row["titles"] or ():
                    hits = corpus.query(f'"{text["text"]}"', limit=100)
                    assert row["id"] in [hit.id for hit in hits]
