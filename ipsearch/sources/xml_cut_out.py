"""Documents cut out of a wrapper that declares their namespace prefixes: WIPO's, the EPO's, ...

What a prefix stands for is not needed: elements are known by their local names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from lxml import etree

from ipsearch.errors import IpsearchError
from ipsearch.sources.base import Input, Notes, Reject
from ipsearch.sources.xml_documents import (
    HEAD_BYTES,
    Document,
    documents,
    note_unknown,
    parse,
    unknown_names,
)

T = TypeVar("T")

_PREFIXES = (  # the usual ones; others are looked for when they are missed
    *("com", "tmk", "pat", "dgn", "gin", "ns1", "ns2", "ns3", "ns4", "ns5", "xsi", "xlink"),
    *("mathml", "tbl", "uspat", "ustm", "catmk", "cacom", "cadgn"),
    *("exch", "ops", "ftxt", "reg", "ccd", "cpc", "business", "base"),
)
_USED_PREFIX = re.compile(rb"[<\s]/?([A-Za-z_][\w.-]*):[A-Za-z_]")
_PREFIXES_MAX = 64


@dataclass(frozen=True, slots=True)
class Converted(Generic[T]):
    """What was made of one document, and where that stood."""

    content: T
    position: str


def convert_documents(
    input: Input, roots: Collection[str], convert: Callable[[etree._Element, Notes], T]
) -> Iterator[Converted[T] | Reject]:
    """Give what `convert` makes of each element called one of `roots`, else a reject."""
    for document in documents(input, roots):
        head = document.content[:HEAD_BYTES]
        if document.fault:
            yield Reject(document.position, document.fault, head)
            continue
        try:
            root = parse_cut_out(document)
            names = unknown_names(root)
            content = convert(root, input.notes)
        except etree.XMLSyntaxError as error:
            line = error.position[0] + document.first_line - 1
            message = str(error.msg or error).rsplit(", line ", 1)[0].strip()
            yield Reject(document.position, f"line {line}: {message}", head)
        except RecursionError:
            yield Reject(document.position, "elements are nested too deeply", head)
        except (IpsearchError, ValueError, LookupError) as error:
            yield Reject(document.position, str(error), head)
        else:
            note_unknown(names, input.notes)
            yield Converted(content, document.position)


def parse_in_or_out(document: Document) -> etree._Element:
    """Parse a document that may stand alone, or in a wrapper that declares its prefixes."""
    start_tag = document.content[: document.content.find(b">")]
    prefix, colon, _ = start_tag[1:].partition(b" ")[0].partition(b":")
    if colon and b"xmlns:" + prefix not in start_tag:
        return parse_cut_out(document)
    try:
        return parse(document)
    except etree.XMLSyntaxError as error:
        if "Namespace prefix" not in str(error):
            raise
    return parse_cut_out(document)


def parse_cut_out(document: Document) -> etree._Element:
    """Parse an element whose prefixes were declared further out; only local names are read here."""
    try:
        return _parse_within(document, _PREFIXES)
    except etree.XMLSyntaxError as error:
        if "Namespace prefix" not in str(error):
            raise
    used = {prefix.decode("ascii") for prefix in _USED_PREFIX.findall(document.content)}
    return _parse_within(document, sorted(used - {"xml", "xmlns"})[:_PREFIXES_MAX])


def _parse_within(document: Document, prefixes: Sequence[str]) -> etree._Element:
    declared = "".join(f' xmlns:{prefix}="{prefix}"' for prefix in prefixes)
    opening = f"<cut-out{declared}>".encode("ascii")
    try:
        return parse(replace(document, content=opening + document.content + b"</cut-out>"))[0]
    except etree.XMLSyntaxError as error:
        line, column = error.position
        if line == 1:
            error.position = (line, column - len(opening))
        raise
