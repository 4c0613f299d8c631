"""The pictures of a dashboard: columns and lines as SVG, each value with its own words for whoever cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def pictures(found: Dashboard) -> list[str]:
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


def columns(title: str, periods: Sequence[Period], series: Sequence[Series], *, stacked: bool = False) -> str:
    """Columns beside or upon each other."""
    heights = [[Decimal(one.values[place] or 0) for one in series] for place in range(len(periods))]
    top = _ceiling(max((sum(one) if stacked else max(one)) for one in heights))
    room = (WIDTH - LEFT - RIGHT) / len(periods)
    width = room * 0.8 / (1 if stacked else len(series))
    parts = [_begin(title), *_grid(top), *_names(periods, room), *_legend(series)]
    for place, period in enumerate(periods):
        ground = 0.0
        for number, one in enumerate(series):
            size = float(heights[place][number] / top) * (HEIGHT - TOP - BOTTOM)
            x = LEFT + room * (place + 0.1) + (0 if stacked else width * number)
            y = HEIGHT - BOTTOM - size - ground
            ground += size if stacked else 0
            if size:
                parts.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{size:.1f}" '
                    f'fill="{COLOURS[number % len(COLOURS)]}">'
                    f"<title>{escape(_told(period, one, place))}</title></rect>"
                )
    return "".join([*parts, "</svg>"])


def lines(title: str, periods: Sequence[Period], series: Sequence[Series]) -> str:
    """Lines from 0 to 100, broken where there is no value."""
    room = (WIDTH - LEFT - RIGHT) / len(periods)
    parts = [_begin(title), *_grid(Decimal(100)), *_names(periods, room), *_legend(series)]
    for number, one in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        path, pen = [], "M"
        for place, value in enumerate(one.values):
            if value is None:
                pen = "M"
                continue
            x = LEFT + room * (place + 0.5)
            y = HEIGHT - BOTTOM - float(value) / 100 * (HEIGHT - TOP - BOTTOM)
            path.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
            told = escape(_told(periods[place], one, place))
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{told}</title></circle>')
        if path:
            parts.append(f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
    return "".join([*parts, "</svg>"])


def _told(period: Period, one: Series, place: int) -> str:
    value = one.values[place]
    number = formats.number_format(round(Decimal(value or 0), 1).normalize(), use_l10n=True)
    return f"{period.name}: {one.name} {number}"


def _begin(title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label={quoteattr(title)} font-family="system-ui, sans-serif" font-size="12">'
        f'<text x="0" y="12" font-weight="600" fill="{_INK}">{escape(title)}</text>'
    )


def _grid(top: Decimal) -> list[str]:
    parts = []
    for step in range(3):
        y = HEIGHT - BOTTOM - step / 2 * (HEIGHT - TOP - BOTTOM)
        value = formats.number_format((top * step / 2).normalize(), use_l10n=True)
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{_LINE}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="{_SOFT}">{value}</text>'
        )
    return parts


def _names(periods: Sequence[Period], room: float) -> list[str]:
    every = -(-len(periods) // LABELS)
    return [
        f'<text x="{LEFT + room * (place + 0.5):.1f}" y="{HEIGHT - 8}" text-anchor="middle" fill="{_SOFT}">'
        f"{escape(period.name)}</text>"
        for place, period in enumerate(periods)
        if (len(periods) - 1 - place) % every == 0
    ]


def _legend(series: Sequence[Series]) -> list[str]:
    parts, at = [], float(LEFT)
    for number, one in enumerate(series):
        parts.append(
            f'<rect x="{at:.0f}" y="18" width="10" height="10" rx="2" fill="{COLOURS[number % len(COLOURS)]}"/>'
            f'<text x="{at + 14:.0f}" y="27" fill="{_INK}">{escape(one.name)}</text>'
        )
        at += 30 + 6.5 * len(one.name)
    return parts


def _ceiling(value: Decimal) -> Decimal:
    """The next even number of one leading digit that is not less."""
    if value <= 2:
        return Decimal(2)
    unit = Decimal(10) ** (len(str(int(value))) - 1)
    return next(unit * step for step in (1, 2, 4, 6, 8, 10) if value <= unit * step)
