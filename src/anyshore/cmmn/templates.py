"""How an element stands in a case template: its word, its keys, and how they become a definition and back.

A family describes its own; reading (``native_items``), writing (``native_writer``) and the published schema walk that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from anyshore.base.locations import Location
from anyshore.cmmn import model as m
from anyshore.cmmn.binding import Element
from anyshore.params.marked import Path

Data = Mapping[str, Any]
Shape = dict[str, Any]

TEXT: Shape = {"type": "string", "minLength": 1}
FLAG: Shape = {"type": "boolean"}


def reference(name: str) -> Shape:
    """A part of the schema by the name it has among its ``$defs``."""
    return {"$ref": f"#/$defs/{name}"}


@dataclass(slots=True)
class Plan:
    """What a stage is made of, while it is being built."""

    items: list[m.PlanItem] = field(default_factory=list)
    sentries: list[m.Sentry] = field(default_factory=list)
    definitions: list[m.PlanItemDefinition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Draft:
    """One item of a template that becomes a definition.

    Attributes:
        name: its key in the template.
        own: what every definition has: id, name, documentation, location.
        data: what the template says of it.
        path: where it stands.
        plan: what its stage is made of.
    """

    name: str
    own: dict[str, Any]
    data: Data
    path: Path
    plan: Plan


class Building(Protocol):
    """What a family is given to build a definition from a template."""

    def fill(self, plan: Plan, data: Data, path: Path) -> None:
        """Builds items into a plan."""

    def table(self, plan: Plan, data: Data, path: Path) -> m.PlanningTable | None:
        """The planning table of optional items; their definitions and sentries go into the plan."""

    def event(self, event: str, path: Path) -> tuple[str, str, str]:
        """Source, transition and kind of an event as a template writes it."""

    def expression(self, value: Any, path: Path) -> m.Expression:
        """A FEEL expression, or a timer's text."""

    def parameters(self, name: str, key: str, data: Data, path: Path) -> tuple[m.CaseParameter, ...]:
        """The parameters of a task."""

    def at(self, path: Path) -> Location:
        """Where a part of the template stands."""


class Writing(Protocol):
    """What a family is given to write a definition into a template."""

    def plan(self, stage: m.Stage) -> dict[str, Any]:
        """The items of a stage and what it offers."""

    def optional(self, table: m.PlanningTable) -> dict[str, Any]:
        """What a planning table offers."""

    def event(self, part: Any) -> str:
        """An on-part or the trigger of a timer as a template writes it."""

    def cannot(self, place: Element, what: str) -> None:
        """Notes what a template cannot say."""


def _nothing(writer: Writing, definition: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Template:
    """How a family stands in a case template.

    Attributes:
        word: the ``type`` of its items.
        says: what that is, for the published schema.
        keys: its own keys, each with its shape.
        build: the definition of a draft.
        write: its own keys of a definition.
        inside: what stands in it, written behind everything else.
        needed: the keys it cannot do without.
        enters: whether it has entry criteria; an event listener has none (5.4.2).
        manual: whether a person may have to start it (5.4.11.2).
        ends: the event that is waited for where a template names none.
    """

    word: str
    says: str
    keys: Shape
    build: Callable[[Building, Draft], m.PlanItemDefinition]
    write: Callable[[Writing, Any], dict[str, Any]] = _nothing
    inside: Callable[[Writing, Any], dict[str, Any]] = _nothing
    needed: Sequence[str] = ()
    enters: bool = True
    manual: bool = True
    ends: str = "complete"

    def shape(self) -> Shape:
        """Its part of the published schema."""
        common: Shape = {"type": {"const": self.word}, "name": TEXT, "description": TEXT}
        if self.enters:
            common |= {"after": reference("events"), "enter": reference("criteria")}
        common |= {"exit": reference("criteria"), "required": reference("rule"), "repeat": reference("rule")}
        if self.manual:
            common["manual"] = reference("rule")
        when = "for an optional item: FEEL condition under which it is offered"
        common |= {"when": {**TEXT, "description": when}, "planners": reference("roles")}
        return {
            "type": "object", "description": self.says, "additionalProperties": False,
            "required": ["type", *self.needed], "properties": common | self.keys,
        }  # fmt: skip


def put(data: dict[str, Any], **values: Any) -> None:
    """Adds what has a value."""
    data.update({key: value for key, value in values.items() if value is not None})
