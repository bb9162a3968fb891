"""How an ingestion is cut into tasks."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from itertools import pairwise
from pathlib import Path

from ipsearch.corpus.plan import find_inputs, handfuls
from ipsearch.sources.walk import Limits

ROW = b'{"publication_number": "CN100000001A", "title": "x"}\n'


def tasks_of(path: Path) -> list[list[str]]:
    """Name what each task reads of `path`, with two workers."""
    found = find_inputs([path], Limits(), lambda hashed: False, 2)
    assert not found.faults
    return [[r.item.name.rpartition("!")[2] for r in task] for task in handfuls(found.pieces, 2)]


def test_members_of_a_zip_are_shared_out(tmp_path: Path) -> None:
    """Large members of a plain ZIP become tasks of their own."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(6):
            archive.writestr(f"{number}.jsonl", ROW * 20_000)
    assert len(tasks_of(path)) == 6


def test_members_of_a_packed_tar_stay_together(tmp_path: Path) -> None:
    """A packed TAR can only be read from its beginning: one task reads it all."""
    path = tmp_path / "a.tar.gz"
    with gzip.open(path, "wb") as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for number in range(6):
            info = tarfile.TarInfo(f"{number}.jsonl")
            info.size = len(ROW) * 20_000
            archive.addfile(info, io.BytesIO(ROW * 20_000))
    assert tasks_of(path) == [[f"{number}.jsonl" for number in range(6)]]


def test_large_file_is_read_in_ranges(tmp_path: Path) -> None:
    """A large plain file that can be split is divided into ranges that meet."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(ROW * 400_000)
    found = find_inputs([path], Limits(), lambda hashed: False, 2)
    ranges = [piece for piece, _ in found.pieces]
    assert len(ranges) > 1
    assert ranges[0].start == 0
    assert ranges[-1].end is None
    assert all(a.end == b.start for a, b in pairwise(ranges))
    assert sorted({r.delivery for r in ranges}) == [r.delivery for r in ranges]
