"""Summaries, variance and regressions against values known exactly, and to the digits that are promised."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.analysis import least_squares, nonlinear, summaries, variance
from anyshore.base.errors import DataError


def decimals(*values: str | int) -> list[Decimal]:
    return [Decimal(value) for value in values]


def close(found: Decimal, wanted: float, digits: int = 9) -> bool:
    return abs(found - Decimal(wanted)) <= abs(Decimal(wanted)) * Decimal(10) ** -digits


def test_a_summary_keeps_digits_that_doubles_lose() -> None:
    # The same numbers on a high level: a sum of squares in doubles has no digit left.
    low, high = (summaries.summary([Decimal(level) + Decimal(n) / 10 for n in (1, 2, 3) * 3]) for level in (0, 10**15))
    assert high.deviation == low.deviation
    assert high.autocorrelation == low.autocorrelation
    assert high.mean == Decimal(10**15) + Decimal("0.2")


@given(st.lists(st.decimals(-1000, 1000, allow_nan=False, places=3), min_size=2, max_size=20))
def test_a_summary_is_what_the_definitions_say(values: list[Decimal]) -> None:
    found = summaries.summary(values)
    mean = sum(map(Fraction, values), Fraction(0)) / len(values)
    square = sum((Fraction(value) - mean) ** 2 for value in values) / (len(values) - 1)
    assert math.isclose(float(found.mean), float(mean), abs_tol=1e-12)
    assert found.deviation is not None
    assert math.isclose(float(found.deviation), math.sqrt(square), rel_tol=1e-12)


def test_one_value_has_no_deviation_and_equal_ones_no_autocorrelation() -> None:
    assert summaries.summary(decimals(5)).deviation is None
    assert summaries.summary(decimals(5, 5)).autocorrelation is None
    for wrong in ([], decimals("NaN")):
        with pytest.raises(DataError):
            summaries.summary(wrong)


def test_variance_between_and_within() -> None:
    found = variance.one_way([decimals(1, 2, 3), decimals(3, 4, 5)])
    assert (found.between_squares, found.within_squares) == (Decimal(6), Decimal(4))
    assert (found.f, found.r_squared, found.deviation) == (Decimal(6), Decimal("0.6"), Decimal(1))
    assert variance.one_way([decimals(1, 1), decimals(2, 2)]).f is None
    with pytest.raises(DataError):
        variance.one_way([decimals(1), decimals(2)])


def test_a_line_through_points_is_found_in_doubles() -> None:
    found = least_squares.linear([decimals(1, 2, 3, 4)], decimals("2.9", "5.1", "7.2", "8.8"))
    assert (found.digits, found.residual_freedom, found.regression_freedom) == (16, 2, 1)
    assert close(found.coefficients[0], 1.05)
    assert close(found.coefficients[1], 1.98)
    assert found.errors is not None
    assert close(found.residual_squares, 0.098)
    assert close(found.errors[1], math.sqrt(0.098 / 2 / 5))
    assert close(found.residual_squares + found.regression_squares, 19.7)


def test_an_ill_conditioned_polynomial_is_computed_again_in_sixty_digits_and_told() -> None:
    x = [Decimal(n) for n in range(21)]
    level = [sum((value**power for power in range(1, 8)), Decimal(1)) for value in x]
    y = [one + (1 if value % 2 else -1) for one, value in zip(level, x, strict=True)]
    found = least_squares.linear([[value**power for value in x] for power in range(1, 8)], y)
    assert found.digits == 60
    assert "60 digits" in found.told
    # Adding a polynomial of the fitted kind to the response adds its coefficients and nothing to the residuals.
    noise = least_squares.linear(
        [[value**power for value in x] for power in range(1, 8)],
        [Decimal(1) if value % 2 else Decimal(-1) for value in x],
    )
    differences = [a - b for a, b in zip(found.coefficients, noise.coefficients, strict=True)]
    assert all(abs(one - 1) < Decimal("1e-20") for one in differences)
    assert abs(found.residual_squares - noise.residual_squares) < Decimal("1e-20")


def test_an_exact_fit_is_exact() -> None:
    x = [Decimal(n) for n in range(8)]
    found = least_squares.linear([x, [value**2 for value in x]], [3 + 2 * value - value**2 for value in x])
    assert found.residual_squares == 0
    assert found.f == Decimal("Infinity")
    assert [round(one, 12) for one in found.coefficients] == [3, 2, -1]


def test_without_a_constant_squares_are_counted_from_zero() -> None:
    found = least_squares.linear([decimals(1, 2, 3)], decimals(2, 4, 7), constant=False)
    assert found.regression_freedom == 1
    assert close(found.coefficients[0], 31 / 14)
    assert close(found.regression_squares + found.residual_squares, 69)


@pytest.mark.parametrize(
    ("columns", "response"),
    [([[1, 2]], [1, 2, 3]), ([[1, 2], [3, 4], [5, 7]], [1, 2]), ([[1, 2, 3], [2, 4, 6]], [1, 2, 4])],
)
def test_what_cannot_be_fitted_is_refused(columns: list[list[int]], response: list[int]) -> None:
    with pytest.raises(DataError):
        least_squares.linear([decimals(*column) for column in columns], decimals(*response))


GROWTH = "b1*(1 - exp(-b2*x))"
X = [Decimal(n) for n in range(1, 13)]


def curve(b1: float, b2: float) -> list[Decimal]:
    return [Decimal(repr(b1 * (1 - math.exp(-b2 * float(x))))) for x in X]


def test_a_model_is_fitted_from_afar() -> None:
    y = [value + Decimal((-1) ** place) / 50 for place, value in enumerate(curve(8, 0.3))]
    first = nonlinear.fit(GROWTH, y, {"x": X}, {"b1": Decimal(1), "b2": Decimal(1)})
    second = nonlinear.fit(GROWTH, y, {"x": X}, {"b1": Decimal(20), "b2": Decimal("0.1")})
    for name in ("b1", "b2"):
        assert close(first.parameters[name], float(second.parameters[name]), 9)
    assert (first.residual_freedom, first.digits) == (10, 16)
    assert first.safe_digits > 7


def test_residuals_near_the_end_of_doubles_are_computed_in_sixty_digits() -> None:
    found = nonlinear.fit(GROWTH, curve(8, 0.3), {"x": X}, {"b1": Decimal(1), "b2": Decimal(1)})
    assert found.digits == 60
    assert abs(found.parameters["b1"] - 8) < Decimal("1e-14")
    assert 0 < found.residual_squares < Decimal("1e-28")


def test_a_response_may_be_taken_to_a_function() -> None:
    y = [Decimal(repr(math.exp(0.5 + 0.25 * float(x)) * (1.01 if x % 2 else 0.99))) for x in X]
    found = nonlinear.fit("a + b*x", y, {"x": X}, {"a": Decimal(0), "b": Decimal(0)}, of_response="log(y)")
    assert abs(found.parameters["b"] - Decimal("0.25")) < Decimal("0.001")


@pytest.mark.parametrize(
    ("model", "start"),
    [("b1*x + c", {"b1": 1}), ("b1*x + b2*x", {"b1": 1, "b2": 1}), ("log(b1 - 100)", {"b1": 1}), ("b1*", {"b1": 1})],
)
def test_a_model_that_cannot_be_fitted_is_refused(model: str, start: dict[str, int]) -> None:
    with pytest.raises(DataError):
        nonlinear.fit(model, curve(8, 0.3), {"x": X}, {name: Decimal(value) for name, value in start.items()})
