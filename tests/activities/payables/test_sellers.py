from collections.abc import Callable
from pathlib import Path

import pytest

from anyshore.activities.einvoice.model import Invoice, Party, PaymentMeans
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables.sellers import SellerInput, SellerOutcome, check_seller, is_iban, read_sellers
from anyshore.base.errors import DataError

MakeInvoice = Callable[..., Invoice]


def _check(context: MemoryContext, make_invoice: MakeInvoice, *accounts: str, **changes: object) -> SellerOutcome:
    payment = tuple(PaymentMeans("58", account=account) for account in accounts)
    return check_seller(SellerInput(make_invoice(payment=payment, **changes)), context)


def test_known_seller_with_known_account(context: MemoryContext, make_invoice: MakeInvoice) -> None:
    found = _check(context, make_invoice, "DE02 1203 0000 0000 2020 51")
    assert found.known
    assert found.account_agrees
    assert found.account_given
    assert found.expense_account == "6815"
    assert found.name == "Nordlicht Bürobedarf GmbH"


def test_vat_number_is_compared_without_spaces(context: MemoryContext, make_invoice: MakeInvoice) -> None:
    assert _check(context, make_invoice, seller=Party("x", vat_id="de 136 695 976")).known


def test_changed_account_is_reported(context: MemoryContext, make_invoice: MakeInvoice) -> None:
    found = _check(context, make_invoice, "DE02120300000000202051", "DE02370502990000684712")
    assert (found.account_agrees, found.account_valid) == (False, True)
    assert found.unknown_accounts == ("DE02370502990000684712",)


def test_wrong_check_digits_are_reported(context: MemoryContext, make_invoice: MakeInvoice) -> None:
    assert not _check(context, make_invoice, "DE03120300000000202051").account_valid
    assert _check(context, make_invoice, "1234567").account_valid  # a national account number has none


def test_unknown_seller(context: MemoryContext, make_invoice: MakeInvoice) -> None:
    found = _check(context, make_invoice, "DE02120300000000202051", seller=Party("Nobody", vat_id="DE1"))
    assert (found.known, found.account_agrees, found.name) == (False, False, "Nobody")


def test_invoice_without_account(context: MemoryContext, make_invoice: MakeInvoice) -> None:
    found = _check(context, make_invoice)
    assert (found.account_given, found.account_agrees) == (False, True)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("GB82 WEST 1234 5698 7654 32", True),
        ("NL91ABNA0417164300", True),
        ("NL91ABNA0417164301", False),
        ("NL91", False),
        ("", False),
        ("ÄÖ91ABNA0417164300", False),
    ],
)
def test_iban_check_digits(text: str, valid: bool) -> None:
    assert is_iban(text) == valid


def test_sellers_with_several_accounts_are_read(samples: Path) -> None:
    found = {seller.vat_id: seller for seller in read_sellers(samples / "sellers.csv")}
    assert found["DE287654321"].accounts == ("DE02100100100006820101", "DE02300209000106531065")


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        ("DE1,N,DE00,1", "sellers.iban", 2),
        ("DE1,,NL91ABNA0417164300,1", "tables.empty-cell", 2),
        ("DE1,N,NL91ABNA0417164300,1\nDE1,M,GB82WEST12345698765432,1", "sellers.contradiction", 3),
    ],
)
def test_problems_are_located(rows: str, code: str, line: int) -> None:
    with pytest.raises(DataError) as caught:
        read_sellers(f"vat_id,name,iban,expense_account\n{rows}\n".encode())
    problem = caught.value.diagnostics[0]
    assert (problem.code, problem.location.line) == (code, line)
