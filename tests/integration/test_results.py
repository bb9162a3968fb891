"""Everything done with a result, against plain Python over the same records."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import ipsearch
from ipsearch.errors import QueryError
from ipsearch.records import PATENT, to_batch
from ipsearch.search import collapse, facets, matches, ordering

Row = dict[str, Any]

_PROVINCES = ("湖北省", "广东省", None, "")
_STATUSES = ("granted", "pending", "lapsed", None)
_KINDS = ("A", "A1", "B", "B2", "U", None)
_SYMBOLS = ("H01M10/0525", "H01M4/36", "H01M4/38", "H02J7/00", "C01B32/182", "B60L")


def made_up(number: int) -> Row:
    """Make a record in which values are missing, doubled, and equal to those of many others."""
    pick = random.Random(number)
    application = number // 2 if number % 3 else number  # some documents share an application
    day = date(1990 + pick.randrange(30), 1 + pick.randrange(12), 1)
    parties = [
        {"name": f"某某{pick.randrange(300)}公司", "province": pick.choice(_PROVINCES)}
        for _ in range(pick.randrange(4))
    ]
    kind = pick.choice(_KINDS)
    office = "US" if application % 3 == 0 else "CN"
    own = f"US14{100_000 + application}" if office == "US" else f"CN2007{1_000_000 + application}.X"
    publication = f"{office}{(10 if office == 'US' else 200) * 1_000_000 + number}{kind or ''}"
    return {
        "id": publication,
        "publication_number": publication,
        "application_number": own,
        "office": office,
        "kind_code": kind,
        "source": "test",
        "family_id": pick.choice((None, f"{pick.randrange(400)}")),
        "extended_family_id": f"{pick.randrange(400)}",
        "publication_date": pick.choice((None, day)),
        "filing_date": day - timedelta(days=400),
        "claim_count": pick.choice((None, 0, 1, 7)),
        "titles": [{"language": "zh", "text": pick.choice(("电池", "电池装置", "一种电池"))}],
        "abstracts": [{"language": "zh", "text": "电池" * pick.randrange(3) + "方法"}],
        "claims": [{"language": "zh", "label": "1", "text": "电池" * pick.randrange(3)}],
        "ipc": pick.choices(_SYMBOLS, k=pick.randrange(4)),
        "applicants": parties if pick.random() < 0.8 else None,
        "owners": [{"name": f"某某{pick.randrange(300)}公司", "province": "湖北省"}],
        "inventors": [{"name": f"发明人{pick.randrange(50)}"} for _ in range(pick.randrange(3))],
        "legal_status": pick.choice(_STATUSES),
    }


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    """A corpus of 900 records, brought in in three deliveries."""
    corpus = ipsearch.create(tmp_path_factory.mktemp("results") / "corpus", shards=2)
    for begin in range(0, 900, 300):
        rows = [made_up(number) for number in range(begin, begin + 300)]
        table = pa.Table.from_batches([to_batch(rows, "patent")])
        assert corpus.ingest(table, workers=1).added == 300
    return corpus


@pytest.fixture(scope="module")
def rows(corpus: ipsearch.Corpus) -> list[Row]:
    """What the corpus shows."""
    return [row for batch in corpus.batches("patent") for row in batch.to_pylist()]


@pytest.fixture(params=["as it is", "in small steps"])
def steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is meant for millions be reached by a few."""
    if request.param == "in small steps":
        monkeypatch.setattr(ordering, "SHALLOW", 100)
        monkeypatch.setattr(ordering, "_AT_ONCE", 150)
        monkeypatch.setattr(matches, "_AT_ONCE", 130)
        monkeypatch.setattr(collapse, "_MOST_READ", 50)
        monkeypatch.setattr(facets, "_MOST_PENDING", 20)


def has_battery(row: Row) -> bool:
    """Say whether a query for 电池 finds it."""
    texts = (text["text"] for name in ("titles", "abstracts", "claims") for text in row[name])
    return any("电池" in text for text in texts)


def first_applicant(row: Row) -> str | None:
    """Give what a table shows first as the applicant."""
    names = [party["name"] for party in row["applicants"] or () if party["name"]]
    names += [party["name"] for party in row["owners"] or () if party["name"]]
    return names[0] if names else None


ORDERS: dict[str, Callable[[Row], Any]] = {
    "pd": lambda row: row["publication_date"],
    "公开日": lambda row: row["publication_date"],
    "ad": lambda row: row["filing_date"],
    "nclaims": lambda row: len(row["claims"]) if row["claim_count"] is None else row["claim_count"],
    "id": lambda row: row["id"],
    "title": lambda row: row["titles"][0]["text"],
    "applicant": first_applicant,
    "office": lambda row: row["office"],
    "ls": lambda row: row["legal_status"],
}


def in_pages(corpus: ipsearch.Corpus, expression: str, size: int, **more: Any) -> Iterator[Any]:
    """Give all hits of a query, page by page."""
    offset = 0
    while hits := corpus.query(expression, limit=size, offset=offset, **more):
        assert [hit.rank for hit in hits] == list(range(offset + 1, offset + 1 + len(hits)))
        yield from hits
        offset += size


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("order", ["relevance", "pd", "-pd", "-nclaims", "title", "-applicant"])
@pytest.mark.parametrize("expression", ["电池", "电池 方法", "ti:电池 AND ipc:H01M"])
def test_pages_hold_each_hit_once(
    corpus: ipsearch.Corpus, rows: list[Row], expression: str, order: str
) -> None:
    """Pages of any size, one after the other, give each hit exactly once and in one order."""
    whole = [hit.id for hit in corpus.query(expression, limit=10_000, order_by=order)]
    assert len(set(whole)) == len(whole) == corpus.query(expression, order_by=order).total
    if expression == "电池":
        assert set(whole) == {row["id"] for row in rows if has_battery(row)}
    for size in (70, 333):
        assert [hit.id for hit in in_pages(corpus, expression, size, order_by=order)] == whole


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("minus", ["", "-"])
def test_order_is_that_of_the_values(
    corpus: ipsearch.Corpus, rows: list[Row], name: str, minus: str
) -> None:
    """Hits come in the order of their values; those without one come last in both directions."""
    value_of = {row["id"]: ORDERS[name](row) for row in rows}
    hits = corpus.query("电池", limit=10_000, order_by=minus + name, office="CN")
    values = [value_of[hit.id] for hit in hits]
    known = sorted((value for value in values if value is not None), reverse=minus == "-")
    assert values == known + [None] * (len(values) - len(known))
    is_there = {row["id"] for row in rows if has_battery(row) and row["office"] == "CN"}
    assert {hit.id for hit in hits} == is_there


def test_relevance_is_by_score(corpus: ipsearch.Corpus) -> None:
    """By relevance, no score is greater than the one before it, within and beyond a page."""
    scores = [hit.score for hit in in_pages(corpus, "电池 方法", 91)]
    assert scores == sorted(scores, reverse=True)


def test_an_unknown_order_is_named(corpus: ipsearch.Corpus) -> None:
    """What cannot be sorted by is an error that says what can."""
    for order in ("colour", "tac", "-relevance", ""):
        with pytest.raises(QueryError, match="relevance pd"):
            corpus.query("电池", order_by=order)
    with pytest.raises(QueryError, match="family"):
        corpus.query("电池", one_per="inventor")


@pytest.mark.usefixtures("steps")
def test_scan_gives_all_that_matches(corpus: ipsearch.Corpus, rows: list[Row]) -> None:
    """A scan gives every record that matches, whole and once, whatever narrows the result."""
    first = date(2000, 1, 1)
    reader = corpus.scan("电池", office="US", published_from=first, in_class="H01M")
    assert reader.schema.equals(PATENT)
    found = {row["id"]: row for row in reader.read_all().to_pylist()}
    expected = {
        row["id"]: row
        for row in rows
        if has_battery(row)
        and row["office"] == "US"
        and row["publication_date"]
        and row["publication_date"] >= first
        and any(symbol.startswith("H01M") for symbol in row["ipc"])
    }
    assert found == expected and expected


def test_scan_of_columns(corpus: ipsearch.Corpus, rows: list[Row]) -> None:
    """A scan gives the columns that are asked for, and refuses one that is not there."""
    table = corpus.scan("*", ["office", "id"]).read_all()
    assert table.column_names == ["office", "id"]
    pairs = Counter(zip(*table.to_pydict().values(), strict=True))
    assert pairs == Counter((row["office"], row["id"]) for row in rows)
    assert corpus.scan("ti:没有").read_all().num_rows == 0
    for columns in (["colour"], []):
        with pytest.raises(QueryError, match="publication_number"):
            corpus.scan("*", columns)


def names_of(row: Row, column: str, inner: str) -> set[str]:
    return {party[inner] for party in row[column] or () if party[inner]}


FACETS: dict[str, Callable[[Row], set[str]]] = {
    "office": lambda row: {row["office"]},
    "year": lambda row: {str(d.year) for d in [row["publication_date"]] if d},
    "filing_year": lambda row: {str(row["filing_date"].year)},
    "applicant": lambda row: names_of(row, "applicants", "name") or names_of(row, "owners", "name"),
    "owner": lambda row: names_of(row, "owners", "name"),
    "inventor": lambda row: names_of(row, "inventors", "name"),
    "ipc1": lambda row: {symbol[0] for symbol in row["ipc"]},
    "ipc3": lambda row: {symbol[:3] for symbol in row["ipc"]},
    "ipc4": lambda row: {symbol[:4] for symbol in row["ipc"]},
    "ipcgroup": lambda row: {s.partition("/")[0] for s in row["ipc"] if "/" in s},
    "cpc4": lambda row: set(),
    "province": lambda row: (
        names_of(row, "applicants", "province") or names_of(row, "owners", "province")
    ),
    "city": lambda row: set(),
    "status": lambda row: {row["legal_status"]} - {None},
    "type": lambda row: set(),
    "kind": lambda row: {row["kind_code"]} - {None},
}


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("expression", ["*", "电池", "电池装置 AND ls:granted", "ti:没有"])
def test_facets_count_exactly(corpus: ipsearch.Corpus, rows: list[Row], expression: str) -> None:
    """Every value of every facet is counted, once a record, as counting the records does."""
    ids = {hit.id for hit in corpus.query(expression, limit=10_000)}
    found = [row for row in rows if row["id"] in ids]
    counted = corpus.facets(expression, list(FACETS), None)
    assert list(counted) == list(FACETS)
    for name, values_of in FACETS.items():
        expected = Counter(value for row in found for value in values_of(row))
        assert dict(counted[name].values) == expected, name
        assert counted[name].distinct == len(expected)
        assert counted[name].missing == sum(not values_of(row) for row in found)
        assert counted[name].records == len(found)
    best = corpus.facets(expression, ["applicant"], 5)["applicant"].values
    assert best == counted["applicant"].values[:5]
    assert list(best) == sorted(best, key=lambda pair: (-pair[1], pair[0]))


def test_facets_that_are_not_there(corpus: ipsearch.Corpus) -> None:
    """An unknown facet is an error that names those there are."""
    with pytest.raises(QueryError, match="office, year"):
        corpus.facets("*", ["colour"])


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("by", ["family", "application"])
@pytest.mark.parametrize("order", ["relevance", "-pd", "id"])
def test_one_row_a_group(corpus: ipsearch.Corpus, rows: list[Row], by: str, order: str) -> None:
    """One row a group: its best-ranked member, with the ids of all its members that match."""
    families = {row["id"]: row["family_id"] for row in rows}
    numbers = {row["id"]: row["application_number"] for row in rows}

    def group_of(record: str) -> tuple[str, str]:
        if by == "family" and families[record] is not None:
            return "family", families[record]
        return "application", numbers[record]

    groups: dict[tuple[str, str], list[str]] = {}
    for hit in corpus.query("电池", limit=10_000, order_by=order, office="CN"):
        groups.setdefault(group_of(hit.id), []).append(hit.id)
    shown = list(in_pages(corpus, "电池", 150, order_by=order, office="CN", one_per=by))
    assert [hit.id for hit in shown] == [members[0] for members in groups.values()]
    assert [hit.members for hit in shown] == [tuple(sorted(m)) for m in groups.values()]
    assert max(len(hit.members) for hit in shown) > 1
    results = corpus.query("电池", limit=1, order_by=order, office="CN", one_per=by)
    assert results.total == len(groups) and len(results) == 1


def test_fields_of_hits(corpus: ipsearch.Corpus, rows: list[Row]) -> None:
    """A hit's fields are attributes of it or columns of its record, in the order asked for."""
    results = corpus.query("电池", limit=7)
    by_id = {row["id"]: row for row in rows}
    shown = results.to_dicts(["rank", "application_number", "id", "titles"])
    assert [list(row) for row in shown] == [["rank", "application_number", "id", "titles"]] * 7
    for row in shown:
        assert row["application_number"] == by_id[row["id"]]["application_number"]
        assert row["titles"] == by_id[row["id"]]["titles"]
    with pytest.raises(QueryError, match="application_number"):
        results.to_dicts(["colour"])
    table = corpus.query("电池", limit=3, one_per="family").to_arrow()
    assert table.num_rows == 3 and all(table["members"].to_pylist())


def test_streams_go_elsewhere(corpus: ipsearch.Corpus, rows: list[Row], tmp_path: Path) -> None:
    """DuckDB reads a scan as it comes."""
    duckdb = pytest.importorskip("duckdb")
    found = corpus.scan("*", ["office"])  # noqa: F841  # DuckDB finds it by its name
    (count,) = duckdb.sql("select count(*) from found where office = 'US'").fetchone()
    assert count == sum(row["office"] == "US" for row in rows)
