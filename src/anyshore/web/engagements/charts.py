"""Small charts as numbers for SVG: everything in percent of the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from anyshore.web.engagements.queries import Point

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


def _scaled(percent: Decimal) -> Decimal:
    return max(Decimal(0), (percent - LOW) * 100 / (100 - LOW))


def _text(number: Decimal) -> str:
    return format(number.quantize(Decimal("0.01")), "f")
