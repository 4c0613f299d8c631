"""After a standstill everything is looked at again: variables may have been written meanwhile."""

from __future__ import annotations

from anyshore.kernel.commands import Resume, Suspend, Write
from anyshore.kernel.turn import Turn
from tests.harness import Instance
from tests.kernel.toy import ToyEngine


class Watching(ToyEngine):
    def __init__(self) -> None:
        self.seen: list[set[int]] = []

    def settle(self, turn: Turn) -> bool:
        self.seen.append(set(turn.changed))
        return super().settle(turn)


def test_resuming_has_every_node_looked_at() -> None:
    engine = Watching()
    instance = Instance(engine, {"start": [("wait", "work", {"name": "form"})]}, strict=False)
    instance.start()
    instance.do(Suspend(at=1))
    instance.do(Write(at=2, variables={"x": 1}))
    engine.seen.clear()
    instance.do(Resume(at=3))
    assert engine.seen[0] == set(instance.state.nodes)
