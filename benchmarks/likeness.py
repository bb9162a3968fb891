"""How the likeness of signs and the keys of candidates do, without an index.

What is measured: microseconds a comparison (of signs that share a key) and a filing; keys a mark;
    of the first fifty of a full scan by the scorer (above 0.3) how many are among the first 300,
    400, 500 and 1,000 by weight of keys; on which place the partner of a similar pair comes; how
    well scores tell similar pairs from others (area under the ROC curve, plain edit similarity
    beside it); alerts at the default threshold for brand names among marks that know nothing of
    them.
Corpus model: marks by `mark_generator`, brand names and pairs of ../shared/data, read in place.
Notes: a full scan compares each question with every mark: a minute of CPU for 25 questions at
    100,000 marks. Where scores are equal at the fiftieth place, any of them counts as found. Times
    are of CPU, of one process.
"""

from __future__ import annotations

import csv
import random
import time
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from benchmarks import lines, machine
from benchmarks.mark_generator import brand_names, mark_texts
from ipsearch.marks.features import held_features
from ipsearch.marks.keys import asked_keys, filed_keys
from ipsearch.marks.likeness import Scorer
from ipsearch.marks.sign import read_sign
from ipsearch.marks.weights import ALERT_THRESHOLD

PAIRS = machine.ROOT.parent / "shared" / "data" / "trademark_pairs_zh"

KEYS = (
    "marks",
    "questions",  # of the scans
    "keys_per_mark",
    "filed_us",
    "compared_us",  # a pair that shares a key
    "asked_keys",  # a question, mean
    "found_at",  # {candidates: share of the first fifty of a scan}
    "wanted",  # marks that were to be found
    "partners",  # {marks: {place: share of similar pairs}}
    "roc_auc",
    "roc_auc_edit_similarity",
    "alerts_by_length",  # {characters: {"names", "mean", "most"}} at the default threshold
)

WANTED, WORTH_FINDING = 50, 0.3
CANDIDATES = (300, 400, 500, 1000)
PLACES = (1, 10, 50)


class Index:
    """Marks in memory by their keys."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        found: dict[str, list[int]] = defaultdict(list)
        begin = time.process_time()
        for number, text in enumerate(texts):
            for key in filed_keys(text):
                found[key].append(number)
        self.filed_us = (time.process_time() - begin) / len(texts) * 1e6
        self.keys_per_mark = sum(map(len, found.values())) / len(texts)
        self._numbers = {key: np.array(numbers, np.int32) for key, numbers in found.items()}

    def sums(self, asked: Iterable[tuple[str, float]]) -> npt.NDArray[np.float64]:
        """Give the weight of the keys that each mark shares with what is asked."""
        sums = np.zeros(len(self.texts))
        for key, weight in asked:
            numbers = self._numbers.get(key)
            if numbers is not None:
                sums[numbers] += weight
        return sums

    def best(self, sums: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.int64]:
        """Give the numbers of the marks with the largest sums, best first, none of sum 0."""
        order = np.argsort(-sums, kind="stable")[:count]
        return order[sums[order] > 0]


@cache
def pairs() -> list[tuple[str, str, bool]]:
    """Read the pairs: two signs, and whether they are similar (labels 0 and 1)."""
    with (PAIRS / "sim_trademark_pairs.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return [(_name(r["sentence1"]), _name(r["sentence2"]), r["label"] != "2") for r in rows]


def _name(sentence: str) -> str:
    return sentence.split("，")[0].split("：")[1]


def names() -> list[str]:
    """Read the brand names, Chinese and foreign."""
    read = (brand_names(PAIRS / f"trademarks_{kind}.txt") for kind in "cf")
    return list(dict.fromkeys(name for each in read for name in each))


def scan(index: Index, questions: list[str]) -> dict[str, Any]:
    """Compare the first fifty of full scans with the first candidates by keys."""
    wanted, asked = 0, 0
    found = dict.fromkeys(CANDIDATES, 0)
    for question in questions:
        sign = read_sign(question)
        keys = asked_keys(sign)
        asked += len(keys)
        scorer = Scorer(sign)
        scores = np.array([scorer.score(text) for text in index.texts])
        worth = np.sort(scores[scores > WORTH_FINDING])[::-1][:WANTED]
        if not len(worth):
            continue
        wanted += len(worth)
        least = worth[-1]
        above = int((worth > least).sum())
        order = index.best(index.sums(keys), CANDIDATES[-1])
        for count in CANDIDATES:
            got = scores[order[:count]]
            better = int((got > least).sum())
            found[count] += better + min(int((got == least).sum()), len(worth) - above)
    shares = {str(count): round(n / max(wanted, 1), 4) for count, n in found.items()}
    return {"found_at": shares, "wanted": wanted, "asked_keys": round(asked / len(questions))}


def partners(index: Index, count: int, candidates: int = CANDIDATES[1]) -> dict[str, float]:
    """Put the partner of each similar pair among the marks; give the share found by place."""
    similar = [(one, other) for one, other, is_similar in pairs() if is_similar]
    chosen = random.Random(3).sample(similar, min(count, len(similar)))
    hits = dict.fromkeys(PLACES, 0)
    for one, other in chosen:
        sign = read_sign(one)
        weights = dict(asked_keys(sign))
        sums = index.sums(weights.items())
        own = sum(weights.get(key, 0.0) for key in filed_keys(other))
        if (sums > own).sum() >= candidates:
            continue
        scorer = Scorer(sign)
        score = scorer.score(other)
        better = sum(
            scorer.score(index.texts[n]) > score
            for n in index.best(sums, candidates).tolist()
            if index.texts[n] not in (one, other)
        )
        for place in PLACES:
            hits[place] += better < place
    return {str(place): round(n / len(chosen), 4) for place, n in hits.items()}


def alerts(index: Index, count: int = 200) -> dict[str, Any]:
    """Count what brand names find at the threshold, among the first candidates by keys."""
    by_length: dict[str, list[int]] = defaultdict(list)
    for name in random.Random(11).sample(names(), count):
        sign = read_sign(name)
        scorer = Scorer(sign)
        order = index.best(index.sums(asked_keys(sign)), CANDIDATES[-1])
        scores = [scorer.score(index.texts[n]) for n in order.tolist()]
        length = "2 or less" if len(sign.normal) < 3 else "3 or more"
        by_length[length].append(sum(ALERT_THRESHOLD <= score < 1.0 for score in scores))
    return {
        length: {"names": len(n), "mean": round(float(np.mean(n)), 2), "most": max(n)}
        for length, n in sorted(by_length.items())
    }


def roc_auc(similar: list[float], others: list[float]) -> float:
    """Give the share of pairs of a similar and another one that scores put in order."""
    sorted_others = np.sort(others)
    below = np.searchsorted(sorted_others, similar, side="left")
    upto = np.searchsorted(sorted_others, similar, side="right")
    return float((below + upto).sum() / 2 / len(similar) / len(others))


def tell_apart() -> dict[str, float]:
    """Measure how well scores tell similar pairs from others, and edit similarity beside them."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    edits: dict[bool, list[float]] = {True: [], False: []}
    scorers = cache(lambda text: Scorer(read_sign(text)))
    for one, other, is_similar in pairs():
        scores[is_similar].append(scorers(one).score(other))
        edits[is_similar].append(Levenshtein.normalized_similarity(one, other))
    return {
        "roc_auc": round(roc_auc(scores[True], scores[False]), 4),
        "roc_auc_edit_similarity": round(roc_auc(edits[True], edits[False]), 4),
    }


def speed(index: Index, count: int = 100) -> dict[str, float]:
    """Time comparisons with marks that share a key and are known to the cache."""
    compared, spent = 0, 0.0
    for name in names()[:count]:
        sign = read_sign(name)
        scorer = Scorer(sign)
        numbers = np.flatnonzero(index.sums(asked_keys(sign)))[:3000]
        texts = [index.texts[n] for n in numbers.tolist()]
        for text in texts:
            held_features(text, frozenset())
        begin = time.process_time()
        for text in texts:
            scorer.score(text)
        spent += time.process_time() - begin
        compared += len(texts)
    return {"compared_us": round(spent / max(compared, 1) * 1e6, 1)}


def questions(count: int, index: Index, seed: int = 7) -> list[str]:
    """Choose what to ask: brand names, what is like one, and marks of the index."""
    chosen = random.Random(seed)
    third = count // 3
    like = [other for _, other, is_similar in pairs() if is_similar]
    return [
        *chosen.sample(names(), third),
        *chosen.sample(like, third),
        *chosen.sample(index.texts, count - 2 * third),
    ]


def run(marks: int = 100_000, asked: int = 300, pair_count: int = 500) -> dict[str, Any]:
    """Measure all, print it, append a line to the results."""
    index = Index(list(mark_texts(brand_names(PAIRS / "trademarks_c.txt"), marks, 1)))
    figures: dict[str, Any] = {
        "marks": marks,
        "questions": asked,
        "keys_per_mark": round(index.keys_per_mark, 1),
        "filed_us": round(index.filed_us, 1),
        **speed(index),
        **tell_apart(),
        "alerts_by_length": alerts(index),
        "partners": {str(marks): partners(index, pair_count)},
        **scan(index, questions(asked, index)),
    }
    lines.append(lines.RESULTS / "likeness.jsonl", KEYS, figures)
    for key in KEYS:
        print(f"{key:24} {figures.get(key)}")
    return figures


if __name__ == "__main__":
    run()
