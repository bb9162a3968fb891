"""WIPO ST.96: marks, patents, designs and geographical indications, in any of its versions.

A record is the smallest element that is whole by itself: a mark or a patent document out of any
transaction, a design or an indication with the application around it, which names its parties.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from ipsearch.records import Kind, Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.wipo_elements import name_of
from ipsearch.sources.wipo_mark import read_mark
from ipsearch.sources.wipo_st96_design import read_designs
from ipsearch.sources.wipo_st96_gi import read_indications
from ipsearch.sources.wipo_st96_patent import read_patent
from ipsearch.sources.xml_cut_out import convert_documents
from ipsearch.sources.xml_documents import looks_like

_Converter = Callable[[etree._Element, str, Notes], list[Row]]
_ROOTS: dict[str, tuple[Kind, _Converter]] = {
    "Trademark": ("trademark", lambda root, source, notes: [read_mark(root, source, notes)]),
    "PatentPublication": ("patent", lambda root, source, notes: [read_patent(root, source, notes)]),
    "DesignApplication": ("patent", read_designs),
    "Design": ("patent", read_designs),
    "GIApplication": ("trademark", read_indications),
    "GIRegistration": ("trademark", read_indications),
    "GIData": ("trademark", read_indications),
}
_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:" + "|".join(_ROOTS).encode("ascii") + rb")[\s>]")
_NAMESPACE = re.compile(rb"wipo\.int/standards/XMLSchema/|st96Version")


def recognises(head: bytes, name: str) -> bool:
    """XML of WIPO's namespaces, with one of the elements that are records."""
    return looks_like(head, _TAG) and _NAMESPACE.search(head) is not None


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the records of `input`; an application gives one for each of its designs."""
    for found in convert_documents(input, _ROOTS, _convert):
        if isinstance(found, Reject):
            yield found
            continue
        kind, rows = found.content
        for number, row in enumerate(rows, start=1):
            part = f", design {number}" if len(rows) > 1 else ""
            yield Record(kind, row, found.position + part)


def _convert(root: etree._Element, notes: Notes) -> tuple[Kind, list[Row]]:
    kind, converter = _ROOTS[name_of(root)]
    return kind, converter(root, SOURCE.name, notes)


SOURCE = Source(
    name="wipo_st96",
    title="WIPO ST.96: trademarks, patents, designs, geographical indications",
    kinds=("patent", "trademark"),
    recognises=recognises,
    read=read,
    sample="wipo_st96_trademark.xml",
    fields={
        "patent": frozenset(
            (
                *("id", "publication_number", "application_number", "other_numbers", "office"),
                *("kind_code", "patent_type", "filing_date", "publication_date", "grant_date"),
                *("priority_date", "expiry_date", "titles", "abstracts", "claims", "description"),
                *("claim_count", "ipc", "cpc", "locarno", "other_classes", "applicants", "owners"),
                *("inventors", "agents", "examiners", "priorities", "citations", "legal_status"),
                *("status_date", "legal_events", "is_event", "source", "product"),
            )
        ),
        "trademark": frozenset(
            (
                *("id", "application_number", "registration_number", "other_numbers", "office"),
                *("mark_text", "transliteration", "translation", "mark_kind", "mark_category"),
                *("mark_description", "disclaimer", "vienna_codes", "design_codes", "owners"),
                *("agents", "filing_date", "priority_date", "preliminary_publication_date"),
                *("registration_date", "expiry_date", "international_registration_date"),
                *("classes", "priorities", "legal_status", "status_date", "legal_events"),
                *("is_event", "source", "product"),
            )
        ),
    },
    rank=5,  # the office of record, in a form that leaves out what its own may have
)
