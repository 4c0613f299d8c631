"""The arithmetic under figures, and the numbers it takes from reports."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.knowledge import derivations
from anyshore.knowledge.number_places import NumberIndex
from anyshore.knowledge.stated_numbers import number_in_cell, numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,496.5 - 1,202.9", "293.6"), ("(8 + 4) / 2", "6"), ("[(1+3)/2] − [2]", "4"), ("$5 × 2", "10"),
        ("-1.9-(-2.2)", "0.3"),
        ("34% + 11%", "0.45"), ("60.3 million + 32,137 thousand", "92437000"), ("2^3", "8"), ("12 ÷ 4", "3"),
        ("5 - (3)", "8"), ("(2 + 3)%", "0.05"), ("0.1 + 0.2", "0.3"), ("-(1 + 2)", "-3"),
    ],
)  # fmt: skip
def test_a_derivation_comes_to(text: str, value: str) -> None:
    assert derivations.compute(derivations.parse(text)) == Decimal(value)


def test_a_derivation_over_figures_names_them() -> None:
    node = derivations.parse("(sales.2025 - sales.2024) / sales.2024")
    assert derivations.names(node) == ("sales.2025", "sales.2024")
    figures = {"sales.2025": Decimal(120), "sales.2024": Decimal(100)}
    assert derivations.compute(node, figures) == Decimal("0.2")
    with pytest.raises(DataError, match=r"sales\.2024"):
        derivations.compute(node, {"sales.2025": Decimal(1)})


@pytest.mark.parametrize(
    "text", ["", "1 +", "(1", "1 2", "1,23", "open('x')", "a.__class__", "1;2", "(" * 100 + "1", "1" * 5000, "1 = 1"]
)
def test_what_is_no_derivation_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        derivations.compute(derivations.parse(text))


@pytest.mark.parametrize("text", ["1/0", "0/0", "10^9999999", "(-1)^0.5"])
def test_what_has_no_value_is_told(text: str) -> None:
    with pytest.raises(DataError) as caught:
        derivations.compute(derivations.parse(text))
    assert caught.value.code == "derivation.undefined"


@given(st.lists(st.decimals(-(10**6), 10**6, places=2, allow_nan=False), min_size=1, max_size=8))
def test_a_sum_is_exact_however_it_is_written(values: list[Decimal]) -> None:
    text = " + ".join(f"-{abs(value):,}" if value < 0 else f"{value:,}" for value in values)
    assert derivations.compute(derivations.parse(text)) == sum(values)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("(10 + 20) / 2", ["10", "20"]), ("120 / 110 - 1", ["120", "110"]), ("(a - b) / b * 100", []),
        ("50 / 2", ["50", "2"]), ("(8 + 7 + 6)/(2019-2017+1)", ["8", "7", "6", "2019", "2017"]),
        ("-(1 + 3)/2", ["1", "3"]),
        ("(1 - 15%) * 40", ["15", "40"]), ("-9,166 + 2", ["-9166", "2"]), ("1.0 / 4", ["1.0", "4"]),
    ],
)  # fmt: skip
def test_constants_of_the_calculation_are_told_from_what_is_taken(text: str, taken: list[str]) -> None:
    found = derivations.operands(derivations.parse(text))
    assert [one.value for one in found if not one.constant] == [Decimal(one) for one in taken]


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("5 - 3", 1),
        ("(5 + 3)/2", 1),
        ("5/3", 0),
        ("(5-3)/3", 0),
        ("5/3 - 1", 0),
        ("(8+7+6)/(2019-2017+1)", 1),
        ("5*3", 2),
    ],
)
def test_the_degree_tells_a_ratio_from_a_difference(text: str, degree: int) -> None:
    assert derivations.degree(derivations.parse(text)) == degree


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("$  1,452.4", "1452.4"), ("(1,234)", "-1234"), ("$(5.0)", "-5"), ("(3.5%)", "-3.5"), ("-7", "-7"),
        ("−7", "-7"),
        ("12 %", "12"), ("1,234 (a)", "1234"), ("—", None), ("", None), ("2019 to 2020", None), ("Sales", None),
    ],
)  # fmt: skip
def test_the_number_of_a_cell(cell: str, value: str | None) -> None:
    found = number_in_cell(cell)
    assert (None if found is None else found.value) == (None if value is None else Decimal(value))


def test_numbers_in_a_sentence() -> None:
    text = "In Q4 2018-2019 sales of $60.3 million (2018: 58.1) fell by 3% (or about 12 units)."
    found = list(numbers(text))
    assert [one.value for one in found] == [Decimal(n) for n in ("2018", "2019", "60.3", "2018", "58.1", "3", "12")]
    assert (found[2].scale, found[2].full) == ("million", Decimal(60_300_000))
    assert (found[5].percent, found[5].full) == (True, Decimal("0.03"))


def test_where_a_number_stands() -> None:
    index = NumberIndex([["Sales", "1,200", "(40)"]], ["It was 1,200 before."])
    assert [(one.kind, one.row, one.column, one.match) for one in index.places(Decimal(1200))] == [
        ("cell", 0, 1, "exact"), ("text", 0, -1, "exact"),
    ]  # fmt: skip
    assert index.places(Decimal(40))[0].match == "sign"
    assert index.places(Decimal(7)) == []
