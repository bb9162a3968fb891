"""What people send, by mistake or on purpose, through the whole program: it does no harm."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import pty
import resource
import subprocess
import sys
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import ipsearch
from benchmarks.faults.made_files import mark, patent, write_lines
from benchmarks.machine import ROOT
from ipsearch.cli.main import cli
from ipsearch.errors import QueryError
from ipsearch.records import Kind
from ipsearch.search.cells import FORMULA_SIGNS

UNSAFE = "\x1b[31m\x07\x9b2J\u202e\u2066\u200f"
FORMULAS = ("=HYPERLINK(1)", "+1+1", "-1-1", "@SUM(1)", "\t=1", "＝1", "＠1")
SECRET = "这是外面的文件"
DOCDB = (ROOT / "samples" / "docdb.xml").read_text(encoding="utf-8")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["--lang", "en", *map(str, arguments)])


def line(number: int, **more: Any) -> bytes:
    return json.dumps({**patent(number), **more}).encode() + b"\n"


# queries


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ipsearch.Corpus]:
    folder = tmp_path_factory.mktemp("bombs")
    write_lines(folder / "rows.jsonl", [*map(patent, range(400)), *map(mark, range(100))])
    made = ipsearch.create(folder / "corpus", shards=2)
    made.ingest(folder / "rows.jsonl", workers=1)
    with made:
        yield made


MANY = [chr(0x4E00 + number) + "电池" for number in range(400)]
BOMBS = {
    "as deep as may be": "(" * 149 + "石墨" + ")" * 149,
    "deeper": "(" * 10_000 + "石墨" + ")" * 10_000,
    "a huge phrase": '"' + "石墨电池" * 2_500 + '"',
    "a phrase as long as may be": '"' + "石墨电池" * 499 + '"',
    "a phrase of one letter": '"' + "a " * 5_000 + '"',
    "everything, often": "* * * * * *",
    "a letter anywhere": "*a* *e* *i*",
    "stars": "*a*b*c*d*e*f*g*h*",
    "signs alone": "?*" * 50,
    "beginnings": " OR ".join(f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz" * 4),
    "wild, near": "石* N/999 *池",
    "many things near many": f"({' OR '.join(MANY)}) W/9 ({' OR '.join(MANY)})",
    "few things near few": f"({' OR '.join(MANY[:9])}) W/9 ({' OR '.join(MANY[9:18])})",
    "the same things near the same": f"({'石墨 OR ' * 200} 电池) W/9 ({'石墨 OR ' * 200} 电池)",
    "many terms": " OR ".join(f"w{number}" for number in range(1_000)),
    "many, all of them": " AND ".join(f"w{number}" for number in range(1_000)),
    "many ranges": " OR ".join(f"pd:{year}..{year + 1}" for year in range(1000, 1500)),
    "a run of Han": "石墨电池装置方法天线" * 500,
    "a run of letters": "a" * 100_000,
    "a number": "1" * 100_000,
    "emoji": "😀" * 2_000,
    "marks on a letter": "e" + "\u0301" * 20_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_query_bombs(corpus: ipsearch.Corpus, name: str) -> None:
    """A query of whatever sort is answered or refused, in seconds and in bounded memory."""
    kinds: tuple[Kind, ...] = ("patent", "trademark")
    for kind in kinds:
        before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.process_time()
        try:
            assert corpus.query(BOMBS[name], kind=kind, limit=10).total <= 400
        except QueryError as error:
            assert len(str(error)) < 1_000
        assert time.process_time() - begin < 5
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 400_000


# what is read


def test_archives_that_reach_out(tmp_path: Path) -> None:
    """Members with paths that lead out, absolute paths and links are named and left alone; the
    honest member beside them is read, and nothing is written anywhere."""
    (tmp_path / "secret.jsonl").write_bytes(line(9))
    given = tmp_path / "given"
    given.mkdir()
    with zipfile.ZipFile(given / "a.zip", "w") as archive:
        archive.writestr("../evil.jsonl", line(1))
        archive.writestr("/tmp/evil.jsonl", line(2))
        archive.writestr("good.jsonl", line(3))
    with tarfile.open(given / "b.tar", "w") as tar:
        link = tarfile.TarInfo("link.jsonl")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.jsonl")
        tar.addfile(link)
        for name, number in (("a/../../evil.jsonl", 4), ("good.jsonl", 5)):
            member = tarfile.TarInfo(name)
            member.size = len(line(number))
            tar.addfile(member, io.BytesIO(line(number)))
    done = run("ingest", given, "--into", tmp_path / "corpus")
    assert done.exit_code == 4
    for words in ("../evil.jsonl", "/tmp/evil.jsonl", "leads outside", "b.tar!link.jsonl"):
        assert words in done.stderr
    with ipsearch.open(tmp_path / "corpus") as corpus:
        ids = [i for batch in corpus.batches("patent") for i in batch["id"].to_pylist()]
    assert sorted(ids) == ["CN100000003A", "CN100000005A"]
    assert not list(tmp_path.rglob("*evil*"))


def test_links_out_of_the_folder(tmp_path: Path) -> None:
    """A link in a folder that leads out of it is named and not followed; one that a person names
    is."""
    outside, given = tmp_path / "outside.jsonl", tmp_path / "given"
    outside.write_bytes(line(1))
    given.mkdir()
    (given / "in.jsonl").write_bytes(line(2))
    (given / "out.jsonl").symlink_to(outside)
    (given / "up").symlink_to(tmp_path)
    done = run("ingest", given, "--into", tmp_path / "corpus")
    assert done.exit_code == 4 and done.stderr.count("outside the folder") == 2
    assert run("show", tmp_path / "corpus", "CN100000001A").exit_code != 0
    assert run("ingest", given / "out.jsonl", "--into", tmp_path / "corpus").exit_code == 0
    assert run("show", tmp_path / "corpus", "CN100000001A").exit_code == 0


def test_decompression_bombs(tmp_path: Path) -> None:
    """A bomb is named and stopped early, in little memory, and what stands before it is read."""
    packed = tmp_path / "bomb.jsonl.gz"
    with gzip.open(packed, "wb", 9) as file:
        file.write(line(1))
        for _ in range(300):
            file.write(b" " * (1 << 20))
    assert packed.stat().st_size < 400_000
    tracemalloc.start()
    done = run("ingest", packed, "--into", tmp_path / "corpus", "--workers", "1")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.exit_code == 4 and "a decompression bomb" in done.stderr
    assert peak < 300 << 20
    assert run("show", tmp_path / "corpus", "CN100000001A").exit_code == 0


def test_entities_of_xml(tmp_path: Path) -> None:
    """Entities that stand in files, or are made of each other, get nothing into a record."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    head, rest = DOCDB.split("\n", 1)
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    for name, subset in (
        ("outside", f'<!ENTITY x SYSTEM "file://{secret}">'),
        ("parameter", f'<!ENTITY % x SYSTEM "file://{secret}"> %x;'),
        ("laughs", f'<!ENTITY e0 "ha">{laughs}'),
    ):
        root = "exch:exchange-documents"
        entity = "&e29;" if name == "laughs" else "&x;"
        text = rest.replace("<text>", f"<text>{entity}", 1)
        (tmp_path / f"{name}.xml").write_text(
            f"{head}\n<!DOCTYPE {root} [{subset}]>\n{text}", encoding="utf-8"
        )
    begin = time.process_time()
    done = run("ingest", *sorted(tmp_path.glob("*.xml")), "--into", tmp_path / "corpus")
    assert done.exit_code in (0, 4), done.stderr
    assert time.process_time() - begin < 5
    with ipsearch.open(tmp_path / "corpus") as corpus:
        held = str([row for batch in corpus.batches("patent") for row in batch.to_pylist()])
    assert SECRET not in held and "hahaha" not in held and SECRET not in done.stderr


# what is written


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus whose records try to take over terminals and spreadsheets."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            **patent(number),
            "titles": [{"language": "zh", "text": f"{text}石墨"}],
            "applicants": [{"name": text}],
        }
        for number, text in enumerate(FORMULAS)
    ]
    evil = f"{UNSAFE}草原"
    marks = [
        {**mark(n), "mark_text": text, "owners": [{"name": text}]}
        for n, text in enumerate((evil, "=草原", evil[::-1]))
    ]
    write_lines(folder / "rows.jsonl", [*rows, *marks])
    assert run("ingest", folder / "rows.jsonl", "--into", folder / "corpus").exit_code == 0
    return folder / "corpus"


ASKED = (
    ("query", "{}", "草原", "--kind", "trademark"),
    ("show", "{}", "CN70000000"),
    ("facets", "{}", "草原", "--kind", "trademark", "--by", "owner"),
    ("clearance", "{}", "草原"),
)
ALL_OF_THEM = """
import json, sys
from ipsearch.cli.main import cli
for arguments in json.loads(sys.argv[1]):
    cli.main(arguments, standalone_mode=False)
"""


@pytest.mark.parametrize("output", ["table", "jsonl", "csv"])
def test_marks_on_a_terminal(hostile: Path, output: str) -> None:
    """No control character and no override of direction in a mark reaches a terminal."""
    asked = [[str(hostile) if w == "{}" else w for w in (*words, "-o", output)] for words in ASKED]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ALL_OF_THEM, json.dumps(asked)],
        cwd=ROOT,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "NO_COLOR": "1"},
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # Linux says so when the other side has closed
        pass
    os.close(ours)
    text = shown.decode()
    assert process.wait(60) == 0, text
    assert text.count("草原") >= len(asked)
    assert not set(text) & set("\x1b\x07\x9b\u202e\u2066\u200f")


def is_formula(cell: str) -> bool:
    return cell[:1] in FORMULA_SIGNS and bool(cell) and not _is_number(cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "command", [*ASKED, ("query", "{}", "石墨"), ("show", "{}", "CN100000000A")]
)
def test_no_formula_in_csv(hostile: Path, command: tuple[str, ...]) -> None:
    """No cell of a command's CSV is a formula to a spreadsheet."""
    done = run(*(str(hostile) if word == "{}" else word for word in command), "-o", "csv")
    assert done.exit_code == 0, done.stderr
    cells = [cell for row in csv.reader(io.StringIO(done.stdout)) for cell in row]
    assert any("石墨" in cell or "草原" in cell or "1" in cell for cell in cells)
    assert not [cell for cell in cells if is_formula(cell)]


def test_no_formula_in_an_export(hostile: Path, tmp_path: Path) -> None:
    """No cell of an exported CSV is a formula; JSON Lines keep the text as it is."""
    for kind, query in (("patent", "石墨"), ("trademark", "草原")):
        path = tmp_path / f"{kind}.csv"
        assert run("export", hostile, query, path, "--kind", kind).exit_code == 0
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if is_formula(cell)]
    assert run("export", hostile, "石墨", tmp_path / "all.jsonl").exit_code == 0
    titles = [
        json.loads(row)["titles"][0]["text"]
        for row in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert sorted(titles) == sorted(f"{text}石墨" for text in FORMULAS)


# names


@pytest.mark.parametrize(
    "name",
    [
        "语料 库",
        "a#b?c%20d",
        'it\'s "quoted" & <b>',
        "-rf",
        "line\nend",
        os.fsdecode("中文".encode("gb18030")),
    ],
)
def test_names_of_any_sort(tmp_path: Path, name: str) -> None:
    """A corpus and its inputs may be called anything that the file system takes, or it is said in
    one line why not."""
    folder = tmp_path / name
    folder.mkdir()
    source = folder / f"{name}.jsonl"
    source.write_bytes(line(1))
    done = run("ingest", source, "--into", folder / name)
    if "\udcd6" in name:  # the engine and Arrow take paths in UTF-8 alone
        assert done.exit_code == 1 and done.stderr.count("\n") == 1
        assert "UTF-8" in done.stderr
        assert run("ingest", source, "--into", tmp_path / "corpus").exit_code == 0
        return
    assert done.exit_code == 0, done.stderr
    found = run("query", folder / name, "*", "-o", "jsonl")
    assert [json.loads(row)["id"] for row in found.stdout.splitlines()] == ["CN100000001A"]
    assert run("reshard", folder / name, "2").exit_code == 0
    assert run("info", folder / name).exit_code == 0
