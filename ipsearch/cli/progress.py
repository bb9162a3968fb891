"""A bar for each stage of an ingestion or of upkeep, on standard error, only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ipsearch.cli.messages import message

if TYPE_CHECKING:
    from ipsearch.corpus.upkeep import Progress

_BYTES_PER_MB = 1_000_000


@contextmanager
def progress_bars() -> Iterator[Progress | None]:
    """Give what `Corpus.ingest` may report to; None where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars  # a twentieth of a second to load
    from rich.console import Console

    stages: dict[str, bars.TaskID] = {}
    shown = bars.Progress(
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.TextColumn("{task.completed:,.0f}/{task.total:,.0f} {task.fields[unit]}"),
        bars.TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,  # the summary says it all
    )

    def report(stage: str, done: int, total: int) -> None:
        size = _BYTES_PER_MB if stage in ("convert", "check") else 1
        if stage not in stages:
            unit = message(f"unit.{stage}")
            stages[stage] = shown.add_task(message(f"stage.{stage}"), total=total, unit=unit)
        shown.update(stages[stage], completed=done / size, total=total / size)

    with shown:
        yield report
