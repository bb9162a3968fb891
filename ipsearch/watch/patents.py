"""Here are watched patents and what came in, give me the documents near their claims, and those
that cite them.

The same measure in two ways (`coverage`): many claims are held against the new documents, batch by
batch; few are asked of the index, each by one query whose score is the bound that the measure has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tantivy

from ipsearch.analysis import Analyzer
from ipsearch.corpus.pool import Pool
from ipsearch.identifiers import filing_keys
from ipsearch.index import any_of, engine_schema, fact_query, narrowed
from ipsearch.novelty.evidence import Charter
from ipsearch.novelty.passages import make_documents
from ipsearch.search.execute import fan_out
from ipsearch.search.matches import Addresses, addresses_of, pieces
from ipsearch.watch.alerts import Finding, Reason, Severity
from ipsearch.watch.claims import FIELDS, Claimed, Words
from ipsearch.watch.coverage import CoverageTask, Shape, covered, read_passages
from ipsearch.watch.findings import make_finding
from ipsearch.watch.record_facts import FACT_COLUMNS
from ipsearch.watch.since import rows_of, since

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

NEAR, VERY_NEAR = 0.5, 0.7
"""Mean coverage of a claim's features: the default threshold, and what is very near."""

_DOCUMENTS = 500  # of one task
_CANDIDATES = 1_000  # asked of the index at first
_VALUES = 300  # in one search
_ROWS = 200  # read at once
_SHOWN = 300  # characters of a passage
_ROUNDED = 1e-5  # scores of the engine are of single precision

_COLUMNS = (*FACT_COLUMNS["patent"], "application_key", "family_id", "extended_family_id")
_TEXTS = ("titles.list.element.text", "abstracts.list.element.text", "claims.list.element.text")

Place = tuple[int, int]
"""Shard and address."""


class Near:
    """Watched claims, made ready, and how documents near them are found."""

    def __init__(
        self, state: KindState, analyzer: Analyzer, watched: Mapping[int, Claimed]
    ) -> None:
        self._state, self._analyzer = state, analyzer
        self.words = Words(state, analyzer.segmenter())
        self._watched = watched
        self.shapes = {
            number: self.words.shape(claimed.features)
            for number, claimed in watched.items()
            if claimed.features
        }

    def charter(self, claimed: Claimed) -> Charter:
        """Give what charts documents against a watched claim."""
        return self.words.charter(claimed.features)

    def threshold(self, number: int) -> float:
        """Give the least coverage that a watch asks for."""
        return self._watched[number].watch.threshold or NEAR

    def among(self, found: Sequence[Addresses], pool: Pool) -> Iterator[tuple[int, Place, float]]:
        """Hold all claims against the documents at these addresses, in the pool's processes.

        Gives watch, place and coverage, in no particular order.
        """
        shapes = tuple(
            (number, self.threshold(number), shape) for number, shape in self.shapes.items()
        )
        if not shapes:
            return
        places: dict[int, list[Place]] = {}

        def tasks() -> Iterator[tuple[int, CoverageTask]]:
            for serial, (at, documents) in enumerate(self._documents(found)):
                places[serial] = at
                yield serial, CoverageTask(shapes, self.words.numbers, documents, self._analyzer)

        for (serial, _), results in pool.run(_numbered, tasks()):
            at = places.pop(serial)
            for watch, document, coverage in results:
                yield watch, at[document], coverage

    def _documents(
        self, found: Sequence[Addresses]
    ) -> Iterator[tuple[list[Place], tuple[Sequence[str], ...]]]:
        """Give the documents at these addresses in batches: places, and the passages of each."""
        for piece in pieces(self._state, found, _TEXTS):
            shard = self._state.shards[piece.shard].number
            for begin in range(0, len(piece.batch), _DOCUMENTS):
                rows = piece.batch.slice(begin, _DOCUMENTS).to_pylist()
                addresses = piece.addresses[begin : begin + _DOCUMENTS].tolist()
                yield [(shard, a) for a in addresses], tuple(map(_passages, rows))

    def by_index(self, number: int, seq: int) -> Iterator[tuple[int, Place, float]]:
        """Ask the index for the documents near one claim, changed after ingestion `seq`."""
        shape = self.shapes.get(number)
        if shape is None:
            return
        threshold = self.threshold(number)
        places = self._bounded(shape, threshold, seq)
        segmenter = self._analyzer.segmenter()
        for begin in range(0, len(places), _ROWS):
            some = places[begin : begin + _ROWS]
            texts = [_passages(row) for row in self._state.rows(some, _TEXTS)]
            read = read_passages(texts, segmenter, self.words.numbers)
            for place, passages in zip(some, read, strict=True):
                coverage = shape.coverage(passages)
                if coverage >= threshold:
                    yield number, place, coverage

    def _bounded(self, shape: Shape, threshold: float, seq: int) -> list[Place]:
        """Give the documents that have enough of the claim's words anywhere."""
        schema = engine_schema("patent")
        clauses = []
        for word, share in shape.shares().items():
            forms = [
                tantivy.Query.term_query(schema, name, form)
                for form in sorted(self.words.forms[word])
                for name in FIELDS
            ]
            clauses.append(tantivy.Query.const_score_query(any_of(forms), share))
        query = narrowed(any_of(clauses), since("patent", seq))
        limit = _CANDIDATES
        while True:
            found = fan_out(self._state, [query] * len(self._state.shards), limit)
            if len(found) < limit or found[-1].score < threshold - _ROUNDED:
                break
            limit *= 8
        return [(p.shard, p.address) for p in found if p.score >= threshold - _ROUNDED]

    def findings(
        self,
        near: Mapping[Place, Mapping[int, float]],
        citing: Mapping[Place, set[int]],
    ) -> Iterator[tuple[int, Finding]]:
        """Make findings of what is near and what cites; documents of one's own are left out."""
        charters: dict[int, Charter] = {}
        places = sorted({*near, *citing})
        for begin in range(0, len(places), _ROWS):
            some = places[begin : begin + _ROWS]
            for place, row in zip(some, self._state.rows(some, _COLUMNS), strict=True):
                coverages = near.get(place, {})
                for number in sorted({*coverages, *citing.get(place, ())}):
                    claimed = self._watched[number]
                    offices = claimed.watch.offices
                    if claimed.is_own(row) or (offices and row["office"] not in offices):
                        continue
                    if number in coverages and number not in charters:
                        charters[number] = self.charter(claimed)
                    cites = number in citing.get(place, ())
                    yield (
                        number,
                        _finding(row, claimed, coverages.get(number), charters.get(number), cites),
                    )


def _numbered(numbered: tuple[int, CoverageTask]) -> list[Any]:
    return covered(numbered[1])


def _passages(row: Mapping[str, Any]) -> list[str]:
    columns = ("titles", "abstracts", "claims")
    return [item["text"] for name in columns for item in row[name] or () if item["text"]]


def _finding(
    row: Mapping[str, Any],
    claimed: Claimed,
    coverage: float | None,
    charter: Charter | None,
    cites: bool,
) -> Finding:
    severity: Severity = "cites"
    reasons, evidence = [], []
    if coverage is not None and charter is not None:
        severity = "very_near" if coverage >= VERY_NEAR else "near"
        (document,) = make_documents([{**row, "description": None}])
        chart = charter.chart(document)
        told = ", ".join(f"{match.label} {match.coverage:.0%}" for match in chart.matches)
        reasons.append(Reason("claim", coverage, f"has the words of {claimed.label}", told))
        for match in chart.matches:
            evidence.append(
                {
                    "label": match.label,
                    "coverage": round(match.coverage, 4),
                    "place": match.place,
                    "text": match.text[:_SHOWN],
                }
            )
    if cites:
        reasons.append(Reason("citation", None, "cites the patent", claimed.watch.number))
    return make_finding(row, "patent", severity, coverage, reasons, evidence)


def citing(state: KindState, watched: Mapping[int, Claimed], seq: int) -> dict[Place, set[int]]:
    """Find the documents changed after ingestion `seq` that cite watched patents."""
    watches_of: dict[str, set[int]] = {}
    for number, claimed in watched.items():
        for key in claimed.keys:
            watches_of.setdefault(key, set()).add(number)
    keys = sorted(watches_of)
    cited: dict[Place, set[int]] = {}
    for begin in range(0, len(keys), _VALUES):
        query = any_of([fact_query("patent", "ct", key) for key in keys[begin : begin + _VALUES]])
        queries = [narrowed(query, since("patent", seq))] * len(state.shards)
        found = addresses_of(state, queries)
        for place, row in rows_of(state, found, ["citations.list.element.publication_number"]):
            for citation in row["citations"] or ():
                filed = filing_keys(
                    publication_number=citation["publication_number"], application_number=None
                )
                for key in filed:
                    if key in watches_of:
                        cited.setdefault(place, set()).update(watches_of[key])
    return cited


def look(
    state: KindState,
    found: Sequence[Addresses],
    watched: Mapping[int, Claimed],
    seq: int,
    analyzer: Analyzer,
    pool: Pool,
) -> Iterator[tuple[int, Finding]]:
    """Give, by the numbers of watches, the documents near their claims and those that cite them.

    `found` are the addresses of what was changed after ingestion `seq`.
    """
    near_claims = Near(state, analyzer, watched)
    near: dict[Place, dict[int, float]] = {}
    if is_joined(len(watched), sum(map(len, found)), state.record_count, pool.workers):
        covering = near_claims.among(found, pool)
    else:
        covering = (hit for number in watched for hit in near_claims.by_index(number, seq))
    for number, place, coverage in covering:
        near.setdefault(place, {})[number] = coverage
    yield from near_claims.findings(near, citing(state, watched, seq))


def is_joined(watches: int, changed: int, records: int, workers: int) -> bool:
    """Say whether holding all claims against what changed takes less than asking the index.

    By processor times as measured with corpora of 6,000 and 60,000 patents, rounded.
    """
    joined = _START_S + changed * _DOCUMENT_S / workers
    asked = watches * (_ASKED_S + records * _ASKED_RECORD_S)
    return joined < asked


_START_S = 1.0  # processes and their dictionary
_DOCUMENT_S = 350e-6  # one document of 560 characters is read, cut and held against the claims
_ASKED_S = 6e-3  # the index is asked for one claim, and what it gives is read
_ASKED_RECORD_S = 1e-7  # what each record in the index adds to that
