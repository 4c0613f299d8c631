"""Event listeners (5.4.2): a time, a person's signal, a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anyshore.cmmn import moves, times, variables
from anyshore.cmmn.binding import Element, attribute, child
from anyshore.cmmn.definition import Family, Item
from anyshore.cmmn.expressions import value
from anyshore.cmmn.lifecycles import EVENT_OR_MILESTONE
from anyshore.cmmn.model import Expression, PlanItemDefinition, StandardEvent
from anyshore.cmmn.names import ANYSHORE
from anyshore.kernel import waits
from anyshore.kernel.commands import Resolve
from anyshore.kernel.counting import Counting
from anyshore.kernel.state import MESSAGE, TIMER, Node, Wait
from anyshore.kernel.turn import Turn, WorkFailed, open_incident


@dataclass(frozen=True, slots=True, kw_only=True)
class EventListener(PlanItemDefinition):
    """A generic event listener: it occurs when someone says so, or when its message arrives.

    Attributes:
        message: name of the message it waits for (ours).
        key: FEEL text of the message's correlation key (ours).
    """

    message: str | None = attribute("message", namespace=ANYSHORE)
    key: str | None = attribute("key", namespace=ANYSHORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEventListener(PlanItemDefinition):
    """Occurs when a person says so (5.4.2.2); only these roles may."""

    authorized_role_refs: tuple[str, ...] = attribute("authorizedRoleRefs", tuple, default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTrigger(Element):
    """What a timer counts from (5.4.2.1)."""

    source_ref: str = attribute("sourceRef", default="")
    standard_event: StandardEvent | None = child("standardEvent", StandardEvent)

    @property
    def event(self) -> str:
        """The transition it waits for."""
        return self.standard_event.text if self.standard_event else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerEventListener(PlanItemDefinition):
    """Occurs at a time (5.4.2.1): an ISO 8601 date-time, duration or cycle, or FEEL that gives one.

    Attributes:
        calendar: name of the business calendar it counts by (ours).
    """

    calendar: str | None = attribute("calendar", namespace=ANYSHORE)

    timer_expression: Expression | None = child("timerExpression", Expression)
    plan_item_trigger: StartTrigger | None = child("planItemStartTrigger", StartTrigger)
    file_item_trigger: StartTrigger | None = child("caseFileItemStartTrigger", StartTrigger)


def open_timer(turn: Turn, node: int, item: Item) -> None:
    """Opens the timer: the time asked for, counted from now, or the next time of a cycle."""
    try:
        found = _due(turn, node, item)
    except (ValueError, OverflowError) as problem:
        _broken(turn, WorkFailed(node, "case.timer", f"The timer {item.name!r} has no time: {problem}"), item)
        return
    except WorkFailed as failure:
        _broken(turn, failure, item)
        return
    waits.open_wait(turn, node, TIMER, name=item.name, due=found.at, data=found.stored())


def _due(turn: Turn, node: int, item: Item) -> times.Due:
    private = turn.state.nodes[node].private
    counting = Counting(turn.zone, (item.timer.calendar if item.timer is not None else "") or "", turn.calendars)
    if "rounds" in private:
        found = times.following(private["rounds"], private["since"], counting)
    else:
        # An older case keeps the rest of a cycle as text.
        found = times.due(private.get("cycle") or _asked(turn, node, item), private.get("since", turn.now), counting)
    if found is None:
        raise ValueError("the last time of its cycle was before")
    return found


def _broken(turn: Turn, failure: WorkFailed, item: Item) -> None:
    failure.location = item.definition.location
    failure.hint = (
        failure.hint or "Write an ISO 8601 date-time, duration or cycle, mend the variables or the calendar, and retry."
    )
    open_incident(turn, failure, [("listen", failure.node)])


def _asked(turn: Turn, node: int, item: Item) -> str:
    timer = item.timer
    if timer is None or timer.expression is None:
        return timer.iso if timer else ""
    found = value(turn, node, timer.expression, moves.view(turn, node, timer.expression))
    if found is None:
        raise ValueError("its expression is null")
    return str(found)


def fire(turn: Turn, node: Node, item: Item, wait: Wait, command: Resolve) -> None:
    """The time has come, or the message: the listener occurs. A cycle goes on with the next instance."""
    variables.write(turn, node.id, variables.returned(turn, node.id, (), command.variables))
    occur(turn, node.id, item, wait)


def occur(turn: Turn, node: int, item: Item, wait: Wait | None = None) -> None:
    """A listener occurs. A cycle goes on with the next instance, counted from when this one was due."""
    parent = turn.state.nodes[node].parent
    following = moves.following(turn, turn.state.nodes[node])
    again = _again(turn, item, wait)
    moves.end(turn, node, "occur")
    if again and parent is not None and parent in turn.state.nodes and item.repetition is None:
        moves.repeat(turn, item, parent, {**following, **again})


def _again(turn: Turn, item: Item, wait: Wait | None) -> dict[str, Any]:
    """What the next instance of a cycle has to know; empty where there is none."""
    if wait is None:
        return {}
    since = wait.due if wait.due is not None else turn.now
    if "cycle" in wait.data:
        return {"cycle": wait.data["cycle"], "since": since}
    if "every" not in wait.data or _over(turn, item, wait, since):
        return {}
    return {"rounds": dict(wait.data), "since": since}


def _over(turn: Turn, item: Item, wait: Wait, since: int) -> bool:
    """Whether the cycle ends before its next time; where that cannot be counted, the next instance says so."""
    calendar = (item.timer.calendar if item.timer is not None else "") or ""
    try:
        return times.following(wait.data, since, Counting(turn.zone, calendar, turn.calendars)) is None
    except (ValueError, OverflowError):
        return False


def open_message(turn: Turn, node: int, item: Item) -> None:
    """Waits for its message, where it has one."""
    definition = item.definition
    if not isinstance(definition, EventListener) or not definition.message:
        return
    key = None
    if item.reference is not None:
        try:
            found = value(turn, node, item.reference, moves.view(turn, node, item.reference))
        except WorkFailed as failure:
            _broken(turn, failure, item)
            return
        key = None if found is None else str(found)
    waits.open_wait(turn, node, MESSAGE, name=definition.message, key=key, data={"element": item.id})


EVENT = Family(
    "eventListener", EventListener, EVENT_OR_MILESTONE, frozenset({MESSAGE}), True, created=open_message, resolved=fire
)
USER_EVENT = Family("userEventListener", UserEventListener, EVENT_OR_MILESTONE, listener=True)
TIMER_EVENT = Family(
    "timerEventListener", TimerEventListener, EVENT_OR_MILESTONE, frozenset({TIMER}), True,
    created=open_timer, resolved=fire,
)  # fmt: skip
