"""The library's front door, from files to answers."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import ipsearch
from ipsearch.errors import (
    CorpusError,
    CorpusNotFoundError,
    IdentifierError,
    QueryError,
)
from ipsearch.records import PATENT, to_batch

SAMPLES = Path(__file__).parents[2] / "samples"

ROWS: list[dict[str, Any]] = [
    {
        "id": "CN101234567B",
        "publication_number": "CN101234567B",
        "application_number": "CN200710123456.7",
        "office": "CN",
        "kind_code": "B",
        "source": "test",
        "publication_date": date(2010, 3, 5),
        "filing_date": date(2007, 5, 14),
        "titles": [{"language": "zh", "text": "石墨烯導電劑"}],
        "ipc": ["H01M10/0525"],
        "applicants": [{"name": "某某公司", "province": "内蒙古自治区"}],
    },
    {
        "id": "CN85100312A",
        "publication_number": "CN85100312A",
        "application_number": "CN85100312.5",
        "office": "CN",
        "source": "test",
        "publication_date": date(1986, 1, 10),
        "titles": [{"language": "zh", "text": "一种茶叶加工方法"}],
    },
    {
        "id": "US10172347B2",
        "publication_number": "US10172347B2",
        "office": "US",
        "source": "test",
        "publication_date": date(2019, 1, 8),
        "titles": [{"language": "en", "text": "Graphene batteries"}],
    },
    {
        "id": "WO2019123456A1",
        "publication_number": "WO2019123456A1",
        "office": "WO",
        "source": "test",
        "publication_date": date(2019, 6, 27),
        "titles": [{"language": "en", "text": "Drone with a battery"}],
    },
    {
        "id": "EP1234567A1",
        "publication_number": "EP1234567A1",
        "office": "EP",
        "source": "test",
        "publication_date": date(2002, 8, 28),
        "titles": [{"language": "en", "text": "Tea machine"}],
    },
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    """A corpus of five records handed over as one Arrow table."""
    corpus = ipsearch.create(tmp_path_factory.mktemp("library") / "corpus", shards=2)
    summary = corpus.ingest(pa.Table.from_batches([to_batch(ROWS, "patent")]))
    assert summary.added == len(ROWS)
    return corpus


@pytest.mark.parametrize(
    ("spelling", "found"),
    [
        ("CN101234567B", "CN101234567B"),
        ("CN 101234567 B", "CN101234567B"),
        ("CN-101234567-B", "CN101234567B"),
        ("cn101234567", "CN101234567B"),
        ("ＣＮ１０１２３４５６７Ｂ", "CN101234567B"),
        ("ZL200710123456.7", "CN101234567B"),
        ("200710123456.7", "CN101234567B"),
        ("200710123456.X", "CN101234567B"),
        ("CN200710123456", "CN101234567B"),
        ("CN85100312A", "CN85100312A"),
        ("85100312", "CN85100312A"),
        ("US 10,172,347 B2", "US10172347B2"),
        ("US10172347", "US10172347B2"),
        ("WO2019/123456", "WO2019123456A1"),
        ("WO 2019/123456 A1", "WO2019123456A1"),
        ("EP1234567A1", "EP1234567A1"),
        ("EP 1 234 567", "EP1234567A1"),
    ],
)
def test_any_spelling_finds_the_record(corpus: ipsearch.Corpus, spelling: str, found: str) -> None:
    """A record is found by any usual spelling of any of its numbers, by `get` and by `num:`."""
    assert [row["id"] for row in corpus.get(spelling)] == [found]
    assert [hit.id for hit in corpus.query(f'num:"{spelling}"')] == [found]


def test_no_number_is_an_error_and_an_unknown_one_is_not(corpus: ipsearch.Corpus) -> None:
    """What is no number is refused; a number that no record has gives an empty list."""
    with pytest.raises(IdentifierError):
        corpus.get("石墨烯")
    assert corpus.get("CN199999999A") == []


def test_handed_over_is_given_back(corpus: ipsearch.Corpus) -> None:
    """Records handed over as Arrow come back as they were."""
    rows = [row for batch in corpus.batches("patent") for row in batch.to_pylist()]
    assert {row["id"] for row in rows} == {row["id"] for row in ROWS}
    (row,) = [row for row in rows if row["id"] == "CN101234567B"]
    for name, value in ROWS[0].items():
        if name == "applicants":
            assert row[name][0]["province"] == "内蒙古自治区"
        else:
            assert row[name] == value
    assert corpus.dataset("patent").read_all().schema.equals(PATENT)


@pytest.mark.parametrize(
    ("expression", "ids"),
    [
        ("石墨烯导电剂", {"CN101234567B"}),
        ('"石墨烯導電"', {"CN101234567B"}),
        ("标题:茶叶 OR ti:tea", {"CN85100312A", "EP1234567A1"}),
        ("battery", {"US10172347B2", "WO2019123456A1"}),
        ("battery NOT drone", {"US10172347B2"}),
        ("ipc:H01M", {"CN101234567B"}),
        ("分类号:H01M10/0525 与 受理局:cn", {"CN101234567B"}),
        ("pd>=2019-02", {"WO2019123456A1"}),
        ("pd:[2002 TO 2010]", {"CN101234567B", "EP1234567A1"}),
        ("NOT office:CN", {"US10172347B2", "WO2019123456A1", "EP1234567A1"}),
        ("（茶叶 或 tea） 与 office:EP", {"EP1234567A1"}),
        ("pa:某某", {"CN101234567B"}),
        ("addr:内蒙古", {"CN101234567B"}),
        ("US10172347B2", {"US10172347B2"}),
        ("200710123456.7", {"CN101234567B"}),
    ],
)
def test_query(corpus: ipsearch.Corpus, expression: str, ids: set[str]) -> None:
    """Terms, exact texts, operators, fields and ranges find what they say, in both languages."""
    results = corpus.query(expression)
    assert {hit.id for hit in results} == ids
    assert results.total == len(ids)


def test_filters_narrow_and_keep_scores(corpus: ipsearch.Corpus) -> None:
    """Office, dates and class narrow a result and change no score."""
    scores = {hit.id: hit.score for hit in corpus.query("battery")}
    (hit,) = corpus.query("battery", office="WO", published_from=date(2019, 6, 27))
    assert (hit.id, hit.score) == ("WO2019123456A1", pytest.approx(scores["WO2019123456A1"]))
    assert corpus.query("*", in_class="H01").total == 1
    assert corpus.query("*", office=["US", "EP"], published_to=date(2010, 1, 1)).total == 1


def test_highlights_are_the_original(corpus: ipsearch.Corpus) -> None:
    """What is marked is the original text: traditional stays traditional."""
    (hit,) = corpus.query('"石墨烯导电剂"')
    (mark,) = hit.highlights
    assert mark.field == "ti"
    assert [mark.text[a:b] for a, b in mark.spans] == ["石墨烯導電劑"]


def test_novelty_ranks_the_nearest_first_and_keeps_to_the_date(corpus: ipsearch.Corpus) -> None:
    """A text finds the nearest record, and nothing that was published on or after the date."""
    assert corpus.novelty("一种石墨烯导电剂的制备方法")[0].id == "CN101234567B"
    before = corpus.novelty("battery drone", before=date(2019, 6, 27))
    assert [hit.id for hit in before] == ["US10172347B2"]  # by "batteries"
    with pytest.raises(QueryError):
        corpus.novelty("   ")


def test_results_become_tables(corpus: ipsearch.Corpus) -> None:
    """Results become Arrow, pandas and polars tables with a row a hit."""
    results = corpus.query("battery")
    assert results.to_arrow().column("id").to_pylist() == [hit.id for hit in results]
    frame = results.to_pandas()
    assert list(frame["rank"]) == [1, 2]
    assert results.to_polars()["id"].to_list() == [hit.id for hit in results]


def test_missing_corpus_and_wrong_use(tmp_path: Path, corpus: ipsearch.Corpus) -> None:
    """No corpus, a folder in use, a bad setting: each its own error."""
    with pytest.raises(CorpusNotFoundError):
        ipsearch.open(tmp_path / "nowhere")
    with pytest.raises(CorpusError, match="there is a corpus already"):
        ipsearch.create(corpus.path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(CorpusError, match="not an empty folder"):
        ipsearch.create(tmp_path)
    with pytest.raises(CorpusError, match="99 shards"):
        ipsearch.create(tmp_path / "many", shards=99)
    with pytest.raises(CorpusError, match="no trademark"):
        corpus.query("tea", kind="trademark")
    with pytest.raises(QueryError):
        corpus.query("tea", limit=0)


def test_dictionary_keeps_words_whole_and_belongs_to_the_corpus(tmp_path: Path) -> None:
    """A user's words become terms, and stay the corpus's own when their file has changed."""
    words = tmp_path / "words.txt"
    words.write_text("# ours\n介孔炭球 10 n\n", encoding="utf-8")
    corpus = ipsearch.create(tmp_path / "corpus", dictionary=words)
    row = {**ROWS[1], "titles": [{"language": "zh", "text": "一种介孔炭球的制备"}]}
    corpus.ingest(to_batch([row], "patent"))
    assert corpus.query("介孔炭球").total == 1
    assert corpus.query('"孔炭"').total == 1
    words.write_text("另一个\n", encoding="utf-8")
    reopened = ipsearch.open(corpus.path)
    assert reopened.dictionary == "# ours\n介孔炭球 10 n\n"
    assert reopened.query("介孔炭球").total == 1


def good_rows(count: int, first: int = 0) -> str:
    """Give JSON Lines of `count` good records."""
    return "".join(
        json.dumps({"publication_number": f"CN{100_000_000 + n}A", "title": f"装置{n}"}) + "\n"
        for n in range(first, first + count)
    )


def test_bad_input_is_named_and_the_rest_goes_in(tmp_path: Path) -> None:
    """Each bad input is named with file, position and reason; all the good ones are there."""
    files = tmp_path / "files"
    files.mkdir()
    packed = gzip.compress(good_rows(2_000).encode())
    (files / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    xml = sorted((SAMPLES / "cnipa").glob("*.xml"))[0].read_text(encoding="utf-8")
    (files / "broken.xml").write_text(xml.replace("</", "<", 3) + "\n" + xml, encoding="utf-8")
    table = "申请号,名称\n200710123456.7,装置\nCN85100312,茶叶\n".encode("gb18030")
    (files / "wrong.csv").write_bytes(
        "申请号,名称\nCN200710123456.7,装置\n".encode() + b"CN85100312,\xb2\xe8\xff\xff\n"
    )
    (files / "gb.csv").write_bytes(table)
    (files / "unknown.dat").write_bytes(bytes(range(256)) * 10)
    (files / "empty.jsonl").write_bytes(b"")
    (files / "none.csv").write_text("公开号,名称\nCN111111111A,有号\n,没有号\n", encoding="utf-8")
    (files / "good.jsonl").write_text(good_rows(10, 5_000), encoding="utf-8")
    corpus = ipsearch.create(tmp_path / "corpus")
    summary = corpus.ingest(files)
    named = {Path(entry["file"]).name for entry in summary.rejects}
    assert named == {
        "cut.jsonl.gz",
        "broken.xml",
        "wrong.csv",
        "unknown.dat",
        "empty.jsonl",
        "none.csv",
    }
    for entry in summary.rejects:
        assert entry["reason"]
        if Path(entry["file"]).name not in ("unknown.dat", "empty.jsonl"):
            assert entry["position"], entry
    assert summary.rejected == sum(summary.rejects_by_file.values())
    assert corpus.get("CN100005009A")
    assert corpus.get("CN100000000A")  # from before the cut
    assert corpus.get("CN111111111A")
    assert corpus.get("CN85100312")  # from gb.csv
    lines = [
        json.loads(line)
        for path in (corpus.path / "rejects").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert {Path(line["file"]).name for line in lines} <= named


def test_all_samples_go_in(tmp_path: Path) -> None:
    """The samples are read without a reject, and both kinds of record are there."""
    shutil.copytree(SAMPLES, tmp_path / "samples")
    with ipsearch.create(tmp_path / "corpus") as corpus:
        summary = corpus.ingest(tmp_path / "samples")
        assert summary.rejects == []
        assert corpus.kinds == ("patent", "trademark")
        assert corpus.query("石墨烯", kind="patent").total > 0


def test_mapping_reads_headers_that_nobody_knows(tmp_path: Path) -> None:
    """A user's mapping makes a table readable, and the same file under another mapping is new."""
    table = tmp_path / "ours.csv"
    table.write_text("案卷,项目名称,关键词\nCN200710123456.7,石墨烯,碳\n", encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[patent]\napplication_number = "案卷"\ntitles = "项目名称"\n', encoding="utf-8"
    )
    with ipsearch.create(tmp_path / "corpus") as corpus:
        assert corpus.ingest(table).rejected == 1
        summary = corpus.ingest(table, mapping=mapping)
        assert (summary.rejected, summary.added) == (0, 1)
        assert list(summary.unmapped.values()) == [["关键词"]]
        assert corpus.get("200710123456.7")[0]["titles"][0]["text"] == "石墨烯"
        assert corpus.ingest(table, mapping=mapping).known_files
