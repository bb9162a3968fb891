"""The EPO's and JPO's sources on small pieces: numbers, parties, events, what is refused."""

from __future__ import annotations

import io
import itertools
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from lxml import etree

from ipsearch.records import LEGAL_STATUSES
from ipsearch.sources import docdb, ep_full_text, inpadoc, jpo_patent
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.docdb_document import is_grant
from ipsearch.sources.docdb_elements import read_application, read_parties
from ipsearch.sources.inpadoc_events import STATUS_OF, read_events

SAMPLES = Path(__file__).parents[2] / "samples"
SOURCES = [docdb.SOURCE, inpadoc.SOURCE, ep_full_text.SOURCE, jpo_patent.SOURCE]
EVERY_SOURCE = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


def results(
    source: Source, content: bytes, notes: Notes | None = None, **range_: int | None
) -> list[Record | Reject]:
    stream = io.BytesIO(content)
    return list(source.read(Input("a.xml", stream, None, True, notes or Notes(), **range_)))  # type: ignore[arg-type]


def rows(source: Source, content: bytes) -> list[dict[str, Any]]:
    found = results(source, content)
    assert all(isinstance(result, Record) for result in found), found
    return [result.row for result in found if isinstance(result, Record)]


def sample(source: Source) -> bytes:
    return (SAMPLES / source.sample).read_bytes()


# Cutting


@EVERY_SOURCE
def test_unseekable_stream(source: Source) -> None:
    """A stream that cannot be sought gives the same rows as one that can."""

    class Pipe(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self._inner = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return self._inner.read(min(size, 1000) if size > 0 else size)

    stream = cast("BinaryIO", Pipe(sample(source)))
    found = list(source.read(Input("-", stream, None, False, Notes())))
    assert [found.row for found in found if isinstance(found, Record)] == rows(
        source, sample(source)
    )


@EVERY_SOURCE
@pytest.mark.parametrize("step", [701, 5000])
def test_ranges(source: Source, step: int) -> None:
    """Read in ranges, a file gives the same rows in the same order as in one piece."""
    content = sample(source)
    edges = [*range(0, len(content), step), None]
    found = [
        result
        for start, end in itertools.pairwise(edges)
        for result in results(source, content, start=start, end=end)
    ]
    assert [found.row for found in found if isinstance(found, Record)] == rows(source, content)


def test_unknown_prefix() -> None:
    """A prefix that only the wrapper declares is no fault, whatever it is called."""
    content = sample(docdb.SOURCE)
    renamed = content.replace(b"<exch:", b"<n1:").replace(b"</exch:", b"</n1:")
    renamed = renamed.replace(b"xmlns:exch=", b"xmlns:n1=")
    assert rows(docdb.SOURCE, renamed) == rows(docdb.SOURCE, content)


def test_broken_document_loses_itself_alone() -> None:
    """A document with a fault is a reject that names the line, and the rest is read."""
    content = sample(docdb.SOURCE).replace(b"</exch:bibliographic-data>", b"</exch:wrong>", 1)
    first, *rest = results(docdb.SOURCE, content)
    assert isinstance(first, Reject) and first.reason.startswith("line ")
    assert len(rest) == 3 and all(isinstance(result, Record) for result in rest)


@pytest.mark.parametrize("status", ["D", "DV", "d"])
def test_deleted_document(status: str) -> None:
    """A document that the office deleted takes back what was said of it."""
    content = sample(docdb.SOURCE).replace(b'status="C"', f'status="{status}"'.encode(), 1)
    first, *rest = results(docdb.SOURCE, content)
    assert isinstance(first, Record) and first.is_removal
    assert not any(isinstance(result, Record) and result.is_removal for result in rest)
    assert len(rest) == 3


def test_document_without_number() -> None:
    """A document without any number is a reject."""
    content = b"<exchange-documents><exchange-document country='EP'/></exchange-documents>"
    (result,) = results(docdb.SOURCE, content)
    assert isinstance(result, Reject) and result.reason.startswith("no number")


# Numbers


@pytest.mark.parametrize(
    ("format_", "parts", "number"),
    [
        ("docdb", {"country": "EP", "doc-number": "10167109", "kind": "A"}, "EP10167109"),
        ("epodoc", {"doc-number": "EP20100167109"}, "EP10167109"),
        ("original", {"country": "EP", "doc-number": "10167109.7"}, "EP10167109"),
        ("docdb", {"country": "US", "doc-number": "201113167395", "kind": "A"}, "US13167395"),
        ("docdb", {"country": "CN", "doc-number": "202210999001"}, "CN202210999001.6"),
        ("docdb", {"country": "EP", "doc-number": "2019050740", "kind": "W"}, "PCT/EP2019/050740"),
        ("docdb", {"country": "US", "doc-number": "9912345", "kind": "W"}, "PCT/US1999/012345"),
        ("epodoc", {"doc-number": "WO2019EP050740"}, "PCT/EP2019/050740"),
        ("epodoc", {"doc-number": "JP20040351438"}, "JP2004351438"),
        ("epodoc", {"doc-number": "GB20180000758"}, "GB201800758"),
        ("epodoc", {"doc-number": "CA20112744162"}, "CA2744162"),
        ("docdb", {"country": "AT", "doc-number": "999D", "kind": "D"}, None),
        ("original", {"doc-number": "10167109.7"}, None),
        ("docdb", {"country": "EP"}, None),
    ],
)
def test_application_number(format_: str, parts: dict[str, str], number: str | None) -> None:
    """One application has one number, in whatever format it comes; a dummy has none."""
    assert read_application(format_, parts, Notes()) == number


def test_dummy_application_is_noted() -> None:
    """The dummy numbers that are left out are counted."""
    notes = Notes()
    read_application("docdb", {"country": "AT", "doc-number": "1", "kind": "D"}, notes)
    assert list(notes.warnings.values()) == [1]


@pytest.mark.parametrize(
    ("office", "kind", "expected"),
    [
        *(("EP", "A1", False), ("EP", "B1", True), ("US", "A", True), ("US", "A1", False)),
        *(("US", "S1", True), ("CN", "U", True), ("CN", "A", False), ("CN", "C", True)),
        *(("DE", "B1", False), ("DE", "B4", True), ("JP", "B2", True), ("DK", "T3", False)),
    ],
)
def test_kinds_of_grants(office: str, kind: str, expected: bool) -> None:
    """What is published with the grant differs from office to office."""
    assert is_grant(office, kind) == expected


# Parties


def parties(*given: tuple[str, str, str]) -> list[tuple[str, str | None]]:
    """Names and countries that come of (format, name, residence)."""
    inner = "".join(
        f'<applicant sequence="{number}" data-format="{format_}"><applicant-name>'
        f"<name>{name}</name></applicant-name>"
        + (f"<residence><country>{country}</country></residence>" if country else "")
        + "</applicant>"
        for number, (format_, name, country) in enumerate(given, start=1)
    )
    element = etree.fromstring(f"<applicants>{inner}</applicants>")
    return [(party["name"], party["country"]) for party in read_parties(element, "applicant")]


def test_printed_name_with_country() -> None:
    """The printed name goes before capitals, and the country comes from them."""
    assert parties(("docdb", "MOUMOU BATTERY", "CN"), ("original", "某某电池有限公司", "")) == [
        ("某某电池有限公司", "CN")
    ]
    assert parties(
        ("epodoc", "BEISPIEL GMBH\u2002[DE]", ""), ("original", "Beispiel GmbH, ", "")
    ) == [("Beispiel GmbH", "DE")]


def test_printed_names_given_twice() -> None:
    """Where the printed names are listed after DOCDB's own, they are not four parties but two."""
    found = parties(
        *(("epodoc", "A [DE]", ""), ("epodoc", "B [FR]", "")),
        *(("original", "A,", ""), ("original", "B,", ""), ("original", "Ä, ", "")),
        ("original", "Bé", ""),
    )
    assert found == [("Ä", "DE"), ("Bé", "FR")]


def test_names_that_do_not_match() -> None:
    """Printed names of another count are nobody's: the standard ones stay."""
    found = parties(("docdb", "A", "DE"), ("docdb", "B", "FR"), ("original", "C", ""))
    assert found == [("A", "DE"), ("B", "FR")]
    assert parties(("original", "C", ""), ("original", "C", "")) == [("C", None)]
    assert parties() == []


# Legal events


def event(office: str, code: str, day: str, **details: str) -> etree._Element:
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in details.items())
    return etree.fromstring(
        f'<legal code="{code}  " desc="X"><L001EP>{office}</L001EP><L007EP>{day}</L007EP>'
        f"<L008EP>{code}</L008EP><L500EP>{inner}</L500EP></legal>"
    )


def status(*events: etree._Element) -> tuple[str | None, date | None]:
    read = read_events(events, Notes())
    return read["legal_status"], read["status_date"]


def test_statuses_are_ours() -> None:
    """Every status that a code stands for is one of our list."""
    assert set(STATUS_OF.values()) <= set(LEGAL_STATUSES)


def test_latest_status_counts() -> None:
    """The latest event that settles a status gives it, in whatever order events come."""
    granted, lapsed = event("CN", "GR01", "2023-11-07"), event("CN", "CF01", "2026-05-15")
    assert status(granted, lapsed) == status(lapsed, granted) == ("lapsed", date(2026, 5, 15))
    assert status(event("CN", "PE01", "2023-11-07")) == (None, None)
    assert status() == (None, None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("STATUS: THE PATENT HAS BEEN GRANTED", "granted"),
        ("STATUS: THE APPLICATION IS DEEMED TO BE WITHDRAWN", "withdrawn"),
        ("STATUS: THE APPLICATION HAS BEEN REFUSED", "refused"),
        ("STATUS: GRANT OF PATENT IS INTENDED", "pending"),
        ("STATUS: UNKNOWN", None),
    ],
)
def test_status_in_words(words: str, expected: str | None) -> None:
    """STAA says in words what the status is."""
    assert status(event("EP", "STAA", "2020-01-01", L510EP=words))[0] == expected


def test_lapse_in_states() -> None:
    """A European patent has lapsed when it has in every designated state, not before."""
    designated = event("EP", "AK", "2020-01-01", L507EP="DE FR")
    granted = event("EP", "26N", "2020-06-01")
    in_france = event("EP", "PG25", "2021-01-01", L501EP="FR")
    in_germany = event("EP", "PG25", "2022-01-01", L501EP="DE")
    reinstated = event("EP", "PGRI", "2022-06-01", L501EP="DE")
    assert status(designated, granted, in_france) == ("granted", date(2020, 6, 1))
    assert status(designated, granted, in_france, in_germany) == ("lapsed", date(2022, 1, 1))
    assert status(designated, granted, in_france, in_germany, reinstated)[0] == "granted"


def test_deleted_event() -> None:
    """An event that the office deleted is left out, and counted."""
    notes = Notes()
    deleted = etree.fromstring("<legal><L008EP>CF01</L008EP><L013EP>D</L013EP></legal>")
    assert read_events([deleted], notes)["legal_events"] == []
    assert sum(notes.warnings.values()) == 1


def test_bare_legal_elements() -> None:
    """Outside a family each event is news of the application or publication that it names."""
    content = (
        b'<events xmlns:ops="http://ops.epo.org"><ops:legal code="CF01" desc="TERMINATION">'
        b"<ops:L001EP>CN</ops:L001EP><ops:L002EP>F</ops:L002EP>"
        b"<ops:L003EP>202210999001</ops:L003EP><ops:L004EP>A </ops:L004EP>"
        b"<ops:L007EP>2026-05-15</ops:L007EP><ops:L008EP>CF01</ops:L008EP></ops:legal>"
        b'<ops:legal code="X"><ops:L001EP>US</ops:L001EP><ops:L002EP>P</ops:L002EP>'
        b"<ops:L003EP>9648662</ops:L003EP><ops:L004EP>B2</ops:L004EP></ops:legal>"
        b'<ops:legal code="X"><ops:L001EP>US</ops:L001EP></ops:legal></events>'
    )
    assert inpadoc.SOURCE.recognises(content, "a.xml")
    first, second, third = results(inpadoc.SOURCE, content)
    assert isinstance(first, Record) and first.row["application_number"] == "CN202210999001.6"
    assert (first.row["legal_status"], first.row["is_event"]) == ("lapsed", True)
    assert isinstance(second, Record) and second.row["publication_number"] == "US9648662B2"
    assert isinstance(third, Reject) and third.reason.startswith("no number")


# European and Japanese documents


def test_claims_in_three_languages() -> None:
    """A grant keeps its claims in all languages, the document's own first, each set numbered."""
    row = rows(ep_full_text.SOURCE, sample(ep_full_text.SOURCE))[0]
    assert [(claim["language"], claim["label"]) for claim in row["claims"]] == [
        *(("en", "1"), ("en", "2"), ("de", "1"), ("de", "2"), ("fr", "1"), ("fr", "2")),
    ]
    assert row["claim_count"] == 2
    assert row["owners"] == row["applicants"]


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("EP-A- 1 542 377", "EP1542377"),
        ("EP-A1- 1 542 377", "EP1542377A1"),
        ("WO-A1-2019/999001", "WO2019999001A1"),
        ("WO-A- 02/054790", "WO2002054790"),
        ("US-A1- 2004 136 338", "US20040136338A1"),
        ("US-B1- 6 278 723", "US6278723B1"),
        ("Example Journal 12", None),
    ],
)
def test_printed_citation(printed: str, number: str | None) -> None:
    """A document cited on a grant is found by its number; a kind of one letter is not its kind."""
    content = sample(ep_full_text.SOURCE).replace(b"WO-A1-2019/999001", printed.encode(), 1)
    first = rows(ep_full_text.SOURCE, content)[0]["citations"][0]
    assert first["publication_number"] == number
    assert first["text"] == (None if number else printed)


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("特開２０１９−９９９００１（ＪＰ，Ａ）", "JP2019999001A"),
        ("特表２０１９－５９９００１（ＪＰ，Ａ）", "JP2019599001A"),
        ("国際公開第２０１９／９９９００１（ＷＯ，Ａ１）", "WO2019999001A1"),
        ("米国特許出願公開第２０１９／０９９９００１（ＵＳ，Ａ１）", "US20190999001A1"),
        ("某某「茶」２０１９年", None),
    ],
)
def test_japanese_citation(printed: str, number: str | None) -> None:
    """A document cited in a gazette is found by its number, whichever office's it is."""
    old = "特開２０１９−９９９００１（ＪＰ，Ａ）"
    content = sample(jpo_patent.SOURCE).decode().replace(old, printed).encode()
    citation = rows(jpo_patent.SOURCE, content)[2]["citations"][0]
    assert citation["publication_number"] == number
    assert citation["text"] == (None if number else printed)


def test_japanese_grant() -> None:
    """A patent's applicants are its owners, and its publication is its grant."""
    row = rows(jpo_patent.SOURCE, sample(jpo_patent.SOURCE))[2]
    assert row["id"] == "JP9900077B2"
    assert row["grant_date"] == row["publication_date"] == date(2024, 8, 5)
    assert row["owners"] == row["applicants"]


def test_events_are_recognised_before_documents() -> None:
    """An answer with events is known as such; one without is not taken for it."""
    legal, documents = sample(inpadoc.SOURCE)[:65536], sample(docdb.SOURCE)[:65536]
    assert inpadoc.SOURCE.recognises(legal, "a.xml")
    assert not inpadoc.SOURCE.recognises(documents, "a.xml")
    assert docdb.SOURCE.recognises(documents, "a.xml")
