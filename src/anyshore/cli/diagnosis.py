"""``anyshore diagnose``: which cause to mend first, and what to look at next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output
from anyshore.cli.shared import Json
from anyshore.diagnosis import bif, sheets, troubleshooting
from anyshore.runtime.answers import pair

Network = Annotated[Path, typer.Argument(help="The network, as .bif (Bayesian Interchange Format).")]
Seen = Annotated[list[str] | None, typer.Option(help="What was seen, as light=off. Repeatable.")]
Costs = Annotated[list[str] | None, typer.Option("--cost", help="What mending or looking costs, as toner=20; else 1.")]
Most = Annotated[int, typer.Option(min=1, help="Rows of each table.")]


def diagnose(network: Network, seen: Seen = None, cost: Costs = None, most: Most = 8, json: Json = False) -> None:
    """Rank the causes of a fault, and say what to look at next.

    Causes stand by probability over cost, given what was seen; questions by what they tell for their cost.

    A cause is what depends on nothing, its first state the normal one; a question is what leads to nothing.
    """
    found = bif.read(network)
    evidence, costs = dict(map(pair, seen or ())), sheets.costs(map(pair, cost or ()))
    normal = {name: found.variables[name].states[0] for name in found.causes if name not in evidence}
    ranked = troubleshooting.suspects(found, evidence, normal, costs)
    asked = troubleshooting.questions(found, evidence, normal, found.observables, costs)
    output.answer(json, sheets.plain(ranked, asked), *sheets.of_diagnosis(ranked, asked, most))
