"""Tasks, calls, sub-processes, loops. Source: BPMN 2.0.2, 10.3 and 13.3."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anyshore.base.errors import BpmnError, CommandRejected
from anyshore.kernel.commands import Act, Fail, Write
from tests.bpmn.models import flows, log, process, run, script, start, trace


def test_user_task_offers_work() -> None:
    instance = run(
        '<laneSet id="ls"><lane id="l1" name="Sales"><flowNodeRef>b</flowNodeRef></lane></laneSet><startEvent id="a"/>'
        '<userTask id="b" name="Check" anyshore:form="check"><extensionElements>'
        '<anyshore:input name="amount" expression="net * 2"/>'
        '<anyshore:output name="ok" expression="decision = &quot;y&quot;"/>'
        "</extensionElements></userTask>", "a -> b", net=4,
    )  # fmt: skip
    wait = instance.wait("b")
    assert wait.name == "check"
    assert wait.data == {
        "element": "b", "name": "Check", "lane": "Sales", "role": "Sales", "form": "check",
        "inputs": {"amount": Decimal(8)},
    }  # fmt: skip
    instance.resolve("b", decision="y")
    assert instance.variables["ok"] is True
    assert "decision" not in instance.variables


def test_a_mapping_without_an_expression_is_the_variable_of_its_name() -> None:
    """Whatever else the name would mean in an expression."""
    instance = run(
        '<startEvent id="a"/><userTask id="b"><extensionElements><anyshore:input name="order-id"/>'
        '<anyshore:input name="order date"/></extensionElements></userTask>', "a -> b",
        **{"order-id": 7, "order": 5, "id": 1, "order date": "today"},
    )  # fmt: skip
    assert instance.wait("b").data["inputs"] == {"order-id": 7, "order date": "today"}


@pytest.mark.parametrize(
    ("more", "inner", "role"),
    [
        ('anyshore:role="clerk"', "", "clerk"),
        ("", '<potentialOwner id="po" name="manager"/>', "manager"),
        ("", '<potentialOwner id="po"><resourceRef>R</resourceRef></potentialOwner>', "Back office"),
    ],
)
def test_role_of_a_user_task(more: str, inner: str, role: str) -> None:
    definition = process(
        f'<startEvent id="a"/><userTask id="b" {more}>{inner}</userTask>', "a -> b",
        root='<resource id="R" name="Back office"/>',
    )  # fmt: skip
    assert start(definition).wait("b").data["role"] == role


def test_manual_task_waits_until_somebody_says_it_is_done() -> None:
    instance = run('<startEvent id="a"/><manualTask id="b"/>', "a -> b")
    instance.resolve("b")
    assert instance.outcome == "completed"


def test_service_task_asks_for_an_activity() -> None:
    instance = run(
        '<startEvent id="a"/><serviceTask id="b" anyshore:activity="tax.compute"><extensionElements>'
        '<anyshore:input name="base" expression="net"/><anyshore:output name="tax" expression="result.tax"/>'
        "</extensionElements></serviceTask>", "a -> b", net=4,
    )  # fmt: skip
    wait = instance.wait("b", "job")
    assert (wait.name, wait.data) == ("tax.compute", {"base": 4})
    instance.resolve("b", "job", result={"tax": 1})
    assert instance.variables["tax"] == 1


def test_a_failing_output_mapping_is_an_incident_and_nothing_is_lost() -> None:
    instance = run('<startEvent id="a"/><userTask id="b"/><exclusiveGateway id="x"/>' + log("c"),
                   "a -> b\nb -> x\nx -> c : ok")  # fmt: skip
    instance.resolve("b")
    (wait,) = instance.state.waits.values()
    assert wait.kind == "incident"


def test_script_result_as_context_sets_several_variables() -> None:
    instance = run('<startEvent id="a"/>' + script("b", "{x: 1, y: x + 1}"), "a -> b")
    assert (instance.variables["x"], instance.variables["y"]) == (1, 2)


def test_script_that_names_no_variable_for_its_value_is_an_incident() -> None:
    instance = run('<startEvent id="a"/>' + script("b", "1 + 1"), "a -> b")
    (wait,) = instance.state.waits.values()
    assert wait.name == "bpmn.no-result-variable"


def test_script_in_another_language_is_refused() -> None:
    with pytest.raises(BpmnError, match="groovy"):
        process(
            '<startEvent id="a"/><scriptTask id="b" scriptFormat="groovy"><script>1</script></scriptTask>', "a -> b"
        )


def test_business_rule_task_calls_the_linked_decision() -> None:
    definition = process(
        '<startEvent id="a"/><businessRuleTask id="b" anyshore:decision="Discount" anyshore:result="rate">'
        '<extensionElements><anyshore:input name="Customer" expression="kind"/></extensionElements>'
        "</businessRuleTask>", "a -> b",
    )  # fmt: skip
    assert definition.decisions == ("Discount",)
    seen: list[Any] = []

    def decide(decision: str, variables: Any, now: int, zone: str) -> Any:
        seen.append((decision, dict(variables), now, zone))
        return Decimal("0.1")

    definition.decide = decide
    instance = start(definition, at=5, strict=False, kind="gold")
    assert seen == [("Discount", {"Customer": "gold"}, 5, "UTC")]
    assert instance.variables["rate"] == Decimal("0.1")


def test_business_rule_task_without_a_link_is_an_incident() -> None:
    instance = run('<startEvent id="a"/><businessRuleTask id="b" anyshore:decision="D" anyshore:result="r"/>', "a -> b")
    (wait,) = instance.state.waits.values()
    assert wait.name == "bpmn.decision-not-linked"


# Loops


def cardinality(count: str) -> str:
    """A multi-instance marker."""
    inner = f"<loopCardinality>{count}</loopCardinality>"
    return f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>"


@pytest.mark.parametrize(("n", "rounds"), [(0, 3), (2, 1), (5, 1)])
def test_standard_loop_tests_after_each_round(n: int, rounds: int) -> None:
    instance = run(
        '<startEvent id="a"/>' + script("b", "n + 1", "n", inner="<standardLoopCharacteristics><loopCondition>n &lt; 3"
                                        "</loopCondition></standardLoopCharacteristics>"), "a -> b", n=n,
    )  # fmt: skip
    assert instance.variables["n"] == n + rounds
    assert instance.outcome == "completed"


def test_standard_loop_before_and_maximum() -> None:
    marker = (
        '<standardLoopCharacteristics testBefore="true" loopMaximum="4"><loopCondition>{}</loopCondition>'
        "</standardLoopCharacteristics>"
    )
    for condition, expected in (("false", []), ("true", ["b"] * 4), ("loopCounter &lt; 2", ["b"] * 2)):
        assert trace(run('<startEvent id="a"/>' + log("b", inner=marker.format(condition)), "a -> b")) == expected


def test_endless_standard_loop_is_refused() -> None:
    with pytest.raises(BpmnError, match="never end"):
        process('<startEvent id="a"/>' + log("b", inner="<standardLoopCharacteristics/>"), "a -> b")


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_multi_instance_of_a_sub_process_with_a_completion_condition(sequential: str) -> None:
    instance = run(
        f'<startEvent id="a"/><subProcess id="s"><multiInstanceLoopCharacteristics isSequential="{sequential}">'
        "<loopCardinality>n</loopCardinality><completionCondition>numberOfCompletedInstances &gt;= 2"
        '</completionCondition></multiInstanceLoopCharacteristics><startEvent id="sa"/><userTask id="b"/>'
        + flows("sa -> b") + "</subProcess>" + log("c"), "a -> s\ns -> c", n=4,
    )  # fmt: skip
    assert len(instance.waits("b")) == (1 if sequential == "true" else 4)
    instance.resolve("b")
    assert trace(instance) == []
    instance.resolve("b")
    assert trace(instance) == ["c"]
    assert instance.outcome == "completed"
    assert not instance.state.waits


@pytest.mark.parametrize("count", ["0", "items"])
def test_multi_instance_of_nothing_goes_on(count: str) -> None:
    marker = (
        f'<multiInstanceLoopCharacteristics anyshore:collection="{count}"/>' if count == "items" else cardinality(count)
    )
    assert trace(run('<startEvent id="a"/>' + log("b", inner=marker) + log("c"), "a -> b\nb -> c", items=[])) == ["c"]


@pytest.mark.parametrize("count", ["-1", "1.5", "null", '"x"', "10 ** 9"])
def test_a_bad_cardinality_is_an_incident(count: str) -> None:
    marker = cardinality(count)
    instance = run('<startEvent id="a"/>' + log("b", inner=marker), "a -> b")
    (wait,) = instance.state.waits.values()
    assert wait.name == "bpmn.bad-cardinality"


def test_parallel_instances_do_not_overwrite_each_others_results() -> None:
    instance = run(
        '<startEvent id="a"/>' + script("b", "item * item", "square", inner='<multiInstanceLoopCharacteristics'
        ' anyshore:collection="[1, 2, 3]" anyshore:item="item" anyshore:collect="square" anyshore:into="squares"/>'),
        "a -> b",
    )  # fmt: skip
    assert instance.variables["squares"] == [1, 4, 9]
    assert "square" not in instance.variables


def test_multi_instance_with_data_of_bpmn() -> None:
    instance = run(
        '<dataObject id="do1" name="orders" isCollection="true"/><dataObjectReference id="dr1" dataObjectRef="do1"/>'
        '<dataObject id="do2" name="totals" isCollection="true"/><dataObjectReference id="dr2" dataObjectRef="do2"/>'
        '<startEvent id="a"/><scriptTask id="b" anyshore:result="total"><ioSpecification>'
        '<dataInput id="in" name="all orders" isCollection="true"/><dataOutput id="out" name="all totals"/>'
        "<inputSet><dataInputRefs>in</dataInputRefs></inputSet><outputSet><dataOutputRefs>out</dataOutputRefs></outputSet>"
        "</ioSpecification><dataInputAssociation><sourceRef>dr1</sourceRef><targetRef>in</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>out</sourceRef><targetRef>dr2</targetRef></dataOutputAssociation>"
        "<multiInstanceLoopCharacteristics><loopDataInputRef>in</loopDataInputRef>"
        '<loopDataOutputRef>out</loopDataOutputRef><inputDataItem id="ii" name="order"/>'
        '<outputDataItem id="oi" name="total"/></multiInstanceLoopCharacteristics>'
        "<script>order.net + order.tax</script></scriptTask>", "a -> b",
        orders=[{"net": 1, "tax": 2}, {"net": 3, "tax": 4}],
    )  # fmt: skip
    assert instance.variables["totals"] == [3, 7]
    assert instance.outcome == "completed"


BEHAVIOR = (
    '<startEvent id="a"/><userTask id="b"><multiInstanceLoopCharacteristics {more}><loopCardinality>3</loopCardinality>'
    '{inner}</multiInstanceLoopCharacteristics></userTask><boundaryEvent id="x" attachedToRef="b">'
    '<signalEventDefinition signalRef="S1"/></boundaryEvent>'
)
EVENT = '<signalEventDefinition id="SE" signalRef="S1"/>'


@pytest.mark.parametrize(
    ("more", "inner", "after_first", "after_all"),
    [
        ('behavior="None" noneBehaviorEventRef="SE"', "", ["e"], ["e", "e", "e", "c"]),
        ('behavior="One" oneBehaviorEventRef="SE"', "", ["e"], ["e", "c"]),
        ('behavior="All"', "", [], ["c"]),
        (
            'behavior="Complex"',
            "<complexBehaviorDefinition><condition>numberOfCompletedInstances = 2</condition><event id='ev'>"
            '<signalEventDefinition signalRef="S1"/></event></complexBehaviorDefinition>',
            [],
            ["e", "c"],
        ),
    ],
)
def test_behavior_events_of_a_multi_instance(
    more: str, inner: str, after_first: list[str], after_all: list[str]
) -> None:
    definition = process(
        BEHAVIOR.format(more=more, inner=inner) + log("c") + log("e"), "a -> b\nb -> c\nx -> e",
        root='<signal id="S1" name="alarm"/>' + EVENT,
    )  # fmt: skip
    instance = start(definition)
    instance.resolve("b")
    assert trace(instance) == after_first
    while instance.waits("b", "work"):
        instance.resolve("b")
    assert trace(instance) == after_all
    assert instance.outcome == "completed"


def test_progress_that_no_boundary_event_catches_goes_out() -> None:
    for kind, reference in (("signal", "signalRef"), ("message", "messageRef"), ("escalation", "escalationRef")):
        name = {"signal": "S1", "message": "M1", "escalation": "X1"}[kind]
        definition = process(
            '<startEvent id="a"/>' + log("b", inner='<multiInstanceLoopCharacteristics behavior="None" '
            'noneBehaviorEventRef="ED"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>'),
            "a -> b",
            root=f'<{kind} id="{name}" name="it" escalationCode="it"/>'.replace(
                ' escalationCode="it"', "" if kind != "escalation" else ' escalationCode="it"')
            + f'<{kind}EventDefinition id="ED" {reference}="{name}"/>',
        )  # fmt: skip
        sent = [record for record in start(definition).log if type(record).__name__ == "Sent"]
        assert [(record.kind, record.name) for record in sent] == [(kind, "it")] * 2


def test_progress_cannot_be_an_error() -> None:
    with pytest.raises(BpmnError, match="about its progress"):
        process(
            '<startEvent id="a"/>' + log("b", inner='<multiInstanceLoopCharacteristics behavior="One" '
            'oneBehaviorEventRef="ED"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>'),
            "a -> b", root='<error id="E1" errorCode="x"/><errorEventDefinition id="ED" errorRef="E1"/>',
        )  # fmt: skip


def test_an_interrupting_boundary_event_ends_all_instances() -> None:
    instance = run(
        '<startEvent id="a"/><userTask id="b"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>'
        '</multiInstanceLoopCharacteristics></userTask><boundaryEvent id="x" attachedToRef="b">'
        '<messageEventDefinition messageRef="M1"/></boundaryEvent>' + log("c"), "a -> b\nx -> c",
    )  # fmt: skip
    assert len(instance.waits("b", "message")) == 1, "the activity listens once, not every instance"
    instance.resolve("b", "message")
    assert trace(instance) == ["c"]
    assert instance.outcome == "completed"


def test_an_error_in_one_instance_ends_the_activity() -> None:
    instance = run(
        '<startEvent id="a"/><serviceTask id="b" anyshore:activity="t"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></serviceTask>"
        '<boundaryEvent id="x" attachedToRef="b"><errorEventDefinition/></boundaryEvent>' + log("c"), "a -> b\nx -> c",
    )  # fmt: skip
    instance.do(Fail(at=0, wait=instance.wait("b", "job").id, code="any"))
    assert trace(instance) == ["c"]
    assert instance.outcome == "completed"


# Token quantities


def test_start_and_completion_quantity() -> None:
    instance = run(
        '<startEvent id="a"/>' + log("b", 'completionQuantity="3"') + log("c") + log("d", 'startQuantity="2"'),
        "a -> b\nb -> c\nc -> d",
    )  # fmt: skip
    assert trace(instance) == ["b", "c", "c", "c", "d"]
    assert instance.outcome is None, "one token still waits for a second"


@pytest.mark.parametrize(
    "attribute", ['startQuantity="0"', 'completionQuantity="0"', 'startQuantity="x"', 'completionQuantity="10001"']
)
def test_bad_quantities_are_refused(attribute: str) -> None:
    with pytest.raises(BpmnError, match="whole number from 1"):
        process('<startEvent id="a"/>' + log("b", attribute), "a -> b")


# Ad-hoc


def adhoc(inner: str, more: str = "", condition: str = "", **variables: Any) -> Any:
    completion = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    return run(
        f'<startEvent id="a"/><adHocSubProcess id="s" {more}>{inner}{completion}</adHocSubProcess>' + log("done"),
        "a -> s\ns -> done", **variables,
    )  # fmt: skip


def test_adhoc_does_each_activity_once_and_follows_its_flows() -> None:
    assert trace(adhoc(log("b") + log("c") + log("d") + flows("b -> d"))) == ["b", "c", "d", "done"]


def test_sequential_adhoc_does_one_after_the_other() -> None:
    instance = adhoc('<userTask id="b"/><userTask id="c"/><userTask id="d"/>', 'ordering="Sequential"')
    node = instance.node("s").id
    assert [instance.element(wait) for wait in instance.waits(kind="work")] == ["b"]
    with pytest.raises(CommandRejected, match="one activity at a time"):
        instance.do(Act(at=0, verb="start", node=node, element="d"))
    for task in "bcd":
        instance.resolve(task)
    assert trace(instance) == ["done"]


def test_adhoc_activity_can_be_done_again() -> None:
    instance = adhoc('<userTask id="b"/><userTask id="c"/>')
    instance.do(Act(at=0, verb="start", node=instance.node("s").id, element="b"))
    assert len(instance.waits("b")) == 2
    for task in "bbc":
        instance.resolve(task)
    assert trace(instance) == ["done"]


@pytest.mark.parametrize(("cancel", "after"), [("true", ["done"]), ("false", [])])
def test_adhoc_completion_condition(cancel: str, after: list[str]) -> None:
    instance = adhoc(
        '<userTask id="b"/><userTask id="c"/>', f'cancelRemainingInstances="{cancel}"', "enough", enough=False
    )
    instance.resolve("b", enough=True)
    assert trace(instance) == after
    if not after:
        instance.resolve("c")
        assert trace(instance) == ["done"]
    assert instance.outcome == "completed"


def test_adhoc_stays_open_until_its_condition_holds_or_somebody_completes_it() -> None:
    instance = adhoc('<userTask id="b"/>', "", "enough", enough=False)
    instance.resolve("b")
    assert instance.outcome is None
    instance.do(Act(at=0, verb="complete", node=instance.node("s").id))
    assert trace(instance) == ["done"]


# Data


def test_data_objects_and_properties_live_in_their_scope() -> None:
    instance = run(
        '<property id="limit"/><startEvent id="a"/><subProcess id="s"><dataObject id="x"/><startEvent id="sa"/>'
        + script("b", "5", "x") + script("c", "x + 1", "limit") + flows("sa -> b\nb -> c") + "</subProcess>"
        + script("d", 'if x = null then "gone" else "there"', "seen"), "a -> s\ns -> d",
    )  # fmt: skip
    assert instance.variables["limit"] == 6
    assert instance.variables["seen"] == "gone"
    assert "x" not in instance.variables


def test_data_associations_with_transformation_and_assignment() -> None:
    instance = run(
        '<dataObject id="order"/><dataObjectReference id="or" dataObjectRef="order"/><dataObject id="reply"/>'
        '<startEvent id="a"/><userTask id="b"><ioSpecification><dataInput id="total"/><dataOutput id="answer"/>'
        "<inputSet><dataInputRefs>total</dataInputRefs></inputSet><outputSet><dataOutputRefs>answer</dataOutputRefs></outputSet>"
        "</ioSpecification><dataInputAssociation><sourceRef>or</sourceRef><targetRef>total</targetRef>"
        "<transformation>order.net * 2</transformation></dataInputAssociation><dataOutputAssociation>"
        "<sourceRef>answer</sourceRef><targetRef>reply</targetRef><assignment><from>answer</from><to>reply.text</to>"
        "</assignment><assignment><from>1</from><to>reply.lines.count</to></assignment></dataOutputAssociation></userTask>",
        "a -> b", order={"net": 4},
    )  # fmt: skip
    assert instance.wait("b").data["inputs"] == {"total": 8}
    instance.resolve("b", answer="yes")
    assert instance.variables["reply"] == {"text": "yes", "lines": {"count": 1}}


def test_an_activity_waits_for_its_input_set() -> None:
    instance = run(
        '<dataObject id="order"/><startEvent id="a"/><userTask id="b"><ioSpecification><dataInput id="given"/>'
        "<inputSet><dataInputRefs>given</dataInputRefs></inputSet><outputSet/></ioSpecification>"
        "<dataInputAssociation><sourceRef>order</sourceRef><targetRef>given</targetRef></dataInputAssociation></userTask>",
        "a -> b",
    )  # fmt: skip
    assert not instance.waits("b", "work")
    instance.do(Write(at=0, variables={"order": 7}))
    assert instance.wait("b", "work").data["inputs"] == {"given": 7}


# Sub-processes


def test_sub_process_without_start_event_starts_what_nothing_leads_to() -> None:
    instance = run('<startEvent id="a"/><subProcess id="s">' + log("b") + log("c") + "</subProcess>" + log("d"),
                   "a -> s\ns -> d")  # fmt: skip
    assert trace(instance) == ["b", "c", "d"]


def test_empty_sub_process_goes_on() -> None:
    assert trace(run('<startEvent id="a"/><subProcess id="s"/>' + log("d"), "a -> s\ns -> d")) == ["d"]
