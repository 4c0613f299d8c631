"""Taking, giving back and finishing work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected
from anyshore.forms import Form, validate
from anyshore.host import hands
from anyshore.host.batched import living
from anyshore.kernel.commands import Command, Resolve
from anyshore.kernel.state import WORK
from anyshore.web.core import permissions
from anyshore.web.core.errors import Denied, Invalid, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import notices, roles
from anyshore.web.engine.changes import change
from anyshore.web.engine.models import Instance, Notification, Wait
from anyshore.web.engine.running import host
from anyshore.web.walls import actions as staffing
from anyshore.web.work import acts, conflicts, fields, items, queries, skilled
from anyshore.web.work.models import Draft, Handled

FEW = 10
"""Items of each kind tried before all are looked at: somebody else may take them at the same moment."""


def pull(by: Person) -> tuple[int, int] | None:
    """Gives the person the next item: the one in hand, or the oldest that fits. None: nothing waits."""
    for wanted in (FEW, None):
        desk = queries.desk(by, wanted)
        if desk.mine:
            row = desk.mine[0].row
            return row.instance, row.wait
        for one in desk.waiting:
            if _claim(by, one, desk.fitness):
                return one.row.instance, one.row.wait
        if not desk.more:
            break
    return None


def _claim(by: Person, one: items.Item, fitness: items.Fitness, giver: Person | None = None) -> bool:
    """Puts an item into the person's hands; whoever takes the task of a role that is kept apart has that role.

    What the person is given it without is recorded, and who gave it to them where it was not themselves.
    """
    runtime = host()
    case = fitness.cases.get(one.row.instance, roles.NOBODY)
    with transaction.atomic(), runtime.store.transaction() as tx:
        living.pull(runtime, tx, one.row.instance)
        facts = skilled.facts(fitness.without(one)) | ({"given_by": giver.email} if giver is not None else {})
        if not hands.take(tx, runtime.clock(), one.row.instance, one.row.wait, by.email, facts):
            return False
        if one.performer in case.kept_apart:
            staffing.staff(by, one.row.instance, one.performer, runtime.clock(), by.email, taken=True)
        return True


def take(by: Person, instance: int, wait: int) -> None:
    """Takes one item by choice.

    Raises:
        Denied: the person's role or credentials do not fit.
        CommandRejected: somebody else has it.
    """
    one, _instance, engagement = queries.item(by, instance, wait)
    permissions.engagement(by, engagement.key, "work.do")
    fitness = items.Fitness.of(by, [one])
    if not fitness.fits(one):
        lacking = next(iter(fitness.missing.values()), one.performer)
        raise Denied(_("This item is not for you."), hint=_("It needs: %s") % lacking)
    if not _claim(by, one, fitness):
        raise CommandRejected("work.taken", _("Somebody else has this item."), hint=_("Take the next one."))


def give(by: Person, instance: int, wait: int, to: Person) -> None:
    """Puts an item that waits into the hands of somebody it fits; they are told.

    Raises:
        Denied: who gives does not manage the engagement, or the item is not for the other.
        CommandRejected: somebody has it.
    """
    one, _instance, engagement = queries.item(by, instance, wait)
    permissions.engagement(by, engagement.key, "people.manage")
    try:
        queries.item(to, instance, wait)
        permissions.engagement(to, engagement.key, "work.do")
        fitness = items.Fitness.of(to, [one])
        fits = fitness.fits(one)
    except (NotFound, Denied):
        fits = False
    if not fits:
        raise Denied(_("This item is not for %s.") % to, hint=_("Give it to somebody else."))
    if one.row.claimed_by is not None or not _claim(to, one, fitness, by):
        raise CommandRejected("work.taken", _("Somebody else has this item."), hint=_("They can give it back."))
    notices.tell([to], instance, Notification.Kind.ASSIGNED, host().clock())


def hand(by: Person, row: Wait, to: Person) -> None:
    """Puts a task that somebody just added into the hands of whom they added it for; they are told.

    Raises:
        Invalid: it is not for that person.
    """
    one = items.item(row)
    fitness = items.Fitness.of(to, [one])
    if not fitness.fits(one) or not _claim(to, one, fitness, by):
        raise Invalid({"person": _("The task cannot be given to this person.")})
    if to != by:
        notices.tell([to], row.instance, Notification.Kind.ASSIGNED, host().clock())


def give_back(by: Person, instance: int, wait: int) -> None:
    """Puts an item back into its queue. A manager may do so for others."""
    one, _instance, engagement = queries.item(by, instance, wait)
    permissions.engagement(by, engagement.key, "work.do")
    manages = permissions.may(by, "people.manage", engagement)
    if one.row.claimed_by != by.email and not manages:
        raise Denied(_("Somebody else has this item."))
    runtime = host()
    with transaction.atomic(), runtime.store.transaction() as tx:
        hands.give_back(tx, runtime.clock(), instance, wait)
        holder = Person.objects.filter(email=one.row.claimed_by or "").first()
        if holder is not None:
            staffing.leave(holder, instance, one.performer)


@transaction.atomic
def complete(
    by: Person, instance: int, wait: int, answers: Mapping[str, Any], shown: str = "", took: tuple[int, int] = (0, 0)
) -> None:
    """Finishes an item the person has in hand; where it stands for an act, the act is done with it, or neither is.

    Args:
        by: whose item it is.
        instance: the instance.
        wait: the item.
        answers: to its form.
        shown: of an act: what was in view (``acts.shown``).
        took: seconds it took, as measured and as the person says.

    Raises:
        Invalid: an answer does not fit its question.
        CommandRejected: the item is not in the person's hands, or is gone; or what was in view has changed.
    """
    one, row, engagement = queries.item(by, instance, wait)
    permissions.engagement(by, engagement.key, "work.do")
    if one.desk is not None:
        raise CommandRejected("work.desk", _("This item has a page of its own."), hint=_("Open it from your work."))
    in_hand(by, instance, wait)
    variables = answered(one.form, answers)
    if one.form is not None and one.form.conflicts is not None and variables[one.form.conflicts.answer] is not True:
        conflicts.declare(by, row, engagement, clear=False)  # the task goes to somebody who is free
        Draft.objects.filter(instance=instance, wait=wait).delete()
        return
    act = acts.of(one.form)
    if act is not None and one.form is not None:
        permissions.engagement(by, engagement.key, act.ability)
        statement = str(variables[one.form.statement or ""])
        if not shown:
            raise Invalid({"shown": _("Say what you looked at: the item tells it as “shown”.")})
        act.perform(by, row, engagement, statement, shown)
    resolve(by, row, wait, lambda _held: variables, took)
    if one.form is not None and one.form.conflicts is not None:
        conflicts.declare(by, row, engagement, clear=True)


def answered(form: Form | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The variables the answers to a form stand for; none where an item has no form.

    Raises:
        Invalid: an answer does not fit its question.
    """
    if form is None:
        return {}
    variables, problems = validate(form, answers)
    if problems:
        raise Invalid({one.location.element or "": fields.problem_text(form, one) for one in problems})
    return variables


def in_hand(by: Person, instance: int, wait: int) -> None:
    """Refuses work on an item that another has, or nobody.

    Raises:
        CommandRejected: it is not in the person's hands.
    """
    if not Wait.objects.filter(instance=instance, wait=wait, kind=WORK, claimed_by=by.email).exists():
        raise CommandRejected("work.not-taken", _("This item is not in your hands."), hint=_("Take it first."))


@transaction.atomic
def resolve(
    by: Person, row: Instance, wait: int, answers: Callable[[Instance], Mapping[str, Any]],
    took: tuple[int, int] = (0, 0),
) -> None:  # fmt: skip
    """Finishes an item that is in the person's hands with answers made of what the instance holds by then.

    Who finished it, and what it took, is kept for their own view of their work.

    Raises:
        CommandRejected: it is no longer in their hands.
    """

    found = Wait.objects.filter(instance=row.pk, wait=wait, kind=WORK).first()
    if found is not None:
        engagement = Engagement.objects.select_related("client").get(key=row.engagement)
        conflicts.require(by, items.item(found), row, engagement)

    def command(held: Instance) -> Command:
        with host().store.transaction() as tx:
            tx.lock_waits([(held.pk, wait)])  # nobody gives it back meanwhile
        in_hand(by, held.pk, wait)
        return Resolve(at=host().clock(), by=by.email, wait=wait, variables=dict(answers(held)))

    form = found.name if found is not None else ""
    change(row, command)
    Draft.objects.filter(instance=row.pk, wait=wait).delete()
    Handled.objects.create(
        person=by, engagement=row.engagement, service=row.service, form=form or "",
        instance=row.pk, wait=wait,
        at=host().clock(), measured=took[0], spent=took[1],
    )  # fmt: skip
