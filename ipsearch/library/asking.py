"""Queries: pages, streams, files, counts, sessions and topics of what matches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, BinaryIO, TypedDict, Unpack

from ipsearch.corpus.notebook import SessionSummary
from ipsearch.corpus.state import KindState
from ipsearch.index import Span
from ipsearch.library.opened import page
from ipsearch.library.reading import Reading
from ipsearch.records import Kind
from ipsearch.search import Filters, Results, as_point, parse
from ipsearch.search.asking import ask
from ipsearch.search.fields import find_field
from ipsearch.search.matches import Question
from ipsearch.search.sessions import Session, narrowing, ranks_by_any
from ipsearch.search.tree import Node, Value

if TYPE_CHECKING:
    import pyarrow as pa

    from ipsearch.corpus.upkeep import Progress
    from ipsearch.search.building import Query
    from ipsearch.search.explain import Blame, Explained
    from ipsearch.search.export import Exported
    from ipsearch.search.facets import Facet
    from ipsearch.search.topics import Topics


class Narrowing(TypedDict, total=False):
    """What narrows a result without changing scores: see `Asking.query`."""

    office: str | Sequence[str]
    published_from: date | None
    published_to: date | None
    in_class: str | Sequence[str]


class Asking(Reading):
    """What can be asked in the query language."""

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
        limit, offset = page(limit, offset, state.record_count)
        compiler = self._compiler(state)
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
        compiler = self._compiler(state)
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

        compiler = self._compiler(state)
        return lambda node: count(state, [compiler.compile_filter(node)] * len(state.shards))


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
