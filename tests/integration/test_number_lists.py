"""Lists of numbers: many look-ups at once give what one look-up each gives."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.records import to_batch

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = [
    *("cnipa", "records.jsonl", "trademarks_zh.csv", "uspto_grants.xml", "docdb.xml"),
    *("jpo_gazette.xml", "uspto_trademarks.xml", "wipo_st66.xml", "ep_full_text.xml"),
]


def run(*arguments: str | Path, lang: str = "en", stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, *map(str, arguments)], input=stdin)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    corpus = ipsearch.create(tmp_path_factory.mktemp("lists") / "corpus", shards=2)
    corpus.ingest([SAMPLES / name for name in FILES], workers=1)
    return corpus


def spellings(row: dict[str, Any]) -> set[str]:
    """Give numbers of a record as people write them, some of which name other records too."""
    names = ("publication_number", "registration_number", "application_number")
    numbers = {row[name] for name in names if row.get(name)} | set(row["other_numbers"] or ())
    more = set()
    for number in numbers:
        more |= {number[2:], number.lower(), f"{number[:2]} {number[2:]}", number.split(".")[0]}
        more |= {number.rstrip("ABCUSY12"), f"{number[:2]}-{number[2:]}"}
    return {number for number in numbers | more if number}


def test_many_numbers_give_what_each_gives_alone(corpus: ipsearch.Corpus) -> None:
    """Every spelling of every number finds in a list just what it finds alone, in its order."""
    rows = [
        row for kind in corpus.kinds for batch in corpus.batches(kind) for row in batch.to_pylist()
    ]
    wanted = sorted(set().union(*map(spellings, rows)))
    wanted += ["CN999999999A", "no number", "", "电池"]
    random.Random(3).shuffle(wanted)
    wanted = wanted[:400]
    found = corpus.get_many(wanted)
    assert list(found) == wanted
    assert sum(map(bool, found.values())) > 100
    for number in wanted:
        try:
            alone = corpus.get(number)
        except ipsearch.IpsearchError:
            alone = []
        assert found[number] == alone, number
    marks = corpus.get_many(wanted, kind="trademark")
    for number in wanted:
        assert marks[number] == [row for row in found[number] if row["record"] == "trademark"]


def test_thousands_of_numbers(tmp_path: Path) -> None:
    """A list longer than one search, and than one reading, is found whole."""
    rows = [
        {
            "id": f"CN{100000000 + n}A",
            "publication_number": f"CN{100000000 + n}A",
            "office": "CN",
            "source": "test",
            "claim_count": n,
        }
        for n in range(5_000)
    ]
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    corpus.ingest(to_batch(rows, "patent"), workers=1)
    wanted = [f"{100000000 + n} A".replace(" ", "") for n in range(0, 6_000, 2)]
    random.Random(4).shuffle(wanted)
    found = corpus.get_many(wanted)
    assert list(found) == wanted
    for number, records in found.items():
        n = int(number.rstrip("A")) - 100000000
        assert [record["claim_count"] for record in records] == ([n] if n < 5_000 else [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_is_shown_in_its_order(
    corpus: ipsearch.Corpus, tmp_path: Path, encoding: str
) -> None:
    """Comments and empty lines are left out, spellings vary, what is missing is told by line."""
    lines = [
        *("# 我的清单：石墨烯正极材料", "", "90000001", "CN 108900011 B  # 同一件", "  "),
        *("ZL201810900011.3", "CN999999999A", "没有号码", "cn108900011b", "#CN1"),
    ]
    path = tmp_path / "numbers.txt"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    expected = ["CN90000001", "CN108900011B"]
    for arguments, stdin, name in (
        ([f"@{path}"], None, str(path)),
        (["@-"], path.read_bytes(), "-"),
        (["-"], path.read_bytes(), "-"),
    ):
        result = run("show", corpus.path, *arguments, "-o", "jsonl", stdin=stdin)
        ids = [json.loads(line)["id"] for line in result.stdout.splitlines()]
        assert result.exit_code == 4
        assert ids[:2] == expected and len(ids) == len(set(ids))
        assert f"{name}, line 7: not found: CN999999999A\n" in result.stderr
        assert f"{name}, line 8: not found: 没有号码 (not a number)\n" in result.stderr
        assert "numbers without a record: 2 of 6" in result.stderr
    told = run("show", corpus.path, f"@{path}", lang="zh").stderr
    assert f"{path} 第 7 行：未找到：CN999999999A" in told
    assert "6 个号码中有 2 个没有记录" in told


def test_exit_status_says_whether_all_were_found(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """0 if every number has a record, 4 if some have none, 1 if none has."""
    path = tmp_path / "numbers.txt"
    for text, status in (
        ("CN108900011B\n90000001", 0),
        ("CN108900011B\nCN999999999A", 4),
        ("CN999999999A", 1),
        ("# nothing\n", 1),
    ):
        path.write_text(text, encoding="utf-8")
        assert run("show", corpus.path, f"@{path}").exit_code == status, text
    assert run("show", corpus.path, f"@{tmp_path / 'none'}").exit_code == 2
