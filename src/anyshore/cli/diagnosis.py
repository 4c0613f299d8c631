"""``anyshore diagnose``: which cause to mend first, and what to look at next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import DataError
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.diagnosis import bif, troubleshooting
from anyshore.runtime.answers import pair

Network = Annotated[Path, typer.Argument(help="The network, as .bif (Bayesian Interchange Format).")]
Seen = Annotated[list[str] | None, typer.Option(help="What was seen, as light=off. Repeatable.")]
Costs = Annotated[list[str] | None, typer.Option("--cost", help="What mending or looking costs, as toner=20; else 1.")]
Most = Annotated[int, typer.Option(min=1, help="Rows of each table.")]


def diagnose(
    network: Network, seen: Seen = None, cost: Costs = None, most: Most = 8, json: output.Json = False
) -> None:
    """Rank the causes of a fault, and say what to look at next.

    Causes stand by probability over cost, given what was seen; questions by what they tell for their cost.

    A cause is what depends on nothing, its first state the normal one; a question is what leads to nothing.
    """
    found = bif.read(network)
    evidence = dict(map(pair, seen or ()))
    costs = {name: _number(name, value) for name, value in map(pair, cost or ())}
    normal = {name: found.variables[name].states[0] for name in found.causes if name not in evidence}
    ranked = troubleshooting.suspects(found, evidence, normal, costs)
    asked = troubleshooting.questions(found, evidence, normal, found.observables, costs)
    data = {
        "suspects": [
            {"cause": o.cause, "state": o.state, "probability": o.probability, "cost": o.cost} for o in ranked
        ],
        "questions": [{"variable": o.variable, "bits": o.bits, "cost": o.cost} for o in asked],
    }
    causes = [(o.cause, o.state, f"{o.probability:.1%}", f"{o.cost:g}") for o in ranked[:most]]
    looks = [(o.variable, f"{o.bits:.3f}", f"{o.cost:g}") for o in asked[:most]]
    output.answer(
        json, data, Sheet("Mend first", ("Cause", "Likely", "Probability", "Cost"), causes, right=(2, 3)),
        Sheet("Look at next", ("What", "Bits", "Cost"), looks, right=(1, 2)),
    )  # fmt: skip


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as problem:
        raise DataError(
            "diagnosis.cost", f"The cost of {name} is {value!r}.", hint="Give a number above 0."
        ) from problem
