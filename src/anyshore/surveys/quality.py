"""Quality of the field: who was too fast, who answered every line alike, who is there twice.

Speeders by the median of the field (Greszki, Meyer and Schoen 2015, Public Opin. Q. 79:471–503); straight lines by the
variation of answers over a grid (Kim et al. 2019, Soc. Sci. Comput. Rev. 37:214–233).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anyshore.base.errors import DataError
from anyshore.surveys.tabulation.questions import Flags, Floats


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found.

    Attributes:
        name: of the check.
        cases: who is flagged.
        threshold: in words.
    """

    name: str
    cases: Flags
    threshold: str

    @property
    def flagged(self) -> int:
        """How many."""
        return int(self.cases.sum())


def speeders(seconds: ArrayLike, share_of_median: float = 1 / 3) -> Check:
    """Interviews shorter than a share of the median length; those without a length are not flagged.

    Raises:
        DataError: no interview has a length above 0.
    """
    length = np.asarray(seconds, dtype=float)
    known = length[length > 0]
    if not len(known):
        raise DataError("survey.seconds", "No interview has a length.", hint="Give the column of seconds.")
    limit = float(np.median(known)) * share_of_median
    return Check("speeders", np.nan_to_num(length, nan=np.inf) < limit, f"shorter than {limit:.0f} seconds")


def straight_lines(grid: ArrayLike, least: int = 5, differing: int = 0) -> Check:
    """Cases that gave (nearly) the same answer to every line of a grid.

    Args:
        grid: cases × lines, NaN where there is no answer.
        least: lines a case must have answered to be looked at.
        differing: lines that may differ from the most frequent answer.

    Raises:
        DataError: the grid has fewer lines than are to be looked at.
    """
    answers = np.asarray(grid, dtype=float)
    if answers.ndim != 2 or answers.shape[1] < least:
        raise DataError("survey.grid", f"The grid has fewer than {least} lines.", hint="Name all lines of the grid.")
    given = (~np.isnan(answers)).sum(axis=1)
    codes = np.unique(answers[~np.isnan(answers)])
    most = np.max([(answers == code).sum(axis=1) for code in codes], axis=0) if len(codes) else np.zeros(len(answers))
    flagged = (given >= least) & (given - most <= differing)
    return Check("straight lines", np.asarray(flagged), f"at most {differing} of the lines answered differ")


def repeated(columns: Sequence[Sequence[object]]) -> Check:
    """Cases whose answers to all of these columns stand in an earlier case too."""
    seen: set[tuple[object, ...]] = set()
    flags = []
    for row in zip(*columns, strict=True):
        flags.append(row in seen)
        seen.add(row)
    return Check("repeated", np.array(flags, dtype=bool), "the same answers as an earlier case")


def routing(asked: Mapping[str, Flags], answered: Mapping[str, Flags]) -> list[Check]:
    """Per question, cases that answered without being asked, and cases that were asked and did not answer.

    Args:
        asked: who the questionnaire's filter asks, by question.
        answered: who has an answer of any kind, a kind of missing one included.
    """
    found = []
    for name, who in asked.items():
        there = answered[name]
        found.append(Check(f"{name}: answered, not asked", there & ~who, "the filter leaves them out"))
        found.append(Check(f"{name}: asked, not answered", who & ~there, "the filter takes them in"))
    return found


def kept(checks: Sequence[Check], cases: int) -> Floats:
    """Weights of 1 for cases no check flags, 0 for the others."""
    flagged = np.zeros(cases, dtype=bool)
    for check in checks:
        flagged |= check.cases
    return (~flagged).astype(float)
