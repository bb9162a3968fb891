"""Clearance search as a corpus of marks grows: what is found, how fast, and how much is noise.

What is measured: at each size, milliseconds of `Corpus.clearance` for 50 hits, in this process,
    warm, with and without a class; for pairs of signs judged similar, whether the partner is among
    the first ten, with all partners of all pairs in the corpus and with each by itself among the
    made-up marks; for some brand names, how much of what a comparison with every single mark puts
    first, down to the least score shown, is found; and alerts: marks at or above the threshold of
    a watch, for brand names of two characters and of more, in a corpus that nobody made like them.
Corpus model: `mark_generator`: lengths and characters as in a list of real brand names, which is
    read where it lies. The partners of the pairs are added; alerts are counted without them.
Notes: the scan takes some 20 microseconds a mark and sign. A list's names may be made by chance:
    the same sign twice is no alert here.
"""

from __future__ import annotations

import csv
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from benchmarks.ask import percentiles
from benchmarks.machine import ROOT, own_anon_bytes
from benchmarks.mark_generator import brand_names, mark_records
from benchmarks.throughput import ingest

DATA = ROOT.parent / "shared" / "data" / "trademark_pairs_zh"
NAMES, PAIRS = DATA / "trademarks_c.txt", DATA / "sim_trademark_pairs.csv"
SEARCHES = 300
WATCHED = 200  # brand names that alerts are counted for
PER_ALERTS = 100_000  # marks: alerts are told per so many
FIRST = 50  # of a scan
FIRST_TEN = 10
RANKED = 250  # hits among which the partners of one sign are told from other marks

_SIGN = re.compile(r"商标名称：([^，]+)，")
_PARTNERS_FROM = 95_000_000  # numbers that no generated mark has


def run_clearance(
    folder: Path, sizes: Sequence[int], seed: int, scanned: int
) -> Iterator[dict[str, Any]]:
    """Let a corpus in `folder` grow to each of `sizes` and give the figures of each.

    Raises `FileNotFoundError` if the lists of names and of pairs are not there.
    """
    names = brand_names(NAMES)
    pairs = _pairs(PAIRS)
    corpus = folder / "corpus"
    _write(folder / "partners.jsonl", _partners(sorted({partner for _, partner, _ in pairs})))
    ingest(folder / "partners.jsonl", corpus, folder / "summary.json")
    made = mark_records(names, max(sizes), seed)
    held, digest = 0, sha256()
    for size in sorted(sizes):
        file = folder / f"marks-{size}.jsonl"
        digest.update(_write(file, (next(made) for _ in range(size - held))))
        usage = ingest(file, corpus, folder / "summary.json")
        added, held = size - held, size
        yield {
            "task": "clearance",
            "corpus": f"synthetic-marks-{size}-seed{seed}",
            "corpus_sha256": digest.hexdigest(),
            "records": held,
            "records_per_s": round(added / usage.wall_s),
            "bytes_per_record": _bytes(corpus) // held,
            **_measure(corpus, file, names, pairs, seed, scanned),
        }
        if size != max(sizes):
            file.unlink()


def _pairs(path: Path) -> list[tuple[str, str, str]]:
    """Read the pairs: both signs and the label; 0 and 1 are similar."""
    pairs = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            first, second = (_SIGN.search(row[key]) for key in ("sentence1", "sentence2"))
            if first is not None and second is not None:
                pairs.append((first[1], second[1], row["label"]))
    return pairs


def _partners(signs: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number, sign in enumerate(signs, start=_PARTNERS_FROM):
        name = f"CN{number}"
        yield {
            "record": "trademark",
            "id": name,
            "application_number": name,
            "office": "CN",
            "mark_text": sign,
            "owners": [{"name": "某某公司"}],
            "classes": [{"nice_class": 9, "similar_groups": [{"group": "0901"}]}],
            "legal_status": "registered",
        }


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> bytes:
    """Write rows as JSON Lines; gives their SHA-256."""
    digest = sha256()
    with path.open("wb") as file:
        for row in rows:
            line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            digest.update(line)
            file.write(line)
    return digest.digest()


def _bytes(corpus: Path) -> int:
    return sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file())


def _measure(
    folder: Path,
    file: Path,
    names: list[str],
    pairs: list[tuple[str, str, str]],
    seed: int,
    scanned: int,
) -> dict[str, Any]:
    import ipsearch

    chosen = random.Random(f"clearance/{seed}")
    signs = chosen.sample(names, min(SEARCHES, len(names)))
    with ipsearch.open(folder) as corpus:
        for sign in signs[:20]:  # tables and pages
            corpus.clearance(sign)
        figures: dict[str, Any] = {}
        for name, options in (("plain", {}), ("in_class", {"classes": [9], "live": True})):
            times = [_timed(corpus, sign, options) for sign in signs]
            figures |= percentiles(name, times)
        figures |= _partners_found(corpus, pairs)
        figures |= _alerts(corpus, chosen.sample(names, min(WATCHED, len(names))))
        if scanned:
            figures |= _beside_scan(corpus, file, chosen.sample(names, scanned))
    figures["search_anon_bytes"] = own_anon_bytes()
    return figures


def _timed(corpus: Any, sign: str, options: dict[str, Any]) -> float:
    begin = time.perf_counter()
    corpus.clearance(sign, **options)
    return 1_000 * (time.perf_counter() - begin)


def _partners_found(corpus: Any, pairs: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Say how often the partner of a similar pair is among the first ten.

    Once with all partners in the corpus, and once each pair alone among the made-up marks.
    """
    found: Counter[str] = Counter()
    ranked: dict[str, list[tuple[str, bool]]] = {}
    for sign, partner, label in pairs:
        if sign not in ranked:
            hits = corpus.clearance(sign, limit=RANKED)
            ranked[sign] = [(hit.mark_text, _is_partner(hit.id)) for hit in hits]
        together = ranked[sign][:FIRST_TEN]
        alone = [hit for hit in ranked[sign] if hit[0] == partner or not hit[1]]
        kind = "" if label in "01" else "_unlike"
        found["asked" + kind] += 1
        found["together" + kind] += any(text == partner for text, _ in together)
        found["alone" + kind] += any(text == partner for text, _ in alone[:FIRST_TEN])
    return {
        "pairs": found["asked"],
        "partner_in_first_10": round(found["together"] / found["asked"], 4),
        "partner_alone_in_first_10": round(found["alone"] / found["asked"], 4),
        "unlike_in_first_10": round(found["together_unlike"] / max(found["asked_unlike"], 1), 4),
    }


def _is_partner(name: str) -> bool:
    return int(name[2:]) >= _PARTNERS_FROM


def _alerts(corpus: Any, signs: Sequence[str]) -> dict[str, Any]:
    """Count what a watch would raise for each name, per `PER_ALERTS` marks, in any class."""
    from ipsearch.marks.weights import ALERT_THRESHOLD

    counts: dict[str, list[int]] = {"two": [], "longer": []}
    for sign in signs:
        hits = corpus.clearance(sign, limit=2_000, least_score=ALERT_THRESHOLD)
        strange = [h for h in hits if not _is_partner(h.id) and h.mark_text != sign]
        counts["two" if len(sign) == 2 else "longer"].append(len(strange))
    share = PER_ALERTS / corpus.count("trademark")
    return {
        f"alerts_{name}": round(share * sum(values) / len(values), 2) if values else None
        for name, values in counts.items()
    }


def _beside_scan(corpus: Any, file: Path, signs: Sequence[str]) -> dict[str, Any]:
    """Compare with scoring every mark of `file`: what of the first `FIRST` is found."""
    from ipsearch.clearance.search import LEAST_SCORE
    from ipsearch.marks.likeness import Scorer
    from ipsearch.marks.sign import read_sign

    scorers = [Scorer(read_sign(sign)) for sign in signs]
    best: list[list[tuple[float, str]]] = [[] for _ in signs]
    with file.open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            for scores, scorer in zip(best, scorers, strict=True):
                score = scorer.score(row["mark_text"])
                if score >= LEAST_SCORE:
                    scores.append((score, row["id"]))
    wanted = missed = 0
    for sign, scores in zip(signs, best, strict=True):
        scores.sort(key=lambda pair: -pair[0])
        edge = scores[min(FIRST, len(scores)) - 1][0] if scores else 0.0
        found = {hit.id for hit in corpus.clearance(sign, limit=10 * FIRST)}
        above = [name for score, name in scores if score > edge]
        level = [name for score, name in scores if score == edge]
        room = min(FIRST, len(scores)) - len(above)
        wanted += len(above) + room
        missed += sum(name not in found for name in above)
        missed += max(0, room - sum(name in found for name in level))
    return {"scanned_signs": len(signs), "scan_wanted": wanted, "scan_missed": missed}
