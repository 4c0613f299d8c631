"""The smallest engine that uses every noun, so that the kernel is tested without BPMN or CMMN.

A definition is a dict of element → steps. A step is a tuple: ("go", element), ("wait", kind, extra),
("set", name, value), ("fail", code), ("send", name), ("spawn", element, count).
"""

from __future__ import annotations

from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.kernel import migration, nodes, scopes, waits
from anyshore.kernel.commands import Cancel, Command, Fail, Migrate, Resolve, Start, Write
from anyshore.kernel.records import Record, Sent
from anyshore.kernel.state import ROOT, State
from anyshore.kernel.turn import Turn, WorkFailed


class Counted(Record):
    """A record of the engine's own."""

    id: int


class ToyEngine:
    records = (Counted,)

    def accept(self, turn: Turn, command: Command) -> None:
        match command:
            case Start():
                root = nodes.enter(turn, "root", None, "active")
                for name, value in command.variables.items():
                    scopes.declare(turn, root, name, value)
                turn.plan("enter", command.element or "start", root)
            case Resolve():
                owner = waits.expect(turn.state, command.wait).owner
                for name, value in command.variables.items():
                    scopes.write(turn, owner, name, value)
                waits.close(turn, command.wait)
                turn.plan("next", owner, 1)
            case Fail():
                raise CommandRejected("toy.no-fail", "The toy cannot fail.")
            case Write():
                for name, value in command.variables.items():
                    scopes.write(turn, command.scope or ROOT, name, value)
            case Cancel():
                nodes.leave(turn, ROOT, "cancelled")
            case Migrate():
                migration.migrate(turn, command, lambda _, new: None if new in turn.definition else "no such element")

    def run(self, turn: Turn, task: tuple[Any, ...]) -> None:
        if task[0] == "enter":
            node = nodes.enter(turn, task[1], task[2], "active")
            turn.plan("next", node, 0)
            return
        _, node, step = task
        for number, what in enumerate(turn.definition[turn.state.nodes[node].element][step:], step):
            match what:
                case ("go", element):
                    turn.emit(Counted(ROOT))
                    parent = turn.state.nodes[node].parent
                    nodes.leave(turn, node, "done")
                    turn.plan("enter", element, parent)
                    return
                case ("wait", kind, extra):
                    waits.open_wait(turn, node, kind, **extra)
                    return
                case ("set", name, value):
                    scopes.write(turn, node, name, value)
                case ("fail", code):
                    if scopes.lookup(turn.state, node, "repaired") is not True:
                        if number > step:
                            turn.plan("next", node, number)
                            return
                        raise WorkFailed(node, code, "it failed")
                case ("send", name):
                    turn.emit(Sent(node, "message", name))
                case ("spawn", element, count):
                    for _ in range(count):
                        turn.plan("enter", element, node)
                    return
        nodes.leave(turn, node, "done")

    def settle(self, turn: Turn) -> bool:
        fired = False
        while turn.changed:
            node, _ = turn.changed.popitem()
            found = turn.state.nodes.get(node)
            empty = not nodes.has_children(turn.state, node)
            if found is not None and empty and (node == ROOT or found.private.get("scope")):
                nodes.leave(turn, node, "completed")
                fired = True
        return fired

    def apply(self, state: State, record: Record) -> None:
        if isinstance(record, Counted):
            private = state.nodes[record.id].private
            private["count"] = private.get("count", 0) + 1
