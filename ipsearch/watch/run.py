"""Here are watches and a corpus, let each look at what came since it looked last.

Watches that have looked equally far look together. What they find is written as it comes; that a
watch has looked is written when it has seen everything. So a run may be killed at any moment: the
next one finds the rest, and what was raised already it recognises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipsearch.analysis import Analyzer
from ipsearch.corpus.pool import Pool
from ipsearch.errors import IpsearchError
from ipsearch.records import KINDS, Kind
from ipsearch.search.matches import Addresses
from ipsearch.watch import competitors, marks, patents, queries
from ipsearch.watch.alerts import Finding, Reason
from ipsearch.watch.book import KeptWatch, Look, Watchbook
from ipsearch.watch.claims import claimed
from ipsearch.watch.findings import make_finding, read_rows
from ipsearch.watch.lists import (
    CompetitorWatch,
    MarkWatch,
    PatentWatch,
    TopicWatch,
    WatchKind,
    kind_of,
)
from ipsearch.watch.since import changed_since, rows_of

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState, State
    from ipsearch.search import Compiler

Progress = Callable[[str, int, int], None]

_WRITTEN_AT_ONCE = 500  # findings
_FEW = 200  # records changed for which no process is started
_ROWS = 500

Found = Iterator[tuple[int, Finding]]
"""What was found, beside the number of the watch that it is for."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What watches look at: one state of a corpus."""

    state: State
    analyzer: Analyzer
    compiler: Callable[[KindState], Compiler]
    seq: int  # number of the last ingestion in it that counts as looked at


@dataclass(frozen=True, slots=True)
class Looked:
    """What one watch did in a run."""

    name: str
    kind: WatchKind
    records: int  # that came since it looked last
    new: int  # alerts raised
    reopened: int  # alerts that had been acknowledged or dismissed, and whose record changed
    fault: str | None = None  # why it could not look; it has not moved on


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did."""

    number: int
    looked: tuple[Looked, ...]

    @property
    def alerts(self) -> int:
        """How many alerts were raised or reopened."""
        return sum(one.new + one.reopened for one in self.looked)

    @property
    def faults(self) -> tuple[Looked, ...]:
        """The watches that could not look."""
        return tuple(one for one in self.looked if one.fault is not None)


def run(
    ground: Ground,
    book: Watchbook,
    watches: Sequence[KeptWatch],
    *,
    workers: int,
    progress: Progress,
) -> Ran:
    """Let the watches look, and keep what they find. One at a time: see `Watchbook.turn`."""
    number = book.open_run()
    by_seq: dict[int, list[KeptWatch]] = {}
    for kept in watches:
        by_seq.setdefault(min(kept.looked_to, ground.seq), []).append(kept)
    records: dict[int, int] = {}
    faults: dict[int, str] = {}
    done = 0
    progress("watch", 0, len(watches))
    for seq, group in sorted(by_seq.items()):
        look = _Looking(ground, book, number, seq, workers)
        for kind, section in _by_kind(group):
            look.look(kind, section)
            done += len(section)
            progress("watch", done, len(watches))
        records |= look.records
        faults |= look.faults
    raised = book.raised(number)
    book.close_run(number)
    looked = [
        Looked(
            kept.name,
            kind_of(kept.watch),
            records.get(kept.number, 0),
            *raised.get(kept.number, (0, 0)),
            faults.get(kept.number),
        )
        for kept in watches
    ]
    return Ran(number, tuple(looked))


def _by_kind(watches: Iterable[KeptWatch]) -> Iterator[tuple[WatchKind, list[KeptWatch]]]:
    sections: dict[WatchKind, list[KeptWatch]] = {}
    for kept in watches:
        sections.setdefault(kind_of(kept.watch), []).append(kept)
    yield from sections.items()


class _Looking:
    """The watches that have looked as far as ingestion `seq`, and look at the rest."""

    def __init__(self, ground: Ground, book: Watchbook, run: int, seq: int, workers: int) -> None:
        self._ground, self._book, self._run, self._seq = ground, book, run, seq
        self._workers = workers
        self._changed: dict[Kind, list[Addresses]] = {}
        self.records: dict[int, int] = {}
        self.faults: dict[int, str] = {}

    def look(self, kind: WatchKind, watches: Sequence[KeptWatch]) -> None:
        """Let watches of one kind look, and note it."""
        if self._seq < self._ground.seq:
            match kind:
                case "mark":
                    self._section(watches, ["trademark"], self._marks)
                case "patent":
                    self._section(watches, ["patent"], self._patents)
                case "competitor":
                    self._section(watches, KINDS, self._competitors)
                case "topic":
                    for kept in watches:  # each by itself: one may have much, and another a fault
                        assert isinstance(kept.watch, TopicWatch)
                        self._section([kept], [kept.watch.kind], self._topics)
        good = [kept.number for kept in watches if kept.number not in self.faults]
        self._book.write_looks(self._run, [Look(n, (), self._ground.seq) for n in good])

    def _section(
        self,
        watches: Sequence[KeptWatch],
        kinds: Sequence[Kind],
        find: Callable[[KindState, Sequence[KeptWatch]], Found],
    ) -> None:
        for kind in kinds:
            state = self._ground.state.kinds.get(kind)
            if state is None:
                continue
            count = sum(map(len, self._found(state)))
            for kept in watches:
                self.records[kept.number] = self.records.get(kept.number, 0) + count
            if count:
                numbers = [kept.number for kept in watches]
                alerted = self._book.alerted(kind, numbers)
                met = self._write(find(state, watches), alerted)
                self._write(self._ceased(state, alerted, met), {})

    def _write(self, found: Found, alerted: Mapping[str, Sequence[int]]) -> set[tuple[int, str]]:
        """Keep what is found; gives what of it there is an alert of already."""
        met = set()
        held: dict[int, list[Finding]] = {}
        count = 0
        for number, finding in found:
            held.setdefault(number, []).append(finding)
            count += 1
            if number in alerted.get(finding.record_id, ()):
                met.add((number, finding.record_id))
            if count >= _WRITTEN_AT_ONCE:
                self._put(held)
                held, count = {}, 0
        self._put(held)
        return met

    def _put(self, held: Mapping[int, Sequence[Finding]]) -> None:
        if held:
            self._book.write_looks(self._run, [Look(n, some, None) for n, some in held.items()])

    def _ceased(
        self, state: KindState, alerted: Mapping[str, Sequence[int]], met: set[tuple[int, str]]
    ) -> Found:
        """Find the records with an alert that changed, and that their watch meets no more."""
        if not alerted:
            return
        gone: dict[tuple[int, int], list[int]] = {}
        for place, row in rows_of(state, self._found(state), ["id"]):
            record_id = row["id"]
            numbers = [
                n
                for n in alerted.get(record_id, ())
                if (n, record_id) not in met and n not in self.faults
            ]
            if numbers:
                gone[place] = numbers
        places = list(gone)
        reason = Reason("record", None, "meets the watch no more", "")
        for begin in range(0, len(places), _ROWS):
            some = places[begin : begin + _ROWS]
            for place, row in zip(some, read_rows(state, some), strict=True):
                finding = make_finding(row, state.kind, "ceased", None, [reason])
                for number in gone[place]:
                    yield number, finding

    def _found(self, state: KindState) -> list[Addresses]:
        if state.kind not in self._changed:
            self._changed[state.kind] = changed_since(state, self._seq)
        return self._changed[state.kind]

    def _pool(self, state: KindState) -> Pool:
        few = sum(map(len, self._found(state))) <= _FEW
        return Pool(1 if few else self._workers)

    # each kind of watch

    def _marks(self, state: KindState, watches: Sequence[KeptWatch]) -> Found:
        chosen: dict[int, marks.Asked] = {}
        for kept in watches:
            assert isinstance(kept.watch, MarkWatch)
            try:
                chosen[kept.number] = marks.Asked(kept.number, kept.watch)
            except IpsearchError as error:
                self.faults[kept.number] = str(error)
        with self._pool(state) as pool:
            yield from marks.look(state, self._found(state), chosen, self._seq, pool)

    def _patents(self, state: KindState, watches: Sequence[KeptWatch]) -> Found:
        asked = {k.number: k.watch for k in watches if isinstance(k.watch, PatentWatch)}
        chosen, faults = claimed(state, asked)
        self.faults |= faults
        with self._pool(state) as pool:
            yield from patents.look(
                state, self._found(state), chosen, self._seq, self._ground.analyzer, pool
            )

    def _competitors(self, state: KindState, watches: Sequence[KeptWatch]) -> Found:
        chosen = {k.number: k.watch for k in watches if isinstance(k.watch, CompetitorWatch)}
        yield from competitors.look(state, self._found(state), chosen)

    def _topics(self, state: KindState, watches: Sequence[KeptWatch]) -> Found:
        for kept in watches:
            assert isinstance(kept.watch, TopicWatch)
            compiler = self._ground.compiler(state)
            try:
                for finding in queries.look(state, compiler, kept.watch, self._seq):
                    yield kept.number, finding
            except IpsearchError as error:
                self.faults[kept.number] = str(error)
