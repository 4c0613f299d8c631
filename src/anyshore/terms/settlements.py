"""What became of an invoice or correction: accepted or disputed by the client, paid or given back.

All of it stands in the ledger beside the document, so both sides and an export say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from anyshore.terms.documents import Document
from anyshore.terms.ledger import Entry
from anyshore.terms.money import minus

ACCEPTED, DISPUTED, PAID = "invoice.accepted", "invoice.disputed", "invoice.paid"
SETTLING = (ACCEPTED, DISPUTED, PAID)
"""Entry types that tell what became of a document; each names it under ``number``."""

State = Literal["open", "accepted", "disputed", "overdue", "part-paid", "paid"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a document.

    Attributes:
        type: one of ``SETTLING``.
        sequence, at: of its ledger entry.
        data: what the entry records: ``by``, and ``reason`` or ``day``, ``amount`` and ``reference``.
    """

    type: str
    sequence: int
    at: int
    data: dict[str, Any]

    @property
    def amount(self) -> Decimal | None:
        """Of a payment."""
        return Decimal(self.data["amount"]) if self.type == PAID else None


@dataclass(slots=True)
class Settlement:
    """A document and what became of it.

    Attributes:
        number: of the document.
        amount: what it asks for, with VAT; negative where something is given back.
        steps: what happened, oldest first.
    """

    number: str
    amount: Decimal
    steps: list[Step] = field(default_factory=list)

    @property
    def paid(self) -> Decimal:
        """The sum of all payments; one that was noted wrongly is noted again with the other sign."""
        return sum((one.amount for one in self.steps if one.amount is not None), Decimal(0))

    @property
    def left(self) -> Decimal:
        """What is still to be paid; negative what is to be given back."""
        return minus(self.amount, self.paid)

    @property
    def answer(self) -> Step | None:
        """The client's last word on it; None where it was neither accepted nor disputed."""
        return next((one for one in reversed(self.steps) if one.type != PAID), None)

    def state(self, today: date, due: date | None) -> State:
        """Where it stands on a day.

        Args:
            today: the day.
            due: until when it is to be paid; None where the terms do not say.
        """
        if not self.left:
            return "paid"
        answer = self.answer
        if answer is not None and answer.type == DISPUTED:
            return "disputed"
        if due is not None and today > due and self.left > 0:
            return "overdue"
        if self.paid:
            return "part-paid"
        return "accepted" if answer is not None else "open"


def amount_of(document: Document) -> Decimal:
    """What a document asks for, with VAT: all of an invoice, the difference of a correction."""
    if document.corrects:
        return Decimal(document.data["difference"]["gross"]["amount"])
    return Decimal(document.data["figures"]["gross"])


def settlements(documents: Iterable[Document], entries: Iterable[Entry]) -> dict[str, Settlement]:
    """Every document by its number, with what became of it; entries about others are passed over.

    Args:
        documents: invoices and corrections.
        entries: of their ledger, in its order; only those of ``SETTLING`` matter.
    """
    found = {one.number: Settlement(one.number, amount_of(one)) for one in documents}
    for entry in entries:
        known = found.get(str(entry.data.get("number", ""))) if entry.type in SETTLING else None
        if known is not None:
            known.steps.append(Step(entry.type, entry.sequence, entry.at, entry.data))
    return found
