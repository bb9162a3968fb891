"""WIPO ST.96 and ST.66, EUIPO's JSON: what is made of our samples, and of what is amiss."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ipsearch.records import LEGAL_STATUSES, MARK_KINDS, SCHEMAS, to_batch
from ipsearch.sources import euipo, wipo_st66, wipo_st96
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.indications import AUTHORISED_USER
from ipsearch.sources.registry import detect
from ipsearch.sources.wipo_mark import serial_of
from ipsearch.sources.wipo_mark_goods import split_items
from ipsearch.sources.wipo_status import WORDS, status_of

SAMPLES = Path(__file__).parents[2] / "samples"
CASES: dict[str, Source] = {
    "wipo_st96_trademark.xml": wipo_st96.SOURCE,
    "wipo_st96_patent.xml": wipo_st96.SOURCE,
    "wipo_st96_design.xml": wipo_st96.SOURCE,
    "wipo_st96_gi.xml": wipo_st96.SOURCE,
    "wipo_st66.xml": wipo_st66.SOURCE,
    "euipo.json": euipo.SOURCE,
}


def read(source: Source, content: bytes, notes: Notes | None = None) -> list[Record | Reject]:
    stream = io.BytesIO(content)
    return list(source.read(Input("x", stream, len(content), True, notes or Notes())))


def rows(name: str, notes: Notes | None = None) -> list[dict[str, Any]]:
    found = read(CASES[name], (SAMPLES / name).read_bytes(), notes)
    assert all(isinstance(result, Record) for result in found)
    return [result.row for result in found if isinstance(result, Record)]


def names(row: dict[str, Any], column: str) -> list[str]:
    return [party["name"] for party in row[column]]


@pytest.mark.parametrize("name", CASES)
def test_sample_fits_the_schema(name: str) -> None:
    """A sample is recognised as its source's, and fills no column that the source does not name."""
    content = (SAMPLES / name).read_bytes()
    assert detect(content[:65536], name) is CASES[name]
    for other in (wipo_st96.SOURCE, wipo_st66.SOURCE, euipo.SOURCE):
        assert other.recognises(content[:65536], name) == (other is CASES[name])
    for result in read(CASES[name], content):
        assert isinstance(result, Record)
        assert set(result.row) <= CASES[name].fields[result.kind]
        assert to_batch([result.row], result.kind).num_rows == 1
    for kind, columns in CASES[name].fields.items():
        assert columns <= set(SCHEMAS[kind].names)


def test_mark_is_alike_in_both_standards() -> None:
    """The same mark makes the same record from ST.66 and from ST.96."""
    in_st96 = rows("wipo_st96_trademark.xml")[1]
    in_st66 = rows("wipo_st66.xml")[0]
    assert in_st96["id"] == in_st66["id"] == "US90123456"
    for row in (in_st96, in_st66):
        row["legal_events"] = sorted(map(str, row["legal_events"]))
    assert {**in_st96, "source": ""} == {**in_st66, "source": ""}


def test_mark_of_st96() -> None:
    """A mark in two languages is read in Chinese, with its figures, classes and priority."""
    row = rows("wipo_st96_trademark.xml")[0]
    assert (row["application_number"], row["registration_number"]) == ("CN56781234", "CN56781234")
    assert (row["mark_text"], row["mark_kind"]) == ("烯能", "combined")
    assert (row["translation"], row["transliteration"]) == ("graphene energy", "XI NENG")
    assert row["vienna_codes"] == ["26.05.01", "01.15.03"]
    assert [(c["nice_class"], c["goods"]) for c in row["classes"]] == [
        (9, ["锂电池", "电池充电器（无人机用；车用）"]),
        (1, ["石墨烯"]),
    ]
    (owner,) = row["owners"]
    assert (owner["name"], owner["country"], owner["province"]) == ("某某公司", "CN", "湖北省")
    assert owner["address"] == "某某路1号, 某市, 湖北省, 430000"
    (agent,) = row["agents"]
    assert (agent["name"], agent["organization"]) == ("代理人甲", "某某商标代理公司")
    assert row["preliminary_publication_date"] == date(2021, 12, 13)
    assert row["priorities"] == [
        {"office": "US", "number": "US90123456", "date": date(2020, 12, 18)}
    ]
    assert row["priority_date"] == date(2020, 12, 18)
    assert (row["legal_status"], row["status_date"]) == ("registered", date(2022, 3, 14))


def test_us_mark_of_st96() -> None:
    """Of a US mark the latest owner counts, codes are the daily file's, a class may be lapsed."""
    row = rows("wipo_st96_trademark.xml")[1]
    assert names(row, "owners") == ["Moumou America Inc."]
    assert [(a["name"], a["organization"]) for a in row["agents"]] == [
        ("Attorney A", "Example Law LLP")
    ]
    assert row["classes"][0]["goods"] == ["Civilian drones", "Parts for drones, namely, propellers"]
    assert [(c["status"], c["status_date"]) for c in row["classes"]] == [
        ("registered", date(2021, 11, 2)),
        ("lapsed", date(2022, 5, 9)),
    ]
    assert "R.PR" in [event["code"] for event in row["legal_events"]]
    assert row["other_numbers"] == ["WO1612345"]
    assert row["design_codes"] == [{"scheme": "USPTO", "symbol": "18.11.02"}]


def test_mark_of_the_european_office_in_st66() -> None:
    """Status words, goods in English, sections of the bulletin; a bare key of a party is noted."""
    notes = Notes()
    row = rows("wipo_st66.xml", notes)[1]
    assert (row["id"], row["registration_number"]) == ("EM018612345", "EM018612345")
    assert (row["mark_kind"], row["mark_category"]) == ("combined", "collective")
    assert (row["legal_status"], row["status_date"]) == ("lapsed", date(2024, 2, 29))
    assert row["vienna_codes"] == ["05.03.14", "11.03.04"]
    assert row["classes"][0]["goods"] == ["Tea", "tea-based beverages"]
    assert row["classes"][0]["edition"] == "11"
    assert [event["code"] for event in row["legal_events"]] == ["A.1", "B.1"]
    assert row["preliminary_publication_date"] == date(2022, 1, 11)
    assert row["owners"] == []
    assert list(notes.warnings) == ["owners: a number of the office's own instead of a name"]


def test_patent_of_st96() -> None:
    """Numbers, main class first, both titles, claims without their numbers, math and tables."""
    (row,) = rows("wipo_st96_patent.xml")
    assert (row["id"], row["application_number"]) == ("CN113456789B", "CN202110123456.7")
    assert (row["kind_code"], row["patent_type"]) == ("B", "invention")
    assert row["grant_date"] == row["publication_date"] == date(2023, 2, 14)
    assert (row["filing_date"], row["priority_date"]) == (date(2021, 1, 29), date(2020, 3, 10))
    assert (row["ipc"], row["cpc"]) == (["H01M4/587", "C01B32/182"], ["H01M4/587"])
    assert [title["language"] for title in row["titles"]] == ["zh", "en"]
    assert row["claims"][0] == {
        "language": "zh",
        "label": "1",
        "text": "一种石墨烯负极，其特征在于：\n包括三层石墨烯；\n各层之间有隔离层。",
    }
    assert [passage["label"] for passage in row["description"]] == [None, "0001", "0002", "0003"]
    assert row["description"][2]["text"] == "负极的比容量按(Q)/(m)计算，C6为参比。"
    assert row["description"][3]["text"] == "结果见下表：\n样品 比容量\n一 372"
    assert names(row, "inventors") == ["发明人甲", "Inventor A"]
    assert [(c["publication_number"], c["category"]) for c in row["citations"]] == [
        ("CN101234567A", "XY"),
        (None, None),
    ]


def test_designs_of_st96() -> None:
    """Each design is a patent record of its own, with what the application says of all of them."""
    first, second = rows("wipo_st96_design.xml")
    assert [row["id"] for row in (first, second)] == ["EM0087654320001", "EM0087654320002"]
    for row in (first, second):
        assert (row["patent_type"], row.get("kind_code")) == ("design", None)
        assert row["application_number"] == "EM008765432"
        assert row["filing_date"] == date(2021, 11, 15)
        assert names(row, "applicants") == ["某某公司"]
        assert names(row, "agents") == ["Example Design Agents"]
        assert row["legal_events"][0]["name"] == "Filing receipt"
    assert (first["locarno"], second["locarno"]) == (["12-07"], ["13-02"])
    assert (first["legal_status"], second["legal_status"]) == ("granted", "lapsed")
    assert (names(first, "inventors"), second["inventors"]) == (["Designer A"], [])
    assert first["priorities"][0]["number"] == "CN202130345678.4"


def test_geographical_indication() -> None:
    """An indication is a mark of its own category: product, area, association and its users."""
    (row,) = rows("wipo_st96_gi.xml")
    assert (row["mark_text"], row["mark_category"]) == ("云雾谷茶", "geographical_indication")
    assert (row["translation"], row["transliteration"]) == ("Cloud Valley Tea", "Yunwugu Cha")
    assert [(c["nice_class"], c["goods"]) for c in row["classes"]] == [(30, ["茶", "绿茶"])]
    assert row["mark_description"].startswith("某县云雾谷乡行政区域\n")
    assert names(row, "owners") == ["某县云雾谷茶协会"]
    users = [event["text"] for event in row["legal_events"] if event["code"] == AUTHORISED_USER]
    assert users == ["某某茶厂", "某某茶业合作社"]
    assert (row["application_number"], row["legal_status"]) == ("CNGI2021000123", "registered")
    assert row["preliminary_publication_date"] == date(2022, 2, 10)


def test_indication_that_says_it_is_a_certification_mark() -> None:
    """The category of an indication follows its office where that calls it a mark."""
    content = (SAMPLES / "wipo_st96_gi.xml").read_bytes()
    content = content.replace(b">Geographical Indication<", b">Certification mark<")
    (found,) = read(wipo_st96.SOURCE, content)
    assert isinstance(found, Record)
    assert found.row["mark_category"] == "certification"


def test_euipo_answer() -> None:
    """An answer gives its marks and its designs, an international registration among them."""
    national, international, design = rows("euipo.json")
    assert (national["id"], national["mark_kind"]) == ("EM018765432", "combined")
    assert national["classes"][0]["goods"] == ["Graphene batteries", "Battery chargers"]
    assert national["preliminary_publication_date"] == date(2022, 10, 14)
    assert (international["id"], international["other_numbers"]) == ("EMW01612345", ["WO1612345"])
    assert international["filing_date"] == date(2021, 6, 18)
    assert (international["legal_status"], international["mark_kind"]) == ("registered", "word")
    assert (design["id"], design["locarno"]) == ("EM0087654320001", ["12-07"])
    assert (design["patent_type"], design["legal_status"]) == ("design", "granted")


def test_euipo_in_any_form_of_json() -> None:
    """Answers on one line each, arrays of entries and entries on lines give the same records."""
    answer = json.loads((SAMPLES / "euipo.json").read_text(encoding="utf-8"))
    entries = answer["trademarks"] + answer["designs"]
    expected = [row["id"] for row in rows("euipo.json")]
    line = json.dumps(answer).encode() + b"\n"
    assert [found.row["id"] for found in read(euipo.SOURCE, line + line)] == expected * 2  # type: ignore[union-attr]
    for content in (
        json.dumps(entries).encode(),
        b"\n".join(json.dumps(entry).encode() for entry in entries),
    ):
        assert euipo.recognises(content, "x")
        assert [found.row["id"] for found in read(euipo.SOURCE, content)] == expected  # type: ignore[union-attr]


def test_euipo_entries_that_cannot_be_read() -> None:
    """Each bad entry is a reject of its own; unknown words and keys are noted; the rest is read."""
    answer = {
        "trademarks": [
            "text",
            {"applicationNumber": "???"},
            {"applicationNumber": "1", "status": "NEW_WORD", "colour": "red", "niceClasses": [99]},
        ],
        "designs": [{"locarnoClasses": ["12.07"]}],
        "totalElements": 4,
    }
    notes = Notes()
    found = read(euipo.SOURCE, json.dumps(answer).encode(), notes)
    assert [type(result) for result in found] == [Reject, Reject, Record, Reject]
    assert notes.unmapped == {"colour"}
    assert set(notes.warnings) == {"classes: not a Nice class", "status: unknown word 'NEW_WORD'"}
    row = found[2].row  # type: ignore[union-attr]
    assert (row["legal_status"], row["legal_events"][0]["code"]) == (None, "NEW_WORD")


def test_mark_without_office_or_number_is_a_reject() -> None:
    """A mark that cannot be named is rejected with its place; the next one is read."""
    good = "<RegistrationOfficeCode>SE</RegistrationOfficeCode><ApplicationNumber>1900-62281"
    content = (
        "<Transaction><TradeMark><ApplicationNumber>1</ApplicationNumber></TradeMark>"
        "<TradeMark><RegistrationOfficeCode>SE</RegistrationOfficeCode></TradeMark>"
        f"<TradeMark>{good}</ApplicationNumber></TradeMark></Transaction>"
    ).encode()
    found = read(wipo_st66.SOURCE, content)
    assert [type(result) for result in found] == [Reject, Reject, Record]
    assert found[0].reason == "the record names no office: None"  # type: ignore[union-attr]
    assert found[2].row["id"] == "SE190062281"  # type: ignore[union-attr]


def test_parties_after_several_marks_are_nobody_s() -> None:
    """Parties that follow two marks are noted, not given to the last; a transaction is a border."""
    mark = (
        "<TradeMark><RegistrationOfficeCode>SE</RegistrationOfficeCode>"
        "<ApplicationNumber>{}</ApplicationNumber></TradeMark>"
    )
    parties = (
        "<ApplicantDetails><Applicant><FullName>某某公司</FullName></Applicant></ApplicantDetails>"
    )
    border = "<TransactionCode>Insert</TransactionCode>"
    notes = Notes()
    content = f"<T>{mark.format(1)}{mark.format(2)}{parties}</T>".encode()
    assert [found.row["owners"] for found in read(wipo_st66.SOURCE, content, notes)] == [[], []]  # type: ignore[union-attr]
    assert len(notes.warnings) == 1
    for between in (border, parties):
        content = f"<T>{mark.format(1)}{between}{mark.format(2)}{parties}</T>".encode()
        found = read(wipo_st66.SOURCE, content)
        assert names(found[1].row, "owners") == ["某某公司"]  # type: ignore[union-attr]


def test_unknown_elements_are_reported() -> None:
    """An element that nothing is made of is named in the notes."""
    content = (SAMPLES / "wipo_st96_trademark.xml").read_bytes()
    content = content.replace(b"<tmk:PriorityBag>", b"<tmk:Novel>new</tmk:Novel><tmk:PriorityBag>")
    notes = Notes()
    assert len(read(wipo_st96.SOURCE, content, notes)) == 2
    assert notes.unmapped == {"Novel"}


def test_prefixes_of_an_office_s_own() -> None:
    """Prefixes that only the wrapper declares, whatever they are, do no harm."""
    content = (SAMPLES / "wipo_st96_trademark.xml").read_bytes().replace(b"tmk:", b"own-mark:")
    assert [found.row["id"] for found in read(wipo_st96.SOURCE, content)] == [  # type: ignore[union-attr]
        "CN56781234",
        "US90123456",
    ]


@pytest.mark.parametrize("name", CASES)
def test_cut_off_anywhere(name: str) -> None:
    """A file that is cut off gives what was whole before the cut, and never more."""
    content = (SAMPLES / name).read_bytes()
    whole = len(rows(name))
    for end in range(0, len(content), 97):
        found = read(CASES[name], content[:end])
        assert sum(isinstance(result, Record) for result in found) <= whole
        for result in found:
            if isinstance(result, Record):
                to_batch([result.row], result.kind)


def test_status_words_are_statuses() -> None:
    """Every word of the tables stands for one of our statuses, every kind is one of ours."""
    assert {*WORDS.values(), *euipo.STATUS.values()} <= set(LEGAL_STATUSES)
    assert status_of("700", "US") == "registered"
    assert status_of("700", "CA") is None
    assert status_of("REGISTERED_AND_FULLY_PUBLISHED", "EM") == "registered"
    kinds = {row["mark_kind"] for name in CASES for row in rows(name) if "mark_kind" in row}
    assert kinds <= set(MARK_KINDS)


def test_small_readers() -> None:
    """Numbers of ST.13 lose type and filling; goods are split outside brackets of any width."""
    assert serial_of("300000010269701", "CA") == "010269701"
    assert serial_of("12345", "CA") == "12345"
    assert split_items("tea (green; black); coffee；咖啡。") == [
        "tea (green; black)",
        "coffee",
        "咖啡",
    ]
