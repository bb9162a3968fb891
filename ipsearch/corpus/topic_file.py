"""Topics as one TOML file, for another corpus or another person.

version = 1

[[topic]]
name = "石墨烯正极"
kind = "patent"
expression = "\\"石墨烯\\" AND ipc:H01M"
note = "every Monday"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from typing import Any

from ipsearch.corpus.notebook import TopicText
from ipsearch.errors import CorpusError
from ipsearch.records import KINDS

FILE_VERSION = 1

_TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f-\x9f"\\\u2028\u2029]')
"""What TOML does not take as it stands in a string, and line ends that an editor may change."""
_SHORT = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}


def write_topics(topics: Iterable[TopicText]) -> str:
    """Write topics as TOML; `read_topics` gives the same again."""
    tables = [
        f"\n[[topic]]\nname = {quoted(topic.name)}\nkind = {quoted(topic.kind)}\n"
        f"expression = {quoted(topic.expression)}\nnote = {quoted(topic.note)}\n"
        for topic in topics
    ]
    return f"# Topics of ipsearch\nversion = {FILE_VERSION}\n" + "".join(tables)


def read_topics(text: str, where: str) -> list[TopicText]:
    """Read topics from TOML; raise `CorpusError` that says where and what is wrong.

    `kind` may be left out: patent; `note` too. What is not known is refused, not passed over.
    """
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CorpusError(f"{where}: not TOML: {error}") from None
    version = document.pop("version", None)
    if version != FILE_VERSION:
        raise CorpusError(f"{where}: version {version!r}, this library reads {FILE_VERSION}")
    tables = document.pop("topic", [])
    if document or not isinstance(tables, list):
        raise CorpusError(f"{where}: expected [[topic]] tables, found {', '.join(document)!r}")
    topics = [_topic(table, f"{where}: topic {n}") for n, table in enumerate(tables, start=1)]
    names = [topic.name for topic in topics]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CorpusError(f"{where}: named twice: {', '.join(twice)}")
    return topics


def _topic(table: Any, where: str) -> TopicText:
    if not isinstance(table, dict):
        raise CorpusError(f"{where}: not a table: {table!r}")
    for name, value in table.items():
        if name not in TopicText._fields or not isinstance(value, str):
            raise CorpusError(f"{where}: {name} = {value!r} has no meaning here")
    missing = [name for name in ("name", "expression") if not table.get(name)]
    if missing:
        raise CorpusError(f"{where}: no {' and no '.join(missing)}")
    if table.get("kind", "patent") not in KINDS:
        raise CorpusError(f"{where}: no kind {table['kind']!r}; there are: {', '.join(KINDS)}")
    return TopicText(
        table["name"], table.get("kind", "patent"), table["expression"], table.get("note", "")
    )


def quoted(text: str) -> str:
    """Write a text as TOML's basic string."""
    return '"' + _TO_ESCAPE.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"
