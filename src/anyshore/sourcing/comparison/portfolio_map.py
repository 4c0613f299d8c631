"""A portfolio as a map: rule work left, judgement work right, a band per shore, and circles as large as their value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

from anyshore.base import svg
from anyshore.base.svg import Svg
from anyshore.sourcing.comparison.differences import Language
from anyshore.sourcing.comparison.infographic import INK, LINE, SEA, SOFT, VIOLET
from anyshore.sourcing.comparison.placing import SHORES, Placed, Unit
from anyshore.sourcing.comparison.words import words

WIDTH, BAND = 960, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 130, 24, 44, 46
_SMALLEST, _LARGEST = 5.0, 34.0
_BANDS = (*SHORES, "stays")
_MANY = 40
_STEPS = 12
_COLOURS = {"BPO": SEA, "KPO": VIOLET}
_UNKNOWN = 0.5


def portfolio_map(activities: Sequence[Placed], language: Language, unit: Unit = "hours") -> Svg:
    """The map; a circle leads to the page of its activity where it has one.

    Circles of a band are moved up or down, never sideways, until none covers another; without room they overlap.

    Args:
        activities: those to show.
        language: of all words.
        unit: of the values.
    """
    word = words(language)
    height = _TOP + BAND * len(_BANDS) + _BOTTOM
    parts = [svg.element("rect", width=WIDTH, height=height, fill="#ffffff")]
    for number, band in enumerate(_BANDS):
        top = _TOP + number * BAND
        parts.append(svg.element("path", d=f"M{_LEFT} {top}H{WIDTH - _RIGHT}", stroke=LINE))
        parts.append(svg.element("text", word[band], x=12, y=top + BAND / 2 + 4, fill=INK, font_weight="bold"))
    bottom = height - _BOTTOM
    parts.append(svg.element("path", d=f"M{_LEFT} {bottom}H{WIDTH - _RIGHT}", stroke=LINE))
    parts.append(svg.element("text", "← " + word["rules"], x=_LEFT, y=bottom + 20, fill=SEA))
    parts.append(
        svg.element("text", word["judgement"] + " →", x=WIDTH - _RIGHT, y=bottom + 20, fill=VIOLET, text_anchor="end")
    )
    parts.append(svg.element("text", word[f"area {unit}"], x=_LEFT, y=bottom + 38, fill=SOFT, font_size=11))
    for number, band in enumerate(_BANDS):
        here = [one for one in activities if (one.shore if one.goes_out and one.shore else "stays") == band]
        parts += _circles(
            here, _TOP + (number + 0.5) * BAND, (_largest(activities), _most_radius(activities)), word, unit
        )
    return svg.drawing(WIDTH, height, word["map"], *parts, font_family="system-ui, sans-serif", font_size=13)


def _most_radius(activities: Sequence[Placed]) -> float:
    """Of the largest circle: smaller where there are many."""
    return _LARGEST * min(1.0, sqrt(_MANY / max(1, len(activities))))


def _largest(activities: Sequence[Placed]) -> float:
    return max((one.value for one in activities if one.value is not None), default=0.0)


def _circles(
    activities: Sequence[Placed], middle: float, scale: tuple[float, float], word: dict[str, str], unit: Unit
) -> Iterator[Svg]:
    """``scale`` is the value and the radius of the largest circle."""
    largest, most = scale
    taken: list[tuple[float, float, float]] = []
    for one in sorted(activities, key=lambda one: (-(one.value or 0.0), one.name)):
        share = sqrt(one.value / largest) if one.value and largest else 0.0
        radius = max(_SMALLEST, most * share)
        judgement = _UNKNOWN if one.judgement is None else min(1.0, max(0.0, one.judgement))
        x = _LEFT + _LARGEST + judgement * (WIDTH - _LEFT - _RIGHT - 2 * _LARGEST)
        y = _free(x, middle, radius, taken)
        taken.append((x, y, radius))
        yield _circle(one, x, y, radius, word, unit)


def _free(x: float, middle: float, radius: float, taken: Sequence[tuple[float, float, float]]) -> float:
    """The place nearest the middle of the band where the circle covers no other; the middle where there is none."""
    room = BAND / 2 - radius
    for step in range(_STEPS + 1):
        for side in (1, -1):
            y = middle + side * room * step / _STEPS
            if all(
                (x - other_x) ** 2 + (y - other_y) ** 2 >= (radius + other) ** 2 for other_x, other_y, other in taken
            ):
                return y
    return middle


def _circle(one: Placed, x: float, y: float, radius: float, word: dict[str, str], unit: Unit) -> Svg:
    worth = "" if one.value is None else " · " + word[unit].format(n=f"{one.value:,.0f}")
    title = svg.title(f"{one.name}: {word.get(one.kind, one.kind)}{worth}")
    drawn = svg.element(
        "circle",
        title,
        cx=x,
        cy=y,
        r=radius,
        fill=_COLOURS.get(one.kind, "#9aa7af"),
        fill_opacity=0.75,
        stroke="#ffffff",
    )
    name = None
    if radius > 20:
        name = svg.element(
            "text", _short(one.name, radius), x=x, y=y + 4, fill="#ffffff", font_size=10, text_anchor="middle"
        )
    group = svg.element("g", drawn, name)
    return svg.element("a", group, href=one.link, aria_label=one.name) if one.link else group


def _short(name: str, radius: float) -> str:
    room = max(3, int(radius * 2 / 6.2))
    return name if len(name) <= room else name[: room - 1] + "…"
