"""Here is a piece of a word, give me the terms of the index that hold it.

Beside the engine's files lie sorted lists of the terms of the text fields, as text that is mapped,
not loaded: `terms.txt`, `endings.txt` (the terms spelled backwards), `inner.txt` (two or more Han
characters that a longer term ends with, and what it begins with), `stems.txt` (English stems, each
with the terms that share it). They may name terms that no record holds any more:
those match nothing.
"""

from __future__ import annotations

import heapq
import mmap
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO

import tantivy

from ipsearch.analysis.folding import HAN, classes_of, tables, to_codes
from ipsearch.errors import DamagedError

TERMS, ENDINGS, INNER, STEMS = "terms.txt", "endings.txt", "inner.txt", "stems.txt"
_ENGLISH = re.compile("[a-z]{3,40}")


class SortedLines:
    """A file of lines sorted by their UTF-8 bytes, mapped into memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            size = path.stat().st_size
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""

    def starting_with(self, prefix: str) -> Iterator[str]:
        """Give the lines that begin with `prefix`, in order."""
        begin, end = self._range(prefix)
        while begin < end:
            stop = self._data.find(b"\n", begin)
            yield self._line(begin, stop)
            begin = stop + 1

    def count_starting_with(self, prefix: str, most: int) -> int:
        """Count the lines that begin with `prefix`, no further than `most`."""
        begin, end = self._range(prefix)
        count = 0
        while begin < end and count < most:
            begin = self._data.find(b"\n", begin) + 1
            count += 1
        return count

    def containing(self, part: str) -> Iterator[str]:
        """Give the lines that hold `part` anywhere: one pass over the mapped file."""
        needle, at = part.encode(), 0
        while (at := self._data.find(needle, at)) >= 0:
            begin = self._data.rfind(b"\n", 0, at) + 1
            end = self._data.find(b"\n", at)
            yield self._line(begin, end)
            at = end

    def _line(self, begin: int, end: int) -> str:
        try:
            return self._data[begin:end].decode()
        except UnicodeDecodeError as error:
            raise DamagedError(str(self._path), f"line at byte {begin:,} is not UTF-8") from error

    def _range(self, prefix: str) -> tuple[int, int]:
        key = prefix.encode()
        return self._first_not_below(key), self._first_not_below(key + b"\xff")

    def _first_not_below(self, key: bytes) -> int:
        low, high = 0, len(self._data)  # both at beginnings of lines
        while low < high:
            middle = self._data.rfind(b"\n", low, (low + high) // 2) + 1
            if middle <= low:
                middle = low
            end = self._data.find(b"\n", middle)
            if self._data[middle:end] < key:
                low = end + 1
            else:
                high = middle
        return low


class Vocabulary:
    """The terms of several shards as one."""

    def __init__(self, folders: Iterable[Path]) -> None:
        folders = tuple(folders)
        self._terms = [SortedLines(folder / TERMS) for folder in folders]
        self._endings = [SortedLines(folder / ENDINGS) for folder in folders]
        self._inner = [SortedLines(folder / INNER) for folder in folders]
        self._stems = [SortedLines(folder / STEMS) for folder in folders]

    def starting_with(self, prefix: str, most: int | None = None) -> set[str]:
        """Terms that begin with `prefix`, itself included; `most` + 1 of each shard's at most."""
        return _some((x.starting_with(prefix) for x in self._terms), most)

    def count_starting_with(self, prefix: str, most: int) -> int:
        """At least how many terms begin with `prefix`, in the shard that has most of them."""
        return max((x.count_starting_with(prefix, most) for x in self._terms), default=0)

    def ending_with(self, suffix: str, most: int | None = None) -> set[str]:
        """Terms that end with `suffix`, itself included; `most` + 1 of each shard's at most."""
        found = _some((x.starting_with(suffix[::-1]) for x in self._endings), most)
        return {term[::-1] for term in found}

    def containing(self, part: str, most: int | None = None) -> set[str]:
        """Terms that hold `part` anywhere, itself included; `most` + 1 of each shard's at most."""
        if len(part) < 2 or set(classes_of(to_codes(part))) != {HAN}:
            return _some((x.containing(part) for x in self._terms), most)
        found = _some((x.starting_with(part) for x in self._inner), most)
        longer = {begin + end for end, _, begin in (line.partition(" ") for line in found)}
        return longer | self.starting_with(part, most)

    def sharing_stem(self, word: str) -> set[str]:
        """English terms with the stem of `word`, itself included; just `word` if it is not one."""
        if not _ENGLISH.fullmatch(word):
            return {word}
        key = stem(word) + " "
        found = {line[len(key) :] for lines in self._stems for line in lines.starting_with(key)}
        return found | {word}


def _some(shards: Iterable[Iterator[str]], most: int | None) -> set[str]:
    end = None if most is None else most + 1
    return {term for terms in shards for term in islice(terms, end)}


_stemmer: tantivy.TextAnalyzer | None = None


def stem(word: str) -> str:
    """Give the stem of a lower-case English word (Snowball's English stemmer, the engine's)."""
    global _stemmer
    if _stemmer is None:
        raw = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
        _stemmer = raw.filter(tantivy.Filter.stemmer("english")).build()
    stemmed: str = _stemmer.analyze(word)[0]
    return stemmed


def _temporary_file() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")


def _lines_of(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        try:
            yield from file
        except UnicodeDecodeError as error:
            raise DamagedError(str(path), f"not UTF-8: {error.reason}") from error


class VocabularyWriter:
    """Collects terms in any number, few of them in memory at once, and writes the lists."""

    def __init__(self) -> None:
        self._runs: list[IO[str]] = []

    def add(self, terms: Iterable[str]) -> None:
        """Take in some terms; each call writes one sorted run to a temporary file."""
        run = _temporary_file()
        run.writelines(f"{term}\n" for term in sorted(terms))  # by code point: as UTF-8 sorts
        self._runs.append(run)

    def write(self, folder: Path, base: Path | None = None) -> None:
        """Write the lists into `folder`: these terms and those of the lists in `base`."""
        with ExitStack() as stack:
            runs: list[Iterable[str]] = []
            for run in self._runs:
                stack.enter_context(run)
                run.seek(0)
                runs.append(run)
            if base is not None:
                runs.append(_lines_of(base / TERMS))
            stems, endings, inner = _Runs(), _Runs(), _Runs()
            classes = tables().classes
            with (folder / TERMS).open("w", encoding="utf-8", newline="\n") as file:
                last = ""
                for line in heapq.merge(*runs):
                    if line == last:
                        continue
                    last = line
                    file.write(line)
                    term = line[:-1]
                    endings.add(term[::-1] + "\n")
                    if len(term) > 2 and classes[ord(term[0])] == HAN:
                        for at in range(1, len(term) - 1):
                            inner.add(f"{term[at:]} {term[:at]}\n")
                    if _ENGLISH.fullmatch(term):
                        stems.add(f"{stem(term)} {term}\n")
            endings.write(folder / ENDINGS)
            inner.write(folder / INNER)
            stems.write(folder / STEMS)
        self._runs.clear()


class _Runs:
    """Lines to be sorted, more of them than memory should hold."""

    MOST = 1_000_000

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._runs: list[IO[str]] = []

    def add(self, line: str) -> None:
        self._lines.append(line)
        if len(self._lines) >= self.MOST:
            self._spill()

    def _spill(self) -> None:
        run = _temporary_file()
        self._lines.sort()
        run.writelines(self._lines)
        run.seek(0)
        self._lines.clear()
        self._runs.append(run)

    def write(self, path: Path) -> None:
        self._lines.sort()
        with ExitStack() as stack, path.open("w", encoding="utf-8", newline="\n") as file:
            runs = [stack.enter_context(run) for run in self._runs]
            file.writelines(heapq.merge(*runs, self._lines))
