"""Rows through a process over columns are where instances are, with the variables instances have."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
import pytest
from tests.columnar.test_decide_table import fee

from anyshore import bpmn, dmn, feel
from anyshore.base.errors import BpmnError
from anyshore.bpmn import Process
from anyshore.columnar.flows import Flowed, explain, flow
from anyshore.dmn.grids import Column, Table, to_xml
from anyshore.kernel.state import INCIDENT
from anyshore.runtime import catalogue
from anyshore.runtime.answers import Answers
from anyshore.runtime.tryout import World

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anyshore="https://anyshore.org/bpmn" '
    'targetNamespace="urn:x" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">'
)
INVOICE = """
<process id="invoice" isExecutable="true">
  <startEvent id="start"/>
  <scriptTask id="net" scriptFormat="text/feel" anyshore:result="net">
    <script>round half up(amount / 1.19, 2)</script></scriptTask>
  <exclusiveGateway id="large" default="f_small"/>
  <businessRuleTask id="fee" anyshore:decision="Fee" anyshore:result="fee"/>
  <scriptTask id="total" scriptFormat="text/feel" anyshore:result="total"><script>net + fee</script></scriptTask>
  <exclusiveGateway id="where"/>
  <userTask id="approve" name="Approve it"/>
  <endEvent id="paid"/>
  <endEvent id="abroad"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="net"/>
  <sequenceFlow id="f2" sourceRef="net" targetRef="large"/>
  <sequenceFlow id="f_large" sourceRef="large" targetRef="approve">
    <conditionExpression>net &gt; 100</conditionExpression></sequenceFlow>
  <sequenceFlow id="f_small" sourceRef="large" targetRef="fee"/>
  <sequenceFlow id="f3" sourceRef="fee" targetRef="total"/>
  <sequenceFlow id="f4" sourceRef="total" targetRef="where"/>
  <sequenceFlow id="f5" sourceRef="where" targetRef="paid">
    <conditionExpression>zone = "EU"</conditionExpression></sequenceFlow>
  <sequenceFlow id="f6" sourceRef="where" targetRef="abroad">
    <conditionExpression>starts with(zone, "U")</conditionExpression></sequenceFlow>
  <sequenceFlow id="f7" sourceRef="approve" targetRef="fee"/>
</process></definitions>"""


def model_xml() -> bytes | str:
    columns = [Column("input", "zone", "string"), Column("input", "amount", "number"), Column("output", "f", "number")]
    cells = [['"EU"', "<= 10", "4.90"], ['"EU"', "> 10", "amount * 0.015"], ['"US","UK"', "-", "20"]]
    return to_xml([Table("Fee", "U", columns, cells)], "fees", "urn:fees")


def linked(xml: str) -> tuple[Process, dmn.Model]:
    decisions = model_xml()
    contents = {
        "p.bpmn": (HEAD + xml).encode(),
        "f.dmn": decisions if isinstance(decisions, bytes) else decisions.encode(),
    }
    deployment = catalogue.read(1, "p", contents)
    process = next(one.definition for one in deployment.definitions.values() if one.kind == "process")
    return process, dmn.read(decisions)


def rows(height: int) -> pl.DataFrame:
    random = Random(14)
    amounts = [random.choice([None, Decimal(random.randint(-5000, 30_000)) / 100]) if random.random() < 0.1 else
               Decimal(random.randint(-5000, 30_000)) / 100 for _ in range(height)]  # fmt: skip
    zones = [random.choice(["EU", "EU", "US", "UK", "CH", None]) for _ in range(height)]
    return pl.DataFrame({"amount": pl.Series(amounts, dtype=pl.Decimal(12, 2)), "zone": zones})


def instance(process: Process, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Where an instance comes to rest, and its variables."""
    world = World({process.id: process}, Answers({}), now=0, zone="UTC")
    one = world.start(process, {name: feel.from_python(value) for name, value in row.items()})
    waits = list(one.state.waits.values())
    if waits:
        return ("incident" if waits[0].kind == INCIDENT else one.element_of(waits[0])), one.variables
    return next(step.element for step in reversed(one.path) if step.element != process.id), one.variables


def compared(process: Process, flowed: Flowed, frame: pl.DataFrame) -> dict[str, int]:
    """How many rows rest where; every one is checked against an instance of its own."""
    counts: dict[str, int] = {}
    for stop in flowed.stops:
        counts[stop.way.element] = counts.get(stop.way.element, 0) + len(stop.rows)
        for at, variables in zip(stop.rows, stop.variables.iter_rows(named=True), strict=True):
            where, wanted = instance(process, frame.row(at, named=True))
            assert stop.way.element == where
            assert {name: feel.from_python(value) for name, value in variables.items()} == wanted
            assert stop.way.path[-1] == stop.way.element
    for at in flowed.alone:
        assert instance(process, frame.row(at, named=True))[0] == "incident"
    moved = [row for stop in flowed.stops for row in stop.rows]
    assert sorted(moved + list(flowed.alone)) == list(range(frame.height))
    return counts


def test_rows_rest_where_instances_rest() -> None:
    process, model = linked(INVOICE)
    frame = rows(400)
    counts = compared(process, flow(process, [model], frame), frame)
    assert set(counts) == {"approve", "paid", "abroad"}
    assert min(counts.values()) > 20


def test_what_has_no_columnar_form_stops_the_rows_before_it() -> None:
    process, model = linked(INVOICE.replace("net + fee", "net + sqrt(fee)"))
    frame = rows(50)
    stops = {stop.way.element: stop for stop in flow(process, [model], frame).stops}
    assert set(stops) == {"approve", "total"}
    assert not stops["total"].way.through
    assert "sqrt" in stops["total"].way.why
    assert stops["total"].way.path == ("start", "net", "large", "fee", "total")
    assert set(stops["total"].variables.columns) == {"amount", "zone", "net", "fee"}


def test_a_decision_nobody_gave_stops_the_rows() -> None:
    process, _ = linked(INVOICE)
    stops = {stop.way.element: stop.way.why for stop in flow(process, [], rows(20)).stops}
    assert stops["fee"] == "no model has the decision Fee"


def test_every_element_is_explained() -> None:
    process, _ = linked(INVOICE)
    told = {one.element: (one.compiled, one.why) for one in explain(process)}
    assert told["net"] == (True, "")
    assert told["approve"] == (False, "a person does it")
    assert set(told) == {"start", "net", "large", "fee", "total", "where", "approve", "paid", "abroad"}


@pytest.mark.parametrize(
    ("element", "why"),
    [
        ('<parallelGateway id="x"/><endEvent id="e2"/><sequenceFlow id="b2" sourceRef="x" targetRef="e2"/>', "no task"),
        ('<serviceTask id="x" anyshore:activity="a.b"/>', "a program outside does it"),
        ('<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
         "</timerEventDefinition></intermediateCatchEvent>", "work of its own"),
        ('<scriptTask id="x" scriptFormat="text/feel"><script>{a: 1}</script></scriptTask>', "no variable for its"),
    ],
)  # fmt: skip
def test_elements_that_are_work_say_why(element: str, why: str) -> None:
    xml = (
        f'<process id="p" isExecutable="true"><startEvent id="s"/>{element}<endEvent id="e"/>'
        '<sequenceFlow id="a" sourceRef="s" targetRef="x"/><sequenceFlow id="b" sourceRef="x" targetRef="e"/></process>'
        "</definitions>"
    )
    process = next(iter(bpmn.read((HEAD + xml).encode()).processes.values()))
    assert why in {one.element: one.why for one in explain(process)}["x"]
    (stop,) = flow(process, [fee()], rows(3)).stops
    assert (stop.way.element, stop.way.through, stop.way.path) == ("x", False, ("s", "x"))


def test_a_loop_without_end_goes_alone() -> None:
    xml = (
        '<process id="p" isExecutable="true"><startEvent id="s"/><exclusiveGateway id="g" default="b"/><task id="t"/>'
        '<endEvent id="e"/><sequenceFlow id="a" sourceRef="s" targetRef="g"/>'
        '<sequenceFlow id="b" sourceRef="g" targetRef="t"/><sequenceFlow id="c" sourceRef="t" targetRef="g"/>'
        '<sequenceFlow id="d" sourceRef="g" targetRef="e"><conditionExpression>zone = "CH"</conditionExpression>'
        "</sequenceFlow></process></definitions>"
    )
    process = next(iter(bpmn.read((HEAD + xml).encode()).processes.values()))
    frame = rows(30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anyshore.columnar.batches.MOST_ELEMENTS", 20)
        flowed = flow(process, [], frame)
    assert flowed.through == frame.filter(pl.col("zone") == "CH").height
    assert len(flowed.alone) == frame.height - flowed.through


def test_a_process_without_a_plain_start_takes_no_rows() -> None:
    xml = (
        '<process id="p" isExecutable="true"><startEvent id="s"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        '</timerEventDefinition></startEvent><endEvent id="e"/><sequenceFlow id="a" sourceRef="s" targetRef="e"/>'
        "</process></definitions>"
    )
    process = next(iter(bpmn.read((HEAD + xml).encode()).processes.values()))
    with pytest.raises(BpmnError, match="no single plain start"):
        flow(process, [], rows(2))


def test_no_rows_leave_no_stops() -> None:
    process, model = linked(INVOICE)
    assert flow(process, [model], rows(0)).stops == []
