"""Names people know for what the host knows by key."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from anyshore.base.errors import AnyshoreError
from anyshore.forms.columns import Kind
from anyshore.forms.texts import text
from anyshore.packs.skills import Lack
from anyshore.web.core import reader
from anyshore.web.engine import services
from anyshore.web.engine.running import catalogue
from anyshore.web.work import showing, skilled
from anyshore.web.work.explained import explanation

register = template.Library()


@register.filter
def service_title(service: str) -> str:
    """The title of a service's pack; the key where it is not installed here."""
    found = services.pack(service)
    return (found.title.get(reader.language()) or found.title.get("en", service)) if found else service


@register.filter
def explained(code: str | None) -> str:
    """What the code of an incident means, where its English message does not say it to the reader."""
    return explanation(code)


@register.filter
def definition_title(reference: str) -> str:
    """The name of a process or case."""
    try:
        linked = catalogue().get(reference)
    except AnyshoreError:
        return reference
    root = getattr(linked.definition, "items", {}).get(getattr(linked.definition, "root", None))
    return getattr(linked.definition, "name", "") or getattr(root, "name", "") or linked.key


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
