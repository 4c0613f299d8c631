"""What the name of an activity says about it: tasks like it with their occupations, and cues in its wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.sourcing.prior.tables import Tables, shipped
from anyshore.sourcing.prior.words import DATA, Cue, Glossary

FLOOR = 0.15
"""Similarity under which no task is like the name: the tasks then say nothing."""
NEAREST = 20
SHOWN = 5
_ROUNDED = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A task statement like the name.

    Attributes:
        task: the statement.
        code: O*NET-SOC code of its occupation.
        occupation: title of its occupation.
        similarity: 0 to 1.
        judgement: of the task, 0 to 1.
    """

    task: str
    code: str
    occupation: str
    similarity: float
    judgement: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name says.

    Attributes:
        name: as given.
        language: ``en`` or ``de``.
        words: in plain English.
        cues: words that lean to rules or to judgement.
        matches: the tasks most like it, best first; none where nothing is like it enough.
        similar: log-odds of judgement by the regression over all tasks; 0 without matches.
        nearest: log-odds of judgement of the nearest tasks; 0 without matches.
        wording: the cues as one number, see ``words.Plain.lean``.
        place_bound: 0 to 1, by the regression over all tasks; None without matches.
        routine: 0 to 1, of the matched tasks' occupations; None where not known.
        chosen: whether a person chose the occupations.
    """

    name: str
    language: str
    words: tuple[str, ...]
    cues: tuple[Cue, ...]
    matches: tuple[Match, ...]
    similar: float
    nearest: float
    wording: float
    place_bound: float | None
    routine: float | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Named:
    """What is asked about.

    Attributes:
        name: of the activity.
        description: more about it; may be empty.
        occupations: O*NET-SOC codes a person chose instead of what would be matched.
    """

    name: str
    description: str = ""
    occupations: tuple[str, ...] = field(default=())


class Prior:
    """Reads names.

    Args:
        tables: what is compared with; the shipped ones where left out.
        words: folder with the glossaries and cues; the shipped ones where left out.
    """

    def __init__(self, tables: Tables | None = None, words: Path = DATA) -> None:
        self._tables = tables or shipped()
        self._glossary = Glossary(words, self._tables.index.words)
        self._odds = self._tables.judgement
        self._number = {one.code: at for at, one in enumerate(self._tables.occupations)}

    def read(self, asked: Sequence[Named], batch: int = 256) -> list[Reading]:
        """What each name says, in order.

        Raises:
            DataError: a chosen occupation is none.
        """
        found: list[Reading] = []
        for start in range(0, len(asked), batch):
            part = asked[start : start + batch]
            plain = [self._glossary.plain(f"{one.name} {one.description}".strip()) for one in part]
            similar = self._tables.index.similarities([one.words for one in plain])
            for at, (one, words) in enumerate(zip(part, plain, strict=True)):
                column = np.ascontiguousarray(similar[:, at])
                nearest = self._nearest(self._allowed(column, one.occupations))
                odds = self._similar(column, nearest, chosen=bool(one.occupations))
                found.append(
                    Reading(
                        one.name, words.language, words.words, words.cues, self._matches(column, nearest), *odds,
                        round(words.lean, _ROUNDED), *self._context(column, nearest), bool(one.occupations),
                    )
                )  # fmt: skip
        return found

    def _allowed(self, similar: NDArray[np.float32], occupations: Sequence[str]) -> NDArray[np.float32]:
        """Similarities, of the tasks of chosen occupations alone where some are chosen."""
        if not occupations:
            return np.where(similar >= FLOOR, similar, 0)
        unknown = [code for code in occupations if code not in self._number]
        if unknown:
            message = f"{', '.join(map(repr, unknown))}: no occupation of O*NET 30.1 with tasks."
            raise DataError("sourcing.occupation", message, Location(), "Give codes such as 43-3031.00.")
        inside = np.isin(self._tables.occupation_of, [self._number[code] for code in occupations])
        return np.where(inside, np.maximum(similar, 1e-3), 0)  # the person says that these are like it

    @staticmethod
    def _nearest(similar: NDArray[np.float32]) -> NDArray[np.int64]:
        """The nearest tasks, best first; those alike stand in the order of the table."""
        known = np.flatnonzero(similar > 0)
        if len(known) > NEAREST:
            least = np.partition(similar[known], -NEAREST)[-NEAREST]
            known = known[similar[known] >= least]
        return known[np.argsort(-similar[known], kind="stable")][:NEAREST]

    def _similar(
        self, similar: NDArray[np.float32], nearest: NDArray[np.int64], *, chosen: bool
    ) -> tuple[float, float]:
        if not len(nearest):
            return 0.0, 0.0
        mean = _mean(self._odds[nearest], similar[nearest])
        if chosen:
            return round(mean, _ROUNDED), round(mean, _ROUNDED)
        return round(self._tables.pull.on(similar), _ROUNDED), round(mean, _ROUNDED)

    def _matches(self, similar: NDArray[np.float32], nearest: NDArray[np.int64]) -> tuple[Match, ...]:
        occupations = [self._tables.occupations[at] for at in self._tables.occupation_of[nearest[:SHOWN]]]
        return tuple(
            Match(
                self._tables.tasks[at], one.code, one.title, round(float(similar[at]), 3),
                round(1 / (1 + exp(-float(self._odds[at]))), 3),
            )
            for at, one in zip(nearest[:SHOWN], occupations, strict=True)
        )  # fmt: skip

    def _context(self, similar: NDArray[np.float32], nearest: NDArray[np.int64]) -> tuple[float | None, float | None]:
        """How place-bound the work is, and how routine the matched occupations are where that is known."""
        occupations = [self._tables.occupations[at].routine for at in self._tables.occupation_of[nearest]]
        known = [at for at, routine in enumerate(occupations) if routine is not None]
        there = np.array([occupations[at] for at in known], np.float64)
        routine = round(_mean(there, similar[nearest[known]]), _ROUNDED) if known else None
        place = 1 / (1 + exp(-self._tables.place.on(similar)))
        return (round(place, _ROUNDED) if len(nearest) else None), routine


@cache
def shipped_prior() -> Prior:
    """The prior on the shipped tables and words, read once."""
    return Prior()


def _mean(values: NDArray[np.float64], similar: NDArray[np.float32]) -> float:
    """Mean by the squares of similarities, so that a close task counts more than several distant ones."""
    weights = np.maximum(similar.astype(np.float64), 1e-3) ** 2
    return float(np.add.reduce(values * weights) / np.add.reduce(weights))
