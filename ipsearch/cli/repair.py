"""`ipsearch repair` and `ipsearch migrate`: a corpus made whole, or of this version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.interruption import interruptible
from ipsearch.cli.messages import message
from ipsearch.cli.output import Column, as_format, output_option, write_rows
from ipsearch.cli.progress import progress_bars

if TYPE_CHECKING:
    from ipsearch.corpus.repair import Repair

SOME_LOST = 4
_MOST_IDS = 3  # of a lost part, in a table

_COLUMNS = (
    Column("file", most=90),
    Column("outcome", heading="file_outcome"),
    Column("rows", heading="lost_rows"),
    Column("ids", most=70, heading="lost_ids"),
)
_workers = click.option(
    "--workers", type=click.IntRange(min=1), help="Processes; default: all processors."
)


@click.command(short_help="Mend a damaged corpus. 修复")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@_workers
@output_option
@click.pass_context
def repair(ctx: click.Context, corpus: Path, workers: int | None, output: str) -> None:
    """Look at every file of the corpus DIR and mend what is damaged.

    修复。What is made of records (indexes, lists) is made again, the catalog comes back from its
    copy. Of records what can be read is kept; what is lost is listed, with the files to ingest
    again. Exit status 4 if anything was lost.

    \b
    Example:
        ipsearch repair indexes/mine
    """
    import ipsearch

    with interruptible("interrupted_repair", corpus=corpus), progress_bars() as report:
        done = ipsearch.repair(corpus, workers=workers, progress=report)
    write_rows(_rows(done, is_table=output == "table"), _COLUMNS, as_format(output))
    if done.restored_to:
        terminal.note("repair_restored", when=done.restored_to)
    if done.forgot_unfinished:
        terminal.note("repair_unfinished")
    for shard in done.removed_may_be_back:
        terminal.note("repair_removed", shard=shard)
    if done.files_to_ingest:
        terminal.note("repair_ingest", files=len(done.files_to_ingest))
        for name in done.files_to_ingest:
            terminal.note_line(f"  {name}")
    terminal.note(
        "repaired" if done.changed_anything else "repair_nothing",
        mended=len(done.mended),
        shards=done.shards,
        lost=done.lost_rows,
        records=sum(done.records.values()),
        elapsed_s=done.elapsed_s,
    )
    if done.lost or done.lost_notes:
        ctx.exit(SOME_LOST)


def _rows(done: Repair, *, is_table: bool) -> Iterator[dict[str, Any]]:
    def row(file: str, outcome: str, **more: Any) -> dict[str, Any]:
        shown = message(f"outcome.{outcome}") if is_table else outcome
        return {"file": file, "outcome": shown, **more}

    lost = {entry.file for entry in done.lost}
    for name in dict.fromkeys(done.mended):
        if name not in lost:
            yield row(name, "mended")
    for name in done.moved:
        yield row(name, "moved")
    for name in done.lost_notes:
        yield row(name, "lost")
    for entry in done.lost:
        ids = entry.ids
        if is_table and len(ids) > _MOST_IDS:
            ids = [*ids[:_MOST_IDS], f"... ({len(ids):,})"]
        spans = [list(span) for span in entry.rows]
        yield row(entry.file, "lost", rows=entry.row_count, spans=spans, ids=ids)


@click.command(short_help="Index a corpus anew for this version. 迁移")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@_workers
def migrate(corpus: Path, workers: int | None) -> None:
    """Keep the records of the corpus DIR and index them anew, as this version does.

    迁移。For a corpus whose index or dictionary is of another version of ipsearch: all of it counts
    at once, at the end. A corpus that is of this version already stays as it is.

    \b
    Example:
        ipsearch migrate indexes/mine
    """
    import ipsearch

    with interruptible("interrupted_migrate", corpus=corpus), progress_bars() as report:
        done = ipsearch.migrate(corpus, workers=workers, progress=report)
    key = "migrated" if done.shards else "migrate_nothing"
    records = sum(done.records.values())
    terminal.note(key, shards=done.shards, records=records, elapsed_s=done.elapsed_s)
