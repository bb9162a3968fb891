"""How long a novelty search takes, by how much it reads: a page, texts, or evidence too.

What is measured: milliseconds of `Corpus.novelty` for records of the corpus, 50 hits of each list:
    the first stage alone; with texts of 200 hits read again; with that and evidence for all 50.
Corpus model: made-up patents, of which a tenth has descriptions of 10,000 characters.
Notes: each search is put three times, once a way, after all have been put once to a corpus opened
    for that alone: the pages of the files are in memory, no answer is. Subjects are drawn from all
    records, so about a tenth of them has a description, whose words are weighed as well.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.ask import percentiles
from benchmarks.generate import Descriptions, write
from benchmarks.latency import corpus_size, folder_hash
from benchmarks.throughput import corpus_name, ingest

DESCRIPTIONS = Descriptions(0.1, 10_000)
HITS, AGAIN = 50, 200
WAYS = {"first": (0, 0), "second": (AGAIN, 0), "evidence": (AGAIN, HITS)}
"""Name -> hits whose texts are read again, and hits that are charted."""


def make_corpus(folder: Path, records: int, seed: int, processes: int) -> Path:
    """Make the corpus of so many records in `folder`, if it is not there."""
    name = corpus_name(records, seed, DESCRIPTIONS)
    corpus, file, summary = folder / name, folder / f"{name}.jsonl", folder / f"{name}.json"
    if not summary.exists():
        write(file, records, seed, processes=processes, descriptions=DESCRIPTIONS)
        ingest(file, corpus, summary)
        file.unlink()
    return corpus


def measure_novelty(corpus: Path, queries: int, seed: int) -> dict[str, Any]:
    """Put so many searches to a corpus, each in every way; give the figures."""
    import ipsearch
    from ipsearch.novelty import Settings

    ids = _subjects(corpus, queries, seed)

    def ask(opened: ipsearch.Corpus) -> dict[str, list[float]]:
        times: dict[str, list[float]] = {way: [] for way in WAYS}
        for id_ in ids:
            for way, (again, evidence) in WAYS.items():
                settings = Settings(second_stage=again)
                begin = time.perf_counter()
                opened.novelty(number=id_, limit=HITS, evidence=evidence, settings=settings)
                times[way].append((time.perf_counter() - begin) * 1000)
        return times

    with ipsearch.open(corpus) as opened:
        ask(opened)
    with ipsearch.open(corpus) as opened:
        opened.query("*", limit=1)  # opens the shards
        times = ask(opened)
    held = corpus_size(corpus)
    figures: dict[str, Any] = {
        "task": "novelty",
        "corpus": corpus.name,
        "corpus_sha256": folder_hash(corpus),
        **{key: held[key] for key in ("records", "shards", "segments")},
        "queries": len(ids),
    }
    for way, values in times.items():
        figures |= percentiles(way, values)
    return figures


def _subjects(corpus: Path, queries: int, seed: int) -> Sequence[str]:
    """Draw the ids of some records."""
    import pyarrow.parquet as pq

    paths = sorted((corpus / "patent" / "records").rglob("*.parquet"))
    ids = [id_ for path in paths for id_ in pq.read_table(path, columns=["id"])[0].to_pylist()]
    return random.Random(f"{seed}/subjects").sample(sorted(ids), min(queries, len(ids)))
