"""USPTO's grants of 1976 to 2001 as text: the APS format, called the Green Book.

A line begins with a tag of three letters in the first five columns, or goes on the line before.
Four letters alone open a section (`PATN`, `INVT`, `CLMS`), and `PATN` a document. The text is
ISO 8859-1; further characters have names between full stops (`.degree.`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from ipsearch.errors import IpsearchError, RecordError
from ipsearch.records import Row
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.entities import resolve_dots
from ipsearch.sources.uspto_legacy import (
    FIELDS,
    PARTY_COLUMNS,
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
)
from ipsearch.sources.xml_documents import DOCUMENT_BYTES_MAX, HEAD_BYTES
from ipsearch.sources.xml_text import read_date, strip_number

_BEGINNING = re.compile(rb"(?m)^PATN[ \t]*\r?\n+WKU  ")
_SECTION = re.compile(r"[A-Z]{4}")
_FIELD = re.compile(r"([A-Z][A-Z0-9]{2})(?:  |$)")
_LINE_BYTES = 1 << 20
_SECTIONS = frozenset(
    (
        *("PATN", "INVT", "ASSG", "PRIR", "REIS", "RLAP", "CLAS", "UREF", "FREF", "OREF", "LREP"),
        *("PCTA", "ABST", "GOVT", "PARN", "BSUM", "DRWD", "DETD", "CLMS", "DCLM"),
    )
)
_KINDS = {"": "A", "D": "S", "RE": "E", "PP": "P", "H": "H", "T": "I4"}  # none is printed
_LAID_OUT = frozenset({"TBL", "EQU"})  # whose lines are kept apart

Fields = list[tuple[str, str]]
"""Tag and text, in the order of a section."""


def read(input: Input) -> Iterator[Record | Reject]:
    """Read the grants of `input`, one record each."""
    for document in _documents(input):
        if document.fault:
            yield Reject(document.position, document.fault, document.head)
            continue
        try:
            row = _convert(_sections(document.lines, input.notes), input.notes)
        except (IpsearchError, ValueError, LookupError) as error:
            yield Reject(document.position, str(error), document.head)
        else:
            yield Record("patent", row, document.position)


# Documents, sections, fields


@dataclass(slots=True)
class _Document:
    position: str
    lines: list[bytes]
    fault: str = ""

    @property
    def head(self) -> bytes:
        return b"".join(self.lines[:20])[:HEAD_BYTES]


def _documents(input: Input) -> Iterator[_Document]:
    """Cut the file at its `PATN` lines; give those that begin in [input.start, input.end)."""
    offset, count = _enter_range(input), 0
    current: _Document | None = None
    size = 0
    for line in _lines(input.stream):
        is_first = line.rstrip() == b"PATN"
        if is_first:
            if current is not None:
                yield current
            if input.end is not None and offset >= input.end:
                return
            count += 1
            place = f"byte {offset}"
            current = _Document(place if input.start else f"document {count} ({place})", [])
            size = 0
        elif current is None and input.start == 0 and _says_something(line):
            fault = "no document begins here"
            current = _Document(f"byte {offset}", [], fault)
        offset += len(line)
        size += len(line)
        if current is None:
            continue
        if size > DOCUMENT_BYTES_MAX:
            current.fault = f"longer than {DOCUMENT_BYTES_MAX} bytes"
        if not current.fault or len(current.lines) < 20:
            current.lines.append(line)
    if current is not None:
        yield current


def _enter_range(input: Input) -> int:
    """Go to the first line that begins in the range, and say where it is."""
    if input.start == 0:
        return 0
    input.stream.seek(input.start - 1)
    return input.start - 1 + len(input.stream.readline())


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(_LINE_BYTES):
        yield line


def _says_something(line: bytes) -> bool:
    """Whether a line is neither blank nor the header of a weekly file (`HHHHHT  APS1 ...`)."""
    return bool(line.strip(b"\0\x1a\r\n\t ")) and not line.startswith(b"HHHHH")


def _sections(lines: list[bytes], notes: Notes) -> list[tuple[str, Fields]]:
    sections: list[tuple[str, Fields]] = []
    pieces: list[str] = []  # of the current field
    for raw in lines:
        line = raw.decode("latin-1").rstrip("\r\n\t \0\x1a")
        if not line:
            continue
        if _SECTION.fullmatch(line):
            if line not in _SECTIONS:
                notes.unmapped.add(line)
            _close(sections, pieces, notes)
            sections.append((line, []))
        elif match := _FIELD.match(line):
            _close(sections, pieces, notes)
            sections[-1][1].append((match[1], ""))
            pieces.append(line[5:])
        else:
            if line[0] != " ":
                notes.warn("a line without a tag is taken to go on the line before")
            pieces.append(line)
    _close(sections, pieces, notes)
    return sections


def _close(sections: list[tuple[str, Fields]], pieces: list[str], notes: Notes) -> None:
    """Give the last field its text."""
    if not pieces:
        return
    fields = sections[-1][1]
    if not fields:
        fields.append(("", ""))  # text right after the section's name
    tag = fields[-1][0]
    if tag in _LAID_OUT:
        text = "\n".join(" ".join(piece.split()) for piece in pieces if piece.strip())
    elif len(pieces) == 1 and tag in _COLUMNS:
        text = pieces[0]
    else:
        text = " ".join(" ".join(pieces).split())
    fields[-1] = (tag, resolve_dots(text, notes) if "." in text else text)
    pieces.clear()


# Record


def _convert(sections: list[tuple[str, Fields]], notes: Notes) -> Row:
    row = new_row(SOURCE.name)
    for name, fields in sections:
        reader = _READERS.get(name)
        if reader is not None:
            reader(fields, row, notes)
        known = _KNOWN.get(name)
        if known is not None:
            tags = known.split()
            notes.unmapped.update(f"{name}/{tag}" for tag, _ in fields if tag not in tags)
    if not row.get("publication_number"):
        raise RecordError(f"no number in the document: {dict(sections[0][1]).get('WKU')!r}")
    if not row["claims"]:
        notes.warn("a document without claims")
    return complete(row)


def _read_head(fields: Fields, row: Row, notes: Notes) -> None:
    values = _values(fields)
    number = values.get("WKU", "").upper()[:8].rstrip()  # the ninth is a check digit
    letters = re.match(r"[A-Z]*", number)
    row["kind_code"] = _KINDS.get(letters[0] if letters else "")
    row["publication_number"] = publication("US", number, row["kind_code"])
    row["patent_type"] = grant_type(number)
    row["publication_date"] = read_date(values.get("ISD"), notes, "publication_date")
    row["grant_date"] = row["publication_date"]
    row["application_number"] = _application(values)
    row["filing_date"] = read_date(values.get("APD"), notes, "filing_date")
    if title := values.get("TTL"):
        row["titles"].append({"language": "en", "text": title})
    count = values.get("NCL", "")
    row["claim_count"] = int(count[:9]) if count.isdecimal() else None
    row["examiners"] = [_spoken(text) for tag, text in fields if tag in ("EXP", "EXA") and text]


def _application(values: dict[str, str]) -> str | None:
    """Series code and six digits; a seventh is a check digit."""
    series, number = values.get("SRC", ""), values.get("APN", "")
    if len(number) > 6 and number.isdecimal():
        number = number[:6]
    if series.isdecimal() and number:
        number = series.zfill(2) + number.zfill(6)
    return application(number)


def _read_inventor(fields: Fields, row: Row, notes: Notes) -> None:
    row["inventors"].append(_party(fields))


def _read_owner(fields: Fields, row: Row, notes: Notes) -> None:
    row["owners"].append(_party(fields))


def _party(fields: Fields) -> dict[str, str | None]:
    values = _values(fields)
    state, city = values.get("STA"), values.get("CTY")
    code = country(values.get("CNT")) or ("US" if state else None)
    lines = [text for tag, text in fields if tag == "STR"]
    if lines:
        lines += [text for text in (city, state, values.get("ZIP"), code) if text]
    name = values.get("NAM")
    found = (_spoken(name) if name else None, None, code, state, city, None, ", ".join(lines))
    return dict(zip(PARTY_COLUMNS, (value or None for value in found), strict=True))


def _spoken(name: str) -> str:
    """`Doe, Jr.; Jane A.` -> `Jane A. Doe, Jr.`; firms have no semicolon.

    >>> _spoken("Doe; Jane A.")
    'Jane A. Doe'
    """
    last, separator, first = name.partition(";")
    return f"{first.strip()} {last.strip()}".strip() if separator else name


def _read_agents(fields: Fields, row: Row, notes: Notes) -> None:
    firm = _values(fields).get("FRM")
    people: list[str | None] = [_spoken(text) for tag, text in fields if tag in _AGENTS and text]
    parties = [(name, firm) for name in people] or [(None, firm)]
    for name, organization in parties:
        if name or organization:
            party = {**dict.fromkeys(PARTY_COLUMNS), "name": name, "organization": organization}
            row["agents"].append(party)


def _read_priority(fields: Fields, row: Row, notes: Notes) -> None:
    values = _values(fields)
    office, number = country(values.get("CNT")), values.get("APN")
    day = read_date(values.get("APD"), notes, "priorities")
    number = application(number, office) or number
    row["priorities"].append({"office": office, "number": number, "date": day})


def _read_classes(fields: Fields, row: Row, notes: Notes) -> None:
    for tag, text in fields:
        if tag == "ICL" and row.get("patent_type") == "design":
            add_locarno(row, text, notes)
        elif tag == "ICL":
            add_ipc(row, text, notes)
        elif tag in ("OCL", "XCL", "UCL", "DCL"):
            add_us_class(row, text)


def _read_cited(fields: Fields, row: Row, notes: Notes) -> None:
    values = _values(fields)
    office, printed = country(values.get("CNT")) or "US", values.get("PNO")
    number = publication(office, printed)
    if printed:
        text = None if number else f"{office} {printed}"
        row["citations"].append(_citation(number, text))


def _read_literature(fields: Fields, row: Row, notes: Notes) -> None:
    row["citations"] += [_citation(None, text) for _, text in fields if text]


def _citation(number: str | None, text: str | None) -> dict[str, str | None]:
    return {"publication_number": number, "text": text, "category": None, "cited_by": None}


def _read_international(fields: Fields, row: Row, notes: Notes) -> None:
    values = _values(fields)
    add_number(row, application(values.get("PCN"), None))
    add_number(row, international_publication(values.get("PCP")))


def _read_abstract(fields: Fields, row: Row, notes: Notes) -> None:
    if text := "\n".join(text for _, text in fields if text):
        row["abstracts"].append({"language": "en", "text": text})


def _read_description(fields: Fields, row: Row, notes: Notes) -> None:
    row["description"] += [
        {"language": "en", "label": None, "text": text} for _, text in fields if text
    ]


def _read_claims(fields: Fields, row: Row, notes: Notes) -> None:
    claims: list[tuple[str | None, list[str]]] = []
    for tag, text in fields:
        if tag == "NUM":
            claims.append((text.strip().rstrip(".") or None, []))
        elif tag != "STM" and text:  # STM is `What is claimed is:`
            if not claims:
                claims.append(("1", []))
            claims[-1][1].append(text)
    for label, texts in claims:
        if texts:
            text = strip_number("\n".join(texts), label)
            row["claims"].append({"language": "en", "label": label, "text": text})


def _values(fields: Fields) -> dict[str, str]:
    values: dict[str, str] = {}
    for tag, text in fields:
        if text := text.strip():
            values.setdefault(tag, text)
    return values


_COLUMNS = frozenset({"OCL", "XCL", "UCL", "DCL", "ICL"})  # texts whose spaces count
_AGENTS = frozenset({"FR2", "AAT", "ATT", "AGT", "NAM"})

_Reader = Callable[[Fields, Row, Notes], Any]
_READERS: dict[str, _Reader] = {
    "PATN": _read_head,
    "INVT": _read_inventor,
    "ASSG": _read_owner,
    "PRIR": _read_priority,
    "CLAS": _read_classes,
    "UREF": _read_cited,
    "FREF": _read_cited,
    "OREF": _read_literature,
    "LREP": _read_agents,
    "PCTA": _read_international,
    "ABST": _read_abstract,
    "GOVT": _read_description,
    "PARN": _read_description,
    "BSUM": _read_description,
    "DRWD": _read_description,
    "DETD": _read_description,
    "CLMS": _read_claims,
    "DCLM": _read_claims,
}
# Tags that are read, or of which nothing is kept on purpose: how the case was handled and printed,
# fields searched, dates of PCT stages, classes and names of cited patents. Related applications
# (RLAP, REIS) are applications of their own. All tags of the texts are read.
_KNOWN: dict[str, str] = {
    "PATN": "WKU SRC APN APT ART APD TTL ISD NCL ECL EXA EXP NDR NFG TRM DCD PBL NPS",
    "INVT": "NAM STR CTY STA CNT ZIP R47 ITX",
    "ASSG": "NAM STR CTY STA CNT ZIP COD ITX",
    "PRIR": "CNT APD APN",
    "CLAS": "OCL XCL UCL DCL EDF ICL FSC FSS",
    "UREF": "PNO ISD NAM OCL XCL UCL",
    "FREF": "PNO ISD CNT OCL XCL UCL ICL",
    "LREP": "FRM FR2 AAT ATT AGT NAM REG STR CTY STA CNT ZIP",
    "PCTA": "PCN PD1 PD2 PD3 PCP PCD",
}

SOURCE = Source(
    name="uspto_greenbook",
    title="USPTO grants 1976-2001, APS text (Green Book)",
    kinds=("patent",),
    recognises=lambda head, name: _BEGINNING.search(head) is not None,
    read=read,
    sample="uspto_greenbook.txt",
    fields={"patent": FIELDS},
    can_split=True,
    rank=0,
)
