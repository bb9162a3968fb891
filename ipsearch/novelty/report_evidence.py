"""Here are the hits of a novelty search, give me what its report says of them.

The lists, the charts of features and the pairs, in the words of `report_words`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from ipsearch.novelty.evidence import Match
from ipsearch.novelty.report_categories import charts_of, covers_all, suggestions, together
from ipsearch.novelty.report_parts import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Say,
    Table,
    day_or_unknown,
    joined,
    lines,
    marked,
    text,
)
from ipsearch.novelty.results import NoveltyHit, NoveltyResults
from ipsearch.novelty.said import say_place

_PASSAGE_CHARS = 300


def documents(results: NoveltyResults, say: Say) -> Iterator[Block]:
    """List prior art and conflicting applications, apart, and suggest categories."""
    suggested = suggestions(results)
    columns = tuple(
        Column(say(f"documents.{name}"), share)
        for name, share in (
            *(("rank", 6), ("document", 18), ("applicants", 14), ("dates", 21), ("ipc", 15)),
            *(("covered", 9), ("category", 10), ("suggestion", 12)),
        )
    )
    for name, hits in (("prior_art", results.prior_art), ("conflicting", results.conflicting)):
        yield Heading(text(say(f"documents.{name}")))
        if hits:
            rows = (_document(hit, suggested.get(hit.id, ""), say) for hit in hits)
            yield Table(columns, tuple(rows))
            continue
        is_barred = name == "conflicting" and results.subject.effective_date is None
        yield Paragraph(text(say("documents.no_date" if is_barred else "documents.none")))
    yield Paragraph(text(say("documents.note")), is_note=True)


def _document(hit: NoveltyHit, suggested: str, say: Say) -> tuple[Cell, ...]:
    dates = (
        ("published", hit.publication_date),
        ("filed", hit.filing_date),
        ("priority", hit.priority_date),
    )
    return (
        lines(str(hit.rank)),
        lines(hit.id, hit.title or say("unknown"), say("documents.named") if hit.is_named else ""),
        lines(*hit.applicants) or lines(say("unknown")),
        lines(*(say(f"documents.{name}", day=day_or_unknown(day, say)) for name, day in dates)),
        lines(*hit.ipc) or lines(say("unknown")),
        lines(_percent(hit.coverage)) if hit.coverage is not None else (),
        (),
        lines(suggested),
    )


def _percent(share: float) -> str:
    """Say a share, rounded down: what is written as 90% reaches it."""
    return f"{math.floor(share * 100 + 1e-7)}%"


def charts(results: NoveltyResults, say: Say) -> Iterator[Block]:
    """Chart every hit that was charted: each feature and the passage that shows it best."""
    charted = [hit for hit in results if hit.features]
    if not charted:
        yield Paragraph(text(say("charts.none")))
        return
    yield Paragraph(text(say("charts.note")), is_note=True)
    features = {feature.label: feature.text for feature in results.subject.features}
    columns = (
        Column(say("elements.label"), 2),
        Column(say("elements.feature"), 8),
        Column(say("charts.passage"), 12),
        Column(say("documents.covered"), 3),
    )
    for hit in charted:
        mean = say("charts.mean", coverage=_percent(hit.coverage or 0.0))
        which = say(f"charts.{hit.list}", rank=hit.rank)
        yield Heading(text(f"{which} · {hit.id} {hit.title or say('unknown')} · {mean}"))
        yield Table(columns, tuple(_chart_row(m, features, say) for m in hit.features))


def _chart_row(match: Match, features: Mapping[str, str], say: Say) -> tuple[Cell, ...]:
    feature = lines(features.get(match.label, ""))
    if not match.coverage:
        return lines(match.label), feature, lines(say("charts.not_found")), lines(_percent(0))
    passage = (
        text(say("charts.at", place=say_place(match.field, match.place, say))),
        marked(match.text, match.spans, _PASSAGE_CHARS),
    )
    return lines(match.label), feature, passage, lines(_percent(match.coverage))


def pairs(results: NoveltyResults, say: Say) -> Iterator[Block]:
    """List the pairs of prior art, and which features each of the two covers more of."""
    if not results.pairs:
        yield Paragraph(text(say("pairs.none")))
        return
    columns = (
        Column(say("pairs.first"), 8),
        Column(say("pairs.second"), 8),
        Column(say("pairs.covered"), 3),
        Column(say("pairs.all"), 4),
    )
    hits = {hit.id: hit for hit in results.prior_art}
    rows = []
    for pair in results.pairs:
        first, second = charts_of(results, pair)
        better: tuple[list[str], list[str]] = ([], [])
        for a, b in zip(first, second, strict=False):
            if a.coverage != b.coverage:
                better[a.coverage < b.coverage].append(a.label)
        cells = [
            _paired(hits.get(name), name, labels, say)
            for name, labels in zip(pair.ids, better, strict=True)
        ]
        is_all = say("yes" if covers_all(together(results, pair)) else "no")
        rows.append((*cells, lines(_percent(pair.coverage)), lines(is_all)))
    yield Table(columns, tuple(rows))


def _paired(hit: NoveltyHit | None, name: str, labels: Sequence[str], say: Say) -> Cell:
    shown = lines(name, (hit.title or "") if hit else "")
    return shown + lines(say("pairs.better", labels=joined(labels, say)) if labels else "")
