"""A decision asked for often answers from memory what it answered before, problems included."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from tests.dmn.test_index_property import cases
from tests.draws import examples

from anyshore import dmn
from anyshore.base.errors import DmnError
from anyshore.dmn import model as models
from anyshore.dmn.grids import Column, Table, to_xml

FEES = Table(
    "Fee", "U", [Column("input", "zone", "string"), Column("input", "amount", "number"), Column("output", "fee")],
    [['"EU"', "< 10", "1"], ['"EU"', ">= 10", "2"], ['"US"', "< 10", "amount * 2"], ['"US"', "[5..9]", "4"]],
)  # fmt: skip


def _model(table: Table) -> dmn.Model:
    return dmn.read(to_xml([table], "memory", "urn:memory"))


@settings(max_examples=examples(200))
@given(cases())
def test_memory_changes_no_answer(case: tuple[Table, list[dict[str, Any]]]) -> None:
    table, rows = case
    fresh, practised = _model(table), _model(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "OFTEN", 1)
        for row in rows * 3:
            with patch.context() as without:
                without.setattr(models, "OFTEN", 0)  # never reached
                wanted = fresh.decide("Outcome", row)
            found = practised.decide("Outcome", row)
            assert found == wanted
            assert type(found.value) is type(wanted.value)
            if isinstance(found.value, list):
                found.value.append("changed by the caller")


def _practised() -> dmn.Model:
    model = _model(FEES)
    for amount in range(200):
        model.decide("Fee", {"zone": "EU", "amount": amount})
    assert model._memories
    return model


@pytest.mark.parametrize(
    "inputs",
    [
        {"zone": "EU", "amount": None}, {"zone": "EU"}, {"zone": 5, "amount": 1}, {"zone": "EU", "amount": "1"},
        {"zone": "US", "amount": 2}, {"zone": "US", "amount": 3}, {"zone": "US", "amount": 6},
        {"zone": "XX", "amount": 6},
        {"zone": "EU", "amount": float("nan")}, {"zone": "EU", "amount": True},
    ],
)  # fmt: skip
def test_what_is_to_be_reported_is_reported_again(inputs: dict[str, Any]) -> None:
    practised = _practised()
    wanted = _model(FEES).decide("Fee", inputs)
    for _ in range(3):
        assert practised.decide("Fee", inputs) == wanted
    if wanted.diagnostics:
        with pytest.raises(DmnError):
            practised.decide("Fee", inputs, strict=True)


def test_an_explanation_is_never_from_memory() -> None:
    explanation = _practised().decide("Fee", {"zone": "EU", "amount": 3}, explain=True).explanation
    assert explanation is not None
    assert explanation.tables[0].rules[0].number == 1


def test_a_decision_with_an_input_no_column_looks_at_is_decided_anew() -> None:
    columns = [Column("input", "a", "number"), Column("input", "b", "number"), Column("output", "o")]
    model = _model(Table("Fee", "U", columns, [["> 1", "-", "1"]]))
    for _ in range(100):
        assert model.decide("Fee", {"a": 5, "b": 1}).diagnostics == []
    assert model.decide("Fee", {"a": 5, "b": "no number"}).diagnostics != []
    assert model.decide("Fee", {"a": 5}).diagnostics != []


def test_a_remembered_list_belongs_to_its_caller() -> None:
    columns = [Column("input", "a", "number"), Column("output", "o", "number")]
    model = _model(Table("Fee", "C", columns, [["> 1", "1"], ["> 2", "2"]]))
    for _ in range(100):
        value = model.decide("Fee", {"a": 5}).value
        assert value == [1, 2]
        value.append("changed by the caller")
