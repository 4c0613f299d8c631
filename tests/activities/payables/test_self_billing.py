"""Goods received on orders that are paid by receipt are settled once, at the price of the order, never beyond it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.activities.building import Line, ubl
from tests.draws import examples

from anyshore.activities.common import money
from anyshore.activities.common.postings import KIND as POSTING
from anyshore.activities.einvoice import read
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import orders, receipts, sellers
from anyshore.activities.payables.matching import MatchInput, match_order
from anyshore.activities.payables.receipt_settlement import SettleInput, SettleOutcome, settle
from anyshore.activities.payables.self_billing import Accounts, BookInput, BookOutcome, book_settlements

HEADER = (
    "order,seller_vat_id,seller_name,currency,line,item,description,quantity,unit,unit_price,net,evaluated,vat_rate"
)
ORDER = "PO-1,DE136695976,Spree Möbel GmbH,EUR,1,CH-1,Chair,100,H87,49.999,,yes,19\n"
SELLERS = "vat_id,name,iban,expense_account\nDE136695976,Spree Möbel GmbH,DE02120300000000202051,6815\n"
DAY = date(2026, 3, 31)


def _context(*received: str, order: str = ORDER, approved: str = SELLERS) -> MemoryContext:
    context = MemoryContext()
    context.load(orders.KIND, orders.rows(orders.read_orders(f"{HEADER}\n{order}".encode())))
    context.load(sellers.KIND, sellers.rows(sellers.read_sellers(approved.encode())))
    _receive(context, *received)
    return context


def _receive(context: MemoryContext, *received: str) -> None:
    rows = "\n".join(f"{one},PO-1,1" for one in received)
    table = f"quantity,receipt,received,order,line\n{rows}\n" if received else "quantity,receipt,received,order,line\n"
    context.load(receipts.KIND, receipts.rows(receipts.read_receipts(table.encode())))


def _settle(context: MemoryContext, until: date = DAY) -> SettleOutcome:
    return settle(SettleInput(until), context)


def _book(context: MemoryContext, found: SettleOutcome, job: str) -> BookOutcome:
    given = BookInput(DAY, found.items, Accounts("4900", "1576", "1600"))
    return book_settlements(given, context.with_key(job))


def test_what_was_received_is_settled_at_the_price_of_the_order() -> None:
    context = _context("40,W-1,2026-03-02", "3,W-2,2026-04-01")
    (item,) = _settle(context).items
    assert (item.net, item.vat, item.gross) == (Decimal("1999.96"), Decimal("379.99"), Decimal("2379.95"))
    booked = _book(context, _settle(context), "a")
    assert [one.number for one in booked.stated] == ["GS-2026-00001"]
    for word in ("Gutschrift", "GS-2026-00001", "DE136695976", "2379.95 EUR", "until 2026-03-31"):
        assert word in booked.stated[0].text
    (row,) = context.records(POSTING).find()
    assert row.data["gross"] == Decimal("2379.95")
    assert row.data["payee"]["account"] == "DE02120300000000202051"
    assert _settle(context).items == ()
    assert [one.lines[0].quantity for one in _settle(context, date(2026, 4, 30)).items] == [3]


def test_a_job_done_again_gives_the_same_and_another_run_of_the_same_nothing() -> None:
    context = _context("40,W-1,2026-03-02")
    found = _settle(context)
    first = _book(context, found, "a")
    assert _book(context, found, "a") == first
    assert _book(context, found, "b") == BookOutcome((), ("PO-1",), Decimal(0))
    assert len(context.records(POSTING).find()) == 1


def test_what_changed_since_it_was_approved_is_left() -> None:
    context = _context("40,W-1,2026-03-02")
    found = _settle(context)
    _receive(context, "40,W-1,2026-03-02", "10,W-2,2026-03-03")
    assert _book(context, found, "a").left == ("PO-1",)
    assert _book(context, _settle(context), "b").stated[0].number == "GS-2026-00001", "no number is lost"


@pytest.mark.parametrize(
    ("received", "order", "approved", "reason"),
    [
        ("101,W-1,2026-03-02", ORDER, SELLERS, "more than ordered"),
        ("-1,W-1,2026-03-02", ORDER, SELLERS, "sent back"),
        ("1,W-1,2026-03-02", ORDER.replace(",19", ","), SELLERS, "no VAT rate"),
        ("1,W-1,2026-03-02", ORDER.replace("EUR", "CHF"), SELLERS, "currency"),
        ("1,W-1,2026-03-02", ORDER, SELLERS.splitlines()[0] + "\n", "unknown seller"),
        ("1,W-1,2026-03-02", ORDER, SELLERS.replace("DE02120300000000202051", ""), "no account"),
    ],
)
def test_what_is_not_settled_is_told_with_its_reason(received: str, order: str, approved: str, reason: str) -> None:
    found = _settle(_context(received, order=order, approved=approved))
    assert [one.reason for one in found.held] == [reason]
    assert [one.lines[0].quantity for one in found.items] == ([100] if reason == "more than ordered" else [])


def test_an_invoice_on_what_is_settled_by_receipt_is_one_too_many() -> None:
    context = _context("100,W-1,2026-03-02")
    _book(context, _settle(context), "a")
    found = match_order(MatchInput(read(ubl(lines=[Line("10", "49.999", order_line="1")]))), context)
    assert found.evaluated
    assert found.lines[0].quantity_difference == 10


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(st.integers(-30, 60), st.booleans(), st.booleans()), min_size=1, max_size=8))
def test_never_more_is_settled_than_ordered_or_received(steps: list[tuple[int, bool, bool]]) -> None:
    """Over any deliveries, returns, runs, and runs that settle the same at once."""
    context, rows, job = _context(), [], 0
    for place, (quantity, run, twice) in enumerate(steps):
        if quantity:
            rows.append(f"{quantity},W-{place},2026-03-02")
            _receive(context, *rows)
        if run:
            found = _settle(context)
            for _again in range(2 if twice else 1):
                job += 1
                _book(context, found, str(job))
    booked = [row.data for row in context.records(POSTING).find()]
    settled = money.add(*(one["allocations"][0]["quantity"] for one in booked))
    highest = max(
        (min(Decimal(100), Decimal(sum(int(row.split(",")[0]) for row in rows[:end]))) for end in range(len(rows) + 1)),
        default=Decimal(0),
    )
    assert settled <= highest
    net = money.add(*(one["net"] for one in booked))
    assert net == (settled * Decimal("49.999")).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    numbers = sorted(str(one["number"]) for one in booked)
    assert numbers == [f"GS-2026-{place:05}" for place in range(1, len(numbers) + 1)]


def test_two_orders_of_one_run_get_numbers_in_a_row() -> None:
    context = _context("1,W-1,2026-03-02", order=ORDER + ORDER.replace("PO-1", "PO-2"))
    context.load(
        receipts.KIND,
        receipts.rows(receipts.read_receipts(b"receipt,order,line,quantity\nW-1,PO-1,1,1\nW-9,PO-2,1,2\n")),
    )
    booked = _book(context, _settle(context), "a")
    assert [one.number[-1] for one in booked.stated] == ["1", "2"]
    assert replace(booked, stated=()).left == ()
