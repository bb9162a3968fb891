"""Make the corpus of this format that is committed: from now on every version has to read it.

Run once for each version of the format, and never again for an old one:

    python scripts/make_committed_corpus.py

It writes `tests/data/corpus-vN`, made of a file of `samples/`, with records merged, replaced and
removed, and a session of queries; and `tests/data/corpus-vN.json`: its records, and the ids
that some queries find. It refuses to write over either.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from pathlib import Path

import ipsearch
from ipsearch.corpus import upkeep
from ipsearch.corpus.catalog import FORMAT_VERSION
from ipsearch.records import Kind

ROOT = Path(__file__).parents[1]
SAMPLE = "records.jsonl"
QUERIES: tuple[tuple[Kind, str], ...] = (
    ("patent", "石墨烯 OR 电池"),
    ("patent", '"锂离子电池"'),
    ("patent", "ti:方法 NOT ipc:A01"),
    ("patent", "正极*"),
    ("patent", "pd:[2000 TO 2030]"),
    ("trademark", "草原"),
    ("trademark", "nc:30 OR nc:9"),
)


def make(path: Path) -> None:
    """Make the corpus, with what can be in one."""
    upkeep.MOST_DEAD = 1.0  # what was replaced and removed is to stay in it
    with ipsearch.create(path, shards=1) as corpus:
        corpus.ingest(ROOT / "samples" / SAMPLE, workers=1)
        rows = [row for batch in corpus.batches("patent") for row in batch.to_pylist()]
        again = dict(rows[0], source="google_patents", transaction_date="2030-01-01")
        with tempfile.TemporaryDirectory() as folder:
            later = Path(folder) / "later.jsonl"
            line = json.dumps({"record": "patent", **again}, ensure_ascii=False, default=str)
            later.write_text(line + "\n", encoding="utf-8")
            corpus.ingest(later, workers=1)
        corpus.query("电池", kind="patent", session="电池")
        corpus.remove([rows[-1]["id"]])
    with ipsearch.open(path) as corpus:
        corpus.ingest([], workers=1)  # nobody reads what came before: it is swept
    for file in path.glob("*.sqlite"):  # smaller pages: most of them are nearly empty
        db = sqlite3.connect(file)
        db.execute("PRAGMA page_size = 1024")
        db.execute("VACUUM")
        db.close()


def answers(path: Path) -> dict[str, object]:
    """Say what a corpus holds and finds."""
    with ipsearch.open(path) as corpus:
        records = {}
        for kind in corpus.kinds:
            rows = [row for batch in corpus.batches(kind) for row in batch.to_pylist()]
            records[kind] = sorted(rows, key=lambda row: row["id"])
        found = {}
        for kind, query in QUERIES:
            batches = corpus.scan(query, ["id"], kind=kind)
            found[f"{kind}: {query}"] = sorted(r["id"] for b in batches for r in b.to_pylist())
        sessions = {s.name: s.queries for s in corpus.sessions()}
        return {"records": records, "found": found, "sessions": sessions}


def main() -> None:
    """Write both, unless they are there."""
    path = ROOT / "tests" / "data" / f"corpus-v{FORMAT_VERSION}"
    expected = path.with_suffix(".json")
    if path.exists() or expected.exists():
        sys.exit(f"{path}: is there already; a committed corpus is never made again")
    path.parent.mkdir(exist_ok=True)
    make(path)
    text = json.dumps(answers(path), ensure_ascii=False, indent=1, default=str)
    expected.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
