"""What checks find and repairs mend beyond one damaged file; versions; damage met in building."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.corpus import parts, seal
from ipsearch.corpus.check import catalog_faults
from ipsearch.corpus.layout import Layout
from ipsearch.errors import AnalyzerMismatchError, CorpusError, CorpusNotFoundError, DamagedError
from ipsearch.index.folder import remove_folder
from tests.reference.small_corpus import REMOVED, answers, make, patent, write, write_files


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is about a loss of power: syncing would only take time."""
    monkeypatch.setattr("os.fsync", lambda descriptor: None)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_files(folder)
    return folder


@pytest.fixture(scope="module")
def whole(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("whole") / "corpus", files, shards=2)


@pytest.fixture
def corpus(whole: Path, tmp_path: Path) -> Path:
    """A copy of the corpus that may be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "corpus"))


def flip(path: Path, at: int, bit: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)


def change(catalog: Path, statement: str, *values: object) -> None:
    """Change a catalog as this library would."""
    db = sqlite3.connect(catalog, isolation_level=None)
    seal.ready(db)
    db.execute(statement, values)
    db.close()


def test_without_any_index_all_comes_back(corpus: Path, whole: Path) -> None:
    """The folders of all indexes removed, a repair builds them anew: nothing else changes, and what
    had been removed stays so."""
    remove_folder(corpus / "patent" / "index")
    remove_folder(corpus / "trademark" / "index")
    with pytest.raises(DamagedError):
        answers(corpus)
    repaired = ipsearch.repair(corpus, workers=2)
    assert (repaired.shards, repaired.lost, repaired.files_to_ingest) == (4, [], [])
    assert answers(corpus) == answers(whole)
    assert REMOVED not in answers(corpus).ids
    assert ipsearch.check(corpus, workers=2).faults == []


def test_a_part_of_a_part_is_lost_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a part with a damaged row group the others stay; the records lost are named, and are there
    again once their file, and no other, was ingested again."""
    monkeypatch.setattr(parts, "ROW_GROUP_ROWS", 20)
    files = [
        write(tmp_path / f"{n}.jsonl", [patent(n * 40 + i) for i in range(40)]) for n in (0, 1)
    ]
    path = tmp_path / "corpus"
    with ipsearch.create(path, shards=1) as made:
        made.ingest(files, workers=1)
    before = answers(path)
    (part,) = path.rglob("part-*.parquet")
    metadata = parts.PartReader(part).metadata
    assert metadata.num_row_groups == 4
    column = metadata.row_group(2).column(metadata.num_columns // 2)
    flip(part, column.data_page_offset + column.total_compressed_size - 1)
    with ipsearch.open(path) as opened, pytest.raises(DamagedError, match="part-000001"):
        list(opened.batches("patent"))
    repaired = ipsearch.repair(path, workers=1)
    (lost,) = repaired.lost
    assert (lost.rows, repaired.lost_rows) == ([(40, 59)], 20)
    assert repaired.files_to_ingest == ["1.jsonl"]
    after = answers(path)
    assert before.ids - after.ids == set(lost.ids) and len(lost.ids) == 20
    assert ipsearch.check(path, workers=1).faults == []
    with ipsearch.open(path) as opened:
        assert len(opened.ingest(files, workers=1).known_files) == 1
    assert answers(path) == before


def test_records_lost_as_a_whole_are_named_by_the_index(tmp_path: Path) -> None:
    """Where nothing of a part can be read, the index still knows which records stood there."""
    file = write(tmp_path / "some.jsonl", [patent(n) for n in range(10)])
    path = tmp_path / "corpus"
    with ipsearch.create(path, shards=1) as made:
        made.ingest(file, workers=1)
    (part,) = path.rglob("part-*.parquet")
    part.unlink()
    repaired = ipsearch.repair(path, workers=1)
    (lost,) = repaired.lost
    assert set(lost.ids) == {patent(n)["id"] for n in range(10)}
    assert repaired.files_to_ingest == ["some.jsonl"]
    with ipsearch.open(path) as opened:
        assert opened.count("patent") == 0


def test_any_bit_of_the_catalog(corpus: Path) -> None:
    """Wherever a bit of the catalog flips, a check names it, or all that it says is the same."""
    catalog = Layout(corpus).catalog
    good, content, pick = catalog.read_bytes(), dump(catalog), random.Random(4)
    named = 0
    for _ in range(200):
        flip(catalog, pick.randrange(len(good)), pick.randrange(8))
        if any(fault.role == "catalog" for fault in catalog_faults(Layout(corpus))):
            named += 1
        else:
            assert dump(catalog) == content
        catalog.write_bytes(good)
    assert named > 50


def dump(path: Path) -> list[str]:
    """Give all that an SQLite file says."""
    db = sqlite3.connect(path)
    try:
        return list(db.iterdump())
    finally:
        db.close()


def test_a_damaged_catalog_stops_whoever_writes(corpus: Path, files: Path) -> None:
    """With a row changed in the catalog nothing is brought in, and no file that it fails to name is
    swept away."""
    db = sqlite3.connect(Layout(corpus).catalog, isolation_level=None)
    db.execute("DROP TRIGGER seal_part_UPDATE")
    db.execute("UPDATE part SET number = number + 1000")  # as a flipped bit might
    db.close()
    before = sorted(corpus.rglob("*"))
    with pytest.raises(DamagedError, match=r"catalog\.sqlite: .*`ipsearch repair`"):
        ipsearch.open(corpus).ingest(files / "first.jsonl", workers=1)
    assert sorted(corpus.rglob("*")) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE part SET is_live = 0 WHERE number = 1",
        "UPDATE generation SET number = number - 1",
        "UPDATE dictionary SET words = '词'",
        "DELETE FROM setting WHERE name = 'shards'",
    ],
)
def test_readers_do_not_trust_a_changed_catalog(corpus: Path, statement: str) -> None:
    """Of what a reader takes from the catalog, no changed row is taken for true."""
    db = sqlite3.connect(Layout(corpus).catalog, isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute(statement)
    db.close()
    with pytest.raises(DamagedError, match=r"a row of table \w+ has changed"):
        answers(corpus)


def test_both_catalogs_lost(corpus: Path, tmp_path: Path) -> None:
    """Where neither the catalog nor its copy is whole, a repair changes nothing and says so."""
    layout = Layout(corpus)
    layout.catalog.write_bytes(b"")
    layout.catalog_copy.write_bytes(b"x" * 5_000)
    assert [f.role for f in ipsearch.check(corpus, workers=1).faults] == ["catalog", "catalog_copy"]
    before = sorted(corpus.rglob("*"))
    with pytest.raises(CorpusError, match="put one of the two back from a backup"):
        ipsearch.repair(corpus, workers=1)
    assert sorted(corpus.rglob("*")) == before
    for function in (ipsearch.check, ipsearch.repair, ipsearch.migrate):
        with pytest.raises(CorpusNotFoundError):
            function(tmp_path / "nowhere", workers=1)


def test_numbers_are_not_given_out_again(corpus: Path, whole: Path, files: Path) -> None:
    """After the catalog came back from an older copy, what is written next gets other names than
    anything that lies in the folder, and other numbers of ingestions."""
    layout = Layout(corpus)
    older = layout.catalog_copy.read_bytes()
    with ipsearch.open(corpus) as opened:
        opened.ingest(write(files / "more.jsonl", [patent(200)]), workers=1)
        last = opened.info()["ingestions"]
    held = names(corpus)
    layout.catalog_copy.write_bytes(older)
    layout.catalog.unlink()
    repaired = ipsearch.repair(corpus, workers=1)
    assert repaired.restored_to
    assert answers(corpus) == answers(whole)
    with ipsearch.open(corpus) as opened:
        summary = opened.ingest(files / "more.jsonl", workers=1)
        assert (summary.added, summary.known_files) == (1, [])
        assert summary.ingestion > last
    assert not (names(corpus) - names(whole)) & held


def names(path: Path) -> set[str]:
    """Give the names of generations and parts."""
    return {p.name for p in (*path.rglob("gen-*"), *path.rglob("part-*.parquet"))}


def test_notes_that_are_gone_are_missed(corpus: Path) -> None:
    """A file of notes that is not there any more is named, and after the repair not asked for."""
    Layout(corpus).notebook.unlink()
    (fault,) = ipsearch.check(corpus, workers=1).faults
    assert (fault.file, fault.role, fault.reason) == ("notebook.sqlite", "notes", "missing")
    assert ipsearch.repair(corpus, workers=1).lost_notes == ["notebook.sqlite"]
    assert ipsearch.check(corpus, workers=1).faults == []


def test_an_unfinished_ingestion_that_is_damaged(corpus: Path, whole: Path, files: Path) -> None:
    """What an interrupted ingestion had read is forgotten if it is damaged; the corpus is as it
    was, and the same ingestion brings it where it would have come."""
    delivery = write(files / "waiting.jsonl", [patent(n) for n in range(300, 340)])
    program = (
        "import os, sys, ipsearch\n"
        "from ipsearch.corpus import ingest\n"
        "ingest._Ingestion._build = lambda *arguments: os._exit(9)\n"
        "ipsearch.open(sys.argv[1]).ingest(sys.argv[2], workers=1)\n"
    )
    command = [sys.executable, "-c", program, str(corpus), str(delivery)]
    assert subprocess.run(command, check=False).returncode == 9
    assert ipsearch.check(corpus, workers=1).faults == []
    newest = max(corpus.rglob("part-*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    flip(newest, newest.stat().st_size // 2)
    assert {f.role for f in ipsearch.check(corpus, workers=1).faults} == {"unfinished"}
    assert answers(corpus) == answers(whole)
    repaired = ipsearch.repair(corpus, workers=1)
    assert repaired.forgot_unfinished and not repaired.lost
    assert answers(corpus) == answers(whole)
    with ipsearch.open(corpus) as opened:
        assert opened.ingest(delivery, workers=1).added == 40
    assert ipsearch.check(corpus, workers=1).faults == []


def test_a_killed_repair_is_run_again(corpus: Path, whole: Path) -> None:
    """However often a repair is killed, the next one, or the one after, makes the corpus whole."""
    for path in corpus.rglob("terms.txt"):
        path.write_bytes(b"")
    program = "import sys, ipsearch; ipsearch.repair(sys.argv[1], workers=1)"
    pick = random.Random(2)
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", program, str(corpus)])
        time.sleep(pick.uniform(0.3, 1.5))
        process.kill()
        process.wait()
    ipsearch.repair(corpus, workers=1)
    assert answers(corpus) == answers(whole)
    assert ipsearch.check(corpus, workers=1).faults == []


# damage met while building


def test_lists_of_the_index_are_verified_before_others_are_made_of_them(
    corpus: Path, files: Path
) -> None:
    """A changed word in a list of terms does not get into the next generation, whether it still is
    text or not: nothing is built."""
    delivery = write(files / "next.jsonl", [patent(n) for n in range(400, 420)])
    terms = next((corpus / "patent" / "index" / "shard-00").rglob("terms.txt"))
    good = terms.read_bytes()
    for bit, reason in ((0, "its content has changed"), (7, "not UTF-8")):
        terms.write_bytes(good)
        flip(terms, 0, bit)
        with pytest.raises(DamagedError, match=reason):
            ipsearch.open(corpus).ingest(delivery, workers=1)


def test_segments_are_verified_when_they_are_merged(tmp_path: Path) -> None:
    """A flipped bit in a segment of the index is met at the latest when the engine makes a larger
    one of it: that one does not count."""
    path = tmp_path / "corpus"
    with ipsearch.create(path, shards=1) as made:
        made.ingest(write(tmp_path / "0.jsonl", [patent(0)]), workers=1)
    lengths = next(path.rglob("*.fieldnorm"))
    flip(lengths, 0)
    with pytest.raises(DamagedError, match=lengths.name), ipsearch.open(path) as opened:
        for number in range(1, 30):
            opened.ingest(write(tmp_path / f"{number}.jsonl", [patent(number)]), workers=1)
    repaired = ipsearch.repair(path, workers=1)
    assert repaired.shards == 1 and not repaired.lost
    assert ipsearch.check(path, workers=1).faults == []


# while others read and write


def test_checks_while_others_write(corpus: Path, files: Path) -> None:
    """A check at any moment of an ingestion finds nothing wrong, and does not stop it."""
    rows = [patent(n, 2) for n in range(60)]  # replaces all: the shards are compacted as well
    delivery = write(files / "all.jsonl", rows)
    failures: list[Any] = []

    def look() -> None:
        while writer.is_alive():
            found = ipsearch.check(corpus, workers=1)
            failures.extend(fault for fault in found.faults if fault.is_damage)

    def bring() -> None:
        ipsearch.open(corpus).ingest(delivery, workers=1)

    writer = threading.Thread(target=bring)
    reader = threading.Thread(target=look)
    writer.start()
    reader.start()
    writer.join()
    reader.join()
    assert failures == []
    assert not ipsearch.check(corpus, workers=1).is_damaged


# versions


def test_an_index_of_another_version_is_migrated(corpus: Path, whole: Path) -> None:
    """A corpus whose index, or whose analyzer, is of another version is refused with the command
    that keeps its records and indexes them anew."""
    catalog = Layout(corpus).catalog
    for name, value, error in (
        ("index_version", "0", CorpusError),
        ("analyzer", "another", AnalyzerMismatchError),
    ):
        change(catalog, "UPDATE setting SET value = ? WHERE name = ?", json.dumps(value), name)
        with pytest.raises(error, match=f"`ipsearch migrate {corpus}`"):
            ipsearch.open(corpus)
        migrated = ipsearch.migrate(corpus, workers=1)
        assert migrated.shards == 4
        assert answers(corpus) == answers(whole)
        assert ipsearch.migrate(corpus, workers=1).shards == 0
    assert ipsearch.check(corpus, workers=1).faults == []


def test_an_interrupted_migration_is_gone_on_with(corpus: Path, whole: Path) -> None:
    """Killed when some shards are indexed, a migration does not index these again; before it comes
    to its end the corpus is refused as before."""
    change(Layout(corpus).catalog, "UPDATE setting SET value = '\"0\"' WHERE name LIKE 'index%'")
    program = (
        "import os, sys, ipsearch\n"
        "built = []\n"
        "def report(stage, done, total):\n"
        "    built.append(done)\n"
        "    if len(built) == 3: os._exit(9)\n"  # nothing is done yet, one is, two are
        "ipsearch.migrate(sys.argv[1], workers=1, progress=report)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(corpus)], check=False)
    assert killed.returncode == 9
    with pytest.raises(CorpusError, match="`ipsearch migrate"):
        ipsearch.open(corpus)
    old = {corpus / folder.relative_to(whole) for folder in whole.rglob("gen-*")}
    built = set(corpus.rglob("gen-*")) - old
    assert len(built) == 2
    ipsearch.migrate(corpus, workers=1)
    assert built <= set(corpus.rglob("gen-*"))
    assert answers(corpus) == answers(whole)
    assert ipsearch.check(corpus, workers=1).faults == []


def test_a_damaged_corpus_of_another_version_is_repaired(corpus: Path, whole: Path) -> None:
    """A repair of such a corpus mends it and migrates it in one."""
    terms = next(corpus.rglob("terms.txt"))
    terms.unlink()
    change(Layout(corpus).catalog, "UPDATE setting SET value = '\"0\"' WHERE name LIKE 'index%'")
    assert ipsearch.repair(corpus, workers=1).shards == 4
    assert answers(corpus) == answers(whole)


def test_records_and_folders_of_another_version_are_refused(corpus: Path) -> None:
    """What cannot be kept is refused, with the reason and what to do instead."""
    catalog = Layout(corpus).catalog
    change(catalog, "UPDATE setting SET value = '\"0\"' WHERE name = 'schema_version'")
    for function in (ipsearch.open, ipsearch.migrate, ipsearch.repair):
        with pytest.raises(CorpusError, match="ingest the files into a new corpus"):
            function(corpus)
    for path in (catalog, Layout(corpus).catalog_copy):
        db = sqlite3.connect(path)
        db.execute("PRAGMA user_version = 1")
        db.close()
    for function in (ipsearch.open, ipsearch.migrate, ipsearch.repair, ipsearch.check):
        with pytest.raises(CorpusError, match="format version 1, this library reads"):
            function(corpus)


# the commands


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--lang", "en", *arguments])


def test_commands(corpus: Path, files: Path) -> None:
    """`check` has status 1 and a line for each fault, `repair` status 4 if anything is lost, and
    both say how to go on."""
    clean = run("check", str(corpus))
    assert clean.exit_code == 0 and "all is as it was written" in clean.output
    assert "nothing to mend" in run("repair", str(corpus)).output
    terms = next((corpus / "trademark").rglob("terms.txt"))
    terms.unlink()
    damaged = run("check", str(corpus), "-o", "jsonl")
    assert damaged.exit_code == 1
    (line,) = (json.loads(line) for line in damaged.stdout.splitlines())
    assert line["file"] == terms.relative_to(corpus).as_posix()
    assert (line["role"], line["reason"], line["kind"]) == ("index", "missing", "trademark")
    assert "index: built anew of the records" in run("check", str(corpus)).output
    assert f"`ipsearch repair {corpus}`" in run("check", str(corpus)).output
    mended = run("repair", str(corpus))
    assert mended.exit_code == 0 and "shards indexed anew: 1" in mended.output
    part = next((corpus / "trademark").rglob("part-*.parquet"))
    part.write_bytes(part.read_bytes()[:100])
    lossy = run("repair", str(corpus), "-o", "jsonl")
    assert lossy.exit_code == 4 and "marks.jsonl" in lossy.stderr
    (row,) = (json.loads(line) for line in lossy.stdout.splitlines())
    assert (row["outcome"], row["file"]) == ("lost", part.relative_to(corpus).as_posix())
    assert row["rows"] == len(row["ids"]) > 0
    assert "of this version already" in run("migrate", str(corpus)).output
