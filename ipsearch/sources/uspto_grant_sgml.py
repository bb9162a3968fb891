"""USPTO's grants of 2001 to 2004: `PATDOC` by WIPO ST.32, versions 2.4 and 2.5, SGML or XML.

Elements are named by INID codes (`B110`, `B540`). A weekly file holds thousands of documents one
after the other. Named characters come from our own table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ipsearch.errors import RecordError
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.uspto_legacy import (
    FIELDS,
    add_ipc,
    add_locarno,
    add_number,
    add_us_class,
    application,
    complete,
    country,
    grant_type,
    international_publication,
    new_row,
    publication,
    read_sgml_documents,
)
from ipsearch.sources.xml_documents import looks_like
from ipsearch.sources.xml_text import printed_number, read_date, strip_number, text_of

_ROOT_TAG = re.compile(rb"<PATDOC[\s>]")

# What stands on lines of its own, by the names that `text_of` knows
_RENAMED = {
    **dict.fromkeys(("PARA", "CLMSTEP", "CWU"), "p"),
    "H": "heading",
    "LI": "li",
    "DT": "dt",
    "DD": "dd",
    "TABLE-US": "table",
}
_INLINE = (  # mere wrappers of text
    *("PDAT", "PTEXT", "STEXT", "HIL", "BOLD", "ITALIC", "ULINE", "DULINE", "SMALLCAPS", "LTL"),
    *("SB", "SP", "FGREF", "CLREF", "F"),
)
_EMPTY = (  # elements without content, which SGML does not close
    *("B221US", "B473US", "B597US", "CHEMCDX", "CHEMMOL", "CITED-BY-EXAMINER", "CITED-BY-OTHER"),
    *("CLREF", "CRF", "CUSTOM-CHARACTER", "DEL-E", "DEL-S", "DFREF", "EMI", "EMR", "FGREF", "FOR"),
    *("INS-E", "INS-S", "LSTREF", "MATHEMATICA", "PAREF", "SEQREF", "TBLREF", "colspec"),
    *("spanspec", "mspace", "none", "mprescripts", "malignmark", "maligngroup", "sep"),
)


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the grants of `input`, one record each."""
    return read_sgml_documents(input, "PATDOC", _convert, renamed=_RENAMED, empty=_EMPTY)


def _convert(root: etree._Element, notes: Notes) -> Row:
    row = new_row(SOURCE.name)
    etree.strip_tags(root, *_INLINE)
    for part in root:
        if part.tag == "SDOBI":
            for group in part:
                _read_each(group, _GROUPS, row, notes)
        elif part.tag == "SDOAB":
            text = "\n".join(filter(None, map(text_of, part.iter("p"))))
            if text:
                row["abstracts"].append({"language": "en", "text": text})
        elif part.tag == "SDODE":
            row["description"] = [_passage(None, text) for text in _blocks(part)]
        elif part.tag == "SDOCL":
            _read_claims(part, row)
        elif part.tag not in _LEFT_OUT:
            notes.unmapped.add(str(part.tag))
    if not row.get("publication_number"):
        raise RecordError(f"no number in the document: {_value(root, 'SDOBI/B100/B110')!r}")
    for _ in root.iter("CUSTOM-CHARACTER"):
        notes.warn("a character that is only a picture is left out")
    return complete(row)


def _read_each(group: etree._Element, parts: dict[str, _Part], row: Row, notes: Notes) -> None:
    part = parts.get(group.tag)
    if part is not None:
        part(group, row, notes)
    elif group.tag not in _LEFT_OUT and text_of(group):
        notes.unmapped.add(str(group.tag))


# Bibliographic data


def _read_document(group: etree._Element, row: Row, notes: Notes) -> None:
    number = _value(group, "B110") or ""
    row["kind_code"] = _value(group, "B130")
    row["publication_number"] = publication("US", number, row["kind_code"])
    row["patent_type"] = grant_type(number)
    row["publication_date"] = read_date(_value(group, "B140"), notes, "publication_date")
    row["grant_date"] = row["publication_date"]


def _read_filing(group: etree._Element, row: Row, notes: Notes) -> None:
    row["application_number"] = application(_value(group, "B210"))
    row["filing_date"] = read_date(_value(group, "B220"), notes, "filing_date")


def _read_priority(group: etree._Element, row: Row, notes: Notes) -> None:
    office, number = country(_value(group, "B330")), _value(group, "B310")
    day = read_date(_value(group, "B320"), notes, "priorities")
    number = application(number, office) or number
    row["priorities"].append({"office": office, "number": number, "date": day})


def _read_technical(group: etree._Element, row: Row, notes: Notes) -> None:
    for child in group:
        _read_each(child, _TECHNICAL, row, notes)


def _read_ipc(element: etree._Element, row: Row, notes: Notes) -> None:
    add = add_locarno if row.get("patent_type") == "design" else add_ipc
    for child in element:
        if child.tag in ("B511", "B512"):
            add(row, _raw(child), notes)


def _read_national(element: etree._Element, row: Row, notes: Notes) -> None:
    for child in element:
        add_us_class(row, _raw(child))


def _read_title(element: etree._Element, row: Row, notes: Notes) -> None:
    if text := text_of(element):
        row["titles"].append({"language": "en", "text": text})


def _read_citations(element: etree._Element, row: Row, notes: Notes) -> None:
    for citation in element:
        number, text = None, None
        document = citation.find("PCIT/DOC")
        if document is not None:
            number, text = _cited(document)
        else:
            text = text_of(citation) or None
        cited_by = next(
            (_CITED_BY[child.tag] for child in citation if child.tag in _CITED_BY), None
        )
        if number or text:
            row["citations"].append(
                {"publication_number": number, "text": text, "category": None, "cited_by": cited_by}
            )


def _cited(document: etree._Element) -> tuple[str | None, str | None]:
    """A cited number, or how it is printed."""
    printed, office = _value(document, "DNUM"), country(_value(document, "CTRY"))
    number = publication(office, printed, _value(document, "KIND"))
    return number, None if number else f"{office or 'US'} {printed}" if printed else None


def _read_count(element: etree._Element, row: Row, notes: Notes) -> None:
    text = _value(element, "B577") or ""
    if text.isdecimal():
        row["claim_count"] = int(text[:9])
    else:
        notes.warn("claim_count: not a number")


def _read_related(group: etree._Element, row: Row, notes: Notes) -> None:
    """Provisional applications are claimed priorities; earlier publications are its numbers.

    Parents of continuations and divisions are applications of their own.
    """
    for document in group.iterfind("B680US/DOC"):
        number = _value(document, "DNUM")
        day = read_date(_value(document, "DATE"), notes, "priorities")
        number = application(number) or number
        row["priorities"].append({"office": "US", "number": number, "date": day})
    for document in group.iterfind("B690US/DOC"):
        add_number(row, _publication(document))


def _read_international(group: etree._Element, row: Row, notes: Notes) -> None:
    for document in group.iterfind("B860/B861/DOC"):
        add_number(row, application(_value(document, "DNUM"), None))
    for document in group.iterfind("B870/B871/DOC"):
        add_number(row, international_publication(_value(document, "DNUM")))


def _publication(document: etree._Element) -> str | None:
    return publication(
        country(_value(document, "CTRY")), _value(document, "DNUM"), _value(document, "KIND")
    )


# Parties


def _read_parties(group: etree._Element, row: Row, notes: Notes) -> None:
    for element in group:
        column = _PARTIES.get(element.tag)
        if column is not None:
            for holder in element.iter("B721", "B731", "B741"):
                party = _party(holder, is_agent=column == "agents")
                if any(party.values()):
                    row[column].append(party)
        elif element.tag == "B745":
            names = (_name(party)[0] for party in element.iter("PARTY-US"))
            row["examiners"] = [name for name in names if name]
        else:
            notes.unmapped.add(str(element.tag))
        if element.find(".//LEGAL-REPRESENTATIVE") is not None:
            notes.unmapped.add("LEGAL-REPRESENTATIVE")


def _party(holder: etree._Element, *, is_agent: bool) -> dict[str, str | None]:
    party = holder.find("PARTY-US")
    party = holder if party is None else party
    name, organization = _name(party)
    if name is None and not is_agent:
        name, organization = organization, None
    found = party.find("ADR")
    address = party if found is None else found
    home = party.find("RESIDENCE")
    city, state, code = (
        _value(address, tag) or (None if home is None else _value(home, tag))
        for tag in ("CITY", "STATE", "CTRY")
    )
    code = country(code) or country(_value(party, "RCTRY/CTRY")) or ("US" if state else None)
    lines = [text for tag in ("OMC", "STR") for text in map(text_of, address.iterfind(tag)) if text]
    if lines:
        lines += filter(None, (city, state, _value(address, "PCODE"), code))
    return {
        "name": name,
        "organization": organization,
        "country": code,
        "province": state,
        "city": city,
        "county": _value(address, "CNTY"),
        "address": ", ".join(lines) or None,
    }


def _name(party: etree._Element) -> tuple[str | None, str | None]:
    """A person's name in the order in which it is spoken, and the organization's."""
    parts = (_value(party, f"NAM/{tag}") for tag in ("FNM", "SNM", "SFX"))
    return " ".join(part for part in parts if part) or None, _value(party, "NAM/ONM")


# Texts


def _blocks(element: etree._Element) -> Iterator[str]:
    """Headings and paragraphs, in order; what is inside one belongs to it."""
    for child in element:
        if child.tag in ("BTEXT", "RELAPP", "GOVINT", "BRFSUM", "DRWDESC", "DETDESC"):
            yield from _blocks(child)
        elif isinstance(child.tag, str) and (text := text_of(child)):
            yield text


def _passage(label: str | None, text: str) -> dict[str, str | None]:
    return {"language": "en", "label": label, "text": text}


def _read_claims(part: etree._Element, row: Row) -> None:
    for claim in part.iter("CLM"):
        label = printed_number((claim.get("ID") or "").removeprefix("CLM-"))
        if text := strip_number(text_of(claim), label):
            row["claims"].append(_passage(label, text))


def _value(element: etree._Element, path: str) -> str | None:
    found = element.find(path)
    return (text_of(found) or None) if found is not None else None


def _raw(element: etree._Element) -> str:
    """The text with its inner spaces, which are columns."""
    return "".join(map(str, element.itertext())).strip("\r\n\t")


_CITED_BY = {"CITED-BY-EXAMINER": "examiner", "CITED-BY-OTHER": "other"}
_PARTIES = {"B720": "inventors", "B730": "owners", "B740": "agents"}

_Part = Callable[[etree._Element, Row, Notes], Any]
_GROUPS: dict[str, _Part] = {
    "B100": _read_document,
    "B200": _read_filing,
    "B300": _read_priority,
    "B500": _read_technical,
    "B600": _read_related,
    "B700": _read_parties,
    "B800": _read_international,
}
_TECHNICAL: dict[str, _Part] = {
    "B510": _read_ipc,
    "B520": _read_national,
    "B540": _read_title,
    "B560": _read_citations,
    "B570": _read_count,
}
_LEFT_OUT = frozenset(  # terms disclaimed, fields searched, pictures
    ("B400", "B580", "B590", "SDODR")
)

SOURCE = Source(
    name="uspto_grant_sgml",
    title="USPTO grants 2001-2004, ST.32 (SGML and XML)",
    kinds=("patent",),
    recognises=lambda head, name: looks_like(head, _ROOT_TAG),
    read=read,
    sample="uspto_st32.xml",
    fields={"patent": FIELDS},
    can_split=True,
    rank=0,
)
