"""Kills, and readers during a write: nothing lost, nothing half seen."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ipsearch
from ipsearch.corpus.layout import Layout

PROGRAM = """
import sys, ipsearch
from ipsearch.corpus import ingest, plan
ingest.SMALL_INPUT_BYTES = 0
plan.SMALLEST_RANGE_BYTES = 1 << 16
corpus = ipsearch.open(sys.argv[1])
corpus.ingest(sys.argv[2:], workers=2)
"""


def write_records(path: Path, first: int, count: int) -> None:
    """Write `count` small records of our own form."""
    pick = random.Random(first)
    words = ["石墨", "电池", "茶叶", "机器人", "无人机", "传感器", "控制", "方法", "装置", "系统"]
    with path.open("w", encoding="utf-8") as file:
        for number in range(first, first + count):
            row = {
                "record": "patent",
                "publication_number": f"CN{100_000_000 + number}A",
                "application_number": f"CN2020{10_000_000 + number}",
                "office": "CN",
                "source": "test",
                "titles": [{"language": "zh", "text": f"一种{''.join(pick.choices(words, k=5))}"}],
                "abstracts": [{"language": "zh", "text": "，".join(pick.choices(words, k=60))}],
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def start(corpus: Path, *files: Path) -> subprocess.Popen[bytes]:
    """Start an ingestion in a process of its own, with two workers."""
    command = [sys.executable, "-c", PROGRAM, str(corpus), *map(str, files)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def contents(path: Path) -> tuple[list[str], dict[str, list[object]]]:
    """Give the ids that are shown, and those that some queries find."""
    with ipsearch.open(path) as corpus:
        ids = sorted(i for batch in corpus.batches("patent") for i in batch["id"].to_pylist())
        queries = ['"石墨电池"', '"器控"']  # all hits: which of equal ones come first is open
        found = {query: corpus.query(query, limit=5_000) for query in queries}
        return ids, {
            "茶叶 传感器": [corpus.query("茶叶 传感器", limit=1).total],
            **{q: [r.total, *sorted(hit.id for hit in r)] for q, r in found.items()},
        }


def test_killed_ingestion_goes_on(tmp_path: Path) -> None:
    """After kills at random moments the corpus answers from its last state, and the same command
    brings it where an undisturbed run would have."""
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    write_records(old, 0, 300)
    write_records(new, 200, 4_000)  # 100 of them replace old ones
    path, undisturbed = tmp_path / "corpus", tmp_path / "undisturbed"
    ipsearch.create(path, shards=2).ingest(old)
    reference = ipsearch.create(undisturbed, shards=2)
    reference.ingest(old)
    begin = time.perf_counter()
    assert start(undisturbed, new).wait() == 0
    whole_s = time.perf_counter() - begin
    before = contents(path)
    pick = random.Random(7)
    for _ in range(4):
        process = start(path, new)
        time.sleep(pick.uniform(0.2, whole_s))
        process.kill()
        process.wait()
        held = contents(path)
        assert held in (before, contents(undisturbed))
    assert start(path, new).wait() == 0
    assert contents(path) == contents(undisturbed)
    assert ipsearch.open(path).info()["is_unfinished"] is False


def test_reader_keeps_its_state(tmp_path: Path) -> None:
    """A corpus opened before an ingestion shows the same records, hits and texts during and after
    it, until it is refreshed."""
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    write_records(tmp_path / "old.jsonl", 0, 500)
    write_records(tmp_path / "new.jsonl", 250, 3_000)
    corpus.ingest(tmp_path / "old.jsonl")
    reader = ipsearch.open(corpus.path)
    before = [(hit.id, hit.title, hit.score) for hit in reader.query("石墨 电池", limit=100)]
    process = start(corpus.path, tmp_path / "new.jsonl")
    while process.poll() is None:
        hits = reader.query("石墨 电池", limit=100)
        assert [(hit.id, hit.title, hit.score) for hit in hits] == before
    assert process.returncode == 0
    assert reader.count("patent") == 500
    assert len(list(reader.get("CN100000499A"))) == 1
    reader.refresh()
    assert reader.count("patent") == 3_250


def test_dead_worker_is_named(tmp_path: Path) -> None:
    """A worker that dies ends the ingestion with a clear error; the next run completes it."""
    from ipsearch.corpus.pool import Pool
    from ipsearch.errors import CorpusError

    with pytest.raises(CorpusError, match="SIGKILL"), Pool(2) as pool:
        list(pool.run(_die, [1, 2, 3]))


def _die(number: int) -> int:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_reader_undoes_a_half_written_catalog(tmp_path: Path) -> None:
    """A writer killed inside a transaction of the catalog leaves it readable, as it was before."""
    corpus = ipsearch.create(tmp_path / "corpus")
    write_records(tmp_path / "some.jsonl", 0, 3)
    corpus.ingest(tmp_path / "some.jsonl")
    program = (
        "import os, signal, sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "from ipsearch.corpus.seal import ready\n"
        "ready(db)\n"
        "db.execute('PRAGMA cache_size = 1')\n"
        "db.execute('BEGIN IMMEDIATE')\n"
        "db.execute('UPDATE part SET is_live = 0')\n"
        "db.executemany('INSERT INTO setting VALUES (?, ?)',"
        " [(str(i), 'x' * 5000) for i in range(500)])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(Layout(corpus.path).catalog)], check=False)
    assert (corpus.path / "catalog.sqlite-journal").exists()
    assert ipsearch.open(corpus.path).count("patent") == 3
    assert sum(map(len, ipsearch.open(corpus.path).batches("patent"))) == 3
