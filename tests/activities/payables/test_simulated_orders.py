from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from anyshore.activities.einvoice import Invoice, read
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import orders
from anyshore.activities.payables.matching import MatchInput, match_order
from anyshore.activities.payables.simulated_orders import disturbance, simulate_orders

MakeInvoice = Callable[..., Invoice]


def _number(kind: str) -> str:
    return next(n for i in range(10_000) if disturbance(n := f"PO-{i}") == kind)


def test_shares_of_the_disturbances() -> None:
    counts = Counter(disturbance(f"PO-{i}") for i in range(5_000))
    assert 0.66 < counts["none"] / 5_000 < 0.74
    for kind in ("price", "quantity", "missing"):
        assert 0.08 < counts[kind] / 5_000 < 0.12


def _matched(invoice: Invoice, kind: str) -> tuple[str, Decimal | None, str | None]:
    ordered = replace(invoice, order_reference=_number(kind))
    context = MemoryContext()
    context.load(orders.KIND, orders.rows(simulate_orders([ordered])))
    found = match_order(MatchInput(ordered), context)
    return found.outcome, found.difference, found.order_origin


def test_disturbances_are_measured_and_marked_as_simulated(make_invoice: MakeInvoice) -> None:
    invoice = make_invoice()
    assert _matched(invoice, "none") == ("found", Decimal(0), "simulated")
    assert _matched(invoice, "price") == ("found", Decimal("5.00"), "simulated")
    assert _matched(invoice, "quantity") == ("found", Decimal("10.00"), "simulated")
    assert _matched(invoice, "missing") == ("unknown order", None, None)


def test_the_same_invoices_give_the_same_orders(make_invoice: MakeInvoice) -> None:
    invoices = [make_invoice(order_reference=f"PO-{i}") for i in range(50)]
    assert simulate_orders(invoices) == simulate_orders(invoices)


def test_no_order_for_credit_notes_and_without_reference(make_invoice: MakeInvoice) -> None:
    number = _number("none")
    assert simulate_orders([make_invoice(), make_invoice(type_code="381", order_reference=number)]) == []


def test_invoices_of_one_order_add_up(make_invoice: MakeInvoice) -> None:
    number = _number("none")
    (order,) = simulate_orders([make_invoice("A", order_reference=number), make_invoice("B", order_reference=number)])
    assert order.net == Decimal(200)


def test_a_repeated_invoice_counts_once(make_invoice: MakeInvoice) -> None:
    invoice = make_invoice(order_reference=_number("none"))
    (order,) = simulate_orders([invoice, invoice])
    assert order.net == Decimal(100)


def test_an_order_number_of_two_currencies_is_the_first_ones(make_invoice: MakeInvoice) -> None:
    number = _number("none")
    invoices = [make_invoice("A", order_reference=number), make_invoice("B", currency="USD", order_reference=number)]
    (order,) = simulate_orders(invoices)
    assert (order.currency, order.net) == ("EUR", Decimal(100))


def test_real_invoices_give_orders(data_dir: Path) -> None:
    folder = data_dir / "einvoice/xrechnung-testsuite/business-cases/standard"
    found = simulate_orders(read(file) for file in sorted(folder.glob("*.xml")))
    assert found
    assert {order.origin for order in found} == {"simulated"}
