"""How fast a corpus answers, by category of question; and whether quoted texts are found exactly.

What is measured: for each category of `tasks` p50, p95 and maximum, ranked alone and as shown, in
    a process of its own (`ask`), warm; its anonymous memory; the wall time of the command
    `ipsearch query`, start-up included; recall and precision of quoted texts (`brute_force`).
Corpus model: any corpus folder, or a made-up one that is made for it.
Notes: the queries are put together from the corpus' own records, always the same for one seed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.brute_force import check_exact
from benchmarks.generate import write
from benchmarks.samples import Sample, sample_corpus
from benchmarks.tasks import TASKS_PER_CATEGORY, Task, make_tasks
from benchmarks.throughput import corpus_name, ingest, median_cold_query_s

COLD_QUERIES = 5


def make_corpus(folder: Path, count: int, seed: int, processes: int) -> tuple[str, str]:
    """Make and ingest a corpus in `folder` / "corpus"; returns its name and its lines' SHA-256."""
    file = folder / f"{corpus_name(count, seed)}.jsonl"
    written = write(file, count, seed, processes=processes)
    ingest(file, folder / "corpus", folder / "summary.json")
    file.unlink()
    return file.stem, written.sha256


def folder_hash(corpus: Path) -> str:
    """Hash the names, sizes and row counts of a corpus' parts: what tells one folder from another.

    It is not the hash of its records: the same records ingested otherwise give another one.
    """
    import pyarrow.parquet as pq

    digest = hashlib.sha256()
    for path in sorted((corpus / "patent" / "records").rglob("*.parquet")):
        rows = pq.read_metadata(path).num_rows
        digest.update(f"{path.relative_to(corpus)} {path.stat().st_size} {rows}\n".encode())
    return digest.hexdigest()


def measure_latency(
    corpus: Path,
    seed: int,
    *,
    per_category: int = TASKS_PER_CATEGORY,
    checked_texts: int = 0,
) -> dict[str, Any]:
    """Ask the corpus in the folder `corpus` and return the figures, but for what names it."""
    held = corpus_size(corpus)
    sample = sample_corpus(corpus, seed)
    tasks = make_tasks(sample, held["records"], seed, per_category)
    exact = None
    if checked_texts:
        exact = _check(corpus, sample, tasks, seed, checked_texts)
    return {
        "task": "latency",
        **{key: held[key] for key in ("records", "shards", "segments")},
        "index_bytes": held["index_bytes"],
        "records_bytes": held["record_bytes"],
        **ask(corpus, tasks),
        "cold_query_s": median_cold_query_s(corpus, _cold_queries(tasks)),
        "exact": exact,
    }


def ask(corpus: Path, tasks: list[Task]) -> dict[str, Any]:
    """Put `tasks` to the corpus in a process of its own; give its categories and its memory."""
    with tempfile.TemporaryDirectory(prefix="ipsearch-ask-") as name:
        asked, answer = Path(name) / "tasks.json", Path(name) / "answer.json"
        asked.write_text(json.dumps([task.to_dict() for task in tasks]), encoding="utf-8")
        machine.run([sys.executable, "-m", "benchmarks.ask", str(corpus), str(asked), str(answer)])
        figures = json.loads(answer.read_text(encoding="utf-8"))
    return {"categories": figures["categories"], "anon_bytes": figures["anon_bytes"]}


def corpus_size(corpus: Path) -> dict[str, Any]:
    """Say what the patents of a corpus take: records, shards, segments, parts and bytes."""
    import ipsearch

    with ipsearch.open(corpus) as opened:
        return dict(opened.info()["kinds"]["patent"])


def _cold_queries(tasks: list[Task]) -> list[str]:
    return [task.expression for task in tasks if task.category == "terms"][:COLD_QUERIES]


def _check(
    corpus: Path, sample: Sample, tasks: list[Task], seed: int, count: int
) -> dict[str, Any]:
    texts = [task.terms[0] for task in tasks if task.category == "phrase"]
    if len(texts) < count:
        more = make_tasks(sample, len(sample.records), seed, count)
        texts = [task.terms[0] for task in more if task.category == "phrase"]
    days = [record.published for record in sample.records if record.published]
    return check_exact(corpus, texts[:count], days).figures()
