"""Watch lists as one TOML file, for another corpus or another person, and to be written by hand.

version = 1

[[mark]]
text = "云雀"
classes = [9, 42]
owners = ["某某科技有限公司"]

[[patent]]
number = "CN101234567B"

[[competitor]]
names = ["某某电子股份有限公司", "某某电子*"]

[[topic]]
name = "石墨烯正极"
expression = "\\"石墨烯\\" AND ipc:H01M"
kind = "patent"
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from ipsearch.corpus.topic_file import quoted
from ipsearch.errors import CorpusError, IpsearchError
from ipsearch.watch.lists import WATCH_KINDS, WATCHES, Watch, WatchKind, kind_of

FILE_VERSION = 1


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_FORMS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ("a text", lambda value: isinstance(value, str)),
    "Kind": ("a text", lambda value: isinstance(value, str)),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "int | None": ("a whole number", _is_integer),
    "float | None": ("a number", lambda v: _is_integer(v) or isinstance(v, float)),
    "tuple[str, ...]": ("a list of texts", _is_strings),
    "tuple[Kind, ...]": ("a list of texts", _is_strings),
    "tuple[int, ...]": (
        "a list of whole numbers",
        lambda value: isinstance(value, list) and all(map(_is_integer, value)),
    ),
}
"""The type of an attribute of a watch -> what it is called, and what tells a value of it."""


def write_watches(watches: Iterable[Watch]) -> str:
    """Write watches as TOML, what is as by default left out; `read_watches` gives them again."""
    tables = []
    for watch in watches:
        lines = [f"{name} = {_value(value)}\n" for name, value in as_table(watch).items()]
        tables.append(f"\n[[{kind_of(watch)}]]\n" + "".join(lines))
    return f"# Watch list of ipsearch\nversion = {FILE_VERSION}\n" + "".join(tables)


def read_watches(text: str, where: str) -> list[Watch]:
    """Read watches from TOML; raise `CorpusError` that says where and what is wrong.

    What is not known is refused, not passed over.
    """
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CorpusError(f"{where}: not TOML: {error}") from None
    version = document.pop("version", None)
    if version != FILE_VERSION:
        raise CorpusError(f"{where}: version {version!r}, this library reads {FILE_VERSION}")
    watches = []
    for kind in WATCH_KINDS:
        tables = document.pop(kind, [])
        if not isinstance(tables, list):
            raise CorpusError(f"{where}: expected [[{kind}]] tables, found {tables!r}")
        for number, table in enumerate(tables, start=1):
            watches.append(from_table(kind, table, f"{where}: {kind} {number}"))
    if document:
        known = ", ".join(f"[[{kind}]]" for kind in WATCH_KINDS)
        raise CorpusError(f"{where}: expected {known}, found {', '.join(document)!r}")
    twice = [name for name, times in Counter(w.name for w in watches).items() if times > 1]
    if twice:
        raise CorpusError(f"{where}: named twice: {', '.join(sorted(twice))}; give each a name")
    return watches


def as_table(watch: Watch) -> dict[str, Any]:
    """Give what is written of a watch: what is not as by default, and always its name."""
    table: dict[str, Any] = {"name": watch.name}
    for field in fields(watch):
        value = getattr(watch, field.name)
        if field.name != "name" and (field.default is MISSING or value != field.default):
            table[field.name] = list(value) if isinstance(value, tuple) else value
    return table


def from_table(kind: WatchKind, table: Any, where: str) -> Watch:
    """Make the watch of what is written of it; raise `CorpusError`."""
    if not isinstance(table, Mapping):
        raise CorpusError(f"{where}: not a table: {table!r}")
    known = {field.name: field for field in fields(WATCHES[kind])}
    for name, value in table.items():
        if name not in known:
            raise CorpusError(f"{where}: {name} has no meaning; there are: {', '.join(known)}")
        called, is_one = _FORMS[str(known[name].type)]
        if not is_one(value):
            raise CorpusError(f"{where}: {name} = {value!r} is not {called}")
    missing = [n for n, field in known.items() if field.default is MISSING and n not in table]
    if missing:
        raise CorpusError(f"{where}: no {' and no '.join(missing)}")
    values = {n: tuple(v) if isinstance(v, list) else v for n, v in table.items()}
    make: Callable[..., Watch] = WATCHES[kind]
    try:
        return make(**values)
    except IpsearchError as error:
        raise CorpusError(f"{where}: {error}") from None


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)
