"""The charts of a portfolio, as SVG."""

from __future__ import annotations

from django.utils.translation import gettext as _

from anyshore.base.svg import Svg, bar
from anyshore.web.portfolio.queries import Share


def share(one: Share) -> Svg:
    """How much of the portfolio is of a kind; its colour is that of the kind."""
    return bar(one.width, 6, None, "#e6ecef")


def leaning(percent: float) -> Svg:
    """How probably the work is judgement, in percent; the rest is rules."""
    label = _("Probability of judgement work")
    return bar(percent, 5, "#5b4a96", "#9cc6d1", label=f"{label}: {percent:.0f} %", class_="lean")
