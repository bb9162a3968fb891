"""EPO DOCDB: `exchange-documents` in bulk, and the answers of the Open Patent Services (OPS).

In bulk each `exchange-document` is a record. An answer holds exchange documents too, or members
of a family, or claims and description. Answers of other services (register, numbers, classes,
lists of hits) are known, and refused with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from lxml import etree

from ipsearch.errors import RecordError
from ipsearch.records import Row
from ipsearch.sources import docdb_document, epo_fulltext_answer
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.docdb_elements import Convert, child_of, ids_of, read_cut_out, values_of
from ipsearch.sources.inpadoc import FIELDS, read_member
from ipsearch.sources.opening import peek
from ipsearch.sources.xml_documents import HEAD_BYTES, looks_like

_TAG = re.compile(
    rb"<(?:[\w.-]+:)?(?:world-patent-data|exchange-documents?|fulltext-documents?)[\s>]"
    rb"""|<(?:[\w.-]+:)?fault\s[^<>]*["']http://ops\.epo\.org["']"""
)
_ANSWER_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:world-patent-data|fault|fulltext-)")
_REFUSED = {  # answers without a document: element that tells -> what it is
    "biblio-search": "a list of hits without bibliographic data",
    "equivalents-inquiry": "a list of equivalents without bibliographic data",
    "fulltext-inquiry": "an answer on which full texts there are",
    "document-inquiry": "an answer on which images there are",
    "standardization": "a conversion of numbers",
    "mappings": "a concordance of class symbols",
    "classification-search": "statistics of class symbols",
    "classification-scheme": "a part of a classification",
    "register-search": "an answer of the European Patent Register without a document",
    "patent-family": "a family without members",
    "search-result": "a list of hits without bibliographic data",
}
_REFUSED_TAG = re.compile(
    rb"<(?:[\w.-]+:)?(" + "|".join(sorted(_REFUSED)).encode("ascii") + rb")[\s>]"
)


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the exchange documents of `input`, or whatever documents an answer holds."""
    head, input = peek(input)
    if not _ANSWER_TAG.search(head):
        yield from read_cut_out(input, {"exchange-document": _read_document})
        return
    if input.start > 0:  # what is nested cannot be cut in ranges: the first takes it all
        return
    is_empty = True
    for result in read_cut_out(replace(input, end=None), _CONVERTERS):
        is_empty = False
        yield result
    refused = [name.decode("ascii") for name in _REFUSED_TAG.findall(head)]
    if is_empty and refused:
        what = min(refused, key=list(_REFUSED).index)
        yield Reject("document 1 (byte 0)", f"{_REFUSED[what]}: <{what}>", head[:HEAD_BYTES])


def _read_document(element: etree._Element, notes: Notes) -> list[Row]:
    row = docdb_document.convert(element, notes, SOURCE.name)
    return [{**row, "is_removal": True} if docdb_document.is_deleted(element) else row]


def _read_full_text(element: etree._Element, notes: Notes) -> list[Row]:
    return [epo_fulltext_answer.convert(element, notes, SOURCE.name)]


def _refuse_register(element: etree._Element, notes: Notes) -> list[Row]:
    biblio = child_of(element, "bibliographic-data")
    reference = None if biblio is None else child_of(biblio, "publication-reference")
    parts = next((values for _, values in ids_of(reference)), {}) if reference is not None else {}
    number = f"{parts.get('country', '')}{parts.get('doc-number', '')}"
    raise RecordError(f"an entry of the European Patent Register is not read: {number or '?'}")


def _refuse_fault(element: etree._Element, notes: Notes) -> list[Row]:
    values = values_of(element)
    said = " ".join(values[name] for name in ("code", "message") if name in values)
    raise RecordError(f"not a document, the service reports a fault: {said or 'without words'}")


_CONVERTERS: dict[str, Convert] = {
    "exchange-document": _read_document,
    "family-member": partial(read_member, source="docdb"),
    "fulltext-document": _read_full_text,
    "register-document": _refuse_register,
    "fault": _refuse_fault,
}

SOURCE = Source(
    name="docdb",
    title="EPO DOCDB exchange documents, XML (bulk files and OPS answers)",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _TAG),
    read=read,
    sample="docdb.xml",
    fields={"patent": FIELDS | {"claims", "description", "claim_count"}},
    can_split=True,
    rank=40,
)
