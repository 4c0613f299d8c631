"""What of an invoice is beyond its tolerances: three-way matching over all invoices, orders of arrival and workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.activities.building import Line, ubl

from anyshore.activities.einvoice import Invoice, read
from anyshore.activities.einvoice.model import AllowanceCharge
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import orders, receipts, tolerances
from anyshore.activities.payables.booking import BookInput, book
from anyshore.activities.payables.claims import ClaimInput, ClaimOutcome, ReleaseInput, claim_order, release_order
from anyshore.activities.payables.matching import MatchInput, MatchOutcome, match_order
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder
from anyshore.activities.payables.receipts import GoodsReceipt
from anyshore.activities.payables.tolerances import Tolerances
from anyshore.activities.payables.variances import Tolerance

TWO = Tolerance(Decimal(2), Decimal(50))
DEFAULT = Tolerances(price=TWO, quantity=TWO, line=TWO, charge=TWO, order=TWO)


def _line(number: str, quantity: str, price: str, receipt: bool | None = None, **more: object) -> OrderLine:
    net = Decimal(quantity) * Decimal(price)
    line = OrderLine(number, f"IT-{number}", f"Item {number}", Decimal(quantity), "H87", Decimal(price), net, receipt)
    return replace(line, **more)  # type: ignore[arg-type]


def _context(*lines: OrderLine, received: Sequence[tuple[str, str]] = (), rules: str = "") -> MemoryContext:
    context = MemoryContext()
    net = sum((line.net for line in lines), Decimal(0))
    order = PurchaseOrder("PO-1", "DE136695976", "Spree Möbel GmbH", "EUR", net, lines)
    context.load(orders.KIND, orders.rows([order]))
    came = [GoodsReceipt(f"W-{n}", "PO-1", line, Decimal(much)) for n, (line, much) in enumerate(received)]
    context.load(receipts.KIND, receipts.rows(came))
    if rules:
        context.load(tolerances.KIND, tolerances.rows(tolerances.read_rules(rules.encode())))
    return context


def _match(context: MemoryContext, *lines: Line, number: str = "R-1", kind: str = "380") -> MatchOutcome:
    invoice = read(ubl(number, lines, kind=kind))
    found = match_order(MatchInput(invoice, tolerances=DEFAULT), context)
    book(BookInput(invoice, "1", "2", "3", order="PO-1", allocations=found.allocations), context.with_key(number))
    return found


def _fields(found: MatchOutcome) -> list[str]:
    return [one.field for one in found.discrepancies]


CHAIRS = _line("1", "100", "50.00", receipt=True)


@pytest.mark.parametrize(
    ("received", "invoiced", "fields"),
    [
        ((), "10", ["receipt"]),
        ((("1", "10"),), "10", []),
        ((("1", "10"),), "9", []),
        ((("1", "10"),), "11", ["receipt"]),
        ((("1", "6"), ("1", "5")), "11", []),
        ((("1", "12"), ("1", "-2")), "11", ["receipt"]),
        # delivered more than ordered: within the tolerance of the quantity, and beyond it
        ((("1", "101"),), "101", []),
        ((("1", "110"),), "110", ["quantity", "line total", "order total"]),
    ],
)
def test_no_more_is_due_than_was_received(
    received: Sequence[tuple[str, str]], invoiced: str, fields: list[str]
) -> None:
    found = _match(_context(CHAIRS, received=received), Line(invoiced, "50.00", order_line="1"))
    assert _fields(found) == fields


def test_partial_deliveries_are_counted_over_all_invoices() -> None:
    context = _context(CHAIRS, received=[("1", "60")])
    first = _match(context, Line("40", "50.00", order_line="1"), number="R-1")
    second = _match(context, Line("21", "50.00", order_line="1"), number="R-2")
    assert (_fields(first), _fields(second)) == ([], ["receipt"])
    (beyond,) = second.discrepancies
    assert (beyond.actual, beyond.expected, beyond.line, beyond.order_line) == (61, 60, "1", "1")


def test_without_need_of_a_receipt_none_is_asked_for() -> None:
    assert _fields(_match(_context(_line("1", "100", "50.00")), Line("10", "50.00", order_line="1"))) == []


def test_a_rule_asks_for_a_receipt_and_an_order_may_not() -> None:
    rules = "seller_name,receipt\nSpree Möbel GmbH,yes\n"
    lines = _line("1", "100", "50.00"), _line("2", "10", "20.00", receipt=False)
    found = _match(
        _context(*lines, rules=rules), Line("10", "50.00", order_line="1"), Line("1", "20.00", order_line="2")
    )
    assert [(one.field, one.order_line) for one in found.discrepancies] == [("receipt", "1")]


def test_of_an_order_over_a_sum_nothing_says_what_was_received() -> None:
    context = _context(rules="order,receipt\nPO-1,yes\n")
    assert "receipt" in _fields(_match(context, Line("1", "10.00")))


def test_a_tolerance_of_the_order_goes_before_the_default() -> None:
    line = Line("10", "54.00", order_line="1")
    assert _fields(_match(_context(_line("1", "100", "50.00")), line)) == ["price"]
    rules = "order,price_percent\nPO-1,8\n"
    assert _fields(_match(_context(_line("1", "100", "50.00"), rules=rules), line)) == []


def test_prices_within_tolerance_add_up_to_more_than_the_line() -> None:
    context = _context(_line("1", "100", "50.00"))
    found = [_match(context, Line("50", "50.90", order_line="1"), number=n) for n in ("R-1", "R-2")]
    assert [_fields(one) for one in found] == [[], ["line total", "order total"]]


def test_a_package_of_an_item_is_converted() -> None:
    boxed = _line("1", "1000", "0.05", package="XBX", package_quantity=Decimal(500))
    good, dear = (_match(_context(boxed), Line("2", price, "XBX", order_line="1")) for price in ("25.00", "50.00"))
    assert (good.differences.units, _fields(good), _fields(dear)) == (0, [], ["price", "line total", "order total"])


def test_a_credit_note_gives_back_whatever_its_price() -> None:
    context = _context(CHAIRS, received=[("1", "10")])
    _match(context, Line("20", "50.00", order_line="1"))
    assert _fields(_match(context, Line("5", "90.00", order_line="1"), number="C-1", kind="381")) == []


def _charged(amount: str, reason: str) -> Invoice:
    invoice = read(ubl(lines=(Line("10", "50.00", order_line="1"),)))
    charge = AllowanceCharge(True, Decimal(amount), reason)
    totals = replace(invoice.totals, charges=charge.amount, net=invoice.totals.net + charge.amount)
    return replace(invoice, allowances_charges=(charge,), totals=totals)


FREIGHT = OrderLine("2", None, "Freight", Decimal(1), None, Decimal(30), Decimal(30))


@pytest.mark.parametrize(
    ("amount", "reason", "rules", "fields"),
    [
        ("30.00", "Freight", "", []),
        ("20.00", "Freight", "", []),
        ("31.00", "Freight", "", ["charge"]),
        ("31.00", "Freight", "charge_percent\n5\n", []),
        ("9.00", "Express", "", ["charge"]),
        ("9.00", "Express", "charge_amount\n10\n", []),
        ("20.00", "Freight", "totals_percent\n5\n", ["charges"]),
        ("29.00", "Freight", "totals_percent\n5\n", []),
    ],
)
def test_charges_and_totals(amount: str, reason: str, rules: str, fields: list[str]) -> None:
    context = _context(_line("1", "100", "50.00"), FREIGHT, rules=rules)
    found = match_order(MatchInput(_charged(amount, reason), tolerances=DEFAULT), context)
    assert _fields(found) == fields


def test_an_order_that_is_paid_by_receipt_is_told() -> None:
    assert _match(_context(replace(CHAIRS, evaluated=True)), Line("1", "50.00", order_line="1")).evaluated


def test_what_a_credit_note_gives_back_counts_when_it_is_booked() -> None:
    context = _context(_line("1", "10", "50.00"))
    _match(context, Line("10", "50.00", order_line="1"))
    credit = _claimed(context, read(ubl("C-1", (Line("10", "50.00", order_line="1"),), kind="381")))
    again = read(ubl("R-2", (Line("10", "50.00", order_line="1"),)))
    assert "quantity" in [one.field for one in _claimed(context, again).match.discrepancies]
    release_order(ReleaseInput(credit.claim), context)


def _claimed(context: MemoryContext, invoice: Invoice, match: MatchOutcome | None = None) -> ClaimOutcome:
    found = match or match_order(MatchInput(invoice, tolerances=DEFAULT), context)
    return claim_order(ClaimInput(invoice, found, DEFAULT), context.with_key(f"claim-{invoice.number}"))


def _fits(match: MatchOutcome) -> bool:
    return not match.discrepancies and not match.differences.unmatched and not match.differences.units


CHAIR_PRICES = ["49.00", "50.00", "50.90", "51.00"]


@st.composite
def _invoices(draw: st.DrawFn) -> list[Invoice]:
    """Invoices and credit notes over an order of two lines, in pieces and dozens, at prices about those ordered."""
    found = []
    for number in range(draw(st.integers(2, 7))):
        kind = draw(st.sampled_from(["380", "380", "380", "381"]))
        lines = [
            Line(str(draw(st.integers(1, 70))), draw(st.sampled_from(CHAIR_PRICES)), order_line="1"),
            Line(str(draw(st.integers(1, 9))), draw(st.sampled_from(["120.00", "121.00"])), "DZN", order_line="2"),
        ]  # fmt: skip
        chosen = draw(st.lists(st.sampled_from(lines), min_size=1, max_size=3))
        found.append(read(ubl(f"R-{number}", chosen, kind=kind)))
    return found


@given(st.data(), _invoices(), st.integers(0, 130), st.booleans())
def test_never_more_than_ordered_and_its_tolerance_nor_than_received(
    data: st.DataObject, invoices: list[Invoice], received: int, required: bool
) -> None:
    """Every invoice goes the way of the process, match, claim, decide again, book or release; workers take turns."""
    lines = _line("1", "100", "50.00", receipt=required), _line("2", "96", "10.00")
    context = _context(*lines, received=[("1", str(received))])
    steps = data.draw(st.permutations([place for place in range(len(invoices)) for _ in range(3)]))
    matches: dict[int, MatchOutcome] = {}
    claims: dict[int, ClaimOutcome] = {}
    for place in steps:
        invoice = invoices[place]
        if place not in matches:
            matches[place] = match_order(MatchInput(invoice, tolerances=DEFAULT), context)
        elif place not in claims:
            if _fits(matches[place]):
                claims[place] = _claimed(context, invoice, matches[place])
        elif _fits(claims[place].match):
            match = claims[place].match
            book(BookInput(invoice, "1", "2", "3", order="PO-1", allocations=match.allocations),
                 context.with_key(f"book-{place}"))  # fmt: skip
        else:
            release_order(ReleaseInput(claims[place].claim), context)
        _check(context, Decimal(received) if required else None)


def _check(context: MemoryContext, received: Decimal | None) -> None:
    quantities, nets = {"1": Decimal(0), "2": Decimal(0)}, {"1": Decimal(0), "2": Decimal(0)}
    total = Decimal(0)
    for row in context.records("posting").find():
        total += row.data["net"]  # type: ignore[operator]
        for one in row.data["allocations"]:  # type: ignore[attr-defined]
            quantities[one["order_line"]] += one["quantity"]
            nets[one["order_line"]] += one["net"]
    assert quantities["1"] <= 101  # 2 % are 2 pieces, 50.00 buy 1
    assert quantities["2"] <= Decimal("97.92")  # 2 %
    assert nets["1"] <= 5050
    assert nets["2"] <= Decimal("979.20")
    assert total <= 6010
    if received is not None:
        assert quantities["1"] <= received
