"""The activity ``payables.confirm-accounts``: an account that is not on record, confirmed by calling the seller back.

Who changes the account on an invoice gets the money: the usual fraud in payables. So a changed account holds the
invoice until another person has called a number already on record, never one on the invoice; what they confirmed is
kept with who did it, and goes with the seller from then on.
"""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import once
from anyshore.activities.einvoice.model import Invoice
from anyshore.base.errors import DataError

KIND = "confirmed-account"


@dataclass(frozen=True, slots=True)
class ConfirmInput:
    """What was confirmed.

    Attributes:
        invoice: the invoice that names the accounts.
        seller: key of the seller on record.
        person: who called.
        called: the number that was called.
        spoken_to: who answered there.
    """

    invoice: Invoice
    seller: str
    person: str | None
    called: str
    spoken_to: str


@dataclass(frozen=True, slots=True)
class ConfirmOutcome:
    """The accounts that go with the seller now."""

    accounts: tuple[str, ...]


def confirm_accounts(data: ConfirmInput, context: ActivityContext) -> ConfirmOutcome:
    """Keeps the accounts of an invoice as accounts of its seller, with who confirmed them and how.

    Raises:
        DataError: nobody says whom they called.
        HostError: the idempotency key was used for another confirmation.
    """
    if not data.called.strip() or not data.spoken_to.strip():
        message = f"Nothing says who confirmed the account of {data.invoice.seller.name}."
        raise DataError("payables.call-back", message, hint="Call a number on record; note it and who answered.")
    accounts = tuple(dict.fromkeys(means.account for means in data.invoice.payment if means.account))
    row = {
        "seller": data.seller, "accounts": list(accounts), "invoice": data.invoice.number, "person": data.person,
        "called": data.called, "spoken_to": data.spoken_to, "at": context.now,
    }  # fmt: skip
    once.put(context, KIND, row)
    return ConfirmOutcome(accounts)


def confirmed(seller: str, context: ActivityContext) -> set[str]:
    """The accounts of a seller that were confirmed by a call, as written."""
    rows = context.records(KIND).find(seller=seller)
    accounts = [one for row in rows for one in (row.data["accounts"] if isinstance(row.data["accounts"], list) else [])]
    return {str(account) for account in accounts}
