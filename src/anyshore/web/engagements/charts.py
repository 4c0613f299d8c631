"""Small charts as numbers for SVG, everything in percent of the drawing; a week as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.base.svg import Svg
from anyshore.web.engagements.queries import Point
from anyshore.web.engagements.week import Week
from anyshore.workforce import picture, shifts
from anyshore.workforce.forecast import Forecast

LOW = Decimal(50)
"""What the left and lower edges of the charts stand for: attainment below half is drawn at the edge."""


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar with a mark at the target; ``fill`` and ``target`` from 0 to 100."""

    fill: str
    target: str
    good: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of a trend; ``x`` and sizes in units of a 100 by 32 drawing."""

    x: str
    y: str
    height: str
    width: str
    good: bool
    title: str


def meter(attainment: Decimal | None, target: Decimal) -> Meter | None:
    """The bar of an attainment; None where there is none."""
    if attainment is None:
        return None
    return Meter(_text(_scaled(attainment)), _text(_scaled(target)), attainment >= target)


def trend(points: Sequence[Point], target: Decimal) -> list[Bar]:
    """Columns for the months that were assessed."""
    width = Decimal(100) / 6
    bars = []
    for index, point in enumerate(points):
        if point.attainment is not None:
            height = max(_scaled(point.attainment) * Decimal("0.28"), Decimal(1))
            title = f"{point.month}: {point.attainment.quantize(Decimal('0.1'))} %"
            bars.append(
                Bar(
                    _text(width * index + 2), _text(30 - height), _text(height), _text(width - 4),
                    point.attainment >= target, title,
                )
            )  # fmt: skip
    return bars


@dataclass(frozen=True, slots=True)
class Tried:
    """A method of forecasting, its error in percent, and whether it was taken."""

    name: str
    error: float
    taken: bool


def methods(found: Forecast) -> list[Tried]:
    """The methods of a backtest, in the reader's language."""
    names = {
        "last week": _("last week again"), "mean of four weeks": _("mean of four weeks"),
        "smoothed": _("smoothed over all weeks"),
    }  # fmt: skip
    return [Tried(names[name], 100 * error, name == found.method) for name, error in found.errors.items()]


def week(planned: Week) -> Svg:
    """The hours of work a week brings, is due to see done and has people for, as SVG; each as hours per hour."""
    work = planned.work
    assert work is not None
    per_hour = 60 / work.minutes
    there = shifts.present(planned.crews, work.starts, work.minutes)
    at_work = {start: people * (1 - work.shrinkage) for start, people in there.items()}
    coming = {start: hours * per_hour for start, hours in zip(work.starts, work.hours, strict=True)}
    series = [
        picture.Steps(_("work coming in, in people"), coming, filled=True),
        picture.Steps(_("people at work"), at_work, picture.SAND),
    ]

    def written(day: date) -> str:
        return f"{formats.date_format(day, 'D')} {formats.date_format(day, 'MONTH_DAY_FORMAT')}"

    return picture.week(_("The coming week"), series, work.minutes, written)


def _scaled(percent: Decimal) -> Decimal:
    return max(Decimal(0), (percent - LOW) * 100 / (100 - LOW))


def _text(number: Decimal) -> str:
    return format(number.quantize(Decimal("0.01")), "f")
