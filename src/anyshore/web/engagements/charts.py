"""The charts of a scorecard and of a week, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.base.svg import Svg, bar, drawing, element, title
from anyshore.web.engagements.queries import Point
from anyshore.web.engagements.week import Week
from anyshore.workforce import picture, shifts
from anyshore.workforce.forecast import Forecast

LOW = Decimal(50)
"""What the left and lower edges of the charts stand for: attainment below half is drawn at the edge."""


def meter(attainment: Decimal | None, target: Decimal) -> Svg | None:
    """The bar of an attainment with a mark at its target; None where there is none."""
    if attainment is None:
        return None
    colour = "#17683f" if attainment >= target else "#a32a25"
    return bar(_scaled(attainment), 6, colour, "#e6ecef", mark=_scaled(target), class_="bar")


def trend(points: Sequence[Point], target: Decimal) -> Svg:
    """Columns for the months that were assessed."""
    width = Decimal(100) / 6
    columns = []
    for index, point in enumerate(points):
        if point.attainment is not None:
            height = max(_scaled(point.attainment) * Decimal("0.28"), Decimal(1))
            told = f"{point.month}: {point.attainment.quantize(Decimal('0.1'))} %"
            colour = "#5fa9b8" if point.attainment >= target else "#c9605a"
            columns.append(
                element(
                    "rect", title(told), x=width * index + 2, y=30 - height, width=width - 4, height=height, rx=1.5,
                    fill=colour,
                )
            )  # fmt: skip
    ground = element("path", d="M0 30.5h100", stroke="#dce3e7")
    return drawing(100, 32, _("Attainment of the last months"), ground, *columns, class_="trend")


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
