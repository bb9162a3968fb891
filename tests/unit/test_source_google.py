from __future__ import annotations

import datetime
import io
import json
from typing import Any

from ipsearch.identifiers import ApplicationNumber, PublicationNumber
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.google_flat import read_citations
from ipsearch.sources.google_patents import SOURCE


def _read(data: bytes, start: int = 0, end: int | None = None) -> list[Record | Reject]:
    opened = Input("g", io.BytesIO(data), len(data), True, Notes(), start, end)
    return list(SOURCE.read(opened))


def _nested(**more: Any) -> dict[str, Any]:
    return {"publication_number": "CN-108900011-A", "country_code": "CN", **more}


def _row(found: dict[str, Any]) -> dict[str, Any]:
    (item,) = _read(json.dumps(found).encode())
    assert isinstance(item, Record), item
    return item.row


def test_dates_are_integers_and_zero_is_none() -> None:
    """20181127 is a day, 0 is no day, 20180000 is warned of."""
    row = _row(_nested(publication_date=20181127, grant_date=0, filing_date="20180508"))
    assert row["publication_date"] == datetime.date(2018, 11, 27)
    assert row["filing_date"] == datetime.date(2018, 5, 8)
    assert "grant_date" not in row


def test_a_priority_that_is_the_filing_itself_is_none() -> None:
    """Google fills the priority date of an application that claims none."""
    claim = [{"application_number": "CN-201810900011-A", "filing_date": 20180508}]
    row = _row(
        _nested(
            application_number="CN-201810900011-A",
            filing_date=20180508,
            priority_date=20180508,
            priority_claim=claim,
        )
    )
    assert row["application_number"] == "CN201810900011.3"
    assert "priority_date" not in row
    assert "priorities" not in row


def test_texts_keep_their_languages_with_the_office_s_own_first() -> None:
    """A Chinese document's Chinese title comes first."""
    titles = [{"text": "Battery", "language": "en"}, {"text": "电池", "language": "zh"}]
    row = _row(_nested(title_localized=titles))
    assert [title["language"] for title in row["titles"]] == ["zh", "en"]


def test_claims_are_numbered_and_counted_in_one_language() -> None:
    """Claims in two languages are counted once."""
    texts = [
        {"text": "1. A battery.\n2. The battery of claim 1.", "language": "en"},
        {"text": "1.一种电池。\n2.如权利要求1所述的电池。", "language": "zh"},
    ]
    row = _row(_nested(claims_localized=texts))
    assert row["claim_count"] == 2
    assert [claim["label"] for claim in row["claims"]] == ["1", "2", "1", "2"]
    assert row["claims"][0]["language"] == "zh"


def test_citations_have_origin_and_relevance() -> None:
    """Origin and relevance are told apart wherever they stand."""
    row = _row(
        _nested(
            citation=[
                {"publication_number": "US-2016099458-A1", "category": "SEA", "type": "X"},
                {"npl_text": "示例学报", "category": "A", "type": "APP"},
            ]
        )
    )
    assert row["citations"] == [
        {"publication_number": "US20160099458A1", "cited_by": "examiner", "category": "X"},
        {"text": "示例学报", "cited_by": "applicant", "category": "A"},
    ]


def test_a_broken_line_is_a_reject_and_the_rest_is_read() -> None:
    """Positions are lines; what is wrong is named."""
    good = json.dumps(_nested()).encode()
    items = _read(good + b'\n{broken\n\n[1]\n{"publication_number": null}\n' + good)
    assert [item.position for item in items] == ["line 1", "line 2", "line 4", "line 5", "line 6"]
    assert [isinstance(item, Reject) for item in items] == [False, True, True, True, False]


def test_ranges_of_bytes_give_every_line_once() -> None:
    """However a file is cut, each line is read by the range that it begins in."""
    numbers = [f"CN-10890{number:04d}-A" for number in range(40)]
    lines = [json.dumps(_nested(publication_number=number)) for number in numbers]
    data = "\n".join(lines).encode()
    for size in (1, 7, 95, len(lines[0]), len(lines[0]) + 1, len(data)):
        found = [
            item.row["id"]
            for start in range(0, len(data), size)
            for item in _read(data, start, min(start + size, len(data)))
            if isinstance(item, Record)
        ]
        assert found == [number.replace("-", "") for number in numbers]


def test_an_array_is_read_by_its_first_range_alone() -> None:
    """An array cannot be divided: the other ranges of it are empty."""
    data = json.dumps([_nested(), _nested(publication_number="CN-108900012-A")]).encode()
    assert len(_read(data, 0, 10)) == 2
    assert _read(data, 10, len(data)) == []


def test_an_array_that_breaks_off_gives_what_came_before() -> None:
    """A truncated array ends in one reject."""
    data = json.dumps([_nested(), _nested(publication_number="CN-108900012-A")]).encode()
    items = _read(data[:-20])
    assert [type(item) for item in items] == [Record, Reject]
    assert items[1].position == "document 2"


def test_flat_forms() -> None:
    """Keys in any case, the language in the key, citations in one string without repeats."""
    row = _row(
        {"publication_number": "US-4058776-A", "abstract_en": "A", "Citations": "US-1-A,US-1-A"}
    )
    assert row["abstracts"] == [{"language": "en", "text": "A"}]
    assert len(row["citations"]) == 1
    assert row["product"] == "flat"
    text = b'Publication_Number,Abstract,Description,Claim\nUS-7636639-B2,"A\nB",D1\nE1,1. C\n'
    assert SOURCE.recognises(text, "x.csv")
    assert not SOURCE.recognises(b"publication_number,title\nCN108900011A,T\n", "x.csv")


def test_citations_of_any_form_are_read_as_alone() -> None:
    """All citations of a record at once give the numbers that each gives by itself."""
    texts = (
        *("US-3792375-A", "US-2004137729-A1", "US-2004137-A", "US-D435854-S", "US-RE12345-E"),
        *("US-PP12345-P2", "EP-1234567-B1", "WO-2019123456-A1", "WO-9912345-A1", "WO-0212345-A2"),
        *("WO-02012345-A2", "JP-H05123456-A", "JP-2010123456-A", "JP-S6012345-U", "CN-1234567-A"),
        *("CN-109900018-B", "KR-20100123456-A", "DE-102010012345-A1", "GB-123-A", "TW-I123456-B"),
    )
    for text in texts:
        expected = [str(PublicationNumber.parse(text))]
        assert read_citations(text, Notes()) == expected
    together = read_citations(f",{','.join(texts)},,{texts[0]},", Notes())
    assert together == list(dict.fromkeys(str(PublicationNumber.parse(text)) for text in texts))


def test_an_odd_citation_leaves_the_others_as_they_are() -> None:
    """One unreadable number is kept as text behind the readable ones, and warned of."""
    notes = Notes()
    read = read_citations("US-7-B1,?, US-2004137729-A1", notes)
    numbers = [{"publication_number": "US7B1"}, {"publication_number": "US20040137729A1"}]
    assert read == [*numbers, {"text": "?"}]
    assert len(notes.warnings) == 1


def test_f_terms_have_their_usual_name() -> None:
    """The scheme of F-terms is called as other sources call it."""
    row = _row(_nested(fterm=[{"code": "5H050AA02"}], uspc=[{"code": "429/231"}]))
    assert [entry["scheme"] for entry in row["other_classes"]] == ["USPC", "F-term"]


def test_european_applications_meet_the_office_s_own() -> None:
    """An EP number with its check digit and one without are one."""
    number = "EP-10167109-A"
    row = _row(
        {"publication_number": "EP-2390001-A1", "country_code": "EP", "application_number": number}
    )
    assert row["application_number"] == str(ApplicationNumber.parse("10167109.5", "EP"))
