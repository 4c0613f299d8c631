"""What the records of a client come to on a day: every invoice with its payments, reminders, interest and costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.receivables import claims
from anyshore.activities.receivables.claims import Account, Debt, Payment
from anyshore.activities.receivables.law import BaseRates, base_rates
from anyshore.base.plain import from_values

INVOICE = "receivable"
PAYMENT = "receivable-payment"
DEBTOR = "debtor"
PROMISE = "promise-to-pay"
INSTALMENT = "instalment"
RATE = "base-rate"
LETTER = "dunning-letter"
HAND_OVER = "hand-over"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice on record; see ``claims.Debt`` for what its fields mean in law.

    Attributes:
        disputed: whether the customer disputes it; its dunning rests, that of other invoices does not.
        dispute: why.
    """

    number: str
    customer: str
    amount: Decimal
    issued: date
    due: date
    currency: str = "EUR"
    received: date | None = None
    payment_claim: bool = True
    due_by_calendar: bool = False
    notice: bool = False
    secured: bool = False
    disputed: bool = False
    dispute: str = ""
    legal_costs: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer on record.

    Attributes:
        customer: number.
        name: of the customer.
        consumer: whether § 13 BGB applies.
        language: of letters: ``de`` or ``en``.
        email: where letters go.
        limit: most that may be owed on credit.
        place: where it pays from, whose holidays count, as ``DE-BY``.
    """

    customer: str
    name: str
    consumer: bool = False
    language: str = "de"
    email: str = ""
    limit: Decimal | None = None
    place: str = "DE"


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment on record; without an invoice the law says what it is for (§ 366 (2) BGB)."""

    customer: str
    day: date
    amount: Decimal
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to pay until a day."""

    invoice: str
    until: date


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of an invoice that is to be paid by a day, as agreed."""

    invoice: str
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder that was sent.

    Attributes:
        invoice: number.
        customer: who got it.
        level: of dunning.
        day: on which it was sent.
        fee: asked for it.
        text: of the letter.
        language: of it.
    """

    invoice: str
    customer: str
    level: int
    day: date
    fee: Decimal = Decimal(0)
    text: str = ""
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Books:
    """The records of receivables, typed."""

    invoices: tuple[Invoice, ...]
    debtors: Mapping[str, Debtor]
    payments: tuple[Paid, ...]
    promises: tuple[Promise, ...]
    instalments: tuple[Instalment, ...]
    letters: tuple[Letter, ...]
    handed_over: frozenset[str]
    rates: BaseRates


def read(context: ActivityContext) -> Books:
    """Reads the records.

    Raises:
        DataError: a row does not fit.
    """
    rates = [(one.valid_from, one.percent) for one in _all(context, RATE, _Rate)]
    debtors = {one.customer: one for one in _all(context, DEBTOR, Debtor)}
    return Books(
        tuple(_all(context, INVOICE, Invoice)), debtors, tuple(_all(context, PAYMENT, Paid)),
        tuple(_all(context, PROMISE, Promise)), tuple(_all(context, INSTALMENT, Instalment)),
        tuple(_all(context, LETTER, Letter)),
        frozenset(str(row.data.get("invoice")) for row in context.records(HAND_OVER).find()),
        base_rates().with_later(rates) if rates else base_rates(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rate:
    valid_from: date
    percent: Decimal


def _all(context: ActivityContext, kind: str, type_: type[T]) -> Iterable[T]:
    return [_typed(row, kind, type_) for row in context.records(kind).find()]


def _typed(row: Record, kind: str, type_: type[T]) -> T:
    """A row as a dataclass; what is empty takes its default."""
    names = type_.__dataclass_fields__  # type: ignore[attr-defined]
    values = {name: value for name, value in row.data.items() if name in names and value not in (None, "")}
    return from_values(type_, values, f"{kind} {row.key}")


def debt(invoice: Invoice, debtor: Debtor | None) -> Debt:
    """An invoice as the law sees it."""
    return Debt(
        invoice.number, invoice.customer, invoice.amount, invoice.issued, invoice.due, invoice.currency,
        invoice.received, bool(debtor and debtor.consumer), invoice.payment_claim, invoice.due_by_calendar,
        invoice.notice, secured=invoice.secured, place=debtor.place if debtor else "DE",
    )  # fmt: skip


def on(books: Books, day: date) -> dict[str, Account]:
    """What became of every invoice issued up to a day, by number: payments, fees and the lump sum in their order."""
    accounts: dict[str, Account] = {}
    for invoice in books.invoices:
        if invoice.issued <= day:
            sent = [letter.day for letter in books.letters if letter.invoice == invoice.number and letter.day <= day]
            accounts[invoice.number] = Account.of(debt(invoice, books.debtors.get(invoice.customer)), sent)
    steps: list[tuple[date, int, Account | Paid, Decimal]] = []
    legal = {invoice.number: invoice.legal_costs for invoice in books.invoices}
    for name, account in accounts.items():
        if account.default and account.default.on < day:
            lump = claims.lump_sum(account.debt, defaulted=True, legal_costs=legal[name])
            steps.append((account.default.on + timedelta(1), 0, account, lump))
    steps += [(one.day, 0, accounts[one.invoice], one.fee) for one in books.letters if one.invoice in accounts]
    steps += [(one.day, 1, one, one.amount) for one in books.payments]
    for when, _, what, amount in sorted(steps, key=lambda step: step[:2]):
        if when > day:
            continue
        if isinstance(what, Account):
            if what.principal > 0:
                what.costs += amount
        else:
            mine = [one for one in accounts.values() if one.debt.customer == what.customer and one.debt.issued <= when]
            claims.settle(mine, Payment(when, amount, (what.invoice,) if what.invoice else ()), books.rates)
    return accounts
