"""How fast bulk patents become searchable, at what cost, and how fast they answer then.

What is measured: `python -m ipsearch ingest` from JSON Lines to a committed corpus: records and
    characters per second of wall time, CPU seconds by stage, peak memory of the process tree,
    bytes of index and of records. Then 60 fixed queries (few terms, a quoted phrase, terms with
    a class filter) in this process, three times each after one warming round, ten hits; and the
    wall time of one `ipsearch query` command, start-up included.
Corpus model: `generate`; its text statistics are printed beside those of real patents.
Notes: making the corpus is outside the clock. Input and corpus share a disk, and the input is in
    the page cache. "Cold" is a new process, not an empty page cache. The number of rows kept is
    checked against the number made. The queries are put together from the corpus' own text.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.generate import NO_DESCRIPTIONS, Descriptions, Record, records, write
from benchmarks.machine import folder_bytes
from benchmarks.statistics import (
    REAL,
    SAMPLE_CHARACTERS,
    join,
    measure,
    read_real,
    side_by_side,
)

REAL_PATENTS = machine.ROOT.parent / "shared" / "data" / "cn_patents_7384" / "patents.xlsx"
SAMPLE_RECORDS = 8_000  # enough for SAMPLE_CHARACTERS
QUERIES_PER_KIND = 20
ROUNDS = 3

QUERY_KINDS = {  # kind -> pattern
    "terms": "{terms}",
    "phrase": '"{phrase}"',
    "filter": "{terms} AND ipc:{subclass}",
}


class BenchmarkError(RuntimeError):
    """A run whose figures would mean nothing."""


def compare_texts(seed: int, real_patents: Path = REAL_PATENTS) -> str:
    """Lay the statistics of the first records of `seed` beside those of the real patents."""
    made_up = measure(
        join(
            (record["titles"][0]["text"], record["abstracts"][0]["text"])
            for record in records(seed, 0, SAMPLE_RECORDS)
        )
    )
    if made_up.characters != SAMPLE_CHARACTERS:
        raise BenchmarkError(f"a sample of {made_up.characters} characters is too short")
    if not real_patents.exists():
        return side_by_side(made_up, REAL, "calibration figures")
    return side_by_side(made_up, measure(join(read_real(real_patents))), real_patents.name)


def ingest(file: Path, folder: Path, summary: Path, *, is_quiet: bool = False) -> machine.Usage:
    """Ingest `file` into the corpus in `folder`; ipsearch writes its summary to `summary`."""
    command = [sys.executable, "-m", "ipsearch", "ingest", str(file), "--into", str(folder)]
    return machine.run([*command, "--json", str(summary)], is_quiet=is_quiet)


def query_cold(folder: Path, query: str) -> machine.Usage:
    """Ask one query in a process of its own."""
    command = [sys.executable, "-m", "ipsearch", "query", str(folder), query]
    return machine.run(command, is_quiet=True)


def median_cold_query_s(folder: Path, queries: Sequence[str]) -> float:
    """Ask each query in a process of its own; give the median of their wall times."""
    return round(statistics.median(query_cold(folder, query).wall_s for query in queries), 3)


def measure_throughput(
    folder: Path,
    count: int,
    seed: int,
    *,
    processes: int,
    descriptions: Descriptions = NO_DESCRIPTIONS,
) -> dict[str, Any]:
    """Make `count` records in `folder`, ingest them, query them, and return the figures.

    Raises `BenchmarkError` if `folder` holds a corpus already or if rows were lost.
    """
    corpus = folder / "corpus"
    if corpus.exists():
        raise BenchmarkError(f"there is a corpus already: {corpus}")
    file = folder / f"{corpus_name(count, seed, descriptions)}.jsonl"
    summary_file = folder / "summary.json"
    written = write(file, count, seed, processes=processes, descriptions=descriptions)
    usage = ingest(file, corpus, summary_file)
    kept = _rows(corpus / "patent" / "records")
    if kept != count:
        raise BenchmarkError(f"{kept} rows kept of {count} records")
    summary = json.loads(summary_file.read_text(encoding="utf-8"))
    index_bytes = folder_bytes(corpus / "patent" / "index")
    records_bytes = folder_bytes(corpus / "patent" / "records")
    queries = make_queries(seed, count)
    warm = _query_warm(corpus, queries)
    cold_s = median_cold_query_s(corpus, [query for _, query in queries[:5]])
    return {
        "task": "ingest",
        "corpus": file.stem,
        "corpus_sha256": written.sha256,
        "corpus_bytes": written.bytes,
        "records": count,
        "characters": written.characters,
        "ingest_s": round(usage.wall_s, 3),
        "records_per_s": round(count / usage.wall_s, 1),
        "characters_per_s": round(written.characters / usage.wall_s),
        "cpu_s": round(usage.cpu_s, 3),
        "stages": summary.get("stages"),
        "peak_largest_rss_bytes": usage.peak_largest_rss_bytes,
        "peak_sum_rss_bytes": usage.peak_sum_rss_bytes,
        "peak_largest_anon_bytes": usage.peak_largest_anon_bytes,
        "peak_sum_anon_bytes": usage.peak_sum_anon_bytes,
        "index_bytes": index_bytes,
        "index_bytes_per_record": round(index_bytes / count, 1),
        "index_bytes_per_character": round(index_bytes / written.characters, 3),
        "records_bytes": records_bytes,
        "records_bytes_per_record": round(records_bytes / count, 1),
        "queries": len(queries),
        **warm,
        "cold_query_s": cold_s,
    }


def corpus_name(count: int, seed: int, descriptions: Descriptions = NO_DESCRIPTIONS) -> str:
    """Name a made-up corpus so that it can be made again."""
    name = f"synthetic-{count}-seed{seed}"
    if descriptions.share:
        name += f"-descriptions{descriptions.share:g}x{descriptions.characters}"
    return name


def make_queries(seed: int, count: int) -> list[tuple[str, str]]:
    """Make the fixed queries, (kind, query) each, from records of a corpus of `count`."""
    import rjieba

    pick = random.Random(f"{seed}/queries")
    source = list(records(seed, 0, min(count, 2_000)))
    segmenter = rjieba.Jieba()
    queries = []
    for kind, pattern in QUERY_KINDS.items():
        for _ in range(QUERIES_PER_KIND):
            record = pick.choice(source)
            words = segmenter.cut(record["titles"][0]["text"], False)
            terms = sorted({word for word in words if len(word) > 1 and word != "一种"})
            query = pattern.format(
                terms=" ".join(pick.sample(terms, min(3, len(terms)))),
                phrase=_phrase(record, pick),
                subclass=record["ipc"][0][:4],
            )
            queries.append((kind, query))
    return queries


def _phrase(record: Record, pick: random.Random) -> str:
    """Take three to six characters in a row, wherever words may begin or end."""
    runs = re.findall(r"[\u4e00-\u9fff]{6,}", record["abstracts"][0]["text"])
    run = pick.choice(runs)
    length = pick.randint(3, 6)
    begin = pick.randrange(len(run) - length + 1)
    return str(run[begin : begin + length])


def _query_warm(folder: Path, queries: list[tuple[str, str]]) -> dict[str, float]:
    import ipsearch

    corpus = ipsearch.open(folder)
    times: dict[str, list[float]] = {kind: [] for kind in QUERY_KINDS}
    for round_ in range(1 + ROUNDS):
        for kind, query in queries:
            begin = time.perf_counter()
            corpus.query(query, limit=10)
            elapsed_ms = (time.perf_counter() - begin) * 1000
            if round_ > 0:
                times[kind].append(elapsed_ms)
    figures = _percentiles("query", [value for values in times.values() for value in values])
    for kind, values in times.items():
        figures |= _percentiles(kind, values)
    return figures


def _percentiles(name: str, values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        f"{name}_p{percent}_ms": round(ordered[(len(ordered) - 1) * percent // 100], 3)
        for percent in (50, 95)
    }


def _rows(folder: Path) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in folder.rglob("*.parquet"))
