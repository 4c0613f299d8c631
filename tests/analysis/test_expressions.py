"""Expressions: what they mean, and that derivatives are those of calculus."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.analysis.expressions import evaluate, names, parse
from anyshore.analysis.nonlinear import DOUBLES
from anyshore.base.errors import DataError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2*3", 7), ("2**3**2", 512), ("-2**2", -4), ("(1+2)*[3-1]", 6), ("6/2/3", 1), ("x**-1", 0.5),
        ("2 - -1", 3),
        ("exp[0] + sqrt(16)", 5), ("arctan(1)*4", math.pi), ("1.5E1", 15), ("cos(0) - sin(0) + log(exp(2))", 3),
        ("+3", 3), ("x^0", 1),
    ],
)  # fmt: skip
def test_an_expression_means_what_it_says(text: str, value: float) -> None:
    assert math.isclose(float(evaluate(parse(text), {"x": 2.0}, DOUBLES).value), value)


@pytest.mark.parametrize("text", ["", "1 +", "(1", "1 2", "sinus(1)", "a b", "1;2", "__import__('os')", "(" * 200])
def test_what_is_no_expression_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(DataError) as caught:
        parse(text)
    assert caught.value.location.column


MODELS = [
    "a*exp(-b*x)", "a + b*cos(2*x/a) + a/(1 + b*x)", "a*(b + x)**(-1/b)", "a - arctan(b/(x - a))",
    "sqrt(a*x)*log(b + x)",
    "(a + b*x + x**2)/(1 + a*x**3)", "a**b", "sin(a)*b**2",
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@given(a=st.floats(0.5, 3), b=st.floats(0.5, 3), x=st.floats(4, 9))
def test_slopes_are_those_of_small_differences(model: str, a: float, b: float, x: float) -> None:
    node = parse(model)
    assert set(names(node)) <= {"a", "b", "x"}
    at = {"a": a, "b": b, "x": np.array([x])}
    found = evaluate(node, at, DOUBLES, frozenset("ab"))
    for name in "ab":
        step = 1e-6
        values = [evaluate(node, {**at, name: at[name] + way * step}, DOUBLES).value for way in (1, -1)]
        difference = float(np.ravel(values[0] - values[1])[0]) / (2 * step)
        assert math.isclose(float(np.ravel(found.slopes.get(name, 0.0))[0]), difference, rel_tol=1e-4, abs_tol=1e-5)
