"""The activity ``payables.order-payments``: what two people signed becomes a credit transfer, each posting in one only.

A posting is claimed by a row before the file is made, so that of two runs at once exactly one pays it. It counts as
paid when the bank says so (``bank_answers``), not by being ordered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import money
from anyshore.activities.common.credit_transfer import Account, Payment, credit_transfer
from anyshore.activities.payables.attempts import PAYMENT, REJECTED, attempts, payment_key
from anyshore.activities.payables.proposing import Item, Ordered, payer
from anyshore.base.errors import DataError
from anyshore.base.plain import to_values

_LONGEST = 140
_GIVEN_BACK = {"code": "credit balance", "reasons": []}


@dataclass(frozen=True, slots=True)
class OrderInput:
    """What two people signed.

    Attributes:
        day: of execution.
        items: what they saw.
    """

    day: date
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """What came of it.

    Attributes:
        message: id of the message to the bank; none where another run has paid everything.
        payments: number of transfers.
        total: sum of the transfers.
        left: numbers of invoices that another run pays.
        file: pain.001.001.09 as XML; empty where nothing is paid.
    """

    message: str | None
    payments: int
    total: Decimal
    left: tuple[str, ...]
    file: str


def order_payments(data: OrderInput, context: ActivityContext) -> OrderOutcome:
    """Claims the postings and makes the message; a repeated job makes the same one.

    Raises:
        DataError: there is no account to pay from, or an account cannot be paid to.
    """
    found = payer(context)
    if found is None:
        message = "There is no account to pay from on record, or there are several."
        raise DataError("payables.payer", message, hint="Load a file with the one account payments go out from.")
    run = f"P{_digest(context.idempotency_key, 30)}"
    mine = [one for one in data.items if _claim(one, run, data.day, context)]
    left = tuple(one.number for one in data.items if one not in mine)
    groups = _by_account(mine)
    for one in (one for own in groups.values() if _sum(own) <= 0 for one in own):
        # What another run has taken meanwhile leaves a credit balance: the next run sees it.
        context.records(REJECTED).put_once(payment_key(one.posting, attempts(one.posting, context)[0]), _GIVEN_BACK)
        left = (*left, one.number)
    transfers = [
        Payment(end_to_end(run, account), Account(own[0].payee, account), _sum(own), _text(own))
        for account, own in groups.items()
        if _sum(own) > 0
    ]
    if not transfers:
        return OrderOutcome(None, 0, Decimal(0), left, "")
    created = datetime.fromtimestamp(context.now // 1_000_000, UTC)
    text = credit_transfer(run, created, Account(*found), data.day, transfers, "SUPP")
    return OrderOutcome(run, len(transfers), money.add(*(one.amount for one in transfers)), left, text)


def end_to_end(run: str, account: str) -> str:
    """The reference under which the bank answers: of all that one account gets in a run."""
    return f"E{_digest(f'{run}|{account}', 30)}"


def _claim(item: Item, run: str, day: date, context: ActivityContext) -> bool:
    attempt, before = attempts(item.posting, context)
    if before is not None:
        return before.data.get("run") == run
    row = to_values(Ordered(item, run, day, end_to_end(run, item.account)))
    return context.records(PAYMENT).put_once(payment_key(item.posting, attempt), row).data.get("run") == run


def _by_account(items: Iterable[Item]) -> dict[str, list[Item]]:
    """A transfer for each account, over all its invoices and credit notes."""
    groups: dict[str, list[Item]] = {}
    for one in items:
        groups.setdefault(one.account, []).append(one)
    return groups


def _sum(items: Iterable[Item]) -> Decimal:
    return money.add(*(one.amount for one in items))


def _text(items: list[Item]) -> str:
    """What the payee reads: the numbers, as many as fit, and how many more there are."""
    found = ""
    for place, one in enumerate(items):
        more = f"{found}, {one.text}" if found else one.text
        rest = f" + {len(items) - place - 1}"
        if len(more) + len(rest) > _LONGEST and place:
            return f"{found} + {len(items) - place}"
        found = more
    return found


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
