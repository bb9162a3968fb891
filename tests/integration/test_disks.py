"""Full disks, folders that are read-only, files that vanish or come in drops: said, and no loss."""

from __future__ import annotations

import ctypes
import errno
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

import ipsearch
from benchmarks.faults.made_files import mark, patent, write_lines
from benchmarks.faults.picture import EMPTY, Picture, take
from benchmarks.machine import ROOT, folder_bytes
from ipsearch.cli.main import cli
from ipsearch.corpus import ingest as ingesting
from ipsearch.errors import CorpusError
from ipsearch.sources.base import Notes
from ipsearch.sources.streams import _File
from ipsearch.sources.walk import Limits, open_stream

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
MS_RDONLY, MS_REMOUNT, MS_BIND = 1, 32, 4096

Mount = Callable[..., None]


def run(
    *arguments: str | Path,
    given: bytes = b"",
    before: Callable[[], None] | None = None,
    **more: Any,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command of the program in a process of its own; `before` is called in it first."""
    return subprocess.run(
        [sys.executable, "-m", "ipsearch", "--lang", "en", *map(str, arguments)],
        cwd=ROOT,
        input=given,
        capture_output=True,
        preexec_fn=before,
        **more,
    )


def expect_fault(done: subprocess.CompletedProcess[bytes], words: str) -> None:
    """A command failed as it must: status 1, one line that says why."""
    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (1, b""), told
    assert told.startswith("ipsearch: error: ") and told.count("\n") == 1
    assert words in told


def run_here(*arguments: str | Path) -> None:
    """Run a command in this process, which is quicker, and expect it to do all that it should."""
    done = CliRunner().invoke(cli, ["--lang", "en", *map(str, arguments)])
    assert done.exit_code == 0, done.stderr


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """A first delivery, and a second that replaces some of it."""
    folder = tmp_path_factory.mktemp("files")
    first = [*map(patent, range(200)), *map(mark, range(40))]
    second = [*(patent(n, 1) for n in range(5)), *map(patent, range(200, 300))]
    return write_lines(folder / "first.jsonl", first), write_lines(folder / "second.jsonl", second)


class Undisturbed(NamedTuple):
    """What becomes of a corpus where nothing goes wrong."""

    first: Path  # the corpus after the first delivery: to be copied
    states: Sequence[Picture]  # after none, the first, both


@pytest.fixture(scope="module")
def undisturbed(files: Sequence[Path], tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Bring in the deliveries one after the other."""
    folder = tmp_path_factory.mktemp("undisturbed")
    pictures = [EMPTY]
    for file in files:
        run_here("ingest", file, "--into", folder / "corpus", "--shards", "2")
        pictures.append(take(folder / "corpus"))
        if file == files[0]:
            shutil.copytree(folder / "corpus", folder / "first")
    return Undisturbed(folder / "first", pictures)


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mount things at `tmp_path / "disk"`; skips where nobody may."""
    point = tmp_path / "disk"
    point.mkdir()
    mounted = 0

    def call(*arguments: str | Path) -> None:
        nonlocal mounted
        if shutil.which("mount") is None:
            pytest.skip("there is no `mount`")
        command = ["mount", *map(str, arguments), str(point)]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("nothing can be mounted here")
        mounted += "remount" not in " ".join(command)

    yield call
    for _ in range(mounted):  # lazily: what a garbage collector still holds is let go later
        subprocess.run(["umount", "--lazy", str(point)], check=True)


def used_bytes(disk: Path) -> int:
    """Say how much of a file system is in use."""
    status = os.statvfs(disk)
    return (status.f_blocks - status.f_bfree) * status.f_frsize


@pytest.mark.parametrize("share", [0.02, 0.4, 0.8])  # catalog, records, index
def test_full_disk(
    tmp_path: Path, mount: Mount, files: Sequence[Path], undisturbed: Undisturbed, share: float
) -> None:
    """A disk that is full at any stage ends the command with one line; the corpus shows what it
    showed, and with more room the same command ends where an undisturbed run does."""
    room_bytes = folder_bytes(undisturbed.first)
    corpus = tmp_path / "disk" / "语料 库"
    mount("-t", "tmpfs", "-o", f"size={int(share * room_bytes)}", "tmpfs")
    arguments = ("ingest", files[0], "--into", corpus, "--shards", "2")
    expect_fault(run(*arguments), str(corpus))
    assert not take(corpus).differences(EMPTY)
    mount("-o", f"remount,size={4 * room_bytes}")
    run_here(*arguments)
    assert not take(corpus).differences(undisturbed.states[1])


def test_full_disk_under_an_update(
    tmp_path: Path, mount: Mount, files: Sequence[Path], undisturbed: Undisturbed
) -> None:
    """A disk that fills up under an update leaves the corpus as it was, to the last score."""
    corpus = tmp_path / "disk" / "corpus"
    mount("-t", "tmpfs", "-o", "size=32m", "tmpfs")
    shutil.copytree(undisturbed.first, corpus)
    mount("-o", f"remount,size={int(1.3 * used_bytes(corpus))}")
    expect_fault(run("ingest", files[1], "--into", corpus), str(corpus))
    assert not take(corpus).differences(undisturbed.states[1], with_scores=True)
    mount("-o", "remount,size=32m")
    run_here("ingest", files[1], "--into", corpus)
    assert not take(corpus).differences(undisturbed.states[2])


def test_file_size_limit(tmp_path: Path, undisturbed: Undisturbed) -> None:
    """Files that may not grow end a command as a full disk does, in workers too."""
    corpus = tmp_path / "corpus"
    shutil.copytree(undisturbed.first, corpus)
    arguments = ("reshard", corpus, "3", "--workers", "2")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    expect_fault(run(*arguments, before=limit), str(corpus))
    assert not take(corpus).differences(undisturbed.states[1], with_scores=True)
    run_here(*arguments)
    assert not take(corpus).differences(undisturbed.states[1])


def test_read_only_disk(
    tmp_path: Path, mount: Mount, files: Sequence[Path], undisturbed: Undisturbed
) -> None:
    """On a disk that is read-only everything can be asked; what would write says so."""
    mount("--bind", undisturbed.first)
    mount("-o", "remount,bind,ro")
    corpus, temporary = tmp_path / "disk", tmp_path / "temporary"
    temporary.mkdir()
    env = {**os.environ, "TMPDIR": str(temporary)}
    done = run("query", corpus, "石墨", "-o", "jsonl", "--limit", "3", env=env)
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 3), done.stderr
    expect_fault(run("ingest", files[1], "--into", corpus, env=env), "Read-only file system")
    assert list(temporary.iterdir()) == []
    for asked in (
        ("show", corpus, "CN100000003A"),
        ("info", corpus),
        ("facets", corpus, "石墨"),
        ("export", corpus, "石墨", tmp_path / "found.csv"),
        ("topic", "list", corpus),
        ("novelty", corpus, "--text", "石墨电池", "--limit", "2"),
    ):
        run_here(*asked)
    with ipsearch.open(corpus) as opened:
        for change in (
            opened.compact,
            lambda: opened.reshard(3),
            lambda: opened.remove("CN100000003A"),
            lambda: opened.topics.add("专题", "石墨"),
        ):
            with pytest.raises(CorpusError, match=str(corpus)):
                change()
    assert not take(corpus).differences(undisturbed.states[1], with_scores=True)


def be_nobody_special() -> None:
    """Let file modes bind root too: without two of its capabilities it is as others are."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def test_permission_denied(tmp_path: Path, files: Sequence[Path], undisturbed: Undisturbed) -> None:
    """A corpus that one may read and not write can be asked; what would write says so. A file in a
    folder that one may not read is named, and does not keep the others out."""
    corpus = tmp_path / "corpus"
    shutil.copytree(undisturbed.first, corpus)
    places = [corpus, *corpus.rglob("*")]
    modes = {path: path.stat().st_mode for path in places}
    for path in places:
        path.chmod(0o555 if path.is_dir() else 0o444)
    probe = [sys.executable, "-c", f"open({str(corpus / 'probe')!r}, 'w')"]
    if subprocess.run(probe, capture_output=True, preexec_fn=be_nobody_special).returncode == 0:
        pytest.skip("file modes bind nobody here")
    done = run("query", corpus, "石墨", "-o", "jsonl", "--limit", "3", before=be_nobody_special)
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 3), done.stderr
    expect_fault(run("compact", corpus, before=be_nobody_special), "Permission denied")
    for path, mode in modes.items():
        path.chmod(mode)
    assert not take(corpus).differences(undisturbed.states[1], with_scores=True)
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "locked.jsonl").write_bytes(files[1].read_bytes())
    (folder / "locked.jsonl").chmod(0)
    write_lines(folder / "open.jsonl", [patent(900)])
    done = run("ingest", folder, "--into", corpus, before=be_nobody_special)
    assert done.returncode == 4
    assert "locked.jsonl: cannot be opened: Permission denied" in done.stderr.decode()
    with ipsearch.open(corpus) as opened:
        assert len(opened.get("CN100000900A")) == 1
    (folder / "locked.jsonl").chmod(0o644)
    run_here("ingest", folder, "--into", corpus)
    with ipsearch.open(corpus) as opened:
        assert len(opened.get("CN100000299A")) == 1


def test_a_file_that_vanishes(
    tmp_path: Path, files: Sequence[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is gone when it is to be read is named, and read when it is there again."""
    given = tmp_path / "given"
    given.mkdir()
    for file in files:
        shutil.copy(file, given)
    find = ingesting.find_inputs

    def find_and_lose(*arguments: Any, **named: Any) -> Any:
        found = find(*arguments, **named)
        (given / "second.jsonl").unlink()
        return found

    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    with monkeypatch.context() as patch:
        patch.setattr(ingesting, "find_inputs", find_and_lose)
        summary = corpus.ingest(given, workers=1)
    assert summary.records == {"patent": 200, "trademark": 40}
    (reject,) = summary.rejects
    assert reject["file"].endswith("second.jsonl") and "No such file" in reject["reason"]
    shutil.copy(files[1], given)
    assert corpus.ingest(given, workers=1).added == 100


def test_a_disk_that_fails_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the disk gave before it failed counts; the file is no known one, and is read again."""
    rows = [patent(number) for number in range(1_000)]
    path = write_lines(tmp_path / "rows.jsonl", rows)
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    begin = _File.__init__

    class Failing(io.FileIO):
        def readinto(self, buffer: Any) -> int | None:
            if self.tell() > path.stat().st_size // 2:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return super().readinto(buffer)

    def fail(self: _File, path: Path, name: str) -> None:
        begin(self, path, name)
        self._file = Failing(path)

    with monkeypatch.context() as patch:
        patch.setattr(_File, "__init__", fail)
        summary = corpus.ingest(path, workers=1)
    assert "Input/output error" in summary.rejects[-1]["reason"]
    assert 0 < summary.records["patent"] < 1_000
    assert corpus.info()["files"] == 0
    again = corpus.ingest(path, workers=1)
    assert (again.records["patent"], again.rejected) == (1_000, 0)
    assert corpus.info()["files"] == 1


class Drops(io.RawIOBase):
    """A stream that gives a few bytes at a time, sometimes none at all yet."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._turn = data, 0, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._turn += 1
        piece = self._data[self._at : self._at + min(1 + self._turn % 7, len(buffer))]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def test_short_reads(files: Sequence[Path]) -> None:
    """A stream that gives a few bytes at a time is read to its end, packed or not."""
    data = files[0].read_bytes()[:50_000]
    opened = open_stream(Drops(data), "drops", Limits(), Notes())  # type: ignore[arg-type]
    assert opened.stream.read() == data


def test_slow_standard_input(
    tmp_path: Path, files: Sequence[Path], undisturbed: Undisturbed
) -> None:
    """What comes slowly and in pieces through a pipe is what a file would have been."""
    corpus = tmp_path / "corpus"
    process = subprocess.Popen(
        [sys.executable, "-m", "ipsearch", "ingest", "-", "--into", str(corpus), "--shards", "2"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    data = files[0].read_bytes()
    for begin in range(0, len(data), 3_001):
        process.stdin.write(data[begin : begin + 3_001])
        process.stdin.flush()
    process.stdin.close()
    assert process.wait(60) == 0
    assert take(corpus).found == undisturbed.states[1].found


def test_no_room_for_temporary_files(tmp_path: Path, mount: Mount, files: Sequence[Path]) -> None:
    """Where standard input, or a packed file that must be sought in, finds no room, that is said;
    with room the same command reads it."""
    mount("-t", "tmpfs", "-o", "size=16k", "tmpfs")
    env = {**os.environ, "TMPDIR": str(tmp_path / "disk")}
    corpus = tmp_path / "corpus"
    done = run("ingest", "-", "--into", corpus, given=files[0].read_bytes(), env=env)
    expect_fault(done, "standard input: cannot be kept in")
    packed = tmp_path / "packed.zip"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.jsonl", json.dumps(patent(1)) + "\n" + " " * (33 << 20) + "\n")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", inner.getvalue())
    arguments = ("ingest", packed, "--into", corpus, "--max-ratio", "10000000")
    done = run(*arguments, env=env)
    assert done.returncode == 4, done.stderr
    assert "cannot be kept in a temporary file: No space left" in done.stderr.decode()
    run_here(*arguments)
    assert set(take(corpus).records) == {"patent"}


def test_errors_of_the_machine_are_errors_of_the_corpus(tmp_path: Path) -> None:
    """The library raises nothing but its own errors where a folder cannot be written to."""
    corpus = ipsearch.create(tmp_path / "corpus")
    (corpus.path / "lock").unlink()
    (corpus.path / "lock").mkdir()
    with pytest.raises(CorpusError, match="Is a directory"):
        corpus.compact()
