"""The charts of a portfolio, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.base.svg import Svg, bar, drawing, element, title
from anyshore.web.portfolio.queries import Share


def share(one: Share) -> Svg:
    """How much of the portfolio is of a kind; its colour is that of the kind."""
    return bar(one.width, 6, None, "#e6ecef")


def leaning(percent: float) -> Svg:
    """How probably the work is judgement, in percent; the rest is rules."""
    label = _("Probability of judgement work")
    return bar(percent, 5, "#5b4a96", "#9cc6d1", label=f"{label}: {percent:.0f} %", class_="lean")


WIDTH, LEFT, ROW, TOP = 640, 190, 26, 24
_LONGEST = 30
_INK, _SOFT, _LINE, _GOOD, _BAD = "#15232d", "#5b6b75", "#dce3e7", "#17677a", "#c9605a"


def spreads(outcomes: Sequence[Mapping[str, Any]]) -> Svg:
    """What every activity brings at every site: from p10 to p90, with the middle."""
    place = _scale([float(value) for one in outcomes for value in one["npv"]])
    parts = []
    for row, one in enumerate(outcomes):
        y, name = TOP + row * ROW, f"{one['activity']} · {one['site']}"
        low, middle, high = map(float, one["npv"])
        told = f"{name}: {_money(low)} · {_money(middle)} · {_money(high)}"
        parts += [
            _name_of(name, y),
            element(
                "rect", title(told), x=place(low), y=y + 6, width=max(place(high) - place(low), 1), height=10, rx=2,
                fill=_GOOD if low > 0 else _BAD if high < 0 else "#c98a1b", opacity=0.75,
            ),
            element("circle", title(told), cx=place(middle), cy=y + 11, r=4, fill=_INK),
        ]  # fmt: skip
    return _drawn(_("Net present value from p10 to p90"), parts, len(outcomes), place)


def tornado(bars: Sequence[Mapping[str, Any]], middle: float) -> Svg:
    """How much each quantity moves the net present value away from the middle; the widest first."""
    place = _scale([float(one[end]) for one in bars for end in ("npv_at_p10", "npv_at_p90")], middle)
    parts = []
    for row, one in enumerate(bars):
        y, low, high = TOP + row * ROW, float(one["npv_at_p10"]), float(one["npv_at_p90"])
        told = f"{one['quantity']}: {_money(low)} → {_money(high)} ({one['source']})"
        left, right = sorted((place(low), place(high)))
        parts += [
            _name_of(str(one["quantity"]), y),
            element(
                "rect", title(told), x=left, y=y + 4, width=max(right - left, 1), height=14, rx=2,
                fill=_GOOD if high >= low else _BAD,
            ),
        ]  # fmt: skip
    return _drawn(_("What moves the net present value most"), parts, len(bars), place, middle)


def _scale(values: Sequence[float], line: float = 0.0) -> Callable[[float], float]:
    low, high = min([line, *values]), max([line, *values])
    span = (high - low) or 1.0
    return lambda value: LEFT + (value - low) / span * (WIDTH - LEFT - 12)


def _money(value: float) -> str:
    return formats.number_format(round(value), 0, use_l10n=True, force_grouping=True)


def _name_of(name: str, y: float) -> Svg:
    shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return element("text", shown, title(name), x=LEFT - 8, y=y + 15, text_anchor="end", font_size=12, fill=_SOFT)


def _drawn(
    label: str, parts: Sequence[Svg], rows: int, place: Callable[[float], float], line: float = 0.0
) -> Svg:  # fmt: skip
    height = TOP + rows * ROW + 8
    ground = [
        element("line", x1=place(line), x2=place(line), y1=TOP - 4, y2=height - 4, stroke=_LINE, stroke_width=1.5),
        element("text", _money(line), x=place(line), y=14, text_anchor="middle", font_size=11, fill=_SOFT),
    ]
    return drawing(WIDTH, height, label, *ground, *parts, class_="chart")
