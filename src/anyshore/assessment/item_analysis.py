"""What the answers of many say of the questions: difficulty, discrimination, reliability, and which items are weak.

Classical test theory (Lord and Novick 1968; Cronbach 1951); the Rasch model stands in :mod:`anyshore.assessment.rasch`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from anyshore.assessment import rasch
from anyshore.assessment.rasch import Rasch
from anyshore.base.errors import DataError
from anyshore.base.locations import Location

Weakness = Literal["too easy", "too hard", "does not tell apart", "key in doubt", "too few answers"]

GROUP = 0.27
"""The share of people in the upper and the lower group (Kelley 1939)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on an item is weak (Ebel and Frisbie 1991, chapter 13).

    Attributes:
        easy: right with more than this share.
        hard: right with less than this share.
        least: discrimination below this tells nobody apart.
        people: with fewer answers nothing is said.
    """

    easy: float = 0.95
    hard: float = 0.2
    least: float = 0.15
    people: int = 20


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of one item.

    Attributes:
        name: of the item.
        people: who were asked it.
        difficulty: share of the marks they got; of right answers where it is right or wrong.
        discrimination: correlation of the item with the mean of the others (corrected item-rest); None: no spread.
        groups: difficulty in the upper group less that in the lower.
        rasch: difficulty by the Rasch model.
        weak: why it should be looked at.
    """

    name: str
    people: int
    difficulty: float
    discrimination: float | None
    groups: float | None
    rasch: float | None
    weak: tuple[Weakness, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a test.

    Attributes:
        items: in order.
        people: who answered at least one.
        complete: who were asked all.
        alpha: Cronbach's, over those who were asked all; None: too few, or no spread.
        model: the Rasch model; None: it cannot be fitted.
    """

    items: tuple[Item, ...]
    people: int
    complete: int
    alpha: float | None
    model: Rasch | None


Marks = Sequence[float | None]
"""A person's marks by item, 0 to 1; None: not asked."""


def analyse(names: Sequence[str], rows: Sequence[Marks], limits: Limits = Limits()) -> Analysis:
    """Analyses the marks of many people.

    Args:
        names: of the items.
        rows: marks of each person.
        limits: from where on an item is weak.

    Raises:
        DataError: a row has not a mark per item.
    """
    short = next((n for n, row in enumerate(rows, 1) if len(row) != len(names)), None)
    if short is not None:
        message = f"Row {short} has {len(rows[short - 1])} marks, not {len(names)}."
        raise DataError("marks.row", message, Location(line=short), "Give a mark, or nothing, per item.")
    kept = [row for row in rows if any(mark is not None for mark in row)]
    model = _model(kept)
    items = tuple(_item(name, at, kept, model, limits) for at, name in enumerate(names))
    whole = [row for row in kept if None not in row]
    return Analysis(items, len(kept), len(whole), alpha(whole), model)


def alpha(rows: Sequence[Marks]) -> float | None:
    """Cronbach's alpha: k/(k-1) · (1 - Σ variance of items / variance of sums)."""
    count = len(rows[0]) if rows else 0
    full = [[mark for mark in row if mark is not None] for row in rows]
    if count < 2 or len(full) < 2:
        return None
    total = _variance([math.fsum(row) for row in full])
    if total == 0:
        return None
    return count / (count - 1) * (1 - math.fsum(_variance([row[at] for row in full]) for at in range(count)) / total)


def _item(name: str, at: int, rows: Sequence[Marks], model: Rasch | None, limits: Limits) -> Item:
    pairs = list(_pairs(at, rows))
    marks = [mark for row in rows if (mark := row[at]) is not None]
    difficulty = math.fsum(marks) / len(marks) if marks else math.nan
    discrimination = _correlation(pairs)
    scale = model.difficulties[at] if model is not None else None
    weak = tuple(_weak(difficulty, discrimination, len(marks), limits))
    return Item(name, len(marks), difficulty, discrimination, _groups(pairs), scale, weak)


def _weak(difficulty: float, discrimination: float | None, people: int, limits: Limits) -> Iterator[Weakness]:
    if people < limits.people:
        yield "too few answers"
        return
    if difficulty > limits.easy:
        yield "too easy"
    if difficulty < limits.hard:
        yield "too hard"
    if discrimination is not None and discrimination < 0:
        yield "key in doubt"
    elif discrimination is None or discrimination < limits.least:
        yield "does not tell apart"


def _pairs(at: int, rows: Sequence[Marks]) -> Iterator[tuple[float, float]]:
    """Mark of the item and mean of the others, of each person who was asked both."""
    for row in rows:
        mark = row[at]
        others = [one for place, one in enumerate(row) if place != at and one is not None]
        if mark is not None and others:
            yield mark, math.fsum(others) / len(others)


def _groups(pairs: Sequence[tuple[float, float]]) -> float | None:
    size = round(len(pairs) * GROUP)
    if size == 0:
        return None
    ranked = [mark for mark, _rest in sorted(pairs, key=lambda one: one[1])]
    return (math.fsum(ranked[-size:]) - math.fsum(ranked[:size])) / size


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < 2:
        return None
    first, second = zip(*pairs, strict=True)
    spread = math.sqrt(_variance(first) * _variance(second))
    if spread < 1e-12:
        return None
    mean, other = math.fsum(first) / len(first), math.fsum(second) / len(second)
    return math.fsum((a - mean) * (b - other) for a, b in pairs) / (len(pairs) - 1) / spread


def _variance(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((one - mean) ** 2 for one in values) / (len(values) - 1)


def _model(rows: Sequence[Marks]) -> Rasch | None:
    """The Rasch model knows right and wrong: a mark is right from one half on."""
    patterns = Counter(tuple(None if mark is None else mark >= 0.5 for mark in row) for row in rows)
    return rasch.fit(list(patterns), list(patterns.values()))
