"""A corpus opened: the one state that is read, until `refresh`."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Self

from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.notebook import Notebook
from ipsearch.corpus.state import KindState, State, open_state
from ipsearch.corpus.versions import check_settings
from ipsearch.errors import CorpusError, CorpusNotFoundError, DamagedError, QueryError
from ipsearch.records import KINDS, Kind
from ipsearch.search import Compiler
from ipsearch.search.doubts import settle
from ipsearch.search.record_texts import holders


class Opened:
    """What every part of the front door stands on: paths, settings, analyzer, the opened state."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._layout = Layout(path)
        if not self._layout.catalog.exists():
            if self._layout.catalog_copy.exists() and not self._layout.catalog_begun.exists():
                raise DamagedError(str(self._layout.catalog), "missing")
            raise CorpusNotFoundError(f"{path}: there is no corpus in this folder")
        catalog = Catalog(self._layout.catalog, read_only=True)
        try:
            catalog.check_version()
            catalog.verify("setting", "dictionary")
            self.settings = catalog.settings()
            self.dictionary = catalog.dictionary()
            """Words, one a line, that segmenting keeps whole; "" for none but the library's own."""
        finally:
            catalog.close()
        self._analyzer = check_settings(path, self.settings, self.dictionary)
        self._state: State | None = None
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the state that is read: it goes when nothing that was asked of it is left."""
        with self._guard:
            self._state = None

    def refresh(self) -> None:
        """See what was ingested since: the next question opens the latest state."""
        self.close()

    def _changed(self) -> None:
        catalog = Catalog(self._layout.catalog, read_only=True)
        try:
            self.settings = catalog.settings()
        finally:
            catalog.close()
        self.refresh()

    def _opened(self) -> State:
        with self._guard:
            if self._state is None:
                self._state = open_state(self._layout)
            return self._state

    def _kind_state(self, kind: Kind | None) -> KindState:
        kinds = self._opened().kinds
        if kind is None:
            kind = next(iter(kinds)) if len(kinds) == 1 else "patent"
        if kind not in KINDS:
            raise QueryError(f"no kind {kind!r}; there are: {', '.join(KINDS)}")
        if kind not in kinds:
            raise CorpusError(f"{self.path}: there is no {kind} in this corpus")
        return kinds[kind]

    @property
    def _notebook(self) -> Notebook:
        return Notebook(self._layout.notebook)

    def _compiler(self, state: KindState) -> Compiler:
        return Compiler(
            state.kind,
            self._analyzer.segmenter(),
            state.vocabulary,
            state.clauses,
            state.frequencies,
            len(state.shards),
            partial(holders, state),
            partial(settle, state),
        )


def page(limit: int, offset: int, held: int) -> tuple[int, int]:
    """Check a page and ask for no more than there is: the engine sets aside memory for it all."""
    if limit < 1 or offset < 0:
        raise QueryError(f"limit {limit}, offset {offset}: at least 1 and 0")
    return min(limit, max(held, 1)), min(offset, held)
