"""Work items that stand for an act: finishing the item performs it, on exactly what was in view.

A form of a pack says which act its item is (``act: sign``, see docs/how-to/service-pack.md). The app that performs an
act puts its row into :data:`ACTS`; what is done by it and the end of its item are one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.base.errors import CommandRejected, Diagnostic
from anyshore.base.locations import Location
from anyshore.forms import Form
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.work import items


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


ACTS: dict[str, Act] = {}
"""By the word of ``forms.yaml``; each app adds its own when it is ready."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that one version of what is acted on has and the other has not; ``added`` tells which."""

    text: str
    added: bool


class Changed(CommandRejected):
    """What is to be acted on is no longer what the person looked at.

    Attributes:
        differences: what changed since, where that is known.
    """

    def __init__(self, code: str, message: str, found: list[Difference], hint: str) -> None:
        super().__init__(code, message, hint=hint)
        self.differences = found

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """One per line that went or came."""
        changed = tuple(
            Diagnostic(self.code, f"{'+' if one.added else '-'} {one.text}", Location(), severity="info")
            for one in self.differences
        )
        return changed or (Diagnostic(self.code, self.message, hint=self.hint),)


def of(form: Form | None) -> Act | None:
    """The act a form stands for; None where it is a form like any other."""
    return ACTS[form.act] if form is not None and form.act is not None else None


def at(instance: int, wait: int) -> Act | None:
    """The act an open work item stands for; None where it is none, or not open."""
    row = Wait.objects.filter(instance=instance, wait=wait, kind="work").first()
    return of(items.item(row).form) if row is not None else None


def shown(form: Form | None, row: Instance, engagement: Engagement) -> str:
    """What stands for what is acted on, as it is now; empty where the form is no act or there is nothing to act on."""
    act = of(form)
    return str(act.look(row, engagement)["in_view"]) if act is not None else ""
