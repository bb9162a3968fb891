"""The watches of a corpus: kept, changed, run; and the alerts that they raise."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from ipsearch.corpus.layout import Layout
from ipsearch.errors import CorpusError, UnknownNameError
from ipsearch.watch.alerts import SEVERITIES, STATES, Alert, Severity, State
from ipsearch.watch.book import Choice, KeptWatch, Watchbook
from ipsearch.watch.list_file import read_watches, write_watches
from ipsearch.watch.lists import MarkWatch, Watch
from ipsearch.watch.run import Ground, Progress, Ran, run
from ipsearch.watch.since import latest

T = TypeVar("T", bound=str)

_NAMED = 20  # names in an error


class Watches:
    """The watches of a corpus."""

    def __init__(self, layout: Layout, book: Watchbook, opening: Callable[[int], Ground]) -> None:
        """`opening` gives the latest state, of which an ingestion's number is known."""
        self._layout, self._book, self._opening = layout, book, opening

    # the list

    def __iter__(self) -> Iterator[KeptWatch]:
        """Give all watches in the order in which they were added."""
        return iter(self._book.watches())

    def get(self, name: str) -> KeptWatch:
        """Give one watch; raise `UnknownNameError` naming those there are."""
        (kept,) = self._chosen([name])
        return kept

    def add(
        self, *watches: Watch, from_now: bool = False, replace: bool = False
    ) -> list[KeptWatch]:
        """Keep watches, all or none; gives them as they are kept.

        A new watch looks at everything in the corpus at its first run; with `from_now`, only at
        what comes after this call. One that is here already is passed over if it is the same in
        all, changed with `replace`, and a `CorpusError` otherwise. One that is changed in more than
        its note looks as if it were new; its alerts stay. Raises `ClassificationError` and
        `UnknownNameError` for goods of a mark that do not exist.
        """
        for watch in watches:
            _check_goods(watch)
        with self._book.turn():
            here = {kept.name: kept.watch for kept in self._book.watches(_names(watches))}
            changed = [watch for watch in watches if here.get(watch.name) != watch]
            taken = [watch.name for watch in changed if watch.name in here]
            if taken and not replace:
                raise CorpusError(f"there are watches of these names already: {_listed(taken)}")
            start = latest(self._layout) if from_now else 0
            self._book.put(
                (watch, None if _asks_the_same(here.get(watch.name), watch) else start)
                for watch in changed
            )
        return self._chosen(_names(watches)) if watches else []

    def remove(self, *names: str) -> None:
        """Forget these watches and their alerts; raise `UnknownNameError` if one is not there."""
        if names:
            with self._book.turn():
                self._book.drop(kept.number for kept in self._chosen(names))

    def to_toml(self, *names: str) -> str:
        """Write these watches, or all, as one TOML document."""
        return write_watches(kept.watch for kept in self._chosen(names))

    def export(self, path: str | os.PathLike[str], *names: str) -> None:
        """Write these watches, or all, into a TOML file that `load` takes in elsewhere."""
        beside = Path(f"{os.fspath(path)}.part")
        beside.write_text(self.to_toml(*names), encoding="utf-8", newline="\n")
        beside.replace(path)

    def read(
        self, text: str, *, where: str = "watches", from_now: bool = False, replace: bool = False
    ) -> list[KeptWatch]:
        """Keep the watches of a TOML document, as `add` does; `where` is named in errors."""
        return self.add(*read_watches(text, where), from_now=from_now, replace=replace)

    def load(
        self, path: str | os.PathLike[str], *, from_now: bool = False, replace: bool = False
    ) -> list[KeptWatch]:
        """Keep the watches of a TOML file: `read` of what is in it."""
        where = os.fspath(path)
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise CorpusError(f"{where}: byte {error.start} is not UTF-8") from None
        return self.read(text, where=where, from_now=from_now, replace=replace)

    # running

    def run(self, *names: str, workers: int | None = None, progress: Progress | None = None) -> Ran:
        """Let these watches, or all, look at what came since each of them looked last.

        Several processes may call it: one runs at a time. Killed, the next call goes on; nothing is
        raised twice and nothing is lost. A watch that cannot look has a fault and does not keep
        others from looking. `progress` hears "watch", watches done and watches in all.
        """
        with self._book.turn():
            watches = self._chosen(names)
            ground = self._opening(latest(self._layout))
            return run(
                ground,
                self._book,
                watches,
                workers=workers or os.cpu_count() or 1,
                progress=progress or _no_progress,
            )

    # alerts

    def alerts(
        self,
        *,
        watch: str | Iterable[str] = (),
        state: State | Iterable[State] = (),
        severity: Severity | Iterable[Severity] = (),
        since: str = "",
        run: int | None = None,
    ) -> list[Alert]:
        """Give the alerts, the gravest first; by default all.

        `since` is a day or a moment (ISO 8601, UTC): raised or reopened by a run that began then or
        later. `run` is the number of the run that raised or reopened them.
        """
        watches = [watch] if isinstance(watch, str) else list(watch)
        if watches:
            self._chosen(watches)
        choice = Choice(
            watches=watches,
            states=_known(_listed_of(state), STATES, "state"),
            severities=_known(_listed_of(severity), SEVERITIES, "severity"),
            since=since,
            run=run,
        )
        order = {name: at for at, name in enumerate(SEVERITIES)}
        found = self._book.alerts(choice)
        return sorted(found, key=lambda alert: (order[alert.severity], -(alert.score or 0.0)))

    def alert(self, number: int) -> Alert:
        """Give one alert; raise `UnknownNameError` if there is none of this number."""
        (alert,) = self._alerts([number])
        return alert

    def acknowledge(self, *numbers: int) -> None:
        """Take note of alerts: they wait no more until their record changes."""
        self._put(numbers, "acknowledged", "")

    def dismiss(self, *numbers: int, reason: str) -> None:
        """Put alerts aside, and say why; they come back when their record changes."""
        if not reason.strip():
            raise CorpusError("an alert is dismissed with a reason")
        self._put(numbers, "dismissed", reason.strip())

    def reopen(self, *numbers: int, note: str = "") -> None:
        """Let alerts wait for a person again."""
        self._put(numbers, "reopened", note)

    def _put(self, numbers: Sequence[int], state: State, note: str) -> None:
        if numbers:
            self._alerts(numbers)
            self._book.set_state(list(numbers), state, note)

    def _alerts(self, numbers: Sequence[int]) -> list[Alert]:
        found = {alert.id: alert for alert in self._book.alerts(Choice(ids=list(numbers)))}
        missing = [str(number) for number in numbers if number not in found]
        if missing:
            raise UnknownNameError(f"no alert of this number: {_listed(missing)}")
        return [found[number] for number in dict.fromkeys(numbers)]

    def _chosen(self, names: Sequence[str]) -> list[KeptWatch]:
        """Give these watches, each once; all if none is named."""
        kept = {one.name: one for one in self._book.watches(list(dict.fromkeys(names)))}
        for name in names:
            if name not in kept:
                known = _listed(self._book.names()) or "none"
                raise UnknownNameError(f"no watch called {name!r}; there are: {known}")
        return [kept[name] for name in dict.fromkeys(names)] if names else list(kept.values())


def _check_goods(watch: Watch) -> None:
    from ipsearch.watch.marks import goods_of

    if isinstance(watch, MarkWatch):
        goods_of(watch)


def _names(watches: Iterable[Watch]) -> list[str]:
    return [watch.name for watch in watches]


def _asks_the_same(before: Watch | None, after: Watch) -> bool:
    from dataclasses import replace

    return type(before) is type(after) and before == replace(after, note=before.note)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" ..." if len(names) > _NAMED else "")


def _listed_of(value: T | Iterable[T]) -> list[T]:
    return [value] if isinstance(value, str) else list(value)


def _known(values: Iterable[T], known: Sequence[T], what: str) -> list[T]:
    chosen = list(values)
    for value in chosen:
        if value not in known:
            raise UnknownNameError(f"no {what} {value!r}; there are: {', '.join(known)}")
    return chosen


def _no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing."""
