"""Trends: how a row of a table moved from wave to wave, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import stats

from anyshore.base.errors import DataError
from anyshore.surveys.tabulation.banner import Table


@dataclass(frozen=True, slots=True)
class Step:
    """From one wave to the next.

    Attributes:
        earlier: name of the wave.
        later: name of the wave.
        before: share in the earlier wave.
        after: share in the later one.
        p: of a difference as large by chance, two-sided z test on effective bases; NaN where a wave is suppressed.
    """

    earlier: str
    later: str
    before: float
    after: float
    p: float


def trend(waves: Sequence[tuple[str, Table]], row: str, column: str = "Total") -> list[Step]:
    """How a row of one column moved; the waves are samples of their own.

    Raises:
        DataError: a wave has no such row or column, or asked another question.
    """
    if len({table.label for _, table in waves}) > 1:
        said = "The waves asked different questions."
        raise DataError("survey.trend", said, hint="Compare only questions with the same words.")
    points = []
    for name, table in waves:
        if column not in table.columns:
            said = f"The wave {name} has no column {column!r}."
            raise DataError("survey.trend", said, hint=f"Columns: {', '.join(table.columns)}.")
        place = table.columns.index(column)
        points.append((name, float(table.row(row).values[place]), float(table.effective[place])))
    return [_step(one, other) for one, other in pairwise(points)]


def _step(one: tuple[str, float, float], other: tuple[str, float, float]) -> Step:
    (earlier, before, e1), (later, after, e2) = one, other
    pooled = (before * e1 + after * e2) / (e1 + e2) if e1 + e2 else np.nan
    variance = pooled * (1 - pooled) * (1 / e1 + 1 / e2) if e1 and e2 else np.nan
    apart = abs(after - before)
    p = float(2 * stats.norm.sf(apart / np.sqrt(variance))) if variance > 0 else float("nan" if apart != 0 else 1)
    return Step(earlier, later, before, after, p)
