"""What follows from utilities: part-worths, importance, willingness to pay, shares of scenarios, hold-out sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from anyshore.base.errors import DataError
from anyshore.surveys.choice.logit import Choices, Floats, Model, fit, probabilities

Levels = Mapping[str, Sequence[str]]
"""Attributes and their levels."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What people would pay for a unit of an attribute.

    Attributes:
        name: of the attribute.
        value: in the unit of the price.
        error: standard error, by the delta method.
        low: lower end of the interval.
        high: upper end.
    """

    name: str
    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PartWorth:
    """Utility of a level around the mean of its attribute.

    Attributes:
        attribute: its name.
        level: its name.
        utility: the part-worth; those of an attribute add up to 0.
        error: its standard error.
    """

    attribute: str
    level: str
    utility: float
    error: float


@dataclass(frozen=True, slots=True)
class Held:
    """How a model fares on choices it was not fitted to.

    Attributes:
        situations: held out.
        hits: share of them where the likeliest alternative was chosen.
        chance: share a guess would hit.
        log_likelihood: mean per situation.
        chance_log_likelihood: of a guess.
    """

    situations: int
    hits: float
    chance: float
    log_likelihood: float
    chance_log_likelihood: float


def willingness_to_pay(model: Model, price: str, confidence: float = 0.95) -> list[Worth]:
    """−coefficient / price coefficient of every other attribute, with the delta method's interval.

    Raises:
        DataError: there is no such coefficient, or that of the price is not below 0.
    """
    paid = model.place(price)
    slope = float(model.coefficients[paid])
    if slope >= 0:
        said = "Utility does not fall with the price: what people would pay is not defined."
        raise DataError("choice.price", said, hint="Check the sign and the unit of the price.")
    quantile = float(stats.norm.ppf((1 + confidence) / 2))
    found = []
    for place, name in enumerate(model.names):
        if place == paid:
            continue
        gradient = np.zeros(len(model.names))
        gradient[place], gradient[paid] = -1 / slope, model.coefficients[place] / slope**2
        error = float(np.sqrt(gradient @ model.covariance @ gradient))
        value = float(-model.coefficients[place] / slope)
        found.append(Worth(name, value, error, value - quantile * error, value + quantile * error))
    return found


def coded(attributes: Levels, profiles: Sequence[Mapping[str, str]]) -> dict[str, Floats]:
    """Effects coding: a column per level but the last, which is minus the sum of the others.

    Raises:
        DataError: a profile has no level of an attribute, or an unknown one.
    """
    for number, profile in enumerate(profiles, 1):
        for attribute, levels in attributes.items():
            if profile.get(attribute) not in levels:
                said = f"Profile {number} has {profile.get(attribute)!r} for {attribute}."
                raise DataError("choice.level", said, hint=f"Levels: {', '.join(levels)}.")
    columns = {}
    for attribute, levels in attributes.items():
        last = np.array([profile[attribute] == levels[-1] for profile in profiles], dtype=float)
        for level in levels[:-1]:
            here = np.array([profile[attribute] == level for profile in profiles], dtype=float)
            columns[f"{attribute}={level}"] = here - last
    return columns


def part_worths(model: Model, attributes: Levels) -> list[PartWorth]:
    """Part-worths of all levels of a model with effects coding, the last level's worked out from the others'."""
    found = []
    for attribute, levels in attributes.items():
        places = [model.place(f"{attribute}={level}") for level in levels[:-1]]
        block = model.covariance[np.ix_(places, places)]
        values = model.coefficients[places]
        for number, level in enumerate(levels[:-1]):
            found.append(PartWorth(attribute, level, float(values[number]), float(np.sqrt(block[number, number]))))
        found.append(PartWorth(attribute, levels[-1], float(-values.sum()), float(np.sqrt(block.sum()))))
    return found


def importance(worths: Sequence[PartWorth]) -> dict[str, float]:
    """Share of each attribute in the ranges of all, adding up to 1."""
    by_attribute: dict[str, list[float]] = {}
    for worth in worths:
        by_attribute.setdefault(worth.attribute, []).append(worth.utility)
    ranges = {attribute: max(values) - min(values) for attribute, values in by_attribute.items()}
    whole = sum(ranges.values())
    return {attribute: value / whole if whole else 0.0 for attribute, value in ranges.items()}


def simulated(model: Model, scenario: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Shares of the alternatives of a market.

    Args:
        model: the utilities.
        scenario: per alternative its values by name of the coefficient; 0 where left out.

    Returns:
        per alternative its share and the share's standard error, by the delta method.

    Raises:
        DataError: a value has a name the model does not know.
    """
    x = np.zeros((len(scenario), len(model.names)))
    for row, values in zip(x, scenario.values(), strict=True):
        for name, value in values.items():
            row[model.place(name)] = value
    utility = x @ model.coefficients
    odds = np.exp(utility - utility.max(initial=-np.inf))
    share = odds / odds.sum()
    gradient = share[:, None] * (x - share @ x)
    errors = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", gradient, model.covariance, gradient), 0))
    return {name: (float(s), float(e)) for name, s, e in zip(scenario, share, errors, strict=True)}


def held_out(made: Choices, held: ArrayLike) -> Held:
    """Fits to the choices that are not held out, and predicts the others.

    Args:
        made: all choices.
        held: whether a situation is held out.

    Raises:
        DataError: all situations are held out, or none.
    """
    out = np.asarray(held, dtype=bool)
    if out.all() or not out.any():
        raise DataError("choice.held", "All situations are held out, or none.", hint="Hold some out, by respondent.")
    model, rest = fit(_part(made, ~out)), _part(made, out)
    p = probabilities(rest, model.coefficients)
    best = np.maximum.reduceat(p, rest.starts)
    ties = np.add.reduceat((p >= best[rest.situation] - 1e-12).astype(float), rest.starts)
    hit = (p[rest.chosen] >= best - 1e-12) / ties
    logs = np.log(p[rest.chosen])
    return Held(
        len(rest.starts), float(hit.mean()), float((1 / rest.sizes).mean()),
        float(logs.mean()), float(-np.log(rest.sizes).mean()),
    )  # fmt: skip


def _part(made: Choices, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Choices:
    rows = kept[made.situation]
    sizes = made.sizes[kept]
    starts = np.cumsum(sizes) - sizes
    return Choices(made.names, made.x[rows], starts, starts + (made.chosen - made.starts)[kept], made.weights[kept])
