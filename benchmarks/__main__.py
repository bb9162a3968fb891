"""`python -m benchmarks`: run a benchmark, print its figures, append its line to `results/`.

What is measured: see README.md and the module of each.
Corpus model: see `generate`.
Notes: nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import (
    effectiveness_sets,
    latency,
    lines,
    naive,
    scale,
    sources,
    throughput,
    update,
)
from benchmarks.generate import Descriptions, write
from benchmarks.machine import CommandFailedError
from benchmarks.peers.run import run_peers
from benchmarks.tasks import TASKS_PER_CATEGORY

PROCESSES = os.cpu_count() or 1

Options = argparse.Namespace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark that `arguments` name; return the exit status."""
    options = _parser().parse_args(arguments)
    if options.results is not None:
        lines.RESULTS = options.results
        lines.RESULTS.mkdir(parents=True, exist_ok=True)
    try:
        options.run(options)
    except (throughput.BenchmarkError, CommandFailedError, OSError, ValueError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--results", type=Path, metavar="DIR", help="instead of benchmarks/results")
    commands = parser.add_subparsers(required=True, metavar="BENCHMARK")

    def add(
        name: str, run: Callable[[Options], None], text: str, records: int | None = None
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        if records is not None:
            command.add_argument(
                "--records", type=_count, default=records, help=f"default {records:,}"
            )
        if name != "sources":
            command.add_argument("--seed", type=int, default=1, help="default 1")
        return command

    command = add("throughput", _throughput, "ingest made-up patents and query them", 200_000)
    command.add_argument("--keep", type=Path, metavar="DIR", help="keep the files there")
    _add_descriptions(command)
    add("naive", _naive, "index them with tantivy-py and jieba as their READMEs show", 5_000)
    command = add("generate", _generate, "only write the made-up patents", 200_000)
    command.add_argument("file", type=Path)
    _add_descriptions(command)
    command = add("latency", _latency, "ask a corpus questions of every category", 200_000)
    command.add_argument("--corpus", type=Path, metavar="DIR", help="ask this one; make none")
    command.add_argument(
        "--check", type=int, default=100, metavar="TEXTS",
        help="quoted texts compared with a scan of the records; default 100",
    )  # fmt: skip
    _add_queries(command)
    command = add("update", _update, "a daily delta into a corpus", 1_000_000)
    command.add_argument("--delta", type=_count, default=30_000, help="default 30,000")
    _add_folder(command)
    _add_queries(command)
    command = add("scale", _scale, "one corpus that grows")
    command.add_argument(
        "--sizes", type=_counts, default=scale.SIZES, metavar="N,N,...",
        help="records at which it is measured; default 1, 2, 5 and 10 million",
    )  # fmt: skip
    command.add_argument(
        "--step", type=_count, default=scale.STEP_RECORDS, help="records a file; default 500,000"
    )
    command.add_argument("--shards", type=_count, help="of a new corpus; default the library's")
    _add_folder(command)
    _add_queries(command)
    command = add("peers", _peers, "the same records through other engines", 100_000)
    command.add_argument("--only", nargs="+", default=(), metavar="NAME", help="only these")
    command.add_argument(
        "--described", type=int, default=20_000, metavar="N",
        help="records with 10,000-character descriptions; 0 for none; default 20,000",
    )  # fmt: skip
    command.add_argument("--fetch", action="store_true", help="download Lucene's jar, 140 MB, once")
    _add_folder(command)
    _add_queries(command, 50)
    command = add(
        "effectiveness", _effectiveness, "what a novelty search finds of what is relevant"
    )
    command.add_argument(
        "--set", nargs="+", default=(), metavar="NAME", dest="sets",
        help=f"of {', '.join(effectiveness_sets.NAMES)}; default all",
    )  # fmt: skip
    command.add_argument(
        "--corpus", type=Path, action="append", default=[], metavar="DIR",
        help="this corpus, by its own citations; all sets are then left out but those named",
    )  # fmt: skip
    command.add_argument(
        "--queries", type=_count, default=500, metavar="N", help="of each set; default 500"
    )
    _add_folder(command)
    command = add("novelty", _novelty, "how long a novelty search takes, with evidence", 1_000_000)
    command.add_argument("--corpus", type=Path, metavar="DIR", help="ask this one; make none")
    command.add_argument("--queries", type=_count, default=100, help="default 100")
    _add_folder(command)
    command = add("clearance", _clearance, "marks like a sign, in corpora of made-up marks")
    command.add_argument(
        "--sizes", type=_counts, default=(1_000_000, 5_000_000), metavar="N,N,...",
        help="marks at which it is measured; default 1 and 5 million",
    )  # fmt: skip
    command.add_argument(
        "--scan", type=int, default=10, metavar="N",
        help="signs compared with every mark of the last file as well; default 10",
    )  # fmt: skip
    _add_folder(command)
    command = add("percolation", _percolation, "a day's delivery against thousands of watches")
    for name, count in (
        ("marks", 60_000), ("patents", 40_000), ("delta-marks", 30_000), ("delta-patents", 20_000),
        ("watched-marks", 10_000), ("watched-patents", 1_000), ("checked", 200),
    ):  # fmt: skip
        command.add_argument(f"--{name}", type=_count, default=count, help=f"default {count:,}")
    _add_folder(command)
    command = add("kills", _kills, "kill commands at random moments, and run them again")
    command.add_argument("--kills", type=_count, default=200, metavar="N", help="default 200")
    command.add_argument("--only", nargs="+", default=(), metavar="STEP", help="only these")
    command = add("soak", _soak, "changes, kills, checks and readers, all at once, for minutes")
    command.add_argument("--minutes", type=float, default=10, metavar="N", help="default 10")
    command = add("readers", _readers, "whether files stay open and memory grows with questions")
    command.add_argument(
        "--questions", type=_count, default=100_000, metavar="N", help="default 100,000"
    )
    command = add("sources", _sources, "read files of every format, up to record batches")
    command.add_argument("--megabytes", type=float, default=200, help="of each; default 200")
    command.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(sources.CASES)}")
    return parser


def _add_descriptions(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--descriptions", type=_share, default=0.0, metavar="SHARE",
        help="of the records that have one, 0 to 1; default 0",
    )  # fmt: skip
    command.add_argument(
        "--description-characters", type=_count, default=10_000, metavar="N", help="default 10,000"
    )


def _add_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("--folder", type=Path, metavar="DIR", help="work there and keep the files")


def _add_queries(command: argparse.ArgumentParser, count: int = TASKS_PER_CATEGORY) -> None:
    command.add_argument(
        "--queries", type=_count, default=count, help=f"of each category; default {count}"
    )


def _count(text: str) -> int:
    count = int(text.replace("_", "").replace(",", ""))
    if count < 1:
        raise argparse.ArgumentTypeError(f"not a number above 0: {text!r}")
    return count


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_count(part) for part in text.split(","))


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"not a share from 0 to 1: {text!r}")
    return share


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """Give the folder to work in: the one named, which is kept, or one that goes."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="ipsearch-benchmark-") as name:
        yield Path(name)


def _descriptions(options: Options) -> Descriptions:
    return Descriptions(options.descriptions, options.description_characters)


def _throughput(options: Options) -> None:
    print(throughput.compare_texts(options.seed), flush=True)
    with _folder(options.keep) as folder:
        figures = throughput.measure_throughput(
            folder,
            options.records,
            options.seed,
            processes=PROCESSES,
            descriptions=_descriptions(options),
        )
    _report("throughput.jsonl", lines.THROUGHPUT_KEYS, figures)


def _naive(options: Options) -> None:
    figures = naive.measure(options.records, options.seed)
    _report("throughput.jsonl", lines.THROUGHPUT_KEYS, figures)


def _generate(options: Options) -> None:
    written = write(
        options.file,
        options.records,
        options.seed,
        processes=PROCESSES,
        descriptions=_descriptions(options),
    )
    print(
        f"{written.records:,} records, {written.characters:,} characters, {written.bytes:,} bytes"
    )
    print(f"sha256 {written.sha256}")


def _latency(options: Options) -> None:
    def measure(corpus: Path, name: str, digest: str) -> None:
        figures = latency.measure_latency(
            corpus, options.seed, per_category=options.queries, checked_texts=options.check
        )
        figures |= {"corpus": name, "corpus_sha256": digest}
        _report("latency.jsonl", lines.LATENCY_KEYS, figures)

    if options.corpus is not None:
        corpus = options.corpus.resolve()
        measure(corpus, corpus.name, latency.folder_hash(corpus))
        return
    with _folder(None) as folder:
        name, digest = latency.make_corpus(folder, options.records, options.seed, PROCESSES)
        measure(folder / "corpus", name, digest)


def _update(options: Options) -> None:
    with _folder(options.folder) as folder:
        figures = update.measure_update(
            folder,
            options.records,
            options.delta,
            options.seed,
            processes=PROCESSES,
            per_category=options.queries,
        )
    _report("update.jsonl", lines.UPDATE_KEYS, figures)


def _scale(options: Options) -> None:
    with _folder(options.folder) as folder:
        scale.run_scale(
            folder,
            options.sizes,
            seed=options.seed,
            processes=PROCESSES,
            step_records=options.step,
            per_category=options.queries,
            shards=options.shards,
        )
    print((lines.RESULTS / "scale.md").read_text(encoding="utf-8"))


def _peers(options: Options) -> None:
    if options.fetch:
        from benchmarks.peers import Missing
        from benchmarks.peers.lucene import fetch_jar

        try:
            print(f"Lucene's jar is {fetch_jar()}")
        except Missing as error:
            print(f"benchmarks: {error}", file=sys.stderr)
    with _folder(options.folder) as folder:
        run_peers(
            folder,
            options.records,
            options.seed,
            processes=PROCESSES,
            only=options.only,
            per_category=options.queries,
            described=options.described,
        )
    print((lines.RESULTS / "peers.md").read_text(encoding="utf-8"))


def _effectiveness(options: Options) -> None:
    from benchmarks.effectiveness import run_effectiveness

    with _folder(options.folder) as folder:
        run_effectiveness(
            folder,
            names=options.sets,
            corpora=[path.resolve() for path in options.corpus],
            count=options.queries,
            seed=options.seed,
        )
    print((lines.RESULTS / "effectiveness.md").read_text(encoding="utf-8"))


def _novelty(options: Options) -> None:
    from benchmarks.novelty_latency import make_corpus, measure_novelty

    with _folder(options.folder) as folder:
        corpus = options.corpus and options.corpus.resolve()
        corpus = corpus or make_corpus(folder, options.records, options.seed, PROCESSES)
        figures = measure_novelty(corpus, options.queries, options.seed)
    _report("novelty.jsonl", lines.NOVELTY_KEYS, figures)


def _clearance(options: Options) -> None:
    from benchmarks.clearance import run_clearance

    with _folder(options.folder) as folder:
        for figures in run_clearance(folder, options.sizes, options.seed, options.scan):
            _report("clearance.jsonl", lines.CLEARANCE_KEYS, figures)


def _percolation(options: Options) -> None:
    from benchmarks.percolation import measure_percolation

    with _folder(options.folder) as folder:
        figures = measure_percolation(
            folder,
            marks=options.marks,
            patents=options.patents,
            delta_marks=options.delta_marks,
            delta_patents=options.delta_patents,
            watched_marks=options.watched_marks,
            watched_patents=options.watched_patents,
            checked=options.checked,
            seed=options.seed,
        )
    _report("percolation.jsonl", lines.PERCOLATION_KEYS, figures)


def _sources(options: Options) -> None:
    sources.run(options.megabytes, options.cases)


def _kills(options: Options) -> None:
    from benchmarks.faults import kills

    with _folder(None) as folder:
        tally = kills.run_kills(folder, options.kills, options.seed, names=options.only)
    print(kills.report(tally))
    _keep_faults(kills.figures(tally) | {"seed": options.seed})


def _soak(options: Options) -> None:
    from benchmarks.faults import soak

    with _folder(None) as folder:
        soaked = soak.run_soak(folder, 60 * options.minutes, options.seed)
    print(soak.report(soaked))
    _keep_faults(soak.figures(soaked) | {"seed": options.seed})


def _readers(options: Options) -> None:
    from benchmarks.faults.readers import measure_handles

    with _folder(None) as folder:
        figures = measure_handles(folder, options.questions, options.seed)
    _report(
        "faults.jsonl",
        lines.FAULT_KEYS,
        figures | {"task": "readers", "seed": options.seed, "faults": []},
    )


def _keep_faults(figures: dict[str, Any]) -> None:
    """Append the line; raise `ValueError` if anything was lost or wrong."""
    lines.append(lines.RESULTS / "faults.jsonl", lines.FAULT_KEYS, figures)
    if figures["faults"]:
        raise ValueError(f"faults: {len(figures['faults'])}")


def _report(file: str, keys: tuple[str, ...], figures: dict[str, Any]) -> None:
    path = lines.RESULTS / file
    line = lines.append(path, keys, figures)
    for key, value in line.items():
        if key.startswith("categories") and value:
            print(f"{key}\n{_categories(value)}")
            continue
        if isinstance(value, list | dict):
            value = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            value = f"{value:,}"
        print(f"{key:26} {'-' if value is None else value}")
    print(f"appended to {path}")


def _categories(figures: dict[str, dict[str, Any]]) -> str:
    keys = {
        f"{how}_{what}": f"{how} {what.removesuffix('_ms')}"
        for how in ("ranked", "shown")
        for what in ("p50_ms", "p95_ms", "max_ms", "failed")
    }
    rows = [{"category": name, **values} for name, values in figures.items()]
    return lines.table(rows, {"category": "category", **keys, "left_out": "left out"})


if __name__ == "__main__":
    sys.exit(main())
