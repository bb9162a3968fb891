"""The library's front door: a corpus, made or opened, and what can be asked of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self, TypedDict, Unpack

from ipsearch.analysis import Analyzer
from ipsearch.corpus.catalog import FORMAT_VERSION, Catalog
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.notebook import Notebook, SessionSummary
from ipsearch.corpus.state import KindState, State, open_state
from ipsearch.corpus.summary import Summary
from ipsearch.errors import (
    AnalyzerMismatchError,
    CorpusError,
    CorpusNotFoundError,
    IdentifierError,
    QueryError,
)
from ipsearch.index import INDEX_VERSION, Span
from ipsearch.records import KINDS, SCHEMA_VERSION, Kind
from ipsearch.search import Compiler, Filters, Results, as_point, parse
from ipsearch.search.asking import ask
from ipsearch.search.doubts import settle
from ipsearch.search.fields import find_field
from ipsearch.search.lookup import records_by_keys, records_with_id, rows_of_ids
from ipsearch.search.matches import Question
from ipsearch.search.record_texts import holders
from ipsearch.search.sessions import Session, narrowing, ranks_by_any
from ipsearch.search.tree import Node, Number, Value

if TYPE_CHECKING:
    import pyarrow as pa

    from ipsearch.corpus.removal import Removal, Target
    from ipsearch.corpus.upkeep import Progress, Upkeep
    from ipsearch.novelty.results import NoveltyResults
    from ipsearch.novelty.settings import Settings
    from ipsearch.novelty.weighing import Synonyms
    from ipsearch.search.building import Query
    from ipsearch.search.explain import Blame, Explained
    from ipsearch.search.export import Exported
    from ipsearch.search.facets import Facet
    from ipsearch.search.topics import Topics
    from ipsearch.sources.walk import Limits


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
        _check_shards(shards)
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


def _check_shards(shards: int) -> None:
    from ipsearch.corpus.plan import MOST_SHARDS

    if not 1 <= shards <= MOST_SHARDS:
        raise CorpusError(f"{shards} shards: 1 to {MOST_SHARDS} are possible")


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


class Narrowing(TypedDict, total=False):
    """What narrows a result without changing scores: see `Corpus.query`."""

    office: str | Sequence[str]
    published_from: date | None
    published_to: date | None
    in_class: str | Sequence[str]


class Corpus:
    """Patents and marks in one folder, kept and findable.

    Reading sees one state, that of the moment of opening, until `refresh`. Safe to use from
    several threads.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._layout = Layout(path)
        if not self._layout.catalog.exists():
            raise CorpusNotFoundError(f"{path}: there is no corpus in this folder")
        catalog = Catalog(self._layout.catalog, read_only=True)
        try:
            catalog.check_version()
            self.settings = catalog.settings()
        finally:
            catalog.close()
        self._analyzer = self._check_settings()
        self._state: State | None = None
        self._guard = threading.Lock()

    def _check_settings(self) -> Analyzer:
        for name, ours in (("schema_version", SCHEMA_VERSION), ("index_version", INDEX_VERSION)):
            if self.settings.get(name) != ours:
                raise CorpusError(
                    f"{self.path}: {name} {self.settings.get(name)}, this library has {ours};"
                    " ingest the files into a new corpus"
                )
        analyzer = Analyzer()
        if self._layout.dictionary.exists():
            text = self._layout.dictionary.read_text(encoding="utf-8")
            analyzer = Analyzer.with_words(text.splitlines())
        if analyzer.fingerprint != self.settings.get("analyzer"):
            raise AnalyzerMismatchError(
                f"{self.path}: indexed with analyzer {self.settings.get('analyzer')}, this one is"
                f" {analyzer.fingerprint} (another version of ipsearch or rjieba, or"
                f" {self._layout.dictionary.name} was changed): terms would not meet; put that back"
                " or ingest the files into a new corpus"
            )
        return analyzer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the state that is read."""
        with self._guard:
            if self._state is not None:
                self._state.close()
                self._state = None

    def refresh(self) -> None:
        """See what was ingested since: the next question opens the latest state."""
        self.close()

    # keeping

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
            choose, what = removal.by_targets(list(self._targets(ids))), f"{len(ids)} ids"
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
        """Write and index every shard anew, without what was replaced or removed.

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

        Raises `CorpusError` while an interrupted ingestion waits to be gone on with.
        """
        from ipsearch.corpus.upkeep import reshard

        _check_shards(shards)
        workers = workers or os.cpu_count() or 1
        report = progress or _no_progress
        result = reshard(self._layout, self._analyzer, shards, workers, report)
        self._changed()
        return result

    def _changed(self) -> None:
        catalog = Catalog(self._layout.catalog, read_only=True)
        try:
            self.settings = catalog.settings()
        finally:
            catalog.close()
        self.refresh()

    # asking

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of record there are."""
        return tuple(kind for kind in KINDS if kind in self._opened().kinds)

    def count(self, kind: Kind) -> int:
        """How many records of a kind there are."""
        state = self._opened().kinds.get(kind)
        return state.record_count if state else 0

    def query(
        self,
        expression: str | Query,
        *,
        kind: Kind | None = None,
        limit: int = 20,
        offset: int = 0,
        office: str | Sequence[str] = (),
        published_from: date | None = None,
        published_to: date | None = None,
        in_class: str | Sequence[str] = (),
        session: str | None = None,
        order_by: str = "relevance",
        one_per: str | None = None,
    ) -> Results:
        """Find the records that match `expression`, best first.

        The language is that of docs/query-language.md, typed or built (`field`, `word` ...).

        `kind` is by default the only one there is, else patent. `office`, the dates (both days
        belong) and `in_class` (IPC or CPC at any level; Nice class for marks) narrow the result
        without changing scores; of several offices or classes, any may match. In a `session` the
        query is noted under the next number, and `#1` stands for its first.

        `order_by` is `relevance`, or the name of a field: of dates or integers, `id`, title,
        applicant, office ...; with a minus before it, the greatest first; records without a value
        come last. Pages of one size give each hit once, in one order; beyond 20,000 hits, and
        where the engine has not the values (titles, names), all that is found is ordered as
        arrays: 32 bytes a hit, and the values. `one_per` shows one row a `family` or
        `application`, its best-ranked member, with the ids of those that match as `members`;
        `limit`, `offset` and `total` then count groups. Raises `QueryError`.
        """
        state = self._kind_state(kind)
        limit, offset = _page(limit, offset, state.record_count)
        compiler = _compiler(state, self._analyzer)
        tree = parse(str(expression), state.kind)
        noted = self.session(session) if session is not None else None
        warnings: list[str] = []
        if noted is not None:
            whole = noted.put_in_place(tree, state.kind)
            tree, warnings = whole.node, ranks_by_any(whole, self._analyzer.segmenter())
        compiled = compiler.compile(tree)
        compiled.warnings.extend(warnings)
        clauses = [compiler.compile_filter(node) for node in _clauses(state.kind, office, in_class)]
        spans = _published(published_from, published_to)
        question = Question(state, compiled, Filters(tuple(clauses), spans))
        results = ask(
            question,
            limit=limit,
            offset=offset,
            order_by=order_by,
            one_per=one_per,
        )
        if noted is not None:
            narrowed = narrowing(office, published_from, published_to, in_class)
            hits = results.total if one_per is None else question.count()
            noted.note(state.kind, str(expression), narrowed, hits)
        return results

    def scan(
        self,
        expression: str | Query,
        columns: Sequence[str] | None = None,
        *,
        kind: Kind | None = None,
        **narrowing: Unpack[Narrowing],
    ) -> pa.RecordBatchReader:
        """Give all records that match, in order of storage, as a stream of Arrow batches.

        Whole records, or some `columns` of them; `narrowing` is as in `query`. Iterate it, or hand
        it to DuckDB, Polars, pandas: memory does not grow with what is found, but for eight bytes
        a record. Raises `QueryError`.
        """
        from ipsearch.search.matches import scan

        return scan(self._question(expression, kind, **narrowing), columns)

    def export(
        self,
        expression: str | Query,
        path: str | os.PathLike[str] | BinaryIO,
        *,
        format: str | None = None,
        fields: Sequence[str] | None = None,
        kind: Kind | None = None,
        progress: Progress | None = None,
        **narrowing: Unpack[Narrowing],
    ) -> Exported:
        """Write all records that match to a file: CSV, XLSX, JSON Lines, Parquet or RIS.

        See `search.export` for formats and fields; `narrowing` is as in `query`. An error leaves
        what was there before. Raises `QueryError` and `UnknownNameError`.
        """
        from ipsearch.search.export import export

        question = self._question(expression, kind, **narrowing)
        return export(question, path, format=format, fields=fields, progress=progress)

    def facets(
        self,
        expression: str | Query,
        by: Sequence[str] | None = None,
        top: int | None = 20,
        *,
        kind: Kind | None = None,
        **narrowing: Unpack[Narrowing],
    ) -> dict[str, Facet]:
        """Count all that matches by office, year, applicant ...: exactly, whatever their number.

        `by` are names in `search.facets.FACETS`; `top` values of each are given, None for all;
        `narrowing` is as in `query`. Raises `QueryError`.
        """
        from ipsearch.search.facets import facets

        return facets(self._question(expression, kind, **narrowing), by, top)

    def _question(
        self, expression: str | Query, kind: Kind | None, **narrowing: Unpack[Narrowing]
    ) -> Question:
        state = self._kind_state(kind)
        compiler = _compiler(state, self._analyzer)
        compiled = compiler.compile(parse(str(expression), state.kind))
        chosen = _clauses(state.kind, narrowing.get("office", ()), narrowing.get("in_class", ()))
        clauses = tuple(compiler.compile_filter(node) for node in chosen)
        spans = _published(narrowing.get("published_from"), narrowing.get("published_to"))
        return Question(state, compiled, Filters(clauses, spans))

    def session(self, name: str) -> Session:
        """Give the session of this name, in which queries refer to earlier ones: `#1 AND #2`.

        It begins with its first query. Raises `CorpusError` if this can be no name.
        """
        return Session(self, self._notebook, name)

    def sessions(self) -> list[SessionSummary]:
        """Give the sessions there are, the one used last first."""
        return self._notebook.sessions()

    @property
    def topics(self) -> Topics:
        """The named queries that are kept in the corpus, and what is new in each."""
        from ipsearch.search.topics import Topics

        return Topics(self, self._notebook)

    @property
    def _notebook(self) -> Notebook:
        return Notebook(self._layout.notebook)

    def explain(self, expression: str | Query, *, kind: Kind | None = None) -> Explained:
        """Say how a query is understood: its clauses, their terms, how many each finds alone.

        Raises `QueryError`.
        """
        from ipsearch.search.explain import explain

        state = self._kind_state(kind)
        node = parse(str(expression), state.kind)
        return explain(
            node, self._analyzer.segmenter(), state.vocabulary, self._clause_count(state)
        )

    def blame(self, expression: str | Query, *, kind: Kind | None = None) -> Blame:
        """Say which clause of a query that matches nothing makes it so."""
        from ipsearch.search.explain import blame

        state = self._kind_state(kind)
        return blame(parse(str(expression), state.kind), self._clause_count(state))

    def _clause_count(self, state: KindState) -> Callable[[Node], int]:
        from ipsearch.search.execute import count

        compiler = _compiler(state, self._analyzer)
        return lambda node: count(state, [compiler.compile_filter(node)] * len(state.shards))

    def novelty(
        self,
        text: str | None = None,
        *,
        number: str | None = None,
        record: Mapping[str, Any] | None = None,
        claim: int | None = None,
        before: date | None = None,
        limit: int = 100,
        evidence: int = 0,
        in_class: str | Sequence[str] = (),
        like: Sequence[str] = (),
        unlike: Sequence[str] = (),
        synonyms: Synonyms | None = None,
        settings: Settings | None = None,
    ) -> NoveltyResults:
        """Find the documents nearest to an invention, nearest first, in two labelled lists.

        The invention is a `text` (a claim set, a claim, an idea), the record of a `number`, or a
        `record`'s columns. Prior art was published before the effective date: `before`, or else
        the record's priority or filing date. Conflicting applications were filed before it and
        published on it or after, at the same office. One row a family; the invention's own family
        is in neither list. `limit` is for each list.

        Of the first `evidence` hits of each list, the features of `claim` (by default the first
        independent one) are charted: the best passage for each, and how far it covers it.
        `in_class` keeps what is in one of some classes. `like` and `unlike` are numbers of records
        that a searcher judged. Raises `QueryError` if none of the words is known, a number is not
        there, or a claim.
        """
        from ipsearch.novelty.asking import ask as ask_novelty
        from ipsearch.novelty.settings import Settings
        from ipsearch.novelty.weighing import Synonyms

        state = self._kind_state("patent")
        limit, _ = _page(limit, 0, state.record_count)
        return ask_novelty(
            state,
            self._analyzer.segmenter(),
            text=text,
            number=number,
            record=record,
            claim=claim,
            before=before,
            limit=limit,
            evidence=evidence,
            in_class=[in_class] if isinstance(in_class, str) else in_class,
            like=like,
            unlike=unlike,
            synonyms=synonyms or Synonyms(),
            settings=settings or Settings(),
        )

    def novelty_report(
        self,
        results: NoveltyResults,
        path: str | os.PathLike[str],
        *,
        language: Literal["zh", "en"] = "zh",
        conditions: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Write the search report (检索报告) of a novelty search in this corpus, dated today.

        Markdown, HTML or Word by the file's ending; `conditions` are as in `novelty.make_report`.
        Raises `UnknownNameError` for another ending.
        """
        from ipsearch import __version__
        from ipsearch.novelty.report_facts import corpus_facts
        from ipsearch.novelty.report_file import write_report

        state = self._kind_state("patent")
        facts = corpus_facts(self._layout, state, __version__, date.today())
        write_report(results, path, facts, language=language, conditions=conditions)

    def get(self, number: str, *, kind: Kind | None = None) -> list[dict[str, Any]]:
        """Give the whole records that go by `number`, in any spelling; an empty list if none do.

        Raises `IdentifierError` if it is no number.
        """
        found: list[dict[str, Any]] = []
        from ipsearch.identifiers import lookup_keys
        from ipsearch.records import SCHEMAS

        lookup_keys(number)
        for state in self._opened().kinds.values():
            if kind not in (None, state.kind):
                continue
            compiler = _compiler(state, self._analyzer)
            query = compiler.compile_filter(Number(number, find_field("num", state.kind)))
            for shard in state.shards:
                addresses = [hit.address for hit in shard.search(query, 1_000)]
                places = [(shard.number, address) for address in addresses]
                for row in state.rows(places, SCHEMAS[state.kind].names):
                    found.append({"record": state.kind, **row})
        return sorted(found, key=lambda row: (row["record"], row["id"]))

    def get_many(
        self, numbers: Iterable[str], *, kind: Kind | None = None
    ) -> dict[str, list[dict[str, Any]]]:
        """Give for each number what `get` gives for it, in their order: many are found together.

        What is no number, or is not there, has an empty list. Two numbers of one record share it.
        """
        from ipsearch.identifiers import lookup_keys
        from ipsearch.records import SCHEMAS

        keys: dict[str, tuple[str, ...]] = {}
        for number in numbers:
            try:
                keys[number] = lookup_keys(number)
            except IdentifierError:
                keys[number] = ()
        found: dict[str, list[dict[str, Any]]] = {number: [] for number in keys}
        for state in self._opened().kinds.values():
            if kind not in (None, state.kind):
                continue
            rows_of = records_by_keys(state, keys, SCHEMAS[state.kind].names)
            for number, rows in rows_of.items():
                found[number] += [{"record": state.kind, **row} for row in rows]
        return found

    def titles(self, ids: Sequence[str], *, kind: Kind) -> dict[str, str | None]:
        """Give the title, or the words of a mark, of the records with these ids that are there."""
        state = self._opened().kinds.get(kind)
        if state is None:
            return {}
        rows = rows_of_ids(state, ids, ["mark_text" if kind == "trademark" else "titles"])
        if kind == "trademark":
            return {record_id: row["mark_text"] for record_id, row in rows.items()}
        return {i: next((t["text"] for t in row["titles"] or ()), None) for i, row in rows.items()}

    def batches(self, kind: Kind) -> Iterator[pa.RecordBatch]:
        """Give every record of a kind, once, as Arrow batches of its schema."""
        state = self._opened().kinds.get(kind)
        if state is not None:
            yield from state.batches()

    def dataset(self, kind: Kind) -> pa.RecordBatchReader:
        """Give every record of a kind as an Arrow stream: DuckDB, Polars and pandas read it."""
        import pyarrow as pa

        from ipsearch.records import SCHEMAS

        return pa.RecordBatchReader.from_batches(SCHEMAS[kind], self.batches(kind))

    def info(self) -> dict[str, Any]:
        """Say what the corpus holds: records, shards, parts, bytes, files, ingestions, settings."""
        catalog = Catalog(self._layout.catalog, read_only=True)
        try:
            with catalog.snapshot():
                parts, ingestions = catalog.parts(), catalog.ingestions()
                generations = catalog.generations()
                files = catalog.input_count()
        finally:
            catalog.close()
        kinds = {}
        for kind, state in self._opened().kinds.items():
            own = [part for part in parts if part.kind == kind]
            index_bytes = sum(
                file.stat().st_size
                for shard in state.shards
                for file in shard.folder.rglob("*")
                if file.is_file()
            )
            kinds[kind] = {
                "records": state.record_count,
                "shards": len(state.shards),
                "segments": sum(shard.segment_count for shard in state.shards),
                "parts": len(own),
                "dead_rows": sum(g.dead for g in generations if g.kind == kind),
                "record_bytes": sum(part.bytes for part in own),
                "index_bytes": index_bytes,
            }
        finished = [entry for entry in ingestions if entry["finished"]]
        return {
            "path": str(self.path),
            "format_version": FORMAT_VERSION,
            "kinds": kinds,
            "files": files,
            "ingestions": len(finished),
            "last_ingestion": finished[-1]["finished"] if finished else None,
            "is_unfinished": len(finished) < len(ingestions),
            "settings": self.settings,
        }

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


def _page(limit: int, offset: int, held: int) -> tuple[int, int]:
    """Check a page and ask for no more than there is: the engine sets aside memory for it all."""
    if limit < 1 or offset < 0:
        raise QueryError(f"limit {limit}, offset {offset}: at least 1 and 0")
    return min(limit, max(held, 1)), min(offset, held)


def _clauses(
    kind: Kind, office: str | Sequence[str], in_class: str | Sequence[str]
) -> Iterator[Node]:
    from ipsearch.search.tree import Or

    for name, values in (("office", office), ("class", in_class)):
        chosen = [values] if isinstance(values, str) else list(values)
        if chosen:
            field = find_field(name, kind)
            yield Or(tuple(Value(value, field) for value in chosen))


def _published(first: date | None, last: date | None) -> tuple[Span, ...]:
    if first is None and last is None:
        return ()
    return (Span("pd", as_point(first) if first else None, as_point(last) if last else None),)


def _compiler(state: KindState, analyzer: Analyzer) -> Compiler:
    return Compiler(
        state.kind,
        analyzer.segmenter(),
        state.vocabulary,
        state.clauses,
        state.frequencies,
        len(state.shards),
        partial(holders, state),
        partial(settle, state),
    )


def _no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing."""
