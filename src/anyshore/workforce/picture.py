"""A week as a picture: steps over its opening hours, as SVG text that needs no style sheet and no script."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anyshore.base import svg
from anyshore.base.svg import Svg
from anyshore.workforce import shifts

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


def planned(crews: Sequence[shifts.Crew], starts: Sequence[datetime], minutes: int) -> list[Steps]:
    """The people of crews by interval; nothing where there are no crews."""
    return [Steps("People planned", shifts.present(crews, starts, minutes), SAND)] if crews else []


def week(
    title: str, series: Sequence[Steps], minutes: int, day: Callable[[date], str] = lambda one: f"{one:%a %d %b}"
) -> Svg:
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

    parts = [_gridline(y(top * step / 4), top * step / 4) for step in range(5)]
    for number, one in enumerate(days):
        middle = LEFT + room * (number + 0.5)
        parts.append(svg.element("text", day(one), x=middle, y=HEIGHT - 12, text_anchor="middle", fill=_INK))
        if number:
            at = svg.number(LEFT + room * number)
            parts.append(svg.element("path", d=f"M{at} {TOP}V{HEIGHT - BOTTOM}", stroke=_LINE))
    for steps in series:
        for run in _runs(steps.values, minutes):
            parts += _drawn(steps, [(x(at), x(at, end=True), y(steps.values[at])) for at in run], y(0))
    parts += _legend(series)
    return svg.drawing(WIDTH, HEIGHT, title, *parts, font_family="system-ui, sans-serif", font_size=12)


def _legend(series: Sequence[Steps]) -> Iterator[Svg]:
    at = LEFT
    for steps in series:
        yield svg.element("rect", x=at, y=10, width=12, height=12, rx=2, fill=steps.colour)
        yield svg.element("text", steps.name, x=at + 18, y=20, fill=_INK)
        at += 40 + 7 * len(steps.name)


def _gridline(at: float, value: float) -> Svg:
    line = svg.element("path", d=f"M{LEFT} {svg.number(at)}H{WIDTH - RIGHT}", stroke=_LINE)
    words = svg.element("text", f"{value:g}", x=LEFT - 6, y=at + 4, text_anchor="end", fill=_SOFT)
    return svg.element("g", line, words)


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


def _drawn(steps: Steps, places: Sequence[tuple[float, float, float]], ground: float) -> Iterator[Svg]:
    line = [place for begin, end, high in places for place in ((begin, high), (end, high))]
    if steps.filled:
        area = svg.points([(places[0][0], ground), *line, (places[-1][1], ground)])
        yield svg.element("polygon", points=area, fill=steps.colour, fill_opacity=0.16)
    yield svg.element("polyline", points=svg.points(line), fill="none", stroke=steps.colour, stroke_width=1.6)


def _ceiling(value: float) -> float:
    """The next number that four lines divide well."""
    if value <= 0:
        return 4.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(unit * step for step in (1, 2, 4, 6, 8, 10) if value <= unit * step * (1 + 1e-9))
