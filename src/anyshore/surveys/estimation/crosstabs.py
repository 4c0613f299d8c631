"""Tests of independence in a table of two questions, corrected for the design.

Rao and Scott (1984, Ann. Stat. 12:46–60) of first and second order; Wald's test and its adjusted form (Koch, Freeman
and Freeman 1975, Int. Stat. Rev. 43:59–78; Thomas and Rao 1987, JASA 82:630–636).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from anyshore.base.errors import DataError
from anyshore.surveys.estimation.designs import Design, Flags, Floats
from anyshore.surveys.estimation.estimates import categories, mean, total


@dataclass(frozen=True, slots=True)
class Independence:
    """The result of a test.

    Attributes:
        method: which of the tests.
        statistic: its value.
        freedom: degrees of freedom: of the numerator and, for an F test, of the denominator.
        p: probability of such a value or a greater one, were the questions independent.
    """

    method: str
    statistic: float
    freedom: tuple[float, ...]
    p: float


@dataclass(frozen=True, slots=True)
class Crosstab:
    """A weighted table of two questions.

    Attributes:
        rows: answers of the first question.
        columns: answers of the second.
        counts: estimated population, rows × columns.
        chi_square: Rao–Scott of first order: Pearson's statistic, referred to its mean correction.
        f: Rao–Scott of second order, the F form.
        wald: Wald's test.
        adjusted_wald: Wald's test, adjusted for the degrees of freedom of the design.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Floats
    chi_square: Independence
    f: Independence
    wald: Independence
    adjusted_wald: Independence


def crosstab(design: Design, first: ArrayLike, second: ArrayLike, domain: Flags | None = None) -> Crosstab:
    """Counts and tests of two questions, over the cases that answered both.

    Raises:
        DataError: one of the questions has a single answer.
    """
    rows, columns = categories(first), categories(second)
    if len(rows) < 2 or len(columns) < 2:
        raise DataError("survey.answers", "A question has fewer than 2 answers.", hint="Choose another question.")
    answered = np.any(list(rows.values()), axis=0) & np.any(list(columns.values()), axis=0)
    inside = answered if domain is None else answered & domain
    cells = {f"{r}/{c}": (rows[r] & columns[c]).astype(float) for r in rows for c in columns}
    shares = mean(design, cells, inside)
    shape = (len(rows), len(columns))
    cases = int(((design.weights != 0) & inside).sum())
    clusters = design.degrees_of_freedom(domain)
    corrections = _corrections(shares.values, shares.covariance, shape, cases)
    wald = _wald(design, rows, columns, inside)
    free = (shape[0] - 1) * (shape[1] - 1)
    return Crosstab(
        tuple(rows), tuple(columns),
        ((design.weights * inside) @ np.stack(list(cells.values()), axis=1)).reshape(shape),
        *_rao_scott(_pearson(shares.values.reshape(shape), cases), corrections, clusters),
        *_wald_forms(wald, free, clusters),
    )  # fmt: skip


def _pearson(shares: Floats, cases: int) -> float:
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return float(cases * np.sum((shares - expected) ** 2 / expected))


def _corrections(shares: Floats, covariance: Floats, shape: tuple[int, int], cases: int) -> Floats:
    """Rao and Scott's matrix of generalised design effects, one per degree of freedom of independence."""
    main, interaction = _contrasts(shape)
    left = interaction - main @ np.linalg.lstsq(main, interaction, rcond=None)[0]
    inverse = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares != 0)
    middle = left * inverse[:, None]
    return np.asarray(np.linalg.solve(left.T @ middle / cases, middle.T @ covariance @ middle))


def _contrasts(shape: tuple[int, int]) -> tuple[Floats, Floats]:
    row, column = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
    rows = np.stack([row == level for level in range(1, shape[0])], axis=1).astype(float)
    columns = np.stack([column == level for level in range(1, shape[1])], axis=1).astype(float)
    main = np.concatenate([np.ones((len(row), 1)), rows, columns], axis=1)
    return main, np.concatenate([rows[:, [r]] * columns for r in range(rows.shape[1])], axis=1)


def _rao_scott(pearson: float, corrections: Floats, clusters: int) -> tuple[Independence, Independence]:
    trace, free = float(np.trace(corrections)), corrections.shape[0]
    chi_square = Independence(
        "Rao–Scott, first order", pearson, (float(free),), float(stats.chi2.sf(pearson / (trace / free), free))
    )
    upper = trace**2 / float(np.trace(corrections @ corrections))
    value = pearson / trace
    p = float(stats.f.sf(value, upper, upper * clusters))
    return chi_square, Independence("Rao–Scott, second order (F)", value, (upper, upper * clusters), p)


def _wald(design: Design, rows: dict[str, Flags], columns: dict[str, Flags], inside: Flags) -> float:
    """Wald's statistic of the differences between the counts and those expected, without first row and column."""
    r, c = list(rows.values()), list(columns.values())
    cells = [a & b for a in r for b in c]
    flags = [*cells, *r, *c, np.ones(len(inside), dtype=bool)]
    totals = total(design, {str(number): flag.astype(float) for number, flag in enumerate(flags)}, inside)
    many = len(cells)
    row, column, every = totals.values[many : many + len(r)], totals.values[many + len(r) : -1], totals.values[-1]
    jacobian = np.zeros((many, len(flags)))
    for cell in range(many):
        i, j = divmod(cell, len(c))
        jacobian[cell, cell] = 1
        jacobian[cell, many + i] = -column[j] / every
        jacobian[cell, many + len(r) + j] = -row[i] / every
        jacobian[cell, -1] = row[i] * column[j] / every**2
    apart = totals.values[:many] - np.outer(row, column).ravel() / every
    used = [cell for cell in range(many) if cell // len(c) and cell % len(c)]
    covariance = jacobian @ totals.covariance @ jacobian.T
    return float(apart[used] @ np.linalg.lstsq(covariance[np.ix_(used, used)], apart[used], rcond=None)[0])


def _wald_forms(statistic: float, free: int, clusters: int) -> tuple[Independence, Independence]:
    plain, denominator = statistic / free, clusters - free + 1
    adjusted = statistic * denominator / (free * clusters)
    return (
        Independence("Wald", plain, (free, clusters), float(stats.f.sf(plain, free, clusters))),
        Independence("Wald, adjusted", adjusted, (free, denominator), float(stats.f.sf(adjusted, free, denominator))),
    )
