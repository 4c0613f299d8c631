"""Values of one measure together."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anyshore.base.measures import KINDS, Figure


def figure(kind: str, *values: object) -> Figure:
    found = Figure(kind)
    for value in values:
        found.values.add(value if isinstance(value, bool) else Decimal(str(value)))
    return found


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("share", [True, True, False], "66.6667"), ("mean", [1, 2, 4], "2.3333"), ("sum", ["0.1", "0.2"], "0.3"),
        ("median", [9, 1, 2], "2"), ("median", [1, 2, 3, 10], "2.5"), ("median", [5, 5, 5, 1], "5"),
        ("median", [7], "7"), ("count", [True, False, True], "2"), ("count", [], "0"),
    ],
)  # fmt: skip
def test_values_come_together_exactly(kind: str, values: list[object], expected: str) -> None:
    assert figure(kind, *values).value == Decimal(expected)


def test_nothing_comes_of_nothing() -> None:
    assert [Figure(kind).value for kind in KINDS if kind != "count"] == [None] * 4
    assert figure("mean", 1, 1, 3).cases == 3
