"""A case made ready to run: plan items with their compiled rules, and who listens to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from anyshore.base.locations import Location
from anyshore.cmmn.binding import Element
from anyshore.cmmn.expressions import Compiled
from anyshore.cmmn.lifecycles import Lifecycle
from anyshore.cmmn.model import Case, CaseFileItem, CaseParameter, Expression, Model, PlanItemDefinition
from anyshore.cmmn.templates import Template
from anyshore.kernel.commands import Resolve
from anyshore.kernel.state import Node, Wait
from anyshore.kernel.turn import Turn

Decide = Callable[[str, Mapping[str, object], int, str], object]
"""Calls a decision: reference, inputs, now, zone → value."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one may want differently from how we read the specification.

    Attributes:
        counter: name under which a rule sees how often its item has been instantiated, 1 for the first instance.
        most_rounds: how often a plan item may repeat at one moment of the clock before that is an incident.
        failed_holds: whether a failed item keeps its stage from completing by itself; see ADR 0305.
    """

    counter: str = "repetitionCounter"
    most_rounds: int = 1_000
    failed_holds: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule; without a condition it is true."""

    condition: Compiled | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A compiled criterion.

    Attributes:
        id: of the criterion.
        parts: keys of its on-parts.
        condition: its if-part.
        context: variable of the case file item the if-part is about.
    """

    id: str
    parts: tuple[str, ...] = ()
    condition: Compiled | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A compiled parameter: its name, what computes it, the variable it is bound to."""

    name: str
    expression: Compiled | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A compiled timer expression: an ISO text read once, or FEEL that is asked each time.

    Attributes:
        calendar: name of the business calendar it counts by; empty for none.
    """

    iso: str = ""
    expression: Compiled | None = None
    calendar: str = ""


class Linking(Protocol):
    """What a family is given to make a plan item ready to run."""

    @property
    def model(self) -> Model:
        """The file."""

    def expression(self, expression: Expression | None) -> Compiled | None:
        """An expression, compiled; None where there is none or it cannot be read, which is noted."""

    def compile(self, text: str, location: Location) -> Compiled | None:
        """The text of an expression, compiled."""

    def reference(self, expression: Expression | None) -> Compiled | None:
        """The expression that names what is called."""

    def extension(self, element: Element, name: str) -> Compiled | None:
        """The compiled value of a vendor's attribute; None where there is none."""

    def theirs(self, text: str, place: Element) -> Compiled | None:
        """An expression of an extension."""

    def bindings(self, parameters: Iterable[CaseParameter]) -> tuple[Binding, ...]:
        """Parameters, compiled."""

    def hear(self, part: Any, listener: Listener, *, file: bool = False) -> None:
        """Notes who hears the event of an on-part or of a timer's trigger."""

    def problem(self, code: str, message: str, place: Element, hint: str = "") -> None:
        """Notes what is wrong."""


class Checking(Protocol):
    """What a family is given to check a definition."""

    @property
    def roles(self) -> Mapping[str, object]:
        """The roles of the case by id."""

    @property
    def items(self) -> Mapping[str, object]:
        """Its plan items by id."""

    @property
    def files(self) -> Mapping[str, object]:
        """Its case file items by id."""

    def refs(self, place: Element, references: tuple[str, ...], what: str, known: Any) -> None:
        """Finds references that lead nowhere."""

    def event(self, place: Element, event: str, known: frozenset[str]) -> None:
        """Finds what is no standard event."""

    def add(self, place: Element, code: str, message: str, hint: str = "") -> None:
        """Notes what is wrong."""


@dataclass(frozen=True, slots=True)
class Family:
    """A row of the table of element families: what a definition of this kind does.

    Attributes:
        tag: element name in XML.
        definition: its dataclass.
        lifecycle: its transitions.
        waits: kinds of waits its instances may own, for checking a migration.
        listener: whether it waits for an event by itself, without entry criteria (5.4.2).
        created: called when an instance became available.
        started: called when an instance became active.
        resolved: called when a wait of an instance is over.
        linked: compiles and resolves what the definition adds to its plan item.
        heard: says what its plan item listens to besides its criteria.
        checked: finds what is wrong with a definition.
        template: how it stands in a case template; without one it is written as CMMN XML only.
    """

    tag: str
    definition: type[PlanItemDefinition]
    lifecycle: Lifecycle
    waits: frozenset[str] = frozenset()
    listener: bool = False
    created: Callable[[Turn, int, Item], None] | None = None
    started: Callable[[Turn, int, Item], None] | None = None
    resolved: Callable[[Turn, Node, Item, Wait, Resolve], None] | None = None
    linked: Callable[[Linking, Item, Any], None] | None = None
    heard: Callable[[Linking, Item, Any], None] | None = None
    checked: Callable[[Checking, Any], None] | None = None
    template: Template | None = None


@dataclass(slots=True)
class Item:
    """A plan item made ready; also the case plan itself and discretionary items.

    Attributes:
        id: of the plan item; the node's element.
        name: what people call it.
        definition: what it stands for.
        family: its row.
        container: id of the stage definition it is planned in; empty for the case plan.
        stage: its own id where it is a stage.
        discretionary: whether it comes to life only by planning.
        auto_complete: whether a stage completes as soon as nothing required is open.
        auto_condition: decides that instead, where there is one.
        blocking: whether a task waits for its end.
        blocking_condition: decides that instead, where there is one.
        counter: name under which rules see how often it was instantiated, besides ``Options.counter``.
    """

    id: str
    name: str
    definition: PlanItemDefinition
    family: Family
    container: str
    stage: str | None = None
    auto_complete: bool = False
    auto_condition: Compiled | None = None
    discretionary: bool = False
    entry: tuple[Criterion, ...] = ()
    exit: tuple[Criterion, ...] = ()
    required: Rule | None = None
    repetition: Rule | None = None
    manual: Rule | None = None
    blocking: bool = True
    blocking_condition: Compiled | None = None
    counter: str = ""
    inputs: tuple[Binding, ...] = ()
    outputs: tuple[Binding, ...] = ()
    reference: Compiled | None = None
    timer: Timer | None = None
    starts_on: str | None = None
    fragment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears an event: an on-part of a criterion of a plan item.

    Attributes:
        owner: the plan item.
        criterion: its criterion; ``START`` for the trigger of a timer.
        part: key of the on-part.
        scope: the innermost stage definition around source and owner: only instances in the same one hear each other.
        entry: whether it is an entry criterion.
        caused_by: the exit criterion that must have caused the event.
    """

    owner: str
    criterion: str
    part: str
    scope: str
    entry: bool
    caused_by: str | None = None


START = "(start)"


@dataclass(slots=True)
class Definition:
    """A linked case.

    Attributes:
        model: the file it is from.
        case: the case.
        root: id of the case plan.
        items: plan items by id.
        children: stage definition → its plan items, in the order of the model.
        heard_by: (plan item, transition) → listeners, in the order of the model.
        files_heard_by: (case file item, transition) → listeners.
        asked_by: variable → plan items with a criterion that reads it.
        files: case file items by id, each with its parent.
        documents: variable → case file item.
        offers: stage definition or human task plan item → discretionary items, see ``planning``.
        decide: calls a decision.
        outputs: what the case computes for its caller when it completes.
        counters: all names of counters.
        live: this plan with the changes people made to live cases, by those changes; a cache, see ``live_plan``.
        base: the definition this one was made from by such changes.
    """

    model: Model
    case: Case
    root: str
    options: Options
    decide: Decide
    items: dict[str, Item] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    heard_by: dict[tuple[str, str], list[Listener]] = field(default_factory=dict)
    files_heard_by: dict[tuple[str, str], list[Listener]] = field(default_factory=dict)
    asked_by: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, tuple[CaseFileItem, CaseFileItem | None]] = field(default_factory=dict)
    documents: dict[str, CaseFileItem] = field(default_factory=dict)
    offers: dict[str, list[Offer]] = field(default_factory=dict)
    outputs: tuple[Binding, ...] = ()
    counters: set[str] = field(default_factory=set)
    live: dict[bytes, Definition] = field(default_factory=dict)
    base: Definition | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A discretionary item as its planning table offers it.

    Attributes:
        item: id of the discretionary item.
        rules: all of these must be true (8.8).
        roles: one of these may plan it; empty for anyone.
    """

    item: str
    rules: tuple[Rule, ...] = ()
    roles: frozenset[str] = frozenset()
