"""The lines that benchmarks leave behind: one JSON object each, readable in five years.

What is measured: nothing here; this names what the others measure.
Corpus model: named by how to make it again, and by the SHA-256 of its file.
Notes: units are in the keys; what a run did not measure is null, never 0.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from benchmarks import machine

RESULTS = Path(__file__).parent / "results"

THROUGHPUT_KEYS = (
    "task",  # "ingest", or "naive-tantivy-jieba" for the comparison
    "corpus",
    "corpus_sha256",
    "corpus_bytes",  # of the JSON Lines
    "records",
    "characters",  # of titles, abstracts and claims
    "ingest_s",
    "records_per_s",
    "characters_per_s",
    "cpu_s",  # all processes
    "stages",  # [{"name", "wall_s", "cpu_s"}]
    "peak_largest_rss_bytes",  # the largest process; resident, mapped files included
    "peak_sum_rss_bytes",  # all processes at one moment
    "peak_largest_anon_bytes",  # as above, without files
    "peak_sum_anon_bytes",
    "index_bytes",
    "index_bytes_per_record",
    "records_bytes",  # the Parquet parts
    "records_bytes_per_record",
    "queries",
    "query_p50_ms",  # warm, ten hits
    "query_p95_ms",
    "terms_p50_ms",
    "terms_p95_ms",
    "phrase_p50_ms",
    "phrase_p95_ms",
    "filter_p50_ms",
    "filter_p95_ms",
    "cold_query_s",  # the command from start to end
)


def append(path: Path, keys: tuple[str, ...], figures: dict[str, Any]) -> dict[str, Any]:
    """Add one line to `path`: date, commit and machine, then `keys` in order; return it.

    Raises `KeyError` if `figures` has a key that is not in `keys`.
    """
    unknown = figures.keys() - set(keys)
    if unknown:
        raise KeyError(f"not among the keys of a line: {', '.join(sorted(unknown))}")
    line = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "commit": machine.commit(),
        "machine": machine.describe_machine(),
        **{key: figures.get(key) for key in keys},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return line
