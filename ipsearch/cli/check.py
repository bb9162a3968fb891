"""`ipsearch check`: is every file of a corpus as it was written?"""

from __future__ import annotations

from pathlib import Path

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import message
from ipsearch.cli.output import Column, as_format, output_option, write_rows
from ipsearch.cli.progress import progress_bars

DAMAGED = 1

_COLUMNS = (
    Column("file", most=90),
    Column("role", most=90, heading="file_role"),
    Column("reason", most=90, heading="file_reason"),
)


@click.command(short_help="Look at every file of a corpus. 检查")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(min=1), help="Processes; default: all processors.")
@output_option
@click.pass_context
def check(ctx: click.Context, corpus: Path, workers: int | None, output: str) -> None:
    """Say whether every file of the corpus DIR is as it was written, and agrees with the others.

    检查库中每个文件是否完好。All of it is read: catalog, records, indexes, notes. Searches and
    ingestions go on meanwhile. A line for each fault; exit status 1 if anything is damaged.
    `repair` mends it.

    \b
    Example:
        ipsearch check indexes/mine
    """
    import ipsearch

    with progress_bars() as report:
        found = ipsearch.check(corpus, workers=workers, progress=report)
    rows = [
        {
            "file": fault.file,
            "role": message(f"role.{fault.role}") if output == "table" else fault.role,
            "reason": fault.reason,
            "kind": fault.kind,
            "shard": fault.shard,
            "is_damage": fault.is_damage,
        }
        for fault in found.faults
    ]
    write_rows(rows, _COLUMNS, as_format(output))
    looked_at = {
        "files": found.files,
        "megabytes": found.bytes / 1_000_000,
        "records": sum(found.records.values()),
        "elapsed_s": found.elapsed_s,
    }
    leftovers = sum(not fault.is_damage for fault in found.faults)
    if leftovers:
        terminal.note("check_leftovers", leftovers=leftovers)
    if found.is_written_to:
        terminal.note("check_written_to", corpus=corpus)
    if found.is_damaged:
        damaged = len({fault.file for fault in found.faults if fault.is_damage})
        terminal.note("check_damaged", damaged=damaged, corpus=corpus, **looked_at)
        ctx.exit(DAMAGED)
    terminal.note("check_clean", **looked_at)
