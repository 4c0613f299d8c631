"""Conflicts of interest of a case: whom it concerns, and what each person who works on it says of themselves.

A service asks for it by a form with ``conflicts`` (docs/reference/forms.md). Its person answers in that form; whoever
else has an item of the case answers before they finish it. Who is not free is kept from the case by a wall.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected
from anyshore.forms import Form
from anyshore.forms.columns import value
from anyshore.host import hands
from anyshore.knowledge import walls
from anyshore.packs.reading import Pack
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Engagement, Person, Role
from anyshore.web.engine import queries as engine
from anyshore.web.engine import services
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.engine.running import host
from anyshore.web.walls import actions as known_actions
from anyshore.web.walls import queries as known
from anyshore.web.walls.models import Declaration, Party, Wall
from anyshore.web.work import queries
from anyshore.web.work.items import Item


def form_of(pack: Pack | None) -> Form | None:
    """The form in which a service asks about conflicts; None where it asks in none."""
    return next((form for form in pack.forms.values() if form.conflicts is not None), None) if pack else None


def parties(row: Instance, engagement: Engagement) -> list[str]:
    """Whom a case concerns: the client, whom its variables name, and whom people named beside them."""
    found = [engagement.client.name]
    form = form_of(services.pack(row.service, row.engagement))
    if form is not None and form.conflicts is not None and form.conflicts.parties is not None:
        named = value(form.conflicts.parties, engine.variables(row))
        found += [str(one) for one in (named if isinstance(named, list) else [named]) if isinstance(one, str)]
    found += Party.objects.filter(case=row.pk).order_by("pk").values_list("name", flat=True)
    return list(dict.fromkeys(one.strip() for one in found if one.strip()))


def unanswered(person: Person, row: Instance, engagement: Engagement) -> list[str]:
    """The parties about whom somebody who works on a case has not said yet whether they are free of conflicts."""
    if form_of(services.pack(row.service, row.engagement)) is None or _is_of_client(person):
        return []
    last = Declaration.objects.filter(case=row.pk, person=person).order_by("-pk").first()
    said = set(last.parties) if last is not None and last.clear else set()
    return [one for one in parties(row, engagement) if one not in said]


def _is_of_client(person: Person) -> bool:
    """The client's own people are a party themselves."""
    return {one.role for one in person.memberships.all()} <= {Role.OWNER}


def asked_first(person: Person, one: Item, row: Instance, engagement: Engagement) -> bool:
    """Whether somebody has to answer before they work on the item in their hands."""
    if one.row.claimed_by != person.email or (one.form is not None and one.form.conflicts is not None):
        return False
    return bool(unanswered(person, row, engagement))


def require(person: Person, one: Item, row: Instance, engagement: Engagement) -> None:
    """Refuses the work of whoever has not answered for themselves.

    Raises:
        CommandRejected: they have not, about one of the parties.
    """
    if asked_first(person, one, row, engagement):
        names = ", ".join(unanswered(person, row, engagement))
        raise CommandRejected(
            "work.conflicts", _("Say first whether you are free of conflicts of interest with: %s.") % names,
            hint=_("Open the item: it asks you."),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """What stands beside the question.

    Attributes:
        parties: whom the case concerns.
        answers: what people said of themselves, the newest of each.
        interests: what binds the person to others, as they noted it.
    """

    parties: list[str]
    answers: list[Declaration]
    interests: list[Any]


def check(person: Person, row: Instance, engagement: Engagement) -> Check:
    """All a page shows of the conflicts of a case."""
    newest: dict[int, Declaration] = {}
    for one in Declaration.objects.filter(case=row.pk).select_related("person").order_by("pk"):
        newest[one.person_id] = one
    noted = list(person.interests.filter(until=None).order_by("pk"))
    return Check(parties(row, engagement), list(newest.values()), noted)


@transaction.atomic
def answer(by: Person, instance: int, wait: int, *, clear: bool, reason: str = "") -> None:
    """Says of oneself whether one is free of conflicts with the parties; who is not is kept from the case.

    Raises:
        CommandRejected: the item is not in the person's hands.
        Invalid: somebody who is not free does not say why.
    """
    one, row, engagement = queries.item(by, instance, wait)
    permissions.engagement(by, engagement.key, "work.do")
    if one.row.claimed_by != by.email:
        raise CommandRejected("work.not-taken", _("This item is not in your hands."), hint=_("Take it first."))
    if not clear and not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    declare(by, row, engagement, clear=clear, reason=reason)


def declare(by: Person, row: Instance, engagement: Engagement, *, clear: bool, reason: str = "") -> None:
    """Keeps what somebody says of themselves, in the caller's transaction; who is not free is kept from the case."""
    named = parties(row, engagement)
    Declaration.objects.create(
        case=row.pk, person=by, parties=named, clear=clear, reason=reason.strip(), at=host().clock()
    )
    if not clear:
        why = reason.strip() or _("Not free of conflicts of interest with: %s") % ", ".join(named)
        screen(by, engagement, row.pk, by, Wall.Kind.DECLARED, why, by.email)


@transaction.atomic
def name_parties(by: Person, instance: int, names: Iterable[str]) -> list[Wall]:
    """Names parties of a case; walls stand at once where somebody's interests bind them to one.

    Raises:
        Invalid: no name is given.
    """
    row, engagement = engine.instance(by, instance, "case.plan")
    given = [one.strip() for one in names if one.strip()]
    if not given:
        raise Invalid({"parties": _("Name at least one party.")})
    audit.record(by, "case.parties", "; ".join(given)[:200], engagement=engagement, case=instance)
    return concern(by, row, engagement, given)


def concern(by: Person, row: Instance, engagement: Engagement, names: Iterable[str]) -> list[Wall]:
    """Notes whom a case concerns and compares them with the interests of everybody who could work on it."""
    sides = [engagement.client_id, engagement.provider_id]
    people = {one.email: one for one in Person.objects.filter(memberships__organisation__in=sides)}
    known_actions.concern(row.pk, names)
    found = walls.find(str(row.pk), parties(row, engagement), known.interests(people.values()), host().clock())
    return [screen(by, engagement, row.pk, people[one.person], Wall.Kind.FOUND, one.reason, one.by) for one in found]


def screen(
    by: Person, engagement: Engagement, number: int, person: Person, kind: str, reason: str, source: str
) -> Wall:
    """Keeps a person from a case: what they have of it in their hands goes back."""
    wall = known_actions.screen(person, number, kind, reason, source, host().clock())
    with host().store.transaction() as tx:
        for held in Wait.objects.filter(instance=number, kind="work", claimed_by=person.email):
            hands.give_back(tx, host().clock(), number, held.wait)
    known_actions.leave(person, number)
    audit.record(by, f"wall.{kind}", person.email, engagement=engagement, case=number)
    return wall
