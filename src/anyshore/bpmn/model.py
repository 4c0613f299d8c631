"""A process model as the engine runs it: flat, linked, with the functions that run each element in the elements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from anyshore.base.errors import BpmnError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.xml import XmlDocument

if TYPE_CHECKING:
    from anyshore.bpmn.correlation import Correlation
    from anyshore.bpmn.data import DataMapping
    from anyshore.bpmn.timers import Timer
    from anyshore.feel import Expression
    from anyshore.kernel.turn import Turn

Enter = Callable[["Turn", Any, int, str | None], None]
"""A token arrives: turn, element, node of the scope, flow by which it came (None at a start)."""

Begin = Callable[["Turn", Any, int], None]
"""The work of an activity begins: turn, activity, its node."""

Settle = Callable[["Turn", Any, int], bool]
"""The surroundings of a scope changed: turn, element, its node; whether anything fired."""


class Decide(Protocol):
    """How a business rule task reaches a decision; linked in by the runtime."""

    def __call__(self, decision: str, variables: Mapping[str, Any], now: int, zone: str) -> Any:
        """The decision's value."""


@dataclass(slots=True, eq=False)
class Flow:
    """A sequence flow.

    Attributes:
        id: its id.
        source: the element it leaves.
        target: the element it leads to.
        condition: what must hold for a token to take it; None where it is always taken.
        is_default: whether it is taken only when no condition of its siblings holds.
    """

    id: str
    source: str
    target: str
    condition: Expression | None = None
    is_default: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Element:
    """Something a token can reach.

    Attributes:
        id: unique in the file.
        name: what people call it; empty where it has no name.
        kind: its BPMN tag.
        location: where it stands in the file.
        container: id of the process or sub-process around it.
        enter: what happens when a token arrives.
        incoming: ids of the flows that lead here, in document order.
        outgoing: the flows that leave, in document order.
        plain: target and id of every outgoing flow, where none of them has a condition; None where one has.
    """

    id: str
    kind: str
    location: Location
    container: str
    enter: Enter
    name: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    plain: tuple[tuple[str, str], ...] | None = ()

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id


@dataclass(slots=True, eq=False)
class Trigger:
    """One event definition: what an event waits for or throws.

    Attributes:
        kind: ``message``, ``timer``, ``conditional``, ``signal``, ``error``, ``escalation``, ``compensation``,
            ``cancel``, ``link`` or ``terminate``.
        name: name of the message, signal or link; code of the error or escalation; None catches every code.
        timer: when, for a timer.
        condition: what must become true, for a condition.
        correlation: how a message finds its instance.
        activity: the activity to compensate; None for all of the scope.
        wait_for_completion: whether a compensation event waits for its handlers.
    """

    kind: str
    name: str | None = None
    timer: Timer | None = None
    condition: Expression | None = None
    correlation: Correlation | None = None
    activity: str | None = None
    wait_for_completion: bool = True


@dataclass(slots=True, eq=False, kw_only=True)
class Event(Element):
    """An event in any position.

    Attributes:
        position: ``start``, ``catch``, ``throw``, ``boundary`` or ``end``.
        triggers: its event definitions; none for a none event.
        parallel: whether all triggers must occur, not only one.
        interrupting: whether it ends what it is attached to, or the scope around an event sub-process.
        attached_to: id of the activity it is attached to.
        handler: id of the compensation activity, for a compensation boundary event.
        link_target: id of the catching link event, for a throwing one.
        data: how the event's data is read and written.
        milestone: what the ledger is told when a token passes; empty for nothing.
        fire: what happens when its trigger occurs: turn, event, owner of the wait, variables, whether more will come.
    """

    position: str
    data: DataMapping
    triggers: tuple[Trigger, ...] = ()
    parallel: bool = False
    interrupting: bool = True
    attached_to: str | None = None
    handler: str | None = None
    link_target: str | None = None
    milestone: str = ""
    fire: Callable[[Turn, Any, int, dict[str, Any], bool], None]


@dataclass(slots=True, eq=False)
class Loop:
    """Standard loop or multi-instance marker of an activity. Source: BPMN 2.0.2, 10.3.8 and 13.3.6 to 13.3.7.

    Attributes:
        multi: whether it is multi-instance.
        sequential: whether instances follow each other.
        test_before: whether a standard loop asks its condition before the first round.
        maximum: most rounds of a standard loop.
        condition: loop condition, or completion condition of a multi-instance.
        cardinality: number of instances.
        collection: the list with one item for each instance.
        item: variable that holds the item of an instance.
        collect: what each instance adds to the result list.
        output_item: variable of each instance from which ``collect`` reads, local to the instance.
        into: variable that gets the list of results.
        behavior: ``none``, ``one``, ``all`` or ``complex``.
        behavior_trigger: the event thrown with ``none`` or ``one``.
        complex: condition and events of every complex behaviour.
    """

    multi: bool
    sequential: bool = True
    test_before: bool = False
    maximum: int | None = None
    condition: Expression | None = None
    cardinality: Expression | None = None
    collection: Callable[[Turn, Mapping[str, Any]], Any] | None = None
    item: str | None = None
    collect: Expression | None = None
    output_item: str | None = None
    into: str | None = None
    behavior: str = "all"
    behavior_trigger: Trigger | None = None
    complex: tuple[tuple[Expression, tuple[Trigger, ...]], ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Activity(Element):
    """A task, a call or a sub-process.

    Attributes:
        begin: does its work, once its node lives.
        boundary: events attached to it that wait or that catch what is thrown inside.
        listening: those of them that wait for something.
        loop: its loop marker.
        start_quantity: tokens it needs to begin.
        completion_quantity: tokens it sends down each flow.
        data: how data goes in and out.
        properties: names of its own variables.
        compensator: the boundary event that leads to its compensation activity.
        compensable: whether its instances stay after completion, because they may have to be compensated.
        for_compensation: whether it runs only as a compensation handler.
        direct: does the whole work without a node, for a task that waits for nothing, where nothing can interfere.
    """

    begin: Begin
    data: DataMapping
    boundary: tuple[Event, ...] = ()
    listening: tuple[Event, ...] = ()
    loop: Loop | None = None
    start_quantity: int = 1
    completion_quantity: int = 1
    properties: tuple[str, ...] = ()
    compensator: Event | None = None
    compensable: bool = False
    for_compensation: bool = False
    direct: Enter | None = None

    @property
    def plain_task(self) -> bool:
        """Whether nothing but its own work can happen while it runs."""
        return not (
            self.boundary or self.loop or self.start_quantity != 1 or self.properties or self.compensable
            or self.compensator
        )  # fmt: skip


@dataclass(slots=True, eq=False, kw_only=True)
class Scope(Activity):
    """A process, or a sub-process of any kind: something that has elements of its own.

    Attributes:
        settle: looks whether its joins can fire or it is complete.
        starts: what gets a token when it begins.
        handlers: its event sub-processes.
        joins: its gateways that depend on tokens elsewhere in the scope.
        triggered_by_event: whether it is an event sub-process.
        start_event: the start event of an event sub-process.
        compensation_handler: its event sub-process for compensation.
        ordering: ``Parallel`` or ``Sequential``, for an ad-hoc sub-process; None for others.
        completion: completion condition of an ad-hoc sub-process.
        cancel_remaining: whether an ad-hoc sub-process ends its running activities when its condition holds.
        transaction: whether it is a transaction.
    """

    settle: Settle
    starts: tuple[str, ...] = ()
    handlers: tuple[Scope, ...] = ()
    joins: tuple[Any, ...] = ()
    triggered_by_event: bool = False
    start_event: Event | None = None
    compensation_handler: Scope | None = None
    ordering: str | None = None
    completion: Expression | None = None
    cancel_remaining: bool = True
    transaction: bool = False


@dataclass(slots=True, eq=False)
class StartTrigger:
    """One way in which an instance can come to life.

    Attributes:
        element: hand this to ``Start.element``; None starts the process by itself.
        kind: ``none``, ``message``, ``timer``, ``signal`` or ``conditional``.
        name: name of the message or signal.
        timer: when, for a timer; see ``timers.first``.
        condition: for a condition.
        correlation: for a message: how its key is read from its data.
        gathers: whether the instance waits for the other events that start it, too, before it goes on.
    """

    element: str | None
    kind: str
    name: str | None = None
    timer: Timer | None = None
    condition: Expression | None = None
    correlation: Correlation | None = None
    gathers: bool = False


def _no_decisions(decision: str, variables: Mapping[str, Any], now: int, zone: str) -> Any:
    raise BpmnError(
        "bpmn.decision-not-linked",
        f"Decision {decision!r} is not linked to this process.",
        hint="Load the DMN file together with the BPMN file.",
    )


@dataclass(slots=True, eq=False)
class Process:
    """One executable process, ready to run.

    Attributes:
        id: its id; the root node's element.
        name: what people call it.
        root: the process as a scope.
        elements: every element by id, with the process itself and everything in its sub-processes.
        flows: every sequence flow by id.
        starts: the ways in which an instance can come to life.
        lanes: innermost lane by element id.
        decide: reaches decisions; set by the runtime.
        calls: what its call activities call: ``process:ID``, ``case:ID``.
        decisions: what its business rule tasks decide.
        activities: names of the activities its service tasks ask for.
        forms: form keys of its user tasks.
        watches: whether any element waits for a condition.
        places: element before which a token rests, by the name of the resting place.
    """

    id: str
    name: str
    root: Scope
    elements: dict[str, Any] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    starts: tuple[StartTrigger, ...] = ()
    lanes: dict[str, str] = field(default_factory=dict)
    decide: Decide = _no_decisions
    calls: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    watches: bool = False
    places: dict[str, str] = field(default_factory=dict)

    def begins_at(self, element: str) -> bool:
        """Whether an element brings the process to life: a node there still waits for the other events that do."""
        found = self.elements.get(element)
        return found is not None and (found.kind == "startEvent" or getattr(found, "instantiate", False))


@dataclass(slots=True, eq=False)
class MessageFlow:
    """What one pool sends to another: ids of the elements or pools."""

    id: str
    name: str
    source: str
    target: str


@dataclass(slots=True, eq=False)
class Definitions:
    """A BPMN file.

    Attributes:
        document: the XML as read, for writing it again without loss.
        processes: the executable processes by id.
        described: ids and names of the processes that are drawn but not executable.
        participants: process id by pool id, where the pool has one.
        message_flows: between the pools.
        diagnostics: warnings.
    """

    document: XmlDocument
    processes: dict[str, Process] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)
    participants: dict[str, str] = field(default_factory=dict)
    message_flows: tuple[MessageFlow, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def process(self, name: str | None = None) -> Process:
        """The executable process of that id or name; the only one where no name is given.

        Raises:
            BpmnError: there is none, or several and no name was given.
        """
        if name is None and len(self.processes) == 1:
            return next(iter(self.processes.values()))
        for process in self.processes.values():
            if name in (process.id, process.name):
                return process
        place = Location(self.document.file)
        if name in self.described:
            raise BpmnError(
                "bpmn.not-executable", f"Process {name!r} is only drawn.", place, 'Set isExecutable="true" on it.'
            )
        known = ", ".join(self.processes) or "none"
        message = f"There is no process {name!r}." if name else "The file has not exactly one executable process."
        raise BpmnError("bpmn.no-process", message, place, f"Executable processes: {known}.")
