"""`ipsearch compact` and `ipsearch reshard`: a corpus written and indexed anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ipsearch.cli import terminal
from ipsearch.cli.interruption import interruptible
from ipsearch.cli.progress import progress_bars

if TYPE_CHECKING:
    from ipsearch.corpus.upkeep import Upkeep

_workers = click.option(
    "--workers", type=click.IntRange(min=1), help="Processes; default: all processors."
)


@click.command(short_help="Leave behind what was replaced or removed. 整理")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--due", is_flag=True, help="Only shards where that is more than a twentieth.")
@_workers
def compact(corpus: Path, due: bool, workers: int | None) -> None:
    """Write and index the corpus DIR anew, without what was replaced or removed.

    整理：去掉已被替换或移除的内容。A shard that has none of it is left as it is. Ingestion does it
    by itself for a shard that has much of it. Searches go on meanwhile.

    \b
    Example:
        ipsearch compact indexes/mine
    """
    import ipsearch

    with (
        interruptible("interrupted_compact", corpus=corpus),
        ipsearch.open(corpus) as opened,
        progress_bars() as report,
    ):
        upkeep = opened.compact(only_due=due, workers=workers, progress=report)
    write_upkeep(upkeep)


@click.command(short_help="Divide a corpus into another number of shards. 重新分片")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("shards", type=click.IntRange(min=1))
@_workers
def reshard(corpus: Path, shards: int, workers: int | None) -> None:
    """Divide the corpus DIR into SHARDS shards: all of it is written and indexed anew.

    重新分片。A shard is built, compacted and searched as one, by one processor: a corpus wants one
    for each at the least, and one for every five million records or so.

    \b
    Example:
        ipsearch reshard indexes/mine 8
    """
    import ipsearch

    with (
        interruptible("interrupted_reshard", corpus=corpus),
        ipsearch.open(corpus) as opened,
        progress_bars() as report,
    ):
        upkeep = opened.reshard(shards, workers=workers, progress=report)
    write_upkeep(upkeep)


def write_upkeep(upkeep: Upkeep) -> None:
    """Say on standard error what was written anew."""
    terminal.note(
        "upkeep",
        shards=upkeep.shards,
        rows=upkeep.rows,
        dropped=upkeep.dropped,
        elapsed_s=upkeep.elapsed_s,
    )
