"""Event listeners (5.4.2): a time, a person's signal, a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anyshore.cmmn import moves, times, variables
from anyshore.cmmn.binding import Element, attribute, child
from anyshore.cmmn.definition import START, Checking, Family, Item, Linking, Listener, Timer
from anyshore.cmmn.expressions import value
from anyshore.cmmn.lifecycles import EVENT_OR_MILESTONE
from anyshore.cmmn.model import Expression, PlanItemDefinition, StandardEvent
from anyshore.cmmn.names import ANYSHORE, FILE_EVENTS, PLAN_ITEM_EVENTS
from anyshore.cmmn.templates import TEXT, Building, Draft, Template, Writing, put, reference
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


def linked_timer(linker: Linking, item: Item, timer: TimerEventListener) -> None:
    """Its time, read once where it is ISO 8601, and what it starts on."""
    item.timer = _time(linker, timer)
    if timer.plan_item_trigger or timer.file_item_trigger:
        item.starts_on = START


def _time(linker: Linking, timer: TimerEventListener) -> Timer | None:
    expression = timer.timer_expression
    if expression is None or not expression.text:
        linker.problem(
            "cmmn.no-time", f"The timer {timer.id!r} has no expression.", timer,
            "Add a timerExpression: an ISO 8601 date-time, duration or cycle, or FEEL.",
        )  # fmt: skip
        return None
    if times.is_iso(expression.text):
        wrong = times.problem(expression.text, timer.calendar)
        if wrong is not None:
            linker.problem("cmmn.timer", f"{expression.text!r} is no time: {wrong}.", expression, _TIME)
        return Timer(expression.text, calendar=timer.calendar or "")
    return Timer(expression=linker.expression(expression), calendar=timer.calendar or "")


def heard_timer(linker: Linking, item: Item, timer: TimerEventListener) -> None:
    """What it starts on."""
    if timer.plan_item_trigger is not None:
        linker.hear(timer.plan_item_trigger, Listener(item.id, START, START, "", False))
    if timer.file_item_trigger is not None:
        linker.hear(timer.file_item_trigger, Listener(item.id, START, START, "", False), file=True)


def linked_event(linker: Linking, item: Item, listener: EventListener) -> None:
    """The key of its message."""
    if listener.key:
        item.reference = linker.compile(listener.key, listener.location)


def checked_timer(checker: Checking, timer: TimerEventListener) -> None:
    """What it starts on is there and makes such a transition."""
    for trigger, what, known, events in (
        (timer.plan_item_trigger, "plan item", checker.items, PLAN_ITEM_EVENTS),
        (timer.file_item_trigger, "case file item", checker.files, FILE_EVENTS),
    ):
        if trigger is not None:
            checker.refs(trigger, (trigger.source_ref,), what, known)
            checker.event(trigger, trigger.event, events)


def checked_user(checker: Checking, listener: UserEventListener) -> None:
    """The roles that may say so are of the case."""
    checker.refs(listener, listener.authorized_role_refs, "role", checker.roles)


def _build_timer(builder: Building, draft: Draft) -> TimerEventListener:
    data = draft.data
    triggers: dict[str, Any] = {}
    if "starts_on" in data:
        place = (*draft.path, "starts_on")
        source, transition, kind = builder.event(data["starts_on"], place)
        trigger = StartTrigger(
            source_ref=source, standard_event=StandardEvent(text=transition), location=builder.at(place)
        )
        triggers["file_item_trigger" if kind == "document" else "plan_item_trigger"] = trigger
    expression = builder.expression(data["at"], (*draft.path, "at"))
    return TimerEventListener(**draft.own, timer_expression=expression, calendar=data.get("calendar"), **triggers)


def _write_timer(writer: Writing, timer: TimerEventListener) -> dict[str, Any]:
    data: dict[str, Any] = {"at": timer.timer_expression.text if timer.timer_expression else ""}
    trigger = timer.plan_item_trigger or timer.file_item_trigger
    put(data, calendar=timer.calendar, starts_on=writer.event(trigger) if trigger is not None else None)
    return data


def _build_user(builder: Building, draft: Draft) -> UserEventListener:
    return UserEventListener(**draft.own, authorized_role_refs=tuple(draft.data.get("roles", ())))


def _write_user(writer: Writing, listener: UserEventListener) -> dict[str, Any]:
    return {"roles": list(listener.authorized_role_refs)} if listener.authorized_role_refs else {}


def _build_message(builder: Building, draft: Draft) -> EventListener:
    return EventListener(**draft.own, message=draft.data["message"], key=draft.data.get("key"))


def _write_message(writer: Writing, listener: EventListener) -> dict[str, Any]:
    if not listener.message:
        writer.cannot(listener, "an event listener without a message")
        return {}
    data: dict[str, Any] = {"message": listener.message}
    put(data, key=listener.key)
    return data


_TIME = "Write an ISO 8601 date-time, duration or repeating interval (5.4.2.1), for example PT2H or R3/P1D."
_AT = {**TEXT, "description": "ISO 8601 date-time, duration or cycle, or FEEL"}
_CALENDAR = {**TEXT, "description": "business calendar of the engagement's terms it counts by"}

TIMER_EVENT = Family(
    "timerEventListener", TimerEventListener, EVENT_OR_MILESTONE, frozenset({TIMER}), True,
    created=open_timer, resolved=fire, linked=linked_timer, heard=heard_timer, checked=checked_timer,
    template=Template(
        "timer", "", {"at": _AT, "calendar": _CALENDAR, "starts_on": reference("event")}, _build_timer, _write_timer,
        needed=("at",), enters=False, manual=False, ends="occur",
    ),
)  # fmt: skip
USER_EVENT = Family(
    "userEventListener", UserEventListener, EVENT_OR_MILESTONE, listener=True, checked=checked_user,
    template=Template(
        "user", "a signal a person gives", {"roles": reference("roles")}, _build_user, _write_user,
        enters=False, manual=False, ends="occur",
    ),
)  # fmt: skip
EVENT = Family(
    "eventListener", EventListener, EVENT_OR_MILESTONE, frozenset({MESSAGE}), True,
    created=open_message, resolved=fire, linked=linked_event,
    template=Template(
        "message", "a message from outside", {"message": TEXT, "key": TEXT}, _build_message, _write_message,
        needed=("message",), enters=False, manual=False, ends="occur",
    ),
)  # fmt: skip
