"""Any file of a corpus damaged in any way: found, named, and mended as far as the records allow."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import ipsearch
from ipsearch.corpus import parts, seal
from ipsearch.corpus.catalog import Catalog
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.repair import Repair
from ipsearch.errors import CorpusError, DamagedError, IpsearchError
from ipsearch.records import Kind

WORDS = ("石墨", "电池", "电极", "装置", "方法", "控制", "传感器", "涂层", "薄膜", "温度", "阀门")
MARKS = ("晨露", "远山", "青禾", "白鹭", "松风", "云帆", "LUMO", "TERRA")
PATENT_QUERIES = (
    *("石墨 电池", '"电池电极"', "传感器 温度 阀门", "ti:石墨 NOT 电池", "装*", "ipc:H01M"),
    "电池 NEAR/3 涂层",
)
REMOVED = "CN100000005A"
MARK_QUERIES = ("晨*", "nc:30", "tm:远山")


def patent(number: int, seed: int = 0, **values: Any) -> dict[str, Any]:
    pick = random.Random(f"{number}/{seed}")
    return {
        "record": "patent",
        "id": f"CN{100_000_000 + number}A",
        "publication_number": f"CN{100_000_000 + number}A",
        "application_number": f"CN2020{10_000_000 + number}",
        "office": "CN",
        "source": "cnipa_patent",
        "transaction_date": f"2021-01-{1 + seed:02d}",
        "titles": [{"language": "zh", "text": "一种" + "".join(pick.choices(WORDS, k=3))}],
        "abstracts": [{"language": "zh", "text": "".join(pick.choices(WORDS, k=30))}],
        **values,
    }


def mark(number: int) -> dict[str, Any]:
    pick = random.Random(number)
    return {
        "record": "trademark",
        "id": f"CN{30_000_000 + number}",
        "registration_number": f"{30_000_000 + number}",
        "application_number": f"{30_000_000 + number}",
        "office": "CN",
        "source": "test",
        "mark_text": "".join(pick.sample(MARKS, 2)),
        "classes": [{"nice_class": 30 + number % 3, "goods": ["茶"], "similar_groups": []}],
    }


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the corpus is made of: records, later ones, those of another source, marks."""
    folder = tmp_path_factory.mktemp("files")
    write(folder / "first.jsonl", [patent(n) for n in range(60)])
    write(folder / "later.jsonl", [patent(n, 1) for n in (3, 70)])
    others = [patent(n, source="google_patents", ipc=["H01M4/02"]) for n in range(0, 60, 4)]
    write(folder / "other.jsonl", others)
    write(folder / "marks.jsonl", [mark(n) for n in range(30)])
    return folder


@pytest.fixture(scope="module")
def whole(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with all there can be: merged, replaced and removed records, marks, notes."""
    path = tmp_path_factory.mktemp("whole") / "corpus"
    with ipsearch.create(path, shards=1) as corpus:
        corpus.ingest([files / "first.jsonl", files / "other.jsonl", files / "marks.jsonl"])
        corpus.query("石墨 电池", kind="patent", session="石墨电池的检索")
        corpus.ingest([files / "later.jsonl"])
        corpus.remove([REMOVED])
    with ipsearch.open(path) as corpus:
        corpus.ingest([])  # nobody reads the old generations any more: they are swept
    return path


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is about a loss of power: syncing would only take time."""
    monkeypatch.setattr("os.fsync", lambda descriptor: None)


class Answers(NamedTuple):
    """What a corpus holds and answers, in a form that can be compared."""

    rows: dict[str, list[str]]
    hits: dict[str, list[str]]


def answers(path: Path) -> Answers:
    with ipsearch.open(path) as corpus:
        kinds: tuple[Kind, ...] = ("patent", "trademark")
        rows = {}
        for kind in kinds:
            held = [row for batch in corpus.batches(kind) for row in batch.to_pylist()]
            rows[kind] = sorted(json.dumps(row, default=str, sort_keys=True) for row in held)
            assert len(held) == corpus.count(kind)
        hits = {}
        for kind, queries in (("patent", PATENT_QUERIES), ("trademark", MARK_QUERIES)):
            for query in queries:
                found = corpus.query(query, kind=kind, limit=1_000)
                hits[query] = [f"{found.total}", *sorted(hit.id for hit in found)]
        return Answers(rows, hits)


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path, at: int | None = None) -> None:
    """Flip one bit: of a text in the files of SQLite, which have room that nothing is in."""
    data = bytearray(path.read_bytes())
    if path.suffix == ".sqlite" and at is None:
        at = data.rindex("石墨".encode()) if "notebook" in path.name else data.rindex(b"sha")
    data[len(data) // 2 if at is None else at] ^= 1
    path.write_bytes(data)


def files_of(corpus: Path) -> Iterator[Path]:
    """Give every file that says anything: the lock's content only tells people who holds it, the
    engine's locks are empty."""
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.stat().st_size and path.name != "lock":
            yield path.relative_to(corpus)


@pytest.mark.parametrize("damage", [delete, empty, cut, flip])
def test_any_damaged_file_is_named_and_mended(
    damage: Callable[[Path], None], whole: Path, files: Path, tmp_path: Path
) -> None:
    """Whatever file is damaged, opening or a check names it, and after the repair, and after giving
    the files again that it asks for, a check is clean and every answer is what it was."""
    assert ipsearch.check(whole, workers=1).faults == []
    before = answers(whole)
    path = tmp_path / "corpus"
    looked_at = 0
    for name in files_of(whole):
        shutil.copytree(whole, path)
        damage(path / name)
        told = f"{name} {damage.__name__}"
        found = ipsearch.check(path, workers=1)
        assert found.is_damaged and name.as_posix() in {f.file for f in found.faults}, told
        if damage is not flip and is_opened(name):
            with pytest.raises(DamagedError) as raised:
                answers(path)
            assert name.name in str(raised.value) and "`ipsearch repair`" in str(raised.value), told
        repaired = ipsearch.repair(path, workers=1)
        assert repaired.changed_anything, told
        if is_delivered(whole, name):
            assert {lost.file for lost in repaired.lost} <= {name.as_posix()}, told
            give_again(path, repaired, files)
        else:
            assert not repaired.lost and not repaired.files_to_ingest, told
        assert answers(path) == before, told
        faults = ipsearch.check(path, workers=1).faults
        assert not [fault for fault in faults if fault.is_damage], (told, faults)
        shutil.rmtree(path)
        looked_at += 1
    assert looked_at > 40


def give_again(path: Path, repaired: Repair, files: Path) -> None:
    """Ingest what a repair asks for; a record that had been removed comes back with its file."""
    with ipsearch.open(path) as corpus:
        assert bool(repaired.lost_rows) == bool(repaired.files_to_ingest)
        summary = corpus.ingest([files / file for file in repaired.files_to_ingest])
        assert not summary.known_files
        if corpus.get(REMOVED):
            corpus.remove([REMOVED])


def is_opened(name: Path) -> bool:
    """Whether a corpus needs this file in order to answer."""
    return not name.name.startswith(("catalog-copy", "notebook", "gone-"))


def is_delivered(whole: Path, name: Path) -> bool:
    """Whether a file has records as they were delivered."""
    catalog = Catalog(Layout(whole).catalog, read_only=True)
    try:
        layout = Layout(whole)
        return whole / name in {
            layout.part(part.kind, part.shard, part.number)
            for part in catalog.parts()
            if not part.is_merged
        }
    finally:
        catalog.close()
