"""A day's delivery against thousands of watches: how long a run takes, and what it may lose.

What is measured: wall and CPU seconds and memory of `ipsearch watch run` over marks and patents
    that came in since; the alerts; and, for a sample of the watches, how many of the alerts of
    comparing with everything that came in are among them.
Corpus model: made-up marks (`mark_generator`: one in twenty a near neighbour of an earlier one) and
    made-up patents (`generate`); one patent in fifty that comes in says of some watched claim what
    is left when a third of its pieces are replaced by another claim's, so that there is something
    to find. Watched are marks and patents of the corpus, drawn at equal distances, marks with the
    classes and similar groups of their records.
Notes: making files, ingesting and keeping the watches is outside the clock. Comparing with
    everything uses the scorer of signs, the rules for goods and life, and the coverage of claims,
    on each pair, without keys, index or bound.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from benchmarks import machine
from benchmarks.generate import Record, records
from benchmarks.mark_generator import brand_names, mark_records
from benchmarks.throughput import ingest

NAMES = machine.ROOT.parent / "shared/data/trademark_pairs_zh/trademarks_c.txt"
NEAR_EVERY = 50  # patents that come in, one of which is near a watched claim
LEFT = 2 / 3  # of that claim
_PIECES = re.compile(r"(?<=[，；。])")


def measure_percolation(
    folder: Path,
    *,
    marks: int,
    patents: int,
    delta_marks: int,
    delta_patents: int,
    watched_marks: int,
    watched_patents: int,
    checked: int,
    seed: int,
    names: Path = NAMES,
) -> dict[str, Any]:
    """Make a corpus and a delivery in `folder`, run watches over it, and return the figures.

    `checked` watches of each kind are compared with everything. Raises `ValueError` if there are
    fewer records than watches.
    """
    if marks < watched_marks or patents < watched_patents:
        raise ValueError("fewer records than watches")
    corpus = folder / "corpus"
    old_marks, new_marks = folder / "marks.jsonl", folder / "new-marks.jsonl"
    old_patents, new_patents = folder / "patents.jsonl", folder / "new-patents.jsonl"
    made = mark_records(brand_names(names), marks + delta_marks, seed)
    own_marks = _write(old_marks, made, marks, watched_marks)
    _write(new_marks, made, delta_marks, 0)
    own_patents = _write(old_patents, records(seed, 0, patents), patents, watched_patents)
    coming = _with_near(records(seed, patents, patents + delta_patents), own_patents, seed)
    _write(new_patents, coming, delta_patents, 0)
    for file in (old_marks, old_patents):
        ingest(file, corpus, folder / "summary.json", is_quiet=True)
    _keep(corpus, own_marks, own_patents)
    for file in (new_marks, new_patents):
        ingest(file, corpus, folder / "summary.json", is_quiet=True)
    command = [sys.executable, "-m", "ipsearch", "watch", "run", str(corpus), "-o", "jsonl"]
    usage = machine.run(command, is_quiet=True)
    figures = _compare(corpus, checked, new_marks, new_patents)
    return {
        "task": "percolation",
        "marks": marks,
        "patents": patents,
        "delta_marks": delta_marks,
        "delta_patents": delta_patents,
        "watched_marks": watched_marks,
        "watched_patents": watched_patents,
        "run_s": round(usage.wall_s, 3),
        "cpu_s": round(usage.cpu_s, 3),
        "peak_largest_anon_bytes": usage.peak_largest_anon_bytes,
        "peak_sum_anon_bytes": usage.peak_sum_anon_bytes,
        **figures,
    }


def _write(path: Path, made: Iterator[Record], count: int, wanted: int) -> list[Record]:
    """Write the next `count` records; give `wanted` of them, at equal distances."""
    positions = {number * count // wanted for number in range(wanted)} if wanted else set()
    kept = []
    with path.open("wb") as out:
        for position in range(count):
            record = next(made)
            if position in positions:
                kept.append(record)
            out.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
    return kept


def _with_near(made: Iterator[Record], watched: Sequence[Record], seed: int) -> Iterator[Record]:
    """Give the records, one in `NEAR_EVERY` with a claim like a watched one."""
    pick = random.Random(f"{seed}/near")
    for position, record in enumerate(made):
        if position % NEAR_EVERY == 0 and watched:
            like = pick.choice(watched)["claims"][0]["text"]
            pieces = _PIECES.split(like)
            others = _PIECES.split(record["claims"][0]["text"])
            mixed = [p if pick.random() < LEFT else pick.choice(others) for p in pieces]
            record["claims"] = [{**record["claims"][0], "text": "".join(mixed)}]
        yield record


def _keep(corpus: Path, marks: Sequence[Record], patents: Sequence[Record]) -> None:
    import ipsearch
    from ipsearch.watch import MarkWatch, PatentWatch

    with ipsearch.open(corpus) as opened:
        opened.watches.add(
            *(
                MarkWatch(
                    record["mark_text"],
                    classes=tuple(c["nice_class"] for c in record["classes"]),
                    groups=tuple(_groups(record)),
                    owners=tuple(owner["name"] for owner in record["owners"]),
                    name=record["id"],
                )
                for record in marks
            ),
            *(PatentWatch(record["id"]) for record in patents),
            from_now=True,
        )


def _groups(record: Record) -> Iterator[str]:
    for entry in record["classes"]:
        for group in entry["similar_groups"]:
            yield group["group"] + (f"-{group['part']}" if group["part"] else "")


def _compare(corpus: Path, checked: int, marks: Path, patents: Path) -> dict[str, Any]:
    """Compare some watches with everything that came in."""
    import ipsearch
    from ipsearch.watch.lists import MarkWatch, PatentWatch

    with ipsearch.open(corpus) as opened:
        kept = [one.watch for one in opened.watches]
        raised: dict[str, set[str]] = {}
        alerts = {"mark": 0, "patent": 0}
        for alert in opened.watches.alerts():
            alerts[alert.watch_kind] += 1
            if alert.score is not None:
                raised.setdefault(alert.watch, set()).add(alert.record_id)
        own_marks = _spread([watch for watch in kept if isinstance(watch, MarkWatch)], checked)
        own_patents = _spread([watch for watch in kept if isinstance(watch, PatentWatch)], checked)
        begin = time.perf_counter()
        pairs, pairs_found, wanted_marks = _all_marks(own_marks, marks)
        wanted_patents = _all_patents(opened, own_patents, patents)
        compared_s = time.perf_counter() - begin
    figures: dict[str, Any] = {
        "alerts_marks": alerts["mark"],
        "alerts_patents": alerts["patent"],
        "sign_pairs": pairs,
        "sign_pairs_found_share": round(pairs_found / pairs, 4) if pairs else None,
    }
    for name, wanted in (("marks", wanted_marks), ("patents", wanted_patents)):
        count = sum(map(len, wanted.values()))
        held = sum(len(ids & raised.get(watch, set())) for watch, ids in wanted.items())
        more = sum(len(raised.get(watch, set()) - ids) for watch, ids in wanted.items())
        figures |= {
            f"checked_{name}": len(wanted),
            f"wanted_{name}": count,
            f"found_share_{name}": round(held / count, 4) if count else None,
            f"unwanted_{name}": more,
        }
    return figures | {"compared_s": round(compared_s, 1)}


def _spread(items: Sequence[Any], wanted: int) -> list[Any]:
    wanted = min(wanted, len(items))
    return [items[number * len(items) // wanted] for number in range(wanted)]


def _all_marks(watches: Sequence[Any], delta: Path) -> tuple[int, int, dict[str, set[str]]]:
    """Score each watched sign with each that came in.

    Gives how many pairs of signs are above the threshold, whatever their goods; how many of them
    their keys find; and the records that raise an alert.
    """
    from ipsearch.records import to_batch
    from ipsearch.watch.mark_join import HeldMark, JoinTask, near
    from ipsearch.watch.marks import Asked

    rows = [orjson.loads(line) for line in delta.open("rb")]
    for row in rows:
        for name in ("record", "kind"):
            row.pop(name, None)
        row["source"] = ""
        for name in row:
            if name.endswith("_date"):
                row[name] = date.fromisoformat(row[name])
    rows = to_batch(rows, "trademark").to_pylist()
    asked = [Asked(number, watch) for number, watch in enumerate(watches)]
    plain = [one.plain._replace(concerning=None) for one in asked]
    held = [HeldMark((row["mark_text"],), ()) for row in rows]
    by_keys = {(hit.watch, hit.mark) for hit in near(JoinTask(plain, held))}
    pairs: set[tuple[int, int]] = set()
    wanted: dict[str, set[str]] = {}
    for one in sorted(asked, key=lambda one: one.plain.classes):  # features are kept by class
        scorer, number = one.scorer(), one.plain.watch
        near_ones = [p for p, m in enumerate(held) if scorer.score(m.texts[0]) >= one.threshold]
        pairs |= {(number, place) for place in near_ones}
        wanted[one.watch.name] = {
            rows[place]["id"]
            for place in near_ones
            if one.concerns(rows[place], date.today()) is not None
        }
    return len(pairs), len(pairs & by_keys), wanted


def _all_patents(opened: Any, watches: Sequence[Any], delta: Path) -> dict[str, set[str]]:
    """Measure how far each document that came in covers each watched claim."""
    from ipsearch.watch.claims import claimed
    from ipsearch.watch.coverage import read_passages
    from ipsearch.watch.patents import Near

    rows = [orjson.loads(line) for line in delta.open("rb")]
    state, analyzer = opened._kind_state("patent"), opened._analyzer
    ready, _ = claimed(state, dict(enumerate(watches)))
    near = Near(state, analyzer, ready)
    texts = [
        [p["text"] for name in ("titles", "abstracts", "claims") for p in row[name]] for row in rows
    ]
    documents = read_passages(texts, analyzer.segmenter(len(texts)), near.words.numbers)
    found: dict[str, set[str]] = {}
    for number, one in ready.items():
        ids = set()
        for row, passages in zip(rows, documents, strict=True):
            whole = {"application_key": None, "extended_family_id": None, **row}
            coverage = near.shapes[number].coverage(passages)
            if coverage >= near.threshold(number) and not one.is_own(whole):
                ids.add(row["id"])
        found[one.watch.name] = ids
    return found
