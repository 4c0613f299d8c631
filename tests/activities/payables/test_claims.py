"""Invoices see each other at their order, in whatever run and worker they come."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.activities.building import Line, ubl

from anyshore.activities.einvoice import read
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import orders
from anyshore.activities.payables.booking import BookInput, book
from anyshore.activities.payables.claims import (
    ClaimInput,
    ClaimOutcome,
    ReleaseInput,
    claim_order,
    release_order,
)
from anyshore.activities.payables.matching import MatchInput, match_order
from anyshore.base.errors import DataError

HEADER = "order,seller_vat_id,seller_name,currency,line,item,description,quantity,unit,unit_price,net"
TOTAL = "PO-1,DE136695976,Spree Möbel GmbH,EUR,,,Works,,,,1000.00\n"


def _context(rows: str = TOTAL) -> MemoryContext:
    context = MemoryContext()
    context.load(orders.KIND, orders.rows(orders.read_orders(f"{HEADER}\n{rows}".encode())))
    return context


def _claim(context: MemoryContext, number: str, net: str = "1000.00", kind: str = "380") -> ClaimOutcome:
    invoice = read(ubl(number, (Line("1", net),), kind=kind))
    found = match_order(MatchInput(invoice), context)
    return claim_order(ClaimInput(invoice, found), context.with_key(number))


def test_the_later_of_two_claims_sees_the_earlier() -> None:
    context = _context()
    first, second = _claim(context, "R-1"), _claim(context, "R-2")
    assert (first.match.difference, second.match.difference) == (0, 1000)


def test_of_two_measured_before_either_claimed_the_later_claim_sees_the_earlier() -> None:
    context = _context()
    invoices = [read(ubl(number, (Line("1", "1000.00"),))) for number in ("R-1", "R-2")]
    matches = [match_order(MatchInput(invoice), context) for invoice in invoices]
    assert [match.difference for match in matches] == [0, 0]
    claims = [
        claim_order(ClaimInput(invoice, match), context.with_key(invoice.number))
        for invoice, match in zip(invoices, matches, strict=True)
    ]
    assert [claim.match.difference for claim in claims] == [0, 1000]


def test_a_claim_made_again_is_the_same_claim() -> None:
    context = _context()
    first = _claim(context, "R-1")
    _claim(context, "R-2")
    invoice = read(ubl("R-1", (Line("1", "1000.00"),)))
    again = claim_order(ClaimInput(invoice, first.match), context.with_key("R-1"))
    assert again == first


def test_a_released_claim_does_not_count() -> None:
    context = _context()
    claimed = _claim(context, "R-1")
    for _ in range(2):
        assert release_order(ReleaseInput(claimed.claim), context).released
    assert _claim(context, "R-2").match.difference == 0


def test_what_is_booked_counts_once_with_its_claim() -> None:
    context = _context()
    invoice = read(ubl("R-1", (Line("1", "400.00"),)))
    claimed = _claim(context, "R-1", "400.00")
    book(BookInput(invoice, "1", "2", "3", order=claimed.match.order), context.with_key("book"))
    assert _claim(context, "R-2", "600.00").match.difference == 0


def test_what_a_person_booked_without_a_claim_counts() -> None:
    context = _context()
    book(BookInput(read(ubl("R-1", (Line("1", "900.00"),))), "1", "2", "3", order="PO-1"), context.with_key("book"))
    assert _claim(context, "R-2", "600.00").match.difference == 500


def test_a_claimed_down_payment_is_seen_by_the_final_invoice() -> None:
    context = _context()
    _claim(context, "R-1", "300.00", kind="386")
    assert _claim(context, "R-2", "700.00").match.down_payments == 1


def test_an_invoice_without_order_claims_nothing() -> None:
    context = _context()
    invoice = read(ubl(order=None))
    found = claim_order(ClaimInput(invoice, match_order(MatchInput(invoice), context)), context)
    assert found.claim is None
    assert not release_order(ReleaseInput(found.claim), context).released


def test_an_order_that_is_gone_is_told() -> None:
    invoice = read(ubl(lines=(Line("1", "10.00"),)))
    found = match_order(MatchInput(invoice), _context())
    with pytest.raises(DataError, match="not on record any more"):
        claim_order(ClaimInput(invoice, found), MemoryContext())


def _accepted(context: MemoryContext, amounts: list[int], order: list[int]) -> Iterator[int]:
    """Books what fits after claiming in some order, as the process does; gives what was booked."""
    invoices = [read(ubl(f"R-{place}", (Line("1", f"{amount}.00"),))) for place, amount in enumerate(amounts)]
    measured = [match_order(MatchInput(invoice), context) for invoice in invoices]
    for place in order:
        invoice = invoices[place]
        found = claim_order(ClaimInput(invoice, measured[place]), context.with_key(invoice.number))
        if found.match.difference is not None and found.match.difference <= 0:
            yield amounts[place]
            book(BookInput(invoice, "1", "2", "3", order="PO-1"), context.with_key(f"book-{place}"))
        else:
            release_order(ReleaseInput(found.claim), context)


@given(st.data())
def test_no_order_of_arrival_books_more_than_ordered(data: st.DataObject) -> None:
    amounts = data.draw(st.lists(st.integers(1, 700), min_size=1, max_size=6))
    order = data.draw(st.permutations(range(len(amounts))))
    assert Decimal(sum(_accepted(_context(), amounts, list(order)))) <= 1000
