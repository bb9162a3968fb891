"""ST.66, ST.96 and EUIPO's JSON on real records: facts that were checked by eye in the files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ipsearch.records import to_batch
from ipsearch.sources.base import Input, Notes, Record
from ipsearch.sources.registry import detect

DATA = Path(__file__).parents[2].parent / "shared" / "data"
MARKS = DATA / "st66_st96_trademark"
EXAMPLES = DATA / "wipo_st96_examples"
pytestmark = pytest.mark.skipif(not MARKS.is_dir(), reason="no real records here")

FORMS = {
    "US74631225": (
        *("rn2178784-ST66.xml", "rn2178784-ST96.xml", "rn2178784-ST96-old.xml"),
        *("rn2178784-ST-961_D3.xml", "rn2178784-ST-962.2.1.xml"),
    ),
    "US78002299": ("rn2713476-ST66.xml", "rn2713476-ST96-old.xml"),
    "US77658723": ("rn3886986-ST66.xml", "rn3886986-ST96.xml"),
    "US77478018": ("sn77478018-ST66.xml", "sn77478018-ST96.xml"),
    "US85334015": ("sn85334015-ST66.xml", "sn85334015-ST96.xml"),
    "US87881347": ("sn87881347-ST66.xml", "sn87881347-ST96.xml"),
}
ONLY_IN_ST96 = ("ASSIGNMENT", "PROCEEDING")  # events that these files of ST.66 do not have


def read(path: Path, *expected_warnings: str) -> list[dict[str, Any]]:
    """The rows of a file, after they were found to fit their schema; no file has a reject."""
    notes = Notes()
    with path.open("rb") as stream:
        source = detect(stream.read(65536), path.name)
        stream.seek(0)
        results = list(source.read(Input(path.name, stream, None, True, notes)))
    records = [result for result in results if isinstance(result, Record)]
    assert len(records) == len(results)
    assert sorted(notes.warnings) == sorted(expected_warnings)
    assert notes.unmapped == set()
    for record in records:
        to_batch([record.row], record.kind)
    return [record.row for record in records]


def mark(name: str) -> dict[str, Any]:
    (row,) = read(MARKS / name)
    return row


def names(row: dict[str, Any], column: str) -> list[str]:
    return [party["name"] for party in row[column]]


@pytest.mark.parametrize("id", FORMS)
def test_mark_is_alike_in_all_forms(id: str) -> None:
    """One mark makes one record, column by column, from ST.66 and every version of ST.96."""
    comparable = []
    for name in FORMS[id]:
        row = mark(name)
        assert row["id"] == id
        events = [event for event in row["legal_events"] if event["code"] not in ONLY_IN_ST96]
        row["legal_events"] = sorted(map(str, events))
        del row["source"]
        comparable.append({column: value for column, value in row.items() if value is not None})
    for other in comparable[1:]:
        assert other == comparable[0]


def test_later_state_of_a_mark() -> None:
    """A file of a later day differs in what happened since: two entries, a new address."""
    before, after = mark("rn2713476-ST66.xml"), mark("rn2713476-ST96.xml")
    known = [str(event) for event in before["legal_events"]]
    new = [
        (event["date"], event["code"])
        for event in after["legal_events"]
        if str(event) not in known and event["code"] not in ONLY_IN_ST96
    ]
    assert new == [(date(2014, 12, 4), "CHAN"), (date(2014, 12, 4), "COAR")]
    assert names(before, "owners") == names(after, "owners") == ["MySQL AB"]
    assert (before["owners"][0]["city"], after["owners"][0]["city"]) == (
        "Redwood Shores",
        "Uppsala",
    )


def test_word_mark_renewed() -> None:
    """A renewal gives the day until which the mark is protected; the last owner is the owner."""
    row = mark("rn2178784-ST66.xml")
    assert (row["mark_text"], row["mark_kind"], row["registration_number"]) == (
        "JAVA",
        "word",
        "US2178784",
    )
    assert (row["filing_date"], row["registration_date"]) == (date(1995, 2, 7), date(1998, 8, 4))
    assert row["preliminary_publication_date"] == date(1996, 10, 8)
    assert row["expiry_date"] == date(2018, 8, 4)
    assert (row["legal_status"], row["status_date"]) == ("registered", date(2008, 8, 11))
    assert names(row, "owners") == ["Oracle America, Inc."]
    assert [(agent["name"], agent["organization"]) for agent in row["agents"]] == [
        ("Andrew Roppel", "Holland & Hart LLP")
    ]


def test_mark_of_four_owners() -> None:
    """All owners of the last stage are kept, and a mark for goods and services is a trademark."""
    row = mark("rn3886986-ST96.xml")
    assert names(row, "owners") == [
        "COLUMBIA LAW REVIEW ASSOCIATION, INC.",
        "HARVARD LAW REVIEW ASSOCIATION",
        "UNIVERSITY OF PENNSYLVANIA LAW REVIEW",
        "THE YALE LAW JOURNAL",
    ]
    assert row["disclaimer"] == '"A UNIFORM SYSTEM OF CITATION"'
    assert [entry["nice_class"] for entry in row["classes"]] == [41, 16]
    assert row["mark_category"] == "trademark"


def test_figurative_mark() -> None:
    """A mark without words has its figures' codes and three classes."""
    row = mark("sn77478018-ST96.xml")
    assert (row.get("mark_text"), row["mark_kind"]) == (None, "figurative")
    assert [code["symbol"] for code in row["design_codes"]] == [
        "03.01.08",
        "03.01.24",
        "17.03.02",
        "26.11.21",
    ]
    assert [(entry["nice_class"], entry["goods"]) for entry in row["classes"]] == [
        (30, ["King Cake Pastries"]),
        (25, ["CLOTHING, NAMELY, SHIRTS, HATS, AND BABY JUMPSUITS"]),
        (14, ["Jewelry"]),
    ]


def test_mark_with_a_priority() -> None:
    """The foreign priority and the international registration are there in either form."""
    for name in FORMS["US85334015"]:
        row = mark(name)
        assert row["priorities"] == [
            {"office": "IT", "number": "RM2011C00315", "date": date(2011, 5, 16)}
        ]
        assert "WO1087917" in row["other_numbers"]
        assert len(row["classes"][0]["goods"]) == 12


def test_pending_application() -> None:
    """An application without registration is pending, in its class as well."""
    row = mark("sn87881347-ST66.xml")
    assert (row.get("registration_number"), row["legal_status"]) == (None, "pending")
    assert (row["classes"][0]["nice_class"], row["classes"][0]["status"]) == (43, "pending")
    assert len(row["classes"][0]["goods"]) == 10
    assert len(row["legal_events"]) == 19
    assert row["legal_events"][0] == {
        "date": date(2018, 8, 27),
        "code": "CNSA",
        "name": "APPROVED FOR PUB - PRINCIPAL REGISTER",
        "text": None,
    }


def test_mark_that_is_in_st66_alone() -> None:
    """A mark in two classes with assignments in the office's own extension."""
    row = mark("sn76044902.xml")
    assert (row["mark_text"], row["registration_number"]) == ("PYTHON", "US2824281")
    assert names(row, "owners") == ["PYTHON SOFTWARE FOUNDATION"]
    assert len(row["classes"]) == 2
    transfers = [event for event in row["legal_events"] if event["code"] == "ASSIGNMENT"]
    assert date(2003, 10, 21) in [event["date"] for event in transfers]


def test_example_patent() -> None:
    """Numbers, texts, classes and citations of the standard's patent example are all there."""
    (row,) = read(EXAMPLES / "PatentPublication_Example.xml")
    assert (row["id"], row["application_number"]) == ("US8936998B2", "US13797521")
    assert row["other_numbers"] == ["US20130213561A1"]
    assert (row["filing_date"], row["grant_date"]) == (date(2013, 3, 12), date(2015, 1, 20))
    assert row["priorities"][0]["number"] == "JP2007290922"
    assert (len(row["claims"]), row["claim_count"]) == (10, 10)
    assert len([p for p in row["description"] if p["label"]]) == 70
    assert (row["ipc"][0], len(row["ipc"]), row["cpc"][0]) == ("H01L21/30", 6, "H01L21/2007")
    assert len([c for c in row["citations"] if c["publication_number"]]) == 17
    assert len(row["citations"]) == 30
    assert names(row, "owners")[0] == "Mitsubishi Heavy Industries, Ltd."
    assert names(row, "inventors")[-1] == "Masahiro Funayama"
    assert row["examiners"] == ["Jerome Jackson Jr.", "Paul Budd"]
    tables = [p["text"] for p in row["description"] if "Bonding functional" in p["text"]]
    assert any("\n" in text for text in tables)


def test_example_design() -> None:
    """A registered design is a granted patent of the type design."""
    (row,) = read(EXAMPLES / "DesignApplication_Example.xml")
    assert (row["id"], row["application_number"]) == ("XXD0123456", "XX35503842")
    assert (row["patent_type"], row["locarno"]) == ("design", ["06-01"])
    assert (row["grant_date"], row["expiry_date"]) == (date(2017, 8, 29), date(2034, 1, 29))
    assert (row["legal_status"], row["status_date"]) == ("granted", date(2019, 1, 29))
    assert row["priorities"] == [{"office": "WO", "number": "DM/096824", "date": date(2017, 3, 31)}]
    assert len(row["inventors"]) == 3
    assert len(row["legal_events"]) == 28
    assert row["other_numbers"] == ["XX123456"]


def test_example_indication() -> None:
    """A geographical indication has its area, its classes, the association and ten users."""
    (row,) = read(EXAMPLES / "GIApplication_Example.xml")
    assert (row["id"], row["mark_category"]) == ("FRIG18002", "geographical_indication")
    assert row["filing_date"] == date(2018, 3, 19)
    assert [entry["nice_class"] for entry in row["classes"]] == [24, 27]
    assert row["mark_description"].startswith("Département de la Creuse\n")
    assert names(row, "owners") == ["Association LAINAMAC"]
    assert len({event["text"] for event in row["legal_events"]}) == 10


def test_example_mark() -> None:
    """A mark with a status word, and owners whose country is that of their incorporation."""
    (row,) = read(EXAMPLES / "TrademarkApplication_Example.xml")
    assert (row["id"], row["mark_text"], row["mark_kind"]) == ("US87035559", "LANYI", "combined")
    assert row["legal_status"] == "registered"
    assert [owner["country"] for owner in row["owners"]] == ["CN"]
    assert len(row["classes"][0]["goods"]) == 56


def test_european_marks() -> None:
    """Twenty marks, an international registration among them; statuses of every sort."""
    found = read(DATA / "euipo_json" / "tm_apple_size10.json")
    found += read(DATA / "euipo_json" / "tm_list_size10.json")
    by_id = {row["id"]: row for row in found}
    assert len(by_id) == 20
    row = by_id["EM000428557"]
    assert (row["mark_text"], row["legal_status"]) == ("Golden Apple", "registered")
    assert [entry["nice_class"] for entry in row["classes"]] == [30, 32, 33]
    assert row["preliminary_publication_date"] == date(1998, 4, 27)
    assert len(row["legal_events"]) == 6
    row = by_id["EMW00928475"]
    assert (row["other_numbers"], row["filing_date"]) == (["WO928475"], date(2007, 5, 7))
    assert names(row, "owners") == ["Apple Inc."]
    assert by_id["EM000274696"]["legal_status"] == "withdrawn"
    assert by_id["EM000111153"]["mark_kind"] == "combined"


def test_european_designs() -> None:
    """Ten designs of one application; their parties are only numbers there, which is noted."""
    found = read(
        DATA / "euipo_json" / "design_list_size10.json",
        "applicants: a number of the office's own instead of a name",
        "agents: a number of the office's own instead of a name",
    )
    assert [row["id"] for row in found] == [f"EM00424782300{n:02}" for n in range(7, 17)]
    assert {row["application_number"] for row in found} == {"EM004247823"}
    assert [row["locarno"] for row in found] == [["08-06"]] * 3 + [["08-08"]] * 7
    assert {row["legal_status"] for row in found} == {"expired"}
