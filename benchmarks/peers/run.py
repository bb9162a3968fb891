"""All of them in one run: the same records, the same machine, the same tasks.

What is measured: from JSON Lines to what can be searched: records per second, CPU seconds, memory
    of the process tree, bytes kept; then the tasks of `benchmarks.tasks`, ids and scores of the
    first hits, warm. Of ours besides: the limit (`limit`) and the share of it that is reached; the
    record store against the same JSON Lines under `zstd -6`; characters per second and bytes per
    character with long descriptions, against those of the short corpus.
Corpus model: made-up records, one file for all.
Notes: ours is timed as the command `ipsearch ingest`, start-up included; a peer's imports and
    dictionaries are outside its clock. No two do the same work: each line says what it does. A peer
    that cannot be run is a line with the reason.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import lines, machine
from benchmarks.generate import Descriptions, Written, write
from benchmarks.latency import ask, corpus_size
from benchmarks.peers import Missing, Peer, load_peers
from benchmarks.peers.limit import measure_limit
from benchmarks.samples import sample_lines
from benchmarks.tasks import Task, make_tasks
from benchmarks.throughput import BenchmarkError, corpus_name, ingest

OURS = "ipsearch"
DESCRIBED = "ipsearch-descriptions"
_ZSTD_CHUNK = 64 << 20
_COLUMNS = {
    "task": "what",
    "records_per_s": "records/s",
    "bytes_per_record": "bytes/record",
    "anon_mb": "largest process, MB",
    "sum_mb": "all processes, MB",
}
_SHOWN = ("rare", "frequent", "terms", "phrase", "novelty")


@dataclass(slots=True)
class _Run:
    """One run: what its lines have in common."""

    folder: Path
    name: str
    file: Path
    written: Written
    tasks: list[Task]
    done: list[dict[str, Any]]

    def report(self, figures: dict[str, Any]) -> dict[str, Any]:
        common = {
            "run": self.name,
            "corpus": self.file.stem,
            "corpus_sha256": self.written.sha256,
            "corpus_bytes": self.written.bytes,
            "records": self.written.records,
            "characters": self.written.characters,
        }
        figures = {**common, **figures}
        line = lines.append(lines.RESULTS / "peers.jsonl", lines.PEER_KEYS, figures)
        self.done.append(line)
        rate = line["records_per_s"]
        print(f"{line['task']}: " + (line["skipped"] or f"{rate:,.0f} records/s"), flush=True)
        return line


def run_peers(
    folder: Path,
    count: int,
    seed: int,
    *,
    processes: int,
    only: Sequence[str] = (),
    per_category: int = 50,
    described: int = 20_000,
) -> list[dict[str, Any]]:
    """Run all, or those named in `only`, on `count` records; returns the lines of results.

    `described` records have descriptions of 10,000 characters each; 0 leaves that out. Raises
    `ValueError` for a name that is not among them.
    """
    peers = load_peers()
    unknown = set(only) - {OURS, DESCRIBED, *peers}
    if unknown:
        raise ValueError(f"no peer {', '.join(sorted(unknown))}; there are: {OURS}, {DESCRIBED},"
                         f" {', '.join(peers)}")  # fmt: skip
    file = folder / f"{corpus_name(count, seed)}.jsonl"
    written = write(file, count, seed, processes=processes)
    tasks = make_tasks(sample_lines(file, count), count, seed, per_category)
    name = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    run = _Run(folder, name, file, written, tasks, [])
    if not only or OURS in only:
        _ours(run)
    for peer in peers.values():
        if not only or peer.name in only:
            _peer(run, peer)
    file.unlink()
    if described and (not only or DESCRIBED in only):
        _described(run, described, seed, processes)
    (lines.RESULTS / "peers.md").write_text(as_markdown(run.done), encoding="utf-8")
    return run.done


def _ours(run: _Run) -> None:
    corpus = run.folder / "corpus"
    usage = ingest(run.file, corpus, run.folder / "summary.json", is_quiet=True)
    held = _checked(corpus, run.written.records)
    answers = ask(corpus, run.tasks)
    limit = measure_limit(run.file, run.written.records)
    packed = zstd_bytes(run.file)
    rate = run.written.records / usage.wall_s
    figures = {
        **limit,
        "share_of_limit": round(rate / limit["limit_records_per_s"], 3),
        "share_of_compiled_limit": round(rate / limit["compiled_limit_records_per_s"], 3),
        "zstd6_bytes": packed,
        "store_to_zstd6": round(held["record_bytes"] / packed, 3),
        "search_anon_bytes": answers["anon_bytes"],
    }
    shutil.rmtree(corpus)
    run.report(
        {
            "task": OURS,
            "does": "all fields read, merged and searchable, exact text, records kept",
            **_rates(run.written, usage.wall_s),
            **_used(usage),
            **_ours_bytes(held, run.written),
            "categories": answers["categories"],
            "figures": figures,
        }
    )


def _described(run: _Run, count: int, seed: int, processes: int) -> None:
    descriptions = Descriptions(1.0)
    file = run.folder / f"{corpus_name(count, seed, descriptions)}.jsonl"
    written = write(file, count, seed, processes=processes, descriptions=descriptions)
    corpus = run.folder / "corpus"
    usage = ingest(file, corpus, run.folder / "summary.json", is_quiet=True)
    held = _checked(corpus, count)
    rates = _rates(written, usage.wall_s)
    short = next((line for line in run.done if line["task"] == OURS), None)
    share = rates["characters_per_s"] / short["characters_per_s"] if short else None
    shutil.rmtree(corpus)
    _Run(run.folder, run.name, file, written, [], run.done).report(
        {
            "task": DESCRIBED,
            "does": "as ipsearch, every record with a description of 10,000 characters",
            **rates,
            **_used(usage),
            **_ours_bytes(held, written),
            "figures": {"characters_per_s_to_short": round(share, 3) if share else None},
        }
    )
    file.unlink()


def _checked(corpus: Path, count: int) -> dict[str, Any]:
    held = corpus_size(corpus)
    if held["records"] != count:
        raise BenchmarkError(f"{held['records']} records in the corpus, not {count}")
    return held


def _peer(run: _Run, peer: Peer) -> None:
    try:
        version = peer.version()
    except Missing as error:
        run.report({"task": peer.name, "does": peer.does, "skipped": str(error)})
        return
    folder = run.folder / peer.name
    folder.mkdir()
    out, asked = run.folder / "out.json", run.folder / "tasks.json"
    asked.write_text(json.dumps([task.to_dict() for task in run.tasks]), encoding="utf-8")

    def step(name: str, given: Path) -> tuple[machine.Usage, dict[str, Any]]:
        command = [sys.executable, "-m", "benchmarks.peers.child", name, peer.name]
        usage = machine.run([*command, *map(str, (given, folder, out))], is_quiet=True)
        return usage, json.loads(out.read_text(encoding="utf-8"))

    try:
        usage, built = step("build", run.file)
        kept = machine.folder_bytes(folder)
        _, categories = step("ask", asked)
    except machine.CommandFailedError as error:
        run.report({"task": peer.name, "does": peer.does, "version": version,
                    "skipped": f"failed: {str(error).splitlines()[-1]}"})  # fmt: skip
        return
    finally:
        shutil.rmtree(folder)
    run.report(
        {
            "task": peer.name,
            "version": version,
            "does": peer.does,
            **_rates(run.written, built["build_s"]),
            **_used(usage),
            "bytes": kept,
            "bytes_per_record": round(kept / run.written.records, 1),
            "categories": categories,
        }
    )


def _rates(written: Written, build_s: float) -> dict[str, Any]:
    return {
        "build_s": round(build_s, 3),
        "records_per_s": round(written.records / build_s, 1),
        "characters_per_s": round(written.characters / build_s),
    }


def _used(usage: machine.Usage) -> dict[str, Any]:
    return {
        "cpu_s": round(usage.cpu_s, 3),
        "peak_largest_anon_bytes": usage.peak_largest_anon_bytes,
        "peak_sum_anon_bytes": usage.peak_sum_anon_bytes,
        "peak_sum_rss_bytes": usage.peak_sum_rss_bytes,
    }


def _ours_bytes(held: dict[str, Any], written: Written) -> dict[str, Any]:
    kept = held["index_bytes"] + held["record_bytes"]
    return {
        "bytes": kept,
        "bytes_per_record": round(kept / written.records, 1),
        "index_bytes": held["index_bytes"],
        "index_bytes_per_record": round(held["index_bytes"] / written.records, 1),
        "index_bytes_per_character": round(held["index_bytes"] / written.characters, 3),
    }


def zstd_bytes(file: Path) -> int:
    """Give the size of `file` under zstd at level 6, in frames of 64 MiB of input."""
    import pyarrow as pa

    codec = pa.Codec("zstd", compression_level=6)
    total = 0
    with file.open("rb") as source:
        while chunk := source.read(_ZSTD_CHUNK):
            total += len(codec.compress(chunk, asbytes=True))
    return total


def as_markdown(done: Sequence[dict[str, Any]]) -> str:
    """Lay the lines of a run out as a table, and below it what each does."""
    columns = dict(_COLUMNS)
    rows = []
    for line in done:
        row = {
            **line,
            "anon_mb": _mb(line["peak_largest_anon_bytes"]),
            "sum_mb": _mb(line["peak_sum_anon_bytes"]),
        }
        for category in _SHOWN:
            columns[category] = f"{category} p50 / p95, ms"
            found = (line["categories"] or {}).get(category) or {}
            if found.get("ranked_p50_ms") is not None:
                row[category] = f"{found['ranked_p50_ms']:.3g} / {found['ranked_p95_ms']:.3g}"
        rows.append(row)
    notes = []
    for line in done:
        reason = f" Not run: {line['skipped']}." if line["skipped"] else ""
        more = "; ".join(f"{key} {value}" for key, value in (line["figures"] or {}).items())
        name = f"{line['task']} ({line['version']})" if line["version"] else line["task"]
        notes.append(f"- **{name}**: {line['does']}.{reason} {more}".rstrip())
    head = done[0]
    title = f"{head['machine']}; run {head['run']}; commit {head['commit']}; `{head['corpus']}`"
    parts = ["# Side by side", title, lines.table(rows, columns), "\n".join(notes)]
    return "\n\n".join(parts) + "\n"


def _mb(value: int | None) -> float | None:
    return None if value is None else round(value / 1e6, 1)
