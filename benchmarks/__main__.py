"""`python -m benchmarks`: run a benchmark, print its figures, append its line to `results/`.

What is measured: see `throughput` and `naive`.
Corpus model: see `generate`.
Notes: nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import lines, naive, sources, throughput
from benchmarks.generate import write
from benchmarks.machine import CommandFailedError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark that `arguments` name; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (throughput.BenchmarkError, CommandFailedError, OSError, ValueError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    commands = parser.add_subparsers(required=True, metavar="BENCHMARK")
    for name, run, count, text in (
        ("throughput", _throughput, 200_000, "ingest made-up patents with ipsearch and query them"),
        ("naive", _naive, 5_000, "index them with tantivy-py and jieba as their READMEs show"),
        ("generate", _generate, 200_000, "only write the made-up patents"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument("--records", type=_count, default=count, help=f"default {count:,}")
        command.add_argument("--seed", type=int, default=1, help="default 1")
        if name == "throughput":
            command.add_argument("--keep", type=Path, metavar="DIR", help="keep the files there")
        if name == "generate":
            command.add_argument("file", type=Path)
    text = "read files of every format, up to record batches"
    command = commands.add_parser("sources", help=text, description=text)
    command.set_defaults(run=_sources)
    command.add_argument("--megabytes", type=float, default=200, help="of each; default 200")
    command.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(sources.CASES)}")
    return parser


def _sources(options: argparse.Namespace) -> None:
    sources.run(options.megabytes, options.cases)


def _count(text: str) -> int:
    count = int(text.replace("_", "").replace(",", ""))
    if count < 1:
        raise argparse.ArgumentTypeError(f"not a number of records: {text!r}")
    return count


def _throughput(options: argparse.Namespace) -> None:
    print(throughput.compare_texts(options.seed), flush=True)
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
        figures = _measure(options, options.keep)
    else:
        with tempfile.TemporaryDirectory(prefix="ipsearch-benchmark-") as folder:
            figures = _measure(options, Path(folder))
    _report(figures)


def _measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    return throughput.measure_throughput(
        folder.resolve(), options.records, options.seed, processes=os.cpu_count() or 1
    )


def _naive(options: argparse.Namespace) -> None:
    _report(naive.measure(options.records, options.seed))


def _generate(options: argparse.Namespace) -> None:
    written = write(options.file, options.records, options.seed, processes=os.cpu_count() or 1)
    print(
        f"{written.records:,} records, {written.characters:,} characters, {written.bytes:,} bytes"
    )
    print(f"sha256 {written.sha256}")


def _report(figures: dict[str, Any]) -> None:
    path = lines.RESULTS / "throughput.jsonl"
    line = lines.append(path, lines.THROUGHPUT_KEYS, figures)
    for key, value in line.items():
        if isinstance(value, list):
            value = json.dumps(value)
        elif isinstance(value, int | float):
            value = f"{value:,}"
        print(f"{key:26} {'-' if value is None else value}")
    print(f"appended to {path}")


if __name__ == "__main__":
    sys.exit(main())
