"""The commands that are killed: the life of one corpus, from its making to what is taken out of it.

What is measured: nothing here.
Corpus model: `made_files`; two shards of patents and marks, three later.
Notes: each step begins where the one before it ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.made_files import Deliveries


@dataclass(frozen=True, slots=True)
class Step:
    """One command, without the corpus's path: `ipsearch ingest FILES --into CORPUS`."""

    name: str
    command: tuple[str, ...]
    has_scores: bool  # whether scores must be those of an undisturbed run: nothing dead is counted
    marks: str  # which of `marks.MARKS` it comes by
    refusal: str = ""  # what it says, and fails, where it was done already
    first: tuple[str, ...] = ()  # a command before it, which is not killed

    def arguments(self, corpus: Path) -> list[str]:
        """Give the arguments of the command for a corpus."""
        return _for(corpus, self.command)

    def first_arguments(self, corpus: Path) -> list[str]:
        """Give those of the command before it; none if there is no such command."""
        return _for(corpus, self.first)

    @property
    def reads_files(self) -> bool:
        """Whether it is an ingestion, which keeps each finished task."""
        return self.command[0] == "ingest"


CORPUS = "{corpus}"


def _for(corpus: Path, words: Sequence[str]) -> list[str]:
    return [str(corpus) if word == CORPUS else word for word in words]


def all_steps(files: Deliveries) -> list[Step]:
    """Give the steps in their order."""

    def ingest(paths: Sequence[Path], *more: str) -> tuple[str, ...]:
        return ("ingest", *map(str, paths), "--into", CORPUS, *more)

    remove = ("remove", CORPUS)
    watching = ("watch", "import", CORPUS, str(files.watches))
    watch = ("watch", "run", CORPUS)
    return [
        Step("ingest", ingest(files.first, "--shards", "2"), True, "ingest"),
        Step("update", ingest(files.changes), False, "update"),
        Step("watch", watch, False, "watch", first=watching),
        Step("compact", ("compact", CORPUS), True, "compact"),
        Step("replace", ingest(files.much), True, "update"),
        Step("watch again", watch, False, "watch"),
        Step("reshard", ("reshard", CORPUS, "3"), True, "reshard"),
        Step("remove a file", (*remove, "--file", "changes.jsonl"), False, "remove", "no file"),
        Step("remove ids", (*remove, "CN100000001A", "CN70000003"), False, "remove", "not in it"),
        Step(
            "remove a source",
            (*remove, "--source", "google_patents"),
            False,
            "remove",
            "nothing in",
        ),
    ]
