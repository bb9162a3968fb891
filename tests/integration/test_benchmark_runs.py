"""The benchmarks run from end to end, at a size at which their figures mean nothing."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from benchmarks import lines, update
from benchmarks.brute_force import check_exact
from benchmarks.generate import records, write
from benchmarks.peers import lucene
from benchmarks.peers.run import run_peers
from benchmarks.peers.sqlite_fts5 import SAME_WORK
from benchmarks.peers.texts import cut
from benchmarks.scale import run_scale
from benchmarks.tasks import Task


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    monkeypatch.setattr(lines, "RESULTS", folder)
    return folder


def test_scale_goes_on_where_it_was(tmp_path: Path, results: Path) -> None:
    """Run again with more sizes, nothing is built or measured twice; no input is left behind."""
    folder = tmp_path / "work"
    run_scale(folder, (400,), seed=1, processes=1, step_records=300, per_category=1)
    points = run_scale(folder, (400, 800), seed=1, processes=1, step_records=300, per_category=1)
    assert [point["records"] for point in points] == [400, 800]
    state = json.loads((folder / "scale-state.json").read_text(encoding="utf-8"))
    assert state["records"] == [300, 400, 700, 800]
    assert state["interruptions"] == 0
    assert points[0]["build_s"] < points[1]["build_s"]
    assert not list(folder.glob("*.jsonl"))
    kept = (results / "scale.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["records"] for line in kept] == [400, 800]
    for category, found in points[1]["categories"].items():
        assert "left_out" in found or found["ranked_failed"] == found["shown_failed"] == 0, category
    assert (results / "scale.svg").read_text(encoding="utf-8").startswith("<svg")
    with pytest.raises(ValueError, match="begun with seed 1"):
        run_scale(folder, (400,), seed=2, processes=1, step_records=300)


def test_update_is_exact(tmp_path: Path) -> None:
    """Half of a delta replaces, half is new: counts and texts are those of the records made."""
    figures = update.measure_update(tmp_path, 600, 41, 1, processes=1, per_category=1)
    assert figures["is_exact"]
    assert (figures["records_after"], figures["replacements"]) == (621, 20)
    texts = [record["abstracts"][0]["text"][7:11] for record in records(1, 600, 610)]
    agreement = check_exact(tmp_path / "corpus", texts, [])
    assert agreement.scanned_records == 621
    assert agreement.wanted >= 10
    assert agreement.differing == ()


def test_a_peer_that_cannot_run_is_a_line_with_the_reason(
    tmp_path: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FTS5 indexes and answers; Lucene without its jar is skipped, and the table says why."""
    monkeypatch.setattr(lucene, "CACHE", tmp_path / "cache")
    monkeypatch.delenv("LUCENE_JARS", raising=False)
    lucene._classes.cache_clear()
    only = ["fts5-same-work", "lucene-cjk"]
    folder = tmp_path / "work"
    folder.mkdir()
    fts5, missing = run_peers(folder, 300, 1, processes=1, only=only, per_category=1, described=0)
    assert fts5["records_per_s"] > 0
    assert fts5["categories"]["filtered"]["asked"] == 1
    assert missing["records_per_s"] is None
    assert missing["skipped"]
    assert missing["skipped"] in (results / "peers.md").read_text(encoding="utf-8")


def test_fts5_holds_what_it_was_given(tmp_path: Path) -> None:
    """Each record is kept and found once by its number, its title's words and its class."""
    file, folder = tmp_path / "lines.jsonl", tmp_path / "fts5"
    folder.mkdir()
    write(file, 200, 1)
    SAME_WORK.build(file, folder)
    shards = [sqlite3.connect(path) for path in sorted(folder.glob("*.sqlite"))]
    kept = [row for shard in shards for row in shard.execute("SELECT id, json FROM records")]
    made = list(records(1, 0, 200))
    assert [id_ for id_, _ in kept] == [record["id"] for record in made]
    assert b"".join(line for _, line in kept) == file.read_bytes()
    record = made[150]
    (title,) = cut([record["titles"][0]["text"]])
    number, kind = record["id"][2:-1], record["kind_code"]
    match = f'ti:"{title}" AND num:"{number}/CN/{kind}" AND ipc:{record["ipc"][0][:4]}'
    sql = "SELECT id FROM docs JOIN records ON records.rowid = docs.rowid WHERE docs MATCH ?"
    found = [id_ for shard in shards for (id_,) in shard.execute(sql, [match])]
    assert found == [record["id"]]
    tasks = [Task("phrase", (title,), "phrase"), Task("boolean", (title, title), "boolean")]
    phrase, boolean = SAME_WORK.ask(folder, tasks)
    assert phrase is not None
    assert boolean is None
