"""Direct debits by mandate: when, which collection it is, and what a mandate does not let be debited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from anyshore.activities.memory import MemoryContext
from anyshore.activities.receivables import accounts, collecting
from anyshore.activities.receivables.collecting import CollectInput, Mandate, OrderInput, ProposeOutcome
from anyshore.base.errors import DataError
from anyshore.base.plain import to_values

TODAY, UNTIL = date(2026, 3, 2), date(2026, 3, 31)
MANDATE = Mandate("M-1", "K1", "Seewind GmbH", "DE02120300000000202051", date(2025, 6, 2))
INVOICE = accounts.Invoice("RE-1", "K1", Decimal("119.00"), date(2026, 2, 12), date(2026, 3, 12))


def books(
    *invoices: accounts.Invoice, mandates: tuple[Mandate, ...] = (MANDATE,), consumer: bool = False
) -> MemoryContext:
    context = MemoryContext(now=1_772_440_000_000_000)
    context.load(accounts.INVOICE, [(one.number, to_values(one)) for one in invoices or (INVOICE,)])
    context.load(accounts.DEBTOR, [("K1", to_values(accounts.Debtor("K1", "Seewind GmbH", consumer)))])
    context.load(collecting.MANDATE, [(one.mandate, to_values(one)) for one in mandates])
    row = {"name": "Nordwerk GmbH", "iban": "DE89370400440532013000", "creditor_id": "DE98ZZZ09999999999"}
    context.load(collecting.CREDITOR, [("Nordwerk GmbH", row)])
    return context


def propose(context: MemoryContext, today: date = TODAY, until: date = UNTIL) -> ProposeOutcome:
    return collecting.propose(CollectInput(today, until), context)


@pytest.mark.parametrize(
    ("due", "notice", "day"),
    [
        (date(2026, 3, 12), None, date(2026, 3, 16)),  # fourteen days after today
        (date(2026, 3, 20), None, date(2026, 3, 20)),  # not before it is due
        (date(2026, 3, 21), None, date(2026, 3, 23)),  # a Saturday
        (date(2026, 3, 5), 2, date(2026, 3, 5)),
        (date(2026, 3, 2), 0, date(2026, 3, 3)),  # never the same day
    ],
)
def test_the_debtor_is_told_in_time_and_a_bank_is_open(due: date, notice: int | None, day: date) -> None:
    found = propose(books(replace(INVOICE, due=due), mandates=(replace(MANDATE, notice=notice),)))
    assert [one.day for one in found.debits] == [day]


def test_good_friday_and_easter_monday_are_no_days_of_target() -> None:
    found = propose(books(replace(INVOICE, due=date(2026, 4, 3))), until=date(2026, 4, 30))
    assert [one.day for one in found.debits] == [date(2026, 4, 7)]


def test_the_first_collection_of_a_mandate_is_told_from_further_ones() -> None:
    second = replace(INVOICE, number="RE-2", due=date(2026, 3, 25))
    found = propose(books(INVOICE, second))
    assert [(one.invoice, one.sequence) for one in found.debits] == [("RE-1", "FRST"), ("RE-2", "RCUR")]
    used = propose(books(mandates=(replace(MANDATE, last_used=date(2026, 1, 5)),)))
    assert [one.sequence for one in used.debits] == ["RCUR"]
    assert found.total == Decimal("238.00")


def test_two_invoices_collected_first_on_one_day_are_both_first() -> None:
    found = propose(books(INVOICE, replace(INVOICE, number="RE-2")))
    assert [one.sequence for one in found.debits] == ["FRST", "FRST"]


@pytest.mark.parametrize(
    ("mandate", "consumer", "invoice", "why"),
    [
        (replace(MANDATE, signed=date(2023, 3, 15)), False, INVOICE, "mandate expired"),
        (replace(MANDATE, signed=date(2019, 1, 1), last_used=date(2023, 3, 15)), False, INVOICE, "mandate expired"),
        (replace(MANDATE, revoked=True), False, INVOICE, "mandate revoked"),
        (replace(MANDATE, once=True, last_used=date(2025, 12, 1)), False, INVOICE, "mandate used"),
        (replace(MANDATE, scheme="B2B"), True, INVOICE, "consumer"),
        (replace(MANDATE, iban="DE00"), False, INVOICE, "no IBAN"),
        (MANDATE, False, replace(INVOICE, disputed=True), "rests"),
        (MANDATE, False, replace(INVOICE, currency="USD"), "currency"),
    ],
)
def test_what_is_not_debited_and_why(mandate: Mandate, consumer: bool, invoice: accounts.Invoice, why: str) -> None:
    found = propose(books(invoice, mandates=(mandate,), consumer=consumer))
    assert (found.debits, [one.why for one in found.left]) == ((), [why])


def test_a_mandate_ends_36_months_after_its_last_use_and_not_before() -> None:
    found = propose(books(mandates=(replace(MANDATE, signed=date(2023, 3, 16)),)))
    assert [one.day for one in found.debits] == [date(2026, 3, 16)]


def test_a_mandate_for_one_collection_gives_one() -> None:
    found = propose(books(INVOICE, replace(INVOICE, number="RE-2"), mandates=(replace(MANDATE, once=True),)))
    assert [one.sequence for one in found.debits] == ["OOFF"]
    assert [one.why for one in found.left] == ["mandate used"]


def test_an_invoice_is_collected_once_by_whichever_run() -> None:
    context = books()
    found = propose(context)
    first = collecting.order(OrderInput(TODAY, found.debits), context.with_key("a"))
    assert (first.debits, first.total, first.left) == (1, Decimal("119.00"), ())
    assert "<SeqTp>FRST</SeqTp>" in first.file
    assert collecting.order(OrderInput(TODAY, found.debits), context.with_key("a")) == first
    other = collecting.order(OrderInput(TODAY, found.debits), context.with_key("b"))
    assert (other.message, other.left, other.file) == (None, ("RE-1",), "")
    assert [one.why for one in propose(context).left] == ["collected before"]


def test_a_mandate_used_here_is_no_first_one_next_time() -> None:
    context = books()
    collecting.order(OrderInput(TODAY, propose(context).debits), context.with_key("a"))
    more = replace(INVOICE, number="RE-9", issued=date(2026, 3, 20), due=date(2026, 4, 9))
    context.load(accounts.INVOICE, [("RE-9", to_values(more))])
    found = propose(context, date(2026, 3, 23), date(2026, 4, 30))
    assert [(one.invoice, one.sequence) for one in found.debits] == [("RE-9", "RCUR")]


def test_without_a_creditor_nothing_is_collected() -> None:
    context = books()
    context.tables.pop(collecting.CREDITOR)
    found = propose(context)
    assert found.problems
    with pytest.raises(DataError) as caught:
        collecting.order(OrderInput(TODAY, found.debits), context.with_key("a"))
    assert caught.value.code == "receivables.creditor"


def test_who_gave_no_mandate_is_not_in_a_run() -> None:
    found = propose(books(mandates=()))
    assert (found.debits, found.left) == ((), ())
