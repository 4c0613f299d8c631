"""The pictures of a dashboard: columns and lines as SVG, each value with its own words for whoever cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anyshore.base import svg
from anyshore.base.svg import Svg
from anyshore.terms.dashboards import AGES, Dashboard, Period

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 34, 26
COLOURS = ("#17677a", "#5fa9b8", "#c98a1b", "#c9605a", "#7a3b69")
_INK, _SOFT, _LINE = "#15232d", "#5b6b75", "#dce3e7"
LABELS = 8
"""Periods that are named below a picture at most."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one kind, a period each; None where there is none."""

    name: str
    values: Sequence[Decimal | int | None]


def pictures(found: Dashboard) -> list[Svg]:
    """Volume, straight-through rate, backlog by age and attainment, as far as there is something to draw."""
    periods = found.periods
    if not periods:
        return []
    drawn = [
        columns(_("Volume"), periods, [
            Series(_("received"), [one.received for one in periods]),
            Series(_("completed"), [one.completed for one in periods]),
        ]),
        lines(_("Without a person, in per cent"), periods, [
            Series(_("without a person"), [one.straight_through for one in periods])
        ]),
        columns(_("Open at the end, by age"), periods, [
            Series(age_name(place), [one.backlog[place] for one in periods]) for place in range(len(AGES) + 1)
        ], stacked=True),
    ]  # fmt: skip
    attained = [
        Series(name, [_percent(one, key) for one in periods]) for key, (name, _target) in found.objectives.items()
    ]
    if any(value is not None for series in attained for value in series.values):
        drawn.append(lines(_("Attainment, in per cent"), periods, attained))
    return drawn


def age_name(place: int) -> str:
    """What a band of age is called."""
    if place == len(AGES):
        return ngettext("older than %d day", "older than %d days", AGES[-1]) % AGES[-1]
    return ngettext("up to %d day", "up to %d days", AGES[place]) % AGES[place]


def _percent(period: Period, key: str) -> Decimal | None:
    met, total = period.attained.get(key, (0, 0))
    return Decimal(100 * met) / total if total else None


def columns(title: str, periods: Sequence[Period], series: Sequence[Series], *, stacked: bool = False) -> Svg:
    """Columns beside or upon each other."""
    heights = [[Decimal(one.values[place] or 0) for one in series] for place in range(len(periods))]
    top = _ceiling(max((sum(one, Decimal(0)) if stacked else max(one)) for one in heights))
    room = (WIDTH - LEFT - RIGHT) / len(periods)
    width = room * 0.8 / (1 if stacked else len(series))
    parts = [*_grid(top), *_names(periods, room), *_legend(series)]
    for place, period in enumerate(periods):
        ground = 0.0
        for number, one in enumerate(series):
            size = float(heights[place][number] / top) * (HEIGHT - TOP - BOTTOM)
            x = LEFT + room * (place + 0.1) + (0 if stacked else width * number)
            y = HEIGHT - BOTTOM - size - ground
            ground += size if stacked else 0
            if size:
                told, colour = svg.title(_told(period, one, place)), COLOURS[number % len(COLOURS)]
                parts.append(svg.element("rect", told, x=x, y=y, width=width, height=size, fill=colour))
    return _drawing(title, parts)


def lines(title: str, periods: Sequence[Period], series: Sequence[Series]) -> Svg:
    """Lines from 0 to 100, broken where there is no value."""
    room = (WIDTH - LEFT - RIGHT) / len(periods)
    parts = [*_grid(Decimal(100)), *_names(periods, room), *_legend(series)]
    for number, one in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        path, pen = [], "M"
        for place, value in enumerate(one.values):
            if value is None:
                pen = "M"
                continue
            x = LEFT + room * (place + 0.5)
            y = HEIGHT - BOTTOM - float(value) / 100 * (HEIGHT - TOP - BOTTOM)
            path.append(f"{pen}{svg.number(x)} {svg.number(y)}")
            pen = "L"
            told = svg.title(_told(periods[place], one, place))
            parts.append(svg.element("circle", told, cx=x, cy=y, r=3, fill=colour))
        if path:
            parts.append(svg.element("path", d="".join(path), fill="none", stroke=colour, stroke_width=1.6))
    return _drawing(title, parts)


def _told(period: Period, one: Series, place: int) -> str:
    value = one.values[place]
    number = formats.number_format(round(Decimal(value or 0), 1).normalize(), use_l10n=True)
    return f"{period.name}: {one.name} {number}"


def _drawing(title: str, parts: Sequence[Svg]) -> Svg:
    heading = svg.element("text", title, x=0, y=12, font_weight=600, fill=_INK)
    return svg.drawing(WIDTH, HEIGHT, title, heading, *parts, font_family="system-ui, sans-serif", font_size=12)


def _grid(top: Decimal) -> list[Svg]:
    parts = []
    for step in range(3):
        y = HEIGHT - BOTTOM - step / 2 * (HEIGHT - TOP - BOTTOM)
        value = formats.number_format((top * step / 2).normalize(), use_l10n=True)
        parts.append(svg.element("path", d=f"M{LEFT} {svg.number(y)}H{WIDTH - RIGHT}", stroke=_LINE))
        parts.append(svg.element("text", value, x=LEFT - 6, y=y + 4, text_anchor="end", fill=_SOFT))
    return parts


def _names(periods: Sequence[Period], room: float) -> list[Svg]:
    every = -(-len(periods) // LABELS)
    return [
        svg.element("text", period.name, x=LEFT + room * (place + 0.5), y=HEIGHT - 8, text_anchor="middle", fill=_SOFT)
        for place, period in enumerate(periods)
        if (len(periods) - 1 - place) % every == 0
    ]


def _legend(series: Sequence[Series]) -> list[Svg]:
    parts, at = [], float(LEFT)
    for number, one in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(svg.element("rect", x=at, y=18, width=10, height=10, rx=2, fill=colour))
        parts.append(svg.element("text", one.name, x=at + 14, y=27, fill=_INK))
        at += 30 + 6.5 * len(one.name)
    return parts


def _ceiling(value: Decimal) -> Decimal:
    """The next even number of one leading digit that is not less."""
    if value <= 2:
        return Decimal(2)
    unit = Decimal(10) ** (len(str(int(value))) - 1)
    return next(unit * step for step in (1, 2, 4, 6, 8, 10) if value <= unit * step)
