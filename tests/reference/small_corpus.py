"""A corpus with all there can be in one, as small as that goes, and what it holds and answers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import ipsearch
from ipsearch.records import Kind

WORDS = ("石墨", "电池", "电极", "装置", "方法", "控制", "传感器", "涂层", "薄膜", "温度", "阀门")
MARKS = ("晨露", "远山", "青禾", "白鹭", "松风", "云帆", "LUMO", "TERRA")
QUERIES: dict[Kind, tuple[str, ...]] = {
    "patent": (
        *("石墨 电池", '"电池电极"', "传感器 温度 阀门", "ti:石墨 NOT 电池", "装*", "ipc:H01M"),
        "电池 NEAR/3 涂层",
    ),
    "trademark": ("晨*", "nc:30", "tm:远山"),
}
REMOVED = "CN100000005A"
PATENTS = 60


def patent(number: int, seed: int = 0, **values: Any) -> dict[str, Any]:
    """Make up one patent; another seed gives it another text and a later day."""
    pick = random.Random(f"{number}/{seed}")
    return {
        "record": "patent",
        "id": f"CN{100_000_000 + number}A",
        "publication_number": f"CN{100_000_000 + number}A",
        "application_number": f"CN2020{10_000_000 + number}",
        "office": "CN",
        "source": "cnipa_patent",
        "transaction_date": f"2021-01-{1 + seed:02d}",
        "titles": [{"language": "zh", "text": "一种" + "".join(pick.choices(WORDS, k=3))}],
        "abstracts": [{"language": "zh", "text": "".join(pick.choices(WORDS, k=30))}],
        **values,
    }


def mark(number: int) -> dict[str, Any]:
    """Make up one mark."""
    pick = random.Random(number)
    return {
        "record": "trademark",
        "id": f"CN{30_000_000 + number}",
        "registration_number": f"{30_000_000 + number}",
        "application_number": f"{30_000_000 + number}",
        "office": "CN",
        "source": "test",
        "mark_text": "".join(pick.sample(MARKS, 2)),
        "classes": [{"nice_class": 30 + number % 3, "goods": ["茶"], "similar_groups": []}],
    }


def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """Write rows as a file of our own form."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def write_files(folder: Path) -> None:
    """Write what the corpus is made of: patents, later ones, those of another source, marks."""
    write(folder / "first.jsonl", [patent(n) for n in range(PATENTS)])
    others = range(0, PATENTS, 4)
    write(
        folder / "other.jsonl",
        [patent(n, source="google_patents", ipc=["H01M4/02"]) for n in others],
    )
    write(folder / "later.jsonl", [patent(n, 1) for n in (3, 70)])
    write(folder / "marks.jsonl", [mark(n) for n in range(30)])


def make(path: Path, files: Path, shards: int = 1) -> Path:
    """Make the corpus: with merged, replaced and removed records, marks, and something noted."""
    first = [files / name for name in ("first.jsonl", "other.jsonl", "marks.jsonl")]
    with ipsearch.create(path, shards=shards) as corpus:
        corpus.ingest(first, workers=1)
        corpus.query("石墨 电池", kind="patent", session="石墨电池的检索")
        corpus.ingest(files / "later.jsonl", workers=1)
        corpus.remove([REMOVED])
    with ipsearch.open(path) as corpus:
        corpus.ingest([], workers=1)  # nobody reads the old generations any more: they are swept
    return path


class Answers(NamedTuple):
    """What a corpus holds and answers, in a form that can be compared."""

    rows: dict[str, list[str]]
    hits: dict[str, list[str]]

    @property
    def ids(self) -> set[str]:
        """The ids of all that is shown."""
        return {json.loads(row)["id"] for rows in self.rows.values() for row in rows}


def answers(path: Path) -> Answers:
    """Take all records of a corpus, and all hits of some queries."""
    with ipsearch.open(path) as corpus:
        rows: dict[str, list[str]] = {}
        hits: dict[str, list[str]] = {}
        for kind in corpus.kinds:
            held = [row for batch in corpus.batches(kind) for row in batch.to_pylist()]
            rows[kind] = sorted(json.dumps(row, default=str, sort_keys=True) for row in held)
            assert len(held) == corpus.count(kind)
            for query in QUERIES[kind]:
                found = [r for b in corpus.scan(query, ["id"], kind=kind) for r in b.to_pylist()]
                hits[query] = sorted(row["id"] for row in found)
                assert corpus.query(query, kind=kind, limit=1).total == len(hits[query])
        return Answers(rows, hits)
