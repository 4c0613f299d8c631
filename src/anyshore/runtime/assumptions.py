"""What a simulation assumes: a scenario of drawn durations, branches, errors and arrivals, and its file."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from anyshore.base.errors import DataError
from anyshore.params import marked
from anyshore.runtime import answers

HOUR = 3_600_000_000
DISTRIBUTIONS = ("fixed", "exponential", "uniform", "normal", "triangular", "lognormal")


class Chance(Protocol):
    """A source of chance, as ``random.Random`` is: given, so that a seed repeats a simulation."""

    def random(self) -> float:
        """From 0, and below 1."""

    def uniform(self, a: float, b: float) -> float:
        """Between two numbers."""

    def gauss(self, mu: float, sigma: float) -> float:
        """Normally distributed."""

    def triangular(self, low: float, high: float, mode: float) -> float:
        """Between two numbers, most likely at a third."""

    def lognormvariate(self, mu: float, sigma: float) -> float:
        """The logarithm of which is normally distributed."""

    def expovariate(self, lambd: float) -> float:
        """Exponentially distributed, with the mean 1 / ``lambd``."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something takes.

    Attributes:
        distribution: one of ``DISTRIBUTIONS``.
        mean: microseconds; the mode of a triangular one.
        least: of a uniform or triangular one.
        most: of a uniform or triangular one.
        deviation: of a normal or lognormal one.
    """

    distribution: str = "exponential"
    mean: int = HOUR
    least: int = 0
    most: int = 0
    deviation: int = 0

    def draw(self, chance: Chance) -> int:
        """One duration in microseconds, never negative."""
        match self.distribution:
            case "fixed":
                found: float = self.mean
            case "uniform":
                found = chance.uniform(self.least, self.most)
            case "normal":
                found = chance.gauss(self.mean, self.deviation)
            case "triangular":
                found = chance.triangular(self.least, self.most, self.mean)
            case "lognormal":
                spread = math.log(1 + (self.deviation / self.mean) ** 2)
                found = chance.lognormvariate(math.log(self.mean) - spread / 2, math.sqrt(spread))
            case _:
                found = chance.expovariate(1 / self.mean) if self.mean else 0
        return max(0, round(found))


@dataclass(slots=True)
class Scenario:
    """What is assumed.

    Attributes:
        arrivals: time between two instances.
        durations: by id or name of an element; the rest takes ``default``.
        default: how long work takes that is not named.
        branches: chance of a flow by its id or name.
        errors: by element: error code and its chance.
        events: chance of a message, signal or condition at a boundary, by element; 0 where not named.
        rounds: number of instances of a loop, by element; 2 for multi-instance and 1 for others where not named.
        resources: how many there are, by role, lane, activity, id or name of an element.
    """

    arrivals: Spread = field(default_factory=lambda: Spread(mean=HOUR))
    durations: dict[str, Spread] = field(default_factory=dict)
    default: Spread = field(default_factory=Spread)
    branches: dict[str, float] = field(default_factory=dict)
    errors: dict[str, dict[str, float]] = field(default_factory=dict)
    events: dict[str, float] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    resources: dict[str, int] = field(default_factory=dict)


# Reading

ReadValue = Callable[[marked.Document, marked.Path, Any], Any]
"""Reads one value: the file, where the value stands, the value."""


def read(file: Path) -> Scenario:
    """A scenario file.

    Raises:
        DataError: with the problem's place.
    """
    found = answers.document(file)
    assert isinstance(found.data, dict)
    scenario = Scenario()
    for name, value in found.data.items():
        reader = _READERS.get(name)
        if reader is None:
            known = f"Use {', '.join(_READERS)}."
            raise DataError(
                "scenario.unknown", f"There is no {name!r} in a scenario.", found.at((name,), key=True), known
            )
        setattr(scenario, name, reader(found, (name,), value))
    return scenario


def _each(read_one: ReadValue) -> ReadValue:
    """Reads a mapping of names to values of a kind."""

    def read_all(found: marked.Document, path: marked.Path, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            hint = "Write a name and its value on each line below it."
            raise DataError("scenario.shape", f"A mapping is needed, not {value!r}.", found.at(path), hint)
        return {name: read_one(found, (*path, name), one) for name, one in value.items()}

    return read_all


def _chance(found: marked.Document, path: marked.Path, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 1:
        hint = "Write a number from 0 to 1."
        raise DataError("scenario.chance", f"{value!r} is no probability.", found.at(path), hint)
    return float(value)


def _whole(found: marked.Document, path: marked.Path, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        hint = "Write a whole number from 1."
        raise DataError("scenario.number", f"{value!r} is no number of them.", found.at(path), hint)
    return value


_KEYS = {"mean": "mean", "mode": "mean", "min": "least", "max": "most", "deviation": "deviation"}


def _spread(found: marked.Document, path: marked.Path, value: Any) -> Spread:
    if not isinstance(value, dict):
        return Spread(distribution="fixed", mean=_duration(found, path, value))
    kind = value.get("distribution", "exponential")
    at = found.at(path)
    if kind not in DISTRIBUTIONS:
        raise DataError("scenario.distribution", f"There is no distribution {kind!r}.", at, ", ".join(DISTRIBUTIONS))
    unknown = sorted(set(value) - set(_KEYS) - {"distribution"})
    if unknown:
        known = f"Use {', '.join(_KEYS)}."
        raise DataError("scenario.unknown", f"There is no {unknown[0]!r} in a duration.", at, known)
    times = {_KEYS[name]: _duration(found, (*path, name), value[name]) for name in _KEYS if name in value}
    if kind == "lognormal" and not times.get("mean"):
        raise DataError("scenario.duration", "A lognormal duration needs a mean above zero.", at, "Write mean: PT2H.")
    return Spread(distribution=kind, **{"mean": 0, **times})


def _duration(found: marked.Document, path: marked.Path, value: Any) -> int:
    try:
        length = answers.duration(value)
    except ValueError as problem:
        hint = "Write PT2H."
        raise DataError("scenario.duration", f"{value!r} is no duration: {problem}.", found.at(path), hint) from problem
    if length < 0:
        raise DataError("scenario.duration", f"{value!r} is negative.", found.at(path), "Write PT2H.")
    return length


_READERS: dict[str, ReadValue] = {
    "arrivals": _spread,
    "default": _spread,
    "durations": _each(_spread),
    "branches": _each(_chance),
    "errors": _each(_each(_chance)),
    "events": _each(_chance),
    "rounds": _each(_whole),
    "resources": _each(_whole),
}
"""What a scenario consists of."""
