"""A dozen of the kills that `python -m benchmarks kills` makes by the hundred."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import ipsearch
from benchmarks.faults.kills import (
    children_of,
    heed_interrupts,
    is_running,
    run_kills,
    run_to_end,
    start,
)
from benchmarks.faults.made_files import patent, write_lines
from benchmarks.faults.picture import EMPTY, take
from benchmarks.machine import ROOT
from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout

STEPS = ("ingest", "update", "watch", "compact")
PATENTS = 150  # few: compacting alone is done by workers then


def test_a_dozen_kills(tmp_path: Path) -> None:
    """Commands and workers killed at random moments and at marked points lose nothing: between a
    kill and the next run the corpus shows what it showed before or all of what is new; run again,
    a command ends where an undisturbed run does, and does no finished task twice."""
    tally = run_kills(tmp_path, 12, 8, names=STEPS, patents=PATENTS, stops_at_fault=True)
    assert (tally.total, tally.faults) == (12, [])
    assert len(tally.by(1)) >= 3  # ways


def test_interrupts(tmp_path: Path) -> None:
    """Ctrl-C at random moments ends a command with status 130 and one line, or at once where it
    had not begun; its workers end, its lock is free, and the same command goes on."""
    tally = run_kills(
        *(tmp_path, 3, 3),
        names=("ingest",),
        ways=("interrupt",),
        patents=PATENTS,
        stops_at_fault=True,
    )
    assert tally.by(1) == {"interrupt": 3}


LOST = textwrap.dedent("""
    import os, signal, sys, time
    import click
    from ipsearch.cli import interruption

    class Held:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1_000):
                pass

    @click.command()
    def command():
        with interruption.interruptible("interrupted"):
            Held()
            time.sleep(10)
            print("not interrupted")

    interruption.begin()
    try:
        command()
    finally:
        interruption.end()
""")


def test_an_interrupt_in_a_destructor_is_not_lost() -> None:
    """Python can raise nothing out of a destructor: an interrupt that comes there comes again."""
    done = subprocess.run(
        [sys.executable, "-c", LOST],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=heed_interrupts,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (130, "", 1)


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize(
    "mark",
    [
        "ipsearch.corpus.catalog:Catalog.create",
        "ipsearch.library.making:sync",
        "ipsearch.corpus.catalog:Catalog.open_ingestion",
    ],
)
def test_killed_while_it_is_made(tmp_path: Path, mark: str, side: str) -> None:
    """A corpus whose making was killed is none yet, or is empty; the same command makes it."""
    rows = write_lines(tmp_path / "rows.jsonl", map(patent, range(20)))
    words = tmp_path / "words.txt"
    words.write_text("蓄电池组件\n", encoding="utf-8")
    corpus = tmp_path / "corpus"
    arguments = ["ingest", str(rows), "--into", str(corpus), "--dictionary", str(words)]
    status, told = run_to_end(start(arguments, mark=f"{mark} {side}"))
    assert status == -signal.SIGKILL, told
    assert not take(corpus).differences(EMPTY)
    status, told = run_to_end(start(arguments))
    assert status == 0, told
    with ipsearch.open(corpus) as opened:
        assert opened.count("patent") == 20


@pytest.mark.parametrize(
    ("command", "turn"),
    [(["ingest", "{rows}", "--into", "{corpus}"], 1), (["reshard", "{corpus}", "3"], 3)],
)
def test_what_was_built_is_not_built_again(tmp_path: Path, command: list[str], turn: int) -> None:
    """A command whose work counts all at once goes on with the indexes that it had finished."""
    corpus = tmp_path / "corpus"
    first = write_lines(tmp_path / "first.jsonl", map(patent, range(60)))
    ipsearch.create(corpus, shards=2).ingest(first, workers=1)
    rows = write_lines(tmp_path / "rows.jsonl", map(patent, range(60, 120)))
    arguments = [word.format(rows=rows, corpus=corpus) for word in command]
    mark = "ipsearch.corpus.unfinished:Unfinished._keep after"
    status, told = run_to_end(start([*arguments, "--workers", "1"], mark=mark, turn=turn))
    assert status == -signal.SIGKILL, told
    before = take(corpus)
    assert set(before.records["patent"]["id"].to_pylist()) == {patent(n)["id"] for n in range(60)}
    (built,) = (p for p in corpus.glob("patent/index/*/*") if p not in folders(corpus))
    status, told = run_to_end(start(arguments))
    assert status == 0, told
    assert built in folders(corpus)
    with ipsearch.open(corpus) as opened:
        assert opened.count("patent") == (120 if command[0] == "ingest" else 60)


def folders(corpus: Path) -> set[Path]:
    """Give the folders of the indexes that count."""
    catalog = Catalog(corpus / "catalog.sqlite", read_only=True)
    layout = Layout(corpus)
    try:
        return {layout.generation(g.kind, g.shard, g.number) for g in catalog.generations()}
    finally:
        catalog.close()


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """A worker whose parent was killed ends at once, in the middle of what it does."""
    (tmp_path / "slow.py").write_text("def spin(_):\n    while True:\n        pass\n", "utf-8")
    program = textwrap.dedent("""
        import sys
        from ipsearch.corpus.pool import Pool
        sys.path.insert(0, sys.argv[1])
        from slow import spin
        with Pool(2) as pool:
            list(pool.run(spin, [1, 2]))
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}"},
    )
    deadline = time.monotonic() + 30
    while len(workers := children_of(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    assert len(workers) == 2 and all(map(is_running, workers))
    process.kill()
    process.wait()
    deadline = time.monotonic() + 5
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_running, workers))
