"""Runs an instance the hard way: after every command it is stored, read back, replayed and run again.

What every engine must survive: the same command on the same state gives the same records (determinism); replaying all
records gives the state; a restart between any two commands changes nothing; records and state survive storing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from anyshore.kernel import codec
from anyshore.kernel.commands import Command, Continue, Resolve, Start
from anyshore.kernel.records import Record, replay
from anyshore.kernel.state import Node, State, Wait
from anyshore.kernel.turn import Engine, advance


class Instance:
    """An instance under test. ``strict=False`` skips the checks (for measuring)."""

    def __init__(self, engine: Engine, definition: Any, *, strict: bool = True, yield_after: int = 20_000) -> None:
        self.engine = engine
        self.definition = definition
        self.state = State(definition="test:1")
        self.log: list[Record] = []
        self.strict = strict
        self.yield_after = yield_after
        self.now = 0

    def do(self, command: Command) -> list[Record]:
        """Answers a command, then takes up whatever was left at the budget. Returns all records of it."""
        self.now = command.at
        records = self._once(command)
        while self.state.pending:
            records += self._once(Continue(at=command.at))
        return records

    def _once(self, command: Command) -> list[Record]:
        before = codec.encode_state(self.state)
        command = codec.decode_command(codec.encode_command(command))
        records = advance(self.engine, self.definition, self.state, command, yield_after=self.yield_after)
        self.log += records
        if self.strict:
            self._check(before, command, records)
        return records

    def _check(self, before: bytes, command: Command, records: list[Record]) -> None:
        again = codec.decode_state(before)
        assert advance(self.engine, self.definition, again, command, yield_after=self.yield_after) == records
        assert again == self.state, "not deterministic after a restart"
        stored = codec.decode_records(codec.encode_records(self.log), self.engine)
        assert list(stored) == self.log
        replayed = replay(stored, self.engine, "test:1")
        assert codec.encode_state(replayed) == codec.encode_state(self.state), "replay differs from state"
        assert replayed == self.state
        self.state = codec.decode_state(codec.encode_state(self.state))
        assert self.state == again, "storing lost something"

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
