"""The activity ``payables.tell-apart``: a person's word that two invoices are no duplicates of each other.

The word is about the two invoices, not about the files they came in: it holds when one of them is sent again, in
another format or by another way. It holds for that pair alone: a third invoice that looks like them is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext

KIND = "told-apart"


@dataclass(frozen=True, slots=True)
class ApartInput:
    """Which invoices a person told apart.

    Attributes:
        invoice: identity of the one, as ``payables.find-duplicates`` gives it.
        others: identities of those it looked like.
        person: who says so.
        note: why.
    """

    invoice: str
    others: tuple[str, ...]
    person: str | None
    note: str


@dataclass(frozen=True, slots=True)
class ApartOutcome:
    """How many pairs are told apart."""

    pairs: int


@dataclass(frozen=True, slots=True)
class Word:
    """Why two invoices are no duplicates.

    Attributes:
        person: who said so.
        note: why, in their words.
        at: when, microseconds since 1970-01-01T00:00Z.
    """

    person: str | None
    note: str
    at: int


def tell_apart(data: ApartInput, context: ActivityContext) -> ApartOutcome:
    """Keeps that an invoice is no duplicate of others, with who said so and why."""
    if not data.others:
        return ApartOutcome(0)
    row = {
        "invoice": data.invoice, "others": list(data.others), "person": data.person, "note": data.note,
        "at": context.now,
    }  # fmt: skip
    context.records(KIND).put_once(context.idempotency_key, row)
    return ApartOutcome(len(data.others))


def word(one: str, other: str, context: ActivityContext) -> Word | None:
    """What was said last of two invoices, in whichever order they came."""
    return max((*_words(one, other, context), *_words(other, one, context)), key=lambda said: said.at, default=None)


def _words(invoice: str, other: str, context: ActivityContext) -> Iterator[Word]:
    for row in context.records(KIND).find(invoice=invoice):
        others, person = row.data["others"], row.data["person"]
        if isinstance(others, list) and other in others:
            yield Word(None if person is None else str(person), str(row.data["note"]), int(str(row.data["at"])))
