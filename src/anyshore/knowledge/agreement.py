"""Agreement between reviewers: raw, Cohen's kappa, Fleiss' kappa, Krippendorff's alpha, each with an interval.

A rating table has a row per unit (question, document) and a column per reviewer. None, NaN and an empty or blank text
are missing answers and no category: reviewers who left a unit out did not agree on nothing.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeGuard, TypeVar

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError

A = TypeVar("A", bound=Hashable)
Rating: TypeAlias = Hashable | None
Floats: TypeAlias = NDArray[np.float64]
Level: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its confidence interval.

    Attributes:
        value: the coefficient; NaN where it is not defined (no unit rated twice, or one answer throughout).
        low: lower end of the interval, NaN where undefined.
        high: upper end.
        confidence: nominal coverage, for example 0.95.
        method: the source of the interval.
        units: units that could be compared.
    """

    value: float
    low: float
    high: float
    confidence: float
    method: str
    units: int


def answered(answer: A | None) -> TypeGuard[A]:
    """Whether a reviewer answered: not None, not NaN, no text without a letter."""
    if isinstance(answer, str):
        return bool(answer.strip())
    # NaN is the one value that is not equal to itself.
    return answer is not None and answer == answer


def raw_agreement(table: Sequence[Sequence[Rating]], *, confidence: float = 0.95) -> Estimate:
    """The share of reviewer pairs that gave the same answer, averaged over the units rated at least twice.

    Two reviewers: Wilson's score interval (Wilson 1927, JASA 22:209–212). More: the t interval of the mean over units.
    """
    counts, _ = _counts(table)
    if not len(counts):
        return _undefined(confidence, "no unit was rated twice")
    shares = _pair_agreement(counts)
    value, units = float(shares.mean()), len(shares)
    if (counts.sum(axis=1) == 2).all():
        low, high = wilson(round(value * units), units, confidence)
        return Estimate(value, low, high, confidence, "Wilson 1927", units)
    error = float(shares.std(ddof=1)) / math.sqrt(units) if units > 1 else math.nan
    return _interval(value, error, _t(confidence, units), confidence, "t interval over units", units, lowest=0.0)


def wilson(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a proportion (Wilson 1927)."""
    from scipy import stats  # a second of loading, which only figures of agreement are worth

    z = float(stats.norm.ppf((1 + confidence) / 2))
    share = successes / trials
    scale = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def cohen_kappa(
    first: Sequence[Rating],
    second: Sequence[Rating],
    *,
    weights: Literal["linear", "quadratic"] | Mapping[tuple[Hashable, Hashable], float] | None = None,
    scale: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Cohen's kappa of two reviewers (Cohen 1960, Educ. Psychol. Meas. 20:37–46; weighted: Cohen 1968).

    The interval uses the large-sample standard error of Fleiss, Cohen and Everitt (1969, Psychol. Bull. 72:323–327).

    Args:
        first: answers of one reviewer, a unit each.
        second: answers of the other, in the same order; units that either left out do not count.
        weights: None for nominal answers; ``linear`` or ``quadratic`` in the distance of two grades on their scale; or
            the agreement weight per pair of answers (1 where not given on the diagonal, else 0).
        scale: all grades there are from the lowest to the highest, also those nobody gave. Where it is left out the
            answers must be numbers, which are their own scale: 1 and 4 are three apart whether or not 2 was given.
        confidence: coverage of the interval.

    Raises:
        DataError: the two have different lengths; an answer is not on the scale; or the answers are words, whose order
            no alphabet tells, and there is no scale.
    """
    if len(first) != len(second):
        raise DataError("agreement.lengths", f"{len(first)} answers against {len(second)}", hint="a pair per unit")
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if answered(a) and answered(b)]
    if not pairs:
        return _undefined(confidence, "no unit was rated by both")
    categories = _categories(answer for pair in pairs for answer in pair)
    place = {category: number for number, category in enumerate(categories)}
    table = np.zeros((len(categories), len(categories)))
    for a, b in pairs:
        table[place[a], place[b]] += 1
    return _kappa(table / len(pairs), _agreement_weights(categories, weights, scale), len(pairs), confidence)


def _agreement_weights(
    categories: Sequence[Hashable],
    weights: Literal["linear", "quadratic"] | Mapping[tuple[Hashable, Hashable], float] | None,
    scale: Sequence[Hashable] | None,
) -> Floats:
    if isinstance(weights, Mapping):
        return np.array([[weights.get((a, b), float(a == b)) for b in categories] for a in categories])
    if weights is None or len(categories) <= 2:
        return np.eye(len(categories))
    # How far the ends of the scale are apart scales observed and expected disagreement alike, so it cancels out.
    places = _positions(categories, scale)
    apart = np.abs(np.subtract.outer(places, places)) / (places.max() - places.min())
    return np.asarray(1 - (apart if weights == "linear" else apart**2))


def _positions(categories: Sequence[Hashable], scale: Sequence[Hashable] | None) -> Floats:
    """Where answers stand on a scale: by its steps, or by their value where they are numbers."""
    if scale is not None:
        steps = {grade: float(number) for number, grade in enumerate(scale)}
        if unknown := [str(category) for category in categories if category not in steps]:
            said = f"not on the scale: {', '.join(unknown)}"
            raise DataError("agreement.scale", said, hint="give every grade, from the lowest to the highest")
        return np.array([steps[category] for category in categories])
    try:
        return np.array([float(category) for category in categories])  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        said = f"the answers have no order by themselves: {error}"
        hint = "give the scale, every grade from the lowest to the highest"
        raise DataError("agreement.order", said, hint=hint) from error


def _kappa(shares: Floats, weights: Floats, units: int, confidence: float) -> Estimate:
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float((weights * shares).sum()), float(rows @ weights @ columns)
    if math.isclose(expected, 1):
        return _undefined(confidence, "both gave one answer throughout", units)
    kappa = (observed - expected) / (1 - expected)
    # Fleiss, Cohen & Everitt 1969, eq. 13; with unit weights on the diagonal it is their eq. 8.
    means = np.add.outer(weights @ columns, rows @ weights)
    spread = float((shares * (weights - means * (1 - kappa)) ** 2).sum()) - (kappa - expected * (1 - kappa)) ** 2
    error = math.sqrt(max(spread, 0.0) / units) / (1 - expected)
    from scipy import stats  # a second of loading, which only figures of agreement are worth

    z = float(stats.norm.ppf((1 + confidence) / 2))
    return _interval(kappa, error, z, confidence, "Fleiss, Cohen & Everitt 1969", units)


def fleiss_kappa(table: Sequence[Sequence[Rating]], *, confidence: float = 0.95) -> Estimate:
    """Fleiss' kappa of many reviewers (Fleiss 1971, Psychol. Bull. 76:378–382).

    Units may be rated by different numbers of reviewers; with equal numbers the value is Fleiss' own. Interval: the
    linearised variance of Gwet (2008, Br. J. Math. Stat. Psychol. 61:29–48), t with units − 1 degrees of freedom.
    """
    counts, all_rated = _counts(table)
    if not len(counts):
        return _undefined(confidence, "no unit was rated twice")
    prevalence = (all_rated / all_rated.sum(axis=1, keepdims=True)).mean(axis=0)
    expected = float((prevalence**2).sum())
    if math.isclose(expected, 1):
        return _undefined(confidence, "one answer throughout", len(counts))
    kappa = (float(_pair_agreement(counts).mean()) - expected) / (1 - expected)
    error = _gwet_error(all_rated, len(counts), prevalence, expected, kappa)
    units = len(all_rated)
    return _interval(kappa, error, _t(confidence, units), confidence, "Gwet 2008", len(counts))


def _gwet_error(rated: Floats, pairable: int, prevalence: Floats, expected: float, kappa: float) -> float:
    """Standard error of Fleiss' kappa; units rated once add to the prevalence only."""
    units = len(rated)
    if units < 2:
        return math.nan
    sizes = rated.sum(axis=1)
    agreement = np.where(sizes > 1, (rated * (rated - 1)).sum(axis=1) / np.maximum(sizes * (sizes - 1), 1), 0.0)
    own = np.where(sizes > 1, (agreement - expected) * (units / pairable), 0.0) / (1 - expected)
    chance = (rated / sizes[:, None]) @ prevalence
    parts = own - 2 * (1 - kappa) * (chance - expected) / (1 - expected)
    return math.sqrt(float(((parts - kappa) ** 2).sum()) / (units * (units - 1)))


def krippendorff_alpha(
    table: Sequence[Sequence[Rating]],
    level: Level = "nominal",
    *,
    seed: int,
    scale: Sequence[Hashable] | None = None,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> Estimate:
    """Krippendorff's alpha for any number of reviewers, with missing answers.

    Value: Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*, from the coincidences of pairable answers;
    ordinal differences use the ranks met (ibid., section E). Interval: percentile bootstrap over units (Efron 1979),
    since the units, not the pairs within them, are the independent sample.

    Args:
        table: a row per unit, a column per reviewer.
        level: level of measurement; above nominal the answers must be numbers, or ordinal ones on a scale.
        seed: of the bootstrap; the same seed gives the same interval.
        scale: ordinal grades from the lowest to the highest, where they are words.
        resamples: bootstrap samples; 0 for no interval.
        confidence: coverage of the interval.
    """
    counts, _ = _counts(table)
    if not len(counts):
        return _undefined(confidence, "no unit was rated twice")
    categories = _categories(a for row in _pairable(table) for a in row if answered(a))
    values = _values(categories, level)
    if level == "ordinal":
        order = np.argsort(_positions(categories, scale), kind="stable")
        counts = counts[:, order]
    value = _alpha(counts, np.ones(len(counts)), values, level)
    method = f"bootstrap over units, {resamples} resamples, seed {seed}"
    if math.isnan(value) or not resamples:
        return Estimate(value, math.nan, math.nan, confidence, method, len(counts))
    draws = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), resamples)
    drawn = np.array([_alpha(counts, draw.astype(float), values, level) for draw in draws])
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return Estimate(value, math.nan, math.nan, confidence, method, len(counts))
    tail = (1 - confidence) / 2
    low, high = (float(end) for end in np.quantile(drawn, [tail, 1 - tail]))
    return Estimate(value, low, high, confidence, method, len(counts))


def _values(categories: Sequence[Hashable], level: Level) -> Floats:
    if level in ("nominal", "ordinal"):
        return np.arange(len(categories), dtype=float)
    try:
        return np.array([float(category) for category in categories])  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise DataError("agreement.numbers", f"{level} answers must be numbers: {error}", hint="use nominal") from error


def _alpha(counts: Floats, weight: Floats, values: Floats, level: Level) -> float:
    """1 − observed over expected disagreement; ``weight`` says how often each unit is in the sample."""
    totals = weight @ counts
    differences = _differences(values, totals, level)
    expected = float(totals @ differences @ totals)
    if expected <= 0:
        return math.nan
    within = ((counts @ differences) * counts).sum(axis=1) / (counts.sum(axis=1) - 1)
    return 1 - (float(totals.sum()) - 1) * float(weight @ within) / expected


def _differences(values: Floats, totals: Floats, level: Level) -> Floats:
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "ordinal":
        # Answers from c to k, the ends half: the distance of their middle ranks.
        values = np.cumsum(totals) - totals / 2
    apart = np.subtract.outer(values, values)
    if level == "ratio":
        together = np.add.outer(values, values)
        apart = np.divide(apart, together, out=np.zeros_like(apart), where=together != 0)
    return np.asarray(apart**2)


def _pairable(table: Sequence[Sequence[Rating]]) -> list[Sequence[Rating]]:
    return [row for row in table if sum(answered(answer) for answer in row) > 1]


def _counts(table: Sequence[Sequence[Rating]]) -> tuple[Floats, Floats]:
    """Answers per unit and category: of the units rated at least twice, and of all units rated at all."""
    rated = [[answer for answer in row if answered(answer)] for row in table]
    pairable = [row for row in rated if len(row) > 1]
    categories = _categories(answer for row in pairable for answer in row)
    every = _categories(answer for row in rated for answer in row)
    return _tabulate(pairable, categories), _tabulate([row for row in rated if row], every)


def _tabulate(rows: Sequence[Sequence[Hashable]], categories: Sequence[Hashable]) -> Floats:
    place = {category: number for number, category in enumerate(categories)}
    counts = np.zeros((len(rows), len(categories)))
    for number, row in enumerate(rows):
        for answer in row:
            counts[number, place[answer]] += 1
    return counts


def _categories(answers: Iterable[Hashable]) -> list[Hashable]:
    return list(dict.fromkeys(answers))


def _pair_agreement(counts: Floats) -> Floats:
    sizes = counts.sum(axis=1)
    return np.asarray((counts * (counts - 1)).sum(axis=1) / (sizes * (sizes - 1)))


def _t(confidence: float, units: int) -> float:
    from scipy import stats  # as above

    return float(stats.t.ppf((1 + confidence) / 2, units - 1)) if units > 1 else math.nan


def _interval(
    value: float, error: float, quantile: float, confidence: float, method: str, units: int, *, lowest: float = -1.0
) -> Estimate:
    half = quantile * error
    # With missing answers a kappa can lie below −1.
    return Estimate(value, max(value - half, min(lowest, value)), min(value + half, 1.0), confidence, method, units)


def _undefined(confidence: float, why: str, units: int = 0) -> Estimate:
    return Estimate(math.nan, math.nan, math.nan, confidence, f"undefined: {why}", units)
