"""How messages find their instance. Source: BPMN 2.0.2, 8.4.2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyshore.bpmn import BpmnEngine, Process
from anyshore.kernel.commands import Start
from tests.bpmn.models import process, start
from tests.harness import Instance

ROOT = """
<message id="M1" name="order"/><message id="M2" name="payment"/>
<correlationProperty id="CP" name="number">
  <correlationPropertyRetrievalExpression messageRef="M1"><messagePath>orderNumber</messagePath>
  </correlationPropertyRetrievalExpression>
  <correlationPropertyRetrievalExpression messageRef="M2"><messagePath>reference.order</messagePath>
  </correlationPropertyRetrievalExpression>
</correlationProperty>
"""
CATCH = '<intermediateCatchEvent id="{0}"><messageEventDefinition messageRef="{1}"/></intermediateCatchEvent>'


def correlated(body: str, links: str) -> Process:
    return process(body, links, root=ROOT)


def test_the_first_message_received_sets_the_key() -> None:
    instance = start(
        correlated('<startEvent id="a"/>' + CATCH.format("x", "M1") + CATCH.format("y", "M2"), "a -> x\nx -> y")
    )
    assert instance.wait("x", "message").key is None
    instance.resolve("x", "message", orderNumber="A-1")
    assert instance.wait("y", "message").key == "A-1"


def test_the_message_that_starts_the_process_sets_the_key() -> None:
    definition = correlated(
        '<startEvent id="s"><messageEventDefinition messageRef="M1"/></startEvent>' + CATCH.format("y", "M2"), "s -> y"
    )
    instance = Instance(BpmnEngine(), definition)
    instance.do(Start(at=0, element="s", variables={"orderNumber": Decimal(7)}))
    assert instance.wait("y", "message").key == "7"


def sent(instance: Instance) -> list[Any]:
    return [record for record in instance.log if type(record).__name__ == "Sent"]


def test_the_first_message_sent_sets_the_key() -> None:
    throw = (
        '<intermediateThrowEvent id="t"><extensionElements><anyshore:input name="orderNumber" expression="n"/>'
        '</extensionElements><messageEventDefinition messageRef="M1"/></intermediateThrowEvent>'
    )
    instance = start(correlated('<startEvent id="a"/>' + throw + CATCH.format("y", "M2"), "a -> t\nt -> y"), n=12)
    assert [(one.name, one.key) for one in sent(instance)] == [("order", "12")]
    assert instance.wait("y", "message").key == "12"


def test_context_based_correlation_reads_the_variables() -> None:
    definition = correlated(
        '<correlationSubscription id="cs"><correlationPropertyBinding correlationPropertyRef="CP">'
        '<dataPath>order.id</dataPath></correlationPropertyBinding></correlationSubscription><startEvent id="a"/>'
        + CATCH.format("y", "M2"), "a -> y",
    )  # fmt: skip
    assert start(definition, order={"id": "X"}).wait("y", "message").key == "X"
