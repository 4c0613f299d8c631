"""Whether an invoice is for the client of the terms, or a name on record under which it is invoiced."""

from __future__ import annotations

import pytest
from tests.activities.building import ubl

from anyshore.activities.einvoice import read
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables.buyers import KIND, BuyerInput, check_buyer, read_buyers, rows
from anyshore.base.errors import DataError


def _agrees(name: str, vat_id: str | None = None, *, client: str | None = "Musterbau GmbH", known: str = "") -> bool:
    context = MemoryContext(client=client)
    if known:
        context.load(KIND, rows(read_buyers(f"name,vat_id\n{known}\n".encode())))
    return check_buyer(BuyerInput(read(ubl(buyer=name, buyer_vat_id=vat_id))), context).agrees


@pytest.mark.parametrize(
    ("name", "agrees"),
    [
        ("Musterbau GmbH", True),
        ("MUSTERBAU  GMBH", True),
        ("Musterbau Gesellschaft mit beschränkter Haftung", True),
        ("Musterbau G.m.b.H.", True),
        ("Musterbau AG", False),
        ("Musterbau Holding GmbH", False),
        ("Fremde Handels AG", False),
    ],
)
def test_the_name_is_compared_in_one_notation(name: str, agrees: bool) -> None:
    assert _agrees(name) == agrees


def test_names_on_record_count_beside_the_client() -> None:
    assert _agrees("Musterbau Süd GmbH", known="Musterbau Sued GmbH,")
    assert _agrees("Musterbau GmbH", known="Musterbau Süd GmbH,")
    assert not _agrees("Musterbau Nord GmbH", known="Musterbau Süd GmbH,")


def test_a_number_both_have_decides() -> None:
    assert _agrees("Musterbau, Purchasing", "DE 129 273 398", client=None, known="Musterbau GmbH,DE129273398")
    assert not _agrees("Musterbau GmbH", "DE811907980", client=None, known="Musterbau GmbH,DE129273398")


def test_without_terms_and_names_nothing_is_compared() -> None:
    assert _agrees("Anyone", client=None)


def test_a_buyer_without_name_is_told() -> None:
    with pytest.raises(DataError):
        read_buyers(b"name,vat_id\n,DE1\n")
