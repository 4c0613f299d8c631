"""Compensation and transactions. Source: BPMN 2.0.2, 10.7 and 13.5.5."""

from __future__ import annotations

import pytest

from anyshore.base.errors import BpmnError
from tests.bpmn.models import flows, log, process, run, script, trace


def undoable(name: str, task: str = "", more: str = "") -> str:
    """A task with a compensation handler ``undo_…``."""
    return (
        (task or log(name))
        + f'<boundaryEvent id="c_{name}" attachedToRef="{name}"><compensateEventDefinition/></boundaryEvent>'
        f'<association id="as_{name}" sourceRef="c_{name}" targetRef="undo_{name}"/>'
        + log(f"undo_{name}", f'isForCompensation="true" {more}')
    )


def throw(name: str, attributes: str = "") -> str:
    return f'<intermediateThrowEvent id="{name}"><compensateEventDefinition {attributes}/></intermediateThrowEvent>'


def test_one_activity_alone() -> None:
    instance = run(
        '<startEvent id="a"/>' + undoable("b") + undoable("c") + throw("t", 'activityRef="b"') + log("d"),
        "a -> b\nb -> c\nc -> t\nt -> d",
    )
    assert trace(instance) == ["b", "c", "undo_b", "d"]


def test_each_completion_is_compensated_once() -> None:
    instance = run(
        '<startEvent id="a"/><exclusiveGateway id="m"/>' + undoable("b") + script("n1", "n + 1", "n")
        + '<exclusiveGateway id="x"/>' + throw("t") + throw("u") + log("d"),
        "a -> m\nm -> b\nb -> n1\nn1 -> x\nx -> m : n < 3\nx -> t : n >= 3\nt -> u\nu -> d", n=0,
    )  # fmt: skip
    assert trace(instance) == ["b"] * 3 + ["undo_b"] * 3 + ["d"]
    assert instance.outcome == "completed"


def test_ten_thousand_compensations_are_linear() -> None:
    instance = run(
        '<startEvent id="a"/><exclusiveGateway id="m"/>'
        + undoable("b", script("b", "n + 1", "n")).replace('append(trace, "undo_b")', "u + 1").replace(
            'id="undo_b" anyshore:result="trace"', 'id="undo_b" anyshore:result="u"')
        + '<exclusiveGateway id="x"/>' + throw("t"),
        "a -> m\nm -> b\nb -> x\nx -> m : n < 10000\nx -> t : n >= 10000", strict=False, n=0, u=0,
    )  # fmt: skip
    assert instance.variables["u"] == 10_000
    assert instance.outcome == "completed"


def test_what_is_not_completed_is_not_compensated() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="g"/>' + undoable("b", '<userTask id="b"/>') + throw("t") + log("d"),
        "a -> g\ng -> b\ng -> t\nt -> d",
    )
    assert trace(instance) == ["d"]
    instance.resolve("b")
    assert instance.outcome == "completed"


def test_the_throw_event_waits_for_a_handler_of_a_person() -> None:
    body = '<startEvent id="a"/>' + undoable("b") + throw("t", "{}") + log("d")
    body = body.replace('<scriptTask id="undo_b"', '<userTask id="undo_b"').replace(
        'append(trace, "undo_b")</script></scriptTask>', "</script></userTask>"
    )
    body = body.replace(' anyshore:result="trace" isForCompensation="true"', ' isForCompensation="true"').replace(
        "<script></script></userTask>", "</userTask>"
    )
    for waits, before in (("true", ["b"]), ("false", ["b", "d"])):
        instance = run(body.format(f'waitForCompletion="{waits}"'), "a -> b\nb -> t\nt -> d")
        assert trace(instance) == before
        instance.resolve("undo_b")
        assert trace(instance) == ["b", "d"]
        assert instance.outcome == "completed"


SUB = (
    '<startEvent id="a"/><subProcess id="s"><dataObject id="local"/><startEvent id="sa"/>'
    + script("set", '"kept"', "local")
    + "{inner}"
    + flows("sa -> set\nset -> b\nb -> c")
    + "</subProcess>"
)


def test_a_sub_process_without_handler_undoes_what_is_in_it() -> None:
    inner = undoable("b") + undoable("c")
    instance = run(SUB.replace("{inner}", inner) + undoable("e") + throw("t"), "a -> s\ns -> e\ne -> t")
    assert trace(instance) == ["b", "c", "e", "undo_e", "undo_c", "undo_b"]


def test_a_sub_process_is_compensated_by_its_event_sub_process_on_its_snapshot() -> None:
    handler = (
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs"><compensateEventDefinition/></startEvent>'
        + script("look", "append(trace, local)", "trace") + throw("inner_t", 'activityRef="b"')
        + flows("hs -> look\nlook -> inner_t") + "</subProcess>"
    )  # fmt: skip
    instance = run(SUB.replace("{inner}", undoable("b") + undoable("c") + handler) + throw("t"), "a -> s\ns -> t")
    assert trace(instance) == ["b", "c", "kept", "undo_b"]
    assert instance.outcome == "completed"


def test_a_sub_process_with_a_handler_of_its_own_is_undone_as_a_whole() -> None:
    sub = SUB.replace("{inner}", undoable("b") + undoable("c"))
    instance = run(undoable("s", sub) + throw("t"), "a -> s\ns -> t")
    assert trace(instance) == ["b", "c", "undo_s"]


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_every_instance_of_a_multi_instance_is_compensated(sequential: str) -> None:
    marker = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>3</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
    task = script("b", 'append(trace, "b" + string(loopCounter))', "trace", inner=marker)
    body = undoable("b", task).replace('append(trace, "undo_b")', 'append(trace, "undo" + string(loopCounter))')
    instance = run('<startEvent id="a"/>' + body + throw("t"), "a -> b\nb -> t")
    assert trace(instance) == ["b1", "b2", "b3", "undo3", "undo2", "undo1"]
    assert instance.outcome == "completed"


def test_multi_instance_sub_process_is_compensated_inside() -> None:
    sub = SUB.replace("{inner}", undoable("b") + log("c")).replace(
        '<subProcess id="s">', '<subProcess id="s"><multiInstanceLoopCharacteristics><loopCardinality>2'
        "</loopCardinality></multiInstanceLoopCharacteristics>",
    )  # fmt: skip
    instance = run(sub + throw("t") + log("d"), "a -> s\ns -> t\nt -> d")
    assert sorted(trace(instance)) == ["b", "b", "c", "c", "d", "undo_b", "undo_b"]
    assert trace(instance)[-1] == "d"


def transaction(inner: str, links: str, boundary: str = "") -> tuple[str, str]:
    body = (
        f'<startEvent id="a"/><transaction id="t"><startEvent id="ta"/>{inner}{flows(links)}</transaction>'
        '<boundaryEvent id="cancelled" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>'
        + boundary + log("after_cancel") + log("done")
    )  # fmt: skip
    return body, "a -> t\nt -> done\ncancelled -> after_cancel"


CANCEL = '<endEvent id="no"><cancelEventDefinition/></endEvent>'


def test_cancel_ends_active_work_and_compensates_completed_work() -> None:
    body, links = transaction(
        undoable("b") + undoable("c") + '<parallelGateway id="g"/><userTask id="busy"/>' + CANCEL,
        "ta -> b\nb -> c\nc -> g\ng -> busy\ng -> no",
    )
    instance = run(body, links)
    assert trace(instance) == ["b", "c", "undo_c", "undo_b", "after_cancel"]
    assert instance.outcome == "completed"
    assert not instance.state.waits


def test_a_transaction_that_completes_can_be_compensated_later() -> None:
    body, _ = transaction(undoable("b"), "ta -> b")
    instance = run(body + throw("u"), "a -> t\nt -> u\nu -> done\ncancelled -> after_cancel")
    assert trace(instance) == ["b", "undo_b", "done"]


def test_cancel_from_a_sub_process_of_the_transaction() -> None:
    inner = undoable("b") + '<subProcess id="s"><startEvent id="sa"/>' + CANCEL + flows("sa -> no") + "</subProcess>"
    body, links = transaction(inner, "ta -> b\nb -> s")
    assert trace(run(body, links)) == ["b", "undo_b", "after_cancel"]


def test_cancel_outside_a_transaction_is_refused() -> None:
    with pytest.raises(BpmnError, match="belongs to a transaction"):
        process('<startEvent id="a"/>' + CANCEL, "a -> no")


def test_compensation_by_an_error_handler() -> None:
    instance = run(
        '<startEvent id="a"/><subProcess id="s"><startEvent id="sa"/>' + undoable("b")
        + '<endEvent id="bad"><errorEventDefinition errorRef="E1"/></endEvent>'
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs"><errorEventDefinition/></startEvent>'
        + throw("u") + flows("hs -> u") + "</subProcess>" + flows("sa -> b\nb -> bad") + "</subProcess>" + log("done"),
        "a -> s\ns -> done",
    )  # fmt: skip
    assert trace(instance) == ["b", "undo_b", "done"]


def test_compensation_event_without_handler_is_refused() -> None:
    with pytest.raises(BpmnError, match="leads to no activity"):
        process('<startEvent id="a"/><task id="b"/><boundaryEvent id="c" attachedToRef="b"><compensateEventDefinition/>'
                "</boundaryEvent>", "a -> b")  # fmt: skip


def test_compensation_end_event() -> None:
    instance = run(
        '<startEvent id="a"/>' + undoable("b") + '<endEvent id="t"><compensateEventDefinition/></endEvent>',
        "a -> b\nb -> t",
    )
    assert trace(instance) == ["b", "undo_b"]
    assert instance.outcome == "completed"
