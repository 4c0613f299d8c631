"""Several pieces of work at once: decided alike, or given to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError, CommandRejected
from anyshore.web.core import permissions
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import Engagement, Person
from anyshore.web.core.numbers import whole
from anyshore.web.work import actions, acts, decisions, items, queries

MOST = 200
"""Pieces of work that are taken together."""


@dataclass(frozen=True, slots=True)
class Told:
    """How it went with one of them: empty where it went well."""

    item: items.Item
    problem: str


def chosen(by: Person, names: Iterable[str]) -> list[items.Item]:
    """The pieces of work that somebody ticked, as ``INSTANCE-WAIT``; what is gone meanwhile is left out.

    Raises:
        Invalid: none is there, they are too many, or they ask different things.
    """
    pairs = dict.fromkeys(tuple(whole(part) for part in name.split("-", 1)) for name in names)
    found = []
    for pair in list(pairs)[: MOST + 1]:
        if len(pair) == 2 and pair[0] is not None and pair[1] is not None:
            try:
                found.append(queries.item(by, pair[0], pair[1])[0])
            except AnyshoreError:
                continue
    if not found:
        raise Invalid({"item": _("Tick at least one piece of work that still waits.")})
    if len(pairs) > MOST:
        raise Invalid({"item": _("At most %d go together.") % MOST})
    if len({one.queue for one in found}) > 1:
        raise Invalid({"item": _("They ask different things. Tick work of one queue.")})
    return found


def alike(found: list[items.Item]) -> bool:
    """Whether a form's answers can be given for all of them at once: acts and desks want each looked at."""
    one = found[0]
    return one.form is not None and one.desk is None and acts.of(one.form) is None


def decide(by: Person, found: list[items.Item], answers: Mapping[str, str]) -> list[Told]:
    """Takes and finishes each with the same answers; what is refused stays where it was, with its reason.

    Raises:
        Invalid: the answers do not fit: nothing is done.
        CommandRejected: each of them wants to be looked at.
    """
    if not alike(found):
        raise CommandRejected("work.desk", _("These are decided one by one."), hint=_("Open each."))
    actions.answered(found[0].form, answers)
    return [Told(one, _attempt(by, one, answers)) for one in found]


def _attempt(by: Person, one: items.Item, answers: Mapping[str, str]) -> str:
    row = one.row
    taken = row.claimed_by != by.email
    try:
        if taken:
            actions.take(by, row.instance, row.wait)
        decisions.decide(by, row.instance, row.wait, answers, "", decisions.Took())
    except AnyshoreError as error:
        return f"{error.message} {error.hint}".strip()
    return ""


def give(by: Person, found: list[items.Item], to: Person) -> list[Told]:
    """Puts each into somebody's hands, as far as it fits them and nobody has it."""
    return [Told(one, _given(by, one, to)) for one in found]


def _given(by: Person, one: items.Item, to: Person) -> str:
    try:
        actions.give(by, one.row.instance, one.row.wait, to)
    except AnyshoreError as error:
        return f"{error.message} {error.hint}".strip()
    return ""


def people(by: Person, found: list[items.Item]) -> list[Person]:
    """Whom a manager can give the work to: who works for its engagements."""
    keys = {one.row.engagement for one in found}
    able: set[Person] | None = None
    for engagement in Engagement.objects.filter(key__in=keys):
        if not permissions.may(by, "people.manage", engagement):
            return []
        there = set(permissions.who_sees(engagement).filter(memberships__organisation=engagement.provider))
        able = there if able is None else able & there
    return sorted(able or (), key=lambda one: one.name)


def person(by: Person, found: list[items.Item], number: str) -> Person:
    """The person the work is given to.

    Raises:
        Denied: they do not work there, or who gives does not manage it.
    """
    known = {one.pk: one for one in people(by, found)}
    pk = whole(number)
    if pk not in known:
        raise Denied(_("This person cannot be given work here."))
    return known[pk]
