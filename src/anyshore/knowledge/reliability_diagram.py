"""The reliability diagram of a score as SVG: what was forecast against what happened."""

from __future__ import annotations

from html import escape

from anyshore.knowledge.agreement import wilson
from anyshore.knowledge.calibration import Bin, Score
from anyshore.knowledge.deliverables import Language

_SIZE, _MARGIN, _BARS = 360, 48, 60
_WORDS = {
    "en": ("Reliability diagram", "forecast probability", "observed share", "base rate", "forecasts"),
    "de": ("Zuverlässigkeitsdiagramm", "vorhergesagte Wahrscheinlichkeit", "eingetretener Anteil", "Grundrate",
           "Vorhersagen"),
}  # fmt: skip


def render(score: Score, *, title: str = "", language: Language = "en") -> str:
    """The diagram: a point per bin with its 95 % Wilson interval, the diagonal, the base rate, counts as bars below.

    Colours come from ``currentColor`` and ``--chart-accent``, so that the page's theme decides.
    """
    heading, forecast, observed, base, many = _WORDS[language]
    name = title or heading
    most = max(b.count for b in score.bins)
    described = "; ".join(f"{b.forecast:.2f} → {b.observed:.2f} ({b.count})" for b in score.bins)
    width, height = _SIZE + 2 * _MARGIN, _SIZE + 2 * _MARGIN + _BARS
    accent = "var(--chart-accent, #1f5fbf)"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="11" fill="currentColor">',
        f"<title>{escape(name)}</title><desc>{escape(described)}</desc>",
        f'<rect x="{_MARGIN}" y="{_MARGIN}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="currentColor" '
        f'stroke-opacity=".35"/>',
        _line(0, 0, 1, 1, 'stroke="currentColor" stroke-opacity=".5" stroke-dasharray="4 4"'),
        _line(0, score.base_rate, 1, score.base_rate, 'stroke="currentColor" stroke-opacity=".5" stroke-width=".7"'),
        f'<text x="{_x(1) - 4:.1f}" y="{_y(score.base_rate) - 4:.1f}" text-anchor="end">{base} '
        f"{score.base_rate:.3f}</text>",
        *_axes(),
        f'<polyline fill="none" stroke="{accent}" points="'
        + " ".join(f"{_x(b.forecast):.1f},{_y(b.observed):.1f}" for b in score.bins)
        + '"/>',
        *(_point(b, accent) for b in score.bins),
        *(_bar(b, most, many) for b in score.bins),
        f'<text x="{_MARGIN + _SIZE / 2}" y="{height - 4}" text-anchor="middle">{forecast}</text>',
        f'<text transform="translate(12 {_MARGIN + _SIZE / 2}) rotate(-90)" text-anchor="middle">{observed}</text>',
        f'<text x="{_MARGIN}" y="{_MARGIN - 26}" font-size="14" font-weight="bold">{escape(name)}</text>',
        f'<text x="{_MARGIN}" y="{_MARGIN - 10}">Brier {score.brier:.4f} = {score.reliability:.4f} − '
        f"{score.resolution:.4f} + {score.uncertainty:.4f} {score.within:+.4f}; n = {score.count}</text>",
        "</svg>",
    ]
    return "\n".join(parts)


def _x(value: float) -> float:
    return _MARGIN + value * _SIZE


def _y(value: float) -> float:
    return _MARGIN + (1 - value) * _SIZE


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{_x(x1):.1f}" y1="{_y(y1):.1f}" x2="{_x(x2):.1f}" y2="{_y(y2):.1f}" {style}/>'


def _axes() -> list[str]:
    ticks = [number / 5 for number in range(6)]
    return [
        *(f'<text x="{_x(t):.1f}" y="{_y(0) + 14:.1f}" text-anchor="middle">{t:.1f}</text>' for t in ticks),
        *(f'<text x="{_MARGIN - 6}" y="{_y(t) + 4:.1f}" text-anchor="end">{t:.1f}</text>' for t in ticks),
    ]


def _point(b: Bin, accent: str) -> str:
    low, high = wilson(round(b.observed * b.count), b.count)
    label = f"{b.low:.1f}–{b.high:.1f}: {b.forecast:.3f} → {b.observed:.3f} [{low:.3f}–{high:.3f}], n = {b.count}"
    return (
        _line(b.forecast, low, b.forecast, high, f'stroke="{accent}" stroke-width="1.5"')
        + f'<circle cx="{_x(b.forecast):.1f}" cy="{_y(b.observed):.1f}" r="4" fill="{accent}">'
        + f"<title>{label}</title></circle>"
    )


def _bar(b: Bin, most: int, many: str) -> str:
    height = (_BARS - 18) * b.count / most
    top = _y(0) + 22
    return (
        f'<rect x="{_x(b.low) + 1:.1f}" y="{top:.1f}" width="{(b.high - b.low) * _SIZE - 2:.1f}" '
        f'height="{height:.1f}" fill-opacity=".3"><title>{b.count} {many}</title></rect>'
    )
