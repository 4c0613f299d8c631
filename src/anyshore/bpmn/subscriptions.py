"""What an element listens to: opening the waits of catching events, and looking at conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyshore.bpmn import data, expressions, timers
from anyshore.bpmn.correlation import awaited_key
from anyshore.bpmn.data import CONDITIONS
from anyshore.bpmn.model import Event, Trigger
from anyshore.bpmn.records import WATCHED, Unwatched, Watched
from anyshore.kernel import nodes, scopes, waits
from anyshore.kernel.counting import Counting
from anyshore.kernel.state import CONDITION, MESSAGE, ROOT, SIGNAL, TIMER, Wait
from anyshore.kernel.turn import Turn, WorkFailed

WAITING = frozenset({"message", "signal", "timer", "conditional"})
"""Triggers that wait for something; the others are found when they are thrown."""

UNSEEN = "unseen"
"""Key of the root's private slot: conditions and joins have to be looked at when the instance goes on."""

BEGIN = "begin"
CAUGHT = "caught"
"""Task (CAUGHT, owner, event, index, variables, more): a trigger of an event occurred."""


@dataclass(slots=True)
class Opening:
    """A wait about to be opened; everything in it is computed already."""

    kind: str
    name: str | None = None
    key: str | None = None
    due: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


def prepare(turn: Turn, events: Iterable[Event], view: Mapping[str, Any], node: int) -> list[Opening]:
    """The waits of these events. Evaluates, emits nothing.

    A cycle whose last round was before now is not waited for, where the event stands beside the way of the tokens.

    Raises:
        WorkFailed: on ``node``: a timer has no date.
    """
    found = [
        (opening if event.position == "catch" else opening_if_any)(turn, event, index, trigger, view, node)
        for event in events
        for index, trigger in enumerate(event.triggers)
        if trigger.kind in WAITING
    ]
    return [one for one in found if one is not None]


def opening(turn: Turn, event: Event, index: int, trigger: Trigger, view: Mapping[str, Any], node: int) -> Opening:
    """The wait of one trigger, without which the process does not go on.

    Raises:
        WorkFailed: on ``node``: a timer has no date, or its last one was before now.
    """
    found = opening_if_any(turn, event, index, trigger, view, node)
    if found is None:
        raise _bad_timer(node, event, ValueError("a cycle whose last time was before it began"))
    return found


def opening_if_any(
    turn: Turn, event: Event, index: int, trigger: Trigger, view: Mapping[str, Any], node: int
) -> Opening | None:
    """The wait of one trigger; None for a cycle whose last round was before now.

    Raises:
        WorkFailed: on ``node``: a timer has no date.
    """
    about: dict[str, Any] = {"event": event.id, "index": index}
    match trigger.kind:
        case "message":
            return Opening(MESSAGE, trigger.name, awaited_key(turn, trigger.correlation, view), data=about)
        case "signal":
            return Opening(SIGNAL, trigger.name, data=about)
        case "timer":
            return _timer(turn, event, trigger, view, node, about)
        case _:
            return Opening(CONDITION, event.label, data=about)


def fits(trigger: Trigger, wait: Wait) -> bool:
    """Whether a wait is for what a trigger of another version waits for, so that it may go on.

    A timer goes on as it was set, whatever the new version writes, unless one is a cycle and the other is not.
    """
    match trigger.kind:
        case "message":
            keyed = trigger.correlation is not None
            return wait.kind == MESSAGE and wait.name == trigger.name and keyed == (wait.key is not None)
        case "signal":
            return wait.kind == SIGNAL and wait.name == trigger.name
        case "timer":
            cycle = trigger.timer is not None and trigger.timer.kind == "cycle"
            return wait.kind == TIMER and cycle == ("every" in wait.data)
        case "conditional":
            return wait.kind == CONDITION
    return False


def _timer(
    turn: Turn, event: Event, trigger: Trigger, view: Mapping[str, Any], node: int, about: dict[str, Any]
) -> Opening | None:
    assert trigger.timer is not None
    try:
        found = timers.schedule(
            trigger.timer,
            turn.now,
            turn.zone,
            turn.calendars,
            lambda expression: expressions.value(turn, expression, view, node, event.location),
        )
    except (ValueError, OverflowError) as problem:
        raise _bad_timer(node, event, problem) from problem
    return None if found is None else Opening(TIMER, event.label, due=found.due, data=about | timers.stored(found))


def open_all(turn: Turn, owner: int, openings: Iterable[Opening]) -> None:
    """Opens prepared waits. A condition is looked at before the next step: it may hold already."""
    for found in openings:
        wait = waits.open_wait(turn, owner, found.kind, name=found.name, key=found.key, due=found.due, data=found.data)
        if found.kind == CONDITION:
            turn.emit(Watched(wait))
            turn.agenda.appendleft((CONDITIONS[0], wait))


def again(turn: Turn, wait: Wait, event: Event, *, missed: bool = False) -> Opening | None:
    """The wait for the next time of a cycle; None where it has ended.

    Args:
        turn: the turn.
        wait: what was waited for.
        event: the event that waits.
        missed: whether what was due until now is left out.

    Raises:
        WorkFailed: on the owner of the wait: its business calendar is gone.
    """
    timer = event.triggers[wait.data["index"]].timer
    assert timer is not None
    due = wait.due or turn.now
    try:
        counting = Counting(turn.zone, timer.calendar, turn.calendars)
        found = (
            timers.upcoming(wait.data, due, turn.now, counting)
            if missed
            else timers.following(wait.data, due, counting)
        )
    except (ValueError, OverflowError) as problem:
        raise _bad_timer(wait.owner, event, problem) from problem
    if found is None:
        return None
    about = {"event": event.id, "index": wait.data["index"]}
    return Opening(TIMER, wait.name, due=found.due, data=about | timers.stored(found))


def _bad_timer(node: int, event: Event, problem: Exception) -> WorkFailed:
    hint = "Correct the variables and retry, or correct the model and migrate."
    return WorkFailed(node, "bpmn.bad-timer", f"The timer of {event.label!r} is {problem}.", event.location, hint)


def occurred(turn: Turn, wait: Wait, variables: dict[str, Any]) -> None:
    """The trigger behind a wait occurred: closes the wait or keeps it for the next time, and plans the rest."""
    event: Event = turn.definition.elements[wait.data["event"]]
    more = False
    if wait.kind == TIMER:
        repeats = _stays(event) or turn.state.nodes[wait.owner].element == event.id
        following = again(turn, wait, event) if repeats else None
        waits.close(turn, wait.id)
        if following is not None:
            open_all(turn, wait.owner, [following])
            more = True
        elif _stays(event):
            timer = event.triggers[wait.data["index"]].timer
            nodes.note(turn, wait.owner, f"over:{event.id}:{wait.data['index']}", timer.kind if timer else None)
    elif not _stays(event):
        waits.close(turn, wait.id)
    turn.agenda.appendleft((CAUGHT, wait.owner, event.id, wait.data["index"], variables, more))


def _stays(event: Event) -> bool:
    """Whether the event listens on after it has fired."""
    return not event.interrupting and event.position in ("boundary", "start")


def look(turn: Turn, wait: int | None) -> None:
    """Looks at one condition, or at all of them; those that have become true occur.

    A condition has to become false before it can fire again (BPMN 2.0.2, 10.5.5, Conditional).
    """
    if turn.state.suspended:
        nodes.note(turn, ROOT, UNSEEN, True)
        return
    watched = turn.state.nodes[ROOT].private.get(WATCHED, ()) if ROOT in turn.state.nodes else ()
    asked = list(watched) if wait is None else [wait]
    gone = [one for one in asked if one not in turn.state.waits]
    seen = [(found, _truth(turn, found)) for one in asked if (found := turn.state.waits.get(one)) is not None]
    if gone and watched:
        turn.emit(Unwatched(gone))
    for found, truth in seen:
        if found.id not in turn.state.waits:
            continue
        if "ready" in found.data:
            if truth:
                waits.close(turn, found.id)
                turn.agenda.appendleft((BEGIN, found.owner))
            continue
        key = f"true:{found.data['event']}:{found.data['index']}"
        before = turn.state.nodes[found.owner].private.get(key, False)
        if truth and not before:
            event = turn.definition.elements[found.data["event"]]
            if _stays(event):
                nodes.note(turn, found.owner, key, True)
            occurred(turn, found, {})
        elif before and not truth:
            nodes.note(turn, found.owner, key, None)


def _truth(turn: Turn, wait: Wait) -> bool:
    if "ready" in wait.data:
        activity = turn.definition.elements[turn.state.nodes[wait.owner].element]
        given = data.inputs(turn, activity.data, scopes.view(turn.state, wait.owner))
        return data.available(activity.data, given)
    event: Event = turn.definition.elements[wait.data["event"]]
    condition = event.triggers[wait.data["index"]].condition
    assert condition is not None
    return expressions.is_true(turn, condition, scopes.view(turn.state, wait.owner))
