"""The limit that no plumbing passes: segmenting alone, indexing alone, one after the other.

What is measured: records per second of wall time on two processes of a: `Segmenter.engine_texts`
    over title, abstract and claims, 500 records a call, texts in memory; b: three fields of such
    texts into our schema, one writer of one thread a process, up to the last merge. 1 / (1/a + 1/b)
    is what a program would reach that does nothing else. Twice: with rjieba, as everybody has it
    (`limit_`), and compiled, as we build (`compiled_limit_`).
Corpus model: the file of a run.
Notes: reading and making ready is before the clock, which starts for both processes at once.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import orjson

from benchmarks.peers.texts import COLUMNS, PROCESSES, byte_ranges, read_batches

_STEPS = ("segment", "compiled_segment", "index")


def measure_limit(source: Path, records: int) -> dict[str, float]:
    """Give a, b and the limits, in records per second, of the records in `source`."""
    rates = {
        f"{step}_records_per_s": round(records / _slowest_s(step, source), 1) for step in _STEPS
    }
    rjieba, compiled, index = rates.values()
    return {
        **rates,
        "limit_records_per_s": round(1 / (1 / rjieba + 1 / index), 1),
        "compiled_limit_records_per_s": round(1 / (1 / compiled + 1 / index), 1),
    }


def _slowest_s(step: str, source: Path) -> float:
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=_work, args=(step, source, span, barrier, answers))
        for span in byte_ranges(source, PROCESSES)
    ]
    for process in processes:
        process.start()
    elapsed: list[float] = []
    for process in processes:
        while process.is_alive() and answers.empty():
            process.join(0.1)
        elapsed.append(answers.get(timeout=5))
    for process in processes:
        process.join()
    return max(elapsed)


def _work(step: str, source: Path, span: tuple[int, int], barrier: Barrier, answers: Any) -> None:
    from ipsearch.analysis import VALUE_END, Analyzer, Segmenter
    from ipsearch.analysis.analyzer import MANY_TEXTS, _cutter

    rjieba, compiled = Segmenter(lambda: _cutter(())[0]), Analyzer().segmenter(MANY_TEXTS)
    segmenter = rjieba if step == "segment" else compiled
    segmenter.engine_texts([""])  # loads its dictionary
    batches = []
    for lines in read_batches(source, span):
        records = [orjson.loads(line) for line in lines]
        batches.append(
            [[VALUE_END.join(p["text"] for p in r[c]) for r in records] for c in COLUMNS]
        )
    if step == "index":
        batches = [[segmenter.engine_texts(texts) for texts in batch] for batch in batches]
    barrier.wait()
    begin = time.perf_counter()
    if step == "index":
        _index(batches)
    else:
        for batch in batches:
            for texts in batch:
                segmenter.engine_texts(texts)
    answers.put(time.perf_counter() - begin)


def _index(batches: list[list[list[str]]]) -> None:
    import tantivy

    from ipsearch.index.schema import engine_schema, register_tokenizers
    from ipsearch.index.writer import HEAP_BYTES

    with tempfile.TemporaryDirectory(prefix="ipsearch-limit-") as folder:
        index = tantivy.Index(engine_schema("patent"), path=folder)
        register_tokenizers(index)
        writer = index.writer(HEAP_BYTES, 1)
        for batch in batches:
            for ti, ab, cl in zip(*batch, strict=True):
                document = tantivy.Document()
                document.add_text("ti", ti)
                document.add_text("ab", ab)
                document.add_text("cl", cl)
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
