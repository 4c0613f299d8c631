"""Tasks an expert adds to a live case: a name people read, what is to be done, for whom, until when, and its result."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from anyshore import cmmn, feel
from anyshore.web.cases import plan
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.core.permissions import who_sees
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.work import actions as work
from anyshore.web.work.items import ADDED

RESULTS = "results"
"""The case variable in which added tasks leave what they came to: a list of ``{task, result}``."""


def results(row: Instance) -> list[dict[str, str]]:
    """What added tasks of a case came to."""
    found = engine.variables(row).get(RESULTS)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def people(row: Instance, by: Person) -> list[Person]:
    """Who can be asked to do a task of a case: whoever works for its engagement and is not kept from the case."""
    _row, engagement = engine.instance(by, row.pk)
    found = who_sees(engagement).filter(memberships__organisation=engagement.provider).distinct().order_by("name")
    return [one for one in found if row.pk not in engine.blocked(one)]


@transaction.atomic
def add(
    by: Person, number: int, name: str, stage: int, reason: str, description: str = "", due: date | None = None,
    person: str = "",
) -> None:  # fmt: skip
    """Adds a task; where it is for somebody, it is in their hands at once, and they are told.

    Args:
        by: the expert.
        number: the case.
        name: what people call it.
        stage: the node of the stage it becomes part of.
        reason: why; kept with the case.
        description: what is to be done.
        due: the day by which.
        person: the email of who shall do it; empty: whoever takes it.

    Raises:
        Invalid: there is no reason, or the task is not for that person.
        CommandRejected: the case does not allow it now.
    """
    row, _engagement = engine.instance(by, number, "case.plan")
    known = set(cmmn.live_plan(engine.linked(row).definition, engine.state(row)).items)
    element = _id(name, known)
    item: dict[str, Any] = {"type": "human", "name": name.strip(), "form": ADDED, "outputs": _outputs(name)}
    inputs = {key: value for key, value in (("description", description.strip()), ("due", due)) if value}
    if inputs:
        item["inputs"] = {key: _literal(value) for key, value in inputs.items()}
    plan.change(by, number, "add", reason, node=stage, data={"item": item, "id": element})
    if person:
        _give(by, number, element, person)


def _give(by: Person, number: int, element: str, email: str) -> None:
    wait = Wait.objects.filter(instance=number, element=element, kind="work").first()
    row, _engagement = engine.instance(by, number)
    to = next((one for one in people(row, by) if one.email == email), None)
    if wait is None or to is None:
        raise Invalid({"person": _("The task cannot be given to this person.")})
    work.hand(by, wait, to)


def _id(name: str, known: set[str]) -> str:
    """An id that says what the task is, and that no item of the plan has."""
    stem = re.sub(r"[^a-z0-9]+", "_", slugify(name)).strip("_")[:60] or "task"
    stem = stem if stem[0].isalpha() else f"task_{stem}"
    return next(one for one in (stem, *(f"{stem}_{n}" for n in range(2, 10_000))) if one not in known)


def _outputs(name: str) -> dict[str, str]:
    task = feel.format(name.strip())
    return {RESULTS: f"append(if {RESULTS} = null then [] else {RESULTS}, {{task: {task}, result: result}})"}


def _literal(value: str | date) -> str:
    return f'date("{value.isoformat()}")' if isinstance(value, date) else feel.format(value)
