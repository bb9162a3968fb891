"""`ipsearch ingest`: bulk files into a corpus."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ipsearch.cli.account import write_account
from ipsearch.cli.interruption import interruptible
from ipsearch.cli.output import to_json
from ipsearch.cli.progress import progress_bars
from ipsearch.cli.topic import note_refreshed
from ipsearch.cli.upkeep import write_upkeep
from ipsearch.cli.watch import note_ran

if TYPE_CHECKING:
    import ipsearch
    from ipsearch.corpus.summary import Summary

SOME_REJECTED = 4


@click.command(short_help="Bring bulk files into a corpus. 导入数据文件")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, allow_dash=True, path_type=Path),
)
@click.option(
    "--into",
    "corpus",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="The corpus; made if there is none.",
)
@click.option("--shards", type=click.IntRange(min=1), help="Parts of a new corpus.")
@click.option(
    "--dictionary",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Words, one a line, that a new corpus keeps whole.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes; default: all processors.")
@click.option(
    "--json",
    "json_path",
    metavar="FILE",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Write the summary as JSON; - is standard output.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML: what headers of tables mean. 自定义表头",
)
@click.option("--topics", is_flag=True, help="Then find what is new in each topic. 更新专题")
@click.option("--watch", "watches", is_flag=True, help="Then run all watches. 运行监测")
@click.option("--max-ratio", type=click.IntRange(min=1), help="Unpacked to packed; default 200.")
@click.option(
    "--max-nesting", type=click.IntRange(min=0), help="Archives in each other; default 4."
)
@click.option(
    "--max-members", type=click.IntRange(min=1), help="Members of one archive; default 5000000."
)
@click.pass_context
def ingest(
    ctx: click.Context,
    files: tuple[Path, ...],
    corpus: Path,
    shards: int | None,
    dictionary: Path | None,
    workers: int | None,
    json_path: str | None,
    mapping: Path | None,
    topics: bool,
    watches: bool,
    max_ratio: int | None,
    max_nesting: int | None,
    max_members: int | None,
) -> None:
    """Bring FILES, folders and archives into a corpus.

    导入数据文件。`-` is standard input. A file ingested before is known by its content and skipped.
    Exit status 4 if something could not be read; the rest went in all the same.

    \b
    Example:
        ipsearch ingest deliveries/ --into indexes/mine
        curl ... | ipsearch ingest - --into indexes/mine --json summary.json
    """
    from ipsearch.sources.walk import Limits

    given = {"max_ratio": max_ratio, "max_nesting": max_nesting, "max_members": max_members}
    limits = Limits(**{name: value for name, value in given.items() if value is not None})
    with (
        interruptible("interrupted_ingest", corpus=corpus),
        _open_or_create(corpus, shards, dictionary) as opened,
    ):
        with _with_stdin(files) as paths, progress_bars() as report:
            summary = opened.ingest(
                paths, workers=workers, limits=limits, mapping=mapping, progress=report
            )
        write_account(summary, corpus)
        if summary.compacted is not None:
            write_upkeep(summary.compacted)
        if json_path is not None:
            _write_json(summary, json_path)
        are_asked = note_refreshed(opened.topics.refresh()) if topics else True
        if watches:
            with interruptible("interrupted_watch"), progress_bars() as report:
                ran = opened.watches.run(workers=workers, progress=report)
            are_asked = not note_ran(ran) and are_asked
    if summary.rejected or not are_asked:
        ctx.exit(SOME_REJECTED)


def _open_or_create(path: Path, shards: int | None, dictionary: Path | None) -> ipsearch.Corpus:
    """Open the corpus, or make it; what is fixed when it is made may be said again, not changed."""
    import ipsearch
    from ipsearch.corpus.layout import Layout

    layout = Layout(path)
    if not layout.catalog.exists():
        return ipsearch.create(path, shards=shards, dictionary=dictionary)
    corpus = ipsearch.open(path)
    if shards is not None and shards != corpus.settings["shards"]:
        raise click.UsageError(
            f"{path} has {corpus.settings['shards'] or 'no'} shards;"
            " `ipsearch reshard` changes that"
        )
    if dictionary is not None:
        words = dictionary.read_text(encoding="utf-8-sig", errors="replace")
        if corpus.dictionary != words:
            raise click.UsageError(f"{path} was made with another dictionary, or none, for good")
    return corpus


@contextmanager
def _with_stdin(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Give the paths to read; standard input is kept in a temporary file meanwhile."""
    if Path("-") not in files:
        yield list(files)
        return
    import shutil
    import tempfile

    from ipsearch.errors import ReadFaultError

    with tempfile.TemporaryDirectory(prefix="ipsearch-") as folder:
        spooled = Path(folder) / "stdin"
        try:
            with spooled.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        except OSError as error:
            reason = f"cannot be kept in {folder}: {error.strerror or error}"
            raise ReadFaultError("standard input", "", reason) from None
        yield [spooled if path == Path("-") else path for path in dict.fromkeys(files)]


def _write_json(summary: Summary, path: str) -> None:
    text = to_json(summary.to_dict(), indent=2) + "\n"
    if path == "-":
        click.echo(text, nl=False)
    else:
        Path(path).write_text(text, encoding="utf-8")
