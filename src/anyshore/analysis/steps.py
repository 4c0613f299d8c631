"""What a step of a plan computes: estimates, a test where there is one, and what the test assumes, tested.

Sources: Welch (1947) for two means, Shapiro and Wilk (1965), Brown and Forsythe (1974) for equal variances, Breusch
and Pagan in Koenker's form (1981), Phipson and Smyth (2010) for p-values of permutations, Cramér (1946).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from anyshore.analysis import least_squares, summaries, variance
from anyshore.analysis.dataset import Dataset, number
from anyshore.analysis.plans import Plan, Step
from anyshore.base.errors import DataError

Floats = NDArray[np.float64]
_MOST_SHAPIRO = 5000
"""Values beyond which the approximation of Shapiro and Wilk's p-value does not hold."""
_LEAST_EXPECTED = 5
"""Expected cases in a cell from which the chi-squared distribution is near enough (Cochran, 1954)."""


@dataclass(frozen=True, slots=True)
class Test:
    """A test of a hypothesis.

    Attributes:
        row: what is tested.
        statistic: in words, with its degrees of freedom.
        p: two-sided.
    """

    row: str
    statistic: str
    p: float


@dataclass(frozen=True, slots=True)
class Done:
    """What a step found.

    Attributes:
        left_out: rows without a value in one of its columns.
        figures: name, of what, value.
        tests: that count as tried.
        assumptions: what the tests assume, and the p-value against it; None where it is a rule, with whether it holds.
    """

    left_out: int
    figures: tuple[tuple[str, str, str], ...]
    tests: tuple[Test, ...] = ()
    assumptions: tuple[tuple[str, float | None, bool], ...] = ()


def shown(value: Decimal | float | None) -> str:
    """A figure in six significant digits, which every machine computes alike."""
    if value is None:
        return "none"
    return f"{float(value):.6g}"


def probability(p: float) -> str:
    """A p-value; far in the tail machines differ, and it tells nothing more."""
    return "below 1e-12" if p < 1e-12 else shown(p)


def compute(step: Step, data: Dataset, plan: Plan) -> Done:
    """Computes a step.

    Raises:
        DataError: a column is missing or holds no numbers, or there is too little to compute it of.
    """
    try:
        return _DOES[step.do](step, data, plan)
    except DataError as odd:
        raise DataError(odd.code, f"Step {step.id}: {odd.message}", odd.location, odd.hint) from odd


def _describe(step: Step, data: Dataset, plan: Plan) -> Done:
    names, rows = _rows(data, step.of, *([step.by] if step.by else []))
    groups = _groups(names, rows) if step.by else {"all": [_number(row[0], step.of) for row in rows]}
    figures = [one for name, values in groups.items() for one in _summary(name, values)]
    return Done(data.rows - len(rows), tuple(figures))


def _compare(step: Step, data: Dataset, plan: Plan) -> Done:
    names, rows = _rows(data, step.of, step.by)
    groups = _groups(names, rows)
    if len(groups) != 2 or min(map(len, groups.values())) < 3:
        said = f"{step.by} makes {len(groups)} groups; two of three values or more are compared."
        raise DataError("analysis.groups", said, hint="Choose another column, or anova for more groups.")
    (one, first), (other, second) = groups.items()
    a, b = _floats(first), _floats(second)
    gap = summaries.summary(first).mean - summaries.summary(second).mean
    found = stats.ttest_ind(a, b, equal_var=False)
    if not math.isfinite(found.pvalue):
        raise DataError("analysis.value", "The values within both groups are all alike.", hint="Nothing is compared.")
    low, high = found.confidence_interval(1 - float(plan.alpha))
    test = Test(f"{one} and {other}", f"Welch t {shown(found.statistic)}, df {shown(found.df)}", float(found.pvalue))
    assumed = [_equal(groups, plan)]
    if step.draws:
        p = _permuted(a, b, step.draws, plan.seed or 0)
        test = Test(test.row, f"permutations {step.draws}, seed {plan.seed}", p)
    else:
        assumed = [*_normal(groups, plan), *assumed]
    figures = [figure for name, values in groups.items() for figure in _summary(name, values)]
    figures.append(("difference", f"{one} less {other}", shown(gap)))
    figures.append((f"interval {shown(1 - plan.alpha)}", f"{one} less {other}", f"{shown(low)} to {shown(high)}"))
    return Done(data.rows - len(rows), tuple(figures), (test,), tuple(assumed))


def _correlate(step: Step, data: Dataset, plan: Plan) -> Done:
    _, rows = _rows(data, step.of, step.by)
    columns = {name: [_number(row[place], name) for row in rows] for place, name in enumerate((step.of, step.by))}
    a, b = map(_floats, columns.values())
    if len(rows) < 4 or len(set(a)) < 2 or len(set(b)) < 2:
        raise DataError("analysis.observations", "There is too little to correlate.", hint="Give four differing rows.")
    found = stats.pearsonr(a, b)
    statistic = f"Pearson r {shown(found.statistic)}, df {len(rows) - 2}"
    test = Test(f"{step.of} and {step.by}", statistic, float(found.pvalue))
    low, high = found.confidence_interval(1 - float(plan.alpha))
    figures = (
        ("n", test.row, str(len(rows))), ("correlation", test.row, shown(found.statistic)),
        (f"interval {shown(1 - plan.alpha)}", test.row, f"{shown(low)} to {shown(high)}"),
    )  # fmt: skip
    return Done(data.rows - len(rows), figures, (test,), tuple(_normal(columns, plan)))


def _cross(step: Step, data: Dataset, plan: Plan) -> Done:
    _, rows = _rows(data, step.of, step.by)
    across, down = sorted({row[1] for row in rows}), sorted({row[0] for row in rows})
    if len(across) < 2 or len(down) < 2:
        raise DataError("analysis.groups", "A cross-table needs two answers each way.", hint="Choose other columns.")
    counts = np.array([[sum(row == [one, other] for row in rows) for other in across] for one in down])
    found = stats.chi2_contingency(counts, correction=False)
    strength = math.sqrt(found.statistic / (counts.sum() * (min(counts.shape) - 1)))
    figures = [
        (one, other, f"{counts[i, j]} of {counts[:, j].sum()}, {shown(100 * counts[i, j] / counts[:, j].sum())} %")
        for i, one in enumerate(down) for j, other in enumerate(across)
    ]  # fmt: skip
    figures.append(("Cramer's V", f"{step.of} and {step.by}", shown(strength)))
    test = Test(f"{step.of} and {step.by}", f"chi2 {shown(found.statistic)}, df {found.dof}", float(found.pvalue))
    least = float(found.expected_freq.min())
    rule = (f"least expected cases {shown(least)}, {_LEAST_EXPECTED} wanted", None, least >= _LEAST_EXPECTED)
    return Done(data.rows - len(rows), tuple(figures), (test,), (rule,))


def _anova(step: Step, data: Dataset, plan: Plan) -> Done:
    names, rows = _rows(data, step.of, step.by)
    groups = _groups(names, rows)
    found = variance.one_way(list(groups.values()))
    if found.f is None:
        raise DataError("analysis.value", "The values within every group are all alike.", hint="Nothing is compared.")
    p = float(stats.f.sf(float(found.f), found.between_freedom, found.within_freedom))
    test = Test(
        f"{step.of} by {step.by}", f"F {shown(found.f)}, df {found.between_freedom} and {found.within_freedom}", p
    )
    figures = [figure for name, values in groups.items() for figure in _summary(name, values)]
    figures.append(("share explained", test.row, shown(found.r_squared)))
    return Done(data.rows - len(rows), tuple(figures), (test,), (*_normal(groups, plan), _equal(groups, plan)))


def _model(step: Step, data: Dataset, plan: Plan) -> Done:
    _, rows = _rows(data, step.of, *step.on)
    response, *columns = (
        [_number(row[place], name) for row in rows] for place, name in enumerate((step.of, *step.on))
    )  # fmt: skip
    fit = least_squares.linear(columns, response)
    if fit.errors is None or not fit.residual_squares:
        said = "The columns leave no residuals to judge the coefficients by."
        raise DataError("analysis.observations", said, hint="Give more rows or fewer columns.")
    figures, tests = [], []
    for name, value, error in zip(("constant", *step.on), fit.coefficients, fit.errors, strict=True):
        figures.append(("coefficient", name, f"{shown(value)}, standard error {shown(error)}"))
        if name != "constant":
            t = float(value / error)
            p = float(2 * stats.t.sf(abs(t), fit.residual_freedom))
            tests.append(Test(name, f"t {shown(t)}, df {fit.residual_freedom}", p))
    figures += [("share explained", step.of, shown(fit.r_squared)), ("arithmetic", step.of, fit.told)]
    residuals = [
        value - sum((c * one[place] for c, one in zip(fit.coefficients[1:], columns, strict=True)), fit.coefficients[0])
        for place, value in enumerate(response)
    ]
    spread = least_squares.linear(columns, [one * one for one in residuals])
    p = float(stats.chi2.sf(float(len(rows) * (spread.r_squared or 0)), len(columns)))
    even = ("even spread of residuals (Breusch-Pagan)", p, p >= plan.alpha)
    return Done(
        data.rows - len(rows), tuple(figures), tuple(tests), (*_normal({"residuals": residuals}, plan), even)
    )  # fmt: skip


def _rows(data: Dataset, *names: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """The rows that have a value in every column named."""
    absent = next((name for name in names if name not in data.columns), None)
    if absent is not None:
        hint = f"There are: {', '.join(data.columns)}."
        raise DataError("analysis.column", f"There is no column {absent!r}.", hint=hint)
    rows = [list(row) for row in zip(*(data.columns[name] for name in names), strict=True) if all(row)]
    if not rows:
        raise DataError("analysis.empty", f"No row has a value in {', '.join(names)}.", hint="Choose other columns.")
    return names, rows


def _groups(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = {name: [] for name in sorted({row[1] for row in rows})}
    for row in rows:
        found[row[1]].append(_number(row[0], names[0]))
    return found


def _number(value: str, column: str) -> Decimal:
    found = number(value)
    if found is None:
        hint = "Choose a column of numbers, with a decimal point."
        raise DataError("analysis.number", f"{column} holds {value!r}, which is no number.", hint=hint)
    return found


def _summary(name: str, values: Sequence[Decimal]) -> list[tuple[str, str, str]]:
    found = summaries.summary(values)
    middle = sorted(values)
    median = (middle[(len(middle) - 1) // 2] + middle[len(middle) // 2]) / 2
    return [
        ("n", name, str(found.count)), ("mean", name, shown(found.mean)),
        ("standard deviation", name, shown(found.deviation)), ("median", name, shown(median)),
        ("least and most", name, f"{shown(middle[0])} to {shown(middle[-1])}"),
    ]  # fmt: skip


def _normal(groups: Mapping[str, Sequence[Decimal]], plan: Plan) -> list[tuple[str, float | None, bool]]:
    found: list[tuple[str, float | None, bool]] = []
    for name, values in groups.items():
        if 3 <= len(values) <= _MOST_SHAPIRO and len(set(values)) > 1:
            p = float(stats.shapiro(_floats(values)).pvalue)
            found.append((f"normal values of {name} (Shapiro-Wilk)", p, p >= plan.alpha))
        else:
            found.append((f"normal values of {name}: cannot be tested with {len(values)}", None, False))
    return found


def _equal(groups: Mapping[str, Sequence[Decimal]], plan: Plan) -> tuple[str, float | None, bool]:
    with np.errstate(invalid="ignore", divide="ignore"):
        p = float(stats.levene(*map(_floats, groups.values()), center="median").pvalue)
    if not math.isfinite(p):
        return "equal variances: cannot be tested", None, False
    return "equal variances (Brown-Forsythe)", p, p >= plan.alpha


def _permuted(a: Floats, b: Floats, draws: int, seed: int) -> float:
    """The share of permutations whose difference of means is at least as far from nought, the one seen among them."""
    both = np.concatenate([a, b])
    chance = np.random.Generator(np.random.PCG64(seed))
    seen = abs(a.mean() - b.mean())
    farther = 0
    for _ in range(draws):
        # Order of uniform draws: the stream of bits is promised from version to version, that of permutation() is not.
        mixed = both[np.argsort(chance.random(len(both)), kind="stable")]
        farther += abs(mixed[: len(a)].mean() - mixed[len(a) :].mean()) >= seen * (1 - 1e-12)
    return float((farther + 1) / (draws + 1))


def _floats(values: Sequence[Decimal]) -> Floats:
    return np.array([float(value) for value in values], dtype=np.float64)


_DOES: Mapping[str, Callable[[Step, Dataset, Plan], Done]] = {
    "describe": _describe, "compare": _compare, "correlate": _correlate, "cross": _cross, "anova": _anova,
    "model": _model,
}  # fmt: skip
