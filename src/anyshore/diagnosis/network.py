"""A discrete Bayesian network: variables with their states, each with a table of probabilities given its parents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location

_SUM = 1e-6
"""How far the probabilities of a row may be from 1: files print few digits."""
MOST_CELLS = 2**20
"""Cells of one table."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that is in one of several states.

    Attributes:
        name: its name.
        states: in order.
        parents: names of what it depends on.
        table: probabilities, an axis for each parent in order and the last for its own states; rows sum to 1.
    """

    name: str
    states: tuple[str, ...]
    parents: tuple[str, ...]
    table: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """Variables by name. What is asked of it stands in ``inference``."""

    variables: Mapping[str, Variable]

    @property
    def causes(self) -> tuple[str, ...]:
        """Variables that depend on nothing."""
        return tuple(name for name, one in self.variables.items() if not one.parents)

    @property
    def observables(self) -> tuple[str, ...]:
        """Variables nothing depends on: what can be seen."""
        parents = {parent for one in self.variables.values() for parent in one.parents}
        return tuple(name for name in self.variables if name not in parents)

    def state(self, name: str, state: str) -> int:
        """The number of a state of a variable.

        Raises:
            DataError: there is no such variable or state.
        """
        one = self.variables.get(name)
        if one is None:
            raise DataError("diagnosis.variable", f"There is no {name!r}.", hint=f"Known: {_some(self.variables)}.")
        if state not in one.states:
            message = f"{name} has no state {state!r}."
            raise DataError("diagnosis.state", message, hint=f"It is one of {', '.join(one.states)}.")
        return one.states.index(state)


def checked(variables: Iterable[Variable], file: str = "") -> Network:
    """A network of variables, checked as a whole.

    Raises:
        DataError: with everything that is wrong: names twice or unknown, tables of another shape, rows that do not sum
            to 1, circles.
    """
    known: dict[str, Variable] = {}
    problems: list[Diagnostic] = []

    def wrong(code: str, name: str, message: str, hint: str) -> None:
        problems.append(Diagnostic(code, message, Location(file, name), hint))

    for one in variables:
        if one.name in known:
            wrong("diagnosis.twice", one.name, f"{one.name} stands there twice.", "Keep one.")
        known[one.name] = one
    for name, one in known.items():
        missing = [parent for parent in one.parents if parent not in known]
        if missing:
            wrong("diagnosis.variable", name, f"{name} depends on {missing[0]!r}, which is not there.", "Add it.")
            continue
        shape = (*(len(known[parent].states) for parent in one.parents), len(one.states))
        if one.table.shape != shape:
            sizes = f"{one.table.shape} instead of {shape}"
            wrong("diagnosis.table", name, f"The table of {name} is of another size: {sizes}.", "Give each row once.")
        elif not np.isfinite(one.table).all() or (one.table < 0).any():
            wrong("diagnosis.table", name, f"{name} has a probability below 0, or none.", "Probabilities are 0 to 1.")
        elif abs(one.table.sum(axis=-1) - 1).max() > _SUM:
            wrong("diagnosis.table", name, f"A row of {name} does not sum to 1.", "Check its probabilities.")
    if not problems and (circle := _circle(known)):
        wrong("diagnosis.circle", circle, f"{circle} depends on itself.", "Take one of the arrows away.")
    if not known:
        wrong("diagnosis.empty", "", "There is no variable.", "A network has at least one.")
    if problems:
        raise DataError.of(problems)
    return Network(known)


def _circle(known: Mapping[str, Variable]) -> str:
    """A variable on a circle; empty where there is none."""
    left = {name: set(one.parents) for name, one in known.items()}
    while left:
        free = [name for name, parents in left.items() if not parents & left.keys()]
        if not free:
            return min(left)
        for name in free:
            del left[name]
    return ""


def _some(names: Iterable[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "")
