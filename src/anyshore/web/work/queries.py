"""Queues and work items, as far as a person may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.work import items
from anyshore.web.work.items import Item

WINDOW = 2_000
"""Open items looked at for one person: the oldest."""


@dataclass(slots=True)
class Desk:
    """What a person has to do.

    Attributes:
        mine: items in their hands.
        waiting: items they could be given, oldest first.
        lines: how many wait, by service title.
        missing: service title → the certificate or qualifications they lack for it.
    """

    mine: list[Item]
    waiting: list[Item]
    lines: dict[str, int]
    missing: dict[str, str]


def desk(person: Person) -> Desk:
    """The person's items and queue."""
    permissions.require(person, "work.do")
    keys = engine.engagement_keys(person, "work.do")
    rows = list(engine.open_work(keys, person)[:WINDOW])
    mine = [items.item(row) for row in rows if row.claimed_by == person.email]
    waiting, fitness = items.fitting(person, [row for row in rows if row.claimed_by is None])
    lines: dict[str, int] = {}
    for one in waiting:
        lines[one.service_title] = lines.get(one.service_title, 0) + 1
    return Desk(mine, waiting, lines, fitness.missing)


def item(person: Person, instance: int, wait: int) -> tuple[Item, Instance, Engagement]:
    """One open work item with its instance.

    Raises:
        NotFound: it is done already, never was, or the person may not know of it.
        Denied: the person sees it but cannot do work.
    """
    row = Wait.objects.filter(instance=instance, wait=wait, kind="work").first()
    if row is None:
        raise NotFound(_("This work item is not open."), hint=_("It was done or withdrawn."))
    found, engagement = engine.instance(person, instance, "work.see")
    return items.item(row), found, engagement


def shown(one: Item, instance: Instance) -> list[tuple[str, Any]]:
    """The variables a person sees beside the form: what the form names, then the inputs of the task.

    The reason and the invoice are shown elsewhere on the page.
    """
    if one.desk is not None:
        return []  # what is known of a blinded review is shown on its own page, to whom it may be
    known = dict(engine.variables(instance))
    inputs = dict(one.data.get("inputs") or one.data.get("variables") or {})
    names = one.form.shows if one.form is not None else tuple(inputs)
    rows = [(name, inputs.get(name, known.get(name))) for name in names]
    rows += [(name, value) for name, value in inputs.items() if name not in names]
    told = reason(one, instance)

    def says_more(name: str, value: Any) -> bool:
        elsewhere = name in ("reason", "invoice") or (isinstance(value, dict) and told in value.values() and bool(told))
        return value not in (None, [], {}) and not elsewhere

    return [(name, value) for name, value in rows if says_more(name, value)]


def reason(one: Item, instance: Instance) -> str:
    """Why a person sees this item at all.

    The task's own ``reason``; where a decision gave that reason together with a text for people (``text en``,
    ``text de``), the text.
    """
    known = engine.variables(instance)
    inputs = dict(one.data.get("inputs") or one.data.get("variables") or {})
    found = inputs.get("reason", known.get("reason"))
    if not isinstance(found, str):
        return ""
    for value in known.values():
        if isinstance(value, dict) and value.get("reason") == found:
            text = value.get(f"text {items.language()}") or value.get("text en")
            if isinstance(text, str):
                return text
    return found
