"""Here are charts, give me the category that each document might have: a suggestion, no more.

The letters are those of search reports (WIPO ST.14; China's Guidelines for Patent Examination,
part II, chapter 7): X alone, Y together with another, A neither; E is an earlier application
that was published later and alone covers the claim. All by the words, nothing by what they mean.
"""

from __future__ import annotations

from ipsearch.novelty.evidence import Match, Pair
from ipsearch.novelty.results import NoveltyHit, NoveltyResults

COVERED = 0.9
"""A passage with this much of a feature's words is taken to cover it."""


def suggestions(results: NoveltyResults) -> dict[str, str]:
    """Give a letter for each hit that was charted, by its id."""
    charted = {hit.id: hit for hit in results if hit.features}
    paired = {
        name for pair in results.pairs if covers_all(together(results, pair)) for name in pair.ids
    }
    return {name: _letter(hit, name in paired) for name, hit in charted.items()}


def _letter(hit: NoveltyHit, is_paired: bool) -> str:
    if covers_all([match.coverage for match in hit.features]):
        return "E" if hit.list == "conflicting" else "X"
    return "Y" if is_paired else "A"


def together(results: NoveltyResults, pair: Pair) -> list[float]:
    """Give for each feature the better coverage of the two; none if one is not charted."""
    first, second = charts_of(results, pair)
    return [max(a.coverage, b.coverage) for a, b in zip(first, second, strict=False)]


def charts_of(results: NoveltyResults, pair: Pair) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """Give the charts of the two documents of a pair."""
    charts = {hit.id: hit.features for hit in results.prior_art}
    return charts.get(pair.ids[0], ()), charts.get(pair.ids[1], ())


def covers_all(coverages: list[float]) -> bool:
    """Say whether every feature is covered; of no feature none is."""
    return bool(coverages) and min(coverages) >= COVERED - 1e-9
