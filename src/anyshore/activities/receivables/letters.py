"""The activities ``receivables.remind``, ``receivables.hand-over`` and ``receivables.statement``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import money
from anyshore.activities.receivables import accounts
from anyshore.activities.receivables.accounts import HAND_OVER, LETTER, Letter
from anyshore.activities.receivables.assessing import Owed
from anyshore.base.plain import from_values, to_values
from anyshore.base.tables.writing import write_csv


@dataclass(frozen=True, slots=True)
class RemindInput:
    """A reminder to send.

    Attributes:
        owed: the invoice.
        level: of dunning.
        day: of the letter.
        fee: to be asked for it.
        text: of the letter.
    """

    owed: Owed
    level: int
    day: date
    fee: Decimal = Decimal(0)
    text: str = ""


@dataclass(frozen=True, slots=True)
class RemindOutcome:
    """What was sent.

    Attributes:
        sent: false where the invoice rests or a reminder of this level went out before.
        fee: asked for; nothing where this reminder is what first brings default.
        letter: the letter.
    """

    sent: bool
    fee: Decimal = Decimal(0)
    letter: Letter | None = None


def remind(data: RemindInput, context: ActivityContext) -> RemindOutcome:
    """Sends a reminder once per level. One that first brings default costs nothing: there is no default yet to pay for.

    What is disputed, promised, settled or handed over is not touched, whatever was asked.
    """
    owed = data.owed
    if rests(owed) or owed.days_overdue < 1:
        return RemindOutcome(False)
    fee = data.fee if owed.in_default else Decimal(0)
    letter = Letter(owed.invoice, owed.customer, data.level, data.day, fee, data.text, owed.language)
    row = context.records(LETTER).put_once(
        f"{owed.invoice}/{data.level}", {**to_values(letter), "job": context.idempotency_key}
    )
    if row.data.get("job") != context.idempotency_key:
        return RemindOutcome(False)
    stored = from_values(Letter, {name: value for name, value in row.data.items() if name != "job"}, LETTER)
    return RemindOutcome(True, stored.fee, stored)


def rests(owed: Owed) -> bool:
    """Whether dunning rests: nothing is open, it is disputed, promised, paid in instalments, or out of our hands."""
    held = owed.disputed or owed.promised_until is not None or owed.instalments == "kept"
    return owed.open <= 0 or held or owed.handed_over


@dataclass(frozen=True, slots=True)
class HandOverInput:
    """An invoice to give to a lawyer or collector."""

    owed: Owed
    day: date


@dataclass(frozen=True, slots=True)
class HandOverOutcome:
    """What was handed over.

    Attributes:
        done: false where it rests, or was handed over before.
        file: the claim as a table of one row: principal, interest and how it runs on, costs.
    """

    done: bool
    file: str = ""


_COLUMNS = (
    "invoice", "customer", "name", "due", "currency", "principal", "interest", "interest_until", "in_default_since",
    "default_by", "costs", "total", "reminders", "base_rate_missing_from",
)  # fmt: skip


def hand_over(data: HandOverInput, context: ActivityContext) -> HandOverOutcome:
    """Hands an invoice over, once."""
    owed = data.owed
    if rests(owed):
        return HandOverOutcome(False)
    row = context.records(HAND_OVER).put_once(
        owed.invoice,
        {"invoice": owed.invoice, "customer": owed.customer, "total": owed.total, "job": context.idempotency_key},
    )
    if row.data.get("job") != context.idempotency_key:
        return HandOverOutcome(False)
    values = (
        owed.invoice, owed.customer, owed.name, owed.due, owed.currency, owed.open, owed.interest, data.day,
        owed.default_on or "", owed.default_by or "", owed.costs, owed.total, owed.level, owed.rate_missing_from or "",
    )  # fmt: skip
    return HandOverOutcome(True, write_csv([_COLUMNS, values], ";", for_people=True))


@dataclass(frozen=True, slots=True)
class StatementInput:
    """A statement of account to make.

    Attributes:
        customer: number.
        day: up to which.
    """

    customer: str
    day: date


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row of a statement of account; a payment is negative."""

    day: date
    text: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class StatementOutcome:
    """A statement of account.

    Attributes:
        known: whether there is such a customer.
        name: of the customer.
        rows: day, what, amount and balance, oldest first.
        balance: what is owed without interest and costs.
        interest: default interest up to the day.
        costs: fees and lump sums.
        file: the same as a table.
    """

    known: bool
    name: str = ""
    rows: tuple[StatementRow, ...] = ()
    balance: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    costs: Decimal = Decimal(0)
    file: str = ""


def statement(data: StatementInput, context: ActivityContext) -> StatementOutcome:
    """Makes the statement of account of a customer."""
    books = accounts.read(context)
    mine = [one for one in books.invoices if one.customer == data.customer and one.issued <= data.day]
    paid = [one for one in books.payments if one.customer == data.customer and one.day <= data.day]
    debtor = books.debtors.get(data.customer)
    if not mine and not paid and debtor is None:
        return StatementOutcome(False)
    moves = [(one.issued, 0, one.number, one.amount) for one in mine]
    moves += [(one.day, 1, one.invoice or "payment", money.signed(one.amount, negative=True)) for one in paid]
    rows, balance = [], Decimal(0)
    for day, _, text, amount in sorted(moves):
        balance = money.add(balance, amount)
        rows.append(StatementRow(day, text, amount, balance))
    held = [one for one in accounts.on(books, data.day).values() if one.debt.customer == data.customer]
    interest = money.add(*(one.open_interest(data.day, books.rates) for one in held))
    costs = money.add(*(one.costs for one in held))
    file = write_csv(
        [("day", "text", "amount", "balance"), *((r.day, r.text, r.amount, r.balance) for r in rows)],
        ";",
        for_people=True,
    )
    name = debtor.name if debtor else data.customer
    return StatementOutcome(True, name, tuple(rows), balance, interest, costs, file)
