"""Exact posteriors of every variable at once: messages up and down a tree of buckets (Dechter 1999, section 6).

Variables are eliminated in the order of least fill; each bucket sums its variable out and hands the rest on, then the
same the other way. Nothing is sampled, so the same evidence gives the same figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError
from anyshore.diagnosis.network import MOST_CELLS, Network

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Factor:
    scope: tuple[str, ...]
    table: Array


def posteriors(network: Network, evidence: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """The probability of every state of every variable, given what was seen.

    Args:
        network: the network.
        evidence: variable → state.

    Raises:
        DataError: a variable or state is unknown, what was seen cannot be, or the network is too entangled.
    """
    seen = {name: network.state(name, state) for name, state in evidence.items()}
    factors = [_reduced(network, name, seen) for name in network.variables]
    open_ = [name for name in network.variables if name not in seen]
    buckets = _buckets(network, open_, factors)
    constant = np.prod([float(one.table) for one in factors if not one.scope])
    beliefs = _beliefs(buckets) if constant > 0 else None
    if beliefs is None:
        told = ", ".join(f"{name} = {state}" for name, state in evidence.items())
        raise DataError(
            "diagnosis.evidence", f"This cannot be: {told}.", hint="Look once more, and correct one of them."
        )
    found = {}
    for name, one in network.variables.items():
        if name in seen:
            values = [float(number == seen[name]) for number in range(len(one.states))]
        else:
            values = [float(value) for value in beliefs[name]]
        found[name] = dict(zip(one.states, values, strict=True))
    return found


@dataclass(slots=True)
class _Bucket:
    """A variable with the factors it is the first of; messages come in by the bucket they are from."""

    name: str
    factors: list[_Factor] = field(default_factory=list)
    inbox: dict[str, _Factor] = field(default_factory=dict)
    above: str | None = None


def _reduced(network: Network, name: str, seen: Mapping[str, int]) -> _Factor:
    """The table of a variable with what was seen put in."""
    one = network.variables[name]
    scope = (*one.parents, name)
    index = tuple(seen.get(part, slice(None)) for part in scope)
    return _Factor(tuple(part for part in scope if part not in seen), np.asarray(one.table[index]))


def _buckets(network: Network, open_: Sequence[str], factors: Iterable[_Factor]) -> dict[str, _Bucket]:
    """The buckets in the order of elimination."""
    sizes = {name: len(network.variables[name].states) for name in open_}
    order = _order(open_, [one.scope for one in factors], sizes)
    place = {name: number for number, name in enumerate(order)}
    buckets = {name: _Bucket(name) for name in order}
    for one in factors:
        if one.scope:
            buckets[min(one.scope, key=place.__getitem__)].factors.append(one)
    scopes = {name: {part for one in buckets[name].factors for part in one.scope} | {name} for name in order}
    for name in order:
        rest = scopes[name] - {name}
        if rest:
            above = min(rest, key=place.__getitem__)
            buckets[name].above = above
            scopes[above] |= rest
    return buckets


def _order(open_: Sequence[str], scopes: Iterable[Sequence[str]], sizes: Mapping[str, int]) -> list[str]:
    """Variables in the order of least fill, ties by the size of the table and the name.

    Raises:
        DataError: a table on the way would have too many cells.
    """
    near: dict[str, set[str]] = {name: set() for name in open_}
    for scope in scopes:
        for name in scope:
            near[name] |= set(scope) - {name}
    order = []
    while near:
        name = min(near, key=lambda one: (_fill(near, one), _cells(near, one, sizes), one))
        if _cells(near, name, sizes) > MOST_CELLS:
            message = f"Around {name} too much hangs on too much: a table would have more than {MOST_CELLS:,} cells."
            raise DataError("diagnosis.entangled", message, hint="Split the network, or look at more first.")
        around = near.pop(name)
        for one in around:
            near[one] |= around - {one}
            near[one].discard(name)
        order.append(name)
    return order


def _fill(near: Mapping[str, set[str]], name: str) -> int:
    around = near[name]
    return sum(len(around - near[one]) - 1 for one in around)


def _cells(near: Mapping[str, set[str]], name: str, sizes: Mapping[str, int]) -> int:
    cells = sizes[name]
    for one in near[name]:
        cells *= sizes[one]
    return cells


def _beliefs(buckets: dict[str, _Bucket]) -> dict[str, Array] | None:
    """The posterior of every open variable; None where what was seen cannot be."""
    order = list(buckets)
    for name in order:
        bucket = buckets[name]
        if bucket.above is not None:
            whole = _product([*bucket.factors, *bucket.inbox.values()])
            message = _scaled(_without(whole, {name}))
            if message is None:
                return None
            buckets[bucket.above].inbox[name] = message
    found: dict[str, Array] = {}
    for name in reversed(order):
        bucket = buckets[name]
        whole = _product([*bucket.factors, *bucket.inbox.values()])
        own = _scaled(_without(whole, set(whole.scope) - {name}))
        if own is None:
            return None
        found[name] = own.table
        for below, message in list(bucket.inbox.items()):
            if below in buckets and buckets[below].above == name:
                rest = _product([*bucket.factors, *(one for key, one in bucket.inbox.items() if key != below)])
                down = _scaled(_without(rest, set(rest.scope) - set(message.scope)))
                if down is None:
                    return None
                buckets[below].inbox[name] = down
    return found


def _product(factors: Sequence[_Factor]) -> _Factor:
    scope = tuple(dict.fromkeys(part for one in factors for part in one.scope))
    table: Array = np.ones((1,) * len(scope))
    for one in factors:
        places = [scope.index(name) for name in one.scope]
        kept = sorted(range(len(places)), key=places.__getitem__)
        sizes = dict(zip(one.scope, one.table.shape, strict=True))
        shape = [sizes.get(part, 1) for part in scope]
        table = table * one.table.transpose(kept).reshape(shape)
    return _Factor(scope, table)


def _without(factor: _Factor, names: set[str]) -> _Factor:
    axes = tuple(axis for axis, name in enumerate(factor.scope) if name in names)
    return _Factor(tuple(name for name in factor.scope if name not in names), np.asarray(factor.table.sum(axis=axes)))


def _scaled(factor: _Factor) -> _Factor | None:
    """With a sum of 1, so that long chains do not run out of digits; None where nothing is left."""
    total = factor.table.sum()
    return _Factor(factor.scope, factor.table / total) if total > 0 else None
