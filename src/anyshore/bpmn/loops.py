"""Loops and multi-instance activities. Source: BPMN 2.0.2, 10.3.8, 13.3.6 and 13.3.7.

A node in the state ``looping`` stands for the whole activity; every instance is a child of it with the same element.
Its private slot holds ``total``, ``started``, ``done``, ``items`` and the results ``out:1``, ``out:2`` and so on, each
written once, so that the cost of n instances grows with n.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anyshore.bpmn import activities, data, expressions, propagation
from anyshore.bpmn.model import Activity, Loop
from anyshore.kernel import nodes, scopes
from anyshore.kernel.turn import Turn, WorkFailed

INSTANCE, NEXT, OVER = "instance", "next", "over"
"""Tasks: (INSTANCE, loop node, number); (NEXT, loop node, instances done); (OVER, loop node)."""


def begin(turn: Turn, activity: Activity, body: int) -> None:
    """The loop's node lives: finds out how many instances there are and begins."""
    loop = activity.loop
    assert loop is not None
    view = scopes.view(turn.state, body)
    if not loop.multi:
        if loop.test_before and not _again(turn, activity, loop, body, 0):
            end(turn, activity, body)
        else:
            turn.plan(INSTANCE, body, 1)
        return
    items = loop.collection(turn, view) if loop.collection is not None else None
    total = _total(turn, activity, loop, body, view, items)
    nodes.note(turn, body, "total", total)
    if items is not None:
        nodes.note(turn, body, "items", items)
    if not total:
        end(turn, activity, body)
    for number in range(1, min(total, 1 if loop.sequential else total) + 1):
        turn.plan(INSTANCE, body, number)


def _total(turn: Turn, activity: Activity, loop: Loop, body: int, view: Mapping[str, Any], items: Any) -> int:
    if loop.collection is None:
        assert loop.cardinality is not None
        return expressions.count(turn, loop.cardinality, view, body, activity.location)
    if not isinstance(items, list):
        raise WorkFailed(
            body,
            "bpmn.no-collection",
            f"The collection of {activity.label!r} is no list.",
            activity.location,
            "Correct the variables and retry.",
        )
    return len(items)


def instance(turn: Turn, activity: Activity, body: int, number: int) -> None:
    """One instance comes to life."""
    loop = activity.loop
    assert loop is not None
    private = turn.state.nodes[body].private
    items = private.get("items")
    nodes.note(turn, body, "started", number)
    node = nodes.enter(turn, activity.id, body, activities.ACTIVE)
    scopes.declare(turn, node, "loopCounter", Decimal(number))
    if loop.item is not None and items is not None:
        scopes.declare(turn, node, loop.item, items[number - 1])
    if loop.output_item is not None and loop.output_item != loop.item:
        scopes.declare(turn, node, loop.output_item, None)
    activities.own_properties(turn, activity, node)
    turn.plan(activities.BEGIN, node)


def iterated(turn: Turn, activity: Activity, body: int, node: int) -> None:
    """An instance completed: keeps its result and counts it."""
    if node not in turn.state.nodes:
        return
    loop = activity.loop
    assert loop is not None
    view = scopes.view(turn.state, node)
    number = view["loopCounter"]
    if loop.collect is not None:
        result = expressions.evaluate(turn, loop.collect, view)
        # None would remove the key; an empty place in the list means null.
        if result is not None:
            nodes.note(turn, body, f"out:{number}", result)
    activities.retire(turn, activity, node)
    done = int(turn.state.nodes[body].private.get("done", 0)) + 1
    nodes.note(turn, body, "done", done)
    turn.plan(NEXT, body, done)


def advance(turn: Turn, activity: Activity, body: int, done: int) -> None:
    """After an instance: throws the events of the behaviour, and goes on or ends."""
    loop = activity.loop
    assert loop is not None
    if not loop.multi:
        if _again(turn, activity, loop, body, done):
            turn.plan(INSTANCE, body, done + 1)
        else:
            end(turn, activity, body)
        return
    view = _counters(turn, body, done)
    thrown, ended = _behavior(turn, activity, loop, body, view, done)
    if not ended and loop.condition is not None:
        ended = expressions.holds(turn, loop.condition, view, body, activity.location)
    private = turn.state.nodes[body].private
    total, started = private["total"], private["started"]
    if ended or done >= total:
        turn.agenda.appendleft((OVER, body))
    elif loop.sequential and done == started:
        turn.agenda.appendleft((INSTANCE, body, started + 1))
    for trigger in reversed(thrown):
        propagation.throw_from_loop(turn, body, trigger)


def catch_up(turn: Turn, activity: Activity, body: int) -> None:
    """After a migration: instances that followed each other and now run side by side all begin."""
    loop, private = activity.loop, turn.state.nodes[body].private
    if loop is not None and loop.multi and not loop.sequential and "started" in private:
        for number in range(int(private["started"]) + 1, int(private["total"]) + 1):
            turn.plan(INSTANCE, body, number)


def _counters(turn: Turn, body: int, done: int) -> Mapping[str, Any]:
    """The runtime attributes of a multi-instance activity, over its variables."""
    private = turn.state.nodes[body].private
    numbers = {
        "numberOfInstances": Decimal(private["total"]),
        "numberOfActiveInstances": Decimal(private.get("started", 0) - private.get("done", 0)),
        "numberOfCompletedInstances": Decimal(done),
        "numberOfTerminatedInstances": Decimal(0),
        "loopCounter": Decimal(done),
    }
    return data.overlay(numbers, scopes.view(turn.state, body))


def _behavior(
    turn: Turn, activity: Activity, loop: Loop, body: int, view: Mapping[str, Any], done: int
) -> tuple[list[Any], bool]:
    """The events to throw, and whether a complex behaviour ends the activity."""
    if loop.behavior == "none" or (loop.behavior == "one" and done == 1):
        return ([loop.behavior_trigger] if loop.behavior_trigger is not None else []), False
    if loop.behavior != "complex":
        return [], False
    met = [
        triggers
        for condition, triggers in loop.complex
        if expressions.holds(turn, condition, view, body, activity.location)
    ]
    return [trigger for triggers in met for trigger in triggers], bool(met)


def _again(turn: Turn, activity: Activity, loop: Loop, body: int, done: int) -> bool:
    """Whether a standard loop goes another round."""
    if loop.maximum is not None and done >= loop.maximum:
        return False
    if loop.condition is None:
        return True
    view = data.overlay({"loopCounter": Decimal(done)}, scopes.view(turn.state, body))
    return expressions.holds(turn, loop.condition, view, body, activity.location)


def end(turn: Turn, activity: Activity, body: int) -> None:
    """The loop is over: ends what is left, hands over the results and sends the tokens on."""
    loop = activity.loop
    assert loop is not None
    parent = turn.state.nodes[body].parent
    assert parent is not None
    private = turn.state.nodes[body].private
    results = [private.get(f"out:{number}") for number in range(1, int(private.get("started", 0)) + 1)]
    if loop.into is not None:  # looked at before the first record: what is too large leaves the loop as it stands
        expressions.bounded(results, body, activity.location)
    activities.interrupt(turn, body)
    if loop.into is not None:
        data.put(turn, parent, loop.into, results)
    activities.retire(turn, activity, body)
    activities.depart(turn, activity, parent)
