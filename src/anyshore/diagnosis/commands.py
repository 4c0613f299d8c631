"""``anyshore diagnose``: which cause to mend first, and what to look at next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import NOTHING, Answer, Bounds, pair
from anyshore.diagnosis import bif, sheets, troubleshooting


def diagnose(
    network: Annotated[Path, "The network, as .bif (Bayesian Interchange Format)."],
    *,
    seen: Annotated[Mapping[str, str], pair, "What was seen, as light=off. Repeatable."] = NOTHING,
    cost: Annotated[Sequence[tuple[str, str]], pair, "What mending or looking costs, as toner=20; else 1."] = (),
    most: Annotated[int, Bounds(1), "Rows of each table."] = 8,
) -> Answer:
    """Rank the causes of a fault, and say what to look at next.

    Causes stand by probability over cost, given what was seen; questions by what they tell for their cost.

    A cause is what depends on nothing, its first state the normal one; a question is what leads to nothing.
    """
    found, costs = bif.read(network), sheets.costs(cost)
    normal = {name: found.variables[name].states[0] for name in found.causes if name not in seen}
    ranked = troubleshooting.suspects(found, seen, normal, costs)
    asked = troubleshooting.questions(found, seen, normal, found.observables, costs)
    return Answer(sheets.plain(ranked, asked), sheets.of_diagnosis(ranked, asked, most))
