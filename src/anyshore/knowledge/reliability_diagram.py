"""The reliability diagram of a score as SVG: what was forecast against what happened."""

from __future__ import annotations

from anyshore.base import svg
from anyshore.base.svg import Svg
from anyshore.knowledge.agreement import wilson
from anyshore.knowledge.calibration import Bin, Score
from anyshore.knowledge.deliverables import Language

_SIZE, _MARGIN, _BARS = 360, 48, 60
_ACCENT = "var(--chart-accent, #1f5fbf)"
_WORDS = {
    "en": ("Reliability diagram", "forecast probability", "observed share", "base rate", "forecasts"),
    "de": ("Zuverlässigkeitsdiagramm", "vorhergesagte Wahrscheinlichkeit", "eingetretener Anteil", "Grundrate",
           "Vorhersagen"),
}  # fmt: skip


def render(score: Score, *, title: str = "", language: Language = "en") -> Svg:
    """The diagram: a point per bin with its 95 % Wilson interval, the diagonal, the base rate, counts as bars below.

    Colours come from ``currentColor`` and ``--chart-accent``, so that the page's theme decides.
    """
    heading, forecast, observed, base, many = _WORDS[language]
    name = title or heading
    most = max(b.count for b in score.bins)
    described = "; ".join(f"{b.forecast:.2f} → {b.observed:.2f} ({b.count})" for b in score.bins)
    width, height, middle = _SIZE + 2 * _MARGIN, _SIZE + 2 * _MARGIN + _BARS, _MARGIN + _SIZE / 2
    line = svg.points((_x(b.forecast), _y(b.observed)) for b in score.bins)
    parts = f"Brier {score.brier:.4f} = {score.reliability:.4f} − {score.resolution:.4f} + {score.uncertainty:.4f}"
    return svg.drawing(
        width, height, name, svg.title(name), svg.element("desc", described),
        svg.element("rect", x=_MARGIN, y=_MARGIN, width=_SIZE, height=_SIZE, fill="none", stroke="currentColor",
                    stroke_opacity=0.35),
        _line(0, 0, 1, 1, stroke="currentColor", stroke_opacity=0.5, stroke_dasharray="4 4"),
        _line(0, score.base_rate, 1, score.base_rate, stroke="currentColor", stroke_opacity=0.5, stroke_width=0.7),
        svg.element("text", f"{base} {score.base_rate:.3f}", x=_x(1) - 4, y=_y(score.base_rate) - 4, text_anchor="end"),
        *_axes(),
        svg.element("polyline", fill="none", stroke=_ACCENT, points=line),
        *(one for b in score.bins for one in _point(b)),
        *(_bar(b, most, many) for b in score.bins),
        svg.element("text", forecast, x=middle, y=height - 4, text_anchor="middle"),
        svg.element("text", observed, transform=f"translate(12 {svg.number(middle)}) rotate(-90)",
                    text_anchor="middle"),
        svg.element("text", name, x=_MARGIN, y=_MARGIN - 26, font_size=14, font_weight="bold"),
        svg.element("text", f"{parts} {score.within:+.4f}; n = {score.count}", x=_MARGIN, y=_MARGIN - 10),
        font_family="sans-serif", font_size=11, fill="currentColor",
    )  # fmt: skip


def _x(value: float) -> float:
    return _MARGIN + value * _SIZE


def _y(value: float) -> float:
    return _MARGIN + (1 - value) * _SIZE


def _line(x1: float, y1: float, x2: float, y2: float, **style: str | float) -> Svg:
    return svg.element("line", x1=_x(x1), y1=_y(y1), x2=_x(x2), y2=_y(y2), **style)


def _axes() -> list[Svg]:
    ticks = [number / 5 for number in range(6)]
    return [
        *(svg.element("text", f"{t:.1f}", x=_x(t), y=_y(0) + 14, text_anchor="middle") for t in ticks),
        *(svg.element("text", f"{t:.1f}", x=_MARGIN - 6, y=_y(t) + 4, text_anchor="end") for t in ticks),
    ]


def _point(b: Bin) -> tuple[Svg, Svg]:
    low, high = wilson(round(b.observed * b.count), b.count)
    label = f"{b.low:.1f}–{b.high:.1f}: {b.forecast:.3f} → {b.observed:.3f} [{low:.3f}–{high:.3f}], n = {b.count}"
    interval = _line(b.forecast, low, b.forecast, high, stroke=_ACCENT, stroke_width=1.5)
    place = {"cx": _x(b.forecast), "cy": _y(b.observed), "r": 4}
    return interval, svg.element("circle", svg.title(label), fill=_ACCENT, **place)


def _bar(b: Bin, most: int, many: str) -> Svg:
    return svg.element(
        "rect", svg.title(f"{b.count} {many}"), x=_x(b.low) + 1, y=_y(0) + 22, width=(b.high - b.low) * _SIZE - 2,
        height=(_BARS - 18) * b.count / most, fill_opacity=0.3,
    )  # fmt: skip
