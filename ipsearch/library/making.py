"""Where a corpus comes from: made in an empty folder, or opened."""

from __future__ import annotations

import os
from pathlib import Path

from ipsearch.analysis import Analyzer
from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.routing import check_shards
from ipsearch.errors import CorpusError
from ipsearch.index import INDEX_VERSION
from ipsearch.library.corpus import Corpus
from ipsearch.records import SCHEMA_VERSION


def create(
    path: str | os.PathLike[str],
    *,
    shards: int | None = None,
    dictionary: str | os.PathLike[str] | None = None,
) -> Corpus:
    """Make an empty corpus in the folder `path`, which must not hold anything yet.

    `shards` is how many parts the work is split into, by default one for each processor or, if the
    first files brought in are large, more; `Corpus.reshard` changes it. `dictionary` is a file of
    words, one a line, that segmenting must keep whole, fixed for the corpus's life. Raises
    `CorpusError` if the folder is in use or a setting makes no sense.
    """
    root = Path(path)
    layout = Layout(root)
    if layout.catalog.exists():
        raise CorpusError(f"{root}: there is a corpus already")
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise CorpusError(f"{root}: not an empty folder")
    if shards is not None:
        check_shards(shards)
    analyzer = Analyzer()
    words = ""
    if dictionary is not None:
        words = _read_words(Path(dictionary))
        analyzer = Analyzer.with_words(words.splitlines())
    root.mkdir(parents=True, exist_ok=True)
    if words:
        layout.dictionary.write_text(words, encoding="utf-8")
    catalog = Catalog(layout.catalog)
    try:
        catalog.create(
            {
                "shards": shards,
                "schema_version": SCHEMA_VERSION,
                "index_version": INDEX_VERSION,
                "analyzer": analyzer.fingerprint,
            }
        )
    finally:
        catalog.close()
    return Corpus(root)


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
