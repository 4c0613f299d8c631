"""The head of a table, one way for all."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def heads(*titles: str, numbers: str = "") -> SafeString:
    """A head with a column per title, as in ``{% heads _("Kind") _("Rows") "" numbers="2" %}``.

    Args:
        titles: of the columns; the one without a title holds what can be done with a row.
        numbers: which columns hold numbers, counted from 1.
    """
    right = {int(one) for one in numbers.split()}
    cells = format_html_join(
        "", '<th scope="col"{}>{}</th>',
        (
            (SafeString(' class="number"') if place in right else "", title or _acted())
            for place, title in enumerate(titles, 1)
        ),
    )  # fmt: skip
    return format_html("<thead><tr>{}</tr></thead>", cells)


def _acted() -> SafeString:
    return format_html('<span class="visually-hidden">{}</span>', _("Actions"))
