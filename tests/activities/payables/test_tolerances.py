"""Rules of matching: which tolerance goes for which line, and the file they come in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.activities.building import ubl

from anyshore.activities.einvoice import read
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import tolerances
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder
from anyshore.activities.payables.tolerances import Tolerances, read_rules
from anyshore.activities.payables.variances import Tolerance
from anyshore.base.errors import DataError

HEADER = "order;seller_vat_id;seller_name;item;price_percent;price_amount;quantity_percent;receipt\n"
DEFAULT = Tolerances(price=Tolerance(Decimal(2), Decimal(50)), receipt=False)


def _line(item: str | None = "CH-1") -> OrderLine:
    return OrderLine("1", item, "Chair", Decimal(1), "H87", Decimal(50), Decimal(50))


def _order(*lines: OrderLine, vat_id: str | None = "DE136695976") -> PurchaseOrder:
    return PurchaseOrder("PO-1", vat_id, "Spree Möbel GmbH", "EUR", Decimal(50), lines)


def _limits(rows: str, line: OrderLine | None, order: PurchaseOrder) -> Tolerances:
    context = MemoryContext()
    context.load(tolerances.KIND, tolerances.rows(read_rules((HEADER + rows).encode())))
    return tolerances.of_order(order, read(ubl()), DEFAULT, context).of_line(line)


SELLER = ";;Spree Möbel GmbH;;3;;;\n"
ITEM = ";;;CH-1;4;;;\n"
ORDER = "PO-1;;;;5;;;\n"
ALL = ";;;;1;;;\n"


@pytest.mark.parametrize(
    ("rows", "percent"),
    [
        ("", 2),
        (ALL, 1),
        (ITEM + ALL, 4),
        (ITEM + SELLER, 3),
        (ITEM + SELLER + ORDER, 5),
        (SELLER + ";;Spree Möbel GmbH;CH-1;6;;;\n", 6),
        (ORDER + ";;Spree Möbel GmbH;CH-1;6;;;\n", 5),
        (ORDER + "PO-1;;;CH-1;7;;;\n", 7),
        ("po 1;;;;5;;;\n", 5),
        (";DE136695976;Spree Möbel GmbH;;3;;;\n", 3),
        (";;Other GmbH;;3;;;\nPO-2;;;;5;;;\n;;;TA-1;4;;;\n", 2),
        ("PO-1;;Other GmbH;;5;;;\n", 2),
    ],
)
def test_order_goes_before_seller_before_item(rows: str, percent: int) -> None:
    found = _limits(rows, _line(), _order(_line()))
    assert found.price is not None
    assert found.price.percent == percent


def test_what_a_rule_leaves_open_a_weaker_one_says() -> None:
    found = _limits("PO-1;;;;;;;yes\n;;;CH-1;4;10;;\n", _line(), _order(_line()))
    assert (found.price, found.receipt) == (Tolerance(Decimal(4), Decimal(10)), True)


def test_a_rule_for_an_item_is_not_for_the_whole_order() -> None:
    found = _limits(ITEM, None, _order(_line()))
    assert found.price == DEFAULT.price


def test_a_seller_is_known_by_its_name_where_the_order_has_no_number() -> None:
    found = _limits(SELLER, _line(), _order(_line(), vat_id=None))
    assert found.price == Tolerance(Decimal(3))


@pytest.mark.parametrize(
    ("rows", "code", "line", "column"),
    [
        ("PO-1;;;;;;;\n", "matching.nothing-said", 2, None),
        (ORDER + "po-1;;;;6;;;\n", "matching.rule-twice", 3, None),
        ("PO-1;;;;two;;;\n", "tables.number", 2, "price_percent"),
        ("PO-1;;;;-2;;;\n", "tables.too-small", 2, "price_percent"),
        ("PO-1;;;;2;;;perhaps\n", "tables.yes-no", 2, "receipt"),
    ],
)
def test_problems_are_located(rows: str, code: str, line: int, column: str | None) -> None:
    with pytest.raises(DataError) as caught:
        read_rules((HEADER + rows).encode(), "rules.csv")
    problem = caught.value.diagnostics[0]
    assert (problem.code, problem.location.line, problem.location.element) == (code, line, column)


def test_headers_of_a_german_file_are_known() -> None:
    (rule,) = read_rules(b"Bestellung;Lieferant;Preis Prozent;Menge Betrag;Wareneingang\n4711;X AG;2,5;10,00;ja\n")
    assert (rule.order, rule.seller_name) == ("4711", "X AG")
    assert rule.tolerances == Tolerances(
        price=Tolerance(Decimal("2.5")), quantity=Tolerance(None, Decimal(10)), receipt=True
    )
