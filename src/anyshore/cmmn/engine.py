"""The case engine: what the kernel asks of it, and the verbs people use on plan items."""

from __future__ import annotations

from anyshore.base.errors import CommandRejected
from anyshore.cmmn import acts, edits, engine_failures, moves, records, sentries, starting, variables
from anyshore.cmmn.definition import Item
from anyshore.cmmn.desk import Desk
from anyshore.cmmn.elements.listeners import open_message, open_timer
from anyshore.cmmn.lifecycles import ACTIVE, AVAILABLE, FAILED, SUSPENDED
from anyshore.cmmn.migrating import migrate
from anyshore.cmmn.records import CASE_RECORDS
from anyshore.kernel import waits
from anyshore.kernel.commands import Act, Cancel, Command, Fail, Migrate, Resolve, Start, Write
from anyshore.kernel.records import Noted, Record
from anyshore.kernel.state import CHILD, INCIDENT, JOB, ROOT, Node, State, Wait
from anyshore.kernel.turn import Task, Turn, WorkFailed


class CaseEngine:
    """Runs CMMN cases on the kernel. It keeps nothing of its own: one engine serves all cases."""

    records: tuple[type[Record], ...] = CASE_RECORDS

    def accept(self, turn: Turn, command: Command) -> None:
        """Answers a command.

        Raises:
            CommandRejected: it does not fit the state of the plan item it names.
        """
        if isinstance(command, Migrate):
            migrate(turn, command)
            return
        self._ready(turn)
        match command:
            case Start():
                starting.start(turn, command)
            case Resolve():
                self._resolve(turn, command)
            case Fail():
                self._fail(turn, command)
            case Write():
                self._write(turn, command)
            case Act():
                acts.act(turn, command)
            case Cancel():
                moves.end(turn, ROOT, "terminate")
            case _:
                raise CommandRejected("case.command", f"A case has no answer to {type(command).__name__}.")

    def run(self, turn: Turn, task: Task) -> None:
        """One step that was left for after the command: a task that does not block completes, a failed one retries."""
        self._ready(turn)
        verb, node = task[0], task[1]
        item: Item
        found = turn.state.nodes.get(node)
        if found is None:
            return
        if verb in _LATER:
            _moving(turn, found)
        match verb:
            case "complete" | "terminate" if found.state == ACTIVE:
                moves.end(turn, node, verb)
            case "reactivate" if found.state == FAILED:
                moves.begin(turn, node, "reactivate")
            case "listen" if found.state == AVAILABLE:
                item = turn.definition.items[found.element]
                (open_timer if item.timer is not None else open_message)(turn, node, item)
            case "again" if found.state == ACTIVE:
                following = {"round": task[3], "burst": [turn.now, 0]}
                moves.repeat(turn, turn.definition.items[task[2]], node, following)
            case "perhaps" if found.state == ACTIVE:
                item = turn.definition.items[task[2]]
                if item.repetition is not None and moves.repeats_after(turn, node, item.repetition, task[3]):
                    moves.repeat(turn, item, node, {"round": task[3] + 1, "burst": [turn.now, 0]})
            case "fault" if found.state == ACTIVE:
                item = turn.definition.items[found.element]
                engine_failures.fail(turn, node, item, task[2], task[3])
            case _:
                """What it was planned for is gone."""

    def settle(self, turn: Turn) -> bool:
        """Fires what the changed nodes now allow."""
        self._ready(turn)
        return sentries.settle(turn)

    def apply(self, state: State, record: Record) -> None:
        """Applies a record of the case engine."""
        records.apply(state, record)

    def _ready(self, turn: Turn) -> None:
        """Makes the plan of this live case the turn's definition, once in a turn."""
        if turn.scratch is None:
            turn.definition = edits.live_plan(turn.definition, turn.state)
            turn.scratch = Desk(turn)

    def _resolve(self, turn: Turn, command: Resolve) -> None:
        wait = waits.expect(turn.state, command.wait)
        node = turn.state.nodes[wait.owner]
        item: Item = turn.definition.items[node.element]
        if wait.kind == INCIDENT or item.family.resolved is None:
            raise CommandRejected(
                "case.wait", f"A wait of kind {wait.kind} cannot be resolved.", hint="Retry an incident instead."
            )
        _standing(turn, wait)
        item.family.resolved(turn, node, item, wait, command)

    def _fail(self, turn: Turn, command: Fail) -> None:
        wait = waits.expect(turn.state, command.wait)
        if wait.kind == INCIDENT:
            raise CommandRejected("case.wait", "An incident cannot fail once more.", hint="Retry it instead.")
        _standing(turn, wait)
        node = turn.state.nodes[wait.owner]
        if node.state not in (ACTIVE, SUSPENDED):
            raise CommandRejected("case.state", f"{node.element} is {node.state}; only what is active can fail.")
        item: Item = turn.definition.items[node.element]
        variables.write(turn, node.id, command.variables)
        if node.state == SUSPENDED:  # a call or job that went on: it fails when it is resumed
            waits.close(turn, wait.id)
            turn.emit(Noted(node.id, "result", ["fault", command.code, command.message]))
            return
        engine_failures.fail(turn, node.id, item, command.code, command.message)

    def _write(self, turn: Turn, command: Write) -> None:
        scope = ROOT if command.scope is None else command.scope
        if scope not in turn.state.nodes:
            raise CommandRejected("case.node", f"There is no live node {scope}.")
        variables.write(turn, scope, command.variables)


_LATER = ("reactivate", "listen", "again", "perhaps")
"""Tasks of incidents: a person may retry them at a time when the item or its stage stands still."""


def _moving(turn: Turn, node: Node) -> None:
    """Keeps an incident of an item that stands still until it can be retried.

    Raises:
        WorkFailed: it is suspended, or the stage around it is not active.
    """
    around = turn.state.nodes[node.parent] if node.parent is not None else None
    if node.state == SUSPENDED or (around is not None and around.state != ACTIVE):
        item: Item = turn.definition.items[node.element]
        message = f"{item.name!r} stands still: it, or the stage around it, is not active."
        hint = "Resume or reactivate that first, then retry."
        raise WorkFailed(node.id, "case.stands-still", message, item.definition.location, hint)


def _standing(turn: Turn, wait: Wait) -> None:
    """Refuses to answer for an item whose stage or case stands still. The results of calls and jobs are kept."""
    if turn.state.nodes[wait.owner].state == SUSPENDED and wait.kind not in (CHILD, JOB):
        raise CommandRejected("case.suspended", "The item is suspended.", hint="Resume it first.")
