"""USPTO's older XML on real grants and applications: facts that were checked by eye."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ipsearch.records import to_batch
from ipsearch.sources import uspto_application_pap, uspto_grant_sgml
from ipsearch.sources.base import Input, Notes, Record, Source
from ipsearch.sources.registry import detect

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "uspto_patent"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no real records here")

GRANTS = {
    "US6336130B1": "US06336130.xml",
    "US6337117B1": "US06337117.xml",
    "USD435854S": "USD435854S1.xml",
}
APPLICATIONS = {
    "US20010000044A1": "US20010000044A1.xml",
    "US20010000943A1": "US20010000943A1.xml",
    "US20010009014A1": "US20010009014A1.xml",
}
FILES = {
    **{id: (uspto_grant_sgml.SOURCE, name) for id, name in GRANTS.items()},
    **{id: (uspto_application_pap.SOURCE, name) for id, name in APPLICATIONS.items()},
}

# Names of ISO 8879 that these files use and HTML does not know, as the printed patents have them
GREEK = {
    "agr": "α",
    "Dgr": "Δ",
    "lgr": "λ",
    "mgr": "μ",
    "ohgr": "ω",
    "phgr": "φ",
    "PHgr": "Φ",
    "tgr": "τ",
}


def read(id: str) -> dict[str, Any]:
    """The row of one file, after it was found to fit its schema, without a warning."""
    source, name = FILES[id]
    notes = Notes()
    with (DATA / name).open("rb") as stream:
        (record,) = source.read(Input(name, stream, None, True, notes))
    assert isinstance(record, Record)
    assert notes.warnings == {}
    assert notes.unmapped == set()
    to_batch([record.row], "patent")
    assert record.row["id"] == id
    return record.row


def texts(row: dict[str, Any]) -> str:
    columns = ("titles", "abstracts", "description", "claims")
    parts = [passage["text"] for column in columns for passage in row[column]]
    return "\n".join(parts + [cited["text"] or "" for cited in row["citations"]])


def names(row: dict[str, Any], column: str) -> list[str | None]:
    return [party["name"] or party["organization"] for party in row[column]]


def numbers(row: dict[str, Any]) -> tuple[Any, ...]:
    columns = ("application_number", "filing_date", "publication_date", "grant_date")
    return tuple(row.get(column) for column in (*columns, "priority_date", "patent_type"))


def test_numbers_and_dates() -> None:
    """Numbers, dates and types are those on the front pages."""
    assert {id: numbers(read(id)) for id in FILES} == {
        "US6336130B1": (
            *("US09413215", date(1999, 10, 5), date(2002, 1, 1), date(2002, 1, 1)),
            *(date(1997, 4, 8), "invention"),
        ),
        "US6337117B1": (
            *("US09343526", date(1999, 6, 30), date(2002, 1, 8), date(2002, 1, 8)),
            *(date(1998, 7, 1), "invention"),
        ),
        "USD435854S": (
            *("US29116510", date(1999, 1, 6), date(2001, 1, 2), date(2001, 1, 2)),
            *(None, "design"),
        ),
        "US20010000044A1": (
            *("US09342866", date(1999, 6, 29), date(2001, 3, 15), None, None, "invention"),
        ),
        "US20010000943A1": (
            *("US09727454", date(2000, 12, 4), date(2001, 5, 10), None),
            *(date(1999, 4, 5), "invention"),
        ),
        "US20010009014A1": (
            *("US09777392", date(2001, 2, 5), date(2001, 7, 19), None),
            *(date(1999, 4, 6), "invention"),
        ),
    }


def test_titles() -> None:
    """Titles are whole and on one line."""
    assert {id: [title["text"] for title in read(id)["titles"]] for id in FILES} == {
        "US6336130B1": [
            "Arrangement for improving availability of services in a communication system"
        ],
        "US6337117B1": ["Optical memory device"],
        "USD435854S": ["Disc cartridge"],
        "US20010000044A1": [
            "Systems and Methods For Transacting Business Over A Global Communications Network "
            "Such As The Internet"
        ],
        "US20010000943A1": ["Organic electroluminescence device and method of manufacturing same"],
        "US20010009014A1": ["Facilitating real-time, multi-point communications over the internet"],
    }


def test_counts() -> None:
    """Claims, paragraphs, inventors and citations are as many as there are in the files."""
    columns = ("claims", "abstracts", "description", "inventors", "owners", "citations")
    assert {id: tuple(len(read(id)[column]) for column in columns) for id in FILES} == {
        "US6336130B1": (22, 1, 46, 1, 1, 9),
        "US6337117B1": (39, 1, 375, 5, 1, 2),
        "USD435854S": (1, 0, 1, 8, 3, 10),
        "US20010000044A1": (21, 1, 46, 1, 0, 0),
        "US20010000943A1": (13, 1, 434, 2, 1, 0),
        "US20010009014A1": (55, 1, 137, 2, 0, 0),
    }
    assert all(row["claim_count"] == len(row["claims"]) for row in map(read, FILES))


def test_classes() -> None:
    """Classes in columns get their slash: IPC, US and Locarno."""
    us = {id: [entry["symbol"] for entry in read(id)["other_classes"]] for id in FILES}
    ipc = {id: read(id)["ipc"] for id in FILES}
    assert ipc["US6336130B1"] == ["G06F15/16", "G06F13/00"]
    assert us["US6336130B1"] == ["709/202", "709/201"]
    assert ipc["US6337117B1"] == ["B32B3/02"]
    assert us["US6337117B1"][:4] == ["428/64.1", "428/64.4", "428/147", "428/148"]
    assert (ipc["USD435854S"], read("USD435854S")["locarno"]) == ([], ["14-02"])
    assert us["USD435854S"] == ["D14/480"]
    assert (ipc["US20010000044A1"], us["US20010000044A1"]) == (["G06F17/60"], ["705/26", "705/37"])
    assert ipc["US20010000943A1"] == ["H01J1/62"]
    assert us["US20010009014A1"] == ["709/204", "709/227"]


def test_parties() -> None:
    """Persons are named as they are spoken to; firms, agents and examiners have their columns."""
    grant = read("US6336130B1")
    assert names(grant, "inventors") == ["Thanh Van Do"]
    assert names(grant, "owners") == ["Telefonaktiebolaget LM Ericsson (publ)"]
    assert (grant["owners"][0]["country"], grant["owners"][0]["city"]) == ("SE", "Stockholm")
    assert names(grant, "agents") == ["Nixon & Vanderhye P.C."]
    assert grant["examiners"] == ["Kenneth R. Coulter"]
    design = read("USD435854S")
    assert names(design, "owners") == [
        *("Hitachi Maxell, Ltd.", "Sanyo Electric Co.,Ltd.", "Olympus Optical Co., Ltd.")
    ]
    application = read("US20010009014A1")
    assert names(application, "inventors") == ["James A. Savage III", "Sophie Muller"]
    assert application["inventors"][0]["province"] == "CA"
    (inventor,) = read("US20010000044A1")["inventors"]
    assert (inventor["name"], inventor["city"], inventor["country"]) == (
        *("Wayne W Lin", "Irvine"),
        "US",
    )
    assert names(read("US20010000943A1"), "owners") == ["IDEMITSU KOSAN CO., LTD."]


def test_priorities_and_citations() -> None:
    """Foreign and provisional filings are priorities; cited numbers are canonical."""
    claims = {id: [claim["number"] for claim in read(id)["priorities"]] for id in FILES}
    assert claims["US6336130B1"] == ["NO971605"]
    assert claims["US6337117B1"] == [*("JPH10186098", "JPH10252239", "JPH10261333", "JPH10326339")]
    assert claims["US20010000943A1"] == ["JPH1197727"]
    assert claims["US20010009014A1"] == ["US60128037"]
    cited = read("US6336130B1")["citations"]
    assert [entry["publication_number"] for entry in cited][4:7] == [
        *("US6085086A", "WO1996025012"),
        None,
    ]
    assert cited[6]["text"].startswith("S. Krause et al.; Mobile Service Agents Enabling ‘Intell")
    assert [entry["cited_by"] for entry in cited] == ["examiner"] * 5 + ["other"] * 4
    assert read("USD435854S")["citations"][0]["publication_number"] == "USD271298"


def test_claims() -> None:
    """A claim's number is its label, its steps stand on lines, its references in their line."""
    first, second, *_ = read("US6337117B1")["claims"]
    assert first["text"].startswith("An optical memory device comprising:\na luminous material")
    assert second["text"].startswith("The optical memory device of claim 1, wherein")
    assert read("US6337117B1")["claims"][6]["text"].endswith("of 1×10−12 seconds or more.")
    third = read("US20010009014A1")["claims"][2]
    assert third["text"].startswith("The method of claim 2 wherein determining")
    for row in map(read, FILES):
        assert [claim["label"] for claim in row["claims"]] == [
            str(number) for number in range(1, len(row["claims"]) + 1)
        ]


def test_formulas_and_tables() -> None:
    """MathML is a row of text, a table a line for each row."""
    description = "\n".join(p["text"] for p in read("US6337117B1")["description"])
    assert "\n(Φ-Φ_0)/(Φ_∞-Φ_0)=1-exp\u2061(-\u2062(t)/(τ)) (2)\n" in description
    assert "\nSodium dodecylsulfonate 13.0\nChloroform 4.4\n" in description


def test_paragraph_labels() -> None:
    """The printed numbers of paragraphs are labels, not text."""
    labels = [p["label"] for p in read("US20010009014A1")["description"] if p["label"]]
    assert labels == [f"{number:04}" for number in range(1, 133)]
    paragraph = read("US20010000044A1")["description"][1]
    assert (paragraph["label"], paragraph["text"][:22]) == ("1", "The present invention ")


@pytest.mark.parametrize("id", FILES)
def test_no_named_character_is_lost(id: str) -> None:
    """Each named character of the file is in the texts, as often as the file has it."""
    _, name = FILES[id]
    content = (DATA / name).read_text("utf-8")
    begin = re.search(r"<SDOAB>|<subdoc-abstract>|<SDODE>", content)
    assert begin is not None
    body = content[begin.start() :]
    found = texts({**read(id), "titles": [], "citations": []})
    references = re.findall(r"&([A-Za-z0-9]+);", body)
    named = {name: GREEK.get(name) or html.unescape(f"&{name};") for name in references}
    assert all(len(character) == 1 for character in named.values())
    for character in {c for c in named.values() if not c.isspace()} - {"[", "]", "&"}:
        literal = sum(1 for _ in re.finditer(re.escape(character), re.sub(r"<[^<>]*>", "", body)))
        written = sum(1 for reference in references if named[reference] == character)
        assert found.count(character) == literal + written, character
    assert "&" not in re.sub(r"& ", "", found)


@pytest.mark.parametrize("id", FILES)
def test_no_text_is_lost(id: str) -> None:
    """The words of abstract, description and claims are all there, in order."""
    _, name = FILES[id]
    row = read(id)
    content = (DATA / name).read_text("utf-8")
    for column, section in (
        ("claims", "SDOCL|subdoc-claims"),
        ("description", "SDODE|subdoc-desc"),
    ):
        begin = re.search(rf"<(?:{section})[^>]*>", content)
        end = re.search(rf"</(?:{section})", content)
        assert begin is not None and end is not None
        body = re.sub(r"<math>.*?</math>", "", content[begin.end() : end.start()], flags=re.S)
        body = re.sub(r"<(SDOCL|subdoc-claims)>\s*<(H|heading).*?</\2>", "", body, flags=re.S)
        body = re.sub(r"<number>.*?</number>", "", body)
        body = re.sub(r"&(\w+);", lambda m: GREEK.get(m[1], m[0]), re.sub(r"<[^<>]*>", "", body))
        words = set(re.findall(r"\w{4,}", html.unescape(body)))
        ours = " ".join(passage["text"] for passage in row[column])
        assert {word for word in words if word not in ours} <= {"What", "claimed", "Claims"}


def test_many_documents_in_one_file() -> None:
    """A weekly file, documents one after the other, gives them all; each source knows its own."""
    for files, (source, root) in (
        (GRANTS, (uspto_grant_sgml.SOURCE, b"PATDOC")),
        (APPLICATIONS, (uspto_application_pap.SOURCE, b"patent-application-publication")),
    ):
        content = b"".join((DATA / name).read_bytes() for name in files.values())
        assert detect(content[:65536], "week.xml") is source
        assert _ids(source, content * 2) == [*files, *files]
        broken = content.replace(b"</" + root + b">", b"", 1)
        assert len(_ids(source, broken)) == 3


def _ids(source: Source, content: bytes) -> list[str | None]:
    import io

    results = source.read(Input("week", io.BytesIO(content), len(content), True, Notes()))
    return [result.row["id"] if isinstance(result, Record) else None for result in results]
