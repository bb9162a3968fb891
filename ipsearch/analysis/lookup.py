"""Here is a short text, cut it as jieba does, without loading its dictionary.

To load 350,000 words takes jieba a tenth of a second: longer than nearly any query. Their file is
sorted by the words' first characters, so the few that can begin anywhere in a short text are found
in the mapped file by bisection. The rule is jieba's without its HMM, and its sums are added up in
the order in which rjieba adds them; a test holds the two together.

Only words of Han are looked up. The others of the dictionary mix Han, letters and signs, and
`segmentation` keeps those apart.
"""

from __future__ import annotations

import math
import mmap
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ipsearch.analysis.segmentation import Cutter

IDEOGRAPHS = (
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF)),
    *((0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0x2CEB0, 0x2EBEF)),
    (0x2F800, 0x2FA1F),
)
"""What is Han to jieba: less than to us."""
JOINTS = "+#&._%-"
"""Signs that jieba takes into the run that it looks at as a whole."""
TOTAL = 60_101_964
"""The sum of the frequencies of all words: to be had only by reading them all, as a test does."""
SHORT = 200
"""Characters of the longest text that is cut here: jieba is quicker with longer ones."""

_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in IDEOGRAPHS)
_RUN_OR_OTHER = re.compile(f"[{_HAN}a-zA-Z0-9{re.escape(JOINTS)}]+|.", re.DOTALL)
_FIRST_HAN = "一"
_LONGEST = 16  # characters of the longest word
_MOST_CHARACTERS = 100
"""Looked up by a process, each a third of a millisecond: one that asks on has use for jieba."""

Words = Mapping[str, float]
"""The words that begin with a character, and the logarithms of their probabilities."""


class LookupCutter:
    """Cuts a few short texts by itself, and leaves all else to jieba: loaded when first needed."""

    def __init__(self, load: Callable[[], Cutter]) -> None:
        self._load = load

    def cut(self, text: str, hmm: bool = True) -> list[str]:
        """Cut `text` into words; joined, they are the text again."""
        is_much = len(text) > SHORT or words_from.cache_info().currsize > _MOST_CHARACTERS
        if hmm or is_much or _dictionary() is None:
            return self._load().cut(text, hmm)
        return cut_short(text)

    def cut_all(self, text: str) -> list[str]:
        """Give all words of the dictionary that stand in `text`."""
        return self._load().cut_all(text)


def cut_short(text: str) -> list[str]:
    """Cut `text` by looking its words up."""
    return [word for found in _RUN_OR_OTHER.findall(text) for word in _cut_run(found)]


def dictionary_path() -> Path:
    """Say where jieba's dictionary lies, without jieba's start-up, which sets up logging.

    Raises `ModuleNotFoundError` if jieba is not installed.
    """
    package = find_spec("jieba")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("no dictionary: jieba is not installed", name="jieba")
    return Path(package.origin).with_name("dict.txt")


@cache
def _dictionary() -> mmap.mmap | None:
    try:
        with dictionary_path().open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (ImportError, OSError):
        return None


@cache
def _begin_of_han() -> int:
    """Say where the lines begin that are sorted by their first characters: letters are before."""
    data = _dictionary()
    return data.find(f"\n{_FIRST_HAN} ".encode()) + 1 if data is not None else 0


def _line_from(character: str) -> int:
    """Say where the first line begins whose word begins with `character` or a later one."""
    data = _dictionary()
    if data is None:
        return 0
    begin = _begin_of_han()

    def first_after(place: int) -> bytes:
        """Give the first character of the line that begins at `place` or next."""
        at = data.find(b"\n", place - 1) + 1
        return (data[at : at + 4] if at else b"") or b"\xff"

    wanted = character.encode()
    places = range(begin, len(data))
    return data.find(b"\n", begin - 1 + bisect_left(places, wanted, key=first_after)) + 1 or len(
        data
    )


@cache
def words_from(character: str) -> Words:
    """Give the words of the dictionary that begin with a Han character."""
    data = _dictionary()
    if data is None:
        return {}
    lines = data[_line_from(character) : _line_from(chr(ord(character) + 1))].decode().split("\n")
    fields = (line.split(" ") for line in lines if line)
    return {word: math.log(int(count)) - _log_total() for word, count, *_ in fields}


@cache
def _log_total() -> float:
    return math.log(TOTAL)


def _cut_run(run: str) -> list[str]:
    """Cut a run, as wide as jieba looks at it, by its most probable way."""
    if len(run) == 1:
        return [run]
    size = len(run)
    chances, ends = [0.0] * (size + 1), [0] * size
    for at in range(size - 1, -1, -1):
        best, best_end = -math.inf, 0
        words = words_from(run[at]) if ord(run[at]) > 127 else {}
        for end in range(at + 1, min(at + _LONGEST, size) + 1 if words else at + 1):
            chance = words.get(run[at:end])
            if chance is not None and chance + chances[end] >= best:  # of equal ones the longest
                best, best_end = chance + chances[end], end
        if not best_end:
            best, best_end = chances[at + 1] - _log_total(), at + 1
        chances[at], ends[at] = best, best_end
    found: list[str] = []
    begin = at = 0
    while at < size:  # letters and digits that are no words stay together
        end = ends[at]
        if not run[at].isascii() or not run[at].isalnum():
            found += filter(None, (run[begin:at], run[at:end]))
            begin = end
        at = end
    return [*found, run[begin:]] if begin < size else found
