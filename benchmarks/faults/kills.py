"""Commands killed at random moments and run again: nothing may be lost, nothing half seen.

What is measured: how many kills were survived, by command and by how; what differed, if anything:
    between a kill and the next run the corpus must open and show exactly what it showed before the
    command or what it shows after it; run again to its end, the command must leave the corpus that
    an undisturbed run leaves: every record in every column, the ids that a dozen queries find, and
    scores where nothing dead is counted. Tasks of an ingestion that were finished must not be done
    again, no process may be left behind, and no file that the catalog does not name.
Corpus model: `made_files`, through the commands of `steps`.
Notes: the moment is uniform over the time that the command takes undisturbed. A command that ended
    before its moment was not killed, and does not count. `process` is that of the command
    killed, `worker` one of its workers, `mark` a marked point (`marks`), `interrupt` Ctrl-C.
    A kill is not a loss of power: what the kernel was told to write is written.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.faults.made_files import MARKS as MADE_MARKS
from benchmarks.faults.made_files import PATENTS, write_deliveries
from benchmarks.faults.marks import MARKS, SIDES
from benchmarks.faults.picture import EMPTY, Picture, take
from benchmarks.faults.steps import Step, all_steps
from benchmarks.machine import ROOT
from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout
from ipsearch.records import KINDS

WAYS = ("process", "process", "worker", "mark", "mark", "interrupt")
"""How a command is ended; those that stand twice are as likely again."""
INTERRUPTED, FAILED = 130, 1
_PATIENCE_S = 600.0
_MOST_KILLS_A_ROUND = 4
_TURNS = (1, 1, 2, 3)
"""Which time that a mark is come by ends the command."""
_OURS = str(ROOT / "ipsearch")
"""In a traceback: it is ours to answer for, and not that of Python's own start."""
_WORKER_DIED = "a worker process ended (SIGKILL)"


class FaultFoundError(AssertionError):
    """A kill did what it must not."""


@dataclass(slots=True)
class Tally:
    """What was done and found."""

    kills: Counter[str] = field(default_factory=Counter)  # by step and way
    missed: int = 0  # commands that had ended before they were killed
    rounds: int = 0  # commands that were killed, and run again to their end
    kept_parts: int = 0  # that an ingestion had finished before a kill, and did not make again
    kept_generations: int = 0  # that a command had built before a kill, and did not build again
    shown_before: int = 0  # after how many kills the corpus showed what it had shown before
    shown_after: int = 0
    faults: list[str] = field(default_factory=list)
    elapsed_s: float = 0.0

    @property
    def total(self) -> int:
        """How many kills there were."""
        return sum(self.kills.values())

    def by(self, place: int) -> dict[str, int]:
        """Count kills by step (0) or by way (1)."""
        counted: Counter[str] = Counter()
        for key, count in self.kills.items():
            counted[key.split("/")[place]] += count
        return dict(counted)


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A step, and what it does if nobody disturbs it."""

    step: Step
    folder: Path  # the corpus before it
    before: Picture
    after: Picture
    elapsed_s: float


def run_kills(
    folder: Path,
    kills: int,
    seed: int,
    *,
    names: Sequence[str] = (),
    ways: Sequence[str] = WAYS,
    patents: int = PATENTS,
    stops_at_fault: bool = False,
) -> Tally:
    """Kill the commands of `steps` (of these names, or all) `kills` times in `folder`.

    `patents` is the size of the first delivery: a small one is read in one process. Raises
    `FaultFoundError` at the first fault if `stops_at_fault`; otherwise it is in the tally, and the
    next command begins from where it is known to be good.
    """
    begin = time.perf_counter()
    pick, tally = random.Random(seed), Tally()
    prepared = [u for u in prepare(folder, names, patents) if not names or u.step.name in names]
    while tally.total < kills:
        for undisturbed in prepared:
            most = min(kills - tally.total, _MOST_KILLS_A_ROUND)
            if not most:
                break
            try:
                _Round(folder / "killed", undisturbed, ways, pick, tally).run(pick.randint(1, most))
            except FaultFoundError as fault:
                tally.faults.append(f"{undisturbed.step.name}: {fault}")
                if stops_at_fault:
                    raise
    tally.elapsed_s = time.perf_counter() - begin
    return tally


def prepare(
    folder: Path, names: Sequence[str] = (), patents: int = PATENTS
) -> Iterator[Undisturbed]:
    """Run the steps undisturbed, up to the last of these names; give each as soon as it is done."""
    files = write_deliveries(folder / "files", patents, patents * MADE_MARKS // PATENTS)
    steps = all_steps(files)
    wanted = set(names)
    before = EMPTY
    corpus = folder / "undisturbed"
    for number, step in enumerate(steps):
        kept = folder / f"before-{number}"
        if corpus.exists():
            shutil.copytree(corpus, kept)
        if step.first:
            _expect(step, *run_to_end(start(step.first_arguments(corpus))))
            shutil.rmtree(kept)
            shutil.copytree(corpus, kept)
        begin = time.perf_counter()
        status, told = run_to_end(start(step.arguments(corpus)))
        elapsed_s = time.perf_counter() - begin
        _expect(step, status, told)
        after = take(corpus)
        yield Undisturbed(step, kept, before, after, elapsed_s)
        before = after
        wanted.discard(step.name)
        if names and not wanted:
            return


def _expect(step: Step, status: int, told: str) -> None:
    if status != 0:
        raise FaultFoundError(f"{step.name}, undisturbed: status {status}: {told}")


def start(arguments: Sequence[str], *, mark: str = "", turn: int = 1) -> subprocess.Popen[str]:
    """Start a command of `ipsearch` in a session of its own; what it says is kept for the end."""
    said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
    program = ["-m", "benchmarks.faults.marks", mark, str(turn)] if mark else ["-m", "ipsearch"]
    process = subprocess.Popen(
        [sys.executable, *program, "--lang", "en", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=said,
        text=True,
        start_new_session=True,
        preexec_fn=heed_interrupts,
    )
    process.stderr = said
    return process


def heed_interrupts() -> None:
    """Undo what a shell does to what it starts in the background: Ctrl-C counts again."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def end_process(
    process: subprocess.Popen[str], way: str, workers: Sequence[int], pick: random.Random
) -> None:
    """End a command in one of `WAYS`; where it has no workers, its own process."""
    if way == "interrupt":
        os.killpg(process.pid, signal.SIGINT)
    elif way == "worker" and workers:
        os.kill(pick.choice(workers), signal.SIGKILL)
    else:
        process.kill()


def run_to_end(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a command; returns its status and what it said on standard error.

    Raises `FaultFoundError` if it does not end.
    """
    assert process.stderr is not None
    try:
        status = process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise FaultFoundError(f"no end after {_PATIENCE_S:.0f} s: {process.args!r}") from None
    with process.stderr as said:
        said.seek(0)
        return status, said.read()


def children_of(process: int) -> list[int]:
    """List the processes that a process started and that still run (Linux)."""
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += map(int, path.read_text(encoding="ascii").split())
        except OSError:
            continue
    return found


def is_running(process: int) -> bool:
    """Say whether a process is there, and not only waits to be reaped."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


class _Round:
    """One command, killed some times and then run to its end, in a copy of the corpus."""

    def __init__(
        self,
        corpus: Path,
        undisturbed: Undisturbed,
        ways: Sequence[str],
        pick: random.Random,
        tally: Tally,
    ) -> None:
        self._ways = ways
        self._corpus, self._undisturbed, self._step = corpus, undisturbed, undisturbed.step
        self._pick, self._tally = pick, tally
        self._is_done = False  # whether a killed run had already done it all

    def run(self, kills: int) -> None:
        """Kill the command so many times, check each time, and run it to its end."""
        shutil.rmtree(self._corpus, ignore_errors=True)
        if self._undisturbed.folder.exists():
            shutil.copytree(self._undisturbed.folder, self._corpus)
        for _ in range(kills):
            way = self._pick.choice(self._ways)
            is_killed = self._end_by_mark() if way == "mark" else self._end_at_random(way)
            if is_killed:
                self._tally.kills[f"{self._step.name}/{way}"] += 1
            else:
                self._tally.missed += 1
            self._check_between(way)
        self._finish()
        self._tally.rounds += 1

    def _end_by_mark(self) -> bool:
        mark = f"{self._pick.choice(MARKS[self._step.marks])} {self._pick.choice(SIDES)}"
        turn = self._pick.choice(_TURNS)
        process = start(self._arguments("--workers", "1"), mark=mark, turn=turn)
        status, told = run_to_end(process)
        if status != -signal.SIGKILL:
            self._expect_success(status, told)
        return status == -signal.SIGKILL

    def _arguments(self, *more: str) -> list[str]:
        """Give the command's arguments; a removal has no option for workers."""
        given = self._step.arguments(self._corpus)
        return given if self._step.command[0] == "remove" else [*given, *more]

    def _end_at_random(self, way: str) -> bool:
        process = start(self._arguments())
        time.sleep(self._pick.uniform(0, self._undisturbed.elapsed_s))
        workers = children_of(process.pid)
        end_process(process, way, workers, self._pick)
        status, told = run_to_end(process)
        self._expect_no_children(workers)
        if "Traceback" in told and _OURS in told:
            raise FaultFoundError(f"{way}: a traceback: {told}")
        if status == -signal.SIGKILL:
            return True
        if way == "interrupt" and status in (INTERRUPTED, -signal.SIGINT):
            # Python ends itself by SIGINT, to a shell 130 as well, if it was loading a module that
            # runs a text as code; the line is said all the same.
            if told.count("\n") not in ((1,) if status == INTERRUPTED else (0, 1)):
                raise FaultFoundError(f"interrupted, it said: {told!r}")
            return True
        if way == "worker" and status == FAILED and _WORKER_DIED in told:
            return True
        self._expect_success(status, told)
        return False

    def _expect_success(self, status: int, told: str) -> None:
        is_refused = status == FAILED and self._step.refusal and self._step.refusal in told
        if status != 0 and not (is_refused and self._is_done):
            raise FaultFoundError(f"status {status}: {told}")

    def _expect_no_children(self, workers: list[int]) -> None:
        deadline = time.monotonic() + 5
        while any(map(is_running, workers)):
            if time.monotonic() > deadline:
                raise FaultFoundError("its workers go on without it")
            time.sleep(0.01)

    def _check_between(self, way: str) -> None:
        """The corpus opens and shows all of what was before, or all of what is after."""
        shown = take(self._corpus)
        before, after = self._undisturbed.before, self._undisturbed.after
        if odd := shown.alerts - before.alerts - after.alerts:  # they are written as they come
            raise FaultFoundError(f"after {way}, alerts that no run raises: {sorted(odd)[:3]}")
        if not self._is_done and not before.differences(shown, with_alerts=False):
            self._tally.shown_before += 1
            return
        told = after.differences(shown, with_alerts=False)
        if told:
            raise FaultFoundError(f"after {way}, neither before nor after: {'; '.join(told)}")
        self._is_done = bool(before.differences(after, with_alerts=False))
        self._tally.shown_after += 1

    def _finish(self) -> None:
        """Run the command to its end; compare with what an undisturbed run leaves."""
        finished, built = _parts(self._corpus, live=False), _kept_generations(self._corpus)
        # Written anew a second time, rows lie in fewer parts, and the engine looks at some first.
        is_second = _parts(self._corpus, live=True) != _parts(self._undisturbed.folder, live=True)
        summary = self._corpus.with_suffix(".json")
        more = ("--json", str(summary)) if self._step.reads_files else ()
        status, told = run_to_end(start(self._arguments(*more)))
        self._expect_success(status, told)
        differences = self._undisturbed.after.differences(
            take(self._corpus), with_scores=self._step.has_scores and not is_second
        )
        differences += leftovers(self._corpus)
        if self._step.reads_files and not _was_compacted(summary):
            again = finished - _parts(self._corpus, live=True)
            self._tally.kept_parts += len(finished)
            if again:
                differences.append(f"{len(again)} parts of finished tasks were made again")
        if not self._step.reads_files or not _was_compacted(summary):
            again = built - _generations(self._corpus)
            self._tally.kept_generations += len(built)
            if again:
                differences.append(f"generations {sorted(again)} were built and are built again")
        if differences:
            raise FaultFoundError(f"at the end: {'; '.join(differences)}")


def leftovers(corpus: Path) -> list[str]:
    """Name what lies in a corpus and is not named by its catalog."""
    layout, catalog = Layout(corpus), Catalog(corpus / "catalog.sqlite", read_only=True)
    try:
        generations = {layout.generation(g.kind, g.shard, g.number) for g in catalog.generations()}
        named = {layout.part(p.kind, p.shard, p.number).stem for p in catalog.parts(live=None)}
        named |= {path.name.replace("gen-", "gone-") for path in generations}
    finally:
        catalog.close()
    found = [layout.unpacking] if layout.unpacking.exists() else []
    for kind in KINDS:
        found += [p for p in (corpus / kind).glob("index/*/*") if p not in generations]
        found += [
            p for p in (corpus / kind).glob("records/*/*") if p.name.partition(".")[0] not in named
        ]
    return [f"left over: {path.relative_to(corpus)}" for path in sorted(found)]


def _parts(corpus: Path, *, live: bool) -> set[Any]:
    """Give the parts that deliveries went to, those that count or those that do not yet."""
    if not (corpus / "catalog.sqlite").exists():
        return set()
    catalog = Catalog(corpus / "catalog.sqlite", read_only=True)
    try:
        parts = catalog.parts(live=live)
        return {(p.kind, p.shard, p.number) for p in parts if not p.is_merged}
    finally:
        catalog.close()


def _kept_generations(corpus: Path) -> set[int]:
    """Give the generations that a command which was killed had built, if it can go on with them."""
    path = Layout(corpus).unfinished
    if not path.exists():
        return set()
    text = path.read_text(encoding="utf-8")
    lines = [line.partition(" ")[2] for line in text.split("\n")[:-1]]  # without its checksum
    if not lines or json.loads(lines[0])[1] != sorted(_generations(corpus)):
        return set()
    entries = [json.loads(line)[1] for line in lines[1:]]
    results = (entry["result"] for entry in entries)
    return {result["generation"] for result in results if "generation" in result}


def _generations(corpus: Path) -> set[int]:
    catalog = Catalog(corpus / "catalog.sqlite", read_only=True)
    try:
        return {generation.number for generation in catalog.generations()}
    finally:
        catalog.close()


def _was_compacted(summary: Path) -> bool:
    return json.loads(summary.read_text(encoding="utf-8"))["compacted"] is not None


def figures(tally: Tally) -> dict[str, Any]:
    """Give what is kept of a run."""
    return {
        "task": "kills",
        "elapsed_s": round(tally.elapsed_s),
        "kills": tally.total,
        "kills_by_command": tally.by(0),
        "kills_by_way": tally.by(1),
        "rounds": tally.rounds,
        "missed": tally.missed,
        "shown_before": tally.shown_before,
        "shown_after": tally.shown_after,
        "kept_parts": tally.kept_parts,
        "kept_generations": tally.kept_generations,
        "faults": tally.faults,
    }


def report(tally: Tally) -> str:
    """Say in a few lines what was done and found."""
    lines = [
        f"kills {tally.total}, in {tally.rounds} rounds; {tally.elapsed_s:.0f} s",
        *(f"  {name:18}{count:6}" for name, count in tally.by(0).items()),
        f"by {', '.join(f'{way}: {count}' for way, count in sorted(tally.by(1).items()))}",
        f"shown after a kill: the state before {tally.shown_before}, after {tally.shown_after}",
        f"kept, finished before a kill: parts {tally.kept_parts}, indexes {tally.kept_generations}",
        f"commands that were too quick to be killed {tally.missed}",
        f"faults {len(tally.faults)}",
        *(f"  {fault}" for fault in tally.faults),
    ]
    return "\n".join(lines)
