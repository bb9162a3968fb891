"""Quoted texts by reading every record: what exact search is checked against.

What is measured: recall and precision of `"text"` over title, abstract and claims.
Corpus model: any corpus; of a large one the records published in some months, on both sides.
Notes: a record holds a text if one of its values does, both folded as our analysis folds them. The
    scan shares nothing else with the index: no terms, no segmentation, just `in`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

SCANNED_RECORDS = 50_000
MOST_IDS = 3_000
"""Hits of one text whose ids are compared; of a text with more, the rest only by their number."""

_COLUMNS = ("titles.text", "abstracts.text", "claims.text")


@dataclass(slots=True)
class Agreement:
    """How a search and the scan agree, summed over texts."""

    texts: int = 0
    scanned_records: int = 0
    wanted: int = 0  # records that hold the text, over all texts
    missed: int = 0
    false: int = 0  # found, though they do not hold it
    differing: tuple[str, ...] = ()  # texts that did not agree

    @property
    def recall(self) -> float | None:
        """Share of what was wanted that was found; None if nothing was."""
        return (self.wanted - self.missed) / self.wanted if self.wanted else None

    @property
    def precision(self) -> float | None:
        """Share of what was found that was wanted; None if nothing was found."""
        found = self.wanted - self.missed + self.false
        return (found - self.false) / found if found else None

    def figures(self) -> dict[str, Any]:
        """Give it as a line of results has it."""
        return {
            "texts": self.texts,
            "scanned_records": self.scanned_records,
            "wanted": self.wanted,
            "recall": self.recall,
            "precision": self.precision,
            "differing": list(self.differing),
        }


def check_exact(
    folder: Path, texts: Sequence[str], days: Sequence[date], scanned: int = SCANNED_RECORDS
) -> Agreement:
    """Search each of `texts` in the corpus in `folder` and scan its records for it.

    `days` are publication days of a sample of the corpus: they tell which span of days has about
    `scanned` records.
    """
    import ipsearch

    agreement = Agreement(texts=len(texts))
    differing = []
    with ipsearch.open(folder) as corpus:
        span = _span(days, corpus.count("patent"), scanned)
        kept = list(_folded_records(corpus, span))
        agreement.scanned_records = len(kept)
        for text in texts:
            wanted = _scan(kept, text)
            results = corpus.query(
                f'"{text}"',
                kind="patent",
                limit=MOST_IDS,
                published_from=span[0] if span else None,
                published_to=span[1] if span else None,
            )
            ids = {hit.id for hit in results}
            false = len(ids - wanted) + max(results.total - max(len(wanted), len(ids)), 0)
            missed = len(wanted) - (results.total - false)
            agreement.wanted += len(wanted)
            agreement.false += false
            agreement.missed += missed
            if missed or false:
                differing.append(text)
    agreement.differing = tuple(differing)
    return agreement


def _span(days: Sequence[date], records: int, scanned: int) -> tuple[date, date] | None:
    """Choose a span of days in the middle of the sample; None if all records can be scanned."""
    ordered = sorted(days)
    if records <= scanned or not ordered:
        return None
    half = max(len(ordered) * scanned // records // 2, 1)
    middle = len(ordered) // 2
    return ordered[max(middle - half, 0)], ordered[min(middle + half, len(ordered) - 1)]


_Folded = tuple[str, tuple[str, ...]]


def _folded_records(corpus: Any, span: tuple[date, date] | None) -> Iterator[_Folded]:
    """Give the id and the folded values of each record of the span."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for batch in corpus.batches("patent"):
        if span is not None:
            day = batch.column("publication_date")
            low, high = (pa.scalar(end, pa.date32()) for end in span)
            batch = batch.filter(pc.and_(pc.greater_equal(day, low), pc.less_equal(day, high)))
        if len(batch):
            yield from _fold_batch(batch)


def _fold_batch(batch: Any) -> Iterator[_Folded]:
    """Fold all values of a batch in one call: each as if it were alone."""
    from ipsearch.analysis import RESERVED
    from ipsearch.analysis.folding import fold_joined

    record_end, value_end = RESERVED[0], RESERVED[1]
    spaces = dict.fromkeys(map(ord, RESERVED), " ")
    rows = []
    for row in batch.select([path.split(".")[0] for path in _COLUMNS]).to_pylist():
        values = [item["text"] or "" for column in row.values() for item in column or ()]
        rows.append(value_end.join(value.translate(spaces) for value in values))
    folded = fold_joined(record_end.join(rows)).split(record_end)
    for id_, text in zip(batch.column("id").to_pylist(), folded, strict=True):
        yield id_, tuple(text.split(value_end))


def _scan(records: Sequence[_Folded], text: str) -> set[str]:
    from ipsearch.analysis import fold

    needle = fold(text)
    return {id_ for id_, values in records if any(needle in value for value in values)}
