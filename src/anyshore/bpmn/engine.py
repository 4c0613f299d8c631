"""The BPMN engine: what the kernel asks, answered by explicit tables. Source: BPMN 2.0.2, chapter 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyshore.base.errors import CommandRejected, InternalError
from anyshore.bpmn import (
    activities,
    catching_up,
    compensation,
    correlation,
    flow,
    loops,
    migration,
    performers,
    propagation,
    records,
    scope,
    starting,
    subscriptions,
)
from anyshore.bpmn.activities import ACTIVE, HANDLING
from anyshore.bpmn.data import CONDITIONS
from anyshore.bpmn.elements import calls, gateways
from anyshore.bpmn.elements.calls import CallActivity
from anyshore.bpmn.model import Scope
from anyshore.kernel import nodes, scopes, waits
from anyshore.kernel.commands import Act, Cancel, Command, Fail, Migrate, Resolve, Start, Write
from anyshore.kernel.records import Record
from anyshore.kernel.state import CHILD, CONDITION, INCIDENT, JOB, ROOT, WORK
from anyshore.kernel.turn import Task, Turn, WorkFailed, open_incident

DONE, FAILED, THROWN = "done", "failed", "thrown"
"""Tasks: (DONE, node, results); (FAILED, node, code, message, variables); (THROWN, node, code, variables)."""


class BpmnEngine:
    """Runs processes. Without state of its own; the definition it runs is a ``Process``."""

    apply = staticmethod(records.apply)
    records: tuple[type[Record], ...] = records.RECORDS

    def accept(self, turn: Turn, command: Command) -> None:
        """Turns a command into records and tasks.

        Raises:
            CommandRejected: the command does not fit the state.
        """
        match command:
            case Start():
                starting.start(turn, command)
            case Resolve():
                _resolve(turn, command)
            case Fail():
                _fail(turn, command)
            case Write():
                _write(turn, command)
            case Act():
                _act(turn, command)
            case Cancel():
                nodes.leave(turn, ROOT, "cancelled", "cancelled")
            case Migrate():
                migration.migrate(turn, command)
            case _:
                raise CommandRejected("bpmn.unknown-command", f"A process cannot answer {type(command).__name__}.")

    def run(self, turn: Turn, task: Task) -> None:
        """Does one step."""
        verb = task[0]
        if verb == flow.ENTER:
            if task[2] in turn.state.nodes:
                element = turn.definition.elements[task[1]]
                element.enter(turn, element, task[2], task[3])
            return
        handler = _VERBS.get(verb)
        if handler is None:
            raise InternalError("bpmn.unknown-task", f"Nobody does {task!r}.")
        handler(turn, task)

    def settle(self, turn: Turn) -> bool:
        """Fires joins and completes scopes whose surroundings changed."""
        changed, found = turn.changed, turn.state.nodes
        if turn.state.suspended:
            # What changes while it stands still (writing, migrating) is looked at when it is resumed.
            return False
        if ROOT in changed and catching_up.catch_up(turn):
            return True
        agenda = turn.agenda
        fired = False
        # Scopes that have got tokens since this pass began: what they look like now is not at rest.
        moving: set[int] = set()
        for node in list(changed):
            if node in moving:
                continue
            current = found.get(node)
            if current is None:
                changed.pop(node, None)
                continue
            before = len(agenda)
            # Taken off first, so that what firing changes is seen in the next pass.
            changed.pop(node, None)
            if current.state == compensation.COMPENSATING:
                now = scope.compensated(turn, node)
            elif current.state in (ACTIVE, HANDLING):
                element = turn.definition.elements[current.element]
                now = isinstance(element, Scope) and element.settle(turn, element, node)
            else:
                now = False
            if now:
                fired = True
                for index in range(before, len(agenda)):
                    task = agenda[index]
                    moving.add(task[2] if task[0] in (flow.ENTER, flow.OUT, gateways.SPLIT) else task[1])
        return fired


# Commands


def _resolve(turn: Turn, command: Resolve) -> None:
    wait = waits.expect(turn.state, command.wait)
    if wait.kind in (INCIDENT, CONDITION):
        raise CommandRejected(
            "wait.not-resolvable",
            f"Wait {wait.id} is a {wait.kind}.",
            hint="Retry an incident; write the variables of a condition.",
        )
    if wait.kind not in (WORK, JOB, CHILD):
        subscriptions.occurred(turn, wait, dict(command.variables))
        return
    if wait.kind == WORK:
        performers.finish(turn, wait, command.by)
    waits.close(turn, wait.id)
    if command.outcome is not None and command.outcome.startswith("error:"):
        code = command.outcome.partition(":")[2]
        if wait.kind == CHILD:
            turn.plan(THROWN, wait.owner, code, command.variables)
        else:
            turn.plan(FAILED, wait.owner, code, "", command.variables)
    else:
        turn.plan(DONE, wait.owner, command.variables)


def _fail(turn: Turn, command: Fail) -> None:
    wait = waits.expect(turn.state, command.wait)
    if wait.kind not in (WORK, JOB, CHILD):
        raise CommandRejected("wait.cannot-fail", f"Wait {wait.id} is a {wait.kind}; only work can fail.")
    waits.close(turn, wait.id)
    turn.plan(FAILED, wait.owner, command.code, command.message, command.variables)


def _write(turn: Turn, command: Write) -> None:
    target = ROOT if command.scope is None else command.scope
    if target not in turn.state.nodes:
        raise CommandRejected("scope.unknown", f"There is no node {target}.")
    for name, value in command.variables.items():
        scopes.write(turn, target, name, value)
    turn.agenda.append(CONDITIONS)


def _act(turn: Turn, command: Act) -> None:
    """The engine's own verbs: ``start`` and ``complete`` for ad-hoc sub-processes, ``escalate`` for a call activity."""
    handler = _ACTS.get(command.verb)
    if handler is None:
        raise CommandRejected(
            "bpmn.unknown-verb", f"A process knows no {command.verb!r}.", hint=f"It knows {', '.join(_ACTS)}."
        )
    number = command.node if command.wait is None else waits.expect(turn.state, command.wait).owner
    node = turn.state.nodes.get(number or 0)
    if node is None:
        raise CommandRejected("node.unknown", f"There is no active node {number}.")
    handler(turn, node.id, command)


def _act_start(turn: Turn, node: int, command: Act) -> None:
    adhoc = _adhoc(turn, node)
    element = turn.definition.elements.get(command.element or "")
    if element is None or element.container != adhoc.id or element.incoming:
        raise CommandRejected("adhoc.unknown-activity", f"{command.element!r} cannot be started in {adhoc.label!r}.")
    if adhoc.ordering == "Sequential" and activities.busy(turn.state, node):
        raise CommandRejected("adhoc.busy", f"{adhoc.label!r} does one activity at a time.")
    scope.select_by_hand(turn, adhoc, node, element.id)


def _act_complete(turn: Turn, node: int, _command: Act) -> None:
    scope.end_adhoc(turn, _adhoc(turn, node), node)


def _adhoc(turn: Turn, node: int) -> Scope:
    found = turn.state.nodes[node]
    element = turn.definition.elements[found.element]
    if not isinstance(element, Scope) or element.ordering is None or found.state != ACTIVE:
        raise CommandRejected("adhoc.none", f"Node {node} is no active ad-hoc sub-process.")
    return element


def _act_escalate(turn: Turn, node: int, command: Act) -> None:
    data = dict(command.data)
    code = data.pop("code", None)
    turn.plan("escalated", node, code, data)


_ACTS: dict[str, Callable[[Turn, int, Act], None]] = {
    "start": _act_start, "complete": _act_complete, "escalate": _act_escalate,
}  # fmt: skip


# Tasks


def _out(turn: Turn, task: Task) -> None:
    if task[2] in turn.state.nodes:
        flow.run_out(turn, turn.definition.elements[task[1]], task[2], task[3])


def _split(turn: Turn, task: Task) -> None:
    if task[2] in turn.state.nodes:
        gateways.split_complex(turn, turn.definition.elements[task[1]], task[2], task[3])


def _on_loop(action: Callable[..., None]) -> Callable[[Turn, Task], None]:
    """A task about a loop: forgotten where the loop is over."""

    def run(turn: Turn, task: Task) -> None:
        node = turn.state.nodes.get(task[1])
        if node is not None and node.state == activities.LOOPING:
            action(turn, turn.definition.elements[node.element], *task[1:])

    return run


def _on_node(action: Callable[..., None]) -> Callable[[Turn, Task], None]:
    """A task about a node: forgotten where the node is gone."""

    def run(turn: Turn, task: Task) -> None:
        node = turn.state.nodes.get(task[1])
        if node is not None:
            action(turn, turn.definition.elements[node.element], *task[1:])

    return run


def _begin(turn: Turn, element: Any, node: int) -> None:
    if not starting.ready(turn, element, node):
        return
    element.begin(turn, element, node)


def _caught(turn: Turn, _owner: Any, node: int, event_id: str, index: int, variables: Any, more: bool) -> None:
    event = turn.definition.elements[event_id]
    if event.parallel:
        key = f"got:{event_id}"
        got = turn.state.nodes[node].private.get(key, [])
        if len(set(got) | {index}) < len(event.triggers):
            nodes.note(turn, node, key, [*got, index])
            return
        # All of it can occur again only where each part can: a single timer cannot, however often a cycle comes round.
        heard = {wait.data["index"] for wait in waits.of(turn.state, node) if wait.data.get("event") == event_id}
        more = more and len(heard) == len(event.triggers)
    event.fire(turn, event, node, variables, more)
    correlation.learn(turn, event.triggers[index].correlation, variables)
    if event.parallel and node in turn.state.nodes:
        nodes.note(turn, node, f"got:{event_id}", None)


def _done(turn: Turn, activity: Any, node: int, results: dict[str, Any]) -> None:
    if isinstance(activity, CallActivity):
        calls.complete_call(turn, activity, node, results)
    else:
        activities.complete(turn, activity, node, results)


def _failed(turn: Turn, activity: Any, node: int, code: str, message: str, variables: dict[str, Any]) -> None:
    called = isinstance(activity, CallActivity)
    if not propagation.throw_error(turn, node, code, message, variables, called=called):
        failure = WorkFailed(node, code, message, activity.location, "Repair the cause and retry.")
        open_incident(turn, failure, [(activities.BEGIN, node)])


def _thrown(turn: Turn, _call: Any, node: int, code: str, variables: dict[str, Any]) -> None:
    """What is called ended with an error that nobody caught in it: it goes on outwards as in a sub-process (10.5.6)."""
    propagation.throw_end_error(turn, node, code, variables, called=True)


def _escalated(turn: Turn, _activity: Any, node: int, code: str | None, variables: dict[str, Any]) -> None:
    propagation.throw_escalation(turn, node, code, variables)


def _compensate(turn: Turn, _element: Any, node: int) -> None:
    compensation.step(turn, node)


def _conditions(turn: Turn, task: Task) -> None:
    subscriptions.look(turn, task[1])


def _broadcast(turn: Turn, task: Task) -> None:
    propagation.broadcast(turn, task[1], task[2])


_VERBS: dict[str, Callable[[Turn, Task], None]] = {
    flow.OUT: _out,
    gateways.SPLIT: _split,
    activities.ARM: _on_node(activities.arm),
    activities.BEGIN: _on_node(_begin),
    activities.LOOP: _on_loop(loops.begin),
    activities.ITERATED: _on_loop(loops.iterated),
    activities.ADHOC: _on_node(scope.after_inner),
    loops.INSTANCE: _on_loop(loops.instance),
    loops.NEXT: _on_loop(loops.advance),
    loops.OVER: _on_loop(loops.end),
    scope.START: _on_node(scope.start),
    subscriptions.CAUGHT: _on_node(_caught),
    compensation.COMPENSATE: _on_node(_compensate),
    starting.TRIGGERED: _on_node(starting.triggered),
    DONE: _on_node(_done),
    FAILED: _on_node(_failed),
    THROWN: _on_node(_thrown),
    "escalated": _on_node(_escalated),
    CONDITIONS[0]: _conditions,
    propagation.BROADCAST: _broadcast,
}
