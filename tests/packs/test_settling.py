"""Corrections and final invoices clear what came before them, and input tax counts once."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from tests.activities.building import Line, ubl
from tests.packs.test_payables_kinds import BY_LINE, BY_TOTAL, CHAIRS, _finish, _reason, _reasons, _received

from anyshore.activities.common import money
from anyshore.host.driver import Host
from anyshore.kernel import codec
from anyshore.kernel.state import ROOT

VAT = "1576"
PAYABLES = "1600"


def balance(host: Host, account: str) -> Decimal:
    """Debits less credits of an account over all postings."""
    with host.store.transaction() as tx:
        rows = tx.find_references("e", "posting", {})
    entries = [one for row in rows for one in codec.decode_value(row.data)["entries"] if one["account"] == account]
    return money.add(*(one["amount"] if one["side"] == "debit" else -one["amount"] for one in entries))


def down(number: str, net: str) -> bytes:
    return ubl(number, [Line("1", net)], kind="386")


def test_a_correction_of_the_one_invoice_it_names_takes_that_back() -> None:
    first = ubl("R-A", [Line("1", "1000.00")])
    second = ubl("R-X", [Line("1", "900.00")], kind="384", preceding="R-A")
    host, started = _received(BY_TOTAL, first, second)
    assert [_reason(host, one) for one in started] == ["invoice booked", "invoice booked"]
    assert balance(host, VAT) == Decimal("171.00")
    assert balance(host, PAYABLES) == Decimal("-1071.00")
    assert balance(host, "6815") == Decimal("900.00")


def test_what_a_correction_took_back_is_free_on_the_order_again() -> None:
    first = ubl("R-A", [Line("100", "50.00", order_line="1")])
    second = ubl("R-K", [Line("60", "50.00", order_line="1")], kind="384", preceding="R-A")
    third, over = (ubl(n, [Line(q, "50.00", order_line="1")]) for n, q in (("R-P", "40"), ("R-V", "10")))
    assert _reasons(BY_LINE, first, second, third, over) == ["invoice booked"] * 3 + ["quantity"]


@pytest.mark.parametrize(
    ("documents", "reason"),
    [
        ([ubl("R-X", kind="384", preceding="R-Z")], "corrected invoice"),
        ([ubl("R-X", kind="384")], "corrected invoice"),
        ([ubl("R-X", [Line("-1", "100.00")], kind="384", preceding="R-A")], "corrected invoice"),
        (
            [ubl("R-K", kind="384", preceding="R-A"), ubl("R-X", [CHAIRS], kind="384", preceding="R-A")],
            "corrected invoice",
        ),
    ],
)
def test_a_correction_in_doubt_goes_to_a_person(documents: list[bytes], reason: str) -> None:
    """Another number, none, a negative one (the difference?), and an invoice that was corrected already."""
    order = BY_TOTAL.replace("1000.00", "5000.00")
    assert _reasons(order, ubl("R-A", [Line("1", "1000.00")]), *documents)[-1] == reason


def test_a_final_invoice_sets_off_the_down_payment_it_takes_off() -> None:
    order = BY_TOTAL.replace("1000.00", "11000.00")
    final = ubl("R-X", [Line("1", "11000.00")], prepaid="3927.00")
    host, started = _received(order, down("R-A", "3300.00"), final)
    assert [_reason(host, one) for one in started] == ["invoice booked", "invoice booked"]
    assert balance(host, VAT) == Decimal("2090.00")
    assert balance(host, PAYABLES) == Decimal("-13090.00")


@pytest.mark.parametrize(
    ("downs", "final"),
    [
        ((), ubl("R-X", [Line("1", "900.00")], prepaid="50.00")),
        (("300.00",), ubl("R-X", [Line("1", "900.00")], prepaid="350.00")),
        (("300.00", "200.00"), ubl("R-X", [Line("1", "900.00")], prepaid="357.00")),
        (("300.00",), ubl("R-X", [Line("1", "900.00")], prepaid="357.00", preceding="R-Z")),
    ],
)
def test_a_final_invoice_in_doubt_goes_to_a_person(downs: tuple[str, ...], final: bytes) -> None:
    """No down payment, another sum, one of two without saying which, and a name nobody knows."""
    earlier = [down(f"R-{letter}", net) for letter, net in zip("AK", downs, strict=False)]
    assert _reasons(BY_TOTAL, *earlier, final)[-1] == "down payment"


def test_one_of_two_down_payments_that_is_named_leaves_the_other_to_a_person() -> None:
    final = ubl("R-X", [Line("1", "500.00")], prepaid="357.00", preceding="R-A")
    assert _reasons(BY_TOTAL, down("R-A", "300.00"), down("R-K", "200.00"), final)[-1] == "down payment"


def test_a_down_payment_is_set_off_once() -> None:
    order = BY_TOTAL.replace("1000.00", "9000.00")
    finals = [ubl(number, [Line("1", net)], prepaid="357.00") for number, net in (("R-K", "900.00"), ("R-X", "800.00"))]
    assert _reasons(order, down("R-A", "300.00"), *finals) == ["invoice booked", "invoice booked", "down payment"]


def test_a_voucher_is_kept_as_it_came_and_says_until_when() -> None:
    content = ubl("R-A", [Line("1", "1000.00")])
    host, (instance,) = _received(BY_TOTAL, content)
    kept = host.state(instance).variables[ROOT]["voucher"]
    assert kept["document"] == hashlib.sha256(content).hexdigest()
    assert str(kept["until"]) == "2034-12-31"
    assert "14b" in kept["law"]
    with host.store.transaction() as tx:
        (row,) = tx.find_references("e", "posting", {})
        assert codec.decode_value(row.data)["document"] == kept["document"]
        assert tx.document("e", kept["document"]) == ("0.xml", content)


def _book(host: Host, instance: int, **answers: object) -> str:
    """A person books it and a manager agrees, where one is asked; what became of it."""
    given = {"decision": "book", "order": None, "earlier": None, "numbers": None, "note": "Asked the buyer"} | answers
    _finish(host, instance, "clarify", "ada", given)
    if any(one.data.get("element") == "approve" for one in host.state(instance).waits.values()):
        _finish(host, instance, "approve", "mia", {"decision": "approve", "note": None})
    return _reason(host, instance)


UNCLEAR = [down("R-A", "300.00"), down("R-K", "200.00"), ubl("R-X", [Line("1", "900.00")], prepaid="357.00")]


@pytest.mark.parametrize(
    ("answers", "vat"),
    [
        ({"earlier": "named", "numbers": "r-a"}, "209.00"),
        ({"earlier": "shown"}, "171.00"),
        ({"earlier": "none"}, "266.00"),
    ],
)
def test_what_a_person_says_is_set_off_is_taken_back(answers: dict[str, object], vat: str) -> None:
    """One of two down payments, both, and none: input tax of 171.00, 57.00 and 38.00."""
    host, (*_, final) = _received(BY_TOTAL, *UNCLEAR)
    assert _book(host, final, **answers) == "invoice booked"
    assert balance(host, VAT) == Decimal(vat)


@pytest.mark.parametrize("answers", [{}, {"earlier": "named", "numbers": "R-A, R-Z"}])
def test_nothing_is_booked_before_it_is_said_what_is_set_off(answers: dict[str, object]) -> None:
    host, (*_, final) = _received(BY_TOTAL, *UNCLEAR)
    assert _book(host, final, **answers) == "down payment"
    said = host.state(final).variables[ROOT]["disposition"]["text en"]
    assert ("R-Z" in said) == bool(answers)
    assert balance(host, VAT) == Decimal("95.00")
    assert _book(host, final, earlier="named", numbers="R-A") == "invoice booked"
    assert balance(host, VAT) == Decimal("209.00")


def test_what_a_person_has_set_off_is_not_set_off_again() -> None:
    other = ubl("R-P", [Line("1", "100.00")], prepaid="357.00")
    host, (*_, final, late) = _received(BY_TOTAL.replace("1000", "5000"), *UNCLEAR, other)
    assert _book(host, final, earlier="named", numbers="R-A") == "invoice booked"
    assert _book(host, late, earlier="named", numbers="R-A") == "down payment"
    assert _book(host, late, earlier="none") == "invoice booked"
    assert balance(host, VAT) == Decimal("228.00")
