"""What to mend and what to look at, as people read it and as JSON has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from anyshore.base.errors import DataError
from anyshore.base.telling import Sheet
from anyshore.diagnosis.troubleshooting import Question, Suspect


def costs(given: Iterable[tuple[str, str]]) -> dict[str, float]:
    """What mending or looking costs.

    Raises:
        DataError: a cost is no number.
    """
    return {name: _number(name, value) for name, value in given}


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as problem:
        message = f"The cost of {name} is {value!r}."
        raise DataError("diagnosis.cost", message, hint="Give a number above 0.") from problem


def of_diagnosis(ranked: Sequence[Suspect], asked: Sequence[Question], most: int) -> Iterator[Sheet]:
    """Of the causes and of the questions the first so many."""
    causes = [(one.cause, one.state, f"{one.probability:.1%}", f"{one.cost:g}") for one in ranked[:most]]
    looks = [(one.variable, f"{one.bits:.3f}", f"{one.cost:g}") for one in asked[:most]]
    yield Sheet("Mend first", ("Cause", "Likely", "Probability", "Cost"), causes, right=(2, 3))
    yield Sheet("Look at next", ("What", "Bits", "Cost"), looks, right=(1, 2))


def plain(ranked: Sequence[Suspect], asked: Sequence[Question]) -> dict[str, Any]:
    """All of them."""
    return {
        "suspects": [
            {"cause": one.cause, "state": one.state, "probability": one.probability, "cost": one.cost} for one in ranked
        ],
        "questions": [{"variable": one.variable, "bits": one.bits, "cost": one.cost} for one in asked],
    }
