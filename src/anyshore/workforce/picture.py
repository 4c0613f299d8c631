"""A week as a picture: steps over its opening hours, as SVG text that needs no style sheet and no script."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

WIDTH, HEIGHT = 960, 280
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 34, 34
SEA, SAND = "#17677a", "#c98a1b"
_INK, _SOFT, _LINE = "#15232d", "#5b6b75", "#dce3e7"


@dataclass(frozen=True, slots=True)
class Steps:
    """A quantity by interval.

    Attributes:
        name: what it is, for the legend.
        values: by local start of the interval.
        colour: of the line, as SVG has it.
        filled: whether the area below is tinted.
    """

    name: str
    values: Mapping[datetime, float]
    colour: str = SEA
    filled: bool = False


def week(
    title: str, series: Sequence[Steps], minutes: int, day: Callable[[date], str] = lambda one: f"{one:%a %d %b}"
) -> str:
    """The picture of some days; each takes the same room, from the earliest opening to the latest closing.

    Args:
        title: what the picture shows, for screen readers.
        series: what is drawn, the first one undermost.
        minutes: length of an interval.
        day: how a day is written.
    """
    starts = sorted({start for one in series for start in one.values})
    days = sorted({start.date() for start in starts})
    into = [60 * start.hour + start.minute for start in starts]
    opens, closes = (min(into), max(into) + minutes) if into else (0, 1440)
    top = _ceiling(max((value for one in series for value in one.values.values()), default=0.0))
    room = (WIDTH - LEFT - RIGHT) / max(1, len(days))

    def x(start: datetime, end: bool = False) -> float:
        at = 60 * start.hour + start.minute + (minutes if end else 0)
        return LEFT + room * (days.index(start.date()) + 0.02 + 0.96 * (at - opens) / (closes - opens))

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label={quoteattr(title)} font-family="system-ui, sans-serif" font-size="12">'
    ]
    parts += [_gridline(y(top * step / 4), top * step / 4) for step in range(5)]
    for number, one in enumerate(days):
        middle = LEFT + room * (number + 0.5)
        parts.append(f'<text x="{middle:.1f}" y="{HEIGHT - 12}" text-anchor="middle" fill="{_INK}">'
                     f"{escape(day(one))}</text>")  # fmt: skip
        if number:
            at = LEFT + room * number
            parts.append(f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{_LINE}"/>')
    for steps in series:
        for run in _runs(steps.values, minutes):
            parts.append(_drawn(steps, [(x(at), x(at, end=True), y(steps.values[at])) for at in run], y(0)))
    at = float(LEFT)
    for steps in series:
        parts.append(f'<rect x="{at:.0f}" y="10" width="12" height="12" rx="2" fill="{steps.colour}"/>'
                     f'<text x="{at + 18:.0f}" y="20" fill="{_INK}">{escape(steps.name)}</text>')  # fmt: skip
        at += 40 + 7 * len(steps.name)
    return "".join([*parts, "</svg>"])


def _gridline(at: float, value: float) -> str:
    return (f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="{_LINE}"/><text x="{LEFT - 6}" y="{at + 4:.1f}" '
            f'text-anchor="end" fill="{_SOFT}">{value:g}</text>')  # fmt: skip


def _runs(values: Mapping[datetime, float], minutes: int) -> list[list[datetime]]:
    """The intervals of a series, cut where a day ends or something is missing."""
    runs: list[list[datetime]] = []
    for start in sorted(values):
        last = runs[-1][-1] if runs else None
        if last is not None and last.date() == start.date() and (start - last).total_seconds() == 60 * minutes:
            runs[-1].append(start)
        else:
            runs.append([start])
    return runs


def _drawn(steps: Steps, places: Sequence[tuple[float, float, float]], ground: float) -> str:
    line = " ".join(f"{begin:.1f},{high:.1f} {end:.1f},{high:.1f}" for begin, end, high in places)
    area = ""
    if steps.filled:
        area = (f'<polygon points="{places[0][0]:.1f},{ground:.1f} {line} {places[-1][1]:.1f},{ground:.1f}" '
                f'fill="{steps.colour}" fill-opacity="0.16"/>')  # fmt: skip
    return f'{area}<polyline points="{line}" fill="none" stroke="{steps.colour}" stroke-width="1.6"/>'


def _ceiling(value: float) -> float:
    """The next number that four lines divide well."""
    if value <= 0:
        return 4.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(unit * step for step in (1, 2, 4, 6, 8, 10) if value <= unit * step * (1 + 1e-9))
