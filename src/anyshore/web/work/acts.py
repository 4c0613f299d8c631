"""Work items that stand for an act: finishing the item performs it, on exactly what was in view.

A form of a pack says which act its item is (``act: sign``, see docs/how-to/service-pack.md). An act is a row of
:data:`ACTS`; what is done by it and the end of its item are one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.base.errors import DataError
from anyshore.forms import Form
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine.models import Instance
from anyshore.web.work import deliverable, signing


@dataclass(frozen=True, slots=True)
class Act:
    """What a work item stands for.

    Attributes:
        ability: what the person must be able to do in the engagement.
        template: how the page of the item shows what is acted on; it is given what ``look`` finds.
        look: what is acted on, for the page; its ``in_view`` stands for exactly that.
        perform: does it, in the caller's transaction: the person, the instance, its engagement, the person's statement,
            and what was in view.
    """

    ability: str
    template: str
    look: Callable[[Instance, Engagement], Mapping[str, Any]]
    perform: Callable[[Person, Instance, Engagement, str, str], object]


def _deliverable(row: Instance, engagement: Engagement) -> Mapping[str, Any]:
    try:
        found = deliverable.report(row, engagement)
    except DataError as problem:  # told where it would be signed; signing is refused with it
        return {"report": None, "problem": problem, "in_view": ""}
    return {"report": found, "lines": deliverable.lines(found), "in_view": signing.in_view(row, found)}


ACTS: Mapping[str, Act] = {
    signing.SIGN: Act("case.sign", "work/act_sign.html", _deliverable, signing.put),
}
"""By the word of ``forms.yaml``."""


def of(form: Form | None) -> Act | None:
    """The act a form stands for; None where it is a form like any other."""
    return ACTS[form.act] if form is not None and form.act is not None else None


def shown(form: Form | None, row: Instance, engagement: Engagement) -> str:
    """What stands for what is acted on, as it is now; empty where the form is no act or there is nothing to act on."""
    act = of(form)
    return str(act.look(row, engagement)["in_view"]) if act is not None else ""
