"""Open items and bank lines as matching sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice, credit note or bill that is not settled, or not wholly.

    Attributes:
        id: unique.
        partner: who owes or is owed: a key or a name.
        name: of the partner, where ``partner`` is a key.
        amount: what is open, positive where we receive.
        currency: ISO 4217.
        number: of our invoice, or of the bill.
        reference: a further reference: a creditor reference, or what the partner was asked to quote.
        end_to_end: identification of the payment we ordered for it.
        dated: day of the document.
        due: when it is to be paid.
        ibans: accounts the partner is known to pay from or to be paid to.
    """

    id: str
    partner: str
    amount: Decimal
    currency: str
    number: str = ""
    reference: str = ""
    end_to_end: str = ""
    dated: date | None = None
    due: date | None = None
    ibans: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A booked line of a statement, one per transaction.

    Attributes:
        id: unique; equal for the same line read twice.
        amount: signed as the account sees it.
        currency: of the account.
        booked: day of booking.
        text: all the payer wrote, structured references apart.
        name: of the other party, as the bank gives it.
        iban: of the other party.
        partner: the other party where it is known already.
        references: creditor references and the like, structured by the payer's bank.
        end_to_end: identification of the payment.
        foreign_amount: what was paid in another currency, signed, with ``foreign_currency``.
        returned: reason of a payment that came back, empty where it is none.
        account: number of our account.
        charge: whether it is what the bank kept of an entry for itself.
    """

    id: str
    amount: Decimal
    currency: str
    booked: date | None = None
    text: str = ""
    name: str = ""
    iban: str = ""
    partner: str = ""
    references: tuple[str, ...] = ()
    end_to_end: str = ""
    foreign_amount: Decimal | None = None
    foreign_currency: str = ""
    returned: str = ""
    account: str = ""
    charge: bool = False


Outcome = Literal["exact", "excess", "write-off", "partial", "within tolerance", "none"]
Evidence = Literal[
    "structured reference", "reference", "part of reference", "account", "partner", "name", "learned", "person", ""
]


@dataclass(frozen=True, slots=True)
class Allocation:
    """What of a line goes to an item.

    Attributes:
        item: id of it.
        amount: taken from the line, in the currency of the line, with its sign.
        cleared: what of the item is settled by it, in the currency of the item; more than the amount where something
            is written off.
        write_off: what nobody pays, in the currency of the item.
    """

    item: str
    amount: Decimal
    cleared: Decimal
    write_off: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Match:
    """What is suggested for a line, or booked without a person.

    Attributes:
        line: id of the line.
        outcome: how the amounts stand to each other.
        allocations: to which items it goes.
        rest: what of the line is left over.
        automatic: whether it may be booked without a person.
        evidence: what names the items or the partner.
        reason: the same in words, with what a person should look at.
        candidates: items that would do equally well, where that is why none is chosen.
        partner: who paid, where that is known.
    """

    line: str
    outcome: Outcome
    allocations: tuple[Allocation, ...] = ()
    rest: Decimal = Decimal(0)
    automatic: bool = False
    evidence: Evidence = ""
    reason: str = ""
    candidates: tuple[str, ...] = ()
    partner: str = ""
