"""Topics (专题库): named queries that are kept in a corpus, and what is new in each.

What a topic matched when it was last refreshed is kept as hashes of the records' ids; what matches
now and is not among them is new, however the corpus was written anew meanwhile, and stays so until
it is acknowledged.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ipsearch.corpus.notebook import Notebook, Sighting, Topic, TopicText
from ipsearch.corpus.notes_file import check_name
from ipsearch.corpus.routing import key_hash
from ipsearch.corpus.topic_file import read_topics, write_topics
from ipsearch.errors import CorpusError, QueryError, UnknownNameError
from ipsearch.records import Kind
from ipsearch.search import parse
from ipsearch.search.earlier import references

if TYPE_CHECKING:
    from ipsearch.library.asking import Asking
    from ipsearch.search import Results
    from ipsearch.search.building import Query

_HASH = np.dtype("<u8")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What refreshing one topic found."""

    name: str
    hits: int  # records that match now
    new: tuple[str, ...]  # ids of those that did not at the refresh before
    fault: str | None = None  # why it could not be asked; it is as it was then


class Topics:
    """The topics of a corpus."""

    def __init__(self, corpus: Asking, notebook: Notebook) -> None:
        self._corpus, self._notebook = corpus, notebook

    def __iter__(self) -> Iterator[Topic]:
        """Give all topics in the order in which they were added."""
        return iter(self._notebook.topics())

    def get(self, name: str) -> Topic:
        """Give one topic; raise `UnknownNameError` naming those there are."""
        (topic,) = self._chosen([name])
        return topic

    def add(
        self,
        name: str,
        expression: str | Query,
        *,
        kind: Kind | None = None,
        note: str = "",
        replace: bool = False,
    ) -> Topic:
        """Keep a query under a name. What matches now is not new.

        `kind` is by default the only one in the corpus, else patent. With `replace`, a topic of
        this name is changed; if its query is, what is new in it is counted from now on. Raises
        `QueryError` for an expression that cannot be asked or refers to a session's query (#1), and
        `CorpusError` if there is a topic of this name.
        """
        kinds = self._corpus.kinds
        chosen = kind or (kinds[0] if len(kinds) == 1 else "patent")
        self._put([TopicText(name, chosen, str(expression), note)], replace)
        return self.get(name)

    def run(self, name: str, **options: Any) -> Results:
        """Ask a topic's query as `Corpus.query` does, with its options."""
        topic = self.get(name)
        return self._corpus.query(topic.expression, kind=topic.kind, **options)

    def refresh(self, *names: str) -> list[Refreshed]:
        """Find what is new in these topics, or in all, in the records there are now.

        A topic that cannot be asked has a fault and does not keep others from being refreshed.
        """
        with self._notebook.turn():
            self._corpus.refresh()  # what was ingested since
            return [self._refresh(topic) for topic in self._chosen(names)]

    def new(self, name: str) -> list[tuple[str, str]]:
        """Give what is new in a topic: ids, and when each was found (ISO 8601, UTC)."""
        return self._notebook.news(self.get(name).name)

    def acknowledge(self, name: str, ids: Sequence[str] | None = None) -> int:
        """Count these ids, or all, as new no more; returns how many were."""
        waiting = [record_id for record_id, _ in self.new(name)]
        if ids is not None:
            waiting = sorted(set(waiting).intersection(ids))
        self._notebook.acknowledge(name, waiting)
        return len(waiting)

    def remove(self, *names: str) -> None:
        """Forget these topics; raise `UnknownNameError`, and forget none, if one is not there."""
        if names:
            self._notebook.drop_topics([topic.name for topic in self._chosen(names)])

    def to_toml(self, *names: str) -> str:
        """Write these topics, or all, as one TOML document: names, kinds, queries and notes."""
        return write_topics(
            TopicText(topic.name, topic.kind, topic.expression, topic.note)
            for topic in self._chosen(names)
        )

    def export(self, path: str | os.PathLike[str], *names: str) -> None:
        """Write these topics, or all, into a TOML file that `read` takes in elsewhere."""
        beside = Path(f"{os.fspath(path)}.part")
        beside.write_text(self.to_toml(*names), encoding="utf-8", newline="\n")
        beside.replace(path)

    def read(self, text: str, *, where: str = "topics", replace: bool = False) -> list[Topic]:
        """Add the topics of a TOML document, all or none; returns them.

        A topic that is here already is passed over if it is the same in all, changed with
        `replace`, and a `CorpusError` otherwise. `where` is named in errors.
        """
        texts = read_topics(text, where)
        self._put(texts, replace)
        return self._chosen([entry.name for entry in texts]) if texts else []

    def load(self, path: str | os.PathLike[str], *, replace: bool = False) -> list[Topic]:
        """Add the topics of a TOML file: `read` of what is in it."""
        where = os.fspath(path)
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise CorpusError(f"{where}: byte {error.start} is not UTF-8") from None
        return self.read(text, where=where, replace=replace)

    def _chosen(self, names: Iterable[str]) -> list[Topic]:
        """Give these topics, each once; all if none is named."""
        topics = {topic.name: topic for topic in self._notebook.topics()}
        wanted = list(dict.fromkeys(names)) or list(topics)
        for name in wanted:
            if name not in topics:
                known = ", ".join(topics) or "none"
                raise UnknownNameError(f"no topic called {name!r}; there are: {known}")
        return [topics[name] for name in wanted]

    def _put(self, texts: Sequence[TopicText], replace: bool) -> None:
        for text in texts:
            _check(text)
        with self._notebook.turn():
            self._corpus.refresh()
            here = {topic.name: topic for topic in self._notebook.topics()}
            changed = [text for text in texts if not _is_same(here.get(text.name), text)]
            taken = [text.name for text in changed if text.name in here]
            if taken and not replace:
                raise CorpusError(f"there are topics of these names already: {', '.join(taken)}")
            puts: list[tuple[TopicText, Sighting | None]] = []
            for text in changed:
                old = here.get(text.name)
                is_asked_anew = old is None or (old.kind, old.expression) != text[1:3]
                puts.append((text, self._look(text.name, text, None) if is_asked_anew else None))
            self._notebook.put_topics(puts)

    def _refresh(self, topic: Topic) -> Refreshed:
        try:
            found = self._look(topic.name, topic, self._notebook.seen(topic.name))
        except QueryError as error:
            return Refreshed(topic.name, topic.hits, (), str(error))
        self._notebook.see(found)
        return Refreshed(topic.name, found.hits, tuple(found.new))

    def _look(self, name: str, asked: Topic | TopicText, before: bytes | None) -> Sighting:
        """Find all that a topic matches, and what of it is not among the hashes `before`.

        None: it was never looked at, and nothing is new.
        """
        seen = np.frombuffer(before or b"", _HASH)
        hits, new, hashes = 0, list[str](), [np.empty(0, _HASH)]
        for ids in self._ids(asked.expression, asked.kind):
            hashed = np.fromiter((key_hash(record_id) for record_id in ids), _HASH, len(ids))
            if before is not None:
                new += [ids[at] for at in np.flatnonzero(~_are_in(hashed, seen)).tolist()]
            hashes.append(hashed)
            hits += len(ids)
        return Sighting(name, hits, np.unique(np.concatenate(hashes)).tobytes(), new)

    def _ids(self, expression: str, kind: Kind) -> Iterator[list[str]]:
        if kind in self._corpus.kinds:
            for batch in self._corpus.scan(expression, kind=kind, columns=["id"]):
                yield batch.column("id").to_pylist()


def _check(text: TopicText) -> None:
    check_name(text.name, "topic")
    try:
        text.note.encode()
    except UnicodeEncodeError as error:
        raise CorpusError(
            f"note of topic {text.name!r}: half a character at {error.start}"
        ) from None
    try:
        found = references(parse(text.expression, text.kind))
    except QueryError as error:
        raise QueryError(f"topic {text.name!r}: {error}") from None
    if found:
        raise QueryError(
            f"topic {text.name!r}: #{found[0]} is a query of a session, a topic stands by itself"
        )


def _is_same(topic: Topic | None, text: TopicText) -> bool:
    if topic is None:
        return False
    return (topic.kind, topic.expression, topic.note) == (text.kind, text.expression, text.note)


def _are_in(hashed: npt.NDArray[np.uint64], seen: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    if not len(seen):
        return np.zeros(len(hashed), bool)
    at = np.minimum(np.searchsorted(seen, hashed), len(seen) - 1)
    found: npt.NDArray[np.bool_] = seen[at] == hashed
    return found
