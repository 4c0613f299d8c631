"""Erlang C and A against published values, independent formulas and their own laws."""

from __future__ import annotations

import math

import numpy as np
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


@pytest.mark.parametrize(("agents", "load", "waiting"), [(8, 3.87, 0.05), (10, 4.08, 0.01)])
def test_printed_tables_of_erlang_c(agents: int, load: float, waiting: float) -> None:
    """Loads that printed Erlang C tables allow for a probability to wait, rounded to two places."""
    assert erlang.erlang_c(agents, load - 0.005) <= waiting <= erlang.erlang_c(agents, load + 0.005)


@pytest.mark.parametrize(("agents", "load"), [(1000, 990.0), (5000, 4500.5), (20_000, 19_900.0)])
def test_thousands_of_agents_by_the_sum_of_falling_factors(agents: int, load: float) -> None:
    """1 / B is the sum of n (n - 1) … (n - k + 1) / a^k: positive terms, in an order of their own."""
    terms, term = [1.0], 1.0
    for number in range(agents, 0, -1):
        term *= number / load
        terms.append(term)
    blocked = 1 / math.fsum(terms)
    assert erlang.erlang_c(agents, load) == pytest.approx(agents * blocked / (agents - load * (1 - blocked)), rel=1e-9)


def test_impatience_changes_what_fifty_agents_give() -> None:
    """The comparison of Garnett, Mandelbaum and Reiman 2002: 48 calls a minute, a minute each, 2 minutes' patience."""
    patient, impatient = (erlang.performance(50, 2880, 60, 20, patience) for patience in (None, 120.0))
    assert (round(patient.mean_wait, 1), round(patient.occupancy, 2)) == (20.8, 0.96)
    assert (round(impatient.mean_wait, 1), round(impatient.occupancy, 2)) == (3.7, 0.93)
    assert round(impatient.abandoned, 3) == 0.031


def chain(agents: int, rate: float, handling: float, patience: float) -> list[float]:
    """Steady state of the number of items there: a birth-death process, summed as it is."""
    weights, total = [1.0], 0.0
    while weights[-1] > 1e-18 * max(weights) or len(weights) <= agents:
        there = len(weights)
        weights.append(weights[-1] * rate / (min(there, agents) / handling + max(0, there - agents) / patience))
    total = math.fsum(weights)
    return [weight / total for weight in weights]


@pytest.mark.parametrize(
    ("agents", "rate", "handling", "patience"),
    [
        (5, 0.1, 60, 60),
        (14, 1 / 18, 180, 1e6),
        (40, 0.8, 60, 120),
        (10, 0.8, 60, 120),
        (3, 0.01, 60, 5),
        (200, 3.3, 60, 1e3),
    ],
)
def test_erlang_a_is_the_steady_state_of_its_chain(agents: int, rate: float, handling: float, patience: float) -> None:
    states = chain(agents, rate, handling, patience)
    found = erlang.performance(agents, rate * 3600, handling, 20, patience)
    queue = math.fsum((there - agents) * share for there, share in enumerate(states) if there > agents)
    assert found.waiting == pytest.approx(math.fsum(states[agents:]), abs=1e-10)
    assert found.mean_wait == pytest.approx(queue / rate, rel=1e-9)
    assert found.abandoned == pytest.approx(queue / patience / rate, rel=1e-9)


@pytest.mark.parametrize(("target", "patience"), [(0, 60), (20, 60), (45, 30), (20, 300)])
def test_erlang_a_answers_in_time_as_its_places_in_the_queue_do(target: float, patience: float) -> None:
    """An item with k ahead of it moves up at the rates n/h + k/p, …, n/h, and may give up at the rate 1/p meanwhile."""
    from scipy.linalg import expm

    agents, rate, handling = 5, 0.1, 60
    states = chain(agents, rate, handling, patience)
    ahead = len(states) - agents
    moves = np.zeros((ahead + 1, ahead + 1))  # the last place: taken up
    for k in range(ahead):
        up = agents / handling + k / patience
        moves[k, k] = -up - 1 / patience
        moves[k, k - 1 if k else ahead] += up
    in_time = expm(moves * target)[:ahead, ahead]
    expected = math.fsum(states[:agents]) + float(np.dot(states[agents:], in_time))
    found = erlang.performance(agents, rate * 3600, handling, target, patience)
    assert found.service_level == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 3000), st.floats(1, 100_000), st.floats(1, 3600), st.floats(0, 600), st.floats(0.1, 1e7))
def test_erlang_a_holds_its_laws_at_any_load(
    agents: int, arrivals: float, handling: float, target: float, patience: float
) -> None:
    found = erlang.performance(agents, arrivals, handling, target, patience)
    for share in (found.occupancy, found.waiting, found.service_level, found.abandoned):
        assert -1e-9 <= share <= 1 + 1e-9
    # who neither waits nor gives up is taken up in time; nobody who gave up is
    assert 1 - found.waiting - 1e-9 <= found.service_level <= 1 - found.abandoned + found.waiting + 1e-9
    # what is not given up is worked off by the agents (Little)
    assert found.load * (1 - found.abandoned) <= agents * (1 + 1e-9)


def test_great_patience_is_erlang_c() -> None:
    patient, nearly = (erlang.performance(14, 200, 180, 20, patience) for patience in (None, 1e9))
    assert nearly.service_level == pytest.approx(patient.service_level, abs=1e-6)
    assert nearly.mean_wait == pytest.approx(patient.mean_wait, abs=1e-4)


@given(st.floats(1, 5000), st.floats(1, 600), st.floats(0.5, 0.99), st.floats(5, 600), st.floats(0.5, 1))
def test_the_fewest_with_impatience_and_a_limit_on_occupancy(
    arrivals: float, handling: float, level: float, patience: float, most: float
) -> None:
    def enough(agents: int) -> bool:
        given_staff = erlang.performance(agents, arrivals, handling, 20, patience)
        return given_staff.service_level >= level and given_staff.occupancy <= most

    found = erlang.agents_needed(arrivals, handling, level=level, target=20, patience=patience, max_occupancy=most)
    assert enough(found.agents)
    assert found.agents == 1 or not enough(found.agents - 1)


def test_nearly_as_many_as_there_may_be_are_found_and_more_are_refused() -> None:
    assert erlang.agents_needed(3600 * 400, 240, level=0.8, target=20).agents == 96_019
    with pytest.raises(AnyshoreError) as refused:
        erlang.agents_needed(3600 * 420, 240, level=0.8, target=20)
    assert refused.value.code == "workforce.agents"
    with pytest.raises(AnyshoreError) as beyond:
        erlang.agents_needed(1e200, 1e200, level=0.8, target=20)
    assert beyond.value.code == "workforce.load"


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
    "bad",
    [
        {"arrivals": -1.0},
        {"handling": math.nan},
        {"target": math.inf},
        {"level": 1.0},
        {"level": 0.0},
        {"patience": 0.0},
        {"patience": math.nan},
        {"max_occupancy": 0.0},
        {"max_occupancy": 1.1},
    ],
)
def test_numbers_out_of_range_are_refused(bad: dict[str, float]) -> None:
    given_numbers = {"arrivals": 10.0, "handling": 60.0, "level": 0.8, "target": 20.0} | bad
    with pytest.raises(AnyshoreError):
        erlang.agents_needed(**given_numbers)


@pytest.mark.parametrize(("lines", "blocking", "load"), [(5, 0.01, 1.36), (10, 0.02, 5.08), (100, 0.01, 84.1)])
def test_printed_tables_of_erlang_b(lines: int, blocking: float, load: float) -> None:
    digits = 2 if load < 10 else 1
    assert round(erlang.load_carried(lines, blocking), digits) == load


def test_erlang_b_agrees_with_the_formula_summed_directly() -> None:
    for lines, load in [(0, 2.0), (1, 0.5), (6, 4.2), (30, 33.3)]:
        terms = [load**n / math.factorial(n) for n in range(lines + 1)]
        assert erlang.erlang_b(lines, load) == pytest.approx(terms[-1] / sum(terms), rel=1e-12)


@given(lines=st.integers(1, 300), blocking=st.floats(0.0005, 0.9))
def test_the_load_carried_is_blocked_as_asked(lines: int, blocking: float) -> None:
    assert erlang.erlang_b(lines, erlang.load_carried(lines, blocking)) == pytest.approx(blocking, rel=1e-6)


@pytest.mark.parametrize(("lines", "blocking"), [(0, 0.1), (5, 0.0), (5, 1.0), (200_000, 0.1)])
def test_lines_and_shares_that_are_none_are_refused(lines: int, blocking: float) -> None:
    with pytest.raises(AnyshoreError):
        erlang.load_carried(lines, blocking)
    with pytest.raises(AnyshoreError):
        erlang.erlang_b(-1, 1.0)
