"""The sorted lists of terms beside an index."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipsearch.index.vocabulary import (
    ENDINGS,
    STEMS,
    TERMS,
    SortedLines,
    Vocabulary,
    VocabularyWriter,
    _Runs,
    stem,
)

WORDS = {
    "电",
    "电池",
    "锂电池",
    "电池组",
    "𠮷",
    "𠮷野",
    "野𠮷",
    "a",
    "ab",
    "b",
    "\x1f",
    "battery",
    "batteries",
}
WORDS |= {"é", "\uffff", "\U0010ffff", "ー", "アイ", "，", "\\", "a\\b"}


def write(folder: Path, words: set[str], base: Path | None = None) -> Path:
    folder.mkdir()
    writer = VocabularyWriter()
    for begin in range(3):  # several runs, which share some
        writer.add(sorted(words)[begin::2])
    writer.write(folder, base)
    return folder


def test_lookups_are_those_of_a_set(tmp_path: Path) -> None:
    """What begins with, ends with or holds a text is found, whatever the characters."""
    vocabulary = Vocabulary([write(tmp_path / "a", WORDS)])
    for part in {*"".join(WORDS), *WORDS, "电池组件", "z", "池", "zz"}:
        assert vocabulary.starting_with(part) == {w for w in WORDS if w.startswith(part)}
        assert vocabulary.ending_with(part) == {w for w in WORDS if w.endswith(part)}
        assert vocabulary.containing(part) == {w for w in WORDS if part in w}
        starting = sum(w.startswith(part) for w in WORDS)
        assert vocabulary.count_starting_with(part, 2) == min(starting, 2)


def test_generations_and_shards_are_one(tmp_path: Path) -> None:
    """A generation has the terms of the one it began as, several shards have those of each."""
    old = write(tmp_path / "old", {"电池", "battery"})
    new = write(tmp_path / "new", {"电阻", "batteries", "battery"}, old)
    other = write(tmp_path / "other", {"电池", "电网"})
    assert Vocabulary([new]).starting_with("电") == {"电池", "电阻"}
    assert Vocabulary([new]).sharing_stem("battery") == {"battery", "batteries"}
    assert Vocabulary([new, other]).starting_with("电") == {"电池", "电阻", "电网"}
    assert Vocabulary([new, other]).containing("网") == {"电网"}
    assert (new / TERMS).read_text(encoding="utf-8") == "batteries\nbattery\n电池\n电阻\n"


def test_no_more_are_read_than_asked_for(tmp_path: Path) -> None:
    """One more than `most` tells that there are more, and no further is read."""
    vocabulary = Vocabulary([write(tmp_path / "a", {f"x{i}y" for i in range(100)})])
    for find in (vocabulary.starting_with, vocabulary.containing):
        assert len(find("x", 10)) == 11
        assert len(find("x", 100)) == 100
    assert len(vocabulary.ending_with("y", 10)) == 11


def test_an_empty_vocabulary_has_nothing(tmp_path: Path) -> None:
    """An index without any text has lists without lines."""
    folder = write(tmp_path / "a", set())
    assert all((folder / name).stat().st_size == 0 for name in (TERMS, ENDINGS, STEMS))
    vocabulary = Vocabulary([folder])
    assert vocabulary.starting_with("a") == vocabulary.containing("a") == set()
    assert vocabulary.sharing_stem("batteries") == {"batteries"}
    assert Vocabulary([]).count_starting_with("a", 5) == 0
    assert list(SortedLines(folder / TERMS).containing("a")) == []


def test_stems(tmp_path: Path) -> None:
    """English forms of one word share a stem; digits, other scripts and short words have none."""
    words = {"battery", "batteries", "batter", "charged", "charging", "charge", "电池", "h2o", "ab"}
    vocabulary = Vocabulary([write(tmp_path / "a", words)])
    assert vocabulary.sharing_stem("charges") == {"charge", "charged", "charging", "charges"}
    assert vocabulary.sharing_stem("batteries") == {"battery", "batteries"}
    assert vocabulary.sharing_stem("电池") == {"电池"}
    assert vocabulary.sharing_stem("h2o") == {"h2o"}
    assert stem("charging") == stem("charge")


def test_sorting_outgrows_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists that go to disk in runs come out sorted by code point as those that do not."""
    monkeypatch.setattr(_Runs, "MOST", 4)
    folder = write(tmp_path / "a", WORDS)
    lines = (folder / ENDINGS).read_bytes().splitlines()
    assert lines == sorted(word[::-1].encode() for word in WORDS)
