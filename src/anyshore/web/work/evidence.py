"""What other apps put beside a work item: each puts its row into :data:`PARTS` when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine.models import Instance
from anyshore.web.work.items import Item


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the evidence.

    Attributes:
        template: shows it; it is given what ``look`` finds.
        look: what is shown to a person beside an item; None: nothing.
    """

    template: str
    look: Callable[[Person, Item, Instance, Engagement], Mapping[str, Any] | None]


PARTS: dict[str, Part] = {}
"""By name, in the order in which they are shown."""


def beside(person: Person, one: Item, row: Instance, engagement: Engagement) -> list[tuple[str, Mapping[str, Any]]]:
    """The parts an item has, each with its template; none on a desk of its own."""
    if one.desk is not None:
        return []
    found = ((part.template, part.look(person, one, row, engagement)) for part in PARTS.values())
    return [(template, data) for template, data in found if data is not None]
