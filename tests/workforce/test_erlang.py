"""Erlang C against published values and against its own laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import AnyshoreError
from anyshore.workforce import erlang


@pytest.mark.parametrize(
    ("agents", "load", "waiting"),
    [
        (1, 0.5, 0.5),  # M/M/1: the probability to wait is the load
        (2, 1.0, 1 / 3),  # M/M/2 with load 1: 1/3
        (10, 10.0, 1.0),
        (3, 2.0, 4 / 9),
    ],
)
def test_closed_forms(agents: int, load: float, waiting: float) -> None:
    assert erlang.erlang_c(agents, load) == pytest.approx(waiting)


def test_agrees_with_the_formula_summed_directly() -> None:
    for agents, load in [(5, 3.2), (14, 10.0), (40, 33.3)]:
        last = load**agents / math.factorial(agents) * agents / (agents - load)
        direct = last / (sum(load**n / math.factorial(n) for n in range(agents)) + last)
        assert erlang.erlang_c(agents, load) == pytest.approx(direct, rel=1e-12)


def test_the_usual_example_of_a_call_centre() -> None:
    """100 calls in half an hour of 180 seconds, 80 % within 20 seconds: 10 erlangs, 14 agents."""
    found = erlang.agents_needed(200, 180, level=0.8, target=20)
    assert found.agents == 14
    assert found.load == pytest.approx(10)
    assert found.service_level == pytest.approx(0.888, abs=0.001)
    assert found.mean_wait == pytest.approx(7.8, abs=0.1)
    assert erlang.performance(13, 200, 180, 20).service_level < 0.8


@given(st.floats(0, 5000), st.floats(0, 3600), st.floats(0.01, 0.99), st.floats(0, 600))
def test_one_agent_fewer_would_not_do(arrivals: float, handling: float, level: float, target: float) -> None:
    found = erlang.agents_needed(arrivals, handling, level=level, target=target)
    assert found.service_level >= level
    assert found.agents == 1 or erlang.performance(found.agents - 1, arrivals, handling, target).service_level < level
    assert 0 <= found.waiting <= 1
    assert 0 <= found.occupancy < 1


@pytest.mark.parametrize(
    "bad", [{"arrivals": -1.0}, {"handling": math.nan}, {"target": math.inf}, {"level": 1.0}, {"level": 0.0}]
)
def test_numbers_out_of_range_are_refused(bad: dict[str, float]) -> None:
    given_numbers = {"arrivals": 10.0, "handling": 60.0, "level": 0.8, "target": 20.0} | bad
    with pytest.raises(AnyshoreError):
        erlang.agents_needed(**given_numbers)
