"""The activities ``receivables.propose-collections`` and ``receivables.order-collections``: direct debits by mandate.

A mandate that was not used for 36 months has ended; the debtor is told at least as many days before as was agreed, 14
where nothing was; a debit falls on a day of TARGET (EPC016-06, SDD Core Rulebook, sections 4.1, 4.3, 4.7; EPC222-07 for
B2B). Who collects is never guessed, and an invoice is collected once: what the bank returns is for people to look at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import money
from anyshore.activities.common.credit_transfer import Account
from anyshore.activities.common.direct_debit import (
    Collection,
    Creditor,
    Scheme,
    Sequence_,
    direct_debit,
    is_creditor_id,
)
from anyshore.activities.common.workdays import next_target_day
from anyshore.activities.receivables import law
from anyshore.activities.receivables.assessing import AssessInput, Owed, assess
from anyshore.activities.receivables.letters import rests
from anyshore.base.errors import DataError
from anyshore.base.iban import is_iban
from anyshore.base.plain import from_values, to_values

MANDATE = "direct-debit-mandate"
CREDITOR = "collecting-creditor"
COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate on record.

    Attributes:
        mandate: its reference, unique with the creditor.
        customer: number of the customer.
        holder: name of the account holder.
        iban: account that is debited.
        signed: day of signature.
        scheme: ``CORE``, or ``B2B``, which consumers cannot give.
        once: whether it is for one collection only.
        last_used: day of the last collection before those ordered here.
        notice: days before the debit by which the debtor is told, as agreed; the rulebook's where left out.
        revoked: whether the debtor took it back.
    """

    mandate: str
    customer: str
    holder: str
    iban: str
    signed: date
    scheme: Scheme = "CORE"
    once: bool = False
    last_used: date | None = None
    notice: int | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class CollectInput:
    """When.

    Attributes:
        day: on which debtors are told and the bank is asked.
        until: invoices due by this day are collected.
    """

    day: date
    until: date


@dataclass(frozen=True, slots=True)
class Debit:
    """What is debited, which is what the debtor is told before.

    Attributes:
        invoice: number.
        customer: number of the customer.
        holder: of the account.
        iban: account.
        amount: what is open of the invoice.
        day: of the debit.
        mandate: reference.
        signed: when it was signed.
        sequence: ``FRST``, ``RCUR`` or ``OOFF``.
        scheme: ``CORE`` or ``B2B``.
    """

    invoice: str
    customer: str
    holder: str
    iban: str
    amount: Decimal
    day: date
    mandate: str
    signed: date
    sequence: Sequence_
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Left:
    """What is not debited, and why: a word a pack has a text for."""

    invoice: str
    customer: str
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class ProposeOutcome:
    """What a run would debit.

    Attributes:
        debits: what is debited.
        left: what is due, has a mandate and is not debited.
        total: sum of the debits.
        problems: what stands against any debit.
    """

    debits: tuple[Debit, ...]
    left: tuple[Left, ...]
    total: Decimal
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderInput:
    """What a person signed."""

    day: date
    debits: tuple[Debit, ...]


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """What came of it.

    Attributes:
        message: id of the message to the bank; none where another run has collected everything.
        debits: number of direct debits.
        total: their sum.
        left: invoices that another run collects.
        file: pain.008.001.08 as XML; empty where nothing is debited.
    """

    message: str | None
    debits: int
    total: Decimal
    left: tuple[str, ...]
    file: str


def propose(data: CollectInput, context: ActivityContext) -> ProposeOutcome:
    """Finds invoices that are due and whose debtors gave a mandate, and says when each is debited.

    Raises:
        DataError: a record does not fit.
    """
    mandates = {one.customer: one for one in _mandates(context)}
    used = _used(context)
    debits: list[Debit] = []
    left: list[Left] = []
    for owed in assess(AssessInput(data.day), context).owed:
        mandate = mandates.get(owed.customer)
        if mandate is None or owed.due > data.until:
            continue
        last = max((day for day in (mandate.last_used, used.get(mandate.mandate)) if day), default=None)
        day = _day(owed, mandate, data.day)
        why = _why_not(owed, mandate, last, day, context)
        if why is None and mandate.once and mandate.mandate in {one.mandate for one in debits}:
            why = "mandate used"
        if why is not None:
            left.append(Left(owed.invoice, owed.customer, owed.open, why))
            continue
        sequence = _sequence(mandate, last, any(one.mandate == mandate.mandate and one.day < day for one in debits))
        debits.append(
            Debit(
                owed.invoice, owed.customer, mandate.holder, mandate.iban, owed.open, day, mandate.mandate,
                mandate.signed, sequence, mandate.scheme,
            )
        )  # fmt: skip
    problems = () if creditor(context) else ("There is no creditor with account and identifier on record.",)
    return ProposeOutcome(tuple(debits), tuple(left), money.add(*(one.amount for one in debits)), problems)


def order(data: OrderInput, context: ActivityContext) -> OrderOutcome:
    """Claims the invoices and makes the message; a repeated job makes the same one.

    Raises:
        DataError: there is no creditor on record, or an account cannot be debited.
    """
    found = creditor(context)
    if found is None:
        message = "There is no creditor with account and identifier on record, or there are several."
        raise DataError("receivables.creditor", message, hint="Load a file with the one who collects.")
    run = f"D{hashlib.sha256(context.idempotency_key.encode()).hexdigest()[:30]}"
    mine = [one for one in data.debits if _claim(one, run, context)]
    left = tuple(one.invoice for one in data.debits if one not in mine)
    if not mine:
        return OrderOutcome(None, 0, Decimal(0), left, "")
    created = datetime.fromtimestamp(context.now // 1_000_000, UTC)
    text = direct_debit(run, created, found, [_collection(one) for one in mine])
    return OrderOutcome(run, len(mine), money.add(*(one.amount for one in mine)), left, text)


def creditor(context: ActivityContext) -> Creditor | None:
    """Who collects; none where there is no valid one, or several."""
    rows = [row.data for row in context.records(CREDITOR).find()]
    if len(rows) != 1:
        return None
    name, iban, number = (str(rows[0].get(field) or "") for field in ("name", "iban", "creditor_id"))
    return Creditor(Account(name, iban), number) if is_iban(iban) and is_creditor_id(number) else None


def _mandates(context: ActivityContext) -> Iterator[Mandate]:
    names = Mandate.__dataclass_fields__
    for row in context.records(MANDATE).find():
        values = {name: value for name, value in row.data.items() if name in names and value not in (None, "")}
        if "notice" in values:
            values["notice"] = int(Decimal(str(values["notice"])))
        yield from_values(Mandate, values, f"{MANDATE} {row.key}")


def _used(context: ActivityContext) -> Mapping[str, date]:
    """The day of the last collection of each mandate that was ordered here."""
    found: dict[str, date] = {}
    for row in context.records(COLLECTION).find():
        one = _stored(row.data)
        found[one.mandate] = max(one.day, found.get(one.mandate, one.day))
    return found


def _stored(data: Mapping[str, object]) -> Debit:
    return from_values(Debit, {name: value for name, value in data.items() if name != "run"}, COLLECTION)


def _day(owed: Owed, mandate: Mandate, today: date) -> date:
    """The day of the debit: not before it is due, nor before the debtor was told in time, nor where no bank is open."""
    told = today + timedelta(law.days("pre_notification") if mandate.notice is None else max(mandate.notice, 1))
    return next_target_day(max(owed.due, told))


def _why_not(owed: Owed, mandate: Mandate, last: date | None, day: date, context: ActivityContext) -> str | None:
    if context.records(COLLECTION).get(owed.invoice) is not None:
        return "collected before"
    if rests(owed):
        return "rests"
    if mandate.revoked:
        return "mandate revoked"
    if mandate.once and last is not None:
        return "mandate used"
    if day > _months_after(last or mandate.signed, law.days("mandate_months")):
        return "mandate expired"
    if mandate.scheme == "B2B" and owed.consumer:
        return "consumer"
    if owed.currency != "EUR":
        return "currency"
    return None if is_iban(mandate.iban) else "no IBAN"


def _sequence(mandate: Mandate, last: date | None, again: bool) -> Sequence_:
    if mandate.once:
        return "OOFF"
    return "FRST" if last is None and not again else "RCUR"


def _months_after(day: date, months: int) -> date:
    """The same day so many months later; of a shorter month its last (§ 188 (3) BGB)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    end = (first.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
    return min(first + timedelta(day.day - 1), end)


def _claim(one: Debit, run: str, context: ActivityContext) -> bool:
    row = context.records(COLLECTION).put_once(one.invoice, {**to_values(one), "run": run})
    return row.data.get("run") == run


def _collection(one: Debit) -> Collection:
    return Collection(
        one.invoice, Account(one.holder, one.iban), one.amount, one.invoice, one.mandate, one.signed, one.sequence,
        one.scheme, one.day,
    )  # fmt: skip
