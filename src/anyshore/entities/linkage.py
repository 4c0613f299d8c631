"""Which records of two sources, or of one, are one entity: Fellegi and Sunter's model, learnt without labels.

How often each level of agreement occurs among pairs that are one entity (m) and among others (u) is estimated by
expectation maximisation over candidate pairs (Fellegi and Sunter 1969, JASA 64:1183-1210; Winkler 1988). A pair's
weight is the sum of log2(m/u) of its levels: that is also its evidence, column by column. Where neither source holds an
entity twice, the pairs are those that are best together (one to one); elsewhere entities are what hangs together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError
from anyshore.entities.candidates import candidates
from anyshore.entities.columns import Agreement, Column, agreement, column
from anyshore.entities.grouping import are_duplicate_free, best_together, hangs_together

_ROUNDS = 200
_STILL = 1e-6
_SMOOTH = 0.5
"""Pairs added to each level, so that one that was never seen rules nothing out."""
_FIRST_SHARE = 0.2
_PROBABLE = 0.5

Records = Mapping[str, Sequence[str]]
"""Values by column; all columns are of one length."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one column says about a pair: the level of agreement and its weight in bits, positive for one entity."""

    column: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Link:
    """Two records that are one entity.

    Attributes:
        left: place in the first source.
        right: place in the second.
        probability: that they are one, by the model.
        evidence: what each column says, the strongest first.
    """

    left: int
    right: int
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """The outcome.

    Attributes:
        links: the pairs.
        compared: candidate pairs looked at.
        one_to_one: whether each record could be linked once only.
        rejected: the candidates that came nearest and are no link, with their evidence.
    """

    links: tuple[Link, ...]
    compared: int
    one_to_one: bool
    rejected: tuple[Link, ...]


@dataclass(slots=True)
class _Model:
    """Log2 weights per column and level, and the log2 odds before any evidence."""

    weights: list[NDArray[np.float64]]
    prior: float

    def bits(self, agreements: Sequence[Agreement]) -> NDArray[np.float64]:
        total = np.full(len(agreements[0].level), self.prior)
        for weights, each in zip(self.weights, agreements, strict=True):
            total += np.append(weights, 0.0)[each.level]
        return total


def link(left: Records, right: Records, *, one_to_one: bool | None = None, shown: int = 50) -> Linked:
    """Links two sources by the columns they share.

    Args:
        left: the first source.
        right: the second.
        one_to_one: whether neither source holds an entity twice; None: found out from the pairs that are probable.
        shown: candidates that were rejected to give, at most.

    Raises:
        DataError: no column in common, or columns of different lengths.
    """
    shared = [name for name in left if name in right]
    columns = _columns(left, right, shared)
    pairs = candidates(columns, same=False)
    agreements = [agreement(each, *pairs, columns) for each in columns]
    model = _learn(agreements)
    chances = _chances(model.bits(agreements))
    probable = np.flatnonzero(chances >= _PROBABLE)
    if one_to_one is None:
        one_to_one = are_duplicate_free(pairs, probable)
    kept = best_together(pairs, model.bits(agreements), probable) if one_to_one else probable
    return _outcome(pairs, agreements, model, chances, kept, one_to_one, shown)


def find_duplicates(records: Records, *, shown: int = 50) -> Linked:
    """The pairs of one source that are one entity; what hangs together by pairs is one entity throughout.

    Raises:
        DataError: no column, or columns of different lengths.
    """
    columns = _columns(records, records, list(records))
    pairs = candidates(columns, same=True)
    agreements = [agreement(each, *pairs, columns) for each in columns]
    model = _learn(agreements)
    chances = _chances(model.bits(agreements))
    sure = hangs_together(pairs, chances, _PROBABLE)
    all_agreements = [agreement(each, *sure, columns) for each in columns]
    bits = model.bits(all_agreements)
    kept = np.arange(len(sure[0]))
    outcome = _outcome(sure, all_agreements, model, _chances(bits), kept, False, 0)
    rejected = _outcome(pairs, agreements, model, chances, np.flatnonzero(chances >= _PROBABLE), False, shown).rejected
    return Linked(outcome.links, len(pairs[0]), False, rejected)


def _columns(left: Records, right: Records, shared: Sequence[str]) -> list[Column]:
    for side in (left, right):
        if not shared or len({len(side[name]) for name in shared}) != 1:
            raise DataError("entities.columns", "the sources share no columns of one length", hint="name them alike")
    found = [column(name, left[name], left[name] if left is right else right[name]) for name in shared]
    return [each for each in found if any(each.left) and any(each.right)]


def _learn(agreements: Sequence[Agreement]) -> _Model:
    """Expectation maximisation, begun with the pairs that agree most in the order of the levels."""
    ordered = [np.where(each.level < 0, 0.5, np.append(each.order, 0.5)[each.level]) for each in agreements]
    alike = np.mean(ordered, axis=0)
    cut = np.quantile(alike, 1 - _FIRST_SHARE) if len(alike) else 0.0
    chance = np.where(alike >= cut, 0.9, 0.1)
    model = _Model([], 0.0)
    for _round in range(_ROUNDS):
        model = _maximised(agreements, chance)
        before, chance = chance, _chances(model.bits(agreements))
        if not len(chance) or float(np.abs(before - chance).max()) < _STILL:
            break
    return model


def _maximised(agreements: Sequence[Agreement], chance: NDArray[np.float64]) -> _Model:
    weights = []
    for each in agreements:
        known, levels = each.level >= 0, len(each.levels)
        m = np.bincount(each.level[known], weights=chance[known], minlength=levels) + _SMOOTH
        u = np.bincount(each.level[known], weights=1 - chance[known], minlength=levels) + _SMOOTH
        weights.append(np.log2(m / m.sum()) - np.log2(u / u.sum()))
    share = (chance.sum() + _SMOOTH) / (len(chance) + 2 * _SMOOTH)
    return _Model(weights, float(np.log2(share / (1 - share))))


def _chances(bits: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp2(-np.clip(bits, -60, 60)))


def _outcome(
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]], agreements: Sequence[Agreement], model: _Model,
    chances: NDArray[np.float64], kept: NDArray[np.int64], one_to_one: bool, shown: int,
) -> Linked:  # fmt: skip
    def told(number: int) -> Link:
        evidence = [
            Evidence(each.column, each.levels[level], round(float(weights[level]), 2))
            for each, weights in zip(agreements, model.weights, strict=True)
            if (level := int(each.level[number])) >= 0
        ]
        evidence.sort(key=lambda one: -abs(one.weight))
        return Link(int(pairs[0][number]), int(pairs[1][number]), float(chances[number]), tuple(evidence))

    chosen = set(kept.tolist())
    near = [
        int(number) for number in np.argsort(-chances, kind="stable")[: len(chosen) + shown] if number not in chosen
    ]
    return Linked(tuple(map(told, kept.tolist())), len(chances), one_to_one, tuple(map(told, near[:shown])))
