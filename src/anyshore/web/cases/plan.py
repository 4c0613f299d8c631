"""Changing the plan of a case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected
from anyshore.kernel.commands import Act
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.running import host


def change(by: Person, instance: int, verb: str, reason: str, **what: Any) -> None:
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
