"""`python -m benchmarks.ask DIR TASKS OUT`: put the tasks to a corpus, in this process, warm.

What is measured: milliseconds of each task as shown to a user, and of the search alone without
    reading the records found ("ranked", see `asking`), and the anonymous memory of this process
    after all of it.
Corpus model: none.
Notes: "warm" means that the pages of the files are in memory and the dictionaries loaded, not that
    the answer is known: all tasks are first asked of a corpus opened for that alone, then each is
    asked once of one opened afresh, whose caches hold nothing of it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks import asking
from benchmarks.machine import own_anon_bytes
from benchmarks.tasks import Task

MOST_SAID = 5  # failures that are told in words


def main(arguments: Sequence[str]) -> int:
    """Ask, and write the figures to the last of the three paths in `arguments`."""
    folder, tasks_file, out = map(Path, arguments)
    tasks = [Task.from_dict(values) for values in json.loads(tasks_file.read_text("utf-8"))]
    out.write_text(json.dumps(ask_all(folder, tasks), ensure_ascii=False), encoding="utf-8")
    return 0


def ask_all(folder: Path, tasks: Sequence[Task]) -> dict[str, Any]:
    """Give the figures of all tasks: {category: {ranked_p50_ms: ...}} and those of the process."""
    import ipsearch

    with ipsearch.open(folder) as corpus:
        asked = {task.category for task in tasks}
        left_out = {
            category: reason
            for category, reason in asking.not_offered(corpus).items()
            if category in asked
        }
        tasks = [task for task in tasks if task.category not in left_out]
        _time(corpus, tasks)
    figures: dict[str, dict[str, Any]] = {}
    for name, reading in (("ranked", asking.unread), ("shown", nullcontext)):
        with ipsearch.open(folder) as corpus, reading():
            corpus.query("*", limit=1)  # opens the shards
            for category, times in _time(corpus, tasks).items():
                figures.setdefault(category, {}).update(_summary(name, times))
    for category, reason in left_out.items():
        figures[category] = {"left_out": reason}
    return {"categories": figures, "anon_bytes": own_anon_bytes()}


def _time(corpus: Any, tasks: Sequence[Task]) -> dict[str, list[float | None]]:
    """Give the milliseconds of each task by category; None is one that failed."""
    times: dict[str, list[float | None]] = {}
    failures = 0
    for task in tasks:
        begin = time.perf_counter()
        try:
            asking.put(corpus, task)
        except Exception as error:
            failures += 1
            if failures <= MOST_SAID:
                print(f"{task.category} {task.expression!r}: {error!r}", file=sys.stderr)
            times.setdefault(task.category, []).append(None)
            continue
        times.setdefault(task.category, []).append((time.perf_counter() - begin) * 1000)
    return times


def _summary(name: str, times: Sequence[float | None]) -> dict[str, Any]:
    return {
        **percentiles(name, [value for value in times if value is not None]),
        f"{name}_failed": sum(value is None for value in times),
        "asked": len(times),
    }


def percentiles(name: str, values: Sequence[float]) -> dict[str, float | None]:
    """Give p50, p95 and the largest of `values` by the nearest rank; None where there is none."""
    ordered = sorted(values)
    last = len(ordered) - 1
    ranks = {"p50": last * 50 // 100, "p95": -(-last * 95 // 100), "max": last}
    return {
        f"{name}_{label}_ms": round(ordered[rank], 3) if ordered else None
        for label, rank in ranks.items()
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
