"""What work asks for, and what stands beside it, as people read it."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from anyshore.forms.columns import Kind
from anyshore.forms.texts import text
from anyshore.packs.skills import Lack
from anyshore.web.core import reader
from anyshore.web.work import showing, skilled

register = template.Library()


@register.filter
def by_language(texts: dict[str, str]) -> str:
    """A text of a form in the reader's language."""
    return text(texts, reader.language())


@register.filter
def shown(value: object, kind: Kind) -> str:
    """A value of a counterpart as its kind is shown."""
    return showing.text(value, kind)


@register.filter
def lacks(found: Iterable[Lack]) -> str:
    """What somebody has not shown to know, for people."""
    return skilled.words(found)
