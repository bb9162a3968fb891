"""A session: queries under numbers, which later queries of it refer to: `#1 AND #2`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ipsearch.analysis import Segmenter, fold
from ipsearch.corpus.notebook import Notebook, SessionQuery
from ipsearch.corpus.notes_file import check_name
from ipsearch.errors import UnknownNameError
from ipsearch.records import Kind
from ipsearch.search.earlier import Asked, Whole, put_in_place
from ipsearch.search.parser import parse
from ipsearch.search.tree import Node
from ipsearch.search.wording import is_content, units_of

if TYPE_CHECKING:
    from ipsearch.library.asking import Asking
    from ipsearch.search import Results
    from ipsearch.search.building import Query

_PLAIN = re.compile(r"[A-Za-z0-9/.-]+")


class Session:
    """The queries of one name in a corpus; it begins with the first one."""

    def __init__(self, corpus: Asking, notebook: Notebook, name: str) -> None:
        """Raises `CorpusError` if `name` can be no name."""
        check_name(name, "session")
        self.name = name
        self._corpus, self._notebook = corpus, notebook

    def query(self, expression: str | Query, **options: Any) -> Results:
        """Ask as `Corpus.query` does, with its options, and note the query under the next number.

        `#n` stands for query n, asked of the records there are now. Raises `QueryError`, and
        notes nothing, if there is no such query or it asked for the other kind of record.
        """
        return self._corpus.query(expression, session=self.name, **options)

    @property
    def entries(self) -> tuple[SessionQuery, ...]:
        """The queries so far, in their order."""
        return tuple(self._notebook.queries(self.name))

    def drop(self) -> int:
        """Forget all of it; returns how many queries there were. Raises `UnknownNameError`."""
        dropped = self._notebook.drop_session(self.name)
        if not dropped:
            known = ", ".join(session.name for session in self._notebook.sessions())
            raise UnknownNameError(f"no session called {self.name!r}; there are: {known or 'none'}")
        return dropped

    def expand(self, expression: str | Query, *, kind: Kind | None = None) -> str:
        """Write out what `#n` stands for: a query that can be asked anywhere, and kept as a topic.

        `kind` is by default the only one in the corpus, else patent. Raises `QueryError`.
        """
        from ipsearch.search.printing import to_text

        kinds = self._corpus.kinds
        chosen = kind or (kinds[0] if len(kinds) == 1 else "patent")
        tree = parse(str(expression), chosen)
        whole = self.put_in_place(tree, chosen)
        return str(expression) if whole.node is tree else to_text(whole.node)

    def put_in_place(self, node: Node, kind: Kind) -> Whole:
        """Put the trees of queries of the session where a tree refers to them."""
        return put_in_place(node, kind, self.name, self._asked)

    def note(self, kind: Kind, expression: str, narrowing: str, hits: int) -> int:
        """Note a query that was answered; returns its number."""
        return self._notebook.add_query(self.name, kind, expression, narrowing, hits)

    def _asked(self, number: int) -> Asked | None:
        entry = self._notebook.query(self.name, number)
        return Asked(entry.kind, entry.expression, entry.narrowing) if entry else None


def narrowing(
    office: str | Sequence[str],
    published_from: date | None,
    published_to: date | None,
    in_class: str | Sequence[str],
) -> str:
    """Say as a query what narrows a result beside its expression; "" for nothing.

    >>> narrowing(["CN", "US"], date(2018, 3, 5), None, "H01M 10/0525")
    'office:(CN OR US) AND pd>=2018-03-05 AND class:"H01M 10/0525"'
    """
    clauses = [_any_of("office", office)]
    clauses.append(f"pd>={published_from}" if published_from else "")
    clauses.append(f"pd<={published_to}" if published_to else "")
    clauses.append(_any_of("class", in_class))
    return " AND ".join(filter(None, clauses))


def ranks_by_any(whole: Whole, segmenter: Segmenter) -> list[str]:
    """Say which of the queries that were put in find more by themselves: see `Whole.ranked`."""
    warnings = []
    for number, words in whole.ranked:
        folded = fold(words)
        content = [term for term in segmenter.terms(folded) if is_content(term.text)]
        if len(units_of(folded, content)) > 1:
            warnings.append(
                f"#{number} is nothing but words: asked alone it finds any of them, within another"
                " query each must stand in the record"
            )
    return warnings


def _any_of(field: str, values: str | Sequence[str]) -> str:
    chosen = [values] if isinstance(values, str) else list(values)
    if not chosen:
        return ""
    texts = [value if _PLAIN.fullmatch(value) else '"' + _unquoted(value) + '"' for value in chosen]
    return f"{field}:" + (texts[0] if len(texts) == 1 else "(" + " OR ".join(texts) + ")")


def _unquoted(value: str) -> str:
    return value.replace('"', "")
