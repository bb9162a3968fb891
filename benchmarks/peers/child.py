"""`python -m benchmarks.peers.child build|ask PEER ...`: one step of one peer, in a process.

What is measured: wall time of building, after imports and dictionaries; times of tasks.
Corpus model: none.
Notes: run by `run`, which watches the memory of this process and of those it starts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ask import percentiles
from benchmarks.peers import Peer, load_peers
from benchmarks.tasks import Task


def main(arguments: Sequence[str]) -> int:
    """Do the step; write what it took to the last path of `arguments`."""
    step, name, given, folder, out = arguments
    peer = load_peers()[name]
    peer.prepare()
    figures = (build if step == "build" else ask)(peer, Path(given), Path(folder))
    Path(out).write_text(json.dumps(figures), encoding="utf-8")
    return 0


def build(peer: Peer, source: Path, folder: Path) -> dict[str, float]:
    """Build and give the seconds."""
    begin = time.perf_counter()
    peer.build(source, folder)
    return {"build_s": time.perf_counter() - begin}


def ask(peer: Peer, tasks_file: Path, folder: Path) -> dict[str, dict[str, float | int | None]]:
    """Ask and give the percentiles by category, of those that the peer can be asked."""
    tasks = [Task.from_dict(values) for values in json.loads(tasks_file.read_text("utf-8"))]
    times: dict[str, list[float]] = {}
    for task, elapsed_ms in zip(tasks, peer.ask(folder, tasks), strict=True):
        if elapsed_ms is not None:
            times.setdefault(task.category, []).append(elapsed_ms)
    return {
        category: {**percentiles("ranked", values), "asked": len(values)}
        for category, values in times.items()
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
