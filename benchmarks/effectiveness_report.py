"""The table of `effectiveness`: a set's measures by system, and how the systems differ.

What is measured: nothing here.
Corpus model: none.
Notes: of each set the lines of its last run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.lines import table

_COLUMNS = {
    "system": "system",
    "ap": "MAP",
    "rr": "MRR",
    "recall_at_10": "R@10",
    "recall_at_100": "R@100",
    "recall_at_1000": "R@1000",
    "ndcg_at_10": "nDCG@10",
    "ndcg_at_100": "nDCG@100",
    "pres_at_1000": "PRES@1000",
}


def last_of_each_set(done: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the lines of the last run of each set, in the order in which the sets were run last."""
    runs: dict[str, str] = {}
    for line in done:
        runs.pop(line["set"], None)
        runs[line["set"]] = line["run"]
    return [
        line
        for name, run in runs.items()
        for line in done
        if line["set"] == name and line["run"] == run
    ]


def as_markdown(done: Sequence[Mapping[str, Any]]) -> str:
    """Lay lines out: for each set its measures, and below them the differences."""
    parts = [
        "# What a novelty search finds",
        "Differences with 95 % intervals; * p < 0.05, ** p < 0.01, by randomisation of pairs.",
    ]
    for name in dict.fromkeys(line["set"] for line in done):
        of_set = [line for line in done if line["set"] == name]
        first = of_set[0]
        parts.append(f"## {name}")
        if first["skipped"]:
            parts.append(f"Not run: {first['skipped']}.")
            continue
        parts.append(
            f"`{first['corpus']}`, {first['records']:,} records; {first['queries']:,} queries,"
            f" {first['relevant_per_query']:,.4g} relevant each; sha256"
            f" `{first['corpus_sha256'][:16]}`. Run {first['run']}, commit {first['commit']}."
        )
        parts.append(table(of_set, _COLUMNS))
        if rows := [row for line in of_set for row in _difference_rows(line)]:
            columns = {"system": "system", "than": "less", "ap": "AP", "recall_at_100": "R@100"}
            parts.append(table(rows, columns))
    return "\n\n".join(parts) + "\n"


def _difference_rows(line: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"system": line["system"], "than": than}
        | {key: _difference(found) for key, found in differences.items()}
        for than, differences in (line["differences"] or {}).items()
    ]


def _difference(found: Mapping[str, float]) -> str:
    mark = " **" if found["p"] < 0.01 else " *" if found["p"] < 0.05 else ""
    return f"{found['difference']:+.4f} [{found['low']:+.4f}, {found['high']:+.4f}]{mark}"
