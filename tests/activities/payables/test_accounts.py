"""A changed account is kept when a call to the seller confirmed it."""

from __future__ import annotations

import pytest
from tests.activities.building import ubl

from anyshore.activities.einvoice import read
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import sellers
from anyshore.activities.payables.accounts import ConfirmInput, confirm_accounts
from anyshore.activities.payables.sellers import SellerInput, check_seller, read_sellers
from anyshore.base.errors import DataError

ON_RECORD = b"vat_id,name,iban,expense_account\nDE136695976,Spree GmbH,DE02500105170137075030,6815\n"
CHANGED = "DE02120300000000202051"


def _context() -> MemoryContext:
    context = MemoryContext()
    context.load(sellers.KIND, sellers.rows(read_sellers(ON_RECORD)))
    return context


def test_what_was_confirmed_goes_with_the_seller() -> None:
    context = _context()
    invoice = read(ubl(account=CHANGED))
    found = check_seller(SellerInput(invoice), context)
    assert not found.account_agrees
    kept = confirm_accounts(ConfirmInput(invoice, found.seller, "bea", "+49 30 1", "Frau P."), context)
    assert kept.accounts == (CHANGED,)
    assert check_seller(SellerInput(invoice), context).account_agrees
    other = read(ubl("R-2", account="DE02100100100006820101"))
    assert not check_seller(SellerInput(other), context).account_agrees


@pytest.mark.parametrize(("called", "spoken_to"), [("", "Frau P."), ("+49 30 1", " ")])
def test_a_call_without_a_number_or_a_name_confirms_nothing(called: str, spoken_to: str) -> None:
    with pytest.raises(DataError, match="Nothing says who confirmed"):
        confirm_accounts(ConfirmInput(read(ubl()), "vat:x", "bea", called, spoken_to), _context())
