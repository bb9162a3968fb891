"""One writer, many readers: who may write, what readers see, and what they leave open."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import ipsearch
from benchmarks.faults.kills import leftovers
from benchmarks.faults.made_files import patent, write_lines
from benchmarks.faults.readers import measure_handles
from benchmarks.faults.soak import run_soak
from benchmarks.machine import ROOT
from ipsearch.errors import CorpusLockedError

HOLD = textwrap.dedent("""
    import sys
    from pathlib import Path
    from ipsearch.corpus.layout import Layout
    from ipsearch.corpus.lock import writing
    with writing(Layout(Path(sys.argv[1]))):
        print("held", flush=True)
        sys.stdin.read()
""")


@pytest.fixture
def corpus(tmp_path: Path) -> ipsearch.Corpus:
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    corpus.ingest(write_lines(tmp_path / "rows.jsonl", map(patent, range(200))), workers=1)
    return corpus


def test_readers_beside_a_writer(tmp_path: Path) -> None:
    """While commands replace, add, remove, compact and divide, every answer of every thread of
    other processes is that of one state: all of it, and nothing of another."""
    soaked = run_soak(tmp_path, 10, 4, readers=2, kill_share=0, least_changes=3)
    assert soaked.faults == []
    assert soaked.questions > 20 and soaked.states_seen >= 2


def test_handles_and_memory_stay_flat(tmp_path: Path) -> None:
    """2,000 questions, with refreshes between, leave no file open and no memory behind."""
    measured = measure_handles(tmp_path, 2_000, 5)
    first, *_, last = measured["open_files"]
    assert measured["refreshes"] > 20
    assert last - first < 10
    early, late = measured["anon_bytes"][1], measured["anon_bytes"][-1]
    if early is not None:
        assert late - early < 40 << 20


def test_the_owner_of_the_lock_is_named(corpus: ipsearch.Corpus) -> None:
    """Who is refused is told which process writes, and since when."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(corpus.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    entry = json.loads((corpus.path / "lock").read_text(encoding="utf-8"))
    assert entry["process"] == holder.pid
    age = datetime.now(UTC) - datetime.fromisoformat(entry["since"])
    assert timedelta(seconds=-2) < age < timedelta(minutes=1)
    told = f"process {holder.pid} has been writing to this corpus since {entry['since']}"
    with pytest.raises(CorpusLockedError, match=re.escape(told)):
        corpus.compact()
    assert corpus.count("patent") == 200  # who reads is not kept waiting
    holder.communicate()
    assert corpus.remove("CN100000003A").removed == 1


def test_a_stale_lock_is_recognised(corpus: ipsearch.Corpus) -> None:
    """A writer that was killed leaves its name in the lock, which keeps nobody out."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(corpus.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert str(holder.pid) in (corpus.path / "lock").read_text(encoding="utf-8")
    assert corpus.remove("CN100000003A").removed == 1
    assert (corpus.path / "lock").read_text(encoding="utf-8") == ""


def test_an_answer_outlives_its_state(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """What was asked before a refresh goes on in its own state, though the corpus was replaced,
    compacted and divided meanwhile; when it has gone, its files go."""
    stream = iter(corpus.scan('"石墨"', ["id", "titles"], kind="patent"))
    hits = corpus.query("石墨", kind="patent", limit=20)
    total = corpus.query('"石墨"', kind="patent", limit=1).total
    other = ipsearch.open(corpus.path)
    rows = (patent(number, 1) for number in range(200))
    other.ingest(write_lines(tmp_path / "new.jsonl", rows), workers=1)
    other.reshard(3, workers=1)
    corpus.refresh()
    titles = {row["id"]: row["titles"][0]["text"] for batch in stream for row in batch.to_pylist()}
    assert len(titles) == total
    for record_id, title in titles.items():
        assert title == patent(int(record_id[2:-1]) - 100_000_000)["titles"][0]["text"]
    old = [row["titles"][0]["text"] for row in hits.to_dicts(["titles"])]
    assert old == [hit.title for hit in hits]
    assert leftovers(corpus.path) != []  # of the state that is still held
    del stream, hits
    other.compact(workers=1)
    assert leftovers(corpus.path) == []
