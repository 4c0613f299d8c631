"""A plan: what is computed of a table, said before it is computed, so that whoever has both finds the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from anyshore.base.decimals import plain
from anyshore.base.errors import DataError, Diagnostic
from anyshore.params import marked, shapes

_NEEDS = {"compare": "by", "correlate": "by", "cross": "by", "anova": "by", "model": "on"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is computed.

    Attributes:
        id: its name, once in the plan.
        do: ``describe``, ``compare`` (two groups), ``correlate``, ``cross``, ``anova`` or ``model`` (linear).
        of: the column it is about; of a model the response.
        by: the column that makes the groups, or the second one; empty where there is none.
        on: the predictors of a model.
        draws: permutations of a comparison; 0 for the test of Welch.
    """

    id: str
    do: str
    of: str
    by: str = ""
    on: tuple[str, ...] = ()
    draws: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is computed.

    Attributes:
        steps: in the order in which they are computed.
        alpha: level of significance.
        seed: of the permutations; None where nothing is left to chance.
    """

    steps: tuple[Step, ...]
    alpha: Decimal = Decimal("0.05")
    seed: int | None = None

    def data(self) -> dict[str, object]:
        """The plan as plain data, for its canonical form."""
        steps = [
            {name: value for name, value in (("id", one.id), ("do", one.do), ("of", one.of), ("by", one.by),
                                             ("on", list(one.on)), ("draws", one.draws)) if value}
            for one in self.steps
        ]  # fmt: skip
        return {"alpha": plain(self.alpha), "seed": self.seed, "steps": steps}


@cache
def _schema() -> shapes.Schema:
    return shapes.load_schema(files(__package__).joinpath("plan.json").read_text(encoding="utf-8"))


def read(text: str, file: str) -> Plan:
    """A plan from YAML.

    Raises:
        DataError: with every problem, located: an unknown key, a step twice or without what it needs, no seed.
    """
    document, problems = marked.load(text, file)
    if document.data is not None or not problems:
        problems += shapes.check(document, _schema())
    if problems:
        raise DataError.of(problems)
    data: Any = document.data
    seen: set[str] = set()
    for place, one in enumerate(data["steps"]):
        problems += [
            Diagnostic("plan.step", said, document.at(("steps", place)), hint)
            for said, hint in _odd(one, seen, seeded="seed" in data)
        ]
        seen.add(one["id"])
    if problems:
        raise DataError.of(problems)
    steps = tuple(
        Step(one["id"], one["do"], one["of"], one.get("by", ""), tuple(one.get("on", ())), one.get("draws", 0))
        for one in data["steps"]
    )
    return Plan(steps, Decimal(data.get("alpha", "0.05")), data.get("seed"))


def _odd(one: Any, seen: set[str], *, seeded: bool) -> list[tuple[str, str]]:
    found = []
    needed = _NEEDS.get(one["do"])
    if one["id"] in seen:
        found.append((f"The step {one['id']!r} stands here a second time.", "Name it otherwise."))
    if needed and needed not in one:
        found.append((f"A step that does {one['do']!r} needs {needed!r}.", f"Add {needed}: to it."))
    if "on" in one and one["do"] != "model":
        found.append(("Only a model has predictors (on).", "Write by:."))
    if "by" in one and one["do"] == "model":
        found.append(("A model has no groups (by).", "Write on:."))
    if "draws" in one and one["do"] != "compare":
        found.append(("Only a comparison of two groups draws permutations.", "Leave draws out."))
    if "draws" in one and not seeded:
        found.append(("Permutations need a seed.", "Write seed: and a whole number into the plan."))
    return found
