"""The tables derived from O*NET as shipped: tasks, occupations, and the index of their words.

Source: O*NET 30.1 Database, U.S. Department of Labor, Employment and Training Administration, CC BY 4.0, changed by
``build``. See ``data/NOTICE``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anyshore.sourcing.prior import grams

SHIPPED = Path(__file__).parent / "data" / "onet.npz"
VERSION = "O*NET 30.1"


@dataclass(frozen=True, slots=True)
class Occupation:
    """One occupation.

    Attributes:
        code: O*NET-SOC.
        title: its name.
        judgement: 0 (rules) to 1 (judgement), from ratings of skills, knowledge, work styles, education, job zone.
        place_bound: 0 to 1, from the context of work; None where that is not known.
        routine: 0 to 1, how routine its work is among all occupations; None where that is not known.
    """

    code: str
    title: str
    judgement: float
    place_bound: float | None
    routine: float | None


@dataclass(frozen=True, slots=True)
class Pull:
    """A ridge regression over all tasks, in its dual form: log-odds of what is similar to them.

    Attributes:
        of: each task's coefficient on its similarity.
        base: what it says where nothing is similar.
    """

    of: NDArray[np.float64]
    base: float

    def on(self, similar: NDArray[np.float32]) -> float:
        """Log-odds of a text by its similarity to every task; summed without BLAS: the same bits on any machine."""
        return self.base + float(np.add.reduce(similar * self.of))


@dataclass(frozen=True, slots=True)
class Tables:
    """What the prior compares a name with.

    Attributes:
        tasks: the statements.
        occupation_of: number of the occupation of each task.
        judgement: of each task, in log-odds: its occupation's, and that of the activities it is made of.
        pull: the regression on ``judgement``.
        place: the regression on how bound to its place the work is.
        occupations: by number.
        index: of the words of the tasks.
    """

    tasks: tuple[str, ...]
    occupation_of: NDArray[np.int64]
    judgement: NDArray[np.float64]
    pull: Pull
    place: Pull
    occupations: tuple[Occupation, ...]
    index: grams.Index


@cache
def shipped() -> Tables:
    """The tables as shipped, read once."""
    with np.load(SHIPPED) as file:
        return unpacked(dict(file))


def packed(found: Tables) -> dict[str, NDArray[Any]]:
    """Tables as arrays; ``unpacked`` is the way back."""
    occupations = found.occupations
    texts = {
        "tasks": found.tasks,
        "codes": [one.code for one in occupations],
        "titles": [one.title for one in occupations],
        **grams.names(found.index),
    }
    scores = [[_or_nan(x) for x in (one.judgement, one.place_bound, one.routine)] for one in occupations]
    return {
        **{name: np.frombuffer("\n".join(lines).encode(), np.uint8) for name, lines in texts.items()},
        "occupation_of": found.occupation_of.astype(np.uint16),
        "judgement": found.judgement.astype(np.float32),
        "pull": np.array([found.pull.of, found.place.of], np.float32),
        "base": np.array([found.pull.base, found.place.base]),
        "scores": np.array(scores, np.float32),
        **grams.packed(found.index),
    }


def unpacked(arrays: Mapping[str, NDArray[Any]]) -> Tables:
    """Tables from arrays."""
    scores = [[None if np.isnan(x) else round(float(x), 4) for x in row] for row in arrays["scores"]]
    named = zip(_lines(arrays["codes"]), _lines(arrays["titles"]), scores, strict=True)
    occupations = tuple(
        Occupation(code, title, judgement or 0.0, bound, routine) for code, title, (judgement, bound, routine) in named
    )
    pull, place = (
        Pull(of.astype(np.float64), float(base)) for of, base in zip(arrays["pull"], arrays["base"], strict=True)
    )
    return Tables(
        tuple(_lines(arrays["tasks"])), arrays["occupation_of"].astype(np.int64),
        arrays["judgement"].astype(np.float64), pull, place, occupations, grams.unpacked(arrays),
    )  # fmt: skip


def _lines(text: NDArray[Any]) -> list[str]:
    return bytes(text).decode().split("\n")


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
