"""Taking, giving back and finishing work; starting it; planning a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected
from anyshore.forms import validate
from anyshore.kernel.commands import Act, Resolve
from anyshore.web.cases import actions as staffing
from anyshore.web.cases import queries as cases
from anyshore.web.core import permissions
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.running import host
from anyshore.web.work import fields, items, queries


def pull(by: Person) -> tuple[int, int] | None:
    """Gives the person the next item: the one in hand, or the oldest that fits. None: nothing waits."""
    desk = queries.desk(by)
    if desk.mine:
        row = desk.mine[0].row
        return row.instance, row.wait
    for one in desk.waiting:
        if _claim(by, one):
            return one.row.instance, one.row.wait
    return None


def _claim(by: Person, one: items.Item) -> bool:
    """Puts an item into the person's hands; whoever takes a reviewer's task is that reviewer."""
    runtime = host()
    with transaction.atomic(), runtime.store.transaction() as tx:
        if not tx.claim_work(one.row.instance, one.row.wait, by.email):
            return False
        if one.performer in cases.EXCLUSIVE:
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
    fitness = items.Fitness.of(by, [instance])
    if not fitness.fits(one):
        lacking = next(iter(fitness.missing.values()), one.performer)
        raise Denied(_("This item is not for you."), hint=_("It needs: %s") % lacking)
    if not _claim(by, one):
        raise CommandRejected("work.taken", _("Somebody else has this item."), hint=_("Take the next one."))


def give_back(by: Person, instance: int, wait: int) -> None:
    """Puts an item back into its queue. A manager may do so for others."""
    one, _instance, engagement = queries.item(by, instance, wait)
    permissions.engagement(by, engagement.key, "work.do")
    manages = permissions.visible_engagements(by, "people.manage").filter(pk=engagement.pk).exists()
    if one.row.claimed_by != by.email and not manages:
        raise Denied(_("Somebody else has this item."))
    with transaction.atomic(), host().store.transaction() as tx:
        tx.claim_work(instance, wait, None)
        holder = Person.objects.filter(email=one.row.claimed_by or "").first()
        if holder is not None:
            staffing.leave(holder, instance, one.performer)


def complete(by: Person, instance: int, wait: int, answers: Mapping[str, Any]) -> None:
    """Finishes an item the person has in hand.

    Raises:
        Invalid: an answer does not fit its question.
        CommandRejected: the item is not in the person's hands, or is gone.
    """
    one, _instance, engagement = queries.item(by, instance, wait)
    permissions.engagement(by, engagement.key, "work.do")
    if one.row.claimed_by != by.email:
        raise CommandRejected("work.not-taken", _("This item is not in your hands."), hint=_("Take it first."))
    if one.desk is not None:
        raise CommandRejected("work.desk", _("This item has a page of its own."), hint=_("Open it from your work."))
    variables: dict[str, Any] = {}
    if one.form is not None:
        variables, problems = validate(one.form, answers)
        if problems:
            texts = {problem.location.element or "": fields.problem_text(one.form, problem) for problem in problems}
            raise Invalid(texts)
    runtime = host()
    runtime.execute(instance, Resolve(at=runtime.clock(), by=by.email, wait=wait, variables=variables))


def plan(by: Person, instance: int, verb: str, reason: str, **what: Any) -> None:
    """Changes the plan of a live case.

    Args:
        by: the expert.
        instance: the case.
        verb: ``plan`` an offered item, ``add`` one of one's own, ``skip``, ``repeat``, or ``manual_start``.
        reason: why; kept with the case. Only a start needs none.
        what: ``element``, ``node``, ``data`` of the command.

    Raises:
        Invalid: there is no reason.
        CommandRejected: the case does not allow it now.
    """
    row, _engagement = engine.instance(by, instance, "case.plan")
    if verb not in ("plan", "add", "skip", "repeat", "manual_start"):
        raise CommandRejected("case.verb", _("There is no such change of plan."))
    if verb != "manual_start" and not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    runtime = host()
    command = Act(at=runtime.clock(), by=by.email, zone=row.zone, verb=verb, reason=reason.strip(), **what)
    runtime.execute(instance, command)
