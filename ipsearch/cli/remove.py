"""`ipsearch remove`: records out of a corpus."""

from __future__ import annotations

from pathlib import Path

import click

from ipsearch.cli import terminal
from ipsearch.cli.interruption import interruptible
from ipsearch.cli.progress import progress_bars
from ipsearch.cli.reading import numbers_of
from ipsearch.cli.upkeep import write_upkeep


@click.command(short_help="Take records out of a corpus. 移除记录")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--source", metavar="NAME", help="All that this source brought in. 按来源")
@click.option("--file", metavar="F", help="All that this file brought in. 按文件")
def remove(corpus: Path, ids: tuple[str, ...], source: str | None, file: str | None) -> None:
    """Take records out of the corpus DIR: those with these ids, or what a source or a file brought.

    移除记录。They are found, counted and exported no more; what other sources said of the same
    records stays. An id is given as `query` shows it; `@FILE` stands for a list of ids, one a line,
    `-` for such a list on standard input. Their bytes go with the next `compact`.

    \b
    Example:
        ipsearch remove indexes/mine CN108900011A
        ipsearch remove indexes/mine --file delivery-2021-03.zip
    """
    import ipsearch

    given = (bool(ids), source is not None, file is not None).count(True)
    if given != 1:
        raise click.UsageError("say what to remove: ids, or --source, or --file")
    with (
        interruptible("interrupted_remove", corpus=corpus),
        ipsearch.open(corpus) as opened,
        progress_bars() as report,
    ):
        wanted = list(dict.fromkeys(numbers_of(ids)))
        removal = opened.remove(wanted, source=source, file=file, progress=report)
    terminal.note(
        "removed",
        removed=removal.removed,
        rows=removal.rows,
        records=sum(removal.records.values()),
        elapsed_s=removal.elapsed_s,
    )
    if removal.compacted is not None:
        write_upkeep(removal.compacted)
