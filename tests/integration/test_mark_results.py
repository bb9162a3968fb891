"""What is done with results, on marks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import ipsearch
from ipsearch.errors import QueryError
from ipsearch.records import to_batch

Row = dict[str, Any]


def made_up(number: int) -> Row:
    """Make a mark in one to three classes, some of them with similar groups."""
    classes = [
        {
            "nice_class": 1 + (number + i) % 5,
            "goods": ["草原用品"],
            "similar_groups": [{"group": "0901", "part": "一"}, {"group": "0902", "part": None}],
        }
        for i in range(1 + number % 3)
    ]
    return {
        "id": f"CN{10_000_000 + number}",
        "application_number": f"CN{10_000_000 + number}",
        "office": "CN",
        "source": "test",
        "mark_text": ("草原", "草原之星", None)[number % 3],
        "owners": [{"name": f"某某{number % 7}公司", "province": "内蒙古自治区"}],
        "preliminary_publication_date": date(2010 + number % 4, 1, 1) if number % 5 else None,
        "classes": classes if number % 4 else None,
        "legal_status": "registered" if number % 2 else None,
    }


ROWS = [made_up(number) for number in range(60)]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    """A corpus of sixty marks."""
    corpus = ipsearch.create(tmp_path_factory.mktemp("marks") / "corpus", shards=2)
    corpus.ingest(pa.Table.from_batches([to_batch(ROWS, "trademark")]), workers=1)
    return corpus


def test_facets(corpus: ipsearch.Corpus) -> None:
    """Nice classes, groups, owners, years and statuses are counted once a mark."""
    counted = corpus.facets("*", ["nice", "group", "owner", "year", "status", "province"], None)
    with_classes = [row for row in ROWS if row["classes"]]
    nice = Counter(
        n for row in with_classes for n in {str(c["nice_class"]) for c in row["classes"]}
    )
    assert dict(counted["nice"].values) == nice
    assert counted["nice"].missing == len(ROWS) - len(with_classes)
    assert dict(counted["group"].values) == dict.fromkeys(["0901", "0902"], len(with_classes))
    assert dict(counted["owner"].values) == Counter(row["owners"][0]["name"] for row in ROWS)
    days = [row["preliminary_publication_date"] for row in ROWS]
    assert dict(counted["year"].values) == Counter(str(day.year) for day in days if day)
    assert counted["year"].missing == days.count(None)
    assert counted["status"].values == (("registered", 30),)
    assert list(corpus.facets("草原")) == ["office", "year", "owner", "nice", "status"]


def test_order_and_groups(corpus: ipsearch.Corpus) -> None:
    """Marks are sorted by their words and days, and have applications but no families."""
    texts = [hit.mark_text for hit in corpus.query("*", limit=60, order_by="-tm")]
    assert texts == ["草原之星"] * 20 + ["草原"] * 20 + [None] * 20
    days = [hit.publication_date for hit in corpus.query("*", limit=60, order_by="pd")]
    assert days[-12:] == [None] * 12 and days[:-12] == sorted(day for day in days if day)
    results = corpus.query("草原", limit=60, one_per="application")
    assert results.total == 40 and all(hit.members == (hit.id,) for hit in results)
    with pytest.raises(QueryError, match="application"):
        corpus.query("草原", one_per="family")


def test_export(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """Marks go to every format; their classes are one cell."""
    for ending in ("csv", "xlsx", "jsonl", "parquet", "ris"):
        assert corpus.export("草原", tmp_path / f"marks.{ending}").records == 40
    text = (tmp_path / "marks.csv").read_text("utf-8-sig")
    assert "0901 一, 0902 草原用品" in text
    assert (tmp_path / "marks.ris").read_text().count("TY  - GEN") == 40
