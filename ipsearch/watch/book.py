"""Where watches, runs and alerts are kept: an SQLite file beside the corpus's notebook.

A run is a number. It is begun, and finished when every watch of it has looked; killed before that,
the next run has its number, so nothing that it raised is lost or said twice. What a watch found and
how far it has looked are written in one step.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, TypeVar

from ipsearch.corpus.notes_file import NotesFile, now, turn
from ipsearch.records import Kind
from ipsearch.watch.alerts import WAITING, Alert, Finding, Reason, RecordFacts, Severity, State
from ipsearch.watch.list_file import as_table, from_table
from ipsearch.watch.lists import Watch, kind_of

BOOK_VERSION = 1

_TABLES = (
    """CREATE TABLE IF NOT EXISTS watch (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    definition TEXT NOT NULL, added TEXT NOT NULL, looked TEXT NOT NULL,
    looked_to INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS run (
    number INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, finished TEXT)""",
    """CREATE TABLE IF NOT EXISTS alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT, watch INTEGER NOT NULL, kind TEXT NOT NULL,
    record_id TEXT NOT NULL, severity TEXT NOT NULL, score REAL, state TEXT NOT NULL,
    note TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, deadline TEXT,
    deadline_note TEXT NOT NULL, deadline_note_zh TEXT NOT NULL, run INTEGER NOT NULL,
    facts TEXT NOT NULL, reasons TEXT NOT NULL, evidence TEXT NOT NULL,
    fingerprint TEXT NOT NULL, UNIQUE (watch, kind, record_id))""",
    "CREATE INDEX IF NOT EXISTS alert_state ON alert (state)",
)
_ALERT = (
    "SELECT alert.id, watch.name, watch.kind, alert.kind, record_id, severity, score, state, note,"
    " first_seen, last_seen, deadline, deadline_note, deadline_note_zh, run, facts, reasons,"
    " evidence FROM alert JOIN watch ON watch.number = alert.watch"
)
T = TypeVar("T")

_AT_ONCE = 500  # values in one statement

Outcome = Literal["new", "reopened", "changed", "seen"]


@dataclass(frozen=True, slots=True)
class KeptWatch:
    """A watch and what has become of it."""

    watch: Watch
    added: str  # when: ISO 8601, UTC
    looked: str  # when it looked last; "" if it never did
    looked_to: int  # number of the ingestion up to which it has looked; 0: it has seen nothing
    alerts: int
    waiting: int  # alerts that are open or reopened
    number: int  # in the book

    @property
    def name(self) -> str:
        """The name of the watch."""
        return self.watch.name


class Look(NamedTuple):
    """What one watch found, to be written in one step."""

    watch: int
    findings: Sequence[Finding]
    looked_to: int | None  # None: it has not looked at everything yet


class Choice(NamedTuple):
    """Which alerts are meant: all of one kind that is empty."""

    ids: Sequence[int] = ()
    watches: Sequence[str] = ()
    states: Sequence[State] = ()
    severities: Sequence[Severity] = ()
    since: str = ""  # raised, first or again, then or later: ISO 8601
    run: int | None = None


class Watchbook(NotesFile):
    """The watches of one corpus and their alerts."""

    version = BOOK_VERSION
    tables = _TABLES

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn to run watches, or to change them."""
        lock = self._path.with_suffix(".lock")
        lock.touch()
        with turn(lock):
            yield

    # watches

    def names(self) -> list[str]:
        """Give the names of all watches in the order in which they were added."""
        with self._open() as db:
            return [name for (name,) in db.execute("SELECT name FROM watch ORDER BY number")]

    def watches(self, names: Sequence[str] = ()) -> list[KeptWatch]:
        """Give the watches of these names, or all, in the order in which they were added."""
        select = (
            "SELECT kind, definition, added, looked, looked_to, ifnull(alerts, 0),"
            " ifnull(waiting, 0), number FROM watch LEFT JOIN"
            " (SELECT watch, count(*) AS alerts, sum(state IN ('open', 'reopened')) AS waiting"
            " FROM alert GROUP BY watch) ON watch = number"
        )
        with self._open() as db:
            if names:
                rows = [
                    row
                    for some in _chunks(names)
                    for row in db.execute(f"{select} WHERE name IN ({_places(some)})", some)
                ]
            else:
                rows = db.execute(select).fetchall()
        rows.sort(key=lambda row: int(row[-1]))
        return [
            KeptWatch(from_table(kind, json.loads(definition), str(self._path)), *rest)
            for kind, definition, *rest in rows
        ]

    def put(self, watches: Iterable[tuple[Watch, int | None]]) -> None:
        """Keep watches, or change those of the same name, all in one step.

        Beside each, up to which ingestion it is taken to have looked; None: as it has.
        """
        with self._open(to_write=True) as db:
            for watch, looked_to in watches:
                definition = json.dumps(as_table(watch), ensure_ascii=False)
                db.execute(
                    "INSERT INTO watch (name, kind, definition, added, looked, looked_to)"
                    " VALUES (?, ?, ?, ?, '', 0) ON CONFLICT (name) DO UPDATE"
                    " SET kind = excluded.kind, definition = excluded.definition",
                    (watch.name, kind_of(watch), definition, now()),
                )
                if looked_to is not None:
                    db.execute(
                        "UPDATE watch SET looked_to = ?, looked = '' WHERE name = ?",
                        (looked_to, watch.name),
                    )

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget watches and their alerts."""
        each = [(number,) for number in numbers]
        with self._open(to_write=True) as db:
            db.executemany("DELETE FROM alert WHERE watch = ?", each)
            db.executemany("DELETE FROM watch WHERE number = ?", each)

    # runs

    def open_run(self) -> int:
        """Give the number of the run that did not come to its end, or of a new one."""
        with self._open(to_write=True) as db:
            row = db.execute("SELECT number FROM run WHERE finished IS NULL").fetchone()
            if row is None:
                row = db.execute(
                    "INSERT INTO run (started) VALUES (?) RETURNING number", (now(),)
                ).fetchone()
        return int(row[0])

    def close_run(self, run: int) -> None:
        """Finish a run."""
        with self._open(to_write=True) as db:
            db.execute("UPDATE run SET finished = ? WHERE number = ?", (now(), run))

    def write_looks(self, run: int, looks: Iterable[Look]) -> None:
        """Raise, reopen or confirm alerts, and note how far the watches have looked: in one step.

        A watch that was removed meanwhile is passed over.
        """
        at = now()
        with self._open(to_write=True) as db:
            there = {number for (number,) in db.execute("SELECT number FROM watch")}
            for watch, findings, looked_to in looks:
                if watch not in there:
                    continue
                for finding in findings:
                    _raise(db, run, watch, finding, at)
                if looked_to is not None:
                    db.execute(
                        "UPDATE watch SET looked_to = ?, looked = ? WHERE number = ?",
                        (looked_to, at, watch),
                    )

    def raised(self, run: int) -> dict[int, tuple[int, int]]:
        """Count, for each watch, the alerts that a run raised, and those that it reopened."""
        with self._open() as db:
            rows = db.execute(
                "SELECT watch, sum(state = 'open'), sum(state = 'reopened') FROM alert"
                " WHERE run = ? GROUP BY watch",
                (run,),
            ).fetchall()
        return {watch: (new, reopened) for watch, new, reopened in rows}

    def alerted(self, kind: Kind, watches: Iterable[int]) -> dict[str, list[int]]:
        """Give the records of a kind that some watches have alerts of, with those watches."""
        wanted = set(watches)
        found: dict[str, list[int]] = {}
        with self._open() as db:
            for watch, record_id in db.execute(
                "SELECT watch, record_id FROM alert WHERE kind = ?", (kind,)
            ):
                if watch in wanted:
                    found.setdefault(record_id, []).append(watch)
        return found

    # alerts

    def alerts(self, choice: Choice) -> list[Alert]:
        """Give the alerts that are meant, those raised last first."""
        clauses, values = _where(choice)
        with self._open() as db:
            if choice.ids:
                rows = [
                    row
                    for some in _chunks(choice.ids)
                    for row in db.execute(
                        f"{_ALERT} WHERE alert.id IN ({_places(some)}){clauses}", (*some, *values)
                    )
                ]
            else:
                rows = db.execute(f"{_ALERT} WHERE true{clauses}", values).fetchall()
        return [_alert(row) for row in rows]

    def set_state(self, ids: Sequence[int], state: State, note: str) -> None:
        """Put alerts into a state."""
        with self._open(to_write=True) as db:
            db.executemany(
                "UPDATE alert SET state = ?, note = ? WHERE id = ?",
                [(state, note, alert) for alert in ids],
            )


def _raise(db: sqlite3.Connection, run: int, watch: int, finding: Finding, at: str) -> None:
    row = db.execute(
        "SELECT id, state, note, fingerprint, severity, run FROM alert"
        " WHERE watch = ? AND kind = ? AND record_id = ?",
        (watch, finding.kind, finding.record_id),
    ).fetchone()
    values = {
        "severity": finding.severity,
        "score": finding.score,
        "deadline": finding.deadline.isoformat() if finding.deadline else None,
        "deadline_note": finding.deadline_note,
        "deadline_note_zh": finding.deadline_note_zh,
        "facts": _json(asdict(finding.facts)),
        "reasons": _json(finding.reasons),
        "evidence": _json(finding.evidence),
        "fingerprint": _json(dict(finding.fingerprint)),
    }
    if row is None:
        values |= {
            "watch": watch, "kind": finding.kind, "record_id": finding.record_id, "state": "open",
            "note": "", "first_seen": at, "last_seen": at, "run": run,
        }  # fmt: skip
        db.execute(
            f"INSERT INTO alert ({', '.join(values)}) VALUES ({_places(values)})",
            tuple(values.values()),
        )
        return
    alert, state, note, fingerprint, severity, raised = row
    changed = _changed(json.loads(fingerprint), finding.fingerprint)
    if changed:
        before = f"; {state} before: {note}" if note and state == "dismissed" else ""
        note = f"changed: {', '.join(changed)}{before}"
        if state not in WAITING:
            state, raised = "reopened", run
    elif severity == "ceased" and finding.severity != "ceased" and state not in WAITING:
        state, raised = "reopened", run
    values |= {"state": state, "note": note, "run": raised}
    if finding.severity != "ceased":
        values["last_seen"] = at
    db.execute(
        f"UPDATE alert SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?",
        (*values.values(), alert),
    )


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [name for name in after if before.get(name) != after[name]]


def _where(choice: Choice) -> tuple[str, list[Any]]:
    clauses, values = "", list[Any]()
    for column, chosen in (
        ("watch.name", choice.watches),
        ("alert.state", choice.states),
        ("alert.severity", choice.severities),
    ):
        if chosen:
            clauses += f" AND {column} IN ({_places(chosen)})"
            values += chosen
    if choice.since:
        clauses += " AND (SELECT started FROM run WHERE number = alert.run) >= ?"
        values.append(choice.since)
    if choice.run is not None:
        clauses += " AND alert.run = ?"
        values.append(choice.run)
    return f"{clauses} ORDER BY alert.run DESC, alert.id", values


def _alert(row: Sequence[Any]) -> Alert:
    *head, deadline, note, note_zh, run, facts, reasons, evidence = row
    known = json.loads(facts)
    for name in ("filing_date", "publication_date"):
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    for name in ("parties", "classes"):
        known[name] = tuple(known[name])
    alert, watch, watch_kind, kind, record_id, severity, score, state, said, first, last = head
    return Alert(
        id=alert,
        watch=watch,
        watch_kind=watch_kind,
        kind=kind,
        record_id=record_id,
        severity=severity,
        score=score,
        state=state,
        note=said,
        first_seen=first,
        last_seen=last,
        deadline=date.fromisoformat(deadline) if deadline else None,
        deadline_note=note,
        deadline_note_zh=note_zh,
        run=run,
        facts=RecordFacts(**known),
        reasons=tuple(Reason(*reason) for reason in json.loads(reasons)),
        evidence=tuple(json.loads(evidence)),
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _places(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for begin in range(0, len(values), _AT_ONCE):
        yield values[begin : begin + _AT_ONCE]
