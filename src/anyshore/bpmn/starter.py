"""What begins by itself: the timer and conditional start events of a process, kept ready by an instance of their own.

A starter runs on the process it starts. It waits for the timers of the start events, and knows what was reported to it:
its variables. Each time a timer is due, or a condition has become true, an instance begins with those variables. A
newer version takes the older one's place by migration: a timer that is written as before goes on counting. Source: BPMN
2.0.2, 10.5.2 (Start Event) and 13.4.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anyshore.base.errors import CommandRejected, InternalError
from anyshore.bpmn import expressions, subscriptions
from anyshore.bpmn.activities import ACTIVE
from anyshore.bpmn.model import Event, Process, StartTrigger
from anyshore.bpmn.subscriptions import Opening
from anyshore.bpmn.timers import Timer
from anyshore.kernel import nodes, scopes, waits
from anyshore.kernel.commands import Cancel, Command, Migrate, Resolve, Start, Write
from anyshore.kernel.records import Entered, Migrated, Record, Resumed, Sent, VariableSet
from anyshore.kernel.state import CONDITION, ROOT, TIMER, State, Wait
from anyshore.kernel.turn import Task, Turn

STARTER = "starter"
"""Kind of the instance, and name of the wait that stays open while it stands ready for reports."""

LISTEN, FIRE = "listen", "fire"
"""Tasks: (LISTEN, start) opens a timer; (FIRE, start, due, data) begins an instance at a timer that was due."""


def begins_by_itself(process: Process) -> bool:
    """Whether a process has a start event for which nobody has to do anything."""
    return any(_triggers(process))


class StarterEngine:
    """Runs starters. Without state of its own; the definition is the ``Process`` they start."""

    records: tuple[type[Record], ...] = ()

    def accept(self, turn: Turn, command: Command) -> None:
        """Turns a command into records and tasks.

        Raises:
            CommandRejected: the command does not fit the state.
        """
        match command:
            case Start():
                _stand(turn, command)
            case Resolve():
                _due(turn, waits.expect(turn.state, command.wait))
            case Write():
                for name, value in command.variables.items():
                    scopes.declare(turn, ROOT, name, value)
            case Cancel():
                nodes.leave(turn, ROOT, "cancelled", "cancelled")
            case Migrate():
                _migrate(turn, command)
            case _:
                raise CommandRejected(
                    "bpmn.unknown-command",
                    f"A starter cannot answer {type(command).__name__}.",
                    hint="Report to it, put it on hold, or cancel it.",
                )

    def run(self, turn: Turn, task: Task) -> None:
        """Does one step."""
        if ROOT not in turn.state.nodes:
            return
        if task[1] not in dict(_triggers(turn.definition)):
            return  # an incident of an older version, tried again
        if task[0] == LISTEN:
            _listen(turn, task[1])
        elif task[0] == FIRE:
            _fire(turn, task[1], task[2], task[3])
        else:
            raise InternalError("bpmn.unknown-task", f"Nobody does {task!r}.")

    def settle(self, turn: Turn) -> bool:
        """Begins what has become true since the last look."""
        if ROOT not in turn.changed or turn.state.suspended:
            return False
        turn.changed.clear()
        if ROOT not in turn.state.nodes:
            return False
        if turn.records and isinstance(turn.records[0], Resumed):
            _leave_out_missed(turn)
        fired = False
        for name, trigger in _triggers(turn.definition):
            if trigger.condition is not None:
                fired = _look(turn, name, trigger) or fired
        turn.changed.clear()
        return fired

    def apply(self, state: State, record: Record) -> None:
        """There are no records of its own."""
        raise InternalError("engine.unknown-record", f"A starter has no {type(record).__name__}.")


def _triggers(process: Process) -> Iterator[tuple[str, StartTrigger]]:
    """The start triggers that are served here, by the name to start with."""
    for trigger in process.starts:
        if trigger.element is not None and trigger.kind in ("timer", "conditional"):
            yield trigger.element, trigger


def _event(turn: Turn, name: str) -> tuple[Event, int]:
    identifier, _, index = name.partition("#")
    return turn.definition.elements[identifier], int(index or 0)


def _stand(turn: Turn, command: Start) -> None:
    process: Process = turn.definition
    turn.emit(Entered(ROOT, process.id, None, ACTIVE))
    for name, value in command.variables.items():
        turn.emit(VariableSet(ROOT, name, value))
    waits.open_wait(turn, ROOT, CONDITION, name=STARTER)
    for name, trigger in _triggers(process):
        if trigger.kind == "timer":
            turn.plan(LISTEN, name)
    turn.changed[ROOT] = None


def _listens(turn: Turn, name: str) -> bool:
    """Whether a timer of that start is open: a newer version may have opened it while an incident waited."""
    return any(_name(turn.definition, wait) == name for wait in waits.of(turn.state, ROOT, TIMER))


def _listen(turn: Turn, name: str) -> None:
    if _listens(turn, name):
        return
    event, index = _event(turn, name)
    view = scopes.view(turn.state, ROOT)
    found = subscriptions.opening_if_any(turn, event, index, event.triggers[index], view, ROOT)
    timer = event.triggers[index].timer
    assert timer is not None
    if found is not None:
        _open(turn, found, _written(timer))


def _open(turn: Turn, found: Opening, written: str) -> None:
    waits.open_wait(turn, ROOT, TIMER, name=found.name, due=found.due, data=found.data | {"written": written})


def _written(timer: Timer) -> str:
    """A timer as text, to see whether another version has the same."""
    return " ".join((timer.kind, timer.text or (timer.expression.source if timer.expression else ""), timer.calendar))


def _due(turn: Turn, wait: Wait) -> None:
    if wait.kind != TIMER:
        raise CommandRejected("wait.not-resolvable", f"Wait {wait.id} is a {wait.kind}.", hint="Report to the starter.")
    waits.close(turn, wait.id)
    turn.plan(FIRE, _name(turn.definition, wait), wait.due, dict(wait.data))


def _name(process: Process, wait: Wait) -> str:
    """The name to start with, of the event behind a wait."""
    event = wait.data["event"]
    named = f"{event}#{wait.data['index']}"
    return named if any(name == named for name, _ in _triggers(process)) else event


def _fire(turn: Turn, name: str, due: int, data: dict[str, Any]) -> None:
    event, _index = _event(turn, name)
    following = subscriptions.again(turn, Wait(0, ROOT, TIMER, event.label, due=due, data=data), event)
    if following is not None and not _listens(turn, name):
        _open(turn, following, data["written"])
    _begin(turn, name)


def _look(turn: Turn, name: str, trigger: StartTrigger) -> bool:
    """Looks at a condition: it has to become false before it can begin another instance (10.5.5, Conditional)."""
    assert trigger.condition is not None
    truth = expressions.is_true(turn, trigger.condition, scopes.view(turn.state, ROOT))
    key = f"true:{name}"
    before = turn.state.nodes[ROOT].private.get(key, False)
    if truth == before:
        return False
    nodes.note(turn, ROOT, key, True if truth else None)
    if truth:
        _begin(turn, name)
    return truth


def _begin(turn: Turn, name: str) -> None:
    target = turn.state.definition.replace(STARTER, "process", 1)
    turn.emit(Sent(ROOT, "start", target, name, dict(turn.state.variables.get(ROOT, {}))))


def _leave_out_missed(turn: Turn) -> None:
    """Moves cycles on that fell due while the starter stood still; a date that passed meanwhile still counts."""
    for wait in list(waits.of(turn.state, ROOT, TIMER)):
        if wait.due is None or wait.due > turn.now or "every" not in wait.data:
            continue
        event, _index = _event(turn, wait.data["event"])
        following = subscriptions.again(turn, wait, event, missed=True)
        waits.close(turn, wait.id)
        if following is not None:
            _open(turn, following, wait.data["written"])


def _migrate(turn: Turn, command: Migrate) -> None:
    process: Process = turn.definition
    turn.emit(Migrated(command.definition))
    heard = set()
    wanted = {name: _written(one.timer) for name, one in _triggers(process) if one.timer is not None}
    for wait in list(waits.of(turn.state, ROOT, TIMER)):
        name = _name(process, wait)
        if wanted.get(name) == wait.data["written"]:
            heard.add(name)
        else:
            waits.close(turn, wait.id)
    for name in wanted:
        if name not in heard:
            turn.plan(LISTEN, name)
    turn.changed[ROOT] = None
