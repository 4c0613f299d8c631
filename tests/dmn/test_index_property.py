"""The index finds the rules the specification says match, and the compiled table gives what ``decide`` gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dmn.tables import rows_for, tables
from tests.draws import examples

from anyshore import dmn, feel
from anyshore.base.errors import Diagnostic
from anyshore.dmn import fast
from anyshore.dmn.deciding import run_service
from anyshore.dmn.evaluate import evaluate
from anyshore.dmn.expressions import DecisionTable
from anyshore.dmn.grids import Column, Table, to_xml
from anyshore.dmn.index import members
from anyshore.dmn.run import Run
from anyshore.dmn.tables import holds, match, plan_of


def _model(table: Table) -> dmn.Model:
    return dmn.read(to_xml([table], "random", "urn:random"))


def _plainly(table: DecisionTable, values: Sequence[object], run: Run) -> list[int]:
    """The rules that match, every cell evaluated by FEEL: what the specification says."""
    return [
        number
        for number, rule in enumerate(table.rules)
        if all(holds(tests, value, {}, run) for tests, value in zip(rule.inputs, values, strict=True))
    ]


def _run(model: dmn.Model) -> Run:
    problems: list[Diagnostic] = []
    return Run(model.linked, {}, feel.Run(None, "UTC", problems), problems, evaluate, run_service)


@st.composite
def cases(draw: st.DrawFn, wild: bool = True) -> tuple[Table, list[dict[str, Any]]]:
    table = draw(tables())
    return table, draw(st.lists(rows_for(table, wild), min_size=1, max_size=6))


@settings(max_examples=examples(150))
@given(cases())
def test_index_finds_the_rules_the_specification_finds(case: tuple[Table, list[dict[str, Any]]]) -> None:
    table, rows = case
    model = _model(table)
    decision = model.decisions[0]
    model.linked.compiler.prepare(decision)
    logic = decision.expression
    plan = plan_of(logic, model.linked.types, decision.owner)
    for row in rows:
        values = [feel.from_python(value) for value in row.values()]
        run = _run(model)
        assert members(match(logic, plan, values, {}, run)) == _plainly(logic, values, run)


@settings(max_examples=examples(200))
@given(cases(), st.booleans(), st.sampled_from([1, fast.NUMBERED]))
def test_compiled_table_gives_what_decide_gives(
    case: tuple[Table, list[dict[str, Any]]], positional: bool, numbered: int
) -> None:
    table, rows = case
    model = _model(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "NUMBERED", numbered)
        compiled = model.compile("Outcome", positional=positional)
    for row in rows * 2:  # the second time from what the first left behind
        wanted = model.decide("Outcome", row).value
        found = compiled(*(row[name] for name in compiled.inputs)) if positional else compiled(row)
        assert found == wanted
        assert type(found) is type(wanted)


@settings(max_examples=examples(25))
@given(st.data(), st.sampled_from([1, fast.NUMBERED]))
def test_large_tables_are_right(data: st.DataObject, numbered: int) -> None:
    words = [f'"w{n}"' for n in range(12)]
    pool = [
        [word, f"[{low}..{low + 7})", age, str(low)]
        for word in words
        for low in range(0, 70, 7)
        for age in ("< 40", "-")
    ]
    chosen = data.draw(st.lists(st.sampled_from(pool), min_size=80, max_size=120))
    columns = [Column("input", "word"), Column("input", "size", "number"), Column("input", "age", "number")]
    table = Table(
        "Outcome", data.draw(st.sampled_from(["U", "F", "C", "C+"])), [*columns, Column("output", "out")], chosen
    )
    model = _model(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "NUMBERED", numbered)
        compiled = model.compile("Outcome")
    assert compiled.indexed
    for _ in range(5):
        row = {
            "word": data.draw(st.sampled_from(["w0", "w3", "w11", "none", None, 4])),
            "size": data.draw(
                st.one_of(st.integers(-2, 80), st.decimals(-1, 80, places=1), st.floats(0, 80), st.none())
            ),
            "age": data.draw(st.one_of(st.sampled_from([39, 40, 41, 39.9]), st.none())),
        }
        assert compiled(row) == model.decide("Outcome", row).value
        assert compiled(row) == model.decide("Outcome", row).value


@pytest.mark.parametrize("rows", [[["-", "1"], ["-", "2"]], [["> 1", "1"], ["-", "2"]]])
def test_an_answer_belongs_to_its_caller(rows: list[list[str]]) -> None:
    table = Table("Outcome", "C", [Column("input", "a", "number"), Column("output", "o", "number")], rows)
    compiled = _model(table).compile("Outcome")
    for _ in range(3):
        found = compiled({"a": 5})
        assert found == [1, 2]
        found.append("changed by the caller")
