"""Drawing questions from pools by a seed: with the bank and the seed anybody draws the same test again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from anyshore.assessment.questions import Bank, Question
from anyshore.base.errors import DataError
from anyshore.base.locations import Location

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pool:
    """From which questions how many are drawn.

    Attributes:
        count: how many; 0: all there are.
        category: of the questions, or one above it; empty: any.
        tag: they have; empty: any.
    """

    count: int = 0
    category: str = ""
    tag: str = ""

    def holds(self, one: Question) -> bool:
        """Whether a question is in the pool: descriptions ask nothing, so they are in none."""
        below = self.category == one.category or one.category.startswith(f"{self.category}/")
        return one.kind != "description" and (not self.category or below) and (not self.tag or self.tag in one.tags)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question of a test.

    Attributes:
        key: of the question in its bank: its id, else its place from 1 (``#7``).
        question: what is asked.
        order: places of its answers, or of the answers of its pairs, in the order they are shown.
    """

    key: str
    question: Question
    order: tuple[int, ...]


def keyed(bank: Bank) -> dict[str, Question]:
    """The questions of a bank by key."""
    return {one.id or f"#{place}": one for place, one in enumerate(bank.questions, start=1)}


def draw(bank: Bank, pools: Iterable[Pool], seed: str) -> tuple[Drawn, ...]:
    """Draws a test: pool after pool, no question twice, its answers in an order of their own.

    Chance is SHA-256 of the seed and the key, so the draw is the same on every machine.

    Raises:
        DataError: a pool holds fewer questions than it shall give.
    """
    left = keyed(bank)
    drawn: list[Drawn] = []
    for number, pool in enumerate(pools, start=1):
        keys = shuffled([key for key, one in left.items() if pool.holds(one)], seed)
        if len(keys) < pool.count or not keys:
            message = f"Pool {number} holds {len(keys)} questions, {pool.count or 'at least one'} shall be drawn."
            hint = "Draw fewer, or add questions of its category and tag."
            raise DataError("questions.pool", message, Location(element=f"pool {number}"), hint)
        drawn += [as_drawn(key, left.pop(key), seed) for key in keys[: pool.count or len(keys)]]
    return tuple(drawn)


def as_drawn(key: str, one: Question, seed: str) -> Drawn:
    """A question with its answers in the order a seed gives them."""
    places = range(len(one.pairs) or len(one.answers))
    return Drawn(key, one, tuple(shuffled(places, f"{seed}\n{key}")))


def shuffled(things: Sequence[T], seed: str) -> list[T]:
    """Things in the order of the digests of the seed and what they are called."""
    return sorted(things, key=lambda one: hashlib.sha256(f"{seed}\n{one}".encode()).digest())
