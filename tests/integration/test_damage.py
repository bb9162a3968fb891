"""Any file of a corpus damaged in any way: found, named, and mended as far as the records allow."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ipsearch
from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.repair import Repair
from ipsearch.errors import DamagedError
from ipsearch.index.folder import remove_folder
from tests.reference.small_corpus import REMOVED, answers, make, write_files


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
    return make(tmp_path_factory.mktemp("whole") / "corpus", files)


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    """Flip one bit: of a text in the files of SQLite, which have room that nothing is in."""
    data = bytearray(path.read_bytes())
    at = len(data) // 2
    if path.suffix == ".sqlite":
        at = data.rindex("石墨".encode() if "notebook" in path.name else b"parquet")
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [delete, empty, cut, flip])
def test_any_damaged_file_is_named_and_mended(
    damage: Callable[[Path], None], whole: Path, files: Path, tmp_path: Path
) -> None:
    """Whatever file is damaged, opening or a check names it, and after the repair, and after giving
    the files again that it asks for, a check is clean and every answer is what it was."""
    assert ipsearch.check(whole, workers=1).faults == []
    before, delivered = answers(whole), parts_as_delivered(whole)
    path = tmp_path / "corpus"
    names = list(files_of(whole))
    assert len(names) > 40
    for name in names:
        shutil.copytree(whole, path)
        damage(path / name)
        told = f"{name} {damage.__name__}"
        found = ipsearch.check(path, workers=1)
        assert found.is_damaged, told
        assert name.as_posix() in {fault.file for fault in found.faults}, (told, found)
        if damage is not flip and is_needed(name):
            with pytest.raises(DamagedError, match="`ipsearch repair`") as raised:
                answers(path)
            assert name.name in str(raised.value), told
        repaired = ipsearch.repair(path, workers=1)
        assert repaired.changed_anything, told
        if name in delivered:
            assert {lost.file for lost in repaired.lost} <= {name.as_posix()}, told
            give_again(path, repaired, files)
        else:
            assert not repaired.lost and not repaired.files_to_ingest, told
        assert answers(path) == before, told
        faults = ipsearch.check(path, workers=1).faults
        assert not [fault for fault in faults if fault.is_damage], (told, faults)
        remove_folder(path)


def files_of(corpus: Path) -> Iterator[Path]:
    """Give every file that says anything: of the lock its content only tells people who holds it,
    and the engine's locks are empty."""
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.stat().st_size and path.name != "lock":
            yield path.relative_to(corpus)


def give_again(path: Path, repaired: Repair, files: Path) -> None:
    """Ingest what a repair asks for; a record that had been removed comes back with its file."""
    assert bool(repaired.lost_rows) == bool(repaired.files_to_ingest)
    with ipsearch.open(path) as corpus:
        paths = [files / name for name in repaired.files_to_ingest]
        assert not corpus.ingest(paths, workers=1).known_files
        if corpus.get(REMOVED):
            corpus.remove([REMOVED])


def is_needed(name: Path) -> bool:
    """Whether a corpus needs this file in order to answer."""
    return not name.name.startswith(("catalog-copy", "notebook", "gone-"))


def parts_as_delivered(corpus: Path) -> set[Path]:
    """Give the files that have records as they were delivered."""
    layout = Layout(Path())
    catalog = Catalog(Layout(corpus).catalog, read_only=True)
    try:
        parts = [part for part in catalog.parts() if not part.is_merged]
    finally:
        catalog.close()
    return {layout.part(part.kind, part.shard, part.number) for part in parts}
