"""Here are watched marks and a batch of marks that came in, say which of these come near which.

Both sides have keys (`marks.keys`): the marks that came in are filed under theirs, in memory, and
each watched mark asks with its own, weighed; the sum of the weights is about the likeness that the
scorer will give. Only where it reaches a share of the threshold are the signs compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ipsearch.marks.keys import asked_keys, filed_keys
from ipsearch.marks.likeness import Scorer
from ipsearch.marks.sign import read_sign
from ipsearch.watch.postings import Postings

LEAST_SHARE = 0.5
"""Of the threshold: what the sum of the weights must reach. `benchmarks/percolation.py` measures
how many of all pairs above the threshold have a lower one."""
_CLASSES = 46  # 1 to 45, and 0 for none known


class AskedMark(NamedTuple):
    """A watched mark."""

    watch: int
    text: str
    classes: tuple[int, ...]  # of the goods: what is weak in a sign depends on them
    concerning: frozenset[int] | None  # classes whose marks are of concern; None: all
    threshold: float


class HeldMark(NamedTuple):
    """A mark that came in."""

    texts: tuple[str, ...]  # its words, and how they are transliterated
    classes: tuple[int, ...]


class JoinTask(NamedTuple):
    """Some watched marks, and some that came in."""

    asked: Sequence[AskedMark]
    held: Sequence[HeldMark]


class Near(NamedTuple):
    """A mark that is as near to a watched one as the watch asks for."""

    watch: int
    mark: int  # its place in the task
    score: float
    text: str  # which of its texts


def near(task: JoinTask) -> list[Near]:
    """Compare all pairs that their keys say may be near. A task of a pool: a pure function."""
    filed = [
        frozenset(key for text in mark.texts for key in filed_keys(text)) for mark in task.held
    ]
    postings = Postings(filed)
    covered = _classes(task.held)
    masks: dict[frozenset[int], npt.NDArray[np.bool_]] = {}
    found = []
    for asked in sorted(task.asked, key=lambda asked: asked.classes):  # features are kept by class
        sign = read_sign(asked.text)
        sums = postings.sums(asked_keys(sign, asked.classes))
        are_near = sums >= LEAST_SHARE * asked.threshold
        if asked.concerning is not None:
            if asked.concerning not in masks:
                columns = covered[:, [0, *sorted(asked.concerning)]]
                masks[asked.concerning] = np.logical_or.reduce(columns, axis=1)
            are_near &= masks[asked.concerning]
        candidates = np.flatnonzero(are_near).tolist()
        if not candidates:
            continue
        scorer = Scorer(sign, asked.classes)
        for mark in candidates:
            score, text = best_score(scorer, task.held[mark].texts)
            if score >= asked.threshold:
                found.append(Near(asked.watch, mark, score, text))
    return found


def best_score(scorer: Scorer, texts: Sequence[str]) -> tuple[float, str]:
    """Give the likeness of the text that is nearest, and that; 0 of none."""
    return max(((scorer.score(text), text) for text in texts), default=(0.0, ""))


def _classes(held: Sequence[HeldMark]) -> npt.NDArray[np.bool_]:
    """Say for each mark and class whether it is covered; in column 0 whether none is known."""
    covered = np.zeros((len(held), _CLASSES), bool)
    for number, mark in enumerate(held):
        covered[number, list(mark.classes) or [0]] = True
    return covered
