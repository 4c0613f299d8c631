"""Call activities: of processes, cases and global tasks, and the data that goes with them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anyshore.base.errors import BpmnError
from anyshore.kernel.commands import Fail, Resolve
from tests.bpmn.models import definitions, log, passed, process, run, start, trace


def test_call_activity() -> None:
    instance = run(
        '<startEvent id="a"/><callActivity id="b" calledElement="q"><extensionElements>'
        '<anyshore:input name="n" expression="x + 1"/><anyshore:output name="y" expression="n * 10"/>'
        "</extensionElements></callActivity>", "a -> b", x=1,
    )  # fmt: skip
    wait = instance.wait("b", "child")
    assert wait.data == {"target": "process:q", "variables": {"n": 2}}
    instance.do(Resolve(at=0, wait=wait.id, variables={"n": Decimal(3)}, outcome="completed"))
    assert instance.variables["y"] == 30
    assert instance.outcome == "completed"


def test_a_call_passes_only_what_it_names() -> None:
    instance = run('<startEvent id="a"/><callActivity id="b" calledElement="q"/>', "a -> b", secret=1)
    wait = instance.wait("b", "child")
    assert wait.data["variables"] == {}
    instance.do(Resolve(at=0, wait=wait.id, variables={"secret": Decimal(2)}, outcome="completed"))
    assert instance.variables["secret"] == 1


def test_a_call_passes_everything_where_it_says_so() -> None:
    instance = run(
        '<startEvent id="a"/><callActivity id="b" calledElement="q" anyshore:inputs="all" anyshore:outputs="all">'
        '<extensionElements><anyshore:input name="n" expression="x + 1"/>'
        '<anyshore:output name="y" expression="n * 10"/></extensionElements></callActivity>', "a -> b", x=1,
    )  # fmt: skip
    wait = instance.wait("b", "child")
    assert wait.data["variables"] == {"trace": [], "x": 1, "n": 2}
    instance.do(Resolve(at=0, wait=wait.id, variables={"n": Decimal(3), "z": "new"}, outcome="completed"))
    found = instance.variables
    assert (found["y"], found["n"], found["z"], found["x"]) == (30, 3, "new", 1)


def test_a_call_takes_back_everything_or_nothing() -> None:
    for more, expected in (('anyshore:outputs="all"', {"trace": [], "z": 1}), ("", {"trace": []})):
        instance = run(f'<startEvent id="a"/><callActivity id="b" calledElement="q" {more}/>', "a -> b")
        instance.do(
            Resolve(at=0, wait=instance.wait("b", "child").id, variables={"z": Decimal(1)}, outcome="completed")
        )
        assert instance.variables == expected
    with pytest.raises(BpmnError, match="Write all, or mapped"):
        process('<startEvent id="a"/><callActivity id="b" calledElement="q" anyshore:inputs="some"/>', "a -> b")


def test_an_error_that_ends_a_called_process_goes_on_outwards_until_somebody_catches_it() -> None:
    """As it would from a sub-process; what is called and does not work (``Fail``) is an incident instead."""
    called = run('<startEvent id="a"/><callActivity id="b" calledElement="q"/>', "a -> b")
    called.do(Resolve(at=0, wait=called.wait("b", "child").id, outcome="error:E-1"))
    assert called.outcome == "error:E-1"
    inner = '<subProcess id="o"><callActivity id="b" calledElement="q"/></subProcess>'
    caught = run(
        f'<startEvent id="a"/>{inner}<boundaryEvent id="c" attachedToRef="o"><errorEventDefinition errorRef="E1"/>'
        f'</boundaryEvent>{log("late")}', "a -> o\nc -> late",
    )  # fmt: skip
    caught.do(Resolve(at=0, wait=caught.wait("b", "child").id, outcome="error:E-1"))
    assert (trace(caught), caught.outcome) == (["late"], "completed")
    broken = run('<startEvent id="a"/><callActivity id="b" calledElement="q"/>', "a -> b")
    broken.do(Fail(at=0, wait=broken.wait("b", "child").id, code="definition.unknown"))
    assert (broken.outcome, [wait.kind for wait in broken.state.waits.values()]) == (None, ["incident"])


def test_call_of_a_case() -> None:
    definition = process('<startEvent id="a"/><callActivity id="b" anyshore:target="case:review"/>', "a -> b")
    assert definition.calls == ("case:review",)
    assert start(definition).wait("b", "child").data["target"] == "case:review"


def test_call_that_ends_with_an_error() -> None:
    instance = run(
        '<startEvent id="a"/><callActivity id="b" calledElement="q"/><boundaryEvent id="x" attachedToRef="b">'
        '<errorEventDefinition errorRef="E1"/></boundaryEvent>' + log("c"), "a -> b\nx -> c",
    )  # fmt: skip
    instance.do(Resolve(at=0, wait=instance.wait("b", "child").id, outcome="error:E-1"))
    assert trace(instance) == ["c"]


def test_call_of_a_global_task_runs_in_place() -> None:
    definition = definitions(
        '<startEvent id="a"/><callActivity id="b" name="Count" calledElement="g"/>'
        '<callActivity id="c" calledElement="u"/>',
        "a -> b\nb -> c",
        root='<globalScriptTask id="g" anyshore:result="n" scriptLanguage="feel">'
        "<script>n + 1</script></globalScriptTask>"
        '<globalUserTask id="u" anyshore:form="sign"/>',
    ).process("p")
    instance = start(definition, n=1)
    assert instance.variables["n"] == 2
    assert instance.wait("c").name == "sign"
    assert passed(instance) == ["a", "b"]
