"""Sets that ask well: conjoint designs by D-efficiency, MaxDiff designs by balance. Chance comes from a seed.

D-error: the determinant of the covariance of the coefficients of one respondent to the power of one over their number
(Huber and Zwerina 1996, J. Mark. Res. 33:307–317); sought by exchanging levels (Meyer and Nachtsheim 1995).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anyshore.base.errors import DataError
from anyshore.surveys.choice.conjoint import Levels, coded
from anyshore.surveys.choice.logit import Floats, Integers

_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class ConjointDesign:
    """Sets of profiles.

    Attributes:
        sets: per set its alternatives, each with a level per attribute.
        d_error: see the module; lower is better.
        d_efficiency: that of a design that is orthogonal and balanced in utility, over this one's; at most 1 with
            priors of 0.
    """

    sets: tuple[tuple[Mapping[str, str], ...], ...]
    d_error: float
    d_efficiency: float


def d_error(
    attributes: Levels, sets: Sequence[Sequence[Mapping[str, str]]], priors: Mapping[str, float] | None = None
) -> float:
    """The D-error of sets under prior utilities by name of the coefficient (``attribute=level``); 0 where left out."""
    profiles = [profile for one in sets for profile in one]
    columns = coded(attributes, profiles)
    beta = np.array([(priors or {}).get(name, 0.0) for name in columns])
    x = np.stack(list(columns.values()), axis=1).reshape(len(sets), -1, len(columns))
    return _error(x, beta)


def conjoint_design(
    attributes: Levels, sets: int, alternatives: int, *, seed: int, priors: Mapping[str, float] | None = None,
    starts: int = 5,
) -> ConjointDesign:  # fmt: skip
    """Sets with a low D-error: from random starts, level by level exchanged for a better one until none is.

    Args:
        attributes: with at least 2 levels each.
        sets: how many.
        alternatives: per set, at least 2.
        seed: of the starts; the same seed gives the same design.
        priors: utilities expected, by ``attribute=level``.
        starts: how many starts the best is taken of.

    Raises:
        DataError: the sets are too few to estimate all utilities.
    """
    needed = sum(len(levels) - 1 for levels in attributes.values())
    if sets * (alternatives - 1) < needed or any(len(levels) < 2 for levels in attributes.values()):
        said = f"{sets} sets of {alternatives} cannot tell {needed} utilities, or an attribute has one level."
        raise DataError("choice.design", said, hint="Ask more sets, or fewer levels.")
    names = list(coded(attributes, [{a: levels[0] for a, levels in attributes.items()}]))
    beta = np.array([(priors or {}).get(name, 0.0) for name in names])
    chance = np.random.default_rng(seed)
    tables = [_effects(len(levels)) for levels in attributes.values()]
    best: tuple[float, Integers] | None = None
    for _ in range(starts):
        picks = np.stack([chance.integers(len(t), size=(sets, alternatives)) for t in tables], axis=2)
        found = _exchanged(picks, tables, beta)
        if best is None or found[0] < best[0]:
            best = found
    if best is None or not np.isfinite(best[0]):
        raise DataError("choice.design", "No design tells all utilities.", hint="Ask more sets, or fewer levels.")
    error, picks = best
    chosen = tuple(
        tuple({a: levels[int(k)] for (a, levels), k in zip(attributes.items(), one, strict=True)} for one in group)
        for group in picks
    )
    return ConjointDesign(chosen, error, _ideal(tables, sets) / error)


def maxdiff_design(items: Sequence[str], sets: int, shown: int, *, seed: int) -> list[tuple[str, ...]]:
    """Sets where items are shown equally often, pairs nearly so, and places in the set are even.

    Raises:
        DataError: a set would show fewer than 3 items or more than there are.
    """
    if not 3 <= shown <= len(items) or sets < 1:
        said = f"{sets} sets of {shown} of {len(items)} items."
        raise DataError("choice.design", said, hint="Show 3 items or more in a set, at most all.")
    chance = np.random.default_rng(seed)
    often, together = np.zeros(len(items)), np.zeros((len(items), len(items)))
    design = []
    for _ in range(sets):
        picked: list[int] = []
        for _ in range(shown):
            met = together[:, picked].sum(axis=1)
            order = np.lexsort((chance.random(len(items)), met, often))
            picked.append(next(int(item) for item in order if item not in picked))
        often[picked] += 1
        for a, b in itertools.permutations(picked, 2):
            together[a, b] += 1
        design.append(picked)
    places = np.zeros((len(items), shown))
    return [tuple(items[item] for item in _placed(picked, places)) for picked in design]


def _placed(picked: Sequence[int], places: Floats) -> list[int]:
    """The items of a set in the order in which each has stood least often where it stands."""
    left, order = list(picked), []
    for place in range(len(picked)):
        item = min(left, key=lambda one: (places[one, place], left.index(one)))
        places[item, place] += 1
        left.remove(item)
        order.append(item)
    return order


def _effects(levels: int) -> Floats:
    return np.concatenate([np.eye(levels - 1), -np.ones((1, levels - 1))])


def _coded(picks: Integers, tables: Sequence[Floats]) -> Floats:
    return np.concatenate([table[picks[:, :, place]] for place, table in enumerate(tables)], axis=2)


def _error(x: Floats, beta: Floats) -> float:
    """``x`` is sets × alternatives × coefficients."""
    utility = x @ beta
    odds = np.exp(utility - utility.max(axis=1, keepdims=True))
    p = odds / odds.sum(axis=1, keepdims=True)
    apart = x - np.einsum("sa,sak->sk", p, x)[:, None, :]
    information = np.einsum("sa,sai,saj->ij", p, apart, apart)
    sign, logarithm = np.linalg.slogdet(information)
    return float(np.exp(-logarithm / len(beta))) if sign > 0 else np.inf


def _ideal(tables: Sequence[Floats], sets: int) -> float:
    """D-error of equal probabilities with every level shown equally often in every set, coefficients orthogonal."""
    logs = [np.linalg.slogdet(table.T @ table / len(table) * sets)[1] for table in tables]
    return float(np.exp(-sum(logs) / sum(table.shape[1] for table in tables)))


def _exchanged(picks: Integers, tables: Sequence[Floats], beta: Floats) -> tuple[float, Integers]:
    error = _error(_coded(picks, tables), beta)
    for _ in range(_ROUNDS):
        better = False
        for place in np.ndindex(picks.shape):
            before = picks[place]
            for level in range(len(tables[place[2]])):
                old = picks[place]
                picks[place] = level
                now = _error(_coded(picks, tables), beta)
                if now < error * (1 - 1e-12):
                    error, better = now, True
                else:
                    picks[place] = old
            better |= picks[place] != before
        if not better:
            break
    return error, picks
