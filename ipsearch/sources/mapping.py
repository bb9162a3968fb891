"""A user's own headers: a TOML file that says which columns of a table mean what.

It has the shape of our own table of headers: a section for each kind of record, and in it the
headers of each target, one or a list, the best first.

    [patent]
    application_number = "案卷申请号"
    titles = ["项目名称", "名称(客户)"]
    "applicants.province" = "客户省份"

Such headers go before ours: one that is in both means what the user says.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ipsearch.errors import SourceError
from ipsearch.records import KINDS, Kind
from ipsearch.sources.encoding import detect_encoding
from ipsearch.sources.table_headers import Aliases, normalise_header, targets

MAPPING_BYTES = 1 << 20
"""A longer file is no mapping."""

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a user's headers mean; plain values, so that it can be sent to a worker process."""

    aliases: Aliases  # kind -> target -> headers, the best first
    fingerprint: str  # 32 hexadecimal digits that stand for `aliases`, the same on every machine


def read_mapping(path: Path) -> Mapping:
    """Read and check the mapping file `path`; raise `SourceError` that names key and line.

    The file is UTF-8, with or without byte order mark, or GB18030. Targets are those of
    `headers.toml`; a header may stand in one of them only, for each kind of record.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAPPING_BYTES + 1)
    except OSError as error:
        raise SourceError(str(path), "", f"cannot be read: {error.strerror or error}") from None
    if len(content) > MAPPING_BYTES:
        raise SourceError(str(path), "", f"longer than {MAPPING_BYTES} bytes: no mapping")
    return parse_mapping(content, str(path))


def parse_mapping(content: bytes, name: str) -> Mapping:
    """Read the content of a mapping file called `name`; raise `SourceError`."""
    try:
        text = content.decode(detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise SourceError(name, f"byte {error.start}", "neither UTF-8 nor GB18030") from None
    text = text.replace("\r\n", "\n")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"line {place[1]}, column {place[2]}" if place else ""
        reason = _PLACE.sub("", str(error))
        raise SourceError(name, where, f"not TOML: {reason[:1].lower()}{reason[1:]}") from None
    except RecursionError:
        raise SourceError(name, "", "not TOML: lists are nested too deeply") from None
    aliases = _Check(name, text.split("\n")).run(found)
    shape = repr([(kind, sorted(aliases.get(kind, {}).items())) for kind in KINDS])
    return Mapping(aliases, blake2b(shape.encode(), digest_size=16).hexdigest())


class _Check:
    """The check of one file, which knows its lines to say where something stands."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self._name, self._lines = name, lines

    def run(self, found: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
        aliases: dict[str, dict[str, list[str]]] = {}
        for section, content in found.items():
            if section not in KINDS:
                known = " and ".join(f"[{kind}]" for kind in KINDS)
                raise self._error("", section, f"no section {section!r}; there are: {known}")
            if not isinstance(content, dict):
                raise self._error("", section, f"{section!r} is no section: write [{section}]")
            kind: Kind = "patent" if section == "patent" else "trademark"
            aliases[kind] = self._section(kind, content)
        if not any(aliases.values()):
            raise SourceError(self._name, "", "no headers in it: write [patent] or [trademark]")
        return aliases

    def _section(self, kind: Kind, content: dict[str, Any]) -> dict[str, list[str]]:
        known = targets(kind)
        headers_of: dict[str, list[str]] = {}
        target_of: dict[str, str] = {}  # normalised header -> where it was met first
        for target, value in _flatten(content):
            if target not in known:
                raise self._error(kind, target, _unknown(target, known))
            headers = [value] if isinstance(value, str) else value
            if not isinstance(headers, list) or not all(isinstance(h, str) for h in headers):
                reason = f"{target!r} is neither a header nor a list of headers: {value!r:.60}"
                raise self._error(kind, target, reason)
            for header in headers:
                plain = normalise_header(header)
                if not plain:
                    raise self._error(kind, target, f"{target!r} has no header: {header!r}")
                first = target_of.setdefault(plain, target)
                if first != target:
                    reason = f"header {header!r} means {target!r} here and {first!r} before"
                    raise self._error(kind, target, reason)
            headers_of[target] = headers
        return headers_of

    def _error(self, section: str, key: str, reason: str) -> SourceError:
        line = self._line_of(section, key)
        return SourceError(self._name, f"line {line}" if line else "", reason)

    def _line_of(self, section: str, key: str) -> int:
        """The line of a key in a section, or of a section's head ("" and its name); 0 if unsure."""
        inside = ""
        for number, line in enumerate(self._lines, start=1):
            head = re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line)
            if head is not None:
                inside = head[1].replace('"', "").replace("'", "")
                if not section and inside.partition(".")[0] == key:
                    return number
                if inside == f"{section}.{key}":
                    return number
                continue
            written = line.partition("=")[0].strip().replace('"', "").replace("'", "")
            whole = ".".join(part.strip() for part in (*inside.split("."), written) if part)
            if "=" in line and whole == (f"{section}.{key}" if section else key):
                return number
        return 0


def _flatten(content: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Join nested keys: TOML reads an unquoted `applicants.province` as a section."""
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _unknown(target: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(target, known, n=1)
    hint = f", did you mean {near[0]!r}" if near else ""
    return f"no column means {target!r}{hint}; there are: {', '.join(sorted(known))}"
