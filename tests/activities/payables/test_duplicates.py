from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from anyshore.activities.einvoice.model import Invoice, Party
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables.duplicates import DuplicatesInput, DuplicatesOutcome, find_duplicates
from anyshore.base.errors import HostError

MakeInvoice = Callable[..., Invoice]


def _find(context: MemoryContext, key: str, invoice: Invoice, days: int = 10) -> DuplicatesOutcome:
    return find_duplicates(DuplicatesInput(invoice, f"{key}.xml", days), context.with_key(key))


@pytest.fixture
def first(make_invoice: MakeInvoice) -> Invoice:
    return make_invoice("RE-2026-042")


def test_first_invoice_has_no_duplicate(first: Invoice) -> None:
    found = _find(MemoryContext(), "a", first)
    assert found == DuplicatesOutcome("a", found.invoice, False, False, ())


def test_repeated_job_is_not_its_own_duplicate(first: Invoice) -> None:
    context = MemoryContext()
    before = _find(context, "a", first)
    assert _find(context, "a", first) == before
    assert len(context.records("invoice").rows) == 1


def test_repeated_job_gives_the_same_answer_after_others_came(first: Invoice, make_invoice: MakeInvoice) -> None:
    context = MemoryContext()
    _find(context, "a", first)
    second = _find(context, "b", first)
    _find(context, "c", first)
    assert _find(context, "b", first) == second
    assert [d.id for d in second.duplicates] == ["a"]


@pytest.mark.parametrize("number", ["RE-2026-042", "re 2026 42", "RE2026042", "RE/2026/0042"])
def test_same_number_in_any_notation_is_exact(first: Invoice, number: str) -> None:
    context = MemoryContext()
    _find(context, "a", first)
    found = _find(context, "b", replace(first, number=number, issue_date=date(2025, 1, 1)))
    assert found.exact
    assert [(d.kind, d.id, d.document, d.number) for d in found.duplicates] == [("exact", "a", "a.xml", "RE-2026-042")]


def test_exact_needs_neither_amount_nor_date(first: Invoice, make_invoice: MakeInvoice) -> None:
    context = MemoryContext()
    _find(context, "a", first)
    assert _find(context, "b", make_invoice("RE-2026-042", net="7.00", vat="1.33")).exact


@pytest.mark.parametrize(("days", "near"), [(0, True), (9, True), (10, True), (11, False), (-10, True), (-11, False)])
def test_same_amount_is_near_within_the_days(first: Invoice, make_invoice: MakeInvoice, days: int, near: bool) -> None:
    context = MemoryContext()
    _find(context, "a", first)
    other = make_invoice("X-9", issue_date=first.issue_date + timedelta(days=days))
    found = _find(context, "b", other)
    assert (found.exact, found.near) == (False, near)
    if near:
        assert found.duplicates[0].reason == f"same seller and amount, {abs(days)} days apart"


def test_slip_in_the_number_is_near_at_any_date(first: Invoice, make_invoice: MakeInvoice) -> None:
    context = MemoryContext()
    _find(context, "a", first)
    found = _find(context, "b", make_invoice("RE-2026-402", issue_date=date(2020, 1, 1)))
    assert found.near
    assert "one slip" in found.duplicates[0].reason
    assert not _find(context, "c", make_invoice("RE-2026-402", net="7.00", issue_date=date(2020, 1, 1))).near


def test_a_subscription_is_no_row_of_duplicates(make_invoice: MakeInvoice) -> None:
    """The same amount every month, under numbers one after the other."""
    context = MemoryContext()
    for month in range(1, 13):
        invoice = make_invoice(f"R-{100 + month}", issue_date=date(2026, month, 1))
        assert not _find(context, str(month), invoice).near, invoice.number
    assert _find(context, "again", make_invoice("R-106", issue_date=date(2026, 6, 1))).exact
    assert _find(context, "typed", make_invoice("R-016", issue_date=date(2026, 7, 20))).near


def test_a_negative_invoice_repeats_a_credit_note(first: Invoice, make_invoice: MakeInvoice) -> None:
    context = MemoryContext()
    _find(context, "a", first)
    assert _find(context, "b", replace(first, type_code="381")).duplicates == ()
    found = _find(context, "c", make_invoice("RE-2026-042", net="-100.00", vat="-19.00"))
    assert [(d.kind, d.id, d.gross) for d in found.duplicates] == [("exact", "b", Decimal("119.00"))]


@pytest.mark.parametrize(
    "changes",
    [
        {"seller": Party("Other", vat_id="DE999999999")},
        {"type_code": "381"},
        {"currency": "USD", "number": "X-1"},
    ],
)
def test_what_is_no_duplicate(first: Invoice, changes: dict[str, object]) -> None:
    context = MemoryContext()
    _find(context, "a", first)
    found = _find(context, "b", replace(first, **changes))
    assert found.duplicates == ()


def test_exact_comes_before_near(first: Invoice, make_invoice: MakeInvoice) -> None:
    context = MemoryContext()
    _find(context, "a", make_invoice("X-1"))
    _find(context, "b", first)
    found = _find(context, "c", first)
    assert [(d.kind, d.id) for d in found.duplicates] == [("exact", "b"), ("near", "a")]
    assert found.exact
    assert found.near


def test_key_of_another_invoice_is_refused(first: Invoice, make_invoice: MakeInvoice) -> None:
    context = MemoryContext()
    _find(context, "a", first)
    with pytest.raises(HostError) as caught:
        _find(context, "a", make_invoice("OTHER"))
    assert caught.value.code == "activity.key-reused"
