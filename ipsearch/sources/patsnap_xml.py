"""The flat XML that PatSnap exports: `<doc><str name="Patent Number">`, one or more in a file.

The names are the headers of its tables, so that the same table of headers says what they mean. The
same form is common to Solr: only documents whose names we know are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from ipsearch.errors import RecordError
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.cnipa_elements import elements_of, name_of
from ipsearch.sources.encoding import detect_encoding
from ipsearch.sources.table import SOURCE as TABLE
from ipsearch.sources.table_cells import clean_text
from ipsearch.sources.table_context import Cells
from ipsearch.sources.table_headers import Layout, read_layout
from ipsearch.sources.table_patents import read_patent
from ipsearch.sources.xml_documents import looks_like, read_documents
from ipsearch.sources.xml_text import text_of

_ROOT_TAG = re.compile(rb"<doc\b[^<>]*>\s*<(?:str|arr|date|int|long)\b[^<>]*\bname\s*=")
_FIELD = re.compile(r"<(?:str|arr|date|int|long)\b[^<>]*\bname\s*=\s*[\"']([^\"'<>]*)[\"']")


def recognises(head: bytes, name: str) -> bool:
    """Fields with names, of which enough are headers of a table of patents."""
    if not looks_like(head, _ROOT_TAG):
        return False
    text = head.decode(detect_encoding(head), "replace").partition("</doc>")[0]
    layout = _layout(tuple(dict.fromkeys(_FIELD.findall(text))))
    return layout is not None and layout.kind == "patent"


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the documents of `input`, one record each."""
    return read_documents(input, ("doc",), "patent", _convert)


@lru_cache(maxsize=1024)
def _layout(headers: tuple[str, ...]) -> Layout | None:
    return read_layout(headers)


def _convert(root: etree._Element, notes: Notes) -> Row:
    headers: list[str] = []
    values: list[str] = []
    for child in elements_of(root):
        name = child.get("name")
        text = _value(child)
        if name is None:
            if text:
                notes.unmapped.add(name_of(child))
        elif text:
            headers.append(name)
            values.append(text)
    layout = _layout(tuple(headers))
    if layout is None or layout.kind != "patent":
        raise RecordError("no number of a patent, or no other field that is known")
    notes.unmapped.update(layout.unmapped)
    row = read_patent(Cells(layout, values, notes))
    row["is_event"], row["source"], row["product"] = layout.is_news, SOURCE.name, layout.fingerprint
    days = (row.get(column) for column in ("publication_date", "grant_date", "status_date"))
    known = [day for day in days if day is not None]
    if known:
        row["transaction_date"] = max(known)
    return row


def _value(element: etree._Element) -> str:
    """A field's text; the values of a list as they stand in a table's cell."""
    parts = [clean_text(text_of(child)) for child in elements_of(element)]
    if parts and not (element.text or "").strip():
        return " | ".join(part for part in parts if part)
    return clean_text(text_of(element))


SOURCE = Source(
    name="patsnap_xml",
    title="PatSnap 智慧芽, flat XML export",
    kinds=("patent",),
    recognises=recognises,
    read=read,
    sample="patsnap.xml",
    fields={"patent": TABLE.fields["patent"]},
    can_split=True,
    rank=80,
)
