"""What a command that was broken off had finished: used again, or void."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ipsearch.corpus.catalog import Catalog, Generation
from ipsearch.corpus.layout import Layout
from ipsearch.corpus.unfinished import Unfinished, forget


@dataclass(frozen=True, slots=True)
class Square:
    """A task for the tests."""

    side: int

    @property
    def key(self) -> str:
        return f"square {self.side}"


@dataclass(slots=True)
class Area:
    """What it gives."""

    area: int

    def places(self, layout: Layout) -> Iterator[Path]:
        yield layout.root / "areas" / str(self.area)


class Pool:
    """Runs tasks here, and says which."""

    def __init__(self) -> None:
        self.done: list[int] = []

    def run(
        self, function: Callable[[Any], Any], tasks: Iterable[Any]
    ) -> Iterator[tuple[Any, Any]]:
        for task in tasks:
            self.done.append(task.side)
            yield task, function(task)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    catalog.create({})
    yield catalog
    catalog.close()


def run(layout: Layout, catalog: Catalog, purpose: str, sides: Iterable[int]) -> list[int]:
    """Run tasks; gives the sides of those that were not kept."""
    pool = Pool()
    unfinished = Unfinished(layout, catalog, purpose)
    ran = unfinished.run(
        pool,  # type: ignore[arg-type]
        lambda task: Area(task.side**2),
        map(Square, sides),
        lambda values: Area(**values),
    )
    assert {task.side: result.area for task, result in ran} == {side: side**2 for side in sides}
    return pool.done


def test_what_was_finished_is_not_done_again(tmp_path: Path, catalog: Catalog) -> None:
    """Results are kept task by task, with their places, and given without a task being run."""
    layout = Layout(tmp_path)
    assert run(layout, catalog, "squares", [1, 2]) == [1, 2]
    assert Unfinished(layout, catalog, "squares").places == {
        tmp_path / "areas" / "1",
        tmp_path / "areas" / "4",
    }
    assert run(layout, catalog, "squares", [1, 2, 3]) == [3]
    assert run(layout, catalog, "squares", [3, 2, 1]) == []


def test_a_line_that_was_cut_is_none(tmp_path: Path, catalog: Catalog) -> None:
    """Of a list that a kill cut anywhere, or that has changed, the lines before hold, and it is
    gone on with."""
    layout = Layout(tmp_path)
    run(layout, catalog, "squares", [1, 2])
    whole = layout.unfinished.read_bytes()
    lines = whole.splitlines(keepends=True)
    for cut in range(len(whole)):
        layout.unfinished.write_bytes(whole[:cut])
        kept = sum(cut >= sum(map(len, lines[: n + 1])) for n in range(1, len(lines)))
        assert run(layout, catalog, "squares", [1, 2]) == [1, 2][kept:]
        assert run(layout, catalog, "squares", [1, 2]) == []
    for place in range(0, len(whole), 7):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        layout.unfinished.write_bytes(changed)
        kept = sum(place >= sum(map(len, lines[: n + 1])) for n in range(1, len(lines)))
        assert run(layout, catalog, "squares", [1, 2]) == [1, 2][kept:]


def test_another_purpose_or_state_makes_it_void(tmp_path: Path, catalog: Catalog) -> None:
    """What was finished for something else, or of another state of the corpus, is not used."""
    layout = Layout(tmp_path)
    run(layout, catalog, "squares", [1])
    assert run(layout, catalog, "other squares", [1]) == [1]
    run(layout, catalog, "squares", [1])
    catalog.set_generations([Generation("patent", 0, 7, 10, 0, ())])
    assert Unfinished(layout, catalog, "squares").places == set()
    assert run(layout, catalog, "squares", [1]) == [1]


def test_what_is_forgotten_is_done_again(tmp_path: Path, catalog: Catalog) -> None:
    """Forgetting twice does no harm."""
    layout = Layout(tmp_path)
    run(layout, catalog, "squares", [1])
    forget(layout)
    forget(layout)
    assert run(layout, catalog, "squares", [1]) == [1]
