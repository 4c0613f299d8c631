"""The head of a table, and the ways to take tables out: one way for all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
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


_MARKS = re.compile(
    r"<(?P<head>h[1-3])\b[^>]*>(?P<said>.*?)</(?P=head)>|<table\b[^>]*?(?:aria-label=\"(?P<label>[^\"]*)\"[^>]*)?>"
    r"(?:\s*<caption[^>]*>(?P<caption>.*?)</caption>)?",
    re.DOTALL,
)
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Takeable:
    """A table of a page that can be taken out.

    Attributes:
        number: which of the page's tables, from 1.
        name: what it is called there, as HTML writes it.
    """

    number: int
    name: SafeString


class _Tabled(template.Node):
    """Its content, and ways to take out the tables in it."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        shown = self.nodelist.render(context)
        found = takeable(shown)
        request = context.get("request")
        if not found or request is None or request.method != "GET":
            return shown
        given = request.GET.copy()
        for name in ("page", "export", "table"):
            given.pop(name, None)
        values = {"tables": found, "rest": f"&{given.urlencode()}" if given else "", "kinds": ("csv", "xlsx", "pdf")}
        return SafeString(shown + render_to_string("core/take_out.html", values))


def takeable(shown: str) -> list[Takeable]:
    """The tables of a page with their names: a caption or a label, else the heading before it."""
    found: list[Takeable] = []
    name = ""
    for mark in _MARKS.finditer(shown) if "<table" in shown else ():
        if mark["head"]:
            name = mark["said"]
        else:
            told = _TAGS.sub(" ", mark["caption"] or mark["label"] or name)
            # It was written for HTML already; what stood in tags is gone.
            found.append(Takeable(len(found) + 1, SafeString(" ".join(told.split()))))
    return found


@register.tag
def tabled(parser: Parser, _token: Token) -> _Tabled:
    """``{% tabled %}…{% endtabled %}``: what stands between, with ways to take out its tables as files."""
    nodelist = parser.parse(("endtabled",))
    parser.delete_first_token()
    return _Tabled(nodelist)
