"""How well the next step is foretold by the two before it, on cases that were not learnt from.

The model is a Markov chain of order two: in the cases learnt from, what came most often after these two activities
(the end of the case is a next step, too; a case begins after two empty steps). Two activities never seen together
fall back to the last one, then to what is most frequent. Cases are split into five parts in the order of the log,
every fifth case to one part; each part is foretold from the other four.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, sqrt

import numpy as np
from numpy.typing import NDArray

from anyshore.sourcing.event_log.counts import counted
from anyshore.sourcing.event_log.log import EventLog

PARTS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """How well what comes after one activity is foretold.

    Attributes:
        activity: its name.
        times: how often something, or the end, comes after it.
        accuracy: share foretold rightly, 0 to 1.
        error: standard error of ``accuracy``, with steps of one case as one draw.
    """

    activity: str
    times: int
    accuracy: float
    error: float


@dataclass(frozen=True, slots=True)
class Foretold:
    """How well steps are foretold.

    Attributes:
        accuracy: share of all next steps foretold rightly, 0 to 1.
        error: standard error of ``accuracy``, with steps of one case as one draw.
        entropy: bits of the next step given the last one, 0 where it is certain.
        steps: by activity, the most frequent first.
    """

    accuracy: float
    error: float
    entropy: float
    steps: tuple[Step, ...]


def foretell(log: EventLog) -> Foretold:
    """Foretells every next step of a log."""
    last, before, following, case = _transitions(log)
    size = len(log.activities) + 1  # the last number is "nothing yet" before, and "the end" after
    pair = before * size + last
    part = case % PARTS
    right = _right(pair, last, following, part, size)
    accuracy, error = _share(right, case, len(log.starts))
    return Foretold(accuracy, error, _entropy(last, following, size), _steps(log, last, right, case))


def _transitions(log: EventLog) -> tuple[NDArray[np.int64], ...]:
    """For every next step, also the end of each case: the last activity, the one before, the next, the case."""
    nothing = len(log.activities)
    cases = len(log.starts)
    # Each case with one more place, for its end.
    where = np.arange(len(log.activity)) + np.repeat(np.arange(cases), log.sizes)
    total = len(log.activity) + cases
    following = np.full(total, nothing, np.int64)
    following[where] = log.activity
    case = np.repeat(np.arange(cases), log.sizes + 1)
    begins = log.starts + np.arange(cases)
    last = np.empty(total, np.int64)
    last[1:], last[begins] = following[:-1], nothing
    before = np.empty(total, np.int64)
    before[1:], before[begins] = last[:-1], nothing
    return last, before, following, case


def _right(
    pair: NDArray[np.int64], last: NDArray[np.int64], following: NDArray[np.int64], part: NDArray[np.int64], size: int
) -> NDArray[np.bool_]:
    """Whether each next step is foretold rightly by the other parts."""
    contexts, context = np.unique(pair, return_inverse=True)
    best = _best(context, following, part, len(contexts), size)
    shorter = _best(last, following, part, size, size)
    everywhere = _best(np.zeros_like(last), following, part, 1, size)
    guess = best[part, context]
    guess = np.where(guess < 0, shorter[part, last], guess)
    guess = np.where(guess < 0, everywhere[part, 0], guess)
    return np.asarray(guess == following)


def _best(
    context: NDArray[np.int64], following: NDArray[np.int64], part: NDArray[np.int64], contexts: int, size: int
) -> NDArray[np.int64]:
    """Parts × contexts: what most often follows each context in the other parts, -1 where they do not have it.

    Of next steps that are equally frequent the one that appears first among activities is taken.
    """
    keys = (context * size + following) * PARTS + part
    found, how_often = counted(keys, contexts * size * PARTS)
    step, of_part = found // PARTS, found % PARTS
    steps, at = np.unique(step, return_inverse=True)
    by_part = np.zeros((PARTS, len(steps)), np.int64)
    by_part[of_part, at] = how_often
    others = by_part.sum(axis=0) - by_part
    best = np.full((PARTS, contexts), -1, np.int64)
    of_context, following_step = steps // size, steps % size
    for one in range(PARTS):
        order = np.lexsort((-following_step, others[one], of_context))  # the last of each context is its best
        best[one, of_context[order]] = np.where(others[one][order] > 0, following_step[order], -1)
    return best


def _share(right: NDArray[np.bool_], case: NDArray[np.int64], cases: int) -> tuple[float, float]:
    """Share of right ones and its standard error: a ratio over cases as drawn (Cochran 1977, 6.4)."""
    hits = np.bincount(case, right, minlength=cases)
    tries = np.bincount(case, minlength=cases)
    share = float(hits.sum() / tries.sum())
    drawn = int((tries > 0).sum())
    spread = float(((hits - share * tries) ** 2).sum())
    error = sqrt(spread * drawn / max(drawn - 1, 1)) / float(tries.sum())
    return share, error


def _entropy(last: NDArray[np.int64], following: NDArray[np.int64], size: int) -> float:
    """Bits of the next step given the last one (Shannon 1948)."""
    found, how_often = counted(last * size + following, size * size)
    of_last = np.bincount(found // size, how_often, minlength=size)[found // size]
    return max(0.0, float(-(how_often * np.log2(how_often / of_last)).sum() / how_often.sum()))


def _steps(
    log: EventLog, last: NDArray[np.int64], right: NDArray[np.bool_], case: NDArray[np.int64]
) -> tuple[Step, ...]:
    times = np.bincount(last, minlength=len(log.activities) + 1)[:-1]
    order = np.lexsort((np.arange(len(times)), -times))
    sorted_by = np.argsort(last, kind="stable")
    edges = np.concatenate(([0], np.cumsum(np.bincount(last, minlength=len(times) + 1))))
    found = []
    for number in order.tolist():
        rows = sorted_by[edges[number] : edges[number + 1]]
        if len(rows):
            _, dense = np.unique(case[rows], return_inverse=True)
            share, error = _share(right[rows], dense, int(dense.max()) + 1)
            found.append(Step(log.activities[number], len(rows), round(share, 4), round(error, 4)))
    return tuple(found)


def normal(entropy: float, activities: int) -> float:
    """Entropy as a share of the most there could be with so many activities and the end, 0 to 1."""
    return entropy / log2(activities + 1) if activities else 0.0
