"""A corpus that changes, and beside it what it must hold: a text for each id, nothing more.

What is measured: nothing here; readers and the soak compare a corpus with this.
Corpus model: patents and marks of `made_files`. A change is an ingestion that replaces some and
    adds some, a removal, a compaction or a new division; the last two change no text.
Notes: what a query for a quoted word must find is found by `in`, in Python. Every state is in a
    file before the change that makes it begins, so that whoever reads meanwhile knows it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.made_files import mark, patent, write_lines
from ipsearch.records import Kind

WORDS: Mapping[Kind, tuple[str, ...]] = {
    "patent": ("石墨", "电池", "天线", "茶叶", "轮胎"),
    "trademark": ("草原", "金鹿", "星河"),
}
FIRST_PATENTS, FIRST_MARKS = 240, 60
_REPLACED, _ADDED, _REMOVED = 12, 8, 6
_MOST_SHARDS = 4

Texts = Mapping[str, str]
"""Id -> title of a patent, or words of a mark."""


@dataclass(frozen=True, slots=True)
class Change:
    """One command, and the texts that there are after it."""

    name: str
    arguments: tuple[str, ...]
    after: Texts
    refusal: str = ""  # what it says, and fails, where it was done already


class Model:
    """Makes changes of the corpus in a folder, and knows what each must lead to."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.corpus, self.states_file = folder / "corpus", folder / "states.jsonl"
        self.texts: Texts = {}
        self._folder, self._pick = folder, random.Random(seed)
        self._editions: dict[str, int] = {}
        self._numbers = {"patent": FIRST_PATENTS, "trademark": FIRST_MARKS}
        self._files = 0

    def first(self) -> Change:
        """Give the ingestion that makes the corpus."""
        ids = [f"patent/{n}" for n in range(FIRST_PATENTS)]
        ids += [f"trademark/{n}" for n in range(FIRST_MARKS)]
        change = self._ingest(dict.fromkeys(ids, 0))
        return Change("create", (*change.arguments, "--shards", "2"), change.after)

    def next(self) -> Change:
        """Give the next change, made at random."""
        makers: tuple[Callable[[], Change], ...]
        makers = (
            self._update,
            self._update,
            self._update,
            self._remove,
            self._compact,
            self._divide,
        )
        return self._pick.choice(makers)()

    def done(self, change: Change) -> None:
        """Take note that a change was made."""
        self.texts = change.after

    def _ingest(self, editions: Mapping[str, int]) -> Change:
        self._files += 1
        path = self._folder / f"delivery-{self._files}.jsonl"
        after = dict(self.texts)
        rows = []
        for name, edition in editions.items():
            kind, _, number = name.partition("/")
            row = patent(int(number), edition) if kind == "patent" else mark(int(number), edition)
            rows.append(row)
            after[row["id"]] = _text(row)
            self._editions[name] = edition
        write_lines(path, rows)
        self._publish(after)
        return Change("ingest", ("ingest", str(path), "--into", str(self.corpus)), after)

    def _update(self) -> Change:
        some = self._pick.sample(sorted(self._editions), _REPLACED)
        editions = {name: self._editions[name] + 1 for name in some}
        for kind in ("patent", "patent", "patent", "trademark"):
            for _ in range(_ADDED // 4):
                editions[f"{kind}/{self._numbers[kind]}"] = 0
                self._numbers[kind] += 1
        return self._ingest(editions)

    def _remove(self) -> Change:
        ids = self._pick.sample(sorted(self.texts), _REMOVED)
        after = {name: text for name, text in self.texts.items() if name not in ids}
        self._publish(after)
        arguments = ("remove", str(self.corpus), *ids)
        return Change("remove", arguments, after, refusal="are not in it")

    def _compact(self) -> Change:
        return Change("compact", ("compact", str(self.corpus)), self.texts)

    def _divide(self) -> Change:
        shards = str(self._pick.randint(1, _MOST_SHARDS))
        return Change("reshard", ("reshard", str(self.corpus), shards), self.texts)

    def _publish(self, texts: Texts) -> None:
        with self.states_file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(texts, ensure_ascii=False) + "\n")


def _text(row: Mapping[str, object]) -> str:
    titles = row.get("titles")
    return str(titles[0]["text"] if isinstance(titles, list) else row["mark_text"])


def kind_of(record_id: str) -> Kind:
    """Tell a patent's id from a mark's."""
    return "patent" if record_id.endswith("A") else "trademark"


def with_word(texts: Texts, kind: Kind, word: str) -> dict[str, str]:
    """Give the texts of a kind that hold a word."""
    return {i: text for i, text in texts.items() if kind_of(i) == kind and word in text}
