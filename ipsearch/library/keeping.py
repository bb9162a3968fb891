"""Records in and out of a corpus, and its files in good order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ipsearch.errors import CorpusError
from ipsearch.library.opened import Opened
from ipsearch.search.lookup import records_with_id

if TYPE_CHECKING:
    import pyarrow as pa

    from ipsearch.corpus.catalog import Catalog
    from ipsearch.corpus.layout import Layout
    from ipsearch.corpus.removal import Choose, Places, Removal, Target
    from ipsearch.corpus.summary import Summary
    from ipsearch.corpus.upkeep import Progress, Upkeep
    from ipsearch.sources.walk import Limits


class Keeping(Opened):
    """Bringing in, removing, compacting, dividing anew."""

    def ingest(
        self,
        what: str
        | os.PathLike[str]
        | Iterable[str | os.PathLike[str]]
        | pa.Table
        | pa.RecordBatch
        | Iterable[pa.RecordBatch],
        *,
        workers: int | None = None,
        limits: Limits | None = None,
        mapping: str | os.PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Bring records in: files and folders, or Arrow records of our schemas.

        The same file given again is known by its content and skipped. What cannot be read is in
        the summary's rejects, with file, position and reason; the rest is ingested. All of it is
        visible at once, at the end. Interrupted, the same call goes on where it was. `mapping` is a
        TOML file that says what headers of tables mean that we do not know (its form is in
        `sources.mapping`). Raises `CorpusLockedError` if another process writes.
        """
        from ipsearch.corpus.handed import as_paths
        from ipsearch.corpus.ingest import Options, ingest
        from ipsearch.sources.mapping import read_mapping
        from ipsearch.sources.walk import Limits

        options = Options(
            workers or os.cpu_count() or 1,
            limits or Limits(),
            read_mapping(Path(mapping)) if mapping is not None else None,
        )
        if progress is not None:
            options = replace(options, progress=progress)
        with as_paths(what) as paths:
            summary = ingest(self._layout, paths, self._analyzer, options)
        self._changed()
        return summary

    def remove(
        self,
        ids: str | Iterable[str] = (),
        *,
        source: str | None = None,
        file: str | os.PathLike[str] | None = None,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> Removal:
        """Take records out: those with these ids, or what a source or a file brought in.

        One of the three is given. They are found, counted and exported no more at once; what other
        sources said of the same records stays. A file removed may be given again. Raises
        `CorpusError` if an id, the source or the file is not there; nothing is removed then.
        """
        from ipsearch.corpus import removal

        ids = [ids] if isinstance(ids, str) else list(ids)
        if (bool(ids), source is not None, file is not None).count(True) != 1:
            raise CorpusError("say what to remove: ids, or a source, or a file")
        if source is not None:
            choose, what = removal.by_source(source), f"source {source}"
        elif file is not None:
            choose, what = removal.by_file(os.fspath(file)), f"file {os.fspath(file)}"
        else:
            choose, what = self._chosen(ids), f"{len(ids)} ids"
        result = removal.remove(
            self._layout,
            self._analyzer,
            choose,
            what,
            workers or os.cpu_count() or 1,
            progress or _no_progress,
        )
        self._changed()
        return result

    def _chosen(self, ids: Sequence[str]) -> Choose:
        from ipsearch.corpus import removal

        self.refresh()  # what is held open cannot be swept

        def choose(layout: Layout, catalog: Catalog) -> tuple[Places, set[str]]:
            targets = list(self._targets(ids))
            self.refresh()
            return removal.by_targets(targets)(layout, catalog)

        return choose

    def _targets(self, ids: Iterable[str]) -> Iterator[Target]:
        from ipsearch.corpus.removal import Target

        self.refresh()  # what was ingested since may have moved a record
        missing = []
        for record_id in ids:
            found = False
            for state in self._opened().kinds.values():
                for shard, row in records_with_id(state, record_id):
                    found = True
                    publication = row.get("publication_number")
                    yield Target(state.kind, shard, row["application_key"], publication)
            if not found:
                missing.append(record_id)
        if missing:
            some = ", ".join(missing[:10]) + (" ..." if len(missing) > 10 else "")
            raise CorpusError(f"{self.path}: {len(missing)} ids are not in it: {some}")

    def compact(
        self,
        *,
        only_due: bool = False,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> Upkeep:
        """Write and index anew each shard that has something replaced or removed, without that.

        With `only_due`, only shards where that is more than a twentieth, which ingestion does by
        itself. Each shard counts as soon as it is done; interrupted, those done stay.
        """
        from ipsearch.corpus.upkeep import compact

        workers = workers or os.cpu_count() or 1
        report = progress or _no_progress
        result = compact(self._layout, self._analyzer, workers, report, only_due=only_due)
        self._changed()
        return result

    def reshard(
        self, shards: int, *, workers: int | None = None, progress: Progress | None = None
    ) -> Upkeep:
        """Divide the corpus into so many shards; all of it is written and indexed anew.

        Nothing is done where it is so divided already. Interrupted, the same call goes on.
        Raises `CorpusError` while an interrupted ingestion waits to be gone on with.
        """
        from ipsearch.corpus.routing import check_shards
        from ipsearch.corpus.upkeep import reshard

        check_shards(shards)
        workers = workers or os.cpu_count() or 1
        report = progress or _no_progress
        result = reshard(self._layout, self._analyzer, shards, workers, report)
        self._changed()
        return result


def _no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing."""
