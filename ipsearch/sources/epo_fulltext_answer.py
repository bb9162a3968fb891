"""Claims and description in an answer of the Open Patent Services (`fulltext-document`).

The text comes in one language, and the claims as one `claim` with a `claim-text` each, whose
numbers stand in the text.
"""

from __future__ import annotations

import re

from lxml import etree

from ipsearch.errors import RecordError
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.docdb_elements import elements_of, ids_of, name_of, read_publication
from ipsearch.sources.xml_text import local_name, printed_number, strip_number, text_of

_NUMBER = re.compile(r"([1-9][0-9]{0,3})\s*[.．、:)]\s*(?![0-9])")


def convert(element: etree._Element, notes: Notes, source: str) -> Row:
    """Make the row of one `fulltext-document`; raise `RecordError` if it has no number or text."""
    names = {"country": "country", "doc-number": "doc-number", "kind": "kind"}
    parts = {name: element.get(name, "") for name in names if element.get(name)}
    row: Row = {"source": source, "is_event": False, "transaction_date": None}
    for child in elements_of(element):
        name = local_name(child.tag)
        if name == "bibliographic-data":
            for reference in elements_of(child):
                if name_of(reference) == "publication-reference":
                    for _, values in ids_of(reference):
                        parts = {**values, **parts}
        elif name == "claims":
            row.setdefault("claims", []).extend(_claims(child, element))
        elif name == "description":
            row.setdefault("description", []).extend(_paragraphs(child, element))
        else:
            notes.unmapped.add(name)
    if not parts.get("doc-number") or not parts.get("country"):
        raise RecordError("no number of a publication")
    if not (row.get("claims") or row.get("description")):
        raise RecordError("neither claims nor description")
    row["id"] = row["publication_number"] = read_publication(parts, notes)
    row["office"] = parts["country"]
    row["kind_code"] = parts.get("kind")
    # Claims and description are fetched one by one: neither answer stands for the other.
    row["product"] = " ".join(name for name in ("claims", "description") if row.get(name))
    if row.get("claims"):
        languages = {claim["language"] for claim in row["claims"]}
        row["claim_count"] = len(row["claims"]) // len(languages)
    return row


def _claims(element: etree._Element, document: etree._Element) -> list[Row]:
    language = _language(element, document)
    claims: list[Row] = []
    for claim in elements_of(element):
        texts = [child for child in elements_of(claim) if name_of(child) == "claim-text"]
        one_each = len(texts) > 1 and not claim.get("num")
        for part in texts if one_each else [claim]:
            text = text_of(part)
            found = _NUMBER.match(text)
            label = printed_number(claim.get("num")) if not one_each else None
            label = label or (found[1] if found else str(len(claims) + 1))
            if text:
                text = strip_number(text, label)
                claims.append({"language": language, "label": label, "text": text})
    return claims


def _paragraphs(element: etree._Element, document: etree._Element) -> list[Row]:
    language = _language(element, document)
    passages: list[Row] = []
    for child in elements_of(element):
        text = text_of(child)
        if text:
            label = child.get("num") or None
            if label is None and (found := re.match(r"\[([0-9]{4})\]\s*", text)):
                label, text = found[1], text[found.end() :]
            passages.append({"language": language, "label": label, "text": text})
    return passages


def _language(element: etree._Element, document: etree._Element) -> str | None:
    return (element.get("lang") or document.get("lang") or "").lower()[:2] or None
