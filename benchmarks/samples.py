"""Texts out of a corpus, to make queries of: some of its records, and how frequent each term is.

What is measured: in which share of the sampled records each term stands.
Corpus model: any; a corpus folder is sampled by random row groups of its Parquet parts, a file of
    JSON Lines by lines at equal distances.
Notes: terms are those of our own analyzer, so that a frequency is that of an index term. A share
    under some hundred-thousandths is as rough as the handful of records behind it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

SAMPLE_RECORDS = 100_000
"""What is sampled of a larger corpus: ten of these are 0.01 %."""

_COLUMNS = (
    "titles.list.element.text",
    "abstracts.list.element.text",
    "claims.list.element.text",
    "publication_date",
    "ipc",
)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class SampledRecord:
    """What queries are made of."""

    title: str
    abstract: str
    claims: tuple[str, ...]
    published: date | None
    ipc: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Records and the share of them that each term stands in, most frequent first."""

    records: Sequence[SampledRecord]
    shares: dict[str, float]

    def terms_between(self, low: float, high: float) -> list[str]:
        """Give the words of two or more characters that stand in a share of `low` to `high`.

        A word that only one sampled record has is left out: its share means nothing.
        """
        low = max(low, 1.5 / len(self.records))
        return [
            term
            for term, share in self.shares.items()
            if low <= share < high and len(term) > 1 and term.isalpha()
        ]


def sample_corpus(folder: Path, seed: int, count: int = SAMPLE_RECORDS) -> Sample:
    """Sample the patents of the corpus in `folder`; raise `ValueError` if it has none."""
    import pyarrow.parquet as pq

    pick = random.Random(f"{seed}/sample")
    files = sorted((folder / "patent" / "records").rglob("*.parquet"))
    groups: list[tuple[Path, int, int]] = []
    for path in files:
        metadata = pq.read_metadata(path)
        sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
        groups.extend((path, number, size) for number, size in enumerate(sizes))
    pick.shuffle(groups)
    chosen: dict[Path, list[int]] = {}
    for path, number, size in groups:
        chosen.setdefault(path, []).append(number)
        count -= size
        if count <= 0:
            break
    records: list[SampledRecord] = []
    for path in sorted(chosen):
        with pq.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(_BATCH, sorted(chosen[path]), columns=list(_COLUMNS)):
                records.extend(map(_record, batch.to_pylist()))
    if not records:
        raise ValueError(f"{folder}: no patents to make queries of")
    return _with_shares(records)


def sample_lines(file: Path, lines: int, count: int = SAMPLE_RECORDS) -> Sample:
    """Sample a file of JSON Lines that has `lines` of them; raise `ValueError` if it has none."""
    step = max(lines // count, 1)
    records = []
    with file.open("rb") as source:
        for number, line in enumerate(source):
            if number % step == 0:
                row = orjson.loads(line)
                row["publication_date"] = date.fromisoformat(row["publication_date"])
                records.append(_record(row))
    if not records:
        raise ValueError(f"{file}: no records to make queries of")
    return _with_shares(records)


def _record(row: dict[str, Any]) -> SampledRecord:
    return SampledRecord(
        " ".join(text["text"] or "" for text in row["titles"] or ()),
        " ".join(text["text"] or "" for text in row["abstracts"] or ()),
        tuple(text["text"] or "" for text in row["claims"] or ()),
        row["publication_date"],
        tuple(row["ipc"] or ()),
    )


def _with_shares(records: Sequence[SampledRecord]) -> Sample:
    counts: Counter[str] = Counter()
    for terms in terms_of([" ".join((r.title, r.abstract, *r.claims)) for r in records]):
        counts.update(terms)
    return Sample(records, {term: count / len(records) for term, count in counts.most_common()})


def terms_of(texts: Iterable[str]) -> Iterable[set[str]]:
    """Give the distinct terms of each text, as our analyzer cuts it; punctuation is among them."""
    from ipsearch.analysis import RESERVED, Analyzer

    segmenter = Analyzer().segmenter()
    held: list[str] = []
    spaces = dict.fromkeys(map(ord, RESERVED), " ")
    for text in texts:
        held.append(text.translate(spaces))
        if len(held) == _BATCH:
            yield from (set(cut.split(" ")) for cut in segmenter.engine_texts(held))
            held.clear()
    yield from (set(cut.split(" ")) for cut in segmenter.engine_texts(held))
