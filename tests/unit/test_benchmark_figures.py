"""Sampling, percentiles, fitted lines and tables of the benchmarks, on figures known by hand."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks import lines
from benchmarks.ask import percentiles
from benchmarks.brute_force import Agreement
from benchmarks.generate import BLOCK_RECORDS, Descriptions, records, text_characters, write
from benchmarks.peers.texts import byte_ranges, read_batches
from benchmarks.plot import Panel, Series, nice_top, svg
from benchmarks.samples import Sample, SampledRecord, _with_shares
from benchmarks.scale import last_rate
from benchmarks.scale_report import as_markdown, fit
from benchmarks.tasks import NOVELTY, Task, make_tasks
from benchmarks.update import replacement


def _sample(count: int) -> Sample:
    made = [
        SampledRecord(
            record["titles"][0]["text"],
            record["abstracts"][0]["text"],
            tuple(claim["text"] for claim in record["claims"]),
            record["publication_date"],
            tuple(record["ipc"]),
        )
        for record in records(1, 0, count)
    ]
    return _with_shares(made)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return _sample(4_000)


def test_descriptions_change_nothing_else() -> None:
    """With descriptions a record is what it is without, and one of so many characters is added."""
    without = list(records(1, 0, 40))
    described = list(records(1, 0, 40, Descriptions(0.5, 1_000)))
    lengths = [
        text_characters(d) - text_characters(w) for d, w in zip(described, without, strict=True)
    ]
    for record in described:
        record.pop("description", None)
    assert described == without
    some = [length for length in lengths if length]
    assert 10 <= len(some) <= 30
    assert all(1_000 <= length < 1_200 for length in some)


def test_a_file_may_begin_anywhere(tmp_path: Path) -> None:
    """Files of consecutive ranges hold, one after another, what one file of all of them holds."""
    whole = write(tmp_path / "whole", BLOCK_RECORDS + 20, 1)
    write(tmp_path / "a", BLOCK_RECORDS - 10, 1)
    write(tmp_path / "b", 30, 1, start=BLOCK_RECORDS - 10)
    joined = (tmp_path / "a").read_bytes() + (tmp_path / "b").read_bytes()
    assert joined == (tmp_path / "whole").read_bytes()
    assert len(joined) == whole.bytes


def test_shares_are_those_of_a_plain_count(sample: Sample) -> None:
    """A word's share is the share of records whose text holds it, counted by reading them."""
    texts = [" ".join((r.title, r.abstract, *r.claims)) for r in sample.records]
    pick = random.Random(1)
    for term in pick.sample(sample.terms_between(0.001, 0.2), 30):
        held = sum(term in text for text in texts) / len(texts)
        assert 0 < sample.shares[term] <= held  # a word within another is another term


def test_tasks_repeat_and_are_what_they_say(sample: Sample) -> None:
    """The same sample gives the same tasks; novelty has words of every band; texts are quoted."""
    tasks = make_tasks(sample, 4_000, 1, 20)
    assert tasks == make_tasks(sample, 4_000, 1, 20)
    assert [Task.from_dict(task.to_dict()) for task in tasks] == tasks
    by_category: dict[str, list[Task]] = {}
    for task in tasks:
        by_category.setdefault(task.category, []).append(task)
    assert {len(found) for found in by_category.values()} == {20}
    for task in by_category["novelty"]:
        assert len(set(task.terms)) == len(task.terms) == sum(count for count, _, _ in NOVELTY)
        common = sum(sample.shares[term] >= 0.01 for term in task.terms)
        assert common == NOVELTY[2][0]
    texts = [" ".join((r.title, r.abstract, *r.claims)) for r in sample.records]
    for task in by_category["phrase"]:
        (piece,) = task.terms
        assert 2 <= len(piece) <= 10
        assert task.expression == f'"{piece}"'
        assert any(piece in text for text in texts)
    assert len({len(task.terms[0]) for task in by_category["phrase"]}) > 4
    assert all(task.offset == 400 for task in by_category["deep"])


def test_the_broad_filter_keeps_most(sample: Sample) -> None:
    """About 85 % of the records were published before the day of the broad filter."""
    task = next(t for t in make_tasks(sample, 4_000, 1, 1) if t.category == "novelty_before")
    assert task.before is not None
    cut_off = date.fromisoformat(task.before)
    days = [record.published for record in sample.records if record.published]
    assert sum(day < cut_off for day in days) / len(days) == pytest.approx(0.85, abs=0.01)


def test_a_sample_without_words_is_refused() -> None:
    """Records that say nothing cannot be asked for, and are not asked for endlessly."""
    empty = SampledRecord("", "", (), None, ())
    with pytest.raises(ValueError, match="too few words"):
        make_tasks(_with_shares([empty] * 5), 5, 1, 1)


def test_percentiles() -> None:
    """The nearest rank is taken; of one value all three are that value; of none they are null."""
    values = [float(value) for value in range(1, 101)]
    assert percentiles("q", values) == {"q_p50_ms": 50.0, "q_p95_ms": 96.0, "q_max_ms": 100.0}
    assert set(percentiles("q", [7.0]).values()) == {7.0}
    assert set(percentiles("q", []).values()) == {None}


def test_agreement() -> None:
    """Two of ten missed and two false among ten found: recall and precision are 0.8."""
    agreement = Agreement(texts=1, wanted=10, missed=2, false=2)
    assert agreement.recall == pytest.approx(0.8)
    assert agreement.precision == pytest.approx(0.8)
    assert Agreement().recall is Agreement().precision is None


def test_fit_finds_the_line() -> None:
    """Points on a line give that line; one x alone gives none."""
    line = fit([1.0, 2.0, 5.0], [7.0, 9.0, 15.0])
    assert line is not None
    assert (line.intercept, line.slope, line.r2) == pytest.approx((5.0, 2.0, 1.0))
    assert line.at(160) == pytest.approx(325)
    assert fit([2.0, 2.0], [1.0, 3.0]) is None


def test_last_rate() -> None:
    """Only the steps that make up the span count; a shorter history counts as a whole."""
    totals, seconds = [500, 1_000, 1_500], [1.0, 2.0, 4.0]
    assert last_rate(totals, seconds, span=1_000) == pytest.approx(1_000 / 6)
    assert last_rate(totals, seconds, span=500) == pytest.approx(125)
    assert last_rate(totals, seconds, span=9_999) == pytest.approx(1_500 / 7)


def _point(size: int) -> dict[str, Any]:
    found = {key: float(size) / 1e6 for key in ("ranked_p50_ms", "ranked_p95_ms", "shown_p95_ms")}
    point: dict[str, Any] = dict.fromkeys(lines.SCALE_KEYS)
    return point | {
        "date": "2026-01-05", "commit": "abc", "machine": "m", "corpus": "c", "records": size,
        "corpus_sha256": "0" * 64, "build_s": size / 5_000, "records_per_s": 5_000.0,
        "last_million_records_per_s": 5_000.0, "index_bytes": size * 1_000,
        "records_bytes": size * 500, "peak_largest_anon_bytes": 10**9, "search_anon_bytes": 10**8,
        "categories": {"rare": found, "facets": {"left_out": "no"}}, "cold_query_s": 0.5,
    }  # fmt: skip


def test_scale_report() -> None:
    """A corpus that grows in a straight line is told to go on so; what is left out is a dash."""
    text = as_markdown([_point(1_000_000), _point(2_000_000), _point(5_000_000)])
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("|")}
    assert rows["index, GB"].split("|")[2:5] == [" 1 ", " 1 ", " 160 "]
    assert rows["rare, ranked p95, ms"].split("|")[4] == " 160 "
    assert set(rows["facets"].split("|")[2:-1]) == {" - "}


def test_the_plot_is_a_picture() -> None:
    """The plot is well-formed, has a point for every value, and none lies outside it."""
    series = Series("a <b>", [(1.0, 3.0), (10.0, 370.0)])
    root = ElementTree.fromstring(svg([Panel("title & more", [series], True), Panel("none", [])]))
    circles = [e for e in root.iter() if e.tag.endswith("circle")]
    assert len(circles) == 2
    for circle in circles:
        assert 0 <= float(circle.attrib["cx"]) <= 380
        assert 0 <= float(circle.attrib["cy"]) <= 250


@pytest.mark.parametrize(("value", "top"), [(370, 400), (1, 1), (0.011, 0.02), (9, 10), (0, 1)])
def test_nice_top(value: float, top: float) -> None:
    """An axis ends at a round number that is not below its values."""
    assert nice_top(value) == pytest.approx(top)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_byte_ranges_lose_no_line(tmp_path: Path, count: int) -> None:
    """Ranges of a file give every line once, in order, however uneven the lines are."""
    file = tmp_path / "lines"
    content = [b"x" * (n * 37 % 90) + b"\n" for n in range(200)]
    file.write_bytes(b"".join(content))
    read = [
        line for span in byte_ranges(file, count) for b in read_batches(file, span) for line in b
    ]
    assert read == content


def test_replacement_keeps_the_numbers() -> None:
    """A replacement has the numbers of the old record and the texts of the other, and is later."""
    old, other = next(records(1, 0, 1)), next(records(2, 0, 1))
    new = replacement(old, other)
    assert (new["id"], new["application_number"]) == (old["id"], old["application_number"])
    assert new["titles"] == other["titles"] != old["titles"]
    day = date.fromisoformat(new["transaction_date"])
    assert day > old["publication_date"] - timedelta(1)


def test_table() -> None:
    """Numbers are written to be read, and what is not known is a dash."""
    text = lines.table([{"a": 1234567, "b": 0.12345}, {"a": None, "b": "x"}], {"a": "A", "b": "B"})
    assert text.splitlines() == [
        "| A | B |", "|---|---|", "| 1,234,567 | 0.1235 |", "| - | x |"
    ]  # fmt: skip
