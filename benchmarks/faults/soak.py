"""Everything at once, for minutes: ingestions, removals, compacting, new divisions, kills, readers.

What is measured: how many changes were made and how many were killed on the way; how many questions
    readers in other processes asked meanwhile, in threads that share an opened corpus; and what was
    lost or wrong, which must be nothing: a text that is not what the model says, before a change or
    after it; an answer of no one state; a check that finds damage; a second writer that is let in.
Corpus model: `model`.
Notes: kills are as in `kills`, marked points left out. Readers read until the end; what they hold
    cannot be swept, so what lies about is looked at when they have gone.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ipsearch
from benchmarks.faults.kills import (
    FAILED,
    INTERRUPTED,
    children_of,
    end_process,
    leftovers,
    run_to_end,
    start,
)
from benchmarks.faults.model import Change, Model, Texts
from benchmarks.machine import ROOT
from ipsearch.records import KINDS

THREADS = 2  # of a reader
_WAYS = ("process", "worker", "interrupt")
_CHECK_EVERY = 5  # changes
_RIVAL_SHARE = 0.2  # of the changes, beside which a second writer tries
_MOST_FAULTS = 20
_LOCKED = "has been writing to this corpus since"
_KILLED = (-signal.SIGKILL, -signal.SIGINT, INTERRUPTED)


@dataclass(slots=True)
class Soaked:
    """What was done and found."""

    changes: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)  # by way
    checks: int = 0
    rivals: int = 0  # second writers that were refused
    questions: int = 0
    states_seen: int = 0  # by the reader that saw most
    records: int = 0  # at the end
    faults: list[str] = field(default_factory=list)
    elapsed_s: float = 0.0


def run_soak(
    folder: Path,
    seconds: float,
    seed: int,
    *,
    readers: int = 2,
    kill_share: float = 0.5,
    least_changes: int = 1,
) -> Soaked:
    """Change a corpus in `folder` for so long, and so often at least.

    That share of the commands is killed on the way, again and again with the same chance.
    """
    begin = time.monotonic()
    soaked, pick = Soaked(), random.Random(seed)
    model = Model(folder, seed)
    writer = _Writer(model, soaked, pick, kill_share)
    writer.make(model.first(), is_disturbed=False)
    end = time.monotonic() + seconds
    running = [_start_reader(model, number) for number in range(readers)]
    try:
        while len(soaked.faults) < _MOST_FAULTS and (
            time.monotonic() < end or sum(soaked.changes.values()) <= least_changes
        ):
            writer.make(model.next())
    finally:
        for process in running:
            _take_in(process, soaked)
    writer.finish()
    soaked.records = len(model.texts)
    soaked.elapsed_s = time.monotonic() - begin
    return soaked


class _Writer:
    """Makes changes, kills some on the way, and looks at what became of the corpus."""

    def __init__(
        self, model: Model, soaked: Soaked, pick: random.Random, kill_share: float
    ) -> None:
        self._model, self._soaked, self._pick = model, soaked, pick
        self._kill_share = kill_share
        self._usual_s: dict[str, float] = {}  # by command

    def make(self, change: Change, *, is_disturbed: bool = True) -> None:
        """Make one change, to its end."""
        before = self._model.texts
        is_done = False
        while is_disturbed and self._pick.random() < self._kill_share:
            self._kill(change, is_done)
            held = _texts(self._model.corpus)
            if held == change.after and held != before:
                is_done = True
            elif held != before or is_done:
                self._say(f"{change.name}, killed: {_differences(held, change.after)}")
                return
        begin = time.monotonic()
        process = start(change.arguments)
        if is_disturbed and self._pick.random() < _RIVAL_SHARE:
            self._rival()
        status, told = run_to_end(process)
        if _LOCKED in told:  # the rival was quicker
            status, told = run_to_end(start(change.arguments))
        self._usual_s[change.name] = time.monotonic() - begin
        self._judge(change, status, told, is_done)
        self._model.done(change)
        self._soaked.changes[change.name] += 1
        held = _texts(self._model.corpus)
        if held != change.after:
            self._say(f"{change.name}: {_differences(held, change.after)}")
        if sum(self._soaked.changes.values()) % _CHECK_EVERY == 0:
            self._check()

    def finish(self) -> None:
        """Look at all of it once more, when nobody reads any longer."""
        status, told = run_to_end(start(["compact", str(self._model.corpus)]))
        if status != 0:
            self._say(f"compact, at the end: {told}")
        held = _texts(self._model.corpus)
        if held != self._model.texts:
            self._say(f"at the end: {_differences(held, self._model.texts)}")
        for leftover in leftovers(self._model.corpus):
            self._say(leftover)
        self._check()

    def _kill(self, change: Change, is_done: bool) -> None:
        way = self._pick.choice(_WAYS)
        process = start(change.arguments)
        time.sleep(self._pick.uniform(0, self._usual_s.get(change.name, 1.0)))
        end_process(process, way, children_of(process.pid), self._pick)
        status, told = run_to_end(process)
        if status in _KILLED or (status == FAILED and "a worker process ended" in told):
            self._soaked.kills[way] += 1
        else:
            self._judge(change, status, told, is_done)
        if "Traceback" in told:
            self._say(f"{change.name}, {way}: {told}")

    def _judge(self, change: Change, status: int, told: str, is_done: bool) -> None:
        is_refused = bool(change.refusal) and change.refusal in told
        if status != 0 and not (is_done and is_refused):
            self._say(f"{change.name}: status {status}: {told}")

    def _rival(self) -> None:
        """Let another process write at the same time: it is refused, or comes before or after."""
        status, told = run_to_end(start(["compact", str(self._model.corpus), "--due"]))
        if status == FAILED and _LOCKED in told:
            self._soaked.rivals += 1
        elif status != 0:
            self._say(f"a second writer: status {status}: {told}")

    def _check(self) -> None:
        status, told = run_to_end(start(["check", str(self._model.corpus)]))
        self._soaked.checks += 1
        if status != 0:
            self._say(f"check: status {status}: {told}")

    def _say(self, fault: str) -> None:
        self._soaked.faults.append(fault)


def _texts(path: Path) -> Texts:
    """Read every id and its text out of a corpus."""
    with ipsearch.open(path) as corpus:
        found = {}
        for kind in KINDS:
            for batch in corpus.batches(kind):
                for row in batch.to_pylist():
                    text = row["mark_text"] if kind == "trademark" else row["titles"][0]["text"]
                    assert row["id"] not in found, f"{row['id']} is there twice"
                    found[row["id"]] = text
        return found


def _differences(held: Texts, wanted: Texts) -> str:
    lost, more = wanted.keys() - held.keys(), held.keys() - wanted.keys()
    other = [i for i in held.keys() & wanted.keys() if held[i] != wanted[i]]
    return f"{len(lost)} records lost, {len(more)} more, {len(other)} with another text"


def _start_reader(model: Model, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.faults.readers", str(model.corpus)),
            *(str(model.states_file), "--threads", str(THREADS), "--seed", str(number)),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _take_in(process: subprocess.Popen[str], soaked: Soaked) -> None:
    """End a reader and add what it found."""
    out, told = process.communicate()
    if process.returncode != 0:
        soaked.faults.append(f"a reader ended with status {process.returncode}: {told[-500:]}")
        return
    readings = json.loads(out)
    soaked.questions += readings["questions"]
    soaked.states_seen = max(soaked.states_seen, readings["states_seen"])
    soaked.faults += [f"a reader: {fault}" for fault in readings["faults"]]


def figures(soaked: Soaked) -> dict[str, Any]:
    """Give what is kept of a run."""
    return {
        "task": "soak",
        "elapsed_s": round(soaked.elapsed_s),
        "kills": sum(soaked.kills.values()),
        "kills_by_way": dict(soaked.kills),
        "changes": dict(soaked.changes),
        "checks": soaked.checks,
        "rivals": soaked.rivals,
        "questions": soaked.questions,
        "states_seen": soaked.states_seen,
        "records": soaked.records,
        "faults": soaked.faults,
    }


def report(soaked: Soaked) -> str:
    """Say in a few lines what was done and found."""
    changes = ", ".join(f"{name} {count}" for name, count in sorted(soaked.changes.items()))
    kills = ", ".join(f"{way} {count}" for way, count in sorted(soaked.kills.items()))
    lines = [
        f"{soaked.elapsed_s:.0f} s; changes {sum(soaked.changes.values())}: {changes}",
        f"kills on the way {sum(soaked.kills.values())}: {kills or 'none'}",
        f"second writers refused {soaked.rivals}; checks {soaked.checks}",
        f"questions of readers {soaked.questions:,}, who saw up to {soaked.states_seen} states",
        f"records at the end {soaked.records:,}; lost or wrong {len(soaked.faults)}",
        *(f"  {fault}" for fault in soaked.faults),
    ]
    return "\n".join(lines)
