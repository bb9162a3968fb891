"""The likeness of signs on pairs that others made by rule, read in place."""

from __future__ import annotations

import pytest

from benchmarks import likeness
from benchmarks.mark_generator import brand_names, mark_records, mark_texts
from ipsearch.records import to_batch

pytestmark = pytest.mark.skipif(not likeness.PAIRS.exists(), reason="no brand names here")


def test_no_worse_than_edit_similarity() -> None:
    """Scores tell similar pairs from others at least as well as plain edit similarity does."""
    figures = likeness.tell_apart()
    assert figures["roc_auc"] >= figures["roc_auc_edit_similarity"] > 0.99


def test_few_alerts_and_near_partners() -> None:
    """Among marks that know nothing of a name few are alerts; a partner is among the first."""
    names = brand_names(likeness.PAIRS / "trademarks_c.txt")
    index = likeness.Index(list(mark_texts(names, 10_000, seed=5)))
    assert index.keys_per_mark < 40
    found = likeness.alerts(index, 60)
    assert found["3 or more"]["mean"] < 0.3
    assert found["2 or less"]["mean"] < 6
    assert likeness.partners(index, 100)["10"] > 0.9


def test_candidates_hold_the_first_of_a_scan() -> None:
    """What a scan of all marks puts first is among the first candidates by keys."""
    names = brand_names(likeness.PAIRS / "trademarks_c.txt")
    index = likeness.Index(list(mark_texts(names, 3_000, seed=6)))
    figures = likeness.scan(index, likeness.questions(60, index))
    assert figures["wanted"] > 15
    assert figures["found_at"]["300"] > 0.98


def test_made_up_marks_are_records() -> None:
    """Made-up marks are different, the beginning of more, and records of our own form."""
    names = brand_names(likeness.PAIRS / "trademarks_c.txt")
    texts = list(mark_texts(names, 3_000))
    assert len(set(texts)) == 3_000
    assert texts[:500] == list(mark_texts(names, 500))
    rows = [{k: v for k, v in row.items() if k != "kind"} for row in mark_records(names, 500)]
    assert [row["mark_text"] for row in rows] == texts[:500]
    assert {row["legal_status"] for row in rows} == {"pending", "registered", "refused", "expired"}
    assert to_batch([_dated(row) for row in rows], "trademark").num_rows == 500


def _dated(row: dict[str, object]) -> dict[str, object]:
    from datetime import date

    return {
        key: date.fromisoformat(value)
        if key.endswith("_date") and isinstance(value, str)
        else value
        for key, value in row.items()
    }
