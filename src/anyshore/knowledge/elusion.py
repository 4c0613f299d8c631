"""When to stop a document review: a random sample of what nobody read, and what it says about recall.

Elusion is the share of relevant documents among those not reviewed (Roitblat 2007). Its interval is that of Clopper
and Pearson (1934, Biometrika 26:404–413), which never covers less than it says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anyshore.base.errors import DataError


@dataclass(frozen=True, slots=True)
class Validation:
    """The validation report of a review.

    Attributes:
        documents: in the review.
        reviewed: decided by people, without the sample.
        found: relevant among them.
        sampled: drawn at random from the rest and decided.
        sampled_relevant: relevant among those.
        elusion: share of relevant documents in the sample.
        elusion_low: lower end of its interval.
        elusion_high: upper end.
        missed: relevant documents expected among those still unread after the sample.
        missed_high: upper end of that number.
        recall: estimated share of all relevant documents that are found, those of the sample included.
        recall_low: lower end, from ``elusion_high``.
        target: recall to reach.
        confidence: of the intervals.
        met: whether ``recall_low`` reaches the target: only then the review may stop.
    """

    documents: int
    reviewed: int
    found: int
    sampled: int
    sampled_relevant: int
    elusion: float
    elusion_low: float
    elusion_high: float
    missed: float
    missed_high: float
    recall: float
    recall_low: float
    target: float
    confidence: float
    met: bool


def clopper_pearson(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of a proportion.

    Raises:
        DataError: the numbers are no sample.
    """
    if not 0 <= successes <= trials or trials == 0 or not 0 < confidence < 1:
        raise DataError("elusion.sample", f"{successes} of {trials} at {confidence} is no sample", hint="draw one")
    from scipy import stats  # a second of loading, which only these figures are worth

    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else float(stats.beta.ppf(tail, successes, trials - successes + 1))
    high = 1.0 if successes == trials else float(stats.beta.ppf(1 - tail, successes + 1, trials - successes))
    return low, high


def sample_size(unread: int, found: int, *, target: float = 0.95, confidence: float = 0.95) -> int:
    """The smallest sample that, without a relevant document in it, shows the target recall.

    Args:
        unread: documents nobody decided on.
        found: relevant documents found.
        target: recall to show.
        confidence: of the two-sided interval whose upper end must be low enough.

    Returns:
        A number up to ``unread``; all of them where no sample could show it.
    """
    if unread == 0:
        return 0
    allowed = found * (1 - target) / target
    low, high = 1, unread
    while low < high:
        middle = (low + high) // 2
        # Without a hit the upper end is 1 − (tail)^(1/n).
        worst = (1 - ((1 - confidence) / 2) ** (1 / middle)) * (unread - middle)
        low, high = (low, middle) if worst <= allowed else (middle + 1, high)
    return low


def draw(unread: Sequence[str], size: int, seed: int) -> list[str]:
    """A simple random sample without replacement; the same seed draws the same."""
    ordered = sorted(unread)
    chosen = np.random.default_rng(seed).choice(len(ordered), size=min(size, len(ordered)), replace=False)
    return [ordered[number] for number in sorted(chosen)]


def validate(
    documents: int,
    reviewed: int,
    found: int,
    sampled: int,
    sampled_relevant: int,
    *,
    target: float = 0.95,
    confidence: float = 0.95,
) -> Validation:
    """What the sample says about recall.

    Args:
        documents: in the review.
        reviewed: decided, without the sample.
        found: relevant among them.
        sampled: decided in the sample.
        sampled_relevant: relevant in the sample.
        target: recall to reach.
        confidence: of the intervals.

    Raises:
        DataError: the counts contradict each other, or nothing was sampled though documents are unread.
    """
    unread = documents - reviewed
    if not (0 <= found <= reviewed and 0 <= sampled_relevant <= sampled <= unread) or (unread and not sampled):
        raise DataError("elusion.counts", "the counts contradict each other or no sample was drawn", hint="count again")
    elusion, low, high = 0.0, 0.0, 0.0
    if sampled:
        elusion = sampled_relevant / sampled
        low, high = clopper_pearson(sampled_relevant, sampled, confidence)
    rest = unread - sampled
    missed, missed_high = elusion * rest, high * rest
    known = found + sampled_relevant
    recall_low = _recall(known, missed_high)
    return Validation(
        documents, reviewed, found, sampled, sampled_relevant, elusion, low, high, missed, missed_high,
        _recall(known, missed), recall_low, target, confidence, not math.isnan(recall_low) and recall_low >= target,
    )  # fmt: skip


def _recall(known: int, missed: float) -> float:
    return known / (known + missed) if known + missed else math.nan
