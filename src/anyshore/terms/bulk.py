"""Cases that were decided many at once: one ledger entry tells of a whole batch, class by class.

A batch has a number among those of instances, and its rows, counted from 1, have numbers made of both: row 17 of batch
57 is the instance 57000000017. Rows of one class had the same events; they count as so many cases, without an object
for each, under the number of the class, which is below zero. Whatever is entered about one row by itself makes it a
case of its own, that begins with what the batch told of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec

DECIDED = "batch.decided"
"""Type of the entry that tells of a batch."""

PULLED = "instance.pulled"
"""Type of the entry with which a row of a batch becomes a case of its own; ``class`` says which events it had."""

REOPENED = "reopened"
"""What such an entry says of a row that had ended and is opened again: when it had, microseconds since 1970 UTC."""

EACH = 10**9
"""Rows a batch may have; numbers of single instances are below it."""

_CLASSES = 10**6


Number = Annotated[int, msgspec.Meta(ge=0, lt=_CLASSES)]


class Told(msgspec.Struct):
    """Something that happened to each row of a class: the type and data of an entry."""

    type: str
    data: dict[str, Any]


class Class(msgspec.Struct, rename={"number": "class"}):
    """Rows of a batch to which the same happened.

    Attributes:
        number: of the class in its batch.
        rows: how many there are.
        events: what happened, in order.
    """

    number: Number
    rows: Annotated[int, msgspec.Meta(ge=1, lt=EACH)]
    events: list[Told]


class Decided(msgspec.Struct):
    """What figures need of the entry of a batch.

    Attributes:
        batch: its number.
        classes: its classes; rows that went as instances of their own are in none.
    """

    batch: Annotated[int, msgspec.Meta(ge=1, lt=10**6)]
    classes: list[Class]


def decided(data: Mapping[str, Any]) -> Decided:
    """What an entry tells of a batch.

    Raises:
        msgspec.ValidationError: it tells something else.
    """
    return msgspec.convert(data, Decided)


def number_of(batch: int, row: int) -> int:
    """The number of a row of a batch, counted from 1."""
    return batch * EACH + row


def place_of(instance: int) -> tuple[int, int] | None:
    """Batch and row of an instance's number; None where it was no row of a batch."""
    return divmod(instance, EACH) if instance > EACH else None


def class_number(batch: int, which: int) -> int:
    """The number under which a class of a batch counts."""
    return -(batch * _CLASSES + which)


def class_of(number: int) -> tuple[int, int]:
    """Batch and class of such a number."""
    return divmod(-number, _CLASSES)


def batch_of(number: int) -> int | None:
    """The batch that an instance or a class belongs to; None where to none."""
    return class_of(number)[0] if number < 0 else number // EACH or None


def lines(counted: Iterable[tuple[str, int, str]]) -> list[str]:
    """The cases behind a figure as texts that stay the same when a row of a batch becomes a case of its own.

    Args:
        counted: of each its number, how many it stands for, and what else is told of each of them.
    """
    found: list[str] = []
    batches: Counter[tuple[int, str]] = Counter()
    for instance, number, told in counted:
        batch = batch_of(int(instance)) if instance.lstrip("-").isdecimal() else None
        if batch is None:
            found.append(f"{instance}{told}")
        else:
            batches[batch, told] += number
    return found + [f"batch {batch}: {number}{told}" for (batch, told), number in batches.items()]
