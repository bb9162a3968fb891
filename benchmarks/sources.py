"""How fast each source reads: bytes on disk to conformed record batches with every field.

What is measured: one process, one source at a time: recognising, reading, parsing and turning rows
into Arrow batches of the record schema; nothing is written. CPU seconds and megabytes a second, the
peak of memory that is the process's own (anonymous), of files of about `megabytes` each.
Corpus model: real files of ../shared/data repeated to that size in the layout of the bulk files
(XML documents one after another, lines after lines); where the folder is absent, our samples.
Notes: the figure that counts is MB per CPU second; each case runs in a process of its own.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import lines, machine

DATA = machine.ROOT.parent / "shared" / "data"
SAMPLES = machine.ROOT / "samples"

KEYS = (
    "case",
    "source",
    "files",  # what was repeated
    "bytes",
    "records",
    "rejects",
    "cpu_s",
    "mb_per_cpu_s",
    "records_per_cpu_s",
    "peak_anon_bytes",
)


def _repeat(pieces: list[bytes], megabytes: float) -> Iterator[bytes]:
    size = 0
    while size < megabytes * 1e6:
        for piece in pieces:
            yield piece
            size += len(piece)


def _whole_files(folder: Path, pattern: str) -> list[bytes]:
    files = sorted(folder.glob(pattern)) if folder.exists() else []
    return [file.read_bytes().rstrip() + b"\n" for file in files]


def _red_book() -> list[bytes]:
    files = _whole_files(DATA / "uspto_patent", "*.xml") or _whole_files(SAMPLES, "uspto_gr*.xml")
    return [f for f in files if re.search(rb"<us-patent-(grant|application)\b", f[:2000])]


def _cnipa() -> list[bytes]:
    return _whole_files(DATA / "cnipa_xml" / "citation", "*.XML") or _whole_files(
        SAMPLES / "cnipa", "*.xml"
    )


def _google_lines() -> list[bytes]:
    path = DATA / "google_patents" / "publications_10000.jsonl.gz"
    if not path.exists():
        return _whole_files(SAMPLES, "google_flat.jsonl")
    return [gzip.decompress(path.read_bytes()).rstrip() + b"\n"]


def _own_lines() -> list[bytes]:
    from benchmarks.generate import records

    rows = (json.dumps(row, ensure_ascii=False, default=str) for row in records(1, 0, 3_000))
    return [("\n".join(rows) + "\n").encode()]


def _table_rows() -> list[bytes]:
    path = DATA / "cn_titles_ipc" / "titles_ipc_9740.csv"
    source = path if path.exists() else SAMPLES / "cnipa_table.csv"
    head, *rows = source.read_bytes().rstrip().split(b"\n")
    return [head + b"\n", b"\n".join(rows) + b"\n"]


CASES: dict[str, tuple[str, Callable[[], list[bytes]]]] = {
    "red_book_xml": ("one after another", _red_book),
    "cnipa_xml": ("one after another", _cnipa),
    "google_jsonl": ("lines", _google_lines),
    "own_jsonl": ("lines", _own_lines),
    "csv": ("head once", _table_rows),
    "json_array": ("one array", _google_lines),
    "parquet": ("row groups", _own_lines),
}


def write_case(name: str, path: Path, megabytes: float) -> int:
    """Write the file of a case; returns its size in bytes."""
    layout, pieces_of = CASES[name]
    pieces = pieces_of()
    if layout == "row groups":
        _write_parquet(path, pieces[0], megabytes)
        return path.stat().st_size
    with path.open("wb") as file:
        if layout == "head once":
            file.write(pieces.pop(0))
        if layout == "one array":
            pieces = [piece.replace(b"\n", b",\n") for piece in pieces]
            file.write(b"[\n")
        file.writelines(_repeat(pieces, megabytes))
        if layout == "one array":
            file.seek(-2, os.SEEK_END)
            file.write(b"\n]\n")
    return path.stat().st_size


def _write_parquet(path: Path, rows: bytes, megabytes: float) -> None:
    """Write rows of our own as Parquet of about that size, uncompressed, a row group a piece."""
    import pyarrow.parquet as pq

    from ipsearch.records import PATENT, to_batch
    from ipsearch.sources.base import Input, Notes, Record
    from ipsearch.sources.ipsearch_records import read

    read_back = read(Input("rows.jsonl", io.BytesIO(rows), len(rows), True, Notes()))
    batch = to_batch([o.row for o in read_back if isinstance(o, Record)], "patent")
    with pq.ParquetWriter(path, PATENT, compression="none") as writer:
        while not path.exists() or path.stat().st_size < megabytes * 1e6:
            writer.write_batch(batch)


def read_case(path: Path) -> dict[str, Any]:
    """Read a file as ingestion does, up to record batches; returns the figures."""
    from ipsearch.corpus.parts import BATCH_CHARS, BATCH_ROWS  # as a worker of ingestion does it
    from ipsearch.corpus.pool import tune
    from ipsearch.records import Kind, Row, to_batch
    from ipsearch.sources.base import Batch, Notes, Record
    from ipsearch.sources.registry import detect
    from ipsearch.sources.walk import Item, Limits, open_item, peek

    held: dict[Kind, list[Row]] = {"patent": [], "trademark": []}
    tune()
    records = rejects = characters = 0
    begin = time.process_time()
    with open_item(Item(path), Limits(), Notes()) as opened:
        head, opened = peek(opened)
        source = detect(head, opened.name)
        for outcome in (source.read_batches or source.read)(opened):
            if isinstance(outcome, Batch):
                records += len(outcome.rows)
                continue
            if not isinstance(outcome, Record):
                rejects += 1
                continue
            records += 1
            rows = held[outcome.kind]
            rows.append(outcome.row)
            characters += sum(len(p["text"]) for p in outcome.row.get("description") or ())
            if len(rows) >= BATCH_ROWS or characters > BATCH_CHARS:
                to_batch(rows, outcome.kind)
                rows.clear()
                characters = 0
        for kind, rows in held.items():
            if rows:
                to_batch(rows, kind)
    return {
        "source": source.name,
        "records": records,
        "rejects": rejects,
        "cpu_s": round(time.process_time() - begin, 3),
    }


def measure(name: str, megabytes: float) -> dict[str, Any]:
    """Write and read one case, the reading in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="ipsearch-sources-") as folder:
        path = Path(folder) / f"{name}.dat"
        size = write_case(name, path, megabytes)
        command = [sys.executable, "-m", "benchmarks.sources", str(path)]
        answer = Path(folder) / "figures.json"
        usage = machine.run([*command, str(answer)])
        figures = json.loads(answer.read_text())
    cpu_s = max(figures["cpu_s"], 1e-9)
    return {
        "case": name,
        "files": CASES[name][0],
        "bytes": size,
        **figures,
        "mb_per_cpu_s": round(size / 1e6 / cpu_s, 1),
        "records_per_cpu_s": round(figures["records"] / cpu_s),
        "peak_anon_bytes": usage.peak_largest_anon_bytes,
    }


def run(megabytes: float, names: list[str]) -> None:
    """Measure cases, print a table, append their lines to the results."""
    heads = ("MB", "records", "rejects", "MB/s", "rec/s", "MiB")
    print("{:16} {:>6} {:>9} {:>8} {:>7} {:>8} {:>6}".format("case", *heads))
    for name in names or list(CASES):
        figures = measure(name, megabytes)
        lines.append(lines.RESULTS / "sources.jsonl", KEYS, figures)
        print(
            f"{name:16} {figures['bytes'] / 1e6:6.0f} {figures['records']:9,}"
            f" {figures['rejects']:8,} {figures['mb_per_cpu_s']:7.1f}"
            f" {figures['records_per_cpu_s']:8,} {figures['peak_anon_bytes'] / 2**20:6.0f}"
        )


if __name__ == "__main__":
    source_path, answer_path = sys.argv[1:]
    Path(answer_path).write_text(json.dumps(read_case(Path(source_path))))
