"""One corpus that grows to many million records: does everything grow in a straight line?

What is measured: at each size: records per second of wall time of all ingestions so far and of
    the last million, bytes of index and records, the largest anonymous memory of any process,
    latency by category and cold command. Making the input is outside the clock.
Corpus model: one made-up corpus that grows, file by file of `STEP_RECORDS`, each made, ingested by
    a command of its own and deleted: so the disk holds the corpus and one file. It is the same
    record stream at every size, and growing is harder than building afresh: every file goes into
    an index that is there, and is looked for in all parts before it.
Notes: what is done is kept in `scale-state.json` beside the corpus; run again with the same folder
    it goes on, an interrupted file included. Progress lines go to `results/scale-<corpus>.log`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import lines, machine
from benchmarks.generate import write
from benchmarks.latency import ask, corpus_size
from benchmarks.samples import sample_corpus
from benchmarks.scale_report import write_report
from benchmarks.tasks import TASKS_PER_CATEGORY, make_tasks
from benchmarks.throughput import corpus_name, ingest, median_cold_query_s

STEP_RECORDS = 500_000
SIZES = (1_000_000, 2_000_000, 5_000_000, 10_000_000)
CATEGORIES = ("rare", "count", "frequent", "terms", "phrase", "boolean", "professional",
              "novelty", "novelty_before", "filtered", "deep", "show")  # fmt: skip


@dataclass(slots=True)
class State:
    """What is done; every list has an entry a step."""

    seed: int
    step_records: int
    records: list[int] = field(default_factory=list)  # in the corpus after the step
    build_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    largest_anon_bytes: list[int | None] = field(default_factory=list)
    sum_anon_bytes: list[int | None] = field(default_factory=list)
    sha256: list[str] = field(default_factory=list)  # of the step's lines
    points: list[dict[str, Any]] = field(default_factory=list)  # figures at the sizes asked for
    is_ingesting: bool = False  # a file's ingestion has begun and is not noted as finished
    interruptions: int = 0  # ingestions that were broken off: the time before that is not counted


def run_scale(
    folder: Path,
    sizes: Sequence[int] = SIZES,
    *,
    seed: int,
    processes: int,
    step_records: int = STEP_RECORDS,
    per_category: int = TASKS_PER_CATEGORY,
    shards: int | None = None,
) -> list[dict[str, Any]]:
    """Grow the corpus in `folder` through `sizes`; append a line of results at each of them.

    `shards` is for a corpus that is not there yet; None is the library's default. Raises
    `ValueError` if the folder was begun with another seed or step.
    """
    run = _Run(folder, seed, step_records, processes, per_category)
    run.begin(shards, max(sizes))
    try:
        for size in sorted(set(sizes)):
            run.grow(size)
            run.measure(size)
    finally:
        run.close()
    write_report(run.state.points, lines.RESULTS)
    return run.state.points


class _Run:
    def __init__(
        self, folder: Path, seed: int, step_records: int, processes: int, per_category: int
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._corpus = folder, folder / "corpus"
        self._processes, self._per_category = processes, per_category
        self._state_file = folder / "scale-state.json"
        self.state = State(seed, step_records)
        if self._state_file.exists():
            self.state = State(**json.loads(self._state_file.read_text(encoding="utf-8")))
            if (self.state.seed, self.state.step_records) != (seed, step_records):
                raise ValueError(f"{folder}: begun with seed {self.state.seed} and files of"
                                 f" {self.state.step_records} records")  # fmt: skip
        self._pool: ProcessPoolExecutor | None = None
        self._log = lines.RESULTS / "scale.log"

    def begin(self, shards: int | None, size: int) -> None:
        self._log = lines.RESULTS / f"scale-{corpus_name(size, self.state.seed)}.log"
        lines.RESULTS.mkdir(parents=True, exist_ok=True)
        done = self.state.records[-1] if self.state.records else 0
        self.say(f"{machine.describe_machine()}; commit {machine.commit()}; {done:,} records there")
        if not done and not (self._corpus / "catalog.sqlite").exists() and shards is not None:
            import ipsearch

            ipsearch.create(self._corpus, shards=shards)

    def close(self) -> None:
        self._end_pool()

    def say(self, text: str) -> None:
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")
        print(f"{now} {text}", flush=True)
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{now} {text}\n")

    def grow(self, size: int) -> None:
        """Ingest files until there are `size` records."""
        state = self.state
        while (done := state.records[-1] if state.records else 0) < size:
            count = min(state.step_records, size - done)
            file = self._folder / f"step-{done}-{count}.jsonl"
            written = write(
                file, count, state.seed, start=done, processes=self._processes, pool=self._maker()
            )
            self._end_pool()  # its processes must not weigh on the ingestion
            if state.is_ingesting:
                state.interruptions += 1
                self.say(
                    f"the file after {done:,} records was broken off before: its time is short"
                )
            state.is_ingesting = True
            self._save()
            usage = ingest(file, self._corpus, self._folder / "summary.json", is_quiet=True)
            summary = json.loads((self._folder / "summary.json").read_text(encoding="utf-8"))
            kept = corpus_size(self._corpus)["records"]
            if kept != done + count:
                raise ValueError(f"{kept} records in the corpus, not {done + count}")
            file.unlink()
            state.is_ingesting = False
            state.records.append(kept)
            state.build_s.append(round(usage.wall_s, 3))
            state.cpu_s.append(round(usage.cpu_s, 3))
            state.largest_anon_bytes.append(usage.peak_largest_anon_bytes)
            state.sum_anon_bytes.append(usage.peak_sum_anon_bytes)
            state.sha256.append(written.sha256)
            self._save()
            stages = ", ".join(f"{s['name']} {s['wall_s']:.0f} s" for s in summary["stages"])
            free = shutil.disk_usage(self._folder).free / 1e9
            anon = (usage.peak_largest_anon_bytes or 0) / 1e6
            self.say(
                f"{kept:,} records; the last {count:,} in {usage.wall_s:.1f} s ({stages}),"
                f" {count / usage.wall_s:,.0f}/s; in all {kept / sum(state.build_s):,.0f}/s;"
                f" largest process {anon:,.0f} MB; {free:.0f} GB free"
            )

    def measure(self, size: int) -> None:
        """Ask the corpus, and keep and append its figures, unless that was done before."""
        state = self.state
        if any(point["records"] == size for point in state.points):
            return
        held = corpus_size(self._corpus)
        tasks = [
            task
            for task in make_tasks(
                sample_corpus(self._corpus, state.seed), size, state.seed, self._per_category
            )
            if task.category in CATEGORIES
        ]
        answers = ask(self._corpus, tasks)
        cold = [task.expression for task in tasks if task.category == "terms"][:5]
        build_s = sum(state.build_s)
        figures = {
            "task": "scale",
            "corpus": corpus_name(size, state.seed),
            "corpus_sha256": self._hash(size),
            "records": size,
            "build_s": round(build_s, 1),
            "interruptions": state.interruptions,
            "records_per_s": round(size / build_s, 1),
            "last_million_records_per_s": round(last_rate(state.records, state.build_s), 1),
            "cpu_s": round(sum(state.cpu_s), 1),
            "peak_largest_anon_bytes": _largest(state.largest_anon_bytes),
            "peak_sum_anon_bytes": _largest(state.sum_anon_bytes),
            "index_bytes": held["index_bytes"],
            "index_bytes_per_record": round(held["index_bytes"] / size, 1),
            "records_bytes": held["record_bytes"],
            "records_bytes_per_record": round(held["record_bytes"] / size, 1),
            **{key: held[key] for key in ("shards", "segments", "parts")},
            "categories": answers["categories"],
            "search_anon_bytes": answers["anon_bytes"],
            "cold_query_s": median_cold_query_s(self._corpus, cold),
        }
        line = lines.append(lines.RESULTS / "scale.jsonl", lines.SCALE_KEYS, figures)
        state.points.append(line)
        self._save()
        p95 = ", ".join(
            f"{name} {found['ranked_p95_ms']:.1f}"
            for name, found in answers["categories"].items()
            if found.get("ranked_p95_ms") is not None
        )
        cold_s = figures["cold_query_s"]
        self.say(f"at {size:,} records: ranked p95 in ms: {p95}; cold query {cold_s} s")

    def _hash(self, size: int) -> str:
        """Hash the hashes of the steps' lines: the lines themselves are gone."""
        digest = hashlib.sha256()
        for records, step in zip(self.state.records, self.state.sha256, strict=True):
            if records <= size:
                digest.update(step.encode())
        return digest.hexdigest()

    def _maker(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes)
        return self._pool

    def _end_pool(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def _save(self) -> None:
        new = self._state_file.with_suffix(".new")
        new.write_text(json.dumps(asdict(self.state)), encoding="utf-8")
        new.replace(self._state_file)


def last_rate(records: Sequence[int], build_s: Sequence[float], span: int = 1_000_000) -> float:
    """Give records per second over the last steps that make up `span` records, or over all."""
    seconds, first = 0.0, records[-1]
    for at in range(len(records) - 1, -1, -1):
        seconds += build_s[at]
        first = records[at - 1] if at else 0
        if records[-1] - first >= span:
            break
    return (records[-1] - first) / seconds


def _largest(values: Sequence[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)
