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
    levels = [float(stats.norm.ppf((1 + level) / 2)) for level in confidence]
    found: list[list[list[str]]] = [[[] for _ in range(shares.shape[1])] for _ in range(len(shares))]
    letter = ["", *marks(shares.shape[1] - 1)]
    for first, second in bases.pairs():
        e1, e2 = bases.effective[first], bases.effective[second]
        together = 0.0 if bases.shared is None else float(bases.shared[first, second])
        p1, p2 = shares[:, first], shares[:, second]
        pooled = (p1 * e1 + p2 * e2) / (e1 + e2)
        variance = pooled * (1 - pooled) * max(1 / e1 + 1 / e2 - 2 * together / (e1 * e2), 0.0)
        z = np.divide(p1 - p2, np.sqrt(variance), out=np.zeros_like(p1), where=variance > 0)
        for row in np.flatnonzero(np.abs(z) >= levels[-1]):
            above, below = (first, second) if z[row] > 0 else (second, first)
            strong = abs(z[row]) >= levels[0]
            found[row][above].append(letter[below] if strong else letter[below].lower())
    return [tuple(" ".join(cell) for cell in row) for row in found]


def of_means(means: Floats, spread: Floats, bases: Bases, confidence: Sequence[float]) -> tuple[str, ...]:
    """Letters of a row of means with their variances among cases."""
    found: list[list[str]] = [[] for _ in means]
    letter = ["", *marks(len(means) - 1)]
    for first, second in bases.pairs():
        e1, e2 = bases.effective[first], bases.effective[second]
        together = 0.0 if bases.shared is None else float(bases.shared[first, second])
        v1, v2 = spread[first] / e1, spread[second] / e2
        variance = v1 + v2 - 2 * together * float(np.sqrt(spread[first] * spread[second])) / (e1 * e2)
        if not variance > 0 or min(e1, e2) <= 1:
            continue
        freedom = (v1 + v2) ** 2 / (v1**2 / (e1 - 1) + v2**2 / (e2 - 1))
        p = 2 * float(stats.t.sf(abs(means[first] - means[second]) / np.sqrt(variance), freedom))
        if p <= 1 - confidence[-1]:
            above, below = (first, second) if means[first] > means[second] else (second, first)
            found[above].append(letter[below] if p <= 1 - confidence[0] else letter[below].lower())
    return tuple(" ".join(cell) for cell in found)
