"""The activity ``payables.book``: appends one balanced posting, exactly once per idempotency key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import money, once, retention
from anyshore.activities.common.parties import seller_key
from anyshore.activities.common.postings import KIND, Entry, entry, sums
from anyshore.activities.einvoice.model import Invoice
from anyshore.activities.payables.discounts import Discount, discounts
from anyshore.activities.payables.identity import invoice_key
from anyshore.activities.payables.lines import Allocation
from anyshore.base.errors import DataError
from anyshore.base.plain import from_values, to_values

# Categories in which the buyer owes the VAT (UNTDID 5305): reverse charge and intra-community supply.
BUYER_OWES_VAT = frozenset({"AE", "K"})
_COLLECTED = frozenset({"49", "59"})
"""Direct debits (UNTDID 4461)."""


@dataclass(frozen=True, slots=True)
class BookInput:
    """What to book, and where.

    Attributes:
        invoice: the invoice at hand.
        expense_account: debited with the total without VAT (BT-109).
        vat_account: debited with the VAT, an entry per category and rate (BG-23).
        payables_account: credited with the total with VAT (BT-112).
        cost_centre: noted on the expense entry.
        order: purchase order it was matched to.
        allocations: what it takes of the lines of that order.
        seller: key of the seller on record.
        order_origin: ``simulated`` for an order that is made up: nothing is ever paid on it.
        settles: keys of the postings it stands for or sets off, which are reversed with it.
        document: digest (SHA-256) of the document as it was received, the voucher of the posting.
    """

    invoice: Invoice
    expense_account: str
    vat_account: str
    payables_account: str
    cost_centre: str | None = None
    order: str | None = None
    allocations: tuple[Allocation, ...] = ()
    seller: str | None = None
    order_origin: str | None = None
    settles: tuple[str, ...] = ()
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid for an invoice, and how.

    Attributes:
        name: BT-59, else BT-27.
        record: key of the seller on record.
        account: BT-84; none where the invoice names none.
        remittance: BT-83.
        collects: whether the seller collects by direct debit (UNTDID 4461: 49, 59).
    """

    name: str
    record: str | None = None
    account: str | None = None
    remittance: str | None = None
    collects: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """A balanced posting, as stored in the table ``posting``.

    Attributes:
        invoice: key of the invoice.
        seller: key of the seller.
        number: BT-1.
        issue_date: BT-2.
        due_date: BT-9.
        currency: BT-5.
        order: purchase order.
        net: BT-109; negative for a credit note.
        vat: BT-110; negative for a credit note.
        gross: BT-112; negative for a credit note.
        open_amount: amount due, BT-115; negative for a credit note.
        entries: debits and credits of the same sum.
        down_payment: whether it asks for a down payment, which the final invoice sets off.
        allocations: what it takes of the lines of the order.
        discounts: what may be taken off where it is paid in time.
        payee: who is paid.
        simulated: whether it rests on an order that is made up.
        reverses: key of the posting it takes back; amounts are then the other way round, and nothing is paid on it.
        corrected: whether the invoice that was taken back was corrected, so that nothing is due on it any more.
        document: digest of its voucher as it was received.
        keep_until: last day on which the voucher has to be kept (§ 147 AO, § 14b UStG).
    """

    invoice: str
    seller: str
    number: str
    issue_date: date
    due_date: date | None
    currency: str
    order: str | None
    net: Decimal
    vat: Decimal
    gross: Decimal
    open_amount: Decimal
    entries: tuple[Entry, ...]
    down_payment: bool = False
    allocations: tuple[Allocation, ...] = ()
    discounts: tuple[Discount, ...] = ()
    payee: Payee | None = None
    simulated: bool = False
    reverses: str | None = None
    corrected: bool = False
    document: str | None = None
    keep_until: date | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A voucher in the archive.

    Attributes:
        document: its digest (SHA-256): the name it is stored under, byte for byte as it came.
        until: last day on which it has to be kept.
        law: by which.
    """

    document: str
    until: date
    law: str


@dataclass(frozen=True, slots=True)
class BookOutcome:
    """What was booked.

    Attributes:
        id: key of the posting.
        booked: whether this run added it; false where an earlier attempt at the same job had.
        posting: the posting.
        reverse_charge_base: taxable amount for which the buyer owes the VAT, whose own entries a tax person decides.
        reversals: keys of the postings that take earlier ones back.
        kept: how long the voucher is kept, and by which law.
    """

    id: str
    booked: bool
    posting: Posting
    reverse_charge_base: Decimal
    reversals: tuple[str, ...] = ()
    kept: Kept | None = None


def book(data: BookInput, context: ActivityContext) -> BookOutcome:
    """Books an invoice or a credit note.

    Raises:
        DataError: the amounts of the invoice do not balance.
        HostError: the idempotency key was used for another posting.
    """
    posting = make_posting(data)
    row, added = once.put(context, KIND, to_values(posting))
    taken_back = tuple(_reverse(key, posting, row.key, data.invoice, context) for key in data.settles)
    owed = (part.taxable for part in data.invoice.vat if part.category in BUYER_OWES_VAT)
    kept = None
    if data.document is not None and posting.keep_until is not None:
        kept = Kept(data.document, posting.keep_until, retention.source("voucher", posting.issue_date))
        retention.hold(context, retention.Hold(kept.document, f"posting {row.key}", kept.until, kept.law))
    return BookOutcome(row.key, added, posting, money.add(*owed), taken_back, kept)


def _reverse(key: str, later: Posting, later_key: str, invoice: Invoice, context: ActivityContext) -> str:
    """Takes a posting back with another of the same amounts the other way round; nothing is ever changed or deleted."""
    records = context.records(KIND)
    row = records.get(key)
    if row is None:
        message = f"The posting {key} that invoice {invoice.number} settles is not there."
        raise DataError("payables.posting-gone", message, hint="Match the invoice again.")
    before = from_values(Posting, row.data, KIND)
    reversal = replace(
        before,
        issue_date=later.issue_date,
        net=before.net.copy_negate(),
        vat=before.vat.copy_negate(),
        gross=before.gross.copy_negate(),
        open_amount=Decimal(0),
        entries=tuple(replace(one, side="credit" if one.side == "debit" else "debit") for one in before.entries),
        allocations=tuple(replace(one, quantity=-one.quantity, net=-one.net) for one in before.allocations),
        discounts=(),
        payee=None,
        reverses=key,
        document=later.document,
        keep_until=later.keep_until,
        corrected=invoice.kind == "corrected invoice",
    )
    return records.put_once(f"{later_key}|reverses|{key}", to_values(reversal)).key


def make_posting(data: BookInput) -> Posting:
    """The posting of an invoice, not stored.

    Raises:
        DataError: the amounts of the invoice do not balance.
    """
    invoice = data.invoice
    sign = Decimal(-1) if invoice.is_credit_note else Decimal(1)
    totals = invoice.totals
    entries = tuple(_entries(data, sign))
    _check_balance(entries, invoice)
    return Posting(
        invoice=invoice_key(invoice),
        seller=seller_key(invoice.seller),
        number=invoice.number,
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        currency=invoice.currency,
        order=data.order,
        net=money.multiply(sign, totals.net),
        vat=money.multiply(sign, money.subtract(totals.gross, totals.net)),
        gross=money.multiply(sign, totals.gross),
        open_amount=money.multiply(sign, totals.due),
        entries=entries,
        down_payment=invoice.kind == "down payment",
        allocations=data.allocations,
        discounts=discounts(invoice),
        payee=_payee(invoice, data.seller),
        simulated=data.order_origin == "simulated",
        document=data.document,
        keep_until=retention.keep_until("voucher", invoice.issue_date) if data.document else None,
    )


def _payee(invoice: Invoice, record: str | None) -> Payee:
    """Of several accounts on an invoice the first."""
    means = next((one for one in invoice.payment if one.account), next(iter(invoice.payment), None))
    party = invoice.payee or invoice.seller
    if means is None:
        return Payee(party.name, record)
    return Payee(party.name, record, means.account, means.remittance, means.code in _COLLECTED)


def _entries(data: BookInput, sign: Decimal) -> Iterator[Entry]:
    totals = data.invoice.totals
    yield from entry("debit", data.expense_account, money.multiply(sign, totals.net), cost_centre=data.cost_centre)
    if data.invoice.vat:
        for part in data.invoice.vat:
            amount = money.multiply(sign, part.tax)
            yield from entry("debit", data.vat_account, amount, vat_category=part.category, vat_rate=part.rate)
    else:
        yield from entry("debit", data.vat_account, money.multiply(sign, totals.vat or Decimal(0)))
    yield from entry("credit", data.payables_account, money.multiply(sign, totals.gross))


def _check_balance(entries: tuple[Entry, ...], invoice: Invoice) -> None:
    debits, credits = sums(entries)
    if debits != credits:
        message = f"Invoice {invoice.number} does not balance: debits {debits}, credits {credits} {invoice.currency}."
        hint = "Its VAT breakdown and totals contradict each other (BR-CO-14, BR-CO-15): check it before booking."
        raise DataError("payables.unbalanced", message, hint=hint)
