"""Sums of files: what they notice, and what need not be read for them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from ipsearch.corpus import checksums
from ipsearch.corpus.checksums import (
    FileSum,
    content_fault,
    file_sum,
    from_json,
    generation_sums,
    header_fault,
    size_fault,
    to_json,
    verify,
)
from ipsearch.errors import DamagedError


def test_sums_are_what_sha256sum_says(tmp_path: Path) -> None:
    """The catalog's sum of a file can be compared by hand."""
    path = tmp_path / "some"
    path.write_bytes(os.urandom(300_000))
    entry = file_sum(path, "some")
    said = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout
    assert (entry.sha256, entry.bytes) == (said.split()[0], 300_000)
    assert from_json(to_json([entry, entry])) == (entry, entry)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "missing"),
        (b"", "empty"),
        (b"1234", "4 bytes, written with 5"),
        (b"12346", "its content has changed"),
        (b"12345", None),
    ],
)
def test_faults_of_a_file(tmp_path: Path, content: bytes | None, reason: str | None) -> None:
    """What is wrong is said in words, and the size tells without reading."""
    path = tmp_path / "some"
    path.write_bytes(b"12345")
    entry = file_sum(path, "some")
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    found = content_fault(path, entry)
    assert (found is None) == (reason is None) and (reason or "") in (found or "")
    assert size_fault(path, entry) == (found if content is None or len(content) < 5 else None)
    if reason is not None:
        with pytest.raises(DamagedError, match=reason):
            verify(path, entry)


def test_nothing_but_zeros_is_noticed_on_opening(tmp_path: Path) -> None:
    """A file of the right size that a loss of power left full of zeros is none of its kind."""
    array = tmp_path / "some.npy"
    np.save(array, np.arange(5))
    (tmp_path / "meta.json").write_bytes(b'{"a": 1}')
    (tmp_path / "terms.txt").write_bytes("词\n".encode())
    (tmp_path / "0a.pos").write_bytes(b"positions" + (1337).to_bytes(4, "little"))
    (tmp_path / "empty.txt").write_bytes(b"")
    for path in tmp_path.iterdir():
        entry = file_sum(path, path.name)
        assert header_fault(path, entry) is None
        path.write_bytes(bytes(entry.bytes))
        assert (header_fault(path, entry) is None) == (path.name == "empty.txt"), path.name


def test_shared_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generation takes the sums of the files that it shares; those of the one before that it does
    not share were read to make something of them, so they are verified."""
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "engine").mkdir(parents=True)
    (new / "engine").mkdir(parents=True)
    for name in ("engine/a.pos", "engine/b.pos", "terms.txt", "engine/.tantivy-meta.lock"):
        (old / name).write_text(name)
    before = generation_sums(old)
    assert [entry.name for entry in before] == ["engine/a.pos", "engine/b.pos", "terms.txt"]
    os.link(old / "engine" / "a.pos", new / "engine" / "a.pos")
    (new / "engine" / "c.pos").write_text("b and more")
    (new / "terms.txt").write_text("more terms")
    read: list[str] = []

    def noted(path: Path, name: str) -> FileSum:
        read.append(path.relative_to(tmp_path).as_posix())
        return file_sum(path, name)

    monkeypatch.setattr(checksums, "file_sum", noted)
    after = generation_sums(new, old, before)
    assert [entry.name for entry in after] == ["engine/a.pos", "engine/c.pos", "terms.txt"]
    assert after[0] == before[0]
    assert sorted(read) == [
        "new/engine/c.pos",
        "new/terms.txt",
        "old/engine/b.pos",
        "old/terms.txt",
    ]
    (old / "engine" / "b.pos").write_text("engine/b.poz")
    with pytest.raises(DamagedError, match=r"b\.pos: its content has changed"):
        generation_sums(new, old, before)
