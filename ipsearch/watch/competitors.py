"""Here are competitors and what came in, give me what is theirs.

The names of all parties that came in are looked through, each distinct one once: a name in another
spelling shares no term with it that an index could be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ipsearch.records import Kind
from ipsearch.search.matches import Addresses, pieces
from ipsearch.watch.alerts import Finding, Reason, Severity
from ipsearch.watch.findings import make_finding, read_rows
from ipsearch.watch.lists import CompetitorWatch
from ipsearch.watch.names import SAME_BUT_FORM, SAME_BUT_PLACE, Likening, WantedNames

if TYPE_CHECKING:
    import pyarrow as pa

    from ipsearch.corpus.state import KindState

_PARTIES: dict[Kind, tuple[str, ...]] = {
    "patent": ("applicants", "owners"),
    "trademark": ("owners",),
}
_MOST_KNOWN = 200_000  # names that are remembered with what they are like

Found = tuple[int, Likening, str]
"""The number of a watch, how a name is like one that it wants, and that."""


def look(
    state: KindState, found: Sequence[Addresses], watches: Mapping[int, CompetitorWatch]
) -> Iterator[tuple[int, Finding]]:
    """Give, by the numbers of watches, what they find among the records at these addresses."""
    kind = state.kind
    asked = {n: watch for n, watch in watches.items() if kind in watch.kinds}
    if not asked:
        return
    names = _Known(WantedNames((n, name) for n, watch in asked.items() for name in watch.names))
    for piece in pieces(state, found, [f"{c}.list.element.name" for c in _PARTIES[kind]]):
        best: dict[tuple[int, int], tuple[Likening, str]] = {}
        for column in _PARTIES[kind]:
            for row, name, (number, likening, spelled) in names.in_column(piece.batch[column]):
                known = best.get((row, number))
                if known is None or likening.score > known[0].score:
                    best[row, number] = (likening, f"{name} = {spelled}")
        shard = state.shards[piece.shard].number
        at = sorted({row for row, _ in best})
        records = read_rows(state, [(shard, int(piece.addresses[row])) for row in at])
        by_row = dict(zip(at, records, strict=True))
        for (row, number), (likening, detail) in best.items():
            record = by_row[row]
            if asked[number].offices and record["office"] not in asked[number].offices:
                continue
            reason = Reason("name", likening.score, likening.rule, detail)
            severity = _severity(likening.score)
            yield number, make_finding(record, kind, severity, likening.score, [reason])


class _Known:
    """Remembers what the names that were met are like."""

    def __init__(self, wanted: WantedNames) -> None:
        self._wanted = wanted
        self._known: dict[str, list[Found]] = {}

    def in_column(self, parties: pa.Array) -> Iterator[tuple[int, str, Found]]:
        """Give the rows of a column of parties with a name that is wanted."""
        import pyarrow.compute as pc

        encoded = parties.flatten().field("name").dictionary_encode()
        names = encoded.dictionary.to_pylist()
        are_wanted = np.array([bool(self._find(name)) for name in names], bool)
        if not are_wanted.any():
            return
        rows = pc.list_parent_indices(parties).to_numpy()
        codes = encoded.indices.fill_null(-1).to_numpy()
        chosen = np.flatnonzero((codes >= 0) & are_wanted[codes])
        for row, code in zip(rows[chosen].tolist(), codes[chosen].tolist(), strict=True):
            for found in self._find(names[code]):
                yield row, names[code], found

    def _find(self, name: str) -> list[Found]:
        found = self._known.get(name)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[name] = self._wanted.find(name) if name else []
        return found


def _severity(score: float) -> Severity:
    if score >= SAME_BUT_FORM.score:
        return "identical"
    return "very_near" if score >= SAME_BUT_PLACE.score else "near"
