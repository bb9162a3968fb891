"""The benchmark corpus is like real patents, repeats no sentence, and holds none of theirs."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.generate import records, write
from benchmarks.machine import ROOT, folder_bytes, run
from benchmarks.statistics import REAL, TOLERANCE, TextStatistics, join, measure, read_real
from benchmarks.throughput import REAL_PATENTS, SAMPLE_RECORDS, make_queries

DATA = Path(__file__).parents[2].parent / "shared" / "data"
PINNED_SHA256 = "59aef5996cd8f6878a5c2924dc18ecef9958356c49ec347cf9e31120581093d1"
SENTENCE_END = re.compile("[。；！？]")


@pytest.fixture(scope="module")
def real() -> str:
    path = DATA / "cn_patents_7384" / "patents.xlsx"
    if not path.exists():
        pytest.skip(f"no {path.name} here")
    return join(read_real(path))


@pytest.fixture(scope="module")
def made_up() -> TextStatistics:
    return _statistics(seed=1)


def _statistics(seed: int) -> TextStatistics:
    return measure(
        join(
            (record["titles"][0]["text"], record["abstracts"][0]["text"])
            for record in records(seed, 0, SAMPLE_RECORDS)
        )
    )


def test_calibration_figures_are_the_real_ones(real: str) -> None:
    """The committed figures are what the real patents measure."""
    assert asdict(measure(real)) == pytest.approx(asdict(REAL), rel=1e-3)
    assert REAL_PATENTS.exists()


@pytest.mark.parametrize("name", [name for name in asdict(REAL) if name != "characters"])
def test_statistics_are_those_of_real_patents(name: str, made_up: TextStatistics) -> None:
    """Over as many characters, each figure is within 15 % of the real patents' figure."""
    assert made_up.characters == REAL.characters
    assert getattr(made_up, name) == pytest.approx(getattr(REAL, name), rel=TOLERANCE)


def test_another_seed_is_as_real() -> None:
    """The likeness is the model's, not one seed's luck."""
    assert asdict(_statistics(seed=20)) == pytest.approx(asdict(REAL), rel=TOLERANCE)


def test_no_sentence_repeats() -> None:
    """Of 20,000 records' sentences, no two are equal: at ten million, none comes four times."""
    sentences: Counter[str] = Counter()
    for record in records(1, 0, 20_000):
        for text in (*record["titles"], *record["abstracts"], *record["claims"]):
            sentences.update(part for part in SENTENCE_END.split(text["text"]) if part)
    assert sentences.total() > 200_000
    assert max(sentences.values()) == 1


def test_nothing_of_a_real_patent_is_committed(real: str) -> None:
    """No dozen characters in a row of any file of the benchmarks stand in a real patent."""
    found = []
    for path in (ROOT / "benchmarks").glob("*.py"):
        for run_ in re.findall(r"[\u3001-\uffef]{12,}", path.read_text(encoding="utf-8")):
            found += [run_[i : i + 12] for i in range(len(run_) - 11) if run_[i : i + 12] in real]
    assert found == []


def test_processes_and_hash_seed_do_not_matter(tmp_path: Path) -> None:
    """Two processes write what one writes, whatever Python's hash seed; the bytes are pinned."""
    one = write(tmp_path / "one.jsonl", 1_100, 1)
    code = (
        "import sys; from pathlib import Path; from benchmarks.generate import write;"
        "write(Path(sys.argv[1]), 1_100, 1, processes=2)"
    )
    two = tmp_path / "two.jsonl"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(two)], check=True, cwd=ROOT, env=environment)
    assert hashlib.sha256(two.read_bytes()).hexdigest() == one.sha256
    assert one.sha256 == PINNED_SHA256


def test_queries_are_fixed() -> None:
    """The same seed gives the same sixty queries, and a larger corpus the same as a smaller one."""
    queries = make_queries(1, 2_000)
    assert len(queries) == 60
    assert make_queries(1, 10_000) == queries
    assert all(query.startswith('"') for kind, query in queries if kind == "phrase")


def test_folder_bytes_counts_a_linked_file_once(tmp_path: Path) -> None:
    """A file that two generations share takes its bytes once."""
    (tmp_path / "generation-1").mkdir()
    (tmp_path / "generation-2").mkdir()
    (tmp_path / "generation-1" / "segment").write_bytes(b"12345")
    os.link(tmp_path / "generation-1" / "segment", tmp_path / "generation-2" / "segment")
    (tmp_path / "generation-2" / "own").write_bytes(b"123")
    assert folder_bytes(tmp_path) == 8


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_run_sees_the_whole_process_tree() -> None:
    """Memory and CPU time of a child's child are counted."""
    work = "b = bytearray(b'x') * 80_000_000; import time; time.sleep(0.4); sum(range(3_000_000))"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}], check=True)"
    usage = run([sys.executable, "-c", code])
    assert usage.cpu_s > 0.05
    assert usage.wall_s > 0.4
    assert usage.peak_largest_anon_bytes is not None
    assert usage.peak_largest_anon_bytes > 80_000_000
    assert usage.peak_sum_rss_bytes is not None
    assert usage.peak_sum_rss_bytes > usage.peak_largest_anon_bytes
