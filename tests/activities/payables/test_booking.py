from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anyshore.activities.einvoice.model import Invoice, Totals, VatBreakdown
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables.booking import BookInput, Posting, book, make_posting
from anyshore.base.errors import DataError, HostError

MakeInvoice = Callable[..., Invoice]


def _input(invoice: Invoice) -> BookInput:
    return BookInput(invoice, "6815", "1406", "3300", cost_centre="K1", order="PO-1")


def _lines(posting: Posting) -> list[tuple[str, str, str]]:
    return [(entry.side, entry.account, str(entry.amount)) for entry in posting.entries]


def test_invoice_debits_expense_and_vat_and_credits_payables(make_invoice: MakeInvoice) -> None:
    context = MemoryContext(idempotency_key="k")
    outcome = book(_input(make_invoice()), context)
    assert outcome.booked
    assert outcome.id == "k"
    assert _lines(outcome.posting) == [
        ("debit", "6815", "100.00"),
        ("debit", "1406", "19.00"),
        ("credit", "3300", "119.00"),
    ]
    assert outcome.posting.entries[0].cost_centre == "K1"
    assert outcome.posting.entries[1].vat_rate == Decimal(19)
    assert outcome.posting.order == "PO-1"


def test_credit_note_turns_the_sides(make_invoice: MakeInvoice) -> None:
    posting = make_posting(_input(make_invoice(type_code="381")))
    assert _lines(posting) == [("credit", "6815", "100.00"), ("credit", "1406", "19.00"), ("debit", "3300", "119.00")]
    assert (posting.net, posting.gross, posting.open_amount) == (Decimal(-100), Decimal(-119), Decimal(-119))


def test_negative_invoice_turns_the_sides_too(make_invoice: MakeInvoice) -> None:
    posting = make_posting(_input(make_invoice(net="-100.00", vat="-19.00")))
    assert {entry.side for entry in posting.entries if entry.account == "3300"} == {"debit"}
    assert all(entry.amount > 0 for entry in posting.entries)


def test_a_repeated_job_books_once(make_invoice: MakeInvoice) -> None:
    context = MemoryContext(idempotency_key="k")
    first = book(_input(make_invoice()), context)
    again = book(_input(make_invoice()), context)
    assert (again.booked, again.posting, again.id) == (False, first.posting, first.id)
    assert len(context.records("posting").rows) == 1
    book(_input(make_invoice("R-2")), context.with_key("other"))
    assert len(context.records("posting").rows) == 2


def test_key_of_another_posting_is_refused(make_invoice: MakeInvoice) -> None:
    context = MemoryContext(idempotency_key="k")
    book(_input(make_invoice()), context)
    with pytest.raises(HostError, match="already holds another posting"):
        book(_input(make_invoice("R-2")), context)


def test_contradicting_amounts_are_not_booked(make_invoice: MakeInvoice) -> None:
    wrong = replace(make_invoice(), totals=Totals(Decimal(100), Decimal(120), Decimal(120)))
    context = MemoryContext()
    with pytest.raises(DataError, match=r"debits 119\.00, credits 120 EUR"):
        book(_input(wrong), context)
    assert context.records("posting").rows == {}


def test_vat_is_split_by_category_and_rate(make_invoice: MakeInvoice) -> None:
    parts = (
        VatBreakdown(Decimal("60.00"), Decimal("4.20"), "S", Decimal(7)),
        VatBreakdown(Decimal("40.00"), Decimal("7.60"), "S", Decimal(19)),
    )
    split = make_posting(_input(replace(make_invoice(vat="11.80"), vat=parts)))
    assert split.vat == Decimal("11.80")
    assert [(e.vat_rate, e.amount) for e in split.entries if e.account == "1406"] == [
        (Decimal(7), Decimal("4.20")),
        (Decimal(19), Decimal("7.60")),
    ]


@pytest.mark.parametrize(("category", "base"), [("AE", "100.00"), ("K", "100.00"), ("Z", "0"), ("E", "0")])
def test_vat_owed_by_the_buyer_is_reported(make_invoice: MakeInvoice, category: str, base: str) -> None:
    invoice = make_invoice(vat="0.00", type_code="380")
    part = VatBreakdown(Decimal("100.00"), Decimal("0.00"), category, Decimal(0))
    outcome = book(_input(replace(invoice, vat=(part,))), MemoryContext())
    assert outcome.reverse_charge_base == Decimal(base)
    assert [entry.account for entry in outcome.posting.entries] == ["6815", "3300"]


def test_invoice_without_breakdown_books_the_total_vat(make_invoice: MakeInvoice) -> None:
    posting = make_posting(_input(replace(make_invoice(), vat=())))
    assert _lines(posting) == [("debit", "6815", "100.00"), ("debit", "1406", "19.00"), ("credit", "3300", "119.00")]


cents = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-2))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(parts=st.lists(st.tuples(cents, cents), min_size=1, max_size=4), credit=st.booleans())
def test_every_posting_balances(make_invoice: MakeInvoice, parts: list[tuple[Decimal, Decimal]], credit: bool) -> None:
    net, vat = sum((p[0] for p in parts), Decimal(0)), sum((p[1] for p in parts), Decimal(0))
    invoice = make_invoice(
        type_code="381" if credit else "380",
        totals=Totals(net, net + vat, net + vat, vat=vat),
    )
    breakdown = tuple(VatBreakdown(base, tax, "S", Decimal(19)) for base, tax in parts)
    entries = make_posting(_input(replace(invoice, vat=breakdown))).entries
    assert all(entry.amount > 0 for entry in entries)
    assert sum(e.amount if e.side == "debit" else -e.amount for e in entries) == 0
