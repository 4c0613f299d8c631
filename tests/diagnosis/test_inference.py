"""Exact posteriors against the joint distribution counted out, on drawn networks."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.diagnosis import inference
from anyshore.diagnosis.inference import posteriors
from anyshore.diagnosis.network import Network, Variable, checked


@st.composite
def networks(draw: Any) -> Network:
    """Up to seven variables of two or three states, each depending on earlier ones; some probabilities are 0."""
    found: list[Variable] = []
    for number in range(draw(st.integers(1, 7))):
        parents = draw(st.lists(st.sampled_from(found), max_size=3, unique_by=lambda one: one.name)) if found else []
        states = tuple(f"s{one}" for one in range(draw(st.integers(2, 3))))
        shape = (*(len(one.states) for one in parents), len(states))
        weights = draw(st.lists(st.integers(0, 5), min_size=prod(shape), max_size=prod(shape)))
        table = np.array(weights, dtype=float).reshape(shape)
        table[table.sum(axis=-1) == 0] = 1.0
        table /= table.sum(axis=-1, keepdims=True)
        found.append(Variable(f"v{number}", states, tuple(one.name for one in parents), table))
    return checked(found)


def counted(network: Network, evidence: dict[str, str]) -> dict[tuple[str, str], float] | None:
    names = list(network.variables)
    total, found = 0.0, {}
    for states in product(*(one.states for one in network.variables.values())):
        world = dict(zip(names, states, strict=True))
        if any(world[name] != state for name, state in evidence.items()):
            continue
        weight = 1.0
        for name, one in network.variables.items():
            index = tuple(network.state(part, world[part]) for part in (*one.parents, name))
            weight *= float(one.table[index])
        total += weight
        for pair in world.items():
            found[pair] = found.get(pair, 0.0) + weight
    return {pair: weight / total for pair, weight in found.items()} if total else None


@given(network=networks(), data=st.data())
def test_posteriors_are_those_of_the_joint_distribution(network: Network, data: Any) -> None:
    seen = data.draw(st.lists(st.sampled_from(list(network.variables)), unique=True, max_size=3))
    evidence = {name: data.draw(st.sampled_from(network.variables[name].states)) for name in seen}
    right = counted(network, evidence)
    if right is None:
        with pytest.raises(DataError, match="cannot be"):
            posteriors(network, evidence)
        return
    for name, states in posteriors(network, evidence).items():
        assert sum(states.values()) == pytest.approx(1)
        for state, share in states.items():
            assert share == pytest.approx(right.get((name, state), 0.0), abs=1e-12)


def test_a_long_chain_does_not_run_out_of_digits() -> None:
    rare = np.array([[0.999999, 0.000001], [0.000001, 0.999999]])
    chain = [Variable("v0", ("a", "b"), (), np.array([0.5, 0.5]))]
    chain += [Variable(f"v{n}", ("a", "b"), (f"v{n - 1}",), rare) for n in range(1, 400)]
    leaves = [Variable(f"w{n}", ("a", "b"), (f"v{n}",), np.array([[1e-3, 0.999], [0.999, 1e-3]])) for n in range(400)]
    found = posteriors(checked([*chain, *leaves]), {f"w{n}": "a" for n in range(400)})
    assert found["v200"]["b"] > 0.999


def test_what_is_unknown_is_named() -> None:
    network = checked([Variable("lamp", ("on", "off"), (), np.array([0.5, 0.5]))])
    with pytest.raises(DataError, match="There is no 'fan'"):
        posteriors(network, {"fan": "on"})
    with pytest.raises(DataError, match="no state 'dim'"):
        posteriors(network, {"lamp": "dim"})


def test_a_network_too_entangled_is_refused_before_memory_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    causes = [Variable(f"c{n}", ("y", "n"), (), np.array([0.5, 0.5])) for n in range(8)]
    sign = Variable("sign", ("y", "n"), tuple(one.name for one in causes), np.full((2,) * 9, 0.5))
    monkeypatch.setattr(inference, "MOST_CELLS", 2**7)
    with pytest.raises(DataError, match="too much hangs on too much"):
        posteriors(checked([*causes, sign]), {})


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ([], "no variable"),
        ([Variable("a", ("y", "n"), ("b",), np.ones((2, 2)) / 2)], "'b', which is not there"),
        ([Variable("a", ("y", "n"), (), np.array([0.5, 0.6]))], "sum to 1"),
        ([Variable("a", ("y", "n"), (), np.array([1.5, -0.5]))], "below 0"),
        ([Variable("a", ("y", "n"), (), np.array([1.0]))], "another size"),
        ([Variable("a", ("y",), (), np.ones(1)), Variable("a", ("y",), (), np.ones(1))], "twice"),
        (
            [Variable("a", ("y",), ("b",), np.ones((1, 1))), Variable("b", ("y",), ("a",), np.ones((1, 1)))],
            "depends on itself",
        ),
    ],
)
def test_what_is_no_network_says_why(variables: list[Variable], told: str) -> None:
    with pytest.raises(DataError, match=told):
        checked(variables)


def test_causes_depend_on_nothing_and_observables_lead_to_nothing() -> None:
    cause = Variable("cause", ("y", "n"), (), np.array([0.1, 0.9]))
    sign = Variable("sign", ("y", "n"), ("cause",), np.array([[0.9, 0.1], [0.2, 0.8]]))
    network = checked([cause, sign])
    assert (network.causes, network.observables) == (("cause",), ("sign",))
