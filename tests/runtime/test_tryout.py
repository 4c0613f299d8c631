"""A world in memory whose clock jumps."""

from __future__ import annotations

from tests.bpmn.models import definitions, flows

from anyshore.kernel.state import Wait
from anyshore.runtime.tryout import Answer, Running, World


class Nobody:
    """A worker who never answers."""

    def take(self, _world: World, _one: Running, _wait: Wait) -> Answer | None:
        return None


def test_a_call_that_is_interrupted_ends_what_it_called() -> None:
    timer = "<timerEventDefinition><timeDuration>PT5S</timeDuration></timerEventDefinition>"
    inner = '<process id="q" isExecutable="true"><startEvent id="qs"/><callActivity id="qc" calledElement="r"/>'
    inner += f'{flows("qs -> qc")}</process><process id="r" isExecutable="true"><startEvent id="rs"/>'
    inner += f'<userTask id="ru"/>{flows("rs -> ru")}</process>'
    body = '<startEvent id="s"/><callActivity id="c" calledElement="q"/><endEvent id="e"/>'
    body += f'<boundaryEvent id="b" attachedToRef="c">{timer}</boundaryEvent>'
    model = definitions(body, "s -> c\nc -> e\nb -> e", extra=inner)
    world = World(model.processes, Nobody())
    world.start(model.process("p"), {})
    world.run(4_000_000)
    assert [one.state.outcome for one in world.running] == [None, None, None]
    world.run(6_000_000)
    assert [one.state.outcome for one in world.running] == ["completed", "cancelled", "cancelled"]
    assert {one.ended for one in world.running} == {5_000_000}
