"""The summary of an ingestion, for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipsearch.cli import terminal
from ipsearch.cli.messages import message

if TYPE_CHECKING:
    from ipsearch.corpus.summary import Summary

_MOST_LINES = 10  # of rejects, of warnings, of files with columns that were not used


def write_account(summary: Summary, corpus: Path) -> None:
    """Say on standard error what was done, and what was not."""
    pairs = [(message(f"sum.{name}"), value) for name, value in _figures(summary)]
    cells = max(terminal.width(label) for label, _ in pairs)
    for label, value in pairs:
        terminal.note_line(f"{terminal.pad(label, cells)}  {value}")
    rejects = [_reject_line(reject) for reject in summary.rejects[:_MOST_LINES]]
    _write_list("rejects", rejects, summary.rejected, corpus / "rejects")
    warnings = [f"{text} ({count:,})" for text, count in _by_count(summary.warnings)]
    _write_list("warnings", warnings[:_MOST_LINES], len(warnings))
    unmapped = [f"{file}: {', '.join(names)}" for file, names in sorted(summary.unmapped.items())]
    _write_list("unmapped", unmapped[:_MOST_LINES], len(unmapped))


def _figures(summary: Summary) -> Iterator[tuple[str, str]]:
    yield "files", f"{summary.files:,}"
    yield "known_files", f"{len(summary.known_files):,}"
    if summary.skipped_files:
        yield "skipped_files", _counts(summary.skipped_files)
    if summary.delivered:
        yield "delivered", _counts(summary.delivered)
    for kind, count in summary.records.items():
        yield kind, f"{count:,}"
    for name in ("added", "replaced", "merged", "rejected"):
        yield name, f"{getattr(summary, name):,}"
    yield "elapsed_s", message("seconds", seconds=summary.elapsed_s) + _stages(summary)
    yield "records_per_s", f"{summary.records_per_s:,.0f}"


def _counts(counts: Mapping[str, int]) -> str:
    """The sum, and what it is made of."""
    parts = ", ".join(f"{name} {count:,}" for name, count in _by_count(counts))
    return f"{sum(counts.values()):,} ({parts})"


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _stages(summary: Summary) -> str:
    stages = [
        f"{message('stage.' + stage.name)} {message('seconds', seconds=stage.wall_s)}"
        for stage in summary.stages
    ]
    return f" ({', '.join(stages)})" if stages else ""


def _reject_line(reject: Mapping[str, Any]) -> str:
    return ": ".join(
        [":".join(filter(None, (reject["file"], reject["position"]))), reject["reason"]]
    )


def _write_list(name: str, lines: Iterable[str], total: int, rest: Path | None = None) -> None:
    lines = list(lines)
    if not lines:
        return
    terminal.note(f"head.{name}")
    for line in lines:
        terminal.note_line(f"  {line}")
    if total > len(lines):
        key = "more_rejects" if rest else "more"
        terminal.note_line("  " + message(key, more=total - len(lines), folder=rest))
