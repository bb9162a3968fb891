"""A day's delivery into a corpus that is there: how long it takes, and what it does to answers.

What is measured: wall and CPU seconds of `ipsearch ingest` of the delta, peak memory; latency by
    category before and after; bytes and segments before and after; and whether the counts are
    exact: so many records more, each replaced text gone, each new one found once.
Corpus model: a made-up corpus; the delta's first half are records of it at equal distances, with
    the texts of another seed and a later transaction date; the second half follow the corpus.
Notes: making the files is outside the clock. The same tasks are asked before and after.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from benchmarks.generate import Record, records, write
from benchmarks.latency import ask, corpus_size
from benchmarks.samples import sample_corpus
from benchmarks.tasks import make_tasks
from benchmarks.throughput import corpus_name, ingest

OTHER_SEED = 1_000_003  # added to the corpus' seed: its texts are those of the replacements
DELIVERED = "2026-01-05"
CATEGORIES = ("rare", "terms", "phrase", "boolean", "novelty", "filtered", "show")
CHECKED = 25  # replaced and new records each that are looked up


def measure_update(
    folder: Path, count: int, delta: int, seed: int, *, processes: int, per_category: int
) -> dict[str, Any]:
    """Make a corpus of `count` records in `folder`, update it by `delta` and return the figures.

    A corpus that an earlier run left half done in `folder` is not taken up: the folder must be
    empty. Raises `ValueError` if there are fewer records than replacements.
    """
    replaced, added = delta // 2, delta - delta // 2
    if replaced > count:
        raise ValueError(f"{replaced} replacements of {count} records")
    corpus, file = folder / "corpus", folder / f"{corpus_name(count, seed)}.jsonl"
    written = write(file, count, seed, processes=processes)
    ingest(file, corpus, folder / "before.json")
    update_file = folder / "delta.jsonl"
    pairs = _write_delta(update_file, file, count, replaced, added, seed)
    before = corpus_size(corpus)
    tasks = [
        task
        for task in make_tasks(sample_corpus(corpus, seed), count, seed, per_category)
        if task.category in CATEGORIES
    ]
    answers_before = ask(corpus, tasks)
    usage = ingest(update_file, corpus, folder / "after.json")
    after = corpus_size(corpus)
    answers_after = ask(corpus, tasks)
    summary = json.loads((folder / "after.json").read_text(encoding="utf-8"))
    return {
        "task": "update",
        "corpus": file.stem,
        "corpus_sha256": written.sha256,
        "records": count,
        "delta_records": delta,
        "replacements": replaced,
        "update_s": round(usage.wall_s, 3),
        "cpu_s": round(usage.cpu_s, 3),
        "stages": summary.get("stages"),
        "peak_largest_anon_bytes": usage.peak_largest_anon_bytes,
        "records_after": after["records"],
        "is_exact": after["records"] == count + added
        and not _faults(corpus, pairs, list(records(seed, count, count + min(added, CHECKED)))),
        "index_bytes_before": before["index_bytes"],
        "index_bytes_after": after["index_bytes"],
        "segments_before": before["segments"],
        "segments_after": after["segments"],
        "categories_before": answers_before["categories"],
        "categories_after": answers_after["categories"],
    }


def replacement(old: Record, other: Record) -> Record:
    """Give `old` as a later delivery would: texts of `other`, a new status, all else as it was."""
    texts = {name: other[name] for name in ("titles", "abstracts", "claims")}
    news = {"legal_status": "lapsed", "status_date": DELIVERED, "transaction_date": DELIVERED}
    return {**old, **texts, **news}


def _write_delta(
    path: Path, corpus_file: Path, count: int, replaced: int, added: int, seed: int
) -> list[tuple[Record, Record]]:
    """Write the delta; returns some of the replaced records, each with what replaces it."""
    pairs: list[tuple[Record, Record]] = []
    others = records(seed + OTHER_SEED, 0, replaced)
    with path.open("wb") as out:
        for old, other in zip(_every(corpus_file, count, replaced), others, strict=True):
            new = replacement(old, other)
            out.write(orjson.dumps(new, option=orjson.OPT_APPEND_NEWLINE))
            if len(pairs) < CHECKED:
                pairs.append((old, new))
        for new in records(seed, count, count + added):
            out.write(orjson.dumps(new, option=orjson.OPT_APPEND_NEWLINE))
    return pairs


def _every(file: Path, count: int, wanted: int) -> Iterator[Record]:
    """Give `wanted` records of the `count` in `file`, at equal distances."""
    positions = {number * count // wanted for number in range(wanted)} if wanted else set()
    with file.open("rb") as lines:
        for _, line in filter(lambda pair: pair[0] in positions, enumerate(lines)):
            yield orjson.loads(line)


def _faults(corpus: Path, pairs: list[tuple[Record, Record]], added: list[Record]) -> list[str]:
    """Look up what was replaced and what was added; say what is not as it must be."""
    import ipsearch

    faults = []
    with ipsearch.open(corpus) as opened:

        def found(record: Record) -> set[str]:
            title = record["titles"][0]["text"]
            return {hit.id for hit in opened.query(f'ti:"{title}"', kind="patent", limit=50)}

        for old, new in pairs:
            rows = opened.get(old["id"], kind="patent")
            if [row["titles"][0]["text"] for row in rows] != [new["titles"][0]["text"]]:
                faults.append(f"{old['id']}: {len(rows)} rows, or not the new title")
            if old["id"] in found(old) or new["id"] not in found(new):
                faults.append(f"{old['id']}: found by its old title, or not by its new one")
        for new in added:
            if len(opened.get(new["id"], kind="patent")) != 1 or new["id"] not in found(new):
                faults.append(f"{new['id']}: not there once")
        ids = itertools.chain.from_iterable(
            batch.column("id").to_pylist() for batch in opened.batches("patent")
        )
        total = opened.count("patent")
        if len(set(ids)) != total or opened.query("*", kind="patent", limit=1).total != total:
            faults.append(f"the count of {total} is not that of the distinct ids")
    for fault in faults:
        print(f"update: {fault}")
    return faults
