"""Runs an instance the hard way: after every command it is stored, read back, replayed and run again.

What every engine must survive: the same command on the same state gives the same records (determinism); replaying all
records gives the state; a restart between any two commands changes nothing; records and state survive storing; a
rejected command leaves the state as it was; ids come from the one counter; nothing waits for a node that is gone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.kernel import codec
from anyshore.kernel.commands import Command, Continue, Resolve, Start
from anyshore.kernel.records import Entered, Record, WaitOpened, apply
from anyshore.kernel.state import KINDS, ROOT, TIMER, Node, State, Wait
from anyshore.kernel.turn import YIELD_AFTER, Engine, advance


class Instance:
    """An instance under test.

    Args:
        engine: the engine.
        definition: the linked definition.
        strict: whether every command is checked; False for measuring.
        yield_after: the budget of a turn, in records; 1 restarts the instance after every single step. ``budget``
            where left out and strict.
        check_every: of how many commands one is repeated, compared with its replay and followed by a restart.
    """

    budget = YIELD_AFTER

    def __init__(
        self,
        engine: Engine,
        definition: Any,
        *,
        strict: bool = True,
        yield_after: int | None = None,
        check_every: int = 1,
    ) -> None:
        self.engine = engine
        self.definition = definition
        self.state = State(definition="test:1")
        self.log: list[Record] = []
        self.strict = strict
        self.yield_after = yield_after or (self.budget if strict else YIELD_AFTER)
        self.check_every = check_every
        self.now = 0
        self._replica = State(definition="test:1")
        self._commands = 0
        self._replayed = 0

    def do(self, command: Command) -> list[Record]:
        """Answers a command, then takes up whatever was left at the budget. Returns all records of it."""
        self.now = command.at
        records = self._once(command)
        while self.state.pending and not self.state.suspended:
            records += self._once(Continue(at=command.at))
        return records

    def _once(self, command: Command) -> list[Record]:
        self._commands += 1
        if not self.strict or self._commands % self.check_every:
            records = advance(self.engine, self.definition, self.state, command, yield_after=self.yield_after)
            self.log += records
            return records
        before = codec.encode_state(self.state)
        stored = codec.encode_command(command)
        try:
            records = self._advance(self.state, stored)
        except CommandRejected:
            assert self.state == codec.decode_state(before), "a rejected command changed the state"
            raise
        self.log += records
        self._check(before, stored, records)
        self.state = codec.decode_state(codec.encode_state(self.state))
        return records

    def _advance(self, state: State, command: bytes) -> list[Record]:
        found = codec.decode_command(command)
        return advance(self.engine, self.definition, state, found, yield_after=self.yield_after)

    def _check(self, before: bytes, command: bytes, records: list[Record]) -> None:
        again = codec.decode_state(before)
        assert self._advance(again, command) == records, "not deterministic after a restart"
        assert again == self.state, "not deterministic after a restart"
        fresh = self.log[self._replayed :]
        stored = codec.decode_records(codec.encode_records(fresh), self.engine)
        assert list(stored) == fresh, "storing lost something of a record"
        for record in stored:
            if isinstance(record, (Entered, WaitOpened)):
                assert record.id == self._replica.next_id, "an id that is not from the turn"
            apply(self._replica, record, self.engine)
        self._replayed = len(self.log)
        assert codec.encode_state(self._replica) == codec.encode_state(self.state), "replay differs from state"
        assert self._replica == self.state, "replay differs from state"
        assert codec.decode_state(codec.encode_state(self.state)) == self.state, "storing lost something of the state"
        sound(self.state)

    def start(self, at: int = 0, **variables: Any) -> list[Record]:
        return self.do(Start(at=at, variables=variables))

    def resolve(self, element: str, kind: str = "work", at: int | None = None, **variables: Any) -> list[Record]:
        """Resolves the oldest wait of that kind at an element."""
        wait = self.wait(element, kind)
        return self.do(Resolve(at=self.now if at is None else at, wait=wait.id, variables=variables))

    def wait(self, element: str, kind: str = "work") -> Wait:
        found = self.waits(element, kind)
        assert found, f"no {kind} wait at {element}: {[(w.kind, self.element(w)) for w in self.state.waits.values()]}"
        return found[0]

    def waits(self, element: str | None = None, kind: str | None = None) -> list[Wait]:
        return [
            wait
            for wait in self.state.waits.values()
            if (kind is None or wait.kind == kind) and (element is None or self.element(wait) == element)
        ]

    def element(self, wait: Wait) -> str:
        return self.state.nodes[wait.owner].element

    def nodes(self, element: str) -> list[Node]:
        return [node for node in self.state.nodes.values() if node.element == element]

    def node(self, element: str) -> Node:
        (found,) = self.nodes(element)
        return found

    @property
    def outcome(self) -> str | None:
        return self.state.outcome

    @property
    def variables(self) -> dict[str, Any]:
        return self.state.variables.get(1, {})


def sound(state: State) -> None:
    """What holds between any two commands, whatever the engine."""
    nodes, waits = state.nodes, state.waits
    assert not nodes.keys() & waits.keys()
    assert all(number < state.next_id for number in (*nodes, *waits))
    for node in nodes.values():
        assert node.parent in nodes if node.id != ROOT else node.parent is None
    for wait in waits.values():
        assert wait.owner in nodes, f"{wait} has outlived its node"
        assert wait.kind in KINDS
        assert (wait.due is not None) == (wait.kind == TIMER)
    assert all(scope == ROOT or scope in nodes for scope in state.variables), "variables have outlived their scope"
    if state.outcome is not None:
        assert not nodes
        assert not waits
        assert not state.pending


def lines_executed(run: Callable[[], object]) -> int:
    """How many lines of Python a call executes: the cost of an algorithm without a clock."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        if event == "line":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count
