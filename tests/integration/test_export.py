"""Results written to files, read back with other means than ours."""

from __future__ import annotations

import csv
import json
import re
import tempfile
import zipfile
from collections import defaultdict
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.errors import QueryError, UnknownNameError
from ipsearch.records import PATENT, to_batch
from ipsearch.search import export as exporting
from ipsearch.search.plain import as_rows
from ipsearch.search.xlsx import MOST_CHARACTERS, XlsxWriter

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠A1", "－1")

Row = dict[str, Any]


def made_up(number: int) -> Row:
    """Make a record with what is hard in files: signs, quotes, line ends, long texts."""
    hard = (*DANGEROUS, 'a "quoted", text;\nnext line', "𠮷野\ufffe\x01", " spaces ", "长" * 40_000)
    return {
        "id": f"CN{100_000_000 + number}A",
        "publication_number": f"CN{100_000_000 + number}A",
        "application_number": f"CN2007{1_000_000 + number}.X",
        "office": "CN",
        "source": "test",
        "publication_date": date(2020, 1, 31) if number % 2 else None,
        "filing_date": date(1899, 12, 31) if number % 5 == 0 else date(2007, 5, 14),
        "claim_count": number,
        "titles": [{"language": "zh", "text": hard[number % len(hard)]}, {"text": "title"}],
        "abstracts": [{"language": "zh", "text": "电池"}] if number % 3 else None,
        "ipc": ["H01M10/0525", "H01M4/36"][: number % 3],
        "applicants": [{"name": "某某公司", "city": "武汉市"}, {"organization": "某某大学"}],
        "inventors": [{"name": "发明人甲"}, {"name": "发明人乙"}],
        "priorities": [{"office": "JP", "number": "JP2006123", "date": date(2006, 3, 4)}],
        "legal_status": "granted",
    }


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    """A corpus of sixty such records."""
    corpus = ipsearch.create(tmp_path_factory.mktemp("export") / "corpus", shards=2)
    batch = to_batch([made_up(number) for number in range(60)], "patent")
    corpus.ingest(pa.Table.from_batches([batch]), workers=1)
    return corpus


@pytest.fixture(scope="module")
def rows(corpus: ipsearch.Corpus) -> dict[str, Row]:
    """What the corpus shows, by id."""
    return {row["id"]: row for batch in corpus.batches("patent") for row in batch.to_pylist()}


def title_of(row: Row) -> str:
    return "; ".join(title["text"] for title in row["titles"])


def test_plain_rows(corpus: ipsearch.Corpus) -> None:
    """Batches turned to plain values column by column are what Arrow makes of them."""
    for batch in corpus.scan("*"):
        assert as_rows(batch) == batch.to_pylist()
        assert as_rows(batch.slice(3, 9)) == batch.slice(3, 9).to_pylist()


def test_parquet(corpus: ipsearch.Corpus, rows: dict[str, Row], tmp_path: Path) -> None:
    """Parquet holds the records whole, in our schema."""
    done: list[tuple[str, int, int]] = []
    exported = corpus.export(
        "*", tmp_path / "all.parquet", progress=lambda *told: done.append(told)
    )
    assert exported.records == 60 and exported.format == "parquet"
    assert done[-1] == ("export", 60, 60)
    table = pq.read_table(tmp_path / "all.parquet")
    assert table.schema.equals(PATENT)
    assert {row["id"]: row for row in table.to_pylist()} == rows


def test_json_lines_come_back(
    corpus: ipsearch.Corpus, rows: dict[str, Row], tmp_path: Path
) -> None:
    """JSON Lines, brought into another corpus, give the same records."""
    corpus.export("*", tmp_path / "all.jsonl")
    other = ipsearch.create(tmp_path / "other", shards=1)
    assert other.ingest(tmp_path / "all.jsonl", workers=1).added == 60
    told = ("source", "product", "source_file")
    for batch in other.batches("patent"):
        for row in batch.to_pylist():
            original = rows[row["id"]]
            for name in original:
                assert name in told or row[name] == original[name], name


def test_csv(corpus: ipsearch.Corpus, rows: dict[str, Row], tmp_path: Path) -> None:
    """CSV has a cell a column, lists joined, and an apostrophe before what would be a formula."""
    fields = ["id", "titles", "ipc", "applicants", "claim_count"]
    corpus.export("*", tmp_path / "all.csv", fields=fields)
    raw = (tmp_path / "all.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")  # or Excel takes Chinese for something else
    read = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    assert len(read) == 60
    for row in read:
        original = rows[row["id"]]
        title = title_of(original)
        assert row["titles"] == (f"'{title}" if title[0] in "=+-@\t\r\n＝＋－＠" else title)
        assert row["ipc"] == "; ".join(original["ipc"])
        assert row["applicants"] == "某某公司; 某某大学"
        assert row["claim_count"] == str(original["claim_count"])


def test_xlsx(corpus: ipsearch.Corpus, rows: dict[str, Row], tmp_path: Path) -> None:
    """A workbook has texts as texts, days as days, numbers as numbers, and no formula at all."""
    fields = ["id", "titles", "publication_date", "filing_date", "claim_count", "abstracts"]
    exported = corpus.export("*", tmp_path / "all.xlsx", fields=fields)
    sheet = CalamineWorkbook.from_path(tmp_path / "all.xlsx").get_sheet_by_index(0)
    heading, *read = sheet.to_python()
    assert heading == fields and len(read) == 60
    cut = 0
    for cells in read:
        original = rows[str(cells[0])]
        title = title_of(original)
        if len(title) > MOST_CHARACTERS:
            cut += 1
            title = title[: MOST_CHARACTERS - 1] + "…"
        if "\ufffe" not in title:
            # XML makes a line feed of a carriage return.
            assert str(cells[1]).replace("\r", "\n") == title.replace("\r", "\n")
        assert cells[2] == (original["publication_date"] or "")
        day = original["filing_date"]
        assert cells[3] == (day if day.year >= 1900 else day.isoformat())
        assert cells[4] == original["claim_count"]
        assert cells[5] == "; ".join(a["text"] for a in original["abstracts"] or ())
    assert cut == exported.cut_cells > 0
    formulas = CalamineWorkbook.from_path(tmp_path / "all.xlsx")
    assert b"<f>" not in _sheet_xml(tmp_path / "all.xlsx")
    assert len(formulas.sheet_names) == 1


def _sheet_xml(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_a_full_sheet_is_followed_by_another(corpus: ipsearch.Corpus) -> None:
    """Records beyond what a sheet can hold stand in further sheets, each with its heading."""
    stream = BytesIO()
    writer = XlsxWriter(stream, ["id"], most_rows=26)
    ids = []
    for batch in corpus.scan("*", ["id"]):
        writer.write(batch)
        ids += batch.column("id").to_pylist()
    writer.close()
    stream.seek(0)
    book = CalamineWorkbook.from_filelike(stream)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [len(sheet) for sheet in sheets] == [26, 26, 11]
    assert all(sheet[0] == ["id"] for sheet in sheets)
    assert [row[0] for sheet in sheets for row in sheet[1:]] == ids


def test_ris(corpus: ipsearch.Corpus, rows: dict[str, Row], tmp_path: Path) -> None:
    """RIS has an entry a record, a tag a line, whatever the texts hold."""
    corpus.export("*", tmp_path / "all.ris")
    text = (tmp_path / "all.ris").read_bytes().decode()
    entries = text.split("ER  - \r\n\r\n")
    assert len(entries) == 61 and entries.pop() == ""
    for entry in entries:
        tags: defaultdict[str, list[str]] = defaultdict(list)
        for line in entry.split("\r\n")[:-1]:
            match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.+)", line)
            assert match, line
            tags[match[1]].append(match[2])
        original = rows[tags["ID"][0]]
        assert tags["TY"] == ["PAT"] and entry.startswith("TY")
        assert tags["AU"] == ["发明人甲", "发明人乙"]
        assert tags["PB"] == ["某某公司"]
        assert tags["SN"] == [original["publication_number"]]
        assert tags["M1"] == [original["application_number"]]
        assert tags["OP"] == ["JP JP2006123 2006/03/04"]
        assert tags["KW"] == original["ipc"]
        assert tags["DA"] == (["2020/01/31"] if original["publication_date"] else [])
        assert tags["TI"] == [" ".join(original["titles"][0]["text"].split())]


def test_an_error_leaves_what_was_there(
    corpus: ipsearch.Corpus,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An export that fails leaves the file that was there, and nothing beside it."""

    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def fail(*_: object) -> None:
        raise OSError(28, "no space left on device")

    for ending in exporting.FORMATS:
        target = tmp_path / f"all.{ending}"
        target.write_text("before")
        with pytest.raises(OSError, match="no space"):
            corpus.export("*", target, progress=fail)
        assert target.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == len(exporting.FORMATS)
    assert list(temporary.iterdir()) == []


def test_refused_before_anything_is_written(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """An unknown ending, format, field or a query that cannot be read leaves no file."""
    with pytest.raises(UnknownNameError, match="csv, xlsx"):
        corpus.export("*", tmp_path / "all.doc")
    with pytest.raises(UnknownNameError, match="csv, xlsx"):
        corpus.export("*", tmp_path / "all.csv", format="doc")
    with pytest.raises(QueryError, match="colour"):
        corpus.export("*", tmp_path / "all.csv", fields=["colour"])
    with pytest.raises(QueryError, match="own fields"):
        corpus.export("*", tmp_path / "all.ris", fields=["id"])
    with pytest.raises(QueryError):
        corpus.export("(", tmp_path / "all.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_result_of_none(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """A query that finds nothing gives whole, empty files."""
    for ending in exporting.FORMATS:
        assert corpus.export("ti:没有", tmp_path / f"none.{ending}").records == 0
    assert pq.read_table(tmp_path / "none.parquet").schema.equals(PATENT)
    assert (tmp_path / "none.csv").read_text("utf-8-sig").startswith("id,")
    book = CalamineWorkbook.from_path(tmp_path / "none.xlsx")
    assert len(book.get_sheet_by_index(0).to_python()) == 1


def test_commands(corpus: ipsearch.Corpus, rows: dict[str, Row], tmp_path: Path) -> None:
    """`export` and `facets` write rows to standard output and say on standard error how many."""
    runner, folder = CliRunner(), str(corpus.path)
    target = tmp_path / "some.csv"
    result = runner.invoke(
        cli, ["export", folder, "ab:电池", str(target), "--fields", "id，office"]
    )
    assert result.exit_code == 0 and "40" in result.stderr and result.stdout == ""
    assert len(target.read_text("utf-8-sig").splitlines()) == 41
    result = runner.invoke(cli, ["export", folder, "*", "-", "--format", "jsonl"])
    assert {json.loads(line)["id"] for line in result.stdout.splitlines()} == set(rows)
    result = runner.invoke(cli, ["export", folder, "*", "-"])
    assert result.exit_code == 2
    result = runner.invoke(cli, ["facets", folder, "*", "--by", "ipc4,year", "-o", "csv"])
    assert result.stdout.splitlines() == ["facet,value,records", "ipc4,H01M,40", "year,2020,30"]
    result = runner.invoke(cli, ["facets", folder, "*", "--by", "year", "-o", "jsonl"])
    line = json.loads(result.stdout)
    assert line["missing"] == 30 and line["values"] == [{"value": "2020", "records": 30}]
    result = runner.invoke(cli, ["--lang", "zh", "facets", folder, "*", "--by", "colour"])
    assert result.exit_code == 1 and "office" in result.stderr


def test_query_options(corpus: ipsearch.Corpus, rows: dict[str, Row]) -> None:
    """`query` sorts, groups and shows the fields that are asked for."""
    runner, folder = CliRunner(), str(corpus.path)
    result = runner.invoke(
        cli, ["query", folder, "*", "--sort", "-nclaims", "--fields", "id,claim_count", "-o", "csv"]
    )
    lines = result.stdout.splitlines()
    assert lines[:2] == ["id,claim_count", "CN100000059A,59"] and len(lines) == 21
    result = runner.invoke(cli, ["query", folder, "*", "--one-per", "application", "-o", "jsonl"])
    assert all(json.loads(line)["members"] for line in result.stdout.splitlines())
    result = runner.invoke(cli, ["query", folder, "*", "--fields", "colour"])
    assert result.exit_code == 1 and "application_number" in result.stderr
