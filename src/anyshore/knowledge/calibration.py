"""How good probability forecasts were: Brier score, its decomposition, skill, per expert and per topic.

A forecast gives the probability of an event and the day its outcome is known. Scores count resolved forecasts only.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from anyshore.base.errors import CommandRejected, Diagnostic
from anyshore.base.locations import Location


@dataclass(frozen=True, slots=True)
class Forecast:
    """A probability somebody stands for.

    Attributes:
        id: unique.
        expert: who.
        topic: of what kind, for example ``litigation``.
        event: what is forecast.
        probability: from 0 to 1, that the event happens.
        made: when, microseconds since 1970-01-01T00:00Z.
        resolves: when the outcome is due, likewise.
        outcome: whether it happened; None while open.
        resolved: when the outcome was recorded.
    """

    id: str
    expert: str
    topic: str
    event: str
    probability: float
    made: int
    resolves: int
    outcome: bool | None = None
    resolved: int | None = None


def check(forecasts: Iterable[Forecast]) -> list[Diagnostic]:
    """Forecasts that cannot be scored, or not honestly."""
    found = []
    for forecast in forecasts:
        place = Location(element=forecast.id)
        if not 0 <= forecast.probability <= 1:
            message = f"{forecast.probability} is not a probability"
            found.append(Diagnostic("forecast.probability", message, place, "give a number from 0 to 1"))
        if forecast.made >= forecast.resolves:
            message = "the forecast was made when its outcome was already due"
            found.append(Diagnostic("forecast.late", message, place, "give a later resolution date"))
        if not forecast.expert.strip():
            found.append(Diagnostic("forecast.no-expert", "nobody stands for it", place, "name the expert"))
    return found


def resolve(forecast: Forecast, outcome: bool, at: int) -> Forecast:
    """The forecast with its outcome.

    Raises:
        CommandRejected: it is resolved already, or the time lies before it was made.
    """
    place = Location(element=forecast.id)
    if forecast.outcome is not None:
        raise CommandRejected("forecast.resolved", "the outcome is already recorded", place, "outcomes stay")
    if at < forecast.made:
        raise CommandRejected("forecast.early", "the outcome lies before the forecast", place, "check the time")
    return replace(forecast, outcome=outcome, resolved=at)


def due(forecasts: Iterable[Forecast], now: int) -> list[Forecast]:
    """The open forecasts whose outcome should be known by now, the longest overdue first."""
    open_ones = [f for f in forecasts if f.outcome is None and f.resolves <= now]
    return sorted(open_ones, key=lambda forecast: (forecast.resolves, forecast.id))


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of similar probability.

    Attributes:
        low: lower end of the bin (inside; the last bin holds 1 too).
        high: upper end.
        count: forecasts in it.
        forecast: their mean probability.
        observed: the share that happened.
    """

    low: float
    high: float
    count: int
    forecast: float
    observed: float


@dataclass(frozen=True, slots=True)
class Score:
    """The quality of a set of forecasts.

    ``brier = reliability − resolution + uncertainty + within`` holds exactly: Murphy (1973, J. Appl. Meteorol.
    12:595–600), with the within-bin term of Stephenson, Coelho and Jolliffe (2008, Weather Forecast. 23:752–757).

    Attributes:
        count: resolved forecasts.
        brier: mean squared error, 0 (perfect) to 1 (Brier 1950).
        brier_low: lower end of its 95 % interval (normal, over forecasts).
        brier_high: upper end.
        base_rate: share that happened.
        reliability: how far the bins' forecasts lie from what happened; 0 is best.
        resolution: how far the bins lie from the base rate; more is better.
        uncertainty: Brier score of always forecasting the base rate.
        within: variance minus covariance within the bins.
        skill: 1 − brier / uncertainty; 0 is no better than the base rate; NaN where all outcomes are the same.
        bias: mean forecast minus base rate.
        bins: the reliability curve, empty bins left out.
    """

    count: int
    brier: float
    brier_low: float
    brier_high: float
    base_rate: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float
    skill: float
    bias: float
    bins: tuple[Bin, ...]


def score(forecasts: Iterable[Forecast], *, bins: int = 10) -> Score | None:
    """The score of the resolved forecasts, in bins of equal width; None where there are none."""
    pairs = [(float(f.probability), float(f.outcome)) for f in forecasts if f.outcome is not None]
    if not pairs:
        return None
    count = len(pairs)
    errors = [(p - o) ** 2 for p, o in pairs]
    brier = math.fsum(errors) / count
    base = math.fsum(o for _, o in pairs) / count
    groups: dict[int, list[tuple[float, float]]] = {}
    ends = [number / bins for number in range(1, bins)]
    for pair in pairs:
        groups.setdefault(bisect_right(ends, pair[0]), []).append(pair)
    curve = tuple(_bin(number / bins, (number + 1) / bins, groups[number]) for number in sorted(groups))
    reliability = math.fsum(b.count * (b.forecast - b.observed) ** 2 for b in curve) / count
    resolution = math.fsum(b.count * (b.observed - base) ** 2 for b in curve) / count
    uncertainty = base * (1 - base)
    half = _half_width(errors, brier)
    return Score(
        count, brier, max(brier - half, 0.0), min(brier + half, 1.0), base, reliability, resolution, uncertainty,
        _within(groups, curve) / count, 1 - brier / uncertainty if uncertainty else math.nan,
        math.fsum(p for p, _ in pairs) / count - base, curve,
    )  # fmt: skip


def _bin(low: float, high: float, pairs: Sequence[tuple[float, float]]) -> Bin:
    count = len(pairs)
    return Bin(low, high, count, math.fsum(p for p, _ in pairs) / count, math.fsum(o for _, o in pairs) / count)


def _within(groups: dict[int, list[tuple[float, float]]], curve: Sequence[Bin]) -> float:
    """Sum of (f − f̄)² − 2 (f − f̄)(o − ō) over the bins."""
    return math.fsum(
        (p - b.forecast) ** 2 - 2 * (p - b.forecast) * (o - b.observed)
        for number, b in zip(sorted(groups), curve, strict=True)
        for p, o in groups[number]
    )


def _half_width(errors: Sequence[float], mean: float) -> float:
    if len(errors) < 2:
        return math.inf
    variance = math.fsum((error - mean) ** 2 for error in errors) / (len(errors) - 1)
    return NormalDist().inv_cdf(0.975) * math.sqrt(variance / len(errors))


def by(forecasts: Iterable[Forecast], key: Callable[[Forecast], str], *, bins: int = 10) -> dict[str, Score]:
    """Scores per expert (``key=lambda f: f.expert``), topic, month …, in the order of the keys."""
    groups: dict[str, list[Forecast]] = {}
    for forecast in forecasts:
        groups.setdefault(key(forecast), []).append(forecast)
    scores = {name: score(groups[name], bins=bins) for name in sorted(groups)}
    return {name: found for name, found in scores.items() if found is not None}
