"""Cost grows with the work and no faster. Lines of Python are counted, so that a busy machine changes nothing."""

from __future__ import annotations

from typing import Any

from anyshore.kernel.commands import Resolve
from anyshore.kernel.turn import advance
from tests.bpmn.models import log, process, script, start, trace
from tests.bpmn.test_hard_cases import MULTI
from tests.harness import Instance, lines_executed

LOOP = '<startEvent id="a"/><exclusiveGateway id="j"/>' + script("b", "n + 1", "n") + '<exclusiveGateway id="x"/>'
LOOP_FLOWS = "a -> j\nj -> b\nb -> x\nx -> j : n < rounds\nx -> e : n >= rounds"


def test_a_loop_of_ten_thousand_rounds_restarted_on_the_way() -> None:
    definition = process(LOOP + '<endEvent id="e"/>', LOOP_FLOWS)
    instance = start(definition, yield_after=1_000, n=0, rounds=10_000)
    assert instance.variables["n"] == 10_000
    assert instance.outcome == "completed"


def test_a_loop_of_ten_thousand_rounds_costs_ten_times_a_thousand() -> None:
    definition = process(LOOP + '<endEvent id="e"/>', LOOP_FLOWS)

    def cost(rounds: int) -> int:
        return lines_executed(lambda: start(definition, strict=False, n=0, rounds=rounds))

    cost(10)
    assert cost(10_000) < 10.1 * cost(1_000)


def two_thousand(count: int, **how: Any) -> Instance:
    """Starts ``count`` instances of a task and completes them one by one."""
    definition = process('<startEvent id="a"/>' + MULTI + log("c"), "a -> b\nb -> c")
    instance = start(definition, items=list(range(count)), **how)
    for wait in instance.waits("b", "work"):
        number = instance.state.variables[wait.owner]["item"]
        instance.do(Resolve(at=0, wait=wait.id, variables={"answer": number * 2}))
    return instance


def test_multi_instance_of_two_thousand_restarted_on_the_way() -> None:
    instance = two_thousand(2_000, check_every=100)
    assert instance.variables["answers"] == [number * 2 for number in range(2_000)]
    assert trace(instance) == ["c"]


def test_multi_instance_of_two_thousand_costs_ten_times_two_hundred() -> None:
    def cost(count: int) -> int:
        return lines_executed(lambda: two_thousand(count, strict=False))

    cost(5)
    assert cost(2_000) < 10.1 * cost(200)


def test_an_inclusive_join_beside_many_tokens_is_linear() -> None:
    body = (
        '<startEvent id="a"/><parallelGateway id="g"/><task id="f" completionQuantity="{}"/><userTask id="b"/>'
        '<userTask id="k"/><inclusiveGateway id="j"/><task id="e"/>'
    )
    links = "a -> g\ng -> f\nf -> b\ng -> k\nk -> j\nb -> j\nj -> e"

    def cost(count: int) -> int:
        definition = process(body.format(count), links)
        instance = start(definition, strict=False)

        def run_on() -> None:
            for wait in instance.waits("b"):
                advance(instance.engine, definition, instance.state, Resolve(at=0, wait=wait.id))
            instance.resolve("k")

        lines = lines_executed(run_on)
        assert instance.outcome == "completed"
        return lines

    cost(5)
    assert cost(2_000) < 10.1 * cost(200)
