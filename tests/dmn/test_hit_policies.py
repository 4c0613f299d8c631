from __future__ import annotations

from decimal import Decimal

import pytest

from anyshore import dmn, feel
from anyshore.dmn.grids import Column, Table, to_xml

ROWS = [["> 1", "1"], ["> 2", "3"], ["> 3", "2"], ["> 3", "2"]]


@pytest.mark.parametrize(
    ("policy", "value", "wanted"),
    [
        ("U", 2, "1"), ("U", 3, "null"), ("U", 0, "9"),
        ("F", 4, "1"), ("A", 3, "null"), ("A", 2, "1"),
        ("P", 4, "3"), ("O", 4, "[3, 2, 2, 1]"), ("R", 4, "[1, 3, 2, 2]"), ("C", 3, "[1, 3]"),
        ("C+", 4, "8"), ("C#", 4, "4"), ("C<", 4, "1"), ("C>", 4, "3"), ("C", 0, "9"), ("C#", 0, "9"),
    ],
)  # fmt: skip
def test_policies(policy: str, value: int, wanted: str) -> None:
    columns = [Column("input", "a", "number"), Column("output", "out", "number", "3, 2, 1", "9")]
    model = dmn.read(to_xml([Table("T", policy, columns, ROWS)], "t", "urn:t"))
    result = model.decide("T", {"a": value})
    assert feel.format(result.value) == wanted
    assert bool(result.diagnostics) == (wanted == "null")


@pytest.mark.parametrize("policy", ["U", "C", "C#", "C+"])
def test_without_a_match_and_a_default_the_value_is_null(policy: str) -> None:
    columns = [Column("input", "a", "number"), Column("output", "out", "number")]
    model = dmn.read(to_xml([Table("T", policy, columns, ROWS)], "t", "urn:t"))
    assert model.decide("T", {"a": 0}).value is None


def test_several_outputs_are_a_context_and_priorities_go_from_left_to_right() -> None:
    outputs = [Column("output", "x", "string", '"b", "a"'), Column("output", "y", "number", "2, 1")]
    rows = [["-", '"a"', "2"], ["-", '"b"', "1"], ["-", '"b"', "2"]]
    model = dmn.read(to_xml([Table("T", "P", [Column("input", "a"), *outputs], rows)], "t", "urn:t"))
    assert model.decide("T", {"a": 1}).value == {"x": "b", "y": Decimal(2)}


@pytest.mark.parametrize(
    ("outputs", "wanted"),
    [
        (["1234567890123456789012345678901234", "0.1"], "1234567890123456789012345678901234"),
        (['@"P1D"', '@"PT36H"'], '@"P2DT12H"'), (['@"P1Y"', '@"P2M"'], '@"P1Y2M"'),
    ],
)  # fmt: skip
def test_sums_are_exact(outputs: list[str], wanted: str) -> None:
    assert feel.format(summed(outputs).value) == wanted


@pytest.mark.parametrize("outputs", [['"a"'], ["1", "null"], ['@"2020-01-01"'] * 2, ["9e6144"] * 2, ["[1]"]])
def test_what_has_no_sum_is_null(outputs: list[str]) -> None:
    result = summed(outputs)
    assert result.value is None
    assert result.diagnostics[0].code.startswith("dmn.aggregation")


def summed(outputs: list[str]) -> dmn.Result:
    columns = [Column("input", "a"), Column("output", "x")]
    model = dmn.read(to_xml([Table("T", "C+", columns, [["-", one] for one in outputs])], "t", "urn:t"))
    return model.decide("T", {"a": 1})


def test_an_input_outside_the_columns_values_is_null() -> None:
    columns = [Column("input", "a", "string", '"x", "y"'), Column("output", "o")]
    model = dmn.read(to_xml([Table("T", "U", columns, [["-", "1"]])], "t", "urn:t"))
    assert model.decide("T", {"a": "x"}).value == Decimal(1)
    assert model.decide("T", {"a": "z"}).diagnostics[0].code == "dmn.input-value"
    assert model.decide("T", {"a": None}).diagnostics == []
    compiled = model.compile("T")
    assert [compiled({"a": v}) for v in ("x", "z", "x", None)] == [Decimal(1)] * 4


@pytest.mark.parametrize(("grade", "verdict"), [(7, "no grade"), ("x", "no grade"), (None, "no grade"), (2, "graded")])
def test_a_rule_for_null_decides_where_an_input_is_outside_the_columns_values(grade: object, verdict: str) -> None:
    columns = [Column("input", "grade", "number", "1, 2, 3"), Column("output", "verdict")]
    rows = [["null", '"no grade"'], ["-", '"graded"']]
    model = dmn.read(to_xml([Table("T", "F", columns, rows)], "t", "urn:t"))
    assert dmn.check(model) == []
    assert model.decide("T", {"grade": grade}).value == verdict
    assert model.compile("T")({"grade": grade}) == verdict
