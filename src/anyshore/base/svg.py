"""Drawings as SVG text: elements whose texts and attributes are escaped, and numbers written for machines.

A drawing needs no style sheet and no script. What ``element`` gives may be put into a page as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from html import escape

NAMESPACE = "http://www.w3.org/2000/svg"
Number = int | float | Decimal


class Svg(str):
    """Text that is SVG already, and is not escaped again."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself: templates take what has this method for markup."""
        return self


def element(name: str, *children: str | None, **attributes: str | Number | None) -> Svg:
    """An element.

    Args:
        name: of the element.
        children: elements (``Svg``), texts, which are escaped, and None, which is left out.
        attributes: by name; an underscore stands for a hyphen, one at the end is dropped (``class_``), one that begins
            with ``aria_`` likewise. None leaves the attribute out; numbers are written with at most two decimals.

    Raises:
        ValueError: a number is none (NaN, infinite).
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value if isinstance(value, str) else number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(one if isinstance(one, Svg) else escape(one, quote=False) for one in children if one is not None)
    return Svg(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")


def drawing(width: Number, height: Number, label: str, *children: str | None, **attributes: str | Number | None) -> Svg:
    """A whole drawing.

    Args:
        width: of what is drawn, in units of its own; a page shows it in any size.
        height: likewise.
        label: what it shows, for those who do not see it.
        children: what is drawn, the first undermost.
        attributes: more of them.
    """
    box = f"0 0 {number(width)} {number(height)}"
    linked = any("<a " in one for one in children if one is not None)
    role = "group" if linked else "img"  # what is one image to those who listen has no links in it
    return element("svg", *children, xmlns=NAMESPACE, viewBox=box, role=role, aria_label=label, **attributes)


def number(value: Number) -> str:
    """A number as SVG has it: a decimal point, no groups, at most two decimals.

    Raises:
        ValueError: it is no number, or infinite.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be drawn")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def points(places: Iterable[tuple[Number, Number]]) -> str:
    """Places as the attribute ``points`` has them."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def title(text: str) -> Svg:
    """What an element is, shown where a pointer rests on it."""
    return element("title", text)


def bar(
    percent: Number, height: Number, colour: str | None, ground: str, *, mark: Number | None = None,
    label: str | None = None, **attributes: str | Number | None,
) -> Svg:  # fmt: skip
    """A bar over its whole width of 100 units, drawn out as far as a share goes.

    Args:
        percent: the share, from 0 to 100.
        height: of the bar, in the same units.
        colour: of the share; None leaves it to the page.
        ground: colour of the whole.
        mark: where a line crosses it, from 0 to 100.
        label: what it shows; without one it is for the eye alone, beside the figure it shows.
        attributes: of the drawing.
    """
    rounding = {"rx": 1} if label is None else {}
    said: dict[str, str] = {"aria_hidden": "true"} if label is None else {"role": "img", "aria_label": label}
    return element(
        "svg",
        element("rect", width=100, height=height, fill=ground, **rounding),
        element("rect", width=percent, height=height, fill=colour, **rounding),
        None if mark is None else element("rect", x=mark, width=0.8, height=height, fill="#15232d"),
        xmlns=NAMESPACE, viewBox=f"0 0 100 {number(height)}", preserveAspectRatio="none", **said, **attributes,
    )  # fmt: skip
