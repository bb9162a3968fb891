"""Which sources there are, and which of them reads a given file.

Modules are imported when they are asked for: the XML and spreadsheet libraries are slow to load.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ipsearch.errors import UnknownFormatError, UnknownNameError
from ipsearch.sources.base import Source
from ipsearch.sources.encoding import detect_encoding
from ipsearch.sources.opening import sniff

if TYPE_CHECKING:
    from ipsearch.sources.table_headers import Aliases

SOURCES: dict[str, str] = {
    # name -> module, whose `SOURCE` it is; formats are tried in this order, the surest signs first
    "cnipa_patent": "ipsearch.sources.cnipa_patent",
    "cnipa_st36": "ipsearch.sources.cnipa_st36",
    "cnipa_application": "ipsearch.sources.cnipa_application",
    "cnipa_legal": "ipsearch.sources.cnipa_legal",
    "uspto_trademark": "ipsearch.sources.uspto_trademark",
    "uspto_patent": "ipsearch.sources.uspto_patent",
    "uspto_grant_sgml": "ipsearch.sources.uspto_grant_sgml",
    "uspto_application_pap": "ipsearch.sources.uspto_application_pap",
    "uspto_greenbook": "ipsearch.sources.uspto_greenbook",
    "patentsview": "ipsearch.sources.patentsview",
    "lens": "ipsearch.sources.lens",
    "hupd": "ipsearch.sources.hupd",
    "ep_full_text": "ipsearch.sources.ep_full_text",
    "inpadoc": "ipsearch.sources.inpadoc",  # before docdb: an answer with events is one of docdb's
    "docdb": "ipsearch.sources.docdb",
    "jpo_patent": "ipsearch.sources.jpo_patent",
    "wipo_st96": "ipsearch.sources.wipo_st96",
    "wipo_st66": "ipsearch.sources.wipo_st66",
    "euipo": "ipsearch.sources.euipo",
    "ipsearch_records": "ipsearch.sources.ipsearch_records",
    "google_patents": "ipsearch.sources.google_patents",
    "patsnap_xml": "ipsearch.sources.patsnap_xml",  # asks for the table's headers
    "table": "ipsearch.sources.table",  # last: nearly any text could be a table
}

_PACKED_ENDING = re.compile(r"\.(gz|bz2|xz)$", re.IGNORECASE)


def get_source(name: str) -> Source:
    """Return the source called `name`; raise `UnknownNameError` naming those there are."""
    if name not in SOURCES:
        known = ", ".join(sorted(SOURCES))
        raise UnknownNameError(f"no source called {name!r}; there are: {known}")
    source: Source = importlib.import_module(SOURCES[name]).SOURCE
    return source


def all_sources() -> tuple[Source, ...]:
    """Return all sources, in the order in which `detect` tries them."""
    return tuple(get_source(name) for name in SOURCES)


def detect(head: bytes, name: str, aliases: Aliases | None = None) -> Source:
    """Return the source that reads a file, by its content; its name is no more than a hint.

    `head` is the first 64 KiB, unpacked, as `walk.peek` gives them; `aliases` are a user's own
    headers for tables. Raises `UnknownFormatError` that says what the content looks like.
    """
    hint = _PACKED_ENDING.sub("", name)
    for source in map(get_source, SOURCES):  # one by one: what comes later need not be imported
        if source.name == "table" and aliases is not None:
            from ipsearch.sources import table

            if table.recognises(head, hint, aliases):
                return replace(source, read=partial(table.read, extra=aliases))
        elif source.recognises(head, hint):
            return source
    known = ", ".join(sorted(SOURCES))
    reason = f"{describe(head)}, which no format known here looks like; known: {known}"
    raise UnknownFormatError(name, "", reason)


_BINARY = {
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file with other columns than those known",
    b"PK\3\4": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document or one with a password",
    b"SQLite format 3\0": "an SQLite database",
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"ARROW1": "an Arrow file",
}


def describe(head: bytes) -> str:
    """Say in a few words what a file looks like, for a message.

    >>> describe(b"<?xml version='1.0'?><catalogue><book/></catalogue>")
    'XML with the root <catalogue>'
    """
    if not head.strip(b"\0\t\n\r "):
        return "nothing but white space" if head else "an empty file"
    for magic, what in _BINARY.items():
        if head.startswith(magic):
            return what
    if packed := sniff(head):
        return f"a file packed as {packed}"
    text = head.decode(detect_encoding(head), "replace").lstrip("\ufeff\r\n\t ")
    if text.count("\0") or len(re.findall(r"[\x01-\x08\x0e-\x1f]", text)) > len(text) // 100:
        return f"binary data that begins with {head[:8].hex(' ')}"
    if re.match(r"(?is)<!doctype html|<html", text):
        return "a web page"
    if text.startswith("<"):
        if re.search(r"<!(ELEMENT|ENTITY)\s", text) and "<!DOCTYPE" not in text:
            return "a document type definition"
        root = re.search(r"<([A-Za-z_][\w.:-]*)", text)
        return f"XML with the root <{root[1]}>" if root else "XML without a root"
    if re.match(r"[{[]\s*[]}\"{[]", text):
        keys = list(dict.fromkeys(re.findall(r'"(\w{1,40})"\s*:', text[:4096])))[:5]
        return f"JSON with the keys {', '.join(keys)}" if keys else "JSON without keys"
    first = next(iter(text[:60].splitlines()), "")
    return f"text that begins with {first!r}" if first else "nothing but blanks"
