"""Parallel gateways over columns: rows go through where no order of the branches can be told from another."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.columnar.test_flows import compared, linked, rows

from anyshore.columnar.flows import explain, flow

FORK = """
<process id="invoice" isExecutable="true">
  <startEvent id="start"/>
  <parallelGateway id="fork"/>
  <scriptTask id="net" scriptFormat="text/feel" anyshore:result="net">
    <script>round half up(amount / 1.19, 2)</script></scriptTask>
  <scriptTask id="more" scriptFormat="text/feel" anyshore:result="more"><script>net + 1</script></scriptTask>
  <businessRuleTask id="fee" anyshore:decision="Fee" anyshore:result="fee"/>
  <parallelGateway id="join"/>
  <scriptTask id="total" scriptFormat="text/feel" anyshore:result="total"><script>more + fee</script></scriptTask>
  <endEvent id="paid"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="fork"/>
  <sequenceFlow id="f2" sourceRef="fork" targetRef="net"/>
  <sequenceFlow id="f3" sourceRef="net" targetRef="more"/>
  <sequenceFlow id="f4" sourceRef="more" targetRef="join"/>
  <sequenceFlow id="f5" sourceRef="fork" targetRef="fee"/>
  <sequenceFlow id="f6" sourceRef="fee" targetRef="join"/>
  <sequenceFlow id="f7" sourceRef="fork" targetRef="join"/>
  <sequenceFlow id="f8" sourceRef="join" targetRef="total"/>
  <sequenceFlow id="f9" sourceRef="total" targetRef="paid"/>
</process></definitions>"""


def test_rows_go_through_a_fork_whose_branches_meet() -> None:
    process, model = linked(FORK)
    frame = rows(300)
    flowed = flow(process, [model], frame)
    assert set(compared(process, flowed, frame)) == {"paid"}
    assert flowed.through > 150
    assert flowed.ways[0].path == ("start", "fork", "net", "more", "fee", "join", "total", "paid")
    assert all(one.compiled for one in explain(process))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('anyshore:result="more"><script>net + 1', 'anyshore:result="fee"><script>net + 1'), "the same variable"),
        (('anyshore:result="more"><script>net + 1', 'anyshore:result="more"><script>fee + 1'), "no variable fee"),
        (('anyshore:result="net"', 'anyshore:result="zone"'), "there already"),
        (('<businessRuleTask id="fee" anyshore:decision="Fee" anyshore:result="fee"/>', '<userTask id="fee"/>'),
         "a person does it"),
        (('id="f6" sourceRef="fee" targetRef="join"', 'id="f6" sourceRef="fee" targetRef="total"'), "join within"),
    ],
)  # fmt: skip
def test_where_an_order_could_be_told_rows_stop_before_the_fork(change: tuple[str, str], why: str) -> None:
    process, model = linked(FORK.replace(*change))
    stops: list[Any] = flow(process, [model], rows(20)).stops
    assert [one.way.element for one in stops] == ["fork"]
    assert re.search(why, stops[0].way.why), stops[0].way.why
