"""The comparison: tantivy-py and jieba put together the way their READMEs show.

What is measured: records per second from JSON Lines to a committed index, in one process: jieba
    cuts title, abstract and claims, the words joined by blanks go into three text fields with the
    default tokenizer. Import and the loading of jieba's dictionary are outside the clock.
Corpus model: the beginning of the made-up corpus that `throughput` ingests.
Notes: no metadata, no records kept, no exact text, no traditional characters; it does less.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

from benchmarks.generate import write

COLUMNS = ("titles", "abstracts", "claims")


def measure(count: int, seed: int) -> dict[str, Any]:
    """Index `count` made-up records the plain way and return the line of figures."""
    with tempfile.TemporaryDirectory(prefix="ipsearch-naive-") as name:
        folder = Path(name)
        corpus = folder / "corpus.jsonl"
        written = write(corpus, count, seed, processes=2)  # outside this process: its memory counts
        out = folder / "index"
        out.mkdir()
        wall_s, cpu_s = index(corpus, out)
        index_bytes = sum(path.stat().st_size for path in out.iterdir())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "corpus": f"synthetic-{count}-seed{seed}",
        "corpus_sha256": written.sha256,
        "corpus_bytes": written.bytes,
        "task": "naive-tantivy-jieba",
        "records": count,
        "characters": written.characters,
        "ingest_s": round(wall_s, 3),
        "cpu_s": round(cpu_s, 3),
        "records_per_s": round(count / wall_s, 1),
        "characters_per_s": round(written.characters / wall_s),
        "peak_largest_rss_bytes": peak if sys.platform == "darwin" else peak * 1024,
        "index_bytes": index_bytes,
        "index_bytes_per_record": round(index_bytes / count, 1),
    }


def index(corpus: Path, folder: Path) -> tuple[float, float]:
    """Index the lines of `corpus` into `folder`; returns wall and CPU seconds."""
    import jieba
    import tantivy

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True)
    for column in COLUMNS:
        builder.add_text_field(column)
    begin, cpu_begin = time.perf_counter(), _cpu_s()
    writer = tantivy.Index(builder.build(), path=str(folder)).writer()
    with corpus.open("rb") as lines:
        for line in lines:
            record = orjson.loads(line)
            fields = {"id": record["id"]}
            for column in COLUMNS:
                text = "\n".join(passage["text"] for passage in record[column])
                fields[column] = " ".join(jieba.cut(text))
            writer.add_document(tantivy.Document(**fields))
    writer.commit()
    writer.wait_merging_threads()
    return time.perf_counter() - begin, _cpu_s() - cpu_begin


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system
