"""A variance bridge as a picture: from plan to actual, a column for each step."""

from __future__ import annotations

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.base.svg import Svg, drawing, element, title
from anyshore.sourcing.business_case.bridge import STEPS, Bridge

WIDTH, HEIGHT, TOP, BOTTOM = 640, 230, 24, 44
_INK, _SOFT, _WHOLE, _DEARER, _CHEAPER = "#15232d", "#5b6b75", "#5b6b75", "#c9605a", "#17677a"
_ROOM = (TOP, HEIGHT - BOTTOM)


def names() -> dict[str, str]:
    """What the steps are called."""
    return {
        "volume": _("Volume"), "mix": _("Mix"), "productivity": _("Productivity"), "price": _("Price"),
        "currency": _("Currency"), "credits": _("Credits"),
    }  # fmt: skip


def bridge(found: Bridge) -> Svg:
    """A month: planned and actual as whole columns, the steps hanging between; red makes it dearer."""
    levels = [Decimal(0), found.planned]
    for step in STEPS:
        levels.append(levels[-1] + found.steps[step])
    levels.append(found.actual)
    low, high = min(levels), max(levels)
    span = float(high - low) or 1.0

    def place(value: Decimal) -> float:
        top, bottom = _ROOM
        return bottom - float(value - low) / span * (bottom - top)

    columns = [(_("Planned"), Decimal(0), found.planned, _WHOLE)]
    before = found.planned
    for step in STEPS:
        after = before + found.steps[step]
        columns.append((names()[step], before, after, _DEARER if after > before else _CHEAPER))
        before = after
    columns.append((_("Actual"), Decimal(0), found.actual, _WHOLE))
    room = WIDTH / len(columns)
    parts = []
    for number, (name, start, end, colour) in enumerate(columns):
        x, top = number * room, min(place(start), place(end))
        amount = end - start
        told = formats.number_format(amount, 2, use_l10n=True, force_grouping=True)
        parts += [
            element(
                "rect", title(f"{name}: {told}"), x=x + room * 0.15, y=top, width=room * 0.7,
                height=max(abs(place(end) - place(start)), 1), rx=2, fill=colour,
            ),
            element("text", told, x=x + room / 2, y=top - 5, text_anchor="middle", font_size=10, fill=_INK),
            element("text", name, x=x + room / 2, y=HEIGHT - 16, text_anchor="middle", font_size=11, fill=_SOFT),
        ]  # fmt: skip
    return drawing(WIDTH, HEIGHT, _("From planned to actual cost"), *parts, class_="chart")
