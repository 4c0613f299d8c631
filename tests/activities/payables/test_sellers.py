from collections.abc import Callable
from pathlib import Path

import pytest
from tests.activities.building import ubl

from anyshore.activities.common.parties import seller_key
from anyshore.activities.einvoice import read
from anyshore.activities.einvoice.model import Invoice, Party, PaymentMeans
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import sellers
from anyshore.activities.payables.sellers import SellerInput, SellerOutcome, check_seller, read_sellers
from anyshore.base.errors import DataError
from anyshore.base.iban import is_iban

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


def _known(rows: str, content: bytes) -> SellerOutcome:
    header = "vat_id,name,iban,expense_account,tax_number,registration,gln,endpoint"
    context = MemoryContext()
    context.load(sellers.KIND, sellers.rows(read_sellers(f"{header}\n{rows}\n".encode())))
    return check_seller(SellerInput(read(content)), context)


@pytest.mark.parametrize(
    ("row", "known"),
    [
        (",Spree Möbel GmbH,,1,,,,", True),
        (",Spree Moebel Gesellschaft mit beschränkter Haftung,,1,,,,", True),
        (",Other name,,1,37/123/45678,,,", True),
        (",Other name,,1,,556036-0793,,", True),
        (",Other name,,1,,,,a@example.org", True),
        (",Spree Möbel GmbH,,1,37/123/99999,,,", False),
        (",Other name,,1,,,,", False),
        (",Spree Möbel GmbH,,1,37/123/11111,,,\n,Spree Möbel GmbH,,1,37/123/22222,,,", False),
    ],
)
def test_a_seller_without_vat_number_is_known_by_what_it_has(row: str, known: bool) -> None:
    invoice = ubl(vat_id=None, tax="37/123/45678", registration="556036-0793", account=None)
    assert _known(row, invoice).known == known


def test_a_seller_with_a_vat_number_is_known_by_name_unless_another_is_on_record() -> None:
    assert _known(",Spree Möbel GmbH,,1,,,,", ubl(account=None)).known
    assert not _known("DE129273398,Spree Möbel GmbH,,1,,,,", ubl(account=None)).known


@pytest.mark.parametrize("words", ["Godkänd för F-skatt", "Approved for F-tax", "Foretaksregisteret", "000000000"])
def test_words_and_zeros_are_no_tax_number(words: str) -> None:
    parties = [
        read(ubl(seller=name, vat_id=None, tax=words, registration=None)).seller for name in ("One AB", "Two AB")
    ]
    assert seller_key(parties[0]) != seller_key(parties[1])
    assert _known(",One AB,,1,,,,", ubl(seller="One AB", vat_id=None, tax=words, account=None)).known


@pytest.mark.parametrize(
    ("on_record", "account", "branch", "agrees"),
    [
        ("5050-1055", "50501055", None, True),
        ("Bankgiro 5050-1055", "5050-1055", "SE:BANKGIRO", True),
        ("20-00-00 55779911", "55779911", "200000", True),
        ("20-00-00 55779911", "55779911", "400000", False),
        ("021000021/123456789", "123456789", "021000021", True),
        ("000123456789", "000123456789", None, True),
        ("000123456789", "000123456780", None, False),
    ],
)
def test_accounts_that_are_no_iban(on_record: str, account: str, branch: str | None, agrees: bool) -> None:
    found = _known(f",Spree Möbel GmbH,{on_record},1,,,,", ubl(account=account, branch=branch))
    assert (found.known, found.account_agrees, found.account_valid) == (True, agrees, True)


@pytest.mark.parametrize(
    ("text", "code"), [("DE00", "sellers.iban"), ("see invoice", "sellers.account"), ("12", "sellers.account")]
)
def test_what_is_no_account_is_told(text: str, code: str) -> None:
    with pytest.raises(DataError) as caught:
        read_sellers(f"vat_id,name,iban,expense_account\nDE1,N,{text},1\n".encode())
    assert caught.value.code == code
