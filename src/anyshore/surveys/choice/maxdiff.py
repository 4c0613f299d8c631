"""MaxDiff (best–worst scaling, case 1): counts, and utilities from best and worst as logit choices.

Louviere, Flynn and Marley, *Best-Worst Scaling* (2015), 2.3: the worst is the choice with all utilities negated. With
an anchor (direct binary response, Lattin 2011) utilities stand against "would matter at all", which has 0.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from anyshore.base.errors import DataError
from anyshore.surveys.choice.logit import Choices, Floats, Model, fit


@dataclass(frozen=True, slots=True)
class Task:
    """One set that was shown.

    Attributes:
        items: shown.
        best: chosen as best.
        worst: chosen as worst.
        respondent: who chose.
    """

    items: tuple[str, ...]
    best: str
    worst: str
    respondent: Hashable = None


Anchor: TypeAlias = tuple[Hashable, str, bool]
"""Respondent, item, and whether it would matter at all."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often an item was chosen.

    Attributes:
        item: its name.
        best: times best.
        worst: times worst.
        shown: times shown.
    """

    item: str
    best: int
    worst: int
    shown: int

    @property
    def score(self) -> float:
        """Best less worst over shown, from −1 to 1."""
        return (self.best - self.worst) / self.shown


def tasks(rows: Iterable[tuple[Hashable, Hashable, str, float]]) -> tuple[list[Task], list[tuple[Hashable, Hashable]]]:
    """Sets from rows of respondent, set, item and value (1 best, −1 worst, 0 neither).

    Returns:
        the sets with one best and one worst; and those left out, by respondent and set.
    """
    shown: dict[tuple[Hashable, Hashable], list[tuple[str, float]]] = {}
    for respondent, block, item, value in rows:
        shown.setdefault((respondent, block), []).append((item, value))
    whole, left_out = [], []
    for key, items in shown.items():
        best = [item for item, value in items if value == 1]
        worst = [item for item, value in items if value == -1]
        if len(best) == len(worst) == 1:
            whole.append(Task(tuple(item for item, _ in items), best[0], worst[0], key[0]))
        else:
            left_out.append(key)
    return whole, left_out


def counted(sets: Sequence[Task]) -> list[Count]:
    """Counts of every item, in the order of their names."""
    items = sorted({item for task in sets for item in task.items})
    best, worst, shown = (dict.fromkeys(items, 0) for _ in range(3))
    for task in sets:
        best[task.best] += 1
        worst[task.worst] += 1
        for item in task.items:
            shown[item] += 1
    return [Count(item, best[item], worst[item], shown[item]) for item in items]


def utilities(
    sets: Sequence[Task], base: str | None = None, anchors: Sequence[Anchor] = (), *, by_respondent: bool = False
) -> Model:
    """Utilities of the items.

    Args:
        sets: what was chosen.
        base: the item with utility 0; the first by name where left out. With anchors it must be left out.
        anchors: whether single items would matter at all; utilities are then above or below that line, which has 0.
        by_respondent: whether errors allow for the choices of one person being alike.

    Raises:
        DataError: the base is no item, or both a base and anchors are given.
    """
    items = sorted({item for task in sets for item in task.items})
    if not items:
        raise DataError("choice.empty", "There is no set with one best and one worst.", hint="Check the coding: 1, −1.")
    if anchors and base is not None:
        raise DataError("choice.base", "With an anchor the line has 0, no item.", hint="Leave the base out.")
    if base is not None and base not in items:
        raise DataError("choice.base", f"The base {base!r} is no item.", hint=f"Items: {', '.join(items)}.")
    zero = None if anchors else base or items[0]
    names = [item for item in items if item != zero]
    made, people = _stacked(sets, anchors, names)
    return fit(made, people if by_respondent else None)


def shares(model: Model, base: str | None = None) -> dict[str, float]:
    """Utilities as shares of preference that add up to 1: how often an item is the best of all."""
    values = dict(zip(model.names, model.coefficients.tolist(), strict=True)) | ({base: 0.0} if base else {})
    odds = {item: float(np.exp(value - max(values.values()))) for item, value in values.items()}
    return {item: value / sum(odds.values()) for item, value in odds.items()}


def _stacked(sets: Sequence[Task], anchors: Sequence[Anchor], names: Sequence[str]) -> tuple[Choices, Floats]:
    place = {name: number for number, name in enumerate(names)}
    people = {person: number for number, person in enumerate(dict.fromkeys(_everybody(sets, anchors)))}
    rows: list[tuple[int | None, float]] = []  # column and sign; no column: utility 0
    starts, chosen, who = [], [], []

    def asked(columns: Sequence[int | None], sign: float, answer: int, person: Hashable) -> None:
        starts.append(len(rows))
        chosen.append(len(rows) + answer)
        who.append(people[person])
        rows.extend((column, sign) for column in columns)

    for task in sets:
        columns = [place.get(item) for item in task.items]
        asked(columns, 1.0, task.items.index(task.best), task.respondent)
        asked(columns, -1.0, task.items.index(task.worst), task.respondent)
    for person, item, matters in anchors:
        if item not in place:
            raise DataError("choice.anchor", f"The anchored item {item!r} is in no set.", hint="Check its name.")
        asked([place[item], None], 1.0, 0 if matters else 1, person)
    x = np.zeros((len(rows), len(names)))
    for number, (column, sign) in enumerate(rows):
        if column is not None:
            x[number, column] = sign
    made = Choices(tuple(names), x, np.array(starts), np.array(chosen), np.ones(len(starts)))
    return made, np.array(who, dtype=float)


def _everybody(sets: Sequence[Task], anchors: Sequence[Anchor]) -> Iterable[Hashable]:
    yield from (task.respondent for task in sets)
    yield from (person for person, _, _ in anchors)
