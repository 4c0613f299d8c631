"""The charts of the home: columns as SVG, each a link to its cases, with its words for whoever cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anyshore.base import svg
from anyshore.base.svg import Svg
from anyshore.web.home.sets import AGES, DAY, HOUR, LEFT, Bar

WIDTH, HEIGHT, TOP, BOTTOM = 480, 150, 18, 24
SEA, SAND, BAD = "#17677a", "#c98a1b", "#a32a25"
_INK, _SOFT, _LINE = "#15232d", "#50606c", "#dce3e7"


@dataclass(frozen=True, slots=True)
class Column:
    """A bar as it is drawn.

    Attributes:
        name: below it.
        told: what it stands for, in words.
        colour: of it.
    """

    name: str
    told: str
    colour: str = SEA


def backlog(bars: Sequence[Bar]) -> Svg:
    """Open work by age."""
    names = [_short(bound, _("up to %s")) for bound in AGES] + [_short(AGES[-1], _("over %s"))]
    colours = (SEA, SEA, SEA, SAND, BAD)
    return columns("backlog", _("Open work by age of its case"), bars, [
        Column(name, name, colour) for name, colour in zip(names, colours, strict=True)
    ])  # fmt: skip


def breach(bars: Sequence[Bar]) -> Svg:
    """Open work by the time until an objective is missed."""
    names = [_("missed"), *(_short(bound, _("under %s")) for bound in LEFT[1:]), _short(LEFT[-1], _("over %s"))]
    colours = (BAD, BAD, SAND, SEA, SEA)
    return columns("breach", _("Open work by time until an objective is missed"), bars, [
        Column(name, name, colour) for name, colour in zip(names, colours, strict=True)
    ])  # fmt: skip


def days(name: str, title: str, bars: Sequence[Bar]) -> Svg:
    """Something by day."""
    found = []
    for place, bar in enumerate(bars):
        day = date(1970, 1, 1) + timedelta(days=bar.place)
        shown = formats.date_format(day, "j") if (len(bars) - 1 - place) % 2 == 0 else ""
        found.append(Column(shown, formats.date_format(day, "SHORT_DATE_FORMAT")))
    return columns(name, title, bars, found)


def _short(time: int, words: str) -> str:
    if time >= 2 * DAY:
        return words % (ngettext("%d day", "%d days", time // DAY) % (time // DAY))
    return words % f"{time // HOUR} h"


def columns(name: str, title: str, bars: Sequence[Bar], told: Sequence[Column]) -> Svg:
    """Columns beside each other; each opens its cases."""
    most = max((bar.count for bar in bars), default=0) or 1
    room = WIDTH / max(len(bars), 1)
    ground = HEIGHT - BOTTOM
    parts = [svg.element("path", d=f"M0 {ground}H{WIDTH}", stroke=_LINE)]
    for place, (bar, column) in enumerate(zip(bars, told, strict=True)):
        middle = room * (place + 0.5)
        if bar.count:
            parts.append(_column(name, bar, column, middle, room, bar.count / most * (ground - TOP)))
        parts.append(
            svg.element("text", column.name, x=middle, y=HEIGHT - 7, text_anchor="middle", fill=_SOFT)
            if column.name
            else svg.element("g")
        )
    return svg.drawing(
        WIDTH, HEIGHT, title, *parts, font_family="system-ui, sans-serif", font_size=12, class_="columns"
    )


def _column(name: str, bar: Bar, column: Column, middle: float, room: float, height: float) -> Svg:
    count = formats.number_format(bar.count, use_l10n=True, force_grouping=True)
    words = ngettext("%(told)s: %(count)s case", "%(told)s: %(count)s cases", bar.count)
    words %= {"told": column.told, "count": count}
    ground, width = HEIGHT - BOTTOM, min(room * 0.7, 54)
    return svg.element(
        "a",
        svg.title(words),
        svg.element("rect", x=middle - room / 2, y=0, width=room, height=HEIGHT, fill="transparent"),
        svg.element(
            "rect", x=middle - width / 2, y=ground - height, width=width, height=height, rx=3, fill=column.colour
        ),
        svg.element("text", count, x=middle, y=ground - height - 5, text_anchor="middle", fill=_INK, font_weight=600),
        href=reverse("home-cases", args=[name, bar.place]), aria_label=words,
    )  # fmt: skip
