"""The table and the plot of `scale`, and what a straight line through its points says.

What is measured: nothing here.
Corpus model: none.
Notes: a line a + b * records is fitted by least squares; what it says of 160 million records is
    what holds if nothing bends, which is what the points are for: R2 tells how straight they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.lines import table
from benchmarks.plot import Panel, Series, svg

TARGET_RECORDS = 160_000_000

Point = Mapping[str, Any]

COLUMNS = {
    "records": "records",
    "records_per_s": "records/s, all",
    "last_million_records_per_s": "records/s, last million",
    "index_bytes_per_record": "index bytes/record",
    "records_bytes_per_record": "store bytes/record",
    "largest_mb": "largest process, MB",
    "search_mb": "search process, MB",
    "segments": "segments",
    "cold_query_s": "cold query, s",
}
CATEGORY_KEYS = ("ranked_p50_ms", "ranked_p95_ms", "shown_p95_ms")


class Fit(NamedTuple):
    """A straight line through points."""

    intercept: float
    slope: float
    r2: float  # 1 is a perfect line; 1 as well where all values are equal

    def at(self, x: float) -> float:
        """Give the line's value at `x`."""
        return self.intercept + self.slope * x


def fit(xs: Sequence[float], ys: Sequence[float]) -> Fit | None:
    """Fit a line by least squares; None for fewer than two different `xs`."""
    if len(set(xs)) < 2:
        return None
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    intercept = mean_y - slope * mean_x
    total = sum((y - mean_y) ** 2 for y in ys)
    rest = sum((y - intercept - slope * x) ** 2 for x, y in zip(xs, ys, strict=True))
    return Fit(intercept, slope, 1 - rest / total if total else 1.0)


def write_report(points: Sequence[Point], folder: Path) -> None:
    """Write `scale.md` and `scale.svg` to `folder`; they replace those of the run before."""
    points = sorted(points, key=lambda point: point["records"])
    (folder / "scale.md").write_text(as_markdown(points), encoding="utf-8")
    (folder / "scale.svg").write_text(svg(_panels(points)), encoding="utf-8")


def as_markdown(points: Sequence[Point]) -> str:
    """Lay the points out: building, latency by category, and the fitted lines."""
    last = points[-1]
    rows = [
        {
            **point,
            "largest_mb": _mb(point["peak_largest_anon_bytes"]),
            "search_mb": _mb(point["search_anon_bytes"]),
        }
        for point in points
    ]
    parts = [
        f"# One corpus that grows to {last['records']:,} records",
        f"{last['machine']}; {last['date']}; commit {last['commit']}; corpus `{last['corpus']}`,"
        f" sha256 `{last['corpus_sha256'][:16]}`.",
        table(rows, COLUMNS),
        "## Latency, ms",
        table(*_latency_rows(points)),
        f"## Straight lines, and what they say of {TARGET_RECORDS:,} records",
        table(
            _fitted(points),
            {"what": "what", "per_million": "per million records", "r2": "R2", "at": "at target"},
        ),
        "![plot](scale.svg)",
    ]
    return "\n\n".join(parts) + "\n"


def _latency_rows(points: Sequence[Point]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    columns = {"category": "category"}
    for point in points:
        for key in CATEGORY_KEYS:
            label = key.removesuffix("_ms").replace("_", " ")
            columns[f"{point['records']} {key}"] = f"{point['records'] / 1e6:g} M {label}"
    rows = []
    for category in points[-1]["categories"]:
        row: dict[str, Any] = {"category": category}
        for point in points:
            figures = point["categories"].get(category, {})
            for key in CATEGORY_KEYS:
                row[f"{point['records']} {key}"] = figures.get(key)
        rows.append(row)
    return rows, columns


def _fitted(points: Sequence[Point]) -> list[dict[str, Any]]:
    measures: list[tuple[str, float, list[float | None]]] = [
        ("build, hours", 3600.0, [point["build_s"] for point in points]),
        ("index, GB", 1e9, [point["index_bytes"] for point in points]),
        ("record store, GB", 1e9, [point["records_bytes"] for point in points]),
        ("cold query, s", 1.0, [point["cold_query_s"] for point in points]),
    ]
    for category in points[-1]["categories"]:
        values = [point["categories"].get(category, {}).get("ranked_p95_ms") for point in points]
        measures.append((f"{category}, ranked p95, ms", 1.0, values))
    rows = []
    for what, unit, values in measures:
        known = [
            (point["records"], value / unit)
            for point, value in zip(points, values, strict=True)
            if value is not None
        ]
        line = fit([x for x, _ in known], [y for _, y in known])
        if line is not None:
            at = line.at(TARGET_RECORDS)
            rows.append({"what": what, "per_million": line.slope * 1e6, "r2": line.r2, "at": at})
    return rows


def _panels(points: Sequence[Point]) -> list[Panel]:
    def series(name: str, key: str, unit: float = 1.0) -> Series:
        return Series(
            name, [(p["records"] / 1e6, p[key] / unit) for p in points if p.get(key) is not None]
        )

    def latency(category: str) -> Series:
        found = [(p["records"] / 1e6, p["categories"].get(category, {})) for p in points]
        return Series(
            category,
            [(x, f["ranked_p95_ms"]) for x, f in found if f.get("ranked_p95_ms") is not None],
        )

    categories = list(points[-1]["categories"])
    panels = [
        Panel("build time, minutes", [series("all ingestions", "build_s", 60)], is_fitted=True),
        Panel("records/s", [series("all", "records_per_s"),
                            series("last million", "last_million_records_per_s")]),
        Panel("GB", [series("index", "index_bytes", 1e9),
                     series("record store", "records_bytes", 1e9)], is_fitted=True),
        Panel("largest process, MB anonymous", [
            series("building", "peak_largest_anon_bytes", 1e6),
            series("searching", "search_anon_bytes", 1e6)]),
        Panel("ranked p95, ms", [latency(c) for c in categories if c in
                                 ("phrase", "boolean", "frequent", "deep", "rare")],
              is_fitted=True),
        Panel("ranked p95, ms", [latency(c) for c in categories if c in
                                 ("novelty", "novelty_before", "terms", "filtered", "show")],
              is_fitted=True),
    ]  # fmt: skip
    return [
        Panel(panel.title, [s for s in panel.series if s.points], panel.is_fitted)
        for panel in panels
    ]


def _mb(value: int | None) -> float | None:
    return None if value is None else round(value / 1e6, 1)
