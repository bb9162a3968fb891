"""WIPO ST.66, the older XML of marks: `TradeMark` elements in a `Transaction`.

Applicants and representatives stand inside the mark, or (USPTO) after it within the same
transaction. There they are its own only if no other mark stands between; else nobody knows
whose they are, which is noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.wipo_elements import elements_of, name_of, read_parties
from ipsearch.sources.wipo_mark import read_mark, read_owners
from ipsearch.sources.xml_cut_out import convert_documents
from ipsearch.sources.xml_documents import looks_like

_TAG = re.compile(rb"<(?:[\w.-]+:)?TradeMarkTransactionBody[\s>]|<(?:[\w.-]+:)?TradeMark[\s>]")
_PARTIES = {"ApplicantDetails": "owners", "RepresentativeDetails": "agents"}
_NEW_TRANSACTION = ("TransactionIdentifier", "TransactionCode")  # the first of its elements
_ROOTS = ("TradeMark", *_PARTIES, *_NEW_TRANSACTION)
_BYTE = re.compile(r"byte \d+")


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the marks of `input`, one record each."""
    waiting: Record | None = None  # for parties that may stand after it
    is_alone = True  # whether nothing but `waiting` can own the parties that come next
    has_parties = False  # after it: the mark that comes next then begins anew
    count = 0
    for found in convert_documents(input, _ROOTS, _convert):
        if isinstance(found, Reject):
            yield found
        elif "id" in found.content:
            if waiting is not None:
                yield waiting
                is_alone = has_parties
            has_parties = False
            count += 1
            byte = _BYTE.search(found.position)
            position = f"document {count} ({byte[0]})" if byte else found.position
            waiting = Record("trademark", found.content, position)
        elif not found.content:  # another transaction
            if waiting is not None:
                yield waiting
            waiting, is_alone, has_parties = None, True, False
        elif waiting is None or not is_alone:
            input.notes.warn("parties of which nobody knows whose they are: they follow many marks")
        else:
            has_parties = True
            for column, parties in found.content.items():
                waiting.row[column] += [p for p in parties if p not in waiting.row[column]]
    if waiting is not None:
        yield waiting


def _convert(root: etree._Element, notes: Notes) -> Row:
    """The row of a mark, columns of parties, or nothing for the beginning of a transaction."""
    name = name_of(root)
    if name == "TradeMark":
        return read_mark(root, SOURCE.name, notes)
    if name not in _PARTIES:
        return {}
    parties = [child for child in elements_of(root) if not name_of(child).endswith("Key")]
    if _PARTIES[name] == "owners":
        return {"owners": read_owners(parties, "", notes)}
    return {"agents": read_parties(parties, notes, "agents")}


SOURCE = Source(
    name="wipo_st66",
    title="WIPO ST.66 trademarks (USPTO, EUIPO, PRV and others)",
    kinds=("trademark",),
    recognises=lambda head, name: looks_like(head, _TAG),
    read=read,
    sample="wipo_st66.xml",
    fields={
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
        )
    },
    rank=5,  # the office of record, in a form that leaves out what its own may have
)
