"""Writes that are on disk: in which order, and what is there if one fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ipsearch.corpus.durable import make_folder, replaced, save_array, sync_tree, written


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that are synced, in their order."""
    paths: list[Path] = []

    def note(descriptor: int) -> None:
        paths.append(Path(f"/proc/self/fd/{descriptor}").readlink())

    monkeypatch.setattr("os.fsync", note)
    return paths


def test_every_new_folder_is_named_on_disk(tmp_path: Path, synced: list[Path]) -> None:
    """Each folder that is made is synced as an entry of the one above it, from above downwards."""
    make_folder(tmp_path / "a" / "b" / "c")
    assert synced == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]
    synced.clear()
    make_folder(tmp_path / "a" / "b" / "c")
    assert synced == []


def test_a_tree_is_synced_before_its_name(tmp_path: Path, synced: list[Path]) -> None:
    """Files and inner folders come before the folder, that before the one it lies in."""
    folder = tmp_path / "generation"
    (folder / "engine").mkdir(parents=True)
    (folder / "engine" / "a").write_bytes(b"a")
    (folder / "terms").write_bytes(b"t")
    sync_tree(folder)
    inside = {folder / "engine", folder / "engine" / "a", folder / "terms"}
    assert set(synced[:-2]) == inside and synced[-2:] == [folder, tmp_path]


def test_a_replacement_is_whole_or_not_there(tmp_path: Path, synced: list[Path]) -> None:
    """A file that is replaced is as it was until the new one is on disk; an error leaves it so."""
    path = tmp_path / "some"
    with written(path) as file:
        file.write(b"old")
    synced.clear()
    with pytest.raises(KeyError), replaced(path) as file:
        file.write(b"half of the n")
        raise KeyError
    assert path.read_bytes() == b"old"
    assert synced == []
    with replaced(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert synced == [tmp_path / "some.new", tmp_path]


@pytest.mark.parametrize(
    "array",
    [
        np.arange(5, dtype=np.uint64),
        np.empty(0, np.uint64),
        np.array([(7, 1), (9, 2)], [("key", "<u8"), ("row", "<u4")]),
        np.empty(0, [("key", "<u8"), ("row", "<u4")]),
    ],
)
def test_arrays_are_written_as_numpy_does(tmp_path: Path, array: np.ndarray) -> None:
    """An array that is written reads back as it was, and is the same file that NumPy makes."""
    with written(tmp_path / "ours.npy") as file:
        save_array(file, array)
    np.save(tmp_path / "theirs.npy", array)
    assert (tmp_path / "ours.npy").read_bytes() == (tmp_path / "theirs.npy").read_bytes()
    assert np.array_equal(np.load(tmp_path / "ours.npy"), array)
