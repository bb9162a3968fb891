"""The command line on a small corpus: forms of output, exit statuses, languages, streams."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from benchmarks.faults.kills import heed_interrupts
from ipsearch import __version__
from ipsearch.cli.main import cli

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
FILES = ["cnipa", "records.jsonl", "trademarks_zh.csv", "uspto_trademarks.xml", "uspto_grants.xml"]
PATENT, MARK = "CN108900011B", "CN90000001"
WITHOUT_NUMBER = "no publication, application or registration number"
FLAWED = """公开号,申请号,名称,备忘
CN108900099A,CN201810900099.2,一种风力发电机的叶片,甲
,,没有号码的一行,乙
"""

HOSTILE = {
    "kind": "patent",
    "id": "CN100000001A",
    "publication_number": "CN100000001A",
    "office": "CN",
    "titles": [{"language": "zh", "text": "恶意\x1b[31m标题\u202e反向\x07电池"}],
    "claims": [{"language": "zh", "label": "1\x1b]0;x\x07", "text": "第一行电池\n第二行\x9b2J"}],
    "applicants": [{"name": "某某\u2066公司"}],
}


def run(*arguments: str | Path, lang: str = "en", stdin: str | bytes | None = None) -> Result:
    """Call the command line in this process."""
    return CliRunner().invoke(cli, ["--lang", lang, *map(str, arguments)], input=stdin)


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """Call it in a process of its own."""
    command = [sys.executable, "-m", "ipsearch", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    return subprocess.Popen(command, env=environment, **options)


def jsonl(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def table_of(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A corpus of some samples, and what the command that made it said."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "flawed.csv").write_text(FLAWED, encoding="utf-8")
    corpus = folder / "corpus"
    files = [folder / "flawed.csv", *(SAMPLES / name for name in FILES)]
    return corpus, run("ingest", *files, "--into", corpus, "--shards", "2", "--workers", "1")


@pytest.fixture(scope="module")
def corpus(ingested: tuple[Path, Result]) -> Path:
    return ingested[0]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of one record that tries to take over the terminal."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.jsonl").write_text(json.dumps(HOSTILE) + "\n", encoding="utf-8")
    result = run("ingest", folder / "hostile.jsonl", "--into", folder / "corpus")
    assert result.exit_code == 0, result.stderr
    return folder / "corpus"


# ingest


def test_ingest_says_what_it_did_and_what_not(ingested: tuple[Path, Result]) -> None:
    """Rejects give exit status 4, are named with file, position and reason; stdout stays empty."""
    result = ingested[1]
    assert result.exit_code == 4
    assert result.stdout == ""
    assert f"flawed.csv:line 3: {WITHOUT_NUMBER}" in result.stderr
    assert "flawed.csv: 备忘" in result.stderr
    for heading in ("files read", "records added", "rejected", "records a second"):
        assert heading in result.stderr


def test_ingest_again_skips_known_files(corpus: Path, tmp_path: Path) -> None:
    """A file known by its content is skipped; the settings may be said again; JSON has it all."""
    summary = tmp_path / "summary.json"
    again = [SAMPLES / "records.jsonl", "--into", corpus, "--shards", "2", "--json", summary]
    result = run("ingest", *again, lang="zh")
    assert result.exit_code == 0, result.stderr
    assert "已收录文件（跳过）" in result.stderr
    told = json.loads(summary.read_text(encoding="utf-8"))
    assert told["added"] == 0 and len(told["known_files"]) == 1


def test_ingest_of_standard_input_with_json_on_standard_output(tmp_path: Path) -> None:
    """`-` is read whatever its format, and `--json -` puts nothing but JSON on standard output."""
    data = (SAMPLES / "uspto_trademarks.xml").read_bytes()
    result = run("ingest", "-", "--into", tmp_path / "new", "--json", "-", stdin=data)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["files"] == 1 and told["records"] == {"trademark": told["added"]}


def test_more_rejects_than_are_shown(tmp_path: Path) -> None:
    """Ten rejects are shown, the others counted, with the folder where they are."""
    rows = "".join(f",,第{number}件\n" for number in range(14))
    (tmp_path / "bad.csv").write_text(
        "公开号,申请号,名称\nCN108900099A,CN201810900099.2,电池\n" + rows, encoding="utf-8"
    )
    result = run("ingest", tmp_path / "bad.csv", "--into", tmp_path / "new")
    assert result.exit_code == 4
    assert result.stderr.count(WITHOUT_NUMBER) == 10
    assert "... and 4 more" in result.stderr and str(tmp_path / "new" / "rejects") in result.stderr
    kept = "".join(path.read_text("utf-8") for path in (tmp_path / "new" / "rejects").iterdir())
    assert kept.count(WITHOUT_NUMBER) == 14


@pytest.mark.parametrize(
    "arguments",
    [
        ["--shards", "3"],  # the corpus has 2
        ["--dictionary", str(SAMPLES / "records.jsonl")],  # and no dictionary
        ["--workers", "0"],
        ["no-such-file"],
    ],
)
def test_ingest_misused(corpus: Path, arguments: list[str]) -> None:
    """Settings that are fixed, numbers out of range and files that are not there: status 2."""
    result = run("ingest", SAMPLES / "records.jsonl", "--into", corpus, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_ingest_into_a_folder_in_use(tmp_path: Path) -> None:
    """A folder that holds something else is left alone: status 1, one line."""
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    result = run("ingest", SAMPLES / "records.jsonl", "--into", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("ipsearch: error: ") and result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_ingest_with_a_dictionary(tmp_path: Path) -> None:
    """A dictionary is for a new corpus, and may be named again when ingesting into that one."""
    words = tmp_path / "words.txt"
    words.write_text("\ufeff石墨烯层\n", encoding="utf-8")
    for _ in range(2):
        result = run(
            *("ingest", SAMPLES / "records.jsonl", "--into", tmp_path / "c"),
            *("--dictionary", words, "--max-ratio", "50"),
        )
        assert result.exit_code == 0, result.stderr
    words.write_text("正极材料\n", encoding="utf-8")
    result = run(
        "ingest", SAMPLES / "records.jsonl", "--into", tmp_path / "c", "--dictionary", words
    )
    assert result.exit_code == 2


def test_interrupted_ingest_goes_on(tmp_path: Path) -> None:
    """Ctrl-C gives one line that says how to go on, status 130, and the same command goes on."""
    # The command waits for the rest of its standard input when the signal comes.
    process = start(
        *("ingest", "-", "--into", tmp_path / "new"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_interrupts,
    )
    deadline = time.monotonic() + 20
    while not (tmp_path / "new" / "catalog.sqlite").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.wait(20)  # before its input is closed: else it may end by that first
    out, err = process.communicate()
    assert process.returncode == 130
    assert out == b"" and err.count(b"\n") == 1
    assert str(tmp_path / "new").encode() in err and b"again" in err
    assert run("ingest", SAMPLES / "records.jsonl", "--into", tmp_path / "new").exit_code == 0


# query


def test_query_jsonl_of_patents(corpus: Path) -> None:
    """Each line is a hit with rank, score, id, title, office, ISO date and exact highlights."""
    result = run("query", corpus, "石墨烯", "-o", "jsonl")
    hits = jsonl(result)
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    assert PATENT in [hit["id"] for hit in hits]
    for hit in hits:
        assert {"rank", "score", "id", "title", "office", "publication_date", "status"} <= set(hit)
        assert hit["publication_date"][4] == hit["publication_date"][7] == "-"
        for mark in hit["highlights"]:
            assert set(mark) == {"field", "text", "spans"}
            assert {mark["text"][begin:end] for begin, end in mark["spans"]} == {"石墨烯"}
    assert result.stderr.startswith(f"patents found: {len(hits)}; shown: 1 to {len(hits)};")


def test_query_jsonl_of_marks(corpus: Path) -> None:
    """A mark's line has its words, owners, Nice classes and status too."""
    (hit,) = jsonl(run("query", corpus, "草原", "--kind", "trademark", "-o", "jsonl"))
    assert hit["id"] == MARK and hit["mark_text"] == "草原之芯"
    assert hit["owners"] == ["某某电池有限公司"] and 9 in hit["nice_classes"]
    assert hit["status"] == "registered"


def test_query_csv(corpus: Path) -> None:
    """CSV has a heading, dates in ISO 8601, lists joined by a semicolon and a space."""
    rows = table_of(run("query", corpus, f"pn:{PATENT}", "-o", "csv"))
    (row,) = (row for row in rows if row["id"] == PATENT)
    assert row["publication_date"] == "2020-10-16"
    assert row["ipc"] == "H01M4/36; H01M10/0525"


@pytest.mark.parametrize(("lang", "heading"), [("en", "Title"), ("zh", "名称")])
def test_query_table(corpus: Path, lang: str, heading: str) -> None:
    """A table has headings in the language chosen, and under a hit the passage, matches marked."""
    result = run("query", corpus, "石墨烯", lang=lang)
    assert result.exit_code == 0
    head, first, passage = result.stdout.splitlines()[:3]
    assert heading in head and "石墨烯" in first and "[石墨烯]" in passage
    assert "\x1b" not in result.stdout
    assert ("共" in result.stderr) == (lang == "zh")


def test_query_filters_and_pages(corpus: Path) -> None:
    """Offices, days, months, classes, limit and offset narrow what is shown; all days belong."""
    everything = jsonl(run("query", corpus, "电池", "-o", "jsonl"))
    found = jsonl(
        run(
            *("query", corpus, "电池", "-o", "jsonl", "--office", "CN", "--class", "H01M"),
            *("--from", "2020-10-16", "--to", "2022-09"),
        )
    )
    assert {hit["id"] for hit in found} == {
        hit["id"]
        for hit in everything
        if hit["office"] == "CN"
        and "2020-10-16" <= (hit["publication_date"] or "") <= "2022-09-30"
        and any(symbol.startswith("H01M") for symbol in hit["ipc"])
    }
    assert PATENT in {hit["id"] for hit in found}
    page = jsonl(run("query", corpus, "电池", "-o", "jsonl", "--limit", "2", "--offset", "1"))
    assert page == everything[1:3]


@pytest.mark.parametrize("page", [["--limit", str(10**12)], ["--offset", str(10**30)]])
def test_query_of_an_immense_page(corpus: Path, page: list[str]) -> None:
    """Asking for more than there could ever be gives what there is."""
    result = run("query", corpus, "电池", "-o", "jsonl", *page)
    assert result.exit_code == 0
    assert bool(result.stdout) == (page[0] == "--limit")


def test_query_count(corpus: Path) -> None:
    """`--count` prints the number alone, or a row with it."""
    total = len(jsonl(run("query", corpus, "电池", "-o", "jsonl")))
    assert run("query", corpus, "电池", "--count").stdout == f"{total}\n"
    assert jsonl(run("query", corpus, "电池", "--count", "-o", "jsonl")) == [{"total": total}]
    assert table_of(run("query", corpus, "电池", "--count", "-o", "csv")) == [{"total": str(total)}]


def test_query_from_standard_input(corpus: Path) -> None:
    """`-` reads the expression, in the encoding that it has."""
    asked = run("query", corpus, "锂离子电池", "-o", "csv").stdout
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        stdin = "锂离子电池\n".encode(encoding)
        assert run("query", corpus, "-", "-o", "csv", stdin=stdin).stdout == asked


def test_nothing_found_is_no_failure(corpus: Path) -> None:
    """No hit: status 0, nothing on standard output, a word on standard error."""
    for lang, word in (("en", "none"), ("zh", "没有找到")):
        for output in ("table", "jsonl"):
            result = run("query", corpus, "量子纠缠态", "-o", output, lang=lang)
            assert (result.exit_code, result.stdout) == (0, "")
            assert word in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["((石墨烯"], 1),  # not a query
        (["石墨烯", "--kind", "design"], 2),
        (["石墨烯", "--limit", "0"], 2),
        (["石墨烯", "--from", "2021-13"], 2),
        (["石墨烯", "-o", "xml"], 2),
        (["石墨烯", "电池"], 2),
    ],
)
def test_query_fails_or_is_misused(corpus: Path, arguments: list[str], status: int) -> None:
    """A bad expression is an error of one line, a bad option a misuse; nothing on stdout."""
    result = run("query", corpus, *arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    if status == 1:
        assert result.stderr.startswith("ipsearch: error: column ")
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["query", "novelty", "show", "info"])
def test_no_corpus_there(command: str, tmp_path: Path) -> None:
    """Every command that reads a corpus says so in one line if there is none."""
    more = {"query": ["电池"], "novelty": ["--text", "电池"], "show": [PATENT], "info": []}[command]
    result = run(command, tmp_path / "none", *more)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("ipsearch: error: ") and result.stderr.count("\n") == 1


# novelty


def test_novelty_from_text_file_and_standard_input(corpus: Path, tmp_path: Path) -> None:
    """The three ways to give the text give the same hits; `--before` leaves out later ones."""
    text = "一种石墨烯包覆的锂离子电池正极材料"
    (tmp_path / "claim.txt").write_text(text, encoding="gb18030")
    hits = jsonl(run("novelty", corpus, "--text", text, "-o", "jsonl"))
    assert PATENT in [hit["id"] for hit in hits[:2]]
    ways: list[tuple[list[str | Path], str | None]] = [
        (["--file", tmp_path / "claim.txt"], None),
        (["-"], text),
        (["--file", "-"], text),
    ]
    for arguments, stdin in ways:
        assert jsonl(run("novelty", corpus, *arguments, "-o", "jsonl", stdin=stdin)) == hits
    earlier = jsonl(run("novelty", corpus, "--text", text, "--before", "2020-10-16", "-o", "jsonl"))
    assert {hit["list"] for hit in earlier} == {"prior_art", "conflicting"}
    for hit in earlier:
        assert (hit["publication_date"] < "2020-10-16") == (hit["list"] == "prior_art")
    assert {hit["id"]: hit["list"] for hit in earlier}[PATENT] == "conflicting"


@pytest.mark.parametrize("arguments", [[], ["-", "--text", "电池"], ["stray"]])
def test_novelty_needs_one_text(corpus: Path, arguments: list[str]) -> None:
    """No text, two texts, or a word that is no option: misuse."""
    assert run("novelty", corpus, *arguments, stdin="").exit_code == 2


# show


@pytest.mark.parametrize(("lang", "label"), [("en", "(54) Title"), ("zh", "(54) 名称")])
def test_show_a_patent(corpus: Path, lang: str, label: str) -> None:
    """The front page has INID codes, labels in the language chosen, and the claims."""
    result = run("show", corpus, "CN 108900011 B", lang=lang)
    assert result.exit_code == 0
    assert label in result.stdout and "2020-10-16" in result.stdout
    assert "  1. 一种石墨烯包覆的锂离子电池正极材料" in result.stdout


def test_show_a_mark(corpus: Path) -> None:
    """A mark's page has each class with its similar groups and goods."""
    result = run("show", corpus, "90000001")
    assert "(540) Mark" in result.stdout and "草原之芯" in result.stdout
    assert "0922" in result.stdout and "蓄电池" in result.stdout


def test_show_whole_records(corpus: Path, tmp_path: Path) -> None:
    """JSON Lines and CSV have every column; lists of numbers come from a file or stdin."""
    (tmp_path / "numbers.txt").write_text(f"\ufeff# mine\n{PATENT}\n\n{MARK}\n", encoding="utf-8")
    asked = [run("show", corpus, f"@{tmp_path / 'numbers.txt'}", "-o", "jsonl")]
    asked.append(run("show", corpus, "-", "-o", "jsonl", stdin=f"{PATENT}\r\n{MARK}\r\n"))
    asked.append(run("show", corpus, PATENT, MARK, PATENT, "-o", "jsonl"))
    for result in asked:
        patent, mark = jsonl(result)
        assert (patent["record"], patent["id"]) == ("patent", PATENT)
        assert (mark["record"], mark["id"]) == ("trademark", MARK)
        assert patent["claims"][0]["label"] == "1" and patent["filing_date"] == "2018-05-08"
    rows = table_of(run("show", corpus, PATENT, MARK, "-o", "csv"))
    assert [row["id"] for row in rows] == [PATENT, MARK]
    assert rows[0]["applicants"] == "某某电池有限公司" and rows[1]["mark_text"] == "草原之芯"


def test_show_says_what_was_not_found(corpus: Path) -> None:
    """Numbers without a record are named on stderr; status 4, or 1 if there was none at all."""
    result = run("show", corpus, PATENT, "CN999999999A", "no number", "-o", "jsonl")
    assert result.exit_code == 4
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [PATENT]
    assert "not found: CN999999999A\n" in result.stderr and "no number" in result.stderr
    for lang, word in (("en", "not found"), ("zh", "未找到")):
        result = run("show", corpus, "CN999999999A", lang=lang)
        assert (result.exit_code, result.stdout) == (1, "")
        assert word in result.stderr
    assert run("show", corpus, "@no-such-file").exit_code == 2


def test_show_with_a_wrong_check_digit(corpus: Path) -> None:
    """A wrong check digit is pointed out, and the record found all the same."""
    right = run("show", corpus, "201810900011.3", "-o", "jsonl")
    wrong = run("show", corpus, "201810900011.5", "-o", "jsonl")
    assert wrong.stdout == right.stdout != ""
    assert "check digit" in wrong.stderr and right.stderr == ""


# info, sources, the group


def test_info(corpus: Path) -> None:
    """The three forms tell the same figures."""
    (facts,) = jsonl(run("info", corpus, "-o", "jsonl"))
    rows = {row["name"]: row["value"] for row in table_of(run("info", corpus, "-o", "csv"))}
    patents = facts["kinds"]["patent"]["records"]
    assert rows["kinds.patent.records"] == str(patents) and rows["settings.shards"] == "2"
    for lang, words in (("en", ("Records", "files")), ("zh", ("记录", "文件"))):
        shown = run("info", corpus, lang=lang).stdout
        assert all(word in shown for word in words) and str(patents) in shown


def test_sources() -> None:
    """Every source is listed with its kinds, and its sample is there."""
    rows = jsonl(run("sources", "-o", "jsonl"))
    assert {"cnipa_patent", "table"} <= {row["name"] for row in rows}
    assert all((SAMPLES / row["sample"]).exists() for row in rows)
    assert len(table_of(run("sources", "-o", "csv"))) == len(rows)
    assert "读取内容" in run("sources", lang="zh").stdout


def test_sources_explain(tmp_path: Path) -> None:
    """`--explain` names the source, what was not used, and shows the first record."""
    path = tmp_path / "flawed.csv"
    path.write_text(FLAWED, encoding="gb18030")
    (row,) = jsonl(run("sources", "--explain", path, "-o", "jsonl"))
    assert row["recognised"] == "table" and row["unmapped"] == ["备忘"]
    assert row["first_record"]["id"] == "CN108900099A" and WITHOUT_NUMBER in row["first_reject"]
    shown = run("sources", "--explain", path).stdout
    assert "备忘" in shown and "一种风力发电机的叶片" in shown
    (row_csv,) = table_of(run("sources", "--explain", path, "-o", "csv"))
    assert json.loads(row_csv["first_record"])["id"] == "CN108900099A"

    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", SAMPLES / "cnipa")
    rows = jsonl(run("sources", "--explain", archive, "-o", "jsonl"))
    assert {row["recognised"] for row in rows} == {"cnipa_patent"} and len(rows) > 1

    (tmp_path / "note.txt").write_text("nothing of the kind", encoding="utf-8")
    assert run("sources", "--explain", tmp_path / "note.txt").exit_code == 1


def test_version_and_misuse() -> None:
    """`--version` prints it; an unknown command or no command is misuse."""
    assert run("--version").stdout == f"ipsearch {__version__}\n"
    assert run("serve").exit_code == 2
    assert CliRunner().invoke(cli, []).exit_code in (0, 2)  # help, with either version of click


# terminals and pipes


@pytest.mark.parametrize("output", ["table", "jsonl"])
@pytest.mark.parametrize("command", [["query", "电池"], ["show", "CN100000001A"]])
def test_hostile_data_is_harmless(hostile: Path, command: list[str], output: str) -> None:
    """No control character or direction override of the data gets out in tables and JSON Lines."""
    name, argument = command
    shown = run(name, hostile, argument, "-o", output).stdout
    assert "电池" in shown
    assert not set(shown) & set("\x1b\x07\x9b\u202e\u2066")
    if output == "table":
        assert "␛" in shown and "<U+202E>" in shown
    else:
        assert json.loads(shown.splitlines()[0])["id"] == HOSTILE["id"]


def test_csv_in_a_pipe_is_exact(hostile: Path) -> None:
    """What another program reads is not altered."""
    (row,) = table_of(run("query", hostile, "电池", "-o", "csv"))
    assert row["title"] == "恶意\x1b[31m标题\u202e反向\x07电池"


def on_a_terminal(*arguments: str | Path) -> str:
    """Run a command whose standard output is a terminal, and give what it shows."""
    ours, theirs = pty.openpty()
    process = start(*arguments, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # Linux says so when the other side has closed
        pass
    os.close(ours)
    assert process.wait(timeout=20) == 0
    return shown.decode()


def test_matches_are_bold_on_a_terminal(corpus: Path) -> None:
    """On a terminal matches are in bold type instead of brackets."""
    shown = on_a_terminal("query", corpus, "石墨烯")
    assert "\x1b[1m石墨烯\x1b[0m" in shown and "[石墨烯]" not in shown


@pytest.mark.parametrize("output", ["table", "csv", "jsonl"])
def test_hostile_data_is_harmless_on_a_terminal(hostile: Path, output: str) -> None:
    """On a terminal no form of output lets the data send it commands."""
    shown = on_a_terminal("query", hostile, "电池", "-o", output)
    ours = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert "电池" in ours and not set(ours) & set("\x1b\x07\x9b\u202e\u2066")


def test_a_closed_pipe_is_no_drama(corpus: Path) -> None:
    """A reader that goes away ends the command without a word, as a signal would."""
    reading, writing = os.pipe()
    os.close(reading)
    process = start("query", corpus, "电池", "-o", "jsonl", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 141
    assert b"Traceback" not in err and b"Broken" not in err


def test_the_module_runs_as_a_program(corpus: Path) -> None:
    """`python -m ipsearch` is the command line; rows and messages keep to their own streams."""
    process = start(
        *("query", corpus, "石墨烯", "-o", "jsonl"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert all("rank" in json.loads(line) for line in out.splitlines())
    assert err.decode().startswith("patents found:")
