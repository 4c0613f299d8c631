"""The activity ``receivables.assess``: what is open on a day, how overdue, how far dunned, and what holds dunning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import money
from anyshore.activities.receivables import accounts, figures
from anyshore.activities.receivables.accounts import Books, Invoice, Letter
from anyshore.activities.receivables.claims import Account
from anyshore.activities.receivables.figures import Class, Dated, Figures


@dataclass(frozen=True, slots=True)
class AssessInput:
    """When.

    Attributes:
        day: of the dunning run.
        first: first day of the period of the figures; the first of January where left out.
    """

    day: date
    first: date | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice of which something is open.

    Attributes:
        invoice: number.
        customer: number of the customer.
        name: of the customer.
        language: of letters.
        consumer: whether the customer is one.
        currency: of the amounts.
        due: day on which it was to be paid.
        open: principal that is open.
        interest: default interest up to the day.
        costs: fees and the lump sum that are open.
        total: all of it.
        days_overdue: after the due date; negative before it.
        in_default: whether the customer is in default.
        default_on: since when.
        default_by: by what.
        rate_missing_from: first day whose base rate nobody has looked up, so that its interest is not counted.
        level: of the last reminder; 0 where none was sent.
        days_since_letter: since it was sent; none where none was.
        disputed: whether it is disputed.
        promised_until: day until which payment is promised; none where no promise runs.
        instalments: ``none``, ``kept`` or ``broken``.
        handed_over: whether it was given to a lawyer or collector.
        exposure: what the customer owes in all.
        over_limit: whether that is more than the credit limit.
    """

    invoice: str
    customer: str
    name: str
    language: str
    consumer: bool
    currency: str
    due: date
    open: Decimal
    interest: Decimal
    costs: Decimal
    total: Decimal
    days_overdue: int
    in_default: bool
    default_on: date | None
    default_by: str | None
    rate_missing_from: date | None
    level: int
    days_since_letter: int | None
    disputed: bool
    promised_until: date | None
    instalments: str
    handed_over: bool
    exposure: Decimal
    over_limit: bool


@dataclass(frozen=True, slots=True)
class AssessOutcome:
    """What is open on a day.

    Attributes:
        owed: every invoice with something open, by customer and due date.
        ageing: what is open by days overdue.
        figures: of the period.
        overdue: sum of what is overdue.
    """

    owed: tuple[Owed, ...]
    ageing: tuple[Class, ...]
    figures: Figures
    overdue: Decimal


def assess(data: AssessInput, context: ActivityContext) -> AssessOutcome:
    """Assesses all invoices on a day.

    Raises:
        DataError: a record does not fit.
    """
    books = accounts.read(context)
    found = accounts.on(books, data.day)
    invoices = {invoice.number: invoice for invoice in books.invoices}
    exposure: dict[str, Decimal] = {}
    for account in found.values():
        customer = account.debt.customer
        exposure[customer] = money.add(exposure.get(customer, Decimal(0)), account.principal)
    owed = [
        _owed(invoices[name], account, books, data.day, exposure)
        for name, account in found.items()
        if account.principal > 0
    ]
    owed.sort(key=lambda one: (one.customer, one.due, one.invoice))
    dated = _dated(books, found)
    first = data.first or date(data.day.year, 1, 1)
    return AssessOutcome(
        tuple(owed), figures.ageing(dated, data.day), figures.figures(dated, first, data.day),
        money.add(*(one.open for one in owed if one.days_overdue > 0)),
    )  # fmt: skip


def _owed(invoice: Invoice, account: Account, books: Books, day: date, exposure: dict[str, Decimal]) -> Owed:
    debtor = books.debtors.get(invoice.customer)
    last = _last(books.letters, invoice.number, day)
    interest = account.interest(day, books.rates)
    unpaid = account.open_interest(day, books.rates)
    limit = debtor.limit if debtor else None
    owes = exposure[invoice.customer]
    default = account.default if account.default and account.default.on < day else None
    return Owed(
        invoice.number, invoice.customer, debtor.name if debtor else invoice.customer,
        debtor.language if debtor else "de", bool(debtor and debtor.consumer), invoice.currency, invoice.due,
        account.principal, unpaid, account.costs, money.add(account.principal, unpaid, account.costs),
        (day - invoice.due).days, default is not None, default.on if default else None, default.by if default else None,
        interest.missing_from, last.level if last else 0, (day - last.day).days if last else None,
        invoice.disputed, _promised(books, invoice.number, day), _instalments(books, invoice, day),
        invoice.number in books.handed_over, owes, limit is not None and owes > limit,
    )  # fmt: skip


def _last(letters: Iterable[Letter], invoice: str, day: date) -> Letter | None:
    sent = [letter for letter in letters if letter.invoice == invoice and letter.day <= day]
    return max(sent, key=lambda letter: (letter.level, letter.day), default=None)


def _promised(books: Books, invoice: str, day: date) -> date | None:
    return max((one.until for one in books.promises if one.invoice == invoice and one.until >= day), default=None)


def _instalments(books: Books, invoice: Invoice, day: date) -> str:
    """Whether as much was paid as the instalments that are due come to."""
    plan = [one for one in books.instalments if one.invoice == invoice.number]
    if not plan:
        return "none"
    due = money.add(*(one.amount for one in plan if one.due < day))
    paid = money.add(*(one.amount for one in books.payments if one.invoice == invoice.number and one.day <= day))
    return "kept" if paid >= due else "broken"


def _dated(books: Books, found: dict[str, Account]) -> list[Dated]:
    """Invoices as what of each is open and what was paid, the latter settled on the day of the last payment."""
    made = []
    for account in found.values():
        debt = account.debt
        days = [one.day for one in books.payments if one.customer == debt.customer]
        named = [one.day for one in books.payments if one.invoice == debt.id]
        paid = money.subtract(debt.amount, account.principal)
        if account.principal > 0:
            made.append(Dated(account.principal, debt.issued, debt.due))
        if paid > 0:
            made.append(Dated(paid, debt.issued, debt.due, max(named or days, default=debt.due)))
    return made
