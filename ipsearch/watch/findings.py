"""Here are the records that some watch met, give me findings: facts, fingerprint, deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ipsearch.records import Kind
from ipsearch.rights.opposition import opposition_deadline
from ipsearch.watch.alerts import Finding, Reason, Severity
from ipsearch.watch.record_facts import FACT_COLUMNS, facts_of, fingerprint

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState


def read_rows(state: KindState, places: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Read what findings are made of, of the records at these shards and addresses."""
    return state.rows(places, FACT_COLUMNS[state.kind]) if places else []


def make_finding(
    row: Mapping[str, Any],
    kind: Kind,
    severity: Severity,
    score: float | None,
    reasons: Sequence[Reason],
    evidence: Sequence[Mapping[str, Any]] = (),
) -> Finding:
    """Make a finding of a record's `FACT_COLUMNS`."""
    deadline = opposition_deadline(row["office"], row, kind=kind)
    return Finding(
        kind=kind,
        record_id=row["id"],
        severity=severity,
        score=score,
        reasons=tuple(reasons),
        facts=facts_of(row, kind),
        fingerprint=fingerprint(row, kind),
        evidence=tuple(evidence),
        deadline=deadline.date,
        deadline_note=deadline.explain("en"),
        deadline_note_zh=deadline.explain("zh"),
    )
