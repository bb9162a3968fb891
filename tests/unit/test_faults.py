"""The pieces of the fault harness: marks that exist, files that are the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.faults.made_files import Deliveries, write_deliveries
from benchmarks.faults.marks import MARKS, resolve
from benchmarks.faults.steps import all_steps
from ipsearch.corpus.ingest import SMALL_INPUT_BYTES


@pytest.mark.parametrize("mark", sorted({mark for marks in MARKS.values() for mark in marks}))
def test_every_mark_is_a_function_of_the_library(mark: str) -> None:
    """A marked point that is renamed must be renamed in the harness too, or nothing is killed."""
    owner, name = resolve(mark)
    assert callable(getattr(owner, name))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Deliveries:
    return write_deliveries(tmp_path_factory.mktemp("files"))


def test_every_step_has_marks(files: Deliveries) -> None:
    """Each command comes by some marked points."""
    assert {step.marks for step in all_steps(files)} <= set(MARKS)


def test_deliveries_are_the_same_each_time(files: Deliveries, tmp_path: Path) -> None:
    """What is ingested, killed and ingested again is what the reference was made of."""
    again = write_deliveries(tmp_path)
    for one, other in zip(
        (*files.first, *files.changes, *files.much), (*again.first, *again.changes, *again.much),
        strict=True,
    ):  # fmt: skip
        assert one.read_bytes() == other.read_bytes()


def test_large_deliveries_are_read_by_workers(files: Deliveries) -> None:
    """The first and the last delivery are worth a pool of processes; the one between is not."""
    deliveries = (files.first, files.changes, files.much)
    sizes = [sum(path.stat().st_size for path in paths) for paths in deliveries]
    assert sizes[0] > SMALL_INPUT_BYTES > sizes[1]
    assert sizes[2] > SMALL_INPUT_BYTES
