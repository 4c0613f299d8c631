"""Signing a deliverable: in one's own name, on a verified qualification, exactly what was in view."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected, DataError
from anyshore.kernel.commands import Command, Write
from anyshore.knowledge.deliverables import SignOff
from anyshore.web.cases.deliverable import SIGNATURES, Report, differences, lines, report, signatures
from anyshore.web.core import queries as people
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import Engagement, Person
from anyshore.web.core.numbers import whole
from anyshore.web.engine import queries as engine
from anyshore.web.engine import roles, services
from anyshore.web.engine.changes import change, record
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host
from anyshore.web.walls import queries as walls
from anyshore.web.work import acts, items
from anyshore.web.work.acts import Difference

SIGN = "sign"
"""The word of ``forms.yaml`` for a work item that is a signature."""


class Changed(acts.Changed):
    """What is to be signed is no longer what the person looked at."""

    def __init__(self, found: list[Difference]) -> None:
        hint = _("Read what changed, then sign what stands there now.")
        super().__init__("case.changed", _("The deliverable changed since you looked at it."), found, hint)


def in_view(row: Instance, found: Report | None) -> str:
    """What stands for the deliverable a page shows: its content hash, and the turn of the case it was of."""
    return f"{found.composed.content}@{row.turns}" if found is not None else ""


def by_task(row: Instance) -> bool:
    """Whether the service signs by a task of its plan: then nothing else is its signature."""
    pack = services.pack(row.service, row.engagement)
    return pack is not None and any(form.act == SIGN for form in pack.forms.values())


def unreviewed(row: Instance) -> bool:
    """Whether a case has reviews kept apart of which one is not given yet: until then nobody signs."""
    blind = set(roles.of(row.definition).blind)
    if not blind:
        return False
    plan = engine.linked(row).definition.items.values()
    asked = {one.id for one in plan if getattr(one.definition, "performer_ref", None) in blind}
    ended = ("completed", "terminated")  # left out with a reason counts as done
    done = {element for turn in engine.log(row) for element, state in turn.reached.items() if state in ended}
    return walls.sealed(row.pk) or not asked <= done


@transaction.atomic
def sign(by: Person, instance: int, statement: str, shown: str) -> SignOff:
    """Signs the deliverable of a case whose plan has no task for it.

    Args:
        by: who signs.
        instance: the case.
        statement: what the person stands for.
        shown: what was in view (:func:`in_view`).

    Raises:
        Denied: the person lacks what the service asks of its experts.
        DataError: a finding does not stand on its evidence.
        Changed: the deliverable is not the one that was in view.
        CommandRejected: there is nothing to sign, its reviews are not given,
            it is signed by a task, or the person signed this content before.
    """
    row, engagement = engine.instance(by, instance, "case.sign")
    if by_task(row):
        raise CommandRejected(
            "case.signed-by-task", _("This case is signed by its task."), hint=_("Take the task; it is the signature.")
        )
    if unreviewed(row):
        raise CommandRejected("case.unreviewed", _("The reviews of this case are not all given."))
    made = put(by, row, engagement, statement, shown)
    if made is None:
        raise CommandRejected("case.signed", _("You signed these findings before."))
    return made


def put(by: Person, row: Instance, engagement: Engagement, statement: str, shown: str) -> SignOff | None:
    """Puts a signature under what was in view, in the caller's transaction; None where it is there already.

    Raises:
        Denied, Invalid, DataError, Changed, CommandRejected: see :func:`sign`.
    """
    qualification = _qualification(by, row)
    if not statement.strip():
        raise Invalid({"statement": _("Say what you stand for.")})
    made: list[SignOff] = []

    def signed(held: Instance) -> Command | None:
        found = report(held, engagement)
        if found is None:
            raise CommandRejected("case.nothing-to-sign", _("There is nothing to sign yet."))
        content = found.composed.content
        if shown.partition("@")[0] != content:
            raise Changed(_since(held, engagement, shown, found))
        if any(one.person == by.name for one in found.composed.deliverable.signoffs):
            return None
        now = host().clock()
        made.append(SignOff(by.name, _("Expert"), qualification, now, content, statement.strip()))
        rows = [_plain(one) for one in [*signatures(held), *made]]
        return Write(at=now, by=by.email, variables={SIGNATURES: rows})

    change(row, signed)
    for one in made:
        facts = {"by": by.email, "qualification": qualification, "content": one.content}
        record(row, "case.signed", facts)
    return made[0] if made else None


def _qualification(by: Person, row: Instance) -> str:
    """The verified qualifications a signature relies on.

    Raises:
        Denied: the person has none, or not those the service asks for.
    """
    held = people.held(by, items.day_of(host().clock())).qualifications
    pack = services.pack(row.service, row.engagement)
    needed = set(pack.skills.qualifications) if pack else set[str]()
    lacking = needed - held
    if lacking or not held:
        raise Denied(
            _("Only a qualified expert signs."),
            hint=_("It needs: %s") % (", ".join(sorted(lacking)) or _("a qualification")),
        )
    return ", ".join(sorted(one for one in held if not needed or one in needed))


def _since(held: Instance, engagement: Engagement, shown: str, now: Report) -> list[Difference]:
    """What changed since the deliverable was in view; empty where it never was as the person says."""
    content, _at, turn = shown.partition("@")
    number = whole(turn)
    if number is None or number > held.turns:
        return []
    before = report(engine.as_of(held, number), engagement)
    return differences(before, now) if before is not None and before.composed.content == content else []


def _plain(one: SignOff) -> dict[str, object]:
    return {
        "person": one.person, "role": one.role, "qualification": one.qualification, "at": Decimal(one.at),
        "content": one.content, "statement": one.statement,
    }  # fmt: skip


def _look(row: Instance, engagement: Engagement) -> Mapping[str, Any]:
    try:
        found = report(row, engagement)
    except DataError as problem:  # told where it would be signed; signing is refused with it
        return {"report": None, "problem": problem, "in_view": ""}
    return {"report": found, "lines": lines(found), "in_view": in_view(row, found)}


ACT = acts.Act("case.sign", "cases/act_sign.html", _look, put)
"""What a work item does that is a signature."""
