"""Where a corpus comes from: made in an empty folder, or opened."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.durable import make_folder, sync
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.lock import writing
from ipsearch.corpus.routing import check_shards
from ipsearch.corpus.versions import current_settings, make_analyzer
from ipsearch.errors import CorpusError, DamagedError
from ipsearch.library.corpus import Corpus


def create(
    path: str | os.PathLike[str],
    *,
    shards: int | None = None,
    dictionary: str | os.PathLike[str] | None = None,
) -> Corpus:
    """Make an empty corpus in the folder `path`, which must not hold anything yet.

    `shards` is how many parts the work is split into, by default one for each processor or, if the
    first files brought in are large, more; `Corpus.reshard` changes it. `dictionary` is a file of
    words, one a line, that segmenting must keep whole, fixed for the corpus's life. Killed, it can
    be called again. Raises `CorpusError` if the folder is in use or a setting makes no sense.
    """
    root = Path(path)
    layout = Layout(root)
    _check_empty(layout)
    if shards is not None:
        check_shards(shards)
    words = _read_words(Path(dictionary)) if dictionary is not None else ""
    settings = {"shards": shards, **current_settings(make_analyzer(words))}
    make_folder(root)
    with writing(layout):
        _check_empty(layout)  # another process may have been quicker
        _make(layout, settings, words)
    return Corpus(root)


def _make(layout: Layout, settings: Mapping[str, Any], words: str) -> None:
    """Write what an empty corpus has, its catalog's name last: that makes it one."""
    begun = layout.catalog_begun
    for path in (begun, Path(f"{begun}-journal")):
        path.unlink(missing_ok=True)  # of a call that was killed
    catalog = Catalog(begun)
    try:
        catalog.create(dict(settings), words)
        catalog.keep_copy(layout.catalog_copy)
    finally:
        catalog.close()
    sync(begun)
    begun.rename(layout.catalog)
    sync(layout.root)


def _check_empty(layout: Layout) -> None:
    """Raise `CorpusError` unless there is nothing in the folder, or a corpus that was not made."""
    root = layout.root
    if layout.catalog.exists():
        raise CorpusError(f"{root}: there is a corpus already")
    if not root.exists():
        return
    here = {path.name for path in root.iterdir()} if root.is_dir() else {root.name}
    ours = {layout.lock.name}
    if layout.catalog_begun.exists():
        begun = layout.catalog_begun.name, layout.catalog_copy.name
        ours |= {name for name in here if name.startswith(begun)}  # and what is made beside them
    elif layout.catalog_copy.exists():
        raise DamagedError(str(layout.catalog), "missing")
    if here - ours:
        raise CorpusError(f"{root}: not an empty folder")


def _read_words(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: byte {error.start} is not UTF-8") from None


def open(path: str | os.PathLike[str]) -> Corpus:
    """Open the corpus in the folder `path`.

    Raises `CorpusNotFoundError` if there is none, `CorpusError` if it is of another version, and
    `AnalyzerMismatchError` if it was indexed with another analyzer or dictionary.
    """
    return Corpus(Path(path))
