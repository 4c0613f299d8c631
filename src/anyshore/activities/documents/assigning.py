"""The activity ``documents.assign``: batches for the first level, in which no family is ever split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.documents.model import Item


@dataclass(frozen=True, slots=True)
class AssignInput:
    """What is given to whom.

    Attributes:
        items: of the delivery.
        reviewers: people at the first level, 1 or more.
        size: items of a batch, where families allow it.
    """

    items: tuple[Item, ...]
    reviewers: int = 2
    size: int = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person reads together.

    Attributes:
        number: from 1.
        reviewer: number of the person, from 1.
        items: a thread's most inclusive mail first, each with its family; copies are left out, being coded once.
    """

    number: int
    reviewer: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AssignOutcome:
    """The batches, and how many items are coded."""

    batches: tuple[Batch, ...]
    coded: int


def assign(data: AssignInput, context: ActivityContext) -> AssignOutcome:
    """Gives each item that is coded to one person."""
    del context  # who reads what follows from the delivery alone
    made = batches([one for one in data.items if not one.copy_of], max(data.reviewers, 1), max(data.size, 1))
    return AssignOutcome(tuple(made), sum(len(one.items) for one in made))


def batches(items: Sequence[Item], reviewers: int, size: int) -> list[Batch]:
    """Threads are kept together up to the size of a batch, families beyond it.

    Args:
        items: what is coded.
        reviewers: each batch goes to the one who has least so far.
        size: of a batch; only a family larger than that makes a larger one.
    """
    packed: list[list[Item]] = []
    for unit in _units(items, size):
        if packed and len(packed[-1]) + len(unit) <= size:
            packed[-1] += unit
        else:
            packed.append(list(unit))
    load = [0] * reviewers
    made = []
    for number, batch in enumerate(packed, 1):
        person = load.index(min(load))
        load[person] += len(batch)
        made.append(Batch(number, person + 1, tuple(batch)))
    return made


def _units(items: Sequence[Item], size: int) -> Iterable[list[Item]]:
    """What is never cut: threads, or the families of one that is larger than a batch."""
    threads: dict[str, dict[str, list[Item]]] = {}
    for one in items:
        threads.setdefault(one.thread, {}).setdefault(one.family, []).append(one)
    for families in threads.values():
        ordered = sorted(families.values(), key=lambda family: (not family[0].inclusive, _later(family[0])))
        if sum(map(len, ordered)) <= size:
            yield [one for family in ordered for one in family]
        else:
            yield from ordered


def _later(head: Item) -> tuple[int, ...]:
    """Latest first; what says no day, last."""
    return tuple(-int(part) for part in head.day.split("-")) if head.day else (0,)
