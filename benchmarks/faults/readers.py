"""Readers beside a writer: threads of a process that ask a corpus and know what it may answer.

`python -m benchmarks.faults.readers CORPUS STATES` asks until its standard input is closed, then it
prints what it found as JSON. `python -m benchmarks readers` asks 100,000 questions of a corpus that
does not change, and tells whether handles and memory stay as they are.

What is measured: how many answers there were; which were those of no one state, of all that the
    corpus has had or may have by now; how many states were seen; open files and anonymous memory.
Corpus model: that of `model`: the texts of each state are known.
Notes: an answer is every id that a query for a quoted word finds, with its text, which is read from
    the records. All threads share one opened corpus; each refreshes it now and then, while others
    are in the middle of an answer.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ipsearch
from benchmarks.faults.model import WORDS, Model, Texts, with_word
from benchmarks.machine import own_anon_bytes
from ipsearch.records import Kind

_REFRESH_SHARE = 0.05  # of the questions, before which the corpus is refreshed
_PAGE_SHARE = 0.1
_MOST_FAULTS = 20
_SAMPLES = 10  # of handles and memory, over all questions


@dataclass(slots=True)
class Readings:
    """What the readers of one process did and found."""

    questions: int = 0
    refreshes: int = 0
    states_seen: int = 0
    faults: list[str] = field(default_factory=list)
    open_files: list[int] = field(default_factory=list)  # at the first tenth, the second ...
    anon_bytes: list[int | None] = field(default_factory=list)


class _States:
    """The states that a corpus has had or may have by now, from the file that the model writes."""

    def __init__(self, path: Path) -> None:
        self._path, self._read_bytes = path, 0
        self._states: list[Texts] = []
        self._guard = threading.Lock()
        self._known: dict[tuple[int, Kind, str], dict[str, str]] = {}

    def place(self, kind: Kind, word: str, found: dict[str, str]) -> int | None:
        """Give the place of the newest state that answers so; None if none does."""
        with self._guard:
            self._read()
            for place in reversed(range(len(self._states))):
                key = (place, kind, word)
                if key not in self._known:
                    self._known[key] = with_word(self._states[place], kind, word)
                if self._known[key] == found:
                    return place
        return None

    def _read(self) -> None:
        with self._path.open("rb") as file:
            file.seek(self._read_bytes)
            for line in file:
                if line.endswith(b"\n"):
                    self._states.append(json.loads(line))
                    self._read_bytes += len(line)


def read(
    corpus: ipsearch.Corpus,
    states_file: Path,
    threads: int,
    is_over: Callable[[int], bool],
    seed: int,
) -> Readings:
    """Ask an opened corpus from some threads until `is_over`, told the questions so far."""
    readings, states = Readings(), _States(states_file)
    seen: set[int | None] = set()
    guard = threading.Lock()

    def ask(number: int) -> None:
        pick = random.Random(f"{seed}/{number}")
        while not is_over(readings.questions) and len(readings.faults) < _MOST_FAULTS:
            kind = pick.choice(("patent", "patent", "trademark"))
            word = pick.choice(WORDS[kind])
            is_fresh = pick.random() < _REFRESH_SHARE
            try:
                if is_fresh:
                    corpus.refresh()
                found = _ask(corpus, kind, word, pick)
                place = states.place(kind, word, found)
                fault = None if place is not None else f"{word}: an answer of no one state"
            except Exception as error:  # whatever it is, it is what this looks for
                place, fault = None, f"{word}: {type(error).__name__}: {error}"
            with guard:
                readings.questions += 1
                readings.refreshes += is_fresh
                seen.add(place)
                if fault is not None:
                    readings.faults.append(fault)

    running = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    readings.states_seen = len(seen - {None})
    return readings


def _ask(corpus: ipsearch.Corpus, kind: Kind, word: str, pick: random.Random) -> dict[str, str]:
    """Ask for a quoted word; gives every id that is found, with its text."""
    column = "titles" if kind == "patent" else "mark_text"
    query = f'ti:"{word}"' if kind == "patent" else f'tm:"{word}"'
    found: dict[str, str] = {}
    for batch in corpus.scan(query, ["id", column], kind=kind):
        for row in batch.to_pylist():
            text = row[column]
            found[row["id"]] = text[0]["text"] if isinstance(text, list) else text
    if pick.random() < _PAGE_SHARE:  # a page with its hits' texts, and a look-up, by other ways
        hits = corpus.query(query, kind=kind, limit=5)
        for hit in hits:
            assert hit.title is not None and word in hit.title, f"{hit.id} is shown without {word}"
        for hit in hits:
            for row in corpus.get(hit.id):
                assert row["id"] == hit.id, f"{hit.id} is {row['id']}"
    return found


def measure_handles(folder: Path, questions: int, seed: int) -> dict[str, Any]:
    """Ask a small corpus that does not change; tell open files and memory at each tenth.

    The corpus is refreshed before one question in twenty. Raises `ValueError` for a wrong answer.
    """
    model = Model(folder, seed)
    ipsearch.create(model.corpus, shards=2).ingest(model.first().arguments[1], workers=1)
    readings = Readings()
    begin = time.perf_counter()
    enough = questions // _SAMPLES
    with ipsearch.open(model.corpus) as corpus:
        for number in range(_SAMPLES):
            some = read(corpus, model.states_file, 2, lambda asked: asked >= enough, seed + number)
            if some.faults:
                raise ValueError(f"a wrong answer: {some.faults[0]}")
            readings.questions += some.questions
            readings.refreshes += some.refreshes
            readings.open_files.append(open_files())
            readings.anon_bytes.append(own_anon_bytes())
    return {
        "questions": readings.questions,
        "refreshes": readings.refreshes,
        "elapsed_s": round(time.perf_counter() - begin, 1),
        "open_files": readings.open_files,
        "anon_bytes": readings.anon_bytes,
    }


def open_files() -> int:
    """Count the files that this process has open (Linux)."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def main(arguments: Sequence[str] | None = None) -> int:
    """Read until standard input is closed; print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("states", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    with ipsearch.open(options.corpus) as corpus:
        readings = read(
            corpus,
            options.states,
            options.threads,
            lambda _: over.is_set(),
            options.seed,
        )
    print(
        json.dumps(
            {
                "questions": readings.questions,
                "refreshes": readings.refreshes,
                "states_seen": readings.states_seen,
                "faults": readings.faults,
                "open_files": open_files(),
                "anon_bytes": own_anon_bytes(),
            },
            ensure_ascii=False,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
