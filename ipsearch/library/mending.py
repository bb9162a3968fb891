"""A corpus looked at and mended. Functions of its folder: one that is damaged cannot be opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ipsearch.corpus.layout import Layout

if TYPE_CHECKING:
    from ipsearch.corpus.faults import Check
    from ipsearch.corpus.repair import Repair
    from ipsearch.corpus.upkeep import Progress


def check(
    path: str | os.PathLike[str],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Check:
    """Look at every file of the corpus in the folder `path`: is it as it was written?

    Reads all of it and changes nothing; others may read and write meanwhile. What is wrong is in
    the answer's `faults`. Raises `CorpusNotFoundError` if there is no corpus, `CorpusError` if it
    is of another version.
    """
    from ipsearch.corpus.check import check

    return check(Layout(Path(path)), workers or os.cpu_count() or 1, progress or _no_progress)


def repair(
    path: str | os.PathLike[str],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Repair:
    """Look at every file of the corpus in the folder `path`, and mend what can be.

    What is made of records is made again. Of records what can be read is kept; the answer says what
    is lost, and which files to ingest again. Raises `CorpusNotFoundError`, `CorpusLockedError` if
    another process writes, `CorpusError` if nothing tells what is in the folder.
    """
    from ipsearch.corpus.repair import repair

    return repair(Layout(Path(path)), workers or os.cpu_count() or 1, progress or _no_progress)


def migrate(
    path: str | os.PathLike[str],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Repair:
    """Keep the records of the corpus in the folder `path`, and index them anew by this version.

    Does nothing if index and analyzer are of this version already. Raises `CorpusNotFoundError`,
    `CorpusLockedError`, and `CorpusError` if the records themselves are of another version.
    """
    from ipsearch.corpus.repair import migrate

    return migrate(Layout(Path(path)), workers or os.cpu_count() or 1, progress or _no_progress)


def _no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing."""
