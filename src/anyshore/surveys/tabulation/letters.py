"""Letters of significance: which columns of a group a column is above.

Shares: two-sided z test of two proportions, pooled, on effective bases; means: t test with unequal variances. Where two
columns share cases, what they share comes off the variance of the difference (Kish, *Survey Sampling*, 1965, 12.4).
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from anyshore.surveys.tabulation.questions import Flags, Floats


@dataclass(frozen=True, slots=True)
class Bases:
    """What the tests of a table rest on.

    Attributes:
        effective: effective base per column.
        out: columns that are compared with none.
        groups: places of columns compared with each other.
        shared: effective base of the cases two columns share; None where no columns of a group do.
    """

    effective: Floats
    out: Flags
    groups: list[list[int]]
    shared: Floats | None

    def pairs(self) -> list[tuple[int, int]]:
        """Pairs of columns that are compared."""
        kept = [[place for place in group if not self.out[place]] for group in self.groups]
        return [pair for group in kept for pair in itertools.combinations(group, 2)]

    def of(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
        """Effective bases of pairs, and those of what they share."""
        together = np.zeros(len(first)) if self.shared is None else self.shared[first, second]
        return self.effective[first], self.effective[second], together


def marks(columns: int) -> list[str]:
    """A, B, … Z, AA, AB, …, one per column beside the total."""
    names = ("".join(pick) for size in (1, 2) for pick in itertools.product(string.ascii_uppercase, repeat=size))
    return list(itertools.islice(names, columns))


def named(confidence: Sequence[float], *, overlapping: bool) -> str:
    """The test in words, as it stands below a table."""
    levels = " and ".join(
        f"{level:.0%} ({'upper' if number == 0 else 'lower'} case)" for number, level in enumerate(confidence)
    )
    shared = "columns may share cases, which the variance allows for" if overlapping else "columns share no cases"
    return f"Two-sided z test of shares (pooled) and t test of means, effective bases, {levels}; {shared}."


def overlapping(members: Floats, groups: Sequence[Sequence[int]]) -> bool:
    """Whether any case is in two columns of a group."""
    return any(bool((members[:, list(group)].sum(axis=1) > 1).any()) for group in groups)


def of_shares(shares: Floats, bases: Bases, confidence: Sequence[float]) -> list[tuple[str, ...]]:
    """Letters of rows × columns of shares."""
    pairs = bases.pairs()
    if not pairs:
        return [("",) * shares.shape[1] for _ in shares]
    first, second = np.array(pairs).T
    e1, e2, together = bases.of(first, second)
    p1, p2 = shares[:, first], shares[:, second]
    pooled = (p1 * e1 + p2 * e2) / (e1 + e2)
    variance = pooled * (1 - pooled) * np.maximum(1 / e1 + 1 / e2 - 2 * together / (e1 * e2), 0.0)
    z = np.divide(p1 - p2, np.sqrt(variance), out=np.zeros_like(p1), where=variance > 0)
    levels = [float(stats.norm.ppf((1 + level) / 2)) for level in confidence]
    return _lettered(z, np.abs(z) >= levels[0], np.abs(z) >= levels[-1], pairs, shares.shape[1])


def of_means(means: Floats, spread: Floats, bases: Bases, confidence: Sequence[float]) -> tuple[str, ...]:
    """Letters of a row of means with their variances among cases."""
    pairs = [(a, b) for a, b in bases.pairs() if min(bases.effective[a], bases.effective[b]) > 1]
    if not pairs:
        return ("",) * len(means)
    first, second = np.array(pairs).T
    e1, e2, together = bases.of(first, second)
    v1, v2 = spread[first] / e1, spread[second] / e2
    variance = v1 + v2 - 2 * together * np.sqrt(spread[first] * spread[second]) / (e1 * e2)
    apart = means[first] - means[second]
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = (v1 + v2) ** 2 / (v1**2 / (e1 - 1) + v2**2 / (e2 - 1))
        p = np.where(variance > 0, 2 * stats.t.sf(np.abs(apart) / np.sqrt(variance), freedom), 1.0)[None]
    return _lettered(apart[None], p <= 1 - confidence[0], p <= 1 - confidence[-1], pairs, len(means))[0]


def _lettered(
    apart: Floats, strong: Flags, weak: Flags, pairs: Sequence[tuple[int, int]], columns: int
) -> list[tuple[str, ...]]:
    """Letters from differences and their significance, rows × pairs."""
    letter = ["", *marks(columns - 1)]
    found: list[list[list[str]]] = [[[] for _ in range(columns)] for _ in range(len(apart))]
    for row, pair in zip(*np.nonzero(weak), strict=True):
        first, second = pairs[pair]
        above, below = (first, second) if apart[row, pair] > 0 else (second, first)
        found[row][above].append(letter[below] if strong[row, pair] else letter[below].lower())
    return [tuple(" ".join(cell) for cell in row) for row in found]
