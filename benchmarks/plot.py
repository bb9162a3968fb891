"""Small line plots as SVG, without a plotting library.

What is measured: nothing here.
Corpus model: none.
Notes: x is millions of records; both axes begin at 0. A dashed line is the straight line through a
    series' points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 380, 250  # of one panel, pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 26, 30, 54
_COLUMNS = 2
_COLOURS = ("#1f5fa8", "#c2571a", "#2e8b57", "#8b3a8b", "#7a6a00", "#444444")


@dataclass(frozen=True, slots=True)
class Series:
    """A named line: points of millions of records and a value."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes."""

    title: str
    series: Sequence[Series]
    is_fitted: bool = False


def svg(panels: Sequence[Panel]) -> str:
    """Draw the panels two in a row."""
    rows = -(-len(panels) // _COLUMNS)
    size = f'width="{WIDTH * _COLUMNS}" height="{HEIGHT * rows}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for number, panel in enumerate(panels):
        row, column = divmod(number, _COLUMNS)
        parts.append(f'<g transform="translate({column * WIDTH},{row * HEIGHT})">')
        parts.extend(_panel(panel))
        parts.append("</g>")
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _panel(panel: Panel) -> list[str]:
    points = [point for series in panel.series for point in series.points]
    top_x = max((x for x, _ in points), default=1.0)
    top_y = nice_top(max((y for _, y in points), default=1.0))
    parts = [f'<text x="{_LEFT}" y="18" font-weight="bold">{escape(panel.title)}</text>']
    parts += _axes(top_x, top_y)
    for number, series in enumerate(panel.series):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [_place(x, y, top_x, top_y) for x, y in series.points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in places]
        if panel.is_fitted:
            parts += _fitted(series, top_x, top_y, colour)
        label_x = _LEFT + number % 3 * 105
        label_y = HEIGHT - 18 + number // 3 * 12
        parts.append(
            f'<text x="{label_x}" y="{label_y}" fill="{colour}">{escape(series.name)}</text>'
        )
    return parts


def _axes(top_x: float, top_y: float) -> list[str]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        _, y = _place(0, top_y * share, top_x, top_y)
        x, bottom = _place(top_x * share, 0, top_x, top_y)
        end = WIDTH - _RIGHT
        parts += [
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{end}" y2="{y:.1f}" stroke="#ddd"/>',
            f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{top_y * share:,.4g}</text>',
            f'<text x="{x:.1f}" y="{bottom + 14:.1f}" text-anchor="middle">'
            f"{top_x * share:.3g} M</text>",
        ]
    return parts


def _fitted(series: Series, top_x: float, top_y: float, colour: str) -> list[str]:
    from benchmarks.scale_report import fit

    line = fit([x for x, _ in series.points], [y for _, y in series.points])
    if line is None:
        return []
    ends = (series.points[0][0], series.points[-1][0])
    (x1, y1), (x2, y2) = (_place(x, line.at(x), top_x, top_y) for x in ends)
    return [
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
        ' stroke-dasharray="4 4" opacity="0.7"/>'
    ]


def _place(x: float, y: float, top_x: float, top_y: float) -> tuple[float, float]:
    width, height = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    return _LEFT + x / top_x * width, _TOP + (1 - y / top_y) * height


def nice_top(value: float) -> float:
    """Give the end of an axis that shows `value`: 1, 2, 4 or 8 times a power of ten.

    >>> nice_top(370)
    400.0
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= value)
