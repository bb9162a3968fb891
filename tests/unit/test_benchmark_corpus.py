"""The benchmark corpus: reproducible, valid, and without repetition."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import lines
from benchmarks.generate import (
    BLOCK_RECORDS,
    MAX_RECORDS,
    RECORDS_PER_APPLICANT,
    Record,
    application_number,
    publication_number,
    records,
)
from benchmarks.text_model import draws, zipf_table
from ipsearch.records import LEGAL_STATUSES, PATENT, PATENT_TYPES, to_batch

COUNT = 800
DRAWS = [30104, 40309, 27301, 35136]


@pytest.fixture(scope="module")
def corpus() -> list[Record]:
    return list(records(1, 0, COUNT))


def test_prefix(corpus: list[Record]) -> None:
    """A smaller corpus is the beginning of a larger one, and a range is cut out of the whole."""
    border = BLOCK_RECORDS
    assert list(records(1, 0, 30)) == corpus[:30]
    assert list(records(1, border - 2, border + 2)) == corpus[border - 2 : border + 2]


def test_seeds_differ(corpus: list[Record]) -> None:
    """Another seed gives other texts."""
    other = {record["titles"][0]["text"] for record in records(2, 0, 50)}
    assert not other & {record["titles"][0]["text"] for record in corpus}


def test_range_is_checked() -> None:
    """More records than there are application numbers are refused."""
    with pytest.raises(ValueError, match="no such range of records: 0 to 10000001"):
        next(records(1, 0, MAX_RECORDS + 1))


def test_draws_are_pinned() -> None:
    """The numbers behind every choice are the same on every machine."""
    source = draws("1/block/0")
    assert [next(source) for _ in range(4)] == DRAWS


def test_zipf_table() -> None:
    """A rank's places are in proportion to 1 / rank, and none is left over."""
    table = zipf_table(4, 2500)
    assert [table.count(rank) for rank in range(4)] == [1200, 600, 400, 300]


def test_records_fit_the_schema(corpus: list[Record]) -> None:
    """Each record says first that it is a patent; all else are columns of the schema."""
    rows = []
    for record in corpus:
        assert next(iter(record)) == "record"
        row = {"source": "made up", **record}
        assert row.pop("record") == "patent"
        assert row.keys() <= set(PATENT.names)
        rows.append(row)
    assert to_batch(rows, "patent").num_rows == COUNT


def test_application_number_check_digit() -> None:
    """The check digit is that of a published number, CN201510163325.6; ten is written X."""
    assert _check_digit("201510163325") == "6"
    digits = set()
    for position in range(2_000):
        number = application_number(position, 2004 + position % 19)
        assert re.fullmatch(r"CN20\d\d[12]\d{7}\.[\dX]", number)
        assert number[-1] == _check_digit(number[2:14])
        digits.add(number[-1])
    assert digits == set("0123456789X")


def _check_digit(digits: str) -> str:
    """The first eight digits weigh 2 to 9, the last four 2 to 5; modulo 11."""
    front = sum(int(digits[i]) * (i + 2) for i in range(8))
    back = sum(int(digits[i + 8]) * (i + 2) for i in range(4))
    return "0123456789X"[(front + back) % 11]


def test_numbers_are_unique(corpus: list[Record]) -> None:
    """No two records share a publication or an application number, however far apart."""
    assert len({record["application_number"] for record in corpus}) == COUNT
    far = [*range(3_000), *range(4_999_000, 5_001_000), *range(MAX_RECORDS - 3_000, MAX_RECORDS)]
    assert len({publication_number(position) for position in far}) == len(far)
    assert len({application_number(position, 2010)[7:14] for position in far}) == len(far)


def test_citations_are_of_earlier_records(corpus: list[Record]) -> None:
    """A cited number is that of a record that comes before."""
    positions = {record["publication_number"]: i for i, record in enumerate(corpus)}
    cited = [
        (positions[citation["publication_number"]], i)
        for i, record in enumerate(corpus)
        for citation in record["citations"]
    ]
    assert len(cited) > 100
    assert all(earlier < later for earlier, later in cited)


def test_applicants(corpus: list[Record]) -> None:
    """There is one applicant's name per twenty records, and few of them have many records."""
    names = Counter(party["name"] for record in corpus for party in record["applicants"])
    assert len(names) == COUNT // RECORDS_PER_APPLICANT
    shares = [count for _, count in names.most_common()]
    assert shares[0] > 5 * shares[-10]
    assert all(1 <= len(record["applicants"]) <= 4 for record in corpus)


def test_metadata(corpus: list[Record]) -> None:
    """Symbols, dates, kinds and status are of the right form and agree with each other."""
    for record in corpus:
        assert 1 <= len(record["ipc"]) == len(set(record["ipc"])) <= 5
        assert all(re.fullmatch(r"[A-H]\d\d[A-M]\d+/\d\d", symbol) for symbol in record["ipc"])
        assert 1 <= len(record["inventors"]) <= 6
        assert record["filing_date"] < record["publication_date"] <= record["status_date"] or (
            record["legal_status"] == "expired"
        )
        assert (record["grant_date"] is None) == (record["kind_code"] == "A")
        assert (record["priority_date"] is None) == (not record["priorities"])
        assert record["priority_date"] is None or record["priority_date"] < record["filing_date"]
        assert record["legal_status"] in LEGAL_STATUSES
        assert record["patent_type"] in PATENT_TYPES
    assert {record["kind_code"] for record in corpus} == {"A", "B", "U"}


def test_lengths(corpus: list[Record]) -> None:
    """A title has about 20 characters, an abstract 240, the claims 300."""
    titles = [len(record["titles"][0]["text"]) for record in corpus]
    abstracts = [len(record["abstracts"][0]["text"]) for record in corpus]
    claims = [sum(len(claim["text"]) for claim in record["claims"]) for record in corpus]
    assert sum(titles) / COUNT == pytest.approx(20, abs=2)
    assert sum(abstracts) / COUNT == pytest.approx(240, abs=15)
    assert sum(claims) / COUNT == pytest.approx(300, abs=15)


def test_claims_refer_backwards(corpus: list[Record]) -> None:
    """Claim 1 is independent; each other one refers to one before it."""
    for record in corpus:
        first, *others = record["claims"]
        assert "根据权利要求" not in first["text"]
        for label, claim in enumerate(others, 2):
            assert claim["label"] == str(label)
            match = re.match(r"根据权利要求(\d+)所述的", claim["text"])
            assert match
            assert int(match[1]) < label


def test_a_line_names_everything(tmp_path: Path) -> None:
    """A result line has every key; what was not measured is null, and an unknown key is refused."""
    path = tmp_path / "results" / "lines.jsonl"
    lines.append(path, ("records", "cpu_s"), {"records": 5})
    line = json.loads(path.read_text(encoding="utf-8"))
    assert list(line) == ["date", "commit", "machine", "records", "cpu_s"]
    assert (line["records"], line["cpu_s"]) == (5, None)
    with pytest.raises(KeyError, match="speed"):
        lines.append(path, ("records",), {"speed": 5})
