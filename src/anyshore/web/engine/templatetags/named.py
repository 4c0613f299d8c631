"""Names people know for what the host knows by key."""

from __future__ import annotations

import time
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from anyshore.base.errors import AnyshoreError
from anyshore.packs.reading import Pack
from anyshore.web.core import reader
from anyshore.web.core.templatetags import show
from anyshore.web.engine import services
from anyshore.web.engine.explained import explanation
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import catalogue

register = template.Library()


@register.filter
def service_title(service: str) -> str:
    """The title of a service's pack; the key where it is not installed here."""
    found = services.pack(service)
    return (found.title.get(reader.language()) or found.title.get("en", service)) if found else service


@register.filter
def said_of(outcome: str, row: Instance) -> str:
    """How an instance ended, as its pack calls it; a word of the engines' where the pack has none for it."""
    found = _pack(row.service, row.engagement, int(time.monotonic()))
    told = found.words.say(outcome, reader.language()) if found else outcome
    return show.word(told) if told == outcome else told


@register.filter
def variable_of(name: str, row: Instance) -> SafeString | str:
    """What its pack calls a variable; where the pack has no word, as the model writes it, marked as English."""
    found = _pack(row.service, row.engagement, int(time.monotonic()))
    told = found.words.say(name, reader.language()) if found else name
    if told != name or reader.language() == "en":
        return told[:1].upper() + told[1:]
    return format_html('<span lang="en">{}</span>', name)


@lru_cache(maxsize=256)
def _pack(service: str, engagement: str, _second: int) -> Pack | None:
    """A list has many rows of one service: its pack is looked up once, and anew within a second."""
    return services.pack(service, engagement)


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
