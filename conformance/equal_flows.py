"""Random processes around the random models of `equal`: rows over columns rest where the row engine says.

A process decides, chooses by one condition and computes once more; every row must take the flow its values tell, with
the value its way gives, or go alone where the engine would make an incident or the columns cannot tell.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

import duckdb
import polars as pl

from anyshore import bpmn, dmn, feel
from anyshore.base.errors import BpmnError
from anyshore.columnar.flowed import Flowed
from anyshore.columnar.flows import flow
from anyshore.columnar.process_queries import process_query

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anyshore="https://anyshore.org/bpmn" '
    'targetNamespace="urn:equal" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">'
)


def process_of(condition: str, computed: str) -> str:
    """The process: a decision, a choice, and one script on one of its ways."""
    return f"""{HEAD}<process id="p" isExecutable="true"><startEvent id="start"/>
<businessRuleTask id="decide" anyshore:decision="Outcome" anyshore:result="first"/>
<exclusiveGateway id="which" default="f4"/>
<scriptTask id="more" scriptFormat="text/feel" anyshore:result="second"><script>{escape(computed)}</script></scriptTask>
<endEvent id="there"/><endEvent id="else"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="decide"/><sequenceFlow id="f2" sourceRef="decide" targetRef="which"/>
<sequenceFlow id="f3" sourceRef="which" targetRef="more">
<conditionExpression>{escape(condition)}</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="which" targetRef="else"/><sequenceFlow id="f5" sourceRef="more" targetRef="there"/>
</process></definitions>"""


def compared(
    model: dmn.Model, rows: pl.DataFrame, results: list[object], condition: str, computed: str, count: dict[str, int]
) -> str:
    """What is wrong with the process around a model; nothing where the ways agree.

    Args:
        model: with the decision Outcome.
        rows: distinct rows.
        results: what Outcome is for each.
        condition: of one of the ways, over the columns.
        computed: what is computed on it.
        count: what is counted on the way.
    """
    process = next(iter(bpmn.read(process_of(condition, computed).encode()).processes.values()))
    flowed = flow(process, [model], rows)
    if not any(way.through for way in flowed.ways):
        count["processes that stop"] += 1
        return ""
    count["processes in one plan"] += flowed.outcome is not None
    tests, values = feel.compile(condition, names=rows.columns), feel.compile(computed, names=rows.columns)
    count["rows of processes alone"] += len(flowed.alone)
    for stop in flowed.stops:
        for at, found in zip(stop.rows, stop.variables.iter_rows(named=True), strict=True):
            row = {name: feel.from_python(value) for name, value in rows.row(int(at), named=True).items()}
            wanted = _rest(stop.way.element, row, results[int(at)], tests, values)
            if wanted != {name: feel.from_python(found[name]) for name in stop.way.gave}:
                return f"row {row} rests at {stop.way.element} with {found}, and not {wanted}: {condition}, {computed}"
    return _alone(flowed, rows, results, tests, values) or _asked(process, model, rows, flowed, count)


def _asked(process: bpmn.Process, model: dmn.Model, rows: pl.DataFrame, flowed: Flowed, count: dict[str, int]) -> str:
    """Whether DuckDB gives the same, asked for the whole process."""
    try:
        query = process_query(process, [model], rows.schema, "rows given")
    except BpmnError:
        return ""
    if flowed.outcome is None:
        return "there is a query and no plan"
    connection = duckdb.connect()
    connection.register("rows given", rows.with_row_index("number").to_arrow())
    answer = pl.DataFrame(pl.from_arrow(connection.sql(query.text).to_arrow_table())).sort("number")
    outcome = query.outcome(answer)
    if outcome.way.to_list() != flowed.outcome.way.to_list():
        return f"DuckDB takes the ways {outcome.way.to_list()[:20]} and not {flowed.outcome.way.to_list()[:20]}"
    if not outcome.variables.equals(flowed.outcome.variables):
        return f"DuckDB gives {outcome.variables} and not {flowed.outcome.variables}"
    count["processes asked of DuckDB"] += 1
    return ""


def _rest(
    element: str, row: dict[str, object], first: object, tests: feel.Expression, values: feel.Expression
) -> dict[str, object] | None:
    """What a row that rests at an element has been given; nothing where it does not rest there."""
    holds = tests.evaluate({**row, "first": first})
    if element == "else":
        return {"first": first} if holds is False else None
    given = {"first": first, "second": values.evaluate(row)} if element == "there" else {"first": first}
    return given if holds is True and None not in given.values() else None


def _alone(
    flowed: Flowed, rows: pl.DataFrame, results: list[object], tests: feel.Expression, values: feel.Expression
) -> str:
    """A row goes alone for a reason: a null on its way, a number the columns cannot hold exactly, or a text that may be
    a number or a date.
    """
    known = [name for name, kind in rows.schema.items() if kind in (pl.Float64, pl.Int64)]
    unclear = any(kind == pl.String for kind in rows.dtypes)
    for at in flowed.alone:
        row = {name: feel.from_python(value) for name, value in rows.row(int(at), named=True).items()}
        inexact = any(_inexact(rows[name][int(at)]) for name in known)
        holds = tests.evaluate({**row, "first": results[int(at)]})
        on_its_way = [results[int(at)], holds, *([values.evaluate(row)] if holds is True else [])]
        if None not in on_its_way and not inexact and not unclear:
            return f"row {row} goes alone for no reason"
    return ""


def _inexact(value: float | None) -> bool:
    """A number the columns cannot hold exactly: too large, a fraction of more than six digits, or none."""
    return value is not None and (value != value or abs(value) >= 10**9 or 0 < abs(value) < 1e-6)
