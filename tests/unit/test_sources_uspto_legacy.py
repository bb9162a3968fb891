"""USPTO's older formats and PatentsView: values, broken files, ranges."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ipsearch.sources import (
    patentsview,
    uspto_application_pap,
    uspto_grant_sgml,
    uspto_greenbook,
)
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.patentsview_tables import TABLES, find_table
from ipsearch.sources.uspto_legacy import (
    add_ipc,
    country,
    grant_type,
    international_publication,
    new_row,
    publication,
    us_class,
)

SAMPLES = Path(__file__).parents[2] / "samples"
GREEN_BOOK = (SAMPLES / "uspto_greenbook.txt").read_bytes()
ST32 = (SAMPLES / "uspto_st32.xml").read_bytes()
PAP = (SAMPLES / "uspto_pap.xml").read_bytes()


def read(source: Source, content: bytes, notes: Notes | None = None) -> list[Record | Reject]:
    stream = io.BytesIO(content)
    return list(source.read(Input("a", stream, len(content), True, notes or Notes())))


def rows(results: list[Record | Reject]) -> list[dict[str, Any]]:
    return [result.row for result in results if isinstance(result, Record)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("709202", "709/202"), ("360 60", "360/60"), ("369 772", "369/77.2")],
        *[("2063081", "206/308.1"), ("D14480", "D14/480"), ("D 6626", "D6/626")],
        *[("179 90K", "179/90K"), ("179  2DP", "179/2DP"), ("224 4203R", "224/42.03R")],
        *[("340172.5", "340/172.5"), ("705026000", "705/26"), ("128903000", "128/903")],
        *[("PLT226", "PLT/226"), ("364DIG.  1", "364/DIG1"), ("  2100", "2/100"), ("", None)],
    ],
)
def test_us_class(text: str, expected: str | None) -> None:
    """A US class in columns is written as it is printed, with a slash."""
    assert us_class(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("G06F 1516", "G06F15/16"), ("H01M  458", "H01M4/58"), ("C07D40104", "C07D401/04")],
        *[("H01L 21336", "H01L21/336"), ("A01H  500", "A01H5/00"), ("G06F", "G06F")],
    ],
)
def test_ipc_in_columns(text: str, expected: str) -> None:
    """An IPC symbol in columns gets its slash after the main group."""
    row = new_row("x")
    add_ipc(row, text, Notes())
    assert row["ipc"] == [expected]


def test_numbers() -> None:
    """Numbers of every kind of grant, of foreign and of PCT publications are canonical."""
    assert publication("US", "06336130", "B1") == "US6336130B1"
    assert publication(None, "D. 271298") == "USD271298"
    assert publication("US", "RE037485", "E1") == "USRE37485E1"
    assert publication("US", "PP011654", "P2") == "USPP11654P2"
    assert publication("US", "H0001922", "H1") == "USH1922H1"
    assert publication("US", "none of it") is None
    assert international_publication("WO80/00272") == "WO1980000272"
    assert international_publication("99/12345") == "WO1999012345"
    assert [grant_type(n) for n in ("D0435854", "PP1", "RE1", "06336130", "H1", "T1")] == [
        *("design", "plant", "invention", "invention", "other", "other")
    ]
    assert [country(code) for code in ("JPX", "DT", "GB2", "", None)] == [
        *("JP", "DE", "GB"),
        *(None, None),
    ]


# ST.32 and PAP


def test_sgml_without_closed_elements() -> None:
    """SGML that leaves its empty elements open is read as the same in XML."""
    first, second = rows(read(uspto_grant_sgml.SOURCE, ST32))
    closed = ST32.replace(b"<CITED-BY-EXAMINER/>", b"<CITED-BY-EXAMINER>")
    closed = closed.replace(b"<B597US/>", b"<B597US>").replace(b'0.NB"/>', b'0.NB">')
    assert b"<CITED-BY-EXAMINER/>" not in closed
    assert rows(read(uspto_grant_sgml.SOURCE, closed)) == [first, second]


def test_own_declarations_are_not_believed() -> None:
    """What a document declares is never expanded: its names stay as written; one whose entities
    are made of entities, or stand elsewhere, is refused."""
    declared = b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n + 1, n, n) for n in range(60))
    subset = b'<!ENTITY a0 "ha"><!ENTITY x SYSTEM "file:///etc/passwd">' + declared
    refused, _ = read(uspto_grant_sgml.SOURCE, ST32.replace(b"<!ENTITY", subset + b"<!ENTITY", 1))
    assert isinstance(refused, Reject) and "it declares an entity" in refused.reason
    content = ST32.replace(b"<!ENTITY", b'<!ENTITY a0 "ha"><!ENTITY', 1)
    content = content.replace(b"Electrode coated", b"&a0;&x; Electrode coated", 1)
    notes = Notes()
    row, _ = rows(read(uspto_grant_sgml.SOURCE, content, notes))
    assert row["titles"][0]["text"].startswith("&a0;&x; Electrode")
    assert sum(notes.warnings.values()) == 2


def test_broken_xml_is_a_reject() -> None:
    """A broken document is a reject that names the line; the next one is read."""
    broken = ST32.replace(b"</B540>", b"</B541>", 1)
    reject, record = read(uspto_grant_sgml.SOURCE, broken)
    assert isinstance(reject, Reject) and isinstance(record, Record)
    assert reject.position.startswith("document 1")
    line = ST32[: ST32.index(b"<B540>")].count(b"\n") + 1
    assert reject.reason.startswith(f"line {line}: Opening and ending tag mismatch")


def test_without_a_number() -> None:
    """A document without a number is a reject."""
    broken = ST32.replace(b"06999901</PDAT>", b"</PDAT>", 1)
    (reject, record) = read(uspto_grant_sgml.SOURCE, broken)
    assert isinstance(reject, Reject) and "no number" in reject.reason
    assert isinstance(record, Record)
    (reject,) = read(uspto_application_pap.SOURCE, PAP.replace(b"20010999001<", b"<", 1))
    assert isinstance(reject, Reject) and "no number" in reject.reason


def test_what_is_not_mapped_is_named() -> None:
    """Elements with content that no column takes are named, unknown characters counted."""
    notes = Notes()
    content = PAP.replace(
        b"</technical-information>",
        b"<botanic><latin-name>Rosa</latin-name></botanic></technical-information>",
    )
    (row,) = rows(read(uspto_application_pap.SOURCE, content, notes))
    assert notes.unmapped == {"botanic"}
    assert notes.warnings["unknown character name kept as it is: &zzmark;"] == 1
    assert "A mark nobody knows, &zzmark;, is kept." in [p["text"] for p in row["description"]]


def test_pct_numbers() -> None:
    """The PCT application and its publication are further numbers of the US publication."""
    content = PAP.replace(
        b"</subdoc-bibliographic-information>",
        b"<international-conventions><pct-application><document-id>"
        b"<doc-number>PCT/JP00/99999</doc-number></document-id></pct-application>"
        b"<pct-publication><document-id><doc-number>WO01/99999</doc-number></document-id>"
        b"</pct-publication></international-conventions></subdoc-bibliographic-information>",
    )
    (row,) = rows(read(uspto_application_pap.SOURCE, content))
    assert row["other_numbers"] == ["PCT/JP2000/099999", "WO2001099999"]


# Green Book


def test_green_book_without_header() -> None:
    """The header line of a weekly file is no document, and may be missing."""
    whole = rows(read(uspto_greenbook.SOURCE, GREEN_BOOK))
    assert len(whole) == 2
    assert rows(read(uspto_greenbook.SOURCE, GREEN_BOOK.split(b"\n", 1)[1])) == whole
    assert rows(read(uspto_greenbook.SOURCE, GREEN_BOOK.replace(b"\r\n", b"\n"))) == whole


def test_green_book_garbage() -> None:
    """Text before the first document is a reject, and so is a document without a number."""
    garbage, *others = read(uspto_greenbook.SOURCE, b"something else\r\n" + GREEN_BOOK)
    assert garbage == Reject("byte 0", "no document begins here", garbage.head)  # type: ignore[union-attr]
    assert len(rows(others)) == 2
    first, second = read(uspto_greenbook.SOURCE, GREEN_BOOK.replace(b"WKU  049999017", b"WKU"))
    assert isinstance(first, Reject) and first.position == "document 1 (byte 36)"
    assert isinstance(second, Record)


def test_green_book_unknown_tags() -> None:
    """Sections and tags that nothing is made of are named."""
    notes = Notes()
    content = GREEN_BOOK.replace(b"APT  1\r\n", b"APT  1\r\nQQQ  8\r\n", 1)
    content = content.replace(b"CLAS\r\n", b"ZZZZ\r\nABC  text\r\nCLAS\r\n", 1)
    assert len(rows(read(uspto_greenbook.SOURCE, content, notes))) == 2
    assert notes.unmapped == {"PATN/QQQ", "ZZZZ"}


def test_green_book_prose_in_the_first_column() -> None:
    """A line of prose that lost its indent is no field: it goes on the line before."""
    notes = Notes()
    content = GREEN_BOOK.replace(b"PAR  Foils are", b"PAR  Foils\r\nTHE foils are", 1)
    (row, _) = rows(read(uspto_greenbook.SOURCE, content, notes))
    assert row["description"][1]["text"].startswith("Foils THE foils are coated with Al2")
    assert sum(notes.warnings.values()) == 2  # and the unknown name of the sample


# PatentsView


def patents_view(*lines: str) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


ABSTRACTS = '"patent_id"\t"patent_abstract"'


def test_patentsview_samples_complete_each_other() -> None:
    """Each table gives its columns under one number, as a product of its own."""
    known: dict[str, set[str]] = {}
    for path in sorted((SAMPLES / "patentsview").glob("*.tsv")):
        content = path.read_bytes()
        assert patentsview.SOURCE.recognises(content, path.name)
        for row in rows(read(patentsview.SOURCE, content)):
            assert "g_claims" in row["product"] or row["product"] == path.stem
            known.setdefault(row["publication_number"], set()).update(row)
    assert set(known) == {"US13999901", "USD999902", "USRE59903"}
    assert {"titles", "abstracts", "claims", "cpc", "citations", "owners", "inventors"} <= (
        known["US13999901"]
    )
    assert "application_number" in known["USD999902"]


def test_patentsview_rows_are_grouped() -> None:
    """Rows of one patent that stand together are one record, in the order of their sequence."""
    content = (SAMPLES / "patentsview" / "g_us_patent_citation.tsv").read_bytes()
    first, second = rows(read(patentsview.SOURCE, content))
    assert [entry["publication_number"] for entry in first["citations"]] == [
        *("US5999902A", "USD399904S")
    ]
    assert second["id"] == "USD999902"


def test_patentsview_rows_that_stand_apart() -> None:
    """A patent that comes again is a record of its own, which does not replace the first."""
    notes = Notes()
    header = "patent_id\tcpc_sequence\tcpc_section\tcpc_class\tcpc_subclass\tcpc_group\tcpc_type"
    line = "{}\t0\tA\tA01\tA01B\tA01B1/00\tx"
    results = read(
        patentsview.SOURCE,
        patents_view(header, line.format("7"), line.format("D7"), line.format("7")),
        notes,
    )
    assert [row["product"] for row in rows(results)] == [
        *("g_cpc_current", "g_cpc_current", "g_cpc_current line 4")
    ]
    assert notes.warnings == {"rows of one patent stand apart: they became several records": 1}


def test_patentsview_bad_rows() -> None:
    """A row of another width or without a number is a reject, and the next one is read."""
    content = patents_view(
        ABSTRACTS,
        '"10"\t"Fine, with a ""quote"" and\na line break."',
        '"11"',
        '"none"\t"No number."',
        '"12"\t"Open quote.',
        '"13"\t"Fine again."',
    )
    results = read(patentsview.SOURCE, content)
    assert [row["id"] for row in rows(results)] == ["US10", "US13"]
    assert rows(results)[0]["abstracts"][0]["text"] == 'Fine, with a "quote" and a line break.'
    rejects = [result for result in results if isinstance(result, Reject)]
    assert [reject.position for reject in rejects] == ["line 4", "line 5", "line 6"]


def test_patentsview_bad_bytes() -> None:
    """A row that is not UTF-8 is a reject."""
    content = patents_view(ABSTRACTS, '"10"\t"caf?"', '"11"\t"Fine."').replace(b"caf?", b"caf\xe9")
    reject, record = read(patentsview.SOURCE, content)
    assert isinstance(reject, Reject) and "utf-8" in reject.reason
    assert isinstance(record, Record)


def test_patentsview_tables_are_told_apart() -> None:
    """No table is taken for another; the one of places is known and has no patents."""
    for table in TABLES:
        assert find_table({"patent_id", *table.used}) is table
        assert find_table(table.used - {"patent_id"}) is None
    places = b"location_id\tdisambig_city\tdisambig_state\tdisambig_country\nl1\tWuhan\t\tCN\n"
    assert patentsview.SOURCE.recognises(places, "g_location_disambiguated.tsv")
    assert read(patentsview.SOURCE, places) == []


def test_patentsview_values() -> None:
    """Every table fills its columns with values in their canonical form."""
    tables = {
        "patent_id application_id filing_date series_code": ("7", "512345", "1987-02-03", "6"),
        "patent_id citation_sequence citation_application_id citation_date citation_country": (
            *("7", "0", "2505678", "1999-01-01", "DE"),
        ),
        "patent_id other_reference_sequence other_reference_text": ("7", "0", "A book."),
        "patent_id ipc_sequence section ipc_class subclass main_group subgroup": (
            *("7", "0", "h", "1", "M", "10", "0525"),
        ),
        "patent_id uspc_sequence uspc_mainclass_id uspc_subclass_id": ("7", "0", "D14", "D14/480"),
        "patent_id priority_claim_sequence foreign_application_id foreign_country_filed filing_date"
        "": ("7", "0", "11-999001", "JP", "1999-05-14"),
        "patent_id pct_doc_number pct_doc_type": ("7", "WO2000/12345", "wo_grant"),
        "patent_id draw_desc_sequence draw_desc_text": ("7", "0", "FIG. 1 is a view."),
        "patent_id raw_examiner_name_first raw_examiner_name_last": ("7", "Ann", "Examiner"),
    }
    found: dict[str, Any] = {}
    for header, cells in tables.items():
        content = patents_view("\t".join(header.split()), "\t".join(cells))
        (row,) = rows(read(patentsview.SOURCE, content))
        found |= row
    assert found["application_number"] == "US06512345"
    assert found["citations"] == [
        {"publication_number": None, "text": "A book.", "category": None, "cited_by": None}
    ]
    assert found["ipc"] == ["H01M10/0525"]
    assert found["other_classes"] == [{"scheme": "USPC", "symbol": "D14/480"}]
    assert found["priorities"] == [
        {"office": "JP", "number": "JPH11999001", "date": date(1999, 5, 14)}
    ]
    assert found["other_numbers"] == ["WO2000012345"]
    assert found["examiners"] == ["Ann Examiner"]
    assert found["description"][0]["text"] == "FIG. 1 is a view."
