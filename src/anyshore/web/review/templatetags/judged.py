"""How judgements are shown: coefficients with their intervals."""

from __future__ import annotations

import math

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anyshore.knowledge.agreement import Estimate
from anyshore.knowledge.review_report import ReviewerRecord

register = template.Library()


@register.filter
def estimate(found: Estimate) -> SafeString | str:
    """A coefficient and its interval."""
    if math.isnan(found.value):
        return "–"
    low, high = (formats.number_format(end, 2) if not math.isnan(end) else "–" for end in (found.low, found.high))
    shown = '{}<br><small title="{}">{} … {}</small>'
    return format_html(shown, formats.number_format(found.value, 2), found.method, low, high)


@register.filter
def tenth(value: float | None) -> str:
    """Of ten, how many."""
    return "–" if value is None else formats.number_format(10 * value, 1)


@register.filter
def upheld(record: ReviewerRecord) -> str:
    """Decisions that gave this reviewer's answer, of all that were made about it."""
    return f"{record.upheld} / {record.upheld + record.overruled}"


@register.filter
def gravity(word: str) -> SafeString:
    """How grave a deviation is, in its colour."""
    words = {
        "high": (_("high"), "bad"),
        "medium": (_("medium"), "warn"),
        "low": (_("low"), ""),
        "none": (_("none"), "ok"),
    }
    text, tone = words.get(word, (word, "bad"))
    return format_html('<span class="badge {}">{}</span>', tone, text)
