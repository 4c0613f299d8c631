"""The activity ``payables.propose-payments``: what a run would pay, and what it would not and why.

An invoice is in a run when it is due by the day of the next one, or when waiting for that would lose a discount.
Nothing is paid to an account that is not on record or confirmed, on an order that is made up, or twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import money, postings
from anyshore.activities.payables import accounts, sellers
from anyshore.activities.payables.attempts import attempts
from anyshore.activities.payables.booking import Payee
from anyshore.activities.payables.discounts import Discount, best
from anyshore.activities.payables.sellers import Seller
from anyshore.activities.payables.settlements import reversed_keys
from anyshore.base.iban import iban_key, is_iban
from anyshore.base.plain import from_values

PAYER = "paying-account"


@dataclass(frozen=True, slots=True)
class ProposeInput:
    """When is paid.

    Attributes:
        day: of execution.
        until: day of the next run: what is due before or on it is paid now.
    """

    day: date
    until: date


@dataclass(frozen=True, slots=True)
class Item:
    """What is paid of a posting.

    Attributes:
        posting: its key.
        number: of the invoice (BT-1).
        payee: who gets it.
        account: IBAN.
        amount: what is left to pay, the discount taken off; negative for a credit note.
        discount: taken off.
        due: last day; none where the invoice says none and it is due at once (§ 271 BGB).
        text: what the payee wants to read (BT-83), else the number.
    """

    posting: str
    number: str
    payee: str
    account: str
    amount: Decimal
    discount: Decimal
    due: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is not paid, and why."""

    number: str
    payee: str
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class ProposeOutcome:
    """What a run would hold.

    Attributes:
        day: of execution.
        items: what is paid.
        held: what is due and not paid.
        total: sum of the items.
        discount: sum taken off.
        problems: what stands against any payment.
        lost: discounts of what is paid that had lapsed before the day of execution.
        outstanding: days payable outstanding = what is owed / purchases × days, over ``WINDOW`` days up to the day of
            execution; none without purchases.
    """

    day: date
    items: tuple[Item, ...]
    held: tuple[Held, ...]
    total: Decimal
    discount: Decimal
    problems: tuple[str, ...]
    lost: Decimal = Decimal(0)
    outstanding: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """A row of the table ``payment``.

    Attributes:
        item: what is paid.
        run: id of the message to the bank.
        day: of execution.
        end_to_end: reference of the transfer.
    """

    item: Item
    run: str
    day: date
    end_to_end: str


@dataclass(frozen=True, slots=True)
class Posted:
    """What a payment needs of a posting; see ``booking.Posting``."""

    number: str
    currency: str
    open_amount: Decimal
    vat: Decimal
    gross: Decimal
    payee: Payee
    issue_date: date
    due_date: date | None = None
    discounts: tuple[Discount, ...] = ()
    simulated: bool = False


def propose(data: ProposeInput, context: ActivityContext) -> ProposeOutcome:
    """Finds what is due or earns a discount that waiting would lose."""
    unpaid = list(_open(context))
    wanted = [(key, one) for key, one in unpaid if one.open_amount < 0 or _now(one, data)]
    items, held = [], []
    for key, one in wanted:
        account, why = _account(one, context)
        if account is None:
            if one.open_amount > 0:
                held.append(Held(one.number, one.payee.name, one.open_amount, why))
        else:
            items.append(_item(key, one, account, data.day))
    kept, left = _set_off(items)
    paid = {one.posting: one for one in kept}
    missed = (money.subtract(_most(one), paid[key].discount) for key, one in wanted if key in paid)
    return ProposeOutcome(
        day=data.day,
        items=tuple(kept),
        held=(*held, *(Held(it.number, it.payee, it.amount, "credit balance") for it in left if it.amount > 0)),
        total=money.add(*(one.amount for one in kept)),
        discount=money.add(*(one.discount for one in kept)),
        problems=() if payer(context) else ("There is no account to pay from on record.",),
        lost=money.add(*missed),
        outstanding=_outstanding(unpaid, data.day, context),
    )


WINDOW = 90
"""Days whose purchases what is owed is measured by."""


def _most(one: Posted) -> Decimal:
    """The highest discount that could have been taken."""
    return max((found.amount for found in one.discounts if one.open_amount > 0), default=Decimal(0))


def _outstanding(unpaid: Sequence[tuple[str, Posted]], day: date, context: ActivityContext) -> Decimal | None:
    """Days payable outstanding, in euros: of what is owed on the day, by the purchases of the days before it."""
    first = day - timedelta(WINDOW - 1)
    rows = context.records(postings.KIND).find(currency="EUR")
    gone = reversed_keys(rows)
    booked = (posted(row) for row in rows if row.key not in gone)
    bought = money.add(*(one.gross for one in booked if one is not None and first <= one.issue_date <= day))
    owed = money.add(*(one.open_amount for _, one in unpaid if one.currency == "EUR" and one.issue_date <= day))
    return money.divide(money.multiply(owed, Decimal(WINDOW)), bought, 1) if bought > 0 else None


def payer(context: ActivityContext) -> tuple[str, str] | None:
    """Name and IBAN of who pays; none where there is no valid account, or several."""
    rows = [row.data for row in context.records(PAYER).find()]
    found = [(str(row.get("name") or ""), str(row.get("iban") or "")) for row in rows]
    return found[0] if len(found) == 1 and is_iban(found[0][1]) else None


def posted(row: Record) -> Posted | None:
    """What a payment needs of a posting; none where it is no invoice's."""
    if not isinstance(row.data.get("payee"), dict):
        return None
    values = {one.name: row.data[one.name] for one in fields(Posted) if one.name in row.data}
    return from_values(Posted, values, postings.KIND)


def _open(context: ActivityContext) -> Iterator[tuple[str, Posted]]:
    """Postings of invoices of which something is left to pay and nothing is ordered, with their keys.

    One that a correction stands for is not paid any more; a down payment is, also where it is set off: what is taken
    off the final invoice has to be paid by itself.
    """
    rows = context.records(postings.KIND).find()
    gone = reversed_keys(rows, corrected=True)
    for row in rows:
        found = posted(row) if row.key not in gone else None
        if found is not None and found.open_amount and attempts(row.key, context)[1] is None:
            yield row.key, found


def _now(one: Posted, data: ProposeInput) -> bool:
    if one.due_date is None or one.due_date <= data.until:
        return True
    now, later = best(one.discounts, data.day), best(one.discounts, data.until)
    return now is not None and (later is None or abs(later.amount) < abs(now.amount))


def _account(one: Posted, context: ActivityContext) -> tuple[str | None, str]:
    """The account to pay to, or why nothing may be paid."""
    if one.simulated:
        return None, "made-up order"
    if one.currency != "EUR":
        return None, "currency"
    if one.payee.collects:
        return None, "collected by the seller"
    row = context.records(sellers.KIND).get(one.payee.record) if one.payee.record else None
    if row is None:
        return None, "unknown seller"
    seller = row.data.get("seller")
    on_record = from_values(Seller, seller if isinstance(seller, dict) else {}, sellers.KIND).accounts
    known = {iban_key(account) for account in (*on_record, *accounts.confirmed(row.key, context)) if is_iban(account)}
    if one.payee.account is None:
        return (known.pop(), "") if len(known) == 1 else (None, "no account")
    if not is_iban(one.payee.account):
        return None, "no IBAN"
    account = iban_key(one.payee.account)
    return (account, "") if account in known else (None, "unknown account")


def _item(key: str, one: Posted, account: str, day: date) -> Item:
    found = best(one.discounts, day)
    discount = found.amount if found else Decimal(0)
    amount = money.subtract(one.open_amount, discount)
    text = one.payee.remittance or one.number
    return Item(key, one.number, one.payee.name, account, amount, discount, one.due_date, text)


def _set_off(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """Credit notes are set off against what the same account gets; where they are more, nothing is paid there."""
    sums: dict[str, Decimal] = {}
    for one in items:
        sums[one.account] = money.add(sums.get(one.account, Decimal(0)), one.amount)
    return [one for one in items if sums[one.account] > 0], [one for one in items if sums[one.account] <= 0]
