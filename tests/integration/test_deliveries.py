"""Deliveries on one application, in every order: the corpus ends up the same."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

import ipsearch
from ipsearch.corpus.summary import Summary

APPLICATION = "CN202010000001.1"
PUBLICATION = "CN111111111A"

DELIVERIES: dict[str, dict[str, Any]] = {
    "office": {
        "id": PUBLICATION,
        "publication_number": PUBLICATION,
        "application_number": APPLICATION,
        "office": "CN",
        "kind_code": "A",
        "source": "cnipa_patent",
        "transaction_date": "2021-03-05",
        "publication_date": "2021-03-05",
        "titles": [{"language": "zh", "text": "一种石墨烯电池"}],
        "abstracts": [{"language": "zh", "text": "本发明公开了一种石墨烯电池。"}],
        "claims": [{"language": "zh", "label": "1", "text": "一种石墨烯电池，其特征在于轻。"}],
        "legal_status": "pending",
        "status_date": "2021-03-05",
    },
    "office again": {
        "id": PUBLICATION,
        "publication_number": PUBLICATION,
        "application_number": APPLICATION,
        "office": "CN",
        "kind_code": "A",
        "source": "cnipa_patent",
        "transaction_date": "2022-01-01",
        "publication_date": "2021-03-05",
        "titles": [{"language": "zh", "text": "一种石墨烯蓄电池"}],
        "abstracts": [{"language": "zh", "text": "本发明公开了一种石墨烯蓄电池。"}],
        "claims": [{"language": "zh", "label": "1", "text": "一种石墨烯蓄电池，其特征在于轻。"}],
        "legal_status": "granted",
        "status_date": "2022-01-01",
    },
    "aggregator": {
        "id": PUBLICATION,
        "publication_number": PUBLICATION,
        "application_number": APPLICATION,
        "office": "CN",
        "source": "google_patents",
        "transaction_date": "2023-06-01",
        "family_id": "70000001",
        "titles": [{"language": "en", "text": "Graphene storage battery"}],
        "cpc": ["H01M10/0525"],
    },
    "titles alone": {
        "id": PUBLICATION,
        "publication_number": PUBLICATION,
        "office": "CN",
        "source": "table",
        "titles": [{"language": "zh", "text": "石墨烯电池（表）"}],
        "ipc": ["H01M4/587"],
    },
    "event": {
        "id": APPLICATION,
        "application_number": APPLICATION,
        "office": "CN",
        "source": "cnipa_patent",
        "is_event": True,
        "transaction_date": "2024-05-01",
        "legal_status": "lapsed",
        "status_date": "2024-05-01",
        "legal_events": [
            {"date": "2024-05-01", "code": "CF01", "name": "未缴年费专利权终止", "text": None}
        ],
    },
}


def deliver(corpus: ipsearch.Corpus, folder: Path, name: str) -> Summary:
    """Ingest one delivery as a file of its own."""
    path = folder / f"{name.replace(' ', '-')}.jsonl"
    path.write_text(
        json.dumps({"record": "patent", **DELIVERIES[name]}, ensure_ascii=False), encoding="utf-8"
    )
    return corpus.ingest(path, workers=1)


def shown(corpus: ipsearch.Corpus) -> list[dict[str, Any]]:
    """Give all that the corpus shows, without what tells the order of ingestion."""
    rows = [row for batch in corpus.batches("patent") for row in batch.to_pylist()]
    return sorted(rows, key=lambda row: row["id"])


def answers(corpus: ipsearch.Corpus) -> dict[str, Any]:
    """Ask what a searcher would ask."""
    queries = [
        "石墨烯",
        '"蓄电池"',
        "graphene",
        "ls:lapsed",
        "ls:granted",
        "ipc:H01M",
        "cpc:H01M10",
    ]
    return {query: [hit.id for hit in corpus.query(query)] for query in [*queries, '"石墨烯电池"']}


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    """What any order must lead to, written down by hand."""
    return {
        "id": PUBLICATION,
        "publication_number": PUBLICATION,
        "application_number": APPLICATION,
        "family_id": "70000001",
        "titles": [
            {"language": "zh", "text": "一种石墨烯蓄电池"},
            {"language": "en", "text": "Graphene storage battery"},
        ],
        "abstracts": [{"language": "zh", "text": "本发明公开了一种石墨烯蓄电池。"}],
        "ipc": ["H01M4/587"],
        "cpc": ["H01M10/0525"],
        "legal_status": "lapsed",
        "kind_code": "A",
    }


def test_order_of_deliveries_does_not_matter(tmp_path: Path, expected: dict[str, Any]) -> None:
    """All 120 orders of five deliveries show one and the same record, and answer alike."""
    seen = []
    for number, order in enumerate(itertools.permutations(DELIVERIES)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with ipsearch.create(folder / "corpus", shards=2) as corpus:
            for name in order:
                assert deliver(corpus, folder, name).rejected == 0
            rows = shown(corpus)
            assert len(rows) == 1, order
            assert {name: rows[0][name] for name in expected} == expected, order
            assert corpus.count("patent") == 1
            seen.append((rows, answers(corpus)))
            assert seen[-1] == seen[0], order
    assert seen[0][1]['"石墨烯电池"'] == []
    assert seen[0][1]["ls:lapsed"] == [PUBLICATION]


def test_event_alone_waits(tmp_path: Path) -> None:
    """News of a record that is not there shows nothing, and is applied when the record comes."""
    with ipsearch.create(tmp_path / "corpus", shards=3) as corpus:
        deliver(corpus, tmp_path, "event")
        assert shown(corpus) == []
        deliver(corpus, tmp_path, "office")
        (row,) = shown(corpus)
        assert row["legal_status"] == "lapsed"
        assert [event["name"] for event in row["legal_events"]] == ["未缴年费专利权终止"]
        assert [hit.id for hit in corpus.query("ls:lapsed")] == [PUBLICATION]


def test_same_content_is_known(tmp_path: Path) -> None:
    """A file given twice, under whatever name, is ingested once."""
    with ipsearch.create(tmp_path / "corpus") as corpus:
        deliver(corpus, tmp_path, "office")
        again = tmp_path / "again.jsonl"
        again.write_bytes((tmp_path / "office.jsonl").read_bytes())
        summary = corpus.ingest([again, tmp_path / "office.jsonl"])
        assert len(summary.known_files) == 2
        assert summary.added == 0
        assert corpus.count("patent") == 1


def test_all_at_once_equals_one_by_one(tmp_path: Path, expected: dict[str, Any]) -> None:
    """A folder of deliveries in one ingestion gives what they give one after another."""
    files = tmp_path / "files"
    files.mkdir()
    with ipsearch.create(tmp_path / "single", shards=2) as single:
        for name in DELIVERIES:
            deliver(single, files, name)
        one_by_one = shown(single)
    with ipsearch.create(tmp_path / "whole", shards=2) as whole:
        summary = whole.ingest(files)
        assert shown(whole) == one_by_one
        assert summary.replaced == 1
        assert summary.merged == 1


def test_long_file_becomes_several_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that is full is closed and the next begun; nothing is lost between them."""
    from ipsearch.corpus import convert, ingest, parts

    monkeypatch.setattr(convert, "PART_ROWS", 40)
    monkeypatch.setattr(parts, "ROW_GROUP_ROWS", 20)
    monkeypatch.setattr(ingest, "_BYTES_A_PART", 1_000)
    path = tmp_path / "long.jsonl"
    lines = [
        json.dumps({"publication_number": f"CN{100_000_000 + n}A", "title": f"装置{n}"}) + "\n"
        for n in range(500)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    with ipsearch.create(tmp_path / "corpus", shards=2) as corpus:
        corpus.ingest(path, workers=1)
        assert corpus.info()["kinds"]["patent"]["parts"] > 8
        assert {row["id"] for row in shown(corpus)} == {f"CN{100_000_000 + n}A" for n in range(500)}
        assert [hit.id for hit in corpus.query('"装置499"')] == ["CN100000499A"]


def test_orphans_of_one_number_meet(tmp_path: Path) -> None:
    """Two sources that know a publication but not its application show one record, also where
    one of them does not give the kind code; an application of the same digits is another."""
    rows = [
        {"publication_number": "US10172347B2", "source": "a", "abstract": "A drone."},
        {"publication_number": "US10172347", "source": "b", "title": "Drone", "office": "US"},
        {"application_number": "US10172347", "source": "c", "title": "Tea", "office": "US"},
    ]
    for number, row in enumerate(rows):
        path = tmp_path / f"{number}.jsonl"
        path.write_text(json.dumps({"record": "patent", **row}), encoding="utf-8")
    with ipsearch.create(tmp_path / "corpus", shards=3) as corpus:
        for number in (1, 2, 0):
            corpus.ingest(tmp_path / f"{number}.jsonl")
        drone, tea = sorted(shown(corpus), key=lambda row: row["titles"][0]["text"])
        assert (drone["id"], drone["abstracts"][0]["text"]) == ("US10172347B2", "A drone.")
        assert tea["id"] == "US10172347"


def test_family_where_no_source_gives_one(tmp_path: Path) -> None:
    """An application, its grant and a filing abroad that claims it share a family; what a source
    gives one publication is the family of all of that application."""
    priority = [{"office": "CN", "number": APPLICATION, "date": "2020-01-02"}]
    common = {"record": "patent", "source": "test", "application_number": APPLICATION}
    rows = [
        {**common, "publication_number": "CN111111111A"},
        {**common, "publication_number": "CN111111111B"},
        {
            "record": "patent",
            "source": "test",
            "application_number": "US16123456",
            "publication_number": "US20210000001A1",
            "priorities": priority,
        },
    ]
    with ipsearch.create(tmp_path / "corpus", shards=3) as corpus:
        for number, row in enumerate(rows):
            path = tmp_path / f"{number}.jsonl"
            path.write_text(json.dumps(row), encoding="utf-8")
            corpus.ingest(path)
        assert {row["family_id"] for row in shown(corpus)} == {"~CN202010000001"}
        assert corpus.query("fam:~CN202010000001").total == 3
        given = {**common, "publication_number": "CN111111111A", "source": "google_patents"}
        path = tmp_path / "given.jsonl"
        path.write_text(json.dumps({**given, "family_id": "70000001"}), encoding="utf-8")
        corpus.ingest(path)
        families = {row["id"]: row["family_id"] for row in shown(corpus)}
        assert families["CN111111111A"] == families["CN111111111B"] == "70000001"
