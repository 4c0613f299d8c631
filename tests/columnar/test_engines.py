"""What engines do differently, seen in their pinned versions, and that plans give FEEL's answer in each of them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest

from anyshore import dmn, feel
from anyshore.base.errors import DmnError
from anyshore.columnar import decide_table
from anyshore.columnar.dialects.duckdb import DUCKDB
from anyshore.columnar.queries import outcomes, query_of

RAISES = "raises"
a, b = pl.col("a"), pl.col("b")
DIFFERENCES: list[tuple[str, dict[str, Any], str, Any, pl.Expr, Any]] = [
    ("floor(a / b)", {"a": -7, "b": 2}, "a // b", -3, a // b, -4),
    ("modulo(a, b)", {"a": -7, "b": 2}, "a % b", -1, a % b, 1),
    ("modulo(a, b)", {"a": 7, "b": -2}, "a % b", 1, a % b, -1),
    ("decimal(a / b, 1)", {"a": 7, "b": 0}, "a // b", RAISES, a // b, None),
    ("decimal(a / b, 2)", {"a": 1, "b": 2}, "a / b", 0.5, a / b, 0.5),
    ("round half up(a, 0)", {"a": Decimal("2.5"), "b": 0}, "a::bigint", 3, a.cast(pl.Int64), 2),
    ("decimal(a, 0)", {"a": Decimal("2.5"), "b": 0}, "a::bigint", 3, a.round(0), Decimal(2)),
    ("round half down(a, 0)", {"a": Decimal("-2.5"), "b": 0}, "a::bigint", -3, a.cast(pl.Int64), -2),
    ("a + b", {"a": 2**63 - 1, "b": 1}, "a + b", RAISES, a + b, -(2**63)),
    ("substring(a, 1, 3)", {"a": "ab", "b": 0}, "substring(a, 1, 3)", "ab", a.str.slice(0, 3), "ab"),
    ('a < "B"', {"a": "a", "b": 0}, "a < 'B'", False, a < "B", False),
    ("string length(a)", {"a": "e\u0301", "b": 0}, "length(a)", 2, a.str.len_bytes(), 3),
    ("not(a in (1, null))", {"a": 2, "b": 0}, "a not in (1, null)", None, ~a.is_in([1, None]), True),
    ("a = null", {"a": None, "b": 0}, "a = null", None, a.cast(pl.Int64) == b.cast(pl.Int64), None),
    (
        'a + duration("P1M")', {"a": datetime.date(2024, 1, 31), "b": 0}, "a + interval 1 month",
        datetime.datetime(2024, 2, 29), a.dt.offset_by("1mo"), datetime.date(2024, 2, 29),
    ),
]  # fmt: skip
"""An expression of FEEL, its variables, and what DuckDB and Polars give for what looks like the same."""


def model_of(expression: str) -> dmn.Model:
    head = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:d">'
    inputs = "".join(f'<inputData id="i_{n}" name="{n}"><variable name="{n}"/></inputData>' for n in "ab")
    needs = "".join(
        f'<informationRequirement id="r_{n}"><requiredInput href="#i_{n}"/></informationRequirement>' for n in "ab"
    )
    text = expression.replace("<", "&lt;")
    return dmn.read(
        f'{head}{inputs}<decision id="x" name="X"><variable name="X"/>{needs}<literalExpression><text>{text}</text>'
        "</literalExpression></decision></definitions>"
    )


@pytest.mark.parametrize(
    ("expression", "row", "sql", "in_duckdb", "in_polars", "polars"), DIFFERENCES, ids=[one[0] for one in DIFFERENCES]
)
def test_engines_answer_differently_and_plans_as_feel_does(
    expression: str, row: dict[str, Any], sql: str, in_duckdb: Any, in_polars: pl.Expr, polars: Any
) -> None:
    frame = pl.DataFrame({name: [value] for name, value in row.items()})
    relation = duckdb.from_arrow(frame.to_arrow())
    if in_duckdb is RAISES:
        with pytest.raises(duckdb.Error):
            relation.project(sql).fetchall()
    else:
        assert relation.project(sql).fetchall() == [(in_duckdb,)]
    assert frame.select(in_polars).row(0) == (polars,)
    model = model_of(expression)
    wanted = model.decide("X", row).value
    assert feel.from_python(decide_table(model, "X", frame).data["X"][0]) == wanted
    assert feel.from_python(outcomes(model, "X", relation)[0][0]) == wanted


def test_floats_are_told_by_a_division_and_not_by_an_inverse() -> None:
    frame = pl.DataFrame({"a": [100000.0, 3.0, 0.1], "b": [0, 0, 0]})
    assert frame.select(a / 1e6)["a"][0] == 0.09999999999999999
    decided = decide_table(model_of("a / 1000000 = 0.1"), "X", frame)
    assert (decided.data["X"].to_list(), decided.rows_by_row) == ([True, False, False], 0)


def test_a_value_of_an_enum_may_be_compared_with_a_text_it_does_not_list() -> None:
    relation = duckdb.sql("select 'x'::enum('x', 'y') as a, 1 as b")
    assert outcomes(model_of('a = "z"'), "X", relation)[0].to_list() == [False]


def test_the_differences_were_seen_in_this_version() -> None:
    assert duckdb.__version__ == DUCKDB.version


def test_numbers_past_their_column_go_alone_and_are_exact() -> None:
    frame = pl.DataFrame({"a": [3, 2**62], "b": [5, 2**62]})
    decided = decide_table(model_of("a * b"), "X", frame)
    assert decided.rows_by_row == 1
    assert decided.data["X"].to_list()[0] in (Decimal(15), "15")
    series, alone = outcomes(model_of("a * b"), "X", duckdb.from_arrow(frame.to_arrow()))
    assert alone == 1
    assert series.to_list() == decided.data["X"].to_list()


def test_what_has_no_query_says_why() -> None:
    with pytest.raises(DmnError, match="sqrt with 1 arguments is not among the functions") as caught:
        query_of(model_of("sqrt(a) + b"), "X", {"a": pl.Int64(), "b": pl.Int64()})
    assert caught.value.code == "columnar.query"
